"""Practice in the terminal: a notebook is saved, its verdicts appear; single keys ask for more."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import watchfiles
from rich.console import Console, Group, RenderableType

from autograder.mistakes import Mistake
from autograder.practice import answers, keys, ladder, screen
from autograder.practice.desk import Desk
from autograder.practice.grader import Checked
from autograder.practice.lab import Lab
from autograder.practice.progress import Seen, State
from autograder.restoring import Unreadable

MILLISECONDS_TO_SETTLE = 25  # a save is several changes of files within a few milliseconds
SECONDS_BETWEEN_LOOKS = 1.0  # at whether JupyterLab still runs
KEYS = "h more help   s solution   n next task   l list   q quit"
STOP = "stop"


class Session:
    """The state of a session: what was last checked, and what the terminal shows."""

    def __init__(self, desk: Desk, kernels: Callable, console: Console, lab: Lab | None = None):
        self.desk = desk
        self.kernels = kernels
        self.console = console
        self.lab = lab
        self.last: dict[tuple[str, str], Checked] = {}
        self.current: tuple[str, str] | None = None  # the task that keys are about
        self.interactive = False
        self._read: dict[str, bytes] = {}
        self._confirming: str | None = None
        self._told: list[str] = []  # what came up while something else was done
        desk.file.tell = self._told.append

    # ---- what can happen

    def saved(self, unit: str) -> None:
        """Look at a notebook that was saved, and show the verdicts of what changed in it."""
        try:
            content = self.desk.folder.notebook(unit).read_bytes()
            saved, files = self.desk.saved_notebook(unit)
        except FileNotFoundError:
            return
        except Unreadable:
            self._show(screen.note(f"{unit}.ipynb cannot be read; waiting for the next save."))
            return
        stale = self.desk.changed(saved)
        if not stale:
            if content != self._read.get(unit):
                at = datetime.now().strftime("%H:%M:%S")
                self._show(screen.note(f"{at}  {unit}.ipynb saved; nothing to check anew."))
            self._read[unit] = content
            return
        self._read[unit] = content
        before = self.desk.file.read()
        with self.console.status(f"checking {unit}.ipynb"):
            checked = self.desk.check(saved, files, stale, self.kernels)
        self.last.update({(unit, each.task): each for each in checked})
        now = self.desk.file.read()
        news = [
            each
            for each in checked
            if each.note or (each.result and not _same(before, now, unit, each.task))
        ]
        self._show(*self._verdicts(unit, news), unit=unit)

    def pressed(self, key: str) -> bool:
        """Do what a key asks for; return whether the session goes on."""
        confirmed, self._confirming = self._confirming, None
        if key == keys.QUIT:
            return False
        if key == "l":
            self._show(screen.overview(self.desk.units, self.desk.file.read()))
        elif key == "n":
            self._go_on()
        elif key == "h":
            self._help()
        elif key == "s":
            self._solution(confirmed)
        return True

    def start(self) -> None:
        """Check what changed since the last session, and show where the learner stands."""
        unreadable = []
        for unit in self.desk.units:
            try:
                saved, files = self.desk.saved_notebook(unit)
                self._read[unit] = self.desk.folder.notebook(unit).read_bytes()
            except (Unreadable, OSError):
                unreadable.append(unit)
                continue
            if stale := self.desk.changed(saved):
                with self.console.status(f"checking {unit}"):
                    checked = self.desk.check(saved, files, stale, self.kernels)
                self.last.update({(unit, each.task): each for each in checked})
        parts: list[RenderableType] = [screen.overview(self.desk.units, self.desk.file.read())]
        parts += [screen.note(f"{unit}.ipynb cannot be read.", "yellow") for unit in unreadable]
        if self.lab:
            parts.append(screen.address(self.lab.url))
        parts.append(screen.note("Save a notebook, and what you changed is checked."))
        self._show(*parts, clear=False)

    # ---- watching

    async def run(self) -> None:
        """Watch until a key, a signal or the end of JupyterLab ends the session."""
        events: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        stopped = asyncio.Event()
        with (
            keys.listening(lambda key: events.put_nowait(("key", key))) as self.interactive,
            _signals(loop, lambda: events.put_nowait((STOP, ""))),
        ):
            tasks = [asyncio.create_task(self._watch(events, stopped))]
            if self.lab:
                tasks.append(asyncio.create_task(self._watch_lab(events)))
            try:
                await asyncio.to_thread(self.start)
                while await self._handle(*await events.get()):
                    pass
            finally:
                stopped.set()
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _handle(self, kind: str, what: str) -> bool:
        try:
            if kind == "saved":
                await asyncio.to_thread(self.saved, what)
            elif kind == "key":
                return await asyncio.to_thread(self.pressed, what)
        except (Mistake, OSError, RuntimeError) as error:  # of a kernel that did not start, too
            self._show(screen.note(f"{error}\nSave again to try again.", "yellow"))
        if kind == "ended":
            self._show(screen.note("JupyterLab has ended, and so does this session.", "yellow"))
        return kind not in (STOP, "ended")

    async def _watch(self, events: asyncio.Queue, stopped: asyncio.Event) -> None:
        roots = {self.desk.folder.unit(unit).resolve(): unit for unit in self.desk.units}
        changes = watchfiles.awatch(
            self.desk.folder.root,
            watch_filter=lambda _, path: _is_relevant(Path(path)),
            step=MILLISECONDS_TO_SETTLE,
            stop_event=stopped,
        )
        async for batch in changes:
            places = {Path(path).resolve().parent for _, path in batch}
            for unit in {unit for root, unit in roots.items() if root in places}:
                events.put_nowait(("saved", unit))

    async def _watch_lab(self, events: asyncio.Queue) -> None:
        while self.lab.process.poll() is None:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        events.put_nowait(("ended", ""))

    # ---- showing

    def _show(self, *parts: RenderableType, unit: str | None = None, clear: bool = True) -> None:
        """Show this, what to do next, and the keys; in a terminal in place of what stood there."""
        if self.interactive and clear:
            self.console.clear()
        told = [screen.note(text, "yellow") for text in self._told]
        self._told.clear()
        summary = screen.summary(self.desk.units, self.desk.file.read(), unit)
        footer = [screen.note(KEYS)] if self.interactive else []
        spaced = [each for part in (*told, *parts) for each in (part, "")]
        self.console.print(Group(*spaced, summary, *footer), crop=False)

    def _verdicts(self, unit: str, news: list[Checked]) -> list[RenderableType]:
        progress = self.desk.file.read()
        parts = []
        failed = []
        for each in news:
            task = progress.task(unit, each.task)
            level = ladder.level(task)
            result = each.result and ladder.shown(each.result, level)
            parts.append(screen.verdict(each, task, result))
            if task.state is State.FAILED:
                failed.append(each)
            elif task.state is State.PASSED and task.solution is not Seen.BEFORE:
                code = self.desk.show_solution(unit, each.task)
                parts.append(screen.solution(each.task, code))
        if failed:
            self.current = (unit, failed[0].task)
            level = ladder.level(progress.task(unit, failed[0].task))
            parts += self._helps(failed[0], level)
        elif news:
            self.current = None
            parts += self._questions(unit)
        return parts or [screen.note("Checked again: the verdicts are the same.")]

    def _helps(self, checked: Checked, level: int) -> list[RenderableType]:
        result = checked.result and ladder.shown(checked.result, level)
        found = ladder.helps(
            self.desk.root, checked.unit, checked.task, result, level, checked.calls
        )
        parts = [screen.help_blocks(found)] if found else []
        if level in ladder.OFFERS and self.interactive:
            parts.append(screen.note(f"h shows {ladder.OFFERS[level]}."))
        return parts

    def _questions(self, unit: str) -> list[RenderableType]:
        """Return where the model answers to the questions are, once the tasks are done."""
        progress = self.desk.file.read().unit(unit)
        states = {progress.task(task).state for task in self.desk.units[unit].tasks}
        if states != {State.PASSED}:
            return []
        return [
            screen.note(
                f"All tasks of {unit} are done. To compare your answer in words with a model "
                f"answer, type: lossgrad practice --solution {question}"
            )
            for question in answers.solutions_of(unit, self.desk.root).answers
        ]

    def _task(self) -> tuple[str, str] | None:
        if self.current:
            return self.current
        upcoming = screen.next_task(self.desk.units, self.desk.file.read())
        return upcoming and (upcoming.unit, upcoming.task)

    def _go_on(self) -> None:
        upcoming = screen.next_task(self.desk.units, self.desk.file.read())
        self.current = upcoming and (upcoming.unit, upcoming.task)
        self._show(*self._state_of(self.current))

    def _help(self) -> None:
        task = self._task()
        if task is None:
            self._show()
            return
        self.desk.ask_help(*task)
        self.current = task
        self._show(*self._state_of(task), unit=task[0])

    def _state_of(self, task: tuple[str, str] | None) -> list[RenderableType]:
        """Return the last verdict of a task, with the help of its level."""
        if task is None:
            return []
        progress = self.desk.file.read().task(*task)
        level = max(ladder.level(progress), progress.asked)
        checked = self.last.get(task)
        if checked is None:
            checked = Checked(*task, None, "", "", "")
        parts = []
        if checked.result is not None:
            shown = ladder.shown(checked.result, level)
            parts.append(screen.verdict(checked, progress, shown))
        elif checked.note:
            parts.append(screen.verdict(checked, progress))
        return [*parts, *self._helps(checked, level)]

    def _solution(self, confirmed: str | None) -> None:
        task = self._task()
        if task is None:
            self._show()
            return
        progress = self.desk.file.read().task(*task)
        if progress.solution is Seen.NEVER and not progress.passed and confirmed != task[1]:
            self._confirming = task[1]
            self._show(
                screen.note(
                    f"This shows the course's solution of {task[1]}; your progress will say so. "
                    "Press s again to see it, any other key to go on alone.",
                    "yellow",
                ),
                unit=task[0],
            )
            return
        self._show(screen.solution(task[1], self.desk.show_solution(*task)), unit=task[0])


def _same(before, now, unit: str, task: str) -> bool:
    """Whether a task that was only checked again has the verdict that it had."""
    then, since = before.task(unit, task), now.task(unit, task)
    return (then.state, then.score, then.code) == (since.state, since.score, since.code)


def _is_relevant(path: Path) -> bool:
    """Whether a change may be a save: of a notebook, or of a module or data beside it."""
    return path.suffix in (".ipynb", ".py", ".csv") and not path.name.startswith(".")


@contextlib.contextmanager
def _signals(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]):
    """End in good order when told to from outside, as when the terminal's window is closed."""
    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    set_up = []
    for name in names:
        with contextlib.suppress(NotImplementedError):  # on Windows
            loop.add_signal_handler(getattr(signal, name), stop)
            set_up.append(getattr(signal, name))
    try:
        yield
    finally:
        for each in set_up:
            loop.remove_signal_handler(each)
