r"""TeX as text for a terminal: `\frac{\partial L}{\partial \hat y_n}` as `∂L/∂ŷ_n`."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from autograder.mathml import MathError, to_mathml

FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$]+)\$", flags=re.DOTALL)
ACCENTS = {"^": "\u0302", "ˆ": "\u0302", "¯": "\u0304", "~": "\u0303", "˜": "\u0303"}
POWERS = str.maketrans("0123456789+-−nN", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿᴺ")
SPACED = set("=<>≤≥≈≠←→∈") | {"+", "−", ":="}
# A number, a name with an index, a differential: what needs no parentheses.
ATOM = re.compile(r"\d+|[∂d]?\w[\u0302\u0304]?(_\w+|_\([^()]*\))?[²³]?|√\w|‖\w‖|−?\w")
LARGE = set("∑∫∏")


def to_text(tex: str) -> str:
    """Return a formula as one line of text; as it was written if it cannot be read."""
    try:
        math = ElementTree.fromstring(to_mathml(tex, display=False))
    except MathError:
        return " ".join(tex.split())
    text = " ".join(re.sub(r"\s+([,.;)])", r"\1", _text(math)).split())
    return re.sub(r"(^|[=(,;{] ?)([−+]) ", r"\1\2", text)


def without_tex(markdown: str) -> str:
    """Return a Markdown text with its formulas as text; those on lines of their own are set off."""

    def replaced(match: re.Match) -> str:
        if match[1] is not None:
            return "\n\n" + "\n".join(f"    {line}" for line in _lines(match[1])) + "\n\n"
        return to_text(match[2])

    return re.sub(r"\n{3,}", "\n\n", FORMULA.sub(replaced, markdown)).strip("\n")


def _lines(tex: str) -> list[str]:
    return [to_text(part) for part in re.split(r"\\qquad", tex)]


def _text(node: ElementTree.Element) -> str:
    children = list(node)
    match node.tag:
        case "mfrac":
            return f"{_grouped(children[0])}/{_grouped(children[1], divisor=True)} "
        case "msup":
            return _powered(_base(children[0]), children[1])
        case "msub" | "munder":
            low = _compact(_grouped(children[1]))
            return f"{_base(children[0])}_{low}{_space_after(children[0])}"
        case "msubsup" | "munderover":
            low, high = _compact(_grouped(children[1])), children[2]
            return _powered(f"{_base(children[0])}_{low}", high) + _space_after(children[0])
        case "mover":
            mark = _text(children[1]).strip()
            return _text(children[0]) + ACCENTS.get(mark, mark)
        case "msqrt":
            inside = "".join(map(_text, children)).strip()
            return f"√{inside}" if len(inside) == 1 else f"√({inside})"
        case "mtable":
            return "; ".join(_row(row) for row in children) + " }"
        case "mspace":
            return " "
        case "mo":
            symbol = (node.text or "").strip()
            return f" {symbol} " if symbol in SPACED else symbol + (" " if symbol == "," else "")
    if children:
        return "".join(map(_text, children))
    return _word(node.text or "")


def _word(text: str) -> str:
    """Names such as log stand apart from what comes after them."""
    return f"{text} " if len(text.strip()) > 1 and text.strip().isalpha() else text


def _base(node: ElementTree.Element) -> str:
    return _text(node).rstrip()


def _space_after(node: ElementTree.Element) -> str:
    text = _base(node)
    return " " if text in LARGE or (text.isalpha() and len(text) > 1) else ""


def _powered(base: str, exponent: ElementTree.Element) -> str:
    text = _text(exponent).strip()
    if set(text) <= set("′″‴"):
        return base + text
    raised = text.replace(" ", "").translate(POWERS)
    if not any(letter in text for letter in "()") and raised.isprintable() and _all_raised(raised):
        return base + raised
    return f"{base}^{_compact(_grouped(exponent))} "


def _compact(text: str) -> str:
    return text.replace(" ", "") if text.startswith("(") else text


def _all_raised(text: str) -> bool:
    return all(letter in "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᴺ" for letter in text)


def _grouped(node: ElementTree.Element, divisor: bool = False) -> str:
    """Return a part in parentheses, unless it can be read without: a name, a number, a product."""
    text = _text(node).strip()
    if ATOM.fullmatch(text):
        return text
    sums = any(sign in text for sign in "+−-=<>≤≠,/|")
    return f"({text})" if divisor or sums or " " in text else text


def _row(row: ElementTree.Element) -> str:
    """Return a line of a definition by cases: the value, and where it holds."""
    cells = [text for cell in row if (text := _text(cell).strip())]
    return "".join(
        cell if number == 0 else f" {cell}" if cell.startswith("if") else f", {cell}"
        for number, cell in enumerate(cells)
    )
