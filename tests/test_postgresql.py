"""PostgreSQL as the gradebook, on a real server that the test starts on loopback."""

import contextlib
import os
import pwd
import shutil
import subprocess
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder import executors
from autograder.class_grading import find_work, grade_class
from tests.classroom import sample_named
from tests.listening import free_port

pytest.importorskip("psycopg", reason="needs lossgrad[postgresql]")
pytestmark = [
    pytest.mark.server,
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
]

HANDFUL = ("deleted-cells", "missing-mean", "works-in-place")


def binaries():
    """Return the folder of PostgreSQL's programs, which Debian keeps from PATH, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def ordinary_user():
    """Return how to become somebody who may run the server: root may not."""
    if os.getuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    pytest.skip("root may not run PostgreSQL, and there is neither a user postgres nor nobody")


@pytest.fixture(scope="module")
def server():
    """The address of an empty database."""
    programs = binaries()
    if programs is None:
        pytest.skip("there is no PostgreSQL server here (Debian: apt install postgresql)")
    someone = ordinary_user()
    folder = Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())
    if someone:
        shutil.chown(folder, someone["user"], someone["group"])
    port = free_port()

    def run(program, *options):
        with (folder.parent / f"{folder.name}.log").open("a") as log:
            subprocess.run(
                [programs / program, "-D", folder / "data", *options],
                cwd=folder,
                check=True,
                stdout=log,
                stderr=log,
                **someone,
            )

    try:
        run("initdb", "--username=grader", "--auth=trust", "--no-sync", "--encoding=UTF8")
        settings = f"-p {port} -h 127.0.0.1 -c fsync=off -c unix_socket_directories={folder}"
        run("pg_ctl", "start", "--wait", "-o", settings)
        try:
            yield f"postgresql+psycopg://grader@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "stop", "--wait", "-m", "immediate")
    finally:
        shutil.rmtree(folder)
        (folder.parent / f"{folder.name}.log").unlink()


def test_the_scores_are_the_same_and_a_stopped_run_goes_on(server, released, tmp_path):
    course = released.copy_to(tmp_path / "course")
    config = course.root / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\nc.CourseDirectory.db_url = {server!r}\n")
    (course.folder / "gradebook.db").unlink()
    course.run("nbgrader", "generate_assignment", "mse", "--force")
    for name in HANDFUL:
        course.submit(sample_named("mse", name))

    work = find_work(course.course, "mse")
    with executors.pool(2) as workers:
        run = grade_class(course.course, work, workers)
        next(run)
        run.close()
        left = find_work(course.course, "mse")
        assert len(left) < len(work)
        assert all(done.record for done in grade_class(course.course, left, workers))
        again = find_work(course.course, "mse", ("missing-mean",), force=True)
        assert all(done.record for done in grade_class(course.course, again, workers))

    with Gradebook(server, "lossgrad") as book:
        for name in HANDFUL:
            notebook = book.find_submission_notebook("mse", "mse", name)
            score = round(sum(grade.auto_score or 0.0 for grade in notebook.grades), 2)
            assert score == sample_named("mse", name).score
    assert not (course.folder / "gradebook.db").exists()
