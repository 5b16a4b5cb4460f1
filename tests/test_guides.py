"""Following a guide: its steps in order, its files and edits, and outputs that must be true."""

import pytest

from tests.guides import Difference, Reader, Shell, edit, matches, steps

PAGE = """\
# A guide

```console
$ first --now
one
two

$ second
```

<!-- guide: the sun rises -->

```shell
not --run
```

```python notes/a.py
x = 1
```

```diff
--- notes/a.py
+++ notes/a.py
@@
-x = 1
+x = 2
```

```diff
-only shown
```
"""


class Canned:
    """A shell that prints what it was told to."""

    def __init__(self, **printed):
        self.places = {"/usr/env": "~/env"}
        self.printed = printed
        self.ran = []

    def run(self, command, folder, expected=0):
        self.ran.append(command if not expected else f"{command} -> {expected}")
        return self.printed.get(command.split()[0], "")


@pytest.fixture
def follow(tmp_path):
    (tmp_path / "notes").mkdir()

    def followed(page, refresh=False, **printed):
        happened = []
        acts = {"the sun rises": lambda: happened.append("sunrise")}
        shell = Canned(**printed)
        text = Reader(tmp_path, tmp_path, shell, acts).follow(page, refresh=refresh)
        return text, shell.ran, happened

    return followed


def test_the_steps_of_a_page():
    assert [(step.kind, step.what) for step in steps(PAGE)] == [
        ("run", "first --now"),
        ("run", "second"),
        ("act", "the sun rises"),
        ("write", "notes/a.py"),
        ("edit", "notes/a.py"),
    ]


def test_it_runs_writes_and_edits(follow, tmp_path):
    text, ran, happened = follow(PAGE, first="one\ntwo\n")
    assert text == PAGE
    assert ran == ["first --now", "second"]
    assert happened == ["sunrise"]
    assert (tmp_path / "notes" / "a.py").read_text() == "x = 2\n"


def test_an_exit_code_is_expected_of_the_next_command_only(follow):
    page = PAGE.replace("# A guide", "<!-- guide: exits with 3 -->")
    assert follow(page, first="one\ntwo\n")[1] == ["first --now -> 3", "second"]


def test_a_command_that_fails_is_an_error(tmp_path):
    with Shell({}) as shell:
        assert shell.run("echo one", tmp_path) == "one\n"
        assert shell.run("python -c 'raise SystemExit(3)'", tmp_path, 3) == ""
        for command in ("false", "python -c 'raise SystemExit(3)'", "lossgrad nothing"):
            with pytest.raises(AssertionError, match="exit code"):
                shell.run(command, tmp_path)


@pytest.mark.parametrize("printed", ["one\n", "one\ntwo\nthree\n", "", "two\none\n"])
def test_another_output_is_a_difference(follow, printed):
    with pytest.raises(Difference, match="first --now") as caught:
        follow(PAGE, first=printed)
    assert caught.value.printed == printed
    assert "make guides" in str(caught.value)


def test_a_command_that_begins_to_print_is_a_difference(follow):
    with pytest.raises(Difference, match="second"):
        follow(PAGE, first="one\ntwo\n", second="what?\n")


def test_a_refreshed_guide_says_what_was_printed(follow):
    text, *_ = follow(PAGE, refresh=True, first="1\n", second="2\n")
    assert text == PAGE.replace("one\ntwo\n\n", "1\n").replace("$ second\n", "$ second\n2\n")


def test_dots_stand_for_anything_and_stay_in_a_refreshed_guide(follow):
    page = PAGE.replace("one\ntwo\n", "...\ntwo\n")
    assert follow(page, refresh=True, first="one\nand a half\ntwo\n")[0] == page
    assert not matches("...\ntwo\n", "one\ntwos\n")


def test_what_varies_does_not_count(follow, tmp_path):
    printed = f"one {tmp_path}/x in 0.12 s at 2026-11-22 17:00:00 UTC with 1.2.3 in /usr/env/bin\n"
    said = "one ~/x in ... s at ... with ... in ~/env/bin\n"
    follow(PAGE.replace("one\ntwo\n", said), first=printed)


@pytest.mark.parametrize(("text", "times"), [("x = 3\n", 0), ("x = 1\nx = 1\n", 2)])
def test_an_edit_fits_one_place(tmp_path, text, times):
    path = tmp_path / "a.py"
    path.write_text(text)
    with pytest.raises(ValueError, match=f"a.py has this {times} times"):
        edit(path, "+++ a.py\n@@\n-x = 1\n+x = 2\n")
    assert path.read_text() == text
