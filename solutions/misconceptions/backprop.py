"""Wrong answers to the unit `backprop` that people really give."""

import numpy as np

from solutions import backprop as reference
from solutions.misconceptions import misconception

# forward


@misconception(
    "forward",
    check="shape",
    hint="You return the output only: the way back needs the intermediate results A and H as well.",
)
def forward_output_only(X, params):
    W1, b1, W2, b2 = params
    return np.tanh(X @ W1 + b1) @ W2 + b2


@misconception(
    "forward",
    check="shape",
    hint="You return nothing: printing the output is not the same as returning it.",
)
def forward_printed(X, params):
    print(reference.forward(X, params)[2])


@misconception(
    "forward",
    check="shape",
    hint="The weights are transposed: samples are rows, so X W1 needs no transpose here.",
)
def forward_transposed(X, params):
    W1, b1, W2, b2 = params
    A = X @ W1.T + b1
    H = np.tanh(A)
    return A, H, H @ W2.T + b2


@misconception(
    "forward",
    check="linear",
    hint="The bias b1 is missing in the hidden layer.",
)
def forward_without_b1(X, params):
    W1, b1, W2, b2 = params
    A = X @ W1
    H = np.tanh(A)
    return A, H, H @ W2 + b2


@misconception(
    "forward",
    check="linear",
    hint="Your A is the same as H: tanh has overwritten it, or was applied one step too early.",
)
def forward_overwritten(X, params):
    W1, b1, W2, b2 = params
    A = X @ W1 + b1
    H = np.tanh(A, out=A)
    return A, H, H @ W2 + b2


@misconception(
    "forward",
    check="hidden",
    hint="Your hidden layer uses the sigmoid; this network uses tanh.",
)
def forward_sigmoid(X, params):
    W1, b1, W2, b2 = params
    A = X @ W1 + b1
    H = 1 / (1 + np.exp(-A))
    return A, H, H @ W2 + b2


@misconception(
    "forward",
    check="hidden",
    hint="Your hidden layer cuts at 0 (ReLU); this network uses tanh.",
)
def forward_relu(X, params):
    W1, b1, W2, b2 = params
    A = X @ W1 + b1
    H = np.maximum(0, A)
    return A, H, H @ W2 + b2


@misconception(
    "forward",
    check="hidden",
    hint="There is no tanh in your network: two linear layers in a row are one linear layer.",
)
def forward_without_tanh(X, params):
    W1, b1, W2, b2 = params
    A = X @ W1 + b1
    return A, A.copy(), A @ W2 + b2


@misconception(
    "forward",
    check="output",
    hint="The bias b2 is missing in the output.",
)
def forward_without_b2(X, params):
    A, H, Z = reference.forward(X, params)
    return A, H, Z - params[3]


@misconception(
    "forward",
    check="output",
    hint="You apply tanh to the output too: scores and regression values must not be squeezed.",
)
def forward_tanh_at_output(X, params):
    A, H, Z = reference.forward(X, params)
    return A, H, np.tanh(Z)


@misconception(
    "forward",
    check="output",
    hint="Your output is computed from A; it must come from H, after the tanh.",
)
def forward_output_from_a(X, params):
    A, H, _ = reference.forward(X, params)
    return A, H, A @ params[2] + params[3]


@misconception(
    "forward",
    check="purity",
    hint="The bias b1 is changed inside the function, by an operator such as `-=` or `+=`.",
)
def forward_shifts_b1(X, params):
    results = reference.forward(X, params)
    params[1][:] = results[0][0]
    return results


# linear_backward


@misconception(
    "linear_backward",
    check="shape",
    hint="You print the gradients and return None: the next layer needs them returned.",
)
def linear_backward_printed(H, W, G):
    print(H.T @ G)


@misconception(
    "linear_backward",
    check="shape",
    hint="You return the gradients by W and b only: the one by the input H carries the chain on.",
)
def linear_backward_without_input(H, W, G):
    return H.T @ G, np.sum(G, axis=0)


@misconception(
    "linear_backward",
    check="shape",
    hint="The order is wrong: first the gradient by H, then by W, then by b.",
)
def linear_backward_reordered(H, W, G):
    return H.T @ G, np.sum(G, axis=0), G @ W.T


@misconception(
    "linear_backward",
    check="shape",
    hint="Your gradient by b has one row per sample: sum them, because one b serves all samples.",
)
def linear_backward_bias_per_sample(H, W, G):
    return G @ W.T, H.T @ G, G.copy()


@misconception(
    "linear_backward",
    check="shape",
    hint="Your gradient by b is summed over the outputs (axis 1): sum over the samples instead.",
)
def linear_backward_bias_axis(H, W, G):
    return G @ W.T, H.T @ G, np.sum(G, axis=1)


@misconception(
    "linear_backward",
    check="shape",
    hint="Your gradient by W is transposed: it must have the shape of W itself.",
)
def linear_backward_weights_transposed(H, W, G):
    return G @ W.T, G.T @ H, np.sum(G, axis=0)


@misconception(
    "linear_backward",
    check="shape",
    hint="The shapes do not fit: on the way back G meets the weights the other way round.",
)
def linear_backward_input_untransposed(H, W, G):
    return G @ W, H.T @ G, np.sum(G, axis=0)


@misconception(
    "linear_backward",
    check="input",
    hint="The weights are missing in the gradient by H: each entry of G must be multiplied by one.",
)
def linear_backward_input_without_weights(H, W, G):
    return np.sum(G, axis=1, keepdims=True) * np.ones_like(H), H.T @ G, np.sum(G, axis=0)


@misconception(
    "linear_backward",
    check="weights",
    hint="You divide the gradients by W and b by N: the mean's 1/N is in G already.",
)
def linear_backward_mean(H, W, G):
    return G @ W.T, H.T @ G / len(G), np.mean(G, axis=0)


@misconception(
    "linear_backward",
    check="weights",
    hint="Your gradient by W does not contain G: the slope of Z must be multiplied by that of L.",
)
def linear_backward_weights_without_gradient(H, W, G):
    return G @ W.T, H.T @ np.ones_like(G), np.sum(G, axis=0)


@misconception(
    "linear_backward",
    check="bias",
    hint="Your gradient by b is a mean over the samples; it is their sum, the 1/N is in G already.",
)
def linear_backward_bias_mean(H, W, G):
    return G @ W.T, H.T @ G, np.mean(G, axis=0)


@misconception(
    "linear_backward",
    check="single",
    hint="With one output or one sample a `squeeze` removes an axis that has to stay.",
)
def linear_backward_squeezed(H, W, G):
    return np.squeeze(G @ W.T), np.squeeze(H.T @ G), np.squeeze(np.sum(G, axis=0))


# tanh_backward


@misconception(
    "tanh_backward",
    check="shape",
    hint="You return nothing: printing the gradient is not the same as returning it.",
)
def tanh_backward_printed(H, G):
    print(G * (1 - H**2))


@misconception(
    "tanh_backward",
    check="shape",
    hint="tanh acts on every entry by itself: multiply entry by entry, not as matrices.",
)
def tanh_backward_matrix_product(H, G):
    return G @ (1 - H**2).T


@misconception(
    "tanh_backward",
    check="shape",
    hint="Your gradient is summed over the samples: here every sample keeps its own row.",
)
def tanh_backward_summed(H, G):
    return np.sum(G * (1 - H**2), axis=0)


@misconception(
    "tanh_backward",
    check="gradient",
    hint="You apply tanh twice: H is the output of tanh already, not its input.",
)
def tanh_backward_twice(H, G):
    return G * (1 - np.tanh(H) ** 2)


@misconception(
    "tanh_backward",
    check="gradient",
    hint="This is the derivative of tanh alone: the chain rule multiplies it by G.",
)
def tanh_backward_without_g(H, G):
    return 1 - H**2


@misconception(
    "tanh_backward",
    check="gradient",
    hint="The sign before the square is wrong: a slope of tanh is never above 1.",
)
def tanh_backward_plus(H, G):
    return G * (1 + H**2)


@misconception(
    "tanh_backward",
    check="gradient",
    hint="The sign of the slope is turned around: tanh rises everywhere.",
)
def tanh_backward_negative(H, G):
    return G * (H**2 - 1)


@misconception(
    "tanh_backward",
    check="gradient",
    hint="The square is missing: the slope of tanh is the same at H and at -H.",
)
def tanh_backward_without_square(H, G):
    return G * (1 - H)


@misconception(
    "tanh_backward",
    check="gradient",
    hint="This is the derivative of the sigmoid; that of tanh is different.",
)
def tanh_backward_sigmoid(H, G):
    return G * H * (1 - H)


@misconception(
    "tanh_backward",
    check="gradient",
    hint="This is the derivative of the ReLU, 0 or 1; tanh has a slope everywhere.",
)
def tanh_backward_relu(H, G):
    return G * (H > 0)


@misconception(
    "tanh_backward",
    check="gradient",
    hint="You pass the gradient on unchanged: the derivative of tanh is missing.",
)
def tanh_backward_identity(H, G):
    return G.copy()


@misconception(
    "tanh_backward",
    check="purity",
    hint="The gradient G is changed in place, by an operator such as `*=`: work on a new array.",
)
def tanh_backward_in_place(H, G):
    G *= 1 - H**2
    return G


# network_backward


@misconception(
    "network_backward",
    check="shape",
    hint="The order is that of the way back; it must be that of params: by W1, b1, W2, b2.",
)
def network_backward_reordered(X, params, G):
    W1, b1, W2, b2 = reference.network_backward(X, params, G)
    return W2, b2, W1, b1


@misconception(
    "network_backward",
    check="shape",
    hint="The gradients by b1 and b2 have one row per sample: the sum over the samples is missing.",
)
def network_backward_bias_per_sample(X, params, G):
    grad_W1, _, grad_W2, _ = reference.network_backward(X, params, G)
    H = reference.forward(X, params)[1]
    return grad_W1, (G @ params[2].T) * (1 - H**2), grad_W2, G.copy()


@misconception(
    "network_backward",
    check="shape",
    hint="The gradient by W1 is built with H, the output of that layer; it takes X, its input.",
)
def network_backward_hidden_for_input(X, params, G):
    H = reference.forward(X, params)[1]
    _, grad_b1, grad_W2, grad_b2 = reference.network_backward(X, params, G)
    return H.T @ ((G @ params[2].T) * (1 - H**2)), grad_b1, grad_W2, grad_b2


@misconception(
    "network_backward",
    check="layer_2",
    hint="Your gradient by W2 is built with A; the input of the second layer is H, after the tanh.",
)
def network_backward_before_tanh(X, params, G):
    A = reference.forward(X, params)[0]
    grad_W1, grad_b1, _, grad_b2 = reference.network_backward(X, params, G)
    return grad_W1, grad_b1, A.T @ G, grad_b2


@misconception(
    "network_backward",
    check="layer_2",
    hint="You multiply G by a slope of tanh at the output; no tanh follows the last layer.",
)
def network_backward_tanh_at_output(X, params, G):
    Z = reference.forward(X, params)[2]
    return reference.network_backward(X, params, G * (1 - np.tanh(Z) ** 2))


@misconception(
    "network_backward",
    check="layer_2",
    hint="Your gradients are divided by N: the mean's 1/N is in G already.",
)
def network_backward_mean(X, params, G):
    return reference.network_backward(X, params, G / len(X))


@misconception(
    "network_backward",
    check="layer_1",
    hint="The derivative of tanh is missing on the way to the first layer.",
)
def network_backward_without_tanh(X, params, G):
    _, _, grad_W2, grad_b2 = reference.network_backward(X, params, G)
    grad_A = G @ params[2].T
    return X.T @ grad_A, grad_A.sum(axis=0), grad_W2, grad_b2


@misconception(
    "network_backward",
    check="layer_1",
    hint="You take the slope of tanh at H; H is its output already, so tanh is applied twice.",
)
def network_backward_tanh_twice(X, params, G):
    H = reference.forward(X, params)[1]
    _, _, grad_W2, grad_b2 = reference.network_backward(X, params, G)
    grad_A = (G @ params[2].T) * (1 - np.tanh(H) ** 2)
    return X.T @ grad_A, grad_A.sum(axis=0), grad_W2, grad_b2


@misconception(
    "network_backward",
    check="layer_1",
    hint="The weights W2 are missing on the way to the first layer: G reaches H through them.",
)
def network_backward_without_w2(X, params, G):
    H = reference.forward(X, params)[1]
    _, _, grad_W2, grad_b2 = reference.network_backward(X, params, G)
    grad_A = G.sum(axis=1, keepdims=True) * (1 - H**2)
    return X.T @ grad_A, grad_A.sum(axis=0), grad_W2, grad_b2


@misconception(
    "network_backward",
    check="layer_1",
    hint="You go back through W2 after a step; use the W2 of the way forward.",
)
def network_backward_w2_after_step(X, params, G):
    W1, b1, W2, b2 = params
    H = reference.forward(X, params)[1]
    grad_W2 = H.T @ G
    grad_A = (G @ (W2 - grad_W2).T) * (1 - H**2)
    return X.T @ grad_A, grad_A.sum(axis=0), grad_W2, G.sum(axis=0)


@misconception(
    "network_backward",
    check="layer_1",
    hint="The gradients of the first layer are 0: the chain stops at the second layer.",
)
def network_backward_last_layer_only(X, params, G):
    W1, b1, W2, b2 = reference.network_backward(X, params, G)
    return 0 * W1, 0 * b1, W2, b2


@misconception(
    "network_backward",
    check="purity",
    hint="The parameters are changed inside: a gradient only measures, steps are taken elsewhere.",
)
def network_backward_updates(X, params, G):
    grads = reference.network_backward(X, params, G)
    for p, g in zip(params, grads):
        p -= 0.1 * g
    return grads


# The three losses: what goes wrong at the output, and behind it


def carry(X, params, G):
    """The right chain behind a wrong gradient at the output."""
    return reference.network_backward(X, params, G)


def output(X, params):
    return reference.forward(X, params)[2]


# backward_mse


@misconception(
    "backward_mse",
    check="shape",
    hint="You return nothing: printing the gradients is not the same as returning them.",
)
def backward_mse_printed(X, y, params):
    print(reference.backward_mse(X, y, params))


@misconception(
    "backward_mse",
    check="shape",
    hint="This is the squared error itself; the four gradients by the parameters are asked for.",
)
def backward_mse_loss(X, y, params):
    return np.sum((output(X, params) - y) ** 2) / len(y)


@misconception(
    "backward_mse",
    check="shape",
    hint="This is the gradient at the output: carry it on to the four parameters.",
)
def backward_mse_at_output(X, y, params):
    return 2 * (output(X, params) - y) / len(y)


@misconception(
    "backward_mse",
    check="gradient",
    hint="Your gradients are half as large as they should be: the square's factor 2 is missing.",
)
def backward_mse_without_two(X, y, params):
    return carry(X, params, (output(X, params) - y) / len(y))


@misconception(
    "backward_mse",
    check="gradient",
    hint="Your gradients are N times too large: the mean's 1/N is missing.",
)
def backward_mse_without_mean(X, y, params):
    return carry(X, params, 2 * (output(X, params) - y))


@misconception(
    "backward_mse",
    check="gradient",
    hint="You divide by all N times K entries of y; the mean runs over the N samples.",
)
def backward_mse_mean_of_entries(X, y, params):
    return carry(X, params, 2 * (output(X, params) - y) / y.size)


@misconception(
    "backward_mse",
    check="gradient",
    hint="You divide by N twice: once at the output is enough.",
)
def backward_mse_mean_twice(X, y, params):
    return carry(X, params, 2 * (output(X, params) - y) / len(y) ** 2)


@misconception(
    "backward_mse",
    check="gradient",
    hint="The sign is wrong: the inner derivative of y - Z by Z is -1.",
)
def backward_mse_negative(X, y, params):
    return carry(X, params, 2 * (y - output(X, params)) / len(y))


@misconception(
    "backward_mse",
    check="gradient",
    hint="The square is still there: you carry the squared errors back, not their derivatives.",
)
def backward_mse_squares(X, y, params):
    return carry(X, params, (output(X, params) - y) ** 2 / len(y))


@misconception(
    "backward_mse",
    check="gradient",
    hint="You forget to subtract the targets: the output itself is carried back.",
)
def backward_mse_without_targets(X, y, params):
    return carry(X, params, 2 * output(X, params) / len(y))


@misconception(
    "backward_mse",
    check="gradient",
    hint="The hidden layer is differentiated as a ReLU; its activation is tanh.",
)
def backward_mse_relu(X, y, params):
    _, H, Z = reference.forward(X, params)
    G = 2 * (Z - y) / len(y)
    grad_A = (G @ params[2].T) * (H > 0)
    return X.T @ grad_A, grad_A.sum(axis=0), H.T @ G, G.sum(axis=0)


@misconception(
    "backward_mse",
    check="purity",
    hint="The residuals are written into `y`: the caller's targets are overwritten.",
)
def backward_mse_overwrites_y(X, y, params):
    y -= output(X, params)
    return carry(X, params, -2 * y / len(y))


# backward_cross_entropy


def probabilities(Z, axis=1):
    p = np.exp(Z - Z.max(axis=axis, keepdims=True))
    return p / p.sum(axis=axis, keepdims=True)


@misconception(
    "backward_cross_entropy",
    check="shape",
    hint="This is the cross-entropy itself; the four gradients by the parameters are asked for.",
)
def backward_cross_entropy_loss(X, y, params):
    return -np.sum(y * np.log(probabilities(output(X, params)))) / len(y)


@misconception(
    "backward_cross_entropy",
    check="gradient",
    hint="The 1/N of the mean cross-entropy is missing: your gradients are N times too large.",
)
def backward_cross_entropy_without_mean(X, y, params):
    return carry(X, params, probabilities(output(X, params)) - y)


@misconception(
    "backward_cross_entropy",
    check="gradient",
    hint="The sign is wrong: the loss falls when the output of the true class rises.",
)
def backward_cross_entropy_negative(X, y, params):
    return carry(X, params, (y - probabilities(output(X, params))) / len(y))


@misconception(
    "backward_cross_entropy",
    check="gradient",
    hint="You stop at the probabilities: the derivative of the softmax itself is missing.",
)
def backward_cross_entropy_by_probabilities(X, y, params):
    return carry(X, params, -y / probabilities(output(X, params)) / len(y))


@misconception(
    "backward_cross_entropy",
    check="gradient",
    hint="Only the true class moves in your gradient: each output stands in every probability.",
)
def backward_cross_entropy_diagonal(X, y, params):
    p = probabilities(output(X, params))
    return carry(X, params, -y * (1 - p) / len(y))


@misconception(
    "backward_cross_entropy",
    check="gradient",
    hint="The probabilities are taken over the samples (axis 0): each row is a softmax of its own.",
)
def backward_cross_entropy_axis(X, y, params):
    return carry(X, params, (probabilities(output(X, params), axis=0) - y) / len(y))


@misconception(
    "backward_cross_entropy",
    check="gradient",
    hint="You use a sigmoid of every output; the classes share one softmax.",
)
def backward_cross_entropy_sigmoid(X, y, params):
    return carry(X, params, (1 / (1 + np.exp(-output(X, params))) - y) / len(y))


@misconception(
    "backward_cross_entropy",
    check="gradient",
    hint="You subtract the labels from the outputs: the softmax between them is missing.",
)
def backward_cross_entropy_without_softmax(X, y, params):
    return carry(X, params, (output(X, params) - y) / len(y))


@misconception(
    "backward_cross_entropy",
    check="stability",
    hint="The exponential of an output near 1000 overflows: subtract each row's maximum first.",
)
def backward_cross_entropy_naive(X, y, params):
    p = np.exp(output(X, params))
    return carry(X, params, (p / p.sum(axis=1, keepdims=True) - y) / len(y))


@misconception(
    "backward_cross_entropy",
    check="stability",
    hint="You subtract the largest output of the whole array: rows far below it underflow.",
)
def backward_cross_entropy_global_maximum(X, y, params):
    Z = output(X, params)
    p = np.exp(Z - Z.max())
    return carry(X, params, (p / p.sum(axis=1, keepdims=True) - y) / len(y))


@misconception(
    "backward_cross_entropy",
    check="stability",
    hint="You clip the outputs before the softmax: differences between huge outputs are lost.",
)
def backward_cross_entropy_clipped(X, y, params):
    p = np.exp(np.clip(output(X, params), -300, 300))
    return carry(X, params, (p / p.sum(axis=1, keepdims=True) - y) / len(y))


@misconception(
    "backward_cross_entropy",
    check="purity",
    hint="The labels `y` are changed inside the function, by an operator such as `-=`.",
)
def backward_cross_entropy_overwrites_y(X, y, params):
    y -= probabilities(output(X, params))
    return carry(X, params, -y / len(y))


# backward_hinge


def active(y, Z, delta=1.0):
    """1 where a wrong class costs, and the rows."""
    rows = np.arange(len(y))
    costs = (Z - Z[rows, y][:, None] + delta > 0).astype(float)
    costs[rows, y] = 0
    return costs, rows


@misconception(
    "backward_hinge",
    check="shape",
    hint="This is the hinge loss itself; the four gradients by the parameters are asked for.",
)
def backward_hinge_loss(X, y, params):
    Z = output(X, params)
    costs = np.maximum(0, Z - Z[np.arange(len(y)), y][:, None] + 1)
    return np.sum(costs) / len(y) - 1


@misconception(
    "backward_hinge",
    check="gradient",
    hint="The true class gets no gradient: its output stands in every active term, with a minus.",
)
def backward_hinge_without_true_class(X, y, params):
    G, _ = active(y, output(X, params))
    return carry(X, params, G / len(y))


@misconception(
    "backward_hinge",
    check="gradient",
    hint="The true class gets -1 at most: it needs one for each class that comes too close.",
)
def backward_hinge_true_class_once(X, y, params):
    G, rows = active(y, output(X, params))
    G[rows, y] = -(G.max(axis=1))
    return carry(X, params, G / len(y))


@misconception(
    "backward_hinge",
    check="gradient",
    hint="The true class counts itself as a rival: the sum leaves out j = y_n.",
)
def backward_hinge_counts_itself(X, y, params):
    G, rows = active(y, output(X, params))
    G[rows, y] = -G.sum(axis=1) - 1
    return carry(X, params, G / len(y))


@misconception(
    "backward_hinge",
    check="gradient",
    hint="The 1/N of the mean hinge is missing: your gradients are N times too large.",
)
def backward_hinge_without_mean(X, y, params):
    G, rows = active(y, output(X, params))
    G[rows, y] = -G.sum(axis=1)
    return carry(X, params, G)


@misconception(
    "backward_hinge",
    check="gradient",
    hint="The sign is wrong: the loss grows with the outputs of the wrong classes.",
)
def backward_hinge_negative(X, y, params):
    G, rows = active(y, output(X, params))
    G[rows, y] = -G.sum(axis=1)
    return carry(X, params, -G / len(y))


@misconception(
    "backward_hinge",
    check="gradient",
    hint="The margin 1 is missing: a wrong class costs before it overtakes the true one.",
)
def backward_hinge_without_margin(X, y, params):
    G, rows = active(y, output(X, params), delta=0.0)
    G[rows, y] = -G.sum(axis=1)
    return carry(X, params, G / len(y))


@misconception(
    "backward_hinge",
    check="gradient",
    hint="Every wrong class gets a gradient; one that keeps its distance costs nothing.",
)
def backward_hinge_all_active(X, y, params):
    Z = output(X, params)
    G = np.ones_like(Z)
    G[np.arange(len(y)), y] = 1.0 - Z.shape[1]
    return carry(X, params, G / len(y))


@misconception(
    "backward_hinge",
    check="gradient",
    hint="Only the worst rival gets a gradient; this loss sums over all that come too close.",
)
def backward_hinge_worst_only(X, y, params):
    Z = output(X, params)
    costs, rows = active(y, Z)
    rivals = Z.copy()
    rivals[rows, y] = -np.inf
    G = np.zeros_like(Z)
    G[rows, rivals.argmax(axis=1)] = costs.max(axis=1)
    G[rows, y] = -G.sum(axis=1)
    return carry(X, params, G / len(y))


@misconception(
    "backward_hinge",
    check="gradient",
    hint="You carry back the violations themselves; the slope of an active term is 1.",
)
def backward_hinge_violations(X, y, params):
    Z = output(X, params)
    costs, rows = active(y, Z)
    G = costs * (Z - Z[rows, y][:, None] + 1)
    G[rows, y] = -G.sum(axis=1)
    return carry(X, params, G / len(y))


@misconception(
    "backward_hinge",
    check="gradient",
    hint="The difference is the wrong way round: your margin is reached when the loss is high.",
)
def backward_hinge_turned_around(X, y, params):
    Z = output(X, params)
    rows = np.arange(len(y))
    G = (Z[rows, y][:, None] - Z + 1 > 0).astype(float)
    G[rows, y] = 0
    G[rows, y] = -G.sum(axis=1)
    return carry(X, params, G / len(y))


@misconception(
    "backward_hinge",
    check="gradient",
    hint="This is the gradient of the softmax cross-entropy, not of the hinge.",
)
def backward_hinge_cross_entropy(X, y, params):
    Z = output(X, params)
    return carry(X, params, (probabilities(Z) - np.eye(Z.shape[1])[y]) / len(y))
