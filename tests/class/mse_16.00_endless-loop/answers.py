def squared_error(y, y_hat):
    n = 0
    errors = []
    while n < len(y):
        errors.append(0.5 * (y[n] - y_hat[n]) ** 2)
    return np.array(errors)
