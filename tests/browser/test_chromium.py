"""Where there is no browser, one is fetched; where that fails, people read what to install."""

import subprocess

import pytest

from tests.browser import chromium


@pytest.fixture
def ran(monkeypatch):
    """Return the commands that would have been run, all of which fail."""
    commands = []

    def fail(command, **_):
        commands.append(command)
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(subprocess, "run", fail)
    return commands


def test_a_browser_that_starts_is_enough(ran, monkeypatch, capsys):
    class Started:
        def close(self):
            pass

    monkeypatch.setattr(chromium, "launch", lambda _: Started())
    chromium.install()
    assert ran == []
    assert capsys.readouterr().out == ""


def test_without_any_the_advice_is_one_sentence(ran, monkeypatch, capsys):
    monkeypatch.setattr(chromium, "launch", lambda _: None)
    chromium.install()
    assert ran[-1][-2:] == ["install", "chromium"]
    assert capsys.readouterr().out.endswith(f"will be skipped: {chromium.ADVICE}.\n")


def test_only_root_asks_the_package_manager(monkeypatch):
    monkeypatch.setattr(chromium.shutil, "which", lambda name: f"/usr/bin/{name}")
    for user, first in ((0, "sh"), (1000, chromium.sys.executable)):
        monkeypatch.setattr(chromium.os, "geteuid", lambda user=user: user)
        assert next(chromium._ways())[0] == first
