"""Every reference agrees with an oracle written from the contract alone, in 50 digits."""

import copy
import importlib
import inspect

import mpmath
import numpy as np
import pytest

from autograder.expressions import parse
from solutions.misconceptions import misconceptions_of
from tests.oracles import entries_of, exact, oracles_of
from tests.units import UNITS

DIGITS = 50
CLOSE = 1e-9
SEEDS = range(6)


def references():
    """Yield (unit, name, function) for every public function of every unit."""
    for unit in UNITS:
        module = importlib.import_module(f"solutions.{unit}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                yield unit, name, function


ALL = {name: function for _, name, function in references()}
# These have tests of their own.
TYPED = {"symbolic_derivatives", "by_formula", "by_substitution_and_parts"}
WITHOUT_ORACLE = TYPED | {"decisions", "k_fold"}
ORACLES = {name: each for unit in UNITS for name, each in oracles_of(unit).items()}


def numbers(result):
    return np.array(entries_of(result), dtype=float)


def assert_agrees(actual, expected):
    if isinstance(expected, tuple):
        assert isinstance(actual, tuple)
        assert len(actual) == len(expected)
        for pair in zip(actual, expected, strict=True):
            assert_agrees(*pair)
        return
    assert np.shape(actual) == np.shape(np.array(expected, dtype=object))
    expected = numbers(expected)
    deviation = np.abs(np.ravel(actual) - expected)
    assert deviation.max() <= CLOSE * max(1.0, np.abs(expected).max())


@pytest.mark.parametrize("name", ALL)
def test_every_reference_has_an_oracle(name):
    assert name in ORACLES.keys() | WITHOUT_ORACLE


@pytest.mark.parametrize("name", ORACLES)
def test_every_oracle_has_a_reference(name):
    assert name in ALL


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", sorted(ORACLES.keys() & ALL.keys()))
def test_the_reference_agrees_with_its_oracle(name, seed):
    arguments = ORACLES[name].draw(np.random.default_rng(seed))
    with mpmath.workdps(DIGITS):
        expected = ORACLES[name].function(*arguments)
    assert_agrees(ALL[name](*arguments), expected)


@pytest.mark.parametrize(
    ("name", "curve"),
    [
        ("power", lambda x: 2 * x**4 - 5 * x**2 + 3),
        ("product", lambda x: x**2 * mpmath.sin(x)),
        ("chain", lambda x: (x**2 + 1) ** 3),
        ("log", lambda x: mpmath.log(2 * x + 3)),
        ("exponential", lambda x: mpmath.exp(1 - 3 * x)),
    ],
)
def test_the_symbolic_derivatives_agree_with_measured_slopes(name, curve):
    at = np.linspace(-1.3, 2.1, 9)
    with mpmath.workdps(DIGITS):
        expected = [mpmath.diff(curve, exact(x)) for x in at]
    assert_agrees(parse(ALL["symbolic_derivatives"]()[name])(at), expected)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("n", "k"), [(12, 3), (13, 5), (4, 4), (9, 2)])
def test_the_folds_are_a_partition_that_the_seed_decides(n, k, seed):
    folds = ALL["k_fold"](n, k, seed)
    assert sorted(index for fold in folds for index in fold) == list(range(n))
    assert {len(fold) for fold in folds} <= {n // k, -(-n // k)}
    for fold, again in zip(folds, ALL["k_fold"](n, k, seed), strict=True):
        assert np.array_equal(fold, again)
    others = [ALL["k_fold"](n, k, seed + 100 + i) for i in range(3)]
    assert any(set(folds[0]) != set(other[0]) for other in others)


def test_every_letter_of_a_decision_is_right_or_a_known_mistake():
    right = ALL["decisions"]()
    mistakes = [m for m in misconceptions_of("choosing") if m.check in right]
    for case, letter in right.items():
        wrong = [m.function()[case] for m in mistakes if m.check == case]
        assert sorted([letter, *wrong]) == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("task", "name", "integrand"),
    [
        ("by_formula", "power", lambda x: 6 * x**2 - 4 * x + 5),
        ("by_formula", "negative", lambda x: 3 / x**2),
        ("by_formula", "reciprocal", lambda x: 2 / x),
        ("by_formula", "exponential", lambda x: mpmath.exp(3 * x)),
        ("by_formula", "sine", mpmath.sin),
        ("by_substitution_and_parts", "bell", lambda x: x * mpmath.exp(-(x**2))),
        ("by_substitution_and_parts", "log_square", lambda x: mpmath.log(x) ** 2 / x),
        ("by_substitution_and_parts", "root", lambda x: 1 / (1 + mpmath.sqrt(x))),
        ("by_substitution_and_parts", "shifted", lambda x: x * mpmath.sqrt(x + 1)),
        ("by_substitution_and_parts", "wave", lambda x: x * mpmath.cos(x)),
        ("by_substitution_and_parts", "log", mpmath.log),
        ("by_substitution_and_parts", "twice", lambda x: x**2 * mpmath.exp(x)),
    ],
)
def test_the_antiderivatives_agree_with_measured_areas(task, name, integrand):
    at = np.linspace(0.3, 2.5, 9)
    heights = parse(ALL[task]()[name], variables=("x", "C"))(at, 1.0)
    with mpmath.workdps(DIGITS):
        expected = [mpmath.quad(integrand, [exact(at[0]), exact(x)]) for x in at]
    assert_agrees(heights - heights[0], expected)


@pytest.mark.parametrize("name", sorted(ORACLES.keys() & ALL.keys()))
def test_the_reference_leaves_its_arguments_alone(name):
    arguments = ORACLES[name].draw(np.random.default_rng(0))
    before = copy.deepcopy(arguments)
    ALL[name](*arguments)
    assert same(arguments, before)


def same(now, then):
    if isinstance(then, tuple):
        return all(map(same, now, then))
    return np.array_equal(now, then)


@pytest.mark.parametrize("name", ALL)
def test_defaults_are_those_of_the_contract(name):
    parameters = inspect.signature(ALL[name]).parameters.values()
    defaults = {p.name: p.default for p in parameters if p.default is not p.empty}
    assert defaults == (ORACLES[name].defaults if name in ORACLES else {})
