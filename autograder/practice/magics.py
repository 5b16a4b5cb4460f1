"""`%check mse_grad`, `%hint mse_grad` and `%solution mse_grad` in a notebook.

The same hidden checks as in class, in the learner's own kernel, on what is defined there now.
JupyterLab as `lossgrad practice` starts it knows them; elsewhere `%load_ext
autograder.practice.magics` makes them known. Tries and hints are those of the learner's folder, if
the notebook lies in one.
"""

from __future__ import annotations

import functools
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, line_magic, magics_class
from IPython.display import Code, Markdown, display

from autograder import feedback, graders, seeds
from autograder.mistakes import Mistake
from autograder.practice import answers, ladder, needed, plain_formulas
from autograder.practice import folder as folders
from autograder.practice.ladder import Help
from autograder.practice.progress import Progress, ProgressFile, Seen, State, TaskProgress
from autograder.results import TaskResult
from autograder.sources import read_exercise
from autograder.submission import Call, LocalTransport, Outcome, Submission
from autograder.tasks import checks_of, run_task


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Make the magics known; called by `%load_ext`."""
    shell.register_magics(PracticeMagics)


@dataclass(frozen=True)
class Place:
    """Where the notebook lies: the file of the learner's progress and the course, if known."""

    file: ProgressFile | None
    root: Path | None

    def task(self, unit: str, task: str) -> TaskProgress:
        """Return what is known of a task."""
        return self.file.read().task(unit, task) if self.file else TaskProgress()

    def update(self, unit: str, task: str, change) -> TaskProgress:
        """Change what is known of a task, for good if the notebook lies in a learner's folder."""
        if self.file is None:
            return change(TaskProgress())

        def changed(progress: Progress) -> Progress:
            return progress.with_task(unit, task, change(progress.task(unit, task)))

        return self.file.update(changed).task(unit, task)


@magics_class
class PracticeMagics(Magics):
    """What a learner can ask in a notebook."""

    @line_magic
    def check(self, line: str) -> None:
        """Check a task, or without a name all tasks of this notebook: `%check mse_grad`."""
        with_told_mistakes(self._check, line.split())

    @line_magic
    def hint(self, line: str) -> None:
        """Check a task and show more help for it than before: `%hint mse_grad`."""
        with_told_mistakes(self._hint, line.split())

    @line_magic
    def solution(self, line: str) -> None:
        """Show the course's solution of a task, and record that: `%solution mse_grad`."""
        with_told_mistakes(self._solution, line.split())

    def _check(self, words: Sequence[str]) -> None:
        place = _place()
        if words:
            for task in words:
                self._show(place, unit_of(task), task)
            return
        unit = self._unit()
        written = [task for task in checks_of(unit) if not self._is_unwritten(task)]
        for task in written:
            self._show(place, unit, task)
        left = [task for task in checks_of(unit) if task not in written]
        if left:
            print(f"Not written yet: {', '.join(left)}.")

    def _hint(self, words: Sequence[str]) -> None:
        task = _one(words, "hint")
        place, unit = _place(), unit_of(task)
        now = place.task(unit, task)
        level = max(ladder.level(now), now.asked) + 1
        least = ladder.NAMED if now.state is State.FAILED else ladder.RULE
        level = min(ladder.SIBLING, max(least, level))
        place.update(unit, task, lambda progress: replace(progress, asked=level))
        if self._is_unwritten(task):
            _show_helps(ladder.helps(place.root, unit, task, None, level))
        else:
            self._show(place, unit, task, level)

    def _solution(self, words: Sequence[str]) -> None:
        task = _one(words, "solution")
        place = _place()
        if place.root is None:
            raise Mistake(
                "where the course is, is not known here: open the notebook in the folder of "
                "lossgrad practice"
            )
        _show_solution(place, answers.unit_of(task, place.root), task)

    def _show(self, place: Place, unit: str, task: str, level: int = 0) -> None:
        """Check a task and show the table of verdicts, with the help of its level."""
        transport = _Keeping(LocalTransport(self.shell.user_ns))
        points = _points(place, unit, task)
        result = run_task(unit, task, points, Submission(transport), seeds.PRACTICE_SEED)
        if self._is_unwritten(task):
            _show_table(result)
            return
        before = place.task(unit, task)
        code = needed.own_code(self._history(), task)
        now = place.update(
            # Whatever is saved next is checked again: it may not be what the kernel has.
            unit,
            task,
            lambda progress: progress.after(result, code, checked=""),
        )
        level = max(level, ladder.level(now))
        shown = ladder.shown(result, level) if now.state is State.FAILED else result
        _show_table(shown)
        if now.state is State.FAILED:
            _show_helps(ladder.helps(place.root, unit, task, shown, level, transport.kept))
        elif place.root and before.state is not State.PASSED and now.solution is not Seen.BEFORE:
            _show_solution(place, unit, task)

    def _is_unwritten(self, task: str) -> bool:
        return task not in self.shell.user_ns or needed.is_unfinished(self._history(), task)

    def _history(self) -> list[str]:
        return [str(cell) for cell in self.shell.history_manager.input_hist_parsed]

    def _unit(self) -> str:
        name = Path.cwd().name
        if name in _units():
            return name
        raise Mistake("say which task to check, such as: %check mse_grad")


def with_told_mistakes(function, *arguments) -> None:
    """Call a function; say in a line what a person did wrong, without a traceback."""
    try:
        function(*arguments)
    except Mistake as mistake:
        print(mistake)


def unit_of(task: str) -> str:
    """Return the unit of a task. Raises Mistake if there is none of that name."""
    return answers.named(task, {name: unit for unit in _units() for name in checks_of(unit)})


@functools.cache
def _units() -> tuple[str, ...]:
    names = (module.name for module in pkgutil.iter_modules(graders.__path__))
    return tuple(name.removeprefix("test_") for name in names if name.startswith("test_"))


def _place() -> Place:
    """Return where the notebook lies: JupyterLab starts its kernel in its folder."""
    folder = folders.found_from(Path.cwd())
    if folder is None:
        return Place(None, None)
    file = ProgressFile(folder.progress)
    root = Path(file.read().course)
    return Place(file, root if (root / "solutions").is_dir() else None)


def _one(words: Sequence[str], magic: str) -> str:
    if len(words) != 1:
        raise Mistake(f"name one task, such as: %{magic} mse_grad")
    return words[0]


def _points(place: Place, unit: str, task: str) -> float:
    """Return the points that a task is worth in the course; 1 where the course is not known."""
    if place.root is None:
        return 1.0
    return _points_in(place.root, unit).get(task, 1.0)


@functools.cache
def _points_in(root: Path, unit: str) -> dict[str, float]:
    path = f"exercises/{unit}.md"
    text = (root / path).read_text(encoding="utf-8") if (root / path).is_file() else ""
    return {
        block.name: block.points for block in read_exercise(path, text) if block.kind == "check"
    }


def _show_table(result: TaskResult) -> None:
    table = {"text/html": feedback.render_html(result), "text/plain": feedback.render_text(result)}
    display(table, raw=True)


def _show_helps(helps: Sequence[Help]) -> None:
    for help_ in helps:
        place = f" ({help_.place})" if help_.place else ""
        markdown = f"**{help_.title}**{place}\n\n{help_.text}"
        plain = f"{help_.title}{place}\n\n{plain_formulas.without_tex(help_.text)}"
        display({"text/markdown": markdown, "text/plain": plain}, raw=True)


def _show_solution(place: Place, unit: str, task: str) -> None:
    code = answers.solution(unit, task, place.root)
    if task not in checks_of(unit):  # a question
        display(Markdown(f"**A model answer to `{task}`**\n\n{code}"))
        return
    place.update(unit, task, TaskProgress.shown)
    display(Markdown(f"**The course's solution of `{task}`**"))
    display(Code(code, language="python"))


class _Keeping:
    """A transport that keeps the calls and what they came to."""

    def __init__(self, transport: LocalTransport):
        self.transport = transport
        self.kept: list[tuple[str, tuple, Outcome]] = []

    def call(self, calls: Sequence[Call]) -> list[Outcome]:
        outcomes = self.transport.call(calls)
        self.kept += [(*call, outcome) for call, outcome in zip(calls, outcomes, strict=True)]
        return outcomes
