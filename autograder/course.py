"""Where the rooms of a course are, and nbgrader's view of it."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets import TraitError
from traitlets.config import Config, Configurable, PyFileConfigLoader

from autograder.mistakes import Mistake

CONFIG = "nbgrader_config.py"
CORRECT = "Correct it, and type the same command again."
Settled = TypeVar("Settled", bound=Configurable)


class CourseError(Mistake):
    """Something about the course folder that keeps a command from working; says what to do."""


@dataclass(frozen=True)
class Course:
    """A course folder: exercises' text, solutions, and nbgrader's folders below `classroom/`."""

    root: Path
    config: Config

    @property
    def classroom(self) -> Path:
        """The nbgrader course directory."""
        return Path(self.config.CourseDirectory.root)

    @property
    def solutions(self) -> Path:
        """The folder of the reference solutions."""
        return self.root / "solutions"

    def released(self, unit: str) -> Path:
        """The notebook that students get."""
        return self.classroom / "release" / unit / f"{unit}.ipynb"

    def record_file(self, student: str, unit: str) -> Path:
        """The record of a graded submission."""
        return self.classroom / "autograded" / student / unit / f"{unit}.record.json"

    @cached_property
    def coursedir(self) -> CourseDirectory:
        """Where nbgrader keeps what for this course."""
        return self.configured(CourseDirectory)

    def configured(self, kind: type[Settled], **options) -> Settled:
        """Return an object of nbgrader or of ours, with the settings of this course.

        Raises CourseError if one of them is wrong.
        """
        try:
            return kind(config=self.config, **options)
        except TraitError as error:
            raise CourseError(
                f"A setting in {self.root / CONFIG} is wrong: {error}\n{CORRECT}"
            ) from error

    def api(self) -> NbGraderAPI:
        """Return nbgrader's own Python interface to this course."""
        return NbGraderAPI(coursedir=CourseDirectory(config=self.config), config=self.config)


def open_course(folder: Path) -> Course:
    """Return the course whose folder this is.

    Raises CourseError if there is no `nbgrader_config.py` in it, or that cannot be read.
    """
    if not (folder / CONFIG).is_file():
        raise CourseError(
            f"{folder} is not the folder of a course: it has no {CONFIG}.\n"
            f"Go to the folder that holds course/, exercises/ and solutions/, and try again."
        )
    loader = PyFileConfigLoader(CONFIG, path=str(folder))
    try:
        return Course(folder, loader.load_config())
    except Mistake:
        raise
    except Exception as error:  # the file is a program of the lecturer's: it may fail in any way
        raise CourseError(
            f"{folder / CONFIG}{_line(error)} cannot be read: {type(error).__name__}: {error}\n"
            f"{CORRECT}"
        ) from error


def _line(error: Exception) -> str:
    """Return the line of the configuration that failed, as far as it is known."""
    if isinstance(error, SyntaxError):
        return f", line {error.lineno}"
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).name == CONFIG
    ]
    return f", line {lines[-1]}" if lines else ""
