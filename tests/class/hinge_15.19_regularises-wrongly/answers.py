def hinge_grad(y, s):
    s *= y
    return np.where(s < 1, -y, 0) / len(s)


# A number from outside the two slopes where the score is 0.
def perceptron_grad(y, s):
    return -y * np.where(s == 0, 2.0, y * s < 0) / len(s)


# The regulariser acts on the bias too.
def linear_svm_grad(X, y, w, b, reg):
    g = np.where(y * (X @ w + b) < 1, -y, 0) / len(y)
    return X.T @ g + reg * w, np.sum(g) + reg * b
