"""The hidden checks in an nbgrader without our preprocessors: in the student's own kernel.

Slower and unprotected, but the same checks and the same scores. The hidden region of a graded cell
calls `grade_task`, whose result is the score that nbgrader reads.
"""

from __future__ import annotations

from autograder import feedback, seeds
from autograder.submission import LocalTransport, Submission
from autograder.tasks import run_task


class Score(float):
    """A score that prints as nbgrader reads it."""

    def __repr__(self) -> str:
        return f"{float(self):.2f}"


def grade_task(unit: str, task: str, points: float) -> Score:
    """Check a task's function in this notebook, display the verdicts, and return the score."""
    import IPython
    from IPython.display import display

    names = IPython.get_ipython().user_ns
    result = run_task(unit, task, points, Submission(LocalTransport(names)), seeds.PRACTICE_SEED)
    table = {"text/html": feedback.render_html(result), "text/plain": feedback.render_text(result)}
    display(table, raw=True)
    return Score(result.score)
