"""Holds shapegate_boto3 to its word: `python test_recording.py SHAPEGATE`, with boto3 and a shapegate that is built.

The calls of `fixtures/record` go to its loopback server, and what is recorded of them is checked: clean where the server keeps
the contract, the expected rule at the expected place where it does not, and no secret in any line.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE.parents[1] / "fixtures/record")]
# A word that is no key; the key is put together here, so that nothing like one stands in a file.
os.environ.update(
    AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing", AWS_DEFAULT_REGION="us-east-1", AWS_EC2_METADATA_DISABLED="true",
    AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull,
)
KEY = "AKIA" + "Q" * 16

import boto3  # noqa: E402
import botocore.exceptions  # noqa: E402
from botocore.config import Config  # noqa: E402

import calls  # noqa: E402
import faults  # noqa: E402
import shapegate_boto3  # noqa: E402
from canned_server import CannedServer  # noqa: E402

CONFIG = Config(retries={"total_max_attempts": 1}, parameter_validation=False)


def method(client, operation):
    return getattr(client, next(name for name, one in client.meta.method_to_api_mapping.items() if one == operation))


def make(client, operation, params):
    """Whether boto3 gave an answer or a modelled error, rather than up."""
    try:
        method(client, operation)(**params)
    except botocore.exceptions.ClientError:
        pass
    except Exception:
        return False
    return True


def check(shapegate, path, *options):
    ran = subprocess.run([shapegate, "check", "--format", "ndjson", "--no-config", *options, path], capture_output=True, text=True)
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    assert lines, ran.stderr
    return lines[:-1], lines[-1]["summary"]


def clean_calls(shapegate, folder):
    path = str(folder / "clean" / "calls.ndjson")
    session = boto3.Session()
    shapegate_boto3.record(session, path)
    with CannedServer() as server:
        client = session.client("cleanrooms", endpoint_url=server.url, config=CONFIG)
        made = [make(client, one.operation, one.params) for one in calls.CALLS + calls.ERROR_CALLS]
    findings, summary = check(shapegate, path, "--contract", "cleanrooms@2023-08-30")
    assert all(made) and not findings, findings
    assert summary["exchanges"] == len(made), summary
    print(f"{len(made)} calls that keep the contract: {len(findings)} findings")


def faulty_calls(shapegate, folder):
    found, otherwise, unanswered, silent = 0, 0, 0, []
    for number, fault in enumerate(faults.RESPONSE_FAULTS.values()):
        path = str(folder / "faulty" / f"{number}.ndjson")
        session = boto3.Session()
        shapegate_boto3.record(session, path)
        one = calls.call(fault.operation, fault.twin)
        with CannedServer() as server:
            client = session.client("cleanrooms", endpoint_url=f"{server.url}/_fault/{fault.key}", config=CONFIG)
            if not make(client, one.operation, one.params):
                unanswered += 1  # boto3 raised while it read the answer, before any hook.
                continue
        findings, _ = check(shapegate, path, "--contract", "cleanrooms@2023-08-30")
        rules = {(finding["rule"], finding["pointer"]) for finding in findings}
        if set(fault.expected) & rules:
            found += 1
        elif rules:
            otherwise += 1  # A body that is cut off lacks its members; placebo's own fault is the wire's without its mask.
        else:
            silent.append(fault.key)
    print(
        f"{len(faults.RESPONSE_FAULTS)} faulty answers: {found} found by rule and place, {otherwise} by another rule,"
        f" {unanswered} that boto3 cannot read are not recorded, silent: {silent}"
    )
    # JSON as Python reads it keeps the last of two members of one name.
    assert found >= 64 and otherwise <= 3 and unanswered <= 7, (found, otherwise, unanswered)
    assert all("duplicate-key" in key for key in silent) and len(silent) == 2, silent


class Secrets(BaseHTTPRequestHandler):
    """Answers two services with secrets: Secrets Manager in awsJson, STS in awsQuery."""

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        if "x-amz-target" in self.headers:
            body = json.dumps({
                "ARN": "arn:aws:secretsmanager:us-east-1:111122223333:secret:one-AbCdEf", "Name": "one", "VersionId": "0" * 32,
                "SecretString": "correct horse battery staple", "Unmodelled": {"anything": "correct horse"}, "CreatedDate": 1693476000.5,
            })
        else:
            body = (
                '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>'
                f"<AccessKeyId>{KEY}</AccessKeyId><SecretAccessKey>correct/horse</SecretAccessKey><SessionToken>correct+horse</SessionToken>"
                "<Expiration>2023-09-01T10:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
            )
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


def secrets(folder):
    path = str(folder / "secrets" / "calls.ndjson")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Secrets)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    session = boto3.Session()
    shapegate_boto3.record(session, path)
    url = f"http://127.0.0.1:{server.server_port}"
    manager = session.client("secretsmanager", endpoint_url=url, config=CONFIG)
    assert make(manager, "GetSecretValue", {"SecretId": "one"})
    assert make(manager, "PutSecretValue", {"SecretId": "one", "SecretBinary": b"correct horse", "ClientRequestToken": KEY + "x" * 20})
    sts = session.client("sts", endpoint_url=url, config=CONFIG)
    assert make(sts, "AssumeRole", {"RoleArn": "arn:aws:iam::111122223333:role/one", "RoleSessionName": KEY})
    server.shutdown()
    text = pathlib.Path(path).read_text()
    for secret in ("correct", "horse", KEY, "Y29ycmVjdC"):
        assert secret not in text, f"{secret} is in {text}"
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["encoding"] for line in lines] == ["wire", "wire", "parsed"], text
    # What is masked keeps its length and kind, and what is no secret stays.
    assert lines[0]["response"]["SecretString"] == "xxxxxxx xxxxx xxxxxxx xxxxxx", text
    assert lines[0]["response"]["Unmodelled"] == {"anything": "xxxxxxx xxxxx"} and lines[0]["response"]["Name"] == "one", text
    assert lines[2]["response"]["Credentials"]["Expiration"].startswith("2000-01-01T00:00:00"), text
    print(f"{len(lines)} calls with secrets: none of them in the file")


def main():
    shapegate = str(pathlib.Path(sys.argv[1]).resolve())
    print(f"boto3 {boto3.__version__}")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        clean_calls(shapegate, folder)
        faulty_calls(shapegate, folder)
        secrets(folder)


main()
