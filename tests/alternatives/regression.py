"""Right answers of the unit `regression` in other styles, with other subgradients at the kink."""

import numpy as np

from tests.alternatives import alternative

# mae


@alternative("mae")
def mae_loop(y, y_hat):
    total = 0.0
    for n in range(len(y)):
        total += y_hat[n] - y[n] if y_hat[n] > y[n] else y[n] - y_hat[n]
    return total / len(y)


@alternative("mae")
def mae_norm(y, y_hat):
    return np.linalg.norm(y - y_hat, ord=1) / y.size


@alternative("mae")
def mae_fsum(y, y_hat):
    import math

    return math.fsum(map(math.fabs, (y - y_hat).tolist())) / len(y)


@alternative("mae")
def mae_maximum_zero_d(y, y_hat):
    return np.array(np.average(np.maximum(y, y_hat) - np.minimum(y, y_hat)))


@alternative("mae")
def mae_root_of_each_square(y, y_hat):
    return np.sqrt((y_hat - y) ** 2).mean()


@alternative("mae")
def mae_float32(y, y_hat):
    return np.abs(y.astype(np.float32) - y_hat.astype(np.float32)).mean(dtype=np.float32)


# mae_grad


@alternative("mae_grad")
def mae_grad_list_steep_above(y, y_hat):
    return [(1 if prediction >= target else -1) / len(y) for target, prediction in zip(y, y_hat)]


@alternative("mae_grad")
def mae_grad_steep_below(y, y_hat):
    return np.where(y_hat > y, 1.0, -1.0) / y.size


@alternative("mae_grad")
def mae_grad_heaviside(y, y_hat):
    return (2 * np.heaviside(y_hat - y, 0.8) - 1) / len(y)


@alternative("mae_grad")
def mae_grad_another_slope_at_each_kink(y, y_hat):
    grad = np.sign(y_hat - y)
    grad[grad == 0] = np.linspace(-1, 1, np.sum(grad == 0))
    return np.einsum("n,->n", grad, 1 / len(y))


@alternative("mae_grad")
def mae_grad_masks(y, y_hat):
    return np.mean(np.eye(len(y)) * ((y_hat > y).astype(float) - (y_hat < y)), axis=0)


@alternative("mae_grad")
def mae_grad_tiny_epsilon(y, y_hat):
    r = y_hat - y
    return r / np.sqrt(r**2 + 1e-20) / len(y)


# rmse


@alternative("rmse")
def rmse_loop(y, y_hat):
    total = 0
    for target, prediction in zip(y, y_hat):
        total += (target - prediction) ** 2
    return (total / len(y)) ** 0.5


@alternative("rmse")
def rmse_norm(y, y_hat):
    return np.linalg.norm(y - y_hat) / np.sqrt(len(y))


@alternative("rmse")
def rmse_dist(y, y_hat):
    import math

    return math.dist(y.tolist(), y_hat.tolist()) / math.sqrt(len(y))


@alternative("rmse")
def rmse_spread_and_bias(y, y_hat):
    r = y_hat - y
    return np.hypot(np.std(r), np.mean(r))


@alternative("rmse")
def rmse_expanded(y, y_hat):
    return np.sqrt((y @ y - 2 * y @ y_hat + y_hat @ y_hat) / len(y))


@alternative("rmse")
def rmse_float32(y, y_hat):
    return np.sqrt(np.mean(np.square(np.float32(y_hat) - np.float32(y))))


# rmse_grad


@alternative("rmse_grad")
def rmse_grad_loop_to_list(y, y_hat):
    root = (sum((a - b) ** 2 for a, b in zip(y, y_hat)) / len(y)) ** 0.5
    return [(b - a) / (len(y) * root) for a, b in zip(y, y_hat)]


@alternative("rmse_grad")
def rmse_grad_unit_vector(y, y_hat):
    r = y_hat - y
    return r / np.linalg.norm(r) / np.sqrt(len(r))


@alternative("rmse_grad")
def rmse_grad_chain_spelled_out(y, y_hat):
    m = np.mean((y - y_hat) ** 2)
    outer = 0.5 * m**-0.5
    inner = -2 * (y - y_hat) / y.size
    return outer * inner


@alternative("rmse_grad")
def rmse_grad_complex_step(y, y_hat):
    grad = np.zeros(len(y))
    for n in range(len(y)):
        moved = y_hat.astype(complex)
        moved[n] += 1e-30j
        grad[n] = np.sqrt(np.mean((moved - y) ** 2)).imag / 1e-30
    return grad


@alternative("rmse_grad")
def rmse_grad_inner_function(y, y_hat):
    def root_mean_square(r):
        return np.sqrt(np.einsum("n,n->", r, r) / r.size)

    return (y_hat - y) / root_mean_square(y_hat - y) / len(y)


@alternative("rmse_grad")
def rmse_grad_float32(y, y_hat):
    r = y_hat.astype(np.float32) - y.astype(np.float32)
    return r / (len(r) * np.sqrt(np.mean(r**2)))


# huber


@alternative("huber")
def huber_loop(y, y_hat, delta=1.0):
    total = 0.0
    for target, prediction in zip(y, y_hat):
        a = abs(target - prediction)
        if a < delta:
            total += a * a / 2
        else:
            total += delta * a - delta**2 / 2
    return total / len(y)


@alternative("huber")
def huber_scipy(y, y_hat, delta=1.0):
    from scipy.special import huber

    return huber(delta, y - y_hat).mean()


@alternative("huber")
def huber_part_inside_and_rest(y, y_hat, delta=1.0):
    a = np.abs(y - y_hat)
    inside = np.minimum(a, delta)
    return np.mean(inside**2 / 2 + delta * (a - inside))


@alternative("huber")
def huber_boolean_index(y, y_hat, delta=1.0):
    losses = (y_hat - y) ** 2 / 2
    a = np.sqrt(2 * losses)
    losses[a > delta] = delta * a[a > delta] - 0.5 * delta**2
    return losses.mean()


@alternative("huber")
def huber_masks_zero_d(y, y_hat, delta=1.0):
    a = abs(y - y_hat)
    small = a <= delta
    return np.asarray((a**2 / 2 * small + delta * (a - delta / 2) * ~small).sum() / len(a))


@alternative("huber")
def huber_piecewise_float32(y, y_hat, delta=1.0):
    a = np.abs(y.astype(np.float32) - y_hat.astype(np.float32))
    pieces = [lambda a: 0.5 * a**2, lambda a: delta * (a - delta / 2)]
    return np.mean(np.piecewise(a, [a < delta, a >= delta], pieces))


# huber_grad


@alternative("huber_grad")
def huber_grad_loop_to_list(y, y_hat, delta=1.0):
    grad = []
    for target, prediction in zip(y, y_hat):
        r = prediction - target
        grad.append(max(-delta, min(delta, r)) / len(y))
    return grad


@alternative("huber_grad")
def huber_grad_where(y, y_hat, delta=1.0):
    r = y_hat - y
    return np.where(np.abs(r) < delta, r, delta * np.sign(r)) / len(y)


@alternative("huber_grad")
def huber_grad_median(y, y_hat, delta=1.0):
    r = y_hat - y
    return np.median([np.full_like(r, -delta), r, np.full_like(r, delta)], axis=0) / r.size


@alternative("huber_grad")
def huber_grad_select(y, y_hat, delta=1.0):
    r = y_hat - y
    return np.select([r >= delta, r <= -delta], [delta, -delta], default=r) / len(y)


@alternative("huber_grad")
def huber_grad_difference_of_absolutes(y, y_hat, delta=1.0):
    r = y_hat - y
    return (np.abs(r + delta) - np.abs(r - delta)) / (2 * len(r))


@alternative("huber_grad")
def huber_grad_float32(y, y_hat, delta=1.0):
    r = y_hat.astype(np.float32) - y.astype(np.float32)
    return np.sign(r) * np.minimum(np.abs(r), np.float32(delta)) / np.float32(len(r))
