"""A class graded by a real Dask scheduler and worker processes, one of which is killed."""

import json
import os
import pickle
import subprocess
import sys
import time

import pytest

from autograder import class_grading, executors
from autograder.class_grading import find_work
from autograder.executors import ClusterError
from tests.classroom import BIN, sample_named
from tests.listening import free_port

pytest.importorskip("distributed", reason="needs lossgrad[cluster]")
pytestmark = pytest.mark.server

SECONDS_TO_START = 60
HANDFUL = ("all-right", "deleted-cells", "missing-mean", "syntax-error", "works-in-place")
COPIES = 2


class Cluster:
    """A scheduler and workers on loopback, in a folder of their own."""

    def __init__(self, folder):
        self.folder = folder
        self.workers = []
        port = str(free_port())
        self.address = f"tcp://127.0.0.1:{port}"
        self.scheduler = self.start("scheduler", "--host", "127.0.0.1", "--port", port)

    def start(self, kind, *options, python=()):
        # Nothing of the course: no folder, no variables, no path to this repository.
        own = {"HOME": str(self.folder), "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
        command = [*python, BIN / "dask"] if python else [BIN / "dask"]
        with (self.folder / "log").open("a") as log:
            return subprocess.Popen(
                [*command, kind, *options, "--no-dashboard"],
                cwd=self.folder,
                env=own,
                stdout=log,
                stderr=log,
            )

    def add_worker(self, python=()):
        options = ("--nthreads", "1", "--no-nanny", "--host", "127.0.0.1")
        self.workers.append(self.start("worker", self.address, *options, python=python))

    def wait(self, count):
        from distributed import Client

        deadline = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                with Client(self.address, timeout=5, set_as_default=False) as client:
                    client.wait_for_workers(count, timeout=SECONDS_TO_START)
                    return
            except OSError:
                assert time.monotonic() < deadline, (self.folder / "log").read_text()
                time.sleep(0.1)  # there is nothing to wait on before it listens

    def close(self):
        for process in (*self.workers, self.scheduler):
            process.kill()
        for process in (*self.workers, self.scheduler):
            process.wait()


@pytest.fixture
def cluster(tmp_path):
    folder = tmp_path / "cluster"
    folder.mkdir()
    cluster = Cluster(folder)
    yield cluster
    cluster.close()


@pytest.fixture
def course(released, tmp_path):
    """Several times the same handful, as different students."""
    course = released.copy_to(tmp_path / "course")
    for name in HANDFUL:
        path = course.submit(sample_named("mse", name))
        for number in range(1, COPIES):
            copy = course.submitted(f"{name}-{number}", "mse")
            copy.parent.mkdir(parents=True)
            for file in path.parent.iterdir():
                (copy.parent / file.name).write_bytes(file.read_bytes())
    return course


def start_grading(course, address):
    return subprocess.Popen(
        [BIN / "lossgrad", "grade", "mse", "--scheduler", address, "--json"],
        cwd=course.root,
        env=course.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_worker_killed_in_the_middle_costs_nothing(course, cluster):
    cluster.add_worker()
    cluster.add_worker()
    cluster.wait(2)
    with start_grading(course, cluster.address) as process:
        lines = [process.stdout.readline()]
        cluster.workers[0].kill()
        lines += process.stdout
        errors = process.stderr.read()
    assert process.returncode == 0, errors
    results = [json.loads(line) for line in lines]
    expected = {
        name if number == 0 else f"{name}-{number}": sample_named("mse", name).score
        for name in HANDFUL
        for number in range(COPIES)
    }
    assert len(results) == len(expected)
    assert {result["student"]: result["score"] for result in results} == expected
    assert {name: course.score(name, "mse") for name in expected} == expected


def test_a_scheduler_that_goes_is_told_and_nothing_is_lost(course, cluster):
    cluster.add_worker()
    cluster.wait(1)
    with start_grading(course, cluster.address) as process:
        first = [json.loads(process.stdout.readline())]
        cluster.scheduler.kill()
        first += [json.loads(line) for line in process.stdout]
        errors = process.stderr.read()
    assert process.returncode == 1, errors
    assert "is gone" in errors
    assert "Traceback" not in errors
    left = {item.submission.student for item in find_work(course.course, "mse")}
    assert not left & {result["student"] for result in first}
    assert len(left) == len(HANDFUL) * COPIES - len(first)


def test_workers_without_the_package_are_told_before_anything_is_sent(cluster):
    hide = "import sys, runpy; sys.modules['autograder'] = None; del sys.argv[0]; "
    run = "runpy.run_path(sys.argv[0], run_name='__main__')"
    with pytest.raises(ClusterError, match="has no workers"):
        open_cluster(cluster)
    cluster.add_worker(python=(sys.executable, "-c", hide + run))
    cluster.wait(1)
    with pytest.raises(ClusterError, match="has no lossgrad"):
        open_cluster(cluster)


def open_cluster(cluster):
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            with executors.cluster(cluster.address):
                return
        except ClusterError as error:
            if "answers" not in str(error) or time.monotonic() > deadline:
                raise


def test_what_is_sent_has_no_place_of_this_machine_in_it(course, monkeypatch):
    sent = []

    class Stop(Exception):
        pass

    class Nobody:
        count = 1

        def submit(self, function, argument):
            sent.append(pickle.dumps((function, argument)))
            raise Stop

        def check(self):
            """Nobody can be gone."""

    with pytest.raises(Stop):
        list(class_grading.grade_class(course.course, find_work(course.course, "mse"), Nobody()))
    assert os.fsencode(course.root) not in sent[0]
