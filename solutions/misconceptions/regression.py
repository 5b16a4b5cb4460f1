"""Known wrong answers of the unit `regression`."""

import numpy as np

from solutions import regression as reference
from solutions.misconceptions import misconception

# mae


@misconception(
    "mae",
    check="shape",
    hint="You return one absolute error per sample; their mean is missing.",
)
def mae_per_sample(y, y_hat):
    return np.abs(y_hat - y)


@misconception(
    "mae",
    check="shape",
    hint="Your function prints the mean absolute error and returns None: it must return it.",
)
def mae_printed(y, y_hat):
    print(np.mean(np.abs(y_hat - y)))


@misconception(
    "mae",
    check="value",
    hint="Your loss is N times too large: it is the sum of the absolute errors, not their mean.",
)
def mae_sum(y, y_hat):
    return np.sum(np.abs(y_hat - y))


@misconception(
    "mae",
    check="value",
    hint="Errors of different sign cancel in your loss: the absolute value is missing.",
)
def mae_without_absolute(y, y_hat):
    return np.mean(y_hat - y)


@misconception(
    "mae",
    check="value",
    hint="Errors of different sign cancel in your loss: the absolute value is taken after the "
    "mean, but belongs to each residual by itself.",
)
def mae_absolute_of_mean(y, y_hat):
    return np.abs(np.mean(y_hat - y))


@misconception(
    "mae",
    check="value",
    hint="You subtract the absolute values of targets and predictions from each other; the "
    "difference comes first, then its absolute value.",
)
def mae_difference_of_absolutes(y, y_hat):
    return np.mean(np.abs(y_hat) - np.abs(y))


@misconception(
    "mae",
    check="value",
    hint="Your residuals are squared: this is the mean squared error.",
)
def mae_squared(y, y_hat):
    return np.mean((y_hat - y) ** 2)


@misconception(
    "mae",
    check="value",
    hint="This is the root mean squared error: a root of a mean of squares is no mean of roots.",
)
def mae_root_of_mean_square(y, y_hat):
    return np.sqrt(np.mean((y_hat - y) ** 2))


@misconception(
    "mae",
    check="value",
    hint="You return the median of the absolute errors; the M stands for mean here.",
)
def mae_median(y, y_hat):
    return np.median(np.abs(y_hat - y))


@misconception(
    "mae",
    check="value",
    hint="You divide by the size of the target: that is a relative error (MAPE).",
)
def mae_relative(y, y_hat):
    return np.mean(np.abs((y_hat - y) / y))


@misconception(
    "mae",
    check="value",
    hint="Your loss is half as large as it should be: the 1/2 belongs to squares, this loss has "
    "none.",
)
def mae_halved(y, y_hat):
    return 0.5 * np.mean(np.abs(y_hat - y))


@misconception(
    "mae",
    check="purity",
    hint="The residuals are written into `y_hat`: the caller's predictions are overwritten by an "
    "operator such as `-=`.",
)
def mae_in_place(y, y_hat):
    y_hat -= y
    return np.mean(np.abs(y_hat))


# mae_grad


@misconception(
    "mae_grad",
    check="shape",
    hint="You add the slopes of all samples; the gradient has one entry for each prediction.",
)
def mae_grad_summed(y, y_hat):
    return np.sum(np.sign(y_hat - y)) / len(y)


@misconception(
    "mae_grad",
    check="shape",
    hint="You return the loss itself, one number; the gradient has one entry for each prediction.",
)
def mae_grad_loss(y, y_hat):
    return reference.mae(y, y_hat)


@misconception(
    "mae_grad",
    check="shape",
    hint="Your gradient is a column of shape (N, 1); the predictions have the shape (N,).",
)
def mae_grad_column(y, y_hat):
    return reference.mae_grad(y, y_hat).reshape(-1, 1)


@misconception(
    "mae_grad",
    check="gradient",
    hint="Your gradient is N times too large: the mean's 1/N is missing.",
)
def mae_grad_without_mean(y, y_hat):
    return np.sign(y_hat - y)


@misconception(
    "mae_grad",
    check="gradient",
    hint="Your gradient is N times too small: the mean divides by N once, not twice.",
)
def mae_grad_mean_twice(y, y_hat):
    return np.sign(y_hat - y) / len(y) ** 2


@misconception(
    "mae_grad",
    check="gradient",
    hint="The sign is the wrong way round: where a prediction is too high, raising it raises the "
    "loss. Yours is the derivative by `y`.",
)
def mae_grad_sign(y, y_hat):
    return np.sign(y - y_hat) / len(y)


@misconception(
    "mae_grad",
    check="gradient",
    hint="All your slopes are positive: left of its kink the absolute value falls.",
)
def mae_grad_always_rising(y, y_hat):
    return np.ones(len(y)) / len(y)


@misconception(
    "mae_grad",
    check="gradient",
    hint="Predictions that are too low have no slope in yours: the absolute value falls there, it "
    "is not flat.",
)
def mae_grad_flat_below(y, y_hat):
    return np.where(y_hat > y, 1.0, 0.0) / len(y)


@misconception(
    "mae_grad",
    check="gradient",
    hint="Your slopes grow with the residual, as those of a square do; an absolute value is as "
    "steep far away as nearby.",
)
def mae_grad_residual(y, y_hat):
    return (y_hat - y) / len(y)


@misconception(
    "mae_grad",
    check="gradient",
    hint="This is the gradient of the mean squared error; the absolute error has another slope.",
)
def mae_grad_of_mse(y, y_hat):
    return 2 * (y_hat - y) / len(y)


@misconception(
    "mae_grad",
    check="gradient",
    hint="These are the absolute errors over N, not their slopes: you have not differentiated.",
)
def mae_grad_absolute_errors(y, y_hat):
    return np.abs(y_hat - y) / len(y)


@misconception(
    "mae_grad",
    check="gradient",
    hint="You take the sign of the prediction; the kink lies where the residual is 0, not where "
    "the prediction is.",
)
def mae_grad_sign_of_prediction(y, y_hat):
    return np.sign(y_hat) / len(y)


@misconception(
    "mae_grad",
    check="kink",
    hint="You divide the residual by its absolute value, which is 0/0 = nan where a prediction is "
    "exactly right.",
)
def mae_grad_zero_by_zero(y, y_hat):
    with np.errstate(invalid="ignore"):
        return (y_hat - y) / np.abs(y_hat - y) / len(y)


@misconception(
    "mae_grad",
    check="purity",
    hint="The residuals are written into `y_hat`: work on a new array, the caller still needs the "
    "predictions.",
)
def mae_grad_in_place(y, y_hat):
    y_hat -= y
    return np.sign(y_hat) / len(y)


# rmse


@misconception(
    "rmse",
    check="shape",
    hint="You return one number per sample: the mean under the root is missing.",
)
def rmse_per_sample(y, y_hat):
    return np.sqrt((y_hat - y) ** 2)


@misconception(
    "rmse",
    check="shape",
    hint="Your function prints the root mean squared error and returns None: it must return it.",
)
def rmse_printed(y, y_hat):
    print(np.sqrt(np.mean((y_hat - y) ** 2)))


@misconception(
    "rmse",
    check="value",
    hint="The root is missing: this is the mean squared error.",
)
def rmse_without_root(y, y_hat):
    return np.mean((y_hat - y) ** 2)


@misconception(
    "rmse",
    check="value",
    hint="You take the root of each square before the mean, which undoes the squares: this is the "
    "mean absolute error.",
)
def rmse_mean_of_roots(y, y_hat):
    return np.mean(np.sqrt((y_hat - y) ** 2))


@misconception(
    "rmse",
    check="value",
    hint="You take the root of the sum of squares, the length of the residuals: the mean's 1/N "
    "under the root is missing.",
)
def rmse_root_of_sum(y, y_hat):
    return np.sqrt(np.sum((y_hat - y) ** 2))


@misconception(
    "rmse",
    check="value",
    hint="You divide by N after the root; the mean, and so its 1/N, stands under the root.",
)
def rmse_mean_outside(y, y_hat):
    return np.sqrt(np.sum((y_hat - y) ** 2)) / len(y)


@misconception(
    "rmse",
    check="value",
    hint="You divide by N - 1, as an estimate of a variance does; this mean is over N.",
)
def rmse_n_minus_one(y, y_hat):
    return np.sqrt(np.sum((y_hat - y) ** 2) / max(len(y) - 1, 1))


@misconception(
    "rmse",
    check="value",
    hint="You take the standard deviation of the residuals, which subtracts their mean first: a "
    "model that is always 5 too high would be perfect.",
)
def rmse_standard_deviation(y, y_hat):
    return np.std(y_hat - y)


@misconception(
    "rmse",
    check="value",
    hint="Residuals of different sign cancel in your loss: you square their mean, not each of "
    "them.",
)
def rmse_square_of_mean(y, y_hat):
    return np.sqrt(np.mean(y_hat - y) ** 2)


@misconception(
    "rmse",
    check="value",
    hint="There is a 1/2 under your root; M is the plain mean of the squares.",
)
def rmse_half_inside(y, y_hat):
    return np.sqrt(np.mean((y_hat - y) ** 2) / 2)


@misconception(
    "rmse",
    check="value",
    hint="You halve the mean squared error; its square root is meant, the power 1/2.",
)
def rmse_half_for_root(y, y_hat):
    return np.mean((y_hat - y) ** 2) * 0.5


@misconception(
    "rmse",
    check="purity",
    hint="You square the residuals inside `y_hat`, which belongs to the caller: operators such as "
    "`-=` and `**=` change it.",
)
def rmse_in_place(y, y_hat):
    y_hat -= y
    y_hat **= 2
    return np.sqrt(np.mean(y_hat))


# rmse_grad


@misconception(
    "rmse_grad",
    check="shape",
    hint="You return the outer derivative only, 1/(2√M): the chain rule multiplies it by the "
    "derivative of M, which has one entry for each prediction.",
)
def rmse_grad_outer_only(y, y_hat):
    return 1 / (2 * reference.rmse(y, y_hat))


@misconception(
    "rmse_grad",
    check="shape",
    hint="You sum over the samples; each prediction has an entry of its own in the gradient.",
)
def rmse_grad_summed(y, y_hat):
    return np.sum(y_hat - y) / (len(y) * reference.rmse(y, y_hat))


@misconception(
    "rmse_grad",
    check="shape",
    hint="You return the root mean squared error, one number, in place of its gradient.",
)
def rmse_grad_loss(y, y_hat):
    return reference.rmse(y, y_hat)


@misconception(
    "rmse_grad",
    check="gradient",
    hint="This is the gradient of M under the root: the chain rule's factor for the root is "
    "missing.",
)
def rmse_grad_inner_only(y, y_hat):
    return 2 * (y_hat - y) / len(y)


@misconception(
    "rmse_grad",
    check="gradient",
    hint="Your gradient is twice too large: the derivative of a root has a 1/2, which cancels the "
    "2 of the square.",
)
def rmse_grad_without_half(y, y_hat):
    return 2 * reference.rmse_grad(y, y_hat)


@misconception(
    "rmse_grad",
    check="gradient",
    hint="Your gradient is half as large as it should be: the 2 from the square is missing and "
    "would cancel the 1/2 from the root.",
)
def rmse_grad_without_two(y, y_hat):
    return reference.rmse_grad(y, y_hat) / 2


@misconception(
    "rmse_grad",
    check="gradient",
    hint="Your gradient is N times too large: the mean under the root has a 1/N, which stays when "
    "you differentiate M.",
)
def rmse_grad_without_mean(y, y_hat):
    return (y_hat - y) / reference.rmse(y, y_hat)


@misconception(
    "rmse_grad",
    check="gradient",
    hint="You divide by M where its root belongs: the derivative of √M is 1/(2√M).",
)
def rmse_grad_over_mse(y, y_hat):
    return (y_hat - y) / (len(y) * reference.rmse(y, y_hat) ** 2)


@misconception(
    "rmse_grad",
    check="gradient",
    hint="You multiply by the root: the derivative of √M has the root in its denominator.",
)
def rmse_grad_times_root(y, y_hat):
    return (y_hat - y) / len(y) * reference.rmse(y, y_hat)


@misconception(
    "rmse_grad",
    check="gradient",
    hint="You differentiate the length of the residuals: your gradient is √N times too large, "
    "because the 1/N under the root is missing.",
)
def rmse_grad_of_length(y, y_hat):
    return (y_hat - y) / np.sqrt(np.sum((y_hat - y) ** 2))


@misconception(
    "rmse_grad",
    check="gradient",
    hint="This is the gradient of the mean absolute error: your root acts on each square by "
    "itself, before the mean.",
)
def rmse_grad_of_mae(y, y_hat):
    return np.sign(y_hat - y) / len(y)


@misconception(
    "rmse_grad",
    check="gradient",
    hint="The sign is the wrong way round: the inner derivative of y - ŷ by ŷ is -1. With it, a "
    "prediction that is too high has a positive slope.",
)
def rmse_grad_sign(y, y_hat):
    return -reference.rmse_grad(y, y_hat)


@misconception(
    "rmse_grad",
    check="purity",
    hint="Your gradient is computed in the array `y_hat` itself: after the call, the caller's "
    "predictions are gone.",
)
def rmse_grad_in_place(y, y_hat):
    y_hat -= y
    y_hat /= len(y) * np.sqrt(np.mean(y_hat**2))
    return y_hat


# huber


@misconception(
    "huber",
    check="shape",
    hint="You return one Huber loss per sample; the mean over the samples is missing.",
)
def huber_per_sample(y, y_hat, delta=1.0):
    a = np.abs(y_hat - y)
    return np.where(a <= delta, 0.5 * a**2, delta * (a - 0.5 * delta))


@misconception(
    "huber",
    check="value",
    hint="Your loss is N times too large: you sum over the samples, the mean divides by N.",
)
def huber_sum(y, y_hat, delta=1.0):
    return len(y) * reference.huber(y, y_hat, delta)


@misconception(
    "huber",
    check="value",
    hint="The 1/2 of the quadratic piece is missing: your loss jumps down where the linear piece "
    "begins.",
)
def huber_without_half(y, y_hat, delta=1.0):
    a = np.abs(y_hat - y)
    return np.mean(np.where(a <= delta, a**2, delta * (a - 0.5 * delta)))


@misconception(
    "huber",
    check="value",
    hint="Your linear piece lacks the - δ/2: the loss jumps up where it begins.",
)
def huber_without_offset(y, y_hat, delta=1.0):
    a = np.abs(y_hat - y)
    return np.mean(np.where(a <= delta, 0.5 * a**2, delta * a))


@misconception(
    "huber",
    check="value",
    hint="Your linear piece subtracts δ where it should subtract δ/2: the loss jumps down where "
    "it begins.",
)
def huber_whole_offset(y, y_hat, delta=1.0):
    a = np.abs(y_hat - y)
    return np.mean(np.where(a <= delta, 0.5 * a**2, delta * (a - delta)))


@misconception(
    "huber",
    check="value",
    hint="The two pieces are exchanged: small residuals are squared, large ones are not.",
)
def huber_exchanged(y, y_hat, delta=1.0):
    a = np.abs(y_hat - y)
    return np.mean(np.where(a > delta, 0.5 * a**2, delta * (a - 0.5 * delta)))


@misconception(
    "huber",
    check="value",
    hint="You compare the residual itself with δ, not its absolute value: predictions far too low "
    "are still squared.",
)
def huber_signed_comparison(y, y_hat, delta=1.0):
    r = y_hat - y
    return np.mean(np.where(r <= delta, 0.5 * r**2, delta * (np.abs(r) - 0.5 * delta)))


@misconception(
    "huber",
    check="value",
    hint="You compare y - ŷ with δ, not its absolute value: predictions far too high are still "
    "squared.",
)
def huber_signed_comparison_reversed(y, y_hat, delta=1.0):
    r = y - y_hat
    return np.mean(np.where(r <= delta, 0.5 * r**2, delta * (np.abs(r) - 0.5 * delta)))


@misconception(
    "huber",
    check="value",
    hint="One large residual turns all samples over to the linear piece in yours: each residual "
    "chooses its piece by itself.",
)
def huber_one_choice_for_all(y, y_hat, delta=1.0):
    a = np.abs(y_hat - y)
    if np.all(a <= delta):
        return np.mean(0.5 * a**2)
    return np.mean(delta * (a - 0.5 * delta))


@misconception(
    "huber",
    check="value",
    hint="You clip the residual and square it, so that your loss is flat beyond δ; the Huber loss "
    "goes on rising there, in a straight line.",
)
def huber_clipped(y, y_hat, delta=1.0):
    return np.mean(0.5 * np.clip(y_hat - y, -delta, delta) ** 2)


@misconception(
    "huber",
    check="value",
    hint="Large residuals are squared too in yours: this is half the mean squared error.",
)
def huber_never_linear(y, y_hat, delta=1.0):
    return 0.5 * np.mean((y_hat - y) ** 2)


@misconception(
    "huber",
    check="parameters",
    hint="Your loss does not use `delta`: it is computed for δ = 1 whatever the argument says.",
)
def huber_ignores_delta(y, y_hat, delta=1.0):
    return reference.huber(y, y_hat, 1.0)


@misconception(
    "huber",
    check="parameters",
    hint="The factor δ before your linear piece is missing: both pieces meet only if δ = 1.",
)
def huber_without_delta_factor(y, y_hat, delta=1.0):
    a = np.abs(y_hat - y)
    return np.mean(np.where(a <= delta, 0.5 * a**2, a - 0.5 * delta))


@misconception(
    "huber",
    check="parameters",
    hint="Your linear piece subtracts 1/2 inside its parentheses; there it should be δ/2.",
)
def huber_constant_offset(y, y_hat, delta=1.0):
    a = np.abs(y_hat - y)
    return np.mean(np.where(a <= delta, 0.5 * a**2, delta * (a - 0.5)))


@misconception(
    "huber",
    check="joint",
    hint="A residual exactly as large as δ costs nothing in yours: neither of your two "
    "comparisons includes it.",
)
def huber_gap_at_joint(y, y_hat, delta=1.0):
    a = np.abs(y_hat - y)
    return np.mean((a < delta) * 0.5 * a**2 + (a > delta) * delta * (a - 0.5 * delta))


@misconception(
    "huber",
    check="purity",
    hint="Your absolute residuals are stored in `y_hat`, so the caller's predictions change: use "
    "a new array.",
)
def huber_in_place(y, y_hat, delta=1.0):
    y_hat -= y
    np.abs(y_hat, out=y_hat)
    return reference.huber(np.zeros(len(y)), y_hat, delta)


# huber_grad


@misconception(
    "huber_grad",
    check="shape",
    hint="You sum the entries; the Huber gradient keeps one for each prediction.",
)
def huber_grad_summed(y, y_hat, delta=1.0):
    return np.sum(reference.huber_grad(y, y_hat, delta))


@misconception(
    "huber_grad",
    check="shape",
    hint="This is the Huber loss, one number, not its gradient.",
)
def huber_grad_loss(y, y_hat, delta=1.0):
    return reference.huber(y, y_hat, delta)


@misconception(
    "huber_grad",
    check="gradient",
    hint="Your slopes are those of the single samples: the loss is a mean, and its 1/N is missing.",
)
def huber_grad_without_mean(y, y_hat, delta=1.0):
    return np.clip(y_hat - y, -delta, delta)


@misconception(
    "huber_grad",
    check="gradient",
    hint="You clip after dividing by N; the residual itself is compared with δ, then comes 1/N.",
)
def huber_grad_clipped_late(y, y_hat, delta=1.0):
    return np.clip((y_hat - y) / len(y), -delta, delta)


@misconception(
    "huber_grad",
    check="gradient",
    hint="The sign is the wrong way round: yours is the gradient by `y`, not by `y_hat`.",
)
def huber_grad_sign(y, y_hat, delta=1.0):
    return -reference.huber_grad(y, y_hat, delta)


@misconception(
    "huber_grad",
    check="gradient",
    hint="Beyond δ your slope is always +δ: where a prediction is far too low, the loss falls.",
)
def huber_grad_without_sign(y, y_hat, delta=1.0):
    r = y_hat - y
    return np.where(np.abs(r) <= delta, r, delta) / len(y)


@misconception(
    "huber_grad",
    check="gradient",
    hint="Beyond δ your slope is 0: the loss is a straight line there, not a constant.",
)
def huber_grad_flat_outside(y, y_hat, delta=1.0):
    r = y_hat - y
    return np.where(np.abs(r) <= delta, r, 0.0) / len(y)


@misconception(
    "huber_grad",
    check="gradient",
    hint="Within δ your slope is twice too large: the 1/2 of the quadratic piece cancels the 2 "
    "that differentiation brings down.",
)
def huber_grad_twice_inside(y, y_hat, delta=1.0):
    r = y_hat - y
    return np.where(np.abs(r) <= delta, 2 * r, delta * np.sign(r)) / len(y)


@misconception(
    "huber_grad",
    check="gradient",
    hint="Large residuals have a slope that still grows: this is the gradient of half the mean "
    "squared error.",
)
def huber_grad_never_linear(y, y_hat, delta=1.0):
    return (y_hat - y) / len(y)


@misconception(
    "huber_grad",
    check="gradient",
    hint="Small residuals have the slope of the linear piece, large ones that of the square: your "
    "two pieces are exchanged.",
)
def huber_grad_exchanged(y, y_hat, delta=1.0):
    r = y_hat - y
    return np.where(np.abs(r) > delta, r, delta * np.sign(r)) / len(y)


@misconception(
    "huber_grad",
    check="gradient",
    hint="You cut off on one side only: predictions far too low keep a slope that grows with the "
    "residual, because the absolute value is missing in the comparison.",
)
def huber_grad_signed_comparison(y, y_hat, delta=1.0):
    return np.minimum(y_hat - y, delta) / len(y)


@misconception(
    "huber_grad",
    check="parameters",
    hint="Your gradient does not use `delta`: it takes δ = 1 whatever the argument says.",
)
def huber_grad_ignores_delta(y, y_hat, delta=1.0):
    return reference.huber_grad(y, y_hat, 1.0)


@misconception(
    "huber_grad",
    check="parameters",
    hint="Beyond δ your slope is ±1; the linear piece has the slope ±δ.",
)
def huber_grad_without_delta_factor(y, y_hat, delta=1.0):
    r = y_hat - y
    return np.where(np.abs(r) <= delta, r, np.sign(r)) / len(y)


@misconception(
    "huber_grad",
    check="joint",
    hint="A residual exactly as large as δ has no slope in yours: neither of your two comparisons "
    "includes it.",
)
def huber_grad_gap_at_joint(y, y_hat, delta=1.0):
    r = y_hat - y
    return ((np.abs(r) < delta) * r + (np.abs(r) > delta) * delta * np.sign(r)) / len(y)


@misconception(
    "huber_grad",
    check="zero_residual",
    hint="You divide by the size of the residual, which is 0/0 = nan where a prediction is "
    "exactly right; the Huber loss is smooth there.",
)
def huber_grad_zero_by_zero(y, y_hat, delta=1.0):
    r, a = y_hat - y, np.abs(y_hat - y)
    with np.errstate(invalid="ignore"):
        return r / a * np.minimum(a, delta) / len(y)


@misconception(
    "huber_grad",
    check="purity",
    hint="You cut the residuals inside `y_hat` itself: the caller's predictions are overwritten.",
)
def huber_grad_in_place(y, y_hat, delta=1.0):
    y_hat -= y
    np.clip(y_hat, -delta, delta, out=y_hat)
    return y_hat / len(y)
