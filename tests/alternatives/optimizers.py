"""Right answers of the unit `optimizers` in other styles."""

import math
from types import SimpleNamespace

import numpy as np

from tests.alternatives import alternative

# --- sgd_step ------------------------------------------------------------------------------------


@alternative("sgd_step")
def sgd_step_loop_over_indices(w, grad, lr):
    new = np.zeros(w.shape)
    for index in np.ndindex(w.shape):
        new[index] = w[index] - lr * grad[index]
    return new


@alternative("sgd_step")
def sgd_step_nested_lists(w, grad, lr):
    def step(weights, slopes):
        if isinstance(weights, float):
            return weights - lr * slopes
        return [step(*pair) for pair in zip(weights, slopes)]

    return step(w.tolist(), grad.tolist())


@alternative("sgd_step")
def sgd_step_in_own_copy(w, grad, lr):
    w = w.copy()
    w -= lr * grad
    return w


@alternative("sgd_step")
def sgd_step_float32(w, grad, lr):
    return w.astype(np.float32) - np.float32(lr) * grad.astype(np.float32)


@alternative("sgd_step")
def sgd_step_blas(w, grad, lr):
    from scipy.linalg.blas import daxpy

    return daxpy(grad.ravel(), w.flatten(), a=-lr).reshape(w.shape)


@alternative("sgd_step")
def sgd_step_einsum(w, grad, lr):
    return np.einsum("k...,k->...", np.stack([w, grad]), np.array([1.0, -lr]))


# --- momentum_step -------------------------------------------------------------------------------


@alternative("momentum_step")
def momentum_step_list_of_two(w, grad, v, lr, beta=0.9):
    velocity = np.add(np.multiply(beta, v), grad)
    return [np.subtract(w, np.multiply(lr, velocity)), velocity]


@alternative("momentum_step")
def momentum_step_matrix(w, grad, v, lr, beta=0.9):
    # Weights and velocity follow a linear map of weights, velocity and gradient.
    change = np.array([[1, -lr * beta, -lr], [0, beta, 1]])
    return tuple(np.tensordot(change, np.stack([w, v, grad]), axes=1))


@alternative("momentum_step")
def momentum_step_flat_loop(w, grad, v, lr, beta=0.9):
    weights, velocity = [], []
    for i in range(w.size):
        velocity.append(beta * v.flat[i] + grad.flat[i])
        weights.append(w.flat[i] - lr * velocity[i])
    return np.array(weights).reshape(w.shape), np.array(velocity).reshape(w.shape)


@alternative("momentum_step")
def momentum_step_rate_in_and_out(w, grad, v, lr, beta=0.9):
    step = beta * (lr * v) + lr * grad
    return w - step, step / lr


@alternative("momentum_step")
def momentum_step_float32(w, grad, v, lr, beta=0.9):
    w, grad, v = (x.astype(np.float32) for x in (w, grad, v))
    v = beta * v + grad
    return w - lr * v, v


@alternative("momentum_step")
def momentum_step_object(w, grad, v, lr, beta=0.9):
    state = SimpleNamespace(w=w.copy(), v=v.copy())
    state.v *= beta
    state.v += grad
    state.w -= lr * state.v
    return state.w, state.v


# --- rmsprop_step --------------------------------------------------------------------------------


@alternative("rmsprop_step")
def rmsprop_step_moved_towards_square(w, grad, s, lr, beta=0.9, eps=1e-8):
    s = s + (1 - beta) * (np.square(grad) - s)
    rates = lr / (s**0.5 + eps)
    return w - rates * grad, s


@alternative("rmsprop_step")
def rmsprop_step_hypotenuse(w, grad, s, lr, beta=0.9, eps=1e-8):
    root = np.hypot(math.sqrt(beta) * np.sqrt(s), math.sqrt(1 - beta) * grad)
    return w - lr * grad / (root + eps), root * root


@alternative("rmsprop_step")
def rmsprop_step_average(w, grad, s, lr, beta=0.9, eps=1e-8):
    s = np.average([s, grad**2], axis=0, weights=[beta, 1 - beta])
    return [w - np.divide(lr * grad, eps + np.sqrt(s)), s]


@alternative("rmsprop_step")
def rmsprop_step_nested_lists(w, grad, s, lr, beta=0.9, eps=1e-8):
    def step(x, g, mean):
        if isinstance(x, float):
            mean = beta * mean + (1 - beta) * g * g
            return x - lr * g / (math.sqrt(mean) + eps), mean
        rows = [step(*row) for row in zip(x, g, mean)]
        return [row[0] for row in rows], [row[1] for row in rows]

    return step(w.tolist(), grad.tolist(), s.tolist())


@alternative("rmsprop_step")
def rmsprop_step_float32(w, grad, s, lr, beta=0.9, eps=1e-8):
    w, grad, s = (x.astype(np.float32) for x in (w, grad, s))
    s = beta * s + (1 - beta) * grad * grad
    return w - lr * grad / (np.sqrt(s) + eps), s


@alternative("rmsprop_step")
def rmsprop_step_only_where_it_moves(w, grad, s, lr, beta=0.9, eps=1e-8):
    s = beta * s + (1 - beta) * np.abs(grad) ** 2
    moves = grad != 0
    new = w.copy()
    new[moves] -= lr * grad[moves] / (np.sqrt(s[moves]) + eps)
    return new, s


# --- adam_step -----------------------------------------------------------------------------------


@alternative("adam_step")
def adam_step_one_rate(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    # The correction in the learning rate; eps is scaled so that it acts after the correction.
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    root = math.sqrt(1 - beta2**t)
    return w - lr * root / (1 - beta1**t) * m / (np.sqrt(v) + eps * root), m, v


@alternative("adam_step")
def adam_step_expm1(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = m + (1 - beta1) * (grad - m)
    v = v + (1 - beta2) * (np.square(grad) - v)
    m_hat = m / -math.expm1(t * math.log(beta1))
    v_hat = v / -math.expm1(t * math.log(beta2))
    return [w - lr * m_hat / (v_hat**0.5 + eps), m, v]


@alternative("adam_step")
def adam_step_geometric_sum(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad * grad
    total1 = sum((1 - beta1) * beta1**k for k in range(t))
    total2 = sum((1 - beta2) * beta2**k for k in range(t))
    return w - lr * (m / total1) / (np.sqrt(v / total2) + eps), m, v


@alternative("adam_step")
def adam_step_in_own_copies(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    w, m, v = w.copy(), m.copy(), v.copy()
    m *= beta1
    m += (1 - beta1) * grad
    v *= beta2
    v += (1 - beta2) * grad**2
    w -= lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return w, m, v


@alternative("adam_step")
def adam_step_flat_loop(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    results = np.empty((3, w.size))
    for i, (x, g, a, b) in enumerate(zip(w.flat, grad.flat, m.flat, v.flat)):
        a, b = beta1 * a + (1 - beta1) * g, beta2 * b + (1 - beta2) * g**2
        x -= lr * (a / (1 - beta1**t)) / (math.sqrt(b / (1 - beta2**t)) + eps)
        results[:, i] = x, a, b
    return tuple(part.reshape(w.shape) for part in results)


@alternative("adam_step")
def adam_step_float32(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    w, grad, m, v = (x.astype(np.float32) for x in (w, grad, m, v))
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v
