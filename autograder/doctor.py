"""Is everything here that the course needs? One finding a line, each with what to do about it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import matplotlib
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from jupyter_core.paths import jupyter_config_path, jupyter_path
from jupyter_server.extension.config import ExtensionConfigManager
from jupyterlab_server.config import get_federated_extensions, get_static_page_config

from autograder.course import Course
from autograder.kernels import host, outer_wall

IN_JUPYTERLAB = "@jupyter/nbgrader"
IN_SERVER = ("assignment_list", "course_list", "formgrader", "validate_assignment")


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is well, what was seen, and what to do if it is not."""

    name: str
    well: bool
    seen: str
    remedy: str = ""


def examine(course: Course) -> Iterator[Finding]:
    """Yield a finding for each thing that building, grading and feedback need."""
    for look in LOOKS:
        yield look(course)


def _python(course: Course) -> Finding:
    seen = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", sys.version_info >= (3, 11), seen, "Install Python 3.11 or newer.")


def _versions(course: Course) -> Finding:
    packages = ("nbgrader", "jupyterlab", "ipykernel", "nbclient", "numpy")
    return Finding("packages", True, ", ".join(f"{name} {version(name)}" for name in packages))


def _alembic(course: Course) -> Finding:
    found = shutil.which("alembic")
    remedy = (
        "nbgrader starts it when it makes a gradebook, and leaves a broken one without it. "
        f"Put {Path(sys.executable).parent} on PATH (activate the virtual environment)."
    )
    return Finding("alembic on PATH", found is not None, found or "not found", remedy)


def _kernelspec(course: Course) -> Finding:
    try:
        where = KernelSpecManager().get_kernel_spec("python3").resource_dir
    except NoSuchKernel:
        return Finding(
            "kernel python3", False, "not found", "Run: python -m ipykernel install --sys-prefix"
        )
    return Finding("kernel python3", True, where)


def _jupyterlab(course: Course) -> Finding:
    """Look for what fills JupyterLab's menu Nbgrader and its button Validate."""
    served = ExtensionConfigManager(
        read_config_path=jupyter_config_path()
    ).get_jpserver_extensions()
    off = [name for name in IN_SERVER if not served.get(f"nbgrader.server_extensions.{name}")]
    disabled = get_static_page_config().get("disabledExtensions", {})
    off += [name for name in disabled if disabled[name] and name.split(":")[0] == IN_JUPYTERLAB]
    if IN_JUPYTERLAB not in get_federated_extensions(jupyter_path("labextensions")):
        off.append(IN_JUPYTERLAB)
    remedy = (
        "Run: jupyter server extension enable --sys-prefix --py nbgrader; "
        f"jupyter labextension enable --level sys_prefix {IN_JUPYTERLAB}"
    )
    seen = f"off: {', '.join(off)}" if off else "formgrader, assignment list, course list, validate"
    return Finding("nbgrader in JupyterLab", not off, seen, remedy)


def _classroom(course: Course) -> Finding:
    folder = course.classroom
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    well = os.access(nearest, os.W_OK)
    return Finding("classroom folder", well, str(folder), f"Make {nearest} writable for you.")


def _space(course: Course) -> Finding:
    nearest = next(
        place for place in (course.classroom, *course.classroom.parents) if place.exists()
    )
    free = shutil.disk_usage(nearest).free / 2**30
    return Finding(
        "free disk space",
        free >= 1,
        f"{free:.1f} GiB",
        "Free at least 1 GiB before grading a class.",
    )


def _exchange(course: Course) -> Finding:
    folder = Path(course.config.Exchange.root)
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    well = os.access(nearest, os.W_OK | os.X_OK)
    remedy = (
        f"Make {nearest} writable, or set LOSSGRAD_EXCHANGE to a folder that all of the class can "
        "reach."
    )
    return Finding("exchange folder", well, str(folder), remedy)


def _secret(course: Course) -> Finding:
    path = course.classroom / ".lossgrad-secret"
    if not path.exists():
        return Finding("course secret", True, "will be made at the first grading")
    well = path.stat().st_mode & 0o077 == 0
    return Finding("course secret", well, str(path), f"Others can read it. Run: chmod 600 {path}")


def _fonts(course: Course) -> Finding:
    folder = Path(matplotlib.get_cachedir())
    found = any(folder.glob("fontlist-*.json"))
    remedy = "Figures are slow until it is there. Run: python -c 'import matplotlib.font_manager'"
    return Finding("Matplotlib font list", found, str(folder), remedy)


def _walls(course: Course) -> Finding:
    """Say which walls stand between a submission and this machine."""
    missing = host.missing_for_namespaces()
    if not missing:
        bubblewrap = Path(outer_wall.find_bubblewrap())
        source = "the wheel's" if bubblewrap.is_relative_to(sys.prefix) else "the system's"
        return Finding("walls", True, f"full, with {source} bubblewrap ({bubblewrap})")
    others = host.missing_for_landlock()
    if not others:
        return Finding("walls", True, f"second choice (Landlock), for {'; '.join(missing)}")
    reasons = "; ".join(dict.fromkeys(missing + others))
    remedy = (
        "Nothing is graded without them. "
        "Grade on Linux, in WSL or in a container that allows user namespaces."
    )
    return Finding("walls", False, f"none: {reasons}", remedy)


LOOKS: tuple[Callable[[Course], Finding], ...] = (
    _python,
    _versions,
    _alembic,
    _kernelspec,
    _jupyterlab,
    _classroom,
    _space,
    _exchange,
    _secret,
    _fonts,
    _walls,
)
