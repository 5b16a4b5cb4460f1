"""Right answers of the unit `cross_entropy` in other styles."""

import math

import numpy as np

from tests.alternatives import alternative

# ---- cross_entropy


@alternative("cross_entropy")
def cross_entropy_loop(y, p):
    total = 0.0
    for labels, probabilities in zip(y, p):
        for label, probability in zip(labels, probabilities):
            if label > 0:
                total -= label * math.log(probability)
    return total / len(y)


@alternative("cross_entropy")
def cross_entropy_tiny_epsilon(y, p):
    return -np.mean(np.sum(y * np.log(p + 1e-12), axis=1))


@alternative("cross_entropy")
def cross_entropy_largest_epsilon(y, p):
    return -np.mean(np.sum(y * np.log(p + 1e-10), axis=1))


@alternative("cross_entropy")
def cross_entropy_clipped_and_renormalized(y, p):
    p = np.clip(p, 1e-15, 1 - 1e-15)
    p = p / p.sum(axis=1, keepdims=True)
    return -(y * np.log(p)).sum(axis=1).mean()


@alternative("cross_entropy")
def cross_entropy_clipped_at_largest_epsilon(y, p):
    return -(y * np.log(np.clip(p, 1e-10, 1 - 1e-10))).sum() / y.shape[0]


@alternative("cross_entropy")
def cross_entropy_xlogy(y, p):
    from scipy.special import xlogy

    return -xlogy(y, p).sum(axis=-1).mean()


@alternative("cross_entropy")
def cross_entropy_entropy_plus_divergence(y, p):
    from scipy.special import entr, rel_entr

    return (entr(y) + rel_entr(y, p)).sum() / len(p)


@alternative("cross_entropy")
def cross_entropy_masked_array(y, p):
    logs = np.ma.log(np.ma.masked_array(p, mask=y == 0))
    return np.array((-y * logs).sum() / len(y))


@alternative("cross_entropy")
def cross_entropy_nan_to_num(y, p):
    with np.errstate(all="ignore"):
        return -np.nansum(y * np.log(p)) / len(y)


@alternative("cross_entropy")
def cross_entropy_float32(y, p):
    y, p = y.astype(np.float32), p.astype(np.float32)
    logs = np.log(p, where=p > 0, out=np.zeros_like(p))
    return -np.einsum("nk,nk->", y, logs) / np.float32(len(y))


@alternative("cross_entropy")
def cross_entropy_trace(y, p):
    return -np.trace(y @ np.log(np.where(p > 0, p, 1)).T) / len(y)


@alternative("cross_entropy")
def cross_entropy_recursive(y, p):
    if len(y) == 0:
        return 0.0
    used = y[0] > 0
    head = -float(y[0][used] @ np.log(p[0][used]))
    return (head + (len(y) - 1) * cross_entropy_recursive(y[1:], p[1:])) / len(y)


# ---- cross_entropy_grad


@alternative("cross_entropy_grad")
def cross_entropy_grad_lists(y, p):
    n = len(y)
    return [
        [-label / probability / n if label > 0 else 0.0 for label, probability in zip(*rows)]
        for rows in zip(y.tolist(), p.tolist())
    ]


@alternative("cross_entropy_grad")
def cross_entropy_grad_divide_where(y, p):
    result = np.zeros_like(p)
    np.divide(-y, p * len(y), out=result, where=y > 0)
    return result


@alternative("cross_entropy_grad")
def cross_entropy_grad_nan_to_num(y, p):
    with np.errstate(all="ignore"):
        return np.nan_to_num(-y / p) / y.shape[0]


@alternative("cross_entropy_grad")
def cross_entropy_grad_largest_epsilon(y, p):
    return -(y / (p + 1e-10)) / len(p)


@alternative("cross_entropy_grad")
def cross_entropy_grad_clipped(y, p):
    return np.multiply(-1.0 / len(y), y / np.clip(p, 1e-12, 1.0))


@alternative("cross_entropy_grad")
def cross_entropy_grad_float32(y, p):
    y, p = y.astype(np.float32), np.maximum(p, 1e-30).astype(np.float32)
    return -y / p / np.float32(len(y))


@alternative("cross_entropy_grad")
def cross_entropy_grad_assigned(y, p):
    gradient = np.zeros(p.shape)
    used = y > 0
    gradient[used] = -(1 / len(y)) * y[used] * p[used] ** -1
    return gradient


@alternative("cross_entropy_grad")
def cross_entropy_grad_complex_step(y, p):
    with np.errstate(all="ignore"):
        slope = np.imag(np.log(np.where(y > 0, p, 1.0) + 1e-30j)) / 1e-30
    return -np.einsum("nk,nk->nk", y, slope) / len(y)


# ---- log_loss


@alternative("log_loss")
def log_loss_loop(y, p):
    losses = []
    for label, probability in zip(y, p):
        losses.append(-math.log(probability if label == 1 else 1 - probability))
    return sum(losses) / len(losses)


@alternative("log_loss")
def log_loss_of_true_label(y, p):
    return np.mean(-np.log(np.where(y == 1, p, 1 - p)))


@alternative("log_loss")
def log_loss_xlogy(y, p):
    from scipy.special import xlog1py, xlogy

    return -(xlogy(y, p) + xlog1py(1 - y, -p)).mean()


@alternative("log_loss")
def log_loss_largest_epsilon(y, p):
    return -np.mean(y * np.log(p + 1e-10) + (1 - y) * np.log(1 - p + 1e-10))


@alternative("log_loss")
def log_loss_clipped(y, p):
    p = np.clip(p, 1e-15, 1 - 1e-15)
    return -(y @ np.log(p) + (1 - y) @ np.log(1 - p)) / y.size


@alternative("log_loss")
def log_loss_clipped_at_largest_epsilon(y, p):
    p = np.minimum(np.maximum(p, 1e-10), 1 - 1e-10)
    return -np.average(y * np.log(p) + (1 - y) * np.log1p(-p))


@alternative("log_loss")
def log_loss_two_columns(y, p):
    labels = np.column_stack([1 - y, y])
    probabilities = np.column_stack([1 - p, p])
    return -np.log(np.sum(labels * probabilities, axis=1)).mean()


@alternative("log_loss")
def log_loss_likelihood(y, p):
    return -np.log(np.prod(p**y * (1 - p) ** (1 - y))) / len(y)


@alternative("log_loss")
def log_loss_float32(y, p):
    p = p.astype(np.float32)
    right = np.abs(np.float32(1) - y.astype(np.float32) - p)
    return np.array(-np.log(right).mean())


@alternative("log_loss")
def log_loss_grouped(y, p):
    return -(np.log(p[y == 1]).sum() + np.log(1 - p[y == 0]).sum()) / len(p)


# ---- log_loss_grad


@alternative("log_loss_grad")
def log_loss_grad_one_fraction(y, p):
    return (p - y) / (p * (1 - p)) / len(y)


@alternative("log_loss_grad")
def log_loss_grad_list(y, p):
    n = len(y)
    return [-1 / (n * q) if label == 1 else 1 / (n * (1 - q)) for label, q in zip(y, p)]


@alternative("log_loss_grad")
def log_loss_grad_where(y, p):
    return np.where(y > 0.5, -1 / p, 1 / (1 - p)) / y.size


@alternative("log_loss_grad")
def log_loss_grad_of_true_label(y, p):
    return -1 / (len(y) * (p + y - 1))


@alternative("log_loss_grad")
def log_loss_grad_largest_epsilon(y, p):
    return -(y / (p + 1e-10) - (1 - y) / (1 - p + 1e-10)) / len(y)


@alternative("log_loss_grad")
def log_loss_grad_clipped(y, p):
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return np.divide(p - y, p - p**2) * (1 / len(p))


@alternative("log_loss_grad")
def log_loss_grad_float32(y, p):
    y, p = y.astype(np.float32), p.astype(np.float32)
    return ((1 - y) / (1 - p) - y / p) / np.float32(len(y))


@alternative("log_loss_grad")
def log_loss_grad_through_logit(y, p):
    from scipy.special import expit, logit

    slope_of_logit = 1 / (p * (1 - p))
    return (expit(logit(p)) - y) * slope_of_logit / len(y)


# ---- softmax


@alternative("softmax")
def softmax_lists(z):
    rows = []
    for row in z.tolist():
        top = max(row)
        powers = [math.exp(value - top) for value in row]
        rows.append([power / sum(powers) for power in powers])
    return rows


@alternative("softmax")
def softmax_scipy(z):
    from scipy.special import softmax

    return softmax(z, axis=1)


@alternative("softmax")
def softmax_log_sum_exp(z):
    from scipy.special import logsumexp

    return np.exp(z - logsumexp(z, axis=1, keepdims=True))


@alternative("softmax")
def softmax_transposed(z):
    powers = np.exp(z.T - z.T.max(axis=0))
    return (powers / powers.sum(axis=0)).T


@alternative("softmax")
def softmax_apply_along_axis(z):
    def of_row(row):
        powers = np.exp(row - np.amax(row))
        return powers / np.add.reduce(powers)

    return np.apply_along_axis(of_row, 1, z)


@alternative("softmax")
def softmax_pairwise(z):
    with np.errstate(over="ignore"):
        return 1 / np.exp(z[:, None, :] - z[:, :, None]).sum(axis=2)


@alternative("softmax")
def softmax_float32(z):
    z = z.astype(np.float32)
    powers = np.exp(z - z.max(axis=1)[:, None])
    return powers / np.einsum("nk->n", powers)[:, np.newaxis]


@alternative("softmax")
def softmax_float32_log_sum_exp(z):
    from scipy.special import logsumexp

    z = z.astype(np.float32)
    return np.exp(z - logsumexp(z, axis=1, keepdims=True).astype(np.float32))


@alternative("softmax")
def softmax_longdouble(z):
    powers = np.exp(z.astype(np.longdouble) - z.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=float)


@alternative("softmax")
def softmax_tiny_epsilon(z):
    powers = np.exp(z - np.max(z, axis=1, keepdims=True))
    return powers / (np.sum(powers, axis=1, keepdims=True) + 1e-12)


# ---- softmax_cross_entropy


@alternative("softmax_cross_entropy")
def softmax_cross_entropy_scipy(y, z):
    from scipy.special import log_softmax

    return -np.sum(y * log_softmax(z, axis=1), axis=1).mean()


@alternative("softmax_cross_entropy")
def softmax_cross_entropy_log_sum_exp(y, z):
    from scipy.special import logsumexp

    return np.mean(logsumexp(z, axis=1) - (y * z).sum(axis=1))


@alternative("softmax_cross_entropy")
def softmax_cross_entropy_indexed(y, z):
    true = y.argmax(axis=1)
    top = z.max(axis=1)
    log_sums = top + np.log(np.exp(z - top[:, None]).sum(axis=1))
    return (log_sums - z[np.arange(len(z)), true]).mean()


@alternative("softmax_cross_entropy")
def softmax_cross_entropy_loop(y, z):
    total = 0.0
    for labels, row in zip(y, z):
        top = max(row)
        log_sum = top + math.log(sum(math.exp(value - top) for value in row))
        total += log_sum - float(row[list(labels).index(1)])
    return total / len(y)


@alternative("softmax_cross_entropy")
def softmax_cross_entropy_logaddexp(y, z):
    return (np.logaddexp.reduce(z, axis=1) - z[y == 1]).sum() / len(y)


@alternative("softmax_cross_entropy")
def softmax_cross_entropy_differences(y, z):
    from scipy.special import logsumexp

    differences = z - np.sum(y * z, axis=1, keepdims=True)
    return np.array(logsumexp(differences, axis=1).mean())


@alternative("softmax_cross_entropy")
def softmax_cross_entropy_float32(y, z):
    y, z = y.astype(np.float32), z.astype(np.float32)
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.einsum("nk,nk->", y, log_p) / np.float32(len(y))


@alternative("softmax_cross_entropy")
def softmax_cross_entropy_float32_log_sum_exp(y, z):
    y, z = y.astype(np.float32), z.astype(np.float32)
    top = z.max(axis=1)
    log_sums = top + np.log(np.exp(z - top[:, None]).sum(axis=1))
    return np.mean(log_sums - (y * z).sum(axis=1))


@alternative("softmax_cross_entropy")
def softmax_cross_entropy_folded(y, z):
    def of_row(labels, row):
        log_sum = -math.inf
        for value in row:
            high, low = max(log_sum, value), min(log_sum, value)
            log_sum = high + math.log1p(math.exp(low - high))
        return log_sum - labels @ row

    return sum(map(of_row, y, z)) / len(z)


# ---- softmax_cross_entropy_grad


@alternative("softmax_cross_entropy_grad")
def softmax_cross_entropy_grad_scipy(y, z):
    from scipy.special import softmax

    return (softmax(z, axis=1) - y) / y.shape[0]


@alternative("softmax_cross_entropy_grad")
def softmax_cross_entropy_grad_lists(y, z):
    gradient = []
    for labels, row in zip(y.tolist(), z.tolist()):
        top = max(row)
        total = sum(math.exp(value - top) for value in row)
        gradient.append(
            [(math.exp(v - top) / total - label) / len(y) for label, v in zip(labels, row)]
        )
    return gradient


@alternative("softmax_cross_entropy_grad")
def softmax_cross_entropy_grad_subtract_one(y, z):
    gradient = np.exp(z - z.max(axis=1, keepdims=True))
    gradient /= gradient.sum(axis=1, keepdims=True)
    gradient[np.arange(len(z)), y.argmax(axis=1)] -= 1
    gradient /= len(z)
    return gradient


@alternative("softmax_cross_entropy_grad")
def softmax_cross_entropy_grad_jacobian(y, z):
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    # The Jacobian with its 1/p cancelled: d log p_k / d z_j = [k = j] - p_j.
    jacobian = np.eye(z.shape[1])[None] - p[:, None, :]
    return -np.einsum("nk,nkj->nj", y, jacobian) / len(y)


@alternative("softmax_cross_entropy_grad")
def softmax_cross_entropy_grad_log_space(y, z):
    from scipy.special import logsumexp

    return np.expm1(z - logsumexp(z, axis=1, keepdims=True)) / len(y) + (1 - y) / len(y)


@alternative("softmax_cross_entropy_grad")
def softmax_cross_entropy_grad_float32(y, z):
    y, z = y.astype(np.float32), z.astype(np.float32)
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return (powers / powers.sum(axis=1, keepdims=True) - y) / np.float32(len(y))


@alternative("softmax_cross_entropy_grad")
def softmax_cross_entropy_grad_float32_log_sum_exp(y, z):
    z = z.astype(np.float32)
    top = z.max(axis=1, keepdims=True)
    log_sums = top + np.log(np.exp(z - top).sum(axis=1, keepdims=True))
    return (np.exp(z - log_sums) - y) / len(y)


@alternative("softmax_cross_entropy_grad")
def softmax_cross_entropy_grad_rows(y, z):
    class Row:
        def __init__(self, labels, row):
            self.labels, self.powers = labels, np.exp(row - row.max())

        def gradient(self):
            return self.powers / self.powers.sum() - self.labels

    return np.stack([Row(*pair).gradient() for pair in zip(y, z)]) / len(y)


@alternative("softmax_cross_entropy_grad")
def softmax_cross_entropy_grad_complex_step(y, z):
    h = 1e-30
    gradient = np.empty_like(z)
    for k in range(z.shape[1]):
        shifted = (z - z.max(axis=1, keepdims=True)).astype(complex)
        shifted[:, k] += 1j * h
        losses = np.log(np.exp(shifted).sum(axis=1)) - (y * shifted).sum(axis=1)
        gradient[:, k] = losses.imag / h / len(z)
    return gradient
