"""A student's kernel behind walls: whatever it does costs its own limits, and nothing else."""

import dataclasses
import time

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder import walls
from autograder.execution import Limits
from autograder.kernels import host, zygotes
from autograder.walled import WalledKernel
from autograder.walls import standard_settings

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
    "no more descriptors": ("import os; os.closerange(3, 200)", "KernelDied"),
    "rubbish on all connections": (
        "import os\nfor i in range(3, 90):\n"
        "    try: os.write(i, b'x' * 100)\n    except OSError: pass",
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
    assert left[2][-1] == "2"  # what was written last may arrive late


def test_forks_cost_their_own_limits(monkeypatch):
    """With the memory of grading, for in less they are all ended, at a time of chance."""
    monkeypatch.setitem(globals(), "settings", standard_settings)
    started = time.monotonic()
    restarts, left = run("before = 1", "import os\nwhile True: os.fork()", "before + 1")
    assert time.monotonic() - started < 30
    assert restarts <= 1
    assert left[2][-1] == "2"


# What a hostile kernel may send, and the connection that it sends it through.
CONNECTION = """
import json, socket, sys
from ipykernel.kernelapp import IPKernelApp
session = IPKernelApp.instance().session
messages = sys.modules['walled.messages']
connection = session._send.args[0]
cell = int(IPKernelApp.instance().kernel.get_parent()['msg_id'])
def send(kind, content, number=cell + 1):
    messages.send(connection, kind, number, content)
def head(number, kind):
    return messages._HEAD.pack(1, number, kind, False)
def output(kind, **content):
    send(2, json.dumps({'msg_type': kind, 'content': content, 'metadata': {}}).encode())
"""
MESSAGES = {
    "no text": "output('stream')",
    "text that is none": "output('stream', name='stdout', text=5)",
    "no data": "output('display_data', data=5)",
    "no state": "output('status')",
    "the end of the cell as a status": "output('status', execution_state='idle')",
    "an unknown kind": "output('comm_open')",
    "an unknown display": "output('update_display_data', transient={'display_id': []})",
    "no JSON": "send(2, b'x')",
    "no object": "send(2, b'[]\\n5\\nnull')",
    "deep JSON": "send(2, b'[' * 100_000)",
    "an unknown message": "send(200, b'x')",
    "an answer that nobody asked for": "send(5, b'x')",
    "another cell's end": "send(3, b'', cell + 7)",
    "a message without an end": "connection.send(head(cell + 1, 2) + b'x')",
}


@pytest.mark.parametrize("name", MESSAGES)
def test_message_that_is_none_is_passed_over(name):
    restarts, left = run(CONNECTION, MESSAGES[name], "'after'")
    assert left[2] == ["'after'"]
    assert restarts == 0


def test_messages_that_never_cease_end_with_the_cell():
    started = time.monotonic()
    _, left = run(CONNECTION, "while True: output('clear_output', wait=True)", "'after'")
    assert left[1][-1] == "TimeLimit"
    assert left[2] == ["'after'"]
    assert time.monotonic() - started < 20


REPLIES = {
    "a reply that does not end": "connection.send(head(number(), 5) + b'x')",
    "a reply without an end": "while True: connection.send(head(number(), 5) + bytes(2**16))",
    "half a packet": "connection.send(b'x')",
    "an empty packet": "connection.send(b'')",
    "endless other messages": "while True: send(2, b'', number())",
    "no reply": "pass",
    "a reply that is none": "send(5, b'xyz', number())",
    "no more connection": "connection.close()",
}
FUNCTION = """
def number():
    frame = sys._getframe()
    while 'message' not in frame.f_locals or 'receiver' not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals['message'].number
def f(x):
    {what}
    while True: pass
"""


@pytest.mark.parametrize("name", REPLIES)
def test_connection_in_hostile_hands(name):
    """The answer is an outcome of that call; the next cell runs, in a new kernel if need be."""
    sources = CONNECTION, FUNCTION.format(what=REPLIES[name]), "'after'"
    with kernel(*sources) as student:
        student.run_cell(0)
        student.run_cell(1)
        started = time.monotonic()
        (outcome,) = student.call([("f", (1.0,))])
        assert outcome.problem in ("timeout", "died", "unreadable")
        assert time.monotonic() - started < 15
        student.run_cell(2)
        assert student.notebook.cells[2].outputs[0]["data"]["text/plain"] == "'after'"


def test_kernel_that_reads_nothing_does_not_block_the_grader():
    deaf = """
def f(x): return 1
import threading
threading.Thread(target=lambda: [connection.recv(2**20) for _ in range(3)]).start()
import asyncio
asyncio.get_running_loop().remove_reader(connection)
"""
    with kernel(CONNECTION, deaf, "'after'") as student:
        student.run_cell(0)
        student.run_cell(1)
        started = time.monotonic()
        # More than waits in the connection.
        (outcome,) = student.call([("f", (np.zeros(900_000),))])
        assert outcome.problem in ("timeout", "died")
        assert time.monotonic() - started < 15
        student.run_cell(2)  # which it does not read either
        assert student.notebook.cells[2].outputs[0]["ename"] in ("KernelDied", "TimeLimit")
        assert time.monotonic() - started < 30


def test_cells_of_the_author_may_be_prepared_whatever_they_are():
    line = zygotes.zygote_for(settings(), walls.font_list())
    cells = ("1 + 1", "x = (", "%%\n", "\0", "x" * 200_000, "print(3)")
    line.prepare(cells)
    line.prepare(cells)
    _, left = run("1 + 1", "print(3)", "In")
    assert left[:2] == [["2"], ["3\n"]]
    assert left[2] == ["['', '1 + 1', 'print(3)', 'In']"]
    assert zygotes.zygote_for(settings(), walls.font_list()) is line


def test_outputs_of_every_kind_arrive():
    plot = "import matplotlib.pyplot as plt\nplt.plot([1]); plt.show()\nprint('drawn')"
    with kernel(plot, "import os; os.system('echo child'); import time; time.sleep(.3)") as student:
        student.run_cell(0)
        student.run_cell(1)
        picture, text = student.notebook.cells[0].outputs
        assert picture.data["image/png"]
        assert text.text == "drawn\n"
        assert student.notebook.cells[1].outputs[0].text == "child\n"


def test_output_larger_than_a_packet_arrives_whole():
    _, left = run("print('x' * 1_000_000)")
    assert "".join(left[0]) == "x" * 1_000_000 + "\n"


def test_output_of_an_earlier_cell_is_not_taken_for_one_of_the_next():
    late = "import threading, time\nt = threading.Timer(0.3, print, ['late']); t.start()"
    _, left = run(late, "t.join()")
    assert left[1] in ([], ["late\n"])


def test_settings_of_grading_hide_what_students_must_not_see():
    assert {"autograder", "solutions"} <= set(standard_settings().hidden)
    for package in ("solutions", "autograder.graders"):
        _, left = run(f"import {package}, inspect\ninspect.getfile({package})")
        assert left[0][-1] in ("ModuleNotFoundError", "TypeError")


def test_standard_settings_are_found_once():
    assert walls.standard_settings() is standard_settings()
