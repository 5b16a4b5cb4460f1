"""Right answers to the unit `backprop` in many styles."""

import numpy as np

from tests.alternatives import alternative

# forward


@alternative("forward")
def forward_loop(X, params):
    W1, b1, W2, b2 = params
    A, H, Z = [], [], []
    for x in X:
        a = [sum(x[i] * W1[i, j] for i in range(len(x))) + b1[j] for j in range(len(b1))]
        h = [float(np.tanh(value)) for value in a]
        A.append(a)
        H.append(h)
        Z.append([sum(h[j] * W2[j, k] for j in range(len(h))) + b2[k] for k in range(len(b2))])
    return A, H, Z


@alternative("forward")
def forward_einsum_in_a_list(X, params):
    W1, b1, W2, b2 = params
    A = np.einsum("nd,dm->nm", X, W1) + b1
    H = np.tanh(A)
    return [A, H, np.einsum("nm,mk->nk", H, W2) + b2]


@alternative("forward")
def forward_tanh_by_sigmoid(X, params):
    from scipy.special import expit

    A = X.dot(params[0]) + params[1]
    H = 2 * expit(2 * A) - 1
    return A, H, H.dot(params[2]) + params[3]


@alternative("forward")
def forward_bias_as_a_column_of_ones(X, params):
    def layer(inputs, W, b):
        return np.hstack([inputs, np.ones((len(inputs), 1))]) @ np.vstack([W, b])

    A = layer(X, *params[:2])
    return A, np.tanh(A), layer(np.tanh(A), *params[2:])


@alternative("forward")
def forward_float32(X, params):
    W1, b1, W2, b2 = (part.astype(np.float32) for part in params)
    A = X.astype(np.float32) @ W1 + b1
    H = np.tanh(A)
    return A, H, H @ W2 + b2


@alternative("forward")
def forward_transposed(X, params):
    W1, b1, W2, b2 = params
    A = W1.T @ X.T + b1[:, None]
    H = np.sinh(A) / np.cosh(A)
    return A.T, H.T, (W2.T @ H + b2[:, None]).T


# linear_backward


@alternative("linear_backward")
def linear_backward_loop(H, W, G):
    (n, m), k = H.shape, W.shape[1]
    grad_H, grad_W, grad_b = np.zeros((n, m)), np.zeros((m, k)), np.zeros(k)
    for i in range(n):
        for j in range(k):
            grad_H[i] += G[i, j] * W[:, j]
            grad_W[:, j] += G[i, j] * H[i]
            grad_b[j] += G[i, j]
    return grad_H, grad_W, grad_b


@alternative("linear_backward")
def linear_backward_einsum(H, W, G):
    return np.einsum("nk,mk->nm", G, W), np.einsum("nm,nk->mk", H, G), np.einsum("nk->k", G)


@alternative("linear_backward")
def linear_backward_outer_products(H, W, G):
    grad_W = sum(np.outer(h, g) for h, g in zip(H, G))
    return [[W @ g for g in G], grad_W, sum(G)]


@alternative("linear_backward")
def linear_backward_broadcasting(H, W, G):
    grad_H = (G[:, None, :] * W[None]).sum(axis=2)
    return grad_H, (H[:, :, None] * G[:, None, :]).sum(axis=0), G.sum(axis=0)


@alternative("linear_backward")
def linear_backward_ones(H, W, G):
    joined = np.vstack([H.T, np.ones(len(H))]) @ G
    return (W @ G.T).T, joined[:-1], joined[-1]


@alternative("linear_backward")
def linear_backward_lists(H, W, G):
    return (G @ W.T).tolist(), np.tensordot(H, G, (0, 0)).tolist(), [sum(c) for c in zip(*G)]


# tanh_backward


@alternative("tanh_backward")
def tanh_backward_factored(H, G):
    return G * (1 + H) * (1 - H)


@alternative("tanh_backward")
def tanh_backward_loop(H, G):
    return [[g * (1 - h * h) for h, g in zip(*rows)] for rows in zip(H.tolist(), G.tolist())]


@alternative("tanh_backward")
def tanh_backward_difference(H, G):
    return G - np.einsum("nm,nm,nm->nm", G, H, H)


@alternative("tanh_backward")
def tanh_backward_in_place_on_a_copy(H, G):
    slope = H.copy()
    np.square(slope, out=slope)
    np.subtract(1, slope, out=slope)
    slope *= G
    return slope


@alternative("tanh_backward")
def tanh_backward_back_to_a(H, G):
    return G / np.cosh(np.arctanh(H)) ** 2


@alternative("tanh_backward")
def tanh_backward_float32(H, G):
    H, G = H.astype(np.float32), G.astype(np.float32)
    return np.multiply(G, np.subtract(1, np.square(H)))


# network_backward


@alternative("network_backward")
def network_backward_inline(X, params, G):
    W1, b1, W2, b2 = params
    H = np.tanh(X @ W1 + b1)
    D = G @ W2.T * (1 - H * H)
    return X.T @ D, D.sum(0), H.T @ G, G.sum(0)


@alternative("network_backward")
def network_backward_sample_by_sample(X, params, G):
    W1, b1, W2, b2 = params
    grads = [np.zeros_like(part) for part in params]
    for x, g in zip(X, G):
        h = np.tanh(x @ W1 + b1)
        d = (W2 @ g) * (1 - h**2)
        for grad, term in zip(grads, (np.outer(x, d), d, np.outer(h, g), g)):
            grad += term
    return grads


@alternative("network_backward")
def network_backward_complex_step(X, params, G):
    grads = [np.zeros_like(part) for part in params]
    for i, part in enumerate(params):
        for index in np.ndindex(part.shape):
            moved = [p.astype(complex) for p in params]
            moved[i][index] += 1e-30j
            W1, b1, W2, b2 = moved
            Z = np.tanh(X @ W1 + b1) @ W2 + b2
            grads[i][index] = np.sum(G * Z).imag / 1e-30
    return tuple(grads)


@alternative("network_backward")
def network_backward_einsum(X, params, G):
    W1, b1, W2, _ = params
    H = np.tanh(np.einsum("nd,dm->nm", X, W1) + b1)
    D = np.einsum("nk,mk,nm->nm", G, W2, 1 - H**2)
    return (
        np.einsum("nd,nm->dm", X, D),
        np.einsum("nm->m", D),
        np.einsum("nm,nk->mk", H, G),
        np.einsum("nk->k", G),
    )


@alternative("network_backward")
def network_backward_tape(X, params, G):
    W1, b1, W2, b2 = params
    H = np.tanh(X @ W1 + b1)
    tape = [
        lambda g: {"W2": H.T @ g, "b2": g.sum(axis=0), "on": g @ W2.T},
        lambda g: {"on": g * (1 - H**2)},
        lambda g: {"W1": X.T @ g, "b1": g.sum(axis=0), "on": None},
    ]
    found = {"on": G}
    for step in tape:
        found |= step(found["on"])
    return [found[name] for name in ("W1", "b1", "W2", "b2")]


# the three losses


def chain(X, params, G):
    W1, b1, W2, b2 = params
    H = np.tanh(X @ W1 + b1)
    D = G @ W2.T * (1 - H * H)
    return X.T @ D, D.sum(0), H.T @ G, G.sum(0)


def output(X, params):
    W1, b1, W2, b2 = params
    return np.tanh(X @ W1 + b1) @ W2 + b2


@alternative("backward_mse")
def backward_mse_loop(X, y, params):
    Z = output(X, params)
    G = np.array([[2 * (z - t) / len(y) for z, t in zip(*rows)] for rows in zip(Z, y)])
    return chain(X, params, G)


@alternative("backward_mse")
def backward_mse_complex_step(X, y, params):
    grads = [np.zeros_like(part) for part in params]
    for i, part in enumerate(params):
        for index in np.ndindex(part.shape):
            moved = [p.astype(complex) for p in params]
            moved[i][index] += 1e-30j
            loss = np.sum((output(X, moved) - y) ** 2) / len(y)
            grads[i][index] = loss.imag / 1e-30
    return grads


@alternative("backward_mse")
def backward_mse_mean_of_samples(X, y, params):
    parts = []
    for x, t in zip(X, y):
        x, t = x[None], t[None]
        parts.append(chain(x, params, 2 * (output(x, params) - t)))
    return tuple(np.mean(part, axis=0) for part in zip(*parts))


@alternative("backward_mse")
def backward_mse_divided_at_the_end(X, y, params):
    return [g * 2 / len(X) for g in chain(X, params, output(X, params) - y)]


@alternative("backward_mse")
def backward_mse_float32(X, y, params):
    params = tuple(part.astype(np.float32) for part in params)
    X = X.astype(np.float32)
    return chain(X, params, 2 * (output(X, params) - y.astype(np.float32)) / len(y))


@alternative("backward_cross_entropy")
def backward_cross_entropy_scipy(X, y, params):
    from scipy.special import softmax

    return chain(X, params, (softmax(output(X, params), axis=1) - y) / len(y))


@alternative("backward_cross_entropy")
def backward_cross_entropy_logsumexp(X, y, params):
    from scipy.special import logsumexp

    Z = output(X, params)
    p = np.exp(Z - logsumexp(Z, axis=1, keepdims=True))
    return chain(X, params, (p - y) / np.shape(y)[0])


@alternative("backward_cross_entropy")
def backward_cross_entropy_loop(X, y, params):
    import math

    G = []
    for z, labels in zip(output(X, params).tolist(), y.tolist()):
        powers = [math.exp(value - max(z)) for value in z]
        G.append([(q / sum(powers) - t) / len(y) for q, t in zip(powers, labels)])
    return list(chain(X, params, np.array(G)))


@alternative("backward_cross_entropy")
def backward_cross_entropy_at_the_true_class(X, y, params):
    Z = output(X, params)
    G = np.exp(Z - np.logaddexp.reduce(Z, axis=1)[:, None])
    G[np.arange(len(y)), y.argmax(axis=1)] -= 1
    return chain(X, params, G / len(y))


@alternative("backward_cross_entropy")
def backward_cross_entropy_jacobian(X, y, params):
    Z = output(X, params)
    p = np.exp(Z - Z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    # y/p times the Jacobian p_k (delta_jk - p_j), with p cancelled by hand
    jacobians = np.eye(p.shape[1])[None] - p[:, None, :]
    return chain(X, params, -np.einsum("nj,njk->nk", y, jacobians) / len(y))


@alternative("backward_cross_entropy")
def backward_cross_entropy_float32(X, y, params):
    params = tuple(part.astype(np.float32) for part in params)
    X, y = X.astype(np.float32), y.astype(np.float32)
    Z = output(X, params)
    p = np.exp(Z - Z.max(axis=1, keepdims=True))
    return chain(X, params, (p / p.sum(axis=1, keepdims=True) - y) / np.float32(len(y)))


@alternative("backward_hinge")
def backward_hinge_loop(X, y, params):
    Z = output(X, params)
    G = np.zeros_like(Z)
    for n, true in enumerate(y):
        for j in range(Z.shape[1]):
            if j != true and Z[n, j] - Z[n, true] + 1 > 0:
                G[n, j] += 1 / len(y)
                G[n, true] -= 1 / len(y)
    return chain(X, params, G)


@alternative("backward_hinge")
def backward_hinge_one_hot(X, y, params):
    Z = output(X, params)
    own = np.eye(Z.shape[1])[y]
    costs = (Z - (Z * own).sum(axis=1, keepdims=True) + 1 - own >= 0) * (1 - own)
    return chain(X, params, (costs - own * costs.sum(axis=1, keepdims=True)) / len(y))


@alternative("backward_hinge")
def backward_hinge_sign(X, y, params):
    Z = output(X, params)
    rows = np.arange(len(y))
    G = (np.sign(Z - Z[rows, y, None] + 1) + 1) / 2
    G[rows, y] -= G.sum(axis=1)
    return tuple(g / len(y) for g in chain(X, params, G))


@alternative("backward_hinge")
def backward_hinge_masked(X, y, params):
    Z = output(X, params)
    own = y[:, None] == np.arange(Z.shape[1])
    margins = np.ma.masked_array(Z - np.take_along_axis(Z, y[:, None], axis=1) + 1, mask=own)
    active = np.ma.filled(margins > 0, False).astype(float)
    G = active - np.where(own, active.sum(axis=1, keepdims=True), 0)
    return list(chain(X, params, G / len(y)))


@alternative("backward_hinge")
def backward_hinge_complex_step(X, y, params):
    grads = [np.zeros_like(part) for part in params]
    rows = np.arange(len(y))
    for i, part in enumerate(params):
        for index in np.ndindex(part.shape):
            moved = [p.astype(complex) for p in params]
            moved[i][index] += 1e-30j
            Z = output(X, moved)
            terms = Z - Z[rows, y][:, None] + 1
            terms[rows, y] = 0
            grads[i][index] = np.sum(terms[terms.real > 0]).imag / 1e-30 / len(y)
    return grads


@alternative("backward_hinge")
def backward_hinge_float32(X, y, params):
    params = tuple(part.astype(np.float32) for part in params)
    X = X.astype(np.float32)
    Z = output(X, params)
    rows = np.arange(len(y))
    G = (Z - Z[rows, y][:, None] + 1 > 0).astype(np.float32)
    G[rows, y] = 1 - G.sum(axis=1)
    return chain(X, params, G / np.float32(len(y)))
