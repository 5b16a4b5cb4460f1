"""A graded task as its student and the lecturer read it: a small HTML table, or plain text.

Much of a result was written by a student (what came back, error messages), so every text is cleaned
of what could confuse a page or a terminal, cut to a sensible length, and escaped.
"""

from __future__ import annotations

import functools
import html
import re
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from autograder.results import CheckResult, TaskResult, Verdict

STYLE = (Path(__file__).parent / "templates" / "templates" / "result.css").read_text("utf-8")
WIDTH = 88  # columns of the plain text
MAX_TEXT = 500  # characters shown of one field
MAX_LINES = 8  # lines shown of one field
REMEMBERED = 512  # texts: most are the sentences of checks, the same for all students

ICONS = {Verdict.PASSED: "✓", Verdict.FAILED: "✗", Verdict.NOT_CHECKED: "–"}
CLASSES = {Verdict.PASSED: "passed", Verdict.FAILED: "failed", Verdict.NOT_CHECKED: "skipped"}
# JupyterLab, which sets cells to the right, keeps this of the style even where it trusts nothing.
LEFT = 'style="text-align:left"'
HINT = "What this looks like:"
ADVICE = "Mend what failed first: what is not checked builds on it."

ANSI = re.compile(r"\x1b(?:\][^\x07\x1b]*(?:\x07|\x1b\\)?|\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])")
HIDDEN = {
    "Cc",
    "Cf",
    "Cn",
    "Co",
    "Cs",
}  # controls, marks of direction, no characters


def render_html(result: TaskResult) -> str:
    """Return the result of a task as one HTML fragment with its own style.

    The style touches nothing outside the class `lossgrad-result`. JupyterLab leaves it out of
    notebooks that it does not trust; the table can be read without it.
    """
    problem = f'<p class="lossgrad-problem">{prose(result.problem)}</p>' if result.problem else ""
    groups = "".join(_group(check, _share(result, check)) for check in result.checks)
    advice = f'<p class="lossgrad-advice">{ADVICE}</p>' if _is_blocked(result) else ""
    return (
        f'<div class="lossgrad-result"><style>{STYLE}</style>{problem}'
        f"<table><caption {LEFT}><code>{_escaped(result.task)}</code> "
        f"<strong>{_score(result)}</strong> <span>{_counts(result)}</span></caption>"
        f'<thead><tr><th scope="col" {LEFT}>Verdict</th><th scope="col" {LEFT}>Check</th>'
        f'<th scope="col">Points</th></tr></thead>{groups}</table>{advice}</div>'
    )


def render_text(result: TaskResult) -> str:
    """Return the result of a task as plain text, at most 88 columns wide."""
    head = f"{clean(result.task)}  {_score(result)}  ({_counts(result)})"
    shares = [_share(result, check) for check in result.checks]
    width = max(map(len, shares), default=0)
    lines = [*_wrapped(head, "", ""), *_wrapped(clean(result.problem), "  ", "  ")]
    for check, share in zip(result.checks, shares, strict=True):
        lines += _text_lines(check, f"{share:>{width}}")
    lines += _wrapped(ADVICE, "  ", "  ") if _is_blocked(result) else []
    return "\n".join(line.rstrip() for line in lines)


def _group(check: CheckResult, share: str) -> str:
    """The rows of one check: its verdict, and below it what explains the verdict, if anything."""
    details = "".join(_details(check))
    below = f'<tr><td colspan="3" {LEFT}>{details}</td></tr>' if details else ""
    return (
        f'<tbody class="lossgrad-{CLASSES[check.verdict]}"><tr>'
        f'<td {LEFT}><span aria-hidden="true">{ICONS[check.verdict]}</span> {check.verdict}</td>'
        f'<th scope="row" {LEFT}>{prose(check.sentence)}</th><td>{share}</td></tr>{below}</tbody>'
    )


def _details(check: CheckResult) -> Iterator[str]:
    if check.reason:
        yield f"<p>{prose(check.reason)}</p>"
    # Left to right whatever was written, so that nothing seems to stand elsewhere.
    rows = [
        f'<dt>{term}</dt><dd><code dir="ltr">{_escaped(value)}</code></dd>'
        for term, value in _comparison(check)
    ]
    if rows:
        yield f"<dl>{''.join(rows)}</dl>"
    if check.hint:
        yield f"<blockquote><strong>{HINT}</strong> {prose(check.hint)}</blockquote>"


def _text_lines(check: CheckResult, share: str) -> Iterator[str]:
    verdict = check.verdict.upper() if check.verdict is Verdict.FAILED else check.verdict
    start = f"  {verdict:<{len(Verdict.NOT_CHECKED)}}  {share}  "
    indent = " " * len(start)
    yield from _wrapped(clean(check.sentence), start, indent)
    yield from _wrapped(clean(check.reason), indent, indent)
    for term, value in _comparison(check):
        label = f"{indent}{term + ':':<13}"
        yield from _wrapped(clean(value), label, " " * len(label))
    if check.hint:
        yield from _wrapped(f"{HINT} {clean(check.hint)}", indent, indent + "  ")


def _comparison(check: CheckResult) -> list[tuple[str, str]]:
    pairs = [("Expected", check.expected), ("Your answer", check.actual)]
    return [(term, value) for term, value in pairs if value is not None]


def _score(result: TaskResult) -> str:
    return f"{result.score:.2f} / {result.points:g}"


def _share(result: TaskResult, check: CheckResult) -> str:
    """What a check gives of what it can give, in points."""
    total = sum(each.weight for each in result.checks)
    points = f"{result.points * check.weight / total:.2f}"
    return f"{points if check.verdict is Verdict.PASSED else 0} / {points}"


def _counts(result: TaskResult) -> str:
    counts = Counter(check.verdict for check in result.checks)
    named = [f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict]]
    return ", ".join(named) or "nothing checked"


def _is_blocked(result: TaskResult) -> bool:
    return any(check.verdict is Verdict.NOT_CHECKED for check in result.checks)


@functools.lru_cache(REMEMBERED)
def prose(text: str) -> str:
    """Return a sentence as HTML: cleaned, escaped, and what stands in backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", _escaped(text))


def _escaped(text: str) -> str:
    return html.escape(clean(text))


def clean(text: str) -> str:
    """Return a text of a few lines without colours, controls and marks of writing direction.

    What is hidden in a text shows as a replacement character; how much was cut off is said.
    """
    kept = ANSI.sub("", text[: 4 * MAX_TEXT]).strip().expandtabs(4)
    lines = kept.splitlines()
    shown = "\n".join(lines[:MAX_LINES])[:MAX_TEXT]
    left_out = len(text) - 4 * MAX_TEXT if len(text) > 4 * MAX_TEXT else 0
    left_out += len(kept) - len(shown)
    visible = shown if shown.isascii() and shown.isprintable() else "".join(map(_visible, shown))
    return f"{visible} … ({left_out:,} more characters)" if left_out else visible


def _visible(letter: str) -> str:
    return "\ufffd" if letter != "\n" and unicodedata.category(letter) in HIDDEN else letter


@functools.lru_cache(REMEMBERED)
def _wrapped(text: str, first: str, rest: str) -> tuple[str, ...]:
    lines: list[str] = []
    for line in text.splitlines():
        start = rest if lines else first
        lines += textwrap.wrap(line, WIDTH, initial_indent=start, subsequent_indent=rest)
    return tuple(lines)
