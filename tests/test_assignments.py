"""Notebooks built from exercise text and solutions, and what authors are told about mistakes."""

import os
import re
import sys
import types
from pathlib import Path

import matplotlib as mpl
import nbformat
import pytest
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.assignments import AuthorError, build_notebook, build_unit, units

ROOT = Path(__file__).parents[1]
REAL = units(ROOT)

FRONT_MATTER = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
"""
SOLUTION = "```{code-cell}\n:solution: mse\n```"
CHECK = """\
```{code-cell}
:check: mse
:points: 4
check_value("mse", at=([1.0, 2.0], [1.5, 0.0]), expected=2.125)
```"""
WHY = '+++ {"why": "outliers", "points": 2}\n\n*Your answer.*'
TASK = [SOLUTION, CHECK, WHY]
START = "```{code-cell}\nimport numpy as np\nfrom selfcheck import check_value\n```"

SOLUTIONS = '''\
"""The answers."""

import numpy as np


def mse(y, y_hat):
    r"""Return the mean of $(y - \\hat y)^2$.

    A float, for arrays of shape (N,).
    """

    # A mean, so that batches of different size compare.
    residual = y - y_hat

    return np.mean(residual**2)
    # The end.


WHY = {
    "outliers": """
The square of a large residual is larger still.
""",
}
'''


def exercise(*cells, count=27):
    """Return a text of so many cells: the given ones, then short paragraphs."""
    filler = [f"+++\n\nParagraph {number}." for number in range(count - len(cells))]
    return "\n\n".join([FRONT_MATTER, *cells, *filler]) + "\n"


def line_of(text, part):
    return text[: text.index(part)].count("\n") + 1


def build(text=None, solutions=SOLUTIONS):
    return build_notebook("mse", exercise(START, *TASK) if text is None else text, solutions)


def cell(notebook, cell_id):
    return next(each for each in notebook.cells if each.id == cell_id)


def mistake(text=None, solutions=SOLUTIONS):
    with pytest.raises(AuthorError) as caught:
        build(text, solutions)
    return caught.value


@pytest.fixture
def root(tmp_path):
    """A small repository."""
    root = tmp_path / "root"
    (root / "exercises" / "data").mkdir(parents=True)
    (root / "solutions").mkdir()
    plot = '```{code-cell}\ndata = np.loadtxt("points.csv", delimiter=",")\n```'
    text = exercise(START, *TASK, plot)
    (root / "exercises" / "mse.md").write_text(text, encoding="utf-8")
    (root / "exercises" / "data" / "points.csv").write_text("1,2\n", encoding="utf-8")
    (root / "exercises" / "data" / "unused.csv").write_text("1,2\n", encoding="utf-8")
    (root / "exercises" / "selfcheck.py").write_text(
        (ROOT / "exercises" / "selfcheck.py").read_text(encoding="utf-8"), encoding="utf-8"
    )
    (root / "solutions" / "mse.py").write_text(SOLUTIONS, encoding="utf-8")
    return root


# The order of the units


def test_units_are_ordered_by_name(root):
    (root / "exercises" / "hinge.md").touch()
    (root / "exercises" / "README.md").touch()
    assert units(root) == ("hinge", "mse")


def test_units_follow_the_syllabus(root):
    for name in ("hinge", "backprop", "choosing"):
        (root / "exercises" / f"{name}.md").touch()
    (root / "course").mkdir()
    syllabus = (
        "| [mse](lessons/mse.md) |\n| [hinge](lessons/hinge.md) | [x](lessons/missing.md) |\n"
    )
    (root / "course" / "syllabus.md").write_text(syllabus, encoding="utf-8")
    assert units(root) == ("mse", "hinge", "backprop", "choosing")


# The cells


def test_solution_cell_keeps_comments_and_hides_the_body():
    made = cell(build(), "mse")
    assert (
        made.source
        == '''\
def mse(y, y_hat):
    r"""Return the mean of $(y - \\hat y)^2$.

    A float, for arrays of shape (N,).
    """
    ### BEGIN SOLUTION
    # A mean, so that batches of different size compare.
    residual = y - y_hat

    return np.mean(residual**2)
    # The end.
    ### END SOLUTION'''
    )
    assert made.metadata == {
        "nbgrader": {
            "grade": False,
            "grade_id": "mse",
            "locked": False,
            "schema_version": 3,
            "solution": True,
            "task": False,
        }
    }


def test_check_cell_is_locked_and_its_last_value_is_the_score():
    made = cell(build(), "mse_checks")
    assert (
        made.source
        == """\
# Checks of mse (4 points)
check_value("mse", at=([1.0, 2.0], [1.5, 0.0]), expected=2.125)
### BEGIN HIDDEN TESTS
from autograder.stock import grade_task
grade_task("mse", "mse", points=4)
### END HIDDEN TESTS"""
    )
    assert made.metadata == {
        "nbgrader": {
            "grade": True,
            "grade_id": "mse_checks",
            "locked": True,
            "points": 4,
            "schema_version": 3,
            "solution": False,
            "task": False,
        }
    }


@pytest.mark.parametrize(
    ("points", "title", "call"),
    [("1", "(1 point)", "points=1)"), ("2.5", "(2.5 points)", "points=2.5)")],
)
def test_points_are_spelled_out(points, title, call):
    check = CHECK.replace("points: 4", f"points: {points}")
    source = cell(build(exercise(SOLUTION, check, WHY)), "mse_checks").source
    assert title in source
    assert call in source


def test_why_cell_is_graded_by_hand():
    made = cell(build(), "outliers")
    assert made.cell_type == "markdown"
    answer = "The square of a large residual is larger still."
    assert made.source == f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION"
    assert made.metadata.nbgrader == {
        "grade": True,
        "grade_id": "outliers",
        "locked": False,
        "points": 2,
        "schema_version": 3,
        "solution": True,
        "task": False,
    }


def test_other_cells_are_copied_without_metadata():
    notebook = build()
    assert notebook.cells[0].source == "import numpy as np\nfrom selfcheck import check_value"
    assert notebook.cells[-1].source == "Paragraph 22."
    assert [each.metadata for each in notebook.cells if "nbgrader" not in each.metadata] == [
        {}
    ] * 24


def test_notebook_metadata_is_fixed():
    metadata = build().metadata
    assert set(metadata) == {"kernelspec", "language_info"}
    assert metadata.kernelspec.name == "python3"
    assert "version" not in metadata.language_info


def test_decorators_are_part_of_the_head():
    decorated = SOLUTIONS.replace("def mse", '@np.errstate(all="ignore")\ndef mse')
    assert cell(build(solutions=decorated), "mse").source.startswith("@np.errstate")


# Stable


def test_an_edit_changes_one_id():
    text = exercise(START, *TASK)
    before = [each.id for each in build(text).cells]
    after = [each.id for each in build(text.replace("Paragraph 3.", "Changed.")).cells]
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1


def test_ids_of_equal_cells_differ():
    ids = [each.id for each in build(exercise(*TASK, *["+++\n\nSame."] * 2)).cells]
    assert len(set(ids)) == len(ids)


def test_two_builds_are_the_same_to_the_byte(root, tmp_path):
    paths = [build_unit("mse", root, tmp_path / name) for name in ("one", "two", "two")]
    assert paths[0] == tmp_path / "one" / "mse" / "mse.ipynb"
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_needed_files_lie_beside_the_notebook(root, tmp_path):
    folder = build_unit("mse", root, tmp_path / "source").parent
    assert sorted(os.listdir(folder)) == ["mse.ipynb", "points.csv", "selfcheck.py"]


def test_a_mistake_leaves_the_last_notebook_alone(root, tmp_path):
    path = build_unit("mse", root, tmp_path / "source")
    before = path.read_bytes()
    (root / "solutions" / "mse.py").write_text("def", encoding="utf-8")
    with pytest.raises(AuthorError):
        build_unit("mse", root, tmp_path / "source")
    assert path.read_bytes() == before


# Authors' mistakes

LONG_TEXT = "+++\n\n" + "word " * 61
LONG_CODE = "```{code-cell}\n" + "x = 1\n" * 16 + "```"
LONG_CHECK = CHECK.replace("check_value", "x = 1\n" * 14 + "check_value")
RAW = "```{raw-cell}\nx\n```"
NO_OPTION = "```{code-cell}\n:solution mse\n```"
BAD_OPTION = "```{code-cell}\n:points: [1\n```"
BAD_JSON = "+++ {'why': 1}\n\ntext"
BAD_TAG = "```{code-cell}\n:tags: [hide-input]\nx = 1\n```"
BAD_WHY = WHY.replace("outliers", "inliers")


@pytest.mark.parametrize(
    ("cells", "place", "problem"),
    [
        ([SOLUTION.replace("mse", "msa"), CHECK, WHY], "```{c", "no function `msa` in solutions"),
        ([SOLUTION, CHECK.replace(": mse", ": msa")], CHECK[:22], "no function `msa` in solutions"),
        ([CHECK, SOLUTION, WHY], "```{c", "the check of `mse` stands before its solution cell"),
        ([*TASK, SOLUTION + "\n<!-- 2 -->"], SOLUTION + "\n<!--", "second solution of `mse`"),
        ([*TASK, CHECK + "\n<!-- 2 -->"], CHECK + "\n<!--", "second check of `mse`"),
        ([*TASK, WHY + " 2"], WHY + " 2", "second why of `outliers`"),
        ([SOLUTION, CHECK, BAD_WHY], "+++ {", "no model answer `inliers` in solutions"),
        ([SOLUTION.replace("e\n`", "e\nx = 1\n`")], "```{c", "the solution cell is not empty"),
        ([*TASK, LONG_TEXT], "word", "a cell of 61 words"),
        ([*TASK, LONG_CODE], LONG_CODE, "a cell of 16 lines of code"),
        ([SOLUTION, LONG_CHECK, WHY], LONG_CHECK, "a cell of 16 lines of code"),
        ([*TASK, RAW], RAW, "a raw cell"),
        ([*TASK, NO_OPTION], NO_OPTION, "the tags of this code cell cannot be read"),
        ([*TASK, BAD_OPTION], BAD_OPTION, "the tags of this code cell cannot be read"),
        ([*TASK, BAD_JSON], BAD_JSON, "the tags of this markdown cell cannot be read"),
        ([*TASK, BAD_TAG], BAD_TAG, "unknown tag `tags`"),
        ([*TASK, '+++ {"check": "mse"}\n\nx'], '+++ {"check', "unknown tag `check`"),
        (
            [*TASK, '+++ {"points": 2}\n\nx'],
            '+++ {"points',
            "`points` on a cell that is not graded",
        ),
        ([CHECK.replace("{code-cell}", "{code-cell}\n:solution: mse")], "```{c", "in one cell"),
    ],
)
def test_mistakes_in_the_exercise(cells, place, problem):
    text = exercise("# Title", *cells)
    found = mistake(text)
    assert problem in found.problem
    assert (found.path, found.line) == ("exercises/mse.md", line_of(text, place))


@pytest.mark.parametrize("points", ["-1", "0", "four", "'4'", "true", ".nan", ".inf", "[4]"])
def test_points_are_positive_numbers(points):
    text = exercise("# Title", SOLUTION, CHECK.replace("points: 4", f"points: {points}"), WHY)
    found = mistake(text)
    assert "is not a number of points" in found.problem
    assert found.line == line_of(text, "```{code-cell}\n:check")


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        ([SOLUTION, CHECK.replace(":points: 4\n", ""), WHY], "```{code-cell}\n:check"),
        ([SOLUTION, CHECK, WHY.replace(', "points": 2', "")], "+++ {"),
    ],
)
def test_points_are_not_forgotten(cells, place):
    text = exercise("# Title", *cells)
    found = mistake(text)
    assert (found.problem, found.line) == ("points are missing", line_of(text, place))


@pytest.mark.parametrize(
    ("front_matter", "line", "problem"),
    [
        ("---\na: 1\nb: [\n---\n", 3, "the front matter is not readable YAML"),
        ("---\na: 1\nb: c: d\n---\n", 3, "the front matter is not readable YAML"),
        ("---\n- a\n---\n", 1, "the front matter has no `key: value` lines"),
    ],
)
def test_mistakes_in_the_front_matter(front_matter, line, problem):
    found = mistake(exercise(*TASK).replace(FRONT_MATTER, front_matter))
    assert (found.problem, found.line) == (problem, line)


@pytest.mark.parametrize("count", [24, 36])
def test_number_of_cells(count):
    found = mistake(exercise(*TASK, count=count))
    assert (found.problem, found.line) == (f"the notebook has {count} cells", 1)


@pytest.mark.parametrize("count", [25, 35])
def test_number_of_cells_that_is_right(count):
    assert len(build(exercise(*TASK, count=count)).cells) == count


def test_number_of_words():
    cells = ["+++\n\n" + "word " * 60] * 15
    found = mistake(exercise(*TASK, *cells))
    assert (found.problem, found.line) == ("the notebook has 920 words", 1)


def test_formula_counts_as_one_word():
    text = "+++\n\n" + "word " * 58 + "$a + b$\n\n$$\na + b \\quad c + d\n$$"
    build(exercise(*TASK, text))
    assert mistake(exercise(*TASK, text + " word")).problem == "a cell of 61 words"


LATER = '\n\ndef later(y):\n    """Doc."""\n    return y\n'
LONG_HEAD = SOLUTIONS.replace("    A float", "\n" * 9 + "    A float")


@pytest.mark.parametrize(
    ("solutions", "place", "problem"),
    [
        (SOLUTIONS + LATER, "def later", "`later` has no task in exercises/mse.md"),
        ("def mse(y):\n    return 1\n", "def mse", "`mse` lacks docstring or body"),
        ('def mse(y):\n    """Doc."""\n', "def mse", "`mse` lacks docstring or body"),
        (LONG_HEAD, "def mse", "signature and docstring of 14 lines"),
        (SOLUTIONS.replace("WHY = {", 'WHY = {\n    "b": "B",'), '"b"', "`b` has no question"),
        (SOLUTIONS.replace('"outliers"', "3"), "WHY", "`WHY` is not a dict"),
        (SOLUTIONS.replace('"outliers"', '"Not a slug"'), "WHY", "`WHY` is not a dict"),
        (SOLUTIONS.replace("{\n", "dict(", 1).replace("}\n", ")\n"), "WHY", ""),
        (SOLUTIONS.replace("np.mean(", "np.mean(("), "return", "was never closed"),
    ],
)
def test_mistakes_in_the_solutions(solutions, place, problem):
    found = mistake(solutions=solutions)
    assert problem in found.problem
    assert (found.path, found.line) == ("solutions/mse.py", line_of(solutions, place))


def test_function_without_a_check():
    found = mistake(exercise(SOLUTION, WHY))
    assert found.problem == "`mse` has no check in exercises/mse.md"


def test_no_answers_at_all():
    found = mistake(solutions=SOLUTIONS[: SOLUTIONS.index("WHY")])
    assert "no model answer `outliers`" in found.problem


@pytest.mark.parametrize("path", ["exercises/mse.md", "solutions/mse.py", "exercises/selfcheck.py"])
def test_missing_file(root, tmp_path, path):
    (root / path).unlink()
    with pytest.raises(AuthorError) as caught:
        build_unit("mse", root, tmp_path)
    assert str(caught.value).startswith(f"{path}: this file is missing\n")


def test_missing_data(root, tmp_path):
    (root / "exercises" / "data" / "points.csv").unlink()
    with pytest.raises(AuthorError) as caught:
        build_unit("mse", root, tmp_path)
    text = (root / "exercises" / "mse.md").read_text(encoding="utf-8")
    assert caught.value.line == line_of(text, "points.csv")
    assert "exercises/data/points.csv" in caught.value.problem


def test_file_in_another_encoding(root, tmp_path):
    (root / "exercises" / "mse.md").write_bytes("é".encode("latin-1"))
    with pytest.raises(AuthorError, match="not UTF-8"):
        build_unit("mse", root, tmp_path)


def test_message_has_place_problem_and_remedy():
    text = exercise("# Title", SOLUTION.replace("mse", "msa"), CHECK, WHY)
    assert str(mistake(text)) == (
        "exercises/mse.md:15: no function `msa` in solutions/mse.py\n  It has `mse`."
    )


# Released, and run without a kernel


def release(unit, root, course, monkeypatch):
    """Release a unit with nbgrader itself and return the folder that students get."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    monkeypatch.setenv("PATH", path)  # nbgrader calls alembic by name
    build_unit(unit, root, course / "source")
    config = Config()
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.assignment_id = unit
    converter = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config)
    converter.start()
    return course / "release" / unit


def run(cells, folder, monkeypatch):
    """Run code cells as `__main__` in a folder; yield each with what it raised."""
    main = types.ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", main)
    monkeypatch.delitem(sys.modules, "selfcheck", raising=False)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.chdir(folder)
    mpl.use("agg")
    from matplotlib import pyplot as plt

    monkeypatch.setattr(plt, "show", lambda: None)
    for each in cells:
        error = None
        try:
            exec(each.source, main.__dict__)
        except Exception as raised:
            error = raised
        plt.close("all")
        yield each, error
    monkeypatch.delitem(sys.modules, "selfcheck", raising=False)


def code(notebook):
    return [each for each in notebook.cells if each.cell_type == "code"]


def test_released_notebook_holds_no_answer(root, tmp_path, monkeypatch):
    folder = release("mse", root, tmp_path / "course", monkeypatch)
    assert sorted(os.listdir(folder)) == ["mse.ipynb", "points.csv", "selfcheck.py"]
    released = nbformat.read(folder / "mse.ipynb", as_version=4)
    stub = "    # YOUR CODE HERE\n    raise NotImplementedError()"
    assert cell(released, "mse").source.endswith(f'"""\n{stub}')
    assert cell(released, "outliers").source == "YOUR ANSWER HERE"
    assert cell(released, "mse_checks").source.splitlines() == [
        "# Checks of mse (4 points)",
        'check_value("mse", at=([1.0, 2.0], [1.5, 0.0]), expected=2.125)',
    ]


# Every unit of the course


def secrets(source):
    """Return the lines of a source notebook that nobody may see."""
    regions = r"### BEGIN (?:SOLUTION|HIDDEN TESTS)\n(.*?)### END"
    text = "\n".join(each.source for each in source.cells)
    hidden = "".join(re.findall(regions, text, flags=re.DOTALL))
    return {line.strip() for line in hidden.splitlines() if len(line.strip()) > 20}


@pytest.mark.parametrize("unit", REAL)
def test_unit_builds_twice_the_same(unit, tmp_path):
    one, two = (build_unit(unit, ROOT, tmp_path / name) for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("unit", REAL)
def test_unit_is_released_without_answers_and_unsolved_fails_kindly(unit, tmp_path, monkeypatch):
    folder = release(unit, ROOT, tmp_path, monkeypatch)
    source = nbformat.read(tmp_path / "source" / unit / f"{unit}.ipynb", as_version=4)
    released = nbformat.read(folder / f"{unit}.ipynb", as_version=4)
    shown = {line.strip() for each in released.cells for line in each.source.splitlines()}
    assert secrets(source)
    assert not secrets(source) & shown

    checks = 0
    for each, error in run(code(released), folder, monkeypatch):
        if each.id.endswith("_checks"):
            checks += 1
            assert type(error).__name__ == "CheckFailed", (each.source, error)
            assert re.fullmatch(r"\w+ is not written yet\.", str(error)), (each.source, error)
    assert checks == sum(each.id.endswith("_checks") for each in source.cells) > 0


@pytest.mark.parametrize("unit", REAL)
def test_solved_unit_runs_and_its_own_checks_agree(unit, tmp_path, monkeypatch, capsys):
    path = build_unit(unit, ROOT, tmp_path)
    source = nbformat.read(path, as_version=4)
    for each in source.cells:
        each.source = each.source.split("### BEGIN HIDDEN TESTS")[0]
    for each, error in run(code(source), path.parent, monkeypatch):
        assert error is None, f"{each.source}\n{error!r}"
        said = capsys.readouterr()
        assert said.err == ""
        if each.id.endswith("_checks"):
            assert said.out.startswith(each.id.removesuffix("_checks") + ": "), each.source
