"""Known wrong answers of the unit `mse`."""

import numpy as np

from solutions import mse as reference
from solutions.misconceptions import misconception

# --- squared_error -------------------------------------------------------------------------------


@misconception(
    "squared_error",
    check="value",
    hint="Your values are twice too large: the factor 1/2 is missing.",
)
def squared_error_without_half(y, y_hat):
    return (y - y_hat) ** 2


@misconception(
    "squared_error",
    check="value",
    hint="You have halved the residual before squaring, which makes 1/4 of the factor 1/2.",
)
def squared_error_half_squared(y, y_hat):
    return ((y - y_hat) / 2) ** 2


@misconception(
    "squared_error",
    check="value",
    hint="Your values are negative: a squared error is never below zero. The minus sign belongs "
    "inside the square.",
)
def squared_error_negated(y, y_hat):
    return -0.5 * (y - y_hat) ** 2


@misconception(
    "squared_error",
    check="value",
    hint="These are the absolute errors: the residual is not squared.",
)
def squared_error_absolute(y, y_hat):
    return np.abs(y - y_hat)


@misconception(
    "squared_error",
    check="value",
    hint="These are half the absolute errors: the residual is not squared.",
)
def squared_error_half_absolute(y, y_hat):
    return 0.5 * np.abs(y - y_hat)


@misconception(
    "squared_error",
    check="value",
    hint="These are the derivatives of the squared errors, not the squared errors.",
)
def squared_error_derivative(y, y_hat):
    return y_hat - y


@misconception(
    "squared_error",
    check="value",
    hint="These are the plain residuals: nothing is squared.",
)
def squared_error_residual(y, y_hat):
    return y - y_hat


@misconception(
    "squared_error",
    check="value",
    hint="These are half the residuals: the exponent 2 has become a factor, or is missing.",
)
def squared_error_half_residual(y, y_hat):
    return 0.5 * (y - y_hat)


@misconception(
    "squared_error",
    check="value",
    hint="You subtract the squares from each other: the residual comes first, then its square.",
)
def squared_error_difference_of_squares(y, y_hat):
    return 0.5 * (y**2 - y_hat**2)


@misconception(
    "squared_error",
    check="value",
    hint="You add target and prediction; the residual is their difference.",
)
def squared_error_sum_of_arguments(y, y_hat):
    return 0.5 * (y + y_hat) ** 2


@misconception(
    "squared_error",
    check="value",
    hint="A power binds tighter than a difference: without parentheses only `y_hat` is squared, "
    "and only `y` is halved.",
)
def squared_error_precedence(y, y_hat):
    return 0.5 * y - y_hat**2


@misconception(
    "squared_error",
    check="value",
    hint="The square has ended up in the denominator: `1 / 2 * a` and `1 / (2 * a)` are different "
    "numbers.",
)
def squared_error_reciprocal(y, y_hat):
    return 1 / (2 * (y - y_hat) ** 2)


@misconception(
    "squared_error",
    check="value",
    hint="All your values are 0: `1 // 2` is an integer division and gives 0.",
)
def squared_error_integer_half(y, y_hat):
    return 1 // 2 * (y - y_hat) ** 2


@misconception(
    "squared_error",
    check="value",
    hint="You divide by the number of samples: this function returns every sample's error, no "
    "mean.",
)
def squared_error_over_n(y, y_hat):
    return 0.5 * (y - y_hat) ** 2 / len(y)


@misconception(
    "squared_error",
    check="value",
    hint="You divide the residual by the target: that is a relative error.",
)
def squared_error_relative(y, y_hat):
    return 0.5 * ((y - y_hat) / y) ** 2


@misconception(
    "squared_error",
    check="value",
    hint="Your errors are computed from integers: both inputs have lost everything behind the "
    "decimal point.",
)
def squared_error_truncated(y, y_hat):
    return 0.5 * (y.astype(int) - y_hat.astype(int)) ** 2


@misconception(
    "squared_error",
    check="value",
    hint="Your values are rounded to two decimals. Round when you print, not when you compute.",
)
def squared_error_rounded(y, y_hat):
    return np.round(0.5 * (y - y_hat) ** 2, 2)


@misconception(
    "squared_error",
    check="shape",
    hint="You return the sum over the samples; this function keeps one error per sample.",
)
def squared_error_summed(y, y_hat):
    return 0.5 * np.sum((y - y_hat) ** 2)


@misconception(
    "squared_error",
    check="shape",
    hint="You return the mean over the samples; this function keeps one error per sample.",
)
def squared_error_mean(y, y_hat):
    return 0.5 * np.mean((y - y_hat) ** 2)


@misconception(
    "squared_error",
    check="shape",
    hint="Your function returns from inside the loop: only the first sample gets an error.",
)
def squared_error_first_only(y, y_hat):
    for target, prediction in zip(y, y_hat, strict=True):
        return 0.5 * (target - prediction) ** 2


@misconception(
    "squared_error",
    check="shape",
    hint="You compare every target with every prediction, which gives N x N errors: a column and a"
    " row were broadcast against each other.",
)
def squared_error_all_pairs(y, y_hat):
    return 0.5 * (y[:, None] - y_hat) ** 2


@misconception(
    "squared_error",
    check="shape",
    hint="Your result is a column of shape (N, 1); the errors have the shape (N,) of the targets.",
)
def squared_error_column(y, y_hat):
    return 0.5 * ((y - y_hat) ** 2).reshape(-1, 1)


@misconception(
    "squared_error",
    check="shape",
    hint="The number of samples is fixed at 3 in your code: take it from the argument.",
)
def squared_error_three_samples(y, y_hat):
    return np.array([0.5 * (y[n] - y_hat[n]) ** 2 for n in range(3)])


@misconception(
    "squared_error",
    check="shape",
    hint="Your function prints the errors and returns None: it must return them.",
)
def squared_error_printed(y, y_hat):
    print(0.5 * (y - y_hat) ** 2)


@misconception(
    "squared_error",
    check="purity",
    hint="The residuals are written into `y` before they are squared: the caller's targets are "
    "overwritten by an operator such as `-=`.",
)
def squared_error_in_place(y, y_hat):
    y -= y_hat
    return 0.5 * y**2


# --- squared_error_grad --------------------------------------------------------------------------


@misconception(
    "squared_error_grad",
    check="gradient",
    hint="The sign is the wrong way round: the inner derivative of y - ŷ by ŷ is -1. Without it "
    "you have the derivative by `y`.",
)
def squared_error_grad_sign(y, y_hat):
    return y - y_hat


@misconception(
    "squared_error_grad",
    check="gradient",
    hint="Your derivative is twice too large: the 1/2 of the loss cancels the 2 of the power rule.",
)
def squared_error_grad_without_half(y, y_hat):
    return 2 * (y_hat - y)


@misconception(
    "squared_error_grad",
    check="gradient",
    hint="Two mistakes: the inner derivative -1 is missing, and the 1/2 of the loss has not "
    "cancelled the 2 of the power rule.",
)
def squared_error_grad_sign_without_half(y, y_hat):
    return 2 * (y - y_hat)


@misconception(
    "squared_error_grad",
    check="gradient",
    hint="Your derivative is half as large as it should be: the power rule's factor 2 is missing.",
)
def squared_error_grad_without_two(y, y_hat):
    return (y_hat - y) / 2


@misconception(
    "squared_error_grad",
    check="gradient",
    hint="This is the loss itself, not its derivative.",
)
def squared_error_grad_loss(y, y_hat):
    return 0.5 * (y - y_hat) ** 2


@misconception(
    "squared_error_grad",
    check="gradient",
    hint="The square is still there: its derivative is linear in the residual.",
)
def squared_error_grad_power_kept(y, y_hat):
    return (y_hat - y) ** 2


@misconception(
    "squared_error_grad",
    check="gradient",
    hint="All your derivatives are positive: an absolute value has removed the sign of the "
    "residual.",
)
def squared_error_grad_absolute(y, y_hat):
    return np.abs(y_hat - y)


@misconception(
    "squared_error_grad",
    check="gradient",
    hint="Only the sign of the residual is left: that is the derivative of the absolute error.",
)
def squared_error_grad_sign_only(y, y_hat):
    return np.sign(y_hat - y)


@misconception(
    "squared_error_grad",
    check="gradient",
    hint="The target has vanished: you have differentiated 1/2 ŷ² instead of 1/2 (y - ŷ)².",
)
def squared_error_grad_without_target(y, y_hat):
    return y_hat.copy()


@misconception(
    "squared_error_grad",
    check="gradient",
    hint="You add target and prediction; the derivative has their difference.",
)
def squared_error_grad_sum_of_arguments(y, y_hat):
    return y + y_hat


@misconception(
    "squared_error_grad",
    check="gradient",
    hint="Your derivative is N times too small: here every sample has its own loss, there is no "
    "mean.",
)
def squared_error_grad_over_n(y, y_hat):
    return (y_hat - y) / len(y)


@misconception(
    "squared_error_grad",
    check="gradient",
    hint="This is a forward difference with a step of 0.1: it is off by half the step everywhere. "
    "Use the exact derivative.",
)
def squared_error_grad_large_step(y, y_hat):
    return (0.5 * (y - y_hat - 0.1) ** 2 - 0.5 * (y - y_hat) ** 2) / 0.1


@misconception(
    "squared_error_grad",
    check="gradient",
    hint="Your derivatives are whole numbers: the inputs are cut to integers before the "
    "computation.",
)
def squared_error_grad_truncated(y, y_hat):
    return (y_hat.astype(int) - y.astype(int)).astype(float)


@misconception(
    "squared_error_grad",
    check="gradient",
    hint="Your derivatives are rounded to two decimals. Round when you print, not when you "
    "compute.",
)
def squared_error_grad_rounded(y, y_hat):
    return np.round(y_hat - y, 2)


@misconception(
    "squared_error_grad",
    check="shape",
    hint="You sum over the samples; this function keeps one derivative per sample.",
)
def squared_error_grad_summed(y, y_hat):
    return np.sum(y_hat - y)


@misconception(
    "squared_error_grad",
    check="shape",
    hint="You take the mean over the samples; this function keeps one derivative per sample.",
)
def squared_error_grad_mean(y, y_hat):
    return np.mean(y_hat - y)


@misconception(
    "squared_error_grad",
    check="shape",
    hint="Your function returns from inside the loop: only the first sample gets a derivative.",
)
def squared_error_grad_first_only(y, y_hat):
    for target, prediction in zip(y, y_hat, strict=True):
        return prediction - target


@misconception(
    "squared_error_grad",
    check="shape",
    hint="You compare every target with every prediction, which gives N x N derivatives: a column "
    "and a row were broadcast against each other.",
)
def squared_error_grad_all_pairs(y, y_hat):
    return y_hat[:, None] - y


@misconception(
    "squared_error_grad",
    check="shape",
    hint="Your result is a column of shape (N, 1); the derivatives have the shape (N,) of the "
    "predictions.",
)
def squared_error_grad_column(y, y_hat):
    return (y_hat - y).reshape(-1, 1)


@misconception(
    "squared_error_grad",
    check="shape",
    hint="You return one derivative by `y` and one by `y_hat`; only the one by `y_hat` is asked "
    "for.",
)
def squared_error_grad_both_arguments(y, y_hat):
    return y - y_hat, y_hat - y


@misconception(
    "squared_error_grad",
    check="shape",
    hint="Your function prints the derivatives and returns None: it must return them.",
)
def squared_error_grad_printed(y, y_hat):
    print(y_hat - y)


@misconception(
    "squared_error_grad",
    check="purity",
    hint="The derivative is written into `y_hat`: the caller's predictions are overwritten by an "
    "operator such as `-=`.",
)
def squared_error_grad_in_place(y, y_hat):
    y_hat -= y
    return y_hat


# --- mse -----------------------------------------------------------------------------------------


@misconception(
    "mse",
    check="value",
    hint="Your loss is N times too large: you have summed the squares without dividing by the "
    "number of samples.",
)
def mse_summed(y, y_hat):
    return np.sum((y - y_hat) ** 2)


@misconception(
    "mse",
    check="value",
    hint="Your loss is half as large as it should be: the factor 1/2 belongs to `squared_error`, "
    "the mean squared error has none.",
)
def mse_with_half(y, y_hat):
    return 0.5 * np.mean((y - y_hat) ** 2)


@misconception(
    "mse",
    check="value",
    hint="This is half the sum of the squares: the 1/2 does not belong here, and the 1/N is "
    "missing.",
)
def mse_half_sum(y, y_hat):
    return 0.5 * np.sum((y - y_hat) ** 2)


@misconception(
    "mse",
    check="value",
    hint="Your loss is N times too small: it is divided by N twice, for instance after a mean.",
)
def mse_divided_twice(y, y_hat):
    return np.mean((y - y_hat) ** 2) / len(y)


@misconception(
    "mse",
    check="value",
    hint="You divide by N - 1, as for the variance of a sample; the mean of N squares divides by "
    "N.",
)
def mse_unbiased(y, y_hat):
    return np.sum((y - y_hat) ** 2) / (len(y) - 1)


@misconception(
    "mse",
    check="value",
    hint="You square the mean of the residuals: positive and negative ones cancel first. Square, "
    "then take the mean.",
)
def mse_square_of_mean(y, y_hat):
    return np.mean(y - y_hat) ** 2


@misconception(
    "mse",
    check="value",
    hint="This is the variance of the residuals: it ignores an error that all predictions share.",
)
def mse_variance(y, y_hat):
    return np.var(y - y_hat)


@misconception(
    "mse",
    check="value",
    hint="This is the mean absolute error: the residuals are not squared.",
)
def mse_absolute(y, y_hat):
    return np.mean(np.abs(y - y_hat))


@misconception(
    "mse",
    check="value",
    hint="This is the mean residual: nothing is squared, so errors cancel.",
)
def mse_mean_residual(y, y_hat):
    return np.mean(y - y_hat)


@misconception(
    "mse",
    check="value",
    hint="This is the root mean squared error: there is one square root too many.",
)
def mse_rooted(y, y_hat):
    return np.sqrt(np.mean((y - y_hat) ** 2))


@misconception(
    "mse",
    check="value",
    hint="This is the length of the residual vector, a root of a sum; the mean squared error has "
    "no root and divides by N.",
)
def mse_norm(y, y_hat):
    return np.linalg.norm(y - y_hat)


@misconception(
    "mse",
    check="value",
    hint="You take the difference of the squares; the formula has the square of the difference.",
)
def mse_difference_of_squares(y, y_hat):
    return np.mean(y**2 - y_hat**2)


@misconception(
    "mse",
    check="value",
    hint="Your loss is negative: a mean of squares never is. The minus sign belongs inside the "
    "square.",
)
def mse_negated(y, y_hat):
    return -np.mean((y - y_hat) ** 2)


@misconception(
    "mse",
    check="value",
    hint="Your function returns from inside the loop: only the first sample is counted.",
)
def mse_first_only(y, y_hat):
    for target, prediction in zip(y, y_hat, strict=True):
        return (target - prediction) ** 2 / len(y)


@misconception(
    "mse",
    check="value",
    hint="Only the last sample is counted: your loop overwrites the total instead of adding to it.",
)
def mse_last_only(y, y_hat):
    for target, prediction in zip(y, y_hat, strict=True):
        total = (target - prediction) ** 2
    return total / len(y)


@misconception(
    "mse",
    check="value",
    hint="One sample is left out: your loop starts at 1 or ends before N.",
)
def mse_first_skipped(y, y_hat):
    return sum((y[n] - y_hat[n]) ** 2 for n in range(1, len(y))) / len(y)


@misconception(
    "mse",
    check="value",
    hint="You divide the sum by 3 whatever the number of samples: take it from the argument.",
)
def mse_three_samples(y, y_hat):
    return np.sum((y - y_hat) ** 2) / 3


@misconception(
    "mse",
    check="value",
    hint="Every target is compared with every prediction: a column and a row were broadcast, and "
    "the mean runs over N x N values.",
)
def mse_all_pairs(y, y_hat):
    return np.mean((y - y_hat[:, None]) ** 2)


@misconception(
    "mse",
    check="value",
    hint="The result is the same for every input: it is the value of the example.",
)
def mse_memorised(y, y_hat):
    return 13 / 3


@misconception(
    "mse",
    check="value",
    hint="The inputs are cut to integers before the loss is computed: everything behind the "
    "decimal point is lost.",
)
def mse_truncated(y, y_hat):
    return np.mean((y.astype(int) - y_hat.astype(int)) ** 2)


@misconception(
    "mse",
    check="value",
    hint="Your loss is rounded to two decimals. Round when you print, not when you compute.",
)
def mse_rounded(y, y_hat):
    return round(float(np.mean((y - y_hat) ** 2)), 2)


@misconception(
    "mse",
    check="shape",
    hint="You return one squared error per sample: the mean over the samples is missing.",
)
def mse_per_sample(y, y_hat):
    return (y - y_hat) ** 2


@misconception(
    "mse",
    check="shape",
    hint="You return squared errors divided by N: their sum is missing.",
)
def mse_not_summed(y, y_hat):
    return (y - y_hat) ** 2 / len(y)


@misconception(
    "mse",
    check="shape",
    hint="This is the gradient of the loss, not the loss.",
)
def mse_gradient(y, y_hat):
    return reference.mse_grad(y, y_hat)


@misconception(
    "mse",
    check="shape",
    hint="Your loss is an array with one entry: return the number itself.",
)
def mse_kept_axis(y, y_hat):
    return np.mean((y - y_hat) ** 2, keepdims=True)


@misconception(
    "mse",
    check="shape",
    hint="Your function prints the loss and returns None: it must return it.",
)
def mse_printed(y, y_hat):
    print(np.mean((y - y_hat) ** 2))


@misconception(
    "mse",
    check="purity",
    hint="The residuals are written into `y` before their mean is taken: the caller's targets are "
    "overwritten by an operator such as `-=`.",
)
def mse_in_place(y, y_hat):
    y -= y_hat
    return np.mean(y**2)


# --- mse_grad ------------------------------------------------------------------------------------


@misconception(
    "mse_grad",
    check="gradient",
    hint="The sign is the wrong way round: the inner derivative of y - ŷ by ŷ is -1. Without it "
    "you have the gradient by `y`.",
)
def mse_grad_sign(y, y_hat):
    return 2 * (y - y_hat) / len(y)


@misconception(
    "mse_grad",
    check="gradient",
    hint="Your gradient is N times too large: the mean's 1/N is missing.",
)
def mse_grad_without_mean(y, y_hat):
    return 2 * (y_hat - y)


@misconception(
    "mse_grad",
    check="gradient",
    hint="Your gradient is half as large as it should be: the power rule's factor 2 is missing, "
    "and this loss has no 1/2 to cancel it.",
)
def mse_grad_without_two(y, y_hat):
    return (y_hat - y) / len(y)


@misconception(
    "mse_grad",
    check="gradient",
    hint="This is the derivative of `squared_error`: the factor 2 and the mean's 1/N are both "
    "missing.",
)
def mse_grad_of_squared_error(y, y_hat):
    return y_hat - y


@misconception(
    "mse_grad",
    check="gradient",
    hint="Two mistakes: the sign is the wrong way round, and the mean's 1/N is missing.",
)
def mse_grad_sign_without_mean(y, y_hat):
    return 2 * (y - y_hat)


@misconception(
    "mse_grad",
    check="gradient",
    hint="Two mistakes: the sign is the wrong way round, and the power rule's factor 2 is missing.",
)
def mse_grad_sign_without_two(y, y_hat):
    return (y - y_hat) / len(y)


@misconception(
    "mse_grad",
    check="gradient",
    hint="Your gradient is the plain residual y - ŷ: the sign is the wrong way round, and the "
    "factors 2 and 1/N are missing.",
)
def mse_grad_residual(y, y_hat):
    return y - y_hat


@misconception(
    "mse_grad",
    check="gradient",
    hint="Your gradient is a quarter of what it should be: the 2 of the power rule is in the "
    "denominator.",
)
def mse_grad_two_below(y, y_hat):
    return (y_hat - y) / (2 * len(y))


@misconception(
    "mse_grad",
    check="gradient",
    hint="Your gradient is N times too small: it is divided by N twice.",
)
def mse_grad_divided_twice(y, y_hat):
    return 2 * (y_hat - y) / len(y) ** 2


@misconception(
    "mse_grad",
    check="gradient",
    hint="You divide by N - 1, as for the variance of a sample; the mean divides by N.",
)
def mse_grad_unbiased(y, y_hat):
    return 2 * (y_hat - y) / max(len(y) - 1, 1)


@misconception(
    "mse_grad",
    check="gradient",
    hint="You divide the gradient by 3 whatever the number of samples: take it from the argument.",
)
def mse_grad_three_samples(y, y_hat):
    return 2 * (y_hat - y) / 3


@misconception(
    "mse_grad",
    check="gradient",
    hint="Every entry of your gradient is the mean over all samples: the n-th entry depends on the"
    " n-th residual alone.",
)
def mse_grad_averaged(y, y_hat):
    return np.full(len(y), 2 * np.mean(y_hat - y))


@misconception(
    "mse_grad",
    check="gradient",
    hint="Every entry of your gradient is the same mean over all samples, divided by N once more: "
    "the n-th entry depends on the n-th residual alone.",
)
def mse_grad_averaged_over_n(y, y_hat):
    return np.full(len(y), 2 * np.mean(y_hat - y) / len(y))


@misconception(
    "mse_grad",
    check="gradient",
    hint="The exponent has not come down: the derivative of a square is linear in the residual.",
)
def mse_grad_power_kept(y, y_hat):
    return 2 * (y_hat - y) ** 2 / len(y)


@misconception(
    "mse_grad",
    check="gradient",
    hint="These are the terms of the loss, not their derivatives.",
)
def mse_grad_loss_terms(y, y_hat):
    return (y_hat - y) ** 2 / len(y)


@misconception(
    "mse_grad",
    check="gradient",
    hint="All entries are positive: an absolute value has removed the sign of the residual.",
)
def mse_grad_absolute(y, y_hat):
    return 2 * np.abs(y_hat - y) / len(y)


@misconception(
    "mse_grad",
    check="gradient",
    hint="This is the gradient of the mean absolute error: only the sign of the residual is left.",
)
def mse_grad_of_mae(y, y_hat):
    return np.sign(y_hat - y) / len(y)


@misconception(
    "mse_grad",
    check="gradient",
    hint="This is the gradient of the root mean squared error: it is divided by the root of the "
    "loss.",
)
def mse_grad_of_rmse(y, y_hat):
    return (y_hat - y) / (len(y) * np.sqrt(np.mean((y_hat - y) ** 2)))


@misconception(
    "mse_grad",
    check="gradient",
    hint="The target has vanished: you have differentiated the mean of ŷ² instead of that of (y - "
    "ŷ)².",
)
def mse_grad_without_target(y, y_hat):
    return 2 * y_hat / len(y)


@misconception(
    "mse_grad",
    check="gradient",
    hint="This is a forward difference with a step of 0.1: it is off by 0.1/N everywhere. Use the "
    "exact derivative.",
)
def mse_grad_large_step(y, y_hat):
    return 2 * (y_hat - y) / len(y) + 0.1 / len(y)


@misconception(
    "mse_grad",
    check="gradient",
    hint="The inputs are cut to integers before the gradient is computed: everything behind the "
    "decimal point is lost.",
)
def mse_grad_truncated(y, y_hat):
    return 2 * (y_hat.astype(int) - y.astype(int)) / len(y)


@misconception(
    "mse_grad",
    check="gradient",
    hint="Your gradient is cut to integers: `//` drops everything behind the decimal point.",
)
def mse_grad_integer_division(y, y_hat):
    return 2 * (y_hat - y) // len(y)


@misconception(
    "mse_grad",
    check="gradient",
    hint="Your gradient is rounded to two decimals. Round when you print, not when you compute.",
)
def mse_grad_rounded(y, y_hat):
    return np.round(2 * (y_hat - y) / len(y), 2)


@misconception(
    "mse_grad",
    check="shape",
    hint="This is the loss, one number; its gradient has one entry per prediction.",
)
def mse_grad_loss(y, y_hat):
    return np.mean((y - y_hat) ** 2)


@misconception(
    "mse_grad",
    check="shape",
    hint="You take the mean of the entries: a gradient has one entry per prediction, and the "
    "mean's 1/N is a factor in each.",
)
def mse_grad_mean(y, y_hat):
    return 2 * np.mean(y_hat - y)


@misconception(
    "mse_grad",
    check="shape",
    hint="You sum the entries: a gradient has one entry per prediction.",
)
def mse_grad_summed(y, y_hat):
    return 2 * np.sum(y_hat - y)


@misconception(
    "mse_grad",
    check="shape",
    hint="Your function returns from inside the loop: only the first entry is computed.",
)
def mse_grad_first_only(y, y_hat):
    for target, prediction in zip(y, y_hat, strict=True):
        return 2 * (prediction - target) / len(y)


@misconception(
    "mse_grad",
    check="shape",
    hint="Your result is a column of shape (N, 1); a gradient has the shape (N,) of the "
    "predictions.",
)
def mse_grad_column(y, y_hat):
    return (2 * (y_hat - y) / len(y)).reshape(-1, 1)


@misconception(
    "mse_grad",
    check="shape",
    hint="You compare every target with every prediction, which gives N x N entries: a column and "
    "a row were broadcast against each other.",
)
def mse_grad_all_pairs(y, y_hat):
    return 2 * (y_hat[:, None] - y) / len(y)


@misconception(
    "mse_grad",
    check="shape",
    hint="Your function prints the gradient and returns None: it must return it.",
)
def mse_grad_printed(y, y_hat):
    print(2 * (y_hat - y) / len(y))


@misconception(
    "mse_grad",
    check="purity",
    hint="The gradient is written into `y_hat`: the caller's predictions are overwritten by an "
    "operator such as `-=`.",
)
def mse_grad_in_place(y, y_hat):
    y_hat -= y
    y_hat *= 2 / len(y)
    return y_hat


# --- linear_mse_grad -----------------------------------------------------------------------------


@misconception(
    "linear_mse_grad",
    check="gradient",
    hint="Both signs are the wrong way round: the inner derivative of y - ŷ by ŷ is -1. Descent "
    "would climb.",
)
def linear_mse_grad_sign(X, y, w, b):
    grad_w, grad_b = reference.linear_mse_grad(X, y, w, b)
    return -grad_w, -grad_b


@misconception(
    "linear_mse_grad",
    check="gradient",
    hint="The gradient by `b` has the wrong sign; the one by `w` is right. b enters the prediction"
    " with a plus.",
)
def linear_mse_grad_bias_sign(X, y, w, b):
    grad_w, grad_b = reference.linear_mse_grad(X, y, w, b)
    return grad_w, -grad_b


@misconception(
    "linear_mse_grad",
    check="gradient",
    hint="The gradient by `w` has the wrong sign; the one by `b` is right. w enters the prediction"
    " with a plus.",
)
def linear_mse_grad_weight_sign(X, y, w, b):
    grad_w, grad_b = reference.linear_mse_grad(X, y, w, b)
    return -grad_w, grad_b


@misconception(
    "linear_mse_grad",
    check="gradient",
    hint="Both gradients are half as large as they should be: the power rule's factor 2 is "
    "missing.",
)
def linear_mse_grad_without_two(X, y, w, b):
    residual = X @ w + b - y
    return X.T @ residual / len(y), np.mean(residual)


@misconception(
    "linear_mse_grad",
    check="gradient",
    hint="Both gradients are N times too large: the mean's 1/N is missing.",
)
def linear_mse_grad_without_mean(X, y, w, b):
    residual = X @ w + b - y
    return 2 * X.T @ residual, 2 * np.sum(residual)


@misconception(
    "linear_mse_grad",
    check="gradient",
    hint="The factor 2 and the mean's 1/N are missing from both gradients.",
)
def linear_mse_grad_of_half_sum(X, y, w, b):
    residual = X @ w + b - y
    return X.T @ residual, np.sum(residual)


@misconception(
    "linear_mse_grad",
    check="gradient",
    hint="Both gradients are N times too small: they are divided by N twice, for instance by a "
    "mean over `mse_grad`, which has its 1/N already.",
)
def linear_mse_grad_divided_twice(X, y, w, b):
    residual = X @ w + b - y
    return 2 * X.T @ residual / len(y) ** 2, 2 * np.mean(residual) / len(y)


@misconception(
    "linear_mse_grad",
    check="gradient",
    hint="The gradient by `b` is N times too large: the mean's 1/N is missing there.",
)
def linear_mse_grad_bias_without_mean(X, y, w, b):
    grad_w, grad_b = reference.linear_mse_grad(X, y, w, b)
    return grad_w, grad_b * len(y)


@misconception(
    "linear_mse_grad",
    check="gradient",
    hint="The gradient by `b` is N times too small: it is divided by N twice, for instance by a "
    "mean over `mse_grad`, which has its 1/N already.",
)
def linear_mse_grad_bias_divided_twice(X, y, w, b):
    grad_w, grad_b = reference.linear_mse_grad(X, y, w, b)
    return grad_w, grad_b / len(y)


@misconception(
    "linear_mse_grad",
    check="gradient",
    hint="The gradient by `w` is N times too large: the mean's 1/N is missing there.",
)
def linear_mse_grad_weight_without_mean(X, y, w, b):
    grad_w, grad_b = reference.linear_mse_grad(X, y, w, b)
    return grad_w * len(y), grad_b


@misconception(
    "linear_mse_grad",
    check="gradient",
    hint="The gradient by `b` is half as large as it should be: its factor 2 is missing.",
)
def linear_mse_grad_bias_without_two(X, y, w, b):
    grad_w, grad_b = reference.linear_mse_grad(X, y, w, b)
    return grad_w, grad_b / 2


@misconception(
    "linear_mse_grad",
    check="gradient",
    hint="You divide by the number of features D; the mean runs over the N samples.",
)
def linear_mse_grad_over_features(X, y, w, b):
    residual = X @ w + b - y
    return 2 * X.T @ residual / X.shape[1], 2 * np.sum(residual) / X.shape[1]


@misconception(
    "linear_mse_grad",
    check="gradient",
    hint="You divide by all N times D entries of `X`; the mean runs over the N samples.",
)
def linear_mse_grad_over_entries(X, y, w, b):
    residual = X @ w + b - y
    return 2 * X.T @ residual / X.size, 2 * np.sum(residual) / X.size


@misconception(
    "linear_mse_grad",
    check="gradient",
    hint="Your prediction leaves out the bias `b`.",
)
def linear_mse_grad_prediction_without_bias(X, y, w, b):
    return reference.linear_mse_grad(X, y, w, 0.0)


@misconception(
    "linear_mse_grad",
    check="gradient",
    hint="Your prediction leaves out `w`: the gradient is that of a model which has not learned "
    "anything yet.",
)
def linear_mse_grad_prediction_without_weights(X, y, w, b):
    return reference.linear_mse_grad(X, y, np.zeros_like(w), b)


@misconception(
    "linear_mse_grad",
    check="gradient",
    hint="The bias is subtracted in your prediction; the model adds it.",
)
def linear_mse_grad_bias_subtracted(X, y, w, b):
    return reference.linear_mse_grad(X, y, w, -b)


@misconception(
    "linear_mse_grad",
    check="gradient",
    hint="The gradient by `w` lacks the inner derivative: each residual must be multiplied by its "
    "sample's features.",
)
def linear_mse_grad_without_features(X, y, w, b):
    _, grad_b = reference.linear_mse_grad(X, y, w, b)
    return np.full(len(w), grad_b), grad_b


@misconception(
    "linear_mse_grad",
    check="gradient",
    hint="You multiply the mean feature by the mean residual: a mean of products is not the "
    "product of the means.",
)
def linear_mse_grad_product_of_means(X, y, w, b):
    _, grad_b = reference.linear_mse_grad(X, y, w, b)
    return X.mean(axis=0) * grad_b, grad_b


@misconception(
    "linear_mse_grad",
    check="gradient",
    hint="Your gradient by `b` is multiplied by `b`: the prediction's derivative by b is 1.",
)
def linear_mse_grad_bias_times_b(X, y, w, b):
    grad_w, grad_b = reference.linear_mse_grad(X, y, w, b)
    return grad_w, grad_b * b


@misconception(
    "linear_mse_grad",
    check="gradient",
    hint="Your gradient by `b` is 0: the bias is treated as a constant.",
)
def linear_mse_grad_constant_bias(X, y, w, b):
    grad_w, _ = reference.linear_mse_grad(X, y, w, b)
    return grad_w, 0.0


@misconception(
    "linear_mse_grad",
    check="gradient",
    hint="You return the parameters after a step of descent, not the gradients.",
)
def linear_mse_grad_step(X, y, w, b):
    grad_w, grad_b = reference.linear_mse_grad(X, y, w, b)
    return w - grad_w, b - grad_b


@misconception(
    "linear_mse_grad",
    check="gradient",
    hint="This is the gradient of the root mean squared error: both are divided by twice the root "
    "of the loss.",
)
def linear_mse_grad_of_rmse(X, y, w, b):
    grad_w, grad_b = reference.linear_mse_grad(X, y, w, b)
    root = np.sqrt(reference.mse(y, X @ w + b))
    return grad_w / (2 * root), grad_b / (2 * root)


@misconception(
    "linear_mse_grad",
    check="gradient",
    hint="This is the gradient of the mean absolute error: only the sign of each residual is left.",
)
def linear_mse_grad_of_mae(X, y, w, b):
    sign = np.sign(X @ w + b - y)
    return X.T @ sign / len(y), np.mean(sign)


@misconception(
    "linear_mse_grad",
    check="gradient",
    hint="Your gradients are rounded to two decimals. Round when you print, not when you compute.",
)
def linear_mse_grad_rounded(X, y, w, b):
    grad_w, grad_b = reference.linear_mse_grad(X, y, w, b)
    return np.round(grad_w, 2), np.round(grad_b, 2)


@misconception(
    "linear_mse_grad",
    check="shape",
    hint="The order is the wrong way round: first the gradient by `w`, then by `b`.",
)
def linear_mse_grad_order(X, y, w, b):
    grad_w, grad_b = reference.linear_mse_grad(X, y, w, b)
    return grad_b, grad_w


@misconception(
    "linear_mse_grad",
    check="shape",
    hint="You return the gradient by `w` only: the one by `b` is missing.",
)
def linear_mse_grad_weights_only(X, y, w, b):
    return reference.linear_mse_grad(X, y, w, b)[0]


@misconception(
    "linear_mse_grad",
    check="shape",
    hint="Both gradients are joined in one array: return a pair.",
)
def linear_mse_grad_joined(X, y, w, b):
    return np.append(*reference.linear_mse_grad(X, y, w, b))


@misconception(
    "linear_mse_grad",
    check="shape",
    hint="Your gradient by `b` has one entry per sample: sum them, because one b serves all "
    "samples.",
)
def linear_mse_grad_bias_per_sample(X, y, w, b):
    grad_w, _ = reference.linear_mse_grad(X, y, w, b)
    return grad_w, reference.mse_grad(y, X @ w + b)


@misconception(
    "linear_mse_grad",
    check="shape",
    hint="Your gradient by `w` has one row per sample: the sum over the samples is missing.",
)
def linear_mse_grad_weights_per_sample(X, y, w, b):
    _, grad_b = reference.linear_mse_grad(X, y, w, b)
    return X * reference.mse_grad(y, X @ w + b)[:, None], grad_b


@misconception(
    "linear_mse_grad",
    check="shape",
    hint="Your gradient by `w` is summed over the features (axis 1): it must be summed over the "
    "samples (axis 0).",
)
def linear_mse_grad_wrong_axis(X, y, w, b):
    g = reference.mse_grad(y, X @ w + b)
    return np.sum(X * g[:, None], axis=1), np.sum(g)


@misconception(
    "linear_mse_grad",
    check="shape",
    hint="Your gradient by `w` is a single number, summed over samples and features: each weight "
    "has its own entry.",
)
def linear_mse_grad_one_weight(X, y, w, b):
    grad_w, grad_b = reference.linear_mse_grad(X, y, w, b)
    return np.sum(grad_w), grad_b


@misconception(
    "linear_mse_grad",
    check="shape",
    hint="Your gradient by `w` is a column of shape (D, 1); it has the shape (D,) of `w`.",
)
def linear_mse_grad_column(X, y, w, b):
    grad_w, grad_b = reference.linear_mse_grad(X, y, w, b)
    return grad_w.reshape(-1, 1), grad_b


@misconception(
    "linear_mse_grad",
    check="shape",
    hint="The shapes do not fit: residuals (N,) meet features (N, D) without a transpose.",
)
def linear_mse_grad_without_transpose(X, y, w, b):
    g = reference.mse_grad(y, X @ w + b)
    return X @ g, np.sum(g)


@misconception(
    "linear_mse_grad",
    check="shape",
    hint="This is the loss, one number; two gradients are asked for.",
)
def linear_mse_grad_loss(X, y, w, b):
    return reference.mse(y, X @ w + b)


@misconception(
    "linear_mse_grad",
    check="shape",
    hint="This is the gradient by the predictions: the chain rule carries it on to `w` and `b`.",
)
def linear_mse_grad_of_predictions(X, y, w, b):
    return reference.mse_grad(y, X @ w + b)


@misconception(
    "linear_mse_grad",
    check="shape",
    hint="Your function prints the gradients and returns None: it must return them.",
)
def linear_mse_grad_printed(X, y, w, b):
    print(reference.linear_mse_grad(X, y, w, b))


@misconception(
    "linear_mse_grad",
    check="single_feature",
    hint="With one feature your gradient by `w` collapses to a number: a squeeze has removed the "
    "axis of length 1.",
)
def linear_mse_grad_squeezed(X, y, w, b):
    grad_w, grad_b = reference.linear_mse_grad(X, y, w, b)
    return np.squeeze(grad_w), grad_b


@misconception(
    "linear_mse_grad",
    check="purity",
    hint="The weights are changed inside the function, by an operator such as `-=`: a gradient "
    "function only computes.",
)
def linear_mse_grad_in_place(X, y, w, b):
    grad_w, grad_b = reference.linear_mse_grad(X, y, w, b)
    w -= 0.1 * grad_w
    return grad_w, grad_b


@misconception(
    "linear_mse_grad",
    check="purity",
    hint="The residuals of the model are written into `y`: the caller's targets are overwritten by"
    " an operator such as `-=`.",
)
def linear_mse_grad_targets_in_place(X, y, w, b):
    y -= X @ w + b
    return -2 * X.T @ y / len(y), -2 * np.mean(y)
