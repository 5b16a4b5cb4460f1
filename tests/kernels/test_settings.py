import dataclasses

from autograder.kernels.settings import FALLBACK_WALLS, INNER_WALLS, Allowance, WallSettings

SETTINGS = WallSettings(
    outer=False, inner=("pid",), allowance=Allowance(memory=7), preload=("json",), startup="x = 1",
    hidden=("a", "b"), environment={"B": "1", "A": "2"},
)  # fmt: skip


def test_settings_cross_as_text():
    assert WallSettings.from_json(SETTINGS.to_json()) == SETTINGS


def test_equal_settings_are_equal_text():
    """It is the key by which a zygote is found again."""
    other = dataclasses.replace(SETTINGS, environment={"A": "2", "B": "1"})
    assert other.to_json() == SETTINGS.to_json()


def test_second_choice_keeps_all_but_the_walls():
    fallback = SETTINGS.fallback()
    assert (fallback.outer, fallback.inner) == (False, FALLBACK_WALLS)
    assert dataclasses.replace(fallback, outer=SETTINGS.outer, inner=SETTINGS.inner) == SETTINGS


def test_all_walls_stand_unless_told_otherwise():
    assert WallSettings().outer
    assert WallSettings().inner == INNER_WALLS
