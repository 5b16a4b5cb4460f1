"""What was handed in is found as nbgrader finds it, whatever students put into their folders."""

import os

import pytest
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder import submitted
from autograder.submitted import files_beside, handed_in, read_notebook, submissions


@pytest.fixture
def coursedir(tmp_path):
    return CourseDirectory(root=str(tmp_path), ignore=["__pycache__", "*.pyc", "*.record.json"])


@pytest.fixture
def hand_in(tmp_path):
    def hand_in(student, **files):
        folder = tmp_path / "submitted" / student / "mse"
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name.replace("_dot_", ".")).write_text(content)
        return folder

    return hand_in


class TestSubmissions:
    def test_are_those_of_the_assignment_by_student(self, coursedir, hand_in, tmp_path):
        hand_in("zoe", mse_dot_ipynb="{}")
        hand_in("ada.l", mse_dot_ipynb="{}", other_dot_ipynb="{}")
        (tmp_path / "submitted" / "ada.l" / "mse2").mkdir()
        (tmp_path / "submitted" / "a-file").write_text("")
        ada, zoe = submissions(coursedir, "mse")
        assert (ada.student, zoe.student) == ("ada.l", "zoe")
        assert list(ada.notebooks) == ["mse", "other"]
        assert (ada.timestamp, ada.fault) == (None, "")

    def test_follow_the_structure_of_folders_that_is_configured(self, tmp_path):
        structure = "{nbgrader_step}/{assignment_id}--{student_id}"
        coursedir = CourseDirectory(root=str(tmp_path), directory_structure=structure)
        (tmp_path / "submitted" / "mse--zoe").mkdir(parents=True)
        (found,) = submissions(coursedir, "mse")
        assert found.student == "zoe"

    def test_leave_out_who_is_excluded(self, tmp_path, hand_in):
        hand_in("ada")
        hand_in("zoe")
        config = Config({"CourseDirectory": {"student_id_exclude": "zoe,max"}})
        coursedir = CourseDirectory(root=str(tmp_path), config=config)
        assert [found.student for found in submissions(coursedir, "mse")] == ["ada"]

    @pytest.mark.parametrize("text", ["2026-03-01 12:00:00 UTC", "2026-03-01 12:00:00 CET\n", ""])
    def test_have_the_time_that_nbgrader_reads(self, coursedir, hand_in, text):
        folder = hand_in("ada", timestamp_dot_txt=text)
        (found,) = submissions(coursedir, "mse")
        assert (found.timestamp, found.fault) == (coursedir.get_existing_timestamp(folder), "")
        assert bool(found.timestamp) == bool(text)

    def test_a_broken_time_is_a_fault_of_that_submission(self, coursedir, hand_in):
        hand_in("ada", timestamp_dot_txt="yesterday, I think")
        (found,) = submissions(coursedir, "mse")
        assert "timestamp.txt has no readable date" in found.fault

    def test_a_link_is_no_notebook(self, coursedir, hand_in, tmp_path):
        (tmp_path / "solution.ipynb").write_text("{}")
        (hand_in("ada") / "mse.ipynb").symlink_to(tmp_path / "solution.ipynb")
        (found,) = submissions(coursedir, "mse")
        assert not found.notebooks


class TestFilesBeside:
    def test_the_released_file_takes_the_place_of_the_students(self, coursedir, hand_in, tmp_path):
        hand_in("ada", data_dot_csv="forged", own_dot_py="x = 1")
        source = tmp_path / "source" / "mse"
        (source / "deep").mkdir(parents=True)
        (source / "data.csv").write_text("real")
        (source / "deep" / "more.csv").write_text("more")
        (source / "mse.ipynb").write_text("{}")
        assert files_beside(coursedir, "ada", "mse") == {
            "data.csv": b"real",
            "deep/more.csv": b"more",
            "own.py": b"x = 1",
        }
        assert files_beside(coursedir, "ada", "mse", kept=["data.csv"])["data.csv"] == b"forged"

    def test_which_of_them_are_the_students(self):
        files = dict.fromkeys(("data.csv", "kept.csv", "own.py"), b"")
        source = dict.fromkeys(("data.csv", "kept.csv"), b"")
        assert handed_in(files, source, kept=["kept.csv"]) == {"kept.csv", "own.py"}

    def test_what_nbgrader_ignores_is_left_out(self, coursedir, hand_in):
        folder = hand_in("ada", own_dot_py="", own_dot_pyc="", mse_dot_record_dot_json="{}")
        (folder / "__pycache__" / "deep").mkdir(parents=True)
        (folder / "__pycache__" / "deep" / "own.txt").write_text("")
        (folder / "mse.record.json.d").mkdir()
        assert list(files_beside(coursedir, "ada", "mse")) == ["own.py"]

    def test_links_special_files_and_odd_names_are_left_out(self, coursedir, hand_in, tmp_path):
        folder = hand_in("ada", own_dot_py="")
        (tmp_path / "secret").mkdir()
        (tmp_path / "secret" / "file").write_text("secret")
        (folder / "link.txt").symlink_to(tmp_path / "secret" / "file")
        (folder / "linked").symlink_to(tmp_path / "secret")
        (folder / "dangling").symlink_to("nowhere")
        (folder / "two\nlines").write_text("")
        (folder / os.fsdecode(b"\xff.txt")).write_text("")
        os.mkfifo(folder / "pipe")
        assert list(files_beside(coursedir, "ada", "mse")) == ["own.py"]

    def test_a_large_file_costs_the_others_nothing(self, coursedir, hand_in, tmp_path, monkeypatch):
        monkeypatch.setattr(submitted, "MAX_FILES", 100)
        hand_in("ada", a_large_dot_bin="x" * 101, small_dot_txt="y" * 60, then_dot_txt="z" * 41)
        (tmp_path / "source" / "mse").mkdir(parents=True)
        (tmp_path / "source" / "mse" / "released.csv").write_text("r" * 1000)
        assert list(files_beside(coursedir, "ada", "mse")) == ["small.txt", "released.csv"]


def test_of_a_huge_notebook_only_a_part_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(submitted, "MAX_FILE", 10)
    path = tmp_path / "mse.ipynb"
    path.write_bytes(b"x" * 1000)
    assert len(read_notebook(path)) == 11
