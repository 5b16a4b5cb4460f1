"""Archives from strangers: read to their end or told, never believed."""

import stat
import struct
import unicodedata
import zipfile

import pytest

from autograder.university.archives import ArchiveError, open_archive, relative, write_archive
from tests.university.archive import make, without_flag


def paths(path):
    with open_archive(path) as entries:
        return [entry.path for entry in entries]


def test_files_are_given_and_nothing_else(tmp_path):
    link = zipfile.ZipInfo("link.ipynb")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    files = {
        "a/": "",
        "a/b.ipynb": "x",
        "__MACOSX/a/._b.ipynb": "",
        "a/.DS_Store": "",
        link: "/etc/passwd",
    }
    assert paths(make(tmp_path / "a.zip", files)) == ["a/b.ipynb"]


@pytest.mark.parametrize("name", ["Müller", "Mu\u0308ller", "王小明", "🎓"])
@pytest.mark.parametrize("flag", [True, False])
def test_names_are_read_with_and_without_their_flag(tmp_path, name, flag):
    path = tmp_path / "a.zip"
    path.write_bytes(without_flag({name: "x"})) if not flag else make(path, {name: "x"})
    assert paths(path) == [unicodedata.normalize("NFC", name)]


def test_backslashes_are_slashes(tmp_path):
    path = make(tmp_path / "a.zip", {"a?b.ipynb": "x"})
    path.write_bytes(path.read_bytes().replace(b"a?b", b"a\\b"))
    assert paths(path) == ["a/b.ipynb"]


@pytest.mark.parametrize(
    "name", ["../x", "a/../../x", ".hidden", "a/.ssh/x", "", "/", "..", "a\x00b", "a\nb", "é" * 128]
)
def test_no_name_leaves_a_folder(name):
    assert relative(name) is None


@pytest.mark.parametrize(
    ("name", "path"), [("/a/b", "a/b"), ("a//b", "a/b"), ("ä b/c.ipynb", "ä b/c.ipynb")]
)
def test_a_name_is_a_path_inside(name, path):
    assert relative(name).as_posix() == path


def test_a_bomb_is_not_unpacked(tmp_path):
    path = make(tmp_path / "a.zip", {"bomb": b"\0" * 10_000_000})
    assert path.stat().st_size < 20_000
    with open_archive(path) as (entry,):
        assert entry.size == 10_000_000
        assert entry.read(1_000_000) is None
        assert len(entry.read(10_000_000)) == 10_000_000


def test_a_size_that_is_a_lie_is_a_damage(tmp_path):
    path = make(tmp_path / "a.zip", {"bomb": b"\0" * 10_000_000})
    content = bytearray(path.read_bytes())
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", content, content.find(signature) + place, 10)
    path.write_bytes(content)
    with open_archive(path) as (entry,), pytest.raises(ArchiveError, match="bomb in it is damaged"):
        entry.read()


def no_zip(tmp_path):
    path = tmp_path / "a.zip"
    path.write_text("no archive")
    return path


def half(tmp_path):
    path = make(tmp_path / "a.zip", {"a.ipynb": "x" * 1000})
    path.write_bytes(path.read_bytes()[:60])
    return path


def locked(tmp_path):
    path = make(tmp_path / "a.zip", {"a.ipynb": "x"})
    content = bytearray(path.read_bytes())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(signature) + place] |= 1
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (no_zip, "is not a readable zip archive"),
        (half, "is not a readable zip archive"),
        (locked, "needs a password"),
        (lambda folder: folder / "none.zip", "There is no file"),
        (lambda folder: folder, "is not a readable zip archive"),
    ],
)
def test_what_is_no_archive_is_told(tmp_path, spoil, told):
    with pytest.raises(ArchiveError, match=told) as fault, open_archive(spoil(tmp_path)):
        pass
    assert len(str(fault.value).splitlines()) <= 2


def test_a_damaged_file_is_told(tmp_path):
    path = make(tmp_path / "a.zip", {"a.ipynb": bytes(range(256)) * 40})
    content = bytearray(path.read_bytes())
    content[60] ^= 0xFF
    path.write_bytes(content)
    with open_archive(path) as (entry,), pytest.raises(ArchiveError, match="in it is damaged"):
        entry.read()


def test_writing_is_all_or_nothing(tmp_path):
    (tmp_path / "page").write_text("page")
    write_archive(tmp_path / "a.zip", {"Müller_1/page": tmp_path / "page"})
    assert paths(tmp_path / "a.zip") == ["Müller_1/page"]
    with pytest.raises(ArchiveError, match="none"):
        write_archive(tmp_path / "b.zip", {"a": tmp_path / "page", "b": tmp_path / "none"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip", "page"]
