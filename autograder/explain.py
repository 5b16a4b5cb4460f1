"""Why a grade is what it is, told from its record."""

from __future__ import annotations

from autograder import feedback
from autograder.records import ChosenAttempt, Record


def explain(record: Record) -> str:
    """Return a record as text: the score, each task's table, and what the grade was made with."""
    lines = [
        (
            f"{record.student}, {record.unit}: "
            f"{record.score:g} of {record.points:g} points from the hidden checks"
        ),
        (
            f"graded {record.graded} in {record.seconds:.1f} s, "
            f"kernel restarted {record.restarts} times"
        ),
        f"submission {record.submission[:16]}… (SHA-256 of the submitted file)",
        f"seed {record.seed[:16]}… (the same seed gives the same random inputs)",
        "versions " + ", ".join(f"{name} {number}" for name, number in record.versions.items()),
    ]
    if record.attempt:
        lines.append(_attempt(record.attempt))
    lines += [f"problem: {problem}" for problem in record.problems]
    return "\n\n".join(["\n".join(lines), *(feedback.render_text(task) for task in record.tasks)])


def _attempt(attempt: ChosenAttempt) -> str:
    when = f", handed in {attempt.handed_in}" if attempt.handed_in else ""
    scores = ", ".join(f"{score:g}" for score in attempt.scores)
    compared = f" (those on time have {scores})" if scores else ""
    return f"attempt {attempt.number} of {attempt.of}{when}; the {attempt.policy} counts{compared}"
