"""Figures drawn in less time are the same, and nothing remains of how it was done."""

import functools
import types
import warnings

import matplotlib
import numpy as np
import pytest
from IPython.core.formatters import PNGFormatter
from IPython.core.pylabtools import print_figure
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from autograder.kernels import drawing


def formatter():
    made = PNGFormatter()
    made.for_type(Figure, functools.partial(print_figure, fmt="png", base64=True))
    return made


@pytest.fixture
def quick():
    made = formatter()
    drawing.install(
        types.SimpleNamespace(
            display_formatter=types.SimpleNamespace(formatters={"image/png": made})
        )
    )
    return made


def figure(rows=1, columns=1, **options):
    made = Figure(**options)
    FigureCanvasAgg(made)
    made.subplots(rows, columns, squeeze=False, sharex=True, sharey=columns > 1)
    return made


def curves():
    made = figure(2, figsize=(5, 3))
    for axes, power in zip(made.axes, (1, 5), strict=True):
        axes.plot(np.arange(9.0) ** power * 1e7, "o--", label=f"$x^{power}$")
        axes.set(title="title", xlabel="x", ylabel=r"$\hat y$")
        axes.legend()
    return made


def wide_and_narrow():
    made = figure(1, 3, figsize=(6, 2), layout="constrained")
    made.axes[0].set_xlim(1e6, 1e6 + 2)
    made.axes[1].annotate("here", (1e6, 0.5), (1e6 + 1, 0), arrowprops={"arrowstyle": "->"})
    made.colorbar(made.axes[2].contourf([[1, 2], [3, 4]]), ax=made.axes[2])
    return made


def logarithms():
    made = figure(1, 2, figsize=(6, 3), layout="tight")
    made.axes[0].loglog([1, 10, 900], [1e-9, 1, 2])
    made.axes[1].text(3, 0.1, "a box\n$x^2$", bbox={"fc": "w"}, rotation=30, wrap=True)
    made.axes[1].minorticks_on()
    return made


@pytest.mark.parametrize("make", [curves, wide_and_narrow, logarithms])
def test_figures_are_the_same_to_the_last_byte(quick, make):
    shown, usual, stock = make(), make(), formatter()
    drawn = quick.lookup(shown)
    assert not isinstance(drawn, functools.partial), "it was not drawn yet"
    assert drawn(shown) == stock(usual)
    for axes in (shown.axes[0], usual.axes[0]):
        axes.set(title="another", xlim=(3, 700))
    assert quick(shown) == stock(usual)


def test_ticks_and_texts_are_worked_out_less_often(quick, monkeypatch):
    counts = []
    called = MaxNLocator.tick_values
    monkeypatch.setattr(MaxNLocator, "tick_values", lambda *args: counts.append(1) or called(*args))
    formatter()(curves())
    usual = len(counts)
    quick(curves())
    assert len(counts) - usual < usual / 2


def test_matplotlib_is_left_as_it_was(quick):
    before = dict(drawing._usual()), warnings.warn
    assert quick(curves())
    assert all(getattr(*where) is usual for where, usual in before[0].items())
    assert warnings.warn is before[1]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda shown: shown.axes[0].xaxis.set_major_formatter(lambda *_: "own"),
        lambda shown: shown.axes[0].add_line(
            type("Own", (matplotlib.lines.Line2D,), {"__module__": "__main__"})([0], [0])
        ),
        lambda shown: shown.axes[0].set_title("$broken{$"),
        lambda shown: shown.axes[0].set_title("\u4e2d"),  # no font has it: a warning
        lambda shown: shown.add_subplot(projection="polar"),
    ],
)
def test_what_is_not_certain_is_drawn_as_usual(quick, spoil):
    shown = curves()
    spoil(shown)
    assert quick.lookup(shown) is quick.lookup_by_type(Figure)
    assert all(getattr(*where) is usual for where, usual in drawing._usual().items())


def test_what_warned_before_warns_again(quick):
    shown = curves()
    shown.axes[0].set_title("\u4e2d")
    with pytest.warns(UserWarning, match="missing"):
        shown.canvas.draw()
    with pytest.warns(UserWarning, match="missing"):
        assert quick(shown)


def test_another_matplotlib_draws_as_usual(monkeypatch):
    monkeypatch.setattr(matplotlib, "__version__", "3.12.0")
    made = formatter()
    before = made.lookup
    drawing.install(
        types.SimpleNamespace(
            display_formatter=types.SimpleNamespace(formatters={"image/png": made})
        )
    )
    assert made.lookup == before
