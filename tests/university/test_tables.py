"""CSV files as universities' systems and spreadsheet programs write them."""

import csv

import pytest

from autograder.university.tables import TableError, harmless, read_table

WANTED = [("Student", "ID")]


def table(tmp_path, content):
    path = tmp_path / "file.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(path, WANTED)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_it_is_read_whatever_wrote_it(tmp_path, delimiter, encoding, newline):
    lines = [["Student", "ID"], ['"Lee; ""A"", Ann"', "7"], ["Müller", ""]]
    text = newline.join(delimiter.join(line) for line in lines) + newline
    read = table(tmp_path, text.encode(encoding))
    assert read.header == ("Student", "ID")
    assert read.rows == (('Lee; "A", Ann', "7"), ("Müller", ""))


@pytest.mark.parametrize(
    "content", [b"\xef\xbb\xbfStudent;ID\r\nM\xc3\xbcller;7\r\n", b"Student,ID\na,1\n"]
)
def test_it_is_written_as_it_was_read(tmp_path, content):
    read = table(tmp_path, content)
    read.write(tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == content


def test_columns_are_found_whatever_their_capitals(tmp_path):
    read = table(tmp_path, "Student,ID,Maximum Grade\na,1,100\n")
    assert (read.column("maximum grade"), read.column("none")) == (2, None)
    with pytest.raises(TableError, match="has no column none"):
        read.place("none")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"Name,Points\na,1\n", "its columns are Name, Points"),
        (b"", "its columns are nothing"),
        (b"\x80\x81", "not in UTF-8"),
        (b'Student,ID\n"a,1\n', "not a readable CSV file"),
        (b"Student,ID\na,1,surplus\n", "line 2 has 3 cells, the header 2"),
        (b"\x89PNG\r\n\x1a\n\x00", "not in UTF-8"),
    ],
)
def test_what_cannot_be_used_is_told_in_two_lines(tmp_path, content, told):
    with pytest.raises(TableError, match=told) as fault:
        table(tmp_path, content)
    assert len(str(fault.value).splitlines()) <= 2


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(TableError, match="cannot be read"):
        read_table(tmp_path / "none.csv", WANTED)


def test_a_cell_may_be_as_long_as_a_students_text(tmp_path):
    read = table(tmp_path, f"Student,ID\n{'x' * (csv.field_size_limit() // 64)},1\n")
    assert len(read.rows) == 1


@pytest.mark.parametrize("cell", ["=1+1", "+1(2)", "-x", "@SUM(A1)", "\t=1", " =1", "\r=1"])
def test_no_cell_is_a_formula(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "-", "Ann", "O'Brien", "1-2", "a=b", "12.5"])
def test_other_cells_stay(cell):
    assert harmless(cell) == cell
