"""The sample class gets the scores that its folders state, whichever way it is graded."""

import asyncio
import csv
import json
import shutil
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from autograder.course import open_course
from tests import classroom
from tests.classroom import BIN, SAMPLES, UNITS, Classroom, sample_named, samples_of
from tests.listening import as_options, free_port, sockets
from tests.test_records import validate

SECONDS_TO_START = 60

# What an nbgrader without our preprocessors makes of these is not a score, or not a safe one.
NOT_IN_STOCK = {
    "defined-elsewhere": "nbgrader puts no deleted cell back",
    "deleted-cells": "nbgrader puts no deleted cell back",
    "endless-cell": "it survives, but takes half a minute",
    "forged-cells": "it believes a forged version of the metadata and stops",
    "kills-kernel": "the checks die with the kernel",
    "moved-cells": "each check runs where it stands",
    "other-kernel": "there is no such kernel",
    "reads-the-tests": "the tests are in the same process",
    "replaces-builtins": "the checks use what was replaced",
    "split-and-twice": "cells whose kind has changed stop it",
    "truncated-file": "it cannot be opened",
}


def scores(course, students):
    return {(s.unit, s.student): course.score(s.student, s.unit) for s in students}


def expected(students):
    return {(s.unit, s.student): s.score for s in students}


def test_the_class_is_large_and_mixed():
    assert len(SAMPLES) >= 28
    assert {"derivatives", "mse", "cross_entropy", "hinge"} <= set(UNITS)
    for unit in UNITS:
        assert {"all-right", "empty"} <= {s.student for s in samples_of(unit)}
        assert {s.score for s in samples_of(unit) if s.student == "empty"} == {0.0}


@pytest.mark.parametrize("unit", UNITS)
class TestAutograde:
    def test_the_gradebook_has_the_scores_of_the_folder_names(self, graded, unit):
        students = samples_of(unit)
        assert scores(graded(unit), students) == expected(students)

    def test_the_records_have_the_scores_of_the_folder_names(self, graded, unit):
        course, students = graded(unit), samples_of(unit)
        recorded = {(s.unit, s.student): course.record(s.student, unit).score for s in students}
        assert recorded == expected(students)
        for sample in students:
            path = course.course.record_file(sample.student, unit)
            validate(json.loads(path.read_text(encoding="utf-8")))

    def test_everyone_gets_feedback_with_the_sentence_of_every_check(self, graded, unit):
        course = graded(unit)
        for sample in samples_of(unit):
            page = course.feedback(sample.student, unit).read_text(encoding="utf-8")
            for task in course.record(sample.student, unit).tasks:
                assert f"<code>{task.task}</code>" in page

    def test_autograded_notebooks_show_a_table_and_the_score_of_every_task(self, graded, unit):
        course = graded(unit)
        for sample in samples_of(unit):
            notebook = json.loads(course.autograded(sample.student, unit).read_text("utf-8"))
            checks = [
                cell
                for cell in notebook["cells"]
                if cell["metadata"].get("nbgrader", {}).get("grade_id", "").endswith("_checks")
                and cell["cell_type"] == "code"
            ]
            tasks = {task.task: task for task in course.record(sample.student, unit).tasks}
            assert len(checks) == len(tasks)
            for cell in checks:
                task = tasks[cell["metadata"]["nbgrader"]["grade_id"].removesuffix("_checks")]
                table, score = cell["outputs"]
                assert "lossgrad-result" in "".join(table["data"]["text/html"])
                assert "".join(score["data"]["text/plain"]) == f"{task.score:.2f}"


def test_the_grades_can_be_exported(graded, tmp_path):
    file = tmp_path / "grades.csv"
    graded("mse").run("nbgrader", "export", "--to", str(file))
    lines = file.read_text(encoding="utf-8").splitlines()
    rows = [row for row in csv.DictReader(lines) if row["assignment"] == "mse"]
    exported = {row["student_id"]: float(row["score"] or 0) for row in rows}
    assert exported == {s.student: pytest.approx(s.score) for s in samples_of("mse")}


def test_mistakes_are_named(graded):
    record = graded("mse").record("missing-mean", "mse")
    hints = [check.hint for task in record.tasks for check in task.checks if check.hint]
    assert any("1/N" in hint or "number of samples" in hint for hint in hints), hints


def test_a_kernel_that_was_killed_is_replaced(graded):
    record = graded("mse").record("kills-kernel", "mse")
    assert record.restarts == 1
    (killed,) = [task for task in record.tasks if task.score == 0]
    assert "died" in killed.checks[0].reason


def test_a_regrade_repeats_everything(graded, tmp_path):
    course = graded("mse").copy_to(tmp_path / "course")
    first = course.record("works-in-place", "mse")
    course.through_api("autograde", "mse", "works-in-place")
    again = course.record("works-in-place", "mse")
    assert again.submission == first.submission
    assert again.seed == first.seed
    assert [without_times(task) for task in again.tasks] == [
        without_times(task) for task in first.tasks
    ]


def without_times(task):
    return task.task, [
        (c.name, c.verdict, c.reason, c.expected, c.actual, c.misconception) for c in task.checks
    ]


def test_students_differ_in_their_inputs(graded):
    course = graded("mse")
    seeds = {course.record(s.student, "mse").seed for s in samples_of("mse")}
    assert len(seeds) == len(samples_of("mse"))


def test_the_secret_is_in_the_classroom_only(graded):
    course = graded("mse")
    assert [path.parent for path in course.root.rglob(".lossgrad-secret")] == [course.folder]


class TestExchange:
    def test_an_assignment_goes_out_and_its_feedback_comes_back(self, released, tmp_path):
        course = released.copy_to(tmp_path / "course")
        student = tmp_path / "student"
        student.mkdir()
        (student / "nbgrader_config.py").write_text(
            "c = get_config()\n"
            "c.CourseDirectory.course_id = 'lossgrad'\n"
            f"c.Exchange.root = {str(course.root / 'exchange')!r}\n"
        )

        def as_student(*command):
            code, output = classroom.commands().run(command, student, course.environment)
            assert code == 0, output

        course.run("nbgrader", "release_assignment", "mse")
        as_student("nbgrader", "fetch_assignment", "mse")
        solved = classroom.samples.submit(
            sample_named("mse", "prints-instead"),
            student / "mse" / "mse.ipynb",
            classroom.ROOT / "solutions" / "mse.py",
            tmp_path / "solved",
        )
        shutil.copy(solved, student / "mse" / "mse.ipynb")
        as_student("nbgrader", "submit", "mse")
        course.run("nbgrader", "collect", "mse")
        (name,) = [path.name for path in (course.folder / "submitted").iterdir()]
        course.through_api("autograde", "mse", name)
        course.run("nbgrader", "generate_feedback", "mse")
        course.run("nbgrader", "release_feedback", "mse")
        as_student("nbgrader", "fetch_feedback", "mse")

        assert course.score(name, "mse") == sample_named("mse", "prints-instead").score
        assert len(list(student.rglob("feedback/*/mse.html"))) == 1
        assert not list(student.rglob("*.record.json"))
        assert name in course.run("nbgrader", "db", "student", "list")


class TestFormgrader:
    """The button calls the Python interface, inside the server's running event loop."""

    STUDENTS = ("prints-instead", "moved-cells")

    def test_autograde_inside_an_event_loop(self, released, tmp_path, monkeypatch):
        course = released.copy_to(tmp_path / "course")
        students = [sample_named("mse", name) for name in self.STUDENTS]
        for name, value in course.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(course.root)

        async def press_the_button(sample):
            return open_course(course.root).api().autograde(sample.unit, sample.student)

        for sample in students:
            course.submit(sample)
            result = asyncio.run(press_the_button(sample))
            assert result["success"], result
        assert scores(course, students) == expected(students)

    @pytest.mark.server
    def test_autograde_over_http(self, released, tmp_path):
        course = released.copy_to(tmp_path / "course")
        students = [sample_named("mse", name) for name in self.STUDENTS]
        for sample in students:
            course.submit(sample)
        with server(course) as address:
            for sample in students:
                url = f"{address}/formgrader/api/submission/mse/{sample.student}/autograde"
                assert post(url)["success"]
            listed = get(f"{address}/formgrader/api/submissions/mse")
        assert scores(course, students) == expected(students)
        shown = {entry["student"]: entry["code_score"] for entry in listed if entry["autograded"]}
        assert shown == {s.student: pytest.approx(s.score) for s in students}


class server:
    """A Jupyter server with nbgrader's extension in a course folder."""

    def __init__(self, course: Classroom):
        self.course = course
        self.port = free_port()

    def __enter__(self):
        options = [
            f"--port={self.port}",
            "--ip=127.0.0.1",
            "--no-browser",
            "--allow-root",
            "--IdentityProvider.token=",
            "--ServerApp.disable_check_xsrf=True",
            "--ServerApp.jpserver_extensions=nbgrader.server_extensions.formgrader=True",
        ]
        self.log = (self.course.root / "server.log").open("w")
        self.process = subprocess.Popen(
            [BIN / "jupyter", "server", *options],
            cwd=self.course.root,
            env=self.course.environment,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        address = f"http://127.0.0.1:{self.port}"
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            try:
                get(f"{address}/api/status")
            except (urllib.error.URLError, ConnectionError):
                assert self.process.poll() is None, (self.course.root / "server.log").read_text()
                time.sleep(0.1)  # there is nothing to wait on before it listens
            else:
                return address
        raise TimeoutError((self.course.root / "server.log").read_text())

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=20)
        self.log.close()


def get(url):
    with urllib.request.urlopen(url, timeout=60) as answer:
        return json.load(answer)


def post(url):
    request = urllib.request.Request(url, data=b"", method="POST")
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


@pytest.mark.parametrize("unit", UNITS)
def test_a_stock_nbgrader_gives_the_same_scores(released, tmp_path, monkeypatch, unit):
    monkeypatch.setenv("MPLBACKEND", "agg")  # nobody looks at the figures
    course = released.copy_to(tmp_path / "course")
    config = course.root / "nbgrader_config.py"
    lines = config.read_text().splitlines()
    stock = [line for line in lines if "nbgrader_plugin" not in line]
    assert len(stock) == len(lines) - 2
    stock.append("c.Execute.timeout = 60")  # of which importing takes some in a cold kernel
    config.write_text("\n".join(stock))
    students = [s for s in samples_of(unit) if s.student not in NOT_IN_STOCK]
    for sample in students:
        course.submit(sample)
    with sockets() as settings:
        course.run("nbgrader", "autograde", unit, *as_options(settings))
    assert scores(course, students) == expected(students)
    assert not list(course.folder.rglob("*.record.json"))


def test_every_exception_of_a_stock_nbgrader_is_a_student():
    assert set(NOT_IN_STOCK) <= {s.student for s in SAMPLES}
