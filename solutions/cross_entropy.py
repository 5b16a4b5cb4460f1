"""Reference solutions of the unit `cross_entropy`: log losses on probabilities and on logits."""

import numpy as np


def cross_entropy(y, p):
    r"""Mean cross-entropy of predicted class probabilities, from one-hot or soft labels.

    y: (N, K) labels, each row sums to 1. p: (N, K) probabilities, each row sums to 1.
    Returns a scalar: -(1/N) Σ_n Σ_k y_nk log p_nk, natural logarithm, where 0 log 0 = 0:
    p may be exactly 0 where y is 0.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 3.13.
    """
    # log 1 = 0 stands in where the label is 0, so a probability of 0 never reaches the logarithm.
    safe = np.where(y > 0, p, 1.0)
    return -np.sum(y * np.log(safe)) / len(y)


def cross_entropy_grad(y, p):
    r"""Gradient of `cross_entropy` with respect to the probabilities p.

    y: (N, K) one-hot or soft labels. p: (N, K) probabilities. Returns an (N, K) array.
    ∂L/∂p_nk = -(1/N) y_nk / p_nk, and 0 where y_nk = 0, also if p_nk = 0.
    Each p_nk counts as a variable of its own.
    Source: Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.4.
    """
    # Where the label is 0 the loss does not depend on p at all; dividing by 1 keeps 0/0 away.
    safe = np.where(y > 0, p, 1.0)
    return -y / safe / len(y)


def log_loss(y, p):
    r"""Mean binary cross-entropy (log loss).

    y: (N,) labels 0 or 1. p: (N,) probabilities of label 1. Returns a scalar.
    L = -(1/N) Σ_n [y_n log p_n + (1 - y_n) log(1 - p_n)], natural logarithm, where 0 log 0 = 0:
    p may be exactly equal to y.
    Source: Bishop, Pattern Recognition and Machine Learning (2006), equation 4.90.
    """
    # The term with weight 0 must vanish even where its logarithm would be infinite.
    of_one = np.where(y > 0, p, 1.0)
    of_zero = np.where(y < 1, 1.0 - p, 1.0)
    return -np.mean(y * np.log(of_one) + (1.0 - y) * np.log(of_zero))


def log_loss_grad(y, p):
    r"""Gradient of `log_loss` with respect to the probabilities p.

    y: (N,) labels 0 or 1. p: (N,) probabilities, strictly between 0 and 1.
    Returns an (N,) array: ∂L/∂p_n = (1/N) [(1 - y_n) / (1 - p_n) - y_n / p_n].
    Source: Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.2.
    """
    return ((1.0 - y) / (1.0 - p) - y / p) / len(y)


def softmax(z):
    r"""Softmax of each row: logits to probabilities.

    z: (N, K) logits, of any finite size. Returns an (N, K) array, each row sums to 1.
    p_nk = exp(z_nk) / Σ_j exp(z_nj).
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), sections 4.1 and 6.2.2.3.
    """
    # A common factor cancels within a row: with the row's own maximum taken out, the largest
    # exponential is 1, so nothing overflows and no denominator is 0.
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def softmax_cross_entropy(y, z):
    r"""Mean cross-entropy of the softmax of logits, finite for all finite logits.

    y: (N, K) one-hot labels. z: (N, K) logits. Returns a scalar.
    L = (1/N) Σ_n Σ_k y_nk (log Σ_j exp(z_nj) - z_nk).
    Source: Blanchard, Higham, Higham, Accurately computing the log-sum-exp and softmax functions
    (2021).
    """
    # Logarithm and exponential cancel on paper. A probability that has underflowed to 0 would
    # lose the logit, so the probabilities are never formed.
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.sum(y * log_p) / len(y)


def softmax_cross_entropy_grad(y, z):
    r"""Gradient of `softmax_cross_entropy` with respect to the logits z.

    y: (N, K) one-hot labels. z: (N, K) logits. Returns an (N, K) array.
    ∂L/∂z_nk = (1/N) (p_nk - y_nk), where p is the softmax of the rows of z.
    Source: Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.4.
    """
    # The 1/p of the loss cancels against the p in the Jacobian of the softmax.
    return (softmax(z) - y) / len(y)


WHY = {
    "confidence": """Accuracy asks only which class has the largest probability; cross-entropy
asks how large the probability of the true class is. Both models err on a tenth of the samples, but
the second is sure of itself where it errs: -log p grows without bound as p goes to 0, and a few
such samples dominate the mean. Accuracy is piecewise constant in the weights: its gradient is 0
almost everywhere, so gradient descent gets no direction from it.""",
}
