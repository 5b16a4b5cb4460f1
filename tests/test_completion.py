"""What a Tab offers: commands, units and students, as shells ask for it."""

import os
import subprocess

import pytest
from typer.testing import CliRunner

from autograder import cli, completion
from tests.classroom import BIN, found


@pytest.fixture
def course(tmp_path, monkeypatch):
    course = found(tmp_path / "course")
    for student in ("ann", "anton", "zoe"):
        (course.folder / "submitted" / student).mkdir(parents=True)
    monkeypatch.chdir(course.root)
    return course


def offered(line, shell="bash"):
    """Return what the shell would offer at the end of a line."""
    words = line.split(" ")
    environment = {
        "bash": {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)},
        "zsh": {"_TYPER_COMPLETE_ARGS": line},
        "fish": {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
    }[shell]
    result = CliRunner().invoke(
        cli.app,
        [],
        prog_name="lossgrad",
        env={"_LOSSGRAD_COMPLETE": f"complete_{shell}"} | environment,
    )
    return result.stdout.split()


@pytest.mark.parametrize(
    ("line", "offers"),
    [
        ("lossgrad doc", ["doctor"]),
        ("lossgrad ex", ["explain", "export"]),
        ("lossgrad export ", ["canvas", "moodle", "gradescope", "feedback"]),
        ("lossgrad build ms", ["mse"]),
        ("lossgrad build mse hin", ["hinge"]),
        ("lossgrad grade --student an", ["ann", "anton"]),
        ("lossgrad grade cr", ["cross_entropy"]),
        ("lossgrad explain z", ["zoe"]),
        ("lossgrad explain zoe ms", ["mse"]),
        ("lossgrad export canvas ms", ["mse"]),
        ("lossgrad export feedback mo", ["moodle"]),
        ("lossgrad export feedback moodle ms", ["mse"]),
        ("lossgrad collect canvas ms", ["mse"]),
        ("lossgrad build nothing-", []),
    ],
)
def test_bash(course, line, offers):
    assert offered(line) == offers


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells(course, shell):
    assert any("ann" in word for word in offered("lossgrad explain an", shell))


def test_outside_a_course_nothing_is_offered_and_nothing_fails(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert completion.units("") == completion.students("") == []
    assert offered("lossgrad build ") == []


def test_it_loads_nothing_heavy(course):
    """A Tab must not wait for NumPy or nbgrader."""
    code = (
        "import autograder.cli, sys; print([m for m in ('numpy', 'nbgrader') if m in sys.modules])"
    )
    result = subprocess.run(
        [BIN / "python", "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_it_can_be_installed(shell, monkeypatch):
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    result = CliRunner().invoke(cli.app, ["--show-completion", shell], prog_name="lossgrad")
    assert result.exit_code == 0
    assert "_LOSSGRAD_COMPLETE" in result.stdout
