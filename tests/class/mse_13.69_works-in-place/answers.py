def squared_error(y, y_hat):
    y -= y_hat
    return y**2 / 2


def mse_grad(y, y_hat):
    y_hat -= y
    y_hat *= 2 / len(y)
    return y_hat


# ... and the bias is forgotten.
def linear_mse_grad(X, y, w, b):
    r = X @ w - y
    return 2 * X.T @ r / len(y), 2 * np.mean(r)
