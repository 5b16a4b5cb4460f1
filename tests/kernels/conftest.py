"""Zygotes are started once per test run and settings, and ended with it."""

import pytest

from autograder.kernels import zygotes


@pytest.fixture(scope="session", autouse=True)
def zygotes_end():
    yield
    zygotes.close_all()
