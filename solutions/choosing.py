"""Choosing a loss: cross-validation without leakage, losses of imbalance and of quantiles."""

import numpy as np


def k_fold(n, k, seed):
    r"""Return k folds: a list of k arrays of indices, the validation part of every round.

    n, k: number of samples and of folds, 1 ≤ k ≤ n; seed: a whole number.
    Each index 0, ..., n-1 is in exactly one fold; sizes differ by at most one.
    The samples are shuffled. The same seed gives the same folds, another seed gives others;
    any way to shuffle is right.
    Source: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning (2009), 7.10.1.
    """
    # A generator of its own: seeding NumPy's global one would reach into everybody's results.
    order = np.random.default_rng(seed).permutation(n)
    return np.array_split(order, k)


def cross_validate(X, y, folds, lam):
    r"""Return the validation error of ridge regression on every fold, without leakage.

    X: features (N, D); y: targets (N,); folds: as from `k_fold`; lam: λ ≥ 0. Returns shape (k,).
    Per fold, from the other folds alone: mean and standard deviation (ddof 0) of each column of X,
    b = mean target, and the w that minimizes Σ_n (y_n - b - z_n·w)² + λ |w|², z standardized.
    The fold's error is the mean of (y_n - b - z_n·w)² over its own samples, z standardized alike.
    Source: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning, 3.4.1 and 7.10.2.
    """
    fold_errors = []
    for fold in folds:
        train = np.setdiff1d(np.arange(len(y)), fold)
        # All that is learned, the scale included, is learned here: a model in use will not have
        # seen the samples that it is asked about either.
        center, scale = X[train].mean(axis=0), X[train].std(axis=0)
        Z, b = (X[train] - center) / scale, y[train].mean()
        w = np.linalg.solve(Z.T @ Z + lam * np.eye(X.shape[1]), Z.T @ (y[train] - b))
        y_hat = b + (X[fold] - center) / scale @ w
        fold_errors.append(np.mean((y[fold] - y_hat) ** 2))
    return np.array(fold_errors)


def weighted_cross_entropy(y, p, weight):
    r"""Return the mean binary cross-entropy with a weight on the samples of label 1.

    y: (N,) labels 0 or 1. p: (N,) probabilities of label 1, strictly between 0 and 1.
    weight: a number ω > 0. Returns one number:

        L = -1/N Σ_n [ω y_n log p_n + (1 - y_n) log(1 - p_n)]      (N is the number of samples)

    Source: King, Zeng, Logistic Regression in Rare Events Data, Political Analysis 9 (2001).
    """
    return -np.mean(weight * y * np.log(p) + (1 - y) * np.log(1 - p))


def weighted_cross_entropy_grad(y, p, weight):
    r"""Return the gradient of `weighted_cross_entropy` by the probabilities p.

    y: (N,) labels 0 or 1. p: (N,) probabilities, strictly between 0 and 1.
    weight: a number ω > 0. Returns shape (N,).

        g_n = ∂L/∂p_n   of   L = -1/N Σ_m [ω y_m log p_m + (1 - y_m) log(1 - p_m)]

    Source: King, Zeng, Logistic Regression in Rare Events Data, Political Analysis 9 (2001).
    """
    # The inner derivative of 1 - p turns the sign of the second term around.
    return ((1 - y) / (1 - p) - weight * y / p) / len(y)


def focal(y, p, gamma=2.0):
    r"""Return the mean focal loss, which plays down the samples that are right already.

    y: (N,) labels 0 or 1. p: (N,) probabilities of label 1, strictly between 0 and 1.
    gamma: a number γ ≥ 0. Returns one number:

        L = -1/N Σ_n (1 - q_n)^γ log q_n   with   q_n = p_n if y_n = 1,   1 - p_n if y_n = 0

    Source: Lin, Goyal, Girshick, He, Dollár, Focal Loss, ICCV 2017, equation 4 (no α).
    """
    q = np.where(y == 1, p, 1 - p)
    return -np.mean((1 - q) ** gamma * np.log(q))


def focal_grad(y, p, gamma=2.0):
    r"""Return the gradient of `focal` by the probabilities p.

    y: (N,) labels 0 or 1. p: (N,) probabilities, strictly between 0 and 1.
    gamma: a number γ ≥ 0. Returns shape (N,).

        g_n = ∂L/∂p_n   of   L = -1/N Σ_m (1 - q_m)^γ log q_m
        q_m = p_m if y_m = 1,   1 - p_m if y_m = 0

    Source: Lin, Goyal, Girshick, He, Dollár, Focal Loss, ICCV 2017, section 3.
    """
    q = np.where(y == 1, p, 1 - p)
    # Both factors depend on q: a product rule with two terms, both of the same sign.
    slope = gamma * (1 - q) ** (gamma - 1) * np.log(q) - (1 - q) ** gamma / q
    # Where the label is 0, q falls as p rises.
    return np.where(y == 1, slope, -slope) / len(y)


def quantile(y, y_hat, tau):
    r"""Return the mean quantile loss (pinball loss) of the predictions.

    y, y_hat: targets and predictions, shape (N,); tau: a number τ between 0 and 1.
    Returns one number:

        L = 1/N Σ_n ρ(y_n - ŷ_n)   with   ρ(u) = τ u  if u ≥ 0,   (τ - 1) u  if u < 0

    Source: Koenker, Bassett, Regression Quantiles, Econometrica 46 (1978), pages 33 to 50.
    """
    u = y - y_hat
    # Of the two lines the right one is always the upper one.
    return np.mean(np.maximum(tau * u, (tau - 1) * u))


def quantile_grad(y, y_hat, tau):
    r"""Return the gradient of the mean quantile loss by the predictions.

    y, y_hat: targets and predictions, shape (N,); tau: a number τ between 0 and 1.
    Returns shape (N,).

        g_n = ∂L/∂ŷ_n   of   L = 1/N Σ_m ρ(y_m - ŷ_m)
        ρ(u) = τ u  if u ≥ 0,   (τ - 1) u  if u < 0

    Where ŷ_n = y_n exactly, any subgradient is right.
    Source: Koenker, Bassett, Regression Quantiles, Econometrica 46 (1978), pages 33 to 50.
    """
    # The inner derivative by ŷ is -1. A prediction that is exactly right counts as not too low.
    return np.where(y > y_hat, -tau, 1 - tau) / len(y)


def decisions():
    r"""Return one letter for each of four cases, as the dict {"rare": "...", "typing": "...", ...}.

    "rare": a missed illness costs 50 times a false alarm; "ill" is said where p > 1/2. Train with
    a: log loss, most accurate  b: weights, ω = 50  c: weights, ω = 1/50  d: focal loss, γ = 50
    "typing": one target in 100 has a digit too many; the line shall follow the other 99. Train with
    a: MAE, all pull alike  b: MSE, errors weigh more  c: RMSE, same unit  d: quantile, τ = 0.99
    "promise": name an hour before which 9 of 10 parcels arrive. Train with
    a: MSE, then 10 % on top  b: MAE  c: quantile, τ = 0.1  d: quantile, τ = 0.9
    "report": λ had the lowest of 100 cross-validated errors. Report the error
    a: on the training parts  b: which was lowest  c: on data kept apart  d: as mean of all 100
    Source: Elkan, The Foundations of Cost-Sensitive Learning, IJCAI 2001 ("rare").
    """
    return {
        # A weight is a price. Whoever is told of a false alarm loses 1, who is missed loses 50.
        "rare": "b",
        # Each sample pulls with 1/N, the mistyped one too, on either side.
        "typing": "a",
        # The best constant under τ has the share τ of the targets below it.
        "promise": "d",
        # The lowest of many noisy errors is low by luck as well.
        "report": "c",
    }


WHY = {
    "balance": """\
The weight multiplies the gradient of one class only: every patient who died pulls ω times as hard
towards p = 1, so the boundary moves until the pulls of both classes balance again, as if there were
ω times as many deaths. The factor of the focal loss depends on q, the probability of the true
label, not on the class. It makes easy samples of both classes quieter and treats a death and a
survival alike that have the same q. At p = 1/2 both have the same factor, so the boundary stays
nearly where log loss put it, and only the probabilities become less extreme.
""",
}
