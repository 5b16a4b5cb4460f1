"""Courses that several tests look at; none of these tests may change them."""

import pytest
from hypothesis import settings

from autograder import executors
from tests import classroom, new_gradebooks

# The same examples in every run, as many as a test suite has time for.
settings.register_profile("lossgrad", derandomize=True, deadline=None, max_examples=40)
settings.load_profile("lossgrad")

new_gradebooks.make_quick()


def pytest_xdist_auto_num_workers():
    """Start one worker more than there are processors: some tests wait for a time limit."""
    return executors.default_jobs() + 1


@pytest.hookimpl(tryfirst=True)  # pytest-xdist reads the groups in the same hook
def pytest_collection_modifyitems(items):
    """Keep the tests of one graded class in one worker, and those of one module's fixtures.

    No other worker waits for them, or makes them again. The large groups come first, so that no
    worker is left alone with one at the end.
    """
    groups = {}
    for item in items:
        if (group := _group(item)) is not None:
            item.add_marker(pytest.mark.xdist_group(group))
            groups[item] = group
    items.sort(key=lambda item: groups.get(item, "~"))


def _group(item) -> str | None:
    if "graded" in getattr(item, "fixturenames", ()):
        unit = item.callspec.params.get("unit", "mse") if hasattr(item, "callspec") else "mse"
        return f"graded-{unit}"
    made = getattr(item, "_fixtureinfo", None)
    scopes = [one.scope for all in made.name2fixturedefs.values() for one in all] if made else []
    return item.module.__name__ if "module" in scopes else None


@pytest.fixture(scope="session")
def released(tmp_path_factory):
    """A course with the units of the sample class built and released, and nothing handed in."""
    return classroom.once(tmp_path_factory, "released", classroom.release)


@pytest.fixture(scope="session")
def graded(tmp_path_factory, released):
    """Return the course in which the sample class of one unit has been graded and fed back."""

    def graded_in(unit):
        def make(folder):
            course = released.copy_to(folder)
            for sample in classroom.samples_of(unit):
                course.submit(sample)
            course.run("nbgrader", "autograde", unit)
            course.through_api("generate_feedback", unit)

        return classroom.once(tmp_path_factory, f"graded-{unit}", make)

    return graded_in
