"""Plugins of `nbgrader zip_collect` for the archives of Moodle and Canvas.

    nbgrader zip_collect mse --extractor=autograder.university.zip_collect.CarefulExtractor \\
        --collector=autograder.university.zip_collect.MoodleCollector \\
        --LmsCollector.roster=worksheet.csv

`lossgrad collect` does the same and more: it keeps every attempt, and the times of hand-in.
"""

from __future__ import annotations

from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin
from nbgrader.utils import find_all_notebooks
from traitlets import Unicode

from autograder.mistakes import Mistake
from autograder.submitted import MAX_FILES
from autograder.university.archives import open_archive, relative
from autograder.university.downloads import (
    LAYOUTS,
    name_of_notebook,
    numbers,
    path_in_submission,
)
from autograder.university.final_grades import known_students
from autograder.university.rosters import read_roster


class CarefulExtractor(ExtractorPlugin):
    """Unpacks archives, but no archives in them, no links, and no file that is too large.

    nbgrader's own unpacks what students put into theirs, too, however large that is.
    """

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpack each archive of a folder into a folder of its name."""
        for archive in sorted(Path(archive_path).glob("*.zip")):
            with open_archive(archive) as entries:
                for entry in entries:
                    path = relative(entry.path)
                    content = None if path is None else entry.read(MAX_FILES)
                    if path is None or content is None:
                        self.log.warning("Left out: %s", entry.path)
                        continue
                    destination = Path(extracted_path, archive.stem, path)
                    destination.parent.mkdir(parents=True, exist_ok=True)
                    destination.write_bytes(content)


class LmsCollector(FileNameCollectorPlugin):
    """A collector of `nbgrader zip_collect` that knows who is who."""

    system = ""

    roster = Unicode("", help="File that says who is who, as downloaded, or your own.").tag(
        config=True
    )

    def collect(self, submitted_file: str) -> dict | None:
        """Return whose a file is and what it is called, or None if it is to be left out."""
        if Path(submitted_file).suffix not in self.valid_ext:
            return None
        place = LAYOUTS[self.system](submitted_file, self._roster)
        file = path_in_submission(place.file) if place else None
        if place is None or file is None or place.number not in self._people:
            self.log.warning("Nobody in %s has handed in %s", self.roster, submitted_file)
            return None
        person = self._people[place.number]
        return {
            "student_id": self._students[person.row],
            "file_id": name_of_notebook(file, self._released),
        }

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        coursedir = self.parent.coursedir
        try:
            self._roster = read_roster(Path(self.roster))
            self._people = numbers(self.system, self._roster)
            with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
                self._students = self._roster.students(known_students(gradebook))
        except Mistake as mistake:
            self.parent.fail(f"{mistake}\nSay who is who: --LmsCollector.roster=<file>")
        folder = coursedir.format_path(coursedir.release_directory, ".", coursedir.assignment_id)
        self._released = find_all_notebooks(folder)


class MoodleCollector(LmsCollector):
    """Collects from Moodle's "Download all submissions"."""

    system = "moodle"


class CanvasCollector(LmsCollector):
    """Collects from Canvas's "Download Submissions"."""

    system = "canvas"
