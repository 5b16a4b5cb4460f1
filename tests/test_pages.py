import re
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
    new_raw_cell,
)
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import Config

from autograder import pages
from autograder.feedback import render_html, render_text
from autograder.results import CheckResult, TaskResult, Verdict

RESULT = TaskResult("mse", 2, (CheckResult("value", "The loss is right.", 1, Verdict.PASSED),))
MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>"
HOSTILE_MARKDOWN = [
    MARKUP,
    "[click](javascript:alert(3)) <a href='JaVaScRiPt:alert(3)'>x</a>",
    "[click](files/javascript:alert(4)) <a href='/files/javascript:alert(4)'>x</a>",
    "<a href='files/javascript:alert%284%29'>x</a> ![x](files//evil.example/x.png)",
    "<a href='data:text/html,<script>alert(5)</script>'>x</a>",
    "<svg onload=alert(6)><script>alert(6)</script></svg>",
    "<iframe src='https://evil.example'></iframe><object data=x></object><embed src=x>",
    "<style>body { display: none }</style><link rel=stylesheet href='https://evil.example'>",
    "<base href='https://evil.example/'><meta http-equiv=refresh content='0;url=//evil.example'>",
    "<math><mtext><table><mglyph><style><!--</style>"
    "<img title='--&gt;&lt;img src=1 onerror=alert(7)&gt;'>",
    "<details open ontoggle=alert(8)>x</details><video src=x onerror=alert(8)>",
    "<form action='/x'><input id=mse_checks autofocus onfocus=alert(9)><button>b</button></form>",
    "<div id=mse_checks class='score full-credit' style='position:fixed'>x</div>\n\n# mse_checks",
    "![t](http://evil.example/t.png) ![t](//evil.example/t.png) ![t](/\\evil.example/t.png)",
    r"$\href{javascript:alert(10)}{x}$ $<img src=x onerror=alert(10)>$",
    r"$$\begin{aligned}\text{<script>alert(11)</script>}\end{aligned}$$",
    "\\begin{align}<script>alert(11)</script>\\end{align}",
    '```mermaid\nclick A "javascript:alert(12)"\n```',
    "```<script>alert(13)</script>\nx\n```",
    "![gone](attachment:gone.png)",
    "<div>" * 5_000,
    "> " * 5_000 + "x",
    "$x" * 20_000,
]
FORBIDDEN = {"script", "iframe", "object", "embed", "form", "base", "link", "svg", "video", "input"}


class Page(HTMLParser):
    """Collects the elements of a page; `unsafe` are those that run, load or reach out."""

    def __init__(self, text: str):
        super().__init__()
        self.elements = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def unsafe(self):
        return [(tag, attrs) for tag, attrs in self.elements if tag in FORBIDDEN or _runs(attrs)]

    def count(self, tag, **attributes):
        return sum(
            name == tag and attributes.items() <= found.items() for name, found in self.elements
        )


def _runs(attributes):
    return [
        name
        for name, value in attributes.items()
        if name.startswith("on")
        or (name in ("href", "src") and not re.match(r"#|data:image/|[\w.~%-]+(/|$)", value or ""))
    ]


def graded(grade_id, **metadata):
    kinds = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    return {"nbgrader": {**kinds, "grade_id": grade_id, **metadata}}


def notebook(*more):
    table = {"text/html": render_html(RESULT), "text/plain": render_text(RESULT)}
    cells = [
        new_markdown_cell("The loss is $\\frac{1}{N}\\sum_n r_n^2$.\n\n$$L = r^2$$"),
        new_code_cell("def mse(y, y_hat): ...", metadata=graded("mse", solution=True)),
        new_code_cell(
            "checks.run('mse')",
            metadata=graded("mse_checks", grade=True, locked=True, points=2, cell_type="code"),
            outputs=[
                new_output("display_data", table),
                new_output("execute_result", {"text/html": "<!-- score -->", "text/plain": "2.00"}),
            ],
        ),
        *more,
    ]
    return new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})


def hostile_outputs():
    def shown(data, **metadata):
        return new_output("display_data", data, metadata=metadata)

    picture = {"width": "1 onerror=alert(1)", "height": 5, "alt": MARKUP}
    yield shown({"text/html": f"<b onclick=alert(1)>x</b>{MARKUP}"})
    yield shown({"text/html": MARKUP}, **{"text/html": {"isolated": True}})
    yield shown({"text/markdown": MARKUP})
    yield shown({"text/latex": f"$x$ {MARKUP}"})
    yield shown({"application/javascript": "alert(1)", "text/plain": MARKUP})
    yield shown({"image/svg+xml": f"<svg onload=alert(1)>{MARKUP}</svg>"})
    yield shown({"image/png": f'iVBORw0KGgo="{MARKUP}'}, **{"image/png": picture})
    yield shown(
        {"image/png": "iVBORw0KGgo="}, filenames={"image/png": "https://evil.example/p.png"}
    )
    yield shown({"application/vnd.jupyter.widget-view+json": {"model_id": f"</script>{MARKUP}"}})
    yield new_output("stream", text=f"\x1b[31m{MARKUP}")
    yield new_output("execute_result", {"text/plain": MARKUP}, execution_count=1)
    yield new_output("error", ename=MARKUP, evalue=MARKUP, traceback=[MARKUP])


def hostile_notebook():
    count = new_code_cell("print(1)", outputs=list(hostile_outputs()))
    forged = new_code_cell("x", metadata=graded(f'">{MARKUP}', solution=True) | {"tags": [MARKUP]})
    forged.metadata["transient"] = {"remove_source": True}
    attached = new_markdown_cell("![x](attachment:a)", attachments={"a": {f'"{MARKUP}': "x"}})
    raw = new_raw_cell(MARKUP, metadata={"raw_mimetype": "text/html"})
    broken = new_markdown_cell("x", metadata={"nbgrader": MARKUP, "transient": 1})
    nb = notebook(count, forged, attached, raw, broken, *map(new_markdown_cell, HOSTILE_MARKDOWN))
    nb.metadata.widgets = {"application/vnd.jupyter.widget-state+json": {"x": MARKUP}}
    nb.metadata.title = MARKUP
    return nb


def make_course(root: Path, nb) -> Config:
    """Write a graded submission of `nb` and return the configuration that nbgrader would read."""
    place = root / "autograded" / "ada" / "mse"
    place.mkdir(parents=True)
    (place / "mse.ipynb").write_text(nbformat.v4.writes(nb), "utf-8")
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        gradebook.add_assignment("mse")
        gradebook.add_notebook("mse", "mse")
        gradebook.add_grade_cell("mse_checks", "mse", "mse", cell_type="code", max_score=2)
        gradebook.add_solution_cell("mse", "mse", "mse")
        gradebook.add_student("ada")
        submission = gradebook.add_submission("mse", "ada")
        submission.notebooks[0].grades[0].auto_score = 2
        submission.notebooks[0].comments[0].manual_comment = f"Well done: $x^2$ {MARKUP}"
        gradebook.db.commit()
    config = Config()
    config.CourseDirectory.root = str(root)
    pages.configure(config)
    return config


def from_command_line(config: Config):
    config.CourseDirectory.assignment_id = "mse"
    GenerateFeedback(coursedir=CourseDirectory(config=config), config=config).start()


def from_formgrader(config: Config):
    """As its button does, whose own template settings win over those of a configuration file."""
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    assert api.generate_feedback("mse", "ada")["success"]


@pytest.fixture(scope="module", params=[from_command_line, from_formgrader])
def feedback(request, tmp_path_factory):
    """Return the feedback pages of an ordinary and of a hostile notebook."""

    def generate(nb):
        root = tmp_path_factory.mktemp("course")
        request.param(make_course(root, nb))
        return (root / "feedback" / "ada" / "mse" / "mse.html").read_text("utf-8")

    return generate(notebook(*notebook().cells[2:])), generate(hostile_notebook())


def formgrader_page(nb) -> str:
    config = Config()
    pages.configure(config)
    # The formgrader's own settings win over those of a configuration file.
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    resources = {
        "base_url": "/base",
        "submission_id": "1",
        "index": 0,
        "total": 1,
        "last_name": "L",
    }
    return HTMLExporter(config=config).from_notebook_node(nb, resources=resources)[0]


def test_feedback_is_whole_without_internet(feedback):
    text, _ = feedback
    page = Page(text)
    sources = [attrs for _, attrs in page.elements if "src" in attrs or "href" in attrs]
    assert sources
    assert page.unsafe() == []
    assert "@import" not in text
    assert "@font-face" not in text
    assert not re.search(r"url\(\s*['\"]?(?:https?:)?//", text)
    assert page.count("math") >= 3  # two of the notebook, one of the comment


def test_feedback_has_language_phone_width_and_dark_theme(feedback):
    text, _ = feedback
    page = Page(text)
    assert page.count("html", lang="en") == 1
    assert page.count("meta", name="viewport") == 1
    assert page.count("meta", **{"http-equiv": "Content-Security-Policy"}) == 1
    assert text.count("prefers-color-scheme: dark") == 2  # the page, and its code
    assert text.index("Content-Security-Policy") < text.index("<style")


def test_feedback_shows_the_table_and_its_style_once(feedback):
    text, _ = feedback
    page = Page(text)
    assert page.count("div", **{"class": "lossgrad-result"}) == 2
    assert page.count("th", scope="row") == 2
    assert page.count("tbody", **{"class": "lossgrad-passed"}) == 2
    assert text.count("caption { caption-side") == 1


def test_nothing_of_a_student_runs_in_the_feedback(feedback):
    page = Page(feedback[1])
    assert page.unsafe() == []
    assert not [attrs for _, attrs in page.elements if attrs.get("id") == "mse_checks"]


def test_nothing_of_a_student_runs_in_the_formgrader():
    plain, hostile = Page(formgrader_page(notebook())), Page(formgrader_page(hostile_notebook()))
    fields = ("input", {"class": "score tabbable", "id": "mse_checks"})
    own = [(tag, {**attrs, "style": None}) for tag, attrs in plain.unsafe()]
    found = [(tag, {**attrs, "style": None}) for tag, attrs in hostile.unsafe()]
    assert [each for each in found if each not in own] == []
    assert len(found) == len(own)
    named = [tag for tag, attrs in hostile.elements if attrs.get("id") == "mse_checks"]
    assert named == [fields[0]]
    assert hostile.count("button") == plain.count("button")
    classes = [attrs.get("class") or "" for _, attrs in hostile.elements]
    assert sum("full-credit" in each for each in classes) == 1


def test_formgrader_loads_nothing_from_elsewhere_and_hears_that_math_is_ready():
    page = Page(formgrader_page(notebook()))
    loaded = [attrs.get("src") or attrs.get("href") for tag, attrs in page.elements]
    assert all(each.startswith(("/base/", "#")) for each in loaded if each)
    assert page.count("math") == 2
    assert "Hub: {Startup: {signal: {Interest" in formgrader_page(notebook())


def test_prompts_stand_only_where_a_cell_was_run():
    ran = new_code_cell("1 + 1", execution_count=3)
    assert re.findall(r"(In|Out)\s*\[(.*?)\]:", formgrader_page(notebook(ran))) == [("In", "3")]


def test_hidden_source_is_shown():
    cell = new_code_cell("cheat()", metadata={"transient": {"remove_source": True}})
    assert "cheat" in formgrader_page(notebook(cell))


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("a **b** `c`", "<strong>b</strong> <code>c</code>"),
        ("[x](https://numpy.org)", 'href="https://numpy.org"'),
        ("[x](#mse) [y](data/a.csv)", 'href="data/a.csv"'),
        ("| a |\n|--:|\n| 1 |", '<th style="text-align:right">a</th>'),
        ("```python\ndef f(): 1\n```", '<span class="k">def</span>'),
        ("![plot](data:image/png;base64,iVBORw0KGgo=)", 'src="data:image/png;base64,iVBORw0KGgo="'),
        ("$x$", "<mi>x</mi>"),
        ("\\begin{align} a &= b \\\\ c &= d \\end{align}", "<mtr>"),
    ],
)
def test_ordinary_markdown_keeps_its_form(markdown, shown):
    assert shown in pages.markdown2html({}, markdown)


def test_picture_attached_to_a_cell_is_shown():
    attachments = {"a.png": {"image/png": "iVBORw0KGgo="}}
    shown = pages.markdown2html({"cell": {"attachments": attachments}}, "![p](attachment:a.png)")
    assert 'src="data:image/png;base64,iVBORw0KGgo="' in shown


def test_too_long_markdown_is_cut_and_escaped():
    shown = pages.markdown2html({}, "<b>" * pages.MAX_MARKDOWN)
    assert shown.startswith("<pre>&lt;b&gt;")
    assert "cut off" in shown


def test_sanitizing_keeps_the_table_but_for_its_style():
    fragment = render_html(RESULT)
    kept = pages.clean_html(fragment)
    assert Page(kept).elements == [each for each in Page(fragment).elements if each[0] != "style"]
    assert pages.clean_html(kept) == kept
