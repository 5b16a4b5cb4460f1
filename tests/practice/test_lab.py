"""JupyterLab as a child, with `%check` in its kernels."""

import http.server
import json
import socket
import subprocess
import sys
import threading
import urllib.request

import pytest

from autograder.mistakes import Mistake
from autograder.practice import lab


@pytest.fixture
def own_jupyter(monkeypatch, tmp_path):
    """Nothing is read from or written to the folders of whoever runs the tests."""
    for name in ("CONFIG", "DATA", "RUNTIME"):
        monkeypatch.setenv(f"JUPYTER_{name}_DIR", str(tmp_path / "jupyter" / name.lower()))
    monkeypatch.delenv("JUPYTER_PATH", raising=False)


@pytest.mark.server
def test_it_opens_the_notebook_with_a_kernel_that_knows_check(learner, own_jupyter):
    running = lab.start(learner.folder, learner.path, browser=False)
    try:
        address, _, token = running.url.partition("/lab/tree/mse/mse.ipynb?token=")
        assert address.startswith("http://127.0.0.1:")
        assert len(token) > 20
        reply = urllib.request.urlopen(f"{address}/api/kernelspecs?token={token}", timeout=30)
        argv = json.load(reply)["kernelspecs"]["python3"]["spec"]["argv"]
        assert argv[0] == sys.executable
        assert "--ext=autograder.practice.magics" in argv
    finally:
        running.stop()
    assert running.process.poll() is not None


def test_a_server_that_does_not_listen_yet_is_not_the_one():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert not lab._answers({"url": f"http://127.0.0.1:{port}/", "token": "t"})


def test_nor_is_one_that_took_the_port_and_does_not_know_the_token():
    class Other(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_error(http.HTTPStatus.FORBIDDEN)

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Other) as other:
        threading.Thread(target=other.handle_request).start()
        address = f"http://127.0.0.1:{other.server_port}/"
        assert not lab._answers({"url": address, "token": "t"})


def test_without_jupyterlab_it_says_how_to_get_it(learner, monkeypatch):
    monkeypatch.setattr(lab.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Mistake, match=r"pip install jupyterlab\n.*--no-lab"):
        lab.start(learner.folder, learner.path, browser=False)


def test_if_it_does_not_start_its_last_words_are_told(learner, monkeypatch, own_jupyter):
    dying = [sys.executable, "-c", "raise SystemExit('ERROR: the ports are taken')"]
    monkeypatch.setattr(lab, "_command", lambda *_: dying)
    with pytest.raises(Mistake, match=r"did not start: ERROR: the ports are taken\n.*--no-lab"):
        lab.start(learner.folder, learner.path, browser=False)


def test_if_it_takes_too_long_it_is_ended(learner, monkeypatch, own_jupyter):
    started = []
    popen = subprocess.Popen

    def remembered(*arguments, **options):
        started.append(popen(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(lab.subprocess, "Popen", remembered)
    monkeypatch.setattr(lab, "SECONDS_TO_START", 0.3)
    monkeypatch.setattr(
        lab, "_command", lambda *_: [sys.executable, "-c", "import time; time.sleep(60)"]
    )
    with pytest.raises(Mistake, match="did not start within"):
        lab.start(learner.folder, learner.path, browser=False)
    assert started[0].poll() is not None


def test_it_asks_nobody_else(learner):
    command = lab._command(learner.folder, learner.path, browser=True)
    assert "--ServerApp.ip=127.0.0.1" in command
    assert "--LabApp.news_url=None" in command
    assert "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate" in command
    assert "--no-browser" not in command
