"""What comes back from a student's kernel is a value or a problem, however it was forged."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import wire
from autograder.submission import (
    CheckFailed,
    LocalTransport,
    Outcome,
    Submission,
    read_replies,
    request,
)

CALLS = [("mse", (np.zeros(2), np.ones(2)))]
GOOD = {
    "status": "ok",
    "value": 1.0,
    "modified": [],
    "printed": "",
    "error": ["", "", ""],
    "seconds": 0.1,
}


def read(calls=CALLS, **changes):
    """Read one reply that differs from a good one by `changes`."""
    return read_replies(wire.encode([GOOD | changes]), calls)[0]


def submission(**functions):
    return Submission(LocalTransport(functions))


class TestReplies:
    def test_a_good_reply_is_its_value(self):
        assert read() == Outcome(1.0)
        assert read(modified=[1, 0, 1], printed="hello\n") == Outcome(
            1.0, modified=(0, 1), printed="hello\n"
        )

    @pytest.mark.parametrize(
        ("changes", "problem", "detail"),
        [
            (
                {"status": "missing"},
                "missing",
                "There is no function named `mse`. Was its cell deleted, or did it fail to run?",
            ),
            (
                {"status": "missing", "error": ["float", "", ""]},
                "missing",
                "`mse` is not a function here but a value of type float; was the name used twice?",
            ),
            (
                {"status": "raised", "error": ["NotImplementedError", "", ""]},
                "raised",
                "`mse` is not written yet.",
            ),
            (
                {"status": "raised", "error": ["MemoryError", "", ""]},
                "raised",
                "It ran out of memory.",
            ),
            (
                {"status": "raised", "error": ["KeyError", "'a'", "return d['a']"]},
                "raised",
                "It raised KeyError in the line `return d['a']`: 'a'",
            ),
            ({"status": "raised", "error": ["KeyError", "", ""]}, "raised", "It raised KeyError."),
            (
                {"status": "timeout"},
                "timeout",
                "It did not finish in time. Is there a loop that never ends?",
            ),
            (
                {"status": "skipped"},
                "skipped",
                "It was not called again after a call that did not finish.",
            ),
            ({"status": "oversized"}, "oversized", "Its result is far too large."),
            ({"status": "unreadable"}, "unreadable", "Its result could not be read."),
        ],
    )
    def test_a_problem_is_told_in_a_sentence(self, changes, problem, detail):
        outcome = read(**changes)
        assert (outcome.value, outcome.problem, outcome.detail) == (None, problem, detail)

    @pytest.mark.parametrize(
        "changes",
        [
            {"status": None},
            {"status": "passed"},
            {"status": "x" * 9000},
            {"modified": [2]},
            {"modified": [-1]},
            {"modified": [2**1000]},
            {"modified": [True]},
            {"modified": ["0"]},
            {"modified": (0,)},
            {"printed": None},
            {"printed": ["a"]},
            {"error": ["a", "b"]},
            {"error": [1, 2, 3]},
            {"error": None},
        ],
        ids=str,
    )
    def test_a_forged_reply_is_unreadable(self, changes):
        outcome = read(**changes)
        assert outcome.problem == "unreadable"
        assert outcome.value is None
        assert len(outcome.detail) < 100

    @pytest.mark.parametrize(
        "replies",
        [None, [], {}, "ok", 7, [GOOD, GOOD], (GOOD,), [None], [[]], [{}], [np.zeros(3)]],
        ids=lambda replies: str(replies)[:20],
    )
    def test_replies_of_another_form_are_unreadable(self, replies):
        assert [o.problem for o in read_replies(wire.encode(replies), CALLS)] == ["unreadable"]

    def test_a_forged_message_is_unreadable_for_every_call(self):
        for hostile in (b"", b"garbage", wire.encode([GOOD])[:-1]):
            outcomes = read_replies(hostile, CALLS * 3)
            assert [outcome.problem for outcome in outcomes] == ["unreadable"] * 3

    def test_a_reply_cannot_steer_a_terminal_or_hide_in_a_page(self):
        error = ["Error\x1b[2J", "\u202egnp.exe\x00\n\n\tname", "x\r\x07"]
        outcome = read(status="raised", error=error, printed="\x1b]0;title\x07\ttext\n")
        shown = outcome.detail + outcome.error_type
        assert shown.isprintable()
        assert outcome.printed == "\ufffd]0;title\ufffd\ttext\n"

    def test_what_a_reply_says_is_cut(self):
        outcome = read(status="raised", error=["E" * 9000, "m" * 9000, "l" * 9000])
        assert len(outcome.detail) < 700
        assert len(outcome.error_type) <= 100
        assert len(read(printed="p" * 9000).printed) <= 1000

    forged = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from([*GOOD]), inner, max_size=6)
        ),
        max_leaves=12,
    )

    @settings(max_examples=100)
    @given(reply=forged, changes=st.dictionaries(st.sampled_from([*GOOD]), forged, max_size=2))
    def test_any_reply_is_an_outcome(self, reply, changes):
        for replies in ([reply], [GOOD | changes]):
            (outcome,) = read_replies(wire.encode(replies), CALLS)
            assert isinstance(outcome, Outcome)
            assert bool(outcome.problem) == bool(outcome.detail)
            assert all(0 <= index < 2 for index in outcome.modified)

    def test_a_kernel_cannot_send_a_formula(self):
        assert read(value=wire.Formula("1")).problem == "unreadable"


class TestSubmission:
    def test_a_call_returns_the_value(self):
        student = submission(mse=lambda y, y_hat: np.mean((y - y_hat) ** 2))
        assert student.mse(np.zeros(2), np.ones(2)) == 1
        assert student.mse.batch([(np.zeros(2), np.ones(2)), (np.ones(1), np.ones(1))]) == [1, 0]

    def test_a_call_that_fails_is_a_failed_check(self):
        with pytest.raises(CheckFailed, match="There is no function named `mse`"):
            submission().mse(1)
        with pytest.raises(CheckFailed, match="It raised ZeroDivisionError in the line"):
            submission(mse=lambda x: 1 / x).mse.batch([(1,), (0,)])

    def test_every_call_is_logged_even_if_it_failed(self):
        student = submission(f=lambda x: 1 / x, g=abs)
        student.g(-2)
        with pytest.raises(CheckFailed):
            student.f(0)
        assert [(name, args, o.problem) for name, args, o in student.log] == [
            ("g", (-2,), ""),
            ("f", (0,), "raised"),
        ]

    def test_calls_cannot_change_what_is_compared_later(self):
        def spoil(x):
            x *= 0
            return x

        arguments = np.ones(3)
        submission(f=spoil).f(arguments)
        assert arguments.tolist() == [1, 1, 1]

    def test_results_take_the_path_through_the_wire(self):
        assert submission(f=lambda: {1, 2}).f() == wire.Opaque("set")
        assert type(submission(f=lambda: np.float32(1)).f()) is float

    def test_a_huge_result_is_a_failed_check(self):
        student = submission(f=lambda: np.zeros(10**7))
        with pytest.raises(CheckFailed, match="far too large"):
            student.f()

    def test_private_names_are_not_functions_of_a_student(self):
        with pytest.raises(AttributeError):
            submission()._secret  # noqa: B018

    def test_a_request_says_what_to_call(self):
        sent = wire.decode(request([("f", (1.0, "a"))], 2.5))
        assert sent == {"calls": [("f", (1.0, "a"))], "seconds": 2.5}
