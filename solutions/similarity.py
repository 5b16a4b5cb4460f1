"""Losses of similarity: Euclidean and cosine distance, contrastive pairs, triplets."""

import numpy as np


def euclidean(a, b):
    """Mean Euclidean distance between the rows of `a` and the rows of `b`.

    a, b: vectors, shape (N, D). Returns a scalar: 1/N sum_n d_n with

        d_n = ||a_n - b_n|| = sqrt(sum_k (a_nk - b_nk)²)

    Source: Deisenroth, Faisal, Ong, Mathematics for Machine Learning (2020), section 3.3.
    """
    # Subtract first: ||a||² + ||b||² - 2 a.b cancels when the vectors are long and close.
    return np.mean(np.sqrt(np.sum((a - b) ** 2, axis=1)))


def euclidean_grad(a, b):
    """Gradient of `euclidean(a, b)` with respect to `a`.

    a, b: vectors, shape (N, D); no row of `a` equals its row of `b`.
    Returns shape (N, D): row n is the derivative of the mean distance in a_n.
    Source: Petersen, Pedersen, The Matrix Cookbook (2012), section 2.6.1.
    """
    difference = a - b
    d = np.sqrt(np.sum(difference**2, axis=1))
    # A unit vector, however far apart the two are: only its direction depends on them.
    return difference / d[:, None] / len(a)


def cosine_loss(a, b):
    """Mean cosine loss of the rows of `a` and the rows of `b`.

    a, b: vectors, none of them 0, shape (N, D). Returns a scalar: 1/N sum_n (1 - c_n) with

        c_n = a_n · b_n / (||a_n|| ||b_n||)

    Source: Manning, Raghavan, Schütze, Introduction to Information Retrieval (2008),
    section 6.3.1.
    """
    dot = np.sum(a * b, axis=1)
    cosine = dot / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))
    return np.mean(1 - cosine)


def cosine_loss_grad(a, b):
    """Gradient of `cosine_loss(a, b)` with respect to `a`.

    a, b: vectors, none of them 0, shape (N, D).
    Returns shape (N, D): row n is the derivative of the mean loss in a_n.
    Source of the projection in it: Deisenroth, Faisal, Ong, Mathematics for Machine
    Learning (2020), section 3.8.
    """
    length = np.linalg.norm(a, axis=1, keepdims=True)
    u, v = a / length, b / np.linalg.norm(b, axis=1, keepdims=True)
    cosine = np.sum(u * v, axis=1, keepdims=True)
    # v without its part along a: the loss does not change when a gets longer or shorter.
    return -(v - cosine * u) / length / len(a)


def contrastive(a, b, same, margin=1.0):
    """Mean contrastive loss of pairs: pull what is the same, push what is not.

    a, b: vectors, shape (N, D). same: 1.0 for similar pairs, else 0.0, shape (N,).
    margin: the distance at which pushing ends, positive.
    Returns a scalar: 1/N sum_n [same_n d_n²/2 + (1 - same_n) max(0, margin - d_n)²/2]
    with d_n = ||a_n - b_n||.
    Source: Hadsell, Chopra, LeCun (2006), Dimensionality reduction by learning an
    invariant mapping.
    """
    d = np.sqrt(np.sum((a - b) ** 2, axis=1))
    push = np.maximum(0.0, margin - d)
    return np.mean(same * d**2 + (1 - same) * push**2) / 2


def contrastive_grad(a, b, same, margin=1.0):
    """Gradient of `contrastive(a, b, same, margin)` with respect to `a`.

    a, b: vectors, shape (N, D); no row of `a` equals its row of `b`.
    same: 1.0 for similar pairs, else 0.0, shape (N,). margin: positive.
    Returns shape (N, D): row n is the derivative of the mean loss in a_n.
    Source: Hadsell, Chopra, LeCun (2006), Dimensionality reduction by learning an
    invariant mapping.
    """
    difference = a - b
    d = np.sqrt(np.sum(difference**2, axis=1))
    # Pulling ends in `difference` itself, pushing in a unit vector times what lacks to the margin.
    factor = same - (1 - same) * np.maximum(0.0, margin - d) / d
    return factor[:, None] * difference / len(a)


def triplet(anchor, positive, negative, margin=1.0):
    """Mean triplet loss: the positive shall be nearer to the anchor than the negative.

    anchor, positive, negative: vectors, shape (N, D). margin: by how much, positive.
    Returns a scalar: 1/N sum_n max(0, d(a_n, p_n)² - d(a_n, n_n)² + margin),
    d the Euclidean distance.
    Source: Schroff, Kalenichenko, Philbin (2015), FaceNet: a unified embedding for face
    recognition and clustering, section 3.1.
    """
    near = np.sum((anchor - positive) ** 2, axis=1)
    far = np.sum((anchor - negative) ** 2, axis=1)
    return np.mean(np.maximum(0.0, near - far + margin))


def triplet_grad(anchor, positive, negative, margin=1.0):
    """Gradient of `triplet(anchor, positive, negative, margin)` in its three vectors.

    anchor, positive, negative: vectors, shape (N, D). margin: positive.
    Returns (grad_anchor, grad_positive, grad_negative), each of shape (N, D).
    Where the argument of the maximum is exactly 0, any share from 0 to 1 of the
    active side's gradient is right, the same share for all three.
    Source: Schroff, Kalenichenko, Philbin (2015), FaceNet, section 3.1.
    """
    near = np.sum((anchor - positive) ** 2, axis=1)
    far = np.sum((anchor - negative) ** 2, axis=1)
    active = np.where(near - far + margin > 0.0, 2.0 / len(anchor), 0.0)[:, None]
    # The anchor's own terms cancel: it moves along the line from the negative to the positive.
    return (
        active * (negative - positive),
        active * (positive - anchor),
        active * (anchor - negative),
    )


WHY = {
    "orthogonal": """\
The cosine depends on the direction of a only. Moving a along itself leaves the loss as it is, so
the slope in that direction is 0, and the gradient has no part along a: it is orthogonal to a. A
step -lr g is the second leg of a right triangle, and a becomes its hypotenuse:
||a - lr g||² = ||a||² + lr² ||g||². So a grows a little longer with every step, and since the
gradient is proportional to 1/||a||, the steps turn it less and less.
""",
}
