"""The loss of the unit `UNIT` and its gradient."""

import numpy as np


def UNIT(y, y_hat):
    r"""Return the mean log-cosh of the residuals.

    y, y_hat: targets and predictions, shape (N,). Returns one number.

        L = 1/N Σ_n log cosh(ŷ_n - y_n)

    Source: the book or the paper, and its section.
    """
    return np.mean(np.log(np.cosh(y_hat - y)))


def UNIT_grad(y, y_hat):
    r"""Return the gradient of that loss by the predictions.

    y, y_hat: targets and predictions, shape (N,). Returns shape (N,).

        g_n = ∂L/∂ŷ_n

    Source: the book or the paper, and its section.
    """
    # Each prediction stands in one term of the sum only, and 1/N stays in front of it.
    return np.tanh(y_hat - y) / len(y)


WHY = {
    "outlier": """\
The slope of this loss for one sample never exceeds 1, however far off the sample is. So the
mistyped point pulls on the line about as hard as any other point that is clearly off it. The slope
of the squared error grows with the residual, and one far-off point can outweigh all others.""",
}
