"""In the student's kernel: every call is described, whatever the student's function does."""

import base64
import signal
import sys
import time
import types

import numpy as np
import pytest

from autograder import harness, wire
from autograder.harness import ORDINARY, encode_replies, run_calls, serve
from autograder.wire import Formula


def call(function, *arguments, seconds=5.0):
    """Call one function and return its reply."""
    return run_calls({"f": function}, [("f", arguments)], seconds)[0]


def forever(*arguments):
    while True:
        pass


class TestRunCalls:
    def test_a_call_that_works_says_so(self):
        reply = call(lambda x: x + 1, np.arange(3.0))
        assert reply["status"] == "ok"
        assert reply["value"].tolist() == [1, 2, 3]
        assert reply["modified"] == []
        assert reply["seconds"] >= 0

    def test_a_missing_function_is_missing(self):
        missing, number = run_calls({"number": 3}, [("f", ()), ("number", ())], 5.0)
        assert (missing["status"], missing["error"][0]) == ("missing", "")
        assert (number["status"], number["error"][0]) == ("missing", "int")

    def test_an_exception_is_described_with_the_student_s_line(self):
        def divide(x):
            return x / 0  # the line

        reply = call(divide, 1)
        assert reply["status"] == "raised"
        assert reply["error"] == [
            "ZeroDivisionError",
            "division by zero",
            "return x / 0  # the line",
        ]

    def test_the_line_is_not_one_of_a_formula(self):
        def misuse(f):
            return f(1, 2, 3)

        def pass_on(f):
            return f("text")  # also the student's

        assert call(misuse, Formula("x + 1"))["error"][2] == "return f(1, 2, 3)"
        assert call(pass_on, Formula("x + 1"))["error"][2].startswith('return f("text")')

    @pytest.mark.parametrize(
        "error", [SystemExit, KeyboardInterrupt, GeneratorExit, RecursionError]
    )
    def test_no_exception_gets_through(self, error):
        def leave():
            raise error

        assert call(leave)["error"][0] == error.__name__

    def test_an_exception_that_fails_to_describe_itself_is_still_one(self):
        class Hostile(Exception):
            def __str__(self):
                raise SystemExit

        def leave():
            raise Hostile

        assert call(leave)["error"][:2] == ["Hostile", ""]

    def test_endless_recursion_ends(self):
        def again():
            return again()

        assert call(again)["error"][0] == "RecursionError"

    def test_what_is_printed_is_kept_up_to_a_limit(self, capsys):
        def chatty():
            for _ in range(10_000):
                print("hello")
            print("trouble", file=sys.stderr)
            return 1

        reply = call(chatty)
        assert reply["value"] == 1
        assert reply["printed"].startswith("hello\nhello\n")
        assert len(reply["printed"]) == harness.MAX_PRINTED
        assert capsys.readouterr() == ("", "")

    def test_warnings_cost_nothing(self):
        reply = call(lambda x: np.log(x), np.zeros(2))
        assert reply["status"] == "ok"

    def test_arguments_that_are_changed_are_named(self):
        def change(a, b, c, d):
            b[0] = 7
            c["w"] += 1
            d.append(3)

        arguments = (np.zeros(2), np.zeros(2), {"w": np.zeros(2)}, [1.0])
        assert call(change, *arguments)["modified"] == [1, 2, 3]
        assert arguments[1].tolist() == [0, 0]

    @pytest.mark.parametrize(
        "change",
        [
            lambda x: x.resize((4, 1), refcheck=False),
            lambda x: x.sort(),
            lambda x: x.__imul__(-1),
            lambda x: x.__setitem__(0, np.nan),
        ],
    )
    def test_every_change_in_place_is_seen(self, change):
        assert call(change, np.array([3.0, 1.0, 2.0, 0.0]))["modified"] == [0]

    def test_what_is_not_changed_is_not_named(self):
        arguments = (np.array([np.nan, 1.0]), [np.zeros(2)], {"w": np.ones(2)}, 3, Formula("x"))
        assert call(lambda *arguments: 0, *arguments)["modified"] == []

    def test_a_result_that_a_later_call_overwrites_is_kept(self):
        shared = np.zeros(1)

        def fill(x):
            shared[:] = x
            return shared, [shared]

        replies = run_calls({"f": fill}, [("f", (1.0,)), ("f", (2.0,))], 5.0)
        assert [reply["value"][0].item() for reply in replies] == [1, 2]
        assert [reply["value"][1][0].item() for reply in replies] == [1, 2]


class TestTimeLimits:
    def test_a_call_that_does_not_end_is_stopped_and_the_rest_skipped(self):
        calls = [("f", ()), ("slow", ()), ("f", ())]
        replies = run_calls({"f": lambda: 1, "slow": forever}, calls, 0.05)
        assert [reply["status"] for reply in replies] == ["ok", "timeout", "skipped"]

    def test_except_exception_does_not_catch_the_time_limit(self):
        def stubborn():
            try:
                forever()
            except Exception:
                return 1

        assert call(stubborn, seconds=0.05)["status"] == "timeout"

    def test_many_slow_calls_share_a_limit(self):
        def slow():
            end = time.perf_counter() + 0.06
            while time.perf_counter() < end:
                pass

        start = time.perf_counter()
        replies = run_calls({"f": slow}, [("f", ())] * 50, 0.1)
        assert time.perf_counter() - start < 1
        assert replies[0]["status"] == "ok"
        assert "timeout" in [reply["status"] for reply in replies]
        assert replies[-1]["status"] == "skipped"

    def test_an_alarm_of_somebody_else_is_kept(self):
        rung = []
        previous = signal.signal(signal.SIGALRM, lambda *_: rung.append(True))
        others = signal.setitimer(signal.ITIMER_REAL, 60)
        try:
            assert call(lambda: 1)["value"] == 1
            assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] <= 60
            signal.raise_signal(signal.SIGALRM)
            assert rung
        finally:
            signal.setitimer(signal.ITIMER_REAL, *others)
            signal.signal(signal.SIGALRM, previous)


class Deceitful:
    """Claims to be an array and fails to be one."""

    def __array__(self, dtype=None, copy=None):
        raise KeyError("surprise")


class TestReplies:
    def test_a_value_that_is_too_large_does_not_spoil_the_others(self):
        nested = 1.0
        for _ in range(11):  # few enough by itself, too many within a reply
            nested = [nested]
        results = {
            "good": 1.0,
            "large": np.zeros(wire.MAX_MESSAGE),
            "long": "x" * 20_000,
            "many": [0] * 60_000,
            "deep": nested,
            "strange": Deceitful(),
        }
        functions = {name: (lambda value=value: value) for name, value in results.items()}
        replies = run_calls(functions, [(name, ()) for name in results], 5.0)
        received = [ORDINARY | reply for reply in wire.decode(encode_replies(replies))]
        assert [reply["status"] for reply in received] == ["ok", *["oversized"] * 4, "unreadable"]
        assert received[0]["value"] == 1

    def test_values_that_are_too_large_together_are_left_out_one_by_one(self):
        third = np.zeros(wire.MAX_MESSAGE // 24)
        replies = run_calls({"f": lambda: third}, [("f", ())] * 5, 5.0)
        received = [ORDINARY | reply for reply in wire.decode(encode_replies(replies))]
        assert [reply["status"] for reply in received] == ["ok"] * 2 + ["oversized"] * 3

    def test_a_request_is_answered_in_base64(self):
        request = wire.encode({"calls": [("f", (np.arange(2.0), Formula("x**2")))], "seconds": 5.0})
        answer = serve({"f": lambda x, f: f(x) + 1}, base64.b64encode(request).decode())
        (reply,) = wire.decode(base64.b64decode(answer))
        assert "status" not in reply  # ordinary entries do not cross
        reply = ORDINARY | reply
        assert reply["status"] == "ok"
        assert reply["value"].tolist() == [1, 2]


def test_the_kernel_s_side_needs_only_the_standard_library_and_numpy():
    allowed = sys.stdlib_module_names | {"numpy", "autograder"}
    for module in (harness, wire):
        used = [value for value in vars(module).values() if isinstance(value, types.ModuleType)]
        assert {used.__name__.partition(".")[0] for used in used} <= allowed
