"""What appears in the terminal when a notebook is saved and when keys are pressed."""

import asyncio
import os

import pytest

from autograder.practice.progress import Seen, State
from autograder.practice.session import Session
from tests.practice.conftest import Quick

SUM = "return np.sum((y - y_hat) ** 2)"
NAME = "Your loss is N times too large"


@pytest.fixture
def session(learner, console):
    return Session(learner.desk, Quick, console)


def seen(session):
    """Return what was printed since the last look."""
    text = session.console.file.getvalue()
    session.console.file.truncate(0)
    session.console.file.seek(0)
    return text


def test_a_saved_notebook_gets_its_verdicts_and_the_next_step(session, learner):
    learner.write(squared_error=True, mse=SUM)
    session.saved("mse")
    text = seen(session)
    assert "✓ squared_error  2.00 / 2" in text
    assert "✗ mse  1.12 / 3   failed tries: 1" in text
    assert "Expected     2.47232" in text
    assert NAME not in text
    assert "1 of 5 tasks done.  Next: squared_error_grad in mse/mse.ipynb" in text


def test_help_grows_with_each_failed_try(session, learner):
    for body, told in (
        (SUM, "Expected"),
        ("return np.sum((y_hat - y) ** 2)", NAME),
        ("return sum((y_hat - y) ** 2)", "The rule: The mean   course/lessons/mse.md#the-mean"),
        ("return ((y - y_hat) ** 2).sum()", "def log_cosh_grad(y, y_hat):"),
    ):
        learner.write(mse=body)
        session.saved("mse")
        assert told in seen(session)
    assert learner.progress("mse").tries == 4


def test_a_solution_is_shown_after_passing(session, learner):
    learner.write(mse="return ((y - y_hat) ** 2).mean()")
    session.saved("mse")
    assert "return np.mean((y - y_hat) ** 2)" in seen(session)
    assert learner.progress("mse").solution is Seen.AFTER


def test_saving_without_a_change_is_one_quiet_line(session, learner):
    learner.write(mse=True)
    session.saved("mse")
    seen(session)
    session.saved("mse")
    assert seen(session) == ""  # the very same file
    learner.write(mse="# Mean.\n    return np.mean((y - y_hat) ** 2)")
    session.saved("mse")
    assert "mse.ipynb saved; nothing to check anew." in seen(session)


def test_a_half_saved_notebook_is_waited_for(session, learner):
    learner.path.write_text('{"cells": [')
    session.saved("mse")
    assert "mse.ipynb cannot be read; waiting for the next save." in seen(session)
    learner.path.unlink()
    session.saved("mse")
    assert seen(session) == ""


def test_a_task_that_only_depends_on_the_change_stays_quiet(session, learner):
    learner.write(mse=True, mse_grad=True)
    session.saved("mse")
    seen(session)
    learner.write(mse="return np.mean((y_hat - y) ** 2)")
    session.saved("mse")
    text = seen(session)
    assert "✓ mse " in text
    assert "✓ mse_grad" not in text


def test_keys_ask_for_help_and_for_the_solution(session, learner):
    learner.write(mse=SUM)
    session.saved("mse")
    seen(session)
    assert session.pressed("h")
    assert NAME in seen(session)
    assert session.pressed("h")
    assert "The rule: The mean" in seen(session)
    assert session.pressed("s")
    text = seen(session)
    assert "Press s again" in text
    assert "np.mean(" not in text
    assert session.pressed("l")  # and so not
    session.pressed("s")
    assert learner.progress("mse").solution is Seen.NEVER
    session.pressed("s")
    assert "return np.mean((y - y_hat) ** 2)" in seen(session)
    assert learner.progress("mse").solution is Seen.BEFORE
    learner.write(mse=True)
    session.saved("mse")
    assert "1 of 5 tasks done (1 after seeing the solution)" in seen(session)
    assert not session.pressed("q")


def test_help_for_a_task_that_is_not_begun_is_its_rule(session):
    session.pressed("h")
    assert "The rule: One sample" in seen(session)
    session.pressed("n")
    assert "Next: squared_error" in seen(session)


def test_markup_and_escapes_in_an_answer_are_shown_as_text(session, learner):
    learner.write(mse=r'raise ValueError("[red]\x1b[2J\x07[/nothing]")')
    session.saved("mse")
    text = seen(session)
    assert "[red]" in text
    assert "\x1b[2J" not in text
    assert "\x07" not in text


def test_what_changed_while_nobody_watched_is_checked_at_the_start(session, learner):
    learner.write(mse=True)
    session.start()
    assert "mse  · · ✓ · ·  1 of 5" in seen(session)
    assert learner.progress("mse").state is State.PASSED


def test_a_finished_unit_points_to_the_model_answers(session, learner):
    learner.write(**dict.fromkeys(learner.desk.units["mse"].tasks, True))
    session.saved("mse")
    text = " ".join(seen(session).split())
    assert "All tasks of mse are done." in text
    assert "lossgrad practice --solution outliers" in text
    assert "All of it is done." in text


def test_lost_progress_is_told(session, learner):
    learner.folder.progress.write_text("{")
    session.pressed("l")
    assert "Your progress could not be read" in seen(session)


def test_a_kernel_that_does_not_start_ends_nothing(session, learner):
    def failing(*_):
        raise RuntimeError("the kernel died while it started")

    learner.write(mse=True)
    session.kernels = failing
    assert asyncio.run(session._handle("saved", "mse"))
    assert "the kernel died while it started\nSave again to try again." in seen(session)
    session.kernels = Quick
    session.saved("mse")
    assert "✓ mse " in seen(session)


def test_it_watches_the_folder(session, learner):
    """The real thing, from a file that is replaced to a verdict on the screen."""

    async def watched():
        running = asyncio.create_task(session.run())
        try:
            async with asyncio.timeout(60):
                while "Save a notebook" not in session.console.file.getvalue():
                    await asyncio.sleep(0.01)
                saved = learner.path.read_bytes()
                learner.write(mse=True)
                written = learner.path.read_bytes()
                learner.path.write_bytes(saved)
                while "✓ mse " not in session.console.file.getvalue():
                    # As JupyterLab saves; again and again, because the watching may begin late.
                    temporary = learner.path.with_name(".~mse.ipynb")
                    temporary.write_bytes(written)
                    os.replace(temporary, learner.path)
                    await asyncio.sleep(0.2)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    asyncio.run(watched())
    assert learner.progress("mse").state is State.PASSED
