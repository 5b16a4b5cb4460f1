"""Numerical derivatives are as good as they say; the gradient check accepts and rejects rightly."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from autograder import gradcheck
from autograder.gradcheck import (
    check_gradient,
    check_subgradient,
    clarke_interval,
    directional_derivative,
    gradient,
    one_sided_derivative,
    tolerance,
)

SMOOTH = {
    "exp": (np.exp, np.exp),
    "sin": (np.sin, np.cos),
    "cube": (lambda x: x**3, lambda x: 3 * x**2),
    "tanh": (np.tanh, lambda x: 1 / np.cosh(x) ** 2),
    "softplus": (lambda x: np.logaddexp(0, x), lambda x: 1 / (1 + np.exp(-x))),
    "root": (lambda x: np.sqrt(1 + x**2), lambda x: x / np.sqrt(1 + x**2)),
    "line": (lambda x: 3 * x - 1, lambda x: 3 + 0 * x),
    "constant": (lambda x: 0.7 + 0 * x, lambda x: 0 * x),
}
points = st.floats(-3, 3)
seeds = st.integers(0, 2**32 - 1)


def batched(f):
    """A function of one point as a function of many."""
    return lambda many: np.array([f(point) for point in many])


def mse_of(y):
    return batched(lambda y_hat: np.mean((y - y_hat) ** 2))


def regression(seed, n=5):
    rng = np.random.default_rng(seed)
    y, y_hat = rng.normal(size=n), rng.normal(size=n)
    return mse_of(y), y_hat, 2 * (y_hat - y) / n, rng


def cross_entropy_of_logits(seed, shape=(3, 4)):
    rng = np.random.default_rng(seed)
    y, z = np.eye(shape[1])[rng.integers(shape[1], size=shape[0])], 3 * rng.normal(size=shape)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)

    def loss(z):
        return np.mean(np.log(np.exp(z).sum(axis=1)) - (y * z).sum(axis=1))

    return batched(loss), z, (p - y) / shape[0], rng


class TestDerivatives:
    @pytest.mark.parametrize("name", SMOOTH)
    @given(x=points, d=st.floats(0.1, 10) | st.floats(-10, -0.1))
    def test_error_estimates_are_honest_and_small(self, name, x, d):
        f, slope = SMOOTH[name]
        true = slope(x) * d
        for estimate, precision in (
            (directional_derivative(f, np.array(x), np.array(d)), 1e-8),
            (one_sided_derivative(f, np.array(x), np.array(d)), 1e-5),
        ):
            assert abs(estimate.value - true) <= 10 * estimate.error
            assert estimate.error <= precision * max(1.0, abs(d), abs(true))

    @given(x=st.floats(1e-3, 1e6))
    def test_they_hold_over_nine_orders_of_magnitude(self, x):
        with np.errstate(all="ignore"):  # the widest steps go beyond 0
            estimate = directional_derivative(np.log, np.array(x), np.array(1.0))
        assert abs(estimate.value - 1 / x) <= 10 * estimate.error
        assert estimate.error <= 1e-6 / x + 1e-9

    @pytest.mark.parametrize("scale", [1e-30, 1e-12, 1e12, 1e30])
    def test_they_hold_for_values_of_any_size(self, scale):
        estimate = directional_derivative(lambda x: scale * np.sin(x), np.array(1.0), np.array(1.0))
        assert abs(estimate.value / scale - np.cos(1.0)) <= 1e-9

    def test_a_cancelling_function_has_a_large_error(self):
        estimate = directional_derivative(
            lambda x: (1e9 + np.sin(x)) - 1e9, np.array(1.0), np.array(1.0)
        )
        assert abs(estimate.value - np.cos(1.0)) <= 1e-3

    @given(x=points)
    def test_a_float32_function_has_the_error_of_float32(self, x):
        def f(many):
            return np.exp(many).astype(np.float32)

        estimate = directional_derivative(f, np.array(x), np.array(1.0))
        assert abs(estimate.value - np.exp(x)) <= 2 * estimate.error
        assert estimate.error <= 1e-3 * max(1.0, np.exp(x))

    @given(distance=st.floats(1e-3, 1), side=st.sampled_from([-1, 1]))
    def test_a_kink_nearby_does_no_harm(self, distance, side):
        estimate = directional_derivative(np.abs, np.array(side * distance), np.array(1.0))
        assert estimate.value == pytest.approx(side, abs=1e-9)

    @given(scale=st.floats(1e-6, 1e6))
    def test_the_length_of_the_direction_only_scales_the_slope(self, scale):
        estimate = directional_derivative(np.exp, np.array(1.0), np.array(scale))
        assert estimate.value == pytest.approx(scale * np.e, rel=1e-9)

    def test_it_does_not_move_along_a_zero_direction(self):
        assert directional_derivative(np.exp, np.array(1.0), np.array(0.0)).value == 0

    def test_where_the_function_is_not_finite_the_estimate_says_so(self):
        estimate = directional_derivative(lambda x: x * np.nan, np.array(1.0), np.array(1.0))
        assert np.isnan(estimate.value)
        assert np.isinf(estimate.error)

    @given(x=st.floats(-3, 3), bend=st.floats(-2, 2))
    def test_one_sided_derivatives_see_both_sides_of_a_kink(self, x, bend):
        def f(many):
            return np.sin(many) + bend * np.abs(many - x)

        right = one_sided_derivative(f, np.array(x), np.array(1.0))
        left = one_sided_derivative(f, np.array(x), np.array(-1.0))
        assert right.value == pytest.approx(np.cos(x) + bend, abs=1e-6)
        assert left.value == pytest.approx(-np.cos(x) + bend, abs=1e-6)

    @given(seed=seeds)
    def test_the_gradient_has_the_shape_of_the_point_and_asks_once(self, seed):
        f, z, exact, _ = cross_entropy_of_logits(seed)
        asked = []
        values, errors = gradient(lambda many: asked.append(len(many)) or f(many), z)
        assert values.shape == errors.shape == z.shape
        assert len(asked) == 1
        assert np.all(np.abs(values - exact) <= 10 * errors)
        assert errors.max() < 1e-7


class TestClarkeInterval:
    def test_at_a_kink_it_reaches_from_slope_to_slope(self):
        low, high = clarke_interval(batched(lambda x: np.abs(x).sum()), np.array([0.0, 2.0, -1.0]))
        assert low == pytest.approx([-1, 1, -1])
        assert high == pytest.approx([1, 1, -1])

    def test_a_concave_kink_is_ordered_too(self):
        low, high = clarke_interval(lambda x: -np.abs(x), np.array(0.0))
        assert (low, high) == (pytest.approx(-1), pytest.approx(1))

    @given(x=points)
    def test_where_the_function_is_smooth_it_is_a_point(self, x):
        low, high = clarke_interval(np.sin, np.array(x))
        assert low <= high
        assert [low, high] == pytest.approx([np.cos(x)] * 2, abs=1e-6)


class TestCheckGradient:
    @given(seed=seeds)
    def test_it_accepts_the_right_gradient(self, seed):
        for problem in (regression, cross_entropy_of_logits):
            f, x, right, rng = problem(seed)
            assert check_gradient(f, x, right, rng=rng) is None
            assert check_gradient(f, x, right.astype(np.float32), rng=rng) is None

    @pytest.mark.parametrize("factor", [1.001, 0.999, 2.0, 0.5, -1.0, 0.0])
    @given(seed=seeds)
    def test_it_rejects_a_wrong_factor(self, factor, seed):
        for problem in (regression, cross_entropy_of_logits):
            f, x, right, rng = problem(seed)
            assume(np.abs(right).max() > 1e-3)
            assert check_gradient(f, x, factor * right, rng=rng) is not None

    @given(seed=seeds)
    def test_it_rejects_a_transposed_gradient(self, seed):
        f, z, right, rng = cross_entropy_of_logits(seed, shape=(4, 4))
        assume(np.abs(right - right.T).max() > 1e-3)
        assert check_gradient(f, z, right.T, rng=rng) is not None

    @given(seed=seeds)
    def test_it_rejects_the_gradient_by_another_argument(self, seed):
        rng = np.random.default_rng(seed)
        a, b = rng.normal(size=4), rng.normal(size=4)
        assume(np.abs(a - b).max() > 1e-2)
        by_a = batched(lambda point: point @ b)
        assert check_gradient(by_a, a, b, rng=rng) is None
        assert check_gradient(by_a, a, a, rng=rng) is not None

    @given(seed=seeds, data=st.data())
    def test_it_names_the_one_wrong_coordinate(self, seed, data):
        f, z, right, rng = cross_entropy_of_logits(seed)
        index = tuple(data.draw(st.integers(0, size - 1)) for size in z.shape)
        wrong = right.copy()
        wrong[index] += 0.01
        found = check_gradient(f, z, wrong, rng=rng)
        assert found is not None
        assert found.index == index
        assert found.analytical == wrong[index]
        assert found.numerical == pytest.approx(right[index], abs=1e-6)

    @given(seed=seeds)
    def test_it_rejects_two_entries_changed_for_one_another(self, seed):
        f, x, right, rng = regression(seed)
        assume(abs(right[0] - right[1]) > 1e-3)
        right[[0, 1]] = right[[1, 0]]
        assert check_gradient(f, x, right, rng=rng) is not None

    @pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
    def test_it_rejects_what_is_not_finite(self, bad):
        f, x, right, rng = regression(0)
        right[2] = bad
        found = check_gradient(f, x, right, rng=rng)
        assert found is not None
        assert found.index == (2,)

    def test_it_rejects_everything_where_the_loss_is_not_finite(self):
        def nowhere(many):
            return np.full(len(many), np.nan)

        rng = np.random.default_rng(0)
        for candidate in (np.zeros(2), np.ones(2), np.full(2, np.inf)):
            assert check_gradient(nowhere, np.zeros(2), candidate, rng=rng) is not None

    def test_it_accepts_a_zero_gradient_at_a_minimum(self):
        y = np.array([1.0, 2.0, 3.0])
        assert check_gradient(mse_of(y), y, np.zeros(3), rng=np.random.default_rng(0)) is None

    @pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
    def test_a_noisy_loss_does_not_excuse_a_wrong_factor(self, scale):
        noise = np.random.default_rng(1)

        def noisy(many):
            return np.sum(many**2, axis=1) + noise.normal(scale=scale, size=len(many))

        x = np.array([1.0, -2.0, 0.5])
        assert check_gradient(noisy, x, 4 * x, rng=np.random.default_rng(0)) is not None

    def test_at_a_jump_no_slope_is_right(self):
        def jump(many):
            return (many[:, 0] > 0).astype(float) + np.pi

        for slope in np.geomspace(1, 1e9, 40):
            rng = np.random.default_rng(0)
            assert check_gradient(jump, np.zeros(1), np.array([slope]), rng=rng) is not None

    def test_another_shape_is_an_error_of_the_caller(self):
        with pytest.raises(ValueError, match=r"shape \(2,\), the point \(3,\)"):
            check_gradient(mse_of(0), np.zeros(3), np.zeros(2), rng=np.random.default_rng(0))


def multiclass_hinge(y):
    def loss(S):
        rows = np.arange(len(y))
        terms = np.maximum(0, S - S[rows, y][:, None] + 1)
        terms[rows, y] = 0
        return terms.sum() / len(y)

    return batched(loss)


def active_terms(y, S, share):
    """The multiclass hinge's subgradient that takes `share` of the slope of terms at the kink."""
    rows = np.arange(len(y))
    terms = S - S[rows, y][:, None] + 1
    grad = np.where(terms > 0, 1.0, np.where(terms == 0, share, 0.0))
    grad[rows, y] = 0
    grad[rows, y] = -grad.sum(axis=1)
    return grad / len(y)


class TestCheckSubgradient:
    y = np.array([0, 2, 1])
    # Two ties in the first row, one in the second, none in the last.
    S = np.array([[1.0, 0.0, 0.0, 3.5], [0.5, -1.0, 0.25, -0.75], [0.3, 0.1, -0.7, 2.0]])

    @settings(max_examples=20)
    @given(share=st.floats(0, 1), seed=seeds)
    def test_it_accepts_every_value_between_the_slopes(self, share, seed):
        rng = np.random.default_rng(seed)
        f = batched(lambda x: np.abs(x).sum())
        assert check_subgradient(f, np.zeros(3), 2 * rng.random(3) - 1, rng=rng) is None
        found = check_subgradient(
            multiclass_hinge(self.y), self.S, active_terms(self.y, self.S, share), rng=rng
        )
        assert found is None

    @settings(max_examples=20)
    @given(share=st.floats(1.001, 3) | st.floats(-3, -0.001), seed=seeds)
    def test_it_rejects_values_outside(self, share, seed):
        rng = np.random.default_rng(seed)
        candidate = active_terms(self.y, self.S, share)
        assert check_subgradient(multiclass_hinge(self.y), self.S, candidate, rng=rng) is not None

    @settings(max_examples=20)
    @given(row=st.sampled_from([0, 1]), column=st.integers(0, 3), seed=seeds)
    def test_it_rejects_a_kink_counted_in_one_place_only(self, row, column, seed):
        """The entry of the true class must balance those of the others."""
        candidate = active_terms(self.y, self.S, 0.0)
        candidate[row, column] += 1 / 3
        rng = np.random.default_rng(seed)
        assert check_subgradient(multiclass_hinge(self.y), self.S, candidate, rng=rng) is not None

    def test_it_rejects_two_kinks_of_a_row_counted_as_one(self):
        candidate = active_terms(self.y, self.S, 0.0)
        candidate[0, 0] -= 1 / 3
        rng = np.random.default_rng(0)
        assert check_subgradient(multiclass_hinge(self.y), self.S, candidate, rng=rng) is not None

    def test_one_wrong_pair_is_found_among_many_kinks(self):
        """Random directions would hardly ever meet it: all 20 terms are at their kink."""
        y, S = np.arange(5), np.eye(5)
        candidate = np.zeros((5, 5))
        candidate[3, 1] = 1 / 5
        f, rng = multiclass_hinge(y), np.random.default_rng(0)
        assert check_subgradient(f, S, candidate, rng=rng) is not None
        candidate[3, 3] = -1 / 5
        assert check_subgradient(f, S, candidate, rng=rng) is None

    def test_the_largest_of_several_has_their_convex_hull(self):
        f, x = batched(np.max), np.ones(3)
        rng = np.random.default_rng(0)
        for right in ([1, 0, 0], [0, 0, 1], [0.2, 0.3, 0.5], [1 / 3] * 3):
            assert check_subgradient(f, x, np.array(right), rng=rng) is None
        for wrong in ([0, 0, 0], [1, 1, 0], [0.5, 0.5, 0.5], [-0.1, 0.6, 0.5], [1.2, 0, -0.2]):
            assert check_subgradient(f, x, np.array(wrong, dtype=float), rng=rng) is not None

    def test_where_the_loss_is_smooth_only_the_gradient_is_right(self):
        f, x, right, rng = regression(3)
        assert check_subgradient(f, x, right, rng=rng) is None
        for factor in (1.001, 2, -1, 0):
            assert check_subgradient(f, x, factor * right, rng=rng) is not None

    def test_a_float32_subgradient_is_right(self):
        candidate = active_terms(self.y, self.S, 1.0).astype(np.float32)
        rng = np.random.default_rng(0)
        assert check_subgradient(multiclass_hinge(self.y), self.S, candidate, rng=rng) is None

    def test_it_names_the_coordinate_and_the_one_sided_slope(self):
        rng = np.random.default_rng(0)
        f = batched(lambda x: np.abs(x).sum())
        found = check_subgradient(f, np.array([2.0, 0.0]), np.array([1.0, 1.5]), rng=rng)
        assert found.index == (1,)
        assert found.analytical == 1.5
        assert found.numerical == pytest.approx(1.0)

    @pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
    def test_it_rejects_what_is_not_finite(self, bad):
        f = batched(lambda x: np.abs(x).sum())
        candidate = np.array([bad, 0.0])
        assert (
            check_subgradient(f, np.zeros(2), candidate, rng=np.random.default_rng(0)) is not None
        )


def test_the_tolerance_is_relative_to_the_largest_finite_entry():
    assert tolerance(np.array([1.0, -200.0, np.inf])) == pytest.approx(200 * gradcheck.RTOL + 1e-8)
    assert tolerance(np.array([])) == gradcheck.ATOL
    assert tolerance(np.array([1.0]), rtol=0, atol=0.5) == 0.5
