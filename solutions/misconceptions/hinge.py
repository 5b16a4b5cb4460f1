"""Wrong answers to the unit `hinge` that people really give."""

import numpy as np

from solutions import hinge as reference
from solutions.misconceptions import misconception

# hinge


@misconception(
    "hinge",
    check="shape",
    hint="You return one loss per sample; the mean over the samples is missing.",
)
def hinge_per_sample(y, s):
    return np.maximum(0, 1 - y * s)


@misconception(
    "hinge",
    check="shape",
    hint="You return nothing: printing the loss is not the same as returning it.",
)
def hinge_printed(y, s):
    print(np.mean(np.maximum(0, 1 - y * s)))


@misconception(
    "hinge",
    check="value",
    hint="Your loss is N times too large: it is the sum over the samples, not their mean.",
)
def hinge_sum(y, s):
    return np.sum(np.maximum(0, 1 - y * s))


@misconception(
    "hinge",
    check="value",
    hint="You divide by 3 whatever N is; the number of samples must come from the arguments.",
)
def hinge_fixed_n(y, s):
    return np.sum(np.maximum(0, 1 - y * s)) / 3


@misconception(
    "hinge",
    check="value",
    hint="You average over the samples with a positive loss only; the mean is over all N.",
)
def hinge_mean_of_violations(y, s):
    losses = np.maximum(0, 1 - y * s)
    return np.sum(losses) / max(np.count_nonzero(losses), 1)


@misconception(
    "hinge",
    check="value",
    hint="Samples beyond the margin make your loss smaller: the maximum with 0 is missing.",
)
def hinge_without_maximum(y, s):
    return np.mean(1 - y * s)


@misconception(
    "hinge",
    check="value",
    hint="You cut at 0 from the wrong side: a minimum with 0 where the loss takes the maximum.",
)
def hinge_minimum(y, s):
    return np.mean(np.minimum(0, 1 - y * s))


@misconception(
    "hinge",
    check="value",
    hint="You take the absolute value of 1 - y s; samples beyond the margin must cost nothing.",
)
def hinge_absolute(y, s):
    return np.mean(np.abs(1 - y * s))


@misconception(
    "hinge",
    check="value",
    hint="You take the maximum with 0 after averaging; it belongs to each sample by itself.",
)
def hinge_maximum_of_mean(y, s):
    return max(0.0, np.mean(1 - y * s))


@misconception(
    "hinge",
    check="value",
    hint="You multiply the arrays as vectors, which sums the margins of all samples "
    "before the hinge.",
)
def hinge_dot_product(y, s):
    return max(0.0, 1 - y @ s)


@misconception(
    "hinge", check="value", hint="You return the largest loss of all samples instead of their mean."
)
def hinge_largest(y, s):
    return np.max(np.maximum(0, 1 - y * s))


@misconception(
    "hinge",
    check="value",
    hint="The 1 is missing: yours is the perceptron loss, which asks for no margin.",
)
def hinge_without_margin(y, s):
    return np.mean(np.maximum(0, -y * s))


@misconception(
    "hinge",
    check="value",
    hint="The sign of y s is wrong: your loss grows when the score moves to the right side.",
)
def hinge_sign(y, s):
    return np.mean(np.maximum(0, 1 + y * s))


@misconception(
    "hinge",
    check="value",
    hint="You do not use the labels: for y = -1 the score must be negative to be right.",
)
def hinge_without_labels(y, s):
    return np.mean(np.maximum(0, 1 - s))


@misconception(
    "hinge",
    check="value",
    hint="You use the difference y - s; a margin is the product of label and score.",
)
def hinge_difference(y, s):
    return np.mean(np.maximum(0, 1 - (y - s)))


@misconception(
    "hinge",
    check="value",
    hint="You convert the labels from 0/1 to -1/+1, but they are -1 and +1 already.",
)
def hinge_zero_one_labels(y, s):
    return np.mean(np.maximum(0, 1 - (2 * y - 1) * s))


@misconception(
    "hinge",
    check="value",
    hint="You use only the sign of the score, so the size of the margin has no effect.",
)
def hinge_of_predictions(y, s):
    return np.mean(np.maximum(0, 1 - y * np.sign(s)))


@misconception(
    "hinge",
    check="value",
    hint="You count the wrong predictions; that is the 0-1 loss, the hinge is a length.",
)
def hinge_error_rate(y, s):
    return np.mean(y * s < 0)


@misconception("hinge", check="value", hint="You square the hinge; the plain hinge grows linearly.")
def hinge_squared(y, s):
    return np.mean(np.maximum(0, 1 - y * s) ** 2)


@misconception(
    "hinge",
    check="value",
    hint="You have an extra factor 1/2; it belongs to squares, and the hinge has none.",
)
def hinge_halved(y, s):
    return np.mean(np.maximum(0, 1 - y * s)) / 2


@misconception(
    "hinge", check="value", hint="Yours is the logistic loss, the smooth relative of the hinge."
)
def hinge_logistic(y, s):
    return np.mean(np.log1p(np.exp(-y * s)))


@misconception(
    "hinge", check="value", hint="You turn the scores into integers, which cuts off their decimals."
)
def hinge_integer_scores(y, s):
    return np.mean(np.maximum(0, 1 - y * s.astype(int)))


@misconception(
    "hinge",
    check="purity",
    hint="You multiply the scores by the labels in place, so the caller's array changes.",
)
def hinge_in_place(y, s):
    s *= y
    return np.mean(np.maximum(0, 1 - s))


# hinge_grad


@misconception(
    "hinge_grad",
    check="shape",
    hint="You sum over the samples; the gradient has one entry for each score.",
)
def hinge_grad_summed(y, s):
    return np.sum(np.where(y * s < 1, -y, 0)) / len(s)


@misconception(
    "hinge_grad",
    check="shape",
    hint="Your result is a column of shape (N, 1); the scores have shape (N,).",
)
def hinge_grad_column(y, s):
    return reference.hinge_grad(y, s).reshape(-1, 1)


@misconception(
    "hinge_grad",
    check="shape",
    hint="You return the mean loss, a number; the gradient has one entry for each score.",
)
def hinge_grad_loss(y, s):
    return reference.hinge(y, s)


@misconception(
    "hinge_grad",
    check="gradient",
    hint="Your gradient is N times too large: the mean's 1/N is missing.",
)
def hinge_grad_without_mean(y, s):
    return np.where(y * s < 1, -y, 0)


@misconception(
    "hinge_grad", check="gradient", hint="You divide by N twice; the mean divides only once."
)
def hinge_grad_mean_twice(y, s):
    return reference.hinge_grad(y, s) / len(s)


@misconception(
    "hinge_grad",
    check="gradient",
    hint="You divide by the number of samples inside the margin; the mean is over all N samples.",
)
def hinge_grad_mean_of_violations(y, s):
    active = y * s < 1
    return np.where(active, -y, 0) / max(np.sum(active), 1)


@misconception(
    "hinge_grad",
    check="gradient",
    hint="The sign is wrong: the minus in front of y s is lost on differentiating.",
)
def hinge_grad_sign(y, s):
    return np.where(y * s < 1, y, 0) / len(s)


@misconception(
    "hinge_grad",
    check="gradient",
    hint="The slope does not depend on the label in yours; it changes sign with y.",
)
def hinge_grad_without_label(y, s):
    return np.where(y * s < 1, -1.0, 0) / len(s)


@misconception(
    "hinge_grad",
    check="gradient",
    hint="The comparison is reversed: your slope is nonzero exactly where the loss is flat.",
)
def hinge_grad_reversed(y, s):
    return np.where(y * s > 1, -y, 0) / len(s)


@misconception(
    "hinge_grad",
    check="gradient",
    hint="You compare the score s with 1; the hinge bends where the margin y s is 1.",
)
def hinge_grad_compares_score(y, s):
    return np.where(s < 1, -y, 0) / len(s)


@misconception(
    "hinge_grad",
    check="gradient",
    hint="You compare the absolute value of the margin with 1, so gross errors get no gradient.",
)
def hinge_grad_compares_absolute(y, s):
    return np.where(np.abs(y * s) < 1, -y, 0) / len(s)


@misconception(
    "hinge_grad",
    check="gradient",
    hint="Only wrong predictions get a gradient in yours; right ones with margin "
    "below 1 also cost.",
)
def hinge_grad_of_perceptron(y, s):
    return np.where(y * s < 0, -y, 0) / len(s)


@misconception(
    "hinge_grad",
    check="gradient",
    hint="Every sample gets a gradient in yours; beyond the margin the loss is flat.",
)
def hinge_grad_everywhere(y, s):
    return -y / len(s)


@misconception(
    "hinge_grad",
    check="gradient",
    hint="You ask whether the mean loss is positive; each sample needs its own comparison.",
)
def hinge_grad_one_decision(y, s):
    return -y / len(s) if reference.hinge(y, s) > 0 else np.zeros(len(s))


@misconception(
    "hinge_grad",
    check="gradient",
    hint="You take the maximum of 0 and the derivative; the maximum only decides "
    "which side is active.",
)
def hinge_grad_maximum_of_slope(y, s):
    return np.maximum(0, -y) / len(s)


@misconception(
    "hinge_grad",
    check="gradient",
    hint="You differentiate an absolute value: beyond the margin the slope is 0, not reversed.",
)
def hinge_grad_of_absolute(y, s):
    return -y * np.sign(1 - y * s) / len(s)


@misconception(
    "hinge_grad",
    check="gradient",
    hint="Yours is the derivative with respect to the labels; the scores are what is learned.",
)
def hinge_grad_wrt_labels(y, s):
    return np.where(y * s < 1, -s, 0) / len(s)


@misconception(
    "hinge_grad",
    check="gradient",
    hint="A factor s is left over: the derivative of y s with respect to s is y alone.",
)
def hinge_grad_keeps_score(y, s):
    return np.where(y * s < 1, -y * s, 0) / len(s)


@misconception(
    "hinge_grad",
    check="gradient",
    hint="You multiply the slope by the loss; an active sample's slope does not "
    "depend on its loss.",
)
def hinge_grad_times_loss(y, s):
    return -y * np.maximum(0, 1 - y * s) / len(s)


@misconception(
    "hinge_grad",
    check="gradient",
    hint="Yours is the gradient of the squared hinge; the plain hinge has a constant slope.",
)
def hinge_grad_of_squared(y, s):
    return -2 * y * np.maximum(0, 1 - y * s) / len(s)


@misconception(
    "hinge_grad",
    check="gradient",
    hint="You return the losses of the samples instead of their slopes.",
)
def hinge_grad_losses(y, s):
    return np.maximum(0, 1 - y * s) / len(s)


@misconception(
    "hinge_grad",
    check="gradient",
    hint="Your entries are cut to whole numbers: the array that you fill has an integer type.",
)
def hinge_grad_integer(y, s):
    grad = np.zeros(len(s), dtype=int)
    active = y * s < 1
    grad[active] = -y[active] / len(s)
    return grad


@misconception(
    "hinge_grad",
    check="single_sample",
    hint="You remove axes of length 1, so for one sample an array of shape (1,) becomes a number.",
)
def hinge_grad_squeezed(y, s):
    return np.squeeze(reference.hinge_grad(y, s))


@misconception(
    "hinge_grad",
    check="kink",
    hint="At margin 1 you divide 0 by 0; a subgradient there is a number between the two slopes.",
)
def hinge_grad_quotient(y, s):
    losses = np.maximum(0, 1 - y * s)
    with np.errstate(invalid="ignore"):
        return -y * (losses / (1 - y * s)) / len(s)


@misconception(
    "hinge_grad",
    check="kink",
    hint="At margin 1 your value does not depend on the label, so for one label it "
    "lies outside the two slopes.",
)
def hinge_grad_kink_without_label(y, s):
    return np.where(y * s == 1, -1.0, np.where(y * s < 1, -y, 0)) / len(s)


@misconception(
    "hinge_grad",
    check="kink",
    hint="At margin 1 you add the steep slope twice, once for each of two overlapping comparisons.",
)
def hinge_grad_kink_twice(y, s):
    inside = np.where(y * s <= 1, -y, 0)
    return (inside + np.where(y * s == 1, -y, 0)) / len(s)


@misconception(
    "hinge_grad",
    check="purity",
    hint="You write the gradient into the array of labels, so the caller's array changes.",
)
def hinge_grad_in_place(y, s):
    active = y * s < 1
    y *= -1 / len(s)
    y[~active] = 0
    return y


# perceptron


@misconception(
    "perceptron",
    check="shape",
    hint="You return how far each sample is on the wrong side; their mean, one number, is asked "
    "for.",
)
def perceptron_per_sample(y, s):
    return np.maximum(0, -y * s)


@misconception(
    "perceptron",
    check="value",
    hint="You add up the losses of all mistakes without the 1/N of the mean.",
)
def perceptron_sum(y, s):
    return np.sum(np.maximum(0, -y * s))


@misconception(
    "perceptron",
    check="value",
    hint="You average over the mistakes only; the mean is over all N samples.",
)
def perceptron_mean_of_mistakes(y, s):
    losses = np.maximum(0, -y * s)
    return np.sum(losses) / max(np.count_nonzero(losses), 1)


@misconception(
    "perceptron",
    check="value",
    hint="Right predictions make your loss negative: the maximum with 0 is missing.",
)
def perceptron_without_maximum(y, s):
    return np.mean(-y * s)


@misconception(
    "perceptron",
    check="value",
    hint="Yours is the hinge loss: the perceptron asks for the right sign only, not "
    "for a margin of 1.",
)
def perceptron_with_margin(y, s):
    return np.mean(np.maximum(0, 1 - y * s))


@misconception(
    "perceptron",
    check="value",
    hint="The sign is wrong: your loss is positive for right predictions and 0 for mistakes.",
)
def perceptron_sign(y, s):
    return np.mean(np.maximum(0, y * s))


@misconception(
    "perceptron",
    check="value",
    hint="You do not use the labels: for y = -1 a negative score is right.",
)
def perceptron_without_labels(y, s):
    return np.mean(np.maximum(0, -s))


@misconception(
    "perceptron",
    check="value",
    hint="You take the absolute value of y s; right predictions must cost nothing.",
)
def perceptron_absolute(y, s):
    return np.mean(np.abs(y * s))


@misconception(
    "perceptron",
    check="value",
    hint="You average the margins first, so right predictions pay for mistakes; each sample has "
    "its own maximum with 0.",
)
def perceptron_maximum_of_mean(y, s):
    return max(0.0, np.mean(-y * s))


@misconception(
    "perceptron",
    check="value",
    hint="You count the mistakes; the perceptron loss measures how far the scores are "
    "on the wrong side.",
)
def perceptron_error_rate(y, s):
    return np.mean(y * s < 0)


@misconception(
    "perceptron",
    check="value",
    hint="You use the difference of label and score; a margin is their product.",
)
def perceptron_difference(y, s):
    return np.mean(np.maximum(0, y - s))


@misconception(
    "perceptron",
    check="value",
    hint="You have an extra factor 1/2, which belongs to squared losses.",
)
def perceptron_halved(y, s):
    return np.mean(np.maximum(0, -y * s)) / 2


@misconception(
    "perceptron",
    check="value",
    hint="You take the minimum with 0 where the loss takes the maximum.",
)
def perceptron_minimum(y, s):
    return np.mean(np.minimum(0, -y * s))


@misconception(
    "perceptron",
    check="purity",
    hint="You multiply `s` by the labels in place and so change the caller's scores; make a new "
    "array.",
)
def perceptron_in_place(y, s):
    s *= -y
    return np.mean(np.maximum(0, s))


# perceptron_grad


@misconception(
    "perceptron_grad",
    check="shape",
    hint="You return one number: the sum of the slopes. Each score has an entry of its own.",
)
def perceptron_grad_summed(y, s):
    return np.sum(np.where(y * s < 0, -y, 0)) / len(s)


@misconception(
    "perceptron_grad",
    check="shape",
    hint="You return the gradient of the mistakes only; the right predictions have entries too, 0.",
)
def perceptron_grad_selected(y, s):
    wrong = y * s < 0
    return -y[wrong] / len(s)


@misconception(
    "perceptron_grad",
    check="gradient",
    hint="Every mistake has the slope 1 or -1 in yours: the 1/N of the mean is missing.",
)
def perceptron_grad_without_mean(y, s):
    return np.where(y * s < 0, -y, 0)


@misconception(
    "perceptron_grad",
    check="gradient",
    hint="Your slopes have the factor 1/N twice; the mean brings it once.",
)
def perceptron_grad_mean_twice(y, s):
    return np.where(y * s < 0, -y, 0) / len(s) ** 2


@misconception(
    "perceptron_grad",
    check="gradient",
    hint="You divide by the number of mistakes; the mean is over all N samples.",
)
def perceptron_grad_mean_of_mistakes(y, s):
    wrong = y * s < 0
    return np.where(wrong, -y, 0) / max(np.sum(wrong), 1)


@misconception(
    "perceptron_grad",
    check="gradient",
    hint="The sign is wrong: yours is the perceptron's update, which is minus the gradient.",
)
def perceptron_grad_sign(y, s):
    return np.where(y * s < 0, y, 0) / len(s)


@misconception(
    "perceptron_grad",
    check="gradient",
    hint="All mistakes have the same slope in yours; a mistake with label -1 pulls the other way.",
)
def perceptron_grad_without_label(y, s):
    return np.where(y * s < 0, -1.0, 0) / len(s)


@misconception(
    "perceptron_grad",
    check="gradient",
    hint="The comparison is reversed: your slope is nonzero for the right predictions.",
)
def perceptron_grad_reversed(y, s):
    return np.where(y * s > 0, -y, 0) / len(s)


@misconception(
    "perceptron_grad",
    check="gradient",
    hint="You compare the score with 0; a mistake is where score and label differ in sign.",
)
def perceptron_grad_compares_score(y, s):
    return np.where(s < 0, -y, 0) / len(s)


@misconception(
    "perceptron_grad",
    check="gradient",
    hint="Yours is the gradient of the hinge: the perceptron's bend is at margin 0, not 1.",
)
def perceptron_grad_of_hinge(y, s):
    return np.where(y * s < 1, -y, 0) / len(s)


@misconception(
    "perceptron_grad",
    check="gradient",
    hint="Every sample gets a gradient in yours; for right predictions the loss is flat.",
)
def perceptron_grad_everywhere(y, s):
    return -y / len(s)


@misconception(
    "perceptron_grad",
    check="gradient",
    hint="You ask whether there is any mistake at all; whether a slope is 0 is decided for each "
    "sample.",
)
def perceptron_grad_one_decision(y, s):
    return -y / len(s) if reference.perceptron(y, s) > 0 else np.zeros(len(s))


@misconception(
    "perceptron_grad",
    check="gradient",
    hint="You apply the maximum with 0 to the slope -y; it belongs to the loss and decides which "
    "samples have a slope.",
)
def perceptron_grad_maximum_of_slope(y, s):
    return np.maximum(0, -y) / len(s)


@misconception(
    "perceptron_grad",
    check="gradient",
    hint="Your slope still contains y s; differentiating it by s leaves only the label.",
)
def perceptron_grad_keeps_score(y, s):
    return np.where(y * s < 0, -y * s, 0) / len(s)


@misconception(
    "perceptron_grad",
    check="gradient",
    hint="You differentiate by the labels: the scores are left over. The labels are fixed.",
)
def perceptron_grad_wrt_labels(y, s):
    return np.where(y * s < 0, -s, 0) / len(s)


@misconception(
    "perceptron_grad",
    check="gradient",
    hint="You fill an array of integers, which cuts slopes such as 1/N down to 0.",
)
def perceptron_grad_integer(y, s):
    grad = np.zeros(len(s), dtype=int)
    wrong = y * s < 0
    grad[wrong] = -y[wrong] / len(s)
    return grad


@misconception(
    "perceptron_grad",
    check="single_sample",
    hint="You squeeze the result: with a single sample the shape (1,) is lost.",
)
def perceptron_grad_squeezed(y, s):
    return np.squeeze(reference.perceptron_grad(y, s))


@misconception(
    "perceptron_grad",
    check="kink",
    hint="At score 0 you divide 0 by 0; a subgradient there is a number between the two slopes.",
)
def perceptron_grad_quotient(y, s):
    with np.errstate(invalid="ignore"):
        return np.maximum(0, -y * s) / s / len(s)


@misconception(
    "perceptron_grad",
    check="kink",
    hint="At score 0 your value does not depend on the label, so for one label it "
    "lies outside the two slopes.",
)
def perceptron_grad_kink_without_label(y, s):
    return np.where(s == 0, -1.0, np.where(y * s < 0, -y, 0)) / len(s)


@misconception(
    "perceptron_grad",
    check="kink",
    hint="At score 0 your slope has the wrong sign: it would push the score further to "
    "the wrong side.",
)
def perceptron_grad_kink_positive(y, s):
    return np.where(s == 0, y, np.where(y * s < 0, -y, 0)) / len(s)


@misconception(
    "perceptron_grad",
    check="purity",
    hint="You reuse the array of labels for the slopes and so change the caller's labels.",
)
def perceptron_grad_in_place(y, s):
    wrong = y * s < 0
    y *= -1 / len(s)
    y[~wrong] = 0
    return y


# multiclass_hinge


def _excess(y, S, delta):
    """Return S[n, j] - S[n, y_n] + delta, shape (N, K)."""
    return S - S[np.arange(len(y)), y][:, None] + delta


def _others(y, S):
    """Return where j differs from y_n, shape (N, K)."""
    return np.arange(S.shape[1]) != y[:, None]


@misconception(
    "multiclass_hinge",
    check="shape",
    hint="You sum over the classes only; the mean over the samples is missing.",
)
def multiclass_hinge_per_sample(y, S, delta=1.0):
    return np.sum(np.maximum(0, _excess(y, S, delta)) * _others(y, S), axis=1)


@misconception(
    "multiclass_hinge",
    check="shape",
    hint="You average over the samples for each class by itself; the classes are summed as well.",
)
def multiclass_hinge_per_class(y, S, delta=1.0):
    return np.mean(np.maximum(0, _excess(y, S, delta)) * _others(y, S), axis=0)


@misconception(
    "multiclass_hinge",
    check="value",
    hint="You sum over classes and samples; over the samples it is a mean, so the 1/N is missing.",
)
def multiclass_hinge_sum(y, S, delta=1.0):
    return np.sum(np.maximum(0, _excess(y, S, delta)) * _others(y, S))


@misconception(
    "multiclass_hinge",
    check="value",
    hint="You average over samples and classes; classes are summed, only samples are averaged.",
)
def multiclass_hinge_mean_of_all(y, S, delta=1.0):
    return np.mean(np.maximum(0, _excess(y, S, delta)) * _others(y, S))


@misconception(
    "multiclass_hinge",
    check="value",
    hint="You divide by the number of wrong classes; the loss sums over them.",
)
def multiclass_hinge_mean_of_others(y, S, delta=1.0):
    return reference.multiclass_hinge(y, S, delta) / (S.shape[1] - 1)


@misconception(
    "multiclass_hinge",
    check="value",
    hint="Your loss is too large by delta: the sum contains the sample's own class.",
)
def multiclass_hinge_own_class(y, S, delta=1.0):
    return np.mean(np.sum(np.maximum(0, _excess(y, S, delta)), axis=1))


@misconception(
    "multiclass_hinge",
    check="parameters",
    hint="You subtract 1 for the sample's own class, which is right only for delta = 1.",
)
def multiclass_hinge_own_class_as_one(y, S, delta=1.0):
    return np.mean(np.sum(np.maximum(0, _excess(y, S, delta)), axis=1)) - 1


@misconception(
    "multiclass_hinge",
    check="value",
    hint="You take only the worst wrong class of each sample; here all wrong classes are summed.",
)
def multiclass_hinge_worst_class(y, S, delta=1.0):
    return np.mean(np.max(np.maximum(0, _excess(y, S, delta)) * _others(y, S), axis=1))


@misconception(
    "multiclass_hinge",
    check="value",
    hint="Classes far below the right one make your loss smaller: the maximum with 0 is missing.",
)
def multiclass_hinge_without_maximum(y, S, delta=1.0):
    return np.mean(np.sum(_excess(y, S, delta) * _others(y, S), axis=1))


@misconception(
    "multiclass_hinge",
    check="value",
    hint="You take the maximum with 0 after summing over the classes; each class needs its own.",
)
def multiclass_hinge_maximum_of_sum(y, S, delta=1.0):
    return np.mean(np.maximum(0, np.sum(_excess(y, S, delta) * _others(y, S), axis=1)))


@misconception(
    "multiclass_hinge",
    check="value",
    hint="The difference of scores is reversed: your loss grows when the right class "
    "scores higher.",
)
def multiclass_hinge_sign(y, S, delta=1.0):
    own = S[np.arange(len(y)), y][:, None]
    return np.mean(np.sum(np.maximum(0, own - S + delta) * _others(y, S), axis=1))


@misconception(
    "multiclass_hinge",
    check="value",
    hint="You subtract delta; a wrong class must stay below the right one by delta, "
    "so it is added.",
)
def multiclass_hinge_delta_subtracted(y, S, delta=1.0):
    return np.mean(np.sum(np.maximum(0, _excess(y, S, -delta)) * _others(y, S), axis=1))


@misconception(
    "multiclass_hinge",
    check="value",
    hint="The margin delta is missing: wrong classes just below the right one must cost too.",
)
def multiclass_hinge_without_delta(y, S, delta=1.0):
    return np.mean(np.sum(np.maximum(0, _excess(y, S, 0)) * _others(y, S), axis=1))


@misconception(
    "multiclass_hinge",
    check="parameters",
    hint="You do not use the argument delta: the margin in yours is always 1.",
)
def multiclass_hinge_delta_ignored(y, S, delta=1.0):
    return np.mean(np.sum(np.maximum(0, _excess(y, S, 1.0)) * _others(y, S), axis=1))


@misconception(
    "multiclass_hinge",
    check="parameters",
    hint="You multiply the loss by delta; delta is the margin inside the maximum.",
)
def multiclass_hinge_delta_factor(y, S, delta=1.0):
    return delta * np.mean(np.sum(np.maximum(0, _excess(y, S, 1.0)) * _others(y, S), axis=1))


@misconception(
    "multiclass_hinge",
    check="value",
    hint="You compare with the highest score of each sample instead of the score of its class.",
)
def multiclass_hinge_predicted_class(y, S, delta=1.0):
    return reference.multiclass_hinge(np.argmax(S, axis=1), S, delta)


@misconception(
    "multiclass_hinge", check="value", hint="You count the classes from 1; the labels start at 0."
)
def multiclass_hinge_classes_from_one(y, S, delta=1.0):
    return reference.multiclass_hinge(y - 1, S, delta)


@misconception(
    "multiclass_hinge",
    check="value",
    hint="You count the wrong classes inside the margin; each costs its distance, not 1.",
)
def multiclass_hinge_counted(y, S, delta=1.0):
    return np.mean(np.sum((_excess(y, S, delta) > 0) * _others(y, S), axis=1))


@misconception(
    "multiclass_hinge",
    check="value",
    hint="You square the violations; in this loss they count linearly.",
)
def multiclass_hinge_squared(y, S, delta=1.0):
    return np.mean(np.sum(np.maximum(0, _excess(y, S, delta)) ** 2 * _others(y, S), axis=1))


@misconception(
    "multiclass_hinge",
    check="value",
    hint="You set the right class's score to 0 before its difference to the others is taken.",
)
def multiclass_hinge_own_score_zeroed(y, S, delta=1.0):
    return np.mean(np.sum(np.maximum(0, (S + delta) * _others(y, S)), axis=1))


@misconception(
    "multiclass_hinge",
    check="purity",
    hint="You subtract from the array of scores in place, so the caller's array changes.",
)
def multiclass_hinge_in_place(y, S, delta=1.0):
    S -= S[np.arange(len(y)), y][:, None]
    return np.mean(np.sum(np.maximum(0, S + delta) * _others(y, S), axis=1))


# multiclass_hinge_grad


def _active(y, S, delta):
    """Return 1.0 where a wrong class is inside the margin, shape (N, K)."""
    return np.where((_excess(y, S, delta) > 0) & _others(y, S), 1.0, 0.0)


def _with_own(y, active, own):
    """Return `active` with the entries of the right classes set to `own`."""
    active[np.arange(len(y)), y] = own
    return active


@misconception(
    "multiclass_hinge_grad",
    check="shape",
    hint="You sum over the samples; the gradient has an entry for every score of every sample.",
)
def multiclass_hinge_grad_summed(y, S, delta=1.0):
    return np.sum(reference.multiclass_hinge_grad(y, S, delta), axis=0)


@misconception(
    "multiclass_hinge_grad",
    check="shape",
    hint="Your result is transposed: samples are the rows, classes the columns.",
)
def multiclass_hinge_grad_transposed(y, S, delta=1.0):
    return reference.multiclass_hinge_grad(y, S, delta).T


@misconception(
    "multiclass_hinge_grad",
    check="shape",
    hint="You return the mean loss, a number; the gradient has an entry for every score.",
)
def multiclass_hinge_grad_loss(y, S, delta=1.0):
    return reference.multiclass_hinge(y, S, delta)


@misconception(
    "multiclass_hinge_grad",
    check="gradient",
    hint="You count active classes without dividing by the number of samples: the mean's 1/N is "
    "missing.",
)
def multiclass_hinge_grad_without_mean(y, S, delta=1.0):
    return reference.multiclass_hinge_grad(y, S, delta) * len(y)


@misconception(
    "multiclass_hinge_grad",
    check="gradient",
    hint="Your entries are multiples of 1/N squared; the mean brings 1/N once.",
)
def multiclass_hinge_grad_mean_twice(y, S, delta=1.0):
    return reference.multiclass_hinge_grad(y, S, delta) / len(y)


@misconception(
    "multiclass_hinge_grad",
    check="gradient",
    hint="You divide by the number of classes as well; the loss sums over the classes.",
)
def multiclass_hinge_grad_mean_of_all(y, S, delta=1.0):
    return reference.multiclass_hinge_grad(y, S, delta) / S.shape[1]


@misconception(
    "multiclass_hinge_grad",
    check="gradient",
    hint="The sign is wrong: lowering a wrong class's score must lower the loss.",
)
def multiclass_hinge_grad_sign(y, S, delta=1.0):
    return -reference.multiclass_hinge_grad(y, S, delta)


@misconception(
    "multiclass_hinge_grad",
    check="gradient",
    hint="The right class gets no gradient in yours, but its score occurs in every active term.",
)
def multiclass_hinge_grad_without_own(y, S, delta=1.0):
    return _active(y, S, delta) / len(y)


@misconception(
    "multiclass_hinge_grad",
    check="gradient",
    hint="The right class gets -1 for a sample however many wrong classes are active: "
    "its score occurs in each of their terms.",
)
def multiclass_hinge_grad_own_once(y, S, delta=1.0):
    active = _active(y, S, delta)
    return _with_own(y, active, -np.max(active, axis=1)) / len(y)


@misconception(
    "multiclass_hinge_grad",
    check="gradient",
    hint="The right class always gets -1 in yours, even for samples without loss.",
)
def multiclass_hinge_grad_own_always(y, S, delta=1.0):
    return _with_own(y, _active(y, S, delta), -1) / len(y)


@misconception(
    "multiclass_hinge_grad",
    check="gradient",
    hint="The right class always gets -(K - 1) in yours; only the active wrong classes count.",
)
def multiclass_hinge_grad_own_all(y, S, delta=1.0):
    return _with_own(y, _active(y, S, delta), 1 - S.shape[1]) / len(y)


@misconception(
    "multiclass_hinge_grad",
    check="gradient",
    hint="You count the right class among the active ones, so its own entry is off by one.",
)
def multiclass_hinge_grad_own_counted(y, S, delta=1.0):
    active = _active(y, S, delta)
    return _with_own(y, active, -np.sum(active, axis=1) - 1) / len(y)


@misconception(
    "multiclass_hinge_grad",
    check="gradient",
    hint="The entry of the right class has the sign of the wrong ones; its score is subtracted.",
)
def multiclass_hinge_grad_own_sign(y, S, delta=1.0):
    active = _active(y, S, delta)
    return _with_own(y, active, np.sum(active, axis=1)) / len(y)


@misconception(
    "multiclass_hinge_grad",
    check="gradient",
    hint="Every wrong class gets a gradient in yours; those beyond the margin are flat.",
)
def multiclass_hinge_grad_everywhere(y, S, delta=1.0):
    return _with_own(y, np.ones_like(S), 1 - S.shape[1]) / len(y)


@misconception(
    "multiclass_hinge_grad",
    check="gradient",
    hint="The comparison is reversed: your slopes are nonzero where the loss is flat.",
)
def multiclass_hinge_grad_reversed(y, S, delta=1.0):
    inactive = np.where(_others(y, S), 1 - _active(y, S, delta), 0)
    return _with_own(y, inactive, -np.sum(inactive, axis=1)) / len(y)


@misconception(
    "multiclass_hinge_grad",
    check="gradient",
    hint="Only the worst wrong class of each sample gets a gradient in yours; all "
    "active ones count.",
)
def multiclass_hinge_grad_worst_class(y, S, delta=1.0):
    excess = np.where(_others(y, S), _excess(y, S, delta), -np.inf)
    worst = (np.arange(S.shape[1]) == np.argmax(excess, axis=1)[:, None]) & (excess > 0)
    active = worst.astype(float)
    return _with_own(y, active, -np.sum(active, axis=1)) / len(y)


@misconception(
    "multiclass_hinge_grad",
    check="gradient",
    hint="The margin delta is missing: wrong classes just below the right one are active too.",
)
def multiclass_hinge_grad_without_delta(y, S, delta=1.0):
    return reference.multiclass_hinge_grad(y, S, 0.0)


@misconception(
    "multiclass_hinge_grad",
    check="gradient",
    hint="You subtract delta from the difference of scores; it is added, for a margin to be kept.",
)
def multiclass_hinge_grad_delta_subtracted(y, S, delta=1.0):
    return reference.multiclass_hinge_grad(y, S, -delta)


@misconception(
    "multiclass_hinge_grad",
    check="parameters",
    hint="Your gradient does not depend on delta: a class is active in yours if it is within 1 "
    "of the right one.",
)
def multiclass_hinge_grad_delta_ignored(y, S, delta=1.0):
    return reference.multiclass_hinge_grad(y, S, 1.0)


@misconception(
    "multiclass_hinge_grad",
    check="parameters",
    hint="You multiply the slopes by delta; delta only decides which classes are active.",
)
def multiclass_hinge_grad_delta_factor(y, S, delta=1.0):
    return delta * reference.multiclass_hinge_grad(y, S, delta)


@misconception(
    "multiclass_hinge_grad",
    check="gradient",
    hint="You treat the class with the highest score as the right one; the right one is given by "
    "`y`.",
)
def multiclass_hinge_grad_predicted_class(y, S, delta=1.0):
    return reference.multiclass_hinge_grad(np.argmax(S, axis=1), S, delta)


@misconception(
    "multiclass_hinge_grad",
    check="gradient",
    hint="You write the right class's entry one column too far left: labels start at 0.",
)
def multiclass_hinge_grad_classes_from_one(y, S, delta=1.0):
    return reference.multiclass_hinge_grad(y - 1, S, delta)


@misconception(
    "multiclass_hinge_grad",
    check="gradient",
    hint="You return the violations themselves; their slope is 1 wherever they are positive.",
)
def multiclass_hinge_grad_violations(y, S, delta=1.0):
    violations = _active(y, S, delta) * _excess(y, S, delta)
    return _with_own(y, violations, -np.sum(violations, axis=1)) / len(y)


@misconception(
    "multiclass_hinge_grad",
    check="single_sample",
    hint="You remove axes of length 1, so for one sample the shape (1, K) becomes (K,).",
)
def multiclass_hinge_grad_squeezed(y, S, delta=1.0):
    return np.squeeze(reference.multiclass_hinge_grad(y, S, delta))


@misconception(
    "multiclass_hinge_grad",
    check="kink",
    hint="On the margin you count a class in its own entry but not in that of the "
    "right class: both entries need the same comparison.",
)
def multiclass_hinge_grad_two_comparisons(y, S, delta=1.0):
    grad = np.where((_excess(y, S, delta) >= 0) & _others(y, S), 1.0, 0.0)
    return _with_own(y, grad, -np.sum(_active(y, S, delta), axis=1)) / len(y)


@misconception(
    "multiclass_hinge_grad",
    check="kink",
    hint="On the margin you divide 0 by 0; a subgradient there is a number between the two slopes.",
)
def multiclass_hinge_grad_quotient(y, S, delta=1.0):
    excess = _excess(y, S, delta)
    with np.errstate(invalid="ignore"):
        slope = np.where(_others(y, S), np.maximum(0, excess) / excess, 0)
    return _with_own(y, slope, -np.sum(slope, axis=1)) / len(y)


@misconception(
    "multiclass_hinge_grad",
    check="purity",
    hint="You write the gradient into the array of scores, so the caller's array changes.",
)
def multiclass_hinge_grad_in_place(y, S, delta=1.0):
    S[:] = reference.multiclass_hinge_grad(y, S, delta)
    return S


# linear_svm_grad


@misconception(
    "linear_svm_grad",
    check="shape",
    hint="You return the two gradients in reverse order: the one of w comes first.",
)
def linear_svm_grad_swapped(X, y, w, b, reg):
    return reference.linear_svm_grad(X, y, w, b, reg)[::-1]


@misconception(
    "linear_svm_grad",
    check="shape",
    hint="You return the gradient with respect to the scores; the chain rule to w and "
    "b is missing.",
)
def linear_svm_grad_of_scores(X, y, w, b, reg):
    return reference.hinge_grad(y, X @ w + b)


@misconception(
    "linear_svm_grad",
    check="shape",
    hint="You return the gradient of w alone; that of b is missing.",
)
def linear_svm_grad_weights_only(X, y, w, b, reg):
    return reference.linear_svm_grad(X, y, w, b, reg)[0]


@misconception(
    "linear_svm_grad",
    check="shape",
    hint="Your gradient of b has one entry per sample; b is one number in all scores, "
    "so they add up.",
)
def linear_svm_grad_bias_per_sample(X, y, w, b, reg):
    grad_s = reference.hinge_grad(y, X @ w + b)
    return X.T @ grad_s + reg * w, grad_s


@misconception(
    "linear_svm_grad",
    check="shape",
    hint="Your gradient of w has one row per sample; the sum over the samples is missing.",
)
def linear_svm_grad_weights_per_sample(X, y, w, b, reg):
    grad_s = reference.hinge_grad(y, X @ w + b)
    return X * grad_s[:, None] + reg * w, np.sum(grad_s)


@misconception(
    "linear_svm_grad",
    check="gradient",
    hint="The regularizer's gradient is missing from the gradient of w.",
)
def linear_svm_grad_without_reg(X, y, w, b, reg):
    return reference.linear_svm_grad(X, y, w, b, 0.0)


@misconception(
    "linear_svm_grad",
    check="gradient",
    hint="The regularizer's part is twice too large: the 1/2 in front cancels the 2 of the square.",
)
def linear_svm_grad_reg_doubled(X, y, w, b, reg):
    return reference.linear_svm_grad(X, y, w, b, 2 * reg)


@misconception(
    "linear_svm_grad",
    check="gradient",
    hint="The regularizer's part is half of what it should be: the square brings a factor 2.",
)
def linear_svm_grad_reg_halved(X, y, w, b, reg):
    return reference.linear_svm_grad(X, y, w, b, reg / 2)


@misconception(
    "linear_svm_grad",
    check="gradient",
    hint="You divide the regularizer by N too; only the losses of the samples are averaged.",
)
def linear_svm_grad_reg_averaged(X, y, w, b, reg):
    return reference.linear_svm_grad(X, y, w, b, reg / len(y))


@misconception(
    "linear_svm_grad",
    check="gradient",
    hint="You subtract the regularizer's gradient; the regularizer is added to the loss.",
)
def linear_svm_grad_reg_sign(X, y, w, b, reg):
    return reference.linear_svm_grad(X, y, w, b, -reg)


@misconception(
    "linear_svm_grad",
    check="gradient",
    hint="You add the regularizer itself to the gradient of w instead of its derivative.",
)
def linear_svm_grad_reg_value(X, y, w, b, reg):
    grad_w, grad_b = reference.linear_svm_grad(X, y, w, b, 0.0)
    return grad_w + reg / 2 * (w @ w), grad_b


@misconception(
    "linear_svm_grad",
    check="gradient",
    hint="You leave out reg: the strength of the regularizer in yours is always 1.",
)
def linear_svm_grad_reg_ignored(X, y, w, b, reg):
    return reference.linear_svm_grad(X, y, w, b, 1.0)


@misconception(
    "linear_svm_grad",
    check="gradient",
    hint="You differentiate the norm; the regularizer has its square.",
)
def linear_svm_grad_reg_norm(X, y, w, b, reg):
    return reference.linear_svm_grad(X, y, w, b, reg / np.linalg.norm(w))


@misconception(
    "linear_svm_grad",
    check="gradient",
    hint="You regularize the bias as well; the regularizer acts on w only.",
)
def linear_svm_grad_reg_on_bias(X, y, w, b, reg):
    grad_w, grad_b = reference.linear_svm_grad(X, y, w, b, reg)
    return grad_w, grad_b + reg * b


@misconception(
    "linear_svm_grad",
    check="gradient",
    hint="The losses' part is N times too large: the mean's 1/N is missing.",
)
def linear_svm_grad_without_mean(X, y, w, b, reg):
    grad_s = reference.hinge_grad(y, X @ w + b) * len(y)
    return X.T @ grad_s + reg * w, np.sum(grad_s)


@misconception(
    "linear_svm_grad",
    check="gradient",
    hint="Both parts of your gradient are divided by N twice, in the chain rule and in the mean.",
)
def linear_svm_grad_mean_twice(X, y, w, b, reg):
    grad_s = reference.hinge_grad(y, X @ w + b) / len(y)
    return X.T @ grad_s + reg * w, np.sum(grad_s)


@misconception(
    "linear_svm_grad",
    check="gradient",
    hint="Your gradient of b is N times too small: the scores' gradients have the 1/N "
    "already and are summed.",
)
def linear_svm_grad_bias_averaged(X, y, w, b, reg):
    grad_w, grad_b = reference.linear_svm_grad(X, y, w, b, reg)
    return grad_w, grad_b / len(y)


@misconception(
    "linear_svm_grad",
    check="gradient",
    hint="Your gradient of b is always 0; the bias is learned too.",
)
def linear_svm_grad_bias_fixed(X, y, w, b, reg):
    return reference.linear_svm_grad(X, y, w, b, reg)[0], 0.0


@misconception(
    "linear_svm_grad",
    check="gradient",
    hint="You leave b out of the scores, so the wrong samples are active.",
)
def linear_svm_grad_scores_without_bias(X, y, w, b, reg):
    return reference.linear_svm_grad(X, y, w, 0.0, reg)


@misconception(
    "linear_svm_grad",
    check="gradient",
    hint="The losses' part has the wrong sign; that of the regularizer is right.",
)
def linear_svm_grad_sign(X, y, w, b, reg):
    grad_s = -reference.hinge_grad(y, X @ w + b)
    return X.T @ grad_s + reg * w, np.sum(grad_s)


@misconception(
    "linear_svm_grad", check="gradient", hint="You return minus the gradient, the step downhill."
)
def linear_svm_grad_step(X, y, w, b, reg):
    grad_w, grad_b = reference.linear_svm_grad(X, y, w, b, reg)
    return -grad_w, -grad_b


@misconception(
    "linear_svm_grad",
    check="gradient",
    hint="Every sample counts in yours; those beyond the margin have no gradient.",
)
def linear_svm_grad_everywhere(X, y, w, b, reg):
    grad_s = -y / len(y)
    return X.T @ grad_s + reg * w, np.sum(grad_s)


@misconception(
    "linear_svm_grad",
    check="gradient",
    hint="The comparison is reversed: the samples beyond the margin count in yours.",
)
def linear_svm_grad_reversed(X, y, w, b, reg):
    grad_s = np.where(y * (X @ w + b) > 1, -y, 0) / len(y)
    return X.T @ grad_s + reg * w, np.sum(grad_s)


@misconception(
    "linear_svm_grad",
    check="gradient",
    hint="You compare the score with 1; the hinge bends where label times score is 1.",
)
def linear_svm_grad_compares_score(X, y, w, b, reg):
    grad_s = np.where(X @ w + b < 1, -y, 0) / len(y)
    return X.T @ grad_s + reg * w, np.sum(grad_s)


@misconception(
    "linear_svm_grad",
    check="gradient",
    hint="Only wrong predictions count in yours; right ones with margin below 1 count too.",
)
def linear_svm_grad_of_perceptron(X, y, w, b, reg):
    grad_s = np.where(y * (X @ w + b) < 0, -y, 0) / len(y)
    return X.T @ grad_s + reg * w, np.sum(grad_s)


@misconception(
    "linear_svm_grad",
    check="gradient",
    hint="The labels are missing from the slope: both classes push in the same direction.",
)
def linear_svm_grad_without_label(X, y, w, b, reg):
    grad_s = np.where(y * (X @ w + b) < 1, -1.0, 0) / len(y)
    return X.T @ grad_s + reg * w, np.sum(grad_s)


@misconception(
    "linear_svm_grad",
    check="kink",
    hint="For a sample with margin 1 you divide 0 by 0, which spoils both gradients with nan.",
)
def linear_svm_grad_quotient(X, y, w, b, reg):
    distance = 1 - y * (X @ w + b)
    with np.errstate(invalid="ignore"):
        grad_s = -y * (np.maximum(0, distance) / distance) / len(y)
    return X.T @ grad_s + reg * w, np.sum(grad_s)


@misconception(
    "linear_svm_grad",
    check="kink",
    hint="A sample on the margin counts in your gradient of w but not in that of b: "
    "both need the same comparison.",
)
def linear_svm_grad_two_comparisons(X, y, w, b, reg):
    margins = y * (X @ w + b)
    grad_w = X.T @ np.where(margins <= 1, -y, 0) / len(y) + reg * w
    return grad_w, np.sum(np.where(margins < 1, -y, 0)) / len(y)


@misconception(
    "linear_svm_grad",
    check="purity",
    hint="You scale w in place to get the regularizer's gradient, so the caller's weights change.",
)
def linear_svm_grad_in_place(X, y, w, b, reg):
    grad_s = reference.hinge_grad(y, X @ w + b)
    w *= reg
    return X.T @ grad_s + w, np.sum(grad_s)
