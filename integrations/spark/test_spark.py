"""Holds shapegate_spark to its word: `python test_spark.py SHAPEGATE [RECORDS]`, with pyspark, pyarrow and Java.

A standalone master and two workers on loopback judge records in Parquet, while one worker is killed half-way; then recordings as files. What they
report is compared with a single run: no finding is lost or counted twice, and the sum is the same.
"""

import collections
import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import time

import pyarrow
import pyarrow.parquet
import pyspark

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SPARK = pathlib.Path(pyspark.__file__).parent
CONTRACT = ["--contract", "cleanrooms@2023-08-30"]
FILES = 32
sys.path.append(str(HERE))

import shapegate_spark  # noqa: E402


def records(count):
    """Lines that keep the contract, and one in fifty that does not."""
    clean = (ROOT / "fixtures/recordings/cleanrooms/payloads.ndjson").read_text().splitlines()
    faulty = [line for path in sorted((ROOT / "fixtures/faulty/cleanrooms/payloads").glob("*.ndjson")) for line in path.read_text().splitlines()]
    for number in range(count):
        yield faulty[number // 50 % len(faulty)] if number % 50 == 7 else clean[number % len(clean)]


class Cluster:
    """A master and two workers, each with one core and a process group of its own."""

    def __init__(self, folder):
        self.environment = {
            **os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable, "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_LOG_DIR": str(folder), "SPARK_HOME": str(SPARK), "SPARK_WORKER_DIR": str(folder / "work"),
        }
        self.folder, self.started = folder, []

    def __enter__(self):
        try:
            self.begin()
        except BaseException:
            self.end()
            raise
        return self

    def begin(self):
        self.master = self.start("master.Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
        self.url = self.said(self.master, "Starting Spark master at ")
        self.workers = [self.start("worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1g", "--webui-port", "0", self.url) for _ in range(2)]
        for worker in self.workers:
            self.said(worker, "Successfully registered with master ")

    def start(self, name, *arguments):
        log = open(self.folder / f"{name}-{len(self.started)}.log", "w+b")
        command = [str(SPARK / "bin/spark-class"), f"org.apache.spark.deploy.{name}", *arguments]
        process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        process.log = log.name
        self.started.append(process)
        return process

    def said(self, process, words):
        """What stands behind these words in a log, once it does."""
        for _ in range(1200):
            text = pathlib.Path(process.log).read_text(errors="replace")
            if words in text:
                return text.split(words, 1)[1].split()[0]
            assert process.poll() is None, text
            time.sleep(0.1)
        raise AssertionError(f"{words!r} is not in {text}")

    def submit(self, *arguments):
        """A running job; its standard output is the sum, its standard error the driver's log."""
        command = [str(SPARK / "bin/spark-submit"), "--master", self.url, "--driver-memory", "512m", "--executor-memory", "512m",
                   "--conf", "spark.driver.host=127.0.0.1", "--conf", "spark.driver.bindAddress=127.0.0.1", "--conf", "spark.ui.enabled=false",
                   str(HERE / "shapegate_spark.py"), *arguments, "--report", "json", "--judging=--no-config"]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=open(self.folder / "driver.log", "w+b"), start_new_session=True)

    def log(self):
        return (self.folder / "driver.log").read_text(errors="replace")

    def kill(self, process):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()

    def end(self):
        for process in reversed(self.started):
            self.kill(process)

    def __exit__(self, *_):
        self.end()


def read(out):
    """What a job has written: findings by row, and the number of parts."""
    found, parts = collections.Counter(), 0
    for path in pathlib.Path(out).rglob("*.json"):
        for line in path.read_text().splitlines():
            row = json.loads(line)
            report = json.loads(row["report"])
            parts += "part" in report
            if "rule" in report:
                found[row["id"], report["rule"], report["pointer"], report["fingerprint"]] += 1
    return found, parts


def whole(printed):
    """The summary of the verdict that a job prints last; Python's own warnings may stand before it."""
    text = printed.decode()
    return json.loads(text[text.index('{"report":') if '{"report":' in text else text.index("{\n") :])["summary"]


def seconds_of(children_before):
    own = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime - children_before


def single(shapegate, path):
    """The same by one process: findings by row, the summary, processor seconds."""
    before = seconds_of(0)
    ran = subprocess.run([shapegate, "check", "--quiet", "--no-config", "--report", "ndjson", *CONTRACT, "-"], stdin=open(path, "rb"), capture_output=True)
    *findings, last = [json.loads(line) for line in ran.stdout.splitlines()]
    found = collections.Counter((str(one["location"]["line"] - 1), one["rule"], one["pointer"], one["fingerprint"]) for one in findings)
    return found, last["summary"], seconds_of(before)


def table(cluster, shapegate, folder, count):
    lines = list(records(count))
    (folder / "all.ndjson").write_text("".join(line + "\n" for line in lines))
    size = (folder / "all.ndjson").stat().st_size
    (folder / "table").mkdir()
    step = -(-count // FILES)
    for number in range(0, count, step):
        part = lines[number : number + step]
        rows = pyarrow.table({"id": pyarrow.array(range(number, number + len(part)), pyarrow.int64()), "record": part})
        pyarrow.parquet.write_table(rows, folder / "table" / f"{number:08}.parquet")
    expected, summary, alone = single(shapegate, folder / "all.ndjson")
    print(f"one process: {count} records ({size / 1e6:.0f} MB), {sum(expected.values())} findings, {alone:.1f} s of processor time")

    before = time.process_time()
    for path in sorted((folder / "table").iterdir()):
        for _ in shapegate_spark.rows_of(pyarrow.parquet.read_table(path).to_batches(10_000)):
            pass
    handing = time.process_time() - before
    per_terabyte = (alone + handing) / size * 1e12 / 3600
    print(f"handing rows over takes {handing:.1f} s more: {per_terabyte:.1f} core-hours for a terabyte of records, before Spark's own work")

    out = folder / "report"
    started = time.monotonic()
    job = cluster.submit("table", "--out", str(out), "--partitions", str(FILES), "--shapegate", shapegate, "--arguments", " ".join(["--no-config", *CONTRACT]), str(folder / "table"))
    # Half-way: some tasks have handed over what they wrote, and others run.
    finished = 0
    while finished < FILES // 4:
        assert job.poll() is None, cluster.log()
        time.sleep(0.05)
        finished = len(list(out.glob("_temporary/*/task_*")))
    cluster.kill(cluster.workers[0])
    killed = time.monotonic() - started
    printed, _ = job.communicate(timeout=600)
    assert job.returncode == 1, cluster.log()
    lost = [line for line in cluster.log().splitlines() if "Lost executor" in line]
    assert lost, cluster.log()
    found, parts = read(out)
    print(f"two workers, one killed after {killed:.0f} s with {finished} of {FILES} parts written: {sum(found.values())} findings in {parts} parts, {time.monotonic() - started:.0f} s")
    assert finished < FILES and parts == FILES, parts
    assert found == expected, (found - expected, expected - found)
    assert max(found.values()) == max(expected.values())
    # Each process reads a recording; all else is the same.
    sum_ = whole(printed)
    assert sum_.pop("recordings") == FILES and summary.pop("recordings") == 1
    assert sum_ == summary, (sum_, summary)
    print(f"the verdict of `shapegate merge` is that of the one process: {json.dumps(sum_)}")


def files(cluster, shapegate, folder):
    paths = [ROOT / "fixtures/recordings/cleanrooms-http", ROOT / "fixtures/faulty/cleanrooms/exchanges", ROOT / "fixtures/moto/cleanrooms.har"]
    wanted = [str(path) for path in paths]
    names = [name for path in wanted for name in shapegate_spark.walk(path)]
    # Files that are no recordings, or parts of others, are for a folder as a whole.
    kept = [name for name in names if subprocess.run([shapegate, "check", "--quiet", "--no-config", *CONTRACT, name], capture_output=True).returncode != 2]
    ran = subprocess.run([shapegate, "check", "--quiet", "--no-config", "--report", "ndjson", *CONTRACT, *kept], capture_output=True)
    *findings, last = [json.loads(line) for line in ran.stdout.splitlines()]
    expected = collections.Counter((one["location"]["file"], one["rule"], one["pointer"], one["fingerprint"]) for one in findings)
    out = folder / "files"
    job = cluster.submit("files", "--out", str(out), "--shapegate", shapegate, "--arguments", " ".join(["--no-config", *CONTRACT]), *kept)
    printed, _ = job.communicate(timeout=600)
    assert job.returncode == 1, cluster.log()
    (found, parts), sum_ = read(out), whole(printed)
    assert parts == len(kept) and found == expected, (found - expected, expected - found)
    assert sum_ == last["summary"], (sum_, last["summary"])
    print(f"{parts} files, a process for each: {sum(found.values())} findings, the sum is that of one run over all")


def main():
    shapegate, count = str(pathlib.Path(sys.argv[1]).resolve()), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    print(f"pyspark {pyspark.__version__}")
    # Whoever ends this ends the cluster.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory() as name, Cluster(pathlib.Path(name)) as cluster:
        table(cluster, shapegate, pathlib.Path(name), count)
        files(cluster, shapegate, pathlib.Path(name))


main()
