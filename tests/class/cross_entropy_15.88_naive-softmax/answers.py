def softmax(z):
    return np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)


def softmax_cross_entropy(y, z):
    return cross_entropy(y, softmax(z))


def softmax_cross_entropy_grad(y, z):
    return (softmax(z) - y) / len(y)
