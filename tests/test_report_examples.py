"""Examples of mistakes: of use to a class, and nobody can tell whose they are."""

import ast
import json

import pytest

from autograder.report_examples import Example, anonymised, from_students, of_ours, vocabulary
from solutions.misconceptions import misconceptions_of
from tests.units import ROOT, UNITS

COMMON = vocabulary(ROOT / "solutions", "mse")
PERSONAL = '''
# Zoë Müller, 7654321
import numpy as np

zoe = "Zoë Müller"

@zoes_decorator("Zoë")
def mse(y, y_hat, zoes_weight=7654321) -> "Zoë":
    """Zoë Müller, zoe@example.org"""
    "Zoë again"
    f"and {zoe} again"
    residual: "Zoë" = y - y_hat  # Zoë
    zoes_mean = np.mean(residual**2)
    print("Zoë", f"Müller {zoes_mean}", b"zoe", 3.14159265, 7654321j, name="Zoë")
    for müller in range(3):
        zoes_mean.zoe += müller
    with np.errstate(zoe="ignore") as zoe_context:
        assert zoes_mean, "Zoë"
    zoes = {"Zoë": [m for m in (zoe, *zoe_list)], **zoe_dict}
    helper = lambda zoe_argument: zoe_argument
    return helper(zoes_mean)
'''


def notebook(*sources, task="mse"):
    cells = [
        {"cell_type": "code", "source": s, "metadata": {"nbgrader": {"grade_id": task}}}
        for s in sources
    ]
    return json.dumps({"cells": cells}).encode()


def test_what_may_be_personal_is_not_shown():
    shown = anonymised(PERSONAL, "mse", COMMON)
    assert shown
    for trace in ("zoe", "zoë", "müller", "7654321", "14159", "example.org"):
        assert trace not in shown.lower()


def test_what_is_common_to_the_course_is_shown():
    shown = anonymised(PERSONAL, "mse", COMMON)
    assert shown.startswith("def mse(y, y_hat, name1=…):\n    residual = y - y_hat\n")
    assert "name2 = np.mean(residual ** 2)" in shown
    assert shown.endswith("return helper(name2)") or "return name" in shown


def test_a_name_has_one_new_name_throughout():
    source = (
        "def mse(y, y_hat):\n    annas = y - y_hat\n    bens = annas**2\n    return annas + bens"
    )
    assert anonymised(source, "mse", COMMON).splitlines()[1:] == [
        "    name1 = y - y_hat",
        "    name2 = name1 ** 2",
        "    return name1 + name2",
    ]


@pytest.mark.parametrize(
    ("number", "shown"),
    [("1e-12", "1e-12"), ("0.001", "0.001"), ("1000000", "1000000"), ("2024", "2024")],
)
def test_numbers_of_formulas_are_kept(number, shown):
    assert anonymised(f"def mse(y):\n    return {number}", "mse", COMMON).endswith(f" {shown}")


@pytest.mark.parametrize("number", ["12345", "491701234567", "0.12345", "1234.5", "12345e300"])
def test_numbers_that_may_be_a_persons_are_not(number):
    assert anonymised(f"def mse(y):\n    return {number}", "mse", COMMON).endswith("return …")


@pytest.mark.parametrize(
    "source",
    [
        "",
        "def other(y):\n    return y",
        "def mse(y:\n    return",
        "%matplotlib inline\ndef mse(y):\n    return y",
        "class mse: pass",
        "def mse(y):\n    import antigravity\n    return y",
        "def mse(y):\n    try:\n        return y\n    except ValueError as zoe:\n        pass",
        "def mse(y):\n    global zoe\n    return y",
        "def mse(y):\n    match y:\n        case zoe:\n            return y",
        "def mse(y):\n    return (zoe := y)",
        "def mse(y):\n    yield y",
        "def mse(y):\n    class Zoe: pass",
        "async def mse(y):\n    return y",
        "def mse(y):\n    return '\0'",
        "def mse(y):\n    return '\ud800",
        "def mse(y):\n    return " + "-" * 4_500 + "1",
        "def mse(y):\n    return " + "(" * 3_000,
        "def mse(y):\n    return " + "[" * 90 + "1" + "]" * 90,
        "def mse(y):\n    return " + "y" + "[y" * 190 + "]" * 190,
        "def mse(y):\n    return " + "lambda:" * 600 + "1",
        "def mse(y):\n    return y" + ".T" * 2_000,
        "def mse(y):\n    return " + "+".join("y" * 2_000),
        "def mse(y):\n" + "    y = y\n" * 30,
        "def mse(y):\n    return y" + " + y" * 40,
        "# Zoë\n" * 2_000 + "def mse(y):\n    return y",
    ],
    ids=lambda source: source[:40],
)
def test_what_is_not_understood_in_full_is_not_shown(source):
    assert anonymised(source, "mse", COMMON) == ""


def test_strange_escapes_in_a_text_are_no_warning():
    assert anonymised("def mse(y):\n    '\\d'\n    return '\\d'", "mse", COMMON)


def test_the_most_usual_form_is_taken_and_counted():
    rare = notebook("def mse(y, y_hat):\n    return y")
    usual = [
        notebook(f"# {who}\ndef mse(y, y_hat):\n    {who} = y - y_hat\n    return {who}")
        for who in ("anna", "bela")
    ]
    broken = [b"no notebook", notebook("def mse(:"), notebook("x", task="other")]
    example = from_students([rare, *broken, *usual], "mse", COMMON)
    shown = "def mse(y, y_hat):\n    name1 = y - y_hat\n    return name1"
    assert example == Example(shown, 2)


def test_reading_stops_when_there_are_enough():
    answer = notebook("def mse(y, y_hat):\n    return y")

    def endless():
        while True:
            yield answer

    assert from_students(endless(), "mse", COMMON, wanted=5).people == 5


def test_the_last_cell_of_a_task_counts_as_in_the_grading():
    content = notebook("def mse(y):\n    return 1", "def mse(y):\n    return 2")
    assert from_students([content], "mse", COMMON).code.endswith("return 2")


def test_without_an_answer_that_may_be_shown_there_is_none():
    assert from_students([], "mse", COMMON) is None
    assert from_students([notebook("x = 1")], "mse", COMMON) is None


@pytest.mark.parametrize("unit", UNITS)
def test_our_own_examples_are_functions_of_the_tasks_name(unit):
    for misconception in misconceptions_of(unit):
        example = of_ours(misconception)
        (function,) = ast.parse(example.code).body
        assert function.name == misconception.task
        assert not function.decorator_list
        assert example.people == 0


@pytest.mark.parametrize("unit", UNITS)
def test_what_students_commonly_write_keeps_its_names(unit):
    common = vocabulary(ROOT / "solutions", unit)
    for misconception in misconceptions_of(unit)[:40]:
        shown = anonymised(of_ours(misconception).code, misconception.task, common)
        assert "name1" not in shown
