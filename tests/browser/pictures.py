"""The pictures in `docs/images/`, taken where the tests pass by: `make screenshots`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps
from playwright.sync_api import Locator, Page

from benchmarks import simulated
from tests.classroom import Classroom, found, sample_named

OTHER = sample_named("mse", "missing-mean")  # somebody else of the class
SIMULATED = 120  # students in the report's class
COLOURS = 128
MAX_HEIGHT = 1000
MARGIN = 10  # pixels of the page around a part of it
SHARP = 2  # pixels of the picture for one of the page


class Camera:
    """Takes pictures into a folder; without a folder it takes none."""

    def __init__(self, folder: Path | None):
        self.folder = folder

    @property
    def context(self) -> dict:
        """What a browser context needs for the pictures to be sharp."""
        return {"device_scale_factor": SHARP} if self.folder else {}

    def take(self, name: str, what: Page | Locator, *, height: int | None = None) -> None:
        """Take a picture of what a page shows, or of an element down to a height."""
        if not self.folder:
            return
        path = self.folder / f"{name}.png"
        what.screenshot(path=path, animations="disabled")
        with Image.open(path) as picture:
            bottom = min(picture.height, (height or MAX_HEIGHT) * SHARP)
            shown = picture.crop((0, 0, picture.width, bottom))
            if isinstance(what, Locator):
                shown = ImageOps.expand(shown.convert("RGB"), MARGIN * SHARP, "white")
            small = shown.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(path, optimize=True)


@dataclass(frozen=True)
class FilePage:
    """A page of ours that opens as a file: what makes it in a course, and the part to show."""

    make: Callable[[Classroom], Path]
    part: str
    width: int = 900  # pixels of the window
    height: int | None = None  # pixels of the part that are in the picture


def _feedback(course: Classroom) -> Path:
    course.through_api("generate_feedback", OTHER.unit, OTHER.student)
    return course.feedback(OTHER.student, OTHER.unit)


def _report(course: Classroom) -> Path:
    folder = course.root.with_name("simulated")
    if not folder.exists():
        simulated.make(found(folder).course, SIMULATED, ["hinge"], mistakes_a_task=4)
        Classroom(folder).run("lossgrad", "report", "hinge")
    return folder / "classroom" / "reports" / "hinge.html"


# Every page is looked at on a desktop and on a phone, light and dark. Two pictures are kept of it.
PAGES = {
    "feedback": FilePage(_feedback, ".cell:has(a[name=mse_grad_checks])"),
    "report": FilePage(_report, "main", width=1100, height=575),
}
