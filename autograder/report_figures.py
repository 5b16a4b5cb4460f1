"""The pictures of a class report: SVG to stand in a page, in the page's own colours and fonts.

What matplotlib draws is made fit for that: colours become variables of the page, so that it follows
a light and a dark theme; ids are unique on the page; nothing depends on the time or on chance. Text
stays text, which a phone can enlarge and a reader can search.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

import matplotlib
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from autograder.feedback import clean

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
ElementTree.register_namespace("", SVG)
ElementTree.register_namespace("xlink", XLINK)

BELOW = 0.5  # inches for the labels of the horizontal axis
WIDTH = 4.6  # inches: as wide as a phone, so that letters keep their size there
# What is drawn in these colours gets those of the page.
INK, SOFT, LINE, FULL, PART, NONE, OPEN = (f"#0102{number:02x}" for number in range(3, 10))
COLOURS = {
    INK: "currentColor",
    SOFT: "var(--soft)",
    LINE: "var(--line)",
    FULL: "var(--full)",
    PART: "var(--part)",
    NONE: "var(--none)",
    OPEN: "var(--open)",
}
SETTINGS = {
    "svg.fonttype": "none",
    "svg.hashsalt": "lossgrad",
    "text.parse_math": False,  # no name is a formula
    "font.size": 10,
    "font.family": "DejaVu Sans",
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": LINE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "grid.color": LINE,
    "axes.axisbelow": True,
}
BINS = np.linspace(0, 1, 11)


@dataclass(frozen=True)
class Row:
    """How many submissions of a task got full points, a part, nothing, or were not written."""

    task: str
    full: int
    part: int
    nothing: int
    unwritten: int


@dataclass(frozen=True)
class Progress:
    """The share of the class that handed in a unit, and the quartiles of the scores' shares."""

    unit: str
    handed_in: float
    quartiles: tuple[float, float, float] | None


def histogram(shares: Sequence[float]) -> list[int]:
    """Return how many shares, between 0 and 1, lie in each tenth; 1 lies in the last."""
    # Scores are sums of cents: without rounding, 0.7 might lie below 0.7.
    return np.histogram(np.round(shares, 9), bins=np.round(BINS, 9))[0].tolist()


def distribution(shares: Sequence[float], name: str, title: str) -> str:
    """Return a histogram of scores as shares of the points, with its median; one SVG element."""
    counts = histogram(shares)
    with matplotlib.rc_context(SETTINGS):
        figure, axes = _axes(2.3, above=0.12)
        bars = axes.bar(BINS[:-1] * 100, counts, width=9.2, align="edge", color=FULL)
        axes.bar_label(bars, [str(c) if c else "" for c in counts], padding=2, fontsize=9)
        median = float(np.median(shares)) * 100
        axes.axvline(median, color=LINE, lw=1.5, zorder=0)
        axes.plot(
            median, 1, "v", color=INK, ms=8, clip_on=False, transform=axes.get_xaxis_transform()
        )
        on_left = median > 50
        axes.annotate(
            f"median {median:.0f} %",
            (median, 1),
            xytext=(-9 if on_left else 9, 0),
            xycoords=axes.get_xaxis_transform(),
            textcoords="offset points",
            ha="right" if on_left else "left",
            va="center",
            annotation_clip=False,
        )
        axes.set(xlim=(0, 100), ylim=(0, max(counts) * 1.35), xlabel="score, % of the points")
        axes.set_xticks(range(0, 101, 20))
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        return _svg(figure, name, title)


def tasks(rows: Sequence[Row], name: str, title: str) -> str:
    """Return bars that show how each task went, as one SVG element."""
    kinds = (
        ("full points", FULL, [row.full for row in rows]),
        ("a part", PART, [row.part for row in rows]),
        ("nothing", NONE, [row.nothing for row in rows]),
        ("not written", OPEN, [row.unwritten for row in rows]),
    )
    totals = np.maximum(np.sum([counts for _, _, counts in kinds], axis=0), 1)
    with matplotlib.rc_context(SETTINGS):
        # A name stands above its bar: beside it, long ones would leave no room on a phone.
        figure, axes = _axes(0.8 + 0.44 * len(rows), above=0.27)
        left = np.zeros(len(rows))
        places = np.arange(len(rows))
        for label, colour, counts in kinds:
            width = np.array(counts) / totals * 100
            axes.barh(
                places, width, left=left, height=0.42, color=colour, label=label, ec=SOFT, lw=0.5
            )
            left += width
        for place, row in zip(places, rows, strict=True):
            axes.text(0, place - 0.29, clean(row.task), va="bottom", fontsize=10)
        axes.set(ylim=(len(rows) - 0.65, -0.75), xlim=(0, 100), xlabel="% of the submissions")
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.legend(
            loc="lower left",
            bbox_to_anchor=(-0.02, 1),
            ncols=4,
            frameon=False,
            handlelength=0.9,
            handletextpad=0.4,
            columnspacing=1.0,
            borderaxespad=0,
            fontsize=9.5,
        )
        return _svg(figure, name, title)


def progress(units: Sequence[Progress], name: str, title: str) -> str:
    """Return hand-ins and the middle half of the scores, unit by unit, as one SVG element."""
    with matplotlib.rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, 0.75 + 0.3 * len(units)), layout="constrained")
        left, right = figure.subplots(1, 2, sharey=True)
        places = np.arange(len(units))
        left.barh(places, [100 * unit.handed_in for unit in units], height=0.55, color=FULL)
        for place, unit in zip(places, units, strict=True):
            if unit.quartiles is not None:
                low, middle, high = (100 * value for value in unit.quartiles)
                right.plot([low, high], [place, place], color=PART, lw=7, solid_capstyle="butt")
                right.plot(middle, place, "o", color=INK, ms=5)
        left.set(
            title="handed in, %", yticks=places, yticklabels=[clean(unit.unit) for unit in units]
        )
        right.set(title="score, %: median, middle half")
        for axes in (left, right):
            axes.set(xlim=(0, 103), ylim=(len(units) - 0.5, -0.5), xticks=(0, 50, 100))
            axes.grid(axis="x", lw=0.6)
            axes.spines["left"].set_visible(False)
            axes.title.set(fontsize=9.5)
        return _svg(figure, name, title)


def _axes(height: float, above: float):
    """Return a figure and its axes, below so many inches (no solver of layouts: half the time)."""
    figure = Figure(figsize=(WIDTH, height))
    place = (0.12, BELOW, WIDTH - 0.4, height - BELOW - above)
    size = (WIDTH, height, WIDTH, height)
    return figure, figure.add_axes([each / of for each, of in zip(place, size, strict=True)])


def _svg(figure: Figure, name: str, title: str) -> str:
    """Return a figure as one SVG element, `title` being what is said in place of the picture."""
    buffer = io.StringIO()
    FigureCanvasSVG(figure).print_svg(
        buffer, metadata=dict.fromkeys(("Creator", "Date", "Format", "Type"))
    )
    root = ElementTree.fromstring(_in_page_colours(buffer.getvalue()))
    for element in [*root.findall(f"{{{SVG}}}metadata"), root.find(f"{{{SVG}}}defs")]:
        root.remove(element)  # the first definition is a style, which would be the whole page's
    _name_ids(root, name)
    for side in ("width", "height"):
        del root.attrib[side]
    width, height = root.attrib["viewBox"].split()[2:]
    root.attrib |= {"role": "img", "aria-label": title, "style": f"aspect-ratio:{width}/{height}"}
    return ElementTree.tostring(root, encoding="unicode")


def _in_page_colours(text: str) -> str:
    for drawn, shown in COLOURS.items():
        text = text.replace(drawn, shown)
    return text


def _name_ids(root: ElementTree.Element, name: str) -> None:
    """Give ids that are referred to the name of the figure in front; remove all others."""
    targets = set()
    for element in root.iter():
        for value in element.attrib.values():
            targets.update(re.findall(r"url\(#([^)]+)\)|^#(.+)$", value))
    used = {part for pair in targets for part in pair if part}
    for element in root.iter():
        if (own := element.attrib.pop("id", None)) in used:
            element.set("id", f"{name}-{own}")
        for key, value in element.attrib.items():
            if "#" in value:
                element.set(key, re.sub(r"(url\(#|^#)", rf"\g<1>{name}-", value))
