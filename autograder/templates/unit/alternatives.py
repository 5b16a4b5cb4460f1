"""Right answers of the unit `UNIT` in other styles."""

import math

import numpy as np

from solutions import UNIT as reference
from tests.alternatives import alternative


def term(target, prediction):
    """Return the loss of one sample, in plain Python."""
    return math.log(math.cosh(prediction - target))


def slope(target, prediction):
    """Return the derivative of that loss by the prediction."""
    return math.tanh(prediction - target)


# --- UNIT


@alternative("UNIT")
def UNIT_loop(y, y_hat):
    total = 0.0
    for n in range(len(y)):
        total += term(y[n], y_hat[n])
    return total / len(y)


@alternative("UNIT")
def UNIT_of_lists(y, y_hat):
    return math.fsum(map(term, y.tolist(), y_hat.tolist())) / len(y)


@alternative("UNIT")
def UNIT_vectorized(y, y_hat):
    return np.average(np.vectorize(term)(y, y_hat))


@alternative("UNIT")
def UNIT_array_without_axes(y, y_hat):
    return np.array(sum(term(*pair) for pair in zip(y, y_hat)) / y.size)


@alternative("UNIT")
def UNIT_float32(y, y_hat):
    return np.mean([term(*pair) for pair in zip(y, y_hat)], dtype=np.float32)


# --- UNIT_grad


@alternative("UNIT_grad")
def UNIT_grad_loop(y, y_hat):
    gradient = np.empty_like(y_hat)
    for n in range(len(y)):
        gradient[n] = slope(y[n], y_hat[n]) / len(y)
    return gradient


@alternative("UNIT_grad")
def UNIT_grad_list(y, y_hat):
    return [slope(target, prediction) / len(y) for target, prediction in zip(y, y_hat)]


@alternative("UNIT_grad")
def UNIT_grad_vectorized(y, y_hat):
    return np.vectorize(slope)(y, y_hat) / y.size


@alternative("UNIT_grad")
def UNIT_grad_minus_swapped_sign(y, y_hat):
    return -np.array([-slope(*pair) for pair in zip(y, y_hat)]) / len(y)


@alternative("UNIT_grad")
def UNIT_grad_central_differences(y, y_hat):
    def loss(n, h):
        return reference.UNIT(y, y_hat + h * (np.arange(len(y)) == n))

    return [(loss(n, 1e-5) - loss(n, -1e-5)) / 2e-5 for n in range(len(y))]
