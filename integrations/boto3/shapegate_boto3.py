"""Records what a boto3 session sends and gets as shapegate's exchange records, redacted as they are written.

    session = boto3.Session()
    shapegate_boto3.record(session, "traffic/calls.ndjson")
"""

import base64
import datetime
import json
import os
import re
import threading

SECRET = re.compile("password|passphrase|secret|token|credential|privatekey|authorization", re.IGNORECASE)
ACCESS_KEY = re.compile(r"\b(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA|ANVA|ASCA|APKA|ABIA|ACCA)[A-Z0-9]{16,17}\b")


def record(session, path):
    """Appends a line to the file for each call of the session's clients that is answered. Call it before clients are made."""
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    lock = threading.Lock()

    def sent(params, context, **_):
        # Clients share the context of a call among its hooks.
        context["shapegate"] = dict(params)

    def answered(http_response, parsed, model, context, **_):
        line = json.dumps(exchange(http_response, parsed, model, context.get("shapegate") or {}), ensure_ascii=False)
        with lock, open(path, "a", encoding="utf-8") as file:
            file.write(line + "\n")

    # Behind what botocore itself puts into the parameters, such as idempotency tokens.
    session.events.register_last("before-parameter-build.*.*", sent)
    session.events.register("after-call.*.*", answered)


def exchange(http_response, parsed, operation, params):
    """The record of one call."""
    failed = http_response.status_code >= 300
    output, body = operation.output_shape, None
    in_body = output is None or not any("location" in m.serialization for m in output.members.values()) and not output.serialization.get("payload")
    if operation.service_model.metadata["protocol"] in ("json", "rest-json") and in_body:
        try:
            body = json.loads(http_response.content or b"{}")
        except ValueError:
            pass
    encoding = "wire" if isinstance(body, dict) else "parsed"
    if encoding == "parsed":
        body = {name: value for name, value in parsed.items() if name not in ("ResponseMetadata", "Error")}
    if failed:
        code = parsed.get("Error", {}).get("Code", "")
        shapes = operation.error_shapes
        output = next((one for one in shapes if code in (one.name, one.error_code)), None)
        body = {"code": code, **{name: value for name, value in body.items() if name != "__type"}}
    return {
        "service": operation.service_model.service_name,
        "operation": operation.name,
        "recordedAt": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "request": value(operation.input_shape, params, encoding),
        "error" if failed else "response": value(output, body, "parsed" if encoding == "parsed" else "as it is"),
        "status": http_response.status_code,
        "encoding": encoding,
    }


def value(shape, given, encoding, name="", secret=False):
    """A value as JSON, without what is secret. `encoding` is `parsed`, `wire`, or `as it is` for what came as JSON already."""
    secret = secret or bool(SECRET.search(name)) or bool(shape is not None and shape.metadata.get("sensitive"))
    kind = shape.type_name if shape is not None else None
    if isinstance(given, dict):
        return dict(filter(None, (member(shape, kind, key, one, encoding, secret) for key, one in given.items())))
    if isinstance(given, (list, tuple)):
        return [value(shape.member if kind == "list" else None, one, encoding, name, secret) for one in given]
    if isinstance(given, datetime.datetime):
        form = (shape.serialization.get("timestampFormat") if shape is not None else None) or "unixTimestamp"
        given = given.timestamp() if encoding == "wire" and form == "unixTimestamp" else given.isoformat()
    elif isinstance(given, (bytes, bytearray)) or kind == "blob" and encoding != "as it is":
        given = base64.b64encode(given if isinstance(given, (bytes, bytearray)) else str(given).encode()).decode()
    # Values of an enumeration are no secrets of anybody.
    return masked(given, secret and given not in getattr(shape, "enum", []))


def member(shape, kind, key, given, encoding, secret):
    """A member of a structure or map under its name; `None` for a stream."""
    if hasattr(given, "read"):
        return None
    if kind != "structure":
        return key, value(shape.value if kind == "map" else None, given, encoding, key, secret or shape is None)
    known = shape.members
    if encoding == "as it is":
        known = {one.serialization.get("name", name): one for name, one in known.items()}
    one = known.get(key)
    name = one.serialization.get("name", key) if one is not None and encoding == "wire" else key
    # What the model does not know may hold anything; the code of an error is none.
    is_code = key in ("code", "message", "Message") and isinstance(given, str)
    return name, value(one, given, encoding, key, secret or one is None and not is_code)


def masked(given, secret):
    """A scalar of the same length and kind, so that it is judged as it was."""
    if isinstance(given, str):
        return ACCESS_KEY.sub(lambda found: "X" * len(found[0]), hidden(given) if secret else given)
    return 0 if secret and type(given) in (int, float) else given


def hidden(text):
    """Letters and digits by others; dates, identifiers and ARNs, which keep service, region and types, stay such."""
    if re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d", text):
        return "2000-01-01" + text[10] + "00:00:00" + text[19:]
    if text.startswith("arn:") and text.count(":") >= 5:
        *head, account, resource = text.split(":", 5)
        parts = re.split("([/:])", resource)
        # A type stands before a part that has a digit, which is an identifier.
        kept = [part if at == 0 < len(parts) - 1 or re.search("[0-9]", "".join(parts[at + 2 : at + 3])) else hidden(part) for at, part in enumerate(parts)]
        return ":".join([*head, re.sub("[0-9]", "1", account), "".join(kept)])
    digit, lower = ("1", "a") if re.fullmatch("(?=.*[0-9])[0-9a-fA-F-]{8,}", text) else ("0", "x")
    return re.sub("[a-z]", lower, re.sub("[A-Z]", lower.upper(), re.sub("[0-9]", digit, text)))
