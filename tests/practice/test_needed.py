"""Which cells the checks of a task depend on."""

import pytest

from autograder.practice.needed import (
    digest,
    is_unfinished,
    needed,
    own_code,
    syntax_error,
)

IMPORTS = "import numpy as np\nimport matplotlib.pyplot as plt\nplt.rcParams.update({})"
FIGURE = "x = np.linspace(0, 1)\nplt.plot(x, mse(x, x))\nplt.show()"
MSE = "def mse(y, y_hat):\n    return np.mean((y - y_hat) ** 2)"


def test_figures_and_training_are_left_out():
    training = "w, losses = 0.0, []\nfor _ in range(9):\n    losses.append(mse(w, 1))"
    assert needed([IMPORTS, FIGURE, MSE, training, FIGURE], ["mse"]) == [0, 2]


@pytest.mark.parametrize(
    ("cells", "chosen"),
    [
        pytest.param(["h = 1", "def f():\n    return h"], [0, 1], id="a number"),
        pytest.param(["def f():\n    return g()", "def g():\n    return 1"], [0, 1], id="below"),
        pytest.param(["h = 1", "g = h + 1", "f = lambda: g"], [0, 1, 2], id="a chain"),
        pytest.param(["h = []", "h.append(1)", "f = lambda: h"], [0, 1, 2], id="a method"),
        pytest.param(["h = {}", "h['a'] = 1", "f = lambda: h"], [0, 1, 2], id="an entry"),
        pytest.param(["h = [1]", "fill(h)", "f = lambda: h"], [0, 1, 2], id="an argument"),
        pytest.param(["h = 1", "h += 1", "f = lambda: h"], [0, 1, 2], id="augmented"),
        pytest.param(["h = 1", "print(h)", "f = lambda: h"], [0, 2], id="only printed"),
        pytest.param(["y = 1", "def f(y):\n    return y"], [1], id="a parameter"),
        pytest.param(["i = 1", "f = lambda: [i for i in ()]"], [1], id="a comprehension's own"),
        pytest.param(
            ["def s():\n    global h\n    h = 2", "s()", "f = lambda: h", "g = 1"],
            [0, 1, 2, 3],
            id="a function that sets a global name",
        ),
        pytest.param(["exec('h = 1')", "f = lambda: 1"], [0, 1], id="exec may set any name"),
        pytest.param(["from math import *", "f = lambda: pi"], [0, 1], id="a star"),
        pytest.param(["%%time\nh = 1", "f = lambda: h"], [0, 1], id="a cell magic"),
        pytest.param(["%timeit 1 + 1", "!ls", "%check f", "f = 1"], [3], id="idle magics"),
        pytest.param(["f = 1", "f = 2"], [0, 1], id="twice"),
        pytest.param(["g = h", "h = 1", "f = lambda: g"], [0, 2], id="a later value is too late"),
        pytest.param(["def f(:", "g = 1"], [], id="no Python"),
        pytest.param(["class A:\n    h = k", "k = 1", "f = A"], [0, 2], id="a class runs at once"),
    ],
)
def test_what_a_function_depends_on(cells, chosen):
    assert needed(cells, ["f"]) == chosen


def test_comments_and_blanks_are_no_change():
    assert digest(["a = 1  # one", "b"]) == digest(["a  =  1\n\n", "b"])
    assert digest(["a = 1"]) != digest(["a = 2"])
    assert digest(["a = ("]) != digest(["a = (("])


def test_the_last_definition_is_ones_own_code():
    first, second = "def f():\n    return 1", "def f():\n    return 2"
    assert own_code([first, second], "f") == own_code(["x = 1\n" + second], "f")
    assert own_code([first], "f") != own_code([second], "f")
    assert own_code(["f = lambda: 1"], "f") != ""
    assert own_code(["g = 1", "f("], "f") == ""


@pytest.mark.parametrize(
    ("source", "unfinished"),
    [
        ("def f():\n    '''Doc.'''\n    # YOUR CODE HERE\n    raise NotImplementedError()", True),
        ("def f():\n    a = 1\n    raise NotImplementedError", True),
        ("def f(a):\n    if a:\n        raise NotImplementedError\n    return 1", False),
        ("def f():\n    return 1", False),
        ("f = 1", False),
    ],
)
def test_a_function_that_always_raises_is_unfinished(source, unfinished):
    assert is_unfinished([source], "f") == unfinished


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("f = (1", "'(' was never closed, line 1: `f = (1`"),
        ("def f():\n    a\nreturn 1", "'return' outside function, line 3: `return 1`"),
        ("f = 1", ""),
        ("%matplotlib inline\nawait f()", ""),
    ],
)
def test_a_syntax_error_is_told_with_its_line(source, told):
    assert syntax_error(source) == told
