# Consistent, but the sum where the mean is asked for: each gradient is that of this loss.
def mse(y, y_hat):
    return np.sum((y - y_hat) ** 2)


def mse_grad(y, y_hat):
    return 2 * (y_hat - y)
