"""The process behind `tests.commands`: it has the commands loaded, and runs each in a fork."""

import importlib
import json
import os
import sys
import tempfile
import traceback

# First: it leaves out what takes half of nbgrader's start.
import autograder

# isort: split
import nbgrader.apps.nbgraderapp  # noqa: F401

import autograder.assignments
import autograder.course
import autograder.grade_command
import autograder.kernels.host  # noqa: F401
from tests import new_gradebooks


def main():
    """Serve until the pipe is closed."""
    new_gradebooks.make_quick()
    for line in sys.stdin:
        asked = json.loads(line)
        with tempfile.TemporaryFile() as output:
            child = os.fork()
            if not child:
                _become(asked, output)
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            output.seek(0)
            answer = [code, output.read().decode("utf-8", "replace")]
        sys.__stdout__.write(json.dumps(answer) + "\n")
        sys.__stdout__.flush()


def _become(asked, output):
    """Be the command that is asked for, and end with its exit code."""
    code = 1
    try:
        os.environ.clear()
        os.environ.update(asked["environment"])
        os.chdir(asked["folder"])
        for stream in (1, 2):
            os.dup2(output.fileno(), stream)
        os.close(0)
        os.open(os.devnull, os.O_RDONLY)
        importlib.invalidate_caches()
        _entry_point(asked["words"])
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # as the interpreter does at the end of a command
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _entry_point(words):
    if words[:2] == ["python", "-c"]:
        exec(words[2], {"__name__": "__main__"})
        return
    if words[0] == "nbgrader":
        from nbgrader.apps.nbgraderapp import main
    else:
        from autograder.cli import main
    sys.argv = words
    main()
