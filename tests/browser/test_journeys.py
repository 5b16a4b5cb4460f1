"""A unit goes from the lecturer to a student and back, on the screens of both.

Each fixture is a step of the journey and builds on the one before; the tests say what must be seen
after it. Nobody in these tests can reach the internet.
"""

import re
import subprocess
from types import SimpleNamespace

import pytest
from nbgrader.api import Gradebook
from nbgrader.utils import get_username
from playwright.sync_api import expect

from autograder import assignments
from tests import classroom
from tests.browser.chromium import Watch
from tests.browser.lab import Lab
from tests.browser.people import Lecturer, Student
from tests.browser.pictures import OTHER, PAGES
from tests.classroom import BIN

pytestmark = [
    pytest.mark.browser,
    pytest.mark.server,
    pytest.mark.timeout(600),  # a first test waits for all steps that lead to it
    pytest.mark.xdist_group("browser"),  # so that one worker takes the steps, once
]

UNIT = "mse"
STUDENT = get_username()
CHECKED = ("squared_error", "squared_error_grad", "mse", "mse_grad", "linear_mse_grad")
ANSWERS = {
    "squared_error": "return 0.5 * (y - y_hat) ** 2",
    "squared_error_grad": "return np.round(y_hat - y, 2)",  # right where the self-check looks
    "mse": "return np.mean((y - y_hat) ** 2)",
    "mse_grad": "return 2 * (y_hat - y)",
    "linear_mse_grad": "g = mse_grad(y, X @ w + b)\n    return X.T @ g, np.sum(g)",
}
MENDED = "return 2 * (y_hat - y) / len(y)"
WHY = "A squared error pulls with its residual: $2r/N$. Ten times the residual, ten times the pull."
COMMENT = "And the absolute error? Its slope is $\\pm\\frac1N$."
DESKTOP = {"width": 1400, "height": 860}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def watch():
    return Watch()


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = classroom.found(tmp_path_factory.mktemp("browser") / "course")
    # From the repository, since the other tests' courses are without figures.
    assignments.build_unit(UNIT, classroom.ROOT, course.folder / "source")
    return course


@pytest.fixture(scope="module")
def labs(course):
    """The servers of the lecturer and of the student, who has a folder and little else."""
    own = course.root.parent / "student"
    own.mkdir()
    (own / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        "c.CourseDirectory.course_id = 'lossgrad'\n"
        f"c.Exchange.root = {str(course.root / 'exchange')!r}\n"
    )
    homes = course.root.parent
    lecturer = Lab(course.root, homes / "lecturer-home", course.environment)
    student = Lab(own, homes / "student-home", course.environment)
    yield SimpleNamespace(lecturer=lecturer, student=student, folder=own)
    lecturer.stop()
    student.stop()


@pytest.fixture(scope="module")
def people(browser, watch, labs, camera):
    context = watch.open(browser, viewport=DESKTOP, **camera.context)
    yield Lecturer(context, labs.lecturer), Student(context, labs.student)
    context.close()


@pytest.fixture(scope="module")
def lecturer(people):
    return people[0]


@pytest.fixture(scope="module")
def student(people):
    return people[1]


@pytest.fixture(scope="module")
def released(course, lecturer):
    lecturer.choose("Nbgrader", "Formgrader")
    lecturer.page.keyboard.press("Control+B")  # room for the table
    said = [lecturer.press("assign", UNIT)]
    lecturer.row(UNIT).locator(".preview a").click()
    files = lecturer.page.locator(".jp-DirListing-item")
    expect(files.filter(has_text=f"{UNIT}.ipynb")).to_have_count(1)
    previewed = files.all_inner_texts()
    said.append(lecturer.press("release", UNIT))
    course.submit(OTHER)
    return SimpleNamespace(said=said, previewed=previewed)


@pytest.fixture(scope="module")
def fetched(student, released, camera):
    student.choose("Nbgrader", "Assignment List")
    student.assignments("released").get_by_role("button", name="Fetch").click()
    downloaded = student.assignments("fetched")
    downloaded.get_by_role("button", name=UNIT).click()
    camera.take("assignment-list", student.page, height=360)
    downloaded.locator(".nested_list_item").get_by_role("link", name=UNIT).click()
    expect(student.cell("# Checks of linear_mse_grad (")).to_be_visible()
    expect(student.page.locator("mjx-container").first).to_be_visible()


@pytest.fixture(scope="module")
def tried(student, fetched, camera):
    """The student has answered, one answer is wrong, and the self-check says so."""
    for function, code in ANSWERS.items():
        student.write(function, code)
    student.choose("Run", "Run All Cells")
    expect(student.check("mse_grad")).to_be_visible()
    answer = student.check("mse_grad").inner_text()
    student.cell("def mse_grad(").evaluate("each => each.scrollIntoView()")
    camera.take("self-check", student.page.locator(".jp-NotebookPanel"), height=445)
    return SimpleNamespace(answer=answer, validated=student.validate())


@pytest.fixture(scope="module")
def answered(student, tried):
    student.write("mse_grad", MENDED)
    student.answer("YOUR ANSWER HERE", WHY)
    student.choose("Run", "Run All Cells")
    expect(student.page.locator(".jp-OutputArea-output img")).to_have_count(2)
    answers = {name: student.check(name).inner_text() for name in CHECKED}
    return SimpleNamespace(answers=answers, validated=student.validate())


@pytest.fixture(scope="module")
def collected(course, lecturer, student, answered, camera):
    student.show("Assignments")
    student.assignments("fetched").get_by_role("button", name="Submit").click()
    expect(student.assignments("submitted").get_by_text(UNIT, exact=True)).to_be_visible()
    with gradebook(course) as book:
        book.add_student(STUDENT, first_name="Ada", last_name="Lovelace")
    said = lecturer.press("collect", UNIT)
    submissions = lecturer.row(UNIT).locator(".num-submissions a")
    expect(submissions).to_have_text("2")
    camera.take("formgrader", lecturer.page.locator("iframe"), height=410)
    submissions.click()
    return said


@pytest.fixture(scope="module")
def graded(course, lecturer, collected):
    said = lecturer.press("autograde", STUDENT)
    return SimpleNamespace(said=said, scores=scores(course, STUDENT))


@pytest.fixture(scope="module")
def marked(course, lecturer, graded, camera):
    """The lecturer has read the submission, marked the answer in words, and corrected a score."""
    lecturer.follow("Manual Grading", UNIT, UNIT, "Submission #1")
    page = lecturer.formgrader
    expect(page.locator("#mse_grad_checks")).to_have_attribute("placeholder", re.compile(r"\d"))
    shown = {
        task: float(page.locator(f"#{task}").get_attribute("placeholder"))
        for task in graded.scores
        if task.endswith("_checks")
    }
    task = page.locator(".cell:has(#squared_error_grad_checks)")
    seen = SimpleNamespace(
        shown=shown,
        task=task.inner_text(),
        formulas=[box["height"] for box in boxes(page.locator("math"))],
        figures=[box["width"] for box in boxes(page.locator("img"))],
        borders=page.locator("img").first.evaluate("each => getComputedStyle(each).border"),
    )
    lecturer.score("squared_error_grad_checks", "2.5")
    lecturer.score("outliers", "1.5")
    lecturer.comment("outliers", COMMENT)
    camera.take("submission", task)
    camera.take("hand-graded", lecturer.graded_cell("outliers"))
    return seen


@pytest.fixture(scope="module")
def returned(lecturer, marked):
    lecturer.follow("Manual Grading", "Manage Assignments")
    return [lecturer.press(button, UNIT) for button in ("generate-feedback", "release-feedback")]


@pytest.fixture(scope="module")
def grading_again(course, returned):
    """A regrade on the command line, which goes on while the student reads the feedback."""
    log = course.root / "regrade.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [BIN / "nbgrader", "autograde", UNIT, "--force"],
            cwd=course.root,
            env=course.environment,
            stdout=output,
            stderr=output,
        )
    yield SimpleNamespace(process=process, log=log)
    process.wait(timeout=120)


@pytest.fixture(scope="module")
def feedback(student, grading_again, camera):
    """The student has fetched the feedback and opened it in JupyterLab."""
    submitted = student.assignments("submitted")
    submitted.get_by_role("button", name="Fetch Feedback").click()
    submitted.get_by_text("(view feedback)").click()
    student.page.locator(".jp-DirListing-item", has_text=f"{UNIT}.html").dblclick()
    page = student.page.frame_locator(".jp-HTMLViewer iframe")
    expect(page.locator(".lossgrad-result")).to_have_count(len(CHECKED))
    camera.take("feedback-in-jupyterlab", student.page)
    return page


@pytest.fixture(scope="module")
def graded_again(course, grading_again, feedback):
    assert grading_again.process.wait(timeout=120) == 0, grading_again.log.read_text()
    return scores(course, STUDENT)


def gradebook(course):
    return Gradebook(f"sqlite:///{course.folder}/gradebook.db", "lossgrad")


def scores(course, student):
    """What the gradebook says of each graded cell: by the checks, and by the lecturer."""
    with gradebook(course) as book:
        grades = book.find_submission_notebook(UNIT, UNIT, student).grades
        return {grade.name: (grade.auto_score, grade.manual_score) for grade in grades}


def boxes(locator):
    return [element.bounding_box() for element in locator.all()]


class TestLecturer:
    def test_generates_looks_at_and_releases_a_unit(self, released):
        assert released.said == [
            f"Successfully created the student version of '{UNIT}':",
            f"Successfully released '{UNIT}'.",
        ]
        assert any("selfcheck.py" in name for name in released.previewed)

    def test_collects_and_autogrades_a_submission(self, collected, graded):
        assert collected == f"Successfully collected submissions of '{UNIT}'."
        assert graded.said.startswith("Successfully autograded")
        full = {f"{name}_checks" for name in CHECKED} - {"squared_error_grad_checks"}
        points = {"squared_error": 2, "mse": 3, "mse_grad": 5, "linear_mse_grad": 5}
        assert {task: graded.scores[task][0] for task in full} == {
            f"{name}_checks": value for name, value in points.items()
        }
        assert 0 < graded.scores["squared_error_grad_checks"][0] < 3

    def test_reads_the_checks_of_a_submission_with_the_scores_of_the_gradebook(
        self, graded, marked
    ):
        assert marked.shown == {
            task: score for task, (score, _) in graded.scores.items() if task.endswith("_checks")
        }
        assert "Your derivatives are rounded to two decimals." in marked.task

    def test_sees_formulas_and_figures_as_the_student_does(self, marked):
        assert len(marked.formulas) > 20
        assert min(marked.formulas) > 5
        assert len(marked.figures) == 2
        assert min(marked.figures) > 300
        assert marked.borders.startswith("0px")

    def test_gives_feedback_back(self, returned):
        assert returned == [
            f"Successfully generated feedback of '{UNIT}'.",
            f"Successfully released feedback of '{UNIT}'.",
        ]

    def test_button_and_command_give_the_same_scores(self, course, graded, graded_again):
        before = {task: score for task, (score, _) in graded.scores.items()}
        assert {task: score for task, (score, _) in graded_again.items()} == before
        assert course.score(OTHER.student, UNIT) == OTHER.score

    def test_what_was_scored_by_hand_survives_a_regrade(self, graded_again):
        by_hand = {task: manual for task, (_, manual) in graded_again.items() if manual is not None}
        assert by_hand == {"squared_error_grad_checks": 2.5, "outliers": 1.5}


class TestStudent:
    def test_self_check_answers_with_two_numbers(self, tried):
        assert tried.answer == (
            "mse_grad: your gradient at index 2 is -6, the slope of your own mse is -2."
        )

    def test_validation_names_what_fails_and_nothing_else(self, tried):
        assert "# Checks of mse_grad (" in tried.validated
        assert "the slope of your own mse is -2" in tried.validated
        assert "You did not provide a response." in tried.validated
        for function in ("squared_error", "squared_error_grad", "mse"):
            assert f"# Checks of {function} (" not in tried.validated

    def test_mended_answers_pass_the_self_check_and_the_validation(self, answered):
        for name, answer in answered.answers.items():
            assert answer.startswith(f"{name}: ")
            assert "The graded run also tests more." in answer
        assert "Success! Your notebook passes all the tests." in answered.validated

    def test_reads_scores_mistakes_and_comment_in_jupyterlab(self, feedback):
        assert feedback.locator("h4").first.inner_text() == f"{UNIT} (Score: 19.0 / 20.0)"
        table = feedback.locator(".lossgrad-result").nth(1)
        assert "Your derivatives are rounded to two decimals." in table.inner_text()
        comment = feedback.locator(".panel-footer", has_text="Comments:")
        assert "And the absolute error?" in comment.inner_text()
        assert comment.locator("math").count() == 1

    def test_sees_formulas_and_figures(self, feedback):
        assert min(box["height"] for box in boxes(feedback.locator("math"))) > 5
        assert [box["width"] > 300 for box in boxes(feedback.locator("img"))] == [True, True]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
class TestPages:
    @pytest.fixture
    def show(self, browser, watch, course, graded_again, camera, name, scheme):
        """Return the page in a window of a given size."""
        contexts = []

        def shown(**size):
            context = watch.open(browser, viewport=size, color_scheme=scheme, **camera.context)
            contexts.append(context)
            page = context.new_page()
            page.goto(PAGES[name].make(course).as_uri())
            return page

        yield shown
        for context in contexts:
            context.close()

    def test_can_be_read_on_a_desktop(self, show, camera, name, scheme):
        page = show(width=PAGES[name].width, height=DESKTOP["height"])
        paper, ink = page.locator("body").evaluate(
            "each => [getComputedStyle(each).backgroundColor, getComputedStyle(each).color]"
        )
        assert (brightness(paper) > brightness(ink)) == (scheme == "light")
        assert abs(brightness(paper) - brightness(ink)) > 150
        part = page.locator(PAGES[name].part)
        assert part.bounding_box()["height"] > 100
        if scheme == "light":
            camera.take(name, part, height=PAGES[name].height)

    def test_fits_on_a_phone(self, show, camera, name, scheme):
        page = show(**PHONE)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        page.locator(PAGES[name].part).scroll_into_view_if_needed()
        if scheme == "dark":
            camera.take(f"{name}-on-a-phone", page)


def brightness(colour):
    """The mean of what is in `rgb(1, 2, 3)`."""
    red, green, blue = (int(part) for part in colour.strip("rgb()").split(",")[:3])
    return (red + green + blue) / 3


def test_nobody_needs_the_internet(watch, graded_again):
    assert watch.elsewhere == []


def test_no_page_complains(watch, graded_again):
    assert watch.errors == []
