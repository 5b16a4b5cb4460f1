def squared_error_grad(y, y_hat):
    import os

    os._exit(1)
