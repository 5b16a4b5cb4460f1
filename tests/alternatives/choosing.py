"""Right answers to the tasks of the unit `choosing`, in other styles."""

import itertools
import math
import random

import numpy as np

from tests.alternatives import alternative

# --- k_fold --------------------------------------------------------------------------------------


@alternative("k_fold")
def k_fold_strides(n, k, seed):
    rng = np.random.RandomState(seed)
    order = rng.permutation(n)
    return [order[i::k] for i in range(k)]


@alternative("k_fold")
def k_fold_dealt(n, k, seed):
    cards = list(range(n))
    random.Random(seed).shuffle(cards)
    folds = [[] for _ in range(k)]
    for card, fold in zip(cards, itertools.cycle(folds)):
        fold.append(card)
    return folds


@alternative("k_fold")
def k_fold_labels(n, k, seed):
    labels = np.arange(n) % k
    np.random.default_rng(seed).shuffle(labels)
    return [np.flatnonzero(labels == i) for i in range(k)]


@alternative("k_fold")
def k_fold_global_seed(n, k, seed):
    np.random.seed(seed)
    order = np.arange(n)
    np.random.shuffle(order)
    sizes = np.full(k, n // k)
    sizes[: n % k] += 1
    return tuple(np.split(order, np.cumsum(sizes)[:-1]))


@alternative("k_fold")
def k_fold_sorted_noise(n, k, seed):
    order = np.argsort(np.random.default_rng([seed, 7]).random(n)).astype(np.int32)
    edges = [i * n // k for i in range(k + 1)]
    return [np.sort(order[a:b]) for a, b in zip(edges, edges[1:])]


@alternative("k_fold")
def k_fold_square(n, k, seed):
    order = np.random.default_rng(seed).choice(n, size=n, replace=False)
    if n % k == 0:
        return order.reshape(k, -1)
    cut = n % k * (n // k + 1)
    return [*order[:cut].reshape(n % k, -1), *order[cut:].reshape(k - n % k, -1)]


# --- cross_validate ------------------------------------------------------------------------------


def _apart(folds, i):
    return np.concatenate([fold for j, fold in enumerate(folds) if j != i])


@alternative("cross_validate")
def cross_validate_list(X, y, folds, lam):
    errors = []
    for i in range(len(folds)):
        train, fold = _apart(folds, i), folds[i]
        mean, std = np.mean(X[train], 0), np.std(X[train], 0)
        A, B = (X[train] - mean) / std, (X[fold] - mean) / std
        b = sum(y[train]) / len(train)
        w = np.linalg.inv(A.T.dot(A) + lam * np.identity(A.shape[1])).dot(A.T).dot(y[train] - b)
        errors.append(float(((y[fold] - b - B.dot(w)) ** 2).mean()))
    return errors


@alternative("cross_validate")
def cross_validate_mask(X, y, folds, lam):
    errors = np.empty(len(folds))
    for i, fold in enumerate(folds):
        held_out = np.zeros(len(y), dtype=bool)
        held_out[fold] = True
        X_train, y_train = X[~held_out], y[~held_out]
        Z = (X - X_train.mean(0)) / X_train.std(0)
        # the intercept in the design, unpenalized
        A = np.hstack([np.ones((len(y), 1)), Z])
        P = lam * np.eye(A.shape[1])
        P[0, 0] = 0
        T = A[~held_out]
        c = np.linalg.solve(T.T @ T + P, T.T @ y_train)
        errors[i] = np.mean((y - A @ c)[held_out] ** 2)
    return errors


@alternative("cross_validate")
def cross_validate_augmented(X, y, folds, lam):
    def error(i):
        train = _apart(folds, i)
        center, scale = X[train].mean(0), X[train].std(0)
        Z, b, D = (X[train] - center) / scale, y[train].mean(), X.shape[1]
        rows = np.vstack([Z, math.sqrt(lam) * np.eye(D)])
        w = np.linalg.lstsq(rows, np.append(y[train] - b, np.zeros(D)), rcond=None)[0]
        return np.mean((y[folds[i]] - b - (X[folds[i]] - center) / scale @ w) ** 2)

    return tuple(map(error, range(len(folds))))


@alternative("cross_validate")
def cross_validate_svd(X, y, folds, lam):
    errors = []
    for fold in folds:
        train = np.array([n for n in range(len(y)) if n not in set(map(int, fold))])
        center = np.einsum("nd->d", X[train]) / len(train)
        scale = np.sqrt(np.einsum("nd->d", (X[train] - center) ** 2) / len(train))
        U, s, Vt = np.linalg.svd((X[train] - center) / scale, full_matrices=False)
        b = np.average(y[train])
        w = Vt.T @ (s / (s**2 + lam) * (U.T @ (y[train] - b)))
        r = y[fold] - b - (X[fold] - center) / scale @ w
        errors.append(r @ r / len(r))
    return np.array(errors)


@alternative("cross_validate")
def cross_validate_plain_scale(X, y, folds, lam):
    # penalty in the units of X: w_x = w / scale, so |w|² = Σ (scale_d w_x_d)²
    errors = []
    for i, fold in enumerate(folds):
        train = _apart(folds, i)
        center = X[train].mean(axis=0)
        C = X[train] - center
        w = np.linalg.solve(C.T @ C + lam * np.diag(C.var(axis=0)), C.T @ y[train])
        y_hat = y[train].mean() + (X[fold] - center) @ w
        errors.append(np.square(y[fold] - y_hat).mean())
    return np.asarray(errors)


# --- weighted_cross_entropy ----------------------------------------------------------------------


@alternative("weighted_cross_entropy")
def weighted_cross_entropy_loop(y, p, weight):
    total = 0.0
    for label, probability in zip(y, p):
        if label == 1:
            total -= weight * math.log(probability)
        else:
            total -= math.log(1 - probability)
    return total / len(y)


@alternative("weighted_cross_entropy")
def weighted_cross_entropy_where(y, p, weight):
    return np.average(np.where(y == 1, -weight * np.log(p), -np.log1p(-p)))


@alternative("weighted_cross_entropy")
def weighted_cross_entropy_masks(y, p, weight):
    ones, zeros = y > 0.5, y < 0.5
    return -(weight * np.log(p[ones]).sum() + np.log(1 - p[zeros]).sum()) / y.size


@alternative("weighted_cross_entropy")
def weighted_cross_entropy_dot(y, p, weight):
    return np.array((-weight * y @ np.log(p) - (1 - y) @ np.log(1 - p)) / y.shape[0])


@alternative("weighted_cross_entropy")
def weighted_cross_entropy_xlogy(y, p, weight):
    from scipy.special import xlogy

    return -np.mean(xlogy(weight * y, p) + xlogy(1 - y, 1 - p))


@alternative("weighted_cross_entropy")
def weighted_cross_entropy_tiny_eps(y, p, weight):
    eps = 1e-12
    weights = 1 + (weight - 1) * y
    q = y * p + (1 - y) * (1 - p)
    return np.mean(-weights * np.log(q + eps))


# --- weighted_cross_entropy_grad -----------------------------------------------------------------


@alternative("weighted_cross_entropy_grad")
def weighted_cross_entropy_grad_loop(y, p, weight):
    n = len(y)
    return [-weight / q / n if label == 1 else 1 / (1 - q) / n for label, q in zip(y, p)]


@alternative("weighted_cross_entropy_grad")
def weighted_cross_entropy_grad_where(y, p, weight):
    return np.where(y == 1, -weight / p, 1 / (1 - p)) / y.size


@alternative("weighted_cross_entropy_grad")
def weighted_cross_entropy_grad_one_fraction(y, p, weight):
    return (p * (1 - y) - weight * y * (1 - p)) / (p * (1 - p) * len(p))


@alternative("weighted_cross_entropy_grad")
def weighted_cross_entropy_grad_masks(y, p, weight):
    g = np.zeros_like(p)
    g[y == 1] = -weight / p[y == 1]
    g[y == 0] = 1 / (1 - p[y == 0])
    g /= p.size
    return g


@alternative("weighted_cross_entropy_grad")
def weighted_cross_entropy_grad_complex_step(y, p, weight):
    h = 1e-30
    z = p + 1j * h
    terms = -(weight * y * np.log(z) + (1 - y) * np.log(1 - z))
    return terms.imag / h / len(y)


@alternative("weighted_cross_entropy_grad")
def weighted_cross_entropy_grad_q(y, p, weight):
    sign = 2 * y - 1
    q = np.abs(1 - y - p)
    return -sign * weight**y / q / len(y)


# --- focal ---------------------------------------------------------------------------------------


@alternative("focal")
def focal_loop(y, p, gamma=2.0):
    def one(label, probability):
        q = probability if label else 1 - probability
        return -((1 - q) ** gamma) * math.log(q)

    return sum(map(one, y, p)) / len(y)


@alternative("focal")
def focal_two_terms(y, p, gamma=2.0):
    ones = y * (1 - p) ** gamma * np.log(p)
    zeros = (1 - y) * p**gamma * np.log(1 - p)
    return -(ones + zeros).mean()


@alternative("focal")
def focal_q_by_arithmetic(y, p, gamma=2.0):
    q = y * p + (1 - y) * (1 - p)
    return np.sum(np.power(1 - q, gamma) * -np.log(q)) / len(q)


@alternative("focal")
def focal_exponential(y, p, gamma=2.0):
    # q from the cross-entropy of a sample, as many libraries do
    ce = -np.where(y > 0, np.log(p), np.log1p(-p))
    return np.asarray(np.mean((1 - np.exp(-ce)) ** gamma * ce))


@alternative("focal")
def focal_masks(y, p, gamma=2.0):
    a, b = p[y == 1], p[y == 0]
    return -(np.dot((1 - a) ** gamma, np.log(a)) + np.dot(b**gamma, np.log(1 - b))) / len(y)


@alternative("focal")
def focal_choose(y, p, gamma=2.0):
    q = np.choose(y.astype(int), [1 - p, p])
    return np.mean(np.exp(gamma * np.log1p(-q)) * np.log(1 / q))


# --- focal_grad ----------------------------------------------------------------------------------


@alternative("focal_grad")
def focal_grad_loop(y, p, gamma=2.0):
    g = []
    for label, r in zip(y, p):
        q, sign = (r, 1) if label == 1 else (1 - r, -1)
        slope = gamma * (1 - q) ** (gamma - 1) * math.log(q) - (1 - q) ** gamma / q
        g.append(sign * slope / len(y))
    return g


@alternative("focal_grad")
def focal_grad_two_terms(y, p, gamma=2.0):
    ones = gamma * (1 - p) ** (gamma - 1) * np.log(p) - (1 - p) ** gamma / p
    zeros = -gamma * p ** (gamma - 1) * np.log(1 - p) + p**gamma / (1 - p)
    return (y * ones + (1 - y) * zeros) / len(y)


@alternative("focal_grad")
def focal_grad_factored(y, p, gamma=2.0):
    q = np.where(y > 0, p, 1 - p)
    rest = 1 - q
    slope = rest ** (gamma - 1) * (gamma * np.log(q) - rest / q)
    return (2 * y - 1) * slope / y.size


@alternative("focal_grad")
def focal_grad_complex_step(y, p, gamma=2.0):
    h = 1e-30
    q = np.where(y == 1, p + 1j * h, 1 - p - 1j * h)
    return (-((1 - q) ** gamma) * np.log(q)).imag / h / len(y)


@alternative("focal_grad")
def focal_grad_masks(y, p, gamma=2.0):
    def slope(q):
        return gamma * (1 - q) ** (gamma - 1) * np.log(q) - (1 - q) ** gamma / q

    g = np.empty(len(p))
    g[y == 1] = slope(p[y == 1])
    g[y == 0] = -slope(1 - p[y == 0])
    return g / len(p)


# --- quantile ------------------------------------------------------------------------------------


@alternative("quantile")
def quantile_loop(y, y_hat, tau):
    total = 0
    for a, b in zip(y, y_hat):
        total += tau * (a - b) if a >= b else (1 - tau) * (b - a)
    return total / len(y)


@alternative("quantile")
def quantile_where(y, y_hat, tau):
    r = y_hat - y
    return np.where(r < 0, -tau * r, (1 - tau) * r).mean()


@alternative("quantile")
def quantile_absolute(y, y_hat, tau):
    u = y - y_hat
    return np.mean(0.5 * np.abs(u) + (tau - 0.5) * u)


@alternative("quantile")
def quantile_indicator(y, y_hat, tau):
    u = y - y_hat
    return np.array(np.dot(u, tau - (u < 0)) / len(u))


@alternative("quantile")
def quantile_two_hinges(y, y_hat, tau):
    return (
        tau * np.maximum(0, y - y_hat).sum() + (1 - tau) * np.maximum(0, y_hat - y).sum()
    ) / y.size


@alternative("quantile")
def quantile_clipped(y, y_hat, tau):
    u = np.subtract(y, y_hat)
    return float(np.average(tau * u.clip(min=0) + (tau - 1) * u.clip(max=0)))


# --- quantile_grad: at a kink each picks another subgradient --------------------------------------


@alternative("quantile_grad")
def quantile_grad_loop(y, y_hat, tau):
    return [-tau / len(y) if a >= b else (1 - tau) / len(y) for a, b in zip(y, y_hat)]


@alternative("quantile_grad")
def quantile_grad_sign(y, y_hat, tau):
    return (0.5 * np.sign(y_hat - y) + 0.5 - tau) / len(y)


@alternative("quantile_grad")
def quantile_grad_rest_at_zero(y, y_hat, tau):
    g = np.zeros(len(y))
    g[y_hat > y] = (1 - tau) / len(y)
    g[y_hat < y] = -tau / len(y)
    return g


@alternative("quantile_grad")
def quantile_grad_indicator(y, y_hat, tau):
    return ((y < y_hat) - tau) / y.size


@alternative("quantile_grad")
def quantile_grad_heaviside(y, y_hat, tau):
    return (np.heaviside(y_hat - y, 0.3) - tau) / len(y_hat)


@alternative("quantile_grad")
def quantile_grad_select(y, y_hat, tau):
    r = y_hat - y
    return np.select([r > 0, r < 0], [1 - tau, -tau], default=(0.5 - tau)) / len(r)


# --- decisions -----------------------------------------------------------------------------------


@alternative("decisions")
def decisions_capitals():
    return {"rare": "B", "typing": "A", "promise": "D", "report": "C"}


@alternative("decisions")
def decisions_dict_call():
    return dict(report="c", promise="d", typing="a", rare="b")


@alternative("decisions")
def decisions_with_signs():
    return {"rare": "b)", "typing": " a ", "promise": "(d)", "report": "c."}


@alternative("decisions")
def decisions_zipped():
    return dict(zip(("rare", "typing", "promise", "report"), "badc"))


@alternative("decisions")
def decisions_with_colons():
    answers = {}
    for case, letter in [("rare", "b:"), ("typing", "a:"), ("promise", "d:"), ("report", "c:")]:
        answers[case] = letter
    return answers
