"""Checks recorded AWS traffic with shapegate on Apache Spark.

    spark-submit shapegate_spark.py files --out report/ PATH…     one process for each file: HAR, cassettes, logs, packed or not
    spark-submit shapegate_spark.py table --out report/ TABLE…    one process for each partition: records in Parquet and the like

`report/kind=finding` receives each finding, `report/kind=part` what `shapegate merge` adds up, as lines of JSON in any order. A task that
fails is run again, and Spark drops what it had written: nothing is lost or counted twice. At its end the program prints the verdict on
the whole, by `shapegate merge`, and has its exit code.
"""

import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile
import threading

SCHEMA = "kind string, id string, report string"
FINDING, PART = "finding", "part"


class Failed(Exception):
    """shapegate could not do its work. The message is its own."""


def check(options, paths, lines=()):
    """Runs `check` on paths, with lines for its standard input, and yields what it reports: kind and line of JSON."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as told:
        part = os.path.join(folder, "part.json")
        reports = ["--report", "ndjson", "--report", f"part={part}"]
        command = [*shlex.split(options.shapegate), "check", "--quiet", *reports, *options.arguments, "--", *paths]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=told)
        feeder = threading.Thread(target=feed, args=(process.stdin, lines), daemon=True)
        feeder.start()
        for line in process.stdout:
            # The last one has no rule; the part says the same and more.
            if b'"rule":' in line[:8]:
                yield FINDING, line.decode()
        feeder.join()
        # 1 says that there are findings, which is what they are for.
        if process.wait() not in (0, 1):
            told.seek(0)
            raise Failed(told.read().decode(errors="replace").strip())
        with open(part, encoding="utf-8") as file:
            yield PART, file.read().rstrip("\n")


def feed(stdin, lines):
    try:
        with stdin:
            for line in lines:
                stdin.write(line)
    except BrokenPipeError:
        pass  # It has said why, and its exit code is read.


# ---- records in a table ----


def line_of(row):
    """A row as one line: its column `record`, or a payload record of the columns of that name."""
    if "record" in row:
        text = row["record"]
    elif row.get("payload") is None:
        text = None
    else:
        named = {name: row[name] for name in ("service", "operation", "direction", "encoding") if row.get(name) is not None}
        # The payload stays as it is: reading and writing it would lose what is wrong with it.
        text = json.dumps(named)[:-1] + ', "payload": ' + row["payload"] + "}"
    # Within JSON a line's end is white space. A row that holds nothing is reported as what it is.
    return ("null" if text is None else text.replace("\n", " ").replace("\r", " ")).encode() + b"\n"


def judge_partition(batches, options):
    """Judges the rows of a partition by one process; findings name the row by its column `id`."""
    import pyarrow

    ids, lines = [], rows_of(batches)
    first = next(lines, None)
    if first is None:
        return
    ids.append(first[0])

    def all_lines():
        yield first[1]
        for one, line in lines:
            ids.append(one)
            yield line

    rows = []
    for kind, line in check(options, ["-"], all_lines()):
        at = json.loads(line)["location"].get("line") if kind == FINDING else None
        rows.append((kind, ids[at - 1] if at else None, line))
    columns = list(zip(*rows)) or [[], [], []]
    yield pyarrow.RecordBatch.from_arrays([pyarrow.array(column, pyarrow.string()) for column in columns], ["kind", "id", "report"])


def rows_of(batches):
    """Rows by their id and line."""
    for batch in batches:
        for row in batch.to_pylist():
            yield (None if row.get("id") is None else str(row["id"])), line_of(row)


def judge_table(spark, frame, options):
    """The report on a table with a column `record`, or with `service`, `operation`, `direction` and `payload`; `id` names rows."""
    names = [name for name in ("id", "record", "service", "operation", "direction", "encoding", "payload") if name in frame.columns]
    if "record" not in names and not {"service", "operation", "direction", "payload"} <= set(names):
        raise SystemExit(f"the table has neither a column `record` nor service, operation, direction and payload, but {frame.columns}")
    if options.partitions:
        frame = frame.repartition(options.partitions)
    return frame.select(*names).mapInArrow(lambda batches: judge_partition(batches, options), SCHEMA)


# ---- files ----


def judge_file(path, options):
    for kind, line in check(options, [path]):
        yield kind, path, line


def judge_content(row, options):
    """A file that lies where only Spark can read it."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, os.path.basename(row.path))
        with open(path, "wb") as file:
            file.write(row.content)
        for kind, _, line in judge_file(path, options):
            yield kind, row.path, line.replace(json.dumps(path), json.dumps(row.path))


def judge_files(spark, paths, options):
    """The report on recordings, a process for each. Folders are walked; other schemes than `file:` are read by Spark."""
    local = [path.removeprefix("file://") for path in paths if "://" not in path or path.startswith("file://")]
    files = [file for path in local for file in walk(path)]
    parts = []
    if files:
        # A partition for each file: one that is large keeps nobody else waiting.
        parts.append(spark.sparkContext.parallelize(files, len(files)).flatMap(lambda path: judge_file(path, options)))
    for path in paths:
        if "://" in path and not path.startswith("file://"):
            content = spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(path).select("path", "content")
            parts.append(content.rdd.flatMap(lambda row: judge_content(row, options)))
    return spark.createDataFrame(spark.sparkContext.union(parts), SCHEMA)


def walk(path):
    if not os.path.isdir(path):
        return [path]
    return sorted(os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names)


# ---- the whole ----


def merge(options, parts, report):
    """The verdict on all parts, printed by `shapegate merge`; its exit code."""
    command = [*shlex.split(options.shapegate), "merge", "--report", report, *options.judging, "-"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE)
    feed(process.stdin, (part.encode() + b"\n" for part in parts))
    return process.wait()


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["files", "table"])
    parser.add_argument("paths", nargs="+", metavar="PATH")
    parser.add_argument("--out", required=True, metavar="FOLDER", help="folder for the report; must not be there")
    parser.add_argument("--format", default="parquet", help="format of the table, as Spark names it")
    parser.add_argument("--partitions", type=int, help="partitions of the table, where it should not be read as it lies")
    parser.add_argument("--shapegate", default="shapegate", help="the command on the executors")
    parser.add_argument("--arguments", default="", help="further options of `check`, such as '--model botocore.whl --coverage'")
    parser.add_argument("--judging", default="", help="further options of `merge`, such as '--approvals known.toml --min operations=6'")
    parser.add_argument("--report", default="text", help="how the verdict on the whole is printed")
    options = parser.parse_args(arguments)
    options.arguments, options.judging = shlex.split(options.arguments), shlex.split(options.judging)

    from pyspark.sql import SparkSession

    spark = SparkSession.builder.appName("shapegate").getOrCreate()
    if options.what == "files":
        report = judge_files(spark, options.paths, options)
    else:
        report = judge_table(spark, spark.read.format(options.format).load(options.paths), options)
    # Written once, and read again for the whole: what a task wrote counts only once Spark has taken it.
    report.write.partitionBy("kind").json(options.out)
    parts = spark.read.schema("id string, report string, kind string").json(options.out).where(f"kind = '{PART}'")
    return merge(options, (row.report for row in parts.select("report").toLocalIterator()), options.report)


if __name__ == "__main__":
    sys.exit(main())
