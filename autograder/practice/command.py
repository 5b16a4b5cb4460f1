"""The command `lossgrad practice`."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from rich.console import Console, Group

from autograder.course import CONFIG, CourseError
from autograder.mistakes import Mistake
from autograder.practice import desk as desks
from autograder.practice import folder as folders
from autograder.practice import lab, ladder, screen
from autograder.practice.answers import unit_of
from autograder.practice.desk import Desk
from autograder.practice.folder import Folder
from autograder.practice.kernels import warm_kernels
from autograder.practice.progress import ProgressFile, State
from autograder.practice.session import Session
from autograder.restoring import Unreadable

ALL_DONE, NOT_DONE = 0, 3  # 1 is a mistake, 2 a wrong option
FOLDER = "practice"


@dataclass(frozen=True)
class Asked:
    """What was typed after `lossgrad practice`."""

    units: tuple[str, ...] = ()
    folder: Path | None = None
    once: bool = False
    lab: bool = True
    browser: bool = True
    hint: str | None = None
    solution: str | None = None
    reset: str | None = None


def run(place: Path, asked: Asked, console: Console) -> int:
    """Practise in a folder of the learner's; return the exit code.

    `place` is the folder of the course, or lies in that of a learner. Raises Mistake with what to
    do.
    """
    root, folder = _where(place, asked)
    units = asked.units
    if asked.reset:
        units = (asked.reset,)
    elif task := asked.solution or asked.hint:
        units = (unit_of(task, root),)
    desk = desks.prepare(root, folder, units, _teller(console))
    if asked.solution:
        return _solution(desk, units[0], asked.solution, console)
    if asked.hint:
        return _hint(desk, units[0], asked.hint, console)
    if asked.once:
        return _once(desk, console)
    return _session(desk, asked, console)


def _where(place: Path, asked: Asked) -> tuple[Path, Folder]:
    """Return the course's folder and the learner's."""
    if (place / CONFIG).is_file():
        return place, Folder((place / (asked.folder or FOLDER)).absolute())
    inside = folders.found_from(place)
    root = Path(ProgressFile(inside.progress).read().course) if inside else None
    if root is None or not (root / CONFIG).is_file():
        raise CourseError(
            f"{place} is not the folder of a course: it has no {CONFIG}.\n"
            "Go to the folder that holds course/, exercises/ and solutions/, and try again."
        )
    return root, Folder((place / asked.folder).absolute()) if asked.folder else inside


def _session(desk: Desk, asked: Asked, console: Console) -> int:
    with ExitStack() as opened:
        opened.enter_context(_alone(desk.folder))
        if asked.reset:
            backup = desks.reset(desk, asked.reset)
            _teller(console)(f"{asked.reset} starts anew. What you had is in {backup}")
            return ALL_DONE
        with console.status("starting JupyterLab, and a kernel for the checks"):
            starting = opened.enter_context(_starting_lab(desk, asked)) if asked.lab else None
            kernels = opened.enter_context(warm_kernels())
            server = starting.result() if starting else None
        session = Session(desk, kernels, console, server)
        with contextlib.suppress(KeyboardInterrupt):  # where signals cannot be handled
            asyncio.run(session.run())
        progress = desk.file.read()
    console.print(Group("", screen.summary(desk.units, progress)))
    console.print(screen.note("Your progress is kept. To go on, type: lossgrad practice"))
    return ALL_DONE


@contextlib.contextmanager
def _starting_lab(desk: Desk, asked: Asked) -> Iterator[Future[lab.Lab]]:
    """Start JupyterLab beside what else has to be started; end it at the end."""
    upcoming = screen.next_task(desk.units, desk.file.read())
    notebook = desk.folder.notebook(upcoming.unit if upcoming else next(iter(desk.units)))
    with ThreadPoolExecutor(1) as pool:
        starting = pool.submit(lab.start, desk.folder, notebook, asked.browser)
        try:
            yield starting
        finally:
            with contextlib.suppress(Mistake):  # whoever waited for it has been told
                starting.result().stop()


def _once(desk: Desk, console: Console) -> int:
    """Check all that is written; return whether all of it is done."""
    unreadable = False
    with warm_kernels() as kernels:
        for name, unit in desk.units.items():
            try:
                saved, files = desk.saved_notebook(name)
            except Unreadable as error:
                console.print(screen.note(f"{desk.folder.notebook(name)}: {error}", "yellow"))
                unreadable = True
                continue
            checked = desk.check(saved, files, list(unit.tasks), kernels)
            progress = desk.file.read()
            console.print(screen.overview({name: unit}, progress))
            for each in checked:
                task = progress.task(name, each.task)
                if each.note or task.state is State.FAILED:
                    shown = each.result and ladder.shown(each.result, ladder.level(task))
                    console.print(screen.verdict(each, task, shown))
    console.print(screen.summary(desk.units, desk.file.read()))
    done = screen.next_task(desk.units, desk.file.read()) is None and not unreadable
    return ALL_DONE if done else NOT_DONE


def _hint(desk: Desk, unit: str, task: str, console: Console) -> int:
    if task not in desk.units[unit].tasks:
        raise Mistake(f"{task} is answered in words; see: lossgrad practice --solution {task}")
    try:
        saved, files = desk.saved_notebook(unit)
    except Unreadable as error:
        raise Mistake(f"{desk.folder.notebook(unit)}: {error}") from None
    with warm_kernels() as kernels:
        (checked,) = desk.check(saved, files, [task], kernels)
    level = desk.ask_help(unit, task)
    progress = desk.file.read().task(unit, task)
    result = checked.result and ladder.shown(checked.result, level)
    if result or checked.note:
        console.print(screen.verdict(checked, progress, result))
    found = ladder.helps(desk.root, unit, task, result, level, checked.calls)
    console.print(screen.help_blocks(found))
    return ALL_DONE


def _solution(desk: Desk, unit: str, task: str, console: Console) -> int:
    code = desk.show_solution(unit, task)
    console.print(screen.solution(task, code, is_code=task in desk.units[unit].tasks))
    return ALL_DONE


def _alone(folder: Folder) -> FileLock:
    """Return the lock of the session in a folder. Raises Mistake if another session has it."""
    lock = FileLock(folder.own / "session.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Mistake(
            f"lossgrad practice is running in {folder.root} already.\n"
            "Go on there, or choose another folder with --folder."
        ) from None
    return lock


def _teller(console: Console) -> Callable[[str], None]:
    return lambda text: console.print(screen.note(text, "yellow"))
