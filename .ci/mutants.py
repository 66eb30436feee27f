"""Mutants of the modules that judge, all built at once: each is a branch in the source that a number in a file switches on.

Building the project anew for each of 150 mutants takes hours; built once, a mutant costs its tests alone. cargo-mutants names the
mutants. What it names is put where it stands, on the same line, so that errors of the compiler lead back to it: a mutant that does not
compile is taken out, as it is with cargo-mutants. The sources are changed where they stand; .ci/mutants runs this in a copy.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import tree_sitter_rust
from tree_sitter import Language, Parser

MODULES = ["rules", "contract", "protocol", "gate", "recording"]

# The tests that touch a module, by how their names begin.
TESTS = {
    "rules": "rules gate differences changing registry recordings change_rules wire_rules sentence sdk_faults outputs",
    "contract": "contract properties rules recordings specification exchanges agreement counting excuses rewrites recorders malformed "
    "credentials evidence named",
    "protocol": "protocol protocols encoding http_formats rules exchanges evidence codings specification wire_rules snapshot malformed",
    "gate": "gate approving configuring reporting coverage scale report_forms",
    "recording": "recording recordings formats lossy_formats http_formats properties_reading rules hostile nasty codings streaming "
    "evidence recorders redaction malformed documents",
}

# Reads which mutant is on once in a process. No variable of the environment: tests that start the command clear it.
SWITCH = """
pub(crate) fn mutant(number: u32) -> bool {
    static ON: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
    *ON.get_or_init(|| {
        let on = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/target/mutants/on")).unwrap_or_default();
        on.trim().parse().unwrap_or(u32::MAX)
    }) == number
}
"""


class Source:
    """A file whose mutants are put into it from its end to its beginning."""

    def __init__(self, path):
        self.path = path
        self.original = path.read_bytes()
        self.tree = Parser(Language(tree_sitter_rust.language())).parse(self.original)
        self.lines = [0]
        for line in self.original.splitlines(keepends=True):
            self.lines.append(self.lines[-1] + len(line))

    def offset(self, place):
        """The byte of a line and column, which cargo-mutants counts from 1, in characters."""
        start = self.lines[place["line"] - 1]
        line = self.original[start : self.lines[place["line"]]].decode()
        return start + len(line[: place["column"] - 1].encode())

    def enclosing(self, begin, end, kind):
        node = self.tree.root_node.descendant_for_byte_range(begin, end)
        while node is not None and node.type != kind:
            node = node.parent
        return node

    def edits(self, mutant):
        """(byte, text) to insert, or None where such a mutant cannot be switched."""
        on = f"crate::mutant({mutant['number']})"
        begin, end = self.offset(mutant["span"]["start"]), self.offset(mutant["span"]["end"])
        replacement, genre = mutant["replacement"], mutant["genre"]
        if genre == "FnValue":
            body = self.enclosing(begin, end, "block")
            if body is None or "\n" in replacement:
                return None
            return [(body.start_byte + 1, f" if {on} {{ return {replacement}; }} ")]
        if genre == "BinaryOperator":
            whole = self.enclosing(begin, end, "binary_expression")
            if whole is None:
                return self.compound(mutant, on, begin, end)
            left, right = whole.child_by_field_name("left"), whole.child_by_field_name("right")
            other = f"({self.line_of(left)}) {replacement} ({self.line_of(right)})"
            return [(whole.start_byte, f"(if {on} {{ {other} }} else {{ "), (whole.end_byte, " })")]
        if genre == "UnaryOperator":
            whole = self.enclosing(begin, end, "unary_expression")
            if whole is None:
                return None
            operand = self.line_of(whole.children[-1])
            return [(whole.start_byte, f"(if {on} {{ {replacement} ({operand}) }} else {{ "), (whole.end_byte, " })")]
        if genre == "MatchArmGuard":
            never = "true" if replacement == "true" else "false"
            if never == "true":
                return [(begin, f"{on} || ("), (end, ")")]
            return [(begin, f"!{on} && ("), (end, ")")]
        if genre == "MatchArm":
            arm = self.enclosing(begin, end, "match_arm")
            pattern = arm and arm.child_by_field_name("pattern")
            if pattern is None:
                return None
            guard = pattern.child_by_field_name("condition")
            if guard is not None:
                return [(guard.start_byte, f"!{on} && ("), (guard.end_byte, ")")]
            return [(pattern.end_byte, f" if !{on} ")]
        if genre == "StructField":
            return self.field(on, begin, end)
        return None

    def field(self, on, begin, end):
        """A field that is taken from the base which the others come from."""
        whole = self.enclosing(begin, end, "struct_expression")
        fields = whole.child_by_field_name("body").named_children
        base = next((self.line_of(field.named_children[0]) for field in fields if field.type == "base_field_initializer"), None)
        field = next((field for field in fields if field.start_byte == begin), None)
        if base is None or field is None:
            return None
        if field.type == "shorthand_field_initializer":
            name = self.line_of(field)
            return [(field.start_byte, f"{name}: if {on} {{ ({base}).{name} }} else {{ "), (field.end_byte, " }")]
        name, value = self.line_of(field.child_by_field_name("field")), field.child_by_field_name("value")
        return [(value.start_byte, f"if {on} {{ ({base}).{name} }} else {{ "), (value.end_byte, " }")]

    def compound(self, mutant, on, begin, end):
        """`a += b` as `a -= b`."""
        whole = self.enclosing(begin, end, "compound_assignment_expr")
        if whole is None:
            return None
        left, right = whole.child_by_field_name("left"), whole.child_by_field_name("right")
        other = f"{self.line_of(left)} {mutant['replacement']} {self.line_of(right)}"
        return [(whole.start_byte, f"if {on} {{ {other} }} else {{ "), (whole.end_byte, " }")]

    def line_of(self, node):
        """The text of an expression on one line; a comment to the line's end would swallow what follows."""
        lines = self.original[node.start_byte : node.end_byte].decode().splitlines()
        return " ".join(line.split(" // ")[0].strip() for line in lines if not line.strip().startswith("//"))

    def write(self, mutants):
        edits = []
        for order, mutant in enumerate(mutants):
            for place, (byte, text) in enumerate(mutant["edits"]):
                # What ends at a byte is closed before what begins there is opened; of two that begin, the outer is first.
                edits.append((byte, place, order, text.encode()))
        text, last, out = self.original, 0, []
        for byte, _, _, insert in sorted(edits, key=lambda edit: (edit[0], -edit[1], edit[2])):
            out += [text[last:byte], insert]
            last = byte
        self.path.write_bytes(b"".join(out) + text[last:])


def overlap(one, other):
    (a, b), (c, d) = one["range"], other["range"]
    return a < d and c < b


def sample(count, seed):
    """Mutants in an order that the seed alone decides, and their edits; of overlapping ones the first."""
    listed = []
    for module in MODULES:
        out = subprocess.run(
            ["cargo", "mutants", "--list", "--json", "--all-features", "--file", f"src/{module}/**", "--exclude", "**/tests.rs"],
            check=True, capture_output=True, text=True,
        ).stdout
        listed += [mutant | {"module": module} for mutant in json.loads(out)]
    total = len(listed)
    # Nothing is switched in a constant, such as what a rule's registry says of it: that is what its snapshot holds.
    listed = [m for m in listed if m["function"] and "impl fmt::Debug" not in m["function"]["function_name"]]
    listed.sort(key=lambda m: (m["file"], m["span"]["start"]["line"], m["span"]["start"]["column"], m["replacement"]))
    random.Random(seed).shuffle(listed)
    sources, chosen, passed_over = {}, [], 0
    for number, mutant in enumerate(listed):
        if len(chosen) == count:
            break
        source = sources.setdefault(mutant["file"], Source(Path(mutant["file"])))
        mutant["number"] = number
        mutant["edits"] = source.edits(mutant)
        if not mutant["edits"]:
            passed_over += 1
            continue
        places = [byte for byte, _ in mutant["edits"]]
        mutant["range"] = (min(places), max(places) + 1)
        if any(overlap(mutant, m) for m in chosen if m["file"] == mutant["file"]):
            passed_over += 1
            continue
        chosen.append(mutant)
    return total, len(listed), sources, chosen, passed_over


def describe(mutant):
    start = mutant["span"]["start"]
    name = (mutant.get("function") or {}).get("function_name", "")
    return f"{mutant['file']}:{start['line']}:{start['column']}: {mutant['genre']} {mutant['replacement']!r} in {name}"


def write(sources, chosen):
    for file, source in sources.items():
        source.write([mutant for mutant in chosen if mutant["file"] == file])


def build(sources, chosen):
    """Takes out what does not compile until the rest does."""
    out_of = []
    while True:
        write(sources, chosen)
        check = subprocess.run(
            ["cargo", "check", "--all-features", "--lib", "--message-format=json"], capture_output=True, text=True
        )
        if check.returncode == 0:
            return out_of
        bad = set()
        for line in check.stdout.splitlines():
            message = json.loads(line).get("message") or {}
            if message.get("level") == "error":
                bad |= to_blame(chosen, sources, [span for span in message["spans"] if span["is_primary"]])
        if not bad:
            sys.exit("what does not compile is no mutant:\n" + check.stderr[-3000:])
        out_of += [mutant for mutant in chosen if mutant["number"] in bad]
        chosen[:] = [mutant for mutant in chosen if mutant["number"] not in bad]
        print(f"{len(bad)} do not compile", flush=True)


def to_blame(chosen, sources, spans):
    """The mutants on the lines of an error, else those of its function: a value that is used later is told where it is used."""
    on_lines = {m["number"] for m in chosen for span in spans if holds(m, lines(m, sources), span)}
    return on_lines or {m["number"] for m in chosen for span in spans if holds(m, function(m), span)}


def lines(mutant, sources):
    all_lines = [sources[mutant["file"]].original[:byte].count(b"\n") + 1 for byte, _ in mutant["edits"]]
    return min(all_lines), max(all_lines)


def function(mutant):
    return mutant["function"]["span"]["start"]["line"], mutant["function"]["span"]["end"]["line"]


def holds(mutant, between, span):
    return Path(span["file_name"]) == Path(mutant["file"]) and between[0] <= span["line_start"] <= between[1]


def judge(mutant, switch, nextest):
    """`caught`, `missed` or `timeout`, by the unit tests of its module, then by the tests of the command."""
    switch.write_text(str(mutant["number"]))
    names = "|".join(TESTS[mutant["module"]].split())
    for binary in (f"kind(lib) and test(/^{mutant['module']}::/)", f"binary(it) and test(/^({names})::/)"):
        run = subprocess.run([*nextest, "-E", binary], capture_output=True, text=True)
        if run.returncode == 100:
            return "timeout" if "TIMEOUT" in run.stderr else "caught"
        if run.returncode not in (0, 4):
            sys.exit(f"nextest ended with {run.returncode}:\n{run.stderr[-3000:]}")
    return "missed"


def make(sources, chosen, out):
    """Builds the tests with all mutants in them; the numbers of those that do not compile."""
    library = Path("src/lib.rs")
    library_text = library.read_text()
    try:
        library.write_text("#![allow(warnings)]\n" + library_text + SWITCH)
        broken = build(sources, chosen[:])
        settings = '[profile.default]\nslow-timeout = { period = "60s", terminate-after = 2 }\nfail-fast = true\n'
        (out / "nextest.toml").write_text(settings)
        archive = ["--archive-file", out / "tests.tar.zst"]
        subprocess.run(["cargo", "nextest", "archive", "--all-features", "--lib", "--test", "it", *archive], check=True)
    finally:
        library.write_text(library_text)
        for source in sources.values():
            source.path.write_bytes(source.original)
    extract = [*archive, "--extract-to", out / "tests", "--extract-overwrite", "--workspace-remap", "."]
    subprocess.run(["cargo", "nextest", "list", *extract], check=True, stdout=subprocess.DEVNULL)
    return [mutant["number"] for mutant in broken]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int, nargs="?", default=150)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--built", action="store_true", help="go on with what an earlier run of the same count and seed has built")
    asked = parser.parse_args()
    out = Path("target/mutants")
    (out / "tests").mkdir(parents=True, exist_ok=True)
    switch, done = out / "on", out / "done.json"
    switch.write_text("")
    total, in_code, sources, chosen, passed_over = sample(asked.count, asked.seed)
    print(f"{total} mutants, {in_code} of them in code; {len(chosen)} are chosen, {passed_over} could not be switched beside those", flush=True)
    if not asked.built:
        done.write_text(json.dumps({"broken": make(sources, chosen, out)}))
    state = json.loads(done.read_text())
    broken = [mutant for mutant in chosen if mutant["number"] in state["broken"]]
    chosen = [mutant for mutant in chosen if mutant["number"] not in state["broken"]]
    verdicts = state.setdefault("verdicts", {})
    made = out / "tests/target"
    nextest = ["cargo", "nextest", "run", "--workspace-remap", ".", "--target-dir-remap", made, "--config-file", out / "nextest.toml"]
    nextest += ["--binaries-metadata", made / "nextest/binaries-metadata.json", "--cargo-metadata", made / "nextest/cargo-metadata.json"]
    nextest += ["--no-tests=pass", "--status-level", "fail", "--final-status-level", "none"]
    results = {"caught": [], "missed": [], "timeout": []}
    # Nothing is shown by tests that fail without a mutant.
    sound = state.setdefault("sound", [])
    for module in [module for module in MODULES if module not in sound]:
        if (verdict := judge({"number": "", "module": module}, switch, nextest)) != "missed":
            sys.exit(f"the tests of {module} fail without a mutant: {verdict}")
        sound.append(module)
        done.write_text(json.dumps(state))
    for number, mutant in enumerate(chosen, 1):
        began, key = time.monotonic(), str(mutant["number"])
        verdict = verdicts.get(key) or judge(mutant, switch, nextest)
        results[verdict].append(mutant)
        verdicts[key] = verdict
        done.write_text(json.dumps(state))
        print(f"{number}/{len(chosen)} {verdict} in {time.monotonic() - began:.0f} s: {describe(mutant)}", flush=True)
    for verdict, mutants in results.items():
        (out / verdict).write_text("".join(describe(mutant) + "\n" for mutant in mutants))
    (out / "unviable").write_text("".join(describe(mutant) + "\n" for mutant in broken))
    missed = len(results["missed"])
    print(f"{missed} of {len(chosen)} mutants live; {len(results['timeout'])} ran out of time; {len(broken)} do not compile")
    sys.exit(missed * 10 > len(chosen))


if __name__ == "__main__":
    main()
