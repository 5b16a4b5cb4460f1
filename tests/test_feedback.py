import html
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.feedback import MAX_TEXT, WIDTH, render_html, render_text
from autograder.results import CheckResult, TaskResult, Verdict

SHAPE = CheckResult("shape", "The gradient has the shape of `y_hat`.", 1, Verdict.PASSED)
VALUE = CheckResult(
    "value",
    "The gradient is right for random inputs.",
    2,
    Verdict.FAILED,
    reason="3 of 5 values differ.",
    expected="[0.1, 0.2]",
    actual="[0.5, 1.0]",
    misconception="mse_grad_without_mean",
    hint="Your gradient is N times too large: the mean's 1/N is missing.",
)
OWN = CheckResult(
    "own", "It agrees with your own loss.", 1, Verdict.NOT_CHECKED, "Because `value` did not pass."
)
RESULT = TaskResult("mse_grad", 4, (SHAPE, VALUE, OWN))

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "quotes": "\"' onmouseover='alert(1)' x=\"",
    "end of the page": "</td></table></style></div></html>",
    "template": "{{ 7 * 7 }} {% raw %} $x$",
    "backticks": "`<b>` `` ` ``` `a",
    "colours": "\x1b[31mred\x1b[0m \x1b]0;title\x07\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\",
    "controls": "a\x00b\x07c\x08d\x7fe\x85f\r\ng",
    "direction": "abc\u202edcba\u202c \u2066x\u2069 \u200f\u200e\u061c",
    "half a character": "\ud800 \udfff",
    "long": "x" * 100_000,
    "many lines": "line\n" * 100_000,
    "tab": "a\tb",
    "empty": "",
}


class Tags(HTMLParser):
    """Collects the tags and the text of a fragment."""

    def __init__(self, fragment: str):
        super().__init__()
        self.tags, self.text, self.open = [], "", []
        self.feed(fragment)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data

    def named(self, name):
        return [attributes for tag, attributes in self.tags if tag == name]


def with_text(text: str) -> TaskResult:
    check = CheckResult(
        text,
        text,
        1,
        Verdict.FAILED,
        text,
        expected=text,
        actual=text,
        misconception=text,
        hint=text,
    )
    return TaskResult(text, 1, (check, SHAPE), problem=text)


def test_html_says_everything_a_student_needs():
    text = Tags(render_html(RESULT)).text
    for part in [
        "mse_grad 1.00 / 4",
        "1 passed, 1 failed, 1 not checked",
        "The gradient has the shape of y_hat.",
        "3 of 5 values differ.",
        "Expected[0.1, 0.2]Your answer[0.5, 1.0]",
        "What this looks like: Your gradient is N times too large",
        "Because value did not pass.",
        "Mend what failed first",
    ]:
        assert part in text


def test_shares_of_points_follow_the_weights():
    text = render_text(RESULT)
    assert "passed       1.00 / 1.00  The" in text
    assert "FAILED          0 / 2.00  The" in text
    assert "not checked     0 / 1.00  It" in text


def test_verdict_is_said_in_words_and_its_icon_is_not_read_out():
    page = Tags(render_html(RESULT))
    assert [each for each in page.named("span") if each.get("aria-hidden") == "true"]
    for verdict in Verdict:
        assert verdict in page.text


def test_table_is_announced_by_caption_and_headers():
    page = Tags(render_html(RESULT))
    scopes = [each["scope"] for each in page.named("th")]
    assert scopes == ["col"] * 3 + ["row"] * 3
    assert len(page.named("caption")) == 1


def test_style_reaches_nothing_outside():
    style = render_html(RESULT).split("<style>")[1].split("</style>")[0]
    selectors = [line for line in style.splitlines() if "{" in line and "@media" not in line]
    assert selectors
    assert all(line.strip().startswith(".lossgrad-result") for line in selectors)
    assert "<" not in style


def test_backticks_are_code():
    assert "the shape of <code>y_hat</code>." in render_html(RESULT)


def test_task_without_checks_shows_its_problem():
    result = TaskResult("mse", 3, (), problem="`mse` is not defined.")
    assert "<code>mse</code> is not defined." in render_html(result)
    assert render_text(result) == "mse  0.00 / 3  (nothing checked)\n  `mse` is not defined."


def test_full_marks_give_no_advice():
    assert "Mend" not in render_html(TaskResult("mse", 1, (SHAPE,)))
    assert render_text(TaskResult("mse", 1, (SHAPE,))).splitlines() == [
        "mse  1.00 / 1  (1 passed)",
        "  passed       1.00 / 1.00  The gradient has the shape of `y_hat`.",
    ]


def test_text_is_aligned():
    assert render_text(RESULT) == (
        "mse_grad  1.00 / 4  (1 passed, 1 failed, 1 not checked)\n"
        "  passed       1.00 / 1.00  The gradient has the shape of `y_hat`.\n"
        "  FAILED          0 / 2.00  The gradient is right for random inputs.\n"
        "                            3 of 5 values differ.\n"
        "                            Expected:    [0.1, 0.2]\n"
        "                            Your answer: [0.5, 1.0]\n"
        "                            What this looks like: Your gradient is N times too large:\n"
        "                              the mean's 1/N is missing.\n"
        "  not checked     0 / 1.00  It agrees with your own loss.\n"
        "                            Because `value` did not pass.\n"
        "  Mend what failed first: what is not checked builds on it."
    )


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_stays_text_in_html(text):
    fragment = render_html(with_text(text))
    expected = {tag for tag, _ in Tags(render_html(with_text("`plain` text"))).tags}
    page = Tags(fragment)
    assert {tag for tag, _ in page.tags} <= expected
    assert {name for _, attributes in page.tags for name in attributes} <= {
        *("aria-hidden", "class", "colspan", "dir", "scope", "style")
    }
    assert page.open == []
    fragment.encode()
    assert len(fragment) < 30_000


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_stays_in_its_columns(text):
    lines = render_text(with_text(text)).split("\n")
    assert max(map(len, lines)) <= WIDTH
    assert len(lines) < 100
    assert all(line.isprintable() or "\ufffd" in line for line in lines)


@pytest.mark.parametrize("render", [render_html, render_text])
@pytest.mark.parametrize("mark", ["\x00", "\x1b", "\x07", "\u202e", "\u2066", "\u200f", "\ud800"])
def test_marks_that_deceive_are_shown_as_such(render, mark):
    shown = render(with_text(f"before{mark}after"))
    assert mark not in shown
    assert "before\ufffdafter" in shown or mark == "\x1b"


def test_what_is_cut_off_is_said():
    shown = render_text(with_text("x" * 100_000))
    assert f"({100_000 - MAX_TEXT:,} more characters)" in " ".join(shown.split())


def test_line_breaks_of_an_answer_are_kept():
    check = CheckResult("value", "It is right.", 1, Verdict.FAILED, actual="[[1, 2],\n [3, 4]]")
    result = TaskResult("softmax", 1, (check,))
    assert "[[1, 2],\n [3, 4]]" in render_html(result)
    indent = render_text(result).splitlines()[2].index("[[")
    assert render_text(result).splitlines()[3].rstrip() == " " * indent + " [3, 4]]"


@given(st.text(st.characters(exclude_categories=[])))
def test_any_text_can_be_shown(text):
    result = with_text(text)
    assert "<script" not in html.unescape(render_html(with_text(text.replace("<", "")))).lower()
    render_html(result).encode()
    assert all(len(line) <= WIDTH for line in render_text(result).split("\n"))
