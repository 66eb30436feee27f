"""Runs the recorders that docs/src/record.md shows, as it shows them: `python record.py SHAPEGATE FOLDER-OF-NODE-MODULES`.

Their calls go to the loopback server of fixtures/record. What each recorded is checked: one exchange, told to be GetMembership of
Clean Rooms, and clean.
"""

import base64
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "fixtures/record"))

from canned_server import MEMBERSHIP, CannedServer  # noqa: E402

TOKEN = "testing-token"
CALL = f'await send(client(port), "GetMembership", {{ membershipIdentifier: "{MEMBERSHIP}" }});'


def shown(heading, language):
    """The first block of a language below a heading of the page."""
    page = (ROOT / "docs/src/record.md").read_text()
    section = re.split(r"^## ", page, flags=re.M)
    text = next(part for part in section if part.startswith(heading))
    return re.search(rf"^```{language}\n(.*?)^```", text, flags=re.M | re.S).group(1)


def python(folder, code, server):
    """Runs a program of boto3, to which the server is AWS."""
    environment = os.environ | {
        "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_SESSION_TOKEN": TOKEN,
        "AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": server.url,
        "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, check=True)


def javascript(folder, code, server, modules):
    """Runs a module beside the packages from npm."""
    program = modules / "shown.mjs"
    program.write_text(f'import {{ client, send }} from "./aws.mjs";\nconst port = {server.server_port};\n{code}')
    subprocess.run(["node", program.resolve()], cwd=folder, check=True)


def check(shapegate, folder):
    """What is found in a folder, which must be one call and its answer."""
    ran = subprocess.run(
        [shapegate, "check", "--no-config", "--contract", "cleanrooms@2023-08-30", "--format", "ndjson", "."],
        cwd=folder, capture_output=True, text=True,
    )
    *findings, last = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.returncode == 0 and not findings, ran.stdout + ran.stderr
    summary = last["summary"]
    assert (summary["exchanges"], summary["recordings"]) == (1, 1), summary


def is_there(text):
    """Whether a recording has the session's token, which the programs of boto3 are given."""
    # botocore sends headers as bytes, which vcrpy writes in base64.
    return any(token in text for token in [TOKEN, base64.b64encode(TOKEN.encode()).decode()])


def main():
    shapegate, modules = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    call = shown("Python: vcrpy", "python")
    # The recorder with the filter, and the same call within its cassette.
    filtered = shown("Keep headers", "python") + call.replace('vcr.VCR(record_mode="once")', "recorder")
    nock = shown("JavaScript", "js").replace("// … calls of the SDK …", CALL)
    assert "recorder.use_cassette" in filtered and CALL in nock, "the page shows something else"
    programs = {
        "vcrpy": lambda folder, server: python(folder, call, server),
        "vcrpy, with its filter": lambda folder, server: python(folder, filtered, server),
        "nock": lambda folder, server: javascript(folder, nock, server, modules),
    }
    # What keeps the token and what filters it. The JavaScript client is given none.
    keeps = {"vcrpy": True, "vcrpy, with its filter": False}
    for name, record in programs.items():
        with tempfile.TemporaryDirectory() as folder, CannedServer() as server:
            path = pathlib.Path(folder)
            for place in ("tests/cassettes", "traffic"):
                (path / place).mkdir(parents=True)
            record(path, server)
            check(shapegate, path)
            text = "".join(file.read_text() for file in path.rglob("*") if file.is_file())
            assert name not in keeps or is_there(text) == keeps[name], text
        print(f"{name}: one exchange, clean")


if __name__ == "__main__":
    main()
