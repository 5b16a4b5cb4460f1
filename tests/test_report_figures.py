"""The pictures of the report: fit for a page, the same each time, nothing left to chance."""

import re
from xml.etree import ElementTree

import pytest

from autograder import report_figures
from autograder.report_figures import Progress, Row, histogram

HOSTILE = "</script><img src=x onerror=alert(1)> $\\frac$"
ROWS = [Row("mse", 5, 3, 1, 1), Row(HOSTILE, 0, 0, 0, 0)]
UNITS = [Progress("mse", 0.9, (0.5, 0.7, 0.9)), Progress(HOSTILE, 0.0, None)]
DRAWN = {
    "scores": lambda: report_figures.distribution([0.1, 0.7, 1.0], "a", HOSTILE),
    "tasks": lambda: report_figures.tasks(ROWS, "b", HOSTILE),
    "progress": lambda: report_figures.progress(UNITS, "c", HOSTILE),
}


@pytest.fixture(scope="module")
def drawn():
    return {name: draw() for name, draw in DRAWN.items()}


@pytest.mark.parametrize("name", DRAWN)
def test_it_is_one_element_with_words_in_its_place(drawn, name):
    root = ElementTree.fromstring(drawn[name])
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == HOSTILE
    assert "width" not in root.attrib


@pytest.mark.parametrize("name", DRAWN)
def test_it_is_the_same_each_time(drawn, name):
    assert DRAWN[name]() == drawn[name]


@pytest.mark.parametrize("name", DRAWN)
def test_it_holds_no_elements_but_those_of_a_drawing(drawn, name):
    tags = {
        element.tag.rpartition("}")[2] for element in ElementTree.fromstring(drawn[name]).iter()
    }
    assert tags <= {"svg", "g", "path", "text", "tspan", "use", "defs", "clipPath", "rect"}


@pytest.mark.parametrize("name", DRAWN)
def test_its_colours_are_those_of_the_page(drawn, name):
    assert "currentColor" in drawn[name]
    assert "var(--full)" in drawn[name]
    assert not re.search(r"(fill|stroke): ?#", drawn[name])


def test_ids_are_unique_on_the_page_and_all_of_them_are_used(drawn):
    page = "".join(drawn.values())
    ids = re.findall(r' id="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert set(ids) == set(re.findall(r'(?:url\(#|href="#)([^)"]*)', page))


def test_text_stays_text_and_is_never_a_formula(drawn):
    for name in ("tasks", "progress"):
        texts = [element.text for element in ElementTree.fromstring(drawn[name]).iter()]
        assert "mse" in texts
        assert HOSTILE in texts


def test_scores_are_counted_in_tenths():
    assert histogram([0.0, 0.05, 0.1, 0.7, 0.7000000001, 1.0, 0.99]) == [
        2,
        1,
        0,
        0,
        0,
        0,
        0,
        2,
        0,
        2,
    ]
    assert histogram([1 - 0.3, 0.1 + 0.2]) == [0, 0, 0, 1, 0, 0, 0, 1, 0, 0]
    assert histogram([]) == [0] * 10
