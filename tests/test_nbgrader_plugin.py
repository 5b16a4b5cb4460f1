"""nbgrader's own commands grade our units through us, and everything else by themselves."""

import ast

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute, SaveAutoGrades
from traitlets.config import Config

from autograder import nbgrader_plugin, records
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


def test_nothing_about_us_stays_in_the_notebook(course):
    notebook = nbformat.read(course.autograded("empty", "mse"), 4)
    assert "lossgrad" not in notebook.metadata


def test_only_the_step_that_runs_cells_is_replaced():
    c = Config()
    nbgrader_plugin.configure(c)
    stock = Autograde.autograde_preprocessors.default_args[0]
    steps = c.Autograde.autograde_preprocessors
    assert len(steps) == len(stock)
    assert nbgrader_plugin.GradeTasks in steps
    assert Execute not in steps
    assert SaveAutoGrades in steps
    assert f"*{records.SUFFIX}" in c.CourseDirectory.ignore
