"""Right answers in other styles than the solutions': every one of them must get full marks."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Alternative:
    """A right answer to `task` in another style. `name` is the function's name."""

    name: str
    task: str
    function: Callable


_registered: dict[str, dict[str, Alternative]] = {}


def alternative(task: str) -> Callable[[Callable], Callable]:
    """Register the decorated function as a right answer of its module's unit.

    The function itself is returned unchanged. Raises ValueError if its name does not start with
    `task`, or if the unit has an alternative of that name already.
    """

    def register(function: Callable) -> Callable:
        name = function.__name__
        unit = function.__module__.rpartition(".")[2]
        if not name.startswith(f"{task}_"):
            raise ValueError(f"alternative {name!r} of {unit!r}: name it '{task}_...'")
        known = _registered.setdefault(unit, {})
        if name in known:
            raise ValueError(f"unit {unit!r} has two alternatives named {name!r}: rename one")
        known[name] = Alternative(name, task, function)
        return function

    return register


def alternatives_of(unit: str) -> tuple[Alternative, ...]:
    """Return the alternatives of `unit` in the order in which its module lists them.

    Raises ValueError if `tests/alternatives/` has no module of that name.
    """
    units = sorted(module.name for module in pkgutil.iter_modules(__path__))
    if unit not in units:
        raise ValueError(f"no alternatives of a unit {unit!r}; there are: {', '.join(units)}")
    importlib.import_module(f"{__name__}.{unit}")
    return tuple(_registered.get(unit, {}).values())
