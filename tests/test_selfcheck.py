"""The checks that students run themselves: what they accept, and what they say otherwise."""

import importlib.util
import sys
import types
from pathlib import Path

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

SELFCHECK = Path(__file__).parents[1] / "exercises" / "selfcheck.py"
AT = ([1.0, 2.0], [1.5, 0.0])


def load():
    spec = importlib.util.spec_from_file_location("selfcheck", SELFCHECK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def selfcheck(monkeypatch):
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    return load()


@pytest.fixture
def notebook(monkeypatch):
    """The module in which a student's functions live."""
    module = types.ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", module)
    module.mse = lambda y, y_hat: np.mean((y - y_hat) ** 2)
    module.mse_grad = lambda y, y_hat: 2 * (y_hat - y) / len(y)
    module.linear = lambda x, w, b: np.sum((x * w + b) ** 2)
    module.linear_grad = lambda x, w, b: (
        2 * np.sum(x * (x * w + b)),
        2 * np.sum(x * w + b),
    )
    return module


def say(check, *args, **kwargs):
    """Return the sentence with which a check fails."""
    with pytest.raises(Exception, match=r".") as caught:
        check(*args, **kwargs)
    assert type(caught.value).__name__ == "CheckFailed", repr(caught.value)
    return str(caught.value)


def test_is_short_and_needs_numpy_only():
    source = SELFCHECK.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 170
    imported = {
        line.split()[1] for line in source.splitlines() if line.startswith(("import", "from"))
    }
    assert imported - sys.stdlib_module_names == {"numpy"}


# What is right


def test_right_value_is_one_friendly_line(selfcheck, notebook, capsys):
    selfcheck.check_value("mse", at=AT, expected=2.125)
    line = "mse: right at this point. Shape and inputs are fine. The graded run also tests more.\n"
    assert capsys.readouterr().out == line


def test_right_gradient_is_one_friendly_line(selfcheck, notebook, capsys):
    selfcheck.check_gradient("mse_grad", of="mse", at=AT, wrt=1)
    assert capsys.readouterr().out == (
        "mse_grad: agrees with the slope of your own mse at this point. "
        "Shape and inputs are fine. The graded run also tests more.\n"
    )


def test_several_gradients_of_scalars(selfcheck, notebook):
    selfcheck.check_gradient("linear_grad", of="linear", at=([1.0, 2.0], 3.0, 4.0), wrt=(1, 2))


def test_gradients_of_a_tuple_of_arrays(selfcheck, notebook):
    def loss(x, line):
        return notebook.linear(x, *line)

    at = (np.array([1.0, 2.0]), (np.array([3.0, 1.0]), 4.0))
    notebook.line_grad = lambda x, line: (2 * x * (x * line[0] + line[1]), 26.0)
    selfcheck.check_gradient("line_grad", of=loss, at=at, wrt=1)
    notebook.line_grad = lambda x, line: (2 * x * (x * line[0] + line[1]), 20.0)
    said = say(selfcheck.check_gradient, "line_grad", of=loss, at=at, wrt=1)
    assert said == "line_grad: your gradient is 20, the slope of your own loss is 26."


def test_loss_may_be_a_function(selfcheck, notebook, capsys):
    def loss(X, y, w):
        return notebook.mse(y, X @ w)

    notebook.fit_grad = lambda X, y, w: X.T @ notebook.mse_grad(y, X @ w)
    at = ([[1.0, 2.0], [3.0, 4.0], [0.0, 1.0]], [1.0, 0.0, 2.0], [0.5, -1.0])
    selfcheck.check_gradient("fit_grad", of=loss, at=at, wrt=2)
    assert "your own loss" in capsys.readouterr().out


def test_elementwise_loss(selfcheck, notebook):
    notebook.half = lambda y, y_hat: (y - y_hat) ** 2 / 2
    notebook.half_grad = lambda y, y_hat: y_hat - y
    selfcheck.check_gradient("half_grad", of="half", at=AT, wrt=1)


@pytest.mark.parametrize("style", [list, tuple, np.float32, lambda a: np.ma.array(a)])
def test_other_containers_of_numbers(selfcheck, notebook, style):
    gradient = notebook.mse_grad
    notebook.mse_grad = lambda y, y_hat: style(gradient(y, y_hat))
    selfcheck.check_gradient("mse_grad", of="mse", at=AT, wrt=1)


def test_loss_in_float32_still_has_a_slope(selfcheck, notebook):
    loss = notebook.mse
    notebook.mse = lambda y, y_hat: loss(y.astype(np.float32), y_hat.astype(np.float32))
    selfcheck.check_gradient("mse_grad", of="mse", at=AT, wrt=1)


def test_steep_loss_has_a_slope(selfcheck, notebook):
    notebook.surprise = lambda p: -np.mean(np.log(p))
    notebook.surprise_grad = lambda p: -1 / p / p.size
    selfcheck.check_gradient("surprise_grad", of="surprise", at=([0.005, 0.5],), wrt=0)


def test_several_values_may_come_as_a_list(selfcheck, notebook):
    notebook.two = lambda x: [x.sum(), 2 * x]
    selfcheck.check_value("two", at=([1.0, 2.0],), expected=(3.0, [2.0, 4.0]))


def test_arguments_arrive_as_promised(selfcheck, notebook):
    seen = {}
    notebook.probe = lambda *args: seen.update(enumerate(args)) or 1.0
    labels = np.array([0, 2])
    selfcheck.check_value("probe", at=([[1, 2]], 3, 0.5, abs, labels), expected=1)
    assert seen[0].dtype == float
    assert seen[0].shape == (1, 2)
    assert isinstance(seen[1], int)
    assert isinstance(seen[2], float)
    assert seen[3] is abs
    assert seen[4].dtype == labels.dtype
    assert seen[4] is not labels


def test_graded_run_does_its_own_checks(monkeypatch, notebook, capsys):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    selfcheck = load()
    selfcheck.check_value("missing", at=(), expected=1)
    selfcheck.check_gradient("missing", of="missing", at=(), wrt=0)
    selfcheck.check_text("missing", keys=("a",))
    assert capsys.readouterr().out == ""


def test_what_goes_to_stderr_is_shown_elsewhere(selfcheck, notebook, capsys):
    """Because `nbgrader validate` takes a cell with a warning on stderr for a failed one."""

    def mse(y, y_hat):
        print("careful", file=sys.stderr)
        return np.mean((y - y_hat) ** 2)

    notebook.mse = mse
    selfcheck.check_value("mse", at=AT, expected=2.125)
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.startswith("careful\nmse: right at this point.")


# What is wrong, and the sentence about it


def unwritten(y, y_hat):
    raise NotImplementedError


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (None, "mse_grad does not exist yet. Run the cell that defines it."),
        (3.0, "mse_grad is not a function. Run the cell that defines it."),
        (unwritten, "unwritten is not written yet."),
        (lambda y, y_hat: 1 / 0, "mse_grad stops with ZeroDivisionError: division by zero"),
        (lambda y: y, "mse_grad stops with TypeError: "),
        (lambda y, y_hat: None, "mse_grad: it returns nothing; did you print instead of return?"),
        (lambda y, y_hat: "2 r", "mse_grad should return numbers, it returns str."),
        (lambda y, y_hat: [[1], [1, 2]], "mse_grad should return numbers, it returns list."),
        (lambda y, y_hat: y > 0, "mse_grad should return numbers, it returns ndarray."),
        (lambda y, y_hat: y_hat * 1j, "mse_grad should return numbers, it returns ndarray."),
        (lambda y, y_hat: 1.0, "mse_grad returns a single number, expected is shape (2,)."),
        (
            lambda y, y_hat: (y_hat - y)[:, None],
            "mse_grad returns shape (2, 1), expected is shape (2,).",
        ),
        (
            lambda y, y_hat: np.subtract(y_hat, y, out=y_hat),
            "mse_grad changes its arguments. Work on copies of them.",
        ),
        (
            lambda y, y_hat: 2 * (y_hat - y),
            "mse_grad: your gradient at index 1 is -4, the slope of your own mse is -2.",
        ),
        (
            lambda y, y_hat: np.array([0.5, np.nan]),
            "mse_grad: your gradient at index 1 is nan, the slope of your own mse is -2.",
        ),
    ],
)
def test_wrong_gradient(selfcheck, notebook, function, sentence):
    if function is None:
        del notebook.mse_grad
    else:
        notebook.mse_grad = function
    said = say(selfcheck.check_gradient, "mse_grad", of="mse", at=AT, wrt=1)
    assert said.startswith(sentence)


@pytest.mark.parametrize("factor", [1.001, 2.0, -1.0, 0.0, 0.5])
def test_every_wrong_factor_is_found(selfcheck, notebook, factor):
    gradient = notebook.mse_grad
    notebook.mse_grad = lambda y, y_hat: factor * gradient(y, y_hat)
    said = say(selfcheck.check_gradient, "mse_grad", of="mse", at=AT, wrt=1)
    assert said.startswith("mse_grad: your gradient at index 1 is ")


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (2.0, "mse: your result is 2, the expected value is 2.125."),
        (2.12501, "mse: your result is 2.12501, the expected value is 2.125."),
        (float("nan"), "mse: your result is nan, the expected value is 2.125."),
        (float("inf"), "mse: your result is inf, the expected value is 2.125."),
        ([2.125], "mse returns shape (1,), expected is a single number."),
    ],
)
def test_wrong_value(selfcheck, notebook, result, sentence):
    notebook.mse = lambda y, y_hat: result
    assert say(selfcheck.check_value, "mse", at=AT, expected=2.125) == sentence


def test_worst_place_of_a_matrix(selfcheck, notebook):
    notebook.twice = lambda x: x
    said = say(
        selfcheck.check_value, "twice", at=([[0.0, 1.0], [2.0, 0.0]],), expected=[[0, 2], [4, 0]]
    )
    assert said == "twice: your result at index 1, 0 is 2, the expected value is 4."


@pytest.mark.parametrize("result", [1.0, (1.0,), (1.0, 2.0, 3.0), np.array([1.0, 2.0])])
def test_wrong_number_of_values(selfcheck, notebook, result):
    notebook.linear_grad = lambda x, w, b: result
    at = ([1.0, 2.0], 3.0, 4.0)
    said = say(selfcheck.check_gradient, "linear_grad", of="linear", at=at, wrt=(1, 2))
    assert said == "linear_grad should return 2 values, with commas between them."


def test_loss_that_is_not_written(selfcheck, notebook):
    notebook.mse = unwritten
    said = say(selfcheck.check_gradient, "mse_grad", of="mse", at=AT, wrt=1)
    assert said == "unwritten is not written yet."


def test_loss_without_a_value(selfcheck, notebook):
    notebook.mse = lambda y, y_hat: None
    said = say(selfcheck.check_gradient, "mse_grad", of="mse", at=AT, wrt=1)
    assert said == "mse: it returns nothing; did you print instead of return?"


def test_infinite_loss_has_no_slope(selfcheck, notebook):
    notebook.mse = lambda y, y_hat: np.inf
    said = say(selfcheck.check_gradient, "mse_grad", of="mse", at=AT, wrt=1)
    assert said.endswith("the slope of your own mse is nan.")


def test_change_inside_a_dict_is_seen(selfcheck, notebook):
    def forward(params):
        params["w"] *= 2
        return 1.0

    notebook.forward = forward
    said = say(selfcheck.check_value, "forward", at=({"w": np.ones(2)},), expected=1)
    assert said == "forward changes its arguments. Work on copies of them."


# Formulas


def test_formulas_that_parse(selfcheck, notebook, capsys):
    notebook.symbolic = lambda: {"a": "2 * x", "b": " -sin(x) ** 2 "}
    selfcheck.check_text("symbolic", keys=("a", "b"))
    assert capsys.readouterr().out.startswith("symbolic: every answer can be read.")


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ("2 * x", "symbolic should return a dict with a text in quotes under 'a'."),
        ({"b": "x"}, "symbolic should return a dict with a text in quotes under 'a'."),
        ({"a": 2.0}, "symbolic should return a dict with a text in quotes under 'a'."),
        ({"a": "2 x"}, "symbolic: cannot read '2 x'. Write 2*x, x**2, exp(x)."),
        ({"a": "x^2"}, "symbolic: cannot read 'x^2'. Write 2*x, x**2, exp(x)."),
        ({"a": ""}, "symbolic: cannot read ''. Write 2*x, x**2, exp(x)."),
        ({"a": "x\0"}, r"symbolic: cannot read 'x\x00'. Write 2*x, x**2, exp(x)."),
    ],
)
def test_formulas_that_do_not(selfcheck, notebook, texts, sentence):
    notebook.symbolic = lambda: texts
    assert say(selfcheck.check_text, "symbolic", keys=("a",)) == sentence


# In Jupyter


def test_jupyter_shows_the_sentence_and_no_traceback(selfcheck, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "__main__", types.ModuleType("__main__"))
    monkeypatch.setitem(sys.modules, "selfcheck", selfcheck)
    shell = InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}))
    shell.run_cell(
        "from selfcheck import check_value\ndef mse(y):\n    raise NotImplementedError()"
    )
    result = shell.run_cell('check_value("mse", at=([1.0],), expected=0.0)')
    assert not result.success
    assert capsys.readouterr().out == "mse is not written yet.\n"
