"""Each expectation passes what is right in whatever form, and says rightly what is wrong."""

import numpy as np
import pytest

from autograder.checks import (
    CheckFailed,
    as_numbers,
    check,
    expect_own_gradient,
    expect_repeatable,
    expect_shape,
    expect_subgradient,
    expect_unmodified,
    expect_values,
    fail,
    same_value,
)
from autograder.submission import LocalTransport, Submission
from autograder.wire import Opaque
from solutions import hinge as hinge_unit
from solutions import mse as reference

RNG = np.random.default_rng(5)
PAIRS = [(RNG.normal(size=n), RNG.normal(size=n)) for n in (3, 5, 7)]
SCORES = [(np.array([1.0, -1.0, 1.0]), np.array([1.0, -1.0, 0.5]))]  # two margins of exactly 1


def function(f, name="f"):
    """A function of a submission that has only this one."""
    return getattr(Submission(LocalTransport({name: f})), name)


def reason(expectation, *arguments, **options):
    """The whole text of the failed check that the expectation must be."""
    with pytest.raises(CheckFailed) as caught:
        expectation(*arguments, **options)
    return caught.value.reason


class TestCheck:
    def test_it_marks_a_method_with_weight_and_order(self):
        @check(weight=2, after="shape")
        def test_value(self):
            """A sentence."""

        assert (test_value.marks.weight, test_value.marks.after) == (2.0, ("shape",))
        assert check(weight=1, after=("a", "b"))(test_value).marks.after == ("a", "b")

    @pytest.mark.parametrize("weight", [0, -1, float("nan")])
    def test_a_weight_must_be_positive(self, weight):
        with pytest.raises(ValueError, match="must be positive"):
            check(weight=weight)

    def test_a_check_needs_a_sentence(self):
        def test_value(self):
            pass

        with pytest.raises(ValueError, match="no docstring for the student"):
            check(weight=1)(test_value)

    def test_fail_carries_reason_expected_and_actual(self):
        with pytest.raises(CheckFailed) as caught:
            fail("It is wrong.", 3, None)
        failure = caught.value
        assert (failure.reason, failure.expected, failure.actual) == ("It is wrong.", "3", None)


class TestFairness:
    """What `np.asarray` makes the right numbers of is right."""

    @pytest.mark.parametrize(
        "form",
        [
            np.asarray,
            list,
            tuple,
            lambda g: [np.float64(x) for x in g],
            lambda g: [np.array(x) for x in g],
            lambda g: g.astype(np.float32),
            lambda g: g.astype(np.longdouble),
            np.ma.masked_array,
            np.asmatrix,
            lambda g: g.astype(">f8"),
            lambda g: np.repeat(g, 2)[::2],
        ],
    )
    def test_gradients_may_come_in_any_numeric_form(self, form):
        f = function(lambda y, y_hat: form(reference.mse_grad(y, y_hat)))
        if form is np.asmatrix:  # but a matrix has another shape
            assert "shape (1, 3)" in reason(expect_shape, f, PAIRS, reference.mse_grad)
            return
        expect_shape(f, PAIRS, reference.mse_grad)
        expect_values(f, PAIRS, reference.mse_grad)

    @pytest.mark.parametrize(
        "form", [float, np.float64, np.float32, np.array, np.longdouble, lambda x: np.array(x)[()]]
    )
    def test_losses_may_come_in_any_numeric_form(self, form):
        f = function(lambda y, y_hat: form(reference.mse(y, y_hat)))
        expect_shape(f, PAIRS, reference.mse)
        expect_values(f, PAIRS, reference.mse)

    def test_an_integer_is_a_number(self):
        expect_values(function(lambda x: 3), [(1.0,)], [3.0])
        expect_values(function(lambda x: [1, 2.0, True]), [(1.0,)], [np.array([1.0, 2.0, 1.0])])

    @pytest.mark.parametrize("pair", [tuple, list])
    def test_two_results_may_be_a_tuple_or_a_list(self, pair):
        f = function(lambda x: pair([x, [float(x.sum())] * 2]))
        expected = [(np.ones(3), np.full(2, 3.0))]
        expect_values(f, [(np.ones(3),)], expected)

    def test_a_computation_in_float32_is_right(self):
        def single(y, y_hat):
            y, y_hat = y.astype(np.float32), y_hat.astype(np.float32)
            return 2 * (y_hat - y) / np.float32(len(y))

        expect_values(function(single), PAIRS, reference.mse_grad)

    def test_printing_and_warnings_cost_nothing(self):
        def noisy(y, y_hat):
            print("debug")
            np.log(np.zeros(1))
            return reference.mse(y, y_hat)

        expect_values(function(noisy), PAIRS, reference.mse)

    def test_equal_infinities_are_equal(self):
        expect_values(function(lambda x: [np.inf, 1.0]), [(0.0,)], [np.array([np.inf, 1.0])])


class TestShape:
    @pytest.mark.parametrize(
        ("f", "said"),
        [
            (
                lambda y, y_hat: None,
                "It returns nothing (None). Does it end with a `return`?",
            ),
            (
                lambda y, y_hat: y[:, None],
                "It should return an array of shape (3,); it returned an array of shape (3, 1). "
                "An array of shape (N, 1) is a matrix with one column, and broadcasting treats "
                "it as one.",
            ),
            (
                lambda y, y_hat: [[x] for x in y],
                "It should return an array of shape (3,); it returned a list of length 3. "
                "An array of shape (N, 1) is a matrix with one column, and broadcasting treats "
                "it as one.",
            ),
            (
                lambda y, y_hat: y[None, :],
                "It should return an array of shape (3,); it returned an array of shape (1, 3).",
            ),
            (
                lambda y, y_hat: 1.0,
                "It should return an array of shape (3,); it returned one number.",
            ),
            (
                lambda y, y_hat: "text",
                "It should return an array of shape (3,); it returned a text.",
            ),
            (
                lambda y, y_hat: {"g": y},
                "It should return an array of shape (3,); it returned a dict.",
            ),
            (
                lambda y, y_hat: {1.0, 2.0},
                "It should return an array of shape (3,); it returned a value of type set.",
            ),
            (
                lambda y, y_hat: y > 0,
                "It should return an array of shape (3,); it returned an array of True and False "
                "of shape (3,).",
            ),
            (
                lambda y, y_hat: y * 1j,
                "It returned complex numbers; the result should be real.",
            ),
            (
                lambda y, y_hat: [1j, 2, 3],
                "It returned complex numbers; the result should be real.",
            ),
            (
                lambda y, y_hat: [1.0, [2.0, 3.0]],
                "It returned a list of length 2 that is not a table of numbers: its rows have "
                "different lengths, or it holds something else.",
            ),
            (
                lambda y, y_hat: (y, "text", 1.0),
                "It returned a tuple of length 3 that is not a table of numbers: its rows have "
                "different lengths, or it holds something else.",
            ),
        ],
    )
    def test_what_is_not_the_right_array_is_named(self, f, said):
        assert reason(expect_shape, function(f), PAIRS, reference.mse_grad) == said

    @pytest.mark.parametrize(
        ("f", "said"),
        [
            (
                lambda y, y_hat: (y - y_hat) ** 2,
                "It should return one number; it returned an array of shape (3,). "
                "Is the mean, or another reduction to one number, missing?",
            ),
            (
                lambda y, y_hat: y[:1],
                "It should return one number; it returned an array of shape (1,).",
            ),
            (
                lambda y, y_hat: [1.0],
                "It should return one number; it returned a list of length 1.",
            ),
            (lambda y, y_hat: True, "It should return one number; it returned True or False."),
        ],
    )
    def test_what_is_not_one_number_is_named(self, f, said):
        assert reason(expect_shape, function(f), PAIRS, reference.mse) == said

    @pytest.mark.parametrize("f", [lambda x: x, lambda x: (x,), lambda x: (x, x, x), lambda x: 1.0])
    def test_two_results_are_two(self, f):
        said = reason(expect_shape, function(f), [(np.ones(3),)], lambda x: (x, 1.0))
        assert said.startswith("It should return 2 values; it returned")

    @pytest.mark.parametrize("part", [None, "2.0", {}, set(), np.array([True, False])])
    def test_a_list_must_hold_numbers(self, part):
        f = function(lambda y, y_hat: [1.0, part, 3.0])
        assert "not a table of numbers" in reason(expect_shape, f, PAIRS, reference.mse_grad)

    def test_a_call_that_fails_is_told(self):
        assert reason(expect_shape, function(len), PAIRS, reference.mse).startswith("It raised")

    def test_a_huge_integer_does_no_harm(self):
        for huge in (2**64, 2**1022, -(2**1000)):
            expect_shape(function(lambda huge=huge: huge), [()], lambda: 1.0)
            expect_shape(function(lambda huge=huge: [huge, 1.0]), [()], lambda: np.ones(2))
        assert "very large int" in reason(
            expect_shape, function(lambda: 2**1100), [()], lambda: 1.0
        )

    def test_a_long_text_in_a_list_of_numbers_takes_no_memory(self):
        """NumPy would make each of them a text of that length: 2 GB."""
        values = ["x" * 10_000, *[1.0] * 40_000]
        with pytest.raises(CheckFailed, match="not a table of numbers"):
            as_numbers(values, np.ones(40_001))


class TestValues:
    def test_of_several_results_only_some_may_count(self):
        pair = function(lambda y, y_hat: (np.mean(y), np.zeros(3)))
        right = [(np.mean(y), np.ones(3)) for y, _ in PAIRS]
        expect_values(pair, PAIRS, right, parts=(0,))
        assert reason(expect_values, pair, PAIRS, right, parts=(1,)).startswith("3 of 3 entries")

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (lambda g: -g, "Every entry is the right one with the sign flipped."),
            (lambda g: 2 * g, "Every entry is 2 times the right one."),
            (lambda g: g * np.float32(0.1), "Every entry is 0.1 times the right one."),
            (lambda g: g * len(g), "Every entry is 3 times the right one."),
            (lambda g: g + np.array([0, 0.1, 0]), "1 of 3 entries are wrong; the worst is shown."),
            (lambda g: g[::-1], "2 of 3 entries are wrong; the worst is shown."),
            (lambda g: 0 * g, "3 of 3 entries are wrong; the worst is shown."),
            (lambda g: g * [1, np.nan, 1], "It contains nan (not a number)."),
            (lambda g: g - [0, 0, np.inf], "It contains an infinite value."),
        ],
    )
    def test_a_wrong_array_is_described(self, change, said):
        f = function(lambda y, y_hat: change(reference.mse_grad(y, y_hat)))
        assert reason(expect_values, f, PAIRS[:1], reference.mse_grad) == said

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            (-3.0, "It is the right one with the sign flipped."),
            (1.5, "It is 0.5 times the right one."),
            (-6.0, "It is -2 times the right one."),
            (3.3, "The value is wrong."),
            (0.0, "The value is wrong."),
            (np.nan, "It returns nan (not a number)."),
            (-np.inf, "It returns an infinite value."),
        ],
    )
    def test_a_wrong_number_is_described(self, wrong, said):
        assert reason(expect_values, function(lambda: wrong), [()], [3.0]) == said

    def test_a_factor_is_named_where_some_entries_are_zero(self):
        right = np.array([0.0, -0.25, 0.0, 0.25])
        said = reason(expect_values, function(lambda: 4 * right), [()], [right])
        assert said == "Every entry is 4 times the right one."
        said = reason(expect_values, function(lambda: 4 * right + 0.1), [()], [right])
        assert "times" not in said

    def test_the_worst_entry_is_shown_and_the_inputs_are_not(self):
        with pytest.raises(CheckFailed) as caught:
            expect_values(
                function(lambda x: [1.0, 2.5, 3.1]), [(0.123456,)], [np.array([1.0, 2.0, 3.0])]
            )
        failure = caught.value
        assert (failure.expected, failure.actual) == ("2", "2.5")
        assert "0.123" not in failure.reason

    @pytest.mark.parametrize("factor", [1 + 3e-5, 1 - 3e-5])
    def test_the_tolerance_is_relative(self, factor):
        for scale in (1e-3, 1.0, 1e6):
            right = scale * np.array([1.0, -2.0])
            expect_values(function(lambda right=right: right * (1 + 5e-6)), [()], [right])
            reason(expect_values, function(lambda right=right: right * factor), [()], [right])

    def test_a_wider_tolerance_can_be_asked_for(self):
        expect_values(function(lambda: 1.01), [()], [1.0], rtol=0.02)
        reason(expect_values, function(lambda: 1.03), [()], [1.0], rtol=0.02)

    def test_both_results_are_compared(self):
        calls, expected = [()], [(np.ones(2), 3.0)]
        expect_values(function(lambda: (np.ones(2), 3.0)), calls, expected)
        assert "sign" in reason(
            expect_values, function(lambda: (np.ones(2), -3.0)), calls, expected
        )
        assert "sign" in reason(
            expect_values, function(lambda: (-np.ones(2), 3.0)), calls, expected
        )


def own_gradient(gradient, loss, calls=PAIRS, **options):
    student = Submission(LocalTransport({"mse_grad": gradient, "mse": loss}))
    options = {"wrt": 1, "reference": reference.mse_grad} | options
    expect_own_gradient(student.mse_grad, student.mse, calls, **options)


def half_mse(y, y_hat):
    return np.mean((y - y_hat) ** 2) / 2


class TestOwnGradient:
    def test_the_right_gradient_passes_beside_any_loss(self):
        for loss in (reference.mse, half_mse, lambda y, y_hat: "text", lambda: None):
            own_gradient(reference.mse_grad, loss)

    def test_the_gradient_of_the_own_wrong_loss_passes(self):
        own_gradient(lambda y, y_hat: (y_hat - y) / len(y), half_mse)
        own_gradient(lambda y, y_hat: 0 * y, lambda y, y_hat: 1.0)

    def test_a_wrong_gradient_fails_with_both_numbers(self):
        with pytest.raises(CheckFailed) as caught:
            own_gradient(lambda y, y_hat: y_hat - y, reference.mse)
        failure = caught.value
        assert failure.reason == "It is not the slope of your own `mse`, measured with small steps."
        assert failure.expected.endswith("(slope of your mse)")
        ratio = float(failure.expected.split()[0]) / float(failure.actual)
        assert ratio == pytest.approx(2 / 3, rel=1e-4)  # six digits are shown

    @pytest.mark.parametrize("factor", [1.001, 2, 0.5, -1])
    def test_a_wrong_factor_fails(self, factor):
        f = function(lambda y, y_hat: factor * reference.mse_grad(y, y_hat))
        loss = function(lambda y, y_hat: reference.mse(y, y_hat), "mse")
        reason(expect_own_gradient, f, loss, PAIRS, wrt=1, reference=lambda y, y_hat: 9 + 0 * y)

    @pytest.mark.parametrize(
        ("loss", "said"),
        [
            (lambda y, y_hat: np.nan, "Your own `mse` is nan or infinite near the inputs"),
            (lambda y, y_hat: None, "Your own `mse` has no slope to compare with. It returns noth"),
            (lambda y, y_hat: y, "Your own `mse` has no slope to compare with. It should return o"),
            (lambda y: y, "Your own `mse` has no slope to compare with. It raised TypeError"),
        ],
    )
    def test_a_loss_without_a_slope_is_named_as_the_cause(self, loss, said):
        assert reason(own_gradient, lambda y, y_hat: 0 * y, loss).startswith(said)

    def test_nan_is_told_as_such(self):
        said = reason(own_gradient, lambda y, y_hat: y * np.nan, reference.mse)
        assert said == "It contains nan (not a number)."
        said = reason(own_gradient, lambda y, y_hat: y * np.inf, reference.mse)
        assert said == "It contains an infinite value."

    def test_gradients_of_a_tuple_of_arrays_through_a_model_of_ones_own(self):
        X, y = RNG.normal(size=(6, 3)), RNG.normal(size=6)
        calls = [(X, y, (RNG.normal(size=3), 0.3))]

        def model(X, line):  # with the bias subtracted, which the right model adds
            return X @ line[0], X @ line[0] - line[1]

        def own(X, y, line):
            g = reference.mse_grad(y, model(X, line)[1])
            return X.T @ g, -np.sum(g)

        options = {
            "wrt": 2,
            "reference": lambda X, y, line: reference.linear_mse_grad(X, y, *line),
            "loss_arguments": lambda X, y, line: (X, line),
            "loss_value": lambda value, X, y, line: reference.mse(y, value[1]),
        }
        expect_own_gradient(function(own), function(model, "model"), calls, **options)
        wrong = function(lambda X, y, line: (own(X, y, line)[0], -own(X, y, line)[1] + 1))
        said = reason(expect_own_gradient, wrong, function(model, "model"), calls, **options)
        assert said == "It is not the slope of your own `model`, measured with small steps."

    def test_several_gradients_through_a_model_with_a_regularizer(self):
        X, y = RNG.normal(size=(6, 3)), np.sign(RNG.normal(size=6))
        calls = [(X, y, RNG.normal(size=3), 0.3, 0.1)]
        options = {
            "wrt": (2, 3),
            "reference": lambda X, y, w, b, reg: (np.full(3, 9.0), 9.0),  # never met
            "loss_arguments": lambda X, y, w, b, reg: (y, X @ w + b),
            "extra": lambda X, y, w, b, reg: reg / 2 * w @ w,
        }
        right = hinge_unit.linear_svm_grad
        own_gradient(right, hinge_unit.hinge, calls, **options)

        def without_regularizer(X, y, w, b, reg):
            return right(X, y, w, b, 0.0)

        def bias_lost(X, y, w, b, reg):
            return right(X, y, w, b, reg)[0], 0.0

        for wrong in (without_regularizer, bias_lost):
            assert "not the slope" in reason(
                own_gradient, wrong, hinge_unit.hinge, calls, **options
            )

    def test_a_loss_computed_in_float32_is_not_held_against_its_gradient(self):
        def loss(y, y_hat):
            return half_mse(y.astype(np.float32), y_hat.astype(np.float32))

        own_gradient(lambda y, y_hat: (y_hat - y) / len(y), loss)


class TestSubgradient:
    @pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 1.0])
    def test_any_slope_between_those_of_the_sides_passes(self, share):
        def gradient(y, s):
            margin = y * s
            slope = np.where(margin < 1, 1.0, np.where(margin == 1, share, 0.0))
            return list(-y * slope / len(y))

        expect_subgradient(function(gradient), SCORES, hinge_unit.hinge, wrt=1)

    @pytest.mark.parametrize("share", [-1.0, -0.01, 1.01, 2.0])
    def test_a_slope_outside_fails(self, share):
        def gradient(y, s):
            return -y * np.where(y * s < 1, 1.0, share) / len(y)

        with pytest.raises(CheckFailed) as caught:
            expect_subgradient(function(gradient), SCORES, hinge_unit.hinge, wrt=1)
        failure = caught.value
        assert failure.reason.startswith("At a kink any slope between those of the two sides")
        assert failure.expected.startswith("one-sided slope ")

    def test_rows_of_a_matrix_are_seen(self):
        y, S = np.array([0, 1]), np.array([[1.0, 0.0, 0.0], [0.5, 1.5, 0.0]])

        def counted_once(y, S, delta=1.0):
            grad = hinge_unit.multiclass_hinge_grad(y, S, delta)
            grad[0, 0] -= 1 / len(y)  # one of two ties, which appears in no other entry
            return grad

        loss = hinge_unit.multiclass_hinge
        expect_subgradient(function(hinge_unit.multiclass_hinge_grad), [(y, S)], loss, wrt=1)
        reason(expect_subgradient, function(counted_once), [(y, S)], loss, wrt=1)

    def test_several_arguments_are_taken_together(self):
        X, y = np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([1.0, -1.0])
        calls = [(X, y, np.array([0.5, -0.75]), 0.5, 0.1)]

        def loss(X, y, w, b, reg):
            return hinge_unit.hinge(y, X @ w + b) + reg / 2 * w @ w

        right = hinge_unit.linear_svm_grad
        expect_subgradient(function(right), calls, loss, wrt=(2, 3))

        def bias_lost(*arguments):
            return right(*arguments)[0], 5.0

        reason(expect_subgradient, function(bias_lost), calls, loss, wrt=(2, 3))

    def test_nan_and_shapes_are_told_as_such(self):
        said = reason(
            expect_subgradient,
            function(lambda y, s: s * np.nan),
            SCORES,
            hinge_unit.hinge,
            wrt=1,
        )
        assert said == "It contains nan (not a number)."
        said = reason(
            expect_subgradient, function(lambda y, s: 0.0), SCORES, hinge_unit.hinge, wrt=1
        )
        assert said.startswith("It should return an array of shape (3,)")


class TestPurityAndMemory:
    def test_a_function_that_only_computes_is_pure(self):
        expect_unmodified(function(reference.mse_grad), PAIRS)

    @pytest.mark.parametrize(("which", "word"), [(0, "first"), (1, "second")])
    def test_a_changed_argument_is_named(self, which, word):
        def change(*arguments):
            arguments[which][0] += 1
            return 0.0

        said = reason(expect_unmodified, function(change), PAIRS)
        assert said == f"It changed its {word} argument in place."

    def test_earlier_calls_are_not_held_against_it(self):
        student = Submission(
            LocalTransport({"spoil": lambda y, y_hat: y.sort(), "mse": reference.mse})
        )
        student.spoil.batch(PAIRS)
        expect_unmodified(student.mse, PAIRS)

    def test_a_function_without_memory_is_repeatable(self):
        expect_repeatable(function(reference.mse_grad), PAIRS)
        expect_repeatable(function(lambda y, y_hat: np.full(3, np.nan)), PAIRS)

    def test_a_function_that_accumulates_or_guesses_is_not(self):
        total = []
        guess = np.random.default_rng(0)
        for f in (
            lambda y, y_hat: total.append(1) or float(len(total)),
            lambda y, y_hat: guess.random(),
        ):
            said = reason(expect_repeatable, function(f), PAIRS)
            assert said == "The same inputs gave two different results: it remembers earlier calls."


class TestSameValue:
    @pytest.mark.parametrize(
        ("first", "second"),
        [
            (1.0, np.array(1.0)),
            (1, 1.0),
            (2**70, float(2**70)),
            ([1.0, 2], np.array([1.0, 2.0])),
            (np.array([np.nan, np.inf]), np.array([np.nan, np.inf])),
            ((np.ones(2), 3.0), [np.ones(2), 3]),
            ({"a": "x", "b": None}, {"b": None, "a": "x"}),
            (np.array([True, False]), np.array([True, False])),
            (Opaque("set"), Opaque("set")),
            (1 + 1e-9, 1.0),
            (True, True),
        ],
    )
    def test_alike(self, first, second):
        assert same_value(first, second)
        assert same_value(second, first)

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            (1.0, 1.001),
            (1.0, None),
            (1.0, "1.0"),
            (1.0, True),
            (np.ones(2), np.ones(3)),
            (np.ones(2), np.ones((2, 1))),
            (np.array([True, False]), np.array([True, True])),
            (np.array([True, False]), np.array([1.0, 0.0])),
            ([1.0, "x"], np.ones(2)),
            ([1.0, 2.0], [1.0]),
            ({"a": 1.0}, {"b": 1.0}),
            ({"a": np.array([1.0])}, {"a": np.array([2.0])}),
            (Opaque("set"), Opaque("map")),
            (np.nan, 0.0),
            (2**1000, 2**1001),
            (0.0, 1e-9),
        ],
    )
    def test_not_alike(self, first, second):
        assert not same_value(first, second)
        assert not same_value(second, first)
