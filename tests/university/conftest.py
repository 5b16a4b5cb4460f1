"""A course with a gradebook and no kernels: students, scores and hand-ins are put there by hand."""

import json
import shutil
from datetime import datetime, timedelta

import pytest
from nbgrader.api import Gradebook

from tests.classroom import found, once

DUE = datetime(2026, 3, 1, 12)


class University:
    """A course folder, and short ways to say who did what in it."""

    def __init__(self, classroom):
        self.classroom = classroom
        self.root, self.folder = classroom.root, classroom.folder

    @property
    def course(self):
        return self.classroom.course

    def book(self):
        return Gradebook(f"sqlite:///{self.folder}/gradebook.db", "lossgrad")

    def student(self, student, **about):
        with self.book() as book:
            book.update_or_create_student(student, **about)

    def graded(self, student, unit="mse", auto=10.0, hand=3.0, late=0, penalty=0.0):
        """Record a grade; `hand` is None while the hand-graded part is open."""
        with self.book() as book:
            book.update_or_create_student(student)
            book.update_or_create_submission(
                unit, student, timestamp=DUE + timedelta(seconds=late or -60)
            )
            checks = book.find_grade("checks", unit, unit, student)
            checks.auto_score, checks.needs_manual_grade = auto, False
            why = book.find_grade("why", unit, unit, student)
            why.manual_score, why.needs_manual_grade = hand, hand is None
            notebook = book.find_submission_notebook(unit, unit, student)
            notebook.late_submission_penalty = penalty
            book.db.commit()

    def export(self, plugin, *units, roster="", **settings):
        """Let an export plugin write `out.csv`, with the text of a roster; return its report."""
        if roster:
            settings["roster"] = str(self.write("roster.csv", roster))
        to = str(self.root / "out.csv")
        with self.book() as book:
            return plugin(to=to, assignment=list(units), **settings).export(book)

    def write(self, name, text, encoding="utf-8"):
        path = self.root / name
        path.write_bytes(text.encode(encoding))
        return path

    def submitted(self, student, unit="mse"):
        return self.folder / "submitted" / student / unit


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """A gradebook of two units; nbgrader takes seconds to make one."""

    def make(folder):
        folder.mkdir()
        with Gradebook(f"sqlite:///{folder}/gradebook.db", "lossgrad") as book:
            for unit, points in (("mse", 15), ("cross_entropy", 20)):
                book.add_assignment(unit, duedate=DUE)
                book.add_notebook(unit, unit)
                book.add_grade_cell("checks", unit, unit, max_score=points, cell_type="code")
                book.add_grade_cell("why", unit, unit, max_score=3, cell_type="markdown")
                book.add_solution_cell("answer", unit, unit)

    return once(tmp_path_factory, "gradebook-of-two", make).root / "gradebook.db"


@pytest.fixture
def university(tmp_path, template, monkeypatch):
    classroom = found(tmp_path / "course")
    for name, value in classroom.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(classroom.root)
    for unit in ("mse", "cross_entropy"):
        release = classroom.folder / "release" / unit
        release.mkdir(parents=True)
        (release / f"{unit}.ipynb").write_text(notebook("released"))
    shutil.copy(template, classroom.folder / "gradebook.db")
    return University(classroom)


def notebook(text):
    cell = {"cell_type": "markdown", "metadata": {}, "source": text}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
