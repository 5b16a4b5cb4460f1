"""Known wrong answers of the unit `optimizers`."""

import numpy as np

from solutions import optimizers as reference
from solutions.misconceptions import misconception

# --- sgd_step ------------------------------------------------------------------------------------


@misconception(
    "sgd_step",
    check="sequence",
    hint="Your step goes uphill: the gradient points to where the loss grows.",
)
def sgd_step_uphill(w, grad, lr):
    return w + lr * grad


@misconception(
    "sgd_step",
    check="sequence",
    hint="The learning rate has no effect: you subtract the whole gradient.",
)
def sgd_step_without_rate(w, grad, lr):
    return w - grad


@misconception(
    "sgd_step",
    check="sequence",
    hint="You divide by the learning rate: a small rate then gives a long step.",
)
def sgd_step_rate_divides(w, grad, lr):
    return w - grad / lr


@misconception(
    "sgd_step",
    check="sequence",
    hint="You return the step alone; the function returns the weights after it.",
)
def sgd_step_only_step(w, grad, lr):
    return -lr * grad


@misconception(
    "sgd_step",
    check="sequence",
    hint="Only the sign of the gradient is used: all entries move equally far, steep or flat.",
)
def sgd_step_sign_only(w, grad, lr):
    return w - lr * np.sign(grad)


@misconception(
    "sgd_step",
    check="sequence",
    hint="You divide the gradient by its length: the step then no longer shrinks near a minimum.",
)
def sgd_step_normalized(w, grad, lr):
    return w - lr * grad / np.linalg.norm(grad)


@misconception(
    "sgd_step",
    check="sequence",
    hint="You divide by the number of weights: a mean over samples is in the gradient already, and "
    "there is none over weights.",
)
def sgd_step_over_n(w, grad, lr):
    return w - lr * grad / len(w)


@misconception(
    "sgd_step",
    check="sequence",
    hint="Your step is multiplied by the weights: it depends on where they are only through the "
    "gradient.",
)
def sgd_step_times_weights(w, grad, lr):
    return w - lr * grad * w


@misconception(
    "sgd_step",
    check="sequence",
    hint="Parentheses: you subtract the learning rate from the weights and then multiply by the "
    "gradient.",
)
def sgd_step_parentheses(w, grad, lr):
    return (w - lr) * grad


@misconception(
    "sgd_step",
    check="shape",
    hint="The new weights are computed and then lost: the function has no `return`.",
)
def sgd_step_no_return(w, grad, lr):
    w = w - lr * grad


@misconception(
    "sgd_step",
    check="shape",
    hint="You change the caller's weights in place and return nothing: return new weights instead.",
)
def sgd_step_in_place_no_return(w, grad, lr):
    w -= lr * grad


@misconception(
    "sgd_step",
    check="any_shape",
    hint="Your result is always flat: the weights of a matrix come back as one long row.",
)
def sgd_step_flattened(w, grad, lr):
    return np.ravel(w) - lr * np.ravel(grad)


@misconception(
    "sgd_step",
    check="purity",
    hint="An operator such as `-=` overwrites the caller's weights: whoever kept the old ones has "
    "lost them.",
)
def sgd_step_in_place(w, grad, lr):
    w -= lr * grad
    return w


# --- momentum_step -------------------------------------------------------------------------------


@misconception(
    "momentum_step",
    check="sequence",
    hint="Your weights move along the velocity; the velocity is made of gradients and points "
    "uphill.",
)
def momentum_step_uphill(w, grad, v, lr, beta=0.9):
    v = beta * v + grad
    return w + lr * v, v


@misconception(
    "momentum_step",
    check="sequence",
    hint="You take a mean of old velocity and gradient. In this formula the whole gradient is "
    "added, so a steady slope builds up speed.",
)
def momentum_step_averaged(w, grad, v, lr, beta=0.9):
    v = beta * v + (1 - beta) * grad
    return w - lr * v, v


@misconception(
    "momentum_step",
    check="sequence",
    hint="The learning rate is inside your velocity. Here the velocity is made of gradients alone, "
    "and the rate multiplies it at the step.",
)
def momentum_step_rate_in_velocity(w, grad, v, lr, beta=0.9):
    v = beta * v + lr * grad
    return w - v, v


@misconception(
    "momentum_step",
    check="sequence",
    hint="Your velocity points downhill and holds the learning rate, as in some books. Here it is "
    "a sum of gradients, with neither minus nor rate.",
)
def momentum_step_downhill_velocity(w, grad, v, lr, beta=0.9):
    v = beta * v - lr * grad
    return w + v, v


@misconception(
    "momentum_step",
    check="sequence",
    hint="This is Nesterov's variant: your step looks ahead by one more share of the velocity.",
)
def momentum_step_nesterov(w, grad, v, lr, beta=0.9):
    v = beta * v + grad
    return w - lr * (grad + beta * v), v


@misconception(
    "momentum_step",
    check="sequence",
    hint="Your weights move with the old velocity: today's gradient comes one step late.",
)
def momentum_step_old_velocity(w, grad, v, lr, beta=0.9):
    return w - lr * v, beta * v + grad


@misconception(
    "momentum_step",
    check="sequence",
    hint="Your velocity is right, but the weights do not use it: they move with the gradient "
    "alone.",
)
def momentum_step_velocity_unused(w, grad, v, lr, beta=0.9):
    return w - lr * grad, beta * v + grad


@misconception(
    "momentum_step",
    check="sequence",
    hint="You return the velocity that came in: the new one is forgotten before the next step.",
)
def momentum_step_velocity_forgotten(w, grad, v, lr, beta=0.9):
    return w - lr * (beta * v + grad), v.copy()


@misconception(
    "momentum_step",
    check="sequence",
    hint="Your velocity never fades: the share `beta` of the old velocity is missing.",
)
def momentum_step_without_beta(w, grad, v, lr, beta=0.9):
    v = v + grad
    return w - lr * v, v


@misconception(
    "momentum_step",
    check="sequence",
    hint="`beta` stands at the gradient; it belongs to the old velocity, which should fade.",
)
def momentum_step_beta_on_gradient(w, grad, v, lr, beta=0.9):
    v = v + beta * grad
    return w - lr * v, v


@misconception(
    "momentum_step",
    check="sequence",
    hint="You return the two results in the wrong order: the weights come first.",
)
def momentum_step_wrong_order(w, grad, v, lr, beta=0.9):
    return reference.momentum_step(w, grad, v, lr, beta)[::-1]


@misconception(
    "momentum_step",
    check="parameters",
    hint="The 0.9 is written into your code: the argument `beta` has no effect.",
)
def momentum_step_fixed_beta(w, grad, v, lr, beta=0.9):
    return reference.momentum_step(w, grad, v, lr, 0.9)


@misconception(
    "momentum_step",
    check="shape",
    hint="You return the weights only: the next step needs the velocity too.",
)
def momentum_step_weights_only(w, grad, v, lr, beta=0.9):
    return w - lr * (beta * v + grad)


@misconception(
    "momentum_step",
    check="purity",
    hint="Operators such as `*=` and `+=` overwrite the caller's velocity.",
)
def momentum_step_velocity_in_place(w, grad, v, lr, beta=0.9):
    v *= beta
    v += grad
    return w - lr * v, v


# --- rmsprop_step --------------------------------------------------------------------------------


@misconception(
    "rmsprop_step",
    check="sequence",
    hint="Your step has the gradient's sign, so it climbs: dividing by the root changes only its "
    "length.",
)
def rmsprop_step_uphill(w, grad, s, lr, beta=0.9, eps=1e-8):
    s = beta * s + (1 - beta) * grad**2
    return w + lr * grad / (np.sqrt(s) + eps), s


@misconception(
    "rmsprop_step",
    check="sequence",
    hint="You add up all squares, which is AdaGrad: the sum only grows and the steps die out. "
    "RMSprop keeps a running mean.",
)
def rmsprop_step_adagrad(w, grad, s, lr, beta=0.9, eps=1e-8):
    s = s + grad**2
    return w - lr * grad / (np.sqrt(s) + eps), s


@misconception(
    "rmsprop_step",
    check="sequence",
    hint="The factor 1 - β in front of the new square is missing: your shares add up to more than "
    "1, so it is no mean.",
)
def rmsprop_step_without_share(w, grad, s, lr, beta=0.9, eps=1e-8):
    s = beta * s + grad**2
    return w - lr * grad / (np.sqrt(s) + eps), s


@misconception(
    "rmsprop_step",
    check="sequence",
    hint="The two shares are exchanged: `beta` is that of the old mean, so `s` should change "
    "slowly.",
)
def rmsprop_step_shares_exchanged(w, grad, s, lr, beta=0.9, eps=1e-8):
    s = (1 - beta) * s + beta * grad**2
    return w - lr * grad / (np.sqrt(s) + eps), s


@misconception(
    "rmsprop_step",
    check="sequence",
    hint="Your `s` is a mean of the gradients, not of their squares: it can be negative, and then "
    "has no root.",
)
def rmsprop_step_without_square(w, grad, s, lr, beta=0.9, eps=1e-8):
    s = beta * s + (1 - beta) * grad
    return w - lr * grad / (np.sqrt(s) + eps), s


@misconception(
    "rmsprop_step",
    check="sequence",
    hint="You divide by the mean square itself: without the root, a gradient twice as large makes "
    "the step half as long.",
)
def rmsprop_step_without_root(w, grad, s, lr, beta=0.9, eps=1e-8):
    s = beta * s + (1 - beta) * grad**2
    return w - lr * grad / (s + eps), s


@misconception(
    "rmsprop_step",
    check="sequence",
    hint="Your step divides by the root of the old `s`, which is 0 at the start: update `s` first.",
)
def rmsprop_step_old_mean(w, grad, s, lr, beta=0.9, eps=1e-8):
    step = lr * grad / (np.sqrt(s) + eps)
    return w - step, beta * s + (1 - beta) * grad**2


@misconception(
    "rmsprop_step",
    check="sequence",
    hint="You return the `s` that came in: the new mean is forgotten before the next step.",
)
def rmsprop_step_mean_forgotten(w, grad, s, lr, beta=0.9, eps=1e-8):
    return reference.rmsprop_step(w, grad, s, lr, beta, eps)[0], s.copy()


@misconception(
    "rmsprop_step",
    check="sequence",
    hint="You return the root as the new `s`: the state is the mean square, the root is taken for "
    "the step only.",
)
def rmsprop_step_root_kept(w, grad, s, lr, beta=0.9, eps=1e-8):
    s = np.sqrt(beta * s + (1 - beta) * grad**2)
    return w - lr * grad / (s + eps), s


@misconception(
    "rmsprop_step",
    check="parameters",
    hint="Your shares are always 0.9 and 0.1: the argument `beta` is not used.",
)
def rmsprop_step_fixed_beta(w, grad, s, lr, beta=0.9, eps=1e-8):
    return reference.rmsprop_step(w, grad, s, lr, 0.9, eps)


@misconception(
    "rmsprop_step",
    check="epsilon",
    hint="Your `eps` is under the root: it is added to the root.",
)
def rmsprop_step_eps_under_root(w, grad, s, lr, beta=0.9, eps=1e-8):
    s = beta * s + (1 - beta) * grad**2
    return w - lr * grad / np.sqrt(s + eps), s


@misconception(
    "rmsprop_step",
    check="epsilon",
    hint="Your `eps` ends up in the new `s`: it belongs to the denominator of this step only.",
)
def rmsprop_step_eps_in_mean(w, grad, s, lr, beta=0.9, eps=1e-8):
    s = beta * s + (1 - beta) * grad**2 + eps
    return w - lr * grad / np.sqrt(s), s


@misconception(
    "rmsprop_step",
    check="epsilon",
    hint="The 1e-8 is written into your code: the argument `eps` has no effect.",
)
def rmsprop_step_fixed_eps(w, grad, s, lr, beta=0.9, eps=1e-8):
    return reference.rmsprop_step(w, grad, s, lr, beta, 1e-8)


@misconception(
    "rmsprop_step",
    check="zeros",
    hint="You compute 0/0: without `eps`, a weight whose gradient has always been 0 becomes nan.",
)
def rmsprop_step_without_eps(w, grad, s, lr, beta=0.9, eps=1e-8):
    s = beta * s + (1 - beta) * grad**2
    return w - lr * grad / np.sqrt(s), s


@misconception(
    "rmsprop_step",
    check="purity",
    hint="Operators such as `*=` and `+=` overwrite the caller's `s`.",
)
def rmsprop_step_in_place(w, grad, s, lr, beta=0.9, eps=1e-8):
    s *= beta
    s += (1 - beta) * grad**2
    return w - lr * grad / (np.sqrt(s) + eps), s


# --- adam_step -----------------------------------------------------------------------------------


@misconception(
    "adam_step",
    check="sequence",
    hint="The bias correction is missing: at the first step both means are far too small, and the "
    "step is some three times too long.",
)
def adam_step_without_correction(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return w - lr * m / (np.sqrt(v) + eps), m, v


@misconception(
    "adam_step",
    check="sequence",
    hint="Only `m` is corrected for its start at 0; the mean of the squares starts there too.",
)
def adam_step_only_m_corrected(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return w - lr * m / (1 - beta1**t) / (np.sqrt(v) + eps), m, v


@misconception(
    "adam_step",
    check="sequence",
    hint="Only `v` is corrected for its start at 0; the mean of the gradients starts there too.",
)
def adam_step_only_v_corrected(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return w - lr * m / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@misconception(
    "adam_step",
    check="sequence",
    hint="Right at the first step only: the correction fades as steps go by, and in your code it "
    "does not depend on `t`.",
)
def adam_step_correction_without_t(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return w - lr * m / (1 - beta1) / (np.sqrt(v / (1 - beta2)) + eps), m, v


@misconception(
    "adam_step",
    check="sequence",
    hint="Your correction counts one step too many: `t` is 1, not 0, at the first step.",
)
def adam_step_one_step_ahead(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1 ** (t + 1)), v / (1 - beta2 ** (t + 1))
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


@misconception(
    "adam_step",
    check="sequence",
    hint="Your correction counts one step too few and divides by 0 at the first: `t` starts at 1.",
)
def adam_step_one_step_behind(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    with np.errstate(all="ignore"):
        m_hat = m / (1 - np.float64(beta1) ** (t - 1))
        v_hat = v / (1 - np.float64(beta2) ** (t - 1))
        return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


@misconception(
    "adam_step",
    check="sequence",
    hint="You return the corrected means: the next step corrects them a second time. Keep the "
    "plain ones.",
)
def adam_step_corrected_means_kept(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = (beta1 * m + (1 - beta1) * grad) / (1 - beta1**t)
    v = (beta2 * v + (1 - beta2) * grad**2) / (1 - beta2**t)
    return w - lr * m / (np.sqrt(v) + eps), m, v


@misconception(
    "adam_step",
    check="sequence",
    hint="`beta1` and `beta2` are exchanged: `beta1` belongs to the mean of the gradients.",
)
def adam_step_betas_exchanged(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    return reference.adam_step(w, grad, m, v, t, lr, beta2, beta1, eps)


@misconception(
    "adam_step",
    check="sequence",
    hint="The root over the mean of the squares is missing.",
)
def adam_step_without_root(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return w - lr * m / (1 - beta1**t) / (v / (1 - beta2**t) + eps), m, v


@misconception(
    "adam_step",
    check="sequence",
    hint="Your `v` is a mean of the squares of `m`; it is one of the squares of the gradient.",
)
def adam_step_squares_of_m(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * m**2
    return w - lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@misconception(
    "adam_step",
    check="parameters",
    hint="The 0.9 and 0.999 are written into your code: `beta1` and `beta2` have no effect.",
)
def adam_step_fixed_betas(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    return reference.adam_step(w, grad, m, v, t, lr, 0.9, 0.999, eps)


@misconception(
    "adam_step",
    check="epsilon",
    hint="Your `eps` is added to the mean of the squares; it is added to its root.",
)
def adam_step_eps_under_root(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return w - lr * m / (1 - beta1**t) / np.sqrt(v / (1 - beta2**t) + eps), m, v


@misconception(
    "adam_step",
    check="epsilon",
    hint="You add `eps` to the root before the bias correction: it comes after it.",
)
def adam_step_eps_before_correction(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    rate = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return w - rate * m / (np.sqrt(v) + eps), m, v


@misconception(
    "adam_step",
    check="epsilon",
    hint="The 1e-8 is written into your code, so the argument `eps` has no effect.",
)
def adam_step_fixed_eps(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    return reference.adam_step(w, grad, m, v, t, lr, beta1, beta2, 1e-8)


@misconception(
    "adam_step",
    check="zeros",
    hint="You compute 0/0: without `eps`, a weight that never had a gradient becomes nan.",
)
def adam_step_without_eps(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    return reference.adam_step(w, grad, m, v, t, lr, beta1, beta2, 0.0)


@misconception(
    "adam_step",
    check="purity",
    hint="Operators such as `*=` and `+=` overwrite the caller's `m` and `v`.",
)
def adam_step_in_place(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m *= beta1
    m += (1 - beta1) * grad
    v *= beta2
    v += (1 - beta2) * grad**2
    return w - lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@misconception(
    "adam_step",
    check="shape",
    hint="You return the weights only: the next step needs both means too.",
)
def adam_step_weights_only(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    return reference.adam_step(w, grad, m, v, t, lr, beta1, beta2, eps)[0]
