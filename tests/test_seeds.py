"""Random inputs differ between students, tasks and checks, and never between two gradings."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder.seeds import course_secret, generator, student_seed


def test_a_seed_depends_on_secret_student_and_unit():
    seeds = {
        student_seed(secret, student, unit)
        for secret in (b"one", b"two")
        for student in ("ada", "alan", "", "Ada", "ada ")
        for unit in ("mse", "hinge")
    }
    assert len(seeds) == 20


def test_a_seed_is_the_same_in_every_version():
    assert student_seed(b"secret", "ada", "mse").startswith("1ffd84c0cff9d949")
    assert generator("seed", "mse", "value").integers(10**6, size=3).tolist() == [
        292814,
        513918,
        126479,
    ]


def test_student_and_unit_are_kept_apart():
    assert student_seed(b"s", "ab", "c") != student_seed(b"s", "a", "bc")
    assert generator("s", "ab", "c").random() != generator("s", "a", "bc").random()


def test_a_name_that_is_no_unicode_has_a_seed():
    assert len(student_seed(b"s", b"\xff".decode(errors="surrogateescape"), "mse")) == 64


def test_generators_of_different_checks_are_independent():
    first = {generator("s", task, check).random() for task in "abc" for check in "def"}
    assert len(first) == 9
    assert generator("s", "a", "d").random() == generator("s", "a", "d").random()


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path):
    path = tmp_path / "new" / "secret"
    secret = course_secret(path)
    assert len(secret) >= 32
    assert course_secret(path) == secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_two_courses_have_different_secrets(tmp_path):
    assert course_secret(tmp_path / "a") != course_secret(tmp_path / "b")


def test_whoever_comes_second_gets_the_secret_of_the_first(tmp_path):
    with ThreadPoolExecutor(16) as pool:
        secrets = set(pool.map(course_secret, [tmp_path / "secret"] * 64))
    assert len(secrets) == 1


def test_a_secret_that_was_cut_short_is_not_used(tmp_path):
    path = tmp_path / "secret"
    path.touch()
    with pytest.raises(ValueError, match="should hold a secret"):
        course_secret(path)
