# cell mse_grad
def mse_grad(y, y_hat):
    return 2 * (y_hat - y / len(y)

# cell linear_mse_grad
def linear_mse_grad(X, y, w, b):
    r = X @ w + b - y
    return 2 / len(y) * X.T @ r, 2 * np.mean(r)
