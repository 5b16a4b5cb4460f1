"""What the course's texts say about a task: the section of its rule, and the worked example."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

TARGET = re.compile(r"\(([a-z0-9_]+)\)=")
EXAMPLE = "## A worked example"


@dataclass(frozen=True)
class Section:
    """A section: its title, its Markdown without the title, and where it can be read."""

    title: str
    text: str
    place: str


def rule(root: Path, unit: str, task: str) -> Section | None:
    """Return the section of the unit's lesson that has the rule of a task, without its figures.

    It is the one with the target `(task)=` above its heading; None if there is none.
    """
    path = f"course/lessons/{unit}.md"
    targets: list[str] = []
    for title, lines in _sections(_read(root / path)):
        if task in targets:
            text = _without_targets(lines, figures=False)
            return Section(title, text, f"{path}#{_anchor(title)}")
        targets = [match[1] for line in lines if (match := TARGET.fullmatch(line.strip()))]
    return None


def worked_example(root: Path, unit: str) -> Section | None:
    """Return the worked example of the unit's exercise, for a sibling of its losses.

    It goes as far as the code of the loss and its gradient; the rest is in the notebook.
    """
    for title, lines in _sections(_read(root / f"exercises/{unit}.md")):
        if f"## {title}".startswith(EXAMPLE):
            text = _without_targets(lines, figures=True)
            _, fence, _ = text.partition("```python")
            end = text.find("\n```", text.find(fence)) if fence else -1
            text = text if end < 0 else text[: end + len("\n```")]
            return Section(title, text, f"the rest of it is in {unit}/{unit}.ipynb")
    return None


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _sections(text: str):
    """Yield (title, lines) for each heading of the second level, and before the first."""
    title, lines, fenced = "", [], False
    for line in text.splitlines():
        fenced ^= line.startswith("```")
        if line.startswith("## ") and not fenced:
            yield title, lines
            title, lines = line[3:].strip(), []
        else:
            lines.append(line)
    yield title, lines


def _without_targets(lines: list[str], *, figures: bool) -> str:
    """Return Markdown without targets and without code cells, or with these as Python."""
    kept, in_cell = [], False
    for line in lines:
        if line.startswith("```"):
            in_cell = line.startswith("```{code-cell}")
            if figures:
                kept.append("```python" if in_cell else line)
        elif in_cell and (not figures or re.match(r":\w+:", line)):
            continue
        elif not TARGET.fullmatch(line.strip()):
            kept.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _anchor(title: str) -> str:
    """Return the anchor that Markdown viewers give a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
