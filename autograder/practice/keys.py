"""Single keys from the terminal, on every platform that prompt_toolkit knows."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

from prompt_toolkit.input import create_input
from prompt_toolkit.keys import Keys

QUIT = "q"


@contextlib.contextmanager
def listening(on_key: Callable[[str], None]) -> Iterator[bool]:
    """Call `on_key` for each key that is pressed; Ctrl-C and the end of input are `QUIT`.

    Yields whether there is a terminal to press keys in. Needs a running event loop.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        yield False
        return
    source = create_input()

    def ready() -> None:
        for press in source.read_keys():
            ends = press.key in (Keys.ControlC, Keys.ControlD)
            on_key(QUIT if ends else press.data.lower())
        if source.closed:
            on_key(QUIT)

    with source.raw_mode(), source.attach(ready):
        yield True
