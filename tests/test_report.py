"""The class report: it says of a simulated class what was drawn, and it gives nobody away."""

import functools
import html
import json
import re
import shutil
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder import cli, records, report_figures, report_page
from autograder.grading import digest
from benchmarks import simulated
from tests.classroom import found

pytestmark = pytest.mark.xdist_group("report")  # the class is made once

UNITS = ["mse", "optimizers"]
SIZE = 40
HOSTILE = "</script></style><img src=x onerror=alert(1)>\u202e`<b>`"
EMPTY = {"meta", "link", "br", "img", "input", "hr", "path", "use"}


class Page(HTMLParser):
    """A page's elements with their attributes, its headings, and its text by id of the section."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.headings, self.open, self.unclosed = [], [], [], []
        self.text = text
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if self.open.pop() != tag:
            self.unclosed.append(tag)

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]

    def words(self, start="<body>", end="</body>"):
        """The text between two places, without tags."""
        part = self.text.partition(start)[2].partition(end)[0]
        return " ".join(re.sub(r"<[^>]*>", " ", part).split())


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """A course with a simulated class of two units, and what each student handed in."""
    classroom = found(tmp_path_factory.mktemp("report") / "course")
    drawn = simulated.make(classroom.course, SIZE, UNITS, mistakes_a_task=4)
    return classroom, drawn


@pytest.fixture
def course(school, monkeypatch):
    monkeypatch.chdir(school[0].root)
    return school[0]


@pytest.fixture
def copied(school, tmp_path, monkeypatch):
    """A copy of the course that a test may change."""
    classroom = school[0].copy_to(tmp_path / "course")
    monkeypatch.chdir(classroom.root)
    return classroom


@pytest.fixture
def changed(copied, monkeypatch):
    """The same, its reports without pictures: they take most of the time."""
    for picture in ("distribution", "tasks", "progress"):
        monkeypatch.setattr(report_figures, picture, lambda *_: "")
    return copied


def run(*arguments, expected=0):
    result = CliRunner().invoke(cli.app, ["report", *arguments], catch_exceptions=False)
    assert result.exit_code == expected, result.output
    return result


def page_of(classroom, *arguments, expected=0):
    run(*arguments, expected=expected)
    units = [argument for argument in arguments if not argument.startswith("-")]
    name = units[0] if units else "course"
    return Page((classroom.folder / "reports" / f"{name}.html").read_text("utf-8"))


def letters(text):
    """A sentence without what is written differently on a page."""
    return re.sub(r"\W", "", html.unescape(re.sub(r"<[^>]*>", "", text)))


@functools.cache
def seen(classroom, *arguments):
    """The page of a course that no test changes."""
    return page_of(classroom, *arguments)


def mistake(monkeypatch, capsys, *arguments):
    monkeypatch.setattr("sys.argv", ["lossgrad", "report", *arguments])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return end.value.code, capsys.readouterr().err


def rewrite(classroom, student, unit, **changes):
    path = classroom.course.record_file(student, unit)
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), encoding="utf-8")


# ---- what it says


def test_it_says_where_it_is_how_much_is_in_it_and_what_to_type_next(course, school):
    result = run("mse")
    assert "report  classroom/reports/mse.html" in result.output
    assert f"{len(school[1]['mse'])} graded submissions of {SIZE} students" in result.output
    assert re.search(r"^next: (lossgrad|nbgrader) ", result.output, re.MULTILINE)


def test_misconceptions_are_counted_with_what_to_say(course, school):
    page = seen(course, "mse")
    counts, hints = Counter(), {}
    for each in school[1]["mse"]:
        named = {
            check.misconception: check.hint
            for option in each.options
            for check in option.result.checks
            if check.hint
        }
        counts.update(named.keys())
        hints |= named
    most = max(counts.values())
    graded = len(school[1]["mse"])
    assert most > 2
    tomorrow = page.words('id="tomorrow"', "</section>")
    assert f"{most} students of {graded} ({100 * most / graded:.0f} %)" in tomorrow
    part = page.text.partition("<h3>Misconceptions</h3>")[2]
    cards = re.findall(r'class="count">(\d+) of .*?<p class="hint">(.*?)</p>', part, re.DOTALL)
    rows = re.findall(r'<td class="n"[^>]*>(\d+) <small>.*?<td class="long">(.*?)</td></tr>', part)
    told = {letters(hint): int(count) for count, hint in cards + rows}
    assert told == {letters(hints[name]): count for name, count in counts.items()}
    assert len(cards) == 5


def test_an_example_is_a_students_answer_with_the_right_one_beside_it(course):
    page = seen(course, "mse")
    assert "A student wrote" in page.words()
    examples = re.findall(r'<pre class="(\w+)"><code>(.*?)</code></pre>', page.text, re.DOTALL)
    kinds = Counter(kind for kind, _ in examples)
    assert kinds["wrong"] == kinds["right"] == 5
    for _, code in examples:
        assert re.match(r"def (\w+)\(", code)
        assert '"""' not in code


def test_difficulty_and_the_counts_of_a_task_are_those_of_the_class(course, school):
    row = seen(course, "mse").words("<code>mse_grad</code> <small", "</tr>")
    options = [o for each in school[1]["mse"] for o in each.options if o.result.task == "mse_grad"]
    share = sum(o.result.score for o in options) / sum(o.result.points for o in options)
    full = sum(o.result.score == o.result.points for o in options)
    unwritten = sum(o.kind == "unwritten" for o in options)
    nothing = sum(o.result.score == 0 for o in options) - unwritten
    part = len(options) - full - nothing - unwritten
    assert f"{100 * share:.0f} % {full} {part} {nothing} {unwritten} " in row


def test_late_work_and_open_questions_come_from_the_gradebook(course, school):
    words = seen(course, "mse").words()
    late = sum(bool(each.late) for each in school[1]["mse"])
    assert f"Late {late} due 2026-10-12 12:00 UTC" in words
    waiting = [e for i, e in enumerate(school[1]["mse"]) if i % 5 == 0 and not e.unreadable]
    assert f"{len(waiting)} submissions have an answer in words" in words


def test_the_course_is_told_unit_by_unit(course, school):
    page = seen(course)
    for unit in UNITS:
        assert {"id": f"unit-{unit}"}.items() <= {
            k: v for a in page.all("section") for k, v in a.items() if v == f"unit-{unit}"
        }.items()
        count = len(school[1][unit])
        assert f"{unit} {count} ({100 * count / SIZE:.0f} %)" in page.words('id="course"')
    assert "unit-hinge" not in page.text  # nobody handed in


def test_those_who_need_a_human_are_named_with_the_reason(changed, school):
    student = next(e.student for e in school[1]["mse"] if not e.unreadable)
    rewrite(changed, student, "mse", restarts=2, problems=["The file was cut off."])
    run("mse")
    page = Page((changed.folder / "reports" / "mse.html").read_text("utf-8"))
    words = page.words("mse-attention")
    assert re.search(
        rf"\({student}\) : The file was cut off. Its kernel .* replaced 2 times", words
    )


def test_time_outs_are_counted(changed, school):
    endless = next(o for o in simulated.options_of("mse", 4)["mse"] if o.kind == "endless")
    student = school[1]["mse"][0].student
    path = changed.course.record_file(student, "mse")
    record = json.loads(path.read_text("utf-8"))
    tasks = [t if t["task"] != "mse" else json.loads(endless.text) for t in record["tasks"]]
    rewrite(changed, student, "mse", tasks=tasks)
    words = page_of(changed, "mse").words("Time-outs", "</table>")
    assert "mse ran out of time" in words


def test_who_handed_in_and_is_not_graded_is_told_and_the_next_command_grades(changed, school):
    student = school[1]["mse"][0].student
    changed.course.record_file(student, "mse").unlink()
    result = run("mse")
    assert "next: lossgrad grade mse" in result.output
    page = Page((changed.folder / "reports" / "mse.html").read_text("utf-8"))
    assert "1 submission has no grading yet" in page.words()


# ---- what may be missing


def test_records_alone_suffice(changed):
    (changed.folder / "gradebook.db").unlink()
    shutil.rmtree(changed.folder / "submitted")
    page = page_of(changed, "mse")
    words = page.words()
    assert "there is no gradebook" in words
    assert not (changed.folder / "gradebook.db").exists()
    assert "The typical form, not a student's" in words
    assert "A student wrote" not in words


def test_a_broken_record_is_named_and_the_others_are_read(changed, school):
    broken, odd = (each.student for each in school[1]["mse"][:2])
    changed.course.record_file(broken, "mse").write_text("{")
    rewrite(changed, odd, "mse", tasks=[{"task": "mse", "points": "three", "checks": []}])
    result = run("mse", expected=3)
    for student in (broken, odd):
        assert f"left out  {changed.course.record_file(student, 'mse')}" in result.stderr
    assert "--force --student" in result.stdout
    page = Page((changed.folder / "reports" / "mse.html").read_text("utf-8"))
    assert f"of {len(school[1]['mse']) - 2}" in page.words('id="tomorrow"')
    assert page.words().count("The record cannot be read") == 2
    assert str(changed.root) not in page.text


def test_a_class_of_one_has_a_report_and_no_example_of_its_own(changed, school):
    student = next(
        e.student for e in school[1]["mse"] if any(o.kind == "mistake" for o in e.options)
    )
    for place in ("autograded", "submitted"):
        for folder in (changed.folder / place).iterdir():
            if folder.name != student:
                shutil.rmtree(folder)
    (changed.folder / "gradebook.db").unlink()
    words = page_of(changed, "mse").words()
    assert "1 student, 1 graded submission." in words
    assert "1 graded submission is few" in words
    assert "A student wrote" not in words
    assert "The typical form, not a student's" in words


def test_a_faultless_class_has_nothing_that_stands_out(changed, school):
    perfect = next(
        (e.student for e in school[1]["mse"] if all(o.kind == "right" for o in e.options)), None
    )
    for place in ("autograded", "submitted"):
        for folder in (changed.folder / place).iterdir():
            if folder.name != perfect:
                shutil.rmtree(folder)
    (changed.folder / "gradebook.db").unlink()
    words = page_of(changed, "mse").words('id="tomorrow"', "</section>")
    assert "Nothing stands out" in words


def test_a_submission_that_was_changed_after_the_grading_is_no_example(changed):
    for path in (changed.folder / "submitted").glob("*/mse/mse.ipynb"):
        path.write_bytes(path.read_bytes() + b" ")
    assert "A student wrote" not in page_of(changed, "mse").words()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["mze"], ["'mze' is no unit of this course", "antiderivatives", "lossgrad report"]),
        (["hinge"], ["Nothing of hinge is graded", "lossgrad grade hinge"]),
    ],
)
def test_an_ordinary_mistake_is_told_in_two_lines(course, monkeypatch, capsys, arguments, told):
    code, said = mistake(monkeypatch, capsys, *arguments)
    assert code == 1
    assert all(part in said for part in told)
    assert len(said.splitlines()) <= 3


def test_without_any_record_it_says_how_to_get_some(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(found(tmp_path / "course").root)
    code, said = mistake(monkeypatch, capsys)
    assert code == 1
    assert "Nothing of this course is graded" in said
    assert "lossgrad grade" in said


def test_where_no_record_can_be_read_it_says_so(changed, monkeypatch, capsys):
    for path in changed.folder.glob(f"autograded/*/mse/*{records.SUFFIX}"):
        path.write_text("")
    code, said = mistake(monkeypatch, capsys, "mse")
    assert code == 1
    assert "lossgrad grade mse --force" in said


def test_it_goes_where_it_is_told_to_and_opens(course, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr("webbrowser.open", lambda url: opened.append(url) or True)
    path = tmp_path / "new folder" / "mine.html"
    result = run("mse", "--output", str(path), "--open")
    assert path.is_file()
    assert opened == [path.as_uri()]
    assert str(path) in result.output.replace("\n", "")


def test_help_has_an_example_and_the_exit_codes():
    words = run("--help").output
    assert "lossgrad report mse --open" in words
    assert "--anonymous" in words


# ---- whom it gives away


def test_names_are_hidden_until_they_are_asked_for(course):
    page = seen(course, "mse")
    assert {"type": "checkbox", "id": "names"}.items() <= page.all("input")[0].items()
    assert "checked" not in page.all("input")[0]
    style = (report_page.TEMPLATES / "report.css").read_text("utf-8")
    assert ".name { display: none; }" in style
    assert "body:has(#names:checked) .name { display: inline; }" in style


def test_no_name_stands_where_it_is_not_hidden(course, school):
    page = seen(course)
    shown = re.sub(r'<span class="name">.*?</span>', "", page.text)
    for each in school[1]["mse"]:
        assert each.student not in shown
    for family in simulated.FAMILY:
        assert family not in shown


@pytest.mark.parametrize("unit", [[], ["mse"]])
def test_an_anonymous_report_holds_no_name_at_all(changed, school, unit):
    students = [each.student for each in school[1]["mse"]]
    changed.course.record_file(students[0], "mse").write_text("{")
    changed.course.record_file(students[1], "mse").unlink()
    run(*unit, "--anonymous", expected=3)
    text = (changed.folder / "reports" / f"{(unit or ['course'])[0]}.html").read_text("utf-8")
    assert not re.search(r"\bs\d{4}\b", text)
    for name in (*simulated.FAMILY, *simulated.GIVEN):
        assert name not in text
    assert "student 1" in text
    assert not Page(text).all("input")


def test_numbers_of_students_do_not_follow_their_names(course):
    page = seen(course, "mse")
    pairs = re.findall(r'student (\d+)</span><span class="name">.*?\((s\d+)\)', page.text)
    ordered = [student for _, student in sorted(set(pairs), key=lambda pair: int(pair[0]))]
    assert len(ordered) == SIZE
    assert ordered != sorted(ordered)
    assert ordered != sorted(ordered, reverse=True)


def test_no_seed_and_no_digest_of_a_submission_is_on_the_page(course, school):
    text = seen(course).text
    for each in school[1]["mse"]:
        record = course.record(each.student, "mse")
        assert record.seed[:12] not in text
        assert record.submission[:12] not in text


# ---- the page itself


@pytest.mark.parametrize("arguments", [[], ["mse"], ["optimizers", "--anonymous"]])
def test_the_page_stands_on_its_own_and_runs_nothing(course, arguments):
    page = seen(course, *arguments)
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    assert not any(name.startswith("on") for _, attrs in page.elements for name in attrs)
    assert "http" not in page.text.replace("http-equiv", "").replace(
        "http://www.w3.org/2000/svg", ""
    ).replace("http://www.w3.org/1999/xlink", "")
    assert "url(" not in page.text.replace("url(#", "")
    policy = next(a["content"] for a in page.all("meta") if "http-equiv" in a)
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")


@pytest.mark.parametrize("arguments", [[], ["mse"]])
def test_the_page_can_be_read_with_a_screen_reader_and_without_a_mouse(course, arguments):
    page = seen(course, *arguments)
    assert page.unclosed == []
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    steps = zip(page.headings, page.headings[1:], strict=False)
    assert all(after <= before + 1 for before, after in steps)
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = [a["href"] for a in page.all("a")]
    assert {target.removeprefix("#") for target in targets} <= set(ids)
    for svg in page.all("svg"):
        assert svg["role"] == "img"
        assert len(svg["aria-label"]) > 20
    assert all("scope" in attrs for attrs in page.all("th"))
    for attrs in page.all("div"):
        if "scroll" in attrs.get("class", "").split():
            assert (attrs["tabindex"], attrs["role"]) == ("0", "region")
            assert attrs["aria-label"]
    assert page.all("html") == [{"lang": "en"}]


def contrast(first, second):
    """The contrast of two colours as WCAG 2.2 defines it."""

    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_colours_have_the_contrast_that_reading_needs(theme):
    style = (report_page.TEMPLATES / "report.css").read_text("utf-8")
    block = re.findall(r":root \{(.*?)\}", style, re.DOTALL)[theme]
    colours = dict(re.findall(r"--([\w-]+): (#\w{6})", block))
    for ground in ("page", "card", "warn-card"):
        for text in ("ink", "soft", "link", "warn"):
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for shape in ("soft", "full", "none"):  # the parts of a bar are outlined in `soft`
        minimum = 3 if shape != "none" or theme else 2.5
        assert contrast(colours[shape], colours["page"]) >= minimum, shape


def test_the_same_records_give_the_same_page(course):
    first, again = (
        re.sub(r"Made [-0-9: ]+ UTC", "", make(course, "mse").text) for make in (seen, page_of)
    )
    assert first == again


def test_nothing_that_was_written_elsewhere_becomes_a_part_of_the_page(copied, school):
    student = next(e.student for e in school[1]["mse"] if not e.unreadable)
    path = copied.course.record_file(student, "mse")
    record = json.loads(path.read_text("utf-8"))
    for task in record["tasks"]:
        task["task"] = task["task"] + HOSTILE
        for check in task["checks"]:
            check |= {
                "name": HOSTILE,
                "sentence": HOSTILE,
                "verdict": "failed",
                "reason": HOSTILE,
                "misconception": HOSTILE,
                "hint": HOSTILE,
            }
    evil = "<img src=x onerror=alert(1)>"
    folder = copied.folder / "autograded" / evil / "mse"
    folder.mkdir(parents=True)
    record |= {"problems": [HOSTILE], "student": evil, "restarts": 1}
    (folder / "mse.record.json").write_text(json.dumps(record), encoding="utf-8")
    for arguments in ([], ["mse"]):
        page = page_of(copied, *arguments)
        assert not {"script", "img", "b"} & {tag for tag, _ in page.elements}
        assert "&lt;img src=x onerror=alert(1)&gt;" in page.text
        assert "\u202e" not in page.text
        assert page.unclosed == []


def test_what_a_student_wrote_is_escaped_in_an_example(changed, school):
    for path in (changed.folder / "submitted").glob("*/mse/mse.ipynb"):
        student = path.parts[-3]
        if not path.read_bytes().startswith(b"{"):
            continue
        notebook = json.loads(path.read_bytes())
        for cell in notebook["cells"]:
            task = cell["metadata"]["nbgrader"]["grade_id"]
            cell["source"] = f"def {task}(script, alert, img):\n    return img < script > alert(1)"
        content = json.dumps(notebook).encode()
        path.write_bytes(content)
        rewrite(changed, student, "mse", submission=digest(content))
    page = page_of(changed, "mse")
    assert "return name" in page.text
    assert "&lt; name" in page.text
    assert not {"script", "img"} & {tag for tag, _ in page.elements}


def test_the_simulated_records_are_records(course, school):
    each = school[1]["mse"][0]
    record = course.record(each.student, "mse")
    assert record.score == round(sum(option.result.score for option in each.options), 2)
    assert [task.task for task in record.tasks] == [o.result.task for o in each.options]
    assert Path(course.submitted(each.student, "mse")).is_file()
