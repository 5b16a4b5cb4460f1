"""Oracles of the unit `cross_entropy`."""

import mpmath
import numpy as np

from tests.oracles import exact, mean, oracle, slopes


def soft_labels(rng):
    n, k = rng.integers(1, 6), rng.integers(2, 6)
    y = rng.dirichlet(np.ones(k), size=n) * (rng.random((n, k)) < 0.7)
    y[np.arange(n), rng.integers(k, size=n)] += 0.1
    y /= y.sum(axis=1, keepdims=True)
    p = rng.dirichlet(np.ones(k), size=n) + 1e-6
    p[(y == 0) & (rng.random((n, k)) < 0.5)] = 0.0  # the logarithm is not asked there
    return y, p / p.sum(axis=1, keepdims=True)


def coins(rng):
    n = rng.integers(1, 8)
    return rng.integers(2, size=n).astype(float), rng.uniform(1e-4, 1 - 1e-4, size=n)


def coins_known_for_sure(rng):
    y, p = coins(rng)
    p[0] = y[0]
    return y, p


def one_hot_logits(rng):
    n, k = rng.integers(1, 6), rng.integers(2, 6)
    z = 3 * rng.normal(size=(n, k))
    z[0] += rng.choice([0.0, 1000.0, -1000.0])
    z[-1, 0] -= rng.choice([0.0, 1000.0])
    return np.eye(k)[rng.integers(k, size=n)], z


def term(weight, probability):
    return -weight * mpmath.log(probability) if weight else mpmath.mpf(0)


@oracle(soft_labels)
def cross_entropy(y, p):
    rows = zip(exact(y), exact(p), strict=True)
    return mean(mpmath.fsum(map(term, labels, row)) for labels, row in rows)


@oracle(soft_labels)
def cross_entropy_grad(y, p):
    return slopes(lambda point: cross_entropy(y, point), exact(p))


@oracle(coins_known_for_sure)
def log_loss(y, p):
    pairs = zip(exact(y), exact(p), strict=True)
    return mean(term(label, q) + term(1 - label, 1 - q) for label, q in pairs)


@oracle(coins)
def log_loss_grad(y, p):
    return slopes(lambda point: log_loss(y, point), exact(p))


@oracle(lambda rng: one_hot_logits(rng)[1:])
def softmax(z):
    powers = [[mpmath.exp(entry) for entry in row] for row in exact(z)]
    return [[power / mpmath.fsum(row) for power in row] for row in powers]


@oracle(one_hot_logits)
def softmax_cross_entropy(y, z):
    rows = zip(exact(y), softmax(z), strict=True)
    return mean(mpmath.fsum(map(term, labels, row)) for labels, row in rows)


@oracle(one_hot_logits)
def softmax_cross_entropy_grad(y, z):
    return slopes(lambda point: softmax_cross_entropy(y, point), exact(z))
