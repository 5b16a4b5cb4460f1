"""The nbgrader side: what `nbgrader_config.py` sets instead of nbgrader's exporter and executor.

`nbgrader autograde` and the formgrader's button go through these; saving scores, late penalties,
the formgrader, feedback and export stay nbgrader's own. Notebooks that are not units of this course
are left to nbgrader.
"""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute
from traitlets import Bool, Unicode
from traitlets.config import Config

from autograder import pages, records, seeds
from autograder.execution import StudentKernel
from autograder.gradebook import released_cells
from autograder.grading import Graded, Job, digest, grade
from autograder.restoring import restore_file
from autograder.submitted import files_beside, read_notebook
from autograder.tasks import has_graders
from autograder.walled import WalledKernel

SECRET = ".lossgrad-secret"
IGNORED = (".ipynb_checkpoints", "*.pyc", "__pycache__", f"*{records.SUFFIX}")


def configure(c: Config) -> None:
    """Let nbgrader grade this course's units through us. Called by `nbgrader_config.py`."""
    c.Autograde.exporter_class = RestoringExporter
    stock = Autograde.autograde_preprocessors.default_args[0]
    c.Autograde.autograde_preprocessors = [
        GradeTasks if step is Execute else step for step in stock
    ]
    # The record stays with the lecturer: it is neither submitted, nor copied beside the feedback.
    c.CourseDirectory.ignore = list(IGNORED)
    # What counts is the last attempt on time; see autograder/attempts.py.
    c.ExchangeFactory.collect = "autograder.attempts.CollectLastOnTime"
    c.ExchangeCollect.before_duedate = True
    pages.configure(c)


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
        with Gradebook(place["db_url"]) as gradebook:
            released = released_cells(gradebook, place["notebook"], place["assignment"])
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

    def preprocess(self, nb, resources=None, km=None):
        """Grade a notebook by its unit's hidden checks; execute any other as nbgrader does."""
        place = resources["nbgrader"]
        if not has_graders(place["notebook"]):
            return super().preprocess(nb, resources, km)
        kernel = WalledKernel if self.walled else StudentKernel
        graded = _outside_event_loop(grade, self._job(nb, resources), kernel)
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
        kept = converter.exclude_overwriting.get(place["assignment"], ())
        return Job(
            unit=place["notebook"],
            student=place["student"],
            notebook=nb,
            seed=seeds.student_seed(secret, place["student"], place["notebook"]),
            submission=about.get("submission", ""),
            files=files_beside(converter.coursedir, place["student"], place["assignment"], kept),
            problems=(about["problem"],) if about.get("problem") else (),
        )


def _outside_event_loop(function, *arguments) -> Graded:
    """Call a function that runs its own event loop, in a thread if this one runs one already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return function(*arguments)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *arguments).result()
