"""The version of new gradebooks, by which nbgrader knows which of them it must upgrade."""

import os

from tests import new_gradebooks
from tests.classroom import BIN


def test_it_is_what_nbgrader_is_told(monkeypatch):
    monkeypatch.setenv("PATH", f"{BIN}{os.pathsep}{os.environ['PATH']}")
    assert new_gradebooks.version() == new_gradebooks.asked()
