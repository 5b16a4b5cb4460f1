"""Every reference agrees with an oracle written from the contract alone, in 50 digits.

The oracles share no code with the references: losses are sums over mpmath numbers, gradients their
numerical derivatives in 50 digits.
"""

import copy
import importlib
import inspect
import itertools
import pkgutil

import mpmath
import numpy as np
import pytest

import solutions
from autograder.expressions import parse
from autograder.wire import Formula
from solutions.misconceptions import misconceptions_of

UNITS = sorted(m.name for m in pkgutil.iter_modules(solutions.__path__) if not m.ispkg)
DIGITS = 50
CLOSE = 1e-9
SEEDS = range(6)

ORACLES = {}
DRAWS = {}


def oracle(draw):
    """Register the decorated function as the oracle of the reference of its name."""

    def register(function):
        ORACLES[function.__name__] = function
        DRAWS[function.__name__] = draw
        return function

    return register


def exact(value):
    """A number, array or list as nested lists of mpmath numbers, to the last bit."""
    if isinstance(value, list) or np.ndim(value):
        return [exact(part) for part in value]
    return value if isinstance(value, mpmath.mpf) else mpmath.mpf(float(value))


def slopes(loss, x):
    """The gradient of `loss` at the nested lists `x`, or the derivative at a number."""
    if not isinstance(x, list):
        return mpmath.diff(loss, x)
    return [
        slopes(lambda part, i=i: loss([*x[:i], part, *x[i + 1 :]]), entry)
        for i, entry in enumerate(x)
    ]


def mean(terms):
    terms = list(terms)
    return mpmath.fsum(terms) / len(terms)


def dot(a, b):
    return mpmath.fsum(p * q for p, q in zip(a, b, strict=True))


def positive_part(x):
    return x if x > 0 else mpmath.mpf(0)


# ---- derivatives

CURVES = [
    ("np.sin(x)", mpmath.sin),
    ("np.exp(x) - x**3", lambda x: mpmath.exp(x) - x**3),
    ("1 / (1 + x**2)", lambda x: 1 / (1 + x**2)),
]
FIELDS = [
    ("np.sum(x**3)", lambda entries: mpmath.fsum(x**3 for x in entries)),
    ("np.sum(np.sin(x)) ** 2", lambda entries: mpmath.fsum(map(mpmath.sin, entries)) ** 2),
]


def curve(rng):
    return Formula(CURVES[rng.integers(len(CURVES))][0]), rng.normal(), rng.uniform(1e-3, 0.3)


def field(rng):
    shape = [(3,), (2, 3), ()][rng.integers(3)]
    return Formula(FIELDS[rng.integers(2)][0]), rng.normal(size=shape), rng.uniform(1e-3, 0.3)


def entries_of(x):
    return [e for part in x for e in entries_of(part)] if isinstance(x, list) else [x]


@oracle(curve)
def forward_difference(f, x, h):
    f, x, h = dict(CURVES)[f.source], exact(x), exact(h)
    return (f(x + h) - f(x)) / h


@oracle(curve)
def central_difference(f, x, h):
    f, x, h = dict(CURVES)[f.source], exact(x), exact(h)
    return (f(x + h) - f(x - h)) / (2 * h)


@oracle(field)
def numerical_gradient(f, x, h):
    f, h, shape = dict(FIELDS)[f.source], exact(h), np.shape(x)
    entries = entries_of(exact(x))

    def moved(i, step):
        return f([e + step if j == i else e for j, e in enumerate(entries)])

    slopes = [(moved(i, h) - moved(i, -h)) / (2 * h) for i in range(len(entries))]
    return np.array(slopes, dtype=object).reshape(shape).tolist()


@oracle(lambda rng: (rng.normal(size=4), rng.normal(size=4) * 10.0 ** rng.integers(-12, 3, size=4)))
def relative_error(a, b):
    pairs = zip(exact(a), exact(b), strict=True)
    return max(abs(p - q) / max(abs(p), abs(q), mpmath.mpf(1e-8)) for p, q in pairs)


@oracle(lambda rng: tuple(rng.normal(size=4)))
def linear_chain(x, w, b, y):
    x, w, b, y = map(exact, (x, w, b, y))
    return (
        slopes(lambda w: (y - (w * x + b)) ** 2 / 2, w),
        slopes(lambda b: (y - (w * x + b)) ** 2 / 2, b),
    )


# ---- mse


def targets(rng):
    n = rng.integers(1, 8)
    return rng.normal(size=n), 10 * rng.normal(size=n)


def regression(rng):
    n, d = rng.integers(1, 7, size=2)
    return rng.normal(size=(n, d)), rng.normal(size=n), rng.normal(size=d), rng.normal()


@oracle(targets)
def squared_error(y, y_hat):
    return [(p - q) ** 2 / 2 for p, q in zip(exact(y), exact(y_hat), strict=True)]


@oracle(targets)
def squared_error_grad(y, y_hat):
    pairs = zip(exact(y), exact(y_hat), strict=True)
    return [mpmath.diff(lambda t, p=p: (p - t) ** 2 / 2, q) for p, q in pairs]


@oracle(targets)
def mse(y, y_hat):
    return mean((p - q) ** 2 for p, q in zip(exact(y), exact(y_hat), strict=True))


@oracle(targets)
def mse_grad(y, y_hat):
    return slopes(lambda point: mse(exact(y), point), exact(y_hat))


@oracle(regression)
def linear_mse_grad(X, y, w, b):
    X, y, w, b = map(exact, (X, y, w, b))

    def loss(w, b):
        return mse(y, [dot(row, w) + b for row in X])

    return slopes(lambda w: loss(w, b), w), slopes(lambda b: loss(w, b), b)


# ---- cross_entropy


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


# ---- hinge


def away_from_kinks(draw, distances):
    """Draw until all distances from a kink are at least 1e-3."""

    def drawn(rng):
        while True:
            arguments = draw(rng)
            if np.min(np.abs(distances(*arguments))) > 1e-3:
                return arguments

    return drawn


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


@oracle(margin_classes)
def multiclass_hinge(y, S, delta):
    delta = exact(delta)
    return mean(
        mpmath.fsum(
            positive_part(score - row[label] + delta) for j, score in enumerate(row) if j != label
        )
        for label, row in zip(y, exact(S), strict=True)
    )


@oracle(margin_classes)
def multiclass_hinge_grad(y, S, delta):
    return slopes(lambda point: multiclass_hinge(y, point, delta), exact(S))


@oracle(away_from_kinks(machine, lambda X, y, w, b, reg: 1 - y * (X @ w + b)))
def linear_svm_grad(X, y, w, b, reg):
    X, w, b, reg = map(exact, (X, w, b, reg))

    def loss(w, b):
        return hinge(y, [dot(row, w) + b for row in X]) + reg / 2 * dot(w, w)

    return slopes(lambda w: loss(w, b), w), slopes(lambda b: loss(w, b), b)


# ---- regression


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


@oracle(away_from_delta)
def huber(y, y_hat, delta):
    delta = exact(delta)
    residuals = [abs(p - q) for p, q in zip(exact(y), exact(y_hat), strict=True)]
    return mean(r**2 / 2 if r <= delta else delta * (r - delta / 2) for r in residuals)


@oracle(away_from_delta)
def huber_grad(y, y_hat, delta):
    return slopes(lambda point: huber(y, point, delta), exact(y_hat))


# ---- similarity


def rows(rng, count=2):
    n, d = rng.integers(1, 6), rng.integers(2, 5)
    return tuple(rng.normal(size=(n, d)) for _ in range(count))


def squared_distance(p, q):
    return mpmath.fsum((x - y) ** 2 for x, y in zip(p, q, strict=True))


@oracle(rows)
def euclidean(a, b):
    return mean(
        mpmath.sqrt(squared_distance(p, q)) for p, q in zip(exact(a), exact(b), strict=True)
    )


@oracle(rows)
def euclidean_grad(a, b):
    return slopes(lambda point: euclidean(point, b), exact(a))


@oracle(rows)
def cosine_loss(a, b):
    return mean(
        1 - dot(p, q) / mpmath.sqrt(dot(p, p) * dot(q, q))
        for p, q in zip(exact(a), exact(b), strict=True)
    )


@oracle(rows)
def cosine_loss_grad(a, b):
    return slopes(lambda point: cosine_loss(point, b), exact(a))


def marked_rows(rng):
    a, b = rows(rng)
    return a, b, rng.integers(2, size=len(a)).astype(float), rng.uniform(0.5, 4)


margin_rows = away_from_kinks(
    marked_rows, lambda a, b, same, margin: np.linalg.norm(a - b, axis=1) - margin
)


@oracle(margin_rows)
def contrastive(a, b, same, margin):
    margin = exact(margin)
    terms = []
    for p, q, s in zip(exact(a), exact(b), exact(same), strict=True):
        d = mpmath.sqrt(squared_distance(p, q))
        terms.append(s * d**2 / 2 + (1 - s) * positive_part(margin - d) ** 2 / 2)
    return mean(terms)


@oracle(margin_rows)
def contrastive_grad(a, b, same, margin):
    return slopes(lambda point: contrastive(point, b, same, margin), exact(a))


margin_triplets = away_from_kinks(
    lambda rng: (*rows(rng, 3), rng.uniform(0.5, 4)),
    lambda a, p, n, margin: ((a - p) ** 2 - (a - n) ** 2).sum(axis=1) + margin,
)


@oracle(margin_triplets)
def triplet(anchor, positive, negative, margin):
    margin = exact(margin)
    return mean(
        positive_part(squared_distance(a, p) - squared_distance(a, n) + margin)
        for a, p, n in zip(exact(anchor), exact(positive), exact(negative), strict=True)
    )


@oracle(margin_triplets)
def triplet_grad(anchor, positive, negative, margin):
    a, p, n = map(exact, (anchor, positive, negative))
    return (
        slopes(lambda point: triplet(point, p, n, margin), a),
        slopes(lambda point: triplet(a, point, n, margin), p),
        slopes(lambda point: triplet(a, p, point, margin), n),
    )


# ---- backprop


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


# ---- optimizers


def step(states, options):
    """Draw weights, a gradient, and so many states >= 0, and the options after them."""

    def drawn(rng):
        size = rng.integers(1, 6)
        w, grad = rng.normal(size=size), rng.normal(size=size)
        return w, grad, *(rng.uniform(0, 2, size=size) for _ in range(states)), *options(rng)

    return drawn


def each(function, *arrays):
    """Apply a function of numbers to entries; several results become several lists."""
    results = [function(*entries) for entries in zip(*map(exact, arrays), strict=True)]
    return tuple(map(list, zip(*results, strict=True)))


@oracle(step(0, lambda rng: (rng.uniform(1e-3, 1),)))
def sgd_step(w, grad, lr):
    return each(lambda w, g: (w - exact(lr) * g,), w, grad)[0]


@oracle(step(1, lambda rng: (rng.uniform(1e-3, 1), rng.uniform(0.5, 1))))
def momentum_step(w, grad, v, lr, beta):
    lr, beta = exact(lr), exact(beta)
    return each(lambda w, g, v: (w - lr * (beta * v + g), beta * v + g), w, grad, v)


@oracle(step(1, lambda rng: (rng.uniform(1e-3, 1), rng.uniform(0.5, 1), 10 ** rng.uniform(-8, -1))))
def rmsprop_step(w, grad, s, lr, beta, eps):
    lr, beta, eps = map(exact, (lr, beta, eps))

    def update(w, g, s):
        s = beta * s + (1 - beta) * g**2
        return w - lr * g / (mpmath.sqrt(s) + eps), s

    return each(update, w, grad, s)


def adam_options(rng):
    betas = rng.uniform(0.5, 0.999, size=2)
    return int(rng.integers(1, 20)), rng.uniform(1e-3, 1), *betas, 10 ** rng.uniform(-8, -1)


@oracle(step(2, adam_options))
def adam_step(w, grad, m, v, t, lr, beta1, beta2, eps):
    lr, beta1, beta2, eps = map(exact, (lr, beta1, beta2, eps))

    def update(w, g, m, v):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        return w - lr * m_hat / (mpmath.sqrt(v_hat) + eps), m, v

    return each(update, w, grad, m, v)


# ---- choosing


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


@oracle(focused_coins)
def focal(y, p, gamma):
    of_truth = [q if label else 1 - q for label, q in zip(y, exact(p), strict=True)]
    return mean(-((1 - q) ** exact(gamma)) * mpmath.log(q) for q in of_truth)


@oracle(focused_coins)
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


# ---- antiderivatives


def samples(count):
    """Draw samples at so many points, of one function or of several, and a spacing."""

    def drawn(rng):
        size, functions = count(rng.integers(1, 5)), [(), (3,)][rng.integers(2)]
        return rng.normal(size=(size, *functions)), rng.choice([-1, 1]) * rng.uniform(0.01, 1)

    return drawn


def by_column(rule, y):
    """Apply a rule for the samples of one function, to columns if there are several."""
    y = exact(y)
    several = isinstance(y[0], list)
    return [rule(list(column)) for column in zip(*y, strict=True)] if several else rule(y)


@oracle(samples(lambda n: n + 1))
def trapezoid(y, dx):
    dx = exact(dx)
    return by_column(lambda y: mpmath.fsum((p + q) / 2 * dx for p, q in itertools.pairwise(y)), y)


@oracle(samples(lambda n: 2 * n + 1))
def simpson(y, dx):
    dx = exact(dx)

    def under_parabola(p, q, r):  # through (-dx, p), (0, q), (dx, r)
        curvature, slope = (p - 2 * q + r) / dx**2, (r - p) / (2 * dx)
        return mpmath.quad(lambda t: q + slope * t + curvature / 2 * t**2, [-dx, dx])

    def rule(y):
        return mpmath.fsum(under_parabola(*y[i : i + 3]) for i in range(0, len(y) - 2, 2))

    return by_column(rule, y)


@oracle(lambda rng: (3 * rng.normal(size=rng.integers(1, 6)), rng.uniform(0.3, 3)))
def huber_from_clip(r, delta):
    delta = exact(delta)

    def loss(r):
        kinks = [s * delta for s in (-1, 1) if abs(r) > delta and s * r > 0]
        return mpmath.quad(lambda t: max(-delta, min(t, delta)), [0, *kinks, r])

    return [loss(entry) for entry in exact(r)]


@oracle(lambda rng: (3 * rng.normal(size=rng.integers(1, 6)),))
def log_cosh_from_tanh(r):
    return [mpmath.quad(mpmath.tanh, [0, entry]) for entry in exact(r)]


@oracle(lambda rng: (3 * rng.normal(size=rng.integers(1, 6)),))
def softplus_from_sigmoid(z):
    def sigmoid(t):
        return 1 / (1 + mpmath.exp(-t))

    return [mpmath.quad(sigmoid, [-mpmath.inf, -20, 0, entry]) for entry in exact(z)]


# ---- tests


def references():
    """Yield (unit, name, function) for every public function of every unit."""
    for unit in UNITS:
        module = importlib.import_module(f"solutions.{unit}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                yield unit, name, function


ALL = {name: function for _, name, function in references()}
# These have tests of their own.
TYPED = {"symbolic_derivatives", "by_formula", "by_substitution_and_parts"}
WITHOUT_ORACLE = TYPED | {"decisions", "k_fold"}


def numbers(result):
    return np.array(entries_of(result), dtype=float)


def assert_agrees(actual, expected):
    if isinstance(expected, tuple):
        assert isinstance(actual, tuple)
        assert len(actual) == len(expected)
        for pair in zip(actual, expected, strict=True):
            assert_agrees(*pair)
        return
    assert np.shape(actual) == np.shape(np.array(expected, dtype=object))
    expected = numbers(expected)
    deviation = np.abs(np.ravel(actual) - expected)
    assert deviation.max() <= CLOSE * max(1.0, np.abs(expected).max())


@pytest.mark.parametrize("name", ALL)
def test_every_reference_has_an_oracle(name):
    assert name in ORACLES.keys() | WITHOUT_ORACLE


@pytest.mark.parametrize("name", ORACLES)
def test_every_oracle_has_a_reference(name):
    assert name in ALL


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", sorted(ORACLES.keys() & ALL.keys()))
def test_the_reference_agrees_with_its_oracle(name, seed):
    arguments = DRAWS[name](np.random.default_rng(seed))
    with mpmath.workdps(DIGITS):
        expected = ORACLES[name](*arguments)
    assert_agrees(ALL[name](*arguments), expected)


@pytest.mark.parametrize(
    ("name", "curve"),
    [
        ("power", lambda x: 2 * x**4 - 5 * x**2 + 3),
        ("product", lambda x: x**2 * mpmath.sin(x)),
        ("chain", lambda x: (x**2 + 1) ** 3),
        ("log", lambda x: mpmath.log(2 * x + 3)),
        ("exponential", lambda x: mpmath.exp(1 - 3 * x)),
    ],
)
def test_the_symbolic_derivatives_agree_with_measured_slopes(name, curve):
    at = np.linspace(-1.3, 2.1, 9)
    with mpmath.workdps(DIGITS):
        expected = [mpmath.diff(curve, exact(x)) for x in at]
    assert_agrees(parse(ALL["symbolic_derivatives"]()[name])(at), expected)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("n", "k"), [(12, 3), (13, 5), (4, 4), (9, 2)])
def test_the_folds_are_a_partition_that_the_seed_decides(n, k, seed):
    folds = ALL["k_fold"](n, k, seed)
    assert sorted(index for fold in folds for index in fold) == list(range(n))
    assert {len(fold) for fold in folds} <= {n // k, -(-n // k)}
    for fold, again in zip(folds, ALL["k_fold"](n, k, seed), strict=True):
        assert np.array_equal(fold, again)
    others = [ALL["k_fold"](n, k, seed + 100 + i) for i in range(3)]
    assert any(set(folds[0]) != set(other[0]) for other in others)


def test_every_letter_of_a_decision_is_right_or_a_known_mistake():
    right = ALL["decisions"]()
    mistakes = [m for m in misconceptions_of("choosing") if m.check in right]
    for case, letter in right.items():
        wrong = [m.function()[case] for m in mistakes if m.check == case]
        assert sorted([letter, *wrong]) == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("task", "name", "integrand"),
    [
        ("by_formula", "power", lambda x: 6 * x**2 - 4 * x + 5),
        ("by_formula", "negative", lambda x: 3 / x**2),
        ("by_formula", "reciprocal", lambda x: 2 / x),
        ("by_formula", "exponential", lambda x: mpmath.exp(3 * x)),
        ("by_formula", "sine", mpmath.sin),
        ("by_substitution_and_parts", "bell", lambda x: x * mpmath.exp(-(x**2))),
        ("by_substitution_and_parts", "log_square", lambda x: mpmath.log(x) ** 2 / x),
        ("by_substitution_and_parts", "root", lambda x: 1 / (1 + mpmath.sqrt(x))),
        ("by_substitution_and_parts", "shifted", lambda x: x * mpmath.sqrt(x + 1)),
        ("by_substitution_and_parts", "wave", lambda x: x * mpmath.cos(x)),
        ("by_substitution_and_parts", "log", mpmath.log),
        ("by_substitution_and_parts", "twice", lambda x: x**2 * mpmath.exp(x)),
    ],
)
def test_the_antiderivatives_agree_with_measured_areas(task, name, integrand):
    at = np.linspace(0.3, 2.5, 9)
    heights = parse(ALL[task]()[name], variables=("x", "C"))(at, 1.0)
    with mpmath.workdps(DIGITS):
        expected = [mpmath.quad(integrand, [exact(at[0]), exact(x)]) for x in at]
    assert_agrees(heights - heights[0], expected)


@pytest.mark.parametrize("name", sorted(ORACLES.keys() & ALL.keys()))
def test_the_reference_leaves_its_arguments_alone(name):
    arguments = DRAWS[name](np.random.default_rng(0))
    before = copy.deepcopy(arguments)
    ALL[name](*arguments)
    assert same(arguments, before)


def same(now, then):
    if isinstance(then, tuple):
        return all(map(same, now, then))
    return np.array_equal(now, then)


STEP, ONE = {"h": 1e-5}, {"delta": 1.0}
DEFAULTS = {
    "forward_difference": STEP,
    "central_difference": STEP,
    "numerical_gradient": STEP,
    "multiclass_hinge": ONE,
    "multiclass_hinge_grad": ONE,
    "huber": ONE,
    "huber_from_clip": ONE,
    "huber_grad": ONE,
    "focal": {"gamma": 2.0},
    "focal_grad": {"gamma": 2.0},
    "contrastive": {"margin": 1.0},
    "contrastive_grad": {"margin": 1.0},
    "triplet": {"margin": 1.0},
    "triplet_grad": {"margin": 1.0},
    "momentum_step": {"beta": 0.9},
    "rmsprop_step": {"beta": 0.9, "eps": 1e-8},
    "adam_step": {"lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
}


@pytest.mark.parametrize("name", ALL)
def test_defaults_are_those_of_the_contract(name):
    parameters = inspect.signature(ALL[name]).parameters.values()
    defaults = {p.name: p.default for p in parameters if p.default is not p.empty}
    assert defaults == DEFAULTS.get(name, {})
