"""Right answers of the unit `mse` in other styles."""

import functools
import itertools
import math
from fractions import Fraction

import numpy as np

from tests.alternatives import alternative

# --- squared_error -------------------------------------------------------------------------------


@alternative("squared_error")
def squared_error_loop_to_list(y, y_hat):
    errors = []
    for i in range(len(y)):
        errors.append((y[i] - y_hat[i]) ** 2 / 2)
    return errors


@alternative("squared_error")
def squared_error_expanded(y, y_hat):
    return (y * y - 2 * y * y_hat + y_hat * y_hat) / 2


@alternative("squared_error")
def squared_error_vectorize(y, y_hat):
    return np.vectorize(lambda target, prediction: 0.5 * math.pow(target - prediction, 2))(y, y_hat)


@alternative("squared_error")
def squared_error_float32(y, y_hat):
    return np.float32(0.5) * np.square(y.astype(np.float32) - y_hat.astype(np.float32))


@alternative("squared_error")
def squared_error_tuple_of_floats(y, y_hat):
    return tuple(map(lambda pair: 0.5 * (pair[0] - pair[1]) ** 2, zip(y.tolist(), y_hat.tolist())))


@alternative("squared_error")
def squared_error_integral(y, y_hat):
    # The area under the line t from 0 to the residual.
    return np.polynomial.Polynomial([0, 1]).integ()(y_hat - y)


@alternative("squared_error")
def squared_error_huber(y, y_hat):
    from scipy.special import huber

    return huber(np.inf, y - y_hat)


@alternative("squared_error")
def squared_error_in_own_copy(y, y_hat):
    errors = y.copy()
    errors -= y_hat
    np.multiply(errors, errors, out=errors)
    errors /= 2
    return errors


# --- squared_error_grad --------------------------------------------------------------------------


@alternative("squared_error_grad")
def squared_error_grad_minus_residual(y, y_hat):
    return -(y - y_hat)


@alternative("squared_error_grad")
def squared_error_grad_unsimplified(y, y_hat):
    return 1 / 2 * 2 * (y - y_hat) * (-1)


@alternative("squared_error_grad")
def squared_error_grad_comprehension(y, y_hat):
    return [prediction - target for target, prediction in zip(y, y_hat)]


@alternative("squared_error_grad")
def squared_error_grad_complex_step(y, y_hat):
    def loss(prediction):
        return 0.5 * (y - prediction) ** 2

    return loss(y_hat + 1e-20j).imag / 1e-20


@alternative("squared_error_grad")
def squared_error_grad_central_difference(y, y_hat):
    def loss(prediction):
        return 0.5 * (y - prediction) ** 2

    return (loss(y_hat + 0.5) - loss(y_hat - 0.5)) / 1.0  # exact for a parabola


@alternative("squared_error_grad")
def squared_error_grad_float32(y, y_hat):
    return np.subtract(y_hat, y, dtype=np.float32)


@alternative("squared_error_grad")
def squared_error_grad_matrix(y, y_hat):
    return np.column_stack([y_hat, y]) @ np.array([1, -1])


# --- mse -----------------------------------------------------------------------------------------


@alternative("mse")
def mse_loop(y, y_hat):
    total = 0.0
    for target, prediction in zip(y, y_hat):
        total += (target - prediction) ** 2
    return total / len(y)


@alternative("mse")
def mse_dot(y, y_hat):
    residual = y - y_hat
    return residual @ residual / residual.size


@alternative("mse")
def mse_norm(y, y_hat):
    return np.linalg.norm(y - y_hat) ** 2 / len(y)


@alternative("mse")
def mse_einsum_zero_dimensional(y, y_hat):
    return np.asarray(np.einsum("n,n->", y - y_hat, y - y_hat) / len(y))


@alternative("mse")
def mse_moments(y, y_hat):
    # The mean of squares is the variance plus the square of the mean.
    residual = y - y_hat
    return residual.var() + residual.mean() ** 2


@alternative("mse")
def mse_float32(y, y_hat):
    return np.mean((y.astype("float32") - y_hat.astype("float32")) ** 2)


@alternative("mse")
def mse_recursive(y, y_hat):
    def total(n):
        return 0.0 if n == 0 else total(n - 1) + (y[n - 1] - y_hat[n - 1]) ** 2

    return total(len(y)) / len(y)


@alternative("mse")
def mse_reduce_to_float(y, y_hat):
    squares = map(lambda t, p: math.pow(t - p, 2), y.tolist(), y_hat.tolist())
    return functools.reduce(float.__add__, squares) / float(len(y))


@alternative("mse")
def mse_of_columns(y, y_hat):
    y, y_hat = y.reshape(-1, 1), y_hat.reshape(-1, 1)
    return float(np.average(np.square(y - y_hat), axis=0).squeeze())


@alternative("mse")
def mse_fractions(y, y_hat):
    squares = [(Fraction(t) - Fraction(p)) ** 2 for t, p in zip(y.tolist(), y_hat.tolist())]
    return float(sum(squares) / len(squares))


@alternative("mse")
def mse_prints_too(y, y_hat):
    loss = ((y_hat - y) ** 2).mean()
    print("loss:", loss)
    return loss


# --- mse_grad ------------------------------------------------------------------------------------


@alternative("mse_grad")
def mse_grad_loop(y, y_hat):
    gradient = np.zeros(len(y))
    for i in range(len(y)):
        gradient[i] = -2 * (y[i] - y_hat[i]) / len(y)
    return gradient


@alternative("mse_grad")
def mse_grad_list(y, y_hat):
    n = len(y)
    return [2 / n * (prediction - target) for target, prediction in zip(y, y_hat)]


@alternative("mse_grad")
def mse_grad_jacobian(y, y_hat):
    residual = y - y_hat
    jacobian = -np.eye(len(y))
    return jacobian.T @ (2 * residual / len(y))


@alternative("mse_grad")
def mse_grad_complex_step(y, y_hat):
    def entry(n):
        z = y_hat.astype(complex)
        z[n] += 1e-20j
        return np.mean((y - z) ** 2).imag / 1e-20

    return np.array([entry(n) for n in range(len(y))])


@alternative("mse_grad")
def mse_grad_forward_difference_small_step(y, y_hat):
    from scipy.optimize import approx_fprime

    return approx_fprime(y_hat, lambda p: np.mean((y - p) ** 2))


@alternative("mse_grad")
def mse_grad_float32(y, y_hat):
    return np.float32(2) * (y_hat.astype(np.float32) - y.astype(np.float32)) / np.float32(len(y))


@alternative("mse_grad")
def mse_grad_quadratic_form(y, y_hat):
    # (y - ŷ)'A(y - ŷ) with A = I/N has the gradient -(A + A')(y - ŷ).
    A = np.eye(len(y)) / len(y)
    return np.einsum("mn,n->m", A + A.T, y_hat - y)


@alternative("mse_grad")
def mse_grad_dual_numbers(y, y_hat):
    class Dual:
        def __init__(self, value, slope):
            self.value, self.slope = value, slope

        def __sub__(self, number):
            return Dual(self.value - number, self.slope)

        def __mul__(self, other):
            slope = self.value * other.slope + self.slope * other.value
            return Dual(self.value * other.value, slope)

    errors = [Dual(prediction, 1.0) - target for target, prediction in zip(y, y_hat)]
    return tuple((error * error).slope / len(y) for error in errors)


# --- linear_mse_grad -----------------------------------------------------------------------------


@alternative("linear_mse_grad")
def linear_mse_grad_one_line(X, y, w, b):
    return -2 / len(y) * X.T @ (y - X @ w - b), -2 * np.mean(y - X @ w - b)


@alternative("linear_mse_grad")
def linear_mse_grad_loops(X, y, w, b):
    n, d = X.shape
    grad_w, grad_b = [0.0] * d, 0.0
    for i in range(n):
        error = sum(X[i, j] * w[j] for j in range(d)) + b - y[i]
        for j in range(d):
            grad_w[j] += 2 * error * X[i, j] / n
        grad_b += 2 * error / n
    return [grad_w, grad_b]


@alternative("linear_mse_grad")
def linear_mse_grad_column_of_ones(X, y, w, b):
    A = np.hstack([X, np.ones((len(X), 1))])
    gradient = 2 / len(y) * A.T @ (A @ np.append(w, b) - y)
    return gradient[:-1], gradient[-1]


@alternative("linear_mse_grad")
def linear_mse_grad_normal_equations(X, y, w, b):
    n = len(y)
    grad_w = 2 / n * (X.T @ X @ w + b * X.sum(axis=0) - X.T @ y)
    grad_b = 2 * (X.mean(axis=0) @ w + b - y.mean())
    return grad_w, float(grad_b)


@alternative("linear_mse_grad")
def linear_mse_grad_einsum(X, y, w, b):
    error = np.einsum("nd,d->n", X, w) + b - y
    return np.einsum("nd,n->d", X, error) * 2 / len(y), np.array(2 * error.mean())


@alternative("linear_mse_grad")
def linear_mse_grad_mean_of_rows(X, y, w, b):
    error = (X @ w + b - y)[:, np.newaxis]
    return (2 * error * X).mean(axis=0), (2 * error).mean(axis=0).item()


@alternative("linear_mse_grad")
def linear_mse_grad_complex_step(X, y, w, b):
    def slope(dw, db):
        return np.mean((y - X @ (w + dw * 1e-20j) - b - db * 1e-20j) ** 2).imag / 1e-20

    return [slope(unit, 0) for unit in np.eye(len(w))], slope(np.zeros(len(w)), 1)


@alternative("linear_mse_grad")
def linear_mse_grad_float32(X, y, w, b):
    X, y, w, b = (np.asarray(value, dtype=np.float32) for value in (X, y, w, b))
    error = X @ w + b - y
    return 2 * X.T @ error / len(y), 2 * np.mean(error)


@alternative("linear_mse_grad")
def linear_mse_grad_sum_over_samples(X, y, w, b):
    parts = [(2 * (x @ w + b - t) / len(y) * x, 2 * (x @ w + b - t) / len(y)) for x, t in zip(X, y)]
    *_, (grad_w, grad_b) = itertools.accumulate(parts, lambda p, q: (p[0] + q[0], p[1] + q[1]))
    return grad_w, grad_b
