"""JupyterLab on the learner's folder: started, found, and ended as a child of ours.

It listens on this machine only, asks no other for news or updates, and its kernels have `%check`.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from autograder.mistakes import Mistake
from autograder.practice.folder import Folder, write

SECONDS_TO_START = 60.0
SECONDS_TO_END = 10.0
SECONDS_TO_ANSWER = 5.0
EXTENSION = "autograder.practice.magics"


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab and the address to open it at."""

    process: subprocess.Popen
    url: str

    def stop(self) -> None:
        """End it, with its kernels."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def start(folder: Folder, opened: Path, browser: bool) -> Lab:
    """Start JupyterLab in the learner's folder, with a notebook opened in it.

    Raises Mistake if it is not installed or does not start.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        raise Mistake(
            f"JupyterLab is not installed. Type: {sys.executable} -m pip install jupyterlab\n"
            "Or go on without: lossgrad practice --no-lab"
        )
    _write_kernel(folder)
    log = folder.own / "jupyterlab.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            _command(folder, opened, browser),
            cwd=folder.root,
            env=os.environ | {"JUPYTER_PATH": _jupyter_path(folder)},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            **_apart(),
        )
    try:
        return Lab(process, _await(process, log, opened.relative_to(folder.root).as_posix()))
    except BaseException:
        Lab(process, "").stop()
        raise


def _command(folder: Folder, opened: Path, browser: bool) -> list[str]:
    place = opened.relative_to(folder.root).as_posix()
    options = {
        "ServerApp.root_dir": str(folder.root),
        "ServerApp.ip": "127.0.0.1",
        "LabApp.default_url": f"/lab/tree/{place}",
        "LabApp.news_url": "None",
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.extension_manager": "readonly",  # the other one asks PyPI
    }
    command = [sys.executable, "-m", "jupyterlab", *(f"--{k}={v}" for k, v in options.items())]
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # as in a container
        command.append("--allow-root")
    return command


def _apart() -> dict:
    """Ctrl-C in the terminal is for us: it must not reach JupyterLab, which would ask questions."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _write_kernel(folder: Folder) -> None:
    """Let the kernel be of this Python, which has all that is needed, and know `%check`.

    As a kernelspec of the usual name on a path that comes first: the learner's own IPython profile
    and the notebooks stay as they are.
    """
    spec = {
        "argv": [
            *(sys.executable, "-m", "ipykernel_launcher"),
            *("-f", "{connection_file}", f"--ext={EXTENSION}"),
        ],
        "display_name": "Python 3",
        "language": "python",
        "metadata": {"debugger": True},
    }
    path = folder.own / "jupyter" / "kernels" / "python3" / "kernel.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, json.dumps(spec, indent=1).encode())


def _jupyter_path(folder: Folder) -> str:
    others = os.environ.get("JUPYTER_PATH")
    return os.pathsep.join([str(folder.own / "jupyter"), *([others] if others else [])])


def _await(process: subprocess.Popen, log: Path, place: str) -> str:
    """Return the address of a notebook once the server says where it is, in a file of its own."""
    from jupyter_server.serverapp import list_running_servers

    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            lines = log.read_text("utf-8", "replace").strip().splitlines() or ["no message"]
            raise Mistake(
                f"JupyterLab did not start: {lines[-1][:300]}\n"
                f"All it said is in {log}. Or go on without: lossgrad practice --no-lab"
            )
        with contextlib.suppress(OSError, ValueError):  # another server may be ending just now
            for server in list_running_servers():
                if server["pid"] == process.pid and _answers(server):
                    return f"{server['url']}lab/tree/{place}?token={server['token']}"
        time.sleep(0.1)
    raise Mistake(
        f"JupyterLab did not start within {SECONDS_TO_START:g} seconds; see {log}.\n"
        "Or go on without: lossgrad practice --no-lab"
    )


def _answers(server: dict) -> bool:
    """Return whether a server listens: it says where before it does.

    Another one may have taken its port in between; that one does not know the token.
    """
    asked = urllib.request.Request(
        f"{server['url']}api/status", headers={"Authorization": f"token {server['token']}"}
    )
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with contextlib.suppress(OSError), direct.open(asked, timeout=SECONDS_TO_ANSWER):
        return True
    return False
