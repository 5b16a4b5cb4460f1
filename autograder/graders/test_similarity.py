"""Hidden checks of the unit `similarity`."""

import numpy as np

from autograder import gradcheck
from autograder.checks import (
    as_numbers,
    check,
    expect_own_gradient,
    expect_repeatable,
    expect_shape,
    expect_unmodified,
    expect_values,
    fail,
)
from solutions import similarity as reference

SMALL = ((4, 2),)  # a numerical slope takes some twenty calls for each entry
SHAPES = ((5, 3), (4, 2), (3, 5))  # N and D differ, so that a missing axis shows
NEAR, BEYOND = (0.2, 0.8), (1.3, 2.2)  # distances in margins, far from the kink at 1
SAME_NEAR, SAME_FAR, OTHER_NEAR, OTHER_FAR = (1, NEAR), (1, BEYOND), (0, NEAR), (0, BEYOND)
EVERY_PAIR = (SAME_NEAR, SAME_FAR, OTHER_NEAR, OTHER_FAR)


def steps(rng, lengths, size):
    """Draw vectors of these lengths and this many entries, in random directions."""
    u = rng.normal(size=(len(lengths), size))
    return u / np.linalg.norm(u, axis=1, keepdims=True) * np.reshape(lengths, (-1, 1))


def pairs(rng, shapes=SHAPES):
    """Draw (a, b) with distances from 0.3 to 3."""
    calls = []
    for n, d in shapes:
        b = rng.normal(size=(n, d))
        calls.append((b + steps(rng, rng.uniform(0.3, 3.0, size=n), d), b))
    return calls


def close_pairs(rng):
    """Draw (a, b) that are close together and a million times as far from the origin."""
    calls = []
    for n, d in SHAPES:
        b = steps(rng, np.full(n, 1e6), d)
        calls.append((b + steps(rng, rng.uniform(0.1, 1.0, size=n), d), b))
    return calls


def directions(rng, shapes=SHAPES):
    """Draw (a, b) of lengths other than 1, with acute and obtuse angles."""
    calls = []
    for n, d in shapes:
        a = steps(rng, rng.uniform(1.3, 2.5, size=n), d)
        b = steps(rng, rng.uniform(0.3, 0.8, size=n), d)
        acute = rng.permutation(np.resize([1.0, -1.0], n))
        calls.append((a, b * (acute * np.sign(np.sum(a * b, axis=1)))[:, None]))
    return calls


def labelled_pairs(rng, margin=1.0, shapes=((5, 3), (4, 2), (7, 4))):
    """Draw (a, b, same): similar and dissimilar pairs, each within the margin and beyond it."""
    calls = []
    for n, size in shapes:
        chosen = [*EVERY_PAIR, *[EVERY_PAIR[i] for i in rng.integers(4, size=n - 4)]]
        calls.append(_labelled(rng, [chosen[i] for i in rng.permutation(n)], size, margin))
    return calls


def single_labelled_pairs(rng):
    """Draw (a, b, same) of one pair that costs something."""
    return [_labelled(rng, [kind], 3, 1.0) for kind in EVERY_PAIR[:3]]


def _labelled(rng, kinds, size, margin):
    same = np.array([float(label) for label, _ in kinds])
    b = rng.normal(size=(len(kinds), size))
    lengths = [margin * rng.uniform(*distance) for _, distance in kinds]
    return b + steps(rng, lengths, size), b, same


def other_margins(rng, draw):
    """Draw calls with a margin well below and one well above 1."""
    margins = (float(rng.uniform(0.3, 0.45)), float(rng.uniform(2.2, 3.0)))
    return [(*call, margin) for margin in margins for call in draw(rng, margin)[:1]]


def pairs_at_the_margin(rng):
    """Draw (a, b, same, margin) with dissimilar pairs exactly at the margin, beside other pairs.

    The legs 3, 4 and hypotenuse 5 of a triangle, in quarters: nothing is rounded.
    """
    calls = []
    for size, unit in ((3, 0.25), (4, 0.5)):
        u = np.zeros((4, size))
        for row, legs in zip(u, ((3, 4), (3, 4), (6, 8), (1.5, 2)), strict=True):
            row[rng.permutation(size)[:2]] = unit * np.array(legs) * rng.choice([-1, 1], size=2)
        order = rng.permutation(4)
        b = rng.integers(-6, 7, size=(4, size)) / 4
        same = np.array([0.0, 0.0, 1.0, 0.0])
        calls.append((b + u[order], b, same[order], 5 * unit))
    return calls


def triplets(rng, margin=1.0, shapes=((5, 3), (4, 2), (7, 4))):
    """Draw (anchor, positive, negative) of several kinds, all away from the kink.

    Hard: the negative is nearer than the positive; semi-hard: farther, but by less than the margin;
    easy: by more, yet at a margin of 1 in place of a small one it would cost; far: by so much that
    a mean without the maximum is negative.
    """
    calls = []
    for n, size in shapes:
        kinds = ["hard", "semi-hard", "easy", "far" if n == 4 else "hard"]
        kinds += list(rng.choice(["hard", "semi-hard", "easy"], n - 4))
        calls.append(_triplet(rng, [kinds[i] for i in rng.permutation(n)], size, margin))
    return calls


def single_triplets(rng):
    """Draw (anchor, positive, negative) of one triplet that costs something."""
    return [_triplet(rng, [kind], 3, 1.0) for kind in ("hard", "semi-hard")]


def _triplet(rng, kinds, size, margin):
    near = rng.uniform(0.5, 1.5, size=len(kinds)) ** 2
    shortfall = {  # of the squared distance to the negative, in what is asked for
        "hard": lambda square: margin + rng.uniform(0.3, 0.7) * square,
        "semi-hard": lambda square: margin * rng.uniform(0.2, 0.8),
        "easy": lambda square: -rng.uniform(0.1, 0.5),
        "far": lambda square: -rng.uniform(8.0, 10.0),
    }
    short = np.array([shortfall[kind](square) for kind, square in zip(kinds, near, strict=True)])
    anchor = rng.normal(size=(len(kinds), size))
    positive = anchor + steps(rng, np.sqrt(near), size)
    return anchor, positive, anchor + steps(rng, np.sqrt(near + margin - short), size)


def kink_triplets(rng):
    """Draw (anchor, positive, negative) with two triplets exactly at the default margin of 1.

    All in halves, so that no square is rounded. Row 0 and 1 are on the kink, 2 costs, 3 does not;
    then the rows are shuffled.
    """
    calls = []
    for size in (3, 4):
        u = rng.choice([-1.0, -0.5, 0.5, 1.0], size=(4, size))
        u[:, 0] = 0.0
        v = u * rng.choice([-1.0, 1.0], size=u.shape)
        v[:2, 0] = rng.choice([-1.0, 1.0], size=2)  # one entry more: ||v||² = ||u||² + 1
        v[2] /= 2
        v[3] *= 4
        u, v = (np.stack([rng.permutation(row) for row in rows]) for rows in (u, v))
        order = rng.permutation(4)
        anchor = rng.integers(-4, 5, size=(4, size)) / 2
        calls.append((anchor, anchor + u[order], anchor + v[order]))
    return calls


def expect_share_of_active_side(function, calls):
    """Each triplet's gradients are the same share, from 0 to 1, of those of the active side.

    Away from the kink the share is 1 or 0. The loss is not convex in its three vectors together, so
    the inequality of subgradients does not hold; the maximum's own argument has share 0 to 1.
    """
    for value, call in zip(function.batch(calls), calls, strict=True):
        parts = np.stack(as_numbers(value, call), axis=1)  # (N, 3, D)
        if not np.isfinite(parts).all():
            fail("It contains nan or an infinite value.")
        anchor, positive, negative = call
        active = np.stack([negative - positive, positive - anchor, anchor - negative], axis=1)
        active *= 2 / len(anchor)
        cost = np.sum((anchor - positive) ** 2, axis=1) - np.sum((anchor - negative) ** 2, axis=1)
        cost += 1.0
        share = np.sum(parts * active, axis=(1, 2)) / np.sum(active**2, axis=(1, 2))
        off = np.abs(parts - share[:, None, None] * active).max()
        allowed = gradcheck.tolerance(active)
        if off > allowed or np.any(share < -allowed) or np.any(share > 1 + allowed):
            fail(
                "At a kink any share from 0 to 1 of the active side's gradient is right, the same "
                "share for all three vectors of a triplet; yours is none."
            )
        if np.any(np.abs(share - (cost > 0))[cost != 0] > allowed):
            fail("A triplet beside the one on the kink has a wrong gradient.")


class TestEuclidean:
    task = "euclidean"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one number."""
        expect_shape(submission.euclidean, pairs(rng), reference.euclidean)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The mean distance is right for random vectors."""
        expect_values(submission.euclidean, pairs(rng), reference.euclidean)

    @check(weight=1, after="value")
    def test_stability(self, submission, rng):
        """It is exact for vectors that are close together and far from the origin."""
        expect_values(submission.euclidean, close_pairs(rng), reference.euclidean)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `a` and `b` as they were."""
        expect_unmodified(submission.euclidean, pairs(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """Called twice with the same inputs, it returns the same loss."""
        expect_repeatable(submission.euclidean, pairs(rng))


class TestEuclideanGrad:
    task = "euclidean_grad"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns an array of the shape of `a`."""
        expect_shape(submission.euclidean_grad, pairs(rng), reference.euclidean_grad)

    @check(weight=4, after="shape")
    def test_gradient(self, submission, rng):
        """The gradient is right for random vectors."""
        expect_values(submission.euclidean_grad, pairs(rng), reference.euclidean_grad)

    @check(weight=1, after="shape")
    def test_own_loss(self, submission, rng):
        """It is the derivative of your own `euclidean`."""
        expect_own_gradient(
            submission.euclidean_grad,
            submission.euclidean,
            pairs(rng, shapes=SMALL),
            wrt=0,
            reference=reference.euclidean_grad,
        )

    @check(weight=1, after="gradient")
    def test_single_sample(self, submission, rng):
        """It works for a single pair, N = 1."""
        calls = pairs(rng, shapes=((1, 3), (1, 2)))
        expect_values(submission.euclidean_grad, calls, reference.euclidean_grad)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `a` and `b` as they were."""
        expect_unmodified(submission.euclidean_grad, pairs(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """Called twice with the same inputs, it returns the same gradient."""
        expect_repeatable(submission.euclidean_grad, pairs(rng))


class TestCosineLoss:
    task = "cosine_loss"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one number."""
        expect_shape(submission.cosine_loss, directions(rng), reference.cosine_loss)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The loss is right for acute and obtuse angles and for any lengths."""
        expect_values(submission.cosine_loss, directions(rng), reference.cosine_loss)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `a` and `b` as they were."""
        expect_unmodified(submission.cosine_loss, directions(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """Called twice with the same inputs, it returns the same loss."""
        expect_repeatable(submission.cosine_loss, directions(rng))


class TestCosineLossGrad:
    task = "cosine_loss_grad"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns an array of the shape of `a`."""
        expect_shape(submission.cosine_loss_grad, directions(rng), reference.cosine_loss_grad)

    @check(weight=4, after="shape")
    def test_gradient(self, submission, rng):
        """The gradient is right for acute and obtuse angles and for any lengths."""
        expect_values(submission.cosine_loss_grad, directions(rng), reference.cosine_loss_grad)

    @check(weight=1, after="shape")
    def test_own_loss(self, submission, rng):
        """It is the derivative of your own `cosine_loss`."""
        expect_own_gradient(
            submission.cosine_loss_grad,
            submission.cosine_loss,
            directions(rng, shapes=SMALL),
            wrt=0,
            reference=reference.cosine_loss_grad,
        )

    @check(weight=1, after="gradient")
    def test_single_sample(self, submission, rng):
        """It works for a single pair, N = 1."""
        calls = directions(rng, shapes=((1, 3), (1, 2)))
        expect_values(submission.cosine_loss_grad, calls, reference.cosine_loss_grad)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `a` and `b` as they were."""
        expect_unmodified(submission.cosine_loss_grad, directions(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """Called twice with the same inputs, it returns the same gradient."""
        expect_repeatable(submission.cosine_loss_grad, directions(rng))


class TestContrastive:
    task = "contrastive"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one number."""
        expect_shape(submission.contrastive, labelled_pairs(rng), reference.contrastive)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The loss is right for similar and dissimilar pairs, near and far."""
        expect_values(submission.contrastive, labelled_pairs(rng), reference.contrastive)

    @check(weight=1, after="value")
    def test_parameters(self, submission, rng):
        """It follows `margin` when that is not 1."""
        calls = other_margins(rng, labelled_pairs)
        expect_values(submission.contrastive, calls, reference.contrastive)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `a`, `b` and `same` as they were."""
        expect_unmodified(submission.contrastive, labelled_pairs(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """Called twice with the same inputs, it returns the same loss."""
        expect_repeatable(submission.contrastive, labelled_pairs(rng))


class TestContrastiveGrad:
    task = "contrastive_grad"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns an array of the shape of `a`."""
        expect_shape(submission.contrastive_grad, labelled_pairs(rng), reference.contrastive_grad)

    @check(weight=4, after="shape")
    def test_gradient(self, submission, rng):
        """The gradient is right for similar and dissimilar pairs, near and far."""
        expect_values(submission.contrastive_grad, labelled_pairs(rng), reference.contrastive_grad)

    @check(weight=1, after="shape")
    def test_own_loss(self, submission, rng):
        """It is the derivative of your own `contrastive`."""
        expect_own_gradient(
            submission.contrastive_grad,
            submission.contrastive,
            labelled_pairs(rng, shapes=SMALL),
            wrt=0,
            reference=reference.contrastive_grad,
        )

    @check(weight=1, after="gradient")
    def test_parameters(self, submission, rng):
        """It follows `margin` when that is not 1."""
        calls = other_margins(rng, labelled_pairs)
        expect_values(submission.contrastive_grad, calls, reference.contrastive_grad)

    @check(weight=1, after=("gradient", "parameters"))
    def test_kink(self, submission, rng):
        """It is right where a dissimilar pair lies exactly at the margin."""
        calls = pairs_at_the_margin(rng)
        expect_values(submission.contrastive_grad, calls, reference.contrastive_grad)

    @check(weight=1, after="gradient")
    def test_single_sample(self, submission, rng):
        """It works for a single pair, N = 1."""
        calls = single_labelled_pairs(rng)
        expect_values(submission.contrastive_grad, calls, reference.contrastive_grad)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `a`, `b` and `same` as they were."""
        expect_unmodified(submission.contrastive_grad, labelled_pairs(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """Called twice with the same inputs, it returns the same gradient."""
        expect_repeatable(submission.contrastive_grad, labelled_pairs(rng))


class TestTriplet:
    task = "triplet"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one number."""
        expect_shape(submission.triplet, triplets(rng), reference.triplet)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The loss is right for triplets that are hard, half solved and solved."""
        expect_values(submission.triplet, triplets(rng), reference.triplet)

    @check(weight=1, after="value")
    def test_parameters(self, submission, rng):
        """It follows `margin` when that is not 1."""
        expect_values(submission.triplet, other_margins(rng, triplets), reference.triplet)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves the three arrays as they were."""
        expect_unmodified(submission.triplet, triplets(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """Called twice with the same inputs, it returns the same loss."""
        expect_repeatable(submission.triplet, triplets(rng))


class TestTripletGrad:
    task = "triplet_grad"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns three arrays, each of the shape of `anchor`."""
        expect_shape(submission.triplet_grad, triplets(rng), reference.triplet_grad)

    @check(weight=4, after="shape")
    def test_gradient(self, submission, rng):
        """All three gradients are right away from the kink."""
        expect_values(submission.triplet_grad, triplets(rng), reference.triplet_grad)

    @check(weight=1, after="shape")
    def test_own_loss(self, submission, rng):
        """They are the derivatives of your own `triplet`."""
        expect_own_gradient(
            submission.triplet_grad,
            submission.triplet,
            triplets(rng, shapes=SMALL),
            wrt=(0, 1, 2),
            reference=reference.triplet_grad,
        )

    @check(weight=1, after="gradient")
    def test_parameters(self, submission, rng):
        """They follow `margin` when that is not 1."""
        expect_values(submission.triplet_grad, other_margins(rng, triplets), reference.triplet_grad)

    @check(weight=2, after="gradient")
    def test_kink(self, submission, rng):
        """Exactly at the margin, they agree on a share of the active side's gradient."""
        expect_share_of_active_side(submission.triplet_grad, kink_triplets(rng))

    @check(weight=1, after="gradient")
    def test_single_sample(self, submission, rng):
        """It works for a single triplet, N = 1."""
        expect_values(submission.triplet_grad, single_triplets(rng), reference.triplet_grad)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves the three arrays as they were."""
        expect_unmodified(submission.triplet_grad, triplets(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """Called twice with the same inputs, it returns the same gradients."""
        expect_repeatable(submission.triplet_grad, triplets(rng))
