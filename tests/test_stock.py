"""The checks in an nbgrader without our preprocessors: a score that it reads, and the table."""

import types

import IPython
import pytest
from nbformat.v4 import new_code_cell, new_output
from nbgrader.utils import determine_grade

from autograder import stock
from tests.grading import RIGHT


@pytest.mark.parametrize(("score", "shown"), [(3, "3.00"), (0, "0.00"), (10 / 3, "3.33")])
def test_a_score_prints_as_nbgrader_reads_it(score, shown):
    assert repr(stock.Score(score)) == shown
    assert float(repr(stock.Score(score))) == pytest.approx(score, abs=0.005)


def test_nbgrader_reads_it_as_partial_credit():
    cell = new_code_cell("# Checks")
    cell.metadata["nbgrader"] = {
        "grade_id": "mse_checks",
        "grade": True,
        "solution": False,
        "points": 3,
        "schema_version": 3,
    }
    score = {"text/plain": repr(stock.Score(1.125))}
    cell.outputs = [
        new_output("display_data", {"text/plain": "mse: 1.12 / 3"}),
        new_output("execute_result", score, execution_count=1),
    ]
    assert determine_grade(cell) == (1.12, 3)


@pytest.mark.parametrize(("answer", "score"), [(RIGHT["mse"], 3.0), ("", 0.0)])
def test_a_task_is_checked_in_this_process(monkeypatch, answer, score):
    names, shown = {}, []
    exec("import numpy as np\n" + answer, names)
    shell = types.SimpleNamespace(user_ns=names)
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    monkeypatch.setattr("IPython.display.display", lambda *data, **_: shown.append(data[0]))
    assert stock.grade_task("mse", "mse", 3) == score
    (table,) = shown
    assert "lossgrad-result" in table["text/html"]
    assert f"{score:.2f}" in table["text/plain"]
