# The command alone: docker run --rm -v "$PWD:/work" -w /work shapegate check traffic/
# Written for the release workflow; nothing in this repository's own CI builds it.
FROM rust:1.95-alpine AS build
RUN apk add --no-cache musl-dev
WORKDIR /src
COPY . .
RUN cargo build --release --locked && cargo xtask licences

FROM scratch
COPY --from=build /src/target/release/shapegate /shapegate
COPY LICENSE-MIT LICENSE-APACHE /
COPY --from=build /src/THIRD-PARTY.txt /
USER 65532
ENTRYPOINT ["/shapegate"]
