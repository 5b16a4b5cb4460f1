import subprocess
import sys

import pytest

from autograder.kernels import host, landlock, outer_wall, seccomp, syscalls
from autograder.kernels.settings import WallSettings


@pytest.fixture(autouse=True)
def _look_anew():
    looks = (host.missing_for_namespaces, host.missing_for_landlock)
    for look in looks:
        look.cache_clear()
    yield
    for look in looks:
        look.cache_clear()


def test_other_systems_have_no_walls(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(host.platform, "system", lambda: "Darwin")
    with pytest.raises(
        host.NoWalls, match=r"Darwin has no such walls\.\nSee .* WSL or a Linux container"
    ):
        host.best(WallSettings())


def test_missing_bubblewrap_is_a_reason(monkeypatch):
    def missing():
        raise outer_wall.NoOuterWall("bubblewrap is missing; install it")

    monkeypatch.setattr(outer_wall, "find_bubblewrap", missing)
    assert host.missing_for_namespaces() == ("bubblewrap is missing; install it",)


def test_missing_libseccomp_is_a_reason_against_both(monkeypatch):
    def missing(**_):
        raise OSError("libseccomp is missing; install it (Debian: libseccomp2)")

    monkeypatch.setattr(seccomp, "compile_filter", missing)
    assert host.missing_for_namespaces() == host.missing_for_landlock() != ()
    with pytest.raises(host.NoWalls) as raised:
        host.best(WallSettings())
    assert str(raised.value).count("libseccomp is missing") == 1


def test_unknown_processor_is_a_reason(monkeypatch):
    monkeypatch.setattr(syscalls.platform, "machine", lambda: "riscv64")
    assert "no walls for riscv64 processors" in host.missing_for_namespaces()


def test_forbidden_user_namespaces_are_a_reason_with_advice(monkeypatch):
    def refused(command, **_):
        return subprocess.CompletedProcess(
            command, 1, "", "setting up uid map: Permission denied\n"
        )

    monkeypatch.setattr(subprocess, "run", refused)
    (reason,) = host.missing_for_namespaces()
    assert "Permission denied" in reason
    assert "sysctl kernel.apparmor_restrict_unprivileged_userns=0" in reason


def test_missing_landlock_is_a_reason(monkeypatch):
    monkeypatch.setattr(landlock, "version", lambda: 0)
    assert host.missing_for_landlock() == ("Landlock is not enabled (Linux 5.13 or newer has it)",)


def test_python_that_an_ordinary_user_cannot_read_is_a_reason(monkeypatch):
    monkeypatch.setattr(landlock, "version", lambda: 6)
    monkeypatch.setattr(host.os, "getuid", lambda: 0)
    monkeypatch.setattr(host, "_ordinary_user_can_run", lambda program: False)
    (reason,) = host.missing_for_landlock()
    assert sys.base_prefix in reason


def test_all_walls_where_they_can_be_had(monkeypatch):
    monkeypatch.setattr(host, "missing_for_namespaces", lambda: ())
    assert host.best(WallSettings()) == WallSettings()
