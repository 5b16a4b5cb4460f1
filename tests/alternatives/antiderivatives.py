"""Right answers of the unit `antiderivatives` in other styles."""

import numpy as np

from tests.alternatives import alternative

# by_formula


@alternative("by_formula")
def by_formula_as_sympy_prints():
    return {
        "power": "C + 2*x**3 - 2*x**2 + 5*x",
        "negative": "C - 3/x",
        "reciprocal": "C + 2*log(x)",
        "exponential": "C + exp(3*x)/3",
        "sine": "C - cos(x)",
    }


@alternative("by_formula")
def by_formula_rules_spelled_out():
    return dict(
        power="6*x**(2 + 1)/(2 + 1) - 4*x**(1 + 1)/(1 + 1) + 5*x + C",
        negative="3*x**(-2 + 1)/(-2 + 1) + C",
        reciprocal="2*ln(abs(x)) + C",
        exponential="np.exp(3*x)*(1/3) + C",
        sine="-np.cos(x) + C",
    )


@alternative("by_formula")
def by_formula_other_constants():
    return {
        "power": "2*x**3 - 2*x**2 + 5*x + 7 - C",
        "negative": "3 - 3/x + 2*C",
        "reciprocal": "2*log(C*x)",
        "exponential": "(exp(3*x) + C)/3",
        "sine": "1 - cos(x) + C",
    }


@alternative("by_formula")
def by_formula_factored():
    return {
        "sine": "C + sin(x - pi/2)",
        "exponential": "e**(3*x)/3 + C",
        "reciprocal": "log(x**2) + C",
        "negative": "-3*x**-1 + C",
        "power": "x*(x*(2*x - 2) + 5) + C",
        "scratch": "not asked for",
    }


@alternative("by_formula")
def by_formula_other_functions():
    return {
        "power": " 2.0*x**3 - 2*x*x + 5*x+C ",
        "negative": "3*(x - 1)/x + C",
        "reciprocal": "-2*log(1/x) + C",
        "exponential": "(cosh(3*x) + sinh(3*x))/3 + C",
        "sine": "2*sin(x/2)**2 + C",
    }


# by_substitution_and_parts


@alternative("by_substitution_and_parts")
def by_substitution_and_parts_with_constants():
    return {
        "bell": "C - exp(-x**2)/2",
        "log_square": "log(x)**3/3 + C",
        "root": "2*(1 + sqrt(x)) - 2*log(1 + sqrt(x)) + C",
        "shifted": "2*(x + 1)**2.5/5 - 2*(x + 1)**1.5/3 + C",
        "wave": "x*sin(x) + cos(x) + C",
        "log": "x*log(x) - x + C",
        "twice": "exp(x)*(x**2 - 2*x + 2) + C",
    }


@alternative("by_substitution_and_parts")
def by_substitution_and_parts_as_sympy_prints():
    return {
        "bell": "-exp(-x**2)/2",
        "log_square": "log(x)**3/3",
        "root": "2*sqrt(x) - 2*log(sqrt(x) + 1)",
        "shifted": "2*x**2*sqrt(x + 1)/5 + 2*x*sqrt(x + 1)/15 - 4*sqrt(x + 1)/15",
        "wave": "x*sin(x) + cos(x)",
        "log": "x*log(x) - x",
        "twice": "x**2*exp(x) - 2*x*exp(x) + 2*exp(x)",
    }


@alternative("by_substitution_and_parts")
def by_substitution_and_parts_shifted():
    return {
        "bell": "(1 - exp(-x**2))/2 + 5",
        "log_square": "(log(x)**3 - 1)/3",
        "root": "2*sqrt(x) - log((1 + sqrt(x))**2)",
        "shifted": "2*sqrt(x + 1)*(3*x**2 + x - 2)/15 + 4/15",
        "wave": "x*cos(x - pi/2) + sin(x + pi/2) - 1",
        "log": "x*log(x/e)",
        "twice": "((x - 1)**2 + 1)*exp(x) - 2",
    }


@alternative("by_substitution_and_parts")
def by_substitution_and_parts_other_names():
    return dict(
        bell="-1/(2*math.exp(x**2))",
        log_square="ln(x)*ln(x)*ln(x)/3",
        root="2*x**0.5 - 2*ln(1 + x**0.5)",
        shifted="(x + 1)**(5/2)*(2/5) - (x + 1)**(3/2)*(2/3)",
        wave="np.sin(x)*x - -np.cos(x)",
        log="x*(ln(x) - 1)",
        twice="(x**2)*e**x - 2*(x*e**x - e**x)",
    )


@alternative("by_substitution_and_parts")
def by_substitution_and_parts_by_parts_instead():
    return {
        "bell": "-(cosh(x**2) - sinh(x**2))/2",
        "log_square": "log(x)*log(x)**2 - 2*log(x)**3/3",
        "root": "2*(sqrt(x) - log(1 + sqrt(x)))",
        "shifted": "2*x*(x + 1)**1.5/3 - 4*(x + 1)**2.5/15",
        "wave": "cos(x) + x*sin(x)",
        "log": "log(x)*x - x",
        "twice": "x**2*exp(x) - (2*x*exp(x) - 2*exp(x))",
    }


# trapezoid


@alternative("trapezoid")
def trapezoid_loop(y, dx):
    total = 0
    for i in range(len(y) - 1):
        total = total + (y[i] + y[i + 1]) / 2 * dx
    return total


@alternative("trapezoid")
def trapezoid_scipy(y, dx):
    from scipy.integrate import trapezoid

    return trapezoid(y, dx=dx, axis=0)


@alternative("trapezoid")
def trapezoid_slices(y, dx):
    return 0.5 * dx * (y[:-1] + y[1:]).sum(axis=0)


@alternative("trapezoid")
def trapezoid_weights(y, dx):
    weights = np.ones(len(y))
    weights[[0, -1]] = 0.5
    return np.tensordot(weights, y, axes=1) * dx


@alternative("trapezoid")
def trapezoid_convolution(y, dx):
    return (
        [*np.atleast_1d(dx * np.mean([y[1:], y[:-1]], axis=0).sum(axis=0))]
        if y.ndim > 1
        else float(dx * np.convolve(y, [0.5, 0.5], "valid").sum())
    )


@alternative("trapezoid")
def trapezoid_float32(y, dx):
    y = y.astype(np.float32)
    return np.float32(dx) * (y[1:-1].sum(axis=0) + (y[0] + y[-1]) / 2)


# simpson


@alternative("simpson")
def simpson_loop(y, dx):
    if len(y) % 2 != 1:
        raise ValueError("M must be odd")
    total = 0
    for i in range(0, len(y) - 2, 2):
        total = total + dx / 3 * (y[i] + 4 * y[i + 1] + y[i + 2])
    return total


@alternative("simpson")
def simpson_scipy(y, dx):
    from scipy.integrate import simpson

    if not len(y) & 1:
        raise ValueError
    return simpson(y, dx=dx, axis=0)


@alternative("simpson")
def simpson_weights(y, dx):
    if len(y) % 2 == 0:
        raise ValueError("an interval is left over")
    weights = np.where(np.arange(len(y)) % 2, 4.0, 2.0)
    weights[[0, -1]] = 1
    return weights @ y * dx / 3


@alternative("simpson")
def simpson_extrapolated(y, dx):
    class OddNumberNeeded(ValueError):
        pass

    def rule(y, dx):
        return dx * (np.sum(y, axis=0) - (y[0] + y[-1]) / 2)

    if (len(y) - 1) % 2:
        raise ValueError("odd number of intervals")
    return (4 * rule(y, dx) - rule(y[::2], 2 * dx)) / 3


@alternative("simpson")
def simpson_slices(y, dx):
    if len(y) % 2 == 0:
        raise ValueError("even")
    return np.asarray(dx * (y[:-2:2] + 4 * y[1:-1:2] + y[2::2]).sum(axis=0) / 3)


@alternative("simpson")
def simpson_recursion(y, dx):
    if len(y) % 2 == 0:
        raise ValueError("even")
    first = dx / 3 * (y[0] + 4 * y[1] + y[2])
    return first if len(y) == 3 else first + simpson_recursion(y[2:], dx)


# huber_from_clip


@alternative("huber_from_clip")
def huber_from_clip_masks(r, delta=1.0):
    loss = r**2 / 2
    outside = np.abs(r) > delta
    loss[outside] = delta * np.abs(r[outside]) - delta**2 / 2
    return loss


@alternative("huber_from_clip")
def huber_from_clip_scipy(r, delta=1.0):
    from scipy.special import huber

    return huber(delta, r)


@alternative("huber_from_clip")
def huber_from_clip_by_clip(r, delta=1.0):
    c = np.clip(r, -delta, delta)
    return c * (r - c / 2)


@alternative("huber_from_clip")
def huber_from_clip_loop(r, delta=1.0):
    def one(x):
        if abs(x) < delta:
            return x * x / 2
        return delta * abs(x) - delta * delta / 2

    return np.array([one(x) for x in r.ravel()]).reshape(r.shape).tolist()


@alternative("huber_from_clip")
def huber_from_clip_minimum(r, delta=1.0):
    inside = np.minimum(np.abs(r), delta)
    return inside**2 / 2 + delta * (np.abs(r) - inside)


@alternative("huber_from_clip")
def huber_from_clip_float32(r, delta=1.0):
    r = r.astype(np.float32)
    d = np.float32(delta)
    return np.piecewise(
        r,
        [r < -d, r > d],
        [lambda x: -d * x - d * d / 2, lambda x: d * x - d * d / 2, lambda x: x * x / 2],
    )


# log_cosh_from_tanh


@alternative("log_cosh_from_tanh")
def log_cosh_from_tanh_logaddexp(r):
    return np.logaddexp(r, -r) - np.log(2)


@alternative("log_cosh_from_tanh")
def log_cosh_from_tanh_pieces(r):
    size = np.minimum(np.abs(r), 300)
    return np.where(np.abs(r) > 300, np.abs(r) - np.log(2), np.log(np.cosh(size)))


@alternative("log_cosh_from_tanh")
def log_cosh_from_tanh_loop(r):
    import math

    flat = [abs(x) + math.log((1 + math.exp(-2 * abs(x))) / 2) for x in r.ravel()]
    return np.array(flat).reshape(r.shape).tolist()


@alternative("log_cosh_from_tanh")
def log_cosh_from_tanh_scipy(r):
    from scipy.special import logsumexp

    return logsumexp([r, -r], axis=0) - np.log(2)


@alternative("log_cosh_from_tanh")
def log_cosh_from_tanh_softplus(r):
    return np.logaddexp(0, 2 * r) - r - np.log(2)


# softplus_from_sigmoid


@alternative("softplus_from_sigmoid")
def softplus_from_sigmoid_logaddexp(z):
    return np.logaddexp(0, z)


@alternative("softplus_from_sigmoid")
def softplus_from_sigmoid_scipy(z):
    from scipy.special import log_expit

    return -log_expit(-z)


@alternative("softplus_from_sigmoid")
def softplus_from_sigmoid_pieces(z):
    out = np.zeros(z.shape)
    positive = z > 0
    out[positive] = z[positive] + np.log1p(np.exp(-z[positive]))
    out[~positive] = np.log1p(np.exp(z[~positive]))
    return out


@alternative("softplus_from_sigmoid")
def softplus_from_sigmoid_loop(z):
    from math import exp, log

    flat = [x if x > 40 else log(1 + exp(x)) for x in z.ravel()]
    return np.reshape(flat, z.shape)


@alternative("softplus_from_sigmoid")
def softplus_from_sigmoid_log_cosh(z):
    return (z + np.logaddexp(z / 2, -z / 2) * 2) / 2
