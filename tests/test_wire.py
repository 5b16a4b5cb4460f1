"""What crosses the wire arrives unchanged, and a hostile message is a `WireError`, nothing else."""

import builtins
import json
import pickle
import struct
import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps

from autograder import wire
from autograder.wire import Formula, Opaque, WireError, decode, encode

arrays = nps.arrays(
    dtype=st.sampled_from(sorted(wire.DTYPES)), shape=nps.array_shapes(min_dims=0, min_side=0)
)
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**1000), 2**1000)
    | st.floats()
    | st.complex_numbers()
    | st.text(max_size=20)
    | arrays
)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


def assert_same(first, second):
    assert type(first) is type(second)
    if isinstance(first, np.ndarray):
        assert first.dtype == second.dtype
        assert first.shape == second.shape
        assert first.tobytes() == second.tobytes()
    elif isinstance(first, (list, tuple)):
        assert len(first) == len(second)
        for a, b in zip(first, second, strict=True):
            assert_same(a, b)
    elif isinstance(first, dict):
        assert_same(list(first.items()), list(second.items()))
    else:
        assert repr(first) == repr(second)  # repr tells nan and -0.0 apart


def message(node, blobs=b"", length=None):
    """A message with this header, as a hostile kernel may write it."""
    header = node if isinstance(node, bytes) else json.dumps(node).encode()
    size = len(header) if length is None else length
    return wire.MAGIC + struct.pack("<I", size) + header + blobs


def npy(descr="'<f8'", shape="(1,)", data=bytes(8), fortran="False"):
    """The `.npy` bytes of an array with any header."""
    text = f"{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data


def with_array(blob):
    return message({"a": [0, len(blob)]}, blob)


class TestRoundTrip:
    @given(value=values)
    def test_values_arrive_unchanged(self, value):
        # As NumPy writes them, the scalars' one-byte types have no byte order.
        assert_same(decode(encode(value)), value)

    @pytest.mark.parametrize(
        ("value", "arrives"),
        [
            (np.float32(0.5), 0.5),
            (np.int8(-3), -3),
            (np.bool_(True), True),
            (np.longdouble(2), np.array(2.0)),
            (np.arange(4, dtype=np.longdouble), np.arange(4.0)),
            (np.arange(3, dtype=">f8"), np.arange(3, dtype="<f8")),
            (np.arange(6.0).reshape(2, 3).T, np.arange(6.0).reshape(2, 3).T.copy()),
            (np.broadcast_to(2.0, (2, 2)), np.full((2, 2), 2.0)),
            (np.ma.masked_array([1.0, 2.0]), np.array([1.0, 2.0])),
            ({1: 2}, {"1": 2}),
            ("\ud800", "?"),
        ],
        ids=str,
    )
    def test_what_numpy_calls_numeric_arrives_as_such(self, value, arrives):
        assert_same(decode(encode(value)), arrives)

    @pytest.mark.parametrize(
        ("value", "name"),
        [
            (object(), "object"),
            ({1, 2}, "set"),
            (map(abs, []), "map"),
            (len, "builtin_function_or_method"),
            (np.array([None]), "array of dtype object"),
            (np.array(["text"]), "array of dtype <U4"),
            (np.datetime64("2020"), "datetime64"),
            (2**5000, "a very large int"),
        ],
        ids=lambda part: part if isinstance(part, str) else type(part).__name__,
    )
    def test_everything_else_arrives_as_the_name_of_its_type(self, value, name):
        assert decode(encode([value])) == [Opaque(name)]

    def test_an_object_that_turns_into_an_array_arrives_as_one(self):
        class Series:
            def __array__(self, dtype=None, copy=None):
                return np.array([1.0, 2.0])

        assert_same(decode(encode(Series())), np.array([1.0, 2.0]))

    def test_a_formula_crosses_to_the_kernel_only(self):
        sent = encode([Formula("np.sin(x)")])
        assert decode(sent, formulas=True)[0](np.pi / 2) == 1
        with pytest.raises(WireError):
            decode(sent)

    def test_a_decoded_array_can_be_written_to_and_is_no_view(self):
        array = decode(encode(np.zeros(3)))
        array += 1
        assert array.base is None

    @pytest.mark.parametrize(
        "value",
        [
            np.zeros(wire.MAX_MESSAGE // 8),
            [np.zeros(wire.MAX_MESSAGE // 16)] * 3,
            np.broadcast_to(0.0, (10**5, 10**5)),
            np.zeros((0, 10**9)),
            "x" * (wire.MAX_TEXT + 1),
            [0] * (wire.MAX_NODES + 1),
            ["x" * wire.MAX_TEXT] * 300,
        ],
        ids=["array", "arrays", "broadcast", "empty", "text", "nodes", "texts"],
    )
    def test_what_is_too_large_is_refused_by_the_sender(self, value):
        with pytest.raises(WireError):
            encode(value)

    def test_a_list_within_itself_is_refused_by_the_sender(self):
        endless = []
        endless.append(endless)
        with pytest.raises(WireError, match="too many parts"):
            encode(endless)

    def test_many_small_arrays_take_no_quadratic_time(self):
        start = time.process_time()
        encode([np.array(1.0)] * 20_000)
        assert time.process_time() - start < 5


class TestHostileMessages:
    @given(data=st.binary(max_size=200))
    def test_random_bytes_are_refused(self, data):
        for hostile in (
            data,
            wire.MAGIC + data,
            message(data),
            with_array(b"\x93NUMPY\x01\x00" + data),
        ):
            with pytest.raises(WireError):
                decode(hostile)

    @settings(max_examples=150)
    @given(value=values, data=st.data())
    def test_a_mutated_message_is_a_value_or_refused(self, value, data):
        sent = bytearray(encode(value))
        for _ in range(data.draw(st.integers(1, 4))):
            place = data.draw(st.integers(0, len(sent) - 1))
            what = data.draw(st.sampled_from(["change", "delete", "insert", "cut", "repeat"]))
            if what == "change":
                sent[place] = data.draw(st.integers(0, 255))
            elif what == "delete" and len(sent) > 1:
                del sent[place]
            elif what == "insert":
                sent[place:place] = data.draw(st.binary(min_size=1, max_size=3))
            elif what == "cut":
                del sent[place + 1 :]
            elif what == "repeat":
                sent[place:place] = sent[place : place + 40]
        try:
            received = decode(bytes(sent))
        except WireError:
            return
        encode(received)  # what was accepted is a value that could have been sent

    json_nodes = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from("ltdaifcsox") | st.text(max_size=2), inner, max_size=2
            )
        ),
        max_leaves=10,
    )

    @settings(max_examples=150)
    @given(node=json_nodes)
    def test_any_json_is_a_value_or_refused(self, node):
        try:
            received = decode(message(node))
        except WireError:
            return
        encode(received)

    @pytest.mark.parametrize(
        "node",
        [
            b"[" * 100_000 + b"]" * 100_000,
            b'{"l":[' * 100_000 + b"]}" * 100_000,
            {"l": [None] * (wire.MAX_NODES + 1)},
            {"i": "9" * 400},
            {"i": "9" * 309},
            {"i": "9" * 308},
            {"i": "٣"},
            b'{"a":[' + b"9" * 4000 + b",8]}",
            b'{"a":[' + b"9" * 100_000 + b",8]}",
            b'{"a":[-1,8]}',
            b'{"a":[0,1e1]}',
            b'{"a":[false,8]}',
            b'{"f":NaN}',
            b"NaN",
            b"1.5",
            b"7",
            {"f": "0x1p99999999999"},
            {"f": "0x" + "1" * 9000},
            {"s": "x" * (wire.MAX_TEXT + 1)},
            b'{"s":"\\ud800"}',
            b'{"d":[["\\udfff",null]]}',
            {"d": [["key"]]},
            {"d": [[1, None]]},
            {"c": ["0x1p0"]},
            {"o": "\x1b[2J"},
            {"o": "\u202e"},
            {"o": "x" * 5000},
            {"x": "__import__('os').abort()"},
            {"l": [], "t": []},
            {},
            b"\xff\xfe",
            b"",
        ],
        ids=lambda node: str(node)[:30],
    )
    def test_a_hostile_header_is_refused(self, node):
        with pytest.raises(WireError):
            decode(message(node))

    @pytest.mark.parametrize(
        "blob",
        [
            npy(descr="'|O'", data=pickle.dumps([1])),
            npy(descr="'<c1'"),
            npy(descr="'|S8'"),
            npy(descr="'<U2'"),
            npy(descr="'<M8'"),
            npy(descr="'|V8'"),
            npy(descr="'>f8'"),
            npy(descr="'<f16'", data=bytes(16)),
            npy(descr="'<c32'", data=bytes(32)),
            npy(descr="'<f3'"),
            npy(descr="[('a', '<f8')]"),
            npy(descr="__import__('os').abort()"),
            npy(fortran="True"),
            npy(shape="(-1,)"),
            npy(shape="(2,)"),
            npy(shape="(1)"),
            npy(shape="(1, )"),
            npy(shape="(1,,)"),
            npy(shape="(4294967296, 4294967296, 0)", data=b""),
            npy(shape="(99999999, 99999999, 99999999, 0)", data=b""),
            npy(shape="(" + "1, " * 40 + "1)"),
            npy(shape="(" + "1" * 5000 + ",)"),
            npy(descr="'|b1'", shape="(3,)", data=b"\x00\x02\x01"),
            npy()[:-1],
            npy() + b"\0",
            npy()[:9],
            b"\x93NUMPY\x02\x00" + npy()[8:],
            b"PK\x03\x04" + bytes(50),
        ],
        ids=lambda blob: str(blob[10:60]),
    )
    def test_a_hostile_array_is_refused(self, blob):
        with pytest.raises(WireError):
            decode(with_array(blob))

    def test_a_header_cannot_make_matching_long(self):
        blob = npy(shape="(" + "1" * 60_000 + "x)")
        start = time.process_time()
        with pytest.raises(WireError):
            decode(with_array(blob))
        assert time.process_time() - start < 1

    def test_one_large_array_cannot_be_named_many_times(self):
        blob = npy(shape="(100000,)", data=bytes(800_000))
        hostile = message({"l": [{"a": [0, len(blob)]}] * 40_000}, blob)
        assert memory_to_refuse(hostile) < 20e6

    def test_arrays_that_nothing_points_at_are_refused(self):
        with pytest.raises(WireError):
            decode(message(None, npy()))
        with pytest.raises(WireError):
            decode(message({"a": [1, len(npy())]}, b"\0" + npy()))

    @pytest.mark.parametrize(
        "filler", [b"[],", b"{},", b'"",', b'{"l":[]},', b"1,"], ids=lambda filler: filler.decode()
    )
    def test_memory_is_bounded_whatever_the_header(self, filler):
        header = b'{"l":[' + filler * ((wire.MAX_HEADER - 20) // len(filler)) + b"null]}"
        assert memory_to_refuse(message(header)) < 120e6

    def test_a_header_that_is_too_long_is_not_looked_at(self):
        assert memory_to_refuse(message(b"[" + b"1," * wire.MAX_HEADER + b"1]")) < 1e6

    def test_a_message_that_is_too_long_is_not_looked_at(self):
        hostile = encode(None) + bytes(wire.MAX_MESSAGE)
        assert memory_to_refuse(hostile) < 1e6

    @pytest.mark.parametrize("length", [0, 3, 5, 2**32 - 1])
    def test_a_wrong_length_is_refused(self, length):
        with pytest.raises(WireError):
            decode(message(None, length=length))

    def test_nothing_is_evaluated_or_unpickled(self, monkeypatch):
        sent = encode([np.arange(3.0), {"a": (1, 2.5, "text")}, np.array(True)])

        def refuse(*arguments, **options):
            raise AssertionError("a message was run as code")

        monkeypatch.setattr(pickle, "load", refuse)
        monkeypatch.setattr(pickle, "loads", refuse)
        monkeypatch.setattr(np, "load", refuse)
        monkeypatch.setattr(builtins, "eval", refuse)
        monkeypatch.setattr(builtins, "exec", refuse)
        assert_same(decode(sent)[0], np.arange(3.0))


def memory_to_refuse(hostile):
    """The most memory in bytes that is taken until the message is refused."""
    tracemalloc.start()
    try:
        with pytest.raises(WireError):
            decode(hostile)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
