"""Right answers to the unit `similarity` in many styles, with other shares at the kink."""

import numpy as np

from tests.alternatives import alternative

# euclidean


@alternative("euclidean")
def euclidean_loop(a, b):
    total = 0
    for u, v in zip(a, b):
        total += sum((x - y) ** 2 for x, y in zip(u, v)) ** 0.5
    return total / len(a)


@alternative("euclidean")
def euclidean_norm(a, b):
    return np.linalg.norm(a - b, axis=-1).mean()


@alternative("euclidean")
def euclidean_math_dist(a, b):
    import math
    import statistics

    return statistics.fmean(math.dist(u, v) for u, v in zip(a.tolist(), b.tolist()))


@alternative("euclidean")
def euclidean_einsum(a, b):
    r = a - b
    return np.average(np.sqrt(np.einsum("nk,nk->n", r, r)))


@alternative("euclidean")
def euclidean_scipy_diagonal(a, b):
    from scipy.spatial.distance import cdist

    return np.trace(cdist(a, b)) / a.shape[0]


@alternative("euclidean")
def euclidean_small_epsilon(a, b):
    return np.asarray(np.mean(np.sqrt(((a - b) ** 2).sum(1) + 1e-12)))


# euclidean_grad


@alternative("euclidean_grad")
def euclidean_grad_loop(a, b):
    rows = []
    for u, v in zip(a, b):
        d = np.sqrt(np.sum((u - v) ** 2))
        rows.append([(x - y) / d / len(a) for x, y in zip(u, v)])
    return rows


@alternative("euclidean_grad")
def euclidean_grad_transposed(a, b):
    r = (a - b).T
    return (r / np.sqrt((r**2).sum(axis=0))).T / len(a)


@alternative("euclidean_grad")
def euclidean_grad_diagonal_matrix(a, b):
    r = a - b
    return np.diag(1 / (len(a) * np.linalg.norm(r, axis=1))) @ r


@alternative("euclidean_grad")
def euclidean_grad_small_epsilon(a, b):
    r = a - b
    return r / (np.linalg.norm(r, axis=1, keepdims=True) + 1e-9) / a.shape[0]


@alternative("euclidean_grad")
def euclidean_grad_float32(a, b):
    r = (a - b).astype(np.float32)
    return r / np.linalg.norm(r, axis=1)[:, np.newaxis] / np.float32(len(r))


@alternative("euclidean_grad")
def euclidean_grad_complex_step(a, b):
    h, grad = 1e-30, np.zeros_like(a)
    for index in np.ndindex(a.shape):
        z = a.astype(complex)
        z[index] += 1j * h
        grad[index] = np.sqrt(np.sum((z - b) ** 2, axis=1)).mean().imag / h
    return grad


# cosine_loss


@alternative("cosine_loss")
def cosine_loss_loop(a, b):
    losses = [1 - u @ v / (np.linalg.norm(u) * np.linalg.norm(v)) for u, v in zip(a, b)]
    return sum(losses) / len(losses)


@alternative("cosine_loss")
def cosine_loss_scipy(a, b):
    from scipy.spatial.distance import cosine

    return np.mean([cosine(u, v) for u, v in zip(a, b)])


@alternative("cosine_loss")
def cosine_loss_half_squared_distance(a, b):
    u = a / np.linalg.norm(a, axis=1, keepdims=True)
    v = b / np.linalg.norm(b, axis=1, keepdims=True)
    return np.mean(np.sum((u - v) ** 2, axis=1)) / 2


@alternative("cosine_loss")
def cosine_loss_einsum(a, b):
    ab, aa, bb = (np.einsum("nk,nk->n", x, y) for x, y in ((a, b), (a, a), (b, b)))
    return 1 - np.mean(ab / np.sqrt(aa * bb))


@alternative("cosine_loss")
def cosine_loss_float32(a, b):
    a, b = a.astype("float32"), b.astype("float32")
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    return (1 - (a * b).sum(axis=1) / lengths).mean()


@alternative("cosine_loss")
def cosine_loss_diagonal_zero_d(a, b):
    c = np.diag(a @ b.T) / np.sqrt(np.diag(a @ a.T)) / np.sqrt(np.diag(b @ b.T))
    return np.array(1 - c.sum() / len(c))


# cosine_loss_grad


@alternative("cosine_loss_grad")
def cosine_loss_grad_quotient_rule(a, b):
    la = np.linalg.norm(a, axis=1)[:, None]
    lb = np.linalg.norm(b, axis=1)[:, None]
    ab = (a * b).sum(axis=1)[:, None]
    return -(b * la * lb - ab * lb / la * a) / (la * lb) ** 2 / len(a)


@alternative("cosine_loss_grad")
def cosine_loss_grad_projection_matrix(a, b):
    rows = []
    for u, v in zip(a, b):
        length = np.sqrt(u @ u)
        projection = np.eye(len(u)) - np.outer(u, u) / length**2
        rows.append(-(projection @ v) / length / np.sqrt(v @ v) / len(a))
    return np.stack(rows)


@alternative("cosine_loss_grad")
def cosine_loss_grad_textbook(a, b):
    aa, bb, ab = np.sum(a * a, axis=1), np.sum(b * b, axis=1), np.sum(a * b, axis=1)
    grad = (ab / (aa**1.5 * bb**0.5))[:, None] * a - b / np.sqrt(aa * bb)[:, None]
    return (grad / len(a)).tolist()


@alternative("cosine_loss_grad")
def cosine_loss_grad_transposed(a, b):
    la, lb = np.linalg.norm(a, axis=1), np.linalg.norm(b, axis=1)
    u, v = a.T / la, b.T / lb
    return ((u * (u * v).sum(axis=0) - v) / la).T / a.shape[0]


@alternative("cosine_loss_grad")
def cosine_loss_grad_complex_step(a, b):
    grad = np.zeros(a.shape)
    for n, (u, v) in enumerate(zip(a, b)):
        for k in range(len(u)):
            z = u.astype(complex)
            z[k] += 1e-30j
            grad[n, k] = -(z @ v / np.sqrt(z @ z) / np.sqrt(v @ v)).imag / 1e-30 / len(a)
    return grad


@alternative("cosine_loss_grad")
def cosine_loss_grad_float32(a, b):
    u, v = np.float32(a), np.float32(b)
    length = np.linalg.norm(u, axis=1, keepdims=True)
    u, v = u / length, v / np.linalg.norm(v, axis=1, keepdims=True)
    return ((u * v).sum(axis=1, keepdims=True) * u - v) / length / len(a)


# contrastive


@alternative("contrastive")
def contrastive_loop(a, b, same, margin=1.0):
    total = 0.0
    for u, v, alike in zip(a, b, same):
        d = np.linalg.norm(u - v)
        if alike == 1:
            total += d**2 / 2
        elif d < margin:
            total += (margin - d) ** 2 / 2
    return total / len(a)


@alternative("contrastive")
def contrastive_where(a, b, same, margin=1.0):
    d = np.linalg.norm(a - b, axis=1)
    return np.mean(0.5 * np.where(same > 0.5, d, np.clip(margin - d, 0, None)) ** 2)


@alternative("contrastive")
def contrastive_masks(a, b, same, margin=1.0):
    alike = same.astype(bool)
    d = np.sqrt(((a - b) ** 2).sum(axis=-1))
    pull, push = d[alike], (margin - d[~alike])[margin > d[~alike]]
    return (pull @ pull + push @ push) / (2 * len(d))


@alternative("contrastive")
def contrastive_small_epsilon(a, b, same, margin=1.0):
    d = np.sqrt(np.sum((a - b) ** 2, axis=1) + 1e-12)
    hinge = (margin - d + abs(margin - d)) / 2
    return np.average(same * d**2 / 2 + (1 - same) * hinge**2 / 2)


@alternative("contrastive")
def contrastive_einsum(a, b, same, margin=1.0):
    square = np.einsum("nk,nk->n", a - b, a - b)
    push = np.maximum(margin - square**0.5, 0)
    return (np.dot(same, square) + np.dot(1 - same, push * push)) / 2 / same.size


@alternative("contrastive")
def contrastive_float32(a, b, same, margin=1.0):
    a, b, same = np.float32(a), np.float32(b), np.float32(same)
    d = np.linalg.norm(a - b, axis=1)
    return np.mean(same * d**2 + (1 - same) * np.maximum(0, np.float32(margin) - d) ** 2) / 2


# contrastive_grad


@alternative("contrastive_grad")
def contrastive_grad_loop(a, b, same, margin=1.0):
    grad = np.zeros_like(a)
    for n in range(len(a)):
        r = a[n] - b[n]
        d = np.linalg.norm(r)
        if same[n]:
            grad[n] = r / len(a)
        elif d <= margin:
            grad[n] = -(margin - d) * r / d / len(a)
    return grad


@alternative("contrastive_grad")
def contrastive_grad_where(a, b, same, margin=1.0):
    r = a - b
    d = np.linalg.norm(r, axis=1, keepdims=True)
    push = np.where(d < margin, r - margin * r / d, 0)
    return np.where(same[:, None] == 1, r, push) / len(r)


@alternative("contrastive_grad")
def contrastive_grad_chain(a, b, same, margin=1.0):
    r = a - b
    d = np.sqrt((r * r).sum(axis=1))
    slope = same * d - (1 - same) * np.clip(margin - d, 0, np.inf)
    return np.einsum("n,nk->nk", slope / d / d.size, r)


@alternative("contrastive_grad")
def contrastive_grad_small_epsilon(a, b, same, margin=1.0):
    r = a - b
    d = np.linalg.norm(r, axis=1)[:, None] + 1e-10
    alike = same.reshape(-1, 1)
    return (alike * r - (1 - alike) * np.maximum(0, margin - d) * r / d) / a.shape[0]


@alternative("contrastive_grad")
def contrastive_grad_lists(a, b, same, margin=1.0):
    rows = []
    for u, v, alike in zip(a.tolist(), b.tolist(), same.tolist()):
        d = sum((x - y) ** 2 for x, y in zip(u, v)) ** 0.5
        factor = 1.0 if alike else -max(0.0, margin / d - 1)
        rows.append([factor * (x - y) / len(a) for x, y in zip(u, v)])
    return rows


@alternative("contrastive_grad")
def contrastive_grad_masks(a, b, same, margin=1.0):
    grad = (a - b) / len(a)
    d = np.linalg.norm(a - b, axis=1)
    far, near = (same == 0) & (d >= margin), (same == 0) & (d < margin)
    grad[far] = 0
    grad[near] *= (1 - margin / d[near])[:, None]
    return grad


# triplet


@alternative("triplet")
def triplet_loop(anchor, positive, negative, margin=1.0):
    total = 0.0
    for a, p, n in zip(anchor, positive, negative):
        total += max(0.0, sum((a - p) ** 2) - sum((a - n) ** 2) + margin)
    return total / len(anchor)


@alternative("triplet")
def triplet_squared_norms(anchor, positive, negative, margin=1.0):
    near = np.linalg.norm(anchor - positive, axis=1)
    far = np.linalg.norm(anchor - negative, axis=1)
    return np.clip(near**2 - far**2 + margin, 0, None).mean()


@alternative("triplet")
def triplet_factored(anchor, positive, negative, margin=1.0):
    cost = np.sum((negative - positive) * (2 * anchor - positive - negative), axis=1) + margin
    return cost[cost > 0].sum() / len(cost)


@alternative("triplet")
def triplet_expanded(anchor, positive, negative, margin=1.0):
    cost = (positive**2 - negative**2 + 2 * anchor * (negative - positive)).sum(axis=1) + margin
    return np.asarray(np.where(cost >= 0, cost, 0).mean())


@alternative("triplet")
def triplet_einsum(anchor, positive, negative, margin=1.0):
    near, far = anchor - positive, anchor - negative
    cost = np.einsum("nk,nk->n", near, near) - np.einsum("nk,nk->n", far, far) + margin
    return (cost + np.abs(cost)).sum() / 2 / cost.size


@alternative("triplet")
def triplet_scipy(anchor, positive, negative, margin=1.0):
    from scipy.spatial.distance import sqeuclidean

    near = [sqeuclidean(a, p) for a, p in zip(anchor, positive)]
    far = [sqeuclidean(a, n) for a, n in zip(anchor, negative)]
    return np.average([max(x - y + margin, 0) for x, y in zip(near, far)])


# triplet_grad


@alternative("triplet_grad")
def triplet_grad_closed_mask(anchor, positive, negative, margin=1.0):
    cost = ((anchor - positive) ** 2).sum(1) - ((anchor - negative) ** 2).sum(1) + margin
    c = 2 * (cost >= 0)[:, None] / len(anchor)
    return [c * (negative - positive), c * (positive - anchor), c * (anchor - negative)]


@alternative("triplet_grad")
def triplet_grad_half_at_the_kink(anchor, positive, negative, margin=1.0):
    cost = np.sum((anchor - positive) ** 2 - (anchor - negative) ** 2, axis=1) + margin
    c = np.heaviside(cost, 0.5)[:, None] * 2 / len(cost)
    return c * (negative - positive), c * (positive - anchor), c * (anchor - negative)


@alternative("triplet_grad")
def triplet_grad_other_share_for_each_row(anchor, positive, negative, margin=1.0):
    cost = np.sum((anchor - positive) ** 2, axis=1) - np.sum((anchor - negative) ** 2, axis=1)
    share = np.heaviside(cost + margin, np.linspace(0, 1, len(cost)))[:, None]
    gp, gn = 2 * share * (positive - anchor), 2 * share * (anchor - negative)
    return -(gp + gn) / len(cost), gp / len(cost), gn / len(cost)


@alternative("triplet_grad")
def triplet_grad_loop(anchor, positive, negative, margin=1.0):
    ga, gp, gn = np.zeros_like(anchor), np.zeros_like(anchor), np.zeros_like(anchor)
    for i, (a, p, n) in enumerate(zip(anchor, positive, negative)):
        if np.linalg.norm(a - p) ** 2 - np.linalg.norm(a - n) ** 2 + margin > 0:
            ga[i] = 2 * (a - p) - 2 * (a - n)
            gp[i] = -2 * (a - p)
            gn[i] = 2 * (a - n)
    return ga / len(anchor), gp / len(anchor), gn / len(anchor)


@alternative("triplet_grad")
def triplet_grad_lists(anchor, positive, negative, margin=1.0):
    scale = 2 / len(anchor)
    ga, gp, gn = [], [], []
    for a, p, n in zip(anchor, positive, negative):
        on = scale if sum((a - p) ** 2) - sum((a - n) ** 2) > -margin else 0.0
        ga.append(list(on * (n - p)))
        gp.append(list(on * (p - a)))
        gn.append(list(on * (a - n)))
    return ga, gp, gn


@alternative("triplet_grad")
def triplet_grad_matrix_algebra(anchor, positive, negative, margin=1.0):
    mixing = np.array([[0.0, -1.0, 1.0], [-1.0, 1.0, 0.0], [1.0, 0.0, -1.0]])
    vectors = np.stack([anchor, positive, negative])
    near, far = vectors[0] - vectors[1], vectors[0] - vectors[2]
    active = np.diag(near @ near.T - far @ far.T) > -margin
    return tuple(np.einsum("ij,jnk,n->ink", mixing, vectors, 2 * active / len(anchor)))
