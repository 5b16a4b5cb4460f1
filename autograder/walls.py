"""The walls that grading uses on this host, and the zygote behind them.

Imports nothing that takes time: a zygote warms up while its maker imports the rest.
"""

from __future__ import annotations

import functools
import os
from pathlib import Path

from autograder.kernels import host, zygotes
from autograder.kernels.settings import WallSettings
from autograder.shipped import harness_source

# Packages of ours, should they be installed among the libraries.
HIDDEN = ("autograder", "solutions")


@functools.cache
def standard_settings() -> WallSettings:
    """Return the walls that grading uses on this host.

    Raises `host.NoWalls`, which says what is missing, if it has the means for none.
    """
    settings = WallSettings(
        startup=harness_source(), hidden=HIDDEN, environment={"NBGRADER_EXECUTION": "autograde"}
    )
    return host.best(settings)


def start_zygote() -> zygotes.Line:
    """Start this process's zygote before the first submission needs it, and do not wait for it.

    Raises `host.NoWalls`, or `zygotes.ZygoteError` if it cannot be started.
    """
    return zygotes.zygote_for(standard_settings(), font_list())


def font_list() -> Path:
    """Return the folder in which Matplotlib keeps its list of fonts."""
    # Where Matplotlib looks first; it need not be asked if a list is there.
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    usual = Path(os.environ.get("MPLCONFIGDIR") or cache / "matplotlib")
    if any(usual.glob("fontlist-*.json")):
        return usual
    import matplotlib

    return Path(matplotlib.get_cachedir())
