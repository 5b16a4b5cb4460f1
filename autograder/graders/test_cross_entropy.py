"""Hidden checks of the unit `cross_entropy`."""

import numpy as np

from autograder.checks import (
    check,
    expect_own_gradient,
    expect_repeatable,
    expect_shape,
    expect_unmodified,
    expect_values,
)
from solutions import cross_entropy as reference

SIZES = ((4, 3), (5, 4), (7, 5))  # N and K differ, so that an average over the wrong axis shows

# Exact in float32, and still 1e-6 or more: a float32 computation of 1 - p stays right.
NEARLY_ONE = 1.0 - 2.0**-12
SMALLEST = 2.0**-19

# float32 holds a log-sum-exp near 1000 only to 3e-5, and exp(z - log-sum-exp) is no better. What
# stability is about, nan, infinity and lost differences, is far larger.
STABLE_RTOL = 1e-4


def one_hot(rng, n, k):
    """Return random labels as rows of zeros with a single one."""
    return np.eye(k)[rng.integers(k, size=n)]


def shares(rng, n, k):
    """Return (n, k) positive numbers, well away from 0, whose rows sum to 1."""
    raw = rng.uniform(0.4, 1.0, size=(n, k)) ** 2
    return raw / raw.sum(axis=1, keepdims=True)


def classified(rng, sizes=SIZES):
    """Return one-hot labels with probabilities inside (0, 1)."""
    return [(one_hot(rng, n, k), shares(rng, n, k)) for n, k in sizes]


def softly_classified(rng):
    """Return soft labels, one class of each row without any share, with probabilities."""
    calls = []
    for n, k in SIZES:
        y = shares(rng, n, k)
        y[np.arange(n), rng.integers(k, size=n)] = 0.0
        calls.append((y / y.sum(axis=1, keepdims=True), shares(rng, n, k)))
    return calls


def with_zeros(rng):
    """Return calls in which one wrong class of each row has the probability 0."""
    calls = []
    for n, k in SIZES:
        true = rng.integers(k, size=n)
        p = shares(rng, n, k)
        p[np.arange(n), (true + rng.integers(1, k, size=n)) % k] = 0.0
        calls.append((np.eye(k)[true], p / p.sum(axis=1, keepdims=True)))
    return calls


def spread(rng, y, of_true):
    """Return probabilities with the given ones for the true classes, the rest shared out."""
    rest = (1.0 - y) * shares(rng, *y.shape)
    return y * of_true[:, None] + rest / rest.sum(axis=1, keepdims=True) * (1.0 - of_true[:, None])


def sure_and_right(rng):
    """Return a call with a loss near 0: half the samples at p = y, half a little below.

    The loss is 1.2e-4, its tolerance 1.1e-8: an epsilon of 1e-7 deviates by 5e-8 or more, one of
    1e-10 by 1e-10 or less.
    """
    y = one_hot(rng, 4, 3)
    p = y * NEARLY_ONE + np.roll(y, 1, axis=1) * (1.0 - NEARLY_ONE)
    p[:2] = y[:2]
    return y, p


def sure_and_wrong(rng, low, high):
    """Return a call in which the true classes have a probability between `low` and `high`."""
    y = one_hot(rng, 4, 3)
    return y, spread(rng, y, rng.uniform(low, high, size=4))


def decided(rng, sizes=(4, 5, 7)):
    """Return binary labels, both of them present, with probabilities inside (0, 1)."""
    calls = []
    for n in sizes:
        y = rng.permutation(np.arange(n) % 2).astype(float)
        calls.append((y, rng.uniform(0.15, 0.85, size=n)))
    return calls


def scored(rng, sizes=SIZES):
    """Return one-hot labels with logits of ordinary size."""
    return [(one_hot(rng, n, k), rng.normal(size=(n, k))) for n, k in sizes]


def extreme(rng):
    """Return calls in which one row has logits near +-1000, the others ordinary ones.

    The extreme logits are multiples of 1/4, which float32 holds exactly. Their rows in turn: all
    high, all low, two classes high and one low, the true class high, and the true class low.
    """
    calls = []
    for kind in range(5):
        y, z = one_hot(rng, 7, 3), rng.normal(size=(7, 3))
        row = rng.integers(7)
        true = int(y[row].argmax())
        signs = [np.ones(3), -np.ones(3), np.ones(3), -np.ones(3), np.ones(3)][kind]
        if kind >= 2:
            signs[(true + 1) % 3 if kind == 2 else true] *= -1
        z[row] = 1000.0 * signs + rng.permutation(4)[:3] / 4
        calls.append((y, z))
    return calls


class TestCrossEntropy:
    """Checks of `cross_entropy`."""

    task = "cross_entropy"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It runs and returns one number."""
        expect_shape(submission.cross_entropy, classified(rng), reference.cross_entropy)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The loss is right for random one-hot labels."""
        expect_values(submission.cross_entropy, classified(rng), reference.cross_entropy)

    @check(weight=1, after="value")
    def test_soft_labels(self, submission, rng):
        """It is right for labels that are probabilities themselves."""
        expect_values(submission.cross_entropy, softly_classified(rng), reference.cross_entropy)

    @check(weight=2, after="value")
    def test_zeros(self, submission, rng):
        """A class with label 0 and probability 0 contributes nothing."""
        expect_values(submission.cross_entropy, with_zeros(rng), reference.cross_entropy)

    @check(weight=1, after=("value", "zeros"))
    def test_confident(self, submission, rng):
        """A sure prediction costs exactly what it should, right or wrong."""
        calls = [sure_and_right(rng), sure_and_wrong(rng, 1.5e-6, 4e-6)]
        expect_values(submission.cross_entropy, calls, reference.cross_entropy)

    @check(weight=1, after="value")
    def test_single_sample(self, submission, rng):
        """It works for one sample."""
        calls = classified(rng, [(1, 4)])
        expect_values(submission.cross_entropy, calls, reference.cross_entropy)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves its inputs unchanged."""
        expect_unmodified(submission.cross_entropy, with_zeros(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """The same inputs give the same loss again."""
        expect_repeatable(submission.cross_entropy, classified(rng))


class TestCrossEntropyGrad:
    """Checks of `cross_entropy_grad`."""

    task = "cross_entropy_grad"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It runs and returns an array of the shape of `p`."""
        expect_shape(submission.cross_entropy_grad, classified(rng), reference.cross_entropy_grad)

    @check(weight=4, after="shape")
    def test_gradient(self, submission, rng):
        """The gradient is right for random one-hot labels."""
        expect_values(submission.cross_entropy_grad, classified(rng), reference.cross_entropy_grad)

    @check(weight=1, after="shape")
    def test_own_loss(self, submission, rng):
        """It is the derivative of your own `cross_entropy`."""
        expect_own_gradient(
            submission.cross_entropy_grad,
            submission.cross_entropy,
            classified(rng, [(4, 3)]),
            wrt=1,
            reference=reference.cross_entropy_grad,
        )

    @check(weight=1, after="gradient")
    def test_soft_labels(self, submission, rng):
        """It is right for labels that are probabilities themselves."""
        calls = softly_classified(rng)
        expect_values(submission.cross_entropy_grad, calls, reference.cross_entropy_grad)

    @check(weight=2, after="gradient")
    def test_zeros(self, submission, rng):
        """The entry of a class with label 0 and probability 0 is 0."""
        expect_values(submission.cross_entropy_grad, with_zeros(rng), reference.cross_entropy_grad)

    @check(weight=1, after="gradient")
    def test_confident(self, submission, rng):
        """It is right where the true class has a tiny probability."""
        # An epsilon of 1e-10 added to p changes these entries by a factor of 1 - 3e-6.
        calls = [sure_and_wrong(rng, 3e-5, 8e-5)]
        expect_values(submission.cross_entropy_grad, calls, reference.cross_entropy_grad)

    @check(weight=1, after="gradient")
    def test_single_sample(self, submission, rng):
        """It works for one sample."""
        calls = classified(rng, [(1, 4)])
        expect_values(submission.cross_entropy_grad, calls, reference.cross_entropy_grad)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves its inputs unchanged."""
        expect_unmodified(submission.cross_entropy_grad, with_zeros(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """The same inputs give the same gradient again."""
        expect_repeatable(submission.cross_entropy_grad, classified(rng))


class TestLogLoss:
    """Checks of `log_loss`."""

    task = "log_loss"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It runs and returns one number."""
        expect_shape(submission.log_loss, decided(rng), reference.log_loss)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The loss is right for random labels and probabilities."""
        expect_values(submission.log_loss, decided(rng), reference.log_loss)

    @check(weight=2, after="value")
    def test_zeros(self, submission, rng):
        """A sample predicted with `p` equal to its label costs nothing."""
        calls = []
        for y, p in decided(rng):
            sure = np.arange(len(y)) < 3
            calls.append((y, np.where(sure, y, p)))
        expect_values(submission.log_loss, calls, reference.log_loss)

    @check(weight=1, after=("value", "zeros"))
    def test_confident(self, submission, rng):
        """A sure prediction costs exactly what it should, right or wrong."""
        y = rng.permutation([0.0, 0.0, 1.0, 1.0])
        right = np.where(np.arange(4) < 2, y, np.abs(y - (1.0 - NEARLY_ONE)))
        wrong = np.abs(y - (1.0 - SMALLEST * rng.integers(1, 3, size=4)))
        expect_values(submission.log_loss, [(y, right), (y, wrong)], reference.log_loss)

    @check(weight=1, after="value")
    def test_single_sample(self, submission, rng):
        """It works for one sample."""
        calls = [(np.array([label]), rng.uniform(0.15, 0.85, size=1)) for label in (0.0, 1.0)]
        expect_values(submission.log_loss, calls, reference.log_loss)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves its inputs unchanged."""
        calls = [(y, np.where(np.arange(len(y)) < 2, y, p)) for y, p in decided(rng)]
        expect_unmodified(submission.log_loss, calls)

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """The same inputs give the same loss again."""
        expect_repeatable(submission.log_loss, decided(rng))


class TestLogLossGrad:
    """Checks of `log_loss_grad`."""

    task = "log_loss_grad"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It runs and returns an array of the shape of `p`."""
        expect_shape(submission.log_loss_grad, decided(rng), reference.log_loss_grad)

    @check(weight=4, after="shape")
    def test_gradient(self, submission, rng):
        """The gradient is right at random points."""
        expect_values(submission.log_loss_grad, decided(rng), reference.log_loss_grad)

    @check(weight=1, after="shape")
    def test_own_loss(self, submission, rng):
        """It is the derivative of your own `log_loss`."""
        expect_own_gradient(
            submission.log_loss_grad,
            submission.log_loss,
            decided(rng, [5]),
            wrt=1,
            reference=reference.log_loss_grad,
        )

    @check(weight=1, after="gradient")
    def test_confident(self, submission, rng):
        """It is right where the true label has a tiny probability."""
        # Exact in float32; an epsilon of 1e-10 in a denominator changes them by a factor of 3e-6.
        y = rng.permutation([0.0, 0.0, 1.0, 1.0])
        p = np.abs(y - (1.0 - 2.0**-15 * rng.integers(1, 3, size=4)))
        expect_values(submission.log_loss_grad, [(y, p)], reference.log_loss_grad)

    @check(weight=1, after="gradient")
    def test_single_sample(self, submission, rng):
        """It works for one sample."""
        calls = [(np.array([label]), rng.uniform(0.15, 0.85, size=1)) for label in (0.0, 1.0)]
        expect_values(submission.log_loss_grad, calls, reference.log_loss_grad)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves its inputs unchanged."""
        expect_unmodified(submission.log_loss_grad, decided(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """The same inputs give the same gradient again."""
        expect_repeatable(submission.log_loss_grad, decided(rng))


def logits(calls):
    """Return the calls without their labels."""
    return [(z,) for _, z in calls]


class TestSoftmax:
    """Checks of `softmax`."""

    task = "softmax"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It runs and returns an array of the shape of `z`."""
        expect_shape(submission.softmax, logits(scored(rng)), reference.softmax)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The probabilities are right for random logits."""
        expect_values(submission.softmax, logits(scored(rng)), reference.softmax)

    @check(weight=1, after="value")
    def test_single_sample(self, submission, rng):
        """It works for one sample."""
        expect_values(submission.softmax, logits(scored(rng, [(1, 4)])), reference.softmax)

    @check(weight=3, after="value")
    def test_stability(self, submission, rng):
        """It is right for one sample with huge logits among ordinary ones."""
        calls = logits(extreme(rng))
        expect_values(submission.softmax, calls, reference.softmax, rtol=STABLE_RTOL)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves its input unchanged."""
        expect_unmodified(submission.softmax, logits(scored(rng)))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """The same logits give the same probabilities again."""
        expect_repeatable(submission.softmax, logits(scored(rng)))


class TestSoftmaxCrossEntropy:
    """Checks of `softmax_cross_entropy`."""

    task = "softmax_cross_entropy"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It runs and returns one number."""
        calls = scored(rng)
        expect_shape(submission.softmax_cross_entropy, calls, reference.softmax_cross_entropy)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The loss is right for random logits."""
        calls = scored(rng)
        expect_values(submission.softmax_cross_entropy, calls, reference.softmax_cross_entropy)

    @check(weight=1, after="value")
    def test_single_sample(self, submission, rng):
        """It works for one sample."""
        calls = scored(rng, [(1, 4)])
        expect_values(submission.softmax_cross_entropy, calls, reference.softmax_cross_entropy)

    @check(weight=3, after="value")
    def test_stability(self, submission, rng):
        """It is right for one sample with huge logits among ordinary ones."""
        expect_values(
            submission.softmax_cross_entropy,
            extreme(rng),
            reference.softmax_cross_entropy,
            rtol=STABLE_RTOL,
        )

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves its inputs unchanged."""
        expect_unmodified(submission.softmax_cross_entropy, scored(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """The same inputs give the same loss again."""
        expect_repeatable(submission.softmax_cross_entropy, scored(rng))


class TestSoftmaxCrossEntropyGrad:
    """Checks of `softmax_cross_entropy_grad`."""

    task = "softmax_cross_entropy_grad"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It runs and returns an array of the shape of `z`."""
        expect_shape(
            submission.softmax_cross_entropy_grad,
            scored(rng),
            reference.softmax_cross_entropy_grad,
        )

    @check(weight=4, after="shape")
    def test_gradient(self, submission, rng):
        """The gradient is right at random points."""
        expect_values(
            submission.softmax_cross_entropy_grad,
            scored(rng),
            reference.softmax_cross_entropy_grad,
        )

    @check(weight=1, after="shape")
    def test_own_loss(self, submission, rng):
        """It is the derivative of your own `softmax_cross_entropy`."""
        expect_own_gradient(
            submission.softmax_cross_entropy_grad,
            submission.softmax_cross_entropy,
            scored(rng, [(4, 3)]),
            wrt=1,
            reference=reference.softmax_cross_entropy_grad,
        )

    @check(weight=1, after="gradient")
    def test_single_sample(self, submission, rng):
        """It works for one sample."""
        expect_values(
            submission.softmax_cross_entropy_grad,
            scored(rng, [(1, 4)]),
            reference.softmax_cross_entropy_grad,
        )

    @check(weight=3, after="gradient")
    def test_stability(self, submission, rng):
        """It is right for one sample with huge logits among ordinary ones."""
        expect_values(
            submission.softmax_cross_entropy_grad,
            extreme(rng),
            reference.softmax_cross_entropy_grad,
            rtol=STABLE_RTOL,
        )

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves its inputs unchanged."""
        expect_unmodified(submission.softmax_cross_entropy_grad, scored(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """The same inputs give the same gradient again."""
        expect_repeatable(submission.softmax_cross_entropy_grad, scored(rng))
