"""`lossgrad explain`: a record in words."""

import pytest

from autograder.explain import explain
from tests.grading import RIGHT, graded


@pytest.fixture(scope="module")
def record():
    wrong = "def mse(y, y_hat):\n    return np.sum((y - y_hat) ** 2)"
    return graded(wrong, "mse", RIGHT["mse_grad"], "mse_grad", problems=("It was cut.",)).record


def test_it_says_what_was_graded_and_with_what(record):
    text = explain(record)
    assert "ann, mse: 6.12 of 8 points" in text
    assert record.graded in text
    assert "numpy " in text
    assert "problem: It was cut." in text
    assert record.seed[:16] in text


def test_it_shows_every_check_with_its_sentence_and_the_hint(record):
    text = " ".join(explain(record).split())
    for task in record.tasks:
        for check in task.checks:
            assert check.sentence in text
            assert not check.hint or check.hint.replace("`", "") in text.replace("`", "")
    assert "N times too large" in text
