"""TeX as MathML, which browsers draw by themselves: no script, no font to load, and no internet."""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from xml.etree import ElementTree

from latex2mathml.converter import convert

MAX_TEX = 2_000  # characters; longer formulas are nobody's honest answer

# latex2mathml knows fewer environments and commands than MathJax; these say the same in its words.
ALIGNED = r"align|aligned|equation\*?|gather\*?|gathered|eqnarray\*?"
REWRITES = (
    (rf"\\(begin|end)\{{(?:{ALIGNED})\}}", r"\\\1{align*}"),
    (r"\\(begin|end)\{dcases\}", r"\\\1{cases}"),
    (r"\\arg\s*\\(max|min)(?![a-zA-Z])", r"\\operatorname{arg\1}"),
    (r"\\operatorname\*?\s*\{arg(?:\\,|\\;|~|\s)*(max|min)\}", r"\\operatorname{arg\1}"),
    (r"\\operatorname\*", r"\\operatorname"),
    (r"\\mathrm\s*\{([a-zA-Z])\}", r"{\\mathrm \1}"),  # in braces a single letter comes out italic
)
XMLNS = ' xmlns="http://www.w3.org/1998/Math/MathML"'  # HTML knows it
LIMITS = {"max", "min", "lim", "sup", "inf", "argmax", "argmin"}  # written below in display
SCRIPTS = {"msub", "msup", "msubsup", "munder", "mover", "munderover"}
ROWS = {"math", "mrow", "mtd", "mstyle", "msqrt", "mpadded", "mphantom"}
BARS = ("|", "‖")
THIN_SPACE = "0.167em"

# fmt: off
# What a formula may consist of; neither a script nor a link is among it.
TAGS = {
    "math", "menclose", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mroot",
    "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd",
    "mtext", "mtr", "munder", "munderover",
}
ATTRIBUTES = {
    "accent", "accentunder", "alttext", "columnalign", "columnspacing", "columnspan", "depth",
    "display", "displaystyle", "fence", "form", "height", "linethickness", "lspace", "mathcolor",
    "mathvariant", "maxsize", "minsize", "movablelimits", "notation", "rowspacing", "rowspan",
    "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "voffset", "width",
}
# fmt: on


class MathError(ValueError):
    """TeX that cannot be turned into MathML."""


@functools.lru_cache(maxsize=4096)
def to_mathml(tex: str, *, display: bool) -> str:
    r"""Return a formula as a `<math>` element.

    Parameters
    ----------
    tex
        The formula without its dollars, such as `\frac{1}{N}`.
    display
        Whether it stands on a line of its own.

    Raises
    ------
    MathError
        If the formula is too long, broken, or uses something unknown.
    """
    if len(tex) > MAX_TEX:
        raise MathError(f"the formula has {len(tex)} characters, at most {MAX_TEX} are read")
    try:
        converted = convert(_rewritten(tex), display="block" if display else "inline")
        math = ElementTree.fromstring(converted.replace(XMLNS, "", 1))
    except Exception as error:  # the converter's errors are of many kinds, broken XML among them
        raise MathError(f"{type(error).__name__}: {error}") from None
    for element in list(math.iter()):
        _correct(element, display)
    math.set("alttext", tex.strip())
    return ElementTree.tostring(math, encoding="unicode")


def math_html(tex: str, *, display: bool) -> str:
    """Return a formula as MathML; its source as `<code class="lossgrad-tex">` if that fails."""
    try:
        math = to_mathml(tex, display=display)
    except MathError:
        return f'<code class="lossgrad-tex">{html.escape(tex)}</code>'
    # Browsers let a box scroll that is too wide for a phone, but not a formula by itself.
    return f'<span class="lossgrad-formula">{math}</span>' if display else math


def _rewritten(tex: str) -> str:
    for pattern, replacement in REWRITES:
        tex = re.sub(pattern, replacement, tex)
    return tex


def _correct(element: ElementTree.Element, display: bool) -> None:
    """Refuse what the converter did not understand, and mend what browsers would draw badly."""
    text = element.text or ""
    if text == "&" or text.startswith("\\") or element.get("linebreak") or ("$" in text):
        raise MathError(f"not understood: {text or 'a line break outside an environment'}")
    if element.tag not in TAGS or not element.attrib.keys() <= ATTRIBUTES:
        raise MathError(f"not a formula: {element.tag} {', '.join(element.attrib)}")
    if element.tag == "mtext":
        element.text = text.replace("\\_", "_")
    if element.tag == "mo" and text == "/":
        element.attrib |= {"lspace": "0", "rspace": "0"}  # TeX sets no space around it
    if element.get("width") == "negativethinmathspace":
        element.set("width", f"-{THIN_SPACE}")
    variant = element.attrib.pop("mathvariant", None)
    if variant == "normal":
        element.set("mathvariant", variant)
    elif variant not in (None, "italic"):
        element.text = "".join(_styled(letter, variant) for letter in text)
    if display and element.tag == "msub" and (element[0].text or "") in LIMITS:
        element.tag = "munder"
    _pair_bars(element)
    _space_functions(element)


def _styled(letter: str, variant: str) -> str:
    """Return a letter in a mathematical style; browsers read no `mathvariant` but `normal`."""
    style = "bold" if variant == "bold-italic" and letter.isdigit() else variant
    style = style.replace("bold-", "bold ").upper()
    name = re.sub(r"LATIN |GREEK |LETTER ", "", unicodedata.name(letter, ""))
    try:
        return unicodedata.lookup(f"MATHEMATICAL {style} {name}")
    except KeyError:
        return letter


def _pair_bars(row: ElementTree.Element) -> None:
    """Say which bar of |r| opens and which closes; browsers would set them apart from the r."""
    if row.tag not in ROWS:
        return
    bases = [child[0] if child.tag in SCRIPTS else child for child in row]
    bars = [base for base in bases if base.tag == "mo" and base.text in BARS]
    if len(bars) % 2 == 0:
        for opening, closing in zip(bars[::2], bars[1::2], strict=True):
            opening.set("form", "prefix")
            closing.set("form", "postfix")


def _space_functions(row: ElementTree.Element) -> None:
    """Set names such as log apart from what stands beside them: "log p", but "log(p)"."""
    if row.tag not in ROWS:
        return
    children = list(row)
    for index in reversed(range(len(children))):
        if not _is_function(children[index]):
            continue
        if index + 1 < len(children) and _is_operand(children[index + 1]):
            row.insert(index + 1, ElementTree.Element("mspace", width=THIN_SPACE))
        if index > 0 and _is_operand(children[index - 1]):
            row.insert(index, ElementTree.Element("mspace", width=THIN_SPACE))


def _is_operand(element: ElementTree.Element) -> bool:
    if element.tag == "mrow":  # may be a pair of brackets
        return len(element) > 0 and _is_operand(element[0])
    return element.tag not in ("mo", "mspace", "mtext")


def _is_function(element: ElementTree.Element) -> bool:
    if element.tag in SCRIPTS:
        return _is_function(element[0])
    text = element.text or ""
    named = element.tag in ("mi", "mo") and len(text) > 1 and text.isascii() and text.isalpha()
    if named:
        element.tag = "mi"  # an operator would have wide spaces on both sides
    return named
