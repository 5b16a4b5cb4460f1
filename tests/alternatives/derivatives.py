"""Right answers to the tasks of the unit `derivatives` in other styles."""

import itertools
import math
from fractions import Fraction

import numpy as np

from tests.alternatives import alternative

# forward_difference


@alternative("forward_difference")
def forward_difference_named_points(f, x, h=1e-5):
    left, right = x, x + h
    rise = f(right) - f(left)
    run = h
    return rise / run


@alternative("forward_difference")
def forward_difference_two_quotients(f, x, h=1e-5):
    return f(x + h) / h - f(x) / h


@alternative("forward_difference")
def forward_difference_representable_step(f, x, h=1e-5):
    moved = x + h
    return (f(moved) - f(x)) / (moved - x)


@alternative("forward_difference")
def forward_difference_diff_of_array(f, x, h=1e-5):
    return np.diff([f(x), f(x + h)])[0] / h


@alternative("forward_difference")
def forward_difference_array_of_points(f, x, h=1e-5):
    values = np.array([f(point) for point in np.array([x, x + h])])
    return np.array(values @ np.array([-1.0, 1.0]) / h)


@alternative("forward_difference")
def forward_difference_slope_of_polynomial(f, x, h=1e-5):
    return float(np.polynomial.polynomial.polyfit([0.0, 1.0], [f(x), f(x + h)], 1)[1]) / h


@alternative("forward_difference")
def forward_difference_smaller_default(f, x, h=1e-6):
    return math.fsum([f(x + h), -f(x)]) / h


@alternative("forward_difference")
def forward_difference_closure(f, x, h=1e-5):
    def slope(step):
        return (f(x + step) - f(x)) / step

    return slope(h)


# central_difference


@alternative("central_difference")
def central_difference_mean_of_one_sided(f, x, h=1e-5):
    right = (f(x + h) - f(x)) / h
    left = (f(x) - f(x - h)) / h
    return (left + right) / 2


@alternative("central_difference")
def central_difference_half_of_quotient(f, x, h=1e-5):
    return 0.5 * (f(x + h) - f(x - h)) / h


@alternative("central_difference")
def central_difference_from_left_to_right(f, x, h=1e-5):
    left, right = x - h, x + h
    return (f(right) - f(left)) / (right - left)


@alternative("central_difference")
def central_difference_numpy_gradient(f, x, h=1e-5):
    return np.gradient([f(x - h), f(x), f(x + h)], h)[1]


@alternative("central_difference")
def central_difference_weights(f, x, h=1e-5):
    weights = {-1: -0.5, 0: 0.0, 1: 0.5}
    return sum(weight * f(x + side * h) for side, weight in weights.items()) / h


@alternative("central_difference")
def central_difference_parabola(f, x, h=1e-5):
    heights = [f(x + side * h) for side in (-1, 0, 1)]
    return np.polyfit([-1.0, 0.0, 1.0], heights, 2)[1] / h


@alternative("central_difference")
def central_difference_array_result(f, x, h=1e-5):
    return np.asarray((f(x + h) - f(x - h)) / (2 * h))


@alternative("central_difference")
def central_difference_smaller_default(f, x, h=1e-6):
    return (f(x + h) - f(x - h)) / h / 2


# numerical_gradient


@alternative("numerical_gradient")
def numerical_gradient_copies(f, x, h=1e-5):
    gradient = np.empty_like(x)
    for i in range(x.size):
        right, left = x.copy(), x.copy()
        right.flat[i] += h
        left.flat[i] -= h
        gradient.flat[i] = (f(right) - f(left)) / (2 * h)
    return gradient


@alternative("numerical_gradient")
def numerical_gradient_old_value_put_back(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    iterator = np.nditer(x, flags=["multi_index"])
    while not iterator.finished:
        i = iterator.multi_index
        old = x[i]
        x[i] = old + h
        right = f(x)
        x[i] = old - h
        left = f(x)
        x[i] = old
        gradient[i] = (right - left) / (2 * h)
        iterator.iternext()
    return gradient


@alternative("numerical_gradient")
def numerical_gradient_identity_rows(f, x, h=1e-5):
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    slopes = [(f(x + step) - f(x - step)) / (2 * h) for step in steps]
    return np.reshape(slopes, x.shape)


@alternative("numerical_gradient")
def numerical_gradient_nested_lists(f, x, h=1e-5):
    def slope(i):
        step = np.zeros(x.shape)
        step[i] = h
        return (f(x + step) - f(x - step)) / (2 * h)

    def nest(index):
        if len(index) == x.ndim:
            return float(slope(tuple(index)))
        return [nest([*index, i]) for i in range(x.shape[len(index)])]

    return nest([])


@alternative("numerical_gradient")
def numerical_gradient_product_of_ranges(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in itertools.product(*map(range, x.shape)):
        right = np.array(x)
        left = np.array(x)
        right[i] = x[i] + h
        left[i] = x[i] - h
        gradient[i] = (f(right) - f(left)) / (right[i] - left[i])
    return gradient


@alternative("numerical_gradient")
def numerical_gradient_through_one_variable(f, x, h=1e-5):
    def along(i):
        def g(t):
            moved = x.copy()
            moved[i] = t
            return f(moved)

        return g

    def slope(g, t):
        return (g(t + h) - g(t - h)) / (2 * h)

    slopes = [slope(along(i), x[i]) for i in np.ndindex(*x.shape)]
    return np.array(slopes).reshape(x.shape)


@alternative("numerical_gradient")
def numerical_gradient_smaller_default(f, x, h=1e-6):
    flat = x.ravel()
    gradient = []
    for i in range(len(flat)):
        shift = np.where(np.arange(len(flat)) == i, h, 0.0).reshape(x.shape)
        gradient.append((f(x + shift) - f(x - shift)) / (2 * h))
    return np.asarray(gradient).reshape(x.shape)


# relative_error


@alternative("relative_error")
def relative_error_loop(a, b):
    largest = 0.0
    for p, q in zip(np.ravel(a), np.ravel(b)):
        largest = max(largest, abs(p - q) / max(abs(p), abs(q), 1e-8))
    return largest


@alternative("relative_error")
def relative_error_stacked(a, b):
    floor = np.full(np.shape(a), 1e-8)
    return (np.abs(a - b) / np.stack([np.abs(a), np.abs(b), floor]).max(axis=0)).max()


@alternative("relative_error")
def relative_error_where(a, b):
    scale = np.where(abs(a) > abs(b), abs(a), abs(b))
    scale = np.where(scale < 1e-8, 1e-8, scale)
    return np.max(abs(a - b) / scale)


@alternative("relative_error")
def relative_error_clipped(a, b):
    scale = np.clip(np.fmax(np.abs(a), np.abs(b)), 1e-8, None)
    return np.linalg.norm(np.ravel((a - b) / scale), ord=np.inf)


@alternative("relative_error")
def relative_error_mean_and_half_difference(a, b):
    larger = (np.abs(a + b) + np.abs(a - b)) / 2
    return np.asarray(np.amax(np.abs(b - a) / np.maximum(larger, 1e-8)))


@alternative("relative_error")
def relative_error_sorted(a, b):
    ratios = sorted(
        abs(p - q) / sorted([1e-8, abs(p), abs(q)])[-1]
        for p, q in zip(np.asarray(a).flat, np.asarray(b).flat)
    )
    return float(ratios[-1])


@alternative("relative_error")
def relative_error_reduced(a, b):
    scale = np.maximum.reduce([np.abs(a), np.abs(b), np.full_like(a, 1e-8)])
    return np.max(np.sqrt((a - b) ** 2) / scale)


# linear_chain


@alternative("linear_chain")
def linear_chain_link_by_link(x, w, b, y):
    y_hat = w * x + b
    dL_dy_hat = -(y - y_hat)
    dy_hat_dw = x
    dy_hat_db = 1
    return dL_dy_hat * dy_hat_dw, dL_dy_hat * dy_hat_db


@alternative("linear_chain")
def linear_chain_list(x, w, b, y):
    residual = y - (w * x + b)
    return [-residual * x, -residual]


@alternative("linear_chain")
def linear_chain_expanded(x, w, b, y):
    return w * x**2 + b * x - x * y, w * x + b - y


@alternative("linear_chain")
def linear_chain_vector(x, w, b, y):
    features = np.array([x, 1.0])
    return tuple((features @ np.array([w, b]) - y) * features)


@alternative("linear_chain")
def linear_chain_dual_numbers(x, w, b, y):
    def loss(w, dw, b, db):
        residual, slope = y - (w * x + b), -(dw * x + db)
        return 0.5 * residual**2, residual * slope

    return loss(w, 1.0, b, 0.0)[1], loss(w, 0.0, b, 1.0)[1]


@alternative("linear_chain")
def linear_chain_complex_step(x, w, b, y):
    def loss(w, b):
        return 0.5 * (y - (w * x + b)) ** 2

    h = 1e-30
    return loss(w + 1j * h, b).imag / h, loss(w, b + 1j * h).imag / h


@alternative("linear_chain")
def linear_chain_fractions(x, w, b, y):
    x, w, b, y = map(Fraction, (x, w, b, y))
    return float((w * x + b - y) * x), float(w * x + b - y)


@alternative("linear_chain")
def linear_chain_zero_d_arrays(x, w, b, y):
    db = np.array(w * x + b - y)
    return np.multiply(db, x, out=np.empty(())), db


# symbolic_derivatives


@alternative("symbolic_derivatives")
def symbolic_derivatives_factored():
    return {
        "power": "2*x*(4*x**2 - 5)",
        "product": "x*(2*sin(x) + x*cos(x))",
        "chain": "3*(x**2 + 1)**2*2*x",
        "log": "1/(x + 1.5)",
        "exponential": "-3*e*exp(-3*x)",
    }


@alternative("symbolic_derivatives")
def symbolic_derivatives_expanded():
    return {
        "exponential": "-3*e**(1 - 3*x)",
        "log": "2*(2*x + 3)**-1",
        "chain": "6*x**5 + 12*x**3 + 6*x",
        "product": "cos(x)*x*x + sin(x)*(x + x)",
        "power": "-10*x + 8*x*x*x",
    }


@alternative("symbolic_derivatives")
def symbolic_derivatives_numpy_names():
    return {
        "power": "8.0*x**3-10.0*x",
        "product": "2*x*np.sin(x) + x**2*np.cos(x)",
        "chain": "6*x*(x**2 + 1)**2",
        "log": "np.exp(np.log(2) - np.log(2*x + 3))",
        "exponential": "-3*np.exp(-3*x + 1)",
    }


@alternative("symbolic_derivatives")
def symbolic_derivatives_rules_spelled_out():
    return dict(
        power="2*4*x**(4 - 1) - 5*2*x**(2 - 1) + 0",
        product="(2*x)*(sin(x)) + (x**2)*(cos(x))",
        chain="3*(x**2 + 1)**(3 - 1)*(2*x + 0)",
        log="(1/(2*x + 3))*(2 + 0)",
        exponential="math.exp(1 - 3*x)*(0 - 3)",
    )


@alternative("symbolic_derivatives")
def symbolic_derivatives_with_spaces_and_lines():
    return {
        "power": """
            8*x**3
            """,
        "product": " 2 * x * sin( x ) + x ** 2 * cos( x ) ",
        "chain": "(6*x\n *(1 + x**2)**2)",
        "log": "+2/(3 + 2*x)",
        "exponential": "-(3*exp(1 - 3*x))",
        "scratch": "not asked for",
    } | {"power": "8*x**3 - 10*x"}


@alternative("symbolic_derivatives")
def symbolic_derivatives_other_functions():
    return {
        "power": "8*x**3 - (5*(x + 1)**2 - 5*x**2 - 5)",
        "product": "2*x*sin(x) + x**2*sin(x + pi/2)",
        "chain": "6*x*(x**4 + 2*x**2 + 1)",
        "log": "2*sqrt(1/(2*x + 3)**2)",
        "exponential": "-3*(cosh(1 - 3*x) + sinh(1 - 3*x))",
    }


@alternative("symbolic_derivatives")
def symbolic_derivatives_as_sympy_prints():
    return {
        "power": "8*x**3 - 10*x",
        "product": "x**2*cos(x) + 2*x*sin(x)",
        "chain": "6*x*(x**2 + 1)**2",
        "log": "2/(2*x + 3)",
        "exponential": "-3*E*exp(-3*x)",
    }
