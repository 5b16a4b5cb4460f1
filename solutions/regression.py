"""Losses of regression beside the mean squared error: MAE, RMSE, Huber, and their gradients."""

import numpy as np


def mae(y, y_hat):
    r"""Return the mean absolute error of the predictions.

    y, y_hat: targets and predictions, shape (N,). Returns one number.

        L = 1/N Σ_n |ŷ_n - y_n|

    Source: Willmott, Matsuura, Climate Research 30 (2005), pages 79 to 82.
    """
    return np.mean(np.abs(y_hat - y))


def mae_grad(y, y_hat):
    r"""Return the gradient of the mean absolute error by the predictions.

    y, y_hat: targets and predictions, shape (N,). Returns shape (N,).

        g_n = ∂L/∂ŷ_n   of   L = 1/N Σ_m |ŷ_m - y_m|

    Where ŷ_n = y_n exactly, any subgradient is right.
    Source: Shalev-Shwartz, Ben-David, Understanding Machine Learning (2014), section 14.2.
    """
    # At the kink the sign is 0: a prediction that is exactly right stays at rest.
    return np.sign(y_hat - y) / len(y)


def rmse(y, y_hat):
    r"""Return the root mean squared error of the predictions.

    y, y_hat: targets and predictions, shape (N,). Returns one number, in the unit of y.

        L = √M   with   M = 1/N Σ_n (ŷ_n - y_n)²

    Source: Chai, Draxler, Geoscientific Model Development 7 (2014), pages 1247 to 1250.
    """
    return np.sqrt(np.mean((y_hat - y) ** 2))


def rmse_grad(y, y_hat):
    r"""Return the gradient of the root mean squared error by the predictions.

    y, y_hat: targets and predictions, shape (N,), at least one residual not 0.
    Returns shape (N,).

        g_n = ∂L/∂ŷ_n   of   L = √M   with   M = 1/N Σ_m (ŷ_m - y_m)²

    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.5.2 (chain rule).
    """
    # The 2 of the square and the 1/2 of the root cancel; the root itself stays below the line.
    return (y_hat - y) / (len(y) * rmse(y, y_hat))


def huber(y, y_hat, delta=1.0):
    r"""Return the mean Huber loss of the predictions.

    y, y_hat: targets and predictions, shape (N,); delta: a number δ > 0. Returns one number.

        L = 1/N Σ_n h(r_n)   with   r = ŷ - y   and
        h(r) = 1/2 r²           where |r| ≤ δ
        h(r) = δ (|r| - δ/2)    elsewhere

    Source: Huber, Annals of Mathematical Statistics 35 (1964), pages 73 to 101.
    """
    size = np.abs(y_hat - y)
    # The δ/2 lets both pieces meet in the same value; the factor δ, in the same slope.
    return np.mean(np.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta)))


def huber_grad(y, y_hat, delta=1.0):
    r"""Return the gradient of the mean Huber loss by the predictions.

    y, y_hat: targets and predictions, shape (N,); delta: a number δ > 0. Returns shape (N,).

        g_n = ∂L/∂ŷ_n   of   L = 1/N Σ_m h(ŷ_m - y_m)
        h(r) = 1/2 r²  where |r| ≤ δ,   δ (|r| - δ/2)  elsewhere

    Source: Huber, Annals of Mathematical Statistics 35 (1964), pages 73 to 101.
    """
    # Inside, the slope is the residual; outside, it keeps the value that it reached at ±δ.
    return np.clip(y_hat - y, -delta, delta) / len(y)


WHY = {
    "large_delta": """\
An entry of Huber's gradient is the residual divided by N, but never larger than δ/N. With δ = 10 a
year that is off by 100 million pulls no harder than one that is off by 10 million; under RMSE it
pulls ten times as hard, and the six years of minutes outweigh all others. With δ = 1000 every
residual lies inside and nothing is cut off: the gradient is that of half the mean squared error,
which is 0 for the same line as that of its root, so the line becomes the one of RMSE.
""",
}
