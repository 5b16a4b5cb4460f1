"""CSV files of other systems: read as they come, written as those systems read them."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.mistakes import Mistake

BOM = "\ufeff"
DELIMITERS = (",", ";", "\t")
LARGEST = 64 * 2**20  # bytes; a gradebook of 20,000 students and 20 columns has 5 MB
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class TableError(Mistake):
    """A CSV file that cannot be read; says which and what to do."""


@dataclass(frozen=True)
class Table:
    """A CSV file: its header, its rows, each as long as the header, and how it was written."""

    path: Path
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str = ","
    bom: bool = False
    newline: str = "\n"

    def column(self, name: str) -> int | None:
        """Return the place of a column, capital letters or not, or None if there is none."""
        names = [title.strip().casefold() for title in self.header]
        return names.index(name.casefold()) if name.casefold() in names else None

    def place(self, name: str) -> int:
        """Return the place of a column that is known to be there."""
        place = self.column(name)
        if place is None:
            raise TableError(f"{self.path} has no column {name}.")
        return place

    def line(self, row: int) -> int:
        """Return the line of a row as a spreadsheet program numbers it: the header is line 1."""
        return row + 2

    def with_rows(self, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
        """Return a table that is written in the same way."""
        return replace(self, header=tuple(header), rows=tuple(map(tuple, rows)))

    def write(self, path: Path) -> None:
        """Write the table, at once or not at all."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator=self.newline)
        writer.writerows([self.header, *self.rows])
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(((BOM if self.bom else "") + text.getvalue()).encode())
        os.replace(part, path)


def read_table(path: Path, among: Collection[Collection[str]]) -> Table:
    """Return the CSV file whose header has all names of one of these sets.

    UTF-8 or, as spreadsheet programs save "Unicode text", UTF-16; commas, semicolons or tabs.
    Raises TableError if it cannot be read or its header has none of them.
    """
    text = _text(path)
    bom, text = text.startswith(BOM), text.removeprefix(BOM)
    newline = "\r\n" if "\r\n" in text else "\n"
    seen: tuple[str, ...] = ()
    faults = []
    for delimiter in DELIMITERS:
        try:
            lines = _parsed(text, delimiter)
        except csv.Error as error:
            faults.append(error)
            continue
        header = tuple(title.strip() for title in lines[0]) if lines else ()
        seen = max(seen, header, key=len)
        names = {title.casefold() for title in header}
        if any({name.casefold() for name in names_} <= names for names_ in among):
            return Table(path, header, _rows(path, header, lines[1:]), delimiter, bom, newline)
    if len(faults) == len(DELIMITERS):
        raise TableError(f"{path} is not a readable CSV file ({faults[0]}).")
    shown = ", ".join(seen[:8]) or "nothing"
    wanted = "; or ".join(", ".join(names) for names in among)
    raise TableError(
        f"{path} is none of the files that can be used here: its columns are {shown}."
        f"\nWanted are {wanted} (in Moodle with the language set to English)."
    )


def harmless(cell: str) -> str:
    """Return a cell of text that no spreadsheet program takes for a formula.

    What begins with one of = + - @ could be one, and names are chosen by students. A quotation mark
    before it is what OWASP recommends (https://owasp.org/www-community/attacks/CSV_Injection).
    """
    return f"'{cell}" if is_formula(cell) else cell


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet program could take a cell for a formula."""
    return len(cell) > 1 and cell.lstrip(" ").startswith(FORMULA)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise TableError(f"{path} cannot be read ({error.strerror or error}).") from None
    if len(content) > LARGEST:
        raise TableError(f"{path} is larger than {LARGEST // 2**20} MB, which no roster is.")
    try:
        return content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8")
    except UnicodeDecodeError:
        raise TableError(
            f"{path} is not in UTF-8, so names would be spoilt.\n"
            "Use the file as it was downloaded, or save it as «CSV UTF-8»."
        ) from None


def _parsed(text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(LARGEST)  # a cell may hold all that a student typed into Moodle
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    return [line for line in lines if any(cell.strip() for cell in line)]


def _rows(path: Path, header: Sequence[str], lines: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    rows = []
    for number, line in enumerate(lines):
        if any(cell.strip() for cell in line[len(header) :]):
            raise TableError(
                f"{path}, line {number + 2} has {len(line)} cells, the header {len(header)}.\n"
                "Use the file as it was downloaded."
            )
        padded = [*line, *[""] * (len(header) - len(line))]
        rows.append(tuple(padded[: len(header)]))
    return tuple(rows)
