"""A Chromium to look at pages with: this machine's own, or Playwright's.

`python -m tests.browser.chromium`, a part of `make test`, gets one where there is none.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Error, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOST = "127.0.0.1"
# No name is looked up but our own, so that a page which needs the internet fails.
OFFLINE = f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HOST}"
ADVICE = (
    "no Chromium starts here: install one (Debian, Ubuntu: apt install chromium), "
    "or run .venv/bin/playwright install --with-deps chromium"
)
SECONDS_TO_INSTALL = 240
PATIENCE = 90_000  # milliseconds before a test gives up waiting for a page on a slow machine


def launch(playwright: Playwright) -> Browser | None:
    """Start the first Chromium that does start; None if there is none."""
    options = [OFFLINE, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    for path in _installed(playwright):
        try:
            return playwright.chromium.launch(executable_path=path, args=options)
        except Error:  # such as Ubuntu's, which only says how to get it
            continue
    return None


def _installed(playwright: Playwright) -> Iterator[str]:
    yield from filter(None, map(shutil.which, (*NAMES, playwright.chromium.executable_path)))


@dataclass
class Watch:
    """What pages complained of, and what they asked of other machines than this one."""

    errors: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def open(self, browser: Browser, **options) -> BrowserContext:
        """Return a new context of the browser, all of whose pages are watched."""
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("request", self._see)
        return context

    def _hear(self, message) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url')})")

    def _see(self, request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in ("data", "blob", "file") and url.hostname != HOST:
            self.elsewhere.append(request.url)


def install() -> None:
    """Get a Chromium if none starts; say so if that fails, which only skips tests."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        if browser:
            return browser.close()
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in _ways():
        print(f"Getting a browser for the tests: {' '.join(command)}")
        try:
            subprocess.run(
                command,
                env=environment,
                check=True,
                timeout=SECONDS_TO_INSTALL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except (subprocess.SubprocessError, OSError):
            continue
        return None
    return print(f"Tests in a browser will be skipped: {ADVICE}.")


def _ways() -> Iterator[list[str]]:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        packages = "chromium fonts-liberation"
        yield [
            "sh",
            "-c",
            f"apt-get update && apt-get install -y --no-install-recommends {packages}",
        ]
    yield [sys.executable, "-m", "playwright", "install", "chromium"]


if __name__ == "__main__":
    install()
