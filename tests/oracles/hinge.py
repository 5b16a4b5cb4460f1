"""Oracles of the unit `hinge`."""

import mpmath
import numpy as np

from tests.oracles import away_from_kinks, dot, exact, mean, oracle, positive_part, slopes


def labels(rng, n):
    return rng.choice([-1.0, 1.0], size=n)


def scores(rng):
    n = rng.integers(1, 8)
    return labels(rng, n), 2 * rng.normal(size=n)


def classes(rng):
    n, k = rng.integers(1, 6), rng.integers(2, 6)
    return rng.integers(k, size=n), 2 * rng.normal(size=(n, k)), rng.uniform(0.2, 2)


def machine(rng):
    n, d = rng.integers(1, 7, size=2)
    X, w = rng.normal(size=(n, d)), rng.normal(size=d)
    return X, labels(rng, n), w, rng.normal(), rng.uniform(0, 1)


margin_scores = away_from_kinks(scores, lambda y, s: 1 - y * s)
sign_scores = away_from_kinks(scores, lambda y, s: y * s)
margin_classes = away_from_kinks(
    classes, lambda y, S, delta: S - S[np.arange(len(y)), y][:, None] + delta
)


@oracle(margin_scores)
def hinge(y, s):
    return mean(positive_part(1 - p * q) for p, q in zip(exact(y), exact(s), strict=True))


@oracle(margin_scores)
def hinge_grad(y, s):
    return slopes(lambda point: hinge(y, point), exact(s))


@oracle(sign_scores)
def perceptron(y, s):
    return mean(positive_part(-p * q) for p, q in zip(exact(y), exact(s), strict=True))


@oracle(sign_scores)
def perceptron_grad(y, s):
    return slopes(lambda point: perceptron(y, point), exact(s))


@oracle(margin_classes, delta=1.0)
def multiclass_hinge(y, S, delta):
    delta = exact(delta)
    return mean(
        mpmath.fsum(
            positive_part(score - row[label] + delta) for j, score in enumerate(row) if j != label
        )
        for label, row in zip(y, exact(S), strict=True)
    )


@oracle(margin_classes, delta=1.0)
def multiclass_hinge_grad(y, S, delta):
    return slopes(lambda point: multiclass_hinge(y, point, delta), exact(S))


@oracle(away_from_kinks(machine, lambda X, y, w, b, reg: 1 - y * (X @ w + b)))
def linear_svm_grad(X, y, w, b, reg):
    X, w, b, reg = map(exact, (X, w, b, reg))

    def loss(w, b):
        return hinge(y, [dot(row, w) + b for row in X]) + reg / 2 * dot(w, w)

    return slopes(lambda w: loss(w, b), w), slopes(lambda b: loss(w, b), b)
