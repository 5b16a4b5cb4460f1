"""The nbgrader side: what `nbgrader_config.py` sets instead of nbgrader's exporter and executor.

`nbgrader autograde` and the formgrader's button go through these; saving scores, late penalties,
the formgrader, feedback and export stay nbgrader's own. Notebooks that are not units of this course
are left to nbgrader.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jupyter_server.serverapp import ServerApp
from nbconvert.exporters import NotebookExporter
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    Execute,
    SaveAutoGrades,
)
from traitlets import Bool, Integer, Unicode
from traitlets.config import Config

from autograder import pages, records, seeds, walls
from autograder.execution import Limits, StudentKernel
from autograder.gradebook import Place, RunGradebook, Saving, released_cells
from autograder.grading import Graded, Job, digest, grade, walled_kernel
from autograder.restoring import authored_cells, restore_file
from autograder.submitted import (
    files_beside,
    handed_in,
    read_notebook,
    source_files,
    submission,
)
from autograder.tasks import has_graders

SECRET = ".lossgrad-secret"
IGNORED = (".ipynb_checkpoints", "*.pyc", "__pycache__", f"*{records.SUFFIX}")


def configure(c: Config) -> None:
    """Let nbgrader grade this course's units through us. Called by `nbgrader_config.py`."""
    c.Autograde.exporter_class = RestoringExporter
    # What restores a submission does all that these do, and more.
    c.Autograde.sanitize_preprocessors = [
        _for_others(step) for step in Autograde.sanitize_preprocessors.default_args[0]
    ]
    ours = {Execute: GradeTasks, SaveAutoGrades: SaveScores}
    # Saving the scores includes the late penalties; what we made of a cell's metadata is in order.
    ours |= {step: _for_others(step) for step in (AssignLatePenalties, CheckCellMetadata)}
    c.Autograde.autograde_preprocessors = [
        ours.get(step, step) for step in Autograde.autograde_preprocessors.default_args[0]
    ]
    # The record stays with the lecturer: it is neither submitted, nor copied beside the feedback.
    c.CourseDirectory.ignore = list(IGNORED)
    # What counts is the last attempt on time; see autograder/attempts.py.
    c.ExchangeFactory.collect = "autograder.attempts.CollectLastOnTime"
    c.ExchangeCollect.before_duedate = True
    pages.configure(c)
    if _formgrader_is_used():
        _start_zygote()


class RestoringExporter(NotebookExporter):
    """Reads a submitted notebook however broken it is; see `autograder.restoring`."""

    def from_filename(self, filename, resources=None, **kw):
        """Export a notebook file; one that was submitted is restored first."""
        place = (resources or {}).get("nbgrader", {})
        if not self._is_submission(filename, place):
            return super().from_filename(filename, resources=resources, **kw)
        resources = resources | {
            "metadata": {"name": place["notebook"], "path": os.path.dirname(filename)}
        }
        return self.from_notebook_node(
            self._restored(Path(filename), place), resources=resources, **kw
        )

    def _is_submission(self, filename, place) -> bool:
        if not place or not has_graders(place["notebook"]):
            return False
        coursedir = self.parent.coursedir
        graded = coursedir.format_path(
            coursedir.autograded_directory, place["student"], place["assignment"]
        )
        return os.path.realpath(os.path.dirname(filename)) != os.path.realpath(graded)

    def _restored(self, path: Path, place) -> NotebookNode:
        with _gradebook(self.parent.coursedir) as book, book.transaction():
            released = released_cells(book, place["notebook"], place["assignment"])
        content = read_notebook(path)
        notebook, problem = restore_file(content, released)
        if problem:
            self.log.warning("%s: %s", path, problem)
        notebook.metadata["lossgrad"] = {"submission": digest(content), "problem": problem}
        return notebook


class GradeTasks(Execute):
    """Runs a submission's cells in a kernel of its own and the hidden checks in this process."""

    secret_file = Unicode(
        SECRET,
        help="File of the course's secret, relative to the course directory; made on first use.",
    ).tag(config=True)
    walled = Bool(
        True,
        help="Whether students' code runs behind walls. "
        "Only for one's own notebooks may it be False.",
    ).tag(config=True)
    notebook_timeout = Integer(
        300,
        min=1,
        help="Seconds that the cells and checks of a submission may take together. "
        "What one cell may take is `Execute.timeout`.",
    ).tag(config=True)

    @property
    def limits(self) -> Limits:
        """What a submission may use; a `timeout` of None or -1 leaves the whole time to a cell."""
        whole = float(self.notebook_timeout)
        alone = float(self.timeout) if self.timeout and self.timeout > 0 else whole
        return Limits(cell_seconds=min(alone, whole), notebook_seconds=whole)

    def preprocess(self, nb, resources=None, km=None):
        """Grade a notebook by its unit's hidden checks; execute any other as nbgrader does."""
        place = resources["nbgrader"]
        if not has_graders(place["notebook"]):
            return super().preprocess(nb, resources, km)
        job = self._job(nb, resources)
        kernel = walled_kernel(job) if self.walled else StudentKernel
        graded = _outside_event_loop(grade, job, kernel)
        for problem in graded.record.problems:
            self.log.warning("%s, %s: %s", place["student"], place["notebook"], problem)
        name = place["notebook"] + records.SUFFIX
        resources.setdefault("outputs", {})[name] = records.to_json(graded.record).encode()
        graded.notebook.metadata.pop("lossgrad", None)
        return graded.notebook, resources

    def _job(self, nb, resources) -> Job:
        place = resources["nbgrader"]
        about = nb.metadata.get("lossgrad", {})
        secret = seeds.course_secret(Path(self.secret_file).absolute())
        converter = self.parent.parent
        coursedir, assignment = converter.coursedir, place["assignment"]
        kept = converter.exclude_overwriting.get(assignment, ())
        source = source_files(coursedir, assignment)
        files = files_beside(coursedir, place["student"], assignment, kept, source=source)
        released = coursedir.format_path(coursedir.release_directory, ".", assignment)
        return Job(
            unit=place["notebook"],
            student=place["student"],
            notebook=nb,
            seed=seeds.student_seed(secret, place["student"], place["notebook"]),
            submission=about.get("submission", ""),
            files=files,
            problems=(about["problem"],) if about.get("problem") else (),
            limits=self.limits,
            authored=authored_cells(Path(released, f"{place['notebook']}.ipynb")),
            handed_in=handed_in(files, source, kept),
        )


class SaveScores(SaveAutoGrades):
    """Saves a unit's scores, comments and late penalty at once, and all of them or none."""

    def preprocess(self, nb, resources):
        """Save what is in a graded notebook; of any other as nbgrader does."""
        place = resources["nbgrader"]
        if not has_graders(place["notebook"]):
            return super().preprocess(nb, resources)
        converter = self.parent.parent
        coursedir = converter.coursedir
        ids = place["student"], place["assignment"]
        folder = Path(coursedir.format_path(coursedir.submitted_directory, *ids))
        handed_in = submission(*ids, folder)
        with _gradebook(coursedir) as book:
            saving = Saving(book, converter)
            # The other steps are nbgrader's to take, before and after this one.
            saving.steps = [
                step
                for step in saving.steps
                if isinstance(step, (SaveAutoGrades, AssignLatePenalties))
            ]
            nb = saving.save(
                nb,
                Place(
                    *ids,
                    place["notebook"],
                    handed_in=handed_in.notebooks.keys(),
                    timestamp=handed_in.timestamp,
                ),
            )
        return nb, resources


@functools.cache
def _for_others(step: type[Preprocessor]) -> type[Preprocessor]:
    """Return one of nbgrader's steps, with the same name and settings, that passes our units by."""

    def preprocess(self, nb, resources):
        if has_graders(resources["nbgrader"]["notebook"]):
            return nb, resources
        return step.preprocess(self, nb, resources)

    names = {"preprocess": preprocess, "__doc__": step.__doc__, "__module__": __name__}
    return type(step.__name__, (step,), names)


@contextlib.contextmanager
def _gradebook(coursedir: CourseDirectory) -> Iterator[RunGradebook]:
    """Open the gradebook. It remembers from one submission to the next what its queries are."""
    book = _made(coursedir.db_url, coursedir.course_id)
    try:
        yield book
    finally:
        book.end()  # no file stays open: another program may put a copy in its place


@functools.lru_cache(maxsize=1)
def _made(db_url: str, course_id: str) -> RunGradebook:
    return RunGradebook(CourseDirectory(db_url=db_url, course_id=course_id))


def _formgrader_is_used() -> bool:
    """Return whether a Jupyter server asks, at work on a request, that has the formgrader.

    The formgrader reads the configuration at each of them. Of a student's server it is no part.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    server = ServerApp.instance() if ServerApp.initialized() else None
    return server is not None and "nbgrader_formgrader" in server.web_app.settings


@functools.cache
def _start_zygote() -> None:
    """Warm up before a button is pressed; once, since what fails is told when it is."""
    with contextlib.suppress(OSError):
        walls.start_zygote()


def _outside_event_loop(function, *arguments) -> Graded:
    """Call a function that runs its own event loop, in a thread if this one runs one already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return function(*arguments)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *arguments).result()
