"""The student's kernel: what hangs, dies or floods is told, and the rest goes on."""

import time
from dataclasses import replace

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder import execution
from autograder.execution import Limits, StudentKernel

LIMITS = Limits(
    cell_seconds=1,
    call_seconds=0.3,
    batch_seconds=1.5,
    notebook_seconds=120,
    output_bytes=20_000,
    restarts=2,
)
HANGS_FOR_GOOD = """
def hangs_for_good(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
"""
CELLS = [
    "import os, sys, builtins\nimport numpy as np\nstarts = 0",
    "starts += 1\ndef double(x):\n    return 2 * x\ndef count():\n    return starts",
    "def broken(:\n    return 1",
    "1 / 0",
    "def loops(x):\n    while True:\n        pass",
    HANGS_FOR_GOOD,
    "def dies(x):\n    os._exit(1)",
    "def leaves(x):\n    sys.exit(0)",
    "def prints(x):\n    print('x' * 100_000)\n    return x",
    "def environment():\n    return sorted(os.environ)",
    "def here():\n    return sorted(os.listdir('.'))",
    "not_callable = 3",
]


def open_kernel(cells, limits=LIMITS, files=None):
    notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
    return StudentKernel(notebook, files or {}, limits)


def run_all(kernel):
    for index in range(len(kernel.notebook.cells)):
        kernel.run_cell(index)


def ask(kernel, name, *arguments):
    (outcome,) = kernel.call([(name, arguments)])
    return outcome


def errors(kernel, index):
    outputs = kernel.notebook.cells[index].outputs
    return [output.ename for output in outputs if output.output_type == "error"]


class TestOneKernel:
    """What one and the same kernel survives."""

    @pytest.fixture(scope="class")
    @classmethod
    def kernel(cls):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LECTURERS_TOKEN", "secret")
            with open_kernel(CELLS, files={"data/points.csv": b"1,2\n"}) as kernel:
                run_all(kernel)
                yield kernel
                assert kernel.restarts == 0

    def test_calls_are_answered_in_order(self, kernel):
        outcomes = kernel.call([("double", (np.arange(3.0),)), ("double", (4,))])
        np.testing.assert_array_equal(outcomes[0].value, [0, 2, 4])
        assert outcomes[1].value == 8

    def test_a_missing_function_is_missing(self, kernel):
        assert ask(kernel, "nowhere").problem == "missing"
        assert ask(kernel, "broken").problem == "missing"
        assert "type int" in ask(kernel, "not_callable").detail

    def test_cells_after_a_failing_one_are_run(self, kernel):
        assert errors(kernel, 2) == ["SyntaxError"]
        assert errors(kernel, 3) == ["ZeroDivisionError"]
        assert ask(kernel, "double", 1).value == 2

    def test_a_loop_that_never_ends_is_stopped(self, kernel):
        outcomes = kernel.call([("loops", (1,)), ("double", (1,))])
        assert [outcome.problem for outcome in outcomes] == ["timeout", "skipped"]
        assert "loop that never ends" in outcomes[0].detail
        assert ask(kernel, "double", 1).value == 2

    def test_leaving_is_an_exception_like_others(self, kernel):
        outcome = ask(kernel, "leaves", 1)
        assert (outcome.problem, outcome.error_type) == ("raised", "SystemExit")

    def test_printing_a_lot_does_no_harm(self, kernel):
        outcome = ask(kernel, "prints", 1)
        assert outcome.value == 1
        assert len(outcome.printed) <= 1000

    def test_nothing_of_the_lecturers_environment_is_there(self, kernel):
        assert "LECTURERS_TOKEN" not in ask(kernel, "environment").value

    def test_files_of_the_assignment_are_there(self, kernel):
        assert "data" in ask(kernel, "here").value

    def test_a_call_too_large_for_a_message_is_not_sent(self, kernel):
        outcome = ask(kernel, "double", np.zeros(2_000_000))
        assert outcome.problem == "unreadable"
        assert "too large" in outcome.detail


def test_what_cannot_be_stopped_is_replaced_and_cells_are_run_again():
    with open_kernel(CELLS) as kernel:
        run_all(kernel)
        folder = kernel._folder
        outcome = ask(kernel, "hangs_for_good", 1)
        assert (outcome.problem, kernel.restarts) == ("died", 1)
        assert "could not be stopped" in outcome.detail
        assert ask(kernel, "double", 1).value == 2
        assert ask(kernel, "count").value == 1

        outcome = ask(kernel, "dies", 1)
        assert (outcome.problem, kernel.restarts) == ("died", 2)
        assert "died" in outcome.detail
        assert ask(kernel, "count").value == 1

        assert ask(kernel, "dies", 1).problem == "died"
        assert "too often" in ask(kernel, "double", 1).detail
        kernel.run_cell(0)
        assert errors(kernel, 0) == ["KernelDied"]
    assert not folder.exists()


def test_cells_that_run_too_long_or_kill_the_kernel_are_told():
    cells = [
        "def double(x):\n    return 2 * x",
        "print('started', flush=True)\nwhile True:\n    pass",
        "import os\nos._exit(1)",
        "def triple(x):\n    return 3 * x",
    ]
    with open_kernel(cells) as kernel:
        run_all(kernel)
        assert "TimeLimit" in errors(kernel, 1)
        assert "started" in kernel.notebook.cells[1].outputs[0].text
        assert errors(kernel, 2) == ["KernelDied"]
        assert kernel.restarts == 1
        assert ask(kernel, "double", 1).value == 2
        assert ask(kernel, "triple", 1).value == 3


def test_output_is_capped_and_replies_are_parsed_not_believed():
    cells = [
        "for _ in range(50):\n    print('x' * 10_000, flush=True)",
        "print('after')",
        "import builtins\nreal = builtins.__lossgrad__",
    ]
    replies = ["lambda request: 'AAAA'", "lambda request: None", "lambda request: '*' * 99", "3"]
    replies += ["lambda request: real(request)[:-8]", "lambda request: 'A' * 10_000_000"]
    lies = [f"builtins.__lossgrad__ = {reply}" for reply in replies]
    limits = replace(LIMITS, batch_seconds=60)  # the last reply is large
    with open_kernel([*cells, *lies, "builtins.__lossgrad__ = real"], limits) as kernel:
        for index in range(len(cells)):
            kernel.run_cell(index)
        kept = sum(len(o.get("text", "")) for o in kernel.notebook.cells[0].outputs)
        assert kept <= LIMITS.output_bytes
        assert errors(kernel, 0) == ["OutputLimit"]
        assert kernel.notebook.cells[1].outputs[0].text == "after\n"
        for index in range(len(cells), len(cells) + len(lies)):
            kernel.run_cell(index)
            assert ask(kernel, "print", 1).problem == "unreadable", kernel.notebook.cells[index]
        kernel.run_cell(len(cells) + len(lies))
        assert ask(kernel, "real", "x").problem == "raised"


def test_a_cell_that_kills_the_kernel_when_it_is_run_again_is_left_out(tmp_path):
    once = f"import os, pathlib\nran = pathlib.Path({str(tmp_path / 'ran')!r})\n"
    cells = [
        "def double(x):\n    return 2 * x",
        once + "if ran.exists(): os._exit(1)\nran.touch()\nonce = 1",
        "def half(x):\n    return x / 2",
        "os._exit(1)",
        "'once' in globals()",
    ]
    with open_kernel(cells) as kernel:
        run_all(kernel)
        assert errors(kernel, 3) == ["KernelDied"]
        assert kernel.notebook.cells[4].outputs[0].data["text/plain"] == "False"
        assert kernel.restarts == 2
        assert [ask(kernel, name, 4.0).value for name in ("double", "half")] == [8.0, 2.0]


def test_a_kernel_takes_no_port():
    """Another program may take the port before the kernel does."""
    with open_kernel(["pass"]) as kernel:
        assert kernel._client.km.transport == "ipc"
        folder = kernel._folder
        assert list(folder.rglob("k-*"))
    assert not folder.exists()


def test_a_notebook_has_a_time_limit_of_its_own():
    limits = replace(LIMITS, notebook_seconds=0)
    with open_kernel(["def double(x):\n    return 2 * x"], limits) as kernel:
        start = time.monotonic()
        run_all(kernel)
        assert errors(kernel, 0) == ["KernelDied"]
        assert "ran longer than 0 seconds" in ask(kernel, "double", 1).detail
        assert time.monotonic() - start < 1


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"user_expressions": {}},
        {"user_expressions": {"reply": {"status": "error"}}},
        {"user_expressions": {"reply": {"data": {"text/plain": 3}}}},
        {"user_expressions": {"reply": {"data": {"text/plain": "'AAA'"}}}},
        {"user_expressions": {"reply": {"data": {"text/plain": "__import__('os')"}}}},
        {"user_expressions": [1]},
    ],
    ids=str,
)
def test_a_reply_of_another_form_is_empty(content):
    assert execution._reply_bytes(content) == b""
