"""Archives as Moodle and Canvas make them, of fifty students with difficult names."""

import io
import zipfile
from datetime import datetime

from tests.university.conftest import notebook
from tests.university.names import NAMES, in_canvas, in_moodle

LATE = (3, 7)  # of the fifty, in Canvas


def make(path, files):
    """Write an archive; `files` are contents by name, a name may be a ready ZipInfo."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def student(number):
    return f"s{number:03}"


def answer(number):
    return notebook(f"answer of {number}")


def moodle(path, version="folders"):
    """Moodle's "Download all submissions" of the fifty; participants' numbers begin at 9000."""
    files = {}
    for number, name in enumerate(NAMES):
        before = in_moodle(*name, 9000 + number, version)
        files[f"{before}mse.ipynb"] = answer(number)
    text = in_moodle("Ann", "Lee", 9000).replace("_file", "_onlinetext") + "onlinetext.html"
    return make(path, files | {text: "<p>see file</p>"})


def worksheet(times=None):
    """The grading worksheet of the fifty, with a time of hand-in for some."""
    lines = [
        "Identifier,Full name,Email address,Status,Grade,Last modified (submission),"
        "Last modified (grade)"
    ]
    for number, (first, last) in enumerate(NAMES):
        name = f"{first} {last}".replace('"', '""')
        when = (times or {}).get(number, "-")
        address = f"{student(number)}@uni.example"
        lines.append(f'Participant {9000 + number},"{name}",{address},,,"{when}",-')
    return "\r\n".join(lines) + "\r\n"


def canvas(path):
    """Canvas's "Download Submissions" of the fifty; users' numbers begin at 1000."""
    files = {}
    for number, name in enumerate(NAMES):
        file = "mse-1.ipynb" if number % 3 == 0 else "mse.ipynb"
        before = in_canvas(*name, 1000 + number, 50_000 + number, number in LATE)
        files[before + file] = answer(number)
    return make(path, files)


def gradebook():
    """Canvas's gradebook of the fifty."""
    lines = ["Student,ID,SIS User ID,SIS Login ID,Section,mse (77)"]
    for number, (first, last) in enumerate(NAMES):
        name = f"{last}, {first}".replace('"', '""')
        lines.append(f'"{name}",{1000 + number},U{number},{student(number)},Mon,')
    return "\n".join(lines) + "\n"


def without_flag(files):
    """Return an archive with names in UTF-8 that do not say so, as macOS makes them."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    content = bytearray(made.getvalue())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := content.find(signature, start)) >= 0:
            content[start + place + 1] &= 0xF7
            start += 4
    return bytes(content)


WHEN = datetime(2026, 3, 1, 11, 58)
