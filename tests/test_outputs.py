"""Of the outputs of cells, text and pictures are kept, and nothing that a page would run."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.notebooknode import from_dict
from nbformat.v4 import new_code_cell, new_notebook, new_output
from nbformat.validator import validate

from autograder.outputs import MAX_OUTPUTS, MAX_TEXT, clean

SCRIPT = "<script>alert(1)</script>"


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def shown(**data):
    return new_output("display_data", {key.replace("_", "/"): value for key, value in data.items()})


def test_printed_text_stays():
    assert clean([stream("hello\n"), stream("oh", "stderr")]) == [
        stream("hello\n"),
        stream("oh", "stderr"),
    ]


def test_each_stream_becomes_one_output():
    pieces = [stream("a"), stream("1", "stderr"), stream("b"), shown(text_plain="x"), stream("c")]
    assert clean(pieces) == [stream("abc"), stream("1", "stderr"), shown(text_plain="x")]


@pytest.mark.parametrize(
    ("written", "seen"),
    [("10%\r50%\r100%\n", "100%\n"), ("a\r\nb\r\n", "a\nb\n"), ("\r", ""), ("a\rb\nc", "b\nc")],
)
def test_a_progress_bar_leaves_its_last_state(written, seen):
    assert clean([stream(written)]) == [stream(seen)]


@pytest.mark.parametrize(
    "mime",
    [
        "text/html",
        "image/svg+xml",
        "application/javascript",
        "application/vnd.jupyter.widget-view+json",
        "text/markdown",
    ],
)
def test_what_a_browser_would_run_goes_and_its_text_stays(mime):
    output = new_output("display_data", {mime: SCRIPT, "text/plain": "plain"})
    assert clean([output]) == [shown(text_plain="plain")]
    assert clean([new_output("display_data", {mime: SCRIPT})]) == []


def test_pictures_stay_if_they_are_base64():
    assert clean([new_output("display_data", {"image/png": "iVBORw0KGgo=\n"})])
    hostile = {"image/png": '" onerror="alert(1)', "text/plain": "figure"}
    assert clean([new_output("display_data", hostile)]) == [shown(text_plain="figure")]


def test_metadata_goes():
    output = new_output("display_data", {"text/plain": "x"}, metadata={"width": '"><script>'})
    assert clean([output])[0].metadata == {}


def test_a_traceback_stays_as_text():
    error = new_output("error", ename="ValueError", evalue="no", traceback=["a", "b"])
    assert clean([error]) == [error]


def test_long_text_is_cut():
    (kept,) = clean([stream("x" * (MAX_TEXT + 1))])
    assert len(kept.text) < MAX_TEXT + 100
    assert "cut off" in kept.text


def test_many_outputs_are_cut():
    kept = clean([shown(text_plain=str(i)) for i in range(MAX_OUTPUTS + 5)])
    assert len(kept) == MAX_OUTPUTS + 1
    assert "5 more outputs" in kept[-1].text


@pytest.mark.parametrize(
    "outputs",
    [
        pytest.param([stream("x" * 2_000_000)], id="one long line"),
        pytest.param([stream("x")] * 100_000, id="many pieces"),
        pytest.param([stream("x\r" * 1_000_000)], id="carriage returns"),
        pytest.param([stream("\b" * 2_000_000)], id="backspaces"),
        pytest.param([shown(text_plain="x")] * 20_000, id="many outputs"),
    ],
)
def test_it_takes_no_longer_for_hostile_outputs(outputs):
    start = time.process_time()
    clean(outputs)
    assert time.process_time() - start < 10


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4)
    ),
    max_leaves=10,
)
KINDS = st.sampled_from(["stream", "error", "display_data", "execute_result", "other"])
MIMES = st.sampled_from(["text/plain", "text/html", "image/png", "text/latex", "x"])
OUTPUT = st.fixed_dictionaries(
    {"output_type": KINDS | JSON},
    optional={
        "text": JSON,
        "name": JSON,
        "data": st.dictionaries(MIMES, JSON, max_size=3) | JSON,
        "metadata": JSON,
        "traceback": JSON,
        "ename": JSON,
        "evalue": JSON,
        "execution_count": JSON,
    },
)


@given(st.lists(OUTPUT, max_size=5))
def test_whatever_comes_a_valid_notebook_remains(outputs):
    cell = new_code_cell("x", id="x")
    cell.outputs = clean([from_dict(output) for output in outputs])
    validate(new_notebook(cells=[cell]))
