"""Handing out never overwrites a learner's work."""

import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from autograder.mistakes import Mistake
from autograder.practice import desk as desks
from autograder.practice import released
from autograder.practice.folder import Folder, HandedOut, found_from, hand_out
from tests.units import ROOT


@pytest.fixture
def unit():
    return released.Unit("mse", "notebook\n", {"selfcheck.py": b"# one"}, (), {"mse": 3.0})


@pytest.fixture
def folder(tmp_path):
    folder = Folder(tmp_path)
    folder.prepare()
    return folder


def test_a_new_unit_is_handed_out_with_its_files(unit, folder):
    became, handed = hand_out(unit, folder, {})
    assert became is HandedOut.NEW
    assert folder.notebook("mse").read_text() == "notebook\n"
    assert set(handed) == {"mse.ipynb", "selfcheck.py"}
    assert hand_out(unit, folder, handed) == (HandedOut.KEPT, handed)


def test_work_is_kept_and_a_changed_exercise_is_told(unit, folder):
    _, handed = hand_out(unit, folder, {})
    folder.notebook("mse").write_text("my work")
    assert hand_out(unit, folder, handed)[0] is HandedOut.KEPT
    newer = replace(unit, notebook="newer\n", files={"selfcheck.py": b"# two"})
    became, now = hand_out(newer, folder, handed)
    assert became is HandedOut.CHANGED
    assert folder.notebook("mse").read_text() == "my work"
    assert (folder.unit("mse") / "selfcheck.py").read_bytes() == b"# two"
    assert hand_out(newer, folder, now)[0] is HandedOut.CHANGED  # told as long as it is so


def test_what_nobody_touched_is_renewed(unit, folder):
    _, handed = hand_out(unit, folder, {})
    newer = replace(unit, notebook="newer\n")
    assert hand_out(newer, folder, handed)[0] is HandedOut.RENEWED
    assert folder.notebook("mse").read_text() == "newer\n"


def test_a_file_of_unknown_origin_is_kept(unit, folder):
    folder.unit("mse").mkdir()
    folder.notebook("mse").write_text("mine")
    assert hand_out(unit, folder, {})[0] is HandedOut.KEPT
    assert folder.notebook("mse").read_text() == "mine"


def test_a_reset_keeps_a_dated_backup_and_the_progress(learner):
    learner.write(mse=True)
    learner.check()
    work = learner.path.read_bytes()
    backup = desks.reset(learner.desk, "mse")
    assert backup.parent == learner.folder.root / "backups"
    assert backup.name.startswith(f"mse-{datetime.now():%Y-%m-%d}")
    assert (backup / "mse.ipynb").read_bytes() == work
    assert '"passed"' in (backup / "progress.json").read_text()
    assert learner.path.read_text() == learner.desk.units["mse"].notebook
    assert learner.progress("mse").passed is None


def test_units_are_announced_once(learner):
    assert learner.told == [f"new in {learner.folder.root}: mse"]
    desks.prepare(ROOT, learner.folder, ["mse"], learner.told.append)
    assert len(learner.told) == 1


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_a_mistake(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(Mistake, match="cannot write in"):
        Folder(tmp_path / "practice").prepare()


def test_a_file_in_the_way_is_a_mistake(tmp_path):
    (tmp_path / "practice").write_text("")
    with pytest.raises(Mistake, match="Choose another folder"):
        Folder(tmp_path / "practice").prepare()


def test_small_files_beside_a_notebook_are_found(learner):
    (learner.folder.unit("mse") / "my_module.py").write_text("x = 1")
    (learner.folder.unit("mse") / ".hidden").write_text("")
    (learner.folder.unit("mse") / "link.py").symlink_to("/etc/hostname")
    assert set(learner.folder.files_beside("mse")) == {"hubble.csv", "my_module.py", "selfcheck.py"}


def test_the_learners_folder_is_found_from_a_notebook(learner, tmp_path):
    assert found_from(learner.path.parent) == learner.folder
    assert found_from(Path(tmp_path.anchor)) is None
