"""From a derivative back to its function: by rule, by sums, and for the gradients of losses."""

import numpy as np


def by_formula():
    """All antiderivatives in x > 0 of five functions, each as a text with the constant C.

    Returns a dict with a text such as "x**2 + C" for each of these keys:
    "power": 6 x^2 - 4 x + 5, "negative": 3 / x^2, "reciprocal": 2 / x,
    "exponential": e^(3 x), "sine": sin(x).
    Any form of the right expression will do; x and C are the only variables.
    Source: Strang, Calculus, section 5.2.
    """
    return {
        "power": "2*x**3 - 2*x**2 + 5*x + C",
        "negative": "-3/x + C",
        # The power rule would divide by 0 here: this is the one power with a logarithm.
        "reciprocal": "2*log(x) + C",
        "exponential": "exp(3*x)/3 + C",
        "sine": "-cos(x) + C",
    }


def by_substitution_and_parts():
    """An antiderivative in x > 0 of seven functions, each as a text; any constant will do.

    Returns a dict with a text for each of these keys.
    By u = g(x): "bell": x e^(-x^2), "log_square": ln(x)^2 / x.
    By x = g(t): "root": 1 / (1 + sqrt(x)), "shifted": x sqrt(x + 1).
    By parts: "wave": x cos(x), "log": ln(x), "twice": x^2 e^x.
    Source: Strang, Calculus, sections 5.4 and 7.1.
    """
    return {
        "bell": "-exp(-x**2)/2",
        "log_square": "log(x)**3/3",
        # x = t^2, dx = 2 t dt: the integrand becomes 2 t / (1 + t) = 2 - 2 / (1 + t).
        "root": "2*sqrt(x) - 2*log(1 + sqrt(x))",
        # x = t^2 - 1, dx = 2 t dt: the integrand becomes 2 t^4 - 2 t^2.
        "shifted": "2*(x + 1)**2.5/5 - 2*(x + 1)**1.5/3",
        "wave": "x*sin(x) + cos(x)",
        # The second factor is 1, and its antiderivative x cancels the 1/x.
        "log": "x*log(x) - x",
        "twice": "(x**2 - 2*x + 2)*exp(x)",
    }


def trapezoid(y, dx):
    """Integral of a function that is known at equally spaced points, by the trapezoidal rule.

    y: the samples, axis 0, shape (M,) or (M, K) for K functions; M is at least 2.
    dx: the spacing, a number; negative if the points run from right to left.
    Returns a scalar, or shape (K,): dx (y_0 / 2 + y_1 + ... + y_(M-2) + y_(M-1) / 2).
    Source: Press et al., Numerical Recipes, section 4.1.
    """
    # Every inner sample is the end of two trapezoids, the outer ones of one.
    return dx * (np.sum(y, axis=0) - (y[0] + y[-1]) / 2)


def simpson(y, dx):
    """Integral of a function that is known at equally spaced points, by Simpson's rule.

    y: the samples, axis 0, shape (M,) or (M, K) for K functions; M is odd, at least 3.
    dx: the spacing, a number; negative if the points run from right to left.
    Returns a scalar, or shape (K,): dx/3 (y_0 + 4 y_1 + 2 y_2 + 4 y_3 + ... + 4 y_(M-2) + y_(M-1)).
    Raises ValueError if M is even.
    Source: Press et al., Numerical Recipes, section 4.1.
    """
    if len(y) % 2 == 0:
        # A parabola takes two intervals: an odd number of intervals leaves one over.
        raise ValueError(f"Simpson's rule needs an odd number of samples, not {len(y)}.")
    odd, inner = np.sum(y[1::2], axis=0), np.sum(y[2:-1:2], axis=0)
    return dx / 3 * (y[0] + 4 * odd + 2 * inner + y[-1])


def huber_from_clip(r, delta=1.0):
    """Loss whose derivative is the residual, clipped; the loss at 0 is 0.

    The derivative is max(-delta, min(r, delta)), and the loss is continuous.
    r: array of residuals, any shape. delta: a positive number.
    Returns an array of the shape of r, one loss per entry.
    Source: Huber, Robust Estimation of a Location Parameter (1964).
    """
    size = np.abs(r)
    # The constant of the outer piece makes both pieces meet at delta.
    return np.where(size <= delta, size**2 / 2, delta * (size - delta / 2))


def log_cosh_from_tanh(r):
    """Loss whose derivative is tanh(r); the loss at 0 is 0.

    r: array of residuals, any shape; also where cosh(r) is too large for a float.
    Returns an array of the shape of r, one loss per entry.
    Source: Strang, Calculus, section 6.7.
    """
    # cosh(r) = e^|r| (1 + e^(-2|r|)) / 2: only the small power is formed.
    size = np.abs(r)
    return size + np.log1p(np.exp(-2 * size)) - np.log(2)


def softplus_from_sigmoid(z):
    """Function whose derivative is the sigmoid, 1 / (1 + e^(-z)).

    It goes to 0 as z goes to minus infinity, which fixes its constant.
    z: array of logits, any shape; also where e^z or e^(-z) is too large for a float.
    Returns an array of the shape of z, one value per entry.
    Source: Goodfellow, Bengio and Courville, Deep Learning, section 3.10.
    """
    # ln(1 + e^z) = max(z, 0) + ln(1 + e^(-|z|)): only the small power is formed.
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


WHY = {
    "constant": """A derivative does not change when a constant is added to the function, so the
steps of training are those of the Huber loss. But each side has its own constant here, so the curve
jumps at r = delta and r = -delta, from delta^2 / 2 up to delta^2. Every loss outside is too large,
and whatever compares two losses, such as early stopping or a line search, is misled. A continuous
curve with the value 0 at 0 fixes the constants of all three pieces.""",
}
