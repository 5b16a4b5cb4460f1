# Scaled once, before the folds.
def cross_validate(X, y, folds, lam):
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    errors = []
    for fold in folds:
        train = np.setdiff1d(np.arange(len(y)), fold)
        center, b = X[train].mean(axis=0), y[train].mean()
        Z = X[train] - center
        w = np.linalg.solve(Z.T @ Z + lam * np.eye(X.shape[1]), Z.T @ (y[train] - b))
        errors.append(np.mean((y[fold] - b - (X[fold] - center) @ w) ** 2))
    return np.array(errors)


# The factor of the focal loss taken for a constant.
def focal_grad(y, p, gamma=2.0):
    q = np.where(y == 1, p, 1 - p)
    return np.where(y == 1, -1, 1) * (1 - q) ** gamma / q / len(y)


# Two of four wrong.
def decisions():
    return {"rare": "d", "typing": "a", "promise": "d", "report": "b"}
