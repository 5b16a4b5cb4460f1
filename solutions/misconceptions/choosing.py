"""Known wrong answers of the unit `choosing`."""

import numpy as np

from solutions import choosing as reference
from solutions.misconceptions import misconception

# --- k_fold --------------------------------------------------------------------------------------


def _shuffled(n, seed):
    return np.random.default_rng(seed).permutation(n)


@misconception(
    "k_fold",
    check="seed",
    hint="Nothing is shuffled: the folds are cut from 0, 1, 2, ... in order, and `seed` is not "
    "used.",
)
def k_fold_in_order(n, k, seed):
    return np.array_split(np.arange(n), k)


@misconception(
    "k_fold",
    check="seed",
    hint="The generator always starts from 0: the argument `seed` does not reach it.",
)
def k_fold_fixed_seed(n, k, seed):
    return np.array_split(_shuffled(n, 0), k)


@misconception(
    "k_fold",
    check="shuffle",
    hint="The seed only shifts the start: neighbors stay together, so sorted data give folds of "
    "one kind. Put the samples in random order.",
)
def k_fold_rolled(n, k, seed):
    return np.array_split(np.roll(np.arange(n), seed), k)


@misconception(
    "k_fold",
    check="partition",
    hint="The remainder of n / k is dropped: the last samples are in no fold.",
)
def k_fold_drops_remainder(n, k, seed):
    order, size = _shuffled(n, seed), n // k
    return [order[i * size : (i + 1) * size] for i in range(k)]


@misconception(
    "k_fold",
    check="sizes",
    hint="The whole remainder of n / k ends up in the last fold; spread it, one sample a fold.",
)
def k_fold_remainder_in_last(n, k, seed):
    order, size = _shuffled(n, seed), n // k
    return [order[i * size : (i + 1) * size if i < k - 1 else n] for i in range(k)]


@misconception(
    "k_fold",
    check="sizes",
    hint="The fold size is rounded up, so the last fold gets what is left and is too small.",
)
def k_fold_rounded_up(n, k, seed):
    order, size = _shuffled(n, seed), -(-n // k)
    return [order[i * size : (i + 1) * size] for i in range(k)]


@misconception(
    "k_fold",
    check="partition",
    hint="These are the training parts: each index is in all of them but one. Return the parts "
    "that are held out.",
)
def k_fold_training_parts(n, k, seed):
    folds = np.array_split(_shuffled(n, seed), k)
    return [np.concatenate(folds[:i] + folds[i + 1 :]) for i in range(k)]


@misconception(
    "k_fold",
    check="partition",
    hint="The indices are drawn with replacement: some come twice and others never. Shuffle them "
    "instead.",
)
def k_fold_with_replacement(n, k, seed):
    return np.array_split(np.random.default_rng(seed).integers(n, size=n), k)


@misconception(
    "k_fold",
    check="partition",
    hint="Your indices count from 1 to n; NumPy's count from 0 to n-1.",
)
def k_fold_from_one(n, k, seed):
    return [fold + 1 for fold in np.array_split(_shuffled(n, seed), k)]


@misconception(
    "k_fold",
    check="shape",
    hint="You return pairs of a training and a validation part; only the validation parts are "
    "asked for.",
)
def k_fold_pairs(n, k, seed):
    folds = np.array_split(_shuffled(n, seed), k)
    return [(np.concatenate(folds[:i] + folds[i + 1 :]), folds[i]) for i in range(k)]


@misconception(
    "k_fold",
    check="shape",
    hint="You return one array in shuffled order: it is not cut into k folds yet.",
)
def k_fold_uncut(n, k, seed):
    return _shuffled(n, seed)


@misconception(
    "k_fold",
    check="shape",
    hint="Your folds are masks of True and False; the indices themselves are asked for.",
)
def k_fold_masks(n, k, seed):
    return [np.isin(np.arange(n), fold) for fold in np.array_split(_shuffled(n, seed), k)]


# --- cross_validate ------------------------------------------------------------------------------


def _train(y, fold):
    return np.setdiff1d(np.arange(len(y)), fold)


def _ridge(Z, y, lam):
    return np.linalg.solve(Z.T @ Z + lam * np.eye(Z.shape[1]), Z.T @ y)


def _errors(
    X,
    y,
    folds,
    lam,
    *,
    ddof=0,
    offset=np.mean,
    penalty=lambda lam, n: lam,
    swap=False,
):
    """The reference's steps, one of them changed."""
    errors = []
    for fold in folds:
        train, fold = (fold, _train(y, fold)) if swap else (_train(y, fold), fold)
        c, s = X[train].mean(axis=0), X[train].std(axis=0, ddof=ddof)
        Z, b = (X[train] - c) / s, offset(y[train])
        w = _ridge(Z, y[train] - b, penalty(lam, len(train)))
        errors.append(np.mean((y[fold] - b - (X[fold] - c) / s @ w) ** 2))
    return np.array(errors)


@misconception(
    "cross_validate",
    check="leakage",
    hint="Leakage: mean and standard deviation are taken from all samples, so the validation part "
    "has a say in the scale. Take them from the training part, anew for each fold.",
)
def cross_validate_scaled_before(X, y, folds, lam):
    return _without_scaling((X - X.mean(axis=0)) / X.std(axis=0), y, folds, lam)


def _without_scaling(X, y, folds, lam):
    errors = []
    for fold in folds:
        train = _train(y, fold)
        center, b = X[train].mean(axis=0), y[train].mean()
        w = _ridge(X[train] - center, y[train] - b, lam)
        errors.append(np.mean((y[fold] - b - (X[fold] - center) @ w) ** 2))
    return np.array(errors)


@misconception(
    "cross_validate",
    check="leakage",
    hint="The validation part is standardized by its own mean and deviation; use those of the "
    "training part, as for a sample that comes alone.",
)
def cross_validate_own_scale(X, y, folds, lam):
    errors = []
    for fold in folds:
        train = _train(y, fold)
        Z, b = (X[train] - X[train].mean(axis=0)) / X[train].std(axis=0), y[train].mean()
        w = _ridge(Z, y[train] - b, lam)
        Z = (X[fold] - X[fold].mean(axis=0)) / X[fold].std(axis=0)
        errors.append(np.mean((y[fold] - b - Z @ w) ** 2))
    return np.array(errors)


@misconception(
    "cross_validate",
    check="leakage",
    hint="Leakage through the targets: b is the mean of all targets, those of the validation part "
    "included.",
)
def cross_validate_mean_of_all(X, y, folds, lam):
    return _errors(X, y, folds, lam, offset=lambda _: np.mean(y))


@misconception(
    "cross_validate",
    check="value",
    hint="The model is fitted once on all samples: it is asked about targets that it has seen.",
)
def cross_validate_fitted_on_all(X, y, folds, lam):
    Z, b = (X - X.mean(axis=0)) / X.std(axis=0), y.mean()
    r = y - b - Z @ _ridge(Z, y - b, lam)
    return np.array([np.mean(r[fold] ** 2) for fold in folds])


@misconception(
    "cross_validate",
    check="value",
    hint="These are training errors: the error is measured on the samples that the model was "
    "fitted to, not on those held out.",
)
def cross_validate_training_error(X, y, folds, lam):
    errors = []
    for fold in folds:
        train = _train(y, fold)
        Z, b = (X[train] - X[train].mean(axis=0)) / X[train].std(axis=0), y[train].mean()
        errors.append(np.mean((y[train] - b - Z @ _ridge(Z, y[train] - b, lam)) ** 2))
    return np.array(errors)


@misconception(
    "cross_validate",
    check="value",
    hint="The parts are swapped: you train on one fold and validate on all others.",
)
def cross_validate_swapped(X, y, folds, lam):
    return _errors(X, y, folds, lam, swap=True)


@misconception(
    "cross_validate",
    check="value",
    hint="The features are not divided by their standard deviation, so the penalty treats columns "
    "of different scale differently.",
)
def cross_validate_unscaled(X, y, folds, lam):
    return _without_scaling(X, y, folds, lam)


@misconception(
    "cross_validate",
    check="value",
    hint="Your standard deviation divides by N - 1 (ddof 1); this task counts N (ddof 0).",
)
def cross_validate_ddof(X, y, folds, lam):
    return _errors(X, y, folds, lam, ddof=1)


@misconception(
    "cross_validate",
    check="value",
    hint="The model has no intercept: the mean of the training targets is neither taken out nor "
    "put back.",
)
def cross_validate_without_intercept(X, y, folds, lam):
    return _errors(X, y, folds, lam, offset=lambda _: 0.0)


@misconception(
    "cross_validate",
    check="value",
    hint="The intercept is penalized like a weight, which pulls all predictions towards 0.",
)
def cross_validate_penalized_intercept(X, y, folds, lam):
    errors = []
    for fold in folds:
        train = _train(y, fold)
        Z = (X - X[train].mean(axis=0)) / X[train].std(axis=0)
        A = np.column_stack([Z, np.ones(len(y))])
        errors.append(np.mean((y[fold] - A[fold] @ _ridge(A[train], y[train], lam)) ** 2))
    return np.array(errors)


@misconception(
    "cross_validate",
    check="value",
    hint="The penalty is missing: your errors are those of λ = 0.",
)
def cross_validate_without_penalty(X, y, folds, lam):
    return _errors(X, y, folds, lam, penalty=lambda lam, n: 0.0)


@misconception(
    "cross_validate",
    check="value",
    hint="Your penalty is λ times the number of training samples: that belongs to a mean, here the"
    " squares are summed.",
)
def cross_validate_penalty_times_n(X, y, folds, lam):
    return _errors(X, y, folds, lam, penalty=lambda lam, n: lam * n)


@misconception(
    "cross_validate",
    check="shape",
    hint="You return the mean over the folds; one error per fold is asked for.",
)
def cross_validate_averaged(X, y, folds, lam):
    return reference.cross_validate(X, y, folds, lam).mean()


# --- weighted_cross_entropy ----------------------------------------------------------------------


@misconception(
    "weighted_cross_entropy",
    check="value",
    hint="The weight is on the wrong label: it belongs to the term of label 1.",
)
def weighted_cross_entropy_on_zeros(y, p, weight):
    return -np.mean(y * np.log(p) + weight * (1 - y) * np.log(1 - p))


@misconception(
    "weighted_cross_entropy",
    check="value",
    hint="The weight multiplies both terms, which only scales the whole loss. It belongs to label "
    "1.",
)
def weighted_cross_entropy_on_both(y, p, weight):
    return -np.mean(weight * (y * np.log(p) + (1 - y) * np.log(1 - p)))


@misconception(
    "weighted_cross_entropy",
    check="value",
    hint="This is the plain log loss: `weight` is not used.",
)
def weighted_cross_entropy_unweighted(y, p, weight):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@misconception(
    "weighted_cross_entropy",
    check="value",
    hint="You divide by the sum of the weights; here the mean is over the number of samples N.",
)
def weighted_cross_entropy_over_weights(y, p, weight):
    weights = np.where(y == 1, weight, 1.0)
    return -np.sum(weights * (y * np.log(p) + (1 - y) * np.log(1 - p))) / np.sum(weights)


@misconception(
    "weighted_cross_entropy",
    check="value",
    hint="Label 0 gets the weight 1 - ω, which is negative for ω above 1. Its weight is 1.",
)
def weighted_cross_entropy_complement(y, p, weight):
    return -np.mean(weight * y * np.log(p) + (1 - weight) * (1 - y) * np.log(1 - p))


@misconception(
    "weighted_cross_entropy",
    check="value",
    hint="The weight stands inside the logarithm, where it only adds a constant.",
)
def weighted_cross_entropy_inside(y, p, weight):
    return -np.mean(y * np.log(weight * p) + (1 - y) * np.log(1 - p))


@misconception(
    "weighted_cross_entropy",
    check="value",
    hint="Your loss is negative: the minus sign in front of the sum is missing.",
)
def weighted_cross_entropy_sign(y, p, weight):
    return np.mean(weight * y * np.log(p) + (1 - y) * np.log(1 - p))


@misconception(
    "weighted_cross_entropy",
    check="value",
    hint="You sum over the samples: the weighted terms too are averaged over all N.",
)
def weighted_cross_entropy_summed(y, p, weight):
    return -np.sum(weight * y * np.log(p) + (1 - y) * np.log(1 - p))


@misconception(
    "weighted_cross_entropy",
    check="value",
    hint="Samples of label 0 cost nothing in your loss: the second term is missing.",
)
def weighted_cross_entropy_ones_only(y, p, weight):
    return -np.mean(weight * y * np.log(p))


@misconception(
    "weighted_cross_entropy",
    check="value",
    hint="Your logarithm has the base 2; the natural one is `np.log`.",
)
def weighted_cross_entropy_log2(y, p, weight):
    return -np.mean(weight * y * np.log2(p) + (1 - y) * np.log2(1 - p))


@misconception(
    "weighted_cross_entropy",
    check="extremes",
    hint="Your probabilities are clipped, or get an epsilon, far from 0 and 1: a sample that is "
    "wrong and very sure of it costs too little.",
)
def weighted_cross_entropy_clipped(y, p, weight):
    return reference.weighted_cross_entropy(y, np.clip(p, 1e-3, 1 - 1e-3), weight)


@misconception(
    "weighted_cross_entropy",
    check="shape",
    hint="You return the loss of every sample; the mean over them is missing.",
)
def weighted_cross_entropy_per_sample(y, p, weight):
    return -(weight * y * np.log(p) + (1 - y) * np.log(1 - p))


# --- weighted_cross_entropy_grad -----------------------------------------------------------------


@misconception(
    "weighted_cross_entropy_grad",
    check="gradient",
    hint="The sign of the term of label 0 is wrong: the inner derivative of 1 - p is -1.",
)
def weighted_cross_entropy_grad_inner_sign(y, p, weight):
    return (-(1 - y) / (1 - p) - weight * y / p) / len(y)


@misconception(
    "weighted_cross_entropy_grad",
    check="gradient",
    hint="All signs are turned around: the minus in front of the loss is missing. Descent would "
    "make the loss larger.",
)
def weighted_cross_entropy_grad_sign(y, p, weight):
    return (weight * y / p - (1 - y) / (1 - p)) / len(y)


@misconception(
    "weighted_cross_entropy_grad",
    check="gradient",
    hint="Every entry is N times too large: the loss is a mean, its 1/N stays in the gradient.",
)
def weighted_cross_entropy_grad_without_mean(y, p, weight):
    return (1 - y) / (1 - p) - weight * y / p


@misconception(
    "weighted_cross_entropy_grad",
    check="gradient",
    hint="This is the gradient of the plain log loss: `weight` is not used.",
)
def weighted_cross_entropy_grad_unweighted(y, p, weight):
    return ((1 - y) / (1 - p) - y / p) / len(y)


@misconception(
    "weighted_cross_entropy_grad",
    check="gradient",
    hint="The weight is on the entries of label 0; it belongs to those of label 1.",
)
def weighted_cross_entropy_grad_on_zeros(y, p, weight):
    return (weight * (1 - y) / (1 - p) - y / p) / len(y)


@misconception(
    "weighted_cross_entropy_grad",
    check="gradient",
    hint="The weight is on the entries of both labels; those of label 0 have none.",
)
def weighted_cross_entropy_grad_on_both(y, p, weight):
    return weight * ((1 - y) / (1 - p) - y / p) / len(y)


@misconception(
    "weighted_cross_entropy_grad",
    check="gradient",
    hint="You divide by the sum of the weights; the loss is a mean over the N samples.",
)
def weighted_cross_entropy_grad_over_weights(y, p, weight):
    return ((1 - y) / (1 - p) - weight * y / p) / np.sum(np.where(y == 1, weight, 1.0))


@misconception(
    "weighted_cross_entropy_grad",
    check="gradient",
    hint="This is the gradient by the logits, for which the chain rule adds a factor p (1 - p). "
    "Here the derivative by p is asked for.",
)
def weighted_cross_entropy_grad_by_logits(y, p, weight):
    return ((1 - y) * p - weight * y * (1 - p)) / len(y)


@misconception(
    "weighted_cross_entropy_grad",
    check="gradient",
    hint="p - y is the derivative of the plain log loss by the logits; here p itself moves, and "
    "label 1 has a weight.",
)
def weighted_cross_entropy_grad_difference(y, p, weight):
    return (p - y) / len(y)


@misconception(
    "weighted_cross_entropy_grad",
    check="gradient",
    hint="Entries of label 0 are 0 in your gradient: their loss log(1 - p) depends on p too.",
)
def weighted_cross_entropy_grad_ones_only(y, p, weight):
    return -weight * y / p / len(y)


@misconception(
    "weighted_cross_entropy_grad",
    check="shape",
    hint="You sum or average the entries; the gradient has one entry per probability.",
)
def weighted_cross_entropy_grad_summed(y, p, weight):
    return np.sum(reference.weighted_cross_entropy_grad(y, p, weight))


@misconception(
    "weighted_cross_entropy_grad",
    check="shape",
    hint="Your result is a column of shape (N, 1); the gradient has the shape (N,) of `p`.",
)
def weighted_cross_entropy_grad_column(y, p, weight):
    return reference.weighted_cross_entropy_grad(y, p, weight)[:, None]


# --- focal ---------------------------------------------------------------------------------------


def _q(y, p):
    return np.where(y == 1, p, 1 - p)


@misconception(
    "focal",
    check="value",
    hint="The factor is q^γ in your loss: it makes the hard samples quieter, not the easy ones. It"
    " should be (1 - q)^γ.",
)
def focal_wrong_way(y, p, gamma=2.0):
    q = _q(y, p)
    return -np.mean(q**gamma * np.log(q))


@misconception(
    "focal",
    check="value",
    hint="This is the plain log loss: the factor (1 - q)^γ is missing.",
)
def focal_without_factor(y, p, gamma=2.0):
    return -np.mean(np.log(_q(y, p)))


@misconception(
    "focal",
    check="value",
    hint="The factor is γ (1 - q): γ is an exponent, not a factor.",
)
def focal_gamma_as_factor(y, p, gamma=2.0):
    q = _q(y, p)
    return -np.mean(gamma * (1 - q) * np.log(q))


@misconception(
    "focal",
    check="value",
    hint="The factor is (1 - p)^γ for both labels; for label 0 the probability of the true label "
    "is 1 - p, so there it is p^γ.",
)
def focal_factor_of_ones(y, p, gamma=2.0):
    return -np.mean((1 - p) ** gamma * np.log(_q(y, p)))


@misconception(
    "focal",
    check="value",
    hint="You treat every sample as one of label 1: q is 1 - p where the label is 0.",
)
def focal_ignores_labels(y, p, gamma=2.0):
    return -np.mean((1 - p) ** gamma * np.log(p))


@misconception(
    "focal",
    check="value",
    hint="Samples of label 0 cost nothing in your loss: it has a term for label 1 only.",
)
def focal_ones_only(y, p, gamma=2.0):
    return -np.mean(y * (1 - p) ** gamma * np.log(p))


@misconception(
    "focal",
    check="value",
    hint="Your loss is negative: log q is below 0, and the minus sign is missing.",
)
def focal_sign(y, p, gamma=2.0):
    q = _q(y, p)
    return np.mean((1 - q) ** gamma * np.log(q))


@misconception(
    "focal",
    check="value",
    hint="Your loss is N times too large: the 1/N of the mean is missing.",
)
def focal_summed(y, p, gamma=2.0):
    q = _q(y, p)
    return -np.sum((1 - q) ** gamma * np.log(q))


@misconception(
    "focal",
    check="value",
    hint="The power reaches too far: only 1 - q has the exponent γ, the logarithm has not.",
)
def focal_power_of_all(y, p, gamma=2.0):
    q = _q(y, p)
    return np.mean((-(1 - q) * np.log(q)) ** gamma)


@misconception(
    "focal",
    check="value",
    hint="You have a balance α = 0.25 for label 1 and 0.75 for label 0 in it; this form of the "
    "loss has no α.",
)
def focal_with_alpha(y, p, gamma=2.0):
    q = _q(y, p)
    return -np.mean(np.where(y == 1, 0.25, 0.75) * (1 - q) ** gamma * np.log(q))


@misconception(
    "focal",
    check="parameters",
    hint="The exponent is always 2: the argument `gamma` is not used.",
)
def focal_always_two(y, p, gamma=2.0):
    return reference.focal(y, p, 2.0)


@misconception(
    "focal",
    check="shape",
    hint="You return one focal loss per sample: the mean over them is missing.",
)
def focal_per_sample(y, p, gamma=2.0):
    q = _q(y, p)
    return -((1 - q) ** gamma) * np.log(q)


# --- focal_grad ----------------------------------------------------------------------------------


def _by_p(y, slope):
    return np.where(y == 1, slope, -slope) / len(y)


@misconception(
    "focal_grad",
    check="gradient",
    hint="Half of the product rule is missing: you treat the factor (1 - q)^γ as a constant, but "
    "it moves with p too.",
)
def focal_grad_constant_factor(y, p, gamma=2.0):
    q = _q(y, p)
    return _by_p(y, -((1 - q) ** gamma) / q)


@misconception(
    "focal_grad",
    check="gradient",
    hint="Half of the product rule is missing: the term with the derivative 1/q of the logarithm.",
)
def focal_grad_factor_only(y, p, gamma=2.0):
    q = _q(y, p)
    return _by_p(y, gamma * (1 - q) ** (gamma - 1) * np.log(q))


@misconception(
    "focal_grad",
    check="gradient",
    hint="The inner derivative of 1 - q is missing: it is -1, so both terms have the same sign.",
)
def focal_grad_inner_sign(y, p, gamma=2.0):
    q = _q(y, p)
    return _by_p(y, -gamma * (1 - q) ** (gamma - 1) * np.log(q) - (1 - q) ** gamma / q)


@misconception(
    "focal_grad",
    check="gradient",
    hint="This is the derivative by q. Where the label is 0, q falls as p rises: the sign turns "
    "around there.",
)
def focal_grad_by_q(y, p, gamma=2.0):
    return np.where(y == 1, 1, -1) * reference.focal_grad(y, p, gamma)


@misconception(
    "focal_grad",
    check="gradient",
    hint="All signs are turned around: -log q falls as q rises, so where the label is 1 the slope "
    "is negative.",
)
def focal_grad_sign(y, p, gamma=2.0):
    return -reference.focal_grad(y, p, gamma)


@misconception(
    "focal_grad",
    check="gradient",
    hint="Your entries are N times too large: the 1/N in front of the sum stays.",
)
def focal_grad_without_mean(y, p, gamma=2.0):
    return len(y) * reference.focal_grad(y, p, gamma)


@misconception(
    "focal_grad",
    check="gradient",
    hint="In the power rule the exponent falls by one: in the term with log q it is γ - 1.",
)
def focal_grad_exponent_kept(y, p, gamma=2.0):
    q = _q(y, p)
    return _by_p(y, gamma * (1 - q) ** gamma * np.log(q) - (1 - q) ** gamma / q)


@misconception(
    "focal_grad",
    check="gradient",
    hint="In the power rule the exponent comes down as a factor: the γ in front of the term with "
    "log q is missing.",
)
def focal_grad_without_gamma(y, p, gamma=2.0):
    q = _q(y, p)
    return _by_p(y, (1 - q) ** (gamma - 1) * np.log(q) - (1 - q) ** gamma / q)


@misconception(
    "focal_grad",
    check="gradient",
    hint="This is the gradient of the plain log loss: the focal factor is not in it.",
)
def focal_grad_of_log_loss(y, p, gamma=2.0):
    return _by_p(y, -1 / _q(y, p))


@misconception(
    "focal_grad",
    check="gradient",
    hint="Your gradient takes every label for 1: q is 1 - p where the label is 0.",
)
def focal_grad_ignores_labels(y, p, gamma=2.0):
    return reference.focal_grad(np.ones_like(y), p, gamma)


@misconception(
    "focal_grad",
    check="parameters",
    hint="The gradient is always that of γ = 2: the argument `gamma` is not used.",
)
def focal_grad_always_two(y, p, gamma=2.0):
    return reference.focal_grad(y, p, 2.0)


@misconception(
    "focal_grad",
    check="shape",
    hint="You reduce to one number; the gradient has one entry per probability.",
)
def focal_grad_summed(y, p, gamma=2.0):
    return np.sum(reference.focal_grad(y, p, gamma))


# --- quantile ------------------------------------------------------------------------------------


@misconception(
    "quantile",
    check="value",
    hint="The two slopes are swapped, or the two arguments: a target above the prediction costs τ,"
    " one below costs 1 - τ for each unit.",
)
def quantile_swapped(y, y_hat, tau):
    return reference.quantile(y_hat, y, tau)


@misconception(
    "quantile",
    check="value",
    hint="This is the mean absolute error: τ is not used.",
)
def quantile_absolute_error(y, y_hat, tau):
    return np.mean(np.abs(y - y_hat))


@misconception(
    "quantile",
    check="value",
    hint="Both directions cost τ for each unit: where the prediction is too high it is 1 - τ.",
)
def quantile_same_on_both_sides(y, y_hat, tau):
    return np.mean(tau * np.abs(y - y_hat))


@misconception(
    "quantile",
    check="value",
    hint="Predictions that are too high get a negative cost: for u < 0 the slope is τ - 1, which "
    "is below 0 as u is.",
)
def quantile_negative_side(y, y_hat, tau):
    u = y - y_hat
    return np.mean(np.where(u >= 0, tau * u, (1 - tau) * u))


@misconception(
    "quantile",
    check="value",
    hint="Predictions that are too high cost nothing: the second piece of ρ is missing.",
)
def quantile_one_side(y, y_hat, tau):
    return np.mean(tau * np.maximum(y - y_hat, 0))


@misconception(
    "quantile",
    check="value",
    hint="Your loss is never above 0: of the two lines take the upper one, not the lower.",
)
def quantile_minimum(y, y_hat, tau):
    u = y - y_hat
    return np.mean(np.minimum(tau * u, (tau - 1) * u))


@misconception(
    "quantile",
    check="value",
    hint="The residuals are squared: that is the expectile loss of the example.",
)
def quantile_expectile(y, y_hat, tau):
    r = y_hat - y
    return np.mean(np.where(r > 0, 1 - tau, tau) * r**2)


@misconception(
    "quantile",
    check="value",
    hint="You sum over the samples; the 1/N of the mean is missing.",
)
def quantile_summed(y, y_hat, tau):
    return len(y) * reference.quantile(y, y_hat, tau)


@misconception(
    "quantile",
    check="value",
    hint="Your loss is twice as large: there is no factor 2 that makes τ = 1/2 the absolute error.",
)
def quantile_doubled(y, y_hat, tau):
    return 2 * reference.quantile(y, y_hat, tau)


@misconception(
    "quantile",
    check="value",
    hint="The larger of the two lines is taken after the mean; take it sample by sample.",
)
def quantile_mean_first(y, y_hat, tau):
    u = np.mean(y - y_hat)
    return max(tau * u, (tau - 1) * u)


@misconception(
    "quantile",
    check="value",
    hint="This is a quantile of the residuals, not the loss whose minimum it is.",
)
def quantile_of_residuals(y, y_hat, tau):
    return np.quantile(y - y_hat, tau)


@misconception(
    "quantile",
    check="shape",
    hint="You return one loss per sample: the mean over them is missing.",
)
def quantile_per_sample(y, y_hat, tau):
    u = y - y_hat
    return np.maximum(tau * u, (tau - 1) * u)


# --- quantile_grad -------------------------------------------------------------------------------


@misconception(
    "quantile_grad",
    check="gradient",
    hint="The signs are turned around: this is the derivative by y. The inner derivative of y - ŷ "
    "by ŷ is -1.",
)
def quantile_grad_sign(y, y_hat, tau):
    return -reference.quantile_grad(y, y_hat, tau)


@misconception(
    "quantile_grad",
    check="gradient",
    hint="The slopes have the right signs but are swapped: where the prediction is too low it is "
    "-τ, where it is too high 1 - τ.",
)
def quantile_grad_swapped(y, y_hat, tau):
    return reference.quantile_grad(y, y_hat, 1 - tau)


@misconception(
    "quantile_grad",
    check="gradient",
    hint="The comparison is turned around: -τ belongs to predictions below their target.",
)
def quantile_grad_comparison(y, y_hat, tau):
    return np.where(y < y_hat, -tau, 1 - tau) / len(y)


@misconception(
    "quantile_grad",
    check="gradient",
    hint="Your gradient is N times too large: the mean's 1/N is missing.",
)
def quantile_grad_without_mean(y, y_hat, tau):
    return np.where(y > y_hat, -tau, 1 - tau)


@misconception(
    "quantile_grad",
    check="gradient",
    hint="This is the gradient of the mean absolute error: τ is not used.",
)
def quantile_grad_absolute_error(y, y_hat, tau):
    return np.sign(y_hat - y) / len(y)


@misconception(
    "quantile_grad",
    check="gradient",
    hint="Both slopes have the size τ: where the prediction is too high it is 1 - τ.",
)
def quantile_grad_same_on_both_sides(y, y_hat, tau):
    return tau * np.sign(y_hat - y) / len(y)


@misconception(
    "quantile_grad",
    check="gradient",
    hint="The residual is still there: ρ consists of straight lines, and their slopes do not "
    "depend on its size.",
)
def quantile_grad_times_residual(y, y_hat, tau):
    return np.abs(y_hat - y) * reference.quantile_grad(y, y_hat, tau)


@misconception(
    "quantile_grad",
    check="gradient",
    hint="Entries with a prediction that is too high are 0: the second piece of ρ has a slope too.",
)
def quantile_grad_one_side(y, y_hat, tau):
    return np.where(y > y_hat, -tau, 0.0) / len(y)


@misconception(
    "quantile_grad",
    check="gradient",
    hint="All entries are negative: a prediction that is too high must have a positive slope, 1 - "
    "τ instead of τ - 1.",
)
def quantile_grad_both_negative(y, y_hat, tau):
    return np.where(y > y_hat, -tau, tau - 1) / len(y)


@misconception(
    "quantile_grad",
    check="gradient",
    hint="This is the gradient of the expectile loss of the example, whose residuals are squared.",
)
def quantile_grad_expectile(y, y_hat, tau):
    r = y_hat - y
    return 2 * np.where(r > 0, 1 - tau, tau) * r / len(y)


@misconception(
    "quantile_grad",
    check="kink",
    hint="Dividing by the absolute residual gives 0/0 where a prediction is exactly right.",
)
def quantile_grad_nan_at_kink(y, y_hat, tau):
    r = y_hat - y
    with np.errstate(invalid="ignore"):
        return (0.5 * r / np.abs(r) + 0.5 - tau) / len(y)


@misconception(
    "quantile_grad",
    check="shape",
    hint="You sum or average over the samples; the gradient has one entry per prediction.",
)
def quantile_grad_summed(y, y_hat, tau):
    return np.sum(reference.quantile_grad(y, y_hat, tau))


# --- decisions: each wrong in one case ------------------------------------------------------------


def _right_but(**wrong):
    return {**reference.decisions(), **wrong}


@misconception(
    "decisions",
    check="rare",
    hint="Accuracy counts both mistakes alike: with few ill people, calling all of them healthy is"
    " very accurate.",
)
def decisions_rare_accuracy():
    return _right_but(rare="a")


@misconception(
    "decisions",
    check="rare",
    hint="The weight multiplies the label 1, the ill. A weight below 1 makes a missed illness "
    "cheaper, not dearer.",
)
def decisions_rare_inverse():
    return _right_but(rare="c")


@misconception(
    "decisions",
    check="rare",
    hint="γ is no price: the focal factor treats both labels alike, and moves attention from easy "
    "to hard samples only.",
)
def decisions_rare_focal():
    return _right_but(rare="d")


@misconception(
    "decisions",
    check="typing",
    hint="That large errors weigh more is the trouble here: the largest errors are the typing "
    "mistakes, and the line would go after them.",
)
def decisions_typing_mse():
    return _right_but(typing="b")


@misconception(
    "decisions",
    check="typing",
    hint="The root changes the unit but not the minimum: the line of this loss is the same as "
    "without the root.",
)
def decisions_typing_rmse():
    return _right_but(typing="c")


@misconception(
    "decisions",
    check="typing",
    hint="A quantile is a height, not a share of trusted samples: this line runs above nearly all "
    "targets.",
)
def decisions_typing_quantile():
    return _right_but(typing="d")


@misconception(
    "decisions",
    check="promise",
    hint="The minimum of the squared error is near the mean. How many parcels arrive before 1.1 "
    "times the mean depends on their spread.",
)
def decisions_promise_mean():
    return _right_but(promise="a")


@misconception(
    "decisions",
    check="promise",
    hint="The minimum of the absolute error is the median: half of the parcels would come later.",
)
def decisions_promise_median():
    return _right_but(promise="b")


@misconception(
    "decisions",
    check="promise",
    hint="τ is the share of the targets below the prediction, not above it: this promise would be "
    "broken nine times out of ten.",
)
def decisions_promise_complement():
    return _right_but(promise="c")


@misconception(
    "decisions",
    check="report",
    hint="The model has seen the training parts: their error says how well it remembers, not how "
    "well it will predict.",
)
def decisions_report_training():
    return _right_but(report="a")


@misconception(
    "decisions",
    check="report",
    hint="The lowest of 100 noisy numbers is low partly by luck: the folds chose λ, so they are no"
    " longer unseen.",
)
def decisions_report_lowest():
    return _right_but(report="b")


@misconception(
    "decisions",
    check="report",
    hint="The mean over all values of λ is the error of models that nobody will use.",
)
def decisions_report_mean():
    return _right_but(report="d")


@misconception(
    "decisions",
    check="shape",
    hint="The letters come without the names of their cases: return a dict with the four keys.",
)
def decisions_letters_only():
    return "badc"


@misconception(
    "decisions",
    check="shape",
    hint="You print the dict but return nothing: a function hands back its result with return.",
)
def decisions_printed():
    print(reference.decisions())
