"""Hidden checks of the unit `choosing`."""

from dataclasses import replace

import numpy as np

from autograder.checks import (
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
from solutions import choosing as reference
from solutions.misconceptions import misconceptions_of

# Exact in float32, so that a float32 computation of 1 - p stays right.
NEARLY_ONE = 1.0 - 2.0**-12
NEARLY_ZERO = 2.0**-19


# ---- k_fold


def splits(rng):
    """Draw (n, k, seed): with no remainder, with more than one left over, and leave-one-out."""
    seeds = map(int, rng.choice(10**6, size=3, replace=False))
    sizes = [(3 * rng.integers(6, 9), 3), (5 * rng.integers(6, 9) + 3, 5), (4, 4)]
    return [(int(n), k, seed) for (n, k), seed in zip(sizes, seeds, strict=True)]


def shuffled_splits(rng):
    """Draw (n, k, seed) large enough that no shuffle gives two folds alike by chance."""
    return splits(rng)[:2]


def read_folds(submission, calls):
    """Return what `k_fold` returns for each call, as lists of integer arrays."""
    values = submission.k_fold.batch(calls)
    return [_folds(value, k) for value, (_, k, _) in zip(values, calls, strict=True)]


def _folds(value, k):
    if value is None:
        fail("It returns nothing (None). Does it end with a `return`?")
    if isinstance(value, np.ndarray) and value.ndim == 2:
        value = list(value)
    if not isinstance(value, (list, tuple)):
        fail("It should return a list of folds; it returned something else.")
    if len(value) != k:
        fail("The number of folds is wrong.", k, len(value))
    return [_indices(fold) for fold in value]


def _indices(fold):
    if isinstance(fold, (list, tuple)) and all(_is_index(index) for index in fold):
        fold = np.array(fold, dtype=np.int64)
    if not isinstance(fold, np.ndarray) or fold.ndim != 1 or fold.dtype.kind not in "iu":
        fail("Every fold should be an array, or a list, of whole numbers: the indices in it.")
    return fold.astype(np.int64)  # of one type, so that folds can be joined


def _is_index(number):
    return type(number) is int and abs(number) < 2**31


def regular(fold, n):
    """Return whether the indices of a fold, on a ring of n, are evenly spaced but for one gap."""
    gaps = np.diff(np.sort(fold), append=np.min(fold) + n)
    return np.sum(gaps != np.median(gaps)) <= 1


class TestKFold:
    task = "k_fold"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns a list of `k` arrays of whole numbers."""
        read_folds(submission, splits(rng))

    @check(weight=4, after="shape")
    def test_partition(self, submission, rng):
        """Each index from 0 to n-1 is in exactly one fold."""
        calls = splits(rng)
        for folds, (n, _, _) in zip(read_folds(submission, calls), calls, strict=True):
            indices = np.concatenate(folds)
            if np.any((indices < 0) | (indices >= n)):
                fail("Some index lies outside 0 to n-1.")
            counts = np.bincount(indices, minlength=n)
            for index, wrong in ((np.argmin(counts), 0), (np.argmax(counts), counts.max())):
                if counts[index] != 1:
                    fail(f"With n = {n}, one index is there {wrong} times.", 1, wrong)

    @check(weight=1, after="shape")
    def test_sizes(self, submission, rng):
        """The sizes of the folds differ by at most one."""
        calls = splits(rng)
        for folds, (n, k, _) in zip(read_folds(submission, calls), calls, strict=True):
            sizes = sorted(len(fold) for fold in folds)
            if sizes[-1] - sizes[0] > 1:
                shown = f"{sizes[0]} to {sizes[-1]}"
                fail(f"With n = {n} and k = {k} the sizes differ too much.", None, shown)

    @check(weight=1, after="shape")
    def test_seed(self, submission, rng):
        """Two seeds give different folds."""
        calls = shuffled_splits(rng)
        others = [(n, k, seed + 1) for n, k, seed in calls]
        values = read_folds(submission, [*calls, *others])
        for first, second in zip(values[: len(calls)], values[len(calls) :], strict=True):
            if all(
                np.array_equal(np.sort(a), np.sort(b)) for a, b in zip(first, second, strict=True)
            ):
                fail("Two different seeds gave the same folds.")

    @check(weight=1, after=("shape", "seed"))
    def test_shuffle(self, submission, rng):
        """The folds are mixed: no runs of neighbors, no fixed steps."""
        calls = shuffled_splits(rng)
        for folds, (n, _, _) in zip(read_folds(submission, calls), calls, strict=True):
            if all(len(fold) == 0 or regular(fold, n) for fold in folds):
                fail("The indices of a fold follow one another in a regular pattern.")

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """The same seed gives the same folds again."""
        calls = shuffled_splits(rng)
        values = submission.k_fold.batch([*calls, *calls])
        for first, second in zip(values[: len(calls)], values[len(calls) :], strict=True):
            if not same_value(first, second):
                fail("The same seed gave two different results: randomness comes from elsewhere.")


# ---- cross_validate


def balanced(rng, columns=2):
    """Draw (X, y, folds, lam) where all folds have the same mean and scale, so that no leak shows.

    Each fold has the same rows of X, and targets of the same mean with noise of its own.
    """
    calls = []
    for k, size in ((3, 5), (4, 4)):
        block = rng.normal(size=(size, columns)) * rng.uniform(0.3, 4.0, size=columns)
        block += rng.normal(scale=3.0, size=columns)
        noise = rng.normal(scale=2.0, size=(k, size))
        targets = block @ rng.normal(size=columns) + noise - noise.mean(axis=1, keepdims=True)
        calls.append(_mixed(rng, np.tile(block, (k, 1)), targets.ravel(), k))
    return calls


def shifted(rng):
    """Draw (X, y, folds, lam) where each fold lies elsewhere; the last ones are smaller."""
    calls = []
    for n, k in ((11, 3), (14, 4)):
        X = rng.normal(size=(n, 2)) * rng.uniform(0.5, 2.0, size=2)
        for fold in np.array_split(np.arange(n), k):
            X[fold] += rng.uniform(1.0, 4.0) * rng.choice([-1.0, 1.0], size=2)
        y = X @ rng.normal(size=2) + rng.normal(size=n) + 5.0 * rng.normal()
        calls.append(_mixed(rng, X, y, k))
    return calls


def _mixed(rng, X, y, k):
    """Bring samples in random order; the folds keep the blocks that they were drawn in."""
    places = rng.permutation(len(y))
    mixed_X, mixed_y = np.empty_like(X), np.empty_like(y)
    mixed_X[places], mixed_y[places] = X, y
    return mixed_X, mixed_y, np.array_split(places, k), float(rng.uniform(2.0, 6.0))


class TestCrossValidate:
    task = "cross_validate"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one error per fold."""
        expect_shape(submission.cross_validate, balanced(rng), reference.cross_validate)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The errors are right where no leak could show."""
        expect_values(submission.cross_validate, balanced(rng), reference.cross_validate)

    @check(weight=3, after="value")
    def test_leakage(self, submission, rng):
        """Each fold's own samples have no part in what its model learns."""
        expect_values(submission.cross_validate, shifted(rng), reference.cross_validate)

    @check(weight=1, after="value")
    def test_parameters(self, submission, rng):
        """It is right for one feature, and without a penalty."""
        calls = [
            (*call[:3], lam) for lam, call in zip((0.0, 0.5), balanced(rng, columns=1), strict=True)
        ]
        expect_values(submission.cross_validate, calls, reference.cross_validate)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves data and folds unchanged."""
        expect_unmodified(submission.cross_validate, balanced(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It gives the same result when called again."""
        expect_repeatable(submission.cross_validate, balanced(rng))


# ---- losses of a binary label


def coins(rng, sizes=(3, 5, 7)):
    """Draw (y, p) with both labels, for N > 1, and unequally many of them."""
    return [(_labels(rng, n), rng.uniform(0.1, 0.9, size=n)) for n in sizes]


def _labels(rng, n):
    y = np.zeros(n)
    y[: int(rng.integers(1, (n + 1) // 2)) if n > 2 else 1] = 1.0
    return rng.permutation(y)


def one_coin_each(rng):
    """Draw a single sample of label 1 and one of label 0."""
    return [(np.array([label]), rng.uniform(0.1, 0.9, size=1)) for label in (1.0, 0.0)]


def sure_coins(rng):
    """Draw (y, p) with probabilities close to 0 and 1, right and wrong ones."""
    calls = []
    for _ in range(2):
        y = np.array([1.0, 1.0, 0.0, 0.0, 1.0])
        p = np.array([NEARLY_ONE, NEARLY_ZERO, NEARLY_ONE, NEARLY_ZERO, rng.uniform(0.2, 0.8)])
        order = rng.permutation(len(y))
        calls.append((y[order], p[order]))
    return calls


def with_weights(rng, calls):
    """Add to each (y, p) a weight well above 1."""
    return [(*call, float(rng.uniform(2.0, 5.0))) for call in calls]


def with_small_weights(rng, calls):
    """Add to each (y, p) a weight below 1."""
    return [(*call, float(rng.uniform(0.2, 0.7))) for call in calls]


def with_gammas(rng, calls):
    """Add to each (y, p) a gamma: 0, below 1, above 2."""
    gammas = (0.0, float(rng.uniform(0.3, 0.8)), float(rng.uniform(2.5, 4.0)))
    return [(*call, gamma) for call, gamma in zip(calls, gammas, strict=True)]


class TestWeightedCrossEntropy:
    task = "weighted_cross_entropy"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one number."""
        calls = with_weights(rng, coins(rng))
        expect_shape(submission.weighted_cross_entropy, calls, reference.weighted_cross_entropy)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The loss is right for random probabilities and weights above 1."""
        calls = with_weights(rng, coins(rng))
        expect_values(submission.weighted_cross_entropy, calls, reference.weighted_cross_entropy)

    @check(weight=1, after="value")
    def test_parameters(self, submission, rng):
        """The loss is right for weights below 1, and for a weight of 1."""
        calls = with_small_weights(rng, coins(rng)) + [(*call, 1.0) for call in coins(rng)]
        expect_values(submission.weighted_cross_entropy, calls, reference.weighted_cross_entropy)

    @check(weight=1, after="value")
    def test_single_sample(self, submission, rng):
        """It works for a single sample of either label."""
        calls = with_weights(rng, one_coin_each(rng))
        expect_values(submission.weighted_cross_entropy, calls, reference.weighted_cross_entropy)

    @check(weight=1, after="value")
    def test_extremes(self, submission, rng):
        """The loss is right for probabilities close to 0 and 1."""
        calls = with_weights(rng, sure_coins(rng))
        expect_values(submission.weighted_cross_entropy, calls, reference.weighted_cross_entropy)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `y` and `p` unchanged."""
        expect_unmodified(submission.weighted_cross_entropy, with_weights(rng, coins(rng)))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It gives the same result when called again."""
        expect_repeatable(submission.weighted_cross_entropy, with_weights(rng, coins(rng)))


class TestWeightedCrossEntropyGrad:
    task = "weighted_cross_entropy_grad"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns an array of the shape of `p`."""
        expect_shape(
            submission.weighted_cross_entropy_grad,
            with_weights(rng, coins(rng)),
            reference.weighted_cross_entropy_grad,
        )

    @check(weight=4, after="shape")
    def test_gradient(self, submission, rng):
        """The gradient is right at random points for weights above 1."""
        expect_values(
            submission.weighted_cross_entropy_grad,
            with_weights(rng, coins(rng)),
            reference.weighted_cross_entropy_grad,
        )

    @check(weight=1, after="shape")
    def test_own_loss(self, submission, rng):
        """It is the derivative of your own `weighted_cross_entropy`."""
        expect_own_gradient(
            submission.weighted_cross_entropy_grad,
            submission.weighted_cross_entropy,
            with_weights(rng, coins(rng)),
            wrt=1,
            reference=reference.weighted_cross_entropy_grad,
        )

    @check(weight=1, after="gradient")
    def test_parameters(self, submission, rng):
        """The gradient is right for weights below 1, and for a weight of 1."""
        expect_values(
            submission.weighted_cross_entropy_grad,
            with_small_weights(rng, coins(rng)) + [(*call, 1.0) for call in coins(rng)],
            reference.weighted_cross_entropy_grad,
        )

    @check(weight=1, after="gradient")
    def test_single_sample(self, submission, rng):
        """It works for a single sample of either label."""
        expect_values(
            submission.weighted_cross_entropy_grad,
            with_weights(rng, one_coin_each(rng)),
            reference.weighted_cross_entropy_grad,
        )

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `y` and `p` unchanged."""
        expect_unmodified(submission.weighted_cross_entropy_grad, with_weights(rng, coins(rng)))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It gives the same result when called again."""
        expect_repeatable(submission.weighted_cross_entropy_grad, with_weights(rng, coins(rng)))


class TestFocal:
    task = "focal"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one number."""
        expect_shape(submission.focal, coins(rng), reference.focal)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The loss is right for random probabilities and the default `gamma`."""
        expect_values(submission.focal, coins(rng), reference.focal)

    @check(weight=2, after="value")
    def test_parameters(self, submission, rng):
        """The loss is right when `gamma` is not 2."""
        expect_values(submission.focal, with_gammas(rng, coins(rng)), reference.focal)

    @check(weight=1, after="value")
    def test_single_sample(self, submission, rng):
        """It works for a single sample of either label."""
        expect_values(submission.focal, one_coin_each(rng), reference.focal)

    @check(weight=1, after="value")
    def test_extremes(self, submission, rng):
        """The loss is right for probabilities close to 0 and 1."""
        expect_values(submission.focal, sure_coins(rng), reference.focal)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `y` and `p` unchanged."""
        expect_unmodified(submission.focal, coins(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It gives the same result when called again."""
        expect_repeatable(submission.focal, coins(rng))


class TestFocalGrad:
    task = "focal_grad"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns an array of the shape of `p`."""
        expect_shape(submission.focal_grad, coins(rng), reference.focal_grad)

    @check(weight=4, after="shape")
    def test_gradient(self, submission, rng):
        """The gradient is right at random points for the default `gamma`."""
        expect_values(submission.focal_grad, coins(rng), reference.focal_grad)

    @check(weight=1, after="shape")
    def test_own_loss(self, submission, rng):
        """It is the derivative of your own `focal`."""
        expect_own_gradient(
            submission.focal_grad,
            submission.focal,
            coins(rng),
            wrt=1,
            reference=reference.focal_grad,
        )

    @check(weight=2, after="gradient")
    def test_parameters(self, submission, rng):
        """The gradient is right when `gamma` is not 2."""
        expect_values(submission.focal_grad, with_gammas(rng, coins(rng)), reference.focal_grad)

    @check(weight=1, after="gradient")
    def test_single_sample(self, submission, rng):
        """It works for a single sample of either label."""
        expect_values(submission.focal_grad, one_coin_each(rng), reference.focal_grad)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `y` and `p` unchanged."""
        expect_unmodified(submission.focal_grad, coins(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It gives the same result when called again."""
        expect_repeatable(submission.focal_grad, coins(rng))


# ---- quantile


def forecasts(rng, sizes=(3, 5, 7)):
    """Draw (y, y_hat, tau) with residuals of both signs, none near 0; tau on both sides of 1/2."""
    taus = (rng.uniform(0.65, 0.9), rng.uniform(0.1, 0.35), rng.uniform(0.65, 0.9))
    calls = []
    for n, tau in zip(sizes, taus, strict=False):
        signs = rng.permutation(np.resize([1.0, -1.0], n)) * rng.choice([-1.0, 1.0])
        calls.append(_forecast(rng, signs * rng.uniform(0.2, 3.0, size=n), tau))
    return calls


def single_forecasts(rng):
    """Draw a single sample that is too high and one that is too low, each for a high tau."""
    sizes = rng.uniform(0.2, 3.0, size=2)
    return [_forecast(rng, np.array([r]), rng.uniform(0.65, 0.9)) for r in sizes * (1.0, -1.0)]


def exact_forecasts(rng):
    """Draw (y, y_hat, tau) with some residuals exactly 0, one call with all of them."""
    calls = []
    for residuals in ((1.5, -0.5, 0.0), (0.0, 2.0, 0.0, -1.25), (0.0, 0.0, 0.0)):
        y = rng.integers(-16, 17, size=len(residuals)) / 4  # exact sums, so that 0 stays 0
        tau = float(rng.choice([rng.uniform(0.1, 0.35), rng.uniform(0.65, 0.9)]))
        calls.append((y, y + rng.permutation(residuals), tau))
    return calls


def _forecast(rng, residuals, tau):
    y = rng.normal(scale=2.0, size=len(residuals))
    return y, y + residuals, float(tau)


class TestQuantile:
    task = "quantile"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one number."""
        expect_shape(submission.quantile, forecasts(rng), reference.quantile)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The loss is right for predictions too high and too low."""
        expect_values(submission.quantile, forecasts(rng), reference.quantile)

    @check(weight=1, after="value")
    def test_single_sample(self, submission, rng):
        """It works for a single sample, too high or too low."""
        expect_values(submission.quantile, single_forecasts(rng), reference.quantile)

    @check(weight=1, after="value")
    def test_exact(self, submission, rng):
        """Predictions that are exactly right cost nothing."""
        expect_values(submission.quantile, exact_forecasts(rng), reference.quantile)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `y` and `y_hat` unchanged."""
        expect_unmodified(submission.quantile, forecasts(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It gives the same result when called again."""
        expect_repeatable(submission.quantile, forecasts(rng))


class TestQuantileGrad:
    task = "quantile_grad"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns an array of the shape of `y_hat`."""
        expect_shape(submission.quantile_grad, forecasts(rng), reference.quantile_grad)

    @check(weight=4, after="shape")
    def test_gradient(self, submission, rng):
        """The gradient is right where no residual is near 0."""
        expect_values(submission.quantile_grad, forecasts(rng), reference.quantile_grad)

    @check(weight=1, after="shape")
    def test_own_loss(self, submission, rng):
        """It is the derivative of your own `quantile`."""
        expect_own_gradient(
            submission.quantile_grad,
            submission.quantile,
            forecasts(rng),
            wrt=1,
            reference=reference.quantile_grad,
        )

    @check(weight=1, after="gradient")
    def test_single_sample(self, submission, rng):
        """It works for a single sample, too high or too low."""
        expect_values(submission.quantile_grad, single_forecasts(rng), reference.quantile_grad)

    @check(weight=2, after="gradient")
    def test_kink(self, submission, rng):
        """Where a prediction is exactly right, it returns a subgradient."""
        expect_subgradient(
            submission.quantile_grad, exact_forecasts(rng), reference.quantile, wrt=1
        )

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `y` and `y_hat` unchanged."""
        expect_unmodified(submission.quantile_grad, forecasts(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It gives the same result when called again."""
        expect_repeatable(submission.quantile_grad, forecasts(rng))


# ---- decisions


class TestDecisions:
    task = "decisions"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns a dict with the four keys, each with one of the four letters."""
        answers = submission.decisions()
        for case in reference.decisions():
            read_letter(answers, case)

    @check(weight=2, after="shape")
    def test_rare(self, submission, rng):
        """The choice for the case `rare` is right."""
        expect_letter(submission, "rare")

    @check(weight=2, after="shape")
    def test_typing(self, submission, rng):
        """The choice for the case `typing` is right."""
        expect_letter(submission, "typing")

    @check(weight=2, after="shape")
    def test_promise(self, submission, rng):
        """The choice for the case `promise` is right."""
        expect_letter(submission, "promise")

    @check(weight=2, after="shape")
    def test_report(self, submission, rng):
        """The choice for the case `report` is right."""
        expect_letter(submission, "report")


def read_letter(answers, case):
    """Return the letter under `case` of what the student's function returned, in lower case."""
    if not isinstance(answers, dict):
        kind = "nothing (None)" if answers is None else "something else"
        fail(f"It should return a dict of four letters; it returned {kind}.")
    if case not in answers:
        fail(f"The dict lacks the key `{case}`.")
    letter = answers[case]
    letter = letter.strip(" ().:").lower() if isinstance(letter, str) else ""
    if len(letter) != 1 or letter not in "abcd":
        fail(f"Under `{case}` there should be one of the texts a, b, c, d.")
    return letter


def expect_letter(submission, case):
    """The letter under `case` is the reference's. The right one is not shown, for a second try."""
    # Read anew: what this call returns need not be what the shape check saw.
    letter = read_letter(submission.decisions(), case)
    if letter == reference.decisions()[case]:
        return
    _log_one_letter(submission, case, letter)
    fail(f"For the case `{case}` another choice is better than `{letter}`.")


def _log_one_letter(submission, case, letter):
    """Log a wrong letter as the mistake of this letter alone.

    Mistakes are named by comparing what was logged; other cases may be wrong too.
    """
    for misconception in misconceptions_of("choosing"):
        if misconception.check == case and misconception.function()[case] == letter:
            name, arguments, outcome = submission.log[-1]
            outcome = replace(outcome, value=misconception.function())
            submission.log[-1] = (name, arguments, outcome)
