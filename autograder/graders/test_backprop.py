"""Hidden checks of the unit `backprop`.

A wrong step is followed by wrong results. So that it costs no more than itself, the later tasks
also have checks that carry the student's own steps on.
"""

import contextlib
import functools

import numpy as np

from autograder.checks import (
    CheckFailed,
    as_numbers,
    check,
    expect_own_gradient,
    expect_repeatable,
    expect_shape,
    expect_unmodified,
    expect_values,
    fail,
)
from solutions import backprop as reference
from solutions import cross_entropy as cross_entropy_unit
from solutions import hinge as hinge_unit

# N, D, M, K: all different within a network, so that an exchange of two axes shows.
SIZES = ((5, 2, 3, 4), (4, 2, 5, 3), (7, 3, 4, 2))
SMALL = ((4, 1, 2, 3),)  # where slopes may have to be measured for every parameter
SINGLE = ((1, 2, 4, 3), (1, 3, 2, 4))
CLEAR = 0.02  # from the kinks of the hinge: float32 stays on the same side

# float32 holds outputs near 1000 only to 6e-5, and so their probabilities. What stability is about,
# nan, infinity and lost differences, is far larger.
STABLE_RTOL = 1e-3

# A gradient by parameters is a sum over samples whose terms, of size 1, may cancel. What float32
# leaves of that is below 1e-6, and so not a matter of the small sum that remains.
expect_sums = functools.partial(expect_values, atol=1e-6)


def draw_params(rng, d, m, k):
    """Draw (W1, b1, W2, b2) with biases away from 0."""
    b1, b2 = (rng.uniform(0.3, 0.9, size=n) * rng.choice([-1.0, 1.0], size=n) for n in (m, k))
    return 0.7 * rng.normal(size=(d, m)), b1, rng.normal(size=(m, k)), b2


def networks(rng, sizes=SIZES):
    """Draw (X, params)."""
    return [(rng.normal(size=(n, d)), draw_params(rng, d, m, k)) for n, d, m, k in sizes]


def layers(rng, sizes=((5, 3, 4), (4, 5, 2), (7, 2, 3))):
    """Draw (H, W, G) of a linear layer."""
    return [
        (rng.normal(size=(n, m)), rng.normal(size=(m, k)), rng.normal(size=(n, k)))
        for n, m, k in sizes
    ]


def activations(rng, shapes=((5, 3), (4, 2), (3, 7))):
    """Draw (H, G) with H inside (-1, 1) and away from 0."""
    calls = []
    for shape in shapes:
        H = rng.uniform(0.2, 0.95, size=shape) * rng.choice([-1.0, 1.0], size=shape)
        calls.append((H, rng.normal(size=shape)))
    return calls


def carried(rng, sizes=SIZES):
    """Draw (X, params, G)."""
    return [
        (X, params, rng.normal(size=(len(X), len(params[3])))) for X, params in networks(rng, sizes)
    ]


def targets(rng, sizes=SIZES):
    """Draw (X, y, params) for the squared error."""
    return [(X, rng.normal(size=(len(X), len(p[3]))), p) for X, p in networks(rng, sizes)]


def labelled(rng, sizes=SIZES):
    """Draw (X, y, params) with one-hot y."""
    return [
        (X, np.eye(len(p[3]))[rng.integers(len(p[3]), size=len(X))], p)
        for X, p in networks(rng, sizes)
    ]


def extreme(rng):
    """Draw (X, y, params) in which one sample, or every one, has outputs near 1000 or -1000.

    The first hidden unit is at -1 or +1 exactly, so that the large weights behind it make no
    gradient by `W1`. Where it is -1 they cancel against `b2`, and the outputs are ordinary.
    """
    calls = []
    for kind in range(5):
        n, d, m, k = 5, 2, 4, 3
        ((X, y, (W1, b1, W2, b2)),) = labelled(rng, [(n, d, m, k)])
        row = rng.integers(n)
        true = int(y[row].argmax())
        signs = np.array([1.0, -1.0, 1.0, -1.0, 1.0])[kind] * np.ones(k)
        if kind in (2, 3):  # one wrong class low, the true class high
            signs[(true + 1) % k if kind == 2 else true] *= -1
        W1[:, 0], b1[0] = np.eye(d)[0] * 40.0, 0.0
        X[:, 0] = 1.0 if kind == 4 else np.where(np.arange(n) == row, 1.0, -1.0)
        W2[0] = 500.0 * signs + rng.permutation(4)[:k] / 4
        calls.append((X, y, (W1, b1, W2, b2 + W2[0])))
    return calls


def classified(rng, sizes=SIZES):
    """Draw (X, y, params) with integer y, clear of the kinks; some wrong class has more output.

    With several samples and three or more classes: also a sample that costs nothing, one with two
    terms, and a term that costs although its class has the smaller output. The gradient by `b2`, a
    sum of whole numbers over N, is never 0: float32 would show what cancels there.
    """
    calls = []
    for n, d, m, k in sizes:
        while True:
            ((X, (W1, b1, W2, b2)),) = networks(rng, [(n, d, m, k)])
            params = (W1, b1, 1.5 * W2, 1.5 * b2)
            y, Z = rng.integers(k, size=n), reference.forward(X, params)[2]
            others = np.arange(k) != y[:, None]
            differences = (Z - Z[np.arange(n), y][:, None])[others].reshape(n, k - 1)
            terms = np.count_nonzero(differences > -1, axis=1)
            near = np.any((differences > -0.9) & (differences < -0.1))
            varied = near and terms.min() == 0 and terms.max() >= 2
            clear = np.min(np.abs(differences + 1)) > CLEAR
            if not (clear and np.any(differences > 0.1) and (varied or n == 1 or k == 2)):
                continue
            if reference.backward_hinge(X, y, params)[3].any():
                calls.append((X, y, params))
                break
    return calls


def output_grad_mse(y, Z):
    """Return the gradient of the squared error by the output."""
    return 2.0 * (Z - y) / len(y)


def squared_error(y, Z):
    """Return the squared error of the output, summed over the targets of a sample."""
    return np.sum((Z - y) ** 2) / len(y)


def expect_chain(function, submission, calls):
    """For one sample the gradients follow from that by `b2`, which is the gradient at the output.

    They may follow as they should, or by the student's own `network_backward`.
    """
    asked, expected = [], []
    for (X, _, params), value in zip(calls, function.batch(calls), strict=True):
        G = as_numbers(value, params)[3][None, :]
        if not G.any():
            fail("The gradient by `b2` is 0 for a sample that costs something.")
        asked.append((X, params, G))
        expected.append(reference.network_backward(*asked[-1]))
    with contextlib.suppress(CheckFailed):
        own = submission.network_backward.batch(asked)
        own = [as_numbers(value, right) for value, right in zip(own, expected, strict=True)]
        return expect_sums(function, calls, own)
    return expect_sums(function, calls, expected)


def expect_own_steps(function, submission, calls, loss, output_grad, right):
    """The gradients are right for the student's own steps, if not for the right ones.

    That is, they are what the student's `network_backward` makes of the right gradient at the
    output of the student's `forward`, or the measured slopes of the loss at that output.
    """
    with contextlib.suppress(CheckFailed):
        outputs = submission.forward.batch([(X, params) for X, _, params in calls])
        asked = [
            (X, params, output_grad(y, own_output(value, X, y, params)))
            for (X, y, params), value in zip(calls, outputs, strict=True)
        ]
        own = submission.network_backward.batch(asked)
        own = [as_numbers(v, params) for v, (_, _, params) in zip(own, calls, strict=True)]
        return expect_sums(function, calls, own)
    if forward_is_right(submission, [(X, params) for X, _, params in calls]):
        return expect_sums(function, calls, right)
    return expect_own_gradient(
        function,
        submission.forward,
        calls,
        wrt=2,
        reference=right,
        loss_arguments=lambda X, y, params: (X, params),
        loss_value=lambda value, X, y, params: loss(y, own_output(value, X, y, params)),
    )


def forward_is_right(submission, calls):
    """Return whether the student's network is the right one: then its slopes are known."""
    try:
        expect_values(submission.forward, calls, reference.forward, parts=(2,))
    except CheckFailed:
        return False
    return True


def own_output(value, X, y, params):
    """Return the output among the results of the student's `forward`."""
    return as_numbers(value, reference.forward(X, params))[2]


class TestForward:
    task = "forward"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns three arrays, of the shapes of `A`, `H` and `Z`."""
        expect_shape(submission.forward, networks(rng), reference.forward)

    @check(weight=2, after="shape")
    def test_linear(self, submission, rng):
        """The first result, `A`, is right for random networks."""
        expect_values(submission.forward, networks(rng), reference.forward, parts=(0,))

    @check(weight=2, after="shape")
    def test_hidden(self, submission, rng):
        """The second result, `H`, follows from your `A`."""
        calls = networks(rng)
        results = self.own_results(submission, calls)
        expected = [(A, np.tanh(A), Z) for A, _, Z in results]
        expect_values(submission.forward, calls, expected, parts=(1,))

    @check(weight=2, after="shape")
    def test_output(self, submission, rng):
        """The third result, `Z`, follows from your `H`."""
        calls = networks(rng)
        results = self.own_results(submission, calls)
        expected = [
            (A, H, H @ params[2] + params[3])
            for (_, params), (A, H, _) in zip(calls, results, strict=True)
        ]
        expect_values(submission.forward, calls, expected, parts=(2,))

    @check(weight=1, after=("linear", "hidden", "output"))
    def test_single_sample(self, submission, rng):
        """It works for one sample."""
        expect_values(submission.forward, networks(rng, SINGLE), reference.forward)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `X` and `params` as they were."""
        expect_unmodified(submission.forward, networks(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """Called twice with the same inputs, it returns the same results."""
        expect_repeatable(submission.forward, networks(rng))

    @staticmethod
    def own_results(submission, calls):
        """Return the student's (A, H, Z) as numbers, of which A and H are not 0 everywhere."""
        values = submission.forward.batch(calls)
        results = [as_numbers(v, reference.forward(*c)) for v, c in zip(values, calls, strict=True)]
        if not all(np.any(A) and np.any(H) for A, H, _ in results):
            fail("`A` or `H` is 0 for every sample and unit, so nothing follows from it.")
        return results


class TestLinearBackward:
    task = "linear_backward"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns three arrays, of the shapes of `H`, `W` and `b`."""
        expect_shape(submission.linear_backward, layers(rng), reference.linear_backward)

    @check(weight=2, after="shape")
    def test_input(self, submission, rng):
        """The gradient by the input `H` is right."""
        calls = layers(rng)
        expect_sums(submission.linear_backward, calls, reference.linear_backward, parts=(0,))

    @check(weight=2, after="shape")
    def test_weights(self, submission, rng):
        """The gradient by the weights `W` is right."""
        calls = layers(rng)
        expect_sums(submission.linear_backward, calls, reference.linear_backward, parts=(1,))

    @check(weight=2, after="shape")
    def test_bias(self, submission, rng):
        """The gradient by the bias `b` is right."""
        calls = layers(rng)
        expect_sums(submission.linear_backward, calls, reference.linear_backward, parts=(2,))

    @check(weight=1, after=("input", "weights", "bias"))
    def test_single(self, submission, rng):
        """It works for one sample, and for one output."""
        calls = layers(rng, ((1, 3, 2), (4, 3, 1)))
        expect_sums(submission.linear_backward, calls, reference.linear_backward)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves its arguments as they were."""
        expect_unmodified(submission.linear_backward, layers(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """Called twice with the same inputs, it returns the same gradients."""
        expect_repeatable(submission.linear_backward, layers(rng))


class TestTanhBackward:
    task = "tanh_backward"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns an array of the shape of `H`."""
        expect_shape(submission.tanh_backward, activations(rng), reference.tanh_backward)

    @check(weight=4, after="shape")
    def test_gradient(self, submission, rng):
        """The gradient is right for random values."""
        expect_values(submission.tanh_backward, activations(rng), reference.tanh_backward)

    @check(weight=1, after="gradient")
    def test_saturated(self, submission, rng):
        """It is right where a unit is at 0, at 1, or at -1."""
        H = rng.permutation([0.0, 1.0, -1.0, 0.5, -0.25, 0.0]).reshape(2, 3)
        calls = [(H, rng.normal(size=(2, 3)))]
        expect_values(submission.tanh_backward, calls, reference.tanh_backward)

    @check(weight=1, after="gradient")
    def test_single(self, submission, rng):
        """It works for one sample, and for one unit."""
        calls = activations(rng, ((1, 4), (3, 1)))
        expect_values(submission.tanh_backward, calls, reference.tanh_backward)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `H` and `G` as they were."""
        expect_unmodified(submission.tanh_backward, activations(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """Called twice with the same inputs, it returns the same gradient."""
        expect_repeatable(submission.tanh_backward, activations(rng))


class TestNetworkBackward:
    task = "network_backward"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns four arrays, of the shapes of `params`."""
        expect_shape(submission.network_backward, carried(rng), reference.network_backward)

    @check(weight=2, after="shape")
    def test_layer_2(self, submission, rng):
        """The gradients by `W2` and `b2` are right."""
        calls = carried(rng)
        expect_sums(submission.network_backward, calls, reference.network_backward, parts=(2, 3))

    @check(weight=2, after="shape")
    def test_layer_1(self, submission, rng):
        """The gradients by `W1` and `b1` are right."""
        calls = carried(rng)
        expect_sums(submission.network_backward, calls, reference.network_backward, parts=(0, 1))

    @check(weight=4, after="shape")
    def test_own_steps(self, submission, rng):
        """They follow from your own `forward`, `linear_backward` and `tanh_backward`."""
        calls = carried(rng, SMALL)
        with contextlib.suppress(CheckFailed):
            own = [self.own_gradients(submission, *arguments) for arguments in calls]
            return expect_sums(submission.network_backward, calls, own)
        if forward_is_right(submission, [(X, params) for X, params, _ in calls]):
            return expect_sums(submission.network_backward, calls, reference.network_backward)
        return expect_own_gradient(
            submission.network_backward,
            submission.forward,
            calls,
            wrt=1,
            reference=reference.network_backward,
            loss_arguments=lambda X, params, G: (X, params),
            loss_value=lambda value, X, params, G: np.sum(G * own_output(value, X, None, params)),
        )

    @check(weight=1, after=("layer_2", "layer_1"))
    def test_single_sample(self, submission, rng):
        """It works for one sample."""
        calls = carried(rng, SINGLE)
        expect_sums(submission.network_backward, calls, reference.network_backward)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves its arguments as they were."""
        expect_unmodified(submission.network_backward, carried(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """Called twice with the same inputs, it returns the same gradients."""
        expect_repeatable(submission.network_backward, carried(rng))

    @staticmethod
    def own_gradients(submission, X, params, G):
        """Put the student's steps together."""
        W1, b1, W2, b2 = params
        A, H, _ = as_numbers(submission.forward(X, params), reference.forward(X, params))
        grads = submission.linear_backward(H, W2, G)
        grad_H, grad_W2, grad_b2 = as_numbers(grads, (H, W2, b2))
        grad_A = as_numbers(submission.tanh_backward(H, grad_H), A)
        grads = submission.linear_backward(X, W1, grad_A)
        _, grad_W1, grad_b1 = as_numbers(grads, (X, W1, b1))
        return grad_W1, grad_b1, grad_W2, grad_b2


class TestBackwardMse:
    task = "backward_mse"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns four arrays, of the shapes of `params`."""
        expect_shape(submission.backward_mse, targets(rng), reference.backward_mse)

    @check(weight=2, after="shape")
    def test_gradient(self, submission, rng):
        """All four gradients are right for random networks."""
        expect_sums(submission.backward_mse, targets(rng), reference.backward_mse)

    @check(weight=2, after="shape")
    def test_output(self, submission, rng):
        """The gradient by `b2`, which depends on the output alone, is right."""
        expect_sums(submission.backward_mse, targets(rng), reference.backward_mse, parts=(3,))

    @check(weight=2, after="shape")
    def test_chain(self, submission, rng):
        """For one sample, the other gradients follow from yours by `b2`."""
        expect_chain(submission.backward_mse, submission, targets(rng, SINGLE))

    @check(weight=4, after="shape")
    def test_own_steps(self, submission, rng):
        """They follow from your own `forward` and `network_backward`."""
        expect_own_steps(
            submission.backward_mse,
            submission,
            targets(rng, SMALL),
            squared_error,
            output_grad_mse,
            reference.backward_mse,
        )

    @check(weight=1, after="gradient")
    def test_single(self, submission, rng):
        """It works for one sample, and for one target."""
        calls = targets(rng, (*SINGLE, (4, 2, 3, 1)))
        expect_sums(submission.backward_mse, calls, reference.backward_mse)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves its arguments as they were."""
        expect_unmodified(submission.backward_mse, targets(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """Called twice with the same inputs, it returns the same gradients."""
        expect_repeatable(submission.backward_mse, targets(rng))


class TestBackwardCrossEntropy:
    task = "backward_cross_entropy"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns four arrays, of the shapes of `params`."""
        right = reference.backward_cross_entropy
        expect_shape(submission.backward_cross_entropy, labelled(rng), right)

    @check(weight=2, after="shape")
    def test_gradient(self, submission, rng):
        """All four gradients are right for random networks."""
        right = reference.backward_cross_entropy
        expect_sums(submission.backward_cross_entropy, labelled(rng), right)

    @check(weight=2, after="shape")
    def test_output(self, submission, rng):
        """The gradient by `b2`, which depends on the output alone, is right."""
        right = reference.backward_cross_entropy
        expect_sums(submission.backward_cross_entropy, labelled(rng), right, parts=(3,))

    @check(weight=2, after="shape")
    def test_chain(self, submission, rng):
        """For one sample, the other gradients follow from yours by `b2`."""
        expect_chain(submission.backward_cross_entropy, submission, labelled(rng, SINGLE))

    @check(weight=4, after="shape")
    def test_own_steps(self, submission, rng):
        """They follow from your own `forward` and `network_backward`."""
        expect_own_steps(
            submission.backward_cross_entropy,
            submission,
            labelled(rng, SMALL),
            cross_entropy_unit.softmax_cross_entropy,
            cross_entropy_unit.softmax_cross_entropy_grad,
            reference.backward_cross_entropy,
        )

    @check(weight=2, after="gradient")
    def test_stability(self, submission, rng):
        """It is right when outputs are huge, for one sample or for all."""
        right = reference.backward_cross_entropy
        expect_sums(submission.backward_cross_entropy, extreme(rng), right, rtol=STABLE_RTOL)

    @check(weight=1, after="gradient")
    def test_single_sample(self, submission, rng):
        """It works for one sample."""
        right = reference.backward_cross_entropy
        expect_sums(submission.backward_cross_entropy, labelled(rng, SINGLE), right)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves its arguments as they were."""
        expect_unmodified(submission.backward_cross_entropy, labelled(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """Called twice with the same inputs, it returns the same gradients."""
        expect_repeatable(submission.backward_cross_entropy, labelled(rng))


class TestBackwardHinge:
    task = "backward_hinge"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns four arrays, of the shapes of `params`."""
        expect_shape(submission.backward_hinge, classified(rng), reference.backward_hinge)

    @check(weight=2, after="shape")
    def test_gradient(self, submission, rng):
        """All four gradients are right away from the kinks."""
        expect_sums(submission.backward_hinge, classified(rng), reference.backward_hinge)

    @check(weight=2, after="shape")
    def test_output(self, submission, rng):
        """The gradient by `b2`, which depends on the output alone, is right."""
        calls = classified(rng)
        expect_sums(submission.backward_hinge, calls, reference.backward_hinge, parts=(3,))

    @check(weight=2, after="shape")
    def test_chain(self, submission, rng):
        """For one sample, the other gradients follow from yours by `b2`."""
        expect_chain(submission.backward_hinge, submission, classified(rng, SINGLE))

    @check(weight=4, after="shape")
    def test_own_steps(self, submission, rng):
        """They follow from your own `forward` and `network_backward`."""
        expect_own_steps(
            submission.backward_hinge,
            submission,
            classified(rng, SMALL),
            hinge_unit.multiclass_hinge,
            hinge_unit.multiclass_hinge_grad,
            reference.backward_hinge,
        )

    @check(weight=1, after="gradient")
    def test_single_sample(self, submission, rng):
        """It works for one sample."""
        calls = classified(rng, SINGLE)
        expect_sums(submission.backward_hinge, calls, reference.backward_hinge)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves its arguments as they were."""
        expect_unmodified(submission.backward_hinge, classified(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """Called twice with the same inputs, it returns the same gradients."""
        expect_repeatable(submission.backward_hinge, classified(rng))
