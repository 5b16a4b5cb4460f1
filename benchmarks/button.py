"""(f) How long one submission takes from the formgrader's Autograde button to its score."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks import course, measure

TIMES = 10
SECONDS_TO_LOOK = 3  # from opening the page to pressing its first button


def main(times: int = TIMES) -> None:
    """Print the median time of the request that the button makes, and the time of the first."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        place = course.make(Path(folder) / "ours", figures=True, stock=False)
        course.hand_in(place, times + 1)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = _start_server(place, port)
        try:
            _open_page(port)
            seconds = [_press(port, f"student-{number:05d}") for number in range(times + 1)]
        finally:
            server.terminate()
            server.wait()
    print(
        f"formgrader's Autograde button: {measure.median(seconds[1:]):.2f} s for one submission "
        f"(median of {times}; {seconds[0]:.2f} s for the first, {SECONDS_TO_LOOK} s after opening "
        "the page)"
    )


def _start_server(place: Path, port: int) -> subprocess.Popen:
    enable = [course.tool("jupyter"), "server", "extension", "enable", "--sys-prefix", "nbgrader"]
    subprocess.run(enable, check=True, capture_output=True)
    command = [course.tool("jupyter"), "server", "--no-browser", f"--port={port}", "--allow-root"]
    command += [
        "--IdentityProvider.token=",
        "--ServerApp.password=",
        "--ServerApp.disable_check_xsrf=True",
    ]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(
        command, cwd=place, env=os.environ | {"JUPYTER_NO_CONFIG": ""}, **quiet
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=1)
            return server
        except OSError:
            time.sleep(0.1)
    server.kill()
    raise RuntimeError("the Jupyter server did not start")


def _open_page(port: int) -> None:
    """Ask for what the page with the button shows, and wait as somebody who looks at it."""
    url = f"http://127.0.0.1:{port}/formgrader/api/submissions/{course.UNIT}"
    urllib.request.urlopen(url, timeout=120).close()
    time.sleep(SECONDS_TO_LOOK)


def _press(port: int, student: str) -> float:
    url = f"http://127.0.0.1:{port}/formgrader/api/submission/{course.UNIT}/{student}/autograde"
    start = time.perf_counter()
    with urllib.request.urlopen(
        urllib.request.Request(url, data=b"", method="POST"), timeout=120
    ) as reply:
        answer = json.load(reply)
    seconds = time.perf_counter() - start
    if not answer["success"]:
        raise RuntimeError(re.sub(r"\s+", " ", answer.get("error") or answer["log"])[-300:])
    return seconds


if __name__ == "__main__":
    print(measure.machine())
    main()
