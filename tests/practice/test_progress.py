"""Progress: what counts as a try, and a file that survives everything."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder.mistakes import Mistake
from autograder.practice.progress import (
    Progress,
    ProgressFile,
    Seen,
    State,
    TaskProgress,
)
from autograder.results import CheckResult, TaskResult, Verdict


def result(verdict):
    return TaskResult("mse", 3.0, (CheckResult("value", "It is right.", 1.0, verdict),))


PASSED, FAILED = result(Verdict.PASSED), result(Verdict.FAILED)


@pytest.fixture
def told():
    return []


@pytest.fixture
def file(tmp_path, told):
    return ProgressFile(tmp_path / "own" / "progress.json", told.append)


def test_a_failure_is_a_try_only_if_the_code_is_new():
    first = TaskProgress().after(FAILED, "a")
    assert (first.state, first.tries) == (State.FAILED, 1)
    assert first.after(FAILED, "a").tries == 1
    assert first.after(FAILED, "b").tries == 2
    assert first.after(FAILED, "").tries == 1  # there is no such function


def test_passing_is_remembered():
    passed = TaskProgress().after(FAILED, "a").after(PASSED, "b")
    assert (passed.state, passed.tries, passed.score) == (State.PASSED, 1, 3.0)
    broken = passed.after(FAILED, "c")
    assert broken.state is State.FAILED
    assert broken.passed == passed.passed


def test_when_a_solution_was_seen_is_recorded_once():
    before = TaskProgress().after(FAILED, "a").shown()
    assert before.solution is Seen.BEFORE
    assert before.after(PASSED, "b").shown().solution is Seen.BEFORE
    assert TaskProgress().after(PASSED, "a").shown().solution is Seen.AFTER


def test_it_survives_a_restart(file):
    task = TaskProgress().after(FAILED, "code", "all").shown()
    file.update(lambda progress: progress.with_task("mse", "mse_grad", task))
    assert ProgressFile(file.path).read().task("mse", "mse_grad") == task
    assert [path.name for path in file.path.parent.iterdir() if path.suffix != ".lock"] == [
        "progress.json"
    ]


def test_nothing_is_lost_between_writers(file):
    def write(number):
        task = TaskProgress(tries=number)
        ProgressFile(file.path).update(lambda now: now.with_task("mse", f"t{number}", task))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    assert len(file.read().unit("mse").tasks) == 40


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"schema": "something"}',
        '{"schema": "lossgrad-practice/1"}',
        '{"schema": "lossgrad-practice/1", "course": "", "units": {"mse": {}}}',
        '{"schema": "lossgrad-practice/1", "course": 3, "units": {}}',
        "[" * 100_000,
    ],
)
def test_a_broken_file_is_set_aside_and_told(file, told, content):
    file.path.parent.mkdir()
    file.path.write_text(content)
    assert file.read() == Progress()
    (aside,) = file.path.parent.glob("progress-broken-*.json")
    assert aside.read_text() == content
    assert told == [f"Your progress could not be read and starts anew. The old file is {aside}"]


def test_a_file_of_another_lossgrad_is_left_alone(file):
    file.path.parent.mkdir()
    content = json.dumps({"schema": "lossgrad-practice/9"})
    file.path.write_text(content)
    with pytest.raises(Mistake, match="lossgrad-practice/9"):
        file.update(lambda progress: progress)
    assert file.path.read_text() == content
