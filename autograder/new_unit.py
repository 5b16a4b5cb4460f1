"""A new unit: the files of its four rooms and of its tests, as a small example that works at once.

The templates are a whole unit on the log-cosh loss whose name is UNIT. Copied under the name of the
new unit they build, grade and pass the tests; the author then changes them to what is to be taught.
"""

from __future__ import annotations

import builtins
import importlib.util
import keyword
import re
from importlib import resources
from pathlib import Path

import autograder
from autograder.assignments import units
from autograder.mistakes import Mistake
from autograder.sources import read_solutions

TEMPLATES = "templates/unit"
FILES = {
    "course/lessons/{}.md": "lesson.md",
    "exercises/{}.md": "exercise.md",
    "solutions/{}.py": "solutions.py",
    "solutions/misconceptions/{}.py": "misconceptions.py",
    "autograder/graders/test_{}.py": "graders.py",
    "tests/alternatives/{}.py": "alternatives.py",
    "tests/oracles/{}.py": "oracles.py",
    "tests/class/{}_18.00_all-right/submission.toml": "all-right.toml",
    "tests/class/{}_0.00_empty/answers.py": "empty.py",
}
SYLLABUS = "course/syllabus.md"
ROW = "| [{unit}](lessons/{unit}.md) | say here what one can do afterwards | derivatives |"
LONGEST = 18
TAKEN = ("np", "plt", "data", "misconceptions", "selfcheck", "reference", "check", "alternative")


class NewUnitError(Mistake):
    """A unit that cannot be made under this name or in this place; says why and what to do."""


def make_unit(unit: str, root: Path) -> list[Path]:
    """Write the files of a new unit and return them, relative to `root`; none is overwritten.

    Raises NewUnitError if the name will not do, if a file is there already, or if `root` is not the
    checkout from which this very program runs: hidden checks are found there only. Nothing is
    written then.
    """
    _check_checkout(root)
    _check_name(unit)
    targets = {root / path.format(unit): template for path, template in FILES.items()}
    for target in targets:
        if target.exists():
            raise NewUnitError(
                f"{target.relative_to(root)} exists already, and nothing is overwritten.\n"
                "Choose another name, or remove the file."
            )
    _check_functions(unit, root)
    templates = resources.files(autograder) / TEMPLATES
    for target, template in targets.items():
        text = (templates / template).read_text(encoding="utf-8")
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(_named(text, unit))
    return [target.relative_to(root) for target in targets]


def add_to_syllabus(unit: str, root: Path) -> bool:
    """Link the unit's lesson below the last one of the syllabus, which orders the units.

    Returns False, and writes nothing, if there is no table of lessons to add it to.
    """
    path = root / SYLLABUS
    if not path.is_file():
        return False
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [n for n, line in enumerate(lines) if line.startswith("| [") and "(lessons/" in line]
    if not rows:
        return False
    lines.insert(rows[-1] + 1, ROW.format(unit=unit))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return True


def _named(text: str, unit: str) -> str:
    title = unit.replace("_", " ").capitalize()
    return text.replace("UNIT", unit).replace("TITLE", title)


def _check_checkout(root: Path) -> None:
    ours = Path(autograder.__file__).resolve().parents[1]
    if root.resolve() != ours:
        raise NewUnitError(
            f"this lossgrad runs from {ours} and would not find a unit made in {root}.\n"
            "Type `pip install --editable .` here, or go there."
        )


def _check_name(unit: str) -> None:
    wrong = _wrong_with(unit)
    if wrong:
        raise NewUnitError(
            f"{unit!r} is no name for a unit: {wrong}.\n"
            "Take the name of its loss, in small letters, digits and underscores, such as log_cosh."
        )


def _wrong_with(unit: str) -> str:
    """Return why the name of a unit, of its files and of its first function will not do, or ""."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", unit):
        return "it holds something else than small letters, digits and underscores"
    if len(unit) > LONGEST:
        return f"it has {len(unit)} letters, and {LONGEST} are the limit"
    if keyword.iskeyword(unit) or keyword.issoftkeyword(unit):
        return "it is a word of Python's"
    if hasattr(builtins, unit):
        return "Python has a function of this name"
    if unit in TAKEN:
        return "it means something else in the files of a unit"
    if importlib.util.find_spec(unit) is not None:
        return "there is a Python module of this name"
    return ""


def _check_functions(unit: str, root: Path) -> None:
    """Raise if another unit has a function of the new names: tests look them up by name alone."""
    for other in units(root):
        path = root / "solutions" / f"{other}.py"
        functions = read_solutions(path.name, path.read_text(encoding="utf-8")).functions
        for name in (unit, f"{unit}_grad"):
            if name in functions:
                raise NewUnitError(
                    f"the unit {other} has a function `{name}`, and names are unique.\n"
                    "Choose another name for the unit."
                )
