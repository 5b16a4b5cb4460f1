"""A course in a temporary folder, with any number of submissions of the unit `mse`."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from autograder import assignments
from autograder.course import open_course
from autograder.samples import Sample, submit
from benchmarks.figures import without_figures

ROOT = Path(__file__).parents[1]
UNIT = "mse"
STOCK_CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "lossgrad"
c.CourseDirectory.root = {root!r}
"""


def make(folder: Path, *, figures: bool, stock: bool) -> Path:
    """Make a course with one built and released unit and return its folder."""
    shutil.copytree(ROOT / "exercises", folder / "exercises")
    shutil.copytree(
        ROOT / "solutions", folder / "solutions", ignore=shutil.ignore_patterns("__pycache__")
    )
    for other in (folder / "exercises").glob("*.md"):
        if other.stem != UNIT:
            other.unlink()
    if not figures:
        text = (folder / "exercises" / f"{UNIT}.md").read_text()
        (folder / "exercises" / f"{UNIT}.md").write_text(without_figures(text))
    if stock:
        text = STOCK_CONFIG.format(root=str(folder / "classroom"))
        (folder / "nbgrader_config.py").write_text(text)
    else:
        shutil.copy(ROOT / "nbgrader_config.py", folder)
    course = open_course(folder)
    assignments.build_unit(UNIT, folder, course.classroom / "source")
    made = course.api().generate_assignment(UNIT)
    if not made["success"]:
        raise RuntimeError(made.get("error") or made["log"])
    return folder


def hand_in(folder: Path, count: int) -> None:
    """Hand in `count` right solutions, each with an answer of its own, and nothing else."""
    course = open_course(folder)
    submitted = course.classroom / "submitted"
    for place in (submitted, course.classroom / "autograded"):
        shutil.rmtree(place, ignore_errors=True)
    answers = folder / "right"
    answers.mkdir(exist_ok=True)
    (answers / "submission.toml").write_text('others = "right"\n')
    first = submit(
        Sample(UNIT, 18.0, "student-00000", answers),
        course.released(UNIT),
        folder / "solutions" / f"{UNIT}.py",
        submitted,
    )
    beside = [path for path in course.released(UNIT).parent.iterdir() if path.suffix != ".ipynb"]
    notebook = json.loads(first.read_text())
    for number in range(count):
        place = submitted / f"student-{number:05d}" / UNIT
        place.mkdir(parents=True, exist_ok=True)
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("solution") and cell["cell_type"] == "code":
                cell["source"] = (
                    f"{''.join(cell['source']).partition('# answer')[0]}# answer {number}"
                )
        (place / f"{UNIT}.ipynb").write_text(json.dumps(notebook))
        for path in beside:
            shutil.copy(path, place)


def forget_grades(folder: Path) -> None:
    """Remove what was graded, so that all of it is graded again."""
    shutil.rmtree(folder / "classroom" / "autograded", ignore_errors=True)


def tool(name: str) -> str:
    """Return the path of a command installed beside this Python."""
    return str(Path(sys.executable).parent / name)
