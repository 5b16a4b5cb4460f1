"""A submitted file is made into a notebook that can be graded, whatever was done to it."""

import json

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder import restoring
from autograder.restoring import ReleasedCell, Unreadable, read_cells, restore, restore_file


def released_cell(grade_id, cell_type="code", *, locked=False, source="released"):
    metadata = {"grade_id": grade_id, "locked": locked, "points": 3.0, "schema_version": 3}
    return ReleasedCell(grade_id, cell_type, metadata, locked, source)


SOLUTION = released_cell("mse", source="def mse(): raise NotImplementedError")
CHECKS = released_cell("mse_checks", locked=True, source="# Checks of mse")
WHY = released_cell("outliers", "markdown", source="*Your answer.*")
RELEASED = (SOLUTION, CHECKS, WHY)


def submitted(cells, **metadata):
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    return json.dumps(notebook).encode()


def cell(source, grade_id=None, cell_type="code", **nbgrader):
    metadata = {"nbgrader": {"grade_id": grade_id, **nbgrader}} if grade_id else {}
    return {"cell_type": cell_type, "source": source, "metadata": metadata}


def restored(cells):
    notebook, problem = restore_file(submitted(cells), RELEASED)
    nbformat.validate(notebook)
    assert problem == ""
    return notebook


def named(notebook, grade_id):
    (found,) = [
        each
        for each in notebook.cells
        if each.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    ]
    return found


WHOLE = [cell("answer", "mse"), cell("# Checks", "mse_checks"), cell("why", "outliers", "markdown")]


def test_answers_are_kept_and_locked_cells_restored():
    notebook = restored([cell("import this"), *WHOLE])
    assert [each.source for each in notebook.cells] == [
        "import this",
        "answer",
        "# Checks of mse",
        "why",
    ]


def test_forged_metadata_is_ignored():
    forged = cell("100.0", "mse_checks", points=100, locked=False, schema_version=99, evil=[])
    restored_cell = named(restored([WHOLE[0], forged, WHOLE[2]]), "mse_checks")
    assert restored_cell.source == "# Checks of mse"
    assert restored_cell.metadata == {"nbgrader": CHECKS.metadata}


def test_an_invented_cell_is_an_ordinary_one():
    notebook = restored([*WHOLE, cell("1", "bonus_checks", points=50, grade=True)])
    assert notebook.cells[-1].metadata == {}


def test_the_last_of_several_copies_counts():
    notebook = restored([cell("first", "mse"), cell("second", "mse"), *WHOLE[1:]])
    assert named(notebook, "mse").source == "second"
    assert notebook.cells[0].source == "first"
    assert notebook.cells[0].metadata == {}


def test_a_missing_check_comes_back_after_its_solution():
    notebook = restored([WHOLE[0], WHOLE[2]])
    assert [each.metadata.nbgrader.grade_id for each in notebook.cells] == [
        "mse",
        "mse_checks",
        "outliers",
    ]


def test_a_missing_solution_hides_no_function_of_another_cell():
    notebook = restored([cell("def mse(): ..."), WHOLE[1], WHOLE[2]])
    assert "NotImplementedError" not in "".join(each.source for each in notebook.cells)


def test_a_retyped_cell_has_its_kind_again():
    notebook = restored([cell("answer", "mse", "markdown"), cell("x", "outliers", "code")])
    assert named(notebook, "mse").cell_type == "code"
    assert named(notebook, "mse").source == "answer"
    assert named(notebook, "outliers").cell_type == "markdown"


def test_a_changed_kernel_is_changed_back():
    content = submitted(WHOLE, kernelspec={"name": "bash", "display_name": "x"}, evil=1)
    notebook, _ = restore_file(content, RELEASED)
    assert notebook.metadata.kernelspec.name == "python3"
    assert "evil" not in notebook.metadata


def test_sources_may_be_lists_of_lines():
    notebook = restored([cell(["a\n", "b"], "mse"), *WHOLE[1:]])
    assert named(notebook, "mse").source == "a\nb"


def test_outputs_and_ids_are_not_believed():
    bad = cell("x") | {"outputs": [{"output_type": "evil"}], "id": "a b", "execution_count": "x"}
    notebook = restored([bad, bad, *WHOLE])
    assert notebook.cells[0].outputs == []
    assert len({each.id for each in notebook.cells}) == len(notebook.cells)


def test_a_notebook_of_the_old_format_is_read():
    old = nbformat.convert(
        new_notebook(cells=[new_code_cell("answer"), new_markdown_cell("text")]), 3
    )
    cells = read_cells(json.dumps(old).encode())
    assert [(kind, source) for kind, source, _ in cells] == [
        ("code", "answer"),
        ("markdown", "text"),
    ]


@pytest.mark.parametrize(
    "sheets", ["[]", "[1]", '[{"cells": 1}]', '[{"cells": [1, {"input": 2}]}]', "[{}]"]
)
def test_hostile_worksheets_have_no_cells(sheets):
    assert read_cells(f'{{"nbformat": 3, "worksheets": {sheets}}}'.encode()) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"not a notebook",
        b"\xff\xfe\x00",
        b"null",
        b"[]",
        b"{}",
        b'{"cells": {}}',
        b'{"worksheets": 3}',
        b"[" * 100_000,
    ],
)
def test_a_broken_file_becomes_an_unanswered_notebook_that_says_so(content):
    notebook, problem = restore_file(content, RELEASED)
    assert problem.startswith("The submitted file is not a notebook")
    assert problem in notebook.cells[0].source
    assert {c.metadata.nbgrader.grade_id for c in notebook.cells if c.metadata} == {
        "mse",
        "mse_checks",
        "outliers",
    }
    nbformat.validate(notebook)


def test_a_truncated_notebook_is_broken():
    content = submitted(WHOLE)
    assert restore_file(content[: len(content) // 2], RELEASED)[1]


def test_a_byte_order_mark_does_no_harm():
    assert read_cells(b"\xef\xbb\xbf" + submitted(WHOLE))


def test_sizes_are_limited(monkeypatch):
    monkeypatch.setattr(restoring, "MAX_FILE", 1000)
    with pytest.raises(Unreadable, match="larger than"):
        read_cells(b" " * 1001)
    monkeypatch.undo()
    cells = read_cells(submitted([cell("x")] * (restoring.MAX_CELLS + 10)))
    assert len(cells) == restoring.MAX_CELLS
    ((_, source, _),) = read_cells(submitted([cell("x" * (restoring.MAX_SOURCE + 10))]))
    assert len(source) == restoring.MAX_SOURCE


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4)
    ),
    max_leaves=20,
)
IDS = st.sampled_from(["mse", "mse_checks", "outliers", "other", ""])
NBGRADER = st.fixed_dictionaries(
    {"grade_id": IDS | JSON}, optional={"points": JSON, "locked": JSON, "grade": JSON}
)
CELL = st.fixed_dictionaries(
    {"cell_type": st.sampled_from(["code", "markdown", "raw", "heading"]) | JSON},
    optional={
        "source": JSON,
        "metadata": st.fixed_dictionaries({"nbgrader": NBGRADER | JSON}) | JSON,
        "outputs": JSON,
        "id": JSON,
    },
)


@given(st.lists(CELL | JSON, max_size=8))
def test_hostile_cells_never_stop_it(cells):
    notebook, _ = restore_file(json.dumps({"cells": cells}).encode(), RELEASED)
    nbformat.validate(notebook)
    for each in RELEASED:
        assert named(notebook, each.grade_id).metadata.nbgrader == each.metadata
    assert named(notebook, "mse_checks").source == CHECKS.source


@given(JSON)
def test_any_json_is_read_or_refused(data):
    nbformat.validate(restore_file(json.dumps(data).encode(), RELEASED)[0])


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content):
    nbformat.validate(restore_file(content, RELEASED)[0])


def test_restoring_twice_changes_nothing():
    once = restored([cell("x"), *WHOLE])
    again = restore([(c.cell_type, c.source, grade_id(c)) for c in once.cells], RELEASED)
    assert [c.source for c in again.cells] == [c.source for c in once.cells]


def grade_id(each):
    return each.metadata.get("nbgrader", {}).get("grade_id")
