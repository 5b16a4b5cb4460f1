r"""How Moodle and Canvas name what students handed in, in the archives that lecturers download.

Moodle, *Submissions > Download all submissions*, with or without folders:

    Ann Lee_1234_assignsubmission_file/mse.ipynb      (before version 4.1: ..._file_/mse.ipynb)
    Ann Lee_1234_assignsubmission_file_mse.ipynb

The number is the participant's in this one assignment, which only its grading worksheet explains.
Canvas, *Download Submissions*: the sortable name without signs, the user's and the file's number:

    leeann_5678_91011_mse.ipynb        leeann_LATE_5678_91011_mse-1.ipynb

`lossgrad collect` reads these archives, and so do the plugins of `nbgrader zip_collect` in
`autograder.university.zip_collect`. For a plain `nbgrader zip_collect` there are the settings
`MOODLE` and `CANVAS` of `c.FileNameCollectorPlugin.named_regexp`; ids are then the numbers.

Sources: Moodle `mod/assign/classes/downloader.php` and `mod/assign/feedback/file/importziplib.php`,
Canvas `lib/content_zipper.rb`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from autograder.university.archives import relative
from autograder.university.rosters import Kind, Person, Roster, RosterError

MOODLE = r".*?/[^/_]*_(?P<student_id>\d+)_assignsubmission_file_?/?(?P<file_id>.+)"
CANVAS = r".*/[^/]*?_(?:LATE_)?(?P<student_id>\d+)_\d+_(?P<file_id>[^/]+?)(?:-\d+)?(?=\.ipynb$)"

_FOLDER = re.compile(r"[^_]*_(?P<number>\d+)_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<rest>.*))?")
_AGAIN = re.compile(r"(?P<stem>.+?)(?:-\d+| ?\(\d+\))")
_FOR_US = ("timestamp.txt", "submission_secret.txt")  # what nbgrader puts there, and believes


@dataclass(frozen=True)
class Place:
    """What the name of one file in an archive says.

    `number` is the participant's (Moodle) or the user's (Canvas), `file` the path in the
    submission, `attachment` Canvas's number of the file, larger for later ones. `before` is the
    name without the file: feedback that is to find its way back begins with it.
    """

    number: str
    file: str
    before: str
    late: bool = False
    attachment: int = 0


def place_in_moodle(path: str, roster: Roster | None = None) -> Place | None:
    """Return what a path in Moodle's archive says, or None if it is no uploaded file.

    As in Moodle the first part of the path that has this form counts: students name the rest.
    """
    parts = path.split("/")
    for index, part in enumerate(parts):
        match = _FOLDER.fullmatch(part)
        if match is None:
            continue
        if match["plugin"] != "file":
            return None
        rest = parts[index + 1 :]
        if rest:  # a folder
            return Place(str(int(match["number"])), "/".join(rest), f"{part}/")
        if not match["rest"]:
            return None
        return Place(str(int(match["number"])), match["rest"], part.removesuffix(match["rest"]))
    return None


def place_in_canvas(path: str, roster: Roster | None = None) -> Place | None:
    """Return what a path in Canvas's archive says, or None if it is no uploaded file.

    Names and files may have numbers between underscores, too. Of several readings the one counts
    whose user has that name in the roster; if there is none, this is None: nothing is guessed.
    """
    readings = list(_readings(path.rpartition("/")[2]))
    if roster is not None:
        users = roster.with_the_same("canvas_id")
        readings = [(name, place) for name, place in readings if place.number in users]
        if len(readings) > 1:
            readings = [
                (name, place)
                for name, place in readings
                if name == name_in_canvas(users[place.number][0])
            ]
    return readings[0][1] if len(readings) == 1 or (readings and roster is None) else None


def name_in_canvas(person: Person) -> str:
    """Return a person's name as Canvas writes it into file names: letters, digits, underscores."""
    name = person.name or ", ".join(filter(None, (person.last_name, person.first_name)))
    name = re.sub(r"_(\d+)_", r"\1", name).lower()
    kept = ("L", "M", "Nd", "Pc")  # Ruby's [[:word:]]
    letters = [sign for sign in name if unicodedata.category(sign).startswith(kept)]
    return unicodedata.normalize("NFC", "".join(letters))


def name_of_notebook(file: str, released: Collection[str]) -> str:
    """Return the released notebook that a file is, or its own name.

    Canvas appends -1 to a file that was uploaded again, browsers (1) to one downloaded again.
    """
    stem, _, extension = file.rpartition(".")
    if extension.casefold() != "ipynb" or file in released:
        return file
    names = {name.casefold(): name for name in released}
    again = _AGAIN.fullmatch(stem)
    for candidate in (stem, again["stem"] if again else ""):
        if name := names.get(f"{candidate}.ipynb".casefold()):
            return name
    return file


def path_in_submission(file: str) -> str | None:
    """Return the path of a file in the folder of a submission, or None if it must not be there."""
    path = relative(file)
    return None if path is None or path.name in _FOR_US else path.as_posix()


def _readings(name: str) -> Iterator[tuple[str, Place]]:
    parts = name.split("_")
    for index in range(1, len(parts) - 2):
        number, attachment = parts[index], parts[index + 1]
        if not (_is_number(number) and _is_number(attachment)):
            continue
        late = parts[index - 1] == "LATE"  # names are in small letters
        before = "_".join(parts[: index + 2]) + "_"
        yield (
            "_".join(parts[: index - late]),
            Place(number, name.removeprefix(before), before, late, int(attachment)),
        )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


LAYOUTS: dict[str, Callable[[str, Roster | None], Place | None]] = {
    "moodle": place_in_moodle,
    "canvas": place_in_canvas,
}
KINDS = {
    "moodle": (Kind.WORKSHEET, "participant"),
    "canvas": (Kind.CANVAS, "canvas_id"),
}


def numbers(system: str, roster: Roster) -> dict[str, Person]:
    """Return the person of each number in a system's file names.

    Raises RosterError if the roster does not have these numbers.
    """
    kind, key = KINDS[system]
    people = {getattr(person, key): person for person in roster.people if getattr(person, key)}
    if roster.kind not in (kind, Kind.OWN) or not people:
        raise RosterError(
            f"{roster.path} does not say whose a number in a file's name is: it is {roster.kind}.\n"
            + (
                "Take the grading worksheet of this assignment (Submissions > Download grading "
                "worksheet)."
                if system == "moodle"
                else "Take what Canvas exports (Grades > Export)."
            )
        )
    return people
