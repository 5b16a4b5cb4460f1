"""Losses of the margin: hinge, perceptron, multiclass hinge, and the linear SVM."""

import numpy as np


def hinge(y, s):
    """Mean hinge loss of the scores `s` for the labels `y`.

    y: labels, -1.0 or +1.0, shape (N,).
    s: scores, shape (N,).
    Returns a scalar: 1/N sum_n max(0, 1 - y_n s_n).
    Source: Cortes and Vapnik (1995), Support-vector networks.
    """
    return np.mean(np.maximum(0.0, 1.0 - y * s))


def hinge_grad(y, s):
    """Gradient of `hinge(y, s)` with respect to the scores `s`.

    y: labels, -1.0 or +1.0, shape (N,).
    s: scores, shape (N,).
    Returns shape (N,): entry n is the derivative of the mean loss in s_n.
    Where y_n s_n is exactly 1, any subgradient is right.
    Source: Shalev-Shwartz and Ben-David, Understanding Machine Learning, section 14.2.
    """
    # At the kink this takes the slope of the flat side, so points on the margin stay at rest.
    return np.where(y * s < 1.0, -y, 0.0) / len(s)


def perceptron(y, s):
    """Mean perceptron loss of the scores `s` for the labels `y`.

    y: labels, -1.0 or +1.0, shape (N,).
    s: scores, shape (N,).
    Returns a scalar: 1/N sum_n max(0, -y_n s_n).
    Source: Bishop, Pattern Recognition and Machine Learning, section 4.1.7.
    """
    return np.mean(np.maximum(0.0, -y * s))


def perceptron_grad(y, s):
    """Gradient of `perceptron(y, s)` with respect to the scores `s`.

    y: labels, -1.0 or +1.0, shape (N,).
    s: scores, shape (N,).
    Returns shape (N,): entry n is the derivative of the mean loss in s_n.
    Where s_n is exactly 0, any subgradient is right.
    Source: Bishop, Pattern Recognition and Machine Learning, section 4.1.7.
    """
    # The steep side at the kink: with the flat one, training from w = 0 would never start.
    return np.where(y * s <= 0.0, -y, 0.0) / len(s)


def multiclass_hinge(y, S, delta=1.0):
    """Mean multiclass hinge loss of the scores `S` for the classes `y`.

    y: class of each sample, integers 0 to K - 1, shape (N,).
    S: scores, shape (N, K). delta: the margin asked for, a positive number.
    Returns a scalar: 1/N sum_n sum_{j != y_n} max(0, S[n, j] - S[n, y_n] + delta).
    Source: Weston and Watkins (1999), Support vector machines for multi-class
    pattern recognition.
    """
    rows = np.arange(len(y))
    violations = np.maximum(0.0, S - S[rows, y][:, None] + delta)
    # The sum leaves out the class itself, whose entry is always delta.
    violations[rows, y] = 0.0
    return np.sum(violations) / len(y)


def multiclass_hinge_grad(y, S, delta=1.0):
    """Gradient of `multiclass_hinge(y, S, delta)` with respect to the scores `S`.

    y: class of each sample, integers 0 to K - 1, shape (N,).
    S: scores, shape (N, K). delta: the margin asked for, a positive number.
    Returns shape (N, K): entry (n, k) is the derivative of the mean loss in S[n, k].
    Where S[n, j] - S[n, y_n] + delta is exactly 0, any subgradient is right.
    Source: Weston and Watkins (1999), Support vector machines for multi-class
    pattern recognition.
    """
    rows = np.arange(len(y))
    grad = np.where(S - S[rows, y][:, None] + delta > 0.0, 1.0, 0.0)
    grad[rows, y] = 0.0
    # S[n, y_n] occurs with a minus sign in every active term of its row.
    grad[rows, y] = -np.sum(grad, axis=1)
    return grad / len(y)


def linear_svm_grad(X, y, w, b, reg):
    """Gradient of `hinge(y, X @ w + b)` + reg/2 ||w||^2 with respect to `w` and `b`.

    X: features, shape (N, D). y: labels, -1.0 or +1.0, shape (N,).
    w: weights, shape (D,). b: bias, a number.
    reg: strength of the regularizer, a number >= 0; it does not act on b.
    Returns (grad_w, grad_b): shape (D,) and a scalar.
    Source: Shalev-Shwartz and Ben-David, Understanding Machine Learning, section 15.2.
    """
    grad_s = hinge_grad(y, X @ w + b)
    # b is added to every score, so its gradient is the sum over the scores' gradients.
    return X.T @ grad_s + reg * w, np.sum(grad_s)


WHY = {
    "support_vectors": """\
No, the boundary stays where it is. A penguin with a margin above 1 lies on the flat part of the
hinge: its loss and its gradient are 0 before the move and after it, so it adds nothing to the
gradient of w and b. Only the penguins with a margin of at most 1, the support vectors, hold the
boundary in place. Under the squared error the loss would grow as the score leaves its label behind,
and the far penguin would pull the boundary towards itself.
""",
}
