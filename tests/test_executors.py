"""Worker processes: replaced when killed, ended with the run, and never left behind."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from autograder import executors, walls
from autograder.executors import ClusterError
from autograder.kernels import host, zygotes
from tests.units import ROOT

# A test run has threads of its own; the command has none when its workers begin.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def square(number):
    return number * number


def own_pid(_):
    return os.getpid()


def die(_):
    os.kill(os.getpid(), signal.SIGKILL)


def zygote_folders(_):
    return [str(zygote.run) for zygote in zygotes._zygotes.values()]


def wait_until_gone(pids, seconds=20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not any(is_running(pid) for pid in pids):
            return
        time.sleep(0.02)  # these are no children of this process, so there is nothing to wait on
    raise TimeoutError([pid for pid in pids if is_running(pid)])


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_the_default_is_one_worker_for_each_processor_that_may_be_used():
    assert executors.default_jobs() == len(os.sched_getaffinity(0))


class TestPool:
    def test_workers_make_calls_in_processes_of_their_own(self):
        with executors.pool(2, walls=False) as workers:
            assert workers.count == 2
            assert workers.submit(square, 7).result() == 49
            assert workers.submit(own_pid, None).result() != os.getpid()

    def test_killed_workers_are_replaced(self):
        with executors.pool(1, walls=False) as workers:
            with pytest.raises(BrokenProcessPool):
                workers.submit(die, None).result()
            assert workers.submit(square, 7).result() == 49

    def test_an_exception_does_not_wait_for_what_is_running(self):
        started = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            self.interrupted()
        assert time.monotonic() - started < 20

    def interrupted(self):
        with executors.pool(2, walls=False) as workers:
            workers.submit(time.sleep, 60)
            workers.submit(time.sleep, 60)
            raise KeyboardInterrupt

    def test_ctrl_c_is_left_to_the_process_that_writes(self):
        with executors.pool(1, walls=False) as workers:
            pid = workers.submit(own_pid, None).result()
            os.kill(pid, signal.SIGINT)
            assert workers.submit(own_pid, None).result() == pid

    @pytest.mark.parametrize("how", ["at the end", "by an exception"])
    def test_no_zygote_and_no_folder_is_left(self, how):
        try:
            with executors.pool(1) as workers:
                (folder,) = workers.submit(zygote_folders, None).result()
                assert os.path.isdir(folder)
                if how == "by an exception":
                    raise KeyboardInterrupt
        except KeyboardInterrupt:
            pass
        assert not os.path.exists(folder)

    def test_workers_and_zygotes_end_when_the_process_that_writes_is_killed(self):
        script = (
            "import time\n"
            "from autograder import executors\n"
            "from tests.test_executors import own_pid, zygote_folders\n"
            "with executors.pool(1) as workers:\n"
            "    folder, = workers.submit(zygote_folders, None).result()\n"
            "    print(workers.submit(own_pid, None).result(), folder, flush=True)\n"
            "    workers.submit(time.sleep, 60).result()\n"
        )
        main = subprocess.Popen(
            [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        with main.stdout:
            pid, folder = main.stdout.readline().split()
        main.kill()
        main.wait()
        wait_until_gone([int(pid)])
        assert not os.path.exists(folder)

    def test_says_at_once_if_there_are_no_walls(self, monkeypatch):
        def no_walls():
            raise host.NoWalls("no walls can be built here")

        monkeypatch.setattr(walls, "standard_settings", no_walls)
        with pytest.raises(host.NoWalls), executors.pool(1):
            pass


class TestClusterThatIsNotThere:
    def test_without_dask(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "dask.distributed", None)
        with pytest.raises(ClusterError, match=r"pip install 'lossgrad\[cluster\]'"):
            executors.cluster("tcp://127.0.0.1:8786").__enter__()

    @pytest.mark.parametrize(
        "address", ["tcp://127.0.0.1:1", "nonsense://somewhere", "127.0.0.1:x"]
    )
    def test_without_a_scheduler(self, monkeypatch, address):
        monkeypatch.setattr(executors, "SECONDS_TO_CONNECT", 1)
        with pytest.raises(ClusterError, match=f"No Dask scheduler answers at {address}"):
            executors.cluster(address).__enter__()


def test_a_signal_that_ends_a_worker_may_come_while_it_starts_a_zygote():
    """Its handler runs in the same thread, which holds the lock."""
    with zygotes._zygotes_lock:
        zygotes.close_all()
