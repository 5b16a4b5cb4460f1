"""The command `lossgrad`: what it prints, and one or two lines for an ordinary mistake."""

import shutil
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from autograder import cli, records
from tests.classroom import BIN, found
from tests.grading import RIGHT, graded


@pytest.fixture
def course(tmp_path, monkeypatch):
    classroom = found(tmp_path / "course")
    monkeypatch.setenv("PATH", classroom.environment["PATH"])
    monkeypatch.setenv("LOSSGRAD_EXCHANGE", classroom.environment["LOSSGRAD_EXCHANGE"])
    monkeypatch.chdir(classroom.root)
    return classroom


def run(*arguments):
    return CliRunner().invoke(cli.app, arguments)


def mistake(monkeypatch, capsys, *arguments):
    """Run the command as a program; return its exit code and what it printed on stderr."""
    monkeypatch.setattr(sys, "argv", ["lossgrad", *arguments])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return end.value.code, capsys.readouterr().err


def test_help_names_the_commands_with_an_example_each():
    listed = run("--help").output
    for command in ("build", "demo", "explain", "new", "doctor", "practice", "report"):
        assert command in listed
        assert f"lossgrad {command}" in run(command, "--help").output


def commands(group, *before):
    """Yield each command as the words that one types, with all inside a group."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *before, name)
        else:
            yield (*before, name)


@pytest.mark.parametrize("words", list(commands(typer.main.get_command(cli.app))), ids=" ".join)
def test_every_commands_help_has_an_example_of_it(words):
    shown = " ".join(run(*words, "--help").output.split())
    assert f"Example: lossgrad {' '.join(words)}" in shown


def test_build_makes_notebooks_and_names_the_next_command(course):
    result = run("build", "mse", "hinge")
    assert result.exit_code == 0
    assert "built classroom/source/mse/mse.ipynb" in result.output
    assert "nbgrader generate_assignment mse" in result.output
    assert (course.folder / "source" / "hinge" / "hinge.ipynb").exists()


def test_build_makes_all_units(course):
    assert run("build").exit_code == 0
    built = {path.stem for path in course.folder.glob("source/*/*.ipynb")}
    assert {"derivatives", "mse", "cross_entropy", "hinge"} <= built


def test_explain_tells_a_grade(course):
    path = course.course.record_file("ann", "mse")
    path.parent.mkdir(parents=True)
    path.write_text(records.to_json(graded(RIGHT["mse"], "mse").record), encoding="utf-8")
    result = run("explain", "ann", "mse")
    assert result.exit_code == 0
    assert "3 of 3 points" in result.output


def test_doctor_has_a_line_for_each_finding(course):
    result = run("doctor")
    assert "alembic on PATH" in result.output
    assert all(line[:4] in ("ok  ", "mend", "    ") for line in result.output.splitlines())


def test_doctor_fails_with_a_remedy(course, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    result = run("doctor")
    assert result.exit_code == 1
    assert f"Put {BIN} on PATH" in result.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["build", "nothing"], "exercises/nothing.md: this file is missing"),
        (["explain", "ann", "mse"], "grade the submission first"),
    ],
)
def test_a_mistake_is_told_in_two_lines(course, monkeypatch, capsys, arguments, told):
    code, printed = mistake(monkeypatch, capsys, *arguments)
    assert code == 1
    assert told in printed
    assert printed.startswith("lossgrad: ")
    assert len(printed.strip().splitlines()) <= 2
    assert "Traceback" not in printed


@pytest.mark.parametrize("command", [["build"], ["demo"], ["explain", "ann", "mse"], ["doctor"]])
def test_another_folder_is_no_course(tmp_path, monkeypatch, capsys, command):
    monkeypatch.chdir(tmp_path)
    code, printed = mistake(monkeypatch, capsys, *command)
    assert code == 1
    assert "is not the folder of a course" in printed
    assert len(printed.strip().splitlines()) == 2


@pytest.mark.parametrize(
    ("line", "told"), [("c.x = = 1", "SyntaxError"), ("c.x = unknown", "NameError: name 'unknown'")]
)
def test_a_configuration_that_fails_is_told_with_its_line(course, monkeypatch, capsys, line, told):
    config = course.root / "nbgrader_config.py"
    lines = config.read_text().count("\n")
    config.write_text(f"{config.read_text()}{line}\n")
    code, printed = mistake(monkeypatch, capsys, "doctor")
    assert code == 1
    assert f"nbgrader_config.py, line {lines + 1} cannot be read: {told}" in printed
    assert len(printed.strip().splitlines()) == 2


def test_a_record_that_is_none_is_told(course, monkeypatch, capsys):
    path = course.course.record_file("ann", "mse")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\xff\xfe\x00")
    code, printed = mistake(monkeypatch, capsys, "explain", "ann", "mse")
    assert code == 1
    assert "grade the submission again" in printed


def test_the_demo_does_not_overwrite_a_class(course, monkeypatch, capsys):
    (course.folder / "submitted").mkdir(parents=True)
    code, printed = mistake(monkeypatch, capsys, "demo")
    assert code == 1
    assert "holds a class already" in printed
    assert (course.folder / "submitted").exists()


def test_an_authors_mistake_has_file_and_line(course, monkeypatch, capsys):
    exercises = course.root / "exercises"
    text = (exercises / "mse.md").read_text(encoding="utf-8")
    (exercises / "mse.md").write_text(text.replace(":solution: mse\n", ":solution: msee\n"))
    code, printed = mistake(monkeypatch, capsys, "build", "mse")
    assert code == 1
    assert "exercises/mse.md:" in printed
    assert "no function `msee`" in printed


def test_it_is_installed_as_a_command(tmp_path):
    command = shutil.which("lossgrad", path=str(BIN))
    result = subprocess.run([command, "build"], cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
