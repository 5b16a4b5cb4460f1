"""Known wrong answers of the unit `antiderivatives`."""

import numpy as np

from solutions import antiderivatives as reference
from solutions.misconceptions import misconception

# by_formula: each wrong in one key


def _formula_but(**wrong):
    return {**reference.by_formula(), **wrong}


@misconception(
    "by_formula",
    check="shape",
    hint="You print the dict but return nothing: a function hands back its result with return.",
)
def by_formula_printed():
    print(reference.by_formula())


@misconception(
    "by_formula",
    check="shape",
    hint="Powers are written with ^: in Python it is **, as in x**2.",
)
def by_formula_carets():
    return {key: text.replace("**", "^") for key, text in _formula_but().items()}


@misconception(
    "by_formula",
    check="shape",
    hint="The constant is typed as a small c: here its name is C, a capital letter.",
)
def by_formula_small_c():
    return {key: text.replace("C", "c") for key, text in _formula_but().items()}


@misconception(
    "by_formula",
    check="power",
    hint="The polynomial's powers went up, but nothing is divided by the new exponents.",
)
def by_formula_power_not_divided():
    return _formula_but(power="6*x**3 - 4*x**2 + 5*x + C")


@misconception(
    "by_formula",
    check="power",
    hint="You divide by the old exponents of the polynomial: divide by the new ones.",
)
def by_formula_power_old_exponent():
    return _formula_but(power="3*x**3 - 4*x**2 + 5*x + C")


@misconception(
    "by_formula",
    check="power",
    hint="The number 5 is integrated wrongly: its antiderivative is 5 x.",
)
def by_formula_power_lost_number():
    return _formula_but(power="2*x**3 - 2*x**2 + C")


@misconception(
    "by_formula",
    check="negative",
    hint="The sign of 3/x^2 got lost: the new exponent is -1, and you divide by it.",
)
def by_formula_negative_sign():
    return _formula_but(negative="3/x + C")


@misconception(
    "by_formula",
    check="negative",
    hint="The exponent -2 went down to -3: integrating adds 1, also to a negative exponent.",
)
def by_formula_negative_lowered():
    return _formula_but(negative="-1/x**3 + C")


@misconception(
    "by_formula",
    check="negative",
    hint="Only the power -1 has a logarithm: for 3/x^2 the power rule works as usual.",
)
def by_formula_negative_logarithm():
    return _formula_but(negative="3*log(x**2) + C")


@misconception(
    "by_formula",
    check="reciprocal",
    hint="You differentiated 2/x: its antiderivative is a logarithm.",
)
def by_formula_reciprocal_power_rule():
    return _formula_but(reciprocal="-2/x**2 + C")


@misconception(
    "by_formula",
    check="reciprocal",
    hint="The power rule does not hold for the exponent -1: the new exponent 0 would mean 1/0.",
)
def by_formula_reciprocal_as_number():
    return _formula_but(reciprocal="2*x**0 + C")


@misconception(
    "by_formula",
    check="reciprocal",
    hint="The factor 2 belongs in front: inside of the logarithm it only adds a constant.",
)
def by_formula_reciprocal_factor_inside():
    return _formula_but(reciprocal="log(2*x) + C")


@misconception(
    "by_formula",
    check="exponential",
    hint="You multiplied by the inner derivative 3: going back, divide by it.",
)
def by_formula_exponential_multiplied():
    return _formula_but(exponential="3*exp(3*x) + C")


@misconception(
    "by_formula",
    check="exponential",
    hint="The exponential is unchanged: differentiate it, and a factor 3 too many comes out.",
)
def by_formula_exponential_not_divided():
    return _formula_but(exponential="exp(3*x) + C")


@misconception(
    "by_formula",
    check="exponential",
    hint="You raised the exponent as in the power rule: here x is in the exponent, so it stays.",
)
def by_formula_exponential_power_rule():
    return _formula_but(exponential="exp(3*x + 1)/(3*x + 1) + C")


@misconception(
    "by_formula",
    check="sine",
    hint="The sign of your cosine is wrong: cos(x) has the derivative -sin(x).",
)
def by_formula_sine_sign():
    return _formula_but(sine="cos(x) + C")


@misconception(
    "by_formula",
    check="constant",
    hint="The constant is missing: without + C this is one antiderivative out of many.",
)
def by_formula_without_constants():
    return {key: text.replace(" + C", "") for key, text in _formula_but().items()}


@misconception(
    "by_formula",
    check="constant",
    hint="The constant is a factor: it has to be added, since a factor changes the derivative.",
)
def by_formula_constant_as_factor():
    return {key: f"C*({text[:-4]})" for key, text in _formula_but().items()}


# by_substitution_and_parts: each wrong in one key


def _rule_but(**wrong):
    return {**reference.by_substitution_and_parts(), **wrong}


@misconception(
    "by_substitution_and_parts",
    check="shape",
    hint="The dict is printed and then lost: a function hands back its result with return.",
)
def by_substitution_and_parts_printed():
    print(reference.by_substitution_and_parts())


@misconception(
    "by_substitution_and_parts",
    check="shape",
    hint="The new variable t is still there: substitute back, so that only x is left.",
)
def by_substitution_and_parts_with_t():
    return _rule_but(root="2*t - 2*log(1 + t)")


@misconception(
    "by_substitution_and_parts",
    check="bell",
    hint="The sign is wrong: u = -x^2 has the derivative -2 x, with a minus.",
)
def by_substitution_and_parts_bell_sign():
    return _rule_but(bell="exp(-x**2)/2")


@misconception(
    "by_substitution_and_parts",
    check="bell",
    hint="The half is missing: of du = -2 x dx, the integrand has only x dx.",
)
def by_substitution_and_parts_bell_no_half():
    return _rule_but(bell="-exp(-x**2)")


@misconception(
    "by_substitution_and_parts",
    check="bell",
    hint="You integrated the factor x alone and kept the exponential: they belong together in u.",
)
def by_substitution_and_parts_bell_product():
    return _rule_but(bell="x**2/2*exp(-x**2)")


@misconception(
    "by_substitution_and_parts",
    check="log_square",
    hint="With u = ln(x) you integrate u^2: the cube has to be divided by 3.",
)
def by_substitution_and_parts_log_square_not_divided():
    return _rule_but(log_square="log(x)**3")


@misconception(
    "by_substitution_and_parts",
    check="log_square",
    hint="The 1/x is still there: it is part of du = dx / x and used up by it.",
)
def by_substitution_and_parts_log_square_kept_reciprocal():
    return _rule_but(log_square="log(x)**3/(3*x)")


@misconception(
    "by_substitution_and_parts",
    check="log_square",
    hint="You multiplied two antiderivatives: a product is not integrated factor by factor.",
)
def by_substitution_and_parts_log_square_product():
    return _rule_but(log_square="log(x)**4/3")


@misconception(
    "by_substitution_and_parts",
    check="root",
    hint="The factor dx = 2 t dt is missing: you integrated 1 / (1 + t) alone.",
)
def by_substitution_and_parts_root_without_dx():
    return _rule_but(root="log(1 + sqrt(x))")


@misconception(
    "by_substitution_and_parts",
    check="root",
    hint="You wrote x for the new variable t: substitute back, t is sqrt(x).",
)
def by_substitution_and_parts_root_not_back():
    return _rule_but(root="2*x - 2*log(1 + x)")


@misconception(
    "by_substitution_and_parts",
    check="root",
    hint="The division of 2 t by 1 + t goes wrong: the remainder has a minus.",
)
def by_substitution_and_parts_root_division():
    return _rule_but(root="2*sqrt(x) + 2*log(1 + sqrt(x))")


@misconception(
    "by_substitution_and_parts",
    check="shifted",
    hint="The factor dx = 2 t dt is missing: you integrated (t^2 - 1) t alone.",
)
def by_substitution_and_parts_shifted_without_dx():
    return _rule_but(shifted="(x + 1)**2/4 - (x + 1)/2")


@misconception(
    "by_substitution_and_parts",
    check="shifted",
    hint="You integrated x and the root one by one and multiplied: products do not work so.",
)
def by_substitution_and_parts_shifted_product():
    return _rule_but(shifted="x**2*(x + 1)**1.5/3")


@misconception(
    "by_substitution_and_parts",
    check="shifted",
    hint="The sign of the second term is wrong: x = t^2 - 1, with a minus.",
)
def by_substitution_and_parts_shifted_sign():
    return _rule_but(shifted="2*(x + 1)**2.5/5 + 2*(x + 1)**1.5/3")


@misconception(
    "by_substitution_and_parts",
    check="wave",
    hint="The sign of your second term is wrong: minus the integral of sin(x) is + cos(x).",
)
def by_substitution_and_parts_wave_sign():
    return _rule_but(wave="x*sin(x) - cos(x)")


@misconception(
    "by_substitution_and_parts",
    check="wave",
    hint="The integral that is left over by parts is missing: x sin(x) is only the first term.",
)
def by_substitution_and_parts_wave_first_term():
    return _rule_but(wave="x*sin(x)")


@misconception(
    "by_substitution_and_parts",
    check="wave",
    hint="You multiplied the antiderivatives of x and cos(x): going back, a product needs parts.",
)
def by_substitution_and_parts_wave_product():
    return _rule_but(wave="x**2/2*sin(x)")


@misconception(
    "by_substitution_and_parts",
    check="log",
    hint="You differentiated the logarithm: 1/x is its slope, not its antiderivative.",
)
def by_substitution_and_parts_log_differentiated():
    return _rule_but(log="1/x")


@misconception(
    "by_substitution_and_parts",
    check="log",
    hint="The integral that is left over, that of x times 1/x, is missing.",
)
def by_substitution_and_parts_log_first_term():
    return _rule_but(log="x*log(x)")


@misconception(
    "by_substitution_and_parts",
    check="log",
    hint="Parts subtracts the integral that is left over; you added it.",
)
def by_substitution_and_parts_log_sign():
    return _rule_but(log="x*log(x) + x")


@misconception(
    "by_substitution_and_parts",
    check="twice",
    hint="The second round by parts is missing: you stopped with the integral of 2 x e^x open.",
)
def by_substitution_and_parts_twice_once():
    return _rule_but(twice="(x**2 - 2*x)*exp(x)")


@misconception(
    "by_substitution_and_parts",
    check="twice",
    hint="All your signs are plus: each round by parts subtracts what is left over.",
)
def by_substitution_and_parts_twice_signs():
    return _rule_but(twice="(x**2 + 2*x + 2)*exp(x)")


# trapezoid


@misconception(
    "trapezoid",
    check="shape",
    hint="You print the integral but return nothing: end with return.",
)
def trapezoid_printed(y, dx):
    print(reference.trapezoid(y, dx))


@misconception(
    "trapezoid",
    check="shape",
    hint="You return the integral up to every sample: asked is one number, the last of them.",
)
def trapezoid_cumulative(y, dx):
    return np.cumsum((y[1:] + y[:-1]) / 2) * dx


@misconception(
    "trapezoid",
    check="value",
    hint="These are rectangles on the left samples: the last sample is never used.",
)
def trapezoid_left_rectangles(y, dx):
    return dx * np.sum(y[:-1], axis=0)


@misconception(
    "trapezoid",
    check="value",
    hint="These are rectangles on the right samples: the first sample is never used.",
)
def trapezoid_right_rectangles(y, dx):
    return dx * np.sum(y[1:], axis=0)


@misconception(
    "trapezoid",
    check="value",
    hint="All samples count fully: the two ends belong to one trapezoid only, so half of each.",
)
def trapezoid_all_full(y, dx):
    return dx * np.sum(y, axis=0)


@misconception(
    "trapezoid",
    check="value",
    hint="The mean of all samples times the length gives the ends too much weight.",
)
def trapezoid_mean_times_length(y, dx):
    return np.mean(y, axis=0) * dx * (len(y) - 1)


@misconception(
    "trapezoid",
    check="value",
    hint="The spacing dx is not used: heights alone have no area.",
)
def trapezoid_no_spacing(y, dx):
    return np.sum(y, axis=0) - (y[0] + y[-1]) / 2


@misconception(
    "trapezoid",
    check="value",
    hint="Your integral is twice too large: the mean height of a trapezoid is half of the sum.",
)
def trapezoid_doubled(y, dx):
    return dx * np.sum(y[1:] + y[:-1], axis=0)


@misconception(
    "trapezoid",
    check="value",
    hint="You use the first and last sample only: one trapezoid over the whole length.",
)
def trapezoid_ends_only(y, dx):
    return (y[0] + y[-1]) / 2 * dx * (len(y) - 1)


@misconception(
    "trapezoid",
    check="value",
    hint="You divide by the spacing: an area is height times width.",
)
def trapezoid_divided(y, dx):
    return reference.trapezoid(y, 1.0) / dx


@misconception(
    "trapezoid",
    check="value",
    hint="You use the size of dx: from right to left the integral changes its sign.",
)
def trapezoid_without_sign(y, dx):
    return reference.trapezoid(y, abs(dx))


@misconception(
    "trapezoid",
    check="columns",
    hint="You add the functions up too: sum over axis 0 only, one integral per column.",
)
def trapezoid_everything_summed(y, dx):
    return dx * (np.sum(y) - np.sum(y[0] + y[-1]) / 2)


@misconception(
    "trapezoid",
    check="purity",
    hint="You halve the ends inside of the samples: work on a copy.",
)
def trapezoid_in_place(y, dx):
    y[0] /= 2
    y[-1] /= 2
    return dx * np.sum(y, axis=0)


# simpson


@misconception(
    "simpson",
    check="shape",
    hint="The integral is printed and then lost: a function hands it back with return.",
)
def simpson_printed(y, dx):
    print(reference.simpson(y, dx))


@misconception(
    "simpson",
    check="value",
    hint="This is still the trapezoidal rule: Simpson weighs the samples 1, 4, 2, 4, ..., 4, 1.",
)
def simpson_trapezoid(y, dx):
    return reference.trapezoid(y, dx)


@misconception(
    "simpson",
    check="value",
    hint="The weights 4 and 2 are swapped: the first inner sample gets 4.",
)
def simpson_swapped(y, dx):
    return dx / 3 * (y[0] + 2 * np.sum(y[1::2], axis=0) + 4 * np.sum(y[2:-1:2], axis=0) + y[-1])


@misconception(
    "simpson",
    check="value",
    hint="The last sample has the weight 2: it is an end, so its weight is 1.",
)
def simpson_last_doubled(y, dx):
    return dx / 3 * (y[0] + 4 * np.sum(y[1::2], axis=0) + 2 * np.sum(y[2::2], axis=0))


@misconception(
    "simpson",
    check="value",
    hint="All inner samples have the weight 4: every second one gets 2.",
)
def simpson_all_four(y, dx):
    return dx / 3 * (y[0] + 4 * np.sum(y[1:-1], axis=0) + y[-1])


@misconception(
    "simpson",
    check="value",
    hint="Your integral is half of the right one: dx is one interval, so divide by 3, not by 6.",
)
def simpson_sixth(y, dx):
    return reference.simpson(y, dx) / 2


@misconception(
    "simpson",
    check="value",
    hint="The factor 1/3 is missing: your integral is 3 times too large.",
)
def simpson_no_third(y, dx):
    return reference.simpson(y, dx) * 3


@misconception(
    "simpson",
    check="value",
    hint="The first and the last sample are missing.",
)
def simpson_without_ends(y, dx):
    return reference.simpson(y, dx) - dx / 3 * (y[0] + y[-1])


@misconception(
    "simpson",
    check="value",
    hint="You put one parabola through the whole range: take one for every two intervals.",
)
def simpson_one_parabola(y, dx):
    return dx * (len(y) - 1) / 6 * (y[0] + 4 * y[len(y) // 2] + y[-1])


@misconception(
    "simpson",
    check="value",
    hint="The sign of dx is lost: from right to left the integral changes its sign.",
)
def simpson_without_sign(y, dx):
    return reference.simpson(y, abs(dx))


@misconception(
    "simpson",
    check="columns",
    hint="The functions are added up too: sum over axis 0 only, one integral per column.",
)
def simpson_everything_summed(y, dx):
    return np.sum(reference.simpson(y, dx))


@misconception(
    "simpson",
    check="even",
    hint="You compute something for an even number of samples: one interval is left over then.",
)
def simpson_even_accepted(y, dx):
    odd, inner = np.sum(y[1::2], axis=0), np.sum(y[2:-1:2], axis=0)
    return dx / 3 * (y[0] + 4 * odd + 2 * inner + y[-1])


@misconception(
    "simpson",
    check="even",
    hint="You leave the last of an even number of samples out: part of the range is lost silently.",
)
def simpson_even_last_dropped(y, dx):
    return reference.simpson(y if len(y) % 2 else y[:-1], dx)


@misconception(
    "simpson",
    check="even",
    hint="You use assert, which raises an AssertionError: asked is a ValueError.",
)
def simpson_even_asserted(y, dx):
    assert len(y) % 2
    return reference.simpson(y, dx)


# huber_from_clip


@misconception(
    "huber_from_clip",
    check="shape",
    hint="You print the losses but return nothing: a function hands back its result with return.",
)
def huber_from_clip_printed(r, delta=1.0):
    print(reference.huber_from_clip(r, delta))


@misconception(
    "huber_from_clip",
    check="shape",
    hint="You return the mean: asked is one loss per residual.",
)
def huber_from_clip_mean(r, delta=1.0):
    return np.mean(reference.huber_from_clip(r, delta))


@misconception(
    "huber_from_clip",
    check="slope",
    hint="You return the clipped residual itself: that is the derivative, asked is the loss.",
)
def huber_from_clip_slope_returned(r, delta=1.0):
    return np.clip(r, -delta, delta)


@misconception(
    "huber_from_clip",
    check="slope",
    hint="The half is missing inside: r^2 has the derivative 2 r.",
)
def huber_from_clip_no_half(r, delta=1.0):
    return np.where(np.abs(r) <= delta, r**2, 2 * delta * np.abs(r) - delta**2)


@misconception(
    "huber_from_clip",
    check="slope",
    hint="Your loss is a parabola everywhere: beyond delta the derivative is constant.",
)
def huber_from_clip_quadratic(r, delta=1.0):
    return r**2 / 2


@misconception(
    "huber_from_clip",
    check="slope",
    hint="You put the clipped residual in place of r: outside, the loss would be constant.",
)
def huber_from_clip_clip_squared(r, delta=1.0):
    return np.clip(r, -delta, delta) ** 2 / 2


@misconception(
    "huber_from_clip",
    check="slope",
    hint="On the left the slope is -delta: your outer piece lacks the absolute value.",
)
def huber_from_clip_no_absolute_value(r, delta=1.0):
    return np.where(np.abs(r) <= delta, r**2 / 2, delta * (r - delta / 2))


@misconception(
    "huber_from_clip",
    check="slope",
    hint="Your outer pieces have the slope 1 and -1: they should be as steep as the clip, delta.",
)
def huber_from_clip_slope_one(r, delta=1.0):
    return np.where(np.abs(r) <= delta, r**2 / 2, np.abs(r) - delta / 2)


@misconception(
    "huber_from_clip",
    check="constant",
    hint="The outer pieces lack their constant: the loss jumps at delta.",
)
def huber_from_clip_no_constant(r, delta=1.0):
    return np.where(np.abs(r) <= delta, r**2 / 2, delta * np.abs(r))


@misconception(
    "huber_from_clip",
    check="constant",
    hint="Your outer pieces are 0 at delta: they have to go on where the inner one ends.",
)
def huber_from_clip_zero_at_delta(r, delta=1.0):
    return np.where(np.abs(r) <= delta, r**2 / 2, delta * (np.abs(r) - delta))


@misconception(
    "huber_from_clip",
    check="constant",
    hint="The constant of the outer pieces has the wrong sign: the line runs below, not above.",
)
def huber_from_clip_constant_added(r, delta=1.0):
    return np.where(np.abs(r) <= delta, r**2 / 2, delta * (np.abs(r) + delta / 2))


@misconception(
    "huber_from_clip",
    check="constant",
    hint="Your constant is delta / 2: it should be delta^2 / 2, which agrees for delta = 1 only.",
)
def huber_from_clip_half_delta(r, delta=1.0):
    return np.where(np.abs(r) <= delta, r**2 / 2, delta * np.abs(r) - delta / 2)


@misconception(
    "huber_from_clip",
    check="constant",
    hint="The pieces meet, but the loss is not 0 at 0: you fixed the constant elsewhere.",
)
def huber_from_clip_zero_outside(r, delta=1.0):
    return reference.huber_from_clip(r, delta) - delta**2 / 2


@misconception(
    "huber_from_clip",
    check="joint",
    hint="Exactly at delta neither of your cases holds: one comparison needs an equals sign.",
)
def huber_from_clip_joint_lost(r, delta=1.0):
    size = np.abs(r)
    return (size < delta) * r**2 / 2 + (size > delta) * delta * (size - delta / 2)


@misconception(
    "huber_from_clip",
    check="purity",
    hint="You overwrite the residuals: work on a copy.",
)
def huber_from_clip_in_place(r, delta=1.0):
    r[:] = reference.huber_from_clip(r, delta)
    return r


# log_cosh_from_tanh


@misconception(
    "log_cosh_from_tanh",
    check="shape",
    hint="The losses are printed and then lost: end with return.",
)
def log_cosh_from_tanh_printed(r):
    print(reference.log_cosh_from_tanh(r))


@misconception(
    "log_cosh_from_tanh",
    check="shape",
    hint="You return the mean: asked is the loss of every residual.",
)
def log_cosh_from_tanh_mean(r):
    return np.mean(reference.log_cosh_from_tanh(r))


@misconception(
    "log_cosh_from_tanh",
    check="slope",
    hint="You return tanh(r), which is the derivative: asked is the function that has it.",
)
def log_cosh_from_tanh_slope_returned(r):
    return np.tanh(r)


@misconception(
    "log_cosh_from_tanh",
    check="slope",
    hint="You differentiated tanh once more: the way goes back, to its antiderivative.",
)
def log_cosh_from_tanh_differentiated(r):
    return 1 - np.tanh(r) ** 2


@misconception(
    "log_cosh_from_tanh",
    check="slope",
    hint="You used the power rule on tanh: tanh^2 / 2 lacks the inner derivative.",
)
def log_cosh_from_tanh_power_rule(r):
    return np.tanh(r) ** 2 / 2


@misconception(
    "log_cosh_from_tanh",
    check="slope",
    hint="The sign is wrong: your function falls where tanh is positive.",
)
def log_cosh_from_tanh_sign(r):
    return -reference.log_cosh_from_tanh(r)


@misconception(
    "log_cosh_from_tanh",
    check="slope",
    hint="This is the logarithm to the base 10: the natural one is np.log.",
)
def log_cosh_from_tanh_base_ten(r):
    return reference.log_cosh_from_tanh(r) / np.log(10)


@misconception(
    "log_cosh_from_tanh",
    check="constant",
    hint="Your loss is ln 2 at 0: cosh is half of the sum of the two exponentials.",
)
def log_cosh_from_tanh_without_log_two(r):
    return np.logaddexp(r, -r)


@misconception(
    "log_cosh_from_tanh",
    check="constant",
    hint="The ln 2 has the wrong sign: your loss is 2 ln 2 at 0.",
)
def log_cosh_from_tanh_log_two_added(r):
    return np.logaddexp(r, -r) + np.log(2)


@misconception(
    "log_cosh_from_tanh",
    check="stability",
    hint="cosh overflows for large residuals: take the large part out of the logarithm first.",
)
def log_cosh_from_tanh_naive(r):
    with np.errstate(over="ignore"):
        return np.log(np.cosh(r))


@misconception(
    "log_cosh_from_tanh",
    check="stability",
    hint="You clip large residuals: there the loss goes on growing like the residual.",
)
def log_cosh_from_tanh_clipped(r):
    return np.log(np.cosh(np.clip(r, -500, 500)))


@misconception(
    "log_cosh_from_tanh",
    check="stability",
    hint="You take out r and not its absolute value: for very negative r the power overflows.",
)
def log_cosh_from_tanh_without_absolute(r):
    with np.errstate(over="ignore"):
        return r + np.log1p(np.exp(-2 * r)) - np.log(2)


@misconception(
    "log_cosh_from_tanh",
    check="purity",
    hint="You overwrite the residuals: assign the result to a new array.",
)
def log_cosh_from_tanh_in_place(r):
    r[:] = reference.log_cosh_from_tanh(r)
    return r


# softplus_from_sigmoid


@misconception(
    "softplus_from_sigmoid",
    check="shape",
    hint="You print the values but return nothing: a function hands back its result with return.",
)
def softplus_from_sigmoid_printed(z):
    print(reference.softplus_from_sigmoid(z))


@misconception(
    "softplus_from_sigmoid",
    check="shape",
    hint="You return the mean: asked is one value per logit.",
)
def softplus_from_sigmoid_mean(z):
    return np.mean(reference.softplus_from_sigmoid(z))


@misconception(
    "softplus_from_sigmoid",
    check="slope",
    hint="You return the sigmoid, which is the derivative: asked is the function that has it.",
)
def softplus_from_sigmoid_slope_returned(z):
    return 1 / (1 + np.exp(-z))


@misconception(
    "softplus_from_sigmoid",
    check="slope",
    hint="You used the power rule on the sigmoid: half its square lacks the inner derivative.",
)
def softplus_from_sigmoid_power_rule(z):
    return (1 / (1 + np.exp(-z))) ** 2 / 2


@misconception(
    "softplus_from_sigmoid",
    check="slope",
    hint="Your function falls, a mirror image: expand the fraction by e^z before you integrate.",
)
def softplus_from_sigmoid_mirrored(z):
    return np.logaddexp(0, -z)


@misconception(
    "softplus_from_sigmoid",
    check="slope",
    hint="You divided by the inner derivative: that works only if it is a plain number.",
)
def softplus_from_sigmoid_log_of_denominator(z):
    return np.logaddexp(0, -z) / np.exp(-z)


@misconception(
    "softplus_from_sigmoid",
    check="slope",
    hint="This is max(0, z), which softplus resembles only far from 0.",
)
def softplus_from_sigmoid_positive_part(z):
    return np.maximum(z, 0.0)


@misconception(
    "softplus_from_sigmoid",
    check="constant",
    hint="You made it 0 at z = 0: it has to go to 0 far on the left, and is ln 2 at 0.",
)
def softplus_from_sigmoid_zero_at_zero(z):
    return reference.softplus_from_sigmoid(z) - np.log(2)


@misconception(
    "softplus_from_sigmoid",
    check="constant",
    hint="There is a ln 2 too many: far on the left your function goes to ln 2 and not to 0.",
)
def softplus_from_sigmoid_log_two_added(z):
    return reference.softplus_from_sigmoid(z) + np.log(2)


@misconception(
    "softplus_from_sigmoid",
    check="stability",
    hint="e^z overflows for large logits: form only the power that is small.",
)
def softplus_from_sigmoid_naive(z):
    with np.errstate(over="ignore"):
        return np.log(1 + np.exp(z))


@misconception(
    "softplus_from_sigmoid",
    check="stability",
    hint="You take z out of the logarithm always: for very negative z, e^(-z) overflows instead.",
)
def softplus_from_sigmoid_one_side(z):
    with np.errstate(over="ignore"):
        return z + np.log1p(np.exp(-z))


@misconception(
    "softplus_from_sigmoid",
    check="stability",
    hint="You clip large logits: there the function goes on growing like z.",
)
def softplus_from_sigmoid_clipped(z):
    return np.log1p(np.exp(np.clip(z, -500, 500)))


@misconception(
    "softplus_from_sigmoid",
    check="purity",
    hint="The logits are overwritten: assign the result to a new array.",
)
def softplus_from_sigmoid_in_place(z):
    z[:] = reference.softplus_from_sigmoid(z)
    return z
