def hinge(y, s):
    return np.sum(np.maximum(0, 1 - y * s))


def hinge_grad(y, s):
    return np.where(y * s < 1, -y, 0.0)
