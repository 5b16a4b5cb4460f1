# nan where a prediction is exactly right.
def mae_grad(y, y_hat):
    r = y_hat - y
    return r / np.abs(r) / len(y)


# The factor of the root is forgotten ...
def rmse_grad(y, y_hat):
    return 2 * (y_hat - y) / len(y)


# ... and so is delta in the slope of the linear piece.
def huber_grad(y, y_hat, delta=1.0):
    r = y_hat - y
    return np.where(np.abs(r) <= delta, r, np.sign(r)) / len(y)
