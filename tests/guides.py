"""The guides in docs/, done as they say: commands run, files written, outputs compared.

A guide is Markdown. In the order of the page:

- a `console` block holds commands after `$ ` and below each what it prints, in which `...` stands
  for anything;
- a fence with a path after its language (`python solutions/msle.py`) is a file to write;
- a `diff` block is an edit, whose `+++` line names the file;
- `<!-- guide: words -->` does what the guide's test knows under these words: what readers do
  somewhere else, such as handing in. After `<!-- guide: exits with 3 -->` the next command does.

Other blocks are only shown. `make guides` runs them all and writes what the commands printed.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import matplotlib
import matplotlib.font_manager  # it makes the list of fonts, which `lossgrad doctor` looks for

from tests.commands import LOADED, Commands

BIN = Path(sys.executable).parent
SECONDS = 250
BLOCK = re.compile(
    r"^(?P<fence>```+)(?P<info>[^`\n]+)\n(?P<body>.*?)^(?P=fence)$"
    r"|^<!-- guide: (?P<words>.*?) -->$",
    re.MULTILINE | re.DOTALL,
)
# A test run that a guide starts is nobody's worker, and nothing is printed in colors.
UNWANTED = re.compile("PYTEST_|FORCE_COLOR|PY_COLORS")
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE

# What differs between two runs or two machines, and what stands for it.
VARYING = (
    (r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?( ?UTC|\+00:00|Z)?", "..."),
    (r"\b[0-9a-f]{16}…", "..."),
    (r"\b\d+ (bytes|deselected)", r"... \1"),
    (r"\bin \d+\.\d+ ?s\b( \(.*\))?", "in ... s"),
    (r"\b(\d+\.\d+\.\d+)(\.?(post|dev|rc)\d+)?\b", "..."),
    (r"\b\d+\.\d GiB", "... GiB"),
)


@dataclass(frozen=True)
class Step:
    """One thing to do: `kind` is run, write, edit or act; `start` and `end` are its place."""

    kind: str
    what: str
    text: str
    start: int
    end: int


@dataclass
class Difference(Exception):
    """A command that printed something else than the guide says."""

    command: str
    expected: str
    printed: str

    def __str__(self) -> str:
        return (
            f"$ {self.command}\n--- the guide says\n{self.expected}\n"
            f"--- it printed\n{self.printed}\n--- `make guides` writes this into the guide"
        )


def steps(page: str) -> Iterator[Step]:
    """Yield what a guide says to do, in order."""
    for block in BLOCK.finditer(page):
        if block["words"]:
            yield Step("act", block["words"], "", *block.span())
            continue
        language, _, path = block["info"].strip().partition(" ")
        start, body = block.start("body"), block["body"]
        if language == "console":
            yield from _commands(body, start)
        elif language == "diff":
            named = re.search(r"^\+\+\+ (.+)$", body, flags=re.MULTILINE)
            if named:
                yield Step("edit", named[1], body, start, block.end("body"))
        elif path:
            yield Step("write", path, body, start, block.end("body"))


def _commands(body: str, start: int) -> Iterator[Step]:
    for command in re.finditer(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", body, flags=re.MULTILINE):
        yield Step("run", command[1], command[2], start + command.start(2), start + command.end(2))


@dataclass
class Reader:
    """Somebody who does what a guide says, in a home folder of their own.

    `acts` holds what `guide:` comments stand for; `shell` runs commands in `folder`.
    """

    home: Path
    folder: Path
    shell: Shell
    acts: Mapping[str, Callable[[], object]] = field(default_factory=dict)
    exits: int = 0

    def follow(self, page: str, *, refresh: bool = False) -> str:
        """Do all that a guide says and return its text, with new outputs if `refresh` is set.

        Raises Difference at the first command that prints something else.
        """
        pieces, last = [], 0
        for step in steps(page):
            printed = self._do(step)
            if step.kind == "run" and not matches(step.text, printed):
                if not refresh:
                    raise Difference(step.what, step.text, printed)
                pieces += [page[last : step.start], printed]
                last = step.end
        return "".join([*pieces, page[last:]])

    def _do(self, step: Step) -> str:
        if step.kind == "act" and step.what.startswith("exits with "):
            self.exits = int(step.what.removeprefix("exits with "))
        elif step.kind == "act":
            self.acts[step.what]()
        elif step.kind == "write":
            (self.folder / step.what).write_text(step.text, encoding="utf-8")
        elif step.kind == "edit":
            edit(self.folder / step.what, step.text)
        else:
            if step.what.startswith("cd "):
                self.folder = self.home / step.what.removeprefix("cd ").replace("~/", "")
                return ""
            expected, self.exits = self.exits, 0
            return self._normal(self.shell.run(step.what, self.folder, expected))
        return ""

    def _normal(self, printed: str) -> str:
        for path, shown in self.shell.places.items():
            printed = printed.replace(path, shown)
        printed = printed.replace(str(self.home), "~")
        for pattern, shown in VARYING:
            printed = re.sub(pattern, shown, printed)
        lines = [line.rstrip() for line in printed.strip().splitlines()]
        return "".join(f"{line}\n" for line in lines)


def matches(expected: str, printed: str) -> bool:
    """Return whether a command printed what a guide says."""
    return doctest.OutputChecker().check_output(expected, printed, FLAGS)


def edit(path: Path, diff: str) -> None:
    """Make the edits of a diff without line numbers, each at the one place that it fits.

    Raises ValueError if there is no such place, or more than one.
    """
    text = path.read_text(encoding="utf-8")
    for hunk in re.split(r"^@@.*\n", diff, flags=re.MULTILINE)[1:]:
        lines = hunk.splitlines(keepends=True)
        old = "".join(line[1:] or "\n" for line in lines if line[0] in " -\n")
        new = "".join(line[1:] or "\n" for line in lines if line[0] in " +\n")
        if text.count(old) != 1:
            raise ValueError(f"{path.name} has this {text.count(old)} times:\n{old}")
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


class Shell:
    """Runs commands; those of ours and nbgrader's as `tests.commands` does."""

    def __init__(self, environment: Mapping[str, str]):
        fonts = matplotlib.get_cachedir()
        self.places = {sys.prefix: "~/lossgrad/.venv", fonts: "~/.cache/matplotlib"}
        inherited = {name: os.environ[name] for name in os.environ if not UNWANTED.match(name)}
        plain = {"LC_ALL": "C.UTF-8", "MPLCONFIGDIR": fonts, "MPLBACKEND": "agg"}
        self.environment = {**inherited, **plain, **environment}
        self.commands = Commands(self.environment)

    def __enter__(self) -> Shell:
        return self

    def __exit__(self, *_) -> None:
        self.commands.close()

    def run(self, command: str, folder: Path, expected: int = 0) -> str:
        """Run a command and return what it prints.

        Raises AssertionError if it exits with another code than expected.
        """
        words = shlex.split(command)
        if words[0] in LOADED:
            code, printed = self.commands.run(words, folder, self.environment)
        else:
            done = subprocess.run(
                ["bash", "-c", command],
                cwd=folder,
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=SECONDS,
            )
            code, printed = done.returncode, done.stdout
        assert code == expected, f"$ {command} (exit code {code})\n{printed}"
        return printed
