import sys

import pytest

from autograder import doctor
from autograder.kernels import host, outer_wall


@pytest.fixture
def finding(monkeypatch):
    """What the doctor finds where these things are missing."""

    def found(namespaces=(), landlock=(), bubblewrap="/usr/bin/bwrap"):
        monkeypatch.setattr(host, "missing_for_namespaces", lambda: namespaces)
        monkeypatch.setattr(host, "missing_for_landlock", lambda: landlock)
        monkeypatch.setattr(outer_wall, "find_bubblewrap", lambda: bubblewrap)
        return doctor._walls(None)

    return found


def test_walls_are_among_the_looks():
    assert doctor._walls in doctor.LOOKS


def test_full_walls(finding):
    assert finding().well
    assert finding().seen == "full, with the system's bubblewrap (/usr/bin/bwrap)"


def test_bubblewrap_of_the_wheel(finding):
    assert "the wheel's bubblewrap" in finding(bubblewrap=f"{sys.prefix}/lib/bwrap").seen


def test_second_choice_says_what_the_first_lacks(finding):
    found = finding(namespaces=("bubblewrap is missing",))
    assert found.well
    assert found.seen == "second choice (Landlock), for bubblewrap is missing"


def test_no_walls(finding):
    found = finding(namespaces=("no libseccomp", "no bubblewrap"), landlock=("no libseccomp",))
    assert not found.well
    assert found.seen == "none: no libseccomp; no bubblewrap"
    assert "WSL" in found.remedy
