"""Item analysis: how difficult the tasks of a unit are, and how well they tell students apart.

Sources: Lord and Novick, Statistical Theories of Mental Test Scores (1968), chapter 15
(difficulty, point-biserial correlation); Henrysson, Correction of item-total correlations in item
analysis, Psychometrika 28 (1963) 211-218 (why the item itself is left out of the total); Ebel and
Frisbie, Essentials of Educational Measurement, 5th edition (1991), page 232 (what is low).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

TOO_HARD, TOO_EASY = 0.3, 0.9  # mean shares of the points
LOW = 0.2  # discrimination below which a task hardly tells students apart
MEANINGFUL = 30  # submissions below which a correlation says little
Z95 = 1.959964  # of the normal distribution


@dataclass(frozen=True)
class Item:
    """The analysis of one task.

    `difficulty` is the mean share of its points (near 1 is easy, as is the custom), `count` how
    many submissions it comes from. `discrimination` is None where it is not defined: with fewer
    than three submissions, or if all have the same score in the task or in all the others. `low`
    and `high` enclose it with 95 % confidence, None with fewer than four submissions.
    """

    task: str
    count: int
    difficulty: float
    discrimination: float | None
    low: float | None
    high: float | None

    @property
    def signs(self) -> tuple[str, ...]:
        """What a lecturer should look at, in words; empty if nothing stands out."""
        found = []
        if self.difficulty < TOO_HARD:
            found.append(f"hard: below {TOO_HARD:.0%}")
        if self.difficulty > TOO_EASY:
            found.append(f"easy: above {TOO_EASY:.0%}")
        if self.discrimination is not None and self.count >= MEANINGFUL:
            if self.discrimination < 0:
                found.append("who is good elsewhere does worse here: look at task and checks")
            elif self.discrimination < LOW and self.difficulty <= TOO_EASY:
                found.append("hardly tells strong from weak")
        return tuple(found)


def analyse(tasks: list[str], scores: np.ndarray, points: np.ndarray) -> list[Item]:
    """Return the analysis of each task.

    tasks: names, T of them; scores: (N, T), NaN where a submission had no such task, but not in a
    whole column; points: (T,).

        difficulty_t     = mean_n s_nt / p_t
        discrimination_t = corr_n(s_nt, Σ_{u≠t} s_nu)

    The second is the correlation of the item with the rest; for a task that is right or wrong, the
    point-biserial correlation. Its confidence interval is Fisher's. Source: see the module.
    """
    complete = scores[~np.isnan(scores).any(axis=1)]
    items = []
    for place, task in enumerate(tasks):
        taken = scores[~np.isnan(scores[:, place]), place]
        own = complete[:, place]
        discrimination = correlation(own, complete.sum(axis=1) - own)
        low, high = interval(discrimination, len(complete))
        difficulty = float(np.mean(taken) / points[place]) if points[place] else 0.0
        items.append(Item(task, len(taken), difficulty, discrimination, low, high))
    return items


def correlation(first: np.ndarray, second: np.ndarray) -> float | None:
    """Return Pearson's correlation of two samples, None where it is not defined."""
    if len(first) < 3:
        return None
    first, second = first - np.mean(first), second - np.mean(second)
    size = np.sqrt(np.sum(first**2) * np.sum(second**2))
    # Rounded scores: a spread below this is the noise of the subtraction above.
    return float(np.clip(np.sum(first * second) / size, -1, 1)) if size > 1e-9 else None


def interval(r: float | None, count: int) -> tuple[float | None, float | None]:
    """Return Fisher's 95 % confidence interval of a correlation: tanh(artanh r ± z / √(N - 3)).

    Source: Fisher, On the "probable error" of a coefficient of correlation, Metron 1 (1921) 3-32.
    """
    if r is None or count < 4:
        return None, None
    middle = np.arctanh(np.clip(r, -1 + 1e-12, 1 - 1e-12))
    reach = Z95 / np.sqrt(count - 3)
    return float(np.tanh(middle - reach)), float(np.tanh(middle + reach))
