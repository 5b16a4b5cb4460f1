"""What is quoted from the course's texts."""

import re

import pytest

from autograder.practice.lessons import TARGET, rule, worked_example
from autograder.practice.plain_formulas import without_tex
from tests.practice.conftest import release
from tests.units import ROOT, UNITS


@pytest.mark.parametrize("unit", UNITS)
def test_every_task_has_its_rule_in_the_lesson(unit):
    lesson = (ROOT / "course" / "lessons" / f"{unit}.md").read_text(encoding="utf-8")
    tasks = list(release(unit, ROOT).tasks)
    assert sorted(re.findall(rf"^{TARGET.pattern}$", lesson, flags=re.M)) == sorted(tasks)
    for task in tasks:
        section = rule(ROOT, unit, task)
        assert f"\n## {section.title}\n" in lesson
        assert section.place.startswith(f"course/lessons/{unit}.md#")
        assert "```" not in section.text
        assert ")=" not in section.text.split("\n")[0]
        assert len(section.text) > 100


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_has_a_worked_example_with_code(unit):
    example = worked_example(ROOT, unit)
    assert example.title.startswith("A worked example")
    assert "**Define" in example.text
    assert example.text.count("```") == 2
    assert "def " in example.text


@pytest.mark.parametrize("unit", UNITS)
def test_no_tex_is_left_in_what_a_terminal_shows(unit):
    texts = [rule(ROOT, unit, task).text for task in release(unit, ROOT).tasks]
    for text in [*texts, worked_example(ROOT, unit).text]:
        assert not re.search(r"\$|\\[a-z]", without_tex(text).split("```")[0])


def test_a_section_is_quoted_as_it_is():
    section = rule(ROOT, "mse", "mse_grad")
    assert section.title == "The mean"
    assert section.place == "course/lessons/mse.md#the-mean"
    assert r"\frac2N (\hat y_n - y_n)" in section.text


def test_without_the_texts_nothing_is_quoted(tmp_path):
    assert rule(tmp_path, "mse", "mse") is None
    assert worked_example(tmp_path, "mse") is None
    assert rule(ROOT, "mse", "nothing") is None
