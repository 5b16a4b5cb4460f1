"""The record of a grading: written, read back, and of the documented form."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from autograder import records
from autograder.records import ChosenAttempt, RecordError
from autograder.results import CheckResult, TaskResult, Verdict
from tests.grading import RIGHT, graded

SCHEMA = json.loads((Path(records.__file__).parent / "record.schema.json").read_text("utf-8"))
WRONG = "def mse(y, y_hat):\n    return np.sum((y - y_hat) ** 2)"


def validate(data):
    """Raise `ValidationError` unless this is a record as the schema says."""
    kind = jsonschema.Draft202012Validator
    kind(SCHEMA, format_checker=kind.FORMAT_CHECKER).validate(data)


@pytest.fixture(scope="module")
def record():
    parts = [WRONG, "mse", RIGHT["mse_grad"], "mse_grad", "squared_error"]
    return graded(*parts, problems=("Ümlaute, «quotes» and\nlines",)).record


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_field_is_documented():
    def undocumented(schema):
        for name, field in schema.get("properties", {}).items():
            if "$ref" not in field and "description" not in field and "if" not in schema:
                yield name
        for each in schema.get("$defs", {}).values():
            yield from undocumented(each)

    assert list(undocumented(SCHEMA)) == []


def test_a_record_has_the_form_that_is_documented(record):
    validate(json.loads(records.to_json(record)))


def test_it_says_which_attempt_it_is(record):
    chosen = replace(
        record, attempt=ChosenAttempt(2, 3, "2026-03-01 12:00:00 UTC", "best", (1.5, 3.0))
    )
    validate(json.loads(records.to_json(chosen)))
    assert records.from_json(records.to_json(chosen)) == chosen


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "lossgrad-record/2"},
        {"score": -1},
        {"submission": "abc"},
        {"unknown": 1},
        {"tasks": [{"task": "mse"}]},
        {"versions": {}},
    ],
    ids=str,
)
def test_the_schema_refuses_what_is_no_record(record, change):
    data = json.loads(records.to_json(record)) | change
    with pytest.raises(jsonschema.ValidationError):
        validate(data)


def test_it_is_read_back_as_it_was_written(record):
    assert records.from_json(records.to_json(record)) == record


def test_verdicts_are_verdicts_again(record):
    again = records.from_json(records.to_json(record))
    kinds = {type(check.verdict) for task in again.tasks for check in task.checks}
    assert kinds == {Verdict}


def test_scores_are_sums_to_two_decimals(record):
    check = CheckResult("a", "It works.", 1.0, Verdict.PASSED)
    failed = replace(check, verdict=Verdict.FAILED, reason="No.")
    third = TaskResult("f", 1.0, (check, failed, failed))
    assert third.score == 0.33
    assert replace(record, tasks=(third, third, third)).score == 0.99
    assert replace(record, tasks=(third, third, third)).points == 3
    assert replace(record, tasks=()).score == 0


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "3", "{}", '{"schema": "lossgrad-record/1"}', '{"schema": "other"}'],
)
def test_what_is_no_record_is_said_to_be_none(tmp_path, text):
    path = tmp_path / "mse.record.json"
    path.write_text(text)
    with pytest.raises(RecordError, match="grade the submission again") as caught:
        records.read(path)
    assert str(path) in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"student": None},
        {"restarts": "often"},
        {"problems": [1]},
        {"tasks": [{"task": "mse", "points": "3", "checks": [], "problem": ""}]},
        {"tasks": [{"task": "mse", "points": float("nan"), "checks": [], "problem": ""}]},
        {"tasks": {}, "problems": None},
    ],
    ids=str,
)
def test_fields_of_a_wrong_type_make_no_record(record, change):
    text = json.dumps(json.loads(records.to_json(record)) | change)
    with pytest.raises(RecordError, match="grade the submission again"):
        records.from_json(text)


@pytest.mark.parametrize(
    "change",
    [{"weight": "1"}, {"sentence": None}, {"hint": 1}, {"verdict": "maybe"}, {"unknown": 1}],
    ids=str,
)
def test_checks_of_a_wrong_type_make_no_record(record, change):
    data = json.loads(records.to_json(record))
    data["tasks"][0]["checks"][0] |= change
    with pytest.raises(RecordError, match="grade the submission again"):
        records.from_json(json.dumps(data))


def test_a_record_that_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(RecordError, match="grade the submission first"):
        records.read(tmp_path / "mse.record.json")


def test_all_records_of_some_folders_are_read(tmp_path, record):
    for student in ("bea", "ann"):
        folder = tmp_path / student
        folder.mkdir()
        text = records.to_json(replace(record, student=student))
        (folder / f"mse{records.SUFFIX}").write_text(text)
        (folder / "other.json").write_text("{}")
    found = records.read_all(list(tmp_path.iterdir()))
    assert [each.student for each in found] == ["ann", "bea"]


def test_everything_with_a_say_in_a_grade_is_named():
    assert {"python", "lossgrad", "numpy", "nbgrader"} <= set(records.versions())
