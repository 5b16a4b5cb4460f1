"""The item analysis of tasks: the textbook's formulas, and no number where there is none."""

import numpy as np
import pytest

from autograder.report_items import MEANINGFUL, Item, analyse, correlation, interval

RANDOM = np.random.default_rng(5)
ABILITY = RANDOM.normal(size=(200, 1))
SCORES = (ABILITY + RANDOM.normal(size=(200, 4)) > [-1, -0.5, 0, 1]).astype(float)
POINTS = np.array([2.0, 3.0, 4.0, 5.0])
TASKS = ["a", "b", "c", "d"]


def analysed(scores, points=POINTS):
    return analyse(TASKS[: scores.shape[1]], scores, points[: scores.shape[1]])


def test_difficulty_is_the_mean_share_of_the_points():
    for item, right in zip(analysed(SCORES * POINTS), SCORES.mean(axis=0), strict=True):
        assert item.difficulty == pytest.approx(right)
        assert item.count == 200


def test_of_right_and_wrong_answers_it_is_the_point_biserial_correlation_with_the_rest():
    scores = SCORES * POINTS
    for place, item in enumerate(analysed(scores)):
        rest = scores.sum(axis=1) - scores[:, place]
        right = SCORES[:, place] == 1
        p = right.mean()
        # Lord and Novick (1968), chapter 15.
        r = (rest[right].mean() - rest[~right].mean()) / rest.std() * np.sqrt(p * (1 - p))
        assert item.discrimination == pytest.approx(r)
        assert item.low < r < item.high


def test_the_task_itself_is_not_in_the_total():
    noise = RANDOM.normal(size=(500, 2))
    for item in analysed(noise):
        assert abs(item.discrimination) < 0.15  # with itself in it, it would be near 0.7


def test_a_reversed_task_discriminates_negatively():
    reversed_scores = SCORES * [1, 1, 1, -1] + [0, 0, 0, 1]
    item = analysed(reversed_scores)[3]
    assert item.discrimination < 0
    assert any("read" in sign or "look" in sign for sign in item.signs)


@pytest.mark.parametrize("count", [1, 2])
def test_a_class_of_one_or_two_has_no_discrimination(count):
    for item in analysed(SCORES[:count]):
        assert item.discrimination is None
        assert item.low is item.high is None


def test_where_all_have_the_same_score_there_is_no_discrimination():
    scores = SCORES.copy()
    scores[:, 1] = 0.1 + 0.2
    items = analysed(scores)
    assert items[1].discrimination is None
    assert items[0].discrimination is not None


def test_the_only_task_of_a_unit_has_no_rest_to_compare_with():
    assert analysed(SCORES[:, :1])[0].discrimination is None


def test_a_submission_without_a_task_counts_for_the_others():
    scores = SCORES.copy()
    scores[:50, 2] = np.nan
    items = analysed(scores)
    assert items[2].count == 150
    assert items[0].count == 200
    assert items[2].difficulty == pytest.approx(SCORES[50:, 2].mean() / POINTS[2])


def test_correlation_is_pearsons():
    first, second = RANDOM.normal(size=(2, 30))
    assert correlation(first, second) == pytest.approx(np.corrcoef(first, second)[0, 1])
    assert correlation(first, 3 * first + 1) == pytest.approx(1)


def test_the_interval_is_fishers_and_grows_as_the_class_shrinks():
    # A textbook's example: r = 0.5 with 28 pairs, so z = 0.5493 ± 1.96 / 5.
    low, high = interval(0.5, 28)
    assert (low, high) == pytest.approx(
        (np.tanh(0.5493 - 0.392), np.tanh(0.5493 + 0.392)), abs=1e-4
    )
    assert interval(1.0, 10)[1] <= 1
    assert interval(0.3, 3) == (None, None)
    assert interval(None, 100) == (None, None)


@pytest.mark.parametrize(
    ("difficulty", "discrimination", "count", "sign"),
    [
        (0.29, 0.5, 100, "hard"),
        (0.91, 0.5, 100, "easy"),
        (0.6, 0.19, 100, "hardly tells"),
        (0.6, -0.01, 100, "does worse here"),
        (0.95, -0.01, 100, "does worse here"),
        (0.6, 0.2, 100, ""),
        (0.95, 0.1, 100, "easy"),  # that alone: an easy task cannot discriminate
        (0.6, 0.1, MEANINGFUL - 1, ""),
        (0.6, None, 100, ""),
    ],
)
def test_signs_are_those_of_the_field(difficulty, discrimination, count, sign):
    signs = Item("a", count, difficulty, discrimination, None, None).signs
    assert sign in " ".join(signs)
    assert len(signs) == bool(sign) or difficulty > 0.9
