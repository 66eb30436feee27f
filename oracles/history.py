"""What the releases of Clean Rooms changed, by `shapegate gate`, held against what is known of them.

Fetches the botocore wheel of each release that changed the service's model, compares each with the next one, and shows a
table. Three upgrades break something for SDKs that read models as they run; any other number, or another three, is exit
code 1. So is an embedded contract that is not its wheel's model without the prose. Exit code 2: the work could not be
done. Needs pip, and nothing else.

    cargo build && python3 oracles/history.py --wheels target/history-wheels
"""

import argparse
import concurrent.futures
import gzip
import json
import pathlib
import subprocess
import sys
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
HISTORY = ROOT / "src/ingest/embedded/cleanrooms-history.ndjson.gz"
SERVICE = "cleanrooms"
PROSE = {"documentation", "deprecatedMessage", "deprecatedSince"}

# Releases of botocore that changed the model, with their days.
RELEASES = dict(
    pair.split()
    for pair in """
    1.29.49 2023-01-12, 1.29.96 2023-03-21, 1.29.164 2023-06-29, 1.31.16 2023-07-31, 1.31.38 2023-08-30,
    1.32.0 2023-11-14, 1.33.3 2023-11-29, 1.34.78 2024-04-04, 1.34.82 2024-04-10, 1.34.147 2024-07-23,
    1.34.148 2024-07-24, 1.35.51 2024-10-29, 1.35.56 2024-11-07, 1.35.72 2024-12-02, 1.37.15 2025-03-18,
    1.37.25 2025-04-01, 1.38.6 2025-04-30, 1.39.16 2025-07-29, 1.40.13 2025-08-19, 1.40.23 2025-09-03,
    1.40.24 2025-09-04, 1.40.37 2025-09-23, 1.40.43 2025-10-01, 1.40.45 2025-10-03, 1.40.63 2025-10-30,
    1.41.6 2025-12-01, 1.42.13 2025-12-18, 1.42.20 2026-01-02, 1.42.29 2026-01-15, 1.42.52 2026-02-18,
    1.42.91 2026-04-17, 1.43.13 2026-05-21, 1.43.38 2026-06-30, 1.43.57 2026-07-27, 1.43.69 2026-08-11,
    1.43.71 2026-08-13, 1.43.116 2026-10-20, 1.43.122 2026-10-29, 1.44.2 2026-11-12,
    1.44.6 2026-11-18
    """.split(",")
)

# The upgrades that break something by default, by the release they lead to.
BREAKING = {"1.32.0", "1.40.63", "1.41.6"}


def main():
    options = arguments()
    options.wheels.mkdir(parents=True, exist_ok=True)
    fetch(options.wheels, list(RELEASES))
    if options.fetch_only:
        return 0
    wrong = upgrades(options.wheels, options.shapegate) + contracts(options.wheels)
    if options.between:
        wrong += between(options.wheels)
    for told in wrong:
        print(f"wrong: {told}")
    print("as it should be" if not wrong else f"{len(wrong)} wrong")
    return 1 if wrong else 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheels", type=pathlib.Path, required=True, help="folder of the wheels; what is missing is fetched into it")
    parser.add_argument("--shapegate", type=pathlib.Path, default=ROOT / "target/debug/shapegate", help="the command to ask")
    parser.add_argument("--fetch-only", action="store_true", help="fetch the wheels and do nothing else")
    parser.add_argument(
        "--between",
        action="store_true",
        help="look at the release before each listed one, too: its model has to be the previous listed one's (twice the wheels)",
    )
    return parser.parse_args()


def wheel(folder, version):
    return folder / f"botocore-{version}-py3-none-any.whl"


def fetch(folder, versions):
    """Fetches the wheels that are not there."""
    missing = [version for version in versions if not wheel(folder, version).exists()]
    if not missing:
        return
    print(f"fetching {len(missing)} wheels into {folder}", file=sys.stderr)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    run = lambda version: subprocess.run([*pip, f"botocore=={version}"], check=True)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(run, missing))


def upgrades(folder, shapegate):
    """Prints a row for each upgrade; returns what is wrong with the verdicts."""
    wrong = []
    print(f"{'release':<10} {'day':<10} {'breaking':>8} {'risky':>6} {'compatible':>10}  {'exit':>4}  what breaks")
    pairs = list(zip(RELEASES, list(RELEASES)[1:]))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        verdicts = list(pool.map(lambda pair: gate(shapegate, *(wheel(folder, version) for version in pair)), pairs))
    for (old, new), (code, findings) in zip(pairs, verdicts):
        count = {name: sum(one["severity"] == name for one in findings) for name in ("error", "warning", "note")}
        why = sorted({one["rule"] for one in findings if one["severity"] == "error"})
        print(f"{new:<10} {RELEASES[new]:<10} {count['error']:>8} {count['warning']:>6} {count['note']:>10}  {code:>4}  {', '.join(why)}")
        if code != (1 if new in BREAKING else 0):
            wrong.append(f"{old} to {new} has exit code {code}, and {'breaks something' if new in BREAKING else 'breaks nothing'}")
        if not findings:
            wrong.append(f"{old} to {new} has no difference, and its model did change")
    return wrong


def gate(shapegate, old, new):
    """Exit code and findings of one comparison."""
    command = [shapegate, "gate", "--from", old, "--to", new, "--service", SERVICE, "--only-rule", "*", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        print(f"{old.name} to {new.name}: {done.stderr}", file=sys.stderr)
        sys.exit(2)
    return done.returncode, json.loads(done.stdout)["findings"]


def contracts(folder):
    """Holds each embedded contract against its wheel's model."""
    releases, pool = gzip.decompress(HISTORY.read_bytes()).decode().split("\n\n")
    releases = [json.loads(line) for line in releases.splitlines()]
    pool = [json.loads(line) for line in pool.splitlines()]
    members = lambda numbers: {name: value for number in numbers for name, value in pool[number].items()}
    wrong = []
    embedded = {one["release"]: one for one in releases}
    for version, day in RELEASES.items():
        model = stripped(read(wheel(folder, version), "service-2.json"))
        one = embedded.pop(day, None)
        if one is None:
            wrong.append(f"{version} of {day} is not embedded")
            continue
        built = {**one["head"], "operations": members(one["operations"]), "shapes": members(one["shapes"])}
        # As text, so that the order of members counts.
        if json.dumps(built) != json.dumps(model):
            wrong.append(f"the embedded contract of {day} is not the model of {version}")
        paginators = read(wheel(folder, version), "paginators-1.json")["pagination"]
        if members(one["paginators"]) != paginators:
            wrong.append(f"the embedded paginators of {day} are not those of {version}")
    wrong += [f"{day} is embedded and none of the releases" for day in embedded]
    print(f"{len(releases)} embedded contracts held against their wheels; {HISTORY.stat().st_size} bytes in the binary")
    return wrong


# The last release of a line, by the first one of the next.
LAST_OF_LINE = {"1.32.0": "1.31.85"}


def between(folder):
    """Looks whether a release between two listed ones changed the model."""
    before = {}
    for old, new in zip(RELEASES, list(RELEASES)[1:]):
        major, minor, patch = map(int, new.split("."))
        version = f"{major}.{minor}.{patch - 1}" if patch > 0 else LAST_OF_LINE[new]
        if version != old:
            before[new] = (version, old)
    fetch(folder, [version for version, _ in before.values()])
    wrong = []
    for new, (version, old) in before.items():
        models = [read(wheel(folder, one), "service-2.json") for one in (version, old)]
        if stripped(models[0]) != stripped(models[1]):
            wrong.append(f"{version}, just before {new}, has another model than {old}: the list lacks a release")
    print(f"{len(before)} releases that come just before a listed one looked at")
    return wrong


def read(path, file):
    """A JSON file of the service."""
    with zipfile.ZipFile(path) as archive:
        (name,) = [
            name for name in archive.namelist() if f"/data/{SERVICE}/" in name and name.split("/")[-1].removesuffix(".gz") == file
        ]
        data = archive.read(name)
    return json.loads(gzip.decompress(data) if name.endswith(".gz") else data)


def stripped(value):
    """The value without prose: texts under one of its keys. A member of such a name is an object."""
    if isinstance(value, dict):
        return {key: stripped(inner) for key, inner in value.items() if not (key in PROSE and isinstance(inner, str))}
    return [stripped(inner) for inner in value] if isinstance(value, list) else value


if __name__ == "__main__":
    sys.exit(main())
