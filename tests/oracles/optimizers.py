"""Oracles of the unit `optimizers`."""

import mpmath

from tests.oracles import exact, oracle


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


@oracle(step(1, lambda rng: (rng.uniform(1e-3, 1), rng.uniform(0.5, 1))), beta=0.9)
def momentum_step(w, grad, v, lr, beta):
    lr, beta = exact(lr), exact(beta)
    return each(lambda w, g, v: (w - lr * (beta * v + g), beta * v + g), w, grad, v)


@oracle(
    step(1, lambda rng: (rng.uniform(1e-3, 1), rng.uniform(0.5, 1), 10 ** rng.uniform(-8, -1))),
    beta=0.9,
    eps=1e-8,
)
def rmsprop_step(w, grad, s, lr, beta, eps):
    lr, beta, eps = map(exact, (lr, beta, eps))

    def update(w, g, s):
        s = beta * s + (1 - beta) * g**2
        return w - lr * g / (mpmath.sqrt(s) + eps), s

    return each(update, w, grad, s)


def adam_options(rng):
    betas = rng.uniform(0.5, 0.999, size=2)
    return int(rng.integers(1, 20)), rng.uniform(1e-3, 1), *betas, 10 ** rng.uniform(-8, -1)


@oracle(step(2, adam_options), lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8)
def adam_step(w, grad, m, v, t, lr, beta1, beta2, eps):
    lr, beta1, beta2, eps = map(exact, (lr, beta1, beta2, eps))

    def update(w, g, m, v):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        return w - lr * m_hat / (mpmath.sqrt(v_hat) + eps), m, v

    return each(update, w, grad, m, v)
