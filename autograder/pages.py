"""The pages on which nbgrader shows a submission: safe, and whole without the internet.

There are two: the feedback that a student gets as one file, and the formgrader's page on which a
lecturer, logged in, reads a submission. On both, formulas are MathML and nothing of a student runs.
"""

from __future__ import annotations

import functools
import html
import re
from pathlib import Path

import nh3
from jinja2 import pass_context
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.markdown_mistune import (
    InvalidNotebook,
    IPythonRenderer,
    MarkdownWithMath,
)
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.server_extensions.formgrader import handlers
from pygments.formatters import HtmlFormatter
from pygments.token import STANDARD_TYPES

from autograder import mathml

TEMPLATES = Path(__file__).parent / "templates"
MAX_MARKDOWN = 30_000  # characters of one cell; parsing takes time that grows with their square
LANGUAGE = {"name": "python", "pygments_lexer": "ipython3"}

TAGS = nh3.ALLOWED_TAGS - {"area", "map"} | {"tfoot"} | mathml.TAGS
ATTRIBUTES = {
    **{tag: names - {"align"} for tag, names in nh3.ALLOWED_ATTRIBUTES.items()},
    **dict.fromkeys(mathml.TAGS, mathml.ATTRIBUTES),
    "*": {"aria-hidden", "class", "dir", "lang", "style", "title"},
}
# With any class, a submission could dress up as a part of the page: a button, a field for points.
CLASSES = set(STANDARD_TYPES.values()) | {"dataframe", "highlight"}
STYLES = {"text-align"}

LINK = re.compile(r"(?:https?://|mailto:|#)\S*", re.IGNORECASE)
PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]*")
# Neither a colon nor two slashes, since nbconvert later strips a leading `files/` off what follows.
RELATIVE = re.compile(r"(?:[\w.~%-]+/)*[\w.~%-]+")

FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
GRADE_ID = re.compile(r"[\w-]+", re.ASCII)
PICTURES = ("image/svg+xml", "image/png", "image/jpeg")
SHOWN = (*PICTURES, "text/html", "text/markdown", "text/latex", "text/plain")


def configure(c) -> None:
    """Set in nbgrader's configuration `c` what both pages need.

    The names of the templates stay nbgrader's own, since its command line, the formgrader's buttons
    and the formgrader's page each choose theirs; ours are found first.
    """
    c.HTMLExporter.extra_template_basedirs = template_basedirs()
    c.HTMLExporter.preprocessors = [f"{__name__}.PlainNotebook"]
    c.HTMLExporter.sanitize_html = True  # nbconvert passes HTML through the filter `clean_html`
    c.HTMLExporter.filters = {
        "clean_html": f"{__name__}.clean_html",
        "code_colours": f"{__name__}.code_colours",
        "markdown2html": f"{__name__}.markdown2html",
        "without_fonts": f"{__name__}.without_fonts",
    }
    # Its panel "Current configuration" cannot show a configuration with classes in it.
    c.FormgradeExtension.debug = False


def template_basedirs() -> list[str]:
    """Return where templates are looked for: ours first, then nbgrader's, on which they build."""
    theirs = Path(handlers.template_path)
    # Found in its parent, nbgrader's directory is a template too, `templates`, on which ours build.
    # Thus ours is the template `feedback`, and extends nbgrader's file `feedback/index.html.j2`.
    return [str(path) for path in (TEMPLATES, theirs, theirs.parent)]


class PlainNotebook(Preprocessor):
    """Takes out of a notebook what the templates would write into a page as it stands.

    They print ids and sizes of pictures unescaped, hide a cell whose metadata demands it,
    and fail on metadata of an unexpected type. All of that is in a student's hands.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        if isinstance(self.parent, TemplateExporter):
            # The formgrader lets its own directory of templates win over every configuration file.
            self.parent.extra_template_basedirs = template_basedirs()

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Return the notebook with no metadata but nbgrader's and the sizes of pictures."""
        nb.metadata = NotebookNode(language_info=NotebookNode(LANGUAGE))
        for cell in nb.cells:
            cell.metadata = _plain_metadata(cell)
            if cell.cell_type == "code":
                cell.outputs = [kept for each in cell.outputs if (kept := _plain_output(each))]
        return nb, resources


def _plain_metadata(cell: NotebookNode) -> NotebookNode:
    nbgrader = cell.metadata.get("nbgrader")
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    known = isinstance(grade_id, str) and GRADE_ID.fullmatch(grade_id)
    return NotebookNode(nbgrader=nbgrader) if known else NotebookNode()


def _plain_output(output: NotebookNode) -> NotebookNode | None:
    if output.output_type not in ("display_data", "execute_result"):
        return output
    data = {mime: output.data[mime] for mime in SHOWN if isinstance(output.data.get(mime), str)}
    if "text/html" in data and not clean_html(data["text/html"]).strip():
        return None  # such as a task's score, which is in its table: only a prompt would be seen
    sizes = {mime: _size(output.get("metadata", {}).get(mime)) for mime in PICTURES}
    # Made anew, because templates follow further attributes to files (`svg_filename`).
    count = {name: output[name] for name in ("execution_count",) if name in output}
    return new_output(output.output_type, data, metadata=sizes, **count) if data else None


def _size(metadata: object) -> NotebookNode:
    sizes = metadata if isinstance(metadata, dict) else {}
    return NotebookNode(
        {k: v for k, v in sizes.items() if k in ("width", "height") and isinstance(v, int)}
    )


class MarkdownRenderer(IPythonRenderer):
    """nbconvert's Markdown with formulas as MathML; a picture that is not there is not an error."""

    def inline_math(self, body: str) -> str:
        """Return a formula in a line."""
        return mathml.math_html(body, display=False)

    def block_math(self, body: str) -> str:
        """Return a formula on a line of its own."""
        return mathml.math_html(body, display=True)

    def latex_environment(self, name: str, body: str) -> str:
        """Return an environment that stands without dollars."""
        return mathml.math_html(f"\\begin{{{name}}}{body}\\end{{{name}}}", display=True)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Return a picture, or its description if the notebook has no such attachment."""
        try:
            return super().image(text, url, title)
        except InvalidNotebook:
            return html.escape(text)


@pass_context
def markdown2html(context, source: str) -> str:
    """Return Markdown as safe HTML; nbconvert calls this filter for cells, outputs and comments."""
    attachments = context.get("cell", {}).get("attachments")
    return _render(source, attachments) if attachments else _render_again(source)


@functools.lru_cache(maxsize=1024)
def _render_again(source: str) -> str:
    """Most cells are the same in the notebooks of a whole class."""
    return _render(source, {})


def _render(source: str, attachments: dict) -> str:
    if len(source) > MAX_MARKDOWN:
        return f"<pre>{html.escape(source[:MAX_MARKDOWN])}\n… (cut off here)</pre>"
    # No anchors: they make ids out of headings, and the formgrader finds its fields by their ids.
    renderer = MarkdownRenderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    try:
        return clean_html(MarkdownWithMath(renderer=renderer).render(source))
    except Exception:  # one cell that cannot be parsed must not cost its student the page
        return f"<pre>{html.escape(source)}</pre>"


def clean_html(source: str | bytes) -> str:
    """Return HTML without anything that runs, loads from elsewhere, or reaches out of its place."""
    text = source.decode() if isinstance(source, bytes) else str(source)
    return nh3.clean(
        text,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_safe_attribute,
        filter_style_properties=STYLES,
        url_schemes={"data", "http", "https", "mailto"},
    )


def _safe_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        kept = [word for word in value.split() if word in CLASSES or word.startswith("lossgrad-")]
        return " ".join(kept) or None
    if name == "src":
        return value if PICTURE.fullmatch(value) or RELATIVE.fullmatch(value) else None
    if name in ("href", "cite"):
        return value if LINK.fullmatch(value) or RELATIVE.fullmatch(value) else None
    return value


def without_fonts(source: str) -> str:
    """Return a page whose style sheets bring no fonts; Bootstrap's for icons is not beside it."""
    return FONT_FACE.sub("", source)


def code_colours(style: str) -> str:
    """Return the style sheet of highlighted code in one of Pygments' styles."""
    return HtmlFormatter(style=style).get_style_defs(".highlight")
