"""Inline figures in less time, the same to the last byte.

Matplotlib draws an inline figure twice, once to measure it, and works out each axis' ticks and each
text's layout some fifteen times. While one figure is drawn for a cell's output, these are
remembered here, and nothing is measured by drawing that can be measured without. Before and after,
Matplotlib is untouched.

What is not certain to come out the same is drawn as usual: parts, locators or formatters that are
not Matplotlib's own, and whatever warns or fails, which is then seen to fail in the usual way.
"""

from __future__ import annotations

import contextlib
import functools
import warnings
from collections.abc import Iterator
from typing import NoReturn

# Matplotlib is imported in functions: its modules come after the fonts' list, this one before.

KNOWN = "3.11."

# Of Matplotlib's locators and formatters, those that depend on nothing but the axis and themselves.
CERTAIN = (
    "AutoLocator",
    "AutoMinorLocator",
    "FixedFormatter",
    "FixedLocator",
    "FormatStrFormatter",
    "LogFormatterMathtext",
    "LogFormatterSciNotation",
    "LogLocator",
    "MaxNLocator",
    "MultipleLocator",
    "NullFormatter",
    "NullLocator",
    "PercentFormatter",
    "ScalarFormatter",
    "StrMethodFormatter",
)
TEXT = (  # what the layout of a text depends on, beside its font, angle and resolution
    "_text",
    "_usetex",
    "_parse_math",
    "_linespacing",
    "_multialignment",
    "_horizontalalignment",
    "_verticalalignment",
    "_rotation_mode",
    "_language",
    "_features",
)


class _NotCertain(BaseException):
    """Nothing in Matplotlib takes this for an error of its own."""


@functools.cache
def _usual() -> dict:
    """Return the methods that are replaced while a figure is drawn."""
    from matplotlib import axis, lines, text

    return {
        (axis.Axis, "_update_ticks"): axis.Axis._update_ticks,
        (text.Text, "_get_layout"): text.Text._get_layout,
        (axis.Tick, "draw"): axis.Tick.draw,
        (lines.Line2D, "draw"): lines.Line2D.draw,
        (text.Text, "draw"): text.Text.draw,
    }


def install(shell) -> None:
    """Draw the shell's PNG figures in less time, where Matplotlib is the version known here.

    The formatter's search for what draws a figure is where it happens: so no traceback of a figure
    that cannot be drawn shows any of this.
    """
    import matplotlib

    if not matplotlib.__version__.startswith(KNOWN):  # its inside may be another
        return
    formatter = shell.display_formatter.formatters["image/png"]
    formatter.lookup = functools.partial(_lookup, formatter.lookup)


def _lookup(lookup, shown):
    from IPython.core.pylabtools import print_figure
    from matplotlib.figure import Figure

    printer = lookup(shown)
    if type(shown) is not Figure or getattr(printer, "func", None) is not print_figure:
        return printer
    try:
        if not _is_plain(shown):
            return printer
        with _fresh(shown.canvas), _remembering():
            drawn = printer(shown)
    except (Exception, _NotCertain):  # a second time, as usual, which says what there is to say
        return printer
    return lambda _: drawn


def _is_plain(figure) -> bool:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.ticker import FuncFormatter

    if type(figure.canvas) is not FigureCanvasAgg or figure.subfigs:
        return False
    if any(getattr(owner, name) is not usual for (owner, name), usual in _usual().items()):
        return False
    parts = [figure, *figure.get_children()]
    for axes in figure.axes:
        if axes.name != "rectilinear":
            return False
        parts += axes.get_children()
        for ticks in (axes.xaxis.major, axes.xaxis.minor, axes.yaxis.major, axes.yaxis.minor):
            parts += (ticks.locator, ticks.formatter)
            if isinstance(ticks.formatter, FuncFormatter):
                return False
    return all(type(part).__module__.startswith("matplotlib.") for part in parts)


@contextlib.contextmanager
def _fresh(canvas) -> Iterator[None]:
    """Draw without what was measured before, which warned then and would not again.

    If it fails, all is as it was.
    """
    names = ("renderer", "_lastKey")
    before = {name: vars(canvas).pop(name) for name in names if name in vars(canvas)}
    try:
        yield
    except BaseException:
        for name in names:
            vars(canvas).pop(name, None)
        vars(canvas).update(before)
        raise


@contextlib.contextmanager
def _remembering() -> Iterator[None]:
    warn = warnings.warn
    instead = {"_update_ticks": _ticks, "_get_layout": _layouts, "draw": _drawn_once}
    try:
        for (owner, name), usual in _usual().items():
            setattr(owner, name, instead[name](usual))
        warnings.warn = _give_up
        yield
    finally:
        warnings.warn = warn
        for (owner, name), usual in _usual().items():
            setattr(owner, name, usual)


def _give_up(*_, **__) -> NoReturn:
    raise _NotCertain  # a warning names the place in the stack that it comes from


def _ticks(update):
    """Return a method that updates an axis' ticks again only after what they depend on changed."""
    from matplotlib import ticker

    certain = {getattr(ticker, name) for name in CERTAIN}
    known: dict = {}
    latest: dict = {}  # for each formatter, which axes may share, whom it last worked for

    def ticks(self):
        major, minor = self.major, self.minor
        parts = (major.locator, minor.locator, major.formatter, minor.formatter)
        if not certain.issuperset(map(type, parts)):
            return update(self)
        state = (*self.get_view_interval(), *self.axes.bbox.bounds, *map(id, parts), self._scale)
        before, drawn = known.get(self, (None, None))
        if before != state or latest.get(major.formatter) is not self:
            drawn = update(self)
            known[self], latest[major.formatter] = (state, drawn), self
        return list(drawn)

    return ticks


def _layouts(work_out):
    """Return a method that works out a text's layout once for all texts that look the same."""
    from matplotlib.backends.backend_agg import RendererAgg

    known: dict = {}

    def layout(self, renderer):
        if self._wrap or type(renderer) is not RendererAgg:
            return work_out(self, renderer)
        font = tuple(vars(self._fontproperties).values())
        look = tuple([getattr(self, name) for name in TEXT])
        key = (look, font, self.get_rotation(), self.get_figure(root=True).dpi)
        if key not in known:
            known[key] = work_out(self, renderer)
        return known[key]

    return layout


def _drawn_once(draw):
    """Return a method that draws, but not where drawing is switched off, to measure only.

    Ticks, lines and plain texts then have nothing to draw, and nothing else reads what they note.
    """
    from matplotlib import axis, lines, text

    leaves = {axis.XTick, axis.YTick, lines.Line2D, text.Text}

    def drawn(self, renderer):
        measuring = "draw_path" in vars(renderer)
        if measuring and type(self) in leaves and getattr(self, "_bbox_patch", None) is None:
            return
        draw(self, renderer)

    return drawn
