"""What only the gradebook knows, read without a trace, and nothing of it where there is none."""

from datetime import datetime, timedelta

import pytest
from nbgrader.api import (
    Assignment,
    Base,
    Grade,
    GradeCell,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from autograder.report_gradebook import read_gradebook

DUE = datetime(2026, 10, 12, 12)


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory):
    """A gradebook in a folder of an awkward name: four students, one unit with a due date."""
    path = tmp_path_factory.mktemp("a course & more #1") / "gradebook.db"
    engine = create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        mse = Assignment(name="mse", duedate=DUE, course_id="lossgrad")
        other = Assignment(name="hinge", course_id="lossgrad")
        notebook = Notebook(name="mse", assignment=mse)
        cell = GradeCell(name="why", notebook=notebook, max_score=2, cell_type="markdown")
        session.add_all([mse, other, notebook, cell])
        for name, late, extension, open_question in (
            ("ann", timedelta(0), None, False),
            ("bea", timedelta(hours=3), None, True),
            ("cem", timedelta(days=2), timedelta(days=1), False),
            ("dov", timedelta(hours=3), timedelta(days=1), False),
        ):
            student = Student(id=name, first_name=name.title(), last_name="Ö'Neil")
            submission = SubmittedAssignment(
                assignment=mse, student=student, timestamp=DUE + late, extension=extension
            )
            submitted = SubmittedNotebook(assignment=submission, notebook=notebook)
            grade = Grade(notebook=submitted, cell=cell, needs_manual_grade=open_question)
            session.add_all([student, submission, submitted, grade])
        session.add(Student(id="eve"))
        session.commit()
    engine.dispose()
    return path


@pytest.fixture(scope="module")
def known(gradebook):
    return read_gradebook(f"sqlite:///{gradebook}")


def test_it_knows_who_takes_part_and_who_handed_in(known):
    assert known.fault == ""
    assert known.names == {n: f"{n.title()} Ö'Neil" for n in ("ann", "bea", "cem", "dov")} | {
        "eve": ""
    }
    assert known.submitted == {"mse": {"ann", "bea", "cem", "dov"}}


def test_late_is_what_came_after_the_due_date_and_its_extension(known):
    assert known.due == {"mse": DUE}
    assert known.late == {"mse": {"bea": 3 * 3600, "cem": 24 * 3600}}


def test_it_knows_whose_answers_wait_for_a_human(known):
    assert known.by_hand == {"mse": {"bea"}}


def test_it_is_read_without_a_trace(gradebook, known):
    before = (
        gradebook.read_bytes(),
        gradebook.stat().st_mtime_ns,
        sorted(gradebook.parent.iterdir()),
    )
    gradebook.chmod(0o400)
    read_gradebook(f"sqlite:///{gradebook}")
    after = gradebook.read_bytes(), gradebook.stat().st_mtime_ns, sorted(gradebook.parent.iterdir())
    assert after == before


def test_a_missing_one_is_told_and_not_made(tmp_path):
    known = read_gradebook(f"sqlite:///{tmp_path}/gradebook.db")
    assert known.fault == f"there is no gradebook {tmp_path}/gradebook.db"
    assert known.names == {}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_a_broken_one_is_told(tmp_path, content):
    path = tmp_path / "gradebook.db"
    path.write_bytes(content)
    known = read_gradebook(f"sqlite:///{path}")
    assert known.fault.startswith("the gradebook cannot be read: ")
    assert "\n" not in known.fault
    assert path.read_bytes() == content


@pytest.mark.parametrize("url", ["", "nonsense", "mysql+nonsense://x/y"])
def test_an_address_that_is_none_is_told(url):
    assert "gradebook" in read_gradebook(url).fault
