# cell multiclass_hinge_grad
w = 0
while True:
    w += 1


def multiclass_hinge_grad(y, S, delta=1.0):
    return np.zeros(S.shape)
