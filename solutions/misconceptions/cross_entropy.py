"""Known wrong answers of the unit `cross_entropy`."""

import numpy as np

from solutions import cross_entropy as reference
from solutions.misconceptions import misconception

# ---- cross_entropy


@misconception(
    "cross_entropy",
    check="shape",
    hint="You return one loss per sample: the mean over the N samples is missing.",
)
def cross_entropy_per_sample(y, p):
    return -np.sum(y * np.log(p), axis=1)


@misconception(
    "cross_entropy",
    check="shape",
    hint="You return one number per entry: sum over the classes and average over the samples.",
)
def cross_entropy_per_entry(y, p):
    return -y * np.log(p)


@misconception(
    "cross_entropy",
    check="shape",
    hint="The loss is printed, not returned: your function gives back None.",
)
def cross_entropy_printed(y, p):
    print(reference.cross_entropy(y, p))


@misconception(
    "cross_entropy",
    check="value",
    hint="The minus sign is missing: log p is negative, the loss is positive.",
)
def cross_entropy_without_sign(y, p):
    return np.sum(y * np.log(p)) / len(y)


@misconception(
    "cross_entropy",
    check="value",
    hint="Your loss is N times too large: it is the sum over the samples, not their mean.",
)
def cross_entropy_sum(y, p):
    return -np.sum(y * np.log(p))


@misconception(
    "cross_entropy",
    check="value",
    hint="Your mean is taken over all N times K entries. Sum over the classes, then average over "
    "the N samples.",
)
def cross_entropy_mean_of_entries(y, p):
    return -np.mean(y * np.log(p))


@misconception(
    "cross_entropy",
    check="value",
    hint="Your mean runs over the K classes, the sum over the samples: the axes are swapped.",
)
def cross_entropy_wrong_axis(y, p):
    return -np.mean(np.sum(y * np.log(p), axis=0))


@misconception(
    "cross_entropy",
    check="value",
    hint="You divide by the number of samples twice.",
)
def cross_entropy_mean_twice(y, p):
    return -np.sum(y * np.log(p)) / len(y) ** 2


@misconception(
    "cross_entropy",
    check="value",
    hint="You take logarithms to base 2, which measures in bits; the loss uses the natural "
    "logarithm.",
)
def cross_entropy_in_bits(y, p):
    return -np.sum(y * np.log2(p)) / len(y)


@misconception(
    "cross_entropy",
    check="value",
    hint="You take logarithms to base 10; the loss uses the natural logarithm.",
)
def cross_entropy_decimal(y, p):
    return -np.sum(y * np.log10(p)) / len(y)


@misconception(
    "cross_entropy",
    check="value",
    hint="You use log(1 + p). That keeps 0 out of the logarithm, but it is another loss.",
)
def cross_entropy_log_one_plus(y, p):
    return -np.sum(y * np.log1p(p)) / len(y)


@misconception(
    "cross_entropy",
    check="value",
    hint="Labels and probabilities are swapped: the logarithm belongs to the probabilities p.",
)
def cross_entropy_swapped(y, p):
    return -np.sum(p * np.log(y)) / len(y)


@misconception(
    "cross_entropy",
    check="value",
    hint="Labels and probabilities are swapped, and a small number in the logarithm hides it.",
)
def cross_entropy_swapped_with_epsilon(y, p):
    return -np.sum(p * np.log(y + 1e-12)) / len(y)


@misconception(
    "cross_entropy",
    check="value",
    hint="This is the entropy of p. The labels y do not enter.",
)
def cross_entropy_entropy(y, p):
    return -np.sum(p * np.log(p)) / len(y)


@misconception(
    "cross_entropy",
    check="value",
    hint="You add the binary term (1 - y) log(1 - p) for each class. With K classes only the term "
    "y log p belongs to the loss.",
)
def cross_entropy_binary_formula(y, p):
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / len(y)


@misconception(
    "cross_entropy",
    check="value",
    hint="This is the binary formula averaged over all N times K entries; here the loss has only "
    "the term y log p, summed over the classes.",
)
def cross_entropy_binary_mean(y, p):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@misconception(
    "cross_entropy",
    check="value",
    hint="You apply a softmax to p, but p already holds probabilities.",
)
def cross_entropy_of_logits(y, p):
    return reference.softmax_cross_entropy(y, p)


@misconception(
    "cross_entropy",
    check="value",
    hint="You use the largest probability of each row, whichever class it belongs to. The loss "
    "uses that of the true class.",
)
def cross_entropy_of_prediction(y, p):
    return -np.mean(np.log(p.max(axis=1)))


@misconception(
    "cross_entropy",
    check="value",
    hint="You average the probabilities of the true classes before the logarithm; the mean is "
    "taken of the logarithms.",
)
def cross_entropy_log_of_mean(y, p):
    return -np.log(np.mean(np.sum(y * p, axis=1)))


@misconception(
    "cross_entropy",
    check="value",
    hint="You divide by 2 whatever the number of samples is: the N of the self-check is written "
    "into your code.",
)
def cross_entropy_hard_coded_n(y, p):
    return -np.sum(y * np.log(p)) / 2


@misconception(
    "cross_entropy",
    check="value",
    hint="You round the result to two decimals. Return all digits; round only what you print.",
)
def cross_entropy_rounded(y, p):
    return np.round(reference.cross_entropy(y, p), 2)


@misconception(
    "cross_entropy",
    check="soft_labels",
    hint="You use only the class with the largest label. With soft labels every class counts, in "
    "proportion to its label.",
)
def cross_entropy_of_argmax(y, p):
    return -np.mean(np.log(p[np.arange(len(y)), y.argmax(axis=1)]))


@misconception(
    "cross_entropy",
    check="soft_labels",
    hint="You pick the entries where the label equals 1. Soft labels have none.",
)
def cross_entropy_where_one(y, p):
    return -np.mean(np.log(p[y == 1]))


@misconception(
    "cross_entropy",
    check="soft_labels",
    hint="You use the labels only to choose entries. With soft labels each logarithm is weighted "
    "by its label.",
)
def cross_entropy_unweighted(y, p):
    return -np.sum(np.log(p[y > 0])) / len(y)


@misconception(
    "cross_entropy",
    check="soft_labels",
    hint="You convert the labels to integers, and soft labels such as 0.7 become 0.",
)
def cross_entropy_integer_labels(y, p):
    return reference.cross_entropy(y.astype(int), p)


@misconception(
    "cross_entropy",
    check="soft_labels",
    hint="This is the Kullback-Leibler divergence: the entropy of the soft labels is subtracted.",
)
def cross_entropy_divergence(y, p):
    entropy = reference.cross_entropy(y, y)
    return reference.cross_entropy(y, p) - entropy


@misconception(
    "cross_entropy",
    check="zeros",
    hint="Where p is 0 you compute 0 times log 0, which is nan. A class with label 0 "
    "contributes nothing.",
)
def cross_entropy_nan_at_zero(y, p):
    return -np.sum(y * np.log(p)) / len(y)


@misconception(
    "cross_entropy",
    check="confident",
    hint="You add 1e-7 in the logarithm. That is as large as a tenth of the smallest probabilities "
    "tested; 1e-12 would do.",
)
def cross_entropy_large_epsilon(y, p):
    return -np.sum(y * np.log(p + 1e-7)) / len(y)


@misconception(
    "cross_entropy",
    check="confident",
    hint="You clip p to [1e-7, 1 - 1e-7], so a sure and right prediction still has a loss. "
    "Clip nearer to 0 and 1, or only where the logarithm would be infinite.",
)
def cross_entropy_clipped(y, p):
    return reference.cross_entropy(y, np.clip(p, 1e-7, 1 - 1e-7))


@misconception(
    "cross_entropy",
    check="confident",
    hint="You clip p to at least 1e-5, so a very wrong prediction costs too little.",
)
def cross_entropy_clipped_coarsely(y, p):
    return reference.cross_entropy(y, np.clip(p, 1e-5, 1 - 1e-5))


@misconception(
    "cross_entropy",
    check="purity",
    hint="You clip the array p in place, so the caller's probabilities change. Clip a copy.",
)
def cross_entropy_clipped_in_place(y, p):
    np.clip(p, 1e-12, 1.0, out=p)
    return reference.cross_entropy(y, p)


# ---- cross_entropy_grad


@misconception(
    "cross_entropy_grad",
    check="shape",
    hint="You return the loss itself. Its gradient has one entry for every entry of p, shape "
    "(N, K).",
)
def cross_entropy_grad_is_loss(y, p):
    return reference.cross_entropy(y, p)


@misconception(
    "cross_entropy_grad",
    check="shape",
    hint="You sum over the classes. The gradient keeps the shape of p.",
)
def cross_entropy_grad_summed(y, p):
    return -np.sum(y / p, axis=1) / len(y)


@misconception(
    "cross_entropy_grad",
    check="shape",
    hint="You average over the samples. The gradient keeps the shape of p; the 1/N stays as a "
    "factor.",
)
def cross_entropy_grad_averaged(y, p):
    return -np.mean(y / p, axis=0)


@misconception(
    "cross_entropy_grad",
    check="gradient",
    hint="The minus sign is missing: raising the probability of the true class lowers the loss.",
)
def cross_entropy_grad_without_sign(y, p):
    return y / p / len(y)


@misconception(
    "cross_entropy_grad",
    check="gradient",
    hint="Your gradient is N times too large: the mean's 1/N is missing.",
)
def cross_entropy_grad_without_mean(y, p):
    return -y / p


@misconception(
    "cross_entropy_grad",
    check="gradient",
    hint="You divide by N times K. The loss is a mean over the N samples only.",
)
def cross_entropy_grad_mean_of_entries(y, p):
    return -y / p / y.size


@misconception(
    "cross_entropy_grad",
    check="gradient",
    hint="You divide by the number of classes; the mean is over the samples.",
)
def cross_entropy_grad_wrong_axis(y, p):
    return -y / p / y.shape[1]


@misconception(
    "cross_entropy_grad",
    check="gradient",
    hint="You divide by N squared: the mean contributes one 1/N only.",
)
def cross_entropy_grad_mean_twice(y, p):
    return -y / p / len(y) ** 2


@misconception(
    "cross_entropy_grad",
    check="gradient",
    hint="p - y is the gradient with respect to the logits before a softmax; here it is with "
    "respect to p.",
)
def cross_entropy_grad_of_logits(y, p):
    return (p - y) / len(y)


@misconception(
    "cross_entropy_grad",
    check="gradient",
    hint="The label y is missing: only the true class has a gradient.",
)
def cross_entropy_grad_without_label(y, p):
    return -1 / p / len(y)


@misconception(
    "cross_entropy_grad",
    check="gradient",
    hint="You differentiate the binary loss for each class. With K classes there is no term "
    "(1 - y) log(1 - p).",
)
def cross_entropy_grad_binary_formula(y, p):
    return -(y / p - (1 - y) / (1 - p)) / len(y)


@misconception(
    "cross_entropy_grad",
    check="gradient",
    hint="These are the terms of the loss. The derivative of log p is missing.",
)
def cross_entropy_grad_undifferentiated(y, p):
    return -y * np.log(p) / len(y)


@misconception(
    "cross_entropy_grad",
    check="gradient",
    hint="You multiply by p. The derivative of log p divides by it.",
)
def cross_entropy_grad_multiplied(y, p):
    return -y * p / len(y)


@misconception(
    "cross_entropy_grad",
    check="gradient",
    hint="Labels and probabilities are swapped: you divide by y.",
)
def cross_entropy_grad_swapped(y, p):
    return -p / y / len(y)


@misconception(
    "cross_entropy_grad",
    check="gradient",
    hint="This is the derivative with respect to the labels y. Differentiate with respect to p.",
)
def cross_entropy_grad_of_labels(y, p):
    return -np.log(p) / len(y)


@misconception(
    "cross_entropy_grad",
    check="gradient",
    hint="Your derivative belongs to a logarithm to base 2: a factor 1/log 2 is too much.",
)
def cross_entropy_grad_in_bits(y, p):
    return -y / p / np.log(2) / len(y)


@misconception(
    "cross_entropy_grad",
    check="gradient",
    hint="You divide by 2 whatever N is: that is the number of samples in the self-check only.",
)
def cross_entropy_grad_hard_coded_n(y, p):
    return -y / p / 2


@misconception(
    "cross_entropy_grad",
    check="gradient",
    hint="You differentiate once more than asked: 1/p squared belongs to the second derivative.",
)
def cross_entropy_grad_second_derivative(y, p):
    return y / p**2 / len(y)


@misconception(
    "cross_entropy_grad",
    check="soft_labels",
    hint="You use only the class with the largest label. With soft labels every class with a "
    "label above 0 has a gradient.",
)
def cross_entropy_grad_of_argmax(y, p):
    return reference.cross_entropy_grad(np.eye(y.shape[1])[y.argmax(axis=1)], p)


@misconception(
    "cross_entropy_grad",
    check="soft_labels",
    hint="You use the labels only to choose entries. With soft labels the gradient is in "
    "proportion to the label.",
)
def cross_entropy_grad_unweighted(y, p):
    return np.where(y > 0, -1 / p, 0.0) / len(y)


@misconception(
    "cross_entropy_grad",
    check="soft_labels",
    hint="You convert the labels to integers, so the gradient of a soft label such as 0.7 "
    "becomes 0.",
)
def cross_entropy_grad_integer_labels(y, p):
    return reference.cross_entropy_grad(y.astype(int), p)


@misconception(
    "cross_entropy_grad",
    check="zeros",
    hint="Where y and p are both 0 you compute 0/0, which is nan. The gradient there is 0.",
)
def cross_entropy_grad_nan_at_zero(y, p):
    return -y / p / len(y)


@misconception(
    "cross_entropy_grad",
    check="confident",
    hint="You add 1e-7 to the probability. That changes the gradient where p is small; 1e-12 "
    "would do.",
)
def cross_entropy_grad_large_epsilon(y, p):
    return -y / (p + 1e-7) / len(y)


@misconception(
    "cross_entropy_grad",
    check="confident",
    hint="You clip p to at least 1e-4, so the gradient of a very wrong prediction is too small.",
)
def cross_entropy_grad_clipped(y, p):
    return -y / np.clip(p, 1e-4, 1.0) / len(y)


@misconception(
    "cross_entropy_grad",
    check="purity",
    hint="You divide the labels in place, so the caller's y changes. Work on a new array.",
)
def cross_entropy_grad_in_place(y, p):
    y /= -len(y) * np.where(y > 0, p, 1.0)
    return y


# ---- log_loss


@misconception(
    "log_loss",
    check="shape",
    hint="You return the N single losses. The log loss is their mean, one number.",
)
def log_loss_per_sample(y, p):
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


@misconception(
    "log_loss",
    check="shape",
    hint="You print the log loss but return nothing, so your function gives back None.",
)
def log_loss_printed(y, p):
    print(reference.log_loss(y, p))


@misconception(
    "log_loss",
    check="value",
    hint="The minus sign is missing: logarithms of probabilities are negative, the loss is "
    "positive.",
)
def log_loss_without_sign(y, p):
    return np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@misconception(
    "log_loss",
    check="value",
    hint="You add up the losses of the samples; the log loss is their mean, N times smaller.",
)
def log_loss_sum(y, p):
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))


@misconception(
    "log_loss",
    check="value",
    hint="Your loss is half of the right one: there is no factor 1/2 in front of this mean.",
)
def log_loss_halved(y, p):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)) / 2


@misconception(
    "log_loss",
    check="value",
    hint="Samples with label 0 cost nothing: the second term of the loss is missing.",
)
def log_loss_only_ones(y, p):
    return -np.mean(y * np.log(p))


@misconception(
    "log_loss",
    check="value",
    hint="Samples with label 1 cost nothing: the first term of the loss is missing.",
)
def log_loss_only_zeros(y, p):
    return -np.mean((1 - y) * np.log(1 - p))


@misconception(
    "log_loss",
    check="value",
    hint="The two terms have opposite signs in your loss. Both are logarithms of probabilities "
    "and count alike.",
)
def log_loss_opposite_terms(y, p):
    return -np.mean(y * np.log(p) - (1 - y) * np.log(1 - p))


@misconception(
    "log_loss",
    check="value",
    hint="The labels are exchanged: you charge samples with label 1 for 1 - p.",
)
def log_loss_exchanged_labels(y, p):
    return -np.mean((1 - y) * np.log(p) + y * np.log(1 - p))


@misconception(
    "log_loss",
    check="value",
    hint="Your second term is (1 - y) log p. A sample with label 0 is charged for 1 - p.",
)
def log_loss_same_logarithm(y, p):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(p))


@misconception(
    "log_loss",
    check="value",
    hint="Your second term is (1 - y)(1 - log p): the 1 - belongs inside the logarithm.",
)
def log_loss_one_minus_log(y, p):
    return -np.mean(y * np.log(p) + (1 - y) * (1 - np.log(p)))


@misconception(
    "log_loss",
    check="value",
    hint="Labels and probabilities are swapped: the logarithms belong to p and 1 - p.",
)
def log_loss_swapped(y, p):
    return -np.mean(p * np.log(y) + (1 - p) * np.log(1 - y))


@misconception(
    "log_loss",
    check="value",
    hint="Your log loss is measured in bits, with logarithms to base 2. Here the logarithm is "
    "the natural one.",
)
def log_loss_in_bits(y, p):
    return -np.mean(y * np.log2(p) + (1 - y) * np.log2(1 - p))


@misconception(
    "log_loss",
    check="value",
    hint="Your log loss uses logarithms to base 10. Here the logarithm is the natural one.",
)
def log_loss_decimal(y, p):
    return -np.mean(y * np.log10(p) + (1 - y) * np.log10(1 - p))


@misconception(
    "log_loss",
    check="value",
    hint="You combine every label with every probability: a column of shape (N, 1) meets a row "
    "of shape (N,), and the mean runs over N times N numbers.",
)
def log_loss_broadcast(y, p):
    y = y.reshape(-1, 1)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@misconception(
    "log_loss",
    check="value",
    hint="This is the mean squared error. The loss is built from logarithms.",
)
def log_loss_squared(y, p):
    return np.mean((y - p) ** 2)


@misconception(
    "log_loss",
    check="value",
    hint="This is the mean absolute error. The loss is built from logarithms.",
)
def log_loss_absolute(y, p):
    return np.mean(np.abs(y - p))


@misconception(
    "log_loss",
    check="value",
    hint="You round p to 0 or 1 and count the mistakes. The loss uses the probability itself.",
)
def log_loss_error_rate(y, p):
    return np.mean((p > 0.5) != y)


@misconception(
    "log_loss",
    check="value",
    hint="You apply a sigmoid to p, but p already holds probabilities.",
)
def log_loss_of_logits(y, p):
    return reference.log_loss(y, 1 / (1 + np.exp(-p)))


@misconception(
    "log_loss",
    check="value",
    hint="You average the probabilities of the true labels before the logarithm; the mean is "
    "taken of the logarithms.",
)
def log_loss_log_of_mean(y, p):
    return -np.log(np.mean(y * p + (1 - y) * (1 - p)))


@misconception(
    "log_loss",
    check="value",
    hint="You divide by 3 whatever the number of samples is: that is the N of the practice "
    "problem only.",
)
def log_loss_hard_coded_n(y, p):
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / 3


@misconception(
    "log_loss",
    check="value",
    hint="You round the log loss to two decimals. Return all digits; round only what you print.",
)
def log_loss_rounded(y, p):
    return np.round(reference.log_loss(y, p), 2)


@misconception(
    "log_loss",
    check="zeros",
    hint="Where p equals y you compute 0 times log 0, which is nan. A term with weight 0 "
    "contributes nothing.",
)
def log_loss_nan_at_zero(y, p):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@misconception(
    "log_loss",
    check="confident",
    hint="You add 1e-7 in the logarithms. That is as large as a tenth of the smallest "
    "probabilities tested; 1e-12 would do.",
)
def log_loss_large_epsilon(y, p):
    return -np.mean(y * np.log(p + 1e-7) + (1 - y) * np.log(1 - p + 1e-7))


@misconception(
    "log_loss",
    check="confident",
    hint="You clip p to [1e-7, 1 - 1e-7], so p = y still has a loss of 1e-7. Clip nearer to 0 "
    "and 1, or only where the logarithm would be infinite.",
)
def log_loss_clipped(y, p):
    return reference.log_loss(y, np.clip(p, 1e-7, 1 - 1e-7))


@misconception(
    "log_loss",
    check="zeros",
    hint="You clip p to [1e-5, 1 - 1e-5]. A sure and right prediction then has a loss, and a "
    "very wrong one costs too little.",
)
def log_loss_clipped_coarsely(y, p):
    return reference.log_loss(y, np.clip(p, 1e-5, 1 - 1e-5))


@misconception(
    "log_loss",
    check="purity",
    hint="Clipping p in place changes the caller's predictions. Clip a copy.",
)
def log_loss_clipped_in_place(y, p):
    np.clip(p, 1e-12, 1 - 1e-12, out=p)
    return reference.log_loss(y, p)


# ---- log_loss_grad


@misconception(
    "log_loss_grad",
    check="shape",
    hint="You return the log loss itself. Its gradient has one entry per sample, shape (N,).",
)
def log_loss_grad_is_loss(y, p):
    return reference.log_loss(y, p)


@misconception(
    "log_loss_grad",
    check="shape",
    hint="You average the derivatives into one number. The gradient keeps the shape of p.",
)
def log_loss_grad_averaged(y, p):
    return np.mean((p - y) / (p * (1 - p)))


@misconception(
    "log_loss_grad",
    check="shape",
    hint="You return a column of shape (N, 1). The gradient has the shape of p, (N,).",
)
def log_loss_grad_column(y, p):
    return reference.log_loss_grad(y, p).reshape(-1, 1)


@misconception(
    "log_loss_grad",
    check="gradient",
    hint="The sign is flipped: where the label is 1, raising p lowers the loss.",
)
def log_loss_grad_wrong_sign(y, p):
    return (y - p) / (p * (1 - p)) / len(y)


@misconception(
    "log_loss_grad",
    check="gradient",
    hint="The 1/N of the mean is missing: each entry is the derivative of one sample's loss "
    "alone, N times too large.",
)
def log_loss_grad_without_mean(y, p):
    return (p - y) / (p * (1 - p))


@misconception(
    "log_loss_grad",
    check="gradient",
    hint="The 1/N of the mean is there twice.",
)
def log_loss_grad_mean_twice(y, p):
    return (p - y) / (p * (1 - p)) / len(y) ** 2


@misconception(
    "log_loss_grad",
    check="gradient",
    hint="p - y is the gradient with respect to the logit before a sigmoid; here it is with "
    "respect to p.",
)
def log_loss_grad_of_logits(y, p):
    return (p - y) / len(y)


@misconception(
    "log_loss_grad",
    check="gradient",
    hint="You multiply by p (1 - p), which is the way through a sigmoid. With respect to p the "
    "gradient has it in the denominator.",
)
def log_loss_grad_multiplied(y, p):
    return (p - y) * p * (1 - p) / len(y)


@misconception(
    "log_loss_grad",
    check="gradient",
    hint="Samples with label 0 have no gradient: the derivative of the second term is missing.",
)
def log_loss_grad_only_ones(y, p):
    return -y / p / len(y)


@misconception(
    "log_loss_grad",
    check="gradient",
    hint="Samples with label 1 have no gradient: the derivative of the first term is missing.",
)
def log_loss_grad_only_zeros(y, p):
    return (1 - y) / (1 - p) / len(y)


@misconception(
    "log_loss_grad",
    check="gradient",
    hint="The second term has the wrong sign: the inner derivative of log(1 - p) is -1.",
)
def log_loss_grad_without_inner(y, p):
    return -(y / p + (1 - y) / (1 - p)) / len(y)


@misconception(
    "log_loss_grad",
    check="gradient",
    hint="Both terms are divided by p. The second one is the derivative of log(1 - p).",
)
def log_loss_grad_same_denominator(y, p):
    return -(y / p - (1 - y) / p) / len(y)


@misconception(
    "log_loss_grad",
    check="gradient",
    hint="The labels are exchanged: samples with label 1 belong to the term with 1/p.",
)
def log_loss_grad_exchanged_labels(y, p):
    return (y / (1 - p) - (1 - y) / p) / len(y)


@misconception(
    "log_loss_grad",
    check="gradient",
    hint="Labels and probabilities are swapped: you divide by y (1 - y), which is 0.",
)
def log_loss_grad_swapped(y, p):
    return (y - p) / (y * (1 - y)) / len(y)


@misconception(
    "log_loss_grad",
    check="gradient",
    hint="You differentiate with respect to y. The labels are given; the derivative is with "
    "respect to p.",
)
def log_loss_grad_of_labels(y, p):
    return (np.log(1 - p) - np.log(p)) / len(y)


@misconception(
    "log_loss_grad",
    check="gradient",
    hint="This is the gradient of the mean squared error.",
)
def log_loss_grad_squared(y, p):
    return 2 * (p - y) / len(y)


@misconception(
    "log_loss_grad",
    check="gradient",
    hint="These are the terms of the loss. The derivatives of the logarithms are missing.",
)
def log_loss_grad_undifferentiated(y, p):
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)) / len(y)


@misconception(
    "log_loss_grad",
    check="gradient",
    hint="You divide by 3 whatever N is: that is the number of samples in the practice problem "
    "only.",
)
def log_loss_grad_hard_coded_n(y, p):
    return (p - y) / (p * (1 - p)) / 3


@misconception(
    "log_loss_grad",
    check="gradient",
    hint="Your derivative belongs to logarithms to base 2: a factor 1/log 2 is too much.",
)
def log_loss_grad_in_bits(y, p):
    return (p - y) / (p * (1 - p)) / np.log(2) / len(y)


@misconception(
    "log_loss_grad",
    check="confident",
    hint="You add 1e-7 to the denominators. That changes the gradient where p is near 0 or 1; "
    "1e-12 would do.",
)
def log_loss_grad_large_epsilon(y, p):
    return ((1 - y) / (1 - p + 1e-7) - y / (p + 1e-7)) / len(y)


@misconception(
    "log_loss_grad",
    check="confident",
    hint="You clip p to [1e-4, 1 - 1e-4], so the gradient of a very wrong prediction is too small.",
)
def log_loss_grad_clipped(y, p):
    return reference.log_loss_grad(y, np.clip(p, 1e-4, 1 - 1e-4))


@misconception(
    "log_loss_grad",
    check="single_sample",
    hint="You squeeze the result, so with one sample the array of shape (1,) becomes a number.",
)
def log_loss_grad_squeezed(y, p):
    return np.squeeze(reference.log_loss_grad(y, p))


@misconception(
    "log_loss_grad",
    check="purity",
    hint="You subtract in place, so the caller's array changes. Work on a new array.",
)
def log_loss_grad_in_place(y, p):
    variance = p * (1 - p)
    p -= y
    return p / variance / len(y)


# ---- softmax


@misconception(
    "softmax",
    check="shape",
    hint="You return the number of the largest class. The result has one probability per class.",
)
def softmax_class_number(z):
    return np.argmax(z, axis=1)


@misconception(
    "softmax",
    check="shape",
    hint="You return the sums of the exponentials, one per row. Each exponential is divided by "
    "them.",
)
def softmax_denominators(z):
    return np.exp(z).sum(axis=1, keepdims=True)


@misconception(
    "softmax",
    check="value",
    hint="Each row is a sample of its own: you divide by the sum over the whole array.",
)
def softmax_whole_array(z):
    powers = np.exp(z - z.max())
    return powers / powers.sum()


@misconception(
    "softmax",
    check="value",
    hint="You normalize the columns. The classes of a sample stand in a row: sum over axis 1.",
)
def softmax_columns(z):
    powers = np.exp(z - z.max(axis=0))
    return powers / powers.sum(axis=0)


@misconception(
    "softmax",
    check="value",
    hint="This is the sigmoid of each entry. Its rows do not sum to 1.",
)
def softmax_sigmoid(z):
    return 1 / (1 + np.exp(-z))


@misconception(
    "softmax",
    check="value",
    hint="You divide the logits by their sum: the exponential is missing.",
)
def softmax_without_exp(z):
    return z / z.sum(axis=1, keepdims=True)


@misconception(
    "softmax",
    check="value",
    hint="The exponentials are not divided by their sum.",
)
def softmax_unnormalized(z):
    return np.exp(z)


@misconception(
    "softmax",
    check="value",
    hint="You shift by the maximum but do not divide by the sum of the exponentials.",
)
def softmax_shifted_unnormalized(z):
    return np.exp(z - z.max(axis=1, keepdims=True))


@misconception(
    "softmax",
    check="value",
    hint="The sign in the exponential is wrong: the largest logit should get the largest "
    "probability.",
)
def softmax_negated(z):
    return reference.softmax(-z)


@misconception(
    "softmax",
    check="value",
    hint="This is the logarithm of the softmax.",
)
def softmax_logarithm(z):
    return np.log(reference.softmax(z))


@misconception(
    "softmax",
    check="value",
    hint="You give all probability to the largest logit: that is the argmax, not the softmax.",
)
def softmax_argmax(z):
    return np.eye(z.shape[1])[z.argmax(axis=1)]


@misconception(
    "softmax",
    check="value",
    hint="You divide the logits by their maximum. Subtracting it leaves the ratios alone, "
    "dividing does not.",
)
def softmax_divided_by_maximum(z):
    powers = np.exp(z / z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@misconception(
    "softmax",
    check="value",
    hint="Only the numerator is shifted; subtract the same number in the denominator.",
)
def softmax_half_shifted(z):
    return np.exp(z - z.max(axis=1, keepdims=True)) / np.exp(z).sum(axis=1, keepdims=True)


@misconception(
    "softmax",
    check="value",
    hint="You use powers of 2; the softmax uses powers of e.",
)
def softmax_base_two(z):
    return reference.softmax(z * np.log(2))


@misconception(
    "softmax",
    check="value",
    hint="You divide by the mean of the exponentials, so each row sums to K.",
)
def softmax_divided_by_mean(z):
    return reference.softmax(z) * z.shape[1]


@misconception(
    "softmax",
    check="value",
    hint="You divide by the number of samples. Softmax has no mean: each row sums to 1.",
)
def softmax_averaged(z):
    return reference.softmax(z) / len(z)


@misconception(
    "softmax",
    check="value",
    hint="You round the probabilities. Return all digits; round only what you print.",
)
def softmax_rounded(z):
    return np.round(reference.softmax(z), 2)


@misconception(
    "softmax",
    check="single_sample",
    hint="You squeeze the probabilities, so a single row loses an axis: (1, K) becomes (K,).",
)
def softmax_squeezed(z):
    return np.squeeze(reference.softmax(z))


@misconception(
    "softmax",
    check="stability",
    hint="exp(1000) is infinite in float64, and exp(-1000) is 0. A number subtracted from all "
    "logits of a row changes no ratio: which one helps?",
)
def softmax_naive(z):
    powers = np.exp(z)
    return powers / powers.sum(axis=1, keepdims=True)


@misconception(
    "softmax",
    check="stability",
    hint="You subtract the maximum of the whole array. One row with huge logits then turns all "
    "the other rows into 0/0; every row needs its own.",
)
def softmax_whole_maximum(z):
    powers = np.exp(z - z.max())
    return powers / powers.sum(axis=1, keepdims=True)


@misconception(
    "softmax",
    check="stability",
    hint="You subtract the minimum of the row. Then the largest exponential can still overflow.",
)
def softmax_minimum(z):
    powers = np.exp(z - z.min(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@misconception(
    "softmax",
    check="stability",
    hint="You subtract the mean of the row. The largest logit can still be far above it and "
    "overflow.",
)
def softmax_centered(z):
    powers = np.exp(z - z.mean(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@misconception(
    "softmax",
    check="stability",
    hint="You clip the logits, so different huge logits become equal. A shift keeps their "
    "differences.",
)
def softmax_clipped(z):
    return reference.softmax(np.clip(z, -500, 500))


@misconception(
    "softmax",
    check="stability",
    hint="You replace nan after the overflow by 0. The information about the row is lost by then; "
    "avoid the overflow.",
)
def softmax_nan_to_num(z):
    powers = np.exp(z)
    return np.nan_to_num(powers / powers.sum(axis=1, keepdims=True))


@misconception(
    "softmax",
    check="stability",
    hint="A small number in the denominator avoids 0/0 but not the overflow of exp(1000).",
)
def softmax_epsilon(z):
    powers = np.exp(z)
    return powers / (powers.sum(axis=1, keepdims=True) + 1e-12)


@misconception(
    "softmax",
    check="purity",
    hint="You subtract the maximum in place, so the caller's logits change. Work on a new array.",
)
def softmax_in_place(z):
    z -= z.max(axis=1, keepdims=True)
    return reference.softmax(z)


# ---- softmax_cross_entropy


@misconception(
    "softmax_cross_entropy",
    check="shape",
    hint="You return the cross-entropy of each row; the mean over the N rows is missing.",
)
def softmax_cross_entropy_per_sample(y, z):
    return -np.sum(y * np.log(reference.softmax(z)), axis=1)


@misconception(
    "softmax_cross_entropy",
    check="shape",
    hint="You return one number per logit: pick out the true classes by a sum over each row, "
    "then average over the rows.",
)
def softmax_cross_entropy_per_entry(y, z):
    return -y * np.log(reference.softmax(z))


@misconception(
    "softmax_cross_entropy",
    check="shape",
    hint="You return probabilities. The loss is one number.",
)
def softmax_cross_entropy_is_softmax(y, z):
    return reference.softmax(z)


@misconception(
    "softmax_cross_entropy",
    check="value",
    hint="The sign is flipped: the log-sum-exp of a row is larger than any of its logits, so "
    "the loss is positive.",
)
def softmax_cross_entropy_without_sign(y, z):
    return -reference.softmax_cross_entropy(y, z)


@misconception(
    "softmax_cross_entropy",
    check="value",
    hint="You add up the losses of the rows; their mean is N times smaller.",
)
def softmax_cross_entropy_sum(y, z):
    return reference.softmax_cross_entropy(y, z) * len(y)


@misconception(
    "softmax_cross_entropy",
    check="value",
    hint="You average over N times K entries, most of which are 0. Average over the N rows only.",
)
def softmax_cross_entropy_mean_of_entries(y, z):
    return reference.softmax_cross_entropy(y, z) / y.shape[1]


@misconception(
    "softmax_cross_entropy",
    check="value",
    hint="You treat the logits as probabilities: the softmax is missing, and logarithms of "
    "negative logits are nan.",
)
def softmax_cross_entropy_of_probabilities(y, z):
    return reference.cross_entropy(y, z)


@misconception(
    "softmax_cross_entropy",
    check="value",
    hint="The log-sum-exp is missing: your loss is only minus the logit of the true class.",
)
def softmax_cross_entropy_without_log_sum(y, z):
    return -np.sum(y * z) / len(y)


@misconception(
    "softmax_cross_entropy",
    check="value",
    hint="The logit of the true class is missing: your loss is only the log-sum-exp.",
)
def softmax_cross_entropy_only_log_sum(y, z):
    return np.mean(np.log(np.sum(np.exp(z), axis=1)))


@misconception(
    "softmax_cross_entropy",
    check="value",
    hint="The maximum taken out of the exponentials is not added back to their logarithm.",
)
def softmax_cross_entropy_maximum_lost(y, z):
    shifted = z - z.max(axis=1, keepdims=True)
    return (np.sum(np.log(np.exp(shifted).sum(axis=1))) - np.sum(y * z)) / len(y)


@misconception(
    "softmax_cross_entropy",
    check="value",
    hint="The maximum is counted twice: logits that are already shifted need nothing added back.",
)
def softmax_cross_entropy_maximum_twice(y, z):
    return reference.softmax_cross_entropy(y, z) + np.mean(z.max(axis=1))


@misconception(
    "softmax_cross_entropy",
    check="value",
    hint="The logarithm of the sum is missing: you subtract the logit from the sum itself.",
)
def softmax_cross_entropy_without_log(y, z):
    return (np.sum(np.exp(z)) - np.sum(y * z)) / len(y)


@misconception(
    "softmax_cross_entropy",
    check="value",
    hint="Your probabilities sum to 1 over the columns. The classes of a sample stand in a row.",
)
def softmax_cross_entropy_columns(y, z):
    return reference.cross_entropy(y, reference.softmax(z.T).T)


@misconception(
    "softmax_cross_entropy",
    check="value",
    hint="Your exponentials are summed over the whole array. Each row has a log-sum-exp of its "
    "own.",
)
def softmax_cross_entropy_whole_array(y, z):
    return reference.cross_entropy(y, np.exp(z) / np.exp(z).sum())


@misconception(
    "softmax_cross_entropy",
    check="value",
    hint="The softmax is taken twice, once of the logits and once of the probabilities.",
)
def softmax_cross_entropy_twice(y, z):
    return reference.softmax_cross_entropy(y, reference.softmax(z))


@misconception(
    "softmax_cross_entropy",
    check="value",
    hint="You use a sigmoid for each class. With one true class per sample it is a softmax.",
)
def softmax_cross_entropy_sigmoid(y, z):
    return np.sum(np.log1p(np.exp(z)) - y * z) / len(y)


@misconception(
    "softmax_cross_entropy",
    check="value",
    hint="You use the probability of the predicted class, the largest of the row. The loss "
    "needs that of the class in y.",
)
def softmax_cross_entropy_of_prediction(y, z):
    return -np.mean(np.log(reference.softmax(z).max(axis=1)))


@misconception(
    "softmax_cross_entropy",
    check="value",
    hint="The logarithm is missing: this is minus the mean probability of the true class.",
)
def softmax_cross_entropy_without_logarithm(y, z):
    return -np.sum(y * reference.softmax(z)) / len(y)


@misconception(
    "softmax_cross_entropy",
    check="value",
    hint="Your loss is 1/log 2 times too large: it uses logarithms to base 2 instead of natural "
    "ones.",
)
def softmax_cross_entropy_in_bits(y, z):
    return reference.softmax_cross_entropy(y, z) / np.log(2)


@misconception(
    "softmax_cross_entropy",
    check="value",
    hint="You divide by 2 whatever the number of rows is: that is the N of the self-check only.",
)
def softmax_cross_entropy_hard_coded_n(y, z):
    return reference.softmax_cross_entropy(y, z) * len(y) / 2


@misconception(
    "softmax_cross_entropy",
    check="stability",
    hint="A stable softmax is not enough: a probability can be exactly 0, and its logarithm is "
    "infinite. Simplify log(exp(...)) on paper first.",
)
def softmax_cross_entropy_log_of_softmax(y, z):
    return reference.cross_entropy(y, reference.softmax(z))


@misconception(
    "softmax_cross_entropy",
    check="stability",
    hint="A small number in the logarithm caps the loss at about 28, where it should be 2000. "
    "Simplify log(exp(...)) on paper instead.",
)
def softmax_cross_entropy_epsilon(y, z):
    return -np.sum(y * np.log(reference.softmax(z) + 1e-12)) / len(y)


@misconception(
    "softmax_cross_entropy",
    check="stability",
    hint="Clipping the probabilities at 1e-15 caps the loss at about 35, where it should be 2000. "
    "Simplify log(exp(...)) on paper instead.",
)
def softmax_cross_entropy_clipped(y, z):
    return -np.sum(y * np.log(np.clip(reference.softmax(z), 1e-15, 1.0))) / len(y)


@misconception(
    "softmax_cross_entropy",
    check="stability",
    hint="A small number in the logarithm caps the loss at about 23, where it should be 2000. "
    "Simplify log(exp(...)) on paper instead.",
)
def softmax_cross_entropy_larger_epsilon(y, z):
    return -np.sum(y * np.log(reference.softmax(z) + 1e-10)) / len(y)


@misconception(
    "softmax_cross_entropy",
    check="stability",
    hint="Your log-sum-exp overflows: exp(1000) is infinite in float64. Take the maximum of the "
    "row out first.",
)
def softmax_cross_entropy_naive(y, z):
    return np.mean(np.log(np.sum(np.exp(z), axis=1)) - np.sum(y * z, axis=1))


@misconception(
    "softmax_cross_entropy",
    check="stability",
    hint="Your softmax overflows: exp(1000) is infinite in float64, and inf/inf is nan. Take the "
    "maximum of the row out first.",
)
def softmax_cross_entropy_naive_softmax(y, z):
    powers = np.exp(z)
    p = powers / powers.sum(axis=1, keepdims=True)
    return -np.sum(y * np.log(p)) / len(y)


@misconception(
    "softmax_cross_entropy",
    check="stability",
    hint="You take out the maximum of the whole array. One row with huge logits then makes all "
    "the other rows underflow; every row needs its own.",
)
def softmax_cross_entropy_whole_maximum(y, z):
    shifted = z - z.max()
    log_sum = np.log(np.exp(shifted).sum(axis=1))
    return np.mean(log_sum - np.sum(y * shifted, axis=1))


@misconception(
    "softmax_cross_entropy",
    check="stability",
    hint="You clip the logits, so the loss of a huge one is far too small. A shift of the row "
    "changes nothing.",
)
def softmax_cross_entropy_clipped_logits(y, z):
    return reference.softmax_cross_entropy(y, np.clip(z, -500, 500))


@misconception(
    "softmax_cross_entropy",
    check="purity",
    hint="Shifting z in place changes the caller's logits. Work on a new array.",
)
def softmax_cross_entropy_in_place(y, z):
    z -= z.max(axis=1, keepdims=True)
    return reference.softmax_cross_entropy(y, z)


# ---- softmax_cross_entropy_grad


@misconception(
    "softmax_cross_entropy_grad",
    check="shape",
    hint="You return the loss. Its gradient has one entry for every logit.",
)
def softmax_cross_entropy_grad_is_loss(y, z):
    return reference.softmax_cross_entropy(y, z)


@misconception(
    "softmax_cross_entropy_grad",
    check="shape",
    hint="You average over the samples. The gradient keeps the shape of z; the 1/N stays as a "
    "factor.",
)
def softmax_cross_entropy_grad_averaged(y, z):
    return np.mean(reference.softmax(z) - y, axis=0)


@misconception(
    "softmax_cross_entropy_grad",
    check="gradient",
    hint="The sign is flipped: raising the logit of the true class lowers the loss.",
)
def softmax_cross_entropy_grad_wrong_sign(y, z):
    return (y - reference.softmax(z)) / len(y)


@misconception(
    "softmax_cross_entropy_grad",
    check="gradient",
    hint="p - y is right for one row alone. The loss is a mean, and its 1/N is missing.",
)
def softmax_cross_entropy_grad_without_mean(y, z):
    return reference.softmax(z) - y


@misconception(
    "softmax_cross_entropy_grad",
    check="gradient",
    hint="You divide p - y by N times K. The loss is a mean over the N rows only.",
)
def softmax_cross_entropy_grad_mean_of_entries(y, z):
    return (reference.softmax(z) - y) / y.size


@misconception(
    "softmax_cross_entropy_grad",
    check="gradient",
    hint="You divide p - y by the number of classes K; the mean is over the N rows.",
)
def softmax_cross_entropy_grad_wrong_axis(y, z):
    return (reference.softmax(z) - y) / y.shape[1]


@misconception(
    "softmax_cross_entropy_grad",
    check="gradient",
    hint="You divide p - y by N squared; the mean contributes one 1/N only.",
)
def softmax_cross_entropy_grad_mean_twice(y, z):
    return (reference.softmax(z) - y) / len(y) ** 2


@misconception(
    "softmax_cross_entropy_grad",
    check="gradient",
    hint="There is no factor 2: that belongs to a squared error.",
)
def softmax_cross_entropy_grad_doubled(y, z):
    return 2 * (reference.softmax(z) - y) / len(y)


@misconception(
    "softmax_cross_entropy_grad",
    check="gradient",
    hint="The label is missing: the gradient compares the probabilities with y.",
)
def softmax_cross_entropy_grad_without_label(y, z):
    return reference.softmax(z) / len(y)


@misconception(
    "softmax_cross_entropy_grad",
    check="gradient",
    hint="This is the gradient with respect to the probabilities. The Jacobian of the softmax is "
    "missing.",
)
def softmax_cross_entropy_grad_of_probabilities(y, z):
    return reference.cross_entropy_grad(y, reference.softmax(z))


@misconception(
    "softmax_cross_entropy_grad",
    check="gradient",
    hint="Only the true classes have a gradient: you use the diagonal of the softmax's Jacobian. "
    "Each logit moves all the probabilities of its row.",
)
def softmax_cross_entropy_grad_diagonal(y, z):
    p = reference.softmax(z)
    return -y / p * p * (1 - p) / len(y)


@misconception(
    "softmax_cross_entropy_grad",
    check="gradient",
    hint="You multiply p - y by p (1 - p). That factor has already cancelled.",
)
def softmax_cross_entropy_grad_extra_factor(y, z):
    p = reference.softmax(z)
    return (p - y) * p * (1 - p) / len(y)


@misconception(
    "softmax_cross_entropy_grad",
    check="gradient",
    hint="You subtract the labels from the logits: the softmax is missing.",
)
def softmax_cross_entropy_grad_without_softmax(y, z):
    return (z - y) / len(y)


@misconception(
    "softmax_cross_entropy_grad",
    check="gradient",
    hint="You take a sigmoid of each logit. With one true class per sample it is a softmax.",
)
def softmax_cross_entropy_grad_sigmoid(y, z):
    return (1 / (1 + np.exp(-z)) - y) / len(y)


@misconception(
    "softmax_cross_entropy_grad",
    check="gradient",
    hint="You replace the probabilities by the predicted class. The gradient uses the "
    "probabilities themselves.",
)
def softmax_cross_entropy_grad_argmax(y, z):
    return (np.eye(z.shape[1])[z.argmax(axis=1)] - y) / len(y)


@misconception(
    "softmax_cross_entropy_grad",
    check="gradient",
    hint="The softmax inside runs over the columns. The classes of a sample stand in a row.",
)
def softmax_cross_entropy_grad_columns(y, z):
    return (reference.softmax(z.T).T - y) / len(y)


@misconception(
    "softmax_cross_entropy_grad",
    check="gradient",
    hint="The softmax inside runs over the whole array. Each row is a sample of its own.",
)
def softmax_cross_entropy_grad_whole_array(y, z):
    return (np.exp(z) / np.exp(z).sum() - y) / len(y)


@misconception(
    "softmax_cross_entropy_grad",
    check="gradient",
    hint="You divide p - y by 2 whatever N is: that is the number of rows in the self-check only.",
)
def softmax_cross_entropy_grad_hard_coded_n(y, z):
    return (reference.softmax(z) - y) / 2


@misconception(
    "softmax_cross_entropy_grad",
    check="single_sample",
    hint="You squeeze the gradient, so that of a single row loses an axis: (1, K) becomes (K,).",
)
def softmax_cross_entropy_grad_squeezed(y, z):
    return np.squeeze(reference.softmax_cross_entropy_grad(y, z))


@misconception(
    "softmax_cross_entropy_grad",
    check="stability",
    hint="The softmax inside overflows: exp(1000) is infinite in float64. Take the maximum of the "
    "row out first.",
)
def softmax_cross_entropy_grad_naive(y, z):
    powers = np.exp(z)
    return (powers / powers.sum(axis=1, keepdims=True) - y) / len(y)


@misconception(
    "softmax_cross_entropy_grad",
    check="stability",
    hint="You take out the maximum of the whole array. One row with huge logits then turns all "
    "the other rows into 0/0; every row needs its own.",
)
def softmax_cross_entropy_grad_whole_maximum(y, z):
    powers = np.exp(z - z.max())
    return (powers / powers.sum(axis=1, keepdims=True) - y) / len(y)


@misconception(
    "softmax_cross_entropy_grad",
    check="stability",
    hint="You clip the logits before the softmax, so different huge ones become equal. A shift "
    "keeps their differences.",
)
def softmax_cross_entropy_grad_clipped(y, z):
    return reference.softmax_cross_entropy_grad(y, np.clip(z, -500, 500))


@misconception(
    "softmax_cross_entropy_grad",
    check="stability",
    hint="The chain through the probabilities multiplies 1/p by p. Where p has underflowed to 0 "
    "this is nan; cancel it on paper.",
)
def softmax_cross_entropy_grad_through_probabilities(y, z):
    p = reference.softmax(z)
    g = -y / p / len(y)
    return p * (g - np.sum(g * p, axis=1, keepdims=True))


@misconception(
    "softmax_cross_entropy_grad",
    check="purity",
    hint="You shift the logits in place on the way to the gradient, so the caller's z changes. "
    "Work on a new array.",
)
def softmax_cross_entropy_grad_in_place(y, z):
    z -= z.max(axis=1, keepdims=True)
    return reference.softmax_cross_entropy_grad(y, z)
