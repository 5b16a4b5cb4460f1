"""Hidden checks of the unit `hinge`."""

import numpy as np

from autograder.checks import (
    check,
    expect_own_gradient,
    expect_repeatable,
    expect_shape,
    expect_subgradient,
    expect_unmodified,
    expect_values,
)
from solutions import hinge as reference

WRONG, INSIDE, BEYOND = (-2.0, -1.1), (0.1, 0.9), (1.1, 2.0)  # all far from the kinks at 0 and 1


def margins(rng, kinds):
    """Draw one margin y s from each interval, in random order."""
    return rng.permutation([rng.uniform(*kind) for kind in kinds])


def labels(rng, n):
    """Draw labels -1.0 and +1.0, both of them for n > 1."""
    y = np.resize(rng.permutation([-1.0, 1.0]), n)
    return rng.permutation(y)


def scores(rng):
    """Draw (y, s): some of every kind, none that costs, and each kind with each label."""
    calls = []
    for kinds in ((WRONG, INSIDE, BEYOND), (INSIDE, WRONG, BEYOND, BEYOND, BEYOND), (BEYOND,) * 4):
        y = labels(rng, len(kinds))
        calls.append((y, y * margins(rng, kinds)))
    order = rng.permutation(7)
    y = np.array([-1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0])[order]
    m = np.array([rng.uniform(*k) for k in (WRONG, WRONG, INSIDE, INSIDE, BEYOND, BEYOND, WRONG)])
    return [*calls, (y, y * m[order])]


def single_scores(rng):
    """Draw (y, s) of one sample, on either side of the kinks."""
    return [
        (y, y * rng.uniform(*kind)) for kind in (WRONG, INSIDE) for y in labels(rng, 2)[:, None]
    ]


def kink_scores(rng, kink):
    """Draw (y, s) with margins exactly on the kink, for both labels, beside others far from it."""
    calls = []
    for n in (3, 4):
        m = np.full(n, kink)
        m[2:] = margins(rng, [WRONG, BEYOND][: n - 2])
        y = np.concatenate([[-1.0, 1.0], labels(rng, n - 2)])
        order = rng.permutation(n)
        calls.append((y[order], (y * m)[order]))
    return calls


def class_scores(rng, shapes=((5, 3), (4, 5), (7, 4)), delta=1.0):
    """Draw (y, S) in which delta decides, and none, some or all wrong classes of a sample cost.

    The differences S[n, j] - S[n, y_n] stay away from -delta and 0. Some lie between -delta and -1
    where these differ, so that a margin of 1 in place of delta shows.
    """
    far, near = (-delta - 0.6, -delta - 0.1), (-0.9 * delta, -0.6 * delta)
    above, high = (0.1, 0.9), (1.1, 2.0)
    calls = []
    for n, k in shapes:
        rows = [[far] * (k - 1), [near, *[above] * (k - 2)], [far, *[high] * (k - 2)]]
        rows += [[(far, near, high)[i] for i in rng.integers(3, size=k - 1)] for _ in range(n - 3)]
        y = rng.integers(k, size=n)
        calls.append(_with_differences(rng, y, [margins(rng, row) for row in rows]))
    return calls


def other_deltas(rng):
    """Draw (y, S, delta) with margins well below and well above 1."""
    deltas = (float(rng.uniform(0.2, 0.35)), float(rng.uniform(2.2, 3.0)))
    return [(*class_scores(rng, ((5, 3),), delta)[0], delta) for delta in deltas]


def single_classes(rng):
    """Draw (y, S) of one sample, with one wrong class that costs something."""
    rows = [margins(rng, [INSIDE, *[(-3.0, -1.1)] * k]) for k in (1, 2)]
    return [_with_differences(rng, rng.integers(len(row) + 1, size=1), [row]) for row in rows]


def kink_classes(rng):
    """Draw (y, S, delta) with differences exactly -delta; quarters are never rounded."""
    calls = []
    for n, k, delta in ((2, 4, 1.0), (2, 3, 0.5)):
        steps = [[0.0, *rng.choice([-0.75, 0.0, 0.25, 1.5], size=k - 2)] for _ in range(n)]
        rows = [rng.permutation(row) - delta for row in steps]
        y, S = _with_differences(rng, rng.integers(k, size=n), rows)
        calls.append((y, S, delta))
    return calls


def _with_differences(rng, y, rows):
    """Return (y, S): the scores of the other classes lie above that of y_n by the row's numbers."""
    k = len(rows[0]) + 1
    S = np.repeat(rng.integers(-8, 9, size=(len(y), 1)) / 4, k, axis=1)
    for n, differences in zip(rng.permutation(len(y)), rows, strict=True):
        S[n, np.arange(k) != y[n]] += differences
    return y, S


def machines(rng, shapes=((5, 2), (4, 3), (7, 3))):
    """Draw (X, y, w, b, reg) with samples of every kind, those beyond the margin of both labels.

    The bias is so large that without it a sample beyond the margin would come inside.
    """
    calls = []
    for n, d in shapes:
        y = np.resize([-1.0, 1.0], n) * rng.choice([-1.0, 1.0])
        m = np.array([rng.uniform(*k) for k in np.resize([WRONG, BEYOND, BEYOND, INSIDE], (n, 2))])
        w = rng.uniform(0.5, 1.5, size=d) * rng.choice([-1.0, 1.0], size=d)
        b = float(rng.uniform(1.5, 2.5) * rng.choice([-1.0, 1.0]))
        X = _with_scores(rng.normal(size=(n, d)), w, b, y * m)
        order = rng.permutation(n)
        calls.append((X[order], y[order], w, b, float(rng.uniform(0.2, 0.4))))
    return calls


def kink_machines(rng):
    """Draw (X, y, w, b, reg) with margins exactly 1; all in quarters, so that none is rounded.

    Samples on the kink have one label, and b is not +-1: else counting them in one of the two
    gradients only could be right by chance.
    """
    calls = []
    for n, d, on_kink in ((4, 2, 1), (4, 3, 2)):
        y = np.concatenate([np.full(on_kink, rng.choice([-1.0, 1.0])), labels(rng, n - on_kink)])
        m = np.concatenate([np.ones(on_kink), rng.choice([-1.0, 0.5, 2.0], size=n - on_kink)])
        w = rng.choice([-1.0, -0.5, 0.5, 1.0], size=d)
        b = float(rng.choice([-0.5, -0.25, 0.25, 0.5]))
        X = _with_scores(rng.integers(-6, 7, size=(n, d)) / 4, w, b, y * m)
        order = rng.permutation(n)
        calls.append((X[order], y[order], w, b, 0.5))
    return calls


def _with_scores(X, w, b, s):
    """Return X with the last feature set so that X w + b = s."""
    last = (s - b - X[:, :-1] @ w[:-1]) / w[-1]
    return np.column_stack([X[:, :-1], last])


def svm_loss(X, y, w, b, reg):
    """Return the loss whose gradient `linear_svm_grad` is."""
    return reference.hinge(y, X @ w + b) + penalty(X, y, w, b, reg)


def penalty(X, y, w, b, reg):
    """Return the regularizer, reg/2 ||w||^2."""
    return reg / 2 * (w @ w)


class TestHinge:
    """Checks of `hinge`."""

    task = "hinge"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one number."""
        expect_shape(submission.hinge, scores(rng), reference.hinge)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The loss is right for samples on the wrong side, inside and beyond the margin."""
        expect_values(submission.hinge, scores(rng), reference.hinge)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `y` and `s` as they were."""
        expect_unmodified(submission.hinge, scores(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """Called twice with the same inputs, it returns the same loss."""
        expect_repeatable(submission.hinge, scores(rng))


class TestHingeGrad:
    """Checks of `hinge_grad`."""

    task = "hinge_grad"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one entry for each score."""
        expect_shape(submission.hinge_grad, scores(rng), reference.hinge_grad)

    @check(weight=4, after="shape")
    def test_gradient(self, submission, rng):
        """The gradient is right away from the kink."""
        expect_values(submission.hinge_grad, scores(rng), reference.hinge_grad)

    @check(weight=1, after="shape")
    def test_own_loss(self, submission, rng):
        """It is the derivative of your own `hinge`."""
        expect_own_gradient(
            submission.hinge_grad,
            submission.hinge,
            scores(rng),
            wrt=1,
            reference=reference.hinge_grad,
        )

    @check(weight=1, after="gradient")
    def test_single_sample(self, submission, rng):
        """It works for a single sample, N = 1."""
        expect_values(submission.hinge_grad, single_scores(rng), reference.hinge_grad)

    @check(weight=2, after="gradient")
    def test_kink(self, submission, rng):
        """Where the margin is exactly 1, it returns a subgradient."""
        expect_subgradient(submission.hinge_grad, kink_scores(rng, 1.0), reference.hinge, wrt=1)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `y` and `s` as they were."""
        expect_unmodified(submission.hinge_grad, scores(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """Called twice with the same inputs, it returns the same gradient."""
        expect_repeatable(submission.hinge_grad, scores(rng))


class TestPerceptron:
    """Checks of `perceptron`."""

    task = "perceptron"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one number."""
        expect_shape(submission.perceptron, scores(rng), reference.perceptron)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The loss is right for right and wrong predictions."""
        expect_values(submission.perceptron, scores(rng), reference.perceptron)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `y` and `s` as they were."""
        expect_unmodified(submission.perceptron, scores(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """Called twice with the same inputs, it returns the same loss."""
        expect_repeatable(submission.perceptron, scores(rng))


class TestPerceptronGrad:
    """Checks of `perceptron_grad`."""

    task = "perceptron_grad"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one entry for each score."""
        expect_shape(submission.perceptron_grad, scores(rng), reference.perceptron_grad)

    @check(weight=4, after="shape")
    def test_gradient(self, submission, rng):
        """The gradient is right away from the kink."""
        expect_values(submission.perceptron_grad, scores(rng), reference.perceptron_grad)

    @check(weight=1, after="shape")
    def test_own_loss(self, submission, rng):
        """It is the derivative of your own `perceptron`."""
        expect_own_gradient(
            submission.perceptron_grad,
            submission.perceptron,
            scores(rng),
            wrt=1,
            reference=reference.perceptron_grad,
        )

    @check(weight=1, after="gradient")
    def test_single_sample(self, submission, rng):
        """It works for a single sample, N = 1."""
        expect_values(submission.perceptron_grad, single_scores(rng), reference.perceptron_grad)

    @check(weight=2, after="gradient")
    def test_kink(self, submission, rng):
        """Where the score is exactly 0, it returns a subgradient."""
        expect_subgradient(
            submission.perceptron_grad, kink_scores(rng, 0.0), reference.perceptron, wrt=1
        )

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `y` and `s` as they were."""
        expect_unmodified(submission.perceptron_grad, scores(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """Called twice with the same inputs, it returns the same gradient."""
        expect_repeatable(submission.perceptron_grad, scores(rng))


class TestMulticlassHinge:
    """Checks of `multiclass_hinge`."""

    task = "multiclass_hinge"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one number."""
        expect_shape(submission.multiclass_hinge, class_scores(rng), reference.multiclass_hinge)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The loss is right for random scores of three to five classes."""
        expect_values(submission.multiclass_hinge, class_scores(rng), reference.multiclass_hinge)

    @check(weight=1, after="value")
    def test_parameters(self, submission, rng):
        """The margin `delta` has its effect when it is not 1."""
        expect_values(submission.multiclass_hinge, other_deltas(rng), reference.multiclass_hinge)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `y` and `S` as they were."""
        expect_unmodified(submission.multiclass_hinge, class_scores(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """Called twice with the same inputs, it returns the same loss."""
        expect_repeatable(submission.multiclass_hinge, class_scores(rng))


class TestMulticlassHingeGrad:
    """Checks of `multiclass_hinge_grad`."""

    task = "multiclass_hinge_grad"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns an array of the shape of `S`."""
        expect_shape(
            submission.multiclass_hinge_grad, class_scores(rng), reference.multiclass_hinge_grad
        )

    @check(weight=4, after="shape")
    def test_gradient(self, submission, rng):
        """The gradient is right away from the kinks."""
        expect_values(
            submission.multiclass_hinge_grad, class_scores(rng), reference.multiclass_hinge_grad
        )

    @check(weight=1, after="shape")
    def test_own_loss(self, submission, rng):
        """It is the derivative of your own `multiclass_hinge`."""
        expect_own_gradient(
            submission.multiclass_hinge_grad,
            submission.multiclass_hinge,
            class_scores(rng),
            wrt=1,
            reference=reference.multiclass_hinge_grad,
        )

    @check(weight=1, after="gradient")
    def test_parameters(self, submission, rng):
        """The margin `delta` has its effect when it is not 1."""
        expect_values(
            submission.multiclass_hinge_grad, other_deltas(rng), reference.multiclass_hinge_grad
        )

    @check(weight=1, after="gradient")
    def test_single_sample(self, submission, rng):
        """It works for a single sample, N = 1."""
        expect_values(
            submission.multiclass_hinge_grad, single_classes(rng), reference.multiclass_hinge_grad
        )

    @check(weight=2, after="gradient")
    def test_kink(self, submission, rng):
        """Where a difference of scores is exactly `-delta`, it returns a subgradient."""
        expect_subgradient(
            submission.multiclass_hinge_grad, kink_classes(rng), reference.multiclass_hinge, wrt=1
        )

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `y` and `S` as they were."""
        expect_unmodified(submission.multiclass_hinge_grad, class_scores(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """Called twice with the same inputs, it returns the same gradient."""
        expect_repeatable(submission.multiclass_hinge_grad, class_scores(rng))


class TestLinearSvmGrad:
    """Checks of `linear_svm_grad`."""

    task = "linear_svm_grad"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns two results, of the shapes of `w` and `b`."""
        expect_shape(submission.linear_svm_grad, machines(rng), reference.linear_svm_grad)

    @check(weight=4, after="shape")
    def test_gradient(self, submission, rng):
        """The gradient is right when no margin is near the kink."""
        expect_values(submission.linear_svm_grad, machines(rng), reference.linear_svm_grad)

    @check(weight=1, after="shape")
    def test_own_loss(self, submission, rng):
        """It is the derivative of your own `hinge` plus the regularizer."""
        expect_own_gradient(
            submission.linear_svm_grad,
            submission.hinge,
            machines(rng),
            wrt=(2, 3),
            reference=reference.linear_svm_grad,
            loss_arguments=lambda X, y, w, b, reg: (y, X @ w + b),
            extra=penalty,
        )

    @check(weight=1, after="gradient")
    def test_single_sample(self, submission, rng):
        """It works for a single sample, N = 1."""
        expect_values(
            submission.linear_svm_grad, machines(rng, ((1, 2), (1, 3))), reference.linear_svm_grad
        )

    @check(weight=2, after="gradient")
    def test_kink(self, submission, rng):
        """Where a margin is exactly 1, it returns a subgradient."""
        expect_subgradient(submission.linear_svm_grad, kink_machines(rng), svm_loss, wrt=(2, 3))

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves its arguments as they were."""
        expect_unmodified(submission.linear_svm_grad, machines(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """Called twice with the same inputs, it returns the same gradient."""
        expect_repeatable(submission.linear_svm_grad, machines(rng))
