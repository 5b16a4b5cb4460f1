"""Single keys."""

import asyncio
import types

import pytest
from prompt_toolkit.input import create_pipe_input

from autograder.practice import keys


def test_without_a_terminal_no_keys_are_read(monkeypatch):
    monkeypatch.setattr(keys.sys, "stdin", types.SimpleNamespace(isatty=lambda: False))
    with keys.listening(pytest.fail) as works:
        assert works is False


def test_keys_are_told_as_they_are_pressed(monkeypatch):
    terminal = types.SimpleNamespace(isatty=lambda: True)
    monkeypatch.setattr(keys.sys, "stdin", terminal)
    monkeypatch.setattr(keys.sys, "stdout", terminal)
    pressed = []

    async def press(pipe):
        ended = asyncio.Event()

        def on_key(key):
            pressed.append(key)
            if len(pressed) == 3:
                ended.set()

        with keys.listening(on_key) as works:
            assert works is True
            pipe.send_text("hS\x03")
            await asyncio.wait_for(ended.wait(), 10)

    with create_pipe_input() as pipe:
        monkeypatch.setattr(keys, "create_input", lambda: pipe)
        asyncio.run(press(pipe))
    assert pressed == ["h", "s", keys.QUIT]
