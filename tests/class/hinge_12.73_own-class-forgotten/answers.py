# Without the maximum, so that good samples earn something.
def perceptron(y, s):
    return np.mean(-y * s)


# The own class counts, with delta.
def multiclass_hinge(y, S, delta=1.0):
    own = S[np.arange(len(y)), y]
    return np.mean(np.sum(np.maximum(0, S - own[:, None] + delta), axis=1))


# Only the wrong classes have a gradient.
def multiclass_hinge_grad(y, S, delta=1.0):
    own = S[np.arange(len(y)), y]
    grad = (S - own[:, None] + delta > 0).astype(float)
    grad[np.arange(len(y)), y] = 0
    return grad / len(y)
