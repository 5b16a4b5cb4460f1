"""Oracles of the unit `backprop`."""

import mpmath
import numpy as np

from tests.oracles import away_from_kinks, dot, exact, mean, oracle, slopes
from tests.oracles.cross_entropy import softmax_cross_entropy
from tests.oracles.hinge import multiclass_hinge
from tests.oracles.similarity import squared_distance


def network(rng):
    """Draw (X, params)."""
    n, d, m = rng.integers(1, 4, size=3)
    k = rng.integers(2, 5)
    shapes = (d, m), (m,), (m, k), (k,)
    return rng.normal(size=(n, d)), tuple(rng.normal(size=shape) for shape in shapes)


def layer(inputs, W, b):
    columns = list(zip(*W, strict=True))
    return [[dot(x, w) + c for w, c in zip(columns, b, strict=True)] for x in inputs]


def output(X, params):
    W1, b1, W2, b2 = params
    return layer([[mpmath.tanh(a) for a in row] for row in layer(X, W1, b1)], W2, b2)


def slopes_of_each(loss, parts):
    """The gradients of a loss of several arrays by each of them."""
    return tuple(
        slopes(lambda part, i=i: loss(*parts[:i], part, *parts[i + 1 :]), parts[i])
        for i in range(len(parts))
    )


def weighted(Z, G):
    return mpmath.fsum(dot(z, g) for z, g in zip(Z, G, strict=True))


@oracle(network)
def forward(X, params):
    X, (W1, b1, W2, b2) = exact(X), map(exact, params)
    A = layer(X, W1, b1)
    H = [[mpmath.tanh(a) for a in row] for row in A]
    return A, H, layer(H, W2, b2)


def linear_layer(rng):
    n, m, k = rng.integers(1, 5, size=3)
    return rng.normal(size=(n, m)), rng.normal(size=(m, k)), rng.normal(size=(n, k))


@oracle(linear_layer)
def linear_backward(H, W, G):
    H, W, G = map(exact, (H, W, G))
    return slopes_of_each(
        lambda H, W, b: weighted(layer(H, W, b), G), [H, W, exact([0] * len(W[0]))]
    )


@oracle(lambda rng: (rng.uniform(-0.99, 0.99, size=(3, 2)), rng.normal(size=(3, 2))))
def tanh_backward(H, G):
    pairs = zip(exact(H), exact(G), strict=True)
    return [
        [g * mpmath.diff(mpmath.tanh, mpmath.atanh(h)) for h, g in zip(*rows, strict=True)]
        for rows in pairs
    ]


def network_with(labels):
    """Draw (X, y, params), where `labels(rng, N, K)` draws y."""

    def drawn(rng):
        X, params = network(rng)
        return X, labels(rng, len(X), len(params[3])), params

    return drawn


def network_and_gradient(rng):
    X, params = network(rng)
    return X, params, rng.normal(size=(len(X), len(params[3])))


def slopes_by_parameters(X, params, loss):
    """The gradients of a loss of the output by the parameters."""
    X, params = exact(X), [exact(part) for part in params]
    return slopes_of_each(lambda *moved: loss(output(X, moved)), params)


@oracle(network_and_gradient)
def network_backward(X, params, G):
    return slopes_by_parameters(X, params, lambda Z: weighted(Z, exact(G)))


@oracle(network_with(lambda rng, n, k: rng.normal(size=(n, k))))
def backward_mse(X, y, params):
    y = exact(y)
    return slopes_by_parameters(X, params, lambda Z: mean(map(squared_distance, y, Z)))


@oracle(network_with(lambda rng, n, k: np.eye(k)[rng.integers(k, size=n)]))
def backward_cross_entropy(X, y, params):
    return slopes_by_parameters(X, params, lambda Z: softmax_cross_entropy(y, Z))


def distances_from_the_margin(X, y, params):
    W1, b1, W2, b2 = params
    Z = np.tanh(X @ W1 + b1) @ W2 + b2
    return Z - Z[np.arange(len(y)), y][:, None] + 1


@oracle(
    away_from_kinks(
        network_with(lambda rng, n, k: rng.integers(k, size=n)), distances_from_the_margin
    )
)
def backward_hinge(X, y, params):
    return slopes_by_parameters(X, params, lambda Z: multiclass_hinge(y, Z, mpmath.mpf(1)))
