"""Each unit's notebook: solved it runs clean, unsolved every check says what to do."""

import asyncio
import re
import shutil

import nbformat
import pytest
from nbclient import NotebookClient

from tests.classroom import commands, sample_named
from tests.listening import as_options, sockets
from tests.units import UNITS

SECONDS = 60


def run(notebook, folder, monkeypatch):
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    with sockets() as settings:
        client = NotebookClient(
            notebook,
            timeout=SECONDS,
            kernel_name="python3",
            allow_errors=True,
            resources={"metadata": {"path": str(folder)}},
            config=settings,
        )
        return asyncio.run(client.async_execute())


def words(source):
    text = re.sub(r"\$\$.*?\$\$|\$[^$]+\$", " formula ", source, flags=re.DOTALL)
    return sum(any(letter.isalnum() for letter in word) for word in text.split())


def check_cells(notebook):
    cells = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("locked")]
    return [c for c in cells if c.cell_type == "code"]


def read(course, room, unit):
    return nbformat.read(course.folder / room / unit / f"{unit}.ipynb", 4)


@pytest.mark.parametrize("unit", UNITS)
class TestUnit:
    """What holds for the notebook of each unit."""

    def test_solved_it_runs_without_a_warning_and_gets_all_points(
        self, released, unit, tmp_path, monkeypatch
    ):
        shutil.copytree(released.folder / "source" / unit, tmp_path / unit)
        solved = run(read(released, "source", unit), tmp_path / unit, monkeypatch)
        for cell in solved.cells:
            for output in cell.get("outputs", []):
                assert output.output_type != "error", (cell.source, output.evalue)
                assert output.get("name") != "stderr", (cell.source, output.text)
        for cell in check_cells(solved):
            results = [o for o in cell.outputs if o.output_type == "execute_result"]
            points = cell.metadata.nbgrader.points
            assert [float(o.data["text/plain"]) for o in results] == [points], cell.source

    def test_unsolved_every_check_gives_its_friendly_sentence(
        self, released, unit, tmp_path, monkeypatch
    ):
        shutil.copytree(released.folder / "release" / unit, tmp_path / unit)
        unsolved = run(read(released, "release", unit), tmp_path / unit, monkeypatch)
        assert check_cells(unsolved)
        for cell in check_cells(unsolved):
            (output,) = cell.outputs
            assert output.ename == "CheckFailed"
            (sentence,) = output.traceback
            assert re.fullmatch(r"\w+ is not written yet\.", sentence), sentence

    def test_it_keeps_to_the_bounds(self, released, unit):
        notebook = read(released, "release", unit)
        assert 25 <= len(notebook.cells) <= 35
        markdown = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
        assert sum(words(cell.source) for cell in markdown) <= 900
        for cell in markdown:
            assert words(cell.source) <= 60, cell.source
        for cell in notebook.cells:
            if cell.cell_type == "code":
                assert len(cell.source.splitlines()) <= 15, cell.source

    def test_it_is_released_unsolved_and_unrun(self, released, unit):
        for cell in read(released, "release", unit).cells:
            if cell.cell_type == "code":
                assert not cell.outputs
                assert cell.execution_count is None
            if cell.metadata.get("nbgrader", {}).get("solution") and cell.cell_type == "code":
                assert "raise NotImplementedError" in cell.source
        files = {path.name for path in (released.folder / "release" / unit).iterdir()}
        assert {f"{unit}.ipynb", "selfcheck.py"} <= files
        assert all(name.endswith((".ipynb", ".csv", ".py")) for name in files)


WARNING = "    np.ones(1) / np.zeros(1)\n    return np.mean((y - y_hat) ** 2)"


def test_nbgrader_validate_tells_the_truth_in_a_students_folder(released, tmp_path):
    """It exits with 0 in either case: what it prints is what students see."""
    folder = tmp_path / "mse"
    shutil.copytree(released.folder / "release" / "mse", folder)
    course = released.copy_to(tmp_path / "course")
    right = read_without_figures(course.submit(sample_named("mse", "all-right")))
    unsolved = read_without_figures(folder / "mse.ipynb")
    wrong = read_without_figures(course.submit(sample_named("mse", "missing-mean")))
    solution = next(cell for cell in right.cells if is_solution(cell, "mse"))
    solution.source = re.sub(r"    return .*", WARNING, solution.source)
    for name, notebook in (("1", unsolved), ("2", wrong), ("3", right)):
        nbformat.write(notebook, folder / f"{name}.ipynb")

    with sockets() as settings:
        command = ["nbgrader", "validate", *as_options(settings), "1.ipynb", "2.ipynb", "3.ipynb"]
        # In a folder where there is no configuration of ours.
        code, validated = commands().run(command, folder, course.environment)
    assert code == 0, validated
    first, second, third = re.split(r"(?=VALIDATION FAILED|Success!)", validated)[1:]
    assert "VALIDATION FAILED ON 5 CELL(S)" in first
    assert "mse is not written yet." in first
    assert "VALIDATION FAILED" in second
    assert "mse: your result is 13, the expected value is 4.3333333." in second
    assert third.startswith("Success!"), third


def is_solution(cell, task):
    return cell.metadata.get("nbgrader", {}).get("grade_id") == task


def read_without_figures(path):
    """Return a notebook without its figures and its question in words, which no cell can check."""
    notebook = nbformat.read(path, 4)
    notebook.cells = [
        cell
        for cell in notebook.cells
        if "plt.show" not in cell.source
        and not (cell.cell_type == "markdown" and cell.metadata.get("nbgrader"))
    ]
    return notebook
