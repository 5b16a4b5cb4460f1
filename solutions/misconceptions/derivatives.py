"""Known wrong answers of the unit `derivatives`."""

import numpy as np

from solutions import derivatives as reference
from solutions.misconceptions import misconception

# forward_difference


@misconception(
    "forward_difference",
    check="shape",
    hint="You print the slope but return nothing: a function hands back its result with return.",
)
def forward_difference_printed(f, x, h=1e-5):
    print((f(x + h) - f(x)) / h)


@misconception(
    "forward_difference",
    check="value",
    hint="This is the central difference: your second point is x - h, where it should be x itself.",
)
def forward_difference_central(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)


@misconception(
    "forward_difference",
    check="value",
    hint="This is the backward difference: you step to the left of x instead of to the right.",
)
def forward_difference_backward(f, x, h=1e-5):
    return (f(x) - f(x - h)) / h


@misconception(
    "forward_difference",
    check="value",
    hint="The difference of the two values is there, but it is not divided by the step h.",
)
def forward_difference_not_divided(f, x, h=1e-5):
    return f(x + h) - f(x)


@misconception(
    "forward_difference",
    check="value",
    hint="Your slope is half of the right one: the points are h apart, and you divide by 2 h.",
)
def forward_difference_double_step(f, x, h=1e-5):
    return (f(x + h) - f(x)) / (2 * h)


@misconception(
    "forward_difference",
    check="value",
    hint="Your slope has the wrong sign: the value at x is subtracted from the one at x + h.",
)
def forward_difference_sign(f, x, h=1e-5):
    return (f(x) - f(x + h)) / h


@misconception(
    "forward_difference",
    check="value",
    hint="Only f(x) is divided by h: division goes before subtraction, so parentheses are missing.",
)
def forward_difference_no_parentheses(f, x, h=1e-5):
    return f(x + h) - f(x) / h


@misconception(
    "forward_difference",
    check="value",
    hint="You divide f(x + h) by h, but f(x) is never subtracted: a slope needs two values.",
)
def forward_difference_one_value(f, x, h=1e-5):
    return f(x + h) / h


@misconception(
    "forward_difference",
    check="value",
    hint="The argument h has no effect: you overwrite it with a fixed step of 1e-5.",
)
def forward_difference_fixed_step(f, x, h=1e-5):
    return (f(x + 1e-5) - f(x)) / 1e-5


@misconception(
    "forward_difference",
    check="value",
    hint="You divide by x, the place where the slope is measured, and not by the step.",
)
def forward_difference_over_x(f, x, h=1e-5):
    return (f(x + h) - f(x)) / x


@misconception(
    "forward_difference",
    check="value",
    hint="You add h to the value f(x) and not to x, so every function seems to have the slope 1.",
)
def forward_difference_step_outside(f, x, h=1e-5):
    return (f(x) + h - f(x)) / h


@misconception(
    "forward_difference",
    check="value",
    hint="Your slope is twice the right one: the points x - h and x + h are 2 h apart, not h.",
)
def forward_difference_both_sides(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / h


@misconception(
    "forward_difference",
    check="value",
    hint="Your result is a whole number: round, int or // throws the decimals of the slope away.",
)
def forward_difference_rounded(f, x, h=1e-5):
    return np.round((f(x + h) - f(x)) / h)


@misconception(
    "forward_difference",
    check="default_step",
    hint="Your default step is so small that x + h equals x after rounding: the slope becomes 0.",
)
def forward_difference_default_too_small(f, x, h=1e-17):
    return (f(x + h) - f(x)) / h


@misconception(
    "forward_difference",
    check="default_step",
    hint="Your default step is 0.1, far too large: the curve bends between the two points.",
)
def forward_difference_default_too_large(f, x, h=0.1):
    return (f(x + h) - f(x)) / h


# central_difference


@misconception(
    "central_difference",
    check="shape",
    hint="The slope is printed and then lost: a function hands back its result with return.",
)
def central_difference_printed(f, x, h=1e-5):
    print((f(x + h) - f(x - h)) / (2 * h))


@misconception(
    "central_difference",
    check="value",
    hint="This is still the forward difference: the second point should be x - h, not x.",
)
def central_difference_forward(f, x, h=1e-5):
    return (f(x + h) - f(x)) / h


@misconception(
    "central_difference",
    check="value",
    hint="This is the backward difference: the first point should be x + h, not x.",
)
def central_difference_backward(f, x, h=1e-5):
    return (f(x) - f(x - h)) / h


@misconception(
    "central_difference",
    check="value",
    hint="Your slope is twice the right one: x - h and x + h are 2 h apart, and you divide by h.",
)
def central_difference_single_step(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / h


@misconception(
    "central_difference",
    check="value",
    hint="Your slope is half of the right one: the points are 2 h apart, and you divide by 4 h.",
)
def central_difference_halved_twice(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (4 * h)


@misconception(
    "central_difference",
    check="value",
    hint="Your slope has the wrong sign: subtract the value on the left from that on the right.",
)
def central_difference_sign(f, x, h=1e-5):
    return (f(x - h) - f(x + h)) / (2 * h)


@misconception(
    "central_difference",
    check="value",
    hint="Without parentheses, / 2 * h divides by 2 and then multiplies by h.",
)
def central_difference_no_parentheses(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / 2 * h


@misconception(
    "central_difference",
    check="value",
    hint="The difference of the two values is there, but it is not divided by the distance 2 h.",
)
def central_difference_not_divided(f, x, h=1e-5):
    return f(x + h) - f(x - h)


@misconception(
    "central_difference",
    check="value",
    hint="You step half of h to each side, where the formula takes a whole h to each side.",
)
def central_difference_half_steps(f, x, h=1e-5):
    return (f(x + h / 2) - f(x - h / 2)) / h


@misconception(
    "central_difference",
    check="value",
    hint="You step half of h to each side but divide by 2 h: the slope is about half as large.",
)
def central_difference_half_steps_double_distance(f, x, h=1e-5):
    return (f(x + h / 2) - f(x - h / 2)) / (2 * h)


@misconception(
    "central_difference",
    check="value",
    hint="Both your steps are fixed at 1e-5: the argument h has no effect.",
)
def central_difference_fixed_step(f, x, h=1e-5):
    return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5


@misconception(
    "central_difference",
    check="value",
    hint="This is the second derivative, the curvature: the slope uses only the two outer points.",
)
def central_difference_second_derivative(f, x, h=1e-5):
    return (f(x + h) - 2 * f(x) + f(x - h)) / h**2


@misconception(
    "central_difference",
    check="value",
    hint="You add the two values, where a slope needs their difference.",
)
def central_difference_sum(f, x, h=1e-5):
    return (f(x + h) + f(x - h)) / (2 * h)


@misconception(
    "central_difference",
    check="value",
    hint="The slope has lost its decimals: look for round, int or //.",
)
def central_difference_rounded(f, x, h=1e-5):
    return np.round((f(x + h) - f(x - h)) / (2 * h))


@misconception(
    "central_difference",
    check="default_step",
    hint="With your default step, x + h and x - h are the same number after rounding.",
)
def central_difference_default_too_small(f, x, h=1e-17):
    return (f(x + h) - f(x - h)) / (2 * h)


@misconception(
    "central_difference",
    check="default_step",
    hint="Your default step is 1, far too large: the curve bends between the two points.",
)
def central_difference_default_too_large(f, x, h=1.0):
    return (f(x + h) - f(x - h)) / (2 * h)


# numerical_gradient


@misconception(
    "numerical_gradient",
    check="shape",
    hint="You shift all entries of x at once and get one number: shift one entry at a time.",
)
def numerical_gradient_all_at_once(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)


@misconception(
    "numerical_gradient",
    check="shape",
    hint="You return inside the loop, so only the first entry is measured: return after the loop.",
)
def numerical_gradient_returned_in_loop(f, x, h=1e-5):
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        return (f(x + step) - f(x - step)) / (2 * h)


@misconception(
    "numerical_gradient",
    check="shape",
    hint="You print the gradient but return nothing: a function hands back its result with return.",
)
def numerical_gradient_printed(f, x, h=1e-5):
    print(reference.numerical_gradient(f, x, h))


@misconception(
    "numerical_gradient",
    check="shape",
    hint="You return the value f(x), the height of the function, and not its slopes.",
)
def numerical_gradient_value(f, x, h=1e-5):
    return f(x)


@misconception(
    "numerical_gradient",
    check="shape",
    hint="You add the slopes of all entries up: the gradient keeps one slope per entry.",
)
def numerical_gradient_summed(f, x, h=1e-5):
    return np.sum(reference.numerical_gradient(f, x, h))


@misconception(
    "numerical_gradient",
    check="gradient",
    hint="All your entries are the same slope, with every entry of x shifted: shift only entry i.",
)
def numerical_gradient_all_shifted(f, x, h=1e-5):
    return np.full(x.shape, (f(x + h) - f(x - h)) / (2 * h))


@misconception(
    "numerical_gradient",
    check="gradient",
    hint="You measure with forward differences: step to both sides of x, as in central_difference.",
)
def numerical_gradient_forward(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        gradient[i] = (f(x + step) - f(x)) / h
    return gradient


@misconception(
    "numerical_gradient",
    check="gradient",
    hint="Your gradient is twice too large: the two points are 2 h apart, and you divide by h.",
)
def numerical_gradient_single_step(f, x, h=1e-5):
    return 2 * reference.numerical_gradient(f, x, h)


@misconception(
    "numerical_gradient",
    check="gradient",
    hint="Your gradient has the wrong sign: subtract the value at x - h from the one at x + h.",
)
def numerical_gradient_sign(f, x, h=1e-5):
    return -reference.numerical_gradient(f, x, h)


@misconception(
    "numerical_gradient",
    check="gradient",
    hint="Each entry is divided by 2 and then multiplied by h: 2 * h needs parentheses.",
)
def numerical_gradient_no_parentheses(f, x, h=1e-5):
    return reference.numerical_gradient(f, x, h) * h * h


@misconception(
    "numerical_gradient",
    check="gradient",
    hint="The differences are there, but they are not divided by the distance 2 h.",
)
def numerical_gradient_not_divided(f, x, h=1e-5):
    return reference.numerical_gradient(f, x, h) * 2 * h


@misconception(
    "numerical_gradient",
    check="gradient",
    hint="Entries stay shifted once they were measured: undo the step before the next entry.",
)
def numerical_gradient_not_restored(f, x, h=1e-5):
    shifted = x.copy()
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        shifted[i] += h
        right = f(shifted)
        shifted[i] -= 2 * h
        gradient[i] = (right - f(shifted)) / (2 * h)
    return gradient


@misconception(
    "numerical_gradient",
    check="gradient",
    hint="The step to the left starts at x + h and ends at x again: go back by 2 h, not by h.",
)
def numerical_gradient_back_by_one(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        gradient[i] = (f(x + step) - f(x)) / (2 * h)
    return gradient


@misconception(
    "numerical_gradient",
    check="gradient",
    hint="Every entry is moved by a fixed 1e-5: the argument h has no effect.",
)
def numerical_gradient_fixed_step(f, x, h=1e-5):
    return reference.numerical_gradient(f, x, 1e-5)


@misconception(
    "numerical_gradient",
    check="gradient",
    hint="Your entries are whole numbers: the array for the result was made for integers.",
)
def numerical_gradient_integer(f, x, h=1e-5):
    return reference.numerical_gradient(f, x, h).astype(int)


@misconception(
    "numerical_gradient",
    check="gradient",
    hint="You divide by the number of entries: a gradient is a list of slopes, not a mean.",
)
def numerical_gradient_mean(f, x, h=1e-5):
    return reference.numerical_gradient(f, x, h) / x.size


@misconception(
    "numerical_gradient",
    check="gradient",
    hint="Your gradient has length 1: the direction is right, its size was normalized away.",
)
def numerical_gradient_normalized(f, x, h=1e-5):
    gradient = reference.numerical_gradient(f, x, h)
    return gradient / np.linalg.norm(gradient)


@misconception(
    "numerical_gradient",
    check="gradient",
    hint="You call f with one entry alone: it needs the whole array with one entry shifted.",
)
def numerical_gradient_entry_alone(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        gradient[i] = (f(x[i] + h) - f(x[i] - h)) / (2 * h)
    return gradient


@misconception(
    "numerical_gradient",
    check="any_shape",
    hint="You loop over the first axis only and shift whole rows: shift each entry by itself.",
)
def numerical_gradient_rows(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in range(len(x)):
        step = np.zeros(x.shape)
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


@misconception(
    "numerical_gradient",
    check="any_shape",
    hint="Your slopes are right but come as one long vector: give them the shape of x again.",
)
def numerical_gradient_flat(f, x, h=1e-5):
    return reference.numerical_gradient(f, x, h).ravel()


@misconception(
    "numerical_gradient",
    check="default_step",
    hint="Your default step is so small that x + h equals x after rounding: the slopes become 0.",
)
def numerical_gradient_default_too_small(f, x, h=1e-17):
    return reference.numerical_gradient(f, x, h)


@misconception(
    "numerical_gradient",
    check="default_step",
    hint="Your default step is 1, far too large: the function bends between the two points.",
)
def numerical_gradient_default_too_large(f, x, h=1.0):
    return reference.numerical_gradient(f, x, h)


@misconception(
    "numerical_gradient",
    check="purity",
    hint="You step back by subtraction, and rounding makes x + h - h differ from x.",
)
def numerical_gradient_restored_by_subtraction(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        right = f(x)
        x[i] -= 2 * h
        left = f(x)
        x[i] += h
        gradient[i] = (right - left) / (2 * h)
    return gradient


# relative_error


@misconception(
    "relative_error",
    check="shape",
    hint="You return one ratio per entry: the result is the largest of them, one number.",
)
def relative_error_elementwise(a, b):
    return np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-8)


@misconception(
    "relative_error",
    check="shape",
    hint="You print the error but return nothing: a function hands back its result with return.",
)
def relative_error_printed(a, b):
    print(reference.relative_error(a, b))


@misconception(
    "relative_error",
    check="shape",
    hint="You return True or False: the result is the size of the error, a number.",
)
def relative_error_close(a, b):
    return bool(np.allclose(a, b))


@misconception(
    "relative_error",
    check="value",
    hint="This is the absolute error: the differences are not divided by the size of the entries.",
)
def relative_error_absolute(a, b):
    return np.max(np.abs(a - b))


@misconception(
    "relative_error",
    check="value",
    hint="You divide by the size of a only: the larger of |a| and |b| treats both arrays alike.",
)
def relative_error_over_a(a, b):
    return np.max(np.abs(a - b) / np.maximum(np.abs(a), 1e-8))


@misconception(
    "relative_error",
    check="value",
    hint="You divide by the size of b only: the larger of |a| and |b| treats both arrays alike.",
)
def relative_error_over_b(a, b):
    return np.max(np.abs(a - b) / np.maximum(np.abs(b), 1e-8))


@misconception(
    "relative_error",
    check="value",
    hint="You divide by the sum of |a| and |b|, where the formula takes the larger of the two.",
)
def relative_error_over_sum(a, b):
    return np.max(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-8))


@misconception(
    "relative_error",
    check="value",
    hint="You divide by the smaller of |a| and |b|, where the formula takes the larger.",
)
def relative_error_over_smaller(a, b):
    return np.max(np.abs(a - b) / np.maximum(np.minimum(np.abs(a), np.abs(b)), 1e-8))


@misconception(
    "relative_error",
    check="value",
    hint="You return the mean of the ratios, where the largest is asked: one bad entry gets lost.",
)
def relative_error_mean(a, b):
    return np.mean(np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-8))


@misconception(
    "relative_error",
    check="value",
    hint="You return the smallest ratio, where the largest is asked: it says how bad it can be.",
)
def relative_error_smallest(a, b):
    return np.min(np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-8))


@misconception(
    "relative_error",
    check="value",
    hint="You add the ratios up, where the largest is asked.",
)
def relative_error_sum(a, b):
    return np.sum(np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-8))


@misconception(
    "relative_error",
    check="value",
    hint="Largest difference over largest entry: a large entry hides errors in the small ones.",
)
def relative_error_of_maxima(a, b):
    return np.max(np.abs(a - b)) / max(np.max(np.abs(a)), np.max(np.abs(b)), 1e-8)


@misconception(
    "relative_error",
    check="value",
    hint="You compare the lengths of whole vectors (norms), where each entry has its own ratio.",
)
def relative_error_norms(a, b):
    return np.linalg.norm(a - b) / max(np.linalg.norm(a), np.linalg.norm(b), 1e-8)


@misconception(
    "relative_error",
    check="value",
    hint="The difference above lacks its absolute value, so deviations downwards are not seen.",
)
def relative_error_signed_difference(a, b):
    return np.max((a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-8))


@misconception(
    "relative_error",
    check="value",
    hint="The sizes below lack their absolute values: for negative entries only 1e-8 is left.",
)
def relative_error_signed_scale(a, b):
    return np.max(np.abs(a - b) / np.maximum(np.maximum(a, b), 1e-8))


@misconception(
    "relative_error",
    check="value",
    hint="Your value is in percent, 100 times the ratio of the formula.",
)
def relative_error_percent(a, b):
    return 100 * reference.relative_error(a, b)


@misconception(
    "relative_error",
    check="value",
    hint="You square the ratio: the formula has absolute values, not squares.",
)
def relative_error_squared(a, b):
    return reference.relative_error(a, b) ** 2


@misconception(
    "relative_error",
    check="zeros",
    hint="Where both entries are 0 you compute 0 / 0, which is nan: the floor 1e-8 is missing.",
)
def relative_error_without_floor(a, b):
    return np.max(np.abs(a - b) / np.maximum(np.abs(a), np.abs(b)))


@misconception(
    "relative_error",
    check="tiny",
    hint="You add 1e-8 to the size below, where it is one of the three values to compare.",
)
def relative_error_added_floor(a, b):
    return np.max(np.abs(a - b) / (np.maximum(np.abs(a), np.abs(b)) + 1e-8))


@misconception(
    "relative_error",
    check="tiny",
    hint="Your floor is 1e-16, where the formula has 1e-8: tiny entries count as large errors.",
)
def relative_error_lower_floor(a, b):
    return np.max(np.abs(a - b) / (np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-16)))


@misconception(
    "relative_error",
    check="matrix",
    hint="Your result for matrices is the largest error of the first row: look at all entries.",
)
def relative_error_first_row(a, b):
    ratios = np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-8)
    return np.max(ratios[0]) if ratios.ndim > 1 else np.max(ratios)


@misconception(
    "relative_error",
    check="matrix",
    hint="You take the maximum along one axis: for a matrix one number per column remains.",
)
def relative_error_columns(a, b):
    return np.max(np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-8), axis=0)


@misconception(
    "relative_error",
    check="purity",
    hint="You subtract b from a in place (-=), which changes the caller's array.",
)
def relative_error_in_place(a, b):
    scale = np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-8)
    a -= b
    return np.max(np.abs(a) / scale)


# linear_chain


@misconception(
    "linear_chain",
    check="shape",
    hint="You return only dL/dw: the derivative with respect to b is missing.",
)
def linear_chain_only_w(x, w, b, y):
    return (w * x + b - y) * x


@misconception(
    "linear_chain",
    check="shape",
    hint="You return the loss L itself: asked are its derivatives with respect to w and b.",
)
def linear_chain_loss(x, w, b, y):
    return 0.5 * (y - (w * x + b)) ** 2


@misconception(
    "linear_chain",
    check="shape",
    hint="You print the derivatives but return nothing: end the function with a return.",
)
def linear_chain_printed(x, w, b, y):
    print((w * x + b - y) * x, w * x + b - y)


@misconception(
    "linear_chain",
    check="gradient",
    hint="Both signs are wrong: the inner derivative of y - y_hat with respect to y_hat is -1.",
)
def linear_chain_sign(x, w, b, y):
    return (y - w * x - b) * x, y - w * x - b


@misconception(
    "linear_chain",
    check="gradient",
    hint="Both are twice too large: the 1/2 before the square cancels the 2 of its derivative.",
)
def linear_chain_without_half(x, w, b, y):
    return 2 * (w * x + b - y) * x, 2 * (w * x + b - y)


@misconception(
    "linear_chain",
    check="gradient",
    hint="Both are half of the right ones: the square gives a factor 2, which cancels the 1/2.",
)
def linear_chain_half_twice(x, w, b, y):
    return 0.5 * (w * x + b - y) * x, 0.5 * (w * x + b - y)


@misconception(
    "linear_chain",
    check="gradient",
    hint="The last link of dL/dw is missing: w x + b has the derivative x with respect to w.",
)
def linear_chain_without_x(x, w, b, y):
    return w * x + b - y, w * x + b - y


@misconception(
    "linear_chain",
    check="gradient",
    hint="The two derivatives are swapped: dL/dw comes first, dL/db second.",
)
def linear_chain_swapped(x, w, b, y):
    return w * x + b - y, (w * x + b - y) * x


@misconception(
    "linear_chain",
    check="gradient",
    hint="The last link of dL/dw is the derivative with respect to w, which is x; you took w.",
)
def linear_chain_times_w(x, w, b, y):
    return (w * x + b - y) * w, w * x + b - y


@misconception(
    "linear_chain",
    check="gradient",
    hint="The prediction lacks the bias: y_hat is w x + b, not w x.",
)
def linear_chain_without_bias(x, w, b, y):
    return (w * x - y) * x, w * x - y


@misconception(
    "linear_chain",
    check="gradient",
    hint="You multiply dL/db by b: w x + b has the derivative 1 with respect to b.",
)
def linear_chain_times_b(x, w, b, y):
    return (w * x + b - y) * x, (w * x + b - y) * b


@misconception(
    "linear_chain",
    check="gradient",
    hint="The bias gets the factor x as well: w x + b has the derivative 1 with respect to b.",
)
def linear_chain_bias_times_x(x, w, b, y):
    return (w * x + b - y) * x, (w * x + b - y) * x


@misconception(
    "linear_chain",
    check="gradient",
    hint="dL/dw has the right sign, dL/db the wrong one: both go through the same dL/dy_hat.",
)
def linear_chain_bias_sign(x, w, b, y):
    return (w * x + b - y) * x, y - w * x - b


@misconception(
    "linear_chain",
    check="gradient",
    hint="dL/db has the right sign, dL/dw the wrong one: both go through the same dL/dy_hat.",
)
def linear_chain_weight_sign(x, w, b, y):
    return (y - w * x - b) * x, w * x + b - y


@misconception(
    "linear_chain",
    check="gradient",
    hint="dL/db is not 1: that is only the last link, dy_hat/db; dL/dy_hat belongs in front of it.",
)
def linear_chain_last_link_only(x, w, b, y):
    return x, 1.0


@misconception(
    "linear_chain",
    check="gradient",
    hint="The residual is still squared: differentiating lowers the power from 2 to 1.",
)
def linear_chain_still_squared(x, w, b, y):
    return (w * x + b - y) ** 2 * x, (w * x + b - y) ** 2


@misconception(
    "linear_chain",
    check="gradient",
    hint="Parentheses are missing: y - w x + b adds the bias, y - (w x + b) subtracts it.",
)
def linear_chain_no_parentheses(x, w, b, y):
    return -(y - w * x + b) * x, -(y - w * x + b)


@misconception(
    "linear_chain",
    check="gradient",
    hint="Only the sign of the residual is left: that is the derivative of |y - y_hat|.",
)
def linear_chain_absolute(x, w, b, y):
    return np.sign(w * x + b - y) * x, np.sign(w * x + b - y)


# symbolic_derivatives: each wrong in one key


def _right_but(**wrong):
    return {**reference.symbolic_derivatives(), **wrong}


@misconception(
    "symbolic_derivatives",
    check="shape",
    hint="You print the dict but return nothing: a function hands back its result with return.",
)
def symbolic_derivatives_printed():
    print(reference.symbolic_derivatives())


@misconception(
    "symbolic_derivatives",
    check="shape",
    hint="Powers are written with ^: in Python it is **, as in x**2.",
)
def symbolic_derivatives_carets():
    return {key: text.replace("**", "^") for key, text in _right_but().items()}


@misconception(
    "symbolic_derivatives",
    check="shape",
    hint="Products are written without *: in Python 2x is not a product, 2*x is.",
)
def symbolic_derivatives_without_stars():
    return _right_but(power="8x**3 - 10x", exponential="-3exp(1 - 3x)")


@misconception(
    "symbolic_derivatives",
    check="shape",
    hint="You return the texts as a list: a dict gives each of them its key.",
)
def symbolic_derivatives_as_list():
    return list(_right_but().values())


@misconception(
    "symbolic_derivatives",
    check="shape",
    hint="Your values are functions: asked are texts, the expressions in quotes.",
)
def symbolic_derivatives_as_functions():
    return {key: (lambda x: x) for key in _right_but()}


@misconception(
    "symbolic_derivatives",
    check="power",
    hint="The powers of your polynomial are not lowered: x^n becomes n x^(n-1).",
)
def symbolic_derivatives_power_not_lowered():
    return _right_but(power="8*x**4 - 10*x**2")


@misconception(
    "symbolic_derivatives",
    check="power",
    hint="The polynomial's powers are lowered, but its exponents do not come down as factors.",
)
def symbolic_derivatives_power_no_factor():
    return _right_but(power="2*x**3 - 5*x")


@misconception(
    "symbolic_derivatives",
    check="power",
    hint="The constant 3 of the polynomial is still there: its derivative is 0.",
)
def symbolic_derivatives_power_constant_kept():
    return _right_but(power="8*x**3 - 10*x + 3")


@misconception(
    "symbolic_derivatives",
    check="power",
    hint="The constant 3 of the polynomial became 1: a constant has the derivative 0.",
)
def symbolic_derivatives_power_constant_one():
    return _right_but(power="8*x**3 - 10*x + 1")


@misconception(
    "symbolic_derivatives",
    check="power",
    hint="The second term of the polynomial has the wrong sign: the minus stays.",
)
def symbolic_derivatives_power_sign():
    return _right_but(power="8*x**3 + 10*x")


@misconception(
    "symbolic_derivatives",
    check="power",
    hint="You integrated the polynomial: its powers went up, where differentiating lowers them.",
)
def symbolic_derivatives_power_integrated():
    return _right_but(power="2*x**5/5 - 5*x**3/3 + 3*x")


@misconception(
    "symbolic_derivatives",
    check="power",
    hint="The exponents replaced the coefficients 2 and 5: they multiply them.",
)
def symbolic_derivatives_power_coefficient_lost():
    return _right_but(power="4*x**3 - 2*x")


@misconception(
    "symbolic_derivatives",
    check="product",
    hint="You multiplied the derivatives of the two factors: the product rule has two terms.",
)
def symbolic_derivatives_product_of_derivatives():
    return _right_but(product="2*x*cos(x)")


@misconception(
    "symbolic_derivatives",
    check="product",
    hint="Only the derivative of x^2 is there: the term with the derivative of sin(x) is missing.",
)
def symbolic_derivatives_product_first_term():
    return _right_but(product="2*x*sin(x)")


@misconception(
    "symbolic_derivatives",
    check="product",
    hint="Only the derivative of sin(x) is there: the term with the derivative of x^2 is missing.",
)
def symbolic_derivatives_product_second_term():
    return _right_but(product="x**2*cos(x)")


@misconception(
    "symbolic_derivatives",
    check="product",
    hint="The second term has the wrong sign: sin becomes +cos, and the product rule adds.",
)
def symbolic_derivatives_product_sign():
    return _right_but(product="2*x*sin(x) - x**2*cos(x)")


@misconception(
    "symbolic_derivatives",
    check="product",
    hint="You added the two derivatives: each has to be multiplied by the other factor first.",
)
def symbolic_derivatives_product_sum():
    return _right_but(product="2*x + cos(x)")


@misconception(
    "symbolic_derivatives",
    check="product",
    hint="Each derivative is multiplied by itself again: the other factor stays as it was.",
)
def symbolic_derivatives_product_crossed():
    return _right_but(product="2*x*x**2 + sin(x)*cos(x)")


@misconception(
    "symbolic_derivatives",
    check="chain",
    hint="The inner derivative is missing: x^2 + 1 has the derivative 2 x, a factor of the result.",
)
def symbolic_derivatives_chain_no_inner():
    return _right_but(chain="3*(x**2 + 1)**2")


@misconception(
    "symbolic_derivatives",
    check="chain",
    hint="You put the inner derivative in place of x^2 + 1: that stays, 2 x becomes a factor.",
)
def symbolic_derivatives_chain_inner_replaced():
    return _right_but(chain="3*(2*x)**2")


@misconception(
    "symbolic_derivatives",
    check="chain",
    hint="The outer power is not lowered: the cube becomes a square.",
)
def symbolic_derivatives_chain_power_not_lowered():
    return _right_but(chain="6*x*(x**2 + 1)**3")


@misconception(
    "symbolic_derivatives",
    check="chain",
    hint="The exponent 3 of the outer power did not come down as a factor.",
)
def symbolic_derivatives_chain_no_factor():
    return _right_but(chain="2*x*(x**2 + 1)**2")


@misconception(
    "symbolic_derivatives",
    check="chain",
    hint="The inner derivative is added: the chain rule multiplies by it.",
)
def symbolic_derivatives_chain_inner_added():
    return _right_but(chain="3*(x**2 + 1)**2 + 2*x")


@misconception(
    "symbolic_derivatives",
    check="chain",
    hint="Your inner derivative is 2 x + 1: the 1 in x^2 + 1 is a constant, with derivative 0.",
)
def symbolic_derivatives_chain_inner_constant():
    return _right_but(chain="3*(x**2 + 1)**2*(2*x + 1)")


@misconception(
    "symbolic_derivatives",
    check="chain",
    hint="You cubed x^2 and 1 one by one: (x^2 + 1)^3 has mixed terms as well.",
)
def symbolic_derivatives_chain_cubed_terms():
    return _right_but(chain="6*x**5")


@misconception(
    "symbolic_derivatives",
    check="log",
    hint="The inner derivative is missing: 2 x + 3 has the derivative 2, a factor of the result.",
)
def symbolic_derivatives_log_no_inner():
    return _right_but(log="1/(2*x + 3)")


@misconception(
    "symbolic_derivatives",
    check="log",
    hint="You differentiated ln(2 x): inside stays 2 x + 3, and the factor 2 goes on top.",
)
def symbolic_derivatives_log_of_x():
    return _right_but(log="1/x")


@misconception(
    "symbolic_derivatives",
    check="log",
    hint="1/x with the inner factor 2: the whole of 2 x + 3 belongs below, not x.",
)
def symbolic_derivatives_log_two_over_x():
    return _right_but(log="2/x")


@misconception(
    "symbolic_derivatives",
    check="log",
    hint="You took one over the inner derivative: below belongs 2 x + 3 itself.",
)
def symbolic_derivatives_log_over_inner():
    return _right_but(log="1/2")


@misconception(
    "symbolic_derivatives",
    check="log",
    hint="The logarithm is still there: the derivative of ln(u) is 1/u, without a logarithm.",
)
def symbolic_derivatives_log_kept():
    return _right_but(log="2*log(2*x + 3)")


@misconception(
    "symbolic_derivatives",
    check="log",
    hint="You took the logarithm to the base 10: log and ln are the natural one here.",
)
def symbolic_derivatives_log_base_ten():
    return _right_but(log="2/((2*x + 3)*log(10))")


@misconception(
    "symbolic_derivatives",
    check="log",
    hint="Parentheses are missing: 2/2*x + 3 is x + 3, as everything below needs parentheses.",
)
def symbolic_derivatives_log_no_parentheses():
    return _right_but(log="2/2*x + 3")


@misconception(
    "symbolic_derivatives",
    check="log",
    hint="The sign is wrong: -1/u^2 is the derivative of 1/u, that of ln(u) is positive for u > 0.",
)
def symbolic_derivatives_log_sign():
    return _right_but(log="-2/(2*x + 3)**2")


@misconception(
    "symbolic_derivatives",
    check="exponential",
    hint="The inner derivative is missing: 1 - 3 x has the derivative -3, a factor of the result.",
)
def symbolic_derivatives_exponential_no_inner():
    return _right_but(exponential="exp(1 - 3*x)")


@misconception(
    "symbolic_derivatives",
    check="exponential",
    hint="The sign is wrong: 1 - 3 x has the derivative -3, not 3.",
)
def symbolic_derivatives_exponential_sign():
    return _right_but(exponential="3*exp(1 - 3*x)")


@misconception(
    "symbolic_derivatives",
    check="exponential",
    hint="You lowered the exponent as in the power rule: with x in the exponent it stays.",
)
def symbolic_derivatives_exponential_power_rule():
    return _right_but(exponential="(1 - 3*x)*exp(-3*x)")


@misconception(
    "symbolic_derivatives",
    check="exponential",
    hint="The exponent changed: the 1 in 1 - 3 x stays in the exponent, where it is a factor e.",
)
def symbolic_derivatives_exponential_constant_lost():
    return _right_but(exponential="-3*exp(-3*x)")


@misconception(
    "symbolic_derivatives",
    check="exponential",
    hint="You put the inner derivative into the exponent: it is a factor, the exponent stays.",
)
def symbolic_derivatives_exponential_inner_replaced():
    return _right_but(exponential="exp(-3)")


@misconception(
    "symbolic_derivatives",
    check="exponential",
    hint="The base changed: it is e, whose logarithm is 1; another base gives a factor ln(base).",
)
def symbolic_derivatives_exponential_base_ten():
    return _right_but(exponential="-3*log(10)*10**(1 - 3*x)")


@misconception(
    "symbolic_derivatives",
    check="exponential",
    hint="You multiplied by the whole exponent 1 - 3 x: the factor is its derivative.",
)
def symbolic_derivatives_exponential_times_exponent():
    return _right_but(exponential="(1 - 3*x)*exp(1 - 3*x)")


@misconception(
    "symbolic_derivatives",
    check="exponential",
    hint="You integrated: dividing by -3 belongs to the antiderivative, here it is a factor.",
)
def symbolic_derivatives_exponential_integrated():
    return _right_but(exponential="-exp(1 - 3*x)/3")
