"""The known wrong answers of every unit: what is wrong, where it shows, what to say about it."""

import importlib
import pkgutil
import sys
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Misconception:
    """A wrong answer that people really give.

    `function` answers the task `task` wrongly; the check named `check` shows it; `hint` names the
    mistake to whoever made it. `name` is the function's name and starts with the task's.
    """

    name: str
    task: str
    check: str
    hint: str
    function: Callable


_registered: dict[str, dict[str, Misconception]] = {}


def misconception(task: str, *, check: str, hint: str) -> Callable[[Callable], Callable]:
    """Register the decorated function as a known wrong answer of its module's unit.

    The function itself is returned unchanged. Raises ValueError if its name does not start with
    `task`, or if the unit has a misconception of that name already.
    """

    def register(function: Callable) -> Callable:
        name = function.__name__
        unit = function.__module__.rpartition(".")[2]
        if not name.startswith(f"{task}_"):
            raise ValueError(f"misconception {name!r} of {unit!r}: name it '{task}_...'")
        known = _registered.setdefault(unit, {})
        if name in known:
            raise ValueError(f"unit {unit!r} has two misconceptions named {name!r}: rename one")
        known[name] = Misconception(name, task, check, hint, function)
        return function

    return register


def misconceptions_of(unit: str) -> tuple[Misconception, ...]:
    """Return the misconceptions of `unit` in the order in which its module lists them.

    Raises ValueError if `solutions/misconceptions/` has no module of that name.
    """
    module = f"{__name__}.{unit}"
    if module not in sys.modules:  # it is asked at each failed check
        units = sorted(module.name for module in pkgutil.iter_modules(__path__))
        if unit not in units:
            raise ValueError(f"no misconceptions of a unit {unit!r}; there are: {', '.join(units)}")
        importlib.import_module(module)
    return tuple(_registered.get(unit, {}).values())
