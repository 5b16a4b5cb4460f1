"""The JupyterLab of one person: nbgrader's extensions as they are installed, a free port."""

import contextlib
import functools
import json
import os
import re
import secrets
import socket
import subprocess
import tempfile
import threading
import time
from concurrent.futures import Future
from pathlib import Path
from urllib.parse import quote

from tests.classroom import BIN

SECONDS_TO_START = 150
SOCKETS = ["--KernelManager.transport=ipc"]  # a port may be somebody else's before a kernel has it
SETTINGS = {
    # Neither news nor updates are asked for on the internet.
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    # All cells are in the page, whatever its height, so that tests find them by their text.
    "notebook-extension/tracker": {"windowingMode": "none"},
}


class Lab:
    """A running JupyterLab in a folder; `home` keeps what it writes away from the user's own."""

    def __init__(self, folder: Path, home: Path, environment: dict[str, str]):
        for name, settings in SETTINGS.items():
            path = home / "lab/user-settings/@jupyterlab" / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True)
            path.write_text(json.dumps(settings))
        self._token = secrets.token_hex(16)
        self._runtime = tempfile.TemporaryDirectory()  # kernels' sockets need a short path
        own = {
            "JUPYTER_CONFIG_DIR": str(home),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": self._runtime.name,
            "IPYTHONDIR": str(home / "ipython"),
            "JUPYTER_TOKEN": self._token,
        }
        root = ["--allow-root"] if os.geteuid() == 0 else []
        self._process = subprocess.Popen(
            [BIN / "jupyter-lab", "--ip=127.0.0.1", "--port=0", "--no-browser", *SOCKETS, *root],
            cwd=folder,
            env=environment | own,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.log: list[str] = []
        self._port: Future[int] = Future()
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def _listen(self) -> None:
        for line in self._process.stderr:
            self.log.append(line)
            found = re.search(r"http://127\.0\.0\.1:(\d+)/lab", line)
            if found and not self._port.done():
                self._port.set_result(int(found[1]))
        if not self._port.done():
            self._port.set_exception(RuntimeError("".join(self.log)))

    @functools.cached_property
    def _address(self) -> str:
        port = self._port.result(SECONDS_TO_START)
        while self._process.poll() is None:
            with contextlib.suppress(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port)).close()
                return f"http://127.0.0.1:{port}"
            time.sleep(0.05)  # it names its port before it listens, and nothing tells that it does
        raise RuntimeError("".join(self.log))

    def url(self, path: str) -> str:
        """Return where a path below the server is, with the right to open it."""
        return f"{self._address}/{quote(path)}?token={self._token}"

    def stop(self) -> None:
        """End the server and its kernels."""
        self._process.terminate()
        self._listener.join()
        self._process.stderr.close()
        self._process.wait(timeout=20)
        self._runtime.cleanup()
