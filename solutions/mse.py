"""Squared error, its mean, and their gradients up to the line of a linear regression."""

import numpy as np


def squared_error(y, y_hat):
    r"""Return half the squared error of every sample.

    y, y_hat: targets and predictions, shape (N,). Returns shape (N,).

        e_n = 1/2 (y_n - ŷ_n)²

    Source: Bishop, Pattern Recognition and Machine Learning (2006), section 1.1.
    """
    # The factor 1/2 is there only to cancel the 2 that differentiation brings down.
    return 0.5 * (y - y_hat) ** 2


def squared_error_grad(y, y_hat):
    r"""Return the derivative of every sample's squared error by its own prediction.

    y, y_hat: targets and predictions, shape (N,). Returns shape (N,).

        g_n = ∂e_n/∂ŷ_n   of   e_n = 1/2 (y_n - ŷ_n)²

    Source: Bishop, Pattern Recognition and Machine Learning (2006), section 3.1.3.
    """
    # The inner derivative of y - y_hat by y_hat is -1: it turns the difference around.
    return y_hat - y


def mse(y, y_hat):
    r"""Return the mean squared error of the predictions of a regression model.

    y, y_hat: targets and predictions, shape (N,). Returns one number.

        L = 1/N Σ_n (y_n - ŷ_n)²      (no factor 1/2)

    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 5.1.4.
    """
    return np.mean((y - y_hat) ** 2)


def mse_grad(y, y_hat):
    r"""Return the gradient of the mean squared error by the predictions.

    y, y_hat: targets and predictions, shape (N,). Returns shape (N,).

        g_n = ∂L/∂ŷ_n   of   L = 1/N Σ_m (y_m - ŷ_m)²

    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 5.1.4.
    """
    # Each prediction stands in one term of the sum only, and 1/N stays in front of it.
    return 2 * (y_hat - y) / len(y)


def linear_mse_grad(X, y, w, b):
    r"""Return the gradient of a linear model's mean squared error by w and by b.

    X: features (N, D); y: targets (N,); w: weights (D,); b: one number.
    Returns the pair (∂L/∂w of shape (D,), ∂L/∂b one number).

        L = 1/N Σ_n (y_n - ŷ_n)²   with   ŷ = X w + b

    Source: Petersen, Pedersen, The Matrix Cookbook (2012), section 2.4.
    """
    # Chain rule: w reaches the prediction n through row n of X, b reaches it through a 1.
    g = mse_grad(y, X @ w + b)
    return X.T @ g, np.sum(g)


WHY = {
    "outliers": """\
The squared error's derivative is proportional to the residual: a sample ten times as far away
pulls ten times as hard on the line, and its term in the loss is a hundred times as large. Under
the mean absolute error every sample pulls with the same force 1/N, however far away it is. So one
mistyped velocity can outweigh all others under MSE and drags the line towards itself, while under
the mean absolute error it counts as one sample among 24.""",
}
