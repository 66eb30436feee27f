#!/usr/bin/env python3
"""A second opinion on what differs between two botocore wheels, from their raw JSON. Standard library only.

    python3 oracles/model_diff.py OLD.whl NEW.whl                     counts by service and kind
    python3 oracles/model_diff.py OLD.whl NEW.whl --against FILE      ... and where they part from shapegate's

FILE is what `shapegate gate --from OLD.whl --to NEW.whl --no-shipped-errata --format ndjson --fail-on never` prints. The
comparison here is of another make than shapegate's: every place that an operation reaches is compared by itself, with the traits of member and
shape merged as botocore merges them; nothing is shared between places. So findings are compared as sets of (service, kind,
direction, operation, value), with the member for kinds that are about members alone. The exit code is 1 where sets differ.
"""

import argparse
import gzip
import json
import sys
import zipfile
from collections import Counter, defaultdict

from extras import merge

PRIORITY = ["json", "rest-json", "rest-xml", "smithy-rpc-v2-cbor", "query", "ec2"]
SMITHY_NAMES = {
    "json": "awsJson", "rest-json": "restJson1", "rest-xml": "restXml", "smithy-rpc-v2-cbor": "rpcv2Cbor",
    "query": "awsQuery", "ec2": "ec2Query",
}
XML_NAMED = {"rest-xml", "query", "ec2"}
PROSE = {"documentation", "deprecatedMessage", "deprecatedSince"}
# Kinds that ours tells by shape.member.
OF_MEMBERS = {
    "member-added", "required-member-added", "member-removed", "member-case-renamed", "member-became-required",
    "member-became-optional", "idempotency-token-added", "idempotency-token-removed", "location-changed",
    "host-label-changed", "event-binding-changed", "union-variant-added", "union-variant-removed",
}
KNOWN = {
    "": {"version", "metadata", "operations", "shapes", "examples", "documentation"},
    "metadata": {
        "apiVersion", "auth", "endpointPrefix", "globalEndpoint", "jsonVersion", "protocol", "protocols", "ripServiceName",
        "serviceAbbreviation", "serviceFullName", "serviceId", "signatureVersion", "signingName", "targetPrefix", "uid",
    },
    "operation": {
        "name", "http", "input", "output", "errors", "deprecated", "authtype", "auth", "unsignedPayload", "endpoint",
        "httpChecksum", "httpChecksumRequired", "requestcompression",
    },
    "shape": {
        "type", "members", "member", "key", "value", "required", "enum", "min", "max", "pattern", "sensitive", "box",
        "streaming", "timestampFormat", "flattened", "xmlNamespace", "xmlAttribute", "locationName", "payload", "union",
        "document", "eventstream", "event", "exception", "error", "fault", "retryable", "sparse", "requiresLength",
        "wrapper", "deprecated", "synthetic", "xmlOrder",
    },
    "member": {
        "shape", "location", "locationName", "deprecated", "idempotencyToken", "jsonvalue", "streaming", "hostLabel",
        "eventpayload", "eventheader", "box", "timestampFormat", "queryName", "flattened", "xmlNamespace", "xmlAttribute",
        "wrapper",
    },
    "list member": {"shape", "locationName", "jsonvalue"},
    "map entry": {"shape", "locationName"},
}


def services(wheel):
    """{service: {version: {file stem: document}}}"""
    found = defaultdict(lambda: defaultdict(dict))
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            parts = name.split("/")
            if len(parts) != 5 or parts[1] != "data" or ".json" not in parts[4]:
                continue
            text = archive.read(name)
            if parts[4].endswith(".gz"):
                text = gzip.decompress(text)
            found[parts[2]][parts[3]][parts[4].split(".json")[0]] = json.loads(text)
    for versions in found.values():
        for files in versions.values():
            for name in [name for name in files if name.endswith(".sdk-extras")]:
                merge(files[name.removesuffix(".sdk-extras")], files.pop(name).get("merge", {}))
    return {
        service: {version: files for version, files in versions.items() if "service-2" in files}
        for service, versions in found.items()
        if any("service-2" in files for files in versions.values())
    }


def protocol(model):
    """What botocore chooses."""
    spoken = model["metadata"].get("protocols") or [model["metadata"]["protocol"]]
    return next(name for name in PRIORITY if name in spoken)


class Diff:
    def __init__(self, old, new):
        self.old, self.new = old, new
        self.protocols = protocol(old), protocol(new)
        self.same_protocol = self.protocols[0] == self.protocols[1]
        self.found = set()

    def add(self, kind, direction=None, operation=None, place=None, detail=""):
        place = place if kind in OF_MEMBERS else None
        self.found.add((kind, direction, operation, place, str(detail)))

    # ---- the service

    def service(self):
        old, new = self.old["metadata"], self.new["metadata"]
        listed = []
        for meta in (old, new):
            names = list(meta.get("protocols") or [])
            if meta["protocol"] not in names:
                names.append(meta["protocol"])
            listed.append(names)
        if not self.same_protocol:
            self.add("protocol-changed", detail=SMITHY_NAMES[self.protocols[1]])
        elif listed[0] != listed[1]:
            self.add("protocols-list-changed")
        signing = [meta.get("signingName") or meta["endpointPrefix"] for meta in (old, new)]
        if signing[0] != signing[1]:
            self.add("signing-name-changed", detail=signing[1])
        if old["endpointPrefix"] != new["endpointPrefix"]:
            self.add("endpoint-prefix-changed", detail=new["endpointPrefix"])
        if old.get("signatureVersion") != new.get("signatureVersion"):
            self.add("signature-version-changed")
        implied = {"v4": "aws.auth#sigv4", "s3v4": "aws.auth#sigv4", "s3": "aws.auth#sigv4", "bearer": "smithy.api#httpBearerAuth"}
        self.schemes = []
        for meta in (old, new):
            scheme = implied.get(meta.get("signatureVersion"))
            self.schemes.append(meta.get("auth") or ([scheme] if scheme else None))
        if None not in self.schemes and self.schemes[0] != self.schemes[1]:
            self.add("auth-schemes-changed")
        if self.same_protocol and self.protocols[1] in ("json", "smithy-rpc-v2-cbor"):
            if old.get("targetPrefix") != new.get("targetPrefix"):
                self.add("target-prefix-changed")
        if self.same_protocol and self.protocols[1] == "json":
            if (old.get("jsonVersion") or "1.0") != (new.get("jsonVersion") or "1.0"):
                self.add("json-version-changed")

    def prose_and_unknown(self):
        texts, traits = [], []
        for model in (self.old, self.new):
            texts.append(sorted(prose(model)))
            traits.append(set(unknown(model)))
        if texts[0] and texts[1] and texts[0] != texts[1]:
            self.add("documentation-changed")
        for place, trait, _ in traits[0] ^ traits[1]:
            if in_both(place, self.old, self.new):
                self.add("unjudged-difference", detail=trait)

    # ---- operations

    def operations(self):
        old, new = self.old["operations"], self.new["operations"]
        gone = [name for name in old if name not in new]
        came = [name for name in new if name not in old]
        for name in sorted(gone):
            heir = next((other for other in sorted(came) if self.renamed(old[name], new[other], name, other)), None)
            if heir:
                came.remove(heir)
                self.add("operation-renamed", operation=name, detail=heir)
            else:
                self.add("operation-removed", operation=name)
        for name in came:
            self.add("operation-added", operation=name)
        for name in old:
            if name in new:
                self.operation(name, old[name], new[name])

    @staticmethod
    def renamed(old, new, name, other):
        way = lambda op: (op["http"]["method"], shape_of(op["http"]["requestUri"]))
        return name.lower() == other.lower() or (old["http"]["requestUri"] != "/" and way(old) == way(new))

    def operation(self, name, old, new):
        for key, direction in (("input", "request"), ("output", "response")):
            if key in old and key not in new:
                self.add(f"operation-{key}-removed", operation=name)
            elif key in new and key not in old:
                self.add(f"operation-{key}-added", operation=name)
                if key == "input":
                    root = new[key]["shape"]
                    for member in self.new["shapes"][root].get("required", []):
                        self.add("required-member-added", "request", name, f"{root}.{member}")
            elif key in old:
                self.walk(name, direction, old[key]["shape"], new[key]["shape"])
        if new.get("deprecated") and not old.get("deprecated"):
            self.add("operation-deprecated", operation=name)
        self.signing(name, old, new)
        if (old.get("endpoint") or {}).get("hostPrefix") != (new.get("endpoint") or {}).get("hostPrefix"):
            self.add("operation-endpoint-changed", operation=name)
        if checksum(old) != checksum(new):
            self.add("operation-checksum-changed", operation=name)
        if (old.get("requestcompression") or {}).get("encodings", []) != (new.get("requestcompression") or {}).get("encodings", []):
            self.add("operation-compression-changed", operation=name)
        if self.same_protocol:
            self.layout(name, old, new)
        errors = [{error["shape"] for error in op.get("errors", [])} for op in (old, new)]
        for error in errors[0] - errors[1]:
            self.add("error-removed", operation=name, detail=error)
        for error in errors[1] - errors[0]:
            self.add("error-added", operation=name, detail=error)
        for error in errors[0] & errors[1]:
            self.error(name, error)
            self.walk(name, "response", error, error)

    def signing(self, name, old, new):
        said = []
        for op, schemes in ((old, self.schemes[0]), (new, self.schemes[1])):
            by_type = {"none": ["smithy.api#noAuth"], "v4": ["aws.auth#sigv4"], "v4-unsigned-body": ["aws.auth#sigv4"]}
            own = op.get("auth") or by_type.get(op.get("authtype")) or (op.get("authtype") and [op["authtype"]])
            said.append((own, own or schemes))
        if (said[0][0] or said[1][0]) and said[0][1] != said[1][1]:
            self.add("operation-auth-changed", operation=name)
        unsigned = [bool(op.get("unsignedPayload")) or op.get("authtype") == "v4-unsigned-body" for op in (old, new)]
        if unsigned[0] != unsigned[1]:
            self.add("operation-unsigned-payload-changed", operation=name)

    def layout(self, name, old, new):
        one, two = old["http"], new["http"]
        if one["method"] != two["method"]:
            self.add("http-method-changed", operation=name)
        kind = self.uri_kind(old, new)
        if kind:
            self.add(kind, operation=name)
        if one.get("responseCode", 200) != two.get("responseCode", 200):
            self.add("http-response-code-changed", operation=name, detail=str(two.get("responseCode", 200)))
        if self.protocols[1] == "query" and "output" in old and "output" in new:
            wrappers = [(op.get("output") or {}).get("resultWrapper") for op in (old, new)]
            if wrappers[0] != wrappers[1]:
                self.add("result-wrapper-changed", operation=name)
        if self.protocols[1] == "rest-xml" and "input" in old and "input" in new:
            roots = [op.get("input") or {} for op in (old, new)]
            if roots[0].get("locationName") != roots[1].get("locationName"):
                self.add("wire-name-changed", operation=name)
            if uri_of(roots[0]) != uri_of(roots[1]):
                self.add("xml-namespace-changed", operation=name)

    def uri_kind(self, old, new):
        one, two = old["http"]["requestUri"], new["http"]["requestUri"]
        filled = []
        for model, op, uri in ((self.old, old, one), (self.new, new, two)):
            members = model["shapes"][op["input"]["shape"]].get("members", {}) if "input" in op else {}
            by_label = {m.get("locationName", n): n for n, m in members.items() if m.get("location") == "uri"}
            filled.append([by_label.get(label, label) for label in labels(uri)])
        squeezed = lambda uri: shape_of(uri).replace("{+}", "{}").split("?", 1)
        bare = [[part.rstrip("/") if at == 0 else part for at, part in enumerate(squeezed(uri))] for uri in (one, two)]
        if bare[0] != bare[1]:
            return "http-uri-changed"
        if any(a != b and (a in filled[1] or b in filled[0]) for a, b in zip(*filled)):
            return "http-uri-changed"
        if shape_of(one) != shape_of(two):
            return "http-uri-cosmetic-changed"
        return "http-uri-label-renamed" if one != two else None

    def error(self, operation, name):
        facts = []
        for model in (self.old, self.new):
            shape = model["shapes"][name]
            error = shape.get("error") or {}
            status = error.get("httpStatusCode")
            fault = error.get("fault") or shape.get("fault") or (status or 0) >= 500
            sender = bool(error.get("senderFault")) or not fault
            facts.append((error.get("code") or name, status, sender, "retryable" in shape))
        (code, status, sender, retries), (code2, status2, sender2, retries2) = facts
        if status or status2:
            status, status2 = status or (400 if sender else 500), status2 or (400 if sender2 else 500)
        if not all(is_error(model["shapes"][name]) for model in (self.old, self.new)):
            return
        if code != code2:
            self.add("error-code-changed", operation=operation, detail=code2)
        if status != status2 and self.same_protocol:
            self.add("error-status-changed", operation=operation)
        if sender != sender2:
            self.add("error-fault-changed", operation=operation)
        if retries != retries2:
            self.add("error-retryable-changed", operation=operation)

    # ---- shapes

    def walk(self, operation, direction, old, new):
        """Every place below a root by itself; a pair of structures is entered once for each root."""
        here = lambda kind, place=None, detail="": self.add(kind, direction, operation, place, detail)
        entered = set()
        open_places = [(({}, old), ({}, new), "root")]
        while open_places:
            one, two, role = open_places.pop()
            pair = (one[1], two[1])
            shapes = self.old["shapes"][one[1]], self.new["shapes"][two[1]]
            self.place(here, one, two, shapes, role)
            if pair in entered or family(shapes[0]) != family(shapes[1]):
                continue
            entered.add(pair)
            kind = family(shapes[0])
            if kind == "structure":
                self.structure(here, direction, two[1], *shapes)
                members = [shape.get("members", {}) for shape in shapes]
                for name in members[0]:
                    if name in members[1]:
                        a, b = members[0][name], members[1][name]
                        open_places.append(((a, a["shape"]), (b, b["shape"]), "member"))
            elif kind == "list":
                a, b = shapes[0]["member"], shapes[1]["member"]
                open_places.append((({}, a["shape"]), ({}, b["shape"]), "element"))
            elif kind == "map":
                for entry in ("key", "value"):
                    open_places.append((({}, shapes[0][entry]["shape"]), ({}, shapes[1][entry]["shape"]), entry))

    def structure(self, here, direction, name, old, new):
        members = [shape.get("members", {}) for shape in (old, new)]
        required = [set(shape.get("required", [])) for shape in (old, new)]
        union = bool(old.get("union")) and bool(new.get("union"))
        came = [m for m in members[1] if m not in members[0]]
        for member in members[0]:
            place = f"{name}.{member}"
            if member in members[1]:
                self.member(here, place, members[0][member], members[1][member])
                if member in required[1] - required[0]:
                    here("member-became-required", place)
                if member in required[0] - required[1]:
                    here("member-became-optional", place)
                continue
            heir = next((other for other in came if other.lower() == member.lower()), None)
            if heir:
                came.remove(heir)
                here("member-case-renamed", place, heir)
            else:
                here("union-variant-removed" if union else "member-removed", place)
        for member in came:
            demanded = member in required[1] and direction == "request"
            kind = "union-variant-added" if union else "required-member-added" if demanded else "member-added"
            here(kind, f"{name}.{member}")
        common = [[m for m in members[0] if m in members[1]], [m for m in members[1] if m in members[0]]]
        if common[0] != common[1]:
            here("member-order-changed")

    def member(self, here, place, old, new):
        if new.get("deprecated") and not old.get("deprecated"):
            here("member-deprecated")
        tokens = bool(old.get("idempotencyToken")), bool(new.get("idempotencyToken"))
        if tokens[0] != tokens[1]:
            here("idempotency-token-added" if tokens[1] else "idempotency-token-removed", place)
        if bool(old.get("jsonvalue")) != bool(new.get("jsonvalue")):
            here("jsonvalue-changed")
        if bool(old.get("hostLabel")) != bool(new.get("hostLabel")):
            here("host-label-changed", place)
        binding = [(bool(m.get("eventpayload")), bool(m.get("eventheader"))) for m in (old, new)]
        if binding[0] != binding[1]:
            here("event-binding-changed", place)
        if not self.same_protocol:
            return
        if old.get("location", "body") != new.get("location", "body"):
            here("location-changed", place)
        elif old.get("location") != "uri":
            names = []
            for model, ref in ((self.old, old), (self.new, new)):
                of_shape = model["shapes"][ref["shape"]].get("locationName") if self.protocols[1] in XML_NAMED else None
                wire = ref.get("locationName") or of_shape or place.rsplit(".", 1)[1]
                names.append(wire.lower() if ref.get("location") in ("header", "headers") else wire)
            if names[0] != names[1]:
                here("wire-name-changed", detail=names[1])
        if self.protocols[1] == "ec2" and old.get("queryName") != new.get("queryName"):
            here("query-name-changed")

    def place(self, here, one, two, shapes, role):
        """Two shapes at one place, with the traits that their members bring."""
        if family(shapes[0]) != family(shapes[1]):
            documents = [family(shape) == "document" for shape in shapes]
            here("document-changed" if any(documents) else "type-changed")
            return
        kind = family(shapes[0])
        if one[1] != two[1] and (kind == "structure" or all("enum" in shape for shape in shapes)):
            here("shape-renamed", detail=two[1])
        self.constraints(here, *shapes)
        for trait, added, removed in (("sensitive", "sensitive-added", "sensitive-removed"), ("deprecated", "member-deprecated", None)):
            states = [bool(shape.get(trait)) for shape in shapes]
            if states[0] != states[1] and (added if states[1] else removed):
                here(added if states[1] else removed)
        merged = [{**shape, **{k: v for k, v in ref.items() if k != "shape"}} for (ref, _), shape in zip((one, two), shapes)]
        either = lambda trait: [bool(ref.get(trait) or shape.get(trait)) for (ref, _), shape in zip((one, two), shapes)]
        if kind in ("integer", "float", "boolean") and len(set(either("box"))) > 1:
            here("box-changed")
        if kind in ("blob", "string") and len(set(either("streaming"))) > 1:
            here("streaming-changed")
        if bool(shapes[0].get("requiresLength")) != bool(shapes[1].get("requiresLength")):
            here("requires-length-changed")
        if kind == "structure":
            self.structure_traits(here, *shapes)
        if kind in ("list", "map") and bool(shapes[0].get("sparse")) != bool(shapes[1].get("sparse")):
            here("sparse-changed")
        if kind == "list" and bool(shapes[0]["member"].get("jsonvalue")) != bool(shapes[1]["member"].get("jsonvalue")):
            here("jsonvalue-changed")
        if not self.same_protocol:
            return
        if kind == "timestamp":
            formats = [self.written(m, self.protocols[at]) for at, m in enumerate(merged)]
            if formats[0] != formats[1]:
                here("timestamp-format-changed")
        if self.protocols[1] not in XML_NAMED:
            return
        if len(set(either("flattened"))) > 1:
            here("flattened-changed")
        if len(set(either("xmlAttribute"))) > 1:
            here("xml-attribute-changed")
        if uri_of(merged[0]) != uri_of(merged[1]):
            here("xml-namespace-changed")
        for entry, default in {"list": {"member": "member"}, "map": {"key": "key", "value": "value"}}.get(kind, {}).items():
            names = [shape[entry].get("locationName", default) for shape in shapes]
            if names[0] != names[1]:
                here("wire-name-changed", detail=names[1])

    @staticmethod
    def written(merged, spoken):
        if merged.get("timestampFormat"):
            return merged["timestampFormat"]
        by_place = {"header": "rfc822", "querystring": "iso8601", "uri": "iso8601"}
        body = "iso8601" if spoken in XML_NAMED else "unixTimestamp"
        return by_place.get(merged.get("location"), body)

    def structure_traits(self, here, old, new):
        if bool(old.get("union")) != bool(new.get("union")):
            here("union-changed")
        streams = [(bool(s.get("eventstream") or s.get("streaming")), bool(s.get("event"))) for s in (old, new)]
        if streams[0] != streams[1]:
            here("eventstream-changed")
        if self.same_protocol and old.get("payload") != new.get("payload"):
            here("payload-changed")

    @staticmethod
    def constraints(here, old, new):
        kind = family(old)
        if kind in ("integer", "float") and old["type"] != new["type"]:
            wider = new["type"] in ("long", "double")
            here("numeric-type-widened" if wider else "numeric-type-narrowed")
        if kind == "string":
            values = [shape.get("enum") for shape in (old, new)]
            if values[0] is None and values[1] is not None:
                here("enum-added")
            elif values[1] is None and values[0] is not None:
                here("enum-dropped")
            elif values[0] is not None:
                for value in set(values[0]) - set(values[1]):
                    here("enum-value-removed", detail=value)
                for value in set(values[1]) - set(values[0]):
                    here("enum-value-added", detail=value)
                common = [[v for v in values[0] if v in values[1]], [v for v in values[1] if v in values[0]]]
                if common[0] != common[1]:
                    here("enum-reordered")
        for end, sign in (("min", 1), ("max", -1)):
            raw = [shape.get(end) for shape in (old, new)]
            bounds = [None if kind not in ("integer", "float") and end == "min" and b == 0 else b for b in raw]
            if bounds[0] == bounds[1]:
                if (raw[0] is None) != (raw[1] is None):
                    here("constraint-noop")
            elif bounds[0] is None:
                here(f"{end}-added", detail=str(bounds[1]))
            elif bounds[1] is None:
                here(f"{end}-removed", detail=str(bounds[0]))
            else:
                way = "tightened" if (bounds[1] - bounds[0]) * sign > 0 else "loosened"
                here(f"{end}-{way}", detail=str(bounds[1]))
        patterns = [shape.get("pattern") for shape in (old, new)]
        if patterns[0] != patterns[1]:
            if patterns[0] is None:
                here("pattern-added", detail=patterns[1])
            elif patterns[1] is None:
                here("pattern-removed", detail=patterns[0])
            elif plain(patterns[0]) == plain(patterns[1]):
                here("pattern-anchors-changed")
            else:
                here("pattern-changed", detail=patterns[1])


def family(shape):
    if shape["type"] == "structure":
        return "document" if shape.get("document") else "structure"
    return {"long": "integer", "double": "float"}.get(shape["type"], shape["type"])


def plain(pattern):
    """Without anchors at the ends of top-level branches."""
    branches, depth, brackets, start, at = [], 0, False, 0, 0
    while at < len(pattern):
        c = pattern[at]
        if c == "\\":
            at += 1
        elif brackets:
            brackets = c != "]"
        elif c == "[":
            brackets = True
        elif c == "(":
            depth += 1
        elif c == ")":
            depth -= 1
        elif c == "|" and depth == 0:
            branches.append(pattern[start:at])
            start = at + 1
        at += 1
    branches.append(pattern[start:])
    bare = []
    for branch in branches:
        branch = branch[1:] if branch.startswith("^") else branch
        ends = branch.endswith("$") and (len(branch) - len(branch[:-1].rstrip("\\")) - 1) % 2 == 0
        bare.append(branch[:-1] if ends else branch)
    return bare


def labels(uri):
    return [part.split("}", 1)[0].rstrip("+") for part in uri.split("{")[1:]]


def shape_of(uri):
    for label in labels(uri):
        uri = uri.replace("{" + label + "+}", "{+}").replace("{" + label + "}", "{}")
    return uri


def checksum(op):
    of = op.get("httpChecksum") or {}
    required = bool(op.get("httpChecksumRequired") or of.get("requestChecksumRequired"))
    return required, of.get("requestAlgorithmMember"), of.get("requestValidationModeMember"), of.get("responseAlgorithms", [])


def uri_of(of):
    return (of.get("xmlNamespace") or {}).get("uri")


def is_error(shape):
    return bool(shape.get("exception")) or "error" in shape


def prose(value, place=""):
    if isinstance(value, dict):
        for key, below in value.items():
            if key in PROSE and isinstance(below, str):
                yield place + "." + key, below
            elif key != "examples":
                yield from prose(below, place + "." + key)
    elif isinstance(value, list):
        for at, below in enumerate(value):
            yield from prose(below, f"{place}.{at}")


def unknown(model):
    """(place, trait, value) of all that this comparison and shapegate's model have no place for."""
    def beyond(value, known, place):
        for key, below in value.items():
            if key not in KNOWN[known] and key not in PROSE:
                yield place, key, json.dumps(below, sort_keys=True)
    yield from beyond(model, "", ())
    yield from beyond(model["metadata"], "metadata", ())
    for name, op in model["operations"].items():
        yield from beyond(op, "operation", ("operations", name))
    for name, shape in model["shapes"].items():
        place = ("shapes", name)
        yield from beyond(shape, "shape", place)
        if not shape.get("document"):
            for member, ref in shape.get("members", {}).items():
                yield from beyond(ref, "member", place + (member,))
        if shape["type"] == "list":
            yield from beyond(shape["member"], "list member", place)
        if shape["type"] == "map":
            yield from beyond(shape["key"], "map entry", place)
            yield from beyond(shape["value"], "map entry", place)


def in_both(place, *models):
    if not place:
        return True
    return all(
        place[1] in model[place[0]] and (len(place) < 3 or place[2] in model[place[0]][place[1]].get("members", {}))
        for model in models
    )


def companions(diff, old, new):
    pages = [(files.get("paginators-1") or {}).get("pagination", {}) for files in (old, new)]
    listed = lambda value: value if isinstance(value, list) else [value] if value is not None else []
    for name in pages[0].keys() | pages[1].keys():
        one, two = pages[0].get(name), pages[1].get(name)
        if one is None or two is None:
            diff.add("paginator-added" if one is None else "paginator-removed", operation=name)
            continue
        token = lambda page: (listed(page.get("input_token")), listed(page.get("output_token")))
        keys = [listed(page.get("result_key")) for page in (one, two)]
        kinds = []
        if token(one) != token(two):
            kinds.append("paginator-token-changed")
        if keys[0][:1] != keys[1][:1]:
            kinds.append("paginator-result-key-changed")
        rest = lambda page, keys: (keys, page.get("limit_key"), page.get("more_results"))
        if not kinds and rest(one, keys[0]) != rest(two, keys[1]):
            kinds.append("paginator-detail-changed")
        for kind in kinds:
            diff.add(kind, operation=name)
    waits = [(files.get("waiters-2") or {}).get("waiters", {}) for files in (old, new)]
    for name in waits[0].keys() | waits[1].keys():
        one, two = waits[0].get(name), waits[1].get(name)
        facts = [
            wait and (wait["delay"], wait["maxAttempts"], [{k: v for k, v in a.items() if k != "description"} for a in wait.get("acceptors", [])])
            for wait in (one, two)
        ]
        if one is None or two is None:
            diff.add("waiter-added" if one is None else "waiter-removed", operation=(one or two)["operation"], detail=name)
        elif one["operation"] != two["operation"]:
            diff.add("waiter-operation-changed", operation=one["operation"], detail=name)
        elif facts[0] != facts[1]:
            diff.add("waiter-acceptors-changed", operation=one["operation"], detail=name)
    if old.get("endpoint-rule-set-1") != new.get("endpoint-rule-set-1"):
        diff.add("endpoint-rules-changed")


def compare(old, new):
    """Findings by service."""
    found = {}
    for service in sorted(old.keys() & new.keys()):
        versions = old[service], new[service]
        # Nothing differs in what is the same, and most services are.
        if versions[0] == versions[1]:
            found[service] = set()
            continue
        files = [of[max(of)] for of in versions]
        diff = Diff(files[0]["service-2"], files[1]["service-2"])
        for version in versions[0].keys() - versions[1].keys():
            diff.add("api-version-removed", detail=version)
        for version in versions[1].keys() - versions[0].keys():
            diff.add("api-version-added", detail=version)
        diff.service()
        companions(diff, *files)
        diff.operations()
        diff.prose_and_unknown()
        found[service] = diff.found
    return found


DETAIL = {
    "protocol-changed": "new", "signing-name-changed": "new", "endpoint-prefix-changed": "new", "operation-renamed": "new",
    "http-response-code-changed": "new", "error-removed": "error", "error-added": "error", "error-code-changed": "new",
    "member-case-renamed": "new", "enum-value-added": "value", "enum-value-removed": "value", "min-added": "new",
    "min-tightened": "new", "min-loosened": "new", "min-removed": "old", "max-added": "new", "max-tightened": "new",
    "max-loosened": "new", "max-removed": "old", "pattern-added": "new", "pattern-removed": "old", "pattern-changed": "new",
    "waiter-added": "waiter", "waiter-removed": "waiter", "waiter-operation-changed": "waiter",
    "waiter-acceptors-changed": "waiter", "shape-renamed": "new", "unjudged-difference": "trait",
    "api-version-removed": "version", "api-version-added": "version",
}


def findings(line):
    """A finding a line; what comes with another one stands in the last line."""
    if "rule" in line:
        return [line]
    return [fallout["finding"] for fallout in line["upgrade"]["fallout"]]


def ours(path):
    """Findings of shapegate by service, in the same terms."""
    found = defaultdict(set)
    with open(path, encoding="utf-8") as lines:
        rows = [row for line in map(json.loads, lines) for row in findings(line)]
        for line in rows:
            rule, values = line["rule"], line["values"]
            detail = values[DETAIL[rule]] if rule in DETAIL else ""
            if rule == "wire-name-changed" and line["direction"]:
                detail = values["new"]
            place = None
            if rule in OF_MEMBERS:
                place = f"{line['shape']}.{line['member']}"
            for operation in values["operations"] or [None]:
                found[line["service"]].add((rule, line["direction"], operation, place, str(detail)))
    return found


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("old")
    arguments.add_argument("new")
    arguments.add_argument("--against", metavar="FILE", help="what shapegate prints as ndjson")
    arguments.add_argument("--quiet", action="store_true", help="no counts")
    given = arguments.parse_args()
    theirs = compare(services(given.old), services(given.new))
    if not given.quiet:
        for service, findings in theirs.items():
            for kind, count in sorted(Counter(finding[0] for finding in findings).items()):
                print(f"{service}\t{kind}\t{count}")
    if not given.against:
        return 0
    mine = ours(given.against)
    parted = 0
    for service in sorted(theirs.keys() | mine.keys()):
        for sign, rest in (("-", theirs.get(service, set()) - mine[service]), ("+", mine[service] - theirs.get(service, set()))):
            for finding in sorted(rest, key=str):
                if finding[0] in ("service-added", "service-removed"):
                    continue
                parted += 1
                print(f"{sign} {service} {' '.join(str(part) for part in finding)}")
    total = sum(len(findings) for findings in theirs.values())
    print(f"{total} findings by this opinion, {parted} on which the two part", file=sys.stderr)
    return 1 if parted else 0


if __name__ == "__main__":
    sys.exit(main())
