"""Coverage and scorecard of fixtures/moto a second time, from the raw models and the raw recordings.

    python oracles/coverage.py --wheel BOTOCORE.whl [--shapegate PATH] [--recordings FOLDER]

Which operation an exchange calls is what the recorder wrote down (`calls.tsv`). Requests are decoded here, by the model's JSON;
responses by botocore's own parsers. Then members, values, variants, errors and statuses are counted by operation, direction
and `Shape.member`, and every number is compared with `shapegate scorecard --format json`, which has the coverage too. What differs is printed,
and the exit code is 1.
"""

import argparse
import base64
import collections
import gzip
import io
import json
import pathlib
import re
import subprocess
import sys
import urllib.parse
import xml.etree.ElementTree as ElementTree
import zipfile

# This folder has a script of that name, which is not meant.
sys.path = [path for path in sys.path if pathlib.Path(path or ".").resolve() != pathlib.Path(__file__).resolve().parent]

import yaml
import zstandard
from botocore import model as botocore_model
from botocore import parsers
from botocore.awsrequest import HeadersDict

REST = {"rest-json", "rest-xml"}
# What the recorder calls protocols, by botocore's names for parsers.
PARSERS = {"json": "json", "rest-json": "rest-json", "rest-xml": "rest-xml", "query": "query", "ec2": "ec2",
           "smithy-rpc-v2-cbor": "smithy-rpc-v2-cbor"}


class Wheel:
    """Models of a wheel, as they are written."""

    def __init__(self, path):
        self.zip = zipfile.ZipFile(path)
        self.paths = collections.defaultdict(list)
        self.names = set(self.zip.namelist())
        for name in self.zip.namelist():
            parts = name.split("/")
            if len(parts) == 5 and parts[1] == "data" and parts[4] in {"service-2.json", "service-2.json.gz"}:
                self.paths[parts[2]].append(name)
        self.known = {}

    def model(self, service):
        if service not in self.known:
            path = sorted(self.paths[service])[-1]
            data = self.zip.read(path)
            self.known[service] = json.loads(gzip.decompress(data) if path.endswith(".gz") else data)
            # Members that SDKs alone have, such as SourceRegion of RDS.
            extras = path.removesuffix(".gz").replace("service-2.json", "service-2.sdk-extras.json")
            for name in (extras, extras + ".gz"):
                if name in self.names:
                    data = self.zip.read(name)
                    merge(self.known[service], json.loads(gzip.decompress(data) if name.endswith(".gz") else data)["merge"])
        return self.known[service]


def merge(own, other):
    for key, value in other.items():
        if isinstance(value, dict) and isinstance(own.get(key), dict):
            merge(own[key], value)
        else:
            own[key] = value


# ---- recordings

def unpacked(path):
    data = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(data)
    if path.suffix == ".zst":
        return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data)).read()
    return data


def exchanges(path):
    """Method, URL, headers and body of each request, and status, headers and body of its response."""
    text = unpacked(path)
    if ".har" in path.name:
        for entry in json.loads(text)["log"]["entries"]:
            request, response = entry["request"], entry["response"]
            pairs = lambda part: [(h["name"].lower(), h["value"]) for h in part["headers"]]
            body = lambda part, key: (base64.b64decode(part.get(key, "")) if part.get("encoding") == "base64"
                                      else part.get(key, "").encode())
            yield (request["method"], request["url"], pairs(request), body(request.get("postData", {}), "text"),
                   response["status"], pairs(response), body(response.get("content", {}), "text"))
        return
    for entry in yaml.load(text, Loader=yaml.CSafeLoader)["interactions"]:
        request, response = entry["request"], entry["response"]
        as_bytes = lambda value: value if isinstance(value, bytes) else (value or "").encode()
        as_text = lambda value: value.decode("latin-1") if isinstance(value, bytes) else str(value)
        pairs = lambda part: [(name.lower(), as_text(value)) for name, values in part["headers"].items()
                              for value in (values if isinstance(values, list) else [values])]
        yield (request["method"], request["uri"], pairs(request), as_bytes(request["body"]),
               response["status"]["code"], pairs(response), as_bytes(response["body"]["string"]))


# ---- requests → values keyed by member names

class Request:
    def __init__(self, model, operation, protocol):
        self.shapes = model["shapes"]
        self.operation = model["operations"][operation]
        self.protocol = protocol

    def decode(self, method, url, headers, body):
        shape = self.operation.get("input", {}).get("shape")
        if shape is None:
            return None
        value = {}
        split = urllib.parse.urlsplit(url)
        if self.protocol in REST:
            value.update(self.bound(shape, split, dict(headers)))
        value.update(self.of_body(shape, body) or {})
        return value

    def bound(self, shape, split, headers):
        """Members in the path, the query string and the headers."""
        value, members = {}, self.shapes[shape]["members"]
        template = self.operation["http"]["requestUri"].split("?")[0]
        names = re.findall(r"\{(\w[\w.-]*)\+?\}", template)
        pattern = re.escape(template)
        for name in names:
            pattern = pattern.replace(r"\{%s\+\}" % re.escape(name), "(.*)").replace(r"\{%s\}" % re.escape(name), "([^/]*)")
        labels = {}
        path = re.fullmatch(pattern + "/?", split.path)
        if path:
            labels = dict(zip(names, path.groups()))
        elif names[:1] == ["Bucket"]:
            # The bucket stands in the host, or the path is that of another style.
            rest = re.fullmatch(pattern.replace("/([^/]*)", "", 1) + "/?", split.path)
            labels = {"Bucket": split.hostname.split(".")[0]}
            if rest:
                labels.update(zip(names[1:], rest.groups()))
        query = urllib.parse.parse_qs(split.query, keep_blank_values=True)
        for name, member in members.items():
            location, wire = member.get("location"), member.get("locationName", name)
            target = self.shapes[member["shape"]]
            if location == "uri" and wire in labels:
                value[name] = urllib.parse.unquote(labels[wire])
            elif location == "querystring" and target["type"] == "map":
                bound = {m.get("locationName") for m in members.values() if m.get("location") == "querystring"}
                fixed = set(urllib.parse.parse_qs(urllib.parse.urlsplit(self.operation["http"]["requestUri"]).query, keep_blank_values=True))
                own = {key: found[0] for key, found in query.items() if key not in bound | fixed}
                if own:
                    value[name] = own
            elif location == "querystring" and wire in query:
                value[name] = query[wire] if target["type"] == "list" else query[wire][0]
            elif location == "header" and wire.lower() in headers:
                found = headers[wire.lower()]
                value[name] = [one.strip() for one in found.split(",")] if target["type"] == "list" else found
            elif location == "headers":
                own = {key: found for key, found in headers.items() if key.startswith(wire.lower())}
                if own:
                    value[name] = own
        return value

    def of_body(self, shape, body):
        structure = self.shapes[shape]
        if self.protocol == "smithy-rpc-v2-cbor":
            return self.named(shape, parsers.create_parser("smithy-rpc-v2-cbor").parse_data_item(io.BufferedReader(io.BytesIO(body)))) if body else {}
        if self.protocol == "json":
            return self.named(shape, json.loads(body or b"{}"))
        if self.protocol in {"query", "ec2"}:
            form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
            return self.form(shape, form, "")
        payload = structure.get("payload")
        if payload:
            target = self.shapes[structure["members"][payload]["shape"]]
            if not body:
                return {}
            if target["type"] != "structure":
                return {payload: body.decode("latin-1")}
            inner = (self.named(structure["members"][payload]["shape"], json.loads(body)) if self.protocol == "rest-json"
                     else self.element(structure["members"][payload]["shape"], ElementTree.fromstring(body)))
            return {payload: inner}
        if not body:
            return {}
        return self.named(shape, json.loads(body)) if self.protocol == "rest-json" else self.element(shape, ElementTree.fromstring(body))

    def named(self, shape, value):
        """JSON or CBOR with wire names → member names."""
        described = self.shapes[shape]
        if value is None:
            return None
        if described["type"] == "structure" and isinstance(value, dict):
            found = {}
            for name, member in described["members"].items():
                wire = member.get("locationName", name)
                if member.get("location") is None and wire in value:
                    found[name] = self.named(member["shape"], value[wire])
            return found
        if described["type"] == "list" and isinstance(value, list):
            return [self.named(described["member"]["shape"], one) for one in value]
        if described["type"] == "map" and isinstance(value, dict):
            return {key: self.named(described["value"]["shape"], one) for key, one in value.items()}
        return value

    def form(self, shape, form, prefix):
        """Parameters of awsQuery or ec2Query; `None` where there are none of that prefix."""
        described, ec2 = self.shapes[shape], self.protocol == "ec2"
        below = lambda path: any(key == path or key.startswith(path + ".") for key in form)
        if described["type"] == "structure":
            found = {}
            for name, member in described["members"].items():
                target = self.shapes[member["shape"]]
                if ec2:
                    wire = member.get("queryName") or (member["locationName"][0].upper() + member["locationName"][1:]
                                                       if "locationName" in member else name)
                else:
                    wire = member.get("locationName", name)
                    if target["type"] == "list" and target.get("flattened"):
                        wire = target["member"].get("locationName", wire)
                path = f"{prefix}.{wire}" if prefix else wire
                if below(path):
                    found[name] = self.form(member["shape"], form, path)
            return found
        if described["type"] == "list":
            start = prefix
            if not ec2 and not described.get("flattened"):
                start = f"{prefix}.{described['member'].get('locationName', 'member')}"
            items = []
            while below(f"{start}.{len(items) + 1}"):
                items.append(self.form(described["member"]["shape"], form, f"{start}.{len(items) + 1}"))
            return items
        if described["type"] == "map":
            start = prefix if described.get("flattened") else f"{prefix}.entry"
            key, value = described["key"].get("locationName", "key"), described["value"].get("locationName", "value")
            entries = {}
            while below(f"{start}.{len(entries) + 1}"):
                one = f"{start}.{len(entries) + 1}"
                entries[form.get(f"{one}.{key}")] = self.form(described["value"]["shape"], form, f"{one}.{value}")
            return entries
        return form.get(prefix)

    def element(self, shape, node):
        described = self.shapes[shape]
        local = lambda child: child.tag.rsplit("}")[-1]
        if described["type"] == "structure":
            found = {}
            for name, member in described["members"].items():
                if member.get("location") is not None:
                    continue
                target = self.shapes[member["shape"]]
                flat = member.get("flattened") or target.get("flattened")
                wire = member.get("locationName", name)
                if flat and target["type"] == "list":
                    wire = target["member"].get("locationName", wire)
                if member.get("xmlAttribute"):
                    attribute = wire.split(":")[-1]
                    held = [value for key, value in node.attrib.items() if key.rsplit("}")[-1] == attribute]
                    if held:
                        found[name] = held[0]
                    continue
                children = [child for child in node if local(child) == wire]
                if not children:
                    continue
                if flat and target["type"] == "list":
                    found[name] = [self.element(target["member"]["shape"], child) for child in children]
                elif flat and target["type"] == "map":
                    found[name] = self.entries(target, children)
                else:
                    found[name] = self.element(member["shape"], children[0])
            return found
        if described["type"] == "list":
            return [self.element(described["member"]["shape"], child) for child in node]
        if described["type"] == "map":
            return self.entries(described, list(node))
        return node.text or ""

    def entries(self, described, nodes):
        key, value = described["key"].get("locationName", "key"), described["value"].get("locationName", "value")
        local = lambda child: child.tag.rsplit("}")[-1]
        found = {}
        for node in nodes:
            parts = {local(child): child for child in node}
            if key in parts and value in parts:
                found[parts[key].text] = self.element(described["value"]["shape"], parts[value])
        return found


# ---- counting

class Half:
    """What one half of an operation has, and how often each was seen."""

    def __init__(self, shapes, root):
        self.shapes, self.payloads = shapes, 0
        self.members, self.values = {}, {}
        if root is not None:
            self.reach(root)

    def streams(self, member):
        target = self.shapes[member["shape"]]
        return member.get("streaming") or target.get("streaming") or target.get("eventstream")

    def reach(self, shape):
        if shape in self.members or shape in self.values or (shape, "seen") in self.__dict__.setdefault("known", set()):
            return
        self.known.add((shape, "seen"))
        described = self.shapes[shape]
        if described["type"] == "structure":
            own = {name: member for name, member in described["members"].items() if not self.streams(member)}
            self.members[shape] = {name: [0, 0] for name in own}
            for member in own.values():
                self.reach(member["shape"])
        elif described["type"] == "list":
            self.reach(described["member"]["shape"])
        elif described["type"] == "map":
            self.reach(described["key"]["shape"])
            self.reach(described["value"]["shape"])
        elif described["type"] == "string" and "enum" in described:
            self.values[shape] = {value: 0 for value in described["enum"]}

    def see(self, shape, value):
        described = self.shapes[shape]
        if value is None:
            return
        if described["type"] == "structure" and isinstance(value, dict) and shape in self.members:
            for name, counts in self.members[shape].items():
                counts[1] += 1
                if value.get(name) is not None:
                    counts[0] += 1
                    self.see(described["members"][name]["shape"], value[name])
        elif described["type"] == "list" and isinstance(value, list):
            for one in value:
                self.see(described["member"]["shape"], one)
        elif described["type"] == "map" and isinstance(value, dict):
            for key, one in value.items():
                self.see(described["key"]["shape"], key)
                self.see(described["value"]["shape"], one)
        elif shape in self.values and value in self.values[shape]:
            self.values[shape][value] += 1


class Operation:
    def __init__(self, model, name):
        described = model["operations"][name]
        self.shapes = model["shapes"]
        self.input = described.get("input", {}).get("shape")
        self.output = described.get("output", {}).get("shape")
        self.request, self.response = Half(self.shapes, self.input), Half(self.shapes, self.output)
        self.errors = {error["shape"]: 0 for error in described.get("errors", [])}
        # An error travels by the name of its shape or by a code of its own.
        codes = [self.shapes[shape].get("error", {}).get("code") for shape in self.errors]
        self.codes = {*self.errors, *filter(None, codes)}
        self.undeclared, self.statuses = collections.Counter(), collections.Counter()
        self.exchanges = self.answered = self.refused = 0

    def totals(self):
        union = lambda shape: bool(self.shapes[shape].get("union"))
        number = lambda half, of_union: sum(len(own) for shape, own in half.members.items() if union(shape) == of_union)
        values = sum(len(own) for half in (self.request, self.response) for own in half.values.values())
        variants = number(self.request, True) + number(self.response, True)
        return {"input": number(self.request, False), "output": number(self.response, False), "values": values,
                "variants": variants, "errors": len(self.errors), "members": number(self.request, False) + number(self.response, False)}


def response_of(service_model, operation, protocol, status, headers, body):
    """The parsed output, and the code of the error in its place."""
    described = service_model.operation_model(operation)
    shape = described.output_shape
    is_empty = not body
    if described.has_streaming_output and status < 300:
        body = b""
    parser = parsers.create_parser(PARSERS[protocol])
    parser.EVENT_STREAM_PARSER_CLS = None
    given = {"status_code": status, "headers": HeadersDict(headers), "body": body, "context": {"operation_name": operation}}
    try:
        parsed = parser.parse(given, shape)
    except (parsers.ResponseParserError, UnicodeDecodeError) as error:
        print(f"{operation}: botocore cannot parse the answer: {str(error)[:100]}", file=sys.stderr)
        return None, None if status < 300 else "?"
    if "Error" in parsed and status >= 300:
        # What was awsQuery keeps the code of the shape beside the one that its clients know.
        return None, parsed["Error"].get("QueryErrorCode") or parsed["Error"].get("Code") or "-"
    # botocore hands over empty values where nothing was sent.
    for name, member in (shape.members if shape else {}).items():
        is_payload = shape.serialization.get("payload") == name
        if not parsed.get(name) and (member.serialization.get("location") == "headers" or is_payload and is_empty):
            parsed.pop(name, None)
    return parsed, None


def count(wheel, folder):
    services = {}
    calls = [line.split("\t") for line in (folder / "calls.tsv").read_text().splitlines() if not line.startswith("#")]
    calls = [call for call in calls if call[1].isdigit()]
    by_file = collections.defaultdict(dict)
    for file, entry, service, operation, protocol, _ in calls:
        by_file[file][int(entry)] = (service, operation, protocol)
    for file, entries in sorted(by_file.items()):
        for at, (method, url, sent, body, status, headers, answer) in enumerate(exchanges(folder / file)):
            if at not in entries:
                continue
            service, operation, protocol = entries[at]
            model = wheel.model(service)
            if operation not in model["operations"]:
                continue
            own = services.setdefault(service, {}).setdefault(operation, None)
            if own is None:
                own = services[service][operation] = Operation(model, operation)
            own.exchanges += 1
            own.statuses[str(status)] += 1
            if dict(sent).get("content-encoding") == "gzip" and body[:2] == b"\x1f\x8b":
                body = gzip.decompress(body)
            value = Request(model, operation, protocol).decode(method, url, sent, body)
            if own.input:
                own.request.see(own.input, value)
            service_model = botocore_model.ServiceModel(model, service)
            parsed, code = response_of(service_model, operation, protocol, status, headers, answer)
            if code is not None:
                own.refused += 1
                own.undeclared[code] += 1
            else:
                own.answered += 1
                if own.output and parsed is not None:
                    own.response.see(own.output, parsed)
    return services


def compare(services, wheel, report):
    wrong = []

    def same(what, here, there):
        if here != there:
            wrong.append(f"{what}: {here} here, {there} by shapegate")

    covered = {one["service"]: one for one in report["coverage"]["services"]}
    same("services", sorted(services), sorted(covered))
    numbers = collections.Counter()
    for service, operations in sorted(services.items()):
        theirs = covered.get(service)
        if theirs is None:
            continue
        model = wheel.model(service)
        every = {name: operations.get(name) or Operation(model, name) for name in model["operations"]}
        called = {one["operation"]: one for one in theirs["called"]}
        same(f"{service}: operations called", sorted(operations), sorted(called))
        same(f"{service}: operations", len(every), theirs["operations"]["of"])
        for key in ("members", "input", "output", "values", "variants", "errors"):
            same(f"{service}: all {key}", sum(one.totals()[key] for one in every.values()), theirs[key]["of"])
        # What is wrong with a request is the client's.
        faults = [one for one in report["findings"] if one["severity"] == "error" and one.get("direction") != "request"]
        failing = {one["operation"] for one in faults if one["service"] == service}
        answered = {name for name, one in operations.items() if one.answered}
        modelled = answered | {name for name, one in operations.items() if one.undeclared.keys() & one.codes}
        card = report["scorecard"]["services"][service]
        same(f"{service}: scorecard", {"operations": len(every), "called": len(operations), "answered": len(answered),
             "conforming": len(modelled - failing), "failing": len(failing & set(operations))}, card)
        for name, own in operations.items():
            them = called.get(name)
            if them is None:
                continue
            place = f"{service} {name}"
            numbers["operations"] += 1
            for key in ("exchanges", "answered", "refused"):
                same(f"{place}: {key}", getattr(own, key), them[key])
            same(f"{place}: statuses", dict(own.statuses), them["statuses"])
            for direction in ("request", "response"):
                half = getattr(own, direction)
                mine = {(shape, member): tuple(counts) for shape, of in half.members.items() for member, counts in of.items()}
                his = {(one["shape"], one["member"]): (one["times"], one["of"]) for one in them[direction]["members"]}
                for key in sorted(set(mine) | set(his)):
                    numbers["members"] += 1
                    same(f"{place} {direction} {'.'.join(key)}", mine.get(key), his.get(key))
                values = {shape: dict(own) for shape, own in half.values.items()}
                for shape in sorted(set(values) | set(them[direction]["values"])):
                    numbers["enumerations"] += 1
                    same(f"{place} {direction} {shape}", values.get(shape), them[direction]["values"].get(shape))
    return wrong, numbers


def main():
    here = pathlib.Path(__file__).resolve().parent.parent
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--wheel", required=True)
    arguments.add_argument("--shapegate", default=here / "target/debug/shapegate")
    arguments.add_argument("--recordings", type=pathlib.Path, default=here / "fixtures/moto")
    arguments.add_argument("--report", help="a report that is there already")
    given = arguments.parse_args()
    if given.report:
        text = pathlib.Path(given.report).read_text()
    else:
        command = [given.shapegate, "scorecard", "--no-config", "--no-shipped-errata", "--model", given.wheel, "--format", "json", given.recordings]
        text = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout
    wheel = Wheel(given.wheel)
    wrong, numbers = compare(count(wheel, given.recordings), wheel, json.loads(text))
    for line in wrong:
        print(line)
    print(", ".join(f"{count} {what}" for what, count in numbers.items()), "compared,", len(wrong), "differ")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
