"""Commands of ours and nbgrader's, in forks of one process that has them loaded.

Loading nbgrader takes longer than most of its commands. A fork runs the command's own entry point
with its own arguments, environment, folder, output and exit code.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.units import ROOT

LOADED = ("lossgrad", "nbgrader", "python")
SERVER = f"""
import sys
sys.path.append({str(ROOT)!r})
from tests.loaded_commands import main
sys.path.pop()
main()
"""


class Commands:
    """The process, and the pipe to it; `environment` is what it is started with."""

    def __init__(self, environment: Mapping[str, str] = os.environ):
        self._environment = environment
        self._process: subprocess.Popen | None = None

    def run(
        self, words: Sequence[str], folder: Path, environment: Mapping[str, str]
    ) -> tuple[int, str]:
        """Run one of the `LOADED` commands; return its exit code and all that it printed."""
        asked = {"words": words, "folder": str(folder), "environment": dict(environment)}
        self._process = self._process or self._start()
        try:
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
            code, printed = json.loads(self._process.stdout.readline())
        except BaseException:  # a test's time limit, too: what comes now answers nobody
            self._process.kill()
            self.close()
            raise
        return code, printed

    def _start(self) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-P", "-c", SERVER],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            with contextlib.suppress(BrokenPipeError):  # it was killed
                self._process.stdin.close()
            self._process.wait(timeout=20)
            self._process.stdout.close()
            self._process = None
