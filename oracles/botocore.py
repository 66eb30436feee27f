"""A second opinion on generated payloads, by Python's jsonschema and by botocore.

    python oracles/botocore.py --shapegate target/debug/shapegate --wheels target/wheels

For each operation of each service, in both encodings:

- schemas: `jsonschema` takes every generated payload, and refuses every payload with a fault for the labelled reason at
  the labelled place;
- requests: botocore's own validation takes every generated request, its serialiser writes it, and shapegate reads it
  again, knows the operation, reads the same values and finds nothing;
- responses: what shapegate writes as HTTP, botocore's parser reads to the same values.

Exit code 0 where all agree, 1 where they do not, 2 where the work could not be done.
"""

import sys

# This file is called like the package that it asks.
sys.path.pop(0)

import argparse
import base64
import datetime
import gzip
import io
import json
import math
import subprocess
import tempfile
import urllib.parse
import zipfile
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import botocore.awsrequest
import botocore.model
import botocore.parsers
import botocore.serialize
import botocore.validate
import dateutil.parser
import jsonschema
import regex
from botocore.utils import is_json_value_header

NEWEST = "1.44.5"

# Every operation of Clean Rooms, as of 2023-08-30 and now; and services of all protocols, large and small, with unions,
# documents, recursion and streams.
SERVICES = """
cleanrooms@1.31.38 cleanrooms accessanalyzer acm amplify apigateway appsync athena autoscaling backup batch
bedrock-runtime cloudformation cloudfront cloudwatch codebuild cognito-idp connect dynamodb ec2 ecs eks events firehose
glue iam iot kinesis kms lambda lexv2-models logs quicksight rds redshift-data route53 s3 sagemaker secretsmanager sns
sqs ssm stepfunctions sts wafv2
""".split()


@dataclass
class Outcome:
    """What came of one service."""

    service: str
    counts: Counter = field(default_factory=Counter)
    # Differences that are known and explained, by their reason.
    known: Counter = field(default_factory=Counter)
    wrong: list = field(default_factory=list)

    def complain(self, kind, where, what):
        self.counts["wrong"] += 1
        if len(self.wrong) < 20:
            self.wrong.append(f"{self.service} {where}: {kind}: {str(what)[:600]}")


# ---------------------------------------------------------------------------------------------------------------------
# jsonschema


def compiled(pattern, cache={}):
    """A pattern as Python has it. `$` is the very end, as in ECMA-262, and `\\u{…}` is a character."""
    if pattern not in cache:
        text = regex.sub(r"\\u\{([0-9A-Fa-f]+)\}", lambda found: regex.escape(chr(int(found[1], 16))), pattern)
        if text.endswith("$") and not text.endswith("\\$"):
            text = text[:-1] + r"\Z"
        # One alternative of several may end with it, too.
        text = text.replace("$|^", r"\Z|^")
        cache[pattern] = regex.compile(text)
    return cache[pattern]


def pattern(validator, pattern, instance, schema):
    if validator.is_type(instance, "string") and not compiled(pattern).search(instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")


def notes(validator, notes, instance, schema):
    """What JSON Schema cannot say: the number of bytes of a blob."""
    bounds = notes.get("bytes")
    if bounds and validator.is_type(instance, "string"):
        try:
            length = len(base64.b64decode(instance, validate=True))
        except ValueError:
            return
        if not bounds.get("minimum", 0) <= length <= bounds.get("maximum", math.inf):
            yield jsonschema.ValidationError(f"{length} bytes")


Validator = jsonschema.validators.extend(
    jsonschema.Draft202012Validator,
    {"pattern": pattern, "x-shapegate": notes},
    # A float is no integer, whatever stands behind its point.
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
    ),
)

# Keywords that say what a rule says.
KEYWORDS = {
    "wrong-type": {"type", "pattern"},
    "null-member": {"type", "enum"},
    "timestamp-form": {"type", "pattern", "minimum", "maximum"},
    "blob-form": {"type", "pattern"},
    "missing-member": {"required"},
    "unknown-member": {"additionalProperties"},
    "misplaced-member": {"additionalProperties"},
    "union-arity": {"minProperties", "maxProperties", "oneOf"},
    "unknown-enum-value": {"enum"},
    "pattern-mismatch": {"pattern"},
    # What is infinite is text, and out of every range.
    "number-out-of-range": {"minimum", "maximum", "pattern"},
    "length-out-of-range": {
        "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "x-shapegate",
    },
}


def reasons(error):
    """The keyword and pointer of an error, as `_pointer_` names places: a name that is too much or too few, or a key, is
    part of it."""
    path = [str(part) for part in error.absolute_path]
    where = "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in path)
    names = []
    if error.validator == "required":
        names = [name for name in error.validator_value if name not in error.instance]
    elif error.validator == "additionalProperties":
        names = [name for name in error.instance if name not in error.schema.get("properties", {})]
    elif "propertyNames" in error.absolute_schema_path and isinstance(error.instance, str):
        names = [error.instance]
    below = ["/" + name.replace("~", "~0").replace("/", "~1") for name in names] or [""]
    return {(error.validator, where + name) for name in below}


def leaves(error):
    """The errors behind a branch (`if` … `else`, `anyOf`), or the error itself."""
    if not error.context:
        return [error]
    return [leaf for inner in error.context for leaf in leaves(inner)]


def judge_schemas(outcome, schemas, records):
    for record in records:
        half = "input" if record["direction"] == "request" else "output"
        where = f"{record['operation']} {record['direction']} {schemas.name}"
        validator = schemas[f"{record['operation']}.{half}"]
        expect = record.get("expect")
        if expect is None:
            outcome.counts["payloads"] += 1
            error = next(validator.iter_errors(record["payload"]), None)
            if error is not None:
                outcome.complain("refused by jsonschema", where, f"{error.json_path}: {error.message}")
            continue
        outcome.counts["faults"] += 1
        errors = list(validator.iter_errors(record["payload"]))
        found = {reason for error in errors for leaf in leaves(error) for reason in reasons(leaf)}
        keywords = KEYWORDS[expect["rule"]]
        if not found:
            outcome.complain("not refused by jsonschema", where, f"{expect} {record['payload']}")
        elif not any(keyword in keywords and pointer == expect["pointer"] for keyword, pointer in found):
            outcome.complain("refused for another reason", where, f"{expect}, found {found}")


class Schemas(dict):
    """Validators by operation and half, each compiled when it is first asked."""

    def __init__(self, folder, name):
        super().__init__()
        self.folder, self.name = folder, name

    def __missing__(self, key):
        schema = json.loads((self.folder / f"{key}.schema.json").read_text())
        self[key] = Validator(schema)
        return self[key]


# ---------------------------------------------------------------------------------------------------------------------
# botocore


def protocol_of(model):
    """The protocol that clients speak, as botocore chooses it; shapegate writes that one."""
    return model.resolved_protocol


def instant(text):
    """A timestamp, wherever it is from, as seconds; years that datetime does not reach are told apart by nobody."""
    if isinstance(text, (int, float)):
        return round(float(text), 3)
    if isinstance(text, datetime.datetime):
        return round((text - EPOCH) / datetime.timedelta(seconds=1), 3)
    return instant(dateutil.parser.parse(text))


EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def as_input(shape, value):
    """A payload in the parsed encoding as boto takes it: bytes for blobs, datetimes for timestamps."""
    if value is None or getattr(shape, "is_document_type", False):
        return value
    if shape.type_name == "structure":
        return {name: as_input(shape.members[name], inner) for name, inner in value.items()}
    if shape.type_name == "list":
        return [as_input(shape.member, inner) for inner in value]
    if shape.type_name == "map":
        return {key: as_input(shape.value, inner) for key, inner in value.items()}
    if shape.type_name == "blob":
        return value.encode() if is_stream(shape) else base64.b64decode(value)
    if shape.type_name == "timestamp":
        return dateutil.parser.parse(value)
    if shape.type_name in ("float", "double") and isinstance(value, str):
        return float(value.replace("Infinity", "inf"))
    if is_json_value_header(shape):
        return json.loads(value)
    if shape.serialization.get("jsonvalue") and not isinstance(value, str):
        # Within a body, boto leaves the text to the caller.
        return json.dumps(value)
    return value


def is_stream(shape):
    return bool(shape.serialization.get("streaming") or shape.metadata.get("streaming"))


def wire_key(structure, name):
    """The key that a member has in a payload of the wire encoding."""
    own = lambda name: structure.members[name].serialization.get("name", name)
    shared = any(other != name and own(other) == own(name) for other in structure.members)
    return name if shared else own(name)


def differences(shape, written, read, pointer=""):
    """Where what was written and what botocore read differ."""
    if shape is None:
        return
    if getattr(shape, "is_document_type", False):
        if written != read:
            yield pointer, written, read
        return
    kind = shape.type_name
    if written is None or read is None:
        if written is not read:
            yield pointer, written, read
    elif kind == "structure":
        if not isinstance(read, dict):
            yield pointer, written, read
            return
        names = Counter(member.serialization.get("name", name) for name, member in shape.members.items())
        for name, member in shape.members.items():
            if names[member.serialization.get("name", name)] > 1:
                # S3 has members that share their name, of which a reader takes what it takes.
                continue
            key = wire_key(shape, name)
            here = f"{pointer}/{name}"
            if is_stream(member):
                continue
            if (key in written) != (name in read):
                yield here, written.get(key, "absent"), read.get(name, "absent")
            elif key in written:
                yield from differences(member, written[key], read[name], here)
    elif kind == "list":
        if not isinstance(read, list) or len(read) != len(written):
            yield pointer, written, read
            return
        for index, (one, other) in enumerate(zip(written, read)):
            yield from differences(shape.member, one, other, f"{pointer}/{index}")
    elif kind == "map":
        if not isinstance(read, dict) or set(read) != set(written):
            yield pointer, written, read
            return
        for key, one in written.items():
            yield from differences(shape.value, one, read[key], f"{pointer}/{key}")
    elif kind == "blob":
        read = read.getvalue() if isinstance(read, io.BytesIO) else read
        if isinstance(read, str) or bytes(read) != base64.b64decode(written):
            yield pointer, written, read
    elif kind == "timestamp":
        if instant(written) != instant(read):
            yield pointer, written, read
    elif kind in ("float", "double"):
        one, other = (float(value.replace("Infinity", "inf")) if isinstance(value, str) else value
                      for value in (written, read))
        if float(one) != float(other) and not (math.isnan(one) and math.isnan(other)):
            yield pointer, written, read
    elif is_json_value_header(shape):
        if json.loads(written) != read:
            yield pointer, written, read
    elif written != read:
        yield pointer, written, read


# Operations of S3 that others share method and path with: older ones, and such as have a host of their own, which is
# not made here (before the common one, a route looks like a bucket).
SAME_PATH = {
    "GetBucketLifecycle": ("GetBucketLifecycleConfiguration",),
    "GetBucketNotification": ("GetBucketNotificationConfiguration",),
    "PutBucketLifecycle": ("PutBucketLifecycleConfiguration",),
    "PutBucketNotification": ("PutBucketNotificationConfiguration",),
    "ListDirectoryBuckets": ("ListBuckets",),
    "WriteGetObjectResponse": ("CompleteMultipartUpload", "CreateMultipartUpload"),
}


def has_empty(value, name):
    """Whether something of that name is an empty list, map or body, or holds nothing but such."""
    if isinstance(value, dict):
        return name in value and is_nothing(value[name]) or any(has_empty(inner, name) for inner in value.values())
    return isinstance(value, list) and any(has_empty(inner, name) for inner in value)


def is_nothing(value):
    inner = value.values() if isinstance(value, dict) else value
    return value in ([], {}, "", b"") or isinstance(value, (dict, list)) and all(is_nothing(one) for one in inner)


def judge_values(outcome, operation, params, value):
    """Whether shapegate reads of a request what botocore was given to send."""
    shape = operation.input_shape
    if shape is None:
        return
    value = value or {}
    wrong, all_of_it = list(differences(shape, tidy(value), tidy(params))), list(differences(shape, value, params))
    if len(wrong) < len(all_of_it):
        outcome.known["what is empty is not sent, or not told from what is not there"] += 1
    for pointer, written, found in wrong:
        reason = unread(written, found)
        if reason:
            outcome.known[reason] += 1
            continue
        outcome.complain("sent by botocore, read differently", f"{operation.name} request",
                         f"{pointer}: {found!r}, read {written!r}")


def unread(written, found):
    """Why a value is not read as it was given to botocore, where that is known."""
    if written == MASK:
        return "shapegate masks keys as it reads them"
    if isinstance(found, datetime.datetime) and found.year < 1000:
        return YEARS
    if isinstance(found, datetime.datetime) and written != "absent" and math.floor(instant(found)) == instant(written):
        return "botocore sends whole seconds"
    return None


def tidy(value):
    """A value without members and elements that are empty."""
    if isinstance(value, dict):
        return {key: tidy(inner) for key, inner in value.items() if not is_nothing(inner)}
    return [tidy(inner) for inner in value if not is_nothing(inner)] if isinstance(value, list) else value


YEARS = "Python writes years before 1000 with fewer than four digits, and reads them as others"

# What stands for a secret.
MASK = "REDACTED"


def judge_requests(outcome, model, records, folder, shapegate, decode):
    """Serialises requests with botocore and has them read again."""
    protocol = protocol_of(model)
    serializer = botocore.serialize.create_serializer(protocol, include_validation=False)
    host = f"https://{model.metadata['endpointPrefix']}.us-east-1.amazonaws.com"
    entries, sent_inputs = [], []
    for record in records:
        operation = model.operation_model(record["operation"])
        where = f"{record['operation']} request"
        shape = operation.input_shape
        outcome.counts["requests"] += 1
        if any(getattr(member, "is_eventstream", False) or member.serialization.get("eventstream")
               for member in (shape.members.values() if shape else [])):
            outcome.known["event streams are sent by other means"] += 1
            continue
        params = as_input(shape, record["payload"]) if shape else {}
        report = botocore.validate.ParamValidator().validate(params, shape) if shape else None
        if report and report.has_errors():
            outcome.complain("refused by botocore", where, report.generate_report())
            continue
        try:
            request = serializer.serialize_to_request(params, operation)
        except botocore.exceptions.ParamValidationError as error:
            if "Must contain only alphanumeric characters" in str(error):
                outcome.known["a label of a host takes letters and digits alone, which no schema says"] += 1
            else:
                outcome.complain("not serialised by botocore", where, error)
            continue
        botocore.awsrequest.prepare_request_dict(request, endpoint_url=host)
        body = request["body"]
        body = urllib.parse.urlencode(body, doseq=True) if isinstance(body, dict) else body
        body = body.encode() if isinstance(body, str) else body
        headers = [{"name": name, "value": value} for name, value in request["headers"].items()]
        sent = {"method": request["method"], "url": request["url"], "headers": headers}
        if body:
            try:
                sent["postData"] = {"text": body.decode()}
            except UnicodeDecodeError:
                sent["postData"] = {"text": base64.b64encode(body).decode(), "encoding": "base64"}
        entries.append({"request": sent, "response": {"status": 0, "headers": [], "content": {"text": ""}}})
        sent_inputs.append((record["operation"], record["payload"], params))
    if not entries:
        return
    har = folder / "requests.har"
    har.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))
    listed = [line.split("\t") for line in shapegate("list", str(har)).splitlines()]
    for (name, _, _), line in zip(sent_inputs, listed, strict=True):
        if line[3] != name and model.service_name == "s3" and line[3] in SAME_PATH.get(name, ()):
            outcome.known["S3 has two operations of the same method and path"] += 1
        elif line[3] != name:
            outcome.complain("read as another operation", f"{name} request", line)
    for line in decode(str(har)).splitlines():
        read = json.loads(line)
        name, _, params = sent_inputs[read["entry"]]
        if read["operation"] == name:
            outcome.counts["read"] += 1
            judge_values(outcome, model.operation_model(name), params, read["request"])
    report = json.loads(shapegate("check", "--format", "json", str(har), codes=(0, 1)))
    for finding in report["findings"]:
        name, params, _ = sent_inputs[finding["location"]["entry"]]
        where = f"{name} request"
        if model.service_name == "s3" and name in SAME_PATH:
            # Read as the other operation, which has other members.
            continue
        if finding["rule"] == "missing-member" and has_empty(params, finding["member"]):
            outcome.known["query strings, bodies and flattened XML have nothing for what is empty"] += 1
            continue
        if finding["rule"] == "timestamp-form" and regex.fullmatch(r"\d{1,3}-.*", str(finding["values"].get("found"))):
            outcome.known[YEARS] += 1
            continue
        outcome.complain("botocore's request has a finding", where, f"{finding['rule']} {finding['message']}")


def judge_responses(outcome, model, hars):
    """Parses responses with botocore."""
    protocol = protocol_of(model)
    parser = botocore.parsers.create_parser(protocol)
    for har in hars:
        for entry in json.loads(har.read_text())["log"]["entries"]:
            made, response = entry["_shapegate"], entry["response"]
            operation = model.operation_model(made["operation"])
            content = response["content"]
            body = base64.b64decode(content["text"]) if content.get("encoding") else content["text"].encode()
            headers = botocore.awsrequest.HeadersDict((one["name"], one["value"]) for one in response["headers"])
            where = f"{made['operation']} response"
            outcome.counts["responses"] += 1
            # As its endpoint does: what may be long is not read at once.
            body = io.BytesIO(body) if operation.has_streaming_output else body
            answer = {"headers": headers, "body": body, "status_code": response["status"]}
            try:
                read = parser.parse(answer, operation.output_shape)
            except Exception as error:  # whatever it is, botocore did not read it
                outcome.complain("not parsed by botocore", where, f"{error!r} {body!r}")
                continue
            for pointer, written, found in differences(operation.output_shape, made["payload"], read):
                member = operation.output_shape.members.get(pointer.strip("/"))
                location = member.serialization.get("location") if member else None
                if written == "absent" and location == "statusCode":
                    outcome.known["a response has a status, whether it is asked for or not"] += 1
                    continue
                if isinstance(found, io.BytesIO):
                    found = found.getvalue()
                is_body = member is not None and operation.output_shape.serialization.get("payload") == pointer.strip("/")
                if written == "absent" and is_body and found in ("", b"", {}):
                    outcome.known["botocore reads no body as an empty one"] += 1
                    continue
                if written == "absent" and found == {} and location == "headers":
                    outcome.known["botocore reads no headers as an empty map"] += 1
                    continue
                outcome.complain("read differently by botocore", where, f"{pointer}: {written!r}, found {found!r}")


# ---------------------------------------------------------------------------------------------------------------------


def extracted(wheels, name, folder):
    """The model of a service, as a file of its own. The name may say a version of botocore."""
    service, _, version = name.partition("@")
    wheel = zipfile.ZipFile(wheels / f"botocore-{version or NEWEST}-py3-none-any.whl")
    prefix = f"botocore/data/{service}/"
    files = [file for file in wheel.namelist() if file.startswith(prefix) and "/service-2.json" in file]
    if not files:
        raise SystemExit(f"{wheel.filename} has no service {service}")
    wheel.extract(max(files), folder)
    return folder / max(files)


def run(task):
    """Everything about one service."""
    name, options = task
    outcome = Outcome(name)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        source = extracted(options.wheels, name, folder)

        def shapegate(*arguments, codes=(0,)):
            command = [str(options.shapegate), arguments[0], "--model", str(source), "--no-shipped-errata", *arguments[1:]]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode not in codes:
                raise RuntimeError(f"{' '.join(command)}: {done.returncode}: {done.stderr[-2000:]}")
            return done.stdout

        def decode(recording):
            command = [str(options.decode), "decode", str(source), recording]
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout

        loaded = source.read_bytes()
        loaded = gzip.decompress(loaded) if source.suffix == ".gz" else loaded
        model = botocore.model.ServiceModel(json.loads(loaded), name.partition("@")[0])
        halves = ("--request", "--response")
        spread = max(2, math.ceil(options.count / len(model.operation_names)))
        count = str(options.flagship if name.startswith("cleanrooms") else spread)
        parsed = []
        for encoding in ("wire", "parsed"):
            schemas = folder / encoding
            shapegate("schema", "--encoding", encoding, "--out", str(schemas))
            schemas = Schemas(schemas, encoding)
            drawn = shapegate("generate", *halves, "--encoding", encoding, "--count", count)
            records = [json.loads(line) for line in drawn.splitlines()]
            judge_schemas(outcome, schemas, records)
            # The complete list for Clean Rooms; of larger services as many as payloads.
            limit = () if name.startswith("cleanrooms") else ("--count", count)
            broken = shapegate("generate", *halves, "--encoding", encoding, "--faults", *limit)
            judge_schemas(outcome, schemas, (json.loads(line) for line in broken.splitlines()))
            if encoding == "parsed":
                parsed = [record for record in records if record["direction"] == "request"]
        judge_requests(outcome, model, parsed, folder, shapegate, decode)
        hars = folder / "hars"
        shapegate("generate", "--response", "--as", "har", "--count", count, "--out", str(hars))
        judge_responses(outcome, model, sorted(hars.iterdir()))
    return outcome


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shapegate", type=Path, default=Path("target/debug/shapegate"), help="the binary")
    parser.add_argument("--decode", type=Path, default=Path("target/debug/xtask"), help="the workshop, whose task `decode` it runs")
    parser.add_argument("--wheels", type=Path, default=Path("target/wheels"), help="folder of botocore's wheels")
    parser.add_argument("--count", type=int, default=100, help="payloads of each half, spread over all operations")
    parser.add_argument("--flagship", type=int, default=20, help="payloads of each half of each operation of Clean Rooms")
    parser.add_argument("--jobs", type=int, default=2, help="services at a time")
    parser.add_argument("services", nargs="*", default=SERVICES, metavar="SERVICE[@BOTOCORE]")
    options = parser.parse_args()
    for program in (options.shapegate, options.decode):
        if not program.exists():
            parser.error(f"{program} is not there; `cargo build --workspace --bins` makes it")
    columns = ("payloads", "faults", "requests", "read", "responses", "wrong")
    print(f"{'service':24}" + "".join(f"{column:>11}" for column in columns), flush=True)
    total, known, wrong = Counter(), Counter(), []
    with ProcessPoolExecutor(options.jobs) as pool:
        for outcome in pool.map(run, [(name, options) for name in options.services]):
            print(f"{outcome.service:24}" + "".join(f"{outcome.counts[column]:>11}" for column in columns), flush=True)
            total += outcome.counts
            known += outcome.known
            wrong += outcome.wrong
    print(f"{'all':24}" + "".join(f"{total[column]:>11}" for column in columns))
    for reason, count in sorted(known.items()):
        print(f"known: {count} times, {reason}")
    for line in wrong:
        print(f"wrong: {line}")
    if not total["payloads"]:
        raise SystemExit(2)
    raise SystemExit(1 if total["wrong"] else 0)


if __name__ == "__main__":
    try:
        main()
    except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(2) from error
