# The other side of every kink, where the reference takes one side: any slope between them is right.
def hinge_grad(y, s):
    return np.where(y * s <= 1, -y, 0) / len(s)


def perceptron_grad(y, s):
    return -0.5 * y * ((y * s < 0).astype(int) + (y * s <= 0)) / len(s)


def linear_svm_grad(X, y, w, b, reg):
    g = hinge_grad(y, X @ w + b)
    return [X.T @ g + reg * w, g.sum()]
