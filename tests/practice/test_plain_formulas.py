"""Formulas as a line of text: read rightly, above all where a fraction ends."""

import pytest

from autograder.practice.plain_formulas import to_text, without_tex


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\frac{\partial L}{\partial \hat y_n} = \frac2N (\hat y_n - y_n)", None),
        (r"\frac{f(x + h) - f(x - h)}{2h}", "(f(x + h) − f(x − h))/(2h)"),
        (r"\frac{r_n}{N L}", "r_n/(NL)"),
        (r"\frac{x^{n+1}}{n + 1} + C", "xⁿ⁺¹/(n + 1) + C"),
        (r"\tfrac12 (y - \hat y)^2", "1/2 (y − y\u0302)²"),
        (r"\sum_{m=1}^N (y_m)^2", "∑_(m=1)ᴺ (y_m)²"),
        (r"\frac{1}{1 + e^{-z}}", "1/(1 + e^(−z))"),
        (r"\frac{a}{\sqrt{v} + \varepsilon}", "a/(√v + ε)"),
        (r"\log \sum_j e^{z_j - m}", "log ∑_j e^(z_j−m)"),
        (r"-\frac{y}{p}", "−y/p"),
        (r"f''(x)", "f″(x)"),
        (r"X^\top g", "X^⊤ g"),
        (r"\lVert a \rVert^2", "‖a‖²"),
        (r"\begin{cases} -y & \text{if } s < 1 \\ 0 & \text{if } s > 1 \end{cases}", None),
        (r"\unknown{x}", r"\unknown{x}"),
    ],
)
def test_a_formula_keeps_its_meaning(tex, text):
    others = {
        r"\fr": "∂L/∂y\u0302_n = 2/N (y\u0302_n − y_n)",
        r"\be": "{−y if s < 1; 0 if s > 1 }",
    }
    assert to_text(tex) == (text or others[tex[:3]])


def test_formulas_of_a_text_are_replaced_where_they_stand():
    text = "Let $x^2$ be\n\n$$a = \\frac1N, \\qquad b = 1$$\n\nand so on."
    assert without_tex(text) == "Let x² be\n\n    a = 1/N,\n    b = 1\n\nand so on."
