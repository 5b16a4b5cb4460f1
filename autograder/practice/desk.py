"""One learner's practice: the units, the progress, and what checking and asking does to it.

Both the terminal and the notebook's magics go through here; neither draws nor watches here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from autograder import assignments
from autograder.practice import answers, grader, ladder, released
from autograder.practice import folder as folders
from autograder.practice.folder import Folder, HandedOut
from autograder.practice.grader import Checked
from autograder.practice.progress import Progress, ProgressFile, State, TaskProgress, UnitProgress
from autograder.practice.released import Unit


@dataclass(frozen=True)
class Desk:
    """The learner's folder, the course it comes from, and the units that are practised."""

    folder: Folder
    root: Path
    units: Mapping[str, Unit]
    file: ProgressFile

    def saved_notebook(self, unit: str) -> tuple[grader.Saved, dict[str, bytes]]:
        """Return a unit's notebook as it was last saved, and the files beside it.

        Raises `restoring.Unreadable` if it is no notebook, OSError if it is not there.
        """
        files = self.folder.files_beside(unit)
        return grader.read(self.units[unit], self.folder.notebook(unit).read_bytes(), files), files

    def changed(self, saved: grader.Saved) -> list[str]:
        """Return the tasks whose verdict may be another one than the last."""
        unit = self.file.read().unit(saved.unit.name)
        return [task for task, seen in saved.digests.items() if unit.task(task).checked != seen]

    def check(
        self, saved: grader.Saved, files: dict[str, bytes], tasks: Sequence[str], kernels: Callable
    ) -> list[Checked]:
        """Check tasks of a saved notebook and remember the verdicts."""
        checked = grader.check(saved, tasks, files, kernels)
        self.file.update(functools.partial(_remember, checked))
        return checked

    def ask_help(self, unit: str, task: str) -> int:
        """Raise the help that a task gets by a level, and return the level."""

        def ask(progress: Progress) -> Progress:
            now = progress.task(unit, task)
            level = min(ladder.SIBLING, max(ladder.level(now), now.asked) + 1)
            if now.state is not State.FAILED:
                level = max(ladder.RULE, level)
            return progress.with_task(unit, task, replace(now, asked=level))

        return self.file.update(ask).task(unit, task).asked

    def show_solution(self, unit: str, task: str) -> str:
        """Return the course's solution of a task, and record that it was shown."""
        code = answers.solution(unit, task, self.root)
        if task in self.units[unit].tasks:
            self.file.update(
                lambda progress: progress.with_task(unit, task, progress.task(unit, task).shown())
            )
        return code


def prepare(root: Path, folder: Folder, asked: Sequence[str], tell: Callable[[str], None]) -> Desk:
    """Return the desk with the units handed out: those asked for, or all; `tell` takes what is new.

    Raises Mistake if there is no such unit or the folder cannot be written.
    """
    units = {name: released.release(name, root) for name in asked or assignments.units(root)}
    folder.prepare()
    file = ProgressFile(folder.progress, tell)
    before = file.update(lambda progress: replace(progress, course=str(root)))
    handed = {}
    new = []
    for name, unit in units.items():
        became, handed[name] = folders.hand_out(unit, folder, before.unit(name).handed)
        if became is HandedOut.NEW:
            new.append(name)
        elif became is HandedOut.RENEWED:
            tell(f"{name}: the exercise has changed; you had not begun, so you have the new one.")
        elif became is HandedOut.CHANGED:
            tell(
                f"{name}: the exercise has changed since you began. Your notebook stays as it is; "
                f"for the new one type: lossgrad practice --reset {name}"
            )
    if new:
        tell(f"new in {folder.root}: {', '.join(new)}")
    file.update(functools.partial(_note_handed, handed))
    return Desk(folder, root, units, file)


def reset(desk: Desk, unit: str) -> Path:
    """Start a unit anew; return the backup of what there was, with its progress."""
    backup = folders.set_aside(unit, desk.folder, datetime.now())
    progress = ProgressFile(backup / "progress.json")
    progress.update(lambda _: Progress(str(desk.root), {unit: desk.file.read().unit(unit)}))
    _, handed = folders.hand_out(desk.units[unit], desk.folder, {})
    desk.file.update(lambda now: now.with_unit(unit, UnitProgress(handed)))
    return backup


def remembered(progress: TaskProgress, checked: Checked) -> TaskProgress:
    """Return a task's progress after it was checked."""
    if checked.result is None:
        return progress.opened(checked.digest)
    return progress.after(checked.result, checked.code, checked.digest)


def _remember(checked: Sequence[Checked], progress: Progress) -> Progress:
    for each in checked:
        now = remembered(progress.task(each.unit, each.task), each)
        progress = progress.with_task(each.unit, each.task, now)
    return progress


def _note_handed(handed: Mapping[str, dict[str, str]], progress: Progress) -> Progress:
    for name, digests in handed.items():
        progress = progress.with_unit(name, replace(progress.unit(name), handed=digests))
    return progress
