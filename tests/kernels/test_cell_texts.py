"""What is remembered of a cell's text is what IPython would work out again."""

import pytest
from ipykernel import compiler
from IPython.core.inputtransformer2 import TransformerManager

from autograder.kernels import cell_texts

STOCK_NAME = compiler.murmur2_x86


@pytest.fixture
def manager(monkeypatch):
    monkeypatch.setattr(compiler, "murmur2_x86", STOCK_NAME)  # is replaced, and put back
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
