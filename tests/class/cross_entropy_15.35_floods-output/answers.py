# cell log_loss
for _ in range(40):
    print("loss " * 50_000)


def log_loss(y, p):
    print("loss " * 50_000)
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))

# cell log_loss_grad
def log_loss_grad(y, p):
    return (1 - y) / (1 - p) - y / p
