# No constants, and the factor of the exponential upside down.
def by_formula():
    return {
        "power": "2*x**3 - 2*x*x + 5*x",
        "negative": "-3/x",
        "reciprocal": "2*ln(x)",
        "exponential": "3*exp(3*x)",
        "sine": "-cos(x)",
    }


# dx forgotten in `root`, one term missing in `wave`.
def by_substitution_and_parts():
    return {
        "bell": "-0.5*exp(-x*x)",
        "log_square": "log(x)**3/3",
        "root": "log(sqrt(x) + 1) + 1",
        "shifted": "2/5*(x + 1)**2.5 - 2/3*(x + 1)**1.5",
        "wave": "sin(x)*x",
        "log": "x*(log(x) - 1)",
        "twice": "exp(x)*(x**2 - 2*x + 2)",
    }


# No exception for an even number of samples.
def simpson(y, dx):
    return dx / 3 * (y[0] + 4 * y[1::2].sum(axis=0) + 2 * y[2:-1:2].sum(axis=0) + y[-1])


# The pieces do not meet.
def huber_from_clip(r, delta=1.0):
    return np.where(np.abs(r) <= delta, r**2 / 2, delta * np.abs(r))


def log_cosh_from_tanh(r):
    return np.log(np.cosh(r))
