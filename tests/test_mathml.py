import re
from xml.etree import ElementTree

import pytest
from nbconvert.filters.markdown_mistune import MarkdownWithMath

from autograder.mathml import MAX_TEX, MathError, math_html, to_mathml
from autograder.pages import MarkdownRenderer
from tests.units import ROOT

TEXTS = [*sorted((ROOT / "exercises").glob("*.md")), *sorted((ROOT / "course").rglob("*.md"))]


def letters(tex: str, *, display: bool = False) -> str:
    return "".join(ElementTree.fromstring(to_mathml(tex, display=display)).itertext())


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_formula_of_the_course_is_mathml(path):
    text = re.sub(r"```\{math\}\n(.*?)```", r"$$\1$$", path.read_text("utf-8"), flags=re.DOTALL)
    page = MarkdownWithMath(renderer=MarkdownRenderer(escape=False)).render(text)
    assert re.findall(r'<code class="lossgrad-tex">.*?</code>', page, re.DOTALL) == []


def test_formula_keeps_its_source_for_those_who_cannot_see_it():
    assert r'alttext="\frac{a}{b}"' in to_mathml(r"\frac{a}{b}", display=False)


@pytest.mark.parametrize("environment", ["align", "align*", "aligned", "gather*", "split"])
def test_aligned_lines_are_rows_of_a_table(environment):
    tex = rf"\begin{{{environment}}} a &= b \\ c &= d \end{{{environment}}}"
    math = ElementTree.fromstring(to_mathml(tex, display=True))
    assert len(list(math.iter("mtr"))) == 2
    assert "(1)" not in "".join(math.itertext())


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"\mathbf y", "𝐲"),
        (r"\mathbf{1}", "𝟏"),
        (r"\mathbb 1", "𝟙"),
        (r"\mathbb{R}", "ℝ"),
        (r"\boldsymbol\theta", "𝜽"),
        (r"\text{y\_hat}", "y_hat"),
    ],
)
def test_styles_are_letters_that_every_browser_draws(tex, shown):
    assert letters(tex) == shown
    assert "mathvariant" not in to_mathml(tex, display=False)


def test_upright_differential_stays_upright():
    assert '<mi mathvariant="normal">d</mi>' in to_mathml(
        r"\frac{\mathrm{d}}{\mathrm{d}x}", display=False
    )


def test_names_of_functions_stand_apart_from_what_follows_but_not_from_brackets():
    assert '<mi>log</mi><mspace width="0.167em" /><mi>p</mi>' in to_mathml(r"\log p", display=False)
    assert "<mi>max</mi><mo" in to_mathml(r"\max(0, x)", display=False)
    assert "mspace" not in to_mathml(r"\frac\log n", display=False)


def test_a_slash_stands_close():
    assert '<mo lspace="0" rspace="0">/</mo>' in to_mathml("1/N", display=False)


def test_bars_open_and_close_when_they_are_pairs():
    shown = to_mathml(r"2|r|^2 \le \|s\|", display=False)
    assert re.findall(r'form="(\w+)">(.)</mo>', shown) == [
        ("prefix", "|"),
        ("postfix", "|"),
        ("prefix", "‖"),
        ("postfix", "‖"),
    ]
    assert "form" not in to_mathml("p(a | b)", display=False)


@pytest.mark.parametrize(
    "tex", [r"\max_j z_j", r"\arg\max_j z_j", r"\operatorname*{arg\,max}_j z_j"]
)
def test_limits_stand_below_in_display_only(tex):
    assert "<munder>" in to_mathml(tex, display=True)
    assert "<munder>" not in to_mathml(tex, display=False)


@pytest.mark.parametrize(
    "tex",
    [
        r"\unknown x",
        r"\frac",
        "{",
        "a & b",
        r"a \\ b",
        r"\text{<b>x</b>}",
        r"\text{<script>alert(1)</script>}",
        r"\href{javascript:alert(1)}{x}",
        r"\left(",
        "x" * (MAX_TEX + 1),
        "x^{" * 400 + "}" * 400,
    ],
    ids=lambda tex: tex[:20],
)
def test_what_is_not_understood_falls_back_to_its_source(tex):
    with pytest.raises(MathError):
        to_mathml(tex, display=True)
    assert math_html(tex, display=True).startswith('<code class="lossgrad-tex">')


def test_fallback_is_escaped():
    shown = math_html(r"\unknown<script>alert(1)</script>", display=False)
    assert (
        shown == r'<code class="lossgrad-tex">\unknown&lt;script&gt;alert(1)&lt;/script&gt;</code>'
    )
