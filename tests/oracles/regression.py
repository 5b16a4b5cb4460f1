"""Oracles of the unit `regression`."""

import mpmath
import numpy as np

from tests.oracles import away_from_kinks, exact, mean, oracle, slopes
from tests.oracles.mse import mse, targets

away_from_zero_residuals = away_from_kinks(targets, lambda y, y_hat: y - y_hat)


@oracle(away_from_zero_residuals)
def mae(y, y_hat):
    return mean(abs(p - q) for p, q in zip(exact(y), exact(y_hat), strict=True))


@oracle(away_from_zero_residuals)
def mae_grad(y, y_hat):
    return slopes(lambda point: mae(y, point), exact(y_hat))


@oracle(targets)
def rmse(y, y_hat):
    return mpmath.sqrt(mse(y, y_hat))


@oracle(targets)
def rmse_grad(y, y_hat):
    return slopes(lambda point: rmse(y, point), exact(y_hat))


away_from_delta = away_from_kinks(
    lambda rng: (*targets(rng), rng.uniform(0.3, 3)),
    lambda y, y_hat, delta: np.abs(y - y_hat) - delta,
)


@oracle(away_from_delta, delta=1.0)
def huber(y, y_hat, delta):
    delta = exact(delta)
    residuals = [abs(p - q) for p, q in zip(exact(y), exact(y_hat), strict=True)]
    return mean(r**2 / 2 if r <= delta else delta * (r - delta / 2) for r in residuals)


@oracle(away_from_delta, delta=1.0)
def huber_grad(y, y_hat, delta):
    return slopes(lambda point: huber(y, point, delta), exact(y_hat))
