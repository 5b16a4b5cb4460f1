# Right, with warnings on stderr from values that are thrown away.
import warnings

warnings.warn("an old habit")


def cross_entropy(y, p):
    return -np.sum(np.where(y > 0, y * np.log(p), 0.0)) / len(y)


def cross_entropy_grad(y, p):
    import sys

    print("dividing", file=sys.stderr)
    return np.where(y > 0, -y / p, 0.0) / len(y)
