def squared_error(y, y_hat):
    print(0.5 * (y - y_hat) ** 2)


def mse(y, y_hat):
    loss = np.mean((y - y_hat) ** 2)
    print("mse:", loss)
