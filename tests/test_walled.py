"""A student's kernel behind walls: whatever it does costs its own limits, and nothing else."""

import dataclasses
import time

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder import walled
from autograder.execution import Limits
from autograder.kernels import host, zygotes
from autograder.walled import WalledKernel, standard_settings

LIMITS = Limits(cell_seconds=2, call_seconds=1, batch_seconds=2)
pytestmark = pytest.mark.skipif(
    bool(host.missing_for_namespaces()),
    reason=f"no full walls here: {host.missing_for_namespaces()}",
)


@pytest.fixture(scope="module", autouse=True)
def _zygote_ends():
    yield
    zygotes.close_all()


def settings():
    """Those of grading, with less memory, so that reaching the limit is quick."""
    plain = standard_settings()
    return dataclasses.replace(plain, allowance=dataclasses.replace(plain.allowance, memory=400))


def kernel(*sources, **limits):
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    return WalledKernel(notebook, {}, dataclasses.replace(LIMITS, **limits), settings())


def run(*sources, **limits):
    """Run cells; return the kernel's restarts and the texts and names of errors of each cell."""
    with kernel(*sources, **limits) as student:
        for index in range(len(sources)):
            student.run_cell(index)
        left = [
            [
                output.get("text") or output.get("ename") or output["data"]["text/plain"]
                for output in cell.outputs
            ]
            for cell in student.notebook.cells
        ]
        return student.restarts, left


def test_cells_and_calls():
    with kernel("def double(x): return 2 * x") as student:
        student.run_cell(0)
        (outcome,) = student.call([("double", (np.arange(3.0),))])
        assert outcome.value.tolist() == [0, 2, 4]


HOSTILE = {
    "memory": ("x = bytearray(2**30)", "MemoryError"),
    "output": ("while True: print('x' * 10_000)", "OutputLimit"),
    "one large output": ("print('x' * 10**8)", "OutputLimit"),
    "hang": ("while True: pass", "TimeLimit"),
    "death": ("import os; os._exit(1)", "KernelDied"),
    "forks": ("import os\nwhile True: os.fork()", ""),
    "no more descriptors": ("import os; os.closerange(3, 200)", "KernelDied"),
    "rubbish on all connections": (
        "import os\nfor i in range(3, 90):\n"
        "    try: os.write(i, b'x' * 100)\n    except OSError: pass",
        "KernelDied",
    ),
    "an iopub that says nothing": (
        "from ipykernel.kernelapp import IPKernelApp; IPKernelApp.instance().iopub_thread.stop()",
        "",
    ),
    "threads": ("import threading\nwhile True: threading.Thread(target=input).start()", ""),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_cell_costs_its_own_limits(name):
    source, error = HOSTILE[name]
    started = time.monotonic()
    restarts, left = run("before = 1", source, "before + 1")
    assert time.monotonic() - started < 30
    assert restarts <= 1
    assert error in [*left[1], ""]
    assert left[2] == ["2"]


MESSAGES = {
    "no text": "session.send(pub, 'stream', {}, parent=parent)",
    "text that is none": (
        "session.send(pub, 'stream', {'name': 'stdout', 'text': 5}, parent=parent)"
    ),
    "no data": "session.send(pub, 'display_data', {'data': 5}, parent=parent)",
    "no state": "session.send(pub, 'status', {}, parent=parent)",
    "no frames": "pub.send_multipart([b'a'])",
    "no signature": "pub.send_multipart([b'a', b'<IDS|MSG>', b'x'])",
    "deep": (
        "x = []\nfor _ in range(400): x = [x]\n"
        "session.send(pub, 'stream', {'name': 'stdout', 'text': x}, parent=parent)"
    ),
    "an unknown display": (
        "session.send(pub, 'update_display_data', {'transient': {'display_id': []}}, parent=parent)"
    ),
    "a very large part": "pub.send_multipart([bytes(20 * 2**20)])",
}
SENDER = """
from ipykernel.kernelapp import IPKernelApp
app = IPKernelApp.instance()
session, pub, parent = app.session, app.iopub_socket, app.kernel.get_parent()
"""


@pytest.mark.parametrize("name", MESSAGES)
def test_message_that_is_none_is_passed_over(name):
    _, left = run(SENDER + MESSAGES[name], "'after'")
    assert left[1] == ["'after'"]


REPLIES = {
    "a reply that does not end": "connection.sendall((1000).to_bytes(4, 'little') + b'x')",
    "a reply of a terabyte": "connection.sendall(b'\\xff' * 4)",
    "no reply": "pass",
    "a reply before it was asked for": "connection.sendall((3).to_bytes(4, 'little') + b'xyz')",
    "no more connection": "connection.close()",
}
FUNCTION = """
import socket
from tornado.ioloop import IOLoop
handlers = IOLoop.current().handlers
connection = socket.socket(fileno=next(n for n in handlers if handlers[n][1].__name__ == 'answer'))
def f(x):
    {what}
    while True: pass
"""


@pytest.mark.parametrize("name", REPLIES)
def test_connection_for_calls_in_hostile_hands(name):
    """The answer is an outcome of that call; the next cell runs, in a new kernel if need be."""
    with kernel(FUNCTION.format(what=REPLIES[name]), "'after'") as student:
        student.run_cell(0)
        started = time.monotonic()
        (outcome,) = student.call([("f", (1.0,))])
        assert outcome.problem in ("timeout", "died", "unreadable")
        assert time.monotonic() - started < 15
        student.run_cell(1)
        assert student.notebook.cells[1].outputs[0]["data"]["text/plain"] == "'after'"


def test_kernel_that_reads_nothing_does_not_block_the_grader():
    deaf = """
from tornado.ioloop import IOLoop
handlers = IOLoop.current().handlers
IOLoop.current().remove_handler(next(n for n in handlers if handlers[n][1].__name__ == 'answer'))
def f(x): return 1
"""
    with kernel(deaf, "'after'") as student:
        student.run_cell(0)
        started = time.monotonic()
        # More than waits in the connection.
        (outcome,) = student.call([("f", (np.zeros(900_000),))])
        assert outcome.problem in ("timeout", "died")
        assert time.monotonic() - started < 15
        student.run_cell(1)
        assert student.notebook.cells[1].outputs[0]["data"]["text/plain"] == "'after'"


def test_settings_of_grading_hide_what_students_must_not_see():
    assert {"autograder", "solutions"} <= set(standard_settings().hidden)
    for package in ("solutions", "autograder.graders"):
        _, left = run(f"import {package}, inspect\ninspect.getfile({package})")
        assert left[0][-1] in ("ModuleNotFoundError", "TypeError")


def test_standard_settings_are_found_once():
    assert walled.standard_settings() is standard_settings()
