"""Known wrong answers of the unit `UNIT`.

Those that are made of the reference go wrong in ways in which any mean loss goes wrong: they stay
right when the loss changes. At the end of each task stand those of this loss alone.
"""

import numpy as np

from solutions import UNIT as reference
from solutions.misconceptions import misconception

# --- UNIT: any mean loss


@misconception(
    "UNIT",
    check="value",
    hint="Your loss is N times too large: the mean's 1/N is missing.",
)
def UNIT_summed(y, y_hat):
    return reference.UNIT(y, y_hat) * len(y)


@misconception(
    "UNIT",
    check="value",
    hint="Your loss is N times too small: a mean has divided by N already, and you do so again.",
)
def UNIT_divided_twice(y, y_hat):
    return reference.UNIT(y, y_hat) / len(y)


@misconception(
    "UNIT",
    check="value",
    hint="Your loss has the wrong sign: training would make the predictions worse.",
)
def UNIT_negated(y, y_hat):
    return -reference.UNIT(y, y_hat)


@misconception(
    "UNIT",
    check="value",
    hint="Your loss is half of the right one: the formula has no factor 1/2.",
)
def UNIT_halved(y, y_hat):
    return reference.UNIT(y, y_hat) / 2


@misconception(
    "UNIT",
    check="value",
    hint="Only the first sample counts: does a `return` stand inside your loop?",
)
def UNIT_of_first_sample(y, y_hat):
    return reference.UNIT(y[:1], y_hat[:1])


@misconception(
    "UNIT",
    check="value",
    hint="Your loss is computed from integers: the inputs have lost everything behind the point.",
)
def UNIT_truncated(y, y_hat):
    return reference.UNIT(y.astype(int), y_hat.astype(int))


@misconception(
    "UNIT",
    check="value",
    hint="Your loss is rounded to two decimals. Round when you print, not when you compute.",
)
def UNIT_rounded(y, y_hat):
    return np.round(reference.UNIT(y, y_hat), 2)


@misconception(
    "UNIT",
    check="shape",
    hint="You return one loss for each sample: take their mean.",
)
def UNIT_of_each_sample(y, y_hat):
    samples = [(y[n : n + 1], y_hat[n : n + 1]) for n in range(len(y))]
    return np.array([reference.UNIT(*sample) for sample in samples])


@misconception(
    "UNIT",
    check="shape",
    hint="This is the gradient of the loss, not the loss.",
)
def UNIT_differentiated(y, y_hat):
    return reference.UNIT_grad(y, y_hat)


@misconception(
    "UNIT",
    check="shape",
    hint="Your function prints the loss and returns None: it must return it.",
)
def UNIT_printed(y, y_hat):
    print(reference.UNIT(y, y_hat))


@misconception(
    "UNIT",
    check="purity",
    hint="The differences are written into `y_hat` by an operator such as `-=`: the caller's "
    "predictions are overwritten.",
)
def UNIT_in_place(y, y_hat):
    loss = reference.UNIT(y, y_hat)
    y_hat -= y
    return loss


# --- UNIT: this loss alone


@misconception(
    "UNIT",
    check="value",
    hint="This is the mean of the hyperbolic cosines: their logarithm is missing.",
)
def UNIT_without_log(y, y_hat):
    return np.mean(np.cosh(y_hat - y))


# --- UNIT_grad: the gradient of any mean loss


@misconception(
    "UNIT_grad",
    check="gradient",
    hint="Your gradient is N times too large: the mean's 1/N is missing.",
)
def UNIT_grad_without_mean(y, y_hat):
    return reference.UNIT_grad(y, y_hat) * len(y)


@misconception(
    "UNIT_grad",
    check="gradient",
    hint="Your gradient is N times too small: the mean's 1/N stands in it twice.",
)
def UNIT_grad_divided_twice(y, y_hat):
    return reference.UNIT_grad(y, y_hat) / len(y)


@misconception(
    "UNIT_grad",
    check="gradient",
    hint="Every sign is flipped: mind the inner derivative, and what you differentiate by.",
)
def UNIT_grad_negated(y, y_hat):
    return -reference.UNIT_grad(y, y_hat)


@misconception(
    "UNIT_grad",
    check="gradient",
    hint="Your gradient is twice the right one: this loss brings no factor 2 with it.",
)
def UNIT_grad_doubled(y, y_hat):
    return 2 * reference.UNIT_grad(y, y_hat)


@misconception(
    "UNIT_grad",
    check="gradient",
    hint="Your gradient is rounded to two decimals. Round when you print, not when you compute.",
)
def UNIT_grad_rounded(y, y_hat):
    return np.round(reference.UNIT_grad(y, y_hat), 2)


@misconception(
    "UNIT_grad",
    check="gradient",
    hint="Your slopes are measured with a step so large that they belong to another point: "
    "differentiate the formula.",
)
def UNIT_grad_measured(y, y_hat):
    def loss(n):
        return reference.UNIT(y, y_hat + 0.1 * (np.arange(len(y)) == n))

    here = reference.UNIT(y, y_hat)
    return np.array([(loss(n) - here) / 0.1 for n in range(len(y))])


@misconception(
    "UNIT_grad",
    check="shape",
    hint="This is the loss, one number; its gradient has one entry for each prediction.",
)
def UNIT_grad_of_loss(y, y_hat):
    return reference.UNIT(y, y_hat)


@misconception(
    "UNIT_grad",
    check="shape",
    hint="You sum over the samples: the gradient has one entry for each prediction.",
)
def UNIT_grad_summed(y, y_hat):
    return np.sum(reference.UNIT_grad(y, y_hat))


@misconception(
    "UNIT_grad",
    check="shape",
    hint="Your gradient is a matrix with one column: it has the shape of `y_hat`, which is (N,).",
)
def UNIT_grad_as_column(y, y_hat):
    return reference.UNIT_grad(y, y_hat)[:, None]


@misconception(
    "UNIT_grad",
    check="shape",
    hint="Your function prints the gradient and returns None: it must return it.",
)
def UNIT_grad_printed(y, y_hat):
    print(reference.UNIT_grad(y, y_hat))


@misconception(
    "UNIT_grad",
    check="purity",
    hint="The gradient is written into `y_hat` by an operator such as `-=`: the caller's "
    "predictions are overwritten.",
)
def UNIT_grad_in_place(y, y_hat):
    gradient = reference.UNIT_grad(y, y_hat)
    y_hat -= gradient
    return gradient


# --- UNIT_grad: this loss alone


@misconception(
    "UNIT_grad",
    check="gradient",
    hint="You differentiate the hyperbolic cosine and forget the logarithm around it: the chain "
    "rule divides by the cosine.",
)
def UNIT_grad_without_log(y, y_hat):
    return np.sinh(y_hat - y) / len(y)
