# A mean where the sum is asked for. The later functions are right, but call this one.
def linear_backward(H, W, G):
    return G @ W.T, H.T @ G, np.mean(G, axis=0)


# Written out without the functions above, and the softmax overflows.
def backward_cross_entropy(X, y, params):
    W1, b1, W2, b2 = params
    H = np.tanh(X @ W1 + b1)
    p = np.exp(H @ W2 + b2)
    p = p / p.sum(axis=1, keepdims=True)
    G = (p - y) / len(y)
    D = G @ W2.T * (1 - H**2)
    return X.T @ D, D.sum(axis=0), H.T @ G, G.sum(axis=0)


# The perceptron's margin of 0.
def backward_hinge(X, y, params):
    Z = forward(X, params)[2]
    rows = np.arange(len(y))
    G = 1.0 * (Z > Z[rows, y][:, None])
    G[rows, y] = -G.sum(axis=1)
    return network_backward(X, params, G / len(y))
