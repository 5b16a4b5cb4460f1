"""New gradebooks at once: nbgrader asks the program `alembic` for their version, for seconds."""

import functools
from pathlib import Path

import nbgrader.api
from alembic.script import ScriptDirectory

asked = nbgrader.api.get_alembic_version  # as nbgrader does it


@functools.cache
def version() -> str:
    """Return what the program says, from the files that it reads."""
    folder = Path(nbgrader.__file__).with_name("alembic")
    return ScriptDirectory(str(folder)).get_current_head()


def make_quick() -> None:
    """Let nbgrader in this process, and in its forks, take the version from here."""
    nbgrader.api.get_alembic_version = version
