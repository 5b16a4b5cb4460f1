"""What is remembered of a cell's text is what IPython would work out again."""

import types

import pytest
from ipykernel import compiler
from IPython.core import interactiveshell
from IPython.core.inputtransformer2 import TransformerManager

from autograder.kernels import cell_texts

STOCK_NAME = compiler.murmur2_x86
STOCK_TEST = interactiveshell._should_be_async


@pytest.fixture
def manager(monkeypatch):
    monkeypatch.setattr(compiler, "murmur2_x86", STOCK_NAME)  # these are replaced, and put back
    monkeypatch.setattr(interactiveshell, "_should_be_async", STOCK_TEST)
    manager = TransformerManager()
    cell_texts.remember(manager)
    return manager


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "x = 1",
        "x = %timeit 1",
        "%%time\nf()",
        "  indented = 1\n  more = 2",
        ">>> prompt = 1",
        "np.mean?",
        "files = !ls",
        'text = """\n%no magic\n"""',
        "open = (1,",
    ],
)
def test_a_cell_is_transformed_as_ipython_does(manager, cell):
    expected = TransformerManager().transform_cell(cell)
    assert [manager.transform_cell(cell) for _ in range(2)] == [expected] * 2


def test_a_cell_that_ipython_refuses_is_refused_each_time(manager):
    for _ in range(2):
        with pytest.raises(SyntaxError):
            manager.transform_cell("if True:\n    x\n  y")


def test_each_text_is_transformed_once(manager, monkeypatch):
    seen = []
    real = TransformerManager.do_token_transforms
    monkeypatch.setattr(
        TransformerManager,
        "do_token_transforms",
        lambda self, lines: seen.append(lines) or real(self, lines),
    )
    for _ in range(3):
        manager.transform_cell("y = 2")
    assert len(seen) == 1


def test_nothing_is_remembered_beside_a_transform_of_the_student(manager):
    counted = []

    def count(lines):
        counted.append(lines)
        return [*lines, f"# {len(counted)}\n"]

    assert manager.transform_cell("x = 1") == "x = 1\n"
    manager.line_transforms.append(count)
    assert manager.transform_cell("x = 1") == "x = 1\n# 1\n"
    assert manager.transform_cell("x = 1") == "x = 1\n# 2\n"


@pytest.mark.parametrize("length", range(9))
def test_a_file_is_named_as_ipykernel_names_it(length):
    for text in ("def f(x)"[:length], "∂ŷé\n ab"[:length], "x" * (400 + length)):
        seed = compiler.get_tmp_hash_seed()
        assert cell_texts.murmur2(text, seed) == STOCK_NAME(text, seed)


def test_the_name_of_a_cell_s_file_is_the_stock_one(manager):
    stock = STOCK_NAME("x = 1", compiler.get_tmp_hash_seed())
    assert compiler.get_file_name("x = 1").endswith(f"{stock}.py")


@pytest.fixture
def tested(monkeypatch, manager):
    """The cells that are really tested for what they await."""
    tested = []
    ours = interactiveshell._should_be_async
    monkeypatch.setattr(ours, "_test", lambda cell: tested.append(cell) or STOCK_TEST(cell))
    return tested


@pytest.mark.parametrize(
    ("cell", "awaits"), [("x = 1\n", False), ("await f()\n", True), ("return 1\n", False)]
)
def test_a_prepared_cell_is_tested_once(manager, tested, cell, awaits):
    shell = types.SimpleNamespace(transform_cell=manager.transform_cell)
    cell_texts.prepare(shell, cell)
    assert [interactiveshell._should_be_async(cell) for _ in range(2)] == [awaits] * 2
    assert tested == [cell]


def test_one_that_warns_when_it_is_tested_goes_on_to_warn(manager, tested):
    shell = types.SimpleNamespace(transform_cell=manager.transform_cell)
    cell = "x = 1 is 1\n"
    cell_texts.prepare(shell, cell)
    for _ in range(2):
        with pytest.warns(SyntaxWarning, match="with a literal"):
            interactiveshell._should_be_async(cell)
    assert len(tested) == 3


def test_preparing_what_is_no_python_does_no_harm(manager, tested):
    shell = types.SimpleNamespace(transform_cell=manager.transform_cell)
    for cell in ("if True:\n    x\n  y", "\0", "(" * 300, "def f(:"):
        cell_texts.prepare(shell, cell)
        assert interactiveshell._should_be_async(cell) is False
