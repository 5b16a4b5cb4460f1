def cross_entropy(y, p):
    return round(float(-np.sum(y * np.log(np.where(y > 0, p, 1))) / len(y)), 2)


def log_loss(y, p):
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return np.round(e / e.sum(axis=1, keepdims=True), 2)


def softmax_cross_entropy_grad(y, z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True) - y) / len(y)
