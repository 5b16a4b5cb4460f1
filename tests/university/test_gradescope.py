"""Grades as Gradescope writes them."""

import csv

import pytest

from autograder.university.gradescope import GradescopeExport


@pytest.fixture
def export(university):
    def export(*units, **settings):
        report = university.export(GradescopeExport, *units, **settings)
        with report.path.open(encoding="utf-8", newline="") as file:
            return report, {line["SID"]: line for line in csv.DictReader(file, strict=True)}

    return export


def test_of_one_unit(university, export):
    university.student("ann", first_name="Ann", last_name="=Lee", email="ann@uni.example")
    university.graded("ann", auto=12, hand=1, late=3725)
    university.graded("conor", auto=1, hand=None)
    university.student("zoe")
    _, lines = export("mse")
    assert lines["ann"] == {
        "First Name": "Ann",
        "Last Name": "'=Lee",
        "SID": "ann",
        "Email": "ann@uni.example",
        "Sections": "",
        "Total Score": "13.00",
        "Max Points": "18.00",
        "Status": "Graded",
        "Submission ID": "",
        "Submission Time": "2026-03-01 13:02:05 +0000",
        "Lateness (H:M:S)": "01:02:05",
    }
    assert (lines["conor"]["Status"], lines["conor"]["Total Score"]) == ("Ungraded", "1.00")
    assert (lines["zoe"]["Status"], lines["zoe"]["Total Score"]) == ("Missing", "")


def test_of_several_units(university, export):
    university.graded("ann", auto=12, hand=1)
    _, lines = export("mse", "cross_entropy")
    assert lines["ann"]["mse"] == "13.00"
    assert lines["ann"]["cross_entropy - Max Points"] == "23.00"
    assert lines["ann"]["mse - Lateness (H:M:S)"] == "00:00:00"


def test_names_come_from_a_roster(university, export):
    university.graded("ann")
    university.graded("nobody")
    roster = 'Student,ID,SIS Login ID,Section\n"Lee, Ann",7,ann,Mon\n'
    report, lines = export("mse", roster=roster)
    (line,) = lines.values()
    assert (line["First Name"], line["Last Name"], line["Sections"]) == ("Ann", "Lee", "Mon")
    assert "nobody" in report.left_out[0]
