"""The units of the course and their references as submissions, for tests that run over all."""

import importlib
from pathlib import Path

from autograder.submission import LocalTransport, Submission

ROOT = Path(__file__).parents[1]
UNITS = sorted(path.stem for path in (ROOT / "exercises").glob("*.md"))
SEEDS = [f"seed {number}" for number in range(20)]


def reference_functions(unit: str) -> dict:
    """Return the public functions of a unit's reference solution by name."""
    module = importlib.import_module(f"solutions.{unit}")
    return {name: value for name, value in vars(module).items() if callable(value)}


def submission_with(unit: str, **replaced) -> Submission:
    """Return a unit's reference with some functions replaced, as a submission in this process."""
    return Submission(LocalTransport(reference_functions(unit) | replaced))
