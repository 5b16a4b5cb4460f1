"""Zip archives that hold what students uploaded: read without trust, written in one go.

No name in an archive can leave the folder it is written to, and no more is read of a file than it
may have, whatever size the archive says.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.mistakes import Mistake

MAX_ENTRIES = 500_000
MAX_FILE = 100 * 2**20  # bytes of one file, as nbgrader has it (`CourseDirectory.max_file_size`)
UTF8 = 0x800  # the flag of an entry whose name is in UTF-8
ENCRYPTED = 0x1
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
CRUFT = ("__MACOSX", ".DS_Store", "Thumbs.db")


class ArchiveError(Mistake):
    """An archive that cannot be read or written; says which and what to do."""


@dataclass(frozen=True)
class Entry:
    """One file in an archive: its path there, with `/` between the parts, and how to read it."""

    path: str
    _zip: zipfile.ZipFile
    _info: zipfile.ZipInfo

    @property
    def size(self) -> int:
        """The number of bytes of the file, which reading it cannot exceed."""
        return self._info.file_size

    def read(self, most: int = MAX_FILE) -> bytes | None:
        """Return the file's content, or None if that has more than `most` bytes.

        Raises ArchiveError if the archive is damaged there.
        """
        try:
            with self._zip.open(self._info) as file:
                content = file.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise ArchiveError(
                f"{self._zip.filename}: {self.path} in it is damaged ({error}).\n"
                "Download the archive again."
            ) from None
        return content if len(content) <= most else None


@contextmanager
def open_archive(path: Path) -> Iterator[list[Entry]]:
    """Open a zip archive and give its files, without folders, links and what systems leave there.

    Raises ArchiveError if it is none, or damaged, or needs a password.
    """
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise ArchiveError(f"There is no file {path}.") from None
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ArchiveError(
            f"{path} is not a readable zip archive ({reason}).\n"
            "Download it again; do not unpack it."
        ) from None
    with archive:
        infos = archive.infolist()
        if len(infos) > MAX_ENTRIES:
            raise ArchiveError(f"{path} has more than {MAX_ENTRIES} entries.")
        if any(info.flag_bits & ENCRYPTED for info in infos):
            raise ArchiveError(f"{path} needs a password. Save it without one.")
        yield [
            Entry(_name(info), archive, info)
            for info in infos
            if not info.is_dir() and not _is_link(info) and not _is_cruft(_name(info))
        ]


def write_archive(path: Path, files: Mapping[str, Path]) -> None:
    """Write a zip archive of files by their names in it, at once or not at all.

    Raises ArchiveError if it cannot.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
            for name, file in files.items():
                archive.write(file, name)
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        where = error.filename or path
        raise ArchiveError(f"{where}: {error.strerror or error}.") from None


def relative(path: str) -> PurePosixPath | None:
    """Return a path inside a submission, or None if it is none that may be written.

    Left out are paths that leave the folder, hidden files, and names that no file system takes.
    """
    parts = [part for part in path.split("/") if part]
    if not parts or any(
        part.startswith(".") or len(part.encode()) > 255 or CONTROL.search(part) for part in parts
    ):
        return None
    return PurePosixPath(*parts)


def _name(info: zipfile.ZipInfo) -> str:
    """Return an entry's path in Unicode, composed: some systems write umlauts as two signs."""
    name = info.filename
    if not info.flag_bits & UTF8:  # macOS and others write UTF-8 without saying so
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def _is_link(info: zipfile.ZipInfo) -> bool:
    mode = info.external_attr >> 16
    return bool(mode) and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR)


def _is_cruft(name: str) -> bool:
    return any(part in CRUFT or part.startswith("._") for part in name.split("/"))
