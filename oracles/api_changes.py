"""A second opinion on `shapegate diff --format api-changes`.

Computes the Changes blocks of every service of two botocore wheels straight from the models' JSON, prints them with
Python's own pprint, and compares them with what shapegate prints. Exits with 1 where they differ.

    python oracles/api_changes.py OLD.whl NEW.whl
"""

import argparse
import concurrent.futures
import gzip
import json
import pprint
import subprocess
import sys
import zipfile

from extras import merge


class SortedSets(pprint.PrettyPrinter):
    """Prints a set on one line in order, which Python leaves to its hash table."""

    def format(self, value, context, maxlevels, level):
        if isinstance(value, set):
            return "{%s}" % ", ".join(repr(item) for item in sorted(value)), True, False
        return super().format(value, context, maxlevels, level)


def models(wheel):
    """The newest model of each service."""
    found = {}
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            parts = name.split("/")
            if parts[-1] in ("service-2.json", "service-2.json.gz"):
                found[parts[-3]] = name
        for service, name in found.items():
            data = archive.read(name)
            model = json.loads(gzip.decompress(data) if name.endswith(".gz") else data)
            extras = name.removesuffix(".gz").removesuffix(".json") + ".sdk-extras.json"
            if extras in archive.namelist():
                merge(model, json.loads(archive.read(extras)).get("merge", {}))
            yield service, model


def whole(shapes, name, around=()):
    """A shape that is new, with all that is in it."""
    shape = shapes[name]
    if name in around:
        return ()
    down = lambda reference: whole(shapes, reference["shape"], (*around, name))
    match shape["type"]:
        case "structure":
            return {member: down(reference) for member, reference in shape.get("members", {}).items()}
        case "list":
            return [down(shape["member"])]
        case "map":
            return {down(shape["key"]): down(shape["value"])}
        case "string":
            return " | ".join(shape["enum"]) if shape.get("enum") else "string"
        case other:
            return other


class Delta:
    """What shapes of one name gained. Pairs from which nothing new is reached are cut off."""

    def __init__(self, old, new):
        self.old, self.new, self.known = old, new, {}

    def below(self, before, after):
        one, two = self.old[before], self.new[after]
        match one["type"], two["type"]:
            case "structure", "structure":
                common = [m for m in two.get("members", {}) if m in one.get("members", {})]
                return [(one["members"][m]["shape"], two["members"][m]["shape"]) for m in common]
            case "list", "list":
                return [(one["member"]["shape"], two["member"]["shape"])]
            case "map", "map":
                return [(one["value"]["shape"], two["value"]["shape"])]
        return []

    def leads(self, pair):
        """Whether something new is reached, by whichever way."""
        if pair not in self.known:
            seen, open_pairs = set(), [pair]
            while open_pairs:
                current = open_pairs.pop()
                if current not in seen:
                    seen.add(current)
                    open_pairs += self.below(*current)
            self.known[pair] = any(self.gains(*current) for current in seen)
        return self.known[pair]

    def gains(self, before, after):
        one, two = self.old[before], self.new[after]
        if two["type"] == "structure":
            known = one.get("members", {}) if one["type"] == "structure" else {}
            return any(member not in known for member in two.get("members", {}))
        return one["type"] == two["type"] == "string" and bool(set(two.get("enum", [])) - set(one.get("enum", [])))

    def of(self, before, after, around=()):
        if after in around or not self.leads((before, after)):
            return None
        one, two, around = self.old[before], self.new[after], (*around, after)
        if two["type"] == "structure":
            if one["type"] != "structure":
                return whole(self.new, after)
            gained = {}
            for member, reference in two.get("members", {}).items():
                if member not in one.get("members", {}):
                    gained[member] = whole(self.new, reference["shape"])
                elif delta := self.of(one["members"][member]["shape"], reference["shape"], around):
                    gained[member] = delta
            return gained
        if two["type"] == "string" and one["type"] == "string":
            return set(two.get("enum", [])) - set(one.get("enum", []))
        for pair in self.below(before, after):
            return self.of(*pair, around)
        return None


def blocks(old, new):
    """Headings and Changes blocks, as shapegate orders them."""
    show = SortedSets().pformat
    known = old["operations"] if old else {}
    out = [f"{name}\u00a0(new) Link ¶\n" for name in sorted(new["operations"]) if name not in known]
    delta = Delta(old["shapes"], new["shapes"]) if old else None
    for name in sorted(name for name in new["operations"] if name in known):
        roots = [new["operations"][name].get(half, {}).get("shape") for half in ("input", "output")]
        request, response = (delta.of(root, root) if root in old["shapes"] else None for root in roots)
        if request and response and request == response:
            changes = f"Changes (both)\n{show(request)}"
        elif request and response:
            changes = f"Changes (request, response)\nRequest\n{show(request)}\nResponse\n{show(response)}"
        elif request or response:
            changes = f"Changes ({'request' if request else 'response'})\n{show(request or response)}"
        else:
            continue
        out.append(f"{name}\u00a0(updated) Link ¶\n{changes}\n")
    return "\n".join(out)


def printed(shapegate, old, new, service):
    """What shapegate shows above the line, from the first heading on."""
    command = [shapegate, "diff", "--no-shipped-errata", "--format", "api-changes", "--service", service, "--from", old, "--to", new]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    page = text.split("\n---")[0]
    start = page.find("api methods\n\n")
    return "" if start < 0 else page[start + len("api methods\n\n") :]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--shapegate", default="target/debug/shapegate")
    arguments = parser.parse_args()
    old, new = dict(models(arguments.old)), dict(models(arguments.new))
    changed = [service for service in sorted(new) if old.get(service) != new[service]]
    operations = differ = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda service: printed(arguments.shapegate, arguments.old, arguments.new, service), changed)
    for service, found in zip(changed, found, strict=True):
        expected = blocks(old.get(service), new[service])
        operations += expected.count("Link ¶")
        if expected.rstrip("\n") != found.rstrip("\n"):
            differ += 1
            print(f"{service}: differs")
            pairs = zip(expected.split("\n"), found.split("\n"))
            print("\n".join(next(([f"  pprint    {a}", f"  shapegate {b}"] for a, b in pairs if a != b), ["  in length"])))
    print(f"{len(changed)} services that changed, {operations} operations on their pages, {differ} services differ")
    if operations == 0:
        sys.exit("no page has an operation: nothing was compared")
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
