"""`lossgrad doctor`: each finding, when all is well and when it is not."""

import json
import os
import shutil
from collections import namedtuple
from pathlib import Path

import matplotlib
import pytest
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

from autograder import doctor
from autograder.course import open_course
from tests.classroom import BIN, found


@pytest.fixture
def course(tmp_path, monkeypatch):
    classroom = found(tmp_path / "course")
    for name, value in classroom.environment.items():
        monkeypatch.setenv(name, value)
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    (fonts / "fontlist-v390.json").touch()
    monkeypatch.setattr(matplotlib, "get_cachedir", lambda: str(fonts))
    return open_course(classroom.root)


def finding(course, name):
    (found,) = [each for each in doctor.examine(course) if each.name == name]
    return found


def test_all_is_well_here(course):
    findings = list(doctor.examine(course))
    assert [each for each in findings if not each.well] == []
    assert len({each.name for each in findings}) == len(findings) >= 8
    for each in findings:
        assert each.seen
        assert "\n" not in each.seen + each.remedy


def old_python(monkeypatch, course):
    Version = namedtuple("Version", "major minor micro")
    monkeypatch.setattr(doctor.sys, "version_info", Version(3, 10, 1))


def no_alembic(monkeypatch, course):
    monkeypatch.setenv("PATH", "/nowhere")


def no_kernel(monkeypatch, course):
    def missing(self, name):
        raise NoSuchKernel(name)

    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", missing)


def server_extension_off(monkeypatch, course):
    extensions = {"nbgrader.server_extensions.formgrader": False}
    settings = {"ServerApp": {"jpserver_extensions": extensions}}
    configure(monkeypatch, course.root, "jupyter_server_config.json", settings)


def lab_extension_off(monkeypatch, course):
    disabled = {"disabledExtensions": {"@jupyter/nbgrader:formgrader": True}}
    configure(monkeypatch, course.root, "labconfig/page_config.json", disabled)


def configure(monkeypatch, folder, name, settings):
    """Write settings where a virtual environment's own do not win over them."""
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(folder))
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(settings))


def no_lab_extension(monkeypatch, course):
    monkeypatch.setattr(doctor, "jupyter_path", lambda *_: [str(course.root)])


def not_writable(monkeypatch, course):
    course.classroom.mkdir(exist_ok=True)
    access = os.access

    def outside(path, *rest):
        return course.root not in Path(path).parents and access(path, *rest)

    monkeypatch.setattr(os, "access", outside)


def full_disk(monkeypatch, course):
    usage = shutil.disk_usage(".")._replace(free=2**20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)


def open_secret(monkeypatch, course):
    course.classroom.mkdir(exist_ok=True)
    secret = course.classroom / ".lossgrad-secret"
    secret.write_text("x" * 64)
    secret.chmod(0o644)


def no_fonts(monkeypatch, course):
    monkeypatch.setattr(matplotlib, "get_cachedir", lambda: str(course.root))


@pytest.mark.parametrize(
    ("name", "spoil", "remedy"),
    [
        ("Python", old_python, "Install Python 3.11"),
        ("alembic on PATH", no_alembic, f"Put {BIN} on PATH"),
        ("kernel python3", no_kernel, "ipykernel install"),
        ("nbgrader in JupyterLab", server_extension_off, "jupyter server extension enable"),
        ("nbgrader in JupyterLab", lab_extension_off, "jupyter labextension enable"),
        ("nbgrader in JupyterLab", no_lab_extension, "jupyter labextension enable"),
        ("classroom folder", not_writable, "writable"),
        ("exchange folder", not_writable, "LOSSGRAD_EXCHANGE"),
        ("free disk space", full_disk, "Free at least 1 GiB"),
        ("course secret", open_secret, "chmod 600"),
        ("Matplotlib font list", no_fonts, "matplotlib.font_manager"),
    ],
)
def test_what_is_not_well_comes_with_a_remedy(course, monkeypatch, name, spoil, remedy):
    assert finding(course, name).well
    spoil(monkeypatch, course)
    after = finding(course, name)
    assert not after.well
    assert remedy in after.remedy


def test_a_private_secret_is_well(course):
    open_secret(None, course)
    (course.classroom / ".lossgrad-secret").chmod(0o600)
    assert finding(course, "course secret").well


def test_versions_are_named(course):
    assert "nbgrader 0.9" in finding(course, "packages").seen
