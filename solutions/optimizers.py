"""One step of gradient descent, of momentum, of RMSprop and of Adam."""

import numpy as np


def sgd_step(w, grad, lr):
    r"""Return the weights after one step of gradient descent.

    w, grad: weights and the gradient of the loss by them, both of one shape, which may be any.
    lr: learning rate η, a positive number. Returns an array of the shape of w.

        w ← w - η g

    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 8.3.1.
    """
    # The gradient points uphill. The difference is a new array: the caller keeps the old weights.
    return w - lr * grad


def momentum_step(w, grad, v, lr, beta=0.9):
    r"""Return weights and velocity after one step of gradient descent with momentum.

    w, grad, v: weights, gradient, velocity, all of one shape. The first v is all zeros.
    lr: learning rate η. beta: share β of the old velocity that stays. Returns the pair (w, v).

        v ← β v + g,   then   w ← w - η v

    Source: Sutskever, Martens, Dahl, Hinton, ICML 2013, section 2 (there η is part of v).
    """
    # Without η in v, a learning rate that changes between steps acts on the whole velocity.
    v = beta * v + grad
    return w - lr * v, v


def rmsprop_step(w, grad, s, lr, beta=0.9, eps=1e-8):
    r"""Return weights and mean square gradient after one step of RMSprop.

    w, grad, s: weights, gradient, running mean of its square, all of one shape. The first s is 0.
    lr: learning rate η. beta: share β of the old mean. eps: ε. Returns the pair (w, s).

        s ← β s + (1 - β) g²,   then   w ← w - η g / (√s + ε)      (elementwise)

    Source: Tieleman, Hinton, Neural Networks for Machine Learning (2012), lecture 6.5.
    """
    s = beta * s + (1 - beta) * grad**2
    # A weight that never had a gradient has s = 0: eps makes its step 0 instead of 0/0.
    return w - lr * grad / (np.sqrt(s) + eps), s


def adam_step(w, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    r"""Return weights and both running means after step t of Adam.

    w, grad, m, v: weights, gradient, means of g and g², all of one shape. The first m and v are 0.
    t: number of this step, 1 for the first. lr: η. beta1, beta2, eps: β₁, β₂, ε.
    Returns (w, m, v); the m and v of this formula, without hats.

        m ← β₁ m + (1 - β₁) g        m̂ = m / (1 - β₁ᵗ)
        v ← β₂ v + (1 - β₂) g²       v̂ = v / (1 - β₂ᵗ)        w ← w - η m̂ / (√v̂ + ε)

    Source: Kingma, Ba, Adam: A Method for Stochastic Optimization, ICLR 2015, algorithm 1.
    """
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    # After t steps from 0 the weights of the gradients in a mean add up to 1 - betaᵗ, not to 1.
    # The corrected means are for this step only: the next one corrects the plain means anew.
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


WHY = {
    "scale": """\
If the loss is multiplied by 1000, so is every gradient. Adam divides a mean of the gradients by the
root of a mean of their squares: both grow by 1000, and the factor cancels as long as eps is small
beside the root. So Adam walks the same path as before. The step of plain gradient descent is
proportional to the gradient: it becomes 1000 times as long, and at the same learning rate the run
diverges as soon as the learning rate times the curvature is above 2.
""",
}
