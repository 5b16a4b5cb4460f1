# The length of a is taken for a constant.
def cosine_loss_grad(a, b):
    v = b / np.linalg.norm(b, axis=1, keepdims=True)
    return -v / np.linalg.norm(a, axis=1, keepdims=True) / len(a)


# Nothing is pushed apart: every embedding collapses.
def contrastive(a, b, same, margin=1.0):
    d = np.linalg.norm(a - b, axis=1)
    return np.mean(same * d**2 / 2)


def contrastive_grad(a, b, same, margin=1.0):
    return same[:, None] * (a - b) / len(a)


# Solved triplets go on moving.
def triplet_grad(anchor, positive, negative, margin=1.0):
    n = len(anchor)
    return 2 * (negative - positive) / n, 2 * (positive - anchor) / n, 2 * (anchor - negative) / n
