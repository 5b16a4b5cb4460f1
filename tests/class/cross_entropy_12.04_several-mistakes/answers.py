# 0 log 0 is nan.
def cross_entropy(y, p):
    return -np.sum(y * np.log(p)) / len(y)


# The gradient with respect to the logits.
def cross_entropy_grad(y, p):
    return (p - y) / len(y)


# The sign, with a gradient that is right nevertheless.
def log_loss(y, p):
    return np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def softmax_cross_entropy(y, z):
    z = z - z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(z).sum(axis=1)) - (y * z).sum(axis=1))


def softmax_cross_entropy_grad(y, z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True) - y) / len(y)
