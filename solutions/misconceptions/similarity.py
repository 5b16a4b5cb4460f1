"""Known wrong answers of the unit `similarity`."""

import numpy as np

from solutions import similarity as reference
from solutions.misconceptions import misconception

# --- euclidean -----------------------------------------------------------------------------------


@misconception(
    "euclidean",
    check="value",
    hint="You sum the distances: the mean over the N pairs is missing.",
)
def euclidean_summed(a, b):
    return np.sum(np.linalg.norm(a - b, axis=1))


@misconception(
    "euclidean",
    check="value",
    hint="These are squared distances: the square root is missing.",
)
def euclidean_squared(a, b):
    return np.mean(np.sum((a - b) ** 2, axis=1))


@misconception(
    "euclidean",
    check="value",
    hint="You take the root of the mean of the squares. The root belongs to each row, before the "
    "mean.",
)
def euclidean_root_of_mean(a, b):
    return np.sqrt(np.mean(np.sum((a - b) ** 2, axis=1)))


@misconception(
    "euclidean",
    check="value",
    hint="Without an `axis` the norm runs over the whole matrix and gives one number, not one "
    "distance for each row.",
)
def euclidean_whole_matrix(a, b):
    return np.linalg.norm(a - b)


@misconception(
    "euclidean",
    check="value",
    hint="You divide the norm of the whole matrix by N. The mean is taken over the norms of the "
    "rows.",
)
def euclidean_whole_matrix_over_n(a, b):
    return np.linalg.norm(a - b) / len(a)


@misconception(
    "euclidean",
    check="value",
    hint="The sum runs along the wrong axis: over the samples of each column, not over the entries "
    "of each row.",
)
def euclidean_columns(a, b):
    return np.mean(np.linalg.norm(a - b, axis=0))


@misconception(
    "euclidean",
    check="value",
    hint="You sum absolute differences: that is the Manhattan distance.",
)
def euclidean_manhattan(a, b):
    return np.mean(np.sum(np.abs(a - b), axis=1))


@misconception(
    "euclidean",
    check="value",
    hint="Under the root you take the mean over the D entries of a row: a distance has their sum.",
)
def euclidean_mean_of_entries(a, b):
    return np.mean(np.sqrt(np.mean((a - b) ** 2, axis=1)))


@misconception(
    "euclidean",
    check="value",
    hint="You subtract the lengths of the vectors. The distance is the length of their difference.",
)
def euclidean_difference_of_lengths(a, b):
    return np.mean(np.abs(np.linalg.norm(a, axis=1) - np.linalg.norm(b, axis=1)))


@misconception(
    "euclidean",
    check="shape",
    hint="You return one distance for each pair: the mean over the pairs is missing.",
)
def euclidean_each_row(a, b):
    return np.linalg.norm(a - b, axis=1)


@misconception(
    "euclidean",
    check="stability",
    hint="You expand the square to ||a||² + ||b||² - 2 a·b. For close vectors far from the origin "
    "these terms cancel nearly all their digits; subtract first.",
)
def euclidean_expanded(a, b):
    squared = np.sum(a**2, axis=1) + np.sum(b**2, axis=1) - 2 * np.sum(a * b, axis=1)
    return np.mean(np.sqrt(squared))


@misconception(
    "euclidean",
    check="purity",
    hint="The difference is written into `a`: an operator such as `-=` overwrites the caller's "
    "vectors.",
)
def euclidean_in_place(a, b):
    a -= b
    return np.mean(np.linalg.norm(a, axis=1))


# --- euclidean_grad ------------------------------------------------------------------------------


@misconception(
    "euclidean_grad",
    check="gradient",
    hint="The sign is the wrong way round: moving `a` away from `b` must make the distance larger. "
    "You have the gradient by `b`.",
)
def euclidean_grad_sign(a, b):
    return -reference.euclidean_grad(a, b)


@misconception(
    "euclidean_grad",
    check="gradient",
    hint="Your gradient is N times too large: the mean's 1/N is missing.",
)
def euclidean_grad_without_mean(a, b):
    return (a - b) / np.linalg.norm(a - b, axis=1, keepdims=True)


@misconception(
    "euclidean_grad",
    check="gradient",
    hint="Your rows are not divided by their distances: this is the gradient of half the squared "
    "distance.",
)
def euclidean_grad_half_squared(a, b):
    return (a - b) / len(a)


@misconception(
    "euclidean_grad",
    check="gradient",
    hint="You differentiate the squared distance: the derivative of the square root is missing.",
)
def euclidean_grad_squared(a, b):
    return 2 * (a - b) / len(a)


@misconception(
    "euclidean_grad",
    check="gradient",
    hint="Your gradient is half as large as it should be: the root brings 1/2, the square under it "
    "a 2.",
)
def euclidean_grad_half(a, b):
    return reference.euclidean_grad(a, b) / 2


@misconception(
    "euclidean_grad",
    check="gradient",
    hint="You divide by the squared distance; dividing by the distance itself makes a unit vector.",
)
def euclidean_grad_over_square(a, b):
    return (a - b) / np.sum((a - b) ** 2, axis=1, keepdims=True) / len(a)


@misconception(
    "euclidean_grad",
    check="gradient",
    hint="Without an `axis` the norm runs over the whole matrix, so all rows are divided by the "
    "same number.",
)
def euclidean_grad_whole_matrix(a, b):
    return (a - b) / np.linalg.norm(a - b) / len(a)


@misconception(
    "euclidean_grad",
    check="gradient",
    hint="You divide every row by the mean distance. Each row is divided by its own.",
)
def euclidean_grad_mean_distance(a, b):
    return (a - b) / reference.euclidean(a, b) / len(a)


@misconception(
    "euclidean_grad",
    check="gradient",
    hint="Only the signs of the entries are left: that is the gradient of the Manhattan distance.",
)
def euclidean_grad_manhattan(a, b):
    return np.sign(a - b) / len(a)


@misconception(
    "euclidean_grad",
    check="gradient",
    hint="You divide by N times D: the mean is over the N pairs only, the entries of a row are "
    "summed.",
)
def euclidean_grad_over_all_entries(a, b):
    return (a - b) / np.linalg.norm(a - b, axis=1, keepdims=True) / a.size


@misconception(
    "euclidean_grad",
    check="shape",
    hint="An array of shape (N,) does not divide the rows of an (N, D) array: it needs a second "
    "axis of length 1.",
)
def euclidean_grad_without_axis(a, b):
    return (a - b) / np.linalg.norm(a - b, axis=1) / len(a)


@misconception(
    "euclidean_grad",
    check="shape",
    hint="You return one number for each pair. The gradient has one for each entry of `a`: the "
    "difference a - b has got lost.",
)
def euclidean_grad_each_row(a, b):
    return np.linalg.norm(a - b, axis=1) / len(a)


@misconception(
    "euclidean_grad",
    check="purity",
    hint="The gradient is computed in `a` itself: operators such as `-=` and `/=` overwrite the "
    "caller's vectors.",
)
def euclidean_grad_in_place(a, b):
    a -= b
    a /= np.linalg.norm(a, axis=1, keepdims=True) * len(a)
    return a


# --- cosine_loss ---------------------------------------------------------------------------------


@misconception(
    "cosine_loss",
    check="value",
    hint="This is the mean cosine, which is largest for equal directions. The loss is 1 minus it.",
)
def cosine_loss_similarity(a, b):
    return 1 - reference.cosine_loss(a, b)


@misconception(
    "cosine_loss",
    check="value",
    hint="You sum 1 minus the cosine over the pairs: the mean's 1/N is missing.",
)
def cosine_loss_summed(a, b):
    return len(a) * reference.cosine_loss(a, b)


@misconception(
    "cosine_loss",
    check="value",
    hint="You add the cosine to 1: your loss is smallest for opposite directions.",
)
def cosine_loss_plus(a, b):
    return 2 - reference.cosine_loss(a, b)


@misconception(
    "cosine_loss",
    check="value",
    hint="You use the plain dot product: it is not divided by the lengths of the two vectors.",
)
def cosine_loss_dot(a, b):
    return np.mean(1 - np.sum(a * b, axis=1))


@misconception(
    "cosine_loss",
    check="value",
    hint="You divide by the length of `a` only: the length of `b` is missing.",
)
def cosine_loss_length_of_a_only(a, b):
    return np.mean(1 - np.sum(a * b, axis=1) / np.linalg.norm(a, axis=1))


@misconception(
    "cosine_loss",
    check="value",
    hint="You divide by the length of `b` only: the length of `a` is missing.",
)
def cosine_loss_length_of_b_only(a, b):
    return np.mean(1 - np.sum(a * b, axis=1) / np.linalg.norm(b, axis=1))


@misconception(
    "cosine_loss",
    check="value",
    hint="You divide by the squared lengths: their square roots are missing.",
)
def cosine_loss_squared_lengths(a, b):
    return np.mean(1 - np.sum(a * b, axis=1) / np.sum(a**2, axis=1) / np.sum(b**2, axis=1))


@misconception(
    "cosine_loss",
    check="value",
    hint="Without an `axis` the norms run over the whole matrices: each row has its own length.",
)
def cosine_loss_whole_matrix(a, b):
    return np.mean(1 - np.sum(a * b, axis=1) / (np.linalg.norm(a) * np.linalg.norm(b)))


@misconception(
    "cosine_loss",
    check="value",
    hint="You compute one cosine of both matrices as long vectors. Each pair of rows has its own.",
)
def cosine_loss_flattened(a, b):
    return 1 - np.sum(a * b) / (np.linalg.norm(a) * np.linalg.norm(b))


@misconception(
    "cosine_loss",
    check="value",
    hint="The absolute value hides the sign of the cosine: opposite directions are then as good as "
    "equal ones.",
)
def cosine_loss_absolute(a, b):
    c = np.sum(a * b, axis=1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))
    return np.mean(1 - np.abs(c))


@misconception(
    "cosine_loss",
    check="value",
    hint="The lengths are added where they should be multiplied.",
)
def cosine_loss_added_lengths(a, b):
    lengths = np.linalg.norm(a, axis=1) + np.linalg.norm(b, axis=1)
    return np.mean(1 - np.sum(a * b, axis=1) / lengths)


@misconception(
    "cosine_loss",
    check="shape",
    hint="You return 1 minus the cosine of each pair: the mean over the pairs is missing.",
)
def cosine_loss_each_row(a, b):
    return 1 - np.sum(a * b, axis=1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))


@misconception(
    "cosine_loss",
    check="purity",
    hint="You normalize `a` and `b` in place with `/=`: the caller's vectors are overwritten.",
)
def cosine_loss_in_place(a, b):
    a /= np.linalg.norm(a, axis=1, keepdims=True)
    b /= np.linalg.norm(b, axis=1, keepdims=True)
    return np.mean(1 - np.sum(a * b, axis=1))


# --- cosine_loss_grad ----------------------------------------------------------------------------


def unit_rows(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def row_lengths(x):
    return np.linalg.norm(x, axis=1, keepdims=True)


def row_products(x, y):
    return np.sum(x * y, axis=1, keepdims=True)


@misconception(
    "cosine_loss_grad",
    check="gradient",
    hint="This is the gradient of the cosine. The loss is 1 minus the cosine, which turns the sign "
    "around.",
)
def cosine_loss_grad_sign(a, b):
    return -reference.cosine_loss_grad(a, b)


@misconception(
    "cosine_loss_grad",
    check="gradient",
    hint="Every row is N times too large: 1/N stays in front of each cosine's gradient.",
)
def cosine_loss_grad_without_mean(a, b):
    return len(a) * reference.cosine_loss_grad(a, b)


@misconception(
    "cosine_loss_grad",
    check="gradient",
    hint="You treat the length of `a` as a constant. It depends on `a` too: the part along `a` "
    "must be taken out.",
)
def cosine_loss_grad_without_projection(a, b):
    return -unit_rows(b) / row_lengths(a) / len(a)


@misconception(
    "cosine_loss_grad",
    check="gradient",
    hint="The projection is there, but the division by the length of `a` is missing: a long vector "
    "turns more slowly.",
)
def cosine_loss_grad_without_length(a, b):
    return reference.cosine_loss_grad(a, b) * row_lengths(a)


@misconception(
    "cosine_loss_grad",
    check="gradient",
    hint="In the part along `a` the vector is not a unit vector: two factors 1/||a|| belong there, "
    "and you have one.",
)
def cosine_loss_grad_projection_not_unit(a, b):
    u, v = unit_rows(a), unit_rows(b)
    return -(v - row_products(u, v) * a) / row_lengths(a) / len(a)


@misconception(
    "cosine_loss_grad",
    check="gradient",
    hint="This is the gradient by `b`; the one by `a` is asked for.",
)
def cosine_loss_grad_other_argument(a, b):
    return reference.cosine_loss_grad(b, a)


@misconception(
    "cosine_loss_grad",
    check="gradient",
    hint="The part along `a` is added; it must be subtracted, so that nothing along `a` is left.",
)
def cosine_loss_grad_projection_added(a, b):
    u, v = unit_rows(a), unit_rows(b)
    return -(v + row_products(u, v) * u) / row_lengths(a) / len(a)


@misconception(
    "cosine_loss_grad",
    check="gradient",
    hint="You differentiate the plain dot product: the lengths in the denominator are missing.",
)
def cosine_loss_grad_dot(a, b):
    return -b / len(a)


@misconception(
    "cosine_loss_grad",
    check="gradient",
    hint="You project with the dot product of `a` and `b`, where their cosine belongs.",
)
def cosine_loss_grad_projects_with_dot(a, b):
    return -(unit_rows(b) - row_products(a, b) * unit_rows(a)) / row_lengths(a) / len(a)


@misconception(
    "cosine_loss_grad",
    check="gradient",
    hint="`b` is not divided by its length: your gradient grows with the length of `b`, the loss "
    "does not.",
)
def cosine_loss_grad_b_not_unit(a, b):
    return reference.cosine_loss_grad(a, b) * row_lengths(b)


@misconception(
    "cosine_loss_grad",
    check="gradient",
    hint="You use the mean cosine in every row. Each row is projected with its own cosine.",
)
def cosine_loss_grad_mean_cosine(a, b):
    u, v = unit_rows(a), unit_rows(b)
    return -(v - np.mean(row_products(u, v)) * u) / row_lengths(a) / len(a)


@misconception(
    "cosine_loss_grad",
    check="shape",
    hint="The lengths have shape (N,) and do not divide the rows of an (N, D) array: they need a "
    "second axis of length 1.",
)
def cosine_loss_grad_without_axis(a, b):
    return a / np.linalg.norm(a, axis=1) - b / np.linalg.norm(b, axis=1)


@misconception(
    "cosine_loss_grad",
    check="purity",
    hint="You normalize `b` in place with `/=`: the caller's vectors are overwritten.",
)
def cosine_loss_grad_in_place(a, b):
    b /= row_lengths(b)
    u = unit_rows(a)
    return (row_products(u, b) * u - b) / row_lengths(a) / len(a)


# --- contrastive ---------------------------------------------------------------------------------


def row_distances(a, b):
    return np.linalg.norm(a - b, axis=1)


@misconception(
    "contrastive",
    check="value",
    hint="Your loss is twice too large: both terms carry a factor 1/2.",
)
def contrastive_without_half(a, b, same, margin=1.0):
    return 2 * reference.contrastive(a, b, same, margin)


@misconception(
    "contrastive",
    check="value",
    hint="You sum the pulls and pushes over the pairs: the mean's 1/N is missing.",
)
def contrastive_summed(a, b, same, margin=1.0):
    return len(a) * reference.contrastive(a, b, same, margin)


@misconception(
    "contrastive",
    check="value",
    hint="The labels are swapped: here 1 marks a similar pair, whose loss grows with the distance. "
    "The original paper has it the other way round.",
)
def contrastive_swapped(a, b, same, margin=1.0):
    return reference.contrastive(a, b, 1 - same, margin)


@misconception(
    "contrastive",
    check="value",
    hint="The maximum with 0 is missing: dissimilar pairs beyond the margin must cost nothing.",
)
def contrastive_without_maximum(a, b, same, margin=1.0):
    d = row_distances(a, b)
    return np.mean(same * d**2 + (1 - same) * (margin - d) ** 2) / 2


@misconception(
    "contrastive",
    check="value",
    hint="The difference in the maximum is turned around: dissimilar pairs cost something when "
    "they are nearer than the margin.",
)
def contrastive_reversed_margin(a, b, same, margin=1.0):
    d = row_distances(a, b)
    return np.mean(same * d**2 + (1 - same) * np.maximum(0, d - margin) ** 2) / 2


@misconception(
    "contrastive",
    check="value",
    hint="The push is not squared: the maximum comes first, then its square.",
)
def contrastive_push_not_squared(a, b, same, margin=1.0):
    d = row_distances(a, b)
    return np.mean(same * d**2 + (1 - same) * np.maximum(0, margin - d)) / 2


@misconception(
    "contrastive",
    check="value",
    hint="The pull is not squared: a similar pair costs half its squared distance.",
)
def contrastive_pull_not_squared(a, b, same, margin=1.0):
    d = row_distances(a, b)
    return np.mean(same * d + (1 - same) * np.maximum(0, margin - d) ** 2) / 2


@misconception(
    "contrastive",
    check="value",
    hint="Inside the maximum you use the squared distance: the margin is compared with the plain "
    "one, and the result is squared.",
)
def contrastive_squared_distance_inside(a, b, same, margin=1.0):
    d2 = row_distances(a, b) ** 2
    return np.mean(same * d2 + (1 - same) * np.maximum(0, margin - d2) ** 2) / 2


@misconception(
    "contrastive",
    check="value",
    hint="You square the distance, not the maximum: max(0, margin - d²) and max(0, margin - d)² "
    "are different.",
)
def contrastive_square_misplaced(a, b, same, margin=1.0):
    d2 = row_distances(a, b) ** 2
    return np.mean(same * d2 + (1 - same) * np.maximum(0, margin - d2)) / 2


@misconception(
    "contrastive",
    check="value",
    hint="Dissimilar pairs cost nothing in your loss: the second term is missing. Everything would "
    "collapse into one point.",
)
def contrastive_pull_only(a, b, same, margin=1.0):
    return np.mean(same * row_distances(a, b) ** 2) / 2


@misconception(
    "contrastive",
    check="value",
    hint="You take the mean of similar and dissimilar pairs apart and add the two. There is one "
    "mean, over all N pairs.",
)
def contrastive_two_means(a, b, same, margin=1.0):
    d = row_distances(a, b)
    pull, push = d[same == 1] ** 2, np.maximum(0, margin - d[same == 0]) ** 2
    return (np.mean(pull) + np.mean(push)) / 2


@misconception(
    "contrastive",
    check="parameters",
    hint="The margin is fixed at 1 in your code: use the argument `margin`.",
)
def contrastive_fixed_margin(a, b, same, margin=1.0):
    return reference.contrastive(a, b, same, 1.0)


@misconception(
    "contrastive",
    check="shape",
    hint="You return one loss for each labelled pair: the mean over the pairs is missing.",
)
def contrastive_each_row(a, b, same, margin=1.0):
    d = row_distances(a, b)
    return (same * d**2 + (1 - same) * np.maximum(0, margin - d) ** 2) / 2


# --- contrastive_grad ----------------------------------------------------------------------------


@misconception(
    "contrastive_grad",
    check="gradient",
    hint="All signs are the wrong way round. You have the gradient by `b`, which pulls the other "
    "way.",
)
def contrastive_grad_sign(a, b, same, margin=1.0):
    return -reference.contrastive_grad(a, b, same, margin)


@misconception(
    "contrastive_grad",
    check="gradient",
    hint="Your rows are N times too large: the mean's 1/N stays in front of every pair.",
)
def contrastive_grad_without_mean(a, b, same, margin=1.0):
    return len(a) * reference.contrastive_grad(a, b, same, margin)


@misconception(
    "contrastive_grad",
    check="gradient",
    hint="Your gradient is twice too large: the 1/2 of the loss cancels the 2 of the power rule.",
)
def contrastive_grad_twice(a, b, same, margin=1.0):
    return 2 * reference.contrastive_grad(a, b, same, margin)


def graded_pairs(a, b, pull, push):
    """Return (pull - push) (a - b) / N, with factors of shape (N,)."""
    return (pull - push)[:, None] * (a - b) / len(a)


@misconception(
    "contrastive_grad",
    check="gradient",
    hint="Your dissimilar pairs attract each other: the inner derivative -1 of margin - d is "
    "missing.",
)
def contrastive_grad_push_attracts(a, b, same, margin=1.0):
    d = row_distances(a, b)
    return graded_pairs(a, b, same, -(1 - same) * np.maximum(0, margin - d) / d)


@misconception(
    "contrastive_grad",
    check="gradient",
    hint="In the push the derivative of the distance is not a unit vector: the division by d is "
    "missing.",
)
def contrastive_grad_push_not_unit(a, b, same, margin=1.0):
    d = row_distances(a, b)
    return graded_pairs(a, b, same, (1 - same) * np.maximum(0, margin - d))


@misconception(
    "contrastive_grad",
    check="gradient",
    hint="Dissimilar pairs beyond the margin still have a gradient: the maximum with 0 is missing.",
)
def contrastive_grad_without_maximum(a, b, same, margin=1.0):
    d = row_distances(a, b)
    return graded_pairs(a, b, same, (1 - same) * (margin - d) / d)


@misconception(
    "contrastive_grad",
    check="gradient",
    hint="The labels are swapped: here 1 marks a similar pair, which is pulled together.",
)
def contrastive_grad_swapped(a, b, same, margin=1.0):
    return reference.contrastive_grad(a, b, 1 - same, margin)


@misconception(
    "contrastive_grad",
    check="gradient",
    hint="Your push is equally strong everywhere within the margin: that belongs to a maximum that "
    "is not squared.",
)
def contrastive_grad_constant_push(a, b, same, margin=1.0):
    d = row_distances(a, b)
    return graded_pairs(a, b, same, (1 - same) * (d < margin) / d)


@misconception(
    "contrastive_grad",
    check="gradient",
    hint="Your pull is equally strong at every distance: the squared distance of similar pairs is "
    "differentiated as if it were the plain one.",
)
def contrastive_grad_pull_unit(a, b, same, margin=1.0):
    d = row_distances(a, b)
    return graded_pairs(a, b, same / d, (1 - same) * np.maximum(0, margin - d) / d)


@misconception(
    "contrastive_grad",
    check="gradient",
    hint="Dissimilar pairs have no gradient in your answer: the second term of the loss is not "
    "differentiated.",
)
def contrastive_grad_pull_only(a, b, same, margin=1.0):
    return graded_pairs(a, b, same, 0 * same)


@misconception(
    "contrastive_grad",
    check="parameters",
    hint="Your push ends at a distance of 1 in every call: use the argument `margin`.",
)
def contrastive_grad_fixed_margin(a, b, same, margin=1.0):
    return reference.contrastive_grad(a, b, same, 1.0)


@misconception(
    "contrastive_grad",
    check="kink",
    hint="At d = margin you divide 0 by 0: the active pairs are found by dividing the maximum by "
    "its own argument. Compare d with the margin.",
)
def contrastive_grad_mask_by_division(a, b, same, margin=1.0):
    d = row_distances(a, b)
    with np.errstate(invalid="ignore"):
        active = np.maximum(0, margin - d) / (margin - d)
    return graded_pairs(a, b, same, (1 - same) * active * (margin - d) / d)


@misconception(
    "contrastive_grad",
    check="shape",
    hint="The factors have shape (N,) and do not multiply the rows of an (N, D) array: they need a "
    "second axis of length 1.",
)
def contrastive_grad_without_axis(a, b, same, margin=1.0):
    d = row_distances(a, b)
    return (same - (1 - same) * np.maximum(0, margin - d) / d) * (a - b) / len(a)


@misconception(
    "contrastive_grad",
    check="purity",
    hint="The differences are written into `a`: an operator such as `-=` overwrites the caller's "
    "vectors.",
)
def contrastive_grad_in_place(a, b, same, margin=1.0):
    a -= b
    d = np.linalg.norm(a, axis=1)
    return (same - (1 - same) * np.maximum(0, margin - d) / d)[:, None] * a / len(a)


# --- triplet -------------------------------------------------------------------------------------


def squared(x, y):
    return np.sum((x - y) ** 2, axis=1)


@misconception(
    "triplet",
    check="value",
    hint="You use plain distances: this loss compares squared ones.",
)
def triplet_plain_distances(anchor, positive, negative, margin=1.0):
    near, far = row_distances(anchor, positive), row_distances(anchor, negative)
    return np.mean(np.maximum(0, near - far + margin))


@misconception(
    "triplet",
    check="value",
    hint="You sum over the triplets: the mean's 1/N is missing.",
)
def triplet_summed(anchor, positive, negative, margin=1.0):
    return len(anchor) * reference.triplet(anchor, positive, negative, margin)


@misconception(
    "triplet",
    check="value",
    hint="The maximum with 0 is missing: solved triplets make your loss smaller.",
)
def triplet_without_maximum(anchor, positive, negative, margin=1.0):
    return np.mean(squared(anchor, positive) - squared(anchor, negative) + margin)


@misconception(
    "triplet",
    check="value",
    hint="The maximum is taken after the mean: each triplet has its own maximum.",
)
def triplet_maximum_of_mean(anchor, positive, negative, margin=1.0):
    return max(0.0, triplet_without_maximum(anchor, positive, negative, margin))


@misconception(
    "triplet",
    check="value",
    hint="Positive and negative are swapped: your loss falls when the positive moves away.",
)
def triplet_swapped(anchor, positive, negative, margin=1.0):
    return reference.triplet(anchor, negative, positive, margin)


@misconception(
    "triplet",
    check="value",
    hint="The margin has the wrong sign: it makes the task harder, so it is added.",
)
def triplet_margin_subtracted(anchor, positive, negative, margin=1.0):
    return reference.triplet(anchor, positive, negative, -margin)


@misconception(
    "triplet",
    check="value",
    hint="The margin is missing: your loss is content as soon as the positive is nearer at all.",
)
def triplet_without_margin(anchor, positive, negative, margin=1.0):
    return reference.triplet(anchor, positive, negative, 0.0)


@misconception(
    "triplet",
    check="value",
    hint="The second distance runs from the positive to the negative; it starts at the anchor.",
)
def triplet_positive_to_negative(anchor, positive, negative, margin=1.0):
    cost = squared(anchor, positive) - squared(positive, negative) + margin
    return np.mean(np.maximum(0, cost))


@misconception(
    "triplet",
    check="value",
    hint="The maximum is squared, as in the contrastive loss; here it is not.",
)
def triplet_squared_maximum(anchor, positive, negative, margin=1.0):
    cost = squared(anchor, positive) - squared(anchor, negative) + margin
    return np.mean(np.maximum(0, cost) ** 2)


@misconception(
    "triplet",
    check="value",
    hint="Your loss is half as large as it should be: this loss has no factor 1/2.",
)
def triplet_half(anchor, positive, negative, margin=1.0):
    return reference.triplet(anchor, positive, negative, margin) / 2


@misconception(
    "triplet",
    check="parameters",
    hint="Your triplets are asked for a margin of 1 in every call: use the argument `margin`.",
)
def triplet_fixed_margin(anchor, positive, negative, margin=1.0):
    return reference.triplet(anchor, positive, negative, 1.0)


@misconception(
    "triplet",
    check="shape",
    hint="You return one loss for each triplet: the mean over the triplets is missing.",
)
def triplet_each_row(anchor, positive, negative, margin=1.0):
    return np.maximum(0, squared(anchor, positive) - squared(anchor, negative) + margin)


# --- triplet_grad --------------------------------------------------------------------------------


def active_rows(anchor, positive, negative, margin):
    return (squared(anchor, positive) - squared(anchor, negative) + margin > 0)[:, None]


@misconception(
    "triplet_grad",
    check="gradient",
    hint="All signs are the wrong way round: a step against your gradient would push the positive "
    "away.",
)
def triplet_grad_sign(anchor, positive, negative, margin=1.0):
    ga, gp, gn = reference.triplet_grad(anchor, positive, negative, margin)
    return -ga, -gp, -gn


@misconception(
    "triplet_grad",
    check="gradient",
    hint="Your gradients are N times too large: the mean's 1/N is missing.",
)
def triplet_grad_without_mean(anchor, positive, negative, margin=1.0):
    ga, gp, gn = reference.triplet_grad(anchor, positive, negative, margin)
    return len(anchor) * ga, len(anchor) * gp, len(anchor) * gn


@misconception(
    "triplet_grad",
    check="gradient",
    hint="Your gradients are half as large as they should be: the power rule's 2 is missing.",
)
def triplet_grad_without_two(anchor, positive, negative, margin=1.0):
    ga, gp, gn = reference.triplet_grad(anchor, positive, negative, margin)
    return ga / 2, gp / 2, gn / 2


@misconception(
    "triplet_grad",
    check="gradient",
    hint="Solved triplets still have a gradient: only those whose maximum is above 0 move.",
)
def triplet_grad_without_maximum(anchor, positive, negative, margin=1.0):
    c = 2 / len(anchor)
    return c * (negative - positive), c * (positive - anchor), c * (anchor - negative)


@misconception(
    "triplet_grad",
    check="gradient",
    hint="The anchor stands in both distances: you have differentiated only the one to the "
    "positive.",
)
def triplet_grad_anchor_half_done(anchor, positive, negative, margin=1.0):
    _, gp, gn = reference.triplet_grad(anchor, positive, negative, margin)
    return -gp, gp, gn


@misconception(
    "triplet_grad",
    check="gradient",
    hint="In the anchor's gradient the two parts are added: the distance to the negative has a "
    "minus sign.",
)
def triplet_grad_anchor_adds(anchor, positive, negative, margin=1.0):
    _, gp, gn = reference.triplet_grad(anchor, positive, negative, margin)
    return gn - gp, gp, gn


@misconception(
    "triplet_grad",
    check="gradient",
    hint="The sign of the negative's gradient is wrong: its distance is subtracted in the loss.",
)
def triplet_grad_negative_sign(anchor, positive, negative, margin=1.0):
    ga, gp, gn = reference.triplet_grad(anchor, positive, negative, margin)
    return ga, gp, -gn


@misconception(
    "triplet_grad",
    check="gradient",
    hint="The sign of the positive's gradient is wrong: the inner derivative of a - p by p is -1.",
)
def triplet_grad_positive_sign(anchor, positive, negative, margin=1.0):
    ga, gp, gn = reference.triplet_grad(anchor, positive, negative, margin)
    return ga, -gp, gn


@misconception(
    "triplet_grad",
    check="gradient",
    hint="Your gradients consist of unit vectors: that is for plain distances, this loss has "
    "squared ones.",
)
def triplet_grad_plain_distances(anchor, positive, negative, margin=1.0):
    active = active_rows(anchor, positive, negative, margin) / len(anchor)
    gp, gn = active * unit_rows(positive - anchor), active * unit_rows(anchor - negative)
    return -gp - gn, gp, gn


@misconception(
    "triplet_grad",
    check="gradient",
    hint="You divide by the number of active triplets; the mean is over all N.",
)
def triplet_grad_mean_of_active(anchor, positive, negative, margin=1.0):
    share = active_rows(anchor, positive, negative, margin).mean()
    ga, gp, gn = reference.triplet_grad(anchor, positive, negative, margin)
    return ga / share, gp / share, gn / share


@misconception(
    "triplet_grad",
    check="gradient",
    hint="The order is wrong: return the gradients by anchor, positive, negative.",
)
def triplet_grad_wrong_order(anchor, positive, negative, margin=1.0):
    ga, gp, gn = reference.triplet_grad(anchor, positive, negative, margin)
    return ga, gn, gp


@misconception(
    "triplet_grad",
    check="parameters",
    hint="You decide with a margin of 1 which triplets are active: use the argument `margin`.",
)
def triplet_grad_fixed_margin(anchor, positive, negative, margin=1.0):
    return reference.triplet_grad(anchor, positive, negative, 1.0)


@misconception(
    "triplet_grad",
    check="kink",
    hint="At the kink the three gradients do not belong together: the anchor's comparison includes "
    "equality, the other two do not, or the other way round.",
)
def triplet_grad_two_masks(anchor, positive, negative, margin=1.0):
    cost = squared(anchor, positive) - squared(anchor, negative) + margin
    _, gp, gn = reference.triplet_grad(anchor, positive, negative, margin)
    return 2 / len(anchor) * (cost >= 0)[:, None] * (negative - positive), gp, gn


@misconception(
    "triplet_grad",
    check="shape",
    hint="You return the anchor's gradient only: positive and negative have one each, too.",
)
def triplet_grad_anchor_only(anchor, positive, negative, margin=1.0):
    return reference.triplet_grad(anchor, positive, negative, margin)[0]


@misconception(
    "triplet_grad",
    check="purity",
    hint="The gradients are computed in the arguments themselves: operators such as `-=` and `*=` "
    "overwrite the caller's vectors.",
)
def triplet_grad_in_place(anchor, positive, negative, margin=1.0):
    c = 2 / len(anchor) * active_rows(anchor, positive, negative, margin)
    ga = c * (negative - positive)
    positive -= anchor
    positive *= c
    anchor -= negative
    anchor *= c
    return ga, positive, anchor
