"""What a learner sees in the terminal, drawn with rich. Nothing a learner wrote is markup here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.rule import Rule
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from autograder.feedback import ICONS, clean
from autograder.practice.grader import Checked
from autograder.practice.ladder import Help
from autograder.practice.plain_formulas import without_tex
from autograder.practice.progress import Progress, Seen, State, TaskProgress
from autograder.practice.released import Unit
from autograder.results import CheckResult, Verdict

MARKS = {State.PASSED: "✓", State.FAILED: "✗", State.OPEN: "·"}
COLORS = {State.PASSED: "green", State.FAILED: "red", State.OPEN: "dim"}
VERDICTS = {Verdict.PASSED: "green", Verdict.FAILED: "red", Verdict.NOT_CHECKED: "dim"}
CODE = "ansi_dark"  # takes the terminal's own colours, and no background
WIDTH = 100  # columns used of a wide terminal


@dataclass(frozen=True)
class Next:
    """The task to go on with."""

    unit: str
    task: str


def next_task(units: Mapping[str, Unit], progress: Progress) -> Next | None:
    """Return the first task in the order of the course that has not passed."""
    for name, unit in units.items():
        for task in unit.tasks:
            if progress.task(name, task).state is not State.PASSED:
                return Next(name, task)
    return None


def overview(units: Mapping[str, Unit], progress: Progress) -> RenderableType:
    """Return a line for each unit, with a mark for each of its tasks."""
    table = Table.grid(padding=(0, 2))
    for name, unit in units.items():
        states = {task: progress.task(name, task) for task in unit.tasks}
        done = _done(unit, progress)
        marks = Text(" ").join(_mark(each) for each in states.values())
        counts = Text(f"{done} of {len(states)}", style="green" if done == len(states) else "")
        table.add_row(Text(name, style="bold"), marks, counts)
    return table


def verdict(checked: Checked, progress: TaskProgress, result=None) -> RenderableType:
    """Return what checking one task came to: a line, and below it the checks if one failed."""
    result = result or checked.result
    name = Text(checked.task, style="bold")
    if result is None:
        return Group(
            Text.assemble((f"{MARKS[State.OPEN]} ", "yellow"), name), _indented(checked.note, "")
        )
    color = COLORS[progress.state]
    line = Text.assemble((f"{MARKS[progress.state]} ", color), name, "  ")
    line.append(f"{result.score:.2f} / {result.points:g}", style=color)
    if progress.state is State.FAILED and progress.tries:
        line.append(f"   failed tries: {progress.tries}", style="dim")
    parts: list[RenderableType] = [line]
    if progress.state is State.FAILED:
        if checked.note:
            parts.append(_indented(checked.note, "yellow"))
        if result.problem:
            parts.append(_indented(result.problem, "yellow"))
        parts.append(_checks(result.checks))
    return Group(*parts)


def help_blocks(helps: Sequence[Help]) -> RenderableType:
    """Return the help of a level: the newest in full, of the others where they can be read."""
    parts: list[RenderableType] = []
    for help_ in helps[:-1]:
        place = help_.place or "above"
        if help_.place:
            parts.append(Text(f"{help_.title}: {place}", style="dim"))
        else:
            parts.append(_help(help_))
    parts += [_help(help_) for help_ in helps[-1:]]
    return Group(*parts)


def solution(task: str, code: str, is_code: bool = True) -> RenderableType:
    """Return the course's solution of a task, or the model answer of a question."""
    title = f"The course's solution of {task}" if is_code else f"A model answer to {task}"
    shown = Syntax(code, "python", theme=CODE, word_wrap=True) if is_code else Text(code)
    return Group(Rule(Text(title), align="left", style="dim"), Padding(shown, (0, 0, 0, 2)))


def summary(units: Mapping[str, Unit], progress: Progress, unit: str | None = None) -> Text:
    """Return the counts in words, and the next step."""
    tasks = sum(len(each.tasks) for each in units.values())
    done = sum(_done(each, progress) for each in units.values())
    line = Text()
    if unit in units and len(units) > 1:
        line.append(f"{_done(units[unit], progress)} of {len(units[unit].tasks)} in {unit}, ")
    line.append(f"{done} of {tasks} tasks done")
    helped = sum(
        progress.task(name, task).solution is Seen.BEFORE
        for name, each in units.items()
        for task in each.tasks
        if progress.task(name, task).state is State.PASSED
    )
    if helped:
        line.append(f" ({helped} after seeing the solution)", style="dim")
    upcoming = next_task(units, progress)
    if upcoming is None:
        line.append(".  All of it is done.", style="green")
    else:
        line.append(".  Next: ")
        line.append(upcoming.task, style="bold")
        line.append(f" in {upcoming.unit}/{upcoming.unit}.ipynb")
    return line


def note(text: str, style: str = "dim") -> Text:
    """Return a line of ours."""
    return Text(text, style=style)


def address(url: str) -> Text:
    """Return the line of an address, which is never broken in two."""
    return Text(f"JupyterLab: {url}", style="dim", no_wrap=True, overflow="ignore")


def _done(unit: Unit, progress: Progress) -> int:
    return sum(progress.task(unit.name, task).state is State.PASSED for task in unit.tasks)


def _mark(progress: TaskProgress) -> Text:
    helped = progress.state is State.PASSED and progress.solution is Seen.BEFORE
    return Text("(✓)" if helped else MARKS[progress.state], style=COLORS[progress.state])


def _checks(checks: Sequence[CheckResult]) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_column(width=3, justify="right", no_wrap=True)
    table.add_column(max_width=WIDTH - 6, overflow="fold")
    for check in checks:
        color = VERDICTS[check.verdict]
        sentence = Text(clean(check.sentence), style=color if color == "dim" else "")
        table.add_row(Text(ICONS[check.verdict], style=color), Group(sentence, *_details(check)))
    return table


def _details(check: CheckResult) -> Iterator[RenderableType]:
    if check.verdict is not Verdict.FAILED:
        return
    if check.reason:
        yield Text(clean(check.reason), style="red")
    for term, value in (("Expected", check.expected), ("Your answer", check.actual)):
        if value is not None:
            yield Text.assemble((f"{term:<13}", "dim"), clean(value))
    if check.hint:
        yield Text.assemble(("What this looks like: ", "bold yellow"), clean(check.hint))


def _indented(text: str, style: str) -> RenderableType:
    return Padding(Text(clean(text), style=style), (0, 0, 0, 4))


def _help(help_: Help) -> RenderableType:
    title = Text(help_.title, style="bold yellow")
    if help_.place:
        title.append(f"   {help_.place}", style="dim not bold")
    text = Markdown(without_tex(help_.text), code_theme=CODE)
    return Group(Rule(title, align="left", style="dim"), Padding(text, (0, 0, 0, 2)))
