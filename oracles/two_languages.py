"""Differences between botocore's models and AWS's own Smithy models of one day, each with a reason.

    python3 oracles/two_languages.py BOTOCORE.whl SMITHY_FOLDER [--shapegate PATH] [--write]

SMITHY_FOLDER is a work tree of github.com/aws/api-models-aws. `shapegate diff` compares the services that both have. Each
difference has to have a reason below, most of which are looked up in the raw files of both; one without a reason is
printed, and the exit code is 1. `--write` writes the table `oracles/two-languages.tsv`, without it the table is compared.
"""

import argparse
import collections
import gzip
import json
import pathlib
import subprocess
import sys
import zipfile

TABLE = pathlib.Path(__file__).with_name("two-languages.tsv")
HEAD = "kind\tdifferences\tservices\treason\n"

# Services whose Smithy file in the snapshot is of another day than the wheel's: operations, members and values are
# missing in it that botocore has already.
OTHER_DAY = {"bedrock-runtime", "cleanrooms", "deadline", "events"}


class Raw:
    """The files as they are written, without anything of shapegate."""

    def __init__(self, wheel, folder):
        self.wheel = zipfile.ZipFile(wheel)
        self.paths = collections.defaultdict(list)
        for name in self.wheel.namelist():
            parts = name.split("/")
            if len(parts) == 5 and parts[1] == "data" and parts[4].startswith("service-2.json"):
                self.paths[parts[2]].append(name)
        self.by_id = {}
        for path in sorted(pathlib.Path(folder).glob("*/service/*/*.json")):
            shapes = json.loads(path.read_text())["shapes"]
            service = next(shape for shape in shapes.values() if shape["type"] == "service")
            self.by_id[service["traits"]["aws.api#service"]["sdkId"]] = shapes
        self.known = {}

    def botocore(self, service):
        if service not in self.known:
            path = sorted(self.paths[service])[-1]
            data = self.wheel.read(path)
            self.known[service] = json.loads(gzip.decompress(data) if path.endswith(".gz") else data)
        return self.known[service]

    def shape(self, row):
        return self.botocore(row["service"])["shapes"].get(row["olderShape"], {})

    def smithy(self, row):
        shapes = self.by_id[self.botocore(row["service"])["metadata"]["serviceId"]]
        by_name = {name.split("#")[1]: shape for name, shape in shapes.items()}
        if row["shape"] in by_name:
            return by_name[row["shape"]]
        # A member that sets traits over those of its shape has a shape of its own, named after both.
        for name, shape in by_name.items():
            for member, written in shape.get("members", {}).items():
                target = shapes.get(written["target"], {"type": written["target"].split("#")[1].lower()})
                if row["shape"] == f"{name}{member[0].upper()}{member[1:]}{target.get('type', '').capitalize()}":
                    return target | {"traits": target.get("traits", {}) | written.get("traits", {})}
        return {}

    def traits(self, row):
        return self.smithy(row).get("traits", {})


def is_same_pattern(raw, row):
    return raw.traits(row).get("smithy.api#pattern") == raw.shape(row).get("pattern")


def plain_patterns(raw, row):
    """Both patterns without anchors, and without what stands for anything at their ends."""
    texts = (raw.traits(row).get("smithy.api#pattern"), raw.shape(row).get("pattern"))
    return [str(text).replace("^", "").replace("$", "").removeprefix(".*").removesuffix(".*") for text in texts]


def is_without_anchors(raw, row):
    smithy, botocore = plain_patterns(raw, row)
    return smithy == botocore


def is_with_other_spaces(raw, row):
    smithy, botocore = ("".join(pattern.split()) for pattern in plain_patterns(raw, row))
    return smithy == botocore


def is_same_path(row):
    plain = lambda uri: [part for part in uri.lower().split("/") if part]
    return plain(row["values"]["old"]) == plain(row["values"]["new"])


# Kind, what has to hold of the difference, the reason. The first that holds is taken.
REASONS = [
    ("service-removed", lambda raw, row: True, "the snapshot of the Smithy models does not hold the service"),
    ("*", lambda raw, row: row["service"] in OTHER_DAY, "the snapshot's file is of another day than the wheel's"),
    ("member-added", lambda raw, row: raw.shape(row).get("exception"),
     "an error: botocore's file leaves out its members"),
    ("pattern-changed", is_same_pattern,
     "the same text in both files: Smithy searches for it, botocore's means the whole text"),
    ("pattern-changed", is_without_anchors,
     "a pattern anchored at one end or in one alternative alone: botocore's file drops the anchors"),
    ("pattern-changed", is_with_other_spaces,
     "tabs and line breaks within a pattern, which botocore's file writes as spaces"),
    ("http-uri-cosmetic-changed", lambda raw, row: is_same_path(row),
     "the path with another case of a label's name, or without the slash at its end"),
    ("sparse-changed", lambda raw, row: "smithy.api#sparse" in raw.traits(row) and "sparse" not in raw.shape(row),
     "only Smithy's file says that nulls are legal"),
    ("error-fault-changed", lambda raw, row: raw.traits(row).get("smithy.api#error") == "server"
     and not raw.shape(row).get("fault"), "a fault of the service, which botocore's file leaves unsaid"),
    ("error-status-changed", lambda raw, row: "httpStatusCode" not in raw.shape(row).get("error", {}),
     "only Smithy's file states the status"),
    ("union-changed", lambda raw, row: raw.smithy(row).get("type") == "union" and not raw.shape(row).get("union"),
     "a union that botocore's file writes as a structure, as it was before unions"),
    ("type-changed", lambda raw, row: row["service"] == "cloudfront" and row["member"] == "MaxItems",
     "botocore's file has a text where Smithy's has a number"),
    ("box-changed", lambda raw, row: raw.shape(row).get("box") and "smithy.api#default" in raw.traits(row),
     "Smithy's file gives a default, botocore's boxes the number"),
    ("target-prefix-changed", lambda raw, row: row["values"]["old"].endswith("." + row["values"]["new"]),
     "botocore's file writes a package before the name of the service"),
    ("error-added", lambda raw, row: row["values"]["error"] == "InvalidEndpointException",
     "only Smithy's file has the error, which is one of endpoint discovery"),
    ("member-removed", lambda raw, row: row["service"] == "docdb" and row["member"] == "SourceRegion",
     "a member of botocore's sdk-extras, for presigned URLs"),
    ("member-removed", lambda raw, row: row["service"] == "apigateway" and row["member"] == "position",
     "a token that only botocore's file has among the members of the output"),
]


def reason(raw, row):
    for kind, holds, text in REASONS:
        if kind in ("*", row["kind"]) and holds(raw, row):
            return text
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel")
    parser.add_argument("folder")
    parser.add_argument("--shapegate", default="target/debug/shapegate")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    command = [options.shapegate, "diff", "--no-shipped-errata", "--format", "ndjson"]
    output = subprocess.run([*command, "--from", options.wheel, "--to", options.folder], capture_output=True, text=True)
    if output.returncode != 0:
        sys.exit(output.stderr)
    rows = [json.loads(line) for line in output.stdout.splitlines()]
    raw = Raw(options.wheel, options.folder)
    counts, services, without = collections.Counter(), collections.defaultdict(set), []
    for row in (row for row in rows if row.get("kind")):
        key = (row["kind"], reason(raw, row))
        if key[1] is None:
            without.append(row["message"] + f" ({row['service']})")
        counts[key] += 1
        services[key].add(row["service"])
    table = HEAD + "".join(f"{kind}\t{count}\t{len(services[kind, why])}\t{why}\n"
                           for (kind, why), count in sorted(counts.items(), key=lambda one: (-one[1], one[0][0])) if why)
    for message in without:
        print(f"no reason: {message}")
    print(f"{sum(counts.values())} differences of {len(raw.by_id)} services, {len(without)} without a reason")
    if options.write:
        TABLE.write_text(table)
    elif table != TABLE.read_text():
        print(f"the table differs from {TABLE.name}:\n{table}")
    sys.exit(bool(without) or (not options.write and table != TABLE.read_text()))


if __name__ == "__main__":
    main()
