"""A class report as one HTML file, with everything from a record or a student escaped."""

from __future__ import annotations

import html
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from autograder import feedback
from autograder.report_view import Report

TEMPLATES = Path(__file__).parent / "templates" / "report"


def render(report: Report, made: datetime) -> str:
    """Return a report as an HTML page that loads nothing and runs nothing.

    `made` is the time to show, in UTC.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_clean,
        trim_blocks=True,
    )
    environment.filters |= {
        "code": lambda text: Markup(html.escape(text)),
        "percent": lambda share: f"{100 * share:.0f}\N{NO-BREAK SPACE}%",
        "points": lambda number: f"{number:g}",
        "prose": lambda text: Markup(feedback.prose(text)),
        "signed": lambda number: f"{number:.2f}".replace("-", "−"),
    }
    unit = report.current
    return (
        environment.get_template("report.html.j2")
        .render(
            report=report,
            title="the course" if report.whole_course else f"{unit.name}, {unit.title}",
            made=f"{made:%Y-%m-%d %H:%M} UTC",
            style=Markup((TEMPLATES / "report.css").read_text("utf-8")),
        )
        .lstrip()
    )


def _clean(value: object) -> object:
    """Take out of a text what hides in a page; Jinja escapes it after that."""
    return feedback.clean(value) if type(value) is str else value
