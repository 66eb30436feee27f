"""A second opinion on texts that are made for patterns, by Python's `re`. Needs nothing but Python.

Reads `[[pattern, [text, …]], …]` as JSON, patterns as shapegate translates them, and writes for each the texts that do
not match; null where `re` does not take the pattern, or goes back and forth too long.
"""

import json
import re
import signal
import sys
import unicodedata


def properties():
    """Ranges of characters by general category, such as `L` and `Lu`."""
    ranges = {}
    for code in range(0x110000):
        category = unicodedata.category(chr(code))
        for name in (category[0], category):
            own = ranges.setdefault(name, [])
            if own and own[-1][1] == code - 1:
                own[-1][1] = code
            else:
                own.append([code, code])
    return ranges


def as_class(ranges):
    return "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges)


def others(ranges):
    """The characters that the ranges do not have."""
    ends = [-1] + [end for low, high in ranges for end in (low - 1, high)] + [0x10FFFF]
    pairs = zip(ends[::2], ends[1::2])
    return [(before + 1, until) for before, until in pairs if before < until]


def spelt(pattern, categories):
    """The pattern with what `re` has no word for, classes by category, as ranges."""
    out, in_class, at = [], False, 0
    while at < len(pattern):
        named = NAMED.match(pattern, at)
        if named and named[2] in categories:
            ranges = categories[named[2]]
            ranges = as_class(ranges if named[1] == "p" else others(ranges))
            out.append(ranges if in_class else f"[{ranges}]")
            at = named.end()
            continue
        length = 2 if pattern[at] == "\\" else 1
        if pattern[at] in "[]":
            in_class = pattern[at] == "["
        out.append(pattern[at : at + length])
        at += length
    return "".join(out)


NAMED = re.compile(r"\\([pP])\{(\w+)\}")


class Slow(Exception):
    """The engine goes back and forth too long."""


def stop(*_):
    raise Slow


def is_known(text):
    """Whether this Python's Unicode has each character; a later one may have made letters of others."""
    return not any(unicodedata.category(char) == "Cn" for char in text)


def judge(pattern, texts, categories):
    signal.setitimer(signal.ITIMER_REAL, 2)
    try:
        compiled = re.compile(spelt(pattern, categories), re.ASCII)
        by_category = "\\p{" in pattern or "\\P{" in pattern
        judged = [text for text in texts if not by_category or is_known(text)]
        return [text for text in judged if not compiled.fullmatch(text)] if judged else None
    except (re.error, Slow):
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def main():
    signal.signal(signal.SIGALRM, stop)
    categories = properties()
    json.dump([judge(*case, categories) for case in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
