"""nbgrader's own commands grade our units through us, and everything else by themselves."""

import ast
import asyncio
from types import SimpleNamespace

import nbformat
import pytest
from jupyter_server.serverapp import ServerApp
from nbformat.v4 import new_code_cell, new_notebook, new_output
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute, SaveAutoGrades
from traitlets.config import Config

from autograder import nbgrader_plugin, records, walls
from autograder.course import open_course
from autograder.grading import walled_kernel
from autograder.kernels import host
from tests import classroom
from tests.classroom import once, sample_named


def foreign_notebook():
    """A notebook of another kind of task, which nbgrader grades by running its asserts."""
    solution = new_code_cell("def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION")
    tests = new_code_cell("assert f() == 1")
    for cell, grade in ((solution, False), (tests, True)):
        cell.metadata["nbgrader"] = {
            "grade_id": "f_tests" if grade else "f",
            "grade": grade,
            "solution": not grade,
            "locked": grade,
            "schema_version": 3,
            "task": False,
        } | ({"points": 2} if grade else {})
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=[solution, tests], metadata={"kernelspec": kernelspec})


@pytest.fixture(scope="module")
def course(released, tmp_path_factory):
    """A course with a foreign assignment, a broken notebook, and a link that leads elsewhere."""
    return once(tmp_path_factory, "plugin", lambda folder: grade_all(released.copy_to(folder)))


def grade_all(course):
    source = course.folder / "source" / "intro"
    source.mkdir()
    nbformat.write(foreign_notebook(), source / "intro.ipynb")
    course.through_api("generate_assignment", "intro")
    handed_in = course.folder / "submitted" / "ann" / "intro"
    handed_in.mkdir(parents=True)
    nbformat.write(foreign_notebook(), handed_in / "intro.ipynb")
    course.run("nbgrader", "autograde", "intro")

    course.submit(sample_named("mse", "empty")).write_bytes(b"\xff\xfenot a notebook")
    looking = course.submit(sample_named("mse", "all-right"))
    notebook = nbformat.read(looking, 4)
    notebook.cells.insert(0, new_code_cell("import os\nprint(sorted(os.listdir()))"))
    nbformat.write(notebook, looking)
    secret = course.root / "secret.txt"
    secret.write_text("a secret of the lecturer's")
    (looking.parent / "link.txt").symlink_to(secret)
    (looking.parent / "mine.txt").write_text("mine")
    course.run("nbgrader", "autograde", "mse")


def test_a_foreign_notebook_is_left_to_nbgrader(course):
    with Gradebook(f"sqlite:///{course.folder}/gradebook.db", "lossgrad") as gradebook:
        assert gradebook.find_submission("intro", "ann").score == 2
    folder = course.folder / "autograded" / "ann" / "intro"
    assert not list(folder.glob(f"*{records.SUFFIX}"))
    notebook = nbformat.read(folder / "intro.ipynb", 4)
    assert [cell.execution_count for cell in notebook.cells] == [1, 2]


def test_a_broken_notebook_gets_0_and_a_record_that_says_why(course):
    assert course.score("empty", "mse") == 0
    record = course.record("empty", "mse")
    assert record.score == 0
    assert record.points == 18
    assert record.problems[0].startswith("The submitted file is not a notebook")
    notebook = nbformat.read(course.autograded("empty", "mse"), 4)
    assert record.problems[0] in notebook.cells[0].source


def test_a_kernel_finds_files_but_no_links_and_no_notebooks(course):
    notebook = nbformat.read(course.autograded("all-right", "mse"), 4)
    (output,) = notebook.cells[0].outputs
    assert {"hubble.csv", "mine.txt", "selfcheck.py"} <= set(ast.literal_eval(output.text))
    assert "link.txt" not in output.text
    assert ".ipynb" not in output.text
    assert course.score("all-right", "mse") == 18


def test_a_job_has_what_students_were_given_and_which_files_they_added(
    released, tmp_path, monkeypatch
):
    course = released.copy_to(tmp_path / "course")
    jobs = []
    monkeypatch.setattr(
        nbgrader_plugin, "walled_kernel", lambda job: jobs.append(job) or walled_kernel(job)
    )
    monkeypatch.chdir(course.root)
    for name in ("all-right", "prints-instead"):
        submitted = course.submit(sample_named("mse", name))
        (submitted.parent / "mine.txt").write_text("mine")
        assert open_course(course.root).api().autograde("mse", name)["success"]
        assert jobs[-1].handed_in - {"timestamp.txt"} == {"mine.txt"}
        assert jobs[-1].authored[0].startswith("import matplotlib")
        assert jobs[-1].limits.cell_seconds == classroom.SECONDS_A_CELL


def test_nothing_about_us_stays_in_the_notebook(course):
    notebook = nbformat.read(course.autograded("empty", "mse"), 4)
    assert "lossgrad" not in notebook.metadata


def configured():
    c = Config()
    nbgrader_plugin.configure(c)
    return c


@pytest.mark.parametrize("which", ["sanitize_preprocessors", "autograde_preprocessors"])
def test_each_step_of_nbgrader_is_taken_with_its_settings(which):
    stock = getattr(Autograde, which).default_args[0]
    for step, theirs in zip(configured().Autograde[which], stock, strict=True):
        assert issubclass(step, theirs)  # so it has their names in a configuration


def test_cells_are_run_and_scores_saved_by_us():
    steps = configured().Autograde.autograde_preprocessors
    assert steps[0] is nbgrader_plugin.GradeTasks
    assert nbgrader_plugin.SaveScores in steps
    assert not {Execute, SaveAutoGrades} & set(steps)


@pytest.mark.parametrize(
    ("settings", "cell", "whole"),
    [
        ({}, 30, 300),
        ({"Execute": {"timeout": 60}}, 60, 300),
        ({"ExecutePreprocessor": {"timeout": 5}}, 5, 300),
        ({"Execute": {"timeout": None}}, 300, 300),
        ({"Execute": {"timeout": -1}, "GradeTasks": {"notebook_timeout": 900}}, 900, 900),
        ({"Execute": {"timeout": 60}, "GradeTasks": {"notebook_timeout": 20}}, 20, 20),
    ],
)
def test_the_time_that_code_may_take_can_be_set(settings, cell, whole):
    limits = nbgrader_plugin.GradeTasks(config=Config(settings)).limits
    assert (limits.cell_seconds, limits.notebook_seconds) == (cell, whole)


def test_records_stay_with_the_lecturer():
    assert f"*{records.SUFFIX}" in configured().CourseDirectory.ignore


@pytest.mark.parametrize(("unit", "stripped"), [("mse", False), ("intro", True)])
def test_what_was_restored_is_not_sanitized_again(unit, stripped):
    clear = configured().Autograde.sanitize_preprocessors[0]()
    cell = new_code_cell("1", outputs=[new_output("stream", text="1")])
    (cell,) = clear(new_notebook(cells=[cell]), {"nbgrader": {"notebook": unit}})[0].cells
    assert (not cell.outputs) is stripped


class TestWarmingUp:
    """A button of the formgrader finds the zygote warm."""

    def test_the_formgraders_requests_start_the_zygote_once(self, started, server):
        server({"nbgrader_formgrader": None})
        asyncio.run(requested(2))
        assert started == ["a zygote"]

    def test_a_students_server_starts_none(self, started, server):
        server({})
        asyncio.run(requested())
        assert started == []

    def test_neither_does_a_server_that_begins(self, started, server):
        server({"nbgrader_formgrader": None})
        configured()
        assert started == []

    def test_nor_a_command(self, started):
        asyncio.run(requested())
        assert started == []

    def test_missing_walls_are_told_when_something_is_graded(self, server, monkeypatch, started):
        monkeypatch.setattr(walls, "start_zygote", no_walls)
        server({"nbgrader_formgrader": None})
        asyncio.run(requested())


@pytest.fixture
def started(monkeypatch):
    """The zygotes that were started; none is, really."""
    zygotes = []
    monkeypatch.setattr(walls, "start_zygote", lambda: zygotes.append("a zygote"))
    nbgrader_plugin._start_zygote.cache_clear()
    yield zygotes
    nbgrader_plugin._start_zygote.cache_clear()


@pytest.fixture
def server():
    """Make this process a Jupyter server with some settings of its extensions."""

    def begin(settings):
        ServerApp.instance().web_app = SimpleNamespace(settings=settings)

    yield begin
    ServerApp.clear_instance()


async def requested(times=1):
    """Have the configuration read as the formgrader does at each request."""
    for _ in range(times):
        configured()


def no_walls():
    raise host.NoWalls("no walls can be built here")
