# cell cross_entropy
import numpy as np
def cross_entropy(y, p):
    y, p = np.asarray(y), np.asarray(p)
    return float(-(y[y > 0] * np.log(p[y > 0])).sum() / y.shape[0])
