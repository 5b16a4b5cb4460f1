"""Sample submissions: folders of answers turned into submitted notebooks."""

import json

import nbformat
import pytest

from autograder.assignments import build_unit
from autograder.samples import EDITS, SampleError, samples, submit
from tests.units import ROOT

SOLUTIONS = ROOT / "solutions" / "mse.py"


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    """A notebook with the cells of a released one."""
    return build_unit("mse", ROOT, tmp_path_factory.mktemp("source"))


@pytest.fixture
def hand_in(tmp_path, notebook):
    def handed_in(answers=None, settings=""):
        folder = tmp_path / "class" / "mse_1.50_a-student"
        folder.mkdir(parents=True)
        if answers is not None:
            (folder / "answers.py").write_text(answers)
        (folder / "submission.toml").write_text(settings)
        (sample,) = samples(tmp_path / "class")
        return submit(sample, notebook, SOLUTIONS, tmp_path / "submitted")

    return handed_in


def cells(path):
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: cell
        for cell in json.loads(path.read_text())["cells"]
        if cell["metadata"].get("nbgrader")
    }


def test_a_folder_says_unit_score_and_student(tmp_path):
    (tmp_path / "cross_entropy_12.50_half-done").mkdir()
    (tmp_path / "README.md").touch()
    (sample,) = samples(tmp_path)
    assert (sample.unit, sample.score, sample.student) == ("cross_entropy", 12.5, "half-done")


@pytest.mark.parametrize("name", ["mse", "mse_half_ann", "mse_1.0"])
def test_another_name_is_refused(tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(SampleError, match="<unit>_<score>_<student>"):
        samples(tmp_path)


def test_functions_take_the_place_of_cells_with_what_stands_before_them(hand_in):
    path = hand_in("# mine\nHALF = 0.5\n\n\ndef squared_error(y, y_hat):\n    return HALF\n")
    assert path.parts[-3:] == ("a-student", "mse", "mse.ipynb")
    assert cells(path)["squared_error"]["source"].startswith("# mine\nHALF = 0.5\n\n\ndef squared_")


def test_cells_that_python_cannot_parse_are_marked(hand_in):
    path = hand_in("# cell mse\ndef mse(:\n\n# cell mse_grad\n1 +\n")
    assert cells(path)["mse"]["source"] == "def mse(:"
    assert cells(path)["mse_grad"]["source"] == "1 +"


def test_the_others_are_as_released_or_right(hand_in):
    path = hand_in("def mse(y, y_hat):\n    return 0\n", 'others = "right"\nwhy = "Because."')
    assert "return y_hat - y" in cells(path)["squared_error_grad"]["source"]
    assert cells(path)["mse"]["source"].endswith("return 0")
    assert cells(path)["outliers"]["source"] == "Because."


def edited(hand_in, *edits):
    return hand_in(None, f"edits = {json.dumps(edits)}")


def test_cells_are_deleted(hand_in):
    assert "mse_checks" not in cells(edited(hand_in, "delete mse_checks"))


def test_cells_are_moved_to_the_end(hand_in):
    notebook = json.loads(edited(hand_in, "move-last mse").read_text())
    assert notebook["cells"][-1]["metadata"]["nbgrader"]["grade_id"] == "mse"


def test_cells_are_duplicated(hand_in):
    notebook = json.loads(edited(hand_in, "duplicate mse").read_text())
    found = [
        c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "mse"
    ]
    assert len(found) == 2


def test_cells_are_split(hand_in):
    notebook = json.loads(edited(hand_in, "split mse").read_text())
    upper, lower = [
        c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "mse"
    ]
    assert upper["source"] == "def mse(y, y_hat):"
    assert "def mse" not in lower["source"]


def test_cells_change_their_kind(hand_in):
    found = cells(edited(hand_in, "retype mse", "retype outliers"))
    assert found["mse"]["cell_type"] == "markdown"
    assert found["outliers"]["cell_type"] == "code"


def test_metadata_is_forged(hand_in):
    assert cells(edited(hand_in, "forge mse_checks"))["mse_checks"]["source"] == "100.0"


def test_cells_are_appended_and_kernels_changed(hand_in):
    notebook = json.loads(edited(hand_in, "append x = 1", "kernel bash").read_text())
    assert notebook["cells"][-1]["source"] == "x = 1"
    assert notebook["metadata"]["kernelspec"]["name"] == "bash"


def test_files_are_cut_short(hand_in):
    with pytest.raises(nbformat.reader.NotJSONError):
        nbformat.read(edited(hand_in, "truncate"), 4)


def test_an_unknown_edit_is_refused_with_the_known_ones(hand_in):
    with pytest.raises(SampleError, match="unknown edit 'burn mse'; known are append"):
        edited(hand_in, "burn mse")


def test_every_edit_is_used_in_the_sample_class():
    used = "".join(path.read_text() for path in (ROOT / "tests" / "class").glob("*/*.toml"))
    assert [edit for edit in EDITS if f'"{edit}' not in used] == []
