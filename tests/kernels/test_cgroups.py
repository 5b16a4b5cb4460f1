import os
import subprocess
import sys

import pytest

from autograder.kernels import cgroups


@pytest.fixture
def tree(tmp_path):
    """A tree of control groups as systemd delegates it, and the /proc entry of a process in it."""

    def make(own="/user/grading", passed_on="cpu memory pids"):
        process, root = tmp_path / "process", tmp_path / "cgroup"
        process.mkdir(exist_ok=True)
        (process / "cgroup").write_text(f"3:memory:/old\n0::{own}\n")
        parent = (root / own.lstrip("/")).parent
        parent.mkdir(parents=True, exist_ok=True)
        (parent / "cgroup.subtree_control").write_text(f"{passed_on}\n")
        (parent / "cgroup.procs").touch()
        return process, root

    return make


def test_delegated_parent_is_found(tree):
    process, root = tree()
    assert cgroups.delegated(process, root) == root / "user"


def test_no_group_where_controllers_are_not_passed_on(tree):
    assert cgroups.delegated(*tree(passed_on="cpu memory")) is None


def test_no_group_for_a_process_at_the_top(tree):
    assert cgroups.delegated(*tree(own="/")) is None


def test_no_group_without_version_2(tmp_path):
    (tmp_path / "cgroup").write_text("3:memory:/old\n")
    assert cgroups.delegated(tmp_path, tmp_path) is None
    assert cgroups.delegated(tmp_path / "nowhere", tmp_path) is None


def test_limits_are_written(tmp_path):
    group = cgroups.make(tmp_path, memory=100, processes=7)
    written = {path.name: path.read_text() for path in group.path.iterdir()}
    assert written == {
        "memory.max": str(100 * 2**20),
        "memory.swap.max": "0",
        "memory.oom.group": "1",
        "pids.max": "7",
    }


@pytest.mark.skipif(
    cgroups.delegated() is None, reason="no part of a cgroup v2 tree is delegated to this process"
)
def test_memory_of_all_processes_is_limited_and_the_group_ends():
    group = cgroups.make(cgroups.delegated(), memory=100, processes=20)
    descriptor = group.open_processes()
    code = f"import os; os.write({descriptor}, b'0'); x = bytearray(300 * 2**20); print(len(x))"
    ended = subprocess.run([sys.executable, "-c", code], pass_fds=[descriptor], check=False)
    os.close(descriptor)
    group.end()
    assert ended.returncode != 0
    assert not group.path.exists()
