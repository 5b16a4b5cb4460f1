"""The chain rule through a network with one hidden layer, under three losses."""

import numpy as np


def forward(X, params):
    r"""Return every intermediate result of a network with one hidden layer, and its output.

    X: samples (N, D). params: tuple of arrays (W1, b1, W2, b2), shapes (D, M), (M,), (M, K), (K,).
    Returns the tuple (A, H, Z) of arrays of the shapes (N, M), (N, M), (N, K).

        A = X W1 + b1        H = tanh(A)        Z = H W2 + b2

    Source: Bishop, Pattern Recognition and Machine Learning (2006), section 5.1.
    """
    W1, b1, W2, b2 = params
    # All three are returned: the way back needs H, and a wrong step is easier to find.
    A = X @ W1 + b1
    H = np.tanh(A)
    return A, H, H @ W2 + b2


def linear_backward(H, W, G):
    r"""Carry a gradient back through a linear layer Z = H W + b.

    H: input of the layer (N, M). W: its weights (M, K). G: gradient ∂L/∂Z of the loss (N, K).
    Returns the tuple (∂L/∂H, ∂L/∂W, ∂L/∂b), shapes (N, M), (M, K), (K,). L is any loss of Z; each
    of the three is a sum of products by the chain rule, for instance

        ∂L/∂W_mk = Σ_n G_nk ∂Z_nk/∂W_mk

    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.5.4.
    """
    # A mean's 1/N is in G already. One b serves all samples, so their gradients add up.
    return G @ W.T, H.T @ G, np.sum(G, axis=0)


def tanh_backward(H, G):
    r"""Carry a gradient back through H = tanh(A), which acts on every entry by itself.

    H: the output of tanh (N, M), not its input. G: gradient ∂L/∂H of the loss (N, M).
    Returns ∂L/∂A, shape (N, M).

        ∂L/∂A_nm = G_nm tanh'(A_nm),   the derivative expressed by H_nm = tanh(A_nm)

    Source: Bishop, Pattern Recognition and Machine Learning (2006), section 5.3.2.
    """
    # (sinh/cosh)' = 1 - (sinh/cosh)²: what the way forward has computed is not computed again.
    return G * (1.0 - H**2)


def network_backward(X, params, G):
    r"""Carry a gradient back from the output of the network to its parameters.

    X: samples (N, D). params: tuple (W1, b1, W2, b2) as for `forward`. G: gradient ∂L/∂Z of the
    loss by the output of `forward` (N, K). L is any loss of Z.
    Returns the gradients by W1, b1, W2, b2: a tuple of four arrays of the shapes of params.

        L → Z → H → A → W1, b1,    and W2, b2 on the way, at Z

    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.5.4.
    """
    W1, _, W2, _ = params
    _, H, _ = forward(X, params)
    grad_H, grad_W2, grad_b2 = linear_backward(H, W2, G)
    # X is data: the gradient by it is of no use.
    _, grad_W1, grad_b1 = linear_backward(X, W1, tanh_backward(H, grad_H))
    return grad_W1, grad_b1, grad_W2, grad_b2


def backward_mse(X, y, params):
    r"""Return the gradients of the network's mean squared error by its parameters.

    X: samples (N, D). y: targets (N, K). params: tuple (W1, b1, W2, b2) as for `forward`.
    Returns the gradients by W1, b1, W2, b2: a tuple of four arrays of the shapes of params.

        L = 1/N Σ_n Σ_k (y_nk - Z_nk)²,   Z the output of `forward`

    Source: Bishop, Pattern Recognition and Machine Learning (2006), section 5.2.
    """
    _, _, Z = forward(X, params)
    return network_backward(X, params, 2.0 * (Z - y) / len(y))


def backward_cross_entropy(X, y, params):
    r"""Return the gradients of the network's softmax cross-entropy by its parameters.

    X: samples (N, D). y: one-hot labels (N, K). params: tuple (W1, b1, W2, b2) as for `forward`.
    Returns the gradients by W1, b1, W2, b2: a tuple of four arrays of the shapes of params.

        L = 1/N Σ_n Σ_k y_nk (log Σ_j exp(Z_nj) - Z_nk),   Z the output of `forward`

    Source: Bishop, Pattern Recognition and Machine Learning (2006), section 5.2.
    """
    _, _, Z = forward(X, params)
    # With the largest output of its own row taken out, no exponential overflows, no sum is 0.
    p = np.exp(Z - Z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    return network_backward(X, params, (p - y) / len(y))


def backward_hinge(X, y, params):
    r"""Return the gradients of the network's multiclass hinge loss by its parameters.

    X: samples (N, D). y: class of each sample, integers 0 to K - 1, shape (N,).
    params: tuple (W1, b1, W2, b2) as for `forward`.
    Returns the gradients by W1, b1, W2, b2: a tuple of four arrays of the shapes of params.

        L = 1/N Σ_n Σ_{j ≠ y_n} max(0, Z_nj - Z_n,y_n + 1),   Z the output of `forward`

    Source: Weston, Watkins, Support vector machines for multi-class pattern recognition (1999).
    """
    _, _, Z = forward(X, params)
    rows = np.arange(len(y))
    G = np.where(Z - Z[rows, y][:, None] + 1.0 > 0.0, 1.0, 0.0)
    # The class itself has no term of its own, but stands in every term of its row, with a minus.
    G[rows, y] = 0.0
    G[rows, y] = -np.sum(G, axis=1)
    return network_backward(X, params, G / len(y))


WHY = {
    "symmetry": """\
If all weights of a layer are equal, all hidden units compute the same number, and they receive the
same gradient, because the weights that lead back to them are equal as well. A step changes them all
alike, so they stay copies of one unit for ever, and the network can do no more than one with a
single hidden unit. With zeros it is worse: H is 0, so W2 gets no gradient, and W2 is 0, so none
reaches W1; only b2 is learnt. Random weights make the units differ from the first step on.
""",
}
