"""Oracles of the unit `similarity`."""

import mpmath
import numpy as np

from tests.oracles import away_from_kinks, dot, exact, mean, oracle, positive_part, slopes


def rows(rng, count=2):
    n, d = rng.integers(1, 6), rng.integers(2, 5)
    return tuple(rng.normal(size=(n, d)) for _ in range(count))


def squared_distance(p, q):
    return mpmath.fsum((x - y) ** 2 for x, y in zip(p, q, strict=True))


@oracle(rows)
def euclidean(a, b):
    return mean(
        mpmath.sqrt(squared_distance(p, q)) for p, q in zip(exact(a), exact(b), strict=True)
    )


@oracle(rows)
def euclidean_grad(a, b):
    return slopes(lambda point: euclidean(point, b), exact(a))


@oracle(rows)
def cosine_loss(a, b):
    return mean(
        1 - dot(p, q) / mpmath.sqrt(dot(p, p) * dot(q, q))
        for p, q in zip(exact(a), exact(b), strict=True)
    )


@oracle(rows)
def cosine_loss_grad(a, b):
    return slopes(lambda point: cosine_loss(point, b), exact(a))


def marked_rows(rng):
    a, b = rows(rng)
    return a, b, rng.integers(2, size=len(a)).astype(float), rng.uniform(0.5, 4)


margin_rows = away_from_kinks(
    marked_rows, lambda a, b, same, margin: np.linalg.norm(a - b, axis=1) - margin
)


@oracle(margin_rows, margin=1.0)
def contrastive(a, b, same, margin):
    margin = exact(margin)
    terms = []
    for p, q, s in zip(exact(a), exact(b), exact(same), strict=True):
        d = mpmath.sqrt(squared_distance(p, q))
        terms.append(s * d**2 / 2 + (1 - s) * positive_part(margin - d) ** 2 / 2)
    return mean(terms)


@oracle(margin_rows, margin=1.0)
def contrastive_grad(a, b, same, margin):
    return slopes(lambda point: contrastive(point, b, same, margin), exact(a))


margin_triplets = away_from_kinks(
    lambda rng: (*rows(rng, 3), rng.uniform(0.5, 4)),
    lambda a, p, n, margin: ((a - p) ** 2 - (a - n) ** 2).sum(axis=1) + margin,
)


@oracle(margin_triplets, margin=1.0)
def triplet(anchor, positive, negative, margin):
    margin = exact(margin)
    return mean(
        positive_part(squared_distance(a, p) - squared_distance(a, n) + margin)
        for a, p, n in zip(exact(anchor), exact(positive), exact(negative), strict=True)
    )


@oracle(margin_triplets, margin=1.0)
def triplet_grad(anchor, positive, negative, margin):
    a, p, n = map(exact, (anchor, positive, negative))
    return (
        slopes(lambda point: triplet(point, p, n, margin), a),
        slopes(lambda point: triplet(a, point, n, margin), p),
        slopes(lambda point: triplet(a, p, point, margin), n),
    )
