"""Oracles: what every reference must return, written from the contract alone, in 50 digits.

They share no code with the references: losses are sums over mpmath numbers, gradients their
numerical derivatives. `tests/oracles/<unit>.py` has those of a unit.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

import mpmath
import numpy as np


@dataclass(frozen=True)
class Oracle:
    """What the reference of this name must return for arguments that `draw(rng)` draws.

    `defaults` are the default values that the contract gives to its arguments.
    """

    name: str
    function: Callable
    draw: Callable
    defaults: dict


_registered: dict[str, dict[str, Oracle]] = {}


def oracle(draw: Callable, **defaults) -> Callable[[Callable], Callable]:
    """Register the decorated function as the oracle of the reference of its name and unit."""

    def register(function: Callable) -> Callable:
        unit = function.__module__.rpartition(".")[2]
        known = _registered.setdefault(unit, {})
        known[function.__name__] = Oracle(function.__name__, function, draw, defaults)
        return function

    return register


def oracles_of(unit: str) -> dict[str, Oracle]:
    """Return the oracles of `unit` by name.

    Raises ValueError if `tests/oracles/` has no module of that name.
    """
    units = sorted(module.name for module in pkgutil.iter_modules(__path__))
    if unit not in units:
        raise ValueError(f"no oracles of a unit {unit!r}; there are: {', '.join(units)}")
    importlib.import_module(f"{__name__}.{unit}")
    return dict(_registered.get(unit, {}))


# ---- numbers of any precision, in nested lists


def exact(value):
    """A number, array or list as nested lists of mpmath numbers, to the last bit."""
    if isinstance(value, list) or np.ndim(value):
        return [exact(part) for part in value]
    return value if isinstance(value, mpmath.mpf) else mpmath.mpf(float(value))


def slopes(loss, x):
    """The gradient of `loss` at the nested lists `x`, or the derivative at a number."""
    if not isinstance(x, list):
        return mpmath.diff(loss, x)
    return [
        slopes(lambda part, i=i: loss([*x[:i], part, *x[i + 1 :]]), entry)
        for i, entry in enumerate(x)
    ]


def mean(terms):
    terms = list(terms)
    return mpmath.fsum(terms) / len(terms)


def dot(a, b):
    return mpmath.fsum(p * q for p, q in zip(a, b, strict=True))


def positive_part(x):
    return x if x > 0 else mpmath.mpf(0)


def entries_of(x):
    return [e for part in x for e in entries_of(part)] if isinstance(x, list) else [x]


# ---- drawing arguments


def away_from_kinks(draw, distances):
    """Draw until all distances from a kink are at least 1e-3."""

    def drawn(rng):
        while True:
            arguments = draw(rng)
            if np.min(np.abs(distances(*arguments))) > 1e-3:
                return arguments

    return drawn
