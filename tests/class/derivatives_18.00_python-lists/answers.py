# Plain Python wherever it will do.
def forward_difference(f, x, h=1e-5):
    return float((f(x + h) - f(x)) / h)


def relative_error(a, b):
    a, b = np.ravel(a).tolist(), np.ravel(b).tolist()
    errors = []
    for p, q in zip(a, b):
        errors.append(abs(p - q) / max(abs(p), abs(q), 1e-8))
    return max(errors)


def linear_chain(x, w, b, y):
    r = w * x + b - y
    return [r * x, r]


def symbolic_derivatives():
    return dict(
        power="8*x**3 - 5*2*x",
        product="x*(2*sin(x) + x*cos(x))",
        chain="3*(x*x + 1)**2*2*x",
        log="1/(x + 1.5)",
        exponential="-3*exp(1)/exp(3*x)",
    )
