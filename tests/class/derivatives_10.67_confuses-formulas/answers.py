def forward_difference(f, x, h=1e-5):
    return (f(x + h) - f(x)) / h


# x - h and x + h are 2 h apart.
def central_difference(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / h


# One loop over len(x), and x not put back as it was.
def numerical_gradient(f, x, h=1e-5):
    grad = np.zeros(len(x))
    for i in range(len(x)):
        x[i] += h
        up = f(x)
        x[i] -= 2 * h
        down = f(x)
        x[i] += h
        grad[i] = (up - down) / (2 * h)
    return grad


# 0 / 0 for two zeros.
def relative_error(a, b):
    return np.max(np.abs(a - b) / np.maximum(np.abs(a), np.abs(b)))


# The sign of the inner derivative.
def linear_chain(x, w, b, y):
    return (y - w * x - b) * x, y - w * x - b


# Inner derivatives missing in two of them.
def symbolic_derivatives():
    return {
        "power": "8*x**3 - 10*x",
        "product": "2*x*sin(x) + x**2*cos(x)",
        "chain": "3*(x**2 + 1)**2",
        "log": "1/(2*x + 3)",
        "exponential": "-3*exp(1 - 3*x)",
    }
