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

    def target(self, row):
        """The shape of a member in botocore's file."""
        member = self.shape(row).get("members", {}).get(row["member"], {})
        return self.botocore(row["service"])["shapes"].get(member.get("shape"), {})

    def member(self, row):
        """Type and traits of a member in Smithy's file, with those of its shape."""
        written = self.smithy(row)["members"][row["member"]]
        shapes = self.by_id[self.botocore(row["service"])["metadata"]["serviceId"]]
        target = shapes.get(written["target"], {"type": written["target"].split("#")[1].lower()})
        return {"type": target["type"], "traits": target.get("traits", {}) | written.get("traits", {})}

    def extra_members(self, row):
        """Members that botocore's sdk-extras put into a structure of its file."""
        folder = sorted(self.paths[row["service"]])[-1].rsplit("/", 1)[0]
        path = f"{folder}/service-2.sdk-extras.json"
        if path not in self.wheel.namelist():
            return {}
        merged = json.loads(self.wheel.read(path))["merge"]
        return merged.get("shapes", {}).get(row["olderShape"], {}).get("members", {})

    def is_unknown(self, row):
        return self.botocore(row["service"])["metadata"]["serviceId"] not in self.by_id

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
    def plain(uri):
        return ["{}" if part.startswith("{") else part for part in uri.lower().split("/") if part]

    return plain(row["values"]["old"]) == plain(row["values"]["new"])


def is_smithys_alone(raw, row):
    """Whether Smithy's file alone has the member, or the pattern of what is there in both."""
    if row["kind"] == "pattern-added":
        traits = raw.member(row)["traits"] if row["member"] else raw.traits(row)
        botocore = raw.target(row) if row["member"] else raw.shape(row)
        return "smithy.api#pattern" in traits and "pattern" not in botocore
    return row["member"] in raw.smithy(row).get("members", {}) and row["member"] not in raw.shape(row).get("members", {})


def is_paging_limit(raw, row):
    """Whether a limit is a number in Smithy's file, and a text in botocore's."""
    is_limit = row["member"] in ("MaxItems", "MaxResults", "limit")
    return is_limit and raw.member(row)["type"] == "integer" and raw.target(row).get("type") == "string"


# Kind, what has to hold of the difference, the reason. The first that holds is taken.
REASONS = [
    ("service-removed", lambda raw, row: raw.is_unknown(row), "the snapshot of the Smithy models does not hold the service"),
    ("service-added", lambda raw, row: row["service"] not in raw.paths, "botocore does not have the service"),
    ("member-added", lambda raw, row: raw.shape(row).get("exception"),
     "an error: botocore's file leaves out its members"),
    ("member-added", is_smithys_alone, "only Smithy's file has the member"),
    ("pattern-added", is_smithys_alone, "only Smithy's file has the pattern"),
    ("pattern-changed", is_same_pattern,
     "the same text in both files: Smithy searches for it, botocore's means the whole text"),
    ("pattern-changed", is_without_anchors,
     "a pattern anchored at one end or in one alternative alone: botocore's file drops the anchors"),
    ("pattern-changed", is_with_other_spaces,
     "tabs and line breaks within a pattern, which botocore's file writes as spaces"),
    ("http-uri-cosmetic-changed", lambda raw, row: is_same_path(row),
     "the path with another name of a label, or without the slash at its end"),
    ("sparse-changed", lambda raw, row: "smithy.api#sparse" in raw.traits(row) and "sparse" not in raw.shape(row),
     "only Smithy's file says that nulls are legal"),
    ("error-fault-changed", lambda raw, row: raw.traits(row).get("smithy.api#error") == "server"
     and not raw.shape(row).get("fault"), "a fault of the service, which botocore's file leaves unsaid"),
    ("error-status-changed", lambda raw, row: "httpStatusCode" not in raw.shape(row).get("error", {}),
     "only Smithy's file states the status"),
    ("union-changed", lambda raw, row: raw.smithy(row).get("type") == "union" and not raw.shape(row).get("union"),
     "a union that botocore's file writes as a structure, as it was before unions"),
    ("member-became-optional", lambda raw, row: raw.smithy(row).get("type") == "union"
     and row["member"] in raw.shape(row).get("required", []),
     "the events of a stream: botocore's file requires one of them, and Smithy's is a union"),
    ("type-changed", is_paging_limit, "a limit of pages, which botocore's file has as a text and Smithy's as a number"),
    ("type-changed", lambda raw, row: row["service"] == "s3" and "PartNumberMarker" in str(row["shape"]),
     "a marker of parts, which botocore's file has as a number and Smithy's as a text"),
    ("box-changed", lambda raw, row: raw.shape(row).get("box") and "smithy.api#default" in raw.traits(row),
     "Smithy's file gives a default, botocore's boxes the number"),
    ("target-prefix-changed", lambda raw, row: row["values"]["old"].endswith("." + row["values"]["new"]),
     "botocore's file writes a package before the name of the service"),
    ("shape-renamed", lambda raw, row: any(row["values"]["new"] == row["values"]["old"] + suffix for suffix in ("Shape", "Schema"))
     or row["values"]["new"].lower() == row["service"] + row["values"]["old"].lower(),
     "Smithy's file lengthens the name, for an operation or resource has it"),
    ("wire-name-changed", lambda raw, row: raw.target(row).get("locationName") == row["values"]["old"],
     "botocore's file names the list and not the member, so that no other client takes the name"),
    ("operation-added", lambda raw, row: row["operations"][0] not in raw.botocore(row["service"])["operations"],
     "botocore's file leaves out the operation"),
    ("operation-removed", lambda raw, row: raw.botocore(row["service"])["operations"][row["operations"][0]].get("deprecated"),
     "an operation that is deprecated: Smithy's file leaves it out"),
    ("error-added", lambda raw, row: row["values"]["error"] == "InvalidEndpointException",
     "only Smithy's file has the error, which is one of endpoint discovery"),
    ("error-added", lambda raw, row: row["service"] == "s3" and row["values"]["error"] == "NotFound",
     "the error of a request by HEAD, which has no body: Smithy's file names the one that its status tells"),
    ("error-removed", lambda raw, row: row["service"] == "s3" and row["operations"][0].startswith("Head"),
     "the error of a request by HEAD, which has no body: Smithy's file names the one that its status tells"),
    ("member-removed", lambda raw, row: row["member"] in raw.extra_members(row),
     "a member of botocore's sdk-extras, for presigned URLs"),
    ("member-removed", lambda raw, row: row["service"] == "apigateway" and row["member"] == "position",
     "a token that only botocore's file has among the members of the output"),
]


def reason(raw, row):
    for kind, holds, text in REASONS:
        if kind in ("*", row["kind"]) and holds(raw, row):
            return text
    return None


def differences(options):
    if options.differences:
        return pathlib.Path(options.differences).read_text()
    command = [options.shapegate, "diff", "--no-shipped-errata", "--format", "ndjson"]
    output = subprocess.run([*command, "--from", options.wheel, "--to", options.folder], capture_output=True, text=True)
    if output.returncode != 0:
        sys.exit(output.stderr)
    return output.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel")
    parser.add_argument("folder")
    parser.add_argument("--shapegate", default="target/debug/shapegate")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--differences", help="what the command printed before, as a file")
    options = parser.parse_args()
    rows = [json.loads(line) for line in differences(options).splitlines()]
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
