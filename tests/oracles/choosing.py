"""Oracles of the unit `choosing`."""

import mpmath
import numpy as np

from tests.oracles import away_from_kinks, dot, exact, mean, oracle, positive_part, slopes
from tests.oracles.cross_entropy import coins, term
from tests.oracles.mse import targets


def divided_samples(rng):
    n, d, k = rng.integers(8, 13), rng.integers(1, 4), rng.integers(2, 5)
    X = 3 * rng.normal(size=d) + rng.uniform(0.2, 5, size=d) * rng.normal(size=(n, d))
    folds = np.array_split(rng.permutation(n), k)
    return X, rng.normal(size=n), folds, rng.uniform(0.1, 5)


@oracle(divided_samples)
def cross_validate(X, y, folds, lam):
    X, y, lam = exact(X), exact(y), exact(lam)
    return [validation_error(X, y, fold, lam) for fold in folds]


def validation_error(X, y, fold, lam):
    seen = [n for n in range(len(y)) if n not in fold]
    center = [mean(X[n][d] for n in seen) for d in range(len(X[0]))]
    scale = [mpmath.sqrt(mean((X[n][d] - c) ** 2 for n in seen)) for d, c in enumerate(center)]
    Z = [[(x - c) / s for x, c, s in zip(row, center, scale, strict=True)] for row in X]
    b = mean(y[n] for n in seen)
    # The slope of the penalized squares by every weight is 0 at the minimum.
    columns = [[Z[n][d] for n in seen] for d in range(len(center))]
    left = [[dot(p, q) + lam * (p is q) for q in columns] for p in columns]
    right = [dot(p, [y[n] - b for n in seen]) for p in columns]
    w = list(mpmath.lu_solve(mpmath.matrix(left), mpmath.matrix(right)))
    return mean((y[n] - b - dot(Z[n], w)) ** 2 for n in fold)


def priced_coins(rng):
    return *coins(rng), rng.uniform(0.1, 10)


def focused_coins(rng):
    return *coins(rng), rng.choice([0.0, 2.0, rng.uniform(0, 5)])


@oracle(priced_coins)
def weighted_cross_entropy(y, p, weight):
    pairs = zip(exact(y), exact(p), strict=True)
    return mean(term(exact(weight) * label, q) + term(1 - label, 1 - q) for label, q in pairs)


@oracle(priced_coins)
def weighted_cross_entropy_grad(y, p, weight):
    return slopes(lambda point: weighted_cross_entropy(y, point, weight), exact(p))


@oracle(focused_coins, gamma=2.0)
def focal(y, p, gamma):
    of_truth = [q if label else 1 - q for label, q in zip(y, exact(p), strict=True)]
    return mean(-((1 - q) ** exact(gamma)) * mpmath.log(q) for q in of_truth)


@oracle(focused_coins, gamma=2.0)
def focal_grad(y, p, gamma):
    return slopes(lambda point: focal(y, point, gamma), exact(p))


away_from_targets = away_from_kinks(
    lambda rng: (*targets(rng), rng.uniform(0.05, 0.95)), lambda y, y_hat, tau: y - y_hat
)


@oracle(away_from_targets)
def quantile(y, y_hat, tau):
    tau = exact(tau)
    below = [p - q for p, q in zip(exact(y), exact(y_hat), strict=True)]
    return mean(tau * positive_part(u) + (1 - tau) * positive_part(-u) for u in below)


@oracle(away_from_targets)
def quantile_grad(y, y_hat, tau):
    return slopes(lambda point: quantile(y, point, tau), exact(y_hat))
