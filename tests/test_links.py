"""What the Markdown pages refer to exists: files, headings, commands."""

import re

import pytest

from autograder import cli
from tests.units import ROOT

PAGES = sorted(
    path
    for pattern in ("*.md", "docs/*.md", "course/**/*.md", "exercises/*.md")
    for path in ROOT.glob(pattern)
    if "_build" not in path.parts
)


def prose(path):
    """The text of a page without its code."""
    text = re.sub(r"^(```+).*?^\1$", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`[^`\n]*`", "`code`", text)


def anchors(path):
    """The anchors of a page's headings, made as GitHub makes them."""
    text = re.sub(r"^(```+).*?^\1$", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    titles = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def broken_links(path):
    for target in re.findall(r"\]\(([^()\s]+)\)", prose(path)):
        if re.match(r"\w+:", target):
            continue
        name, _, anchor = target.partition("#")
        page = path.parent / name if name else path
        if not page.exists() or (anchor and anchor not in anchors(page)):
            yield target


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path):
    assert list(broken_links(path)) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A title\n\n[a](#a-title) [b](page.md#a-title) [c](#b) [d](other.md)\n")
    assert list(broken_links(page)) == ["#b", "other.md"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_of_ours_in_a_page_exists(path):
    registered = [*cli.app.registered_commands, *cli.app.registered_groups]
    known = {each.name for each in registered}
    named = re.findall(r"(?:^\$? ?|`|    )lossgrad ([a-z]+)", path.read_text("utf-8"), re.MULTILINE)
    assert set(named) - known == set()
