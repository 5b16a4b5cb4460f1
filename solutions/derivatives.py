"""Derivatives measured with small steps, by the chain rule, and as expressions."""

import numpy as np


def forward_difference(f, x, h=1e-5):
    """Slope of `f` at `x`, measured with one step to the right.

    f: a function of one number. x: a number. h: the step, a positive number.
    Returns a scalar: (f(x + h) - f(x)) / h.
    Source: Nocedal and Wright, Numerical Optimization, section 8.1.
    """
    return (f(x + h) - f(x)) / h


def central_difference(f, x, h=1e-5):
    """Slope of `f` at `x`, measured with one step to each side.

    f: a function of one number. x: a number. h: the step, a positive number.
    Returns a scalar: (f(x + h) - f(x - h)) / (2 h).
    Source: Nocedal and Wright, Numerical Optimization, section 8.1.
    """
    # The error terms of second order cancel, because both sides have the same one.
    return (f(x + h) - f(x - h)) / (2 * h)


def numerical_gradient(f, x, h=1e-5):
    """Gradient of `f` at `x`, measured by a central difference in every entry.

    f: a function that takes an array like `x` and returns a number.
    x: array of any shape; it is left as it was found. h: the step, a positive number.
    Returns an array of the shape of x: entry i is (f(x + h e_i) - f(x - h e_i)) / (2 h),
    where e_i is 1 in entry i and 0 elsewhere.
    Source: Goodfellow, Bengio and Courville, Deep Learning, section 11.5.
    """
    gradient = np.zeros(np.shape(x))
    for i in np.ndindex(gradient.shape):
        # A step of its own for each entry: stepping inside x would have to be undone exactly.
        step = np.zeros_like(gradient)
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


def relative_error(a, b):
    """Largest relative error between the entries of two arrays.

    a, b: arrays of the same shape.
    Returns a scalar: max_i |a_i - b_i| / max(|a_i|, |b_i|, 1e-8).
    Source: Stanford CS231n, course notes, "Gradient checks".
    """
    # The floor stands for "both are zero as far as one can tell": 0/0 would be nan.
    scale = np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-8)
    return np.max(np.abs(np.subtract(a, b)) / scale)


def linear_chain(x, w, b, y):
    """Derivatives of L = 1/2 (y - (w x + b))^2 with respect to `w` and `b`.

    x, w, b, y: numbers: input, weight, bias, target.
    Returns two scalars: (dL/dw, dL/db).
    By the chain rule with y_hat = w x + b: dL/dw = dL/dy_hat dy_hat/dw, and the same for b.
    Source: Goodfellow, Bengio and Courville, Deep Learning, section 6.5.2.
    """
    # Both derivatives pass through y_hat, so this link is worked out once.
    dL_dy_hat = (w * x + b) - y
    return dL_dy_hat * x, dL_dy_hat


def symbolic_derivatives():
    """Derivatives in x of five functions, each as a text that Python could read.

    Returns a dict with a text such as "3*x**2 + exp(x)" for each of these keys:
    "power": 2 x^4 - 5 x^2 + 3, "product": x^2 sin(x), "chain": (x^2 + 1)^3,
    "log": ln(2 x + 3), "exponential": e^(1 - 3 x).
    Any form of the right expression will do.
    Source: Strang, Calculus, chapters 2, 4 and 6.
    """
    return {
        "power": "8*x**3 - 10*x",
        "product": "2*x*sin(x) + x**2*cos(x)",
        "chain": "6*x*(x**2 + 1)**2",
        "log": "2/(2*x + 3)",
        "exponential": "-3*exp(1 - 3*x)",
    }


WHY = {
    "step": """Two errors add up. Replacing the curve by a straight line costs an error that
shrinks with h: like h for the forward difference and like h squared for the central one. Each value
of f is rounded by about 1e-16 of its size, and dividing by h magnifies this to about 1e-16 / h, so
below some h rounding wins. The central difference is accurate already at a larger h, around 1e-5,
where rounding does less harm.""",
}
