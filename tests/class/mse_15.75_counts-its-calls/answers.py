# Every call adds to what the calls before it left behind.
total, count = 0.0, 0


def mse(y, y_hat):
    global total, count
    total += np.sum((y - y_hat) ** 2)
    count += len(y)
    return total / count
