"""Fixtures for `pytest autograder/graders`: the hidden checks against the reference solutions."""

import importlib

import pytest

from autograder import seeds
from autograder.submission import LocalTransport, Submission


@pytest.fixture
def submission(request) -> Submission:
    """The reference solution of the grader's unit, as a submission."""
    unit = request.module.__name__.rpartition("test_")[2]
    return Submission(LocalTransport(vars(importlib.import_module(f"solutions.{unit}"))))


@pytest.fixture
def rng(request):
    """The random generator of one check."""
    return seeds.generator(seeds.PRACTICE_SEED, request.cls.task, request.function.__name__)
