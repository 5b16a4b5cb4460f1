"""Right answers to the unit `hinge` in many styles, with other subgradients at the kinks."""

import numpy as np

from tests.alternatives import alternative

# hinge


@alternative("hinge")
def hinge_loop(y, s):
    total = 0
    for label, score in zip(y, s):
        if label * score < 1:
            total += 1 - label * score
    return total / len(y)


@alternative("hinge")
def hinge_where(y, s):
    m = np.multiply(y, s)
    return np.where(m >= 1, 0, 1 - m).mean()


@alternative("hinge")
def hinge_clip_zero_d(y, s):
    return np.asarray(np.average(np.clip(1 - y * s, 0, None)))


@alternative("hinge")
def hinge_half_of_absolute(y, s):
    d = 1 - y * s
    return ((d + abs(d)) / 2).sum() / d.size


@alternative("hinge")
def hinge_matrix_algebra(y, s):
    d = np.ones(len(y)) - np.diag(y) @ s
    return (d > 0).astype(float) @ d / len(y)


@alternative("hinge")
def hinge_masked_array(y, s):
    d = 1 - y * s
    return np.ma.masked_less(d, 0).filled(0).sum() / len(d)


@alternative("hinge")
def hinge_math_fsum(y, s):
    import math

    return math.fsum(max(0.0, 1.0 - a * b) for a, b in zip(y.tolist(), s.tolist())) / len(s)


@alternative("hinge")
def hinge_float32(y, s):
    y, s = y.astype(np.float32), s.astype(np.float32)
    return np.mean(np.maximum(0, 1 - y * s))


@alternative("hinge")
def hinge_in_place_on_a_copy(y, s):
    m = s.copy()
    m *= -y
    m += 1
    m[m < 0] = 0
    return m.mean()


@alternative("hinge")
def hinge_by_class(y, s):
    positive, negative = s[y == 1], s[y == -1]
    total = np.maximum(0, 1 - positive).sum() + np.maximum(0, 1 + negative).sum()
    return total / (len(positive) + len(negative))


# hinge_grad


@alternative("hinge_grad")
def hinge_grad_loop_of_floats(y, s):
    grad = []
    for label, score in zip(y, s):
        grad.append(-float(label) / len(y) if label * score < 1 else 0.0)
    return grad


@alternative("hinge_grad")
def hinge_grad_steep_at_kink(y, s):
    return -(y * (y * s <= 1)) / y.size


@alternative("hinge_grad")
def hinge_grad_half_at_kink(y, s):
    return -y * np.heaviside(1 - y * s, 0.5) / len(y)


@alternative("hinge_grad")
def hinge_grad_another_slope_at_each_kink(y, s):
    slope = np.where(y * s < 1, 1.0, 0.0)
    kinks = np.flatnonzero(y * s == 1)
    slope[kinks] = (1 + np.arange(len(kinks))) / (1 + len(kinks))
    return -y * slope / len(y)


@alternative("hinge_grad")
def hinge_grad_kink_depends_on_label(y, s):
    active = np.where(y > 0, y * s <= 1, y * s < 1)
    return np.einsum("i,i->i", -y, active.astype(float)) / len(y)


@alternative("hinge_grad")
def hinge_grad_of_sign(y, s):
    return -y * (1 + np.sign(1 - y * s)) / 2 / len(y)


@alternative("hinge_grad")
def hinge_grad_indexed(y, s):
    grad = np.zeros_like(s)
    active = np.nonzero(1 - y * s > 0)[0]
    grad[active] -= y[active] / len(s)
    return grad


@alternative("hinge_grad")
def hinge_grad_diagonal_matrix(y, s):
    jacobian = np.diag(np.where(y * s < 1, -y, 0))
    return np.ones(len(y)) / len(y) @ jacobian


@alternative("hinge_grad")
def hinge_grad_central_difference(y, s):
    def loss(scores):
        return np.mean(np.maximum(0, 1 - y * scores))

    h = 1e-4
    return [(loss(s + h * e) - loss(s - h * e)) / (2 * h) for e in np.eye(len(s))]


@alternative("hinge_grad")
def hinge_grad_float32(y, s):
    y, s = np.float32(y), np.float32(s)
    return np.where(y * s < 1, -y, 0).astype(np.float32) / np.float32(len(y))


# perceptron


@alternative("perceptron")
def perceptron_loop(y, s):
    total = 0.0
    for n in range(len(y)):
        total += max(0, -y[n] * s[n])
    return total / len(y)


@alternative("perceptron")
def perceptron_of_mistakes(y, s):
    wrong = np.sign(s) != y
    return np.sum(np.abs(s[wrong])) / len(s)


@alternative("perceptron")
def perceptron_relu_closure(y, s):
    def relu(x):
        return x * (x > 0)

    return relu(-y * s).mean()


@alternative("perceptron")
def perceptron_of_minimum(y, s):
    return -np.minimum(y * s, 0).mean()


@alternative("perceptron")
def perceptron_half_of_absolute(y, s):
    return (np.linalg.norm(s, 1) - y @ s) / (2 * len(s))


@alternative("perceptron")
def perceptron_stacked_zero_d(y, s):
    return np.array(np.max(np.stack([np.zeros_like(s), -y * s]), axis=0).mean())


@alternative("perceptron")
def perceptron_float32(y, s):
    return np.mean(np.maximum(0, -(y * s).astype("float32")))


@alternative("perceptron")
def perceptron_recursive(y, s):
    def total(n):
        return 0.0 if n == 0 else total(n - 1) + max(0.0, float(-y[n - 1] * s[n - 1]))

    return total(len(y)) / len(y)


# perceptron_grad


@alternative("perceptron_grad")
def perceptron_grad_list_comprehension(y, s):
    return [-a / len(y) if a * b < 0 else 0 for a, b in zip(y, s)]


@alternative("perceptron_grad")
def perceptron_grad_flat_at_kink(y, s):
    return np.where(y * s < 0, -y, 0) / len(y)


@alternative("perceptron_grad")
def perceptron_grad_half_at_kink(y, s):
    return (np.sign(s) - y) / 2 / len(y)


@alternative("perceptron_grad")
def perceptron_grad_of_predictions(y, s):
    predicted = np.where(s >= 0, 1, -1)
    return (predicted - y) / (2 * len(y))


@alternative("perceptron_grad")
def perceptron_grad_another_slope_at_each_kink(y, s):
    slope = (y * s < 0) + (s == 0) * np.linspace(0, 1, len(s))
    return -slope * y / len(y)


@alternative("perceptron_grad")
def perceptron_grad_selected_rows(y, s):
    grad = np.zeros(len(y))
    wrong = y * s <= 0
    grad[wrong] = -y[wrong]
    return grad / len(y)


@alternative("perceptron_grad")
def perceptron_grad_logical(y, s):
    false_negative = np.logical_and(y > 0, s < 0)
    false_positive = np.logical_and(y < 0, s > 0)
    return (false_positive.astype(int) - false_negative.astype(int)) / len(y)


@alternative("perceptron_grad")
def perceptron_grad_float32(y, s):
    y, s = y.astype(np.float32), s.astype(np.float32)
    return -y * np.heaviside(-y * s, np.float32(0.25)) / np.float32(len(y))


# multiclass_hinge


@alternative("multiclass_hinge")
def multiclass_hinge_two_loops(y, S, delta=1.0):
    total = 0.0
    for n in range(len(y)):
        for j in range(S.shape[1]):
            if j != y[n]:
                total += max(0.0, S[n, j] - S[n, y[n]] + delta)
    return total / len(y)


@alternative("multiclass_hinge")
def multiclass_hinge_one_hot(y, S, delta=1.0):
    Y = np.eye(S.shape[1])[y]
    own = (S * Y).sum(axis=1, keepdims=True)
    return (np.maximum(0, S - own + delta) * (1 - Y)).sum(axis=1).mean()


@alternative("multiclass_hinge")
def multiclass_hinge_minus_own_term(y, S, delta=1.0):
    own = S[range(len(y)), y].reshape(-1, 1)
    return np.mean(np.sum(np.maximum(S - own + delta, 0), axis=1) - delta)


@alternative("multiclass_hinge")
def multiclass_hinge_take_along_axis(y, S, delta=1.0):
    excess = S - np.take_along_axis(S, y[:, None], axis=1) + delta
    np.put_along_axis(excess, y[:, None], 0, axis=1)
    return np.clip(excess, 0, np.inf).sum() / y.shape[0]


@alternative("multiclass_hinge")
def multiclass_hinge_deleted_class(y, S, delta=1.0):
    rows = []
    for label, scores in zip(y, S):
        others = np.delete(scores, label)
        rows.append(np.maximum(0, others - scores[label] + delta).sum())
    return np.asarray(np.mean(rows))


@alternative("multiclass_hinge")
def multiclass_hinge_einsum(y, S, delta=1.0):
    Y = (np.arange(S.shape[1]) == y[:, None]).astype(float)
    excess = S - np.einsum("nk,nk->n", S, Y)[:, None] + delta
    return float(np.einsum("nk,nk,nk->", excess, (excess > 0).astype(float), 1 - Y)) / len(S)


@alternative("multiclass_hinge")
def multiclass_hinge_masked_array(y, S, delta=1.0):
    own = np.choose(y, S.T)
    excess = np.ma.array(S - own[:, None] + delta, mask=np.eye(S.shape[1], dtype=bool)[y])
    return np.ma.maximum(excess, 0).sum() / len(y)


@alternative("multiclass_hinge")
def multiclass_hinge_float32(y, S, delta=1.0):
    S = S.astype(np.float32)
    excess = S - S[np.arange(len(y)), y][:, None] + np.float32(delta)
    excess[np.arange(len(y)), y] = -1
    return excess[excess > 0].sum() / np.float32(len(y))


# multiclass_hinge_grad


@alternative("multiclass_hinge_grad")
def multiclass_hinge_grad_two_loops(y, S, delta=1.0):
    grad = np.zeros(S.shape)
    for n, label in enumerate(y):
        for j in range(S.shape[1]):
            if j != label and S[n, j] - S[n, label] + delta > 0:
                grad[n, j] += 1 / len(y)
                grad[n, label] -= 1 / len(y)
    return grad


@alternative("multiclass_hinge_grad")
def multiclass_hinge_grad_steep_at_kinks(y, S, delta=1.0):
    Y = np.eye(S.shape[1])[y]
    active = (S - (S * Y).sum(1, keepdims=True) + delta >= 0) * (1 - Y)
    return (active - active.sum(1, keepdims=True) * Y) / len(y)


@alternative("multiclass_hinge_grad")
def multiclass_hinge_grad_half_at_kinks(y, S, delta=1.0):
    slope = np.heaviside(S - np.take_along_axis(S, y[:, None], 1) + delta, 0.5)
    slope[np.arange(len(y)), y] = 0
    slope[np.arange(len(y)), y] = -slope.sum(axis=1)
    return slope / len(y)


@alternative("multiclass_hinge_grad")
def multiclass_hinge_grad_another_slope_at_each_kink(y, S, delta=1.0):
    N, K = S.shape
    excess = S - S[np.arange(N), y][:, None] + delta
    between = np.linspace(0, 1, N * K).reshape(N, K)
    slope = np.where(excess > 0, 1.0, np.where(excess == 0, between, 0.0))
    slope[np.arange(N), y] = 0
    slope[np.arange(N), y] = -slope.sum(axis=1)
    return slope / N


@alternative("multiclass_hinge_grad")
def multiclass_hinge_grad_own_term_cancels(y, S, delta=1.0):
    active = np.where(S - S[np.arange(len(y)), y][:, None] + delta > 0, 1.0, 0.0)
    active[np.arange(len(y)), y] -= active.sum(axis=1)
    return active / len(y)


@alternative("multiclass_hinge_grad")
def multiclass_hinge_grad_list_of_rows(y, S, delta=1.0):
    def row(label, scores):
        slopes = [float(s - scores[label] + delta > 0) for s in scores]
        slopes[label] = 1.0 - sum(slopes)
        return [slope / len(y) for slope in slopes]

    return [row(label, scores) for label, scores in zip(y.tolist(), S.tolist())]


@alternative("multiclass_hinge_grad")
def multiclass_hinge_grad_tensor(y, S, delta=1.0):
    K = S.shape[1]
    differences = np.eye(K)[None, :, :] - np.eye(K)[y][:, None, :]
    excess = np.einsum("njk,nk->nj", differences, S) + delta
    excess[np.arange(len(y)), y] = 0
    return np.einsum("nj,njk->nk", (excess > 0) / len(y), differences)


@alternative("multiclass_hinge_grad")
def multiclass_hinge_grad_central_difference(y, S, delta=1.0):
    def loss(scores):
        excess = np.maximum(0, scores - scores[np.arange(len(y)), y][:, None] + delta)
        return excess.sum() / len(y) - delta

    h, grad = 1e-4, np.zeros_like(S)
    for index in np.ndindex(*S.shape):
        step = np.zeros_like(S)
        step[index] = h
        grad[index] = (loss(S + step) - loss(S - step)) / (2 * h)
    return grad


@alternative("multiclass_hinge_grad")
def multiclass_hinge_grad_float32(y, S, delta=1.0):
    S = S.astype(np.float32)
    active = (S - S[np.arange(len(y)), y][:, None] + np.float32(delta) > 0).astype(np.float32)
    active[np.arange(len(y)), y] -= active.sum(axis=1)
    return active / np.float32(len(y))


# linear_svm_grad


@alternative("linear_svm_grad")
def linear_svm_grad_loop(X, y, w, b, reg):
    grad_w, grad_b = reg * w, 0.0
    for x, label in zip(X, y):
        if label * (x @ w + b) < 1:
            grad_w = grad_w - label * x / len(y)
            grad_b -= label / len(y)
    return grad_w, grad_b


@alternative("linear_svm_grad")
def linear_svm_grad_list_steep_at_kink(X, y, w, b, reg):
    active = y * (X.dot(w) + b) <= 1
    grad_w = reg * w - (y[active, None] * X[active]).sum(axis=0) / len(y)
    return [grad_w.tolist(), -y[active].sum() / len(y)]


@alternative("linear_svm_grad")
def linear_svm_grad_half_at_kink(X, y, w, b, reg):
    slope = np.heaviside(1 - y * (X @ w + b), 0.5) * y
    return -np.einsum("n,nd->d", slope, X) / len(y) + reg * w, np.asarray(-slope.mean())


@alternative("linear_svm_grad")
def linear_svm_grad_another_slope_at_each_kink(X, y, w, b, reg):
    m = y * (X @ w + b)
    slope = np.where(m < 1, 1.0, np.where(m == 1, np.linspace(0, 1, len(y)), 0.0))
    grad_s = -slope * y / len(y)
    return grad_s @ X + reg * w, sum(grad_s)


@alternative("linear_svm_grad")
def linear_svm_grad_absorbed_bias(X, y, w, b, reg):
    extended = np.column_stack([X, np.ones(len(X))])
    weights = np.append(w, b)
    active = (1 - y * (extended @ weights) > 0).astype(float)
    grad = -extended.T @ (active * y) / len(y) + reg * np.append(w, 0)
    return grad[:-1], grad[-1]


@alternative("linear_svm_grad")
def linear_svm_grad_signed_rows(X, y, w, b, reg):
    Z = y[:, None] * X
    active = Z @ w + y * b < 1
    grad_w = -(Z * active[:, None]).mean(axis=0) + reg * w
    return grad_w, -(y * active).mean()


@alternative("linear_svm_grad")
def linear_svm_grad_float32(X, y, w, b, reg):
    X, y, w = (a.astype(np.float32) for a in (X, y, w))
    grad_s = np.where(y * (X @ w + np.float32(b)) < 1, -y, 0) / np.float32(len(y))
    return X.T @ grad_s + np.float32(reg) * w, grad_s.sum()


@alternative("linear_svm_grad")
def linear_svm_grad_central_difference(X, y, w, b, reg):
    def loss(w, b):
        return np.mean(np.maximum(0, 1 - y * (X @ w + b))) + reg / 2 * np.sum(w**2)

    h = 1e-5
    steps = h * np.eye(len(w))
    grad_w = [(loss(w + step, b) - loss(w - step, b)) / (2 * h) for step in steps]
    return grad_w, (loss(w, b + h) - loss(w, b - h)) / (2 * h)


@alternative("linear_svm_grad")
def linear_svm_grad_class(X, y, w, b, reg):
    class Machine:
        def __init__(self, w, b):
            self.w, self.b = w, b

        def backward(self):
            scores = np.array([sum(a * c for a, c in zip(x, self.w)) + self.b for x in X])
            upstream = np.select([y * scores < 1], [-y / len(y)], 0.0)
            return X.T @ upstream + reg * self.w, upstream.sum()

    return Machine(w, b).backward()
