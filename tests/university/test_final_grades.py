"""Final grades: those of nbgrader, read at once for the whole class."""

import pytest
from sqlalchemy import event

from autograder.course import CourseError
from autograder.university import final_grades
from autograder.university.final_grades import State


def test_they_are_those_that_nbgrader_computes(university):
    university.graded("ann", auto=12.5, hand=2, late=60, penalty=1)
    university.graded("conor", auto=3, hand=None)
    with university.book() as book:
        book.find_grade("why", "mse", "mse", "ann").extra_credit = 0.75
        book.db.commit()
    with university.book() as book:
        found = final_grades.grades(book, "mse")
        for student, grade in found.items():
            theirs = book.find_submission("mse", student)
            penalty = theirs.late_submission_penalty or 0
            assert grade.score == theirs.score - penalty
            assert grade.points == theirs.max_score == 18
            assert grade.seconds_late == theirs.total_seconds_late
            assert (grade.state is State.HAND_GRADING_OPEN) == theirs.needs_manual_grade
    assert found["ann"].score == 14.25


def test_an_extension_is_no_lateness(university):
    university.graded("ann", late=60)
    with university.book() as book:
        book.grant_extension("mse", "ann", minutes=1)
        assert final_grades.grades(book, "mse")["ann"].seconds_late == 0
        book.update_or_create_assignment("mse", duedate=None)
        assert final_grades.grades(book, "mse")["ann"].seconds_late == 0


def test_what_has_no_score_is_not_graded(university):
    university.graded("ann", auto=None, hand=2)
    with university.book() as book:
        book.add_submission("cross_entropy", "ann")
        assert final_grades.grades(book, "mse")["ann"].score is None
        grade = final_grades.grades(book, "cross_entropy")["ann"]
        assert (grade.score, grade.state) == (None, State.NOT_GRADED)


def test_a_class_takes_as_many_queries_as_a_student(university):
    def queries():
        seen = []
        with university.book() as book:
            event.listen(book.engine, "before_cursor_execute", lambda *_: seen.append(1))
            final_grades.grades(book, "mse")
        return len(seen)

    university.graded("ann")
    one = queries()
    for number in range(5):
        university.graded(f"s{number}")
    assert queries() == one


def test_an_unknown_assignment_is_told(university):
    with university.book() as book, pytest.raises(CourseError, match="No assignment hinge is in"):
        final_grades.assignments(book, ["mse", "hinge"])
