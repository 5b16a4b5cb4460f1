"""How values cross between the trusted process and a student's kernel.

A message is a magic number, the length of a JSON header, the header, and the raw `.npy` bytes of
the arrays that the header points at, one after another. Nothing is ever unpickled or evaluated.
`decode` treats its input as hostile: whatever is not exactly of this form, or larger than the
limits, is a `WireError`, and what a message takes in memory is bounded.

This module needs only the standard library and NumPy, because its source also runs in the kernel.
"""

from __future__ import annotations

import functools
import json
import math
import re
import struct
from dataclasses import dataclass
from io import BytesIO

import numpy as np

MAGIC = b"LG1\n"
MAX_MESSAGE = 8 * 2**20  # bytes of one message
MAX_HEADER = 2 * 2**20  # bytes of its JSON, which takes some 40 times as many once it is parsed
MAX_NODES = 50_000  # values in one message, nested ones counted
MAX_DEPTH = 12
MAX_TEXT = 10_000  # characters of one text
MAX_NAME = 200  # characters of the name of a type
MAX_INT_BITS = 1023  # so that every integer is a finite float
MAX_DIMENSIONS = 32

DTYPES = frozenset(
    [
        "|b1",
        "|i1",
        "<i2",
        "<i4",
        "<i8",
        "|u1",
        "<u2",
        "<u4",
        "<u8",
        "<f2",
        "<f4",
        "<f8",
        "<c8",
        "<c16",
    ]
)

# The usual arrays need no conversion.
_PLAIN = {np.dtype(name): name for name in ("<f8", "<i8", "|b1")}
_LENGTH = struct.Struct("<I")
_WRITER = json.JSONEncoder(separators=(",", ":"))
# Every text matches in one way at most: a header cannot make the search for a match long.
_NPY_HEADER = re.compile(
    rb"\{'descr': '([<|][biufc]\d{1,2})', 'fortran_order': False, "
    rb"'shape': \((|\d{1,8},|\d{1,8}(?:, \d{1,8})+)\), \} *\n"
)


class WireError(ValueError):
    """A message that is too large or not of the documented form."""


@dataclass(frozen=True)
class Formula:
    """A function of one argument `x`, as text, so that it can cross to a student's kernel.

    `source` is a Python expression in `x` and `np`. It is written by authors of checks and never
    comes out of a kernel: `decode` refuses it there.
    """

    source: str

    def __call__(self, x):
        """Return the value of the expression at `x`."""
        return eval(_compiled(self.source), {"np": np, "__builtins__": {}}, {"x": x})


@functools.lru_cache(maxsize=128)
def _compiled(source: str):
    """Compile an expression once: a numerical derivative asks for many values of one function."""
    return compile(source, "<formula>", "eval")


@dataclass(frozen=True)
class Opaque:
    """A value that does not cross: only the name of its type does."""

    type_name: str


def as_received(value: object) -> object:
    """Return a value as the other side would receive it; quick for the common kinds."""
    if value is None or type(value) in (bool, int, float, str):
        return value
    if type(value) is np.ndarray and value.dtype.kind in "biuf" and value.dtype.itemsize <= 8:
        return value
    if type(value) is np.float64:
        return float(value)
    return decode(encode(value))


def encode(value: object) -> bytes:
    """Return `value` as a message.

    Numbers, text, None, numeric arrays, and lists, tuples and dicts of these cross as they are.
    What NumPy can turn into a numeric array crosses as that array, a SymPy expression as its text,
    anything else as `Opaque`. Raises `WireError` if the message would be too large.
    """
    encoder = _Encoder()
    header = _WRITER.encode(encoder.node(value, 0)).encode()
    if len(header) > MAX_HEADER:
        raise WireError(
            f"the value takes {len(header)} bytes without arrays, more than {MAX_HEADER}"
        )
    message = b"".join([MAGIC, _LENGTH.pack(len(header)), header, *encoder.blobs])
    if len(message) > MAX_MESSAGE:
        raise WireError(f"the value takes {len(message)} bytes, more than {MAX_MESSAGE}")
    return message


def decode(message: bytes, *, formulas: bool = False) -> object:
    """Return the value of a message; `formulas` says whether a `Formula` is welcome in it.

    Raises `WireError` for anything that `encode` would not have written.
    """
    if len(message) > MAX_MESSAGE:
        raise WireError(f"the message takes {len(message)} bytes, more than {MAX_MESSAGE}")
    start = len(MAGIC) + _LENGTH.size
    if message[: len(MAGIC)] != MAGIC or len(message) < start:
        raise WireError("the message does not start as it should")
    (length,) = _LENGTH.unpack_from(message, len(MAGIC))
    if length > min(MAX_HEADER, len(message) - start):
        raise WireError("the header of the message is too long")
    try:
        text = message[start : start + length].decode("utf-8", "strict")
        node = _READER.decode(text)
    except (ValueError, RecursionError) as error:
        raise WireError("the header of the message is not JSON of the known kind") from error
    decoder = _Decoder(memoryview(message)[start + length :], formulas)
    value = decoder.node(node, 0)
    if decoder.read != len(decoder.blobs):
        raise WireError("the message goes on after its last array")
    return value


# ---- writing


class _Encoder:
    """Writes the nodes of one message, and its arrays in the order in which the nodes have them."""

    def __init__(self):
        self.blobs: list[bytes] = []
        self.written = 0
        self.count = 0

    def node(self, value, depth):
        self.count += 1
        if self.count > MAX_NODES or depth > MAX_DEPTH:
            raise WireError("the value has too many parts")
        kind = type(value)
        if kind is np.ndarray:  # the usual kinds first
            return self.array(value)
        if kind is float or kind is np.float64:
            return {"f": value.hex()}
        if kind is list or kind is tuple:
            return {"l" if kind is list else "t": [self.node(part, depth + 1) for part in value]}
        if kind is str:
            return {"s": _text(value)}
        if isinstance(value, np.generic):
            value = value.item() if value.dtype.kind in "biufc" else Opaque(_type_name(value))
        if value is None or value is True or value is False:
            return value
        if isinstance(value, (int, float, complex)):
            return _encode_number(value)
        if isinstance(value, str):
            return {"s": _text(value)}
        if isinstance(value, np.ndarray):
            return self.array(value)
        if isinstance(value, (list, tuple)):
            parts = [self.node(part, depth + 1) for part in value]
            return {"l" if isinstance(value, list) else "t": parts}
        if isinstance(value, dict):
            return {"d": [[_text(str(k)), self.node(v, depth + 1)] for k, v in value.items()]}
        if isinstance(value, Formula):
            return {"x": value.source}
        if isinstance(value, Opaque):
            return {"o": _name(value.type_name)}
        return self.other(value)

    def array(self, array):
        array = np.asarray(array)
        name = _PLAIN.get(array.dtype)
        if name is not None and array.nbytes <= MAX_MESSAGE >= max(array.shape, default=0):
            return self.blob(_npy_header(name, array.shape) + array.tobytes())
        if array.dtype.kind not in "biufc":
            return {"o": _name(f"array of dtype {array.dtype}")}
        if array.ndim > MAX_DIMENSIONS or max(array.nbytes, *array.shape, 0) > MAX_MESSAGE:
            raise WireError(f"the array has shape {array.shape}, larger than {MAX_MESSAGE} bytes")
        if array.dtype.kind == "f" and array.dtype.itemsize > 8:
            array = array.astype(np.float64)
        if array.dtype.kind == "c" and array.dtype.itemsize > 16:
            array = array.astype(np.complex128)
        # `order="C"` keeps 0-d arrays 0-d, which `np.ascontiguousarray` would not.
        plain = np.array(array, dtype=array.dtype.newbyteorder("<"), order="C")
        return self.blob(_npy_header(plain.dtype.str, plain.shape) + plain.tobytes())

    def blob(self, blob):
        place = [self.written, len(blob)]
        self.blobs.append(blob)
        self.written += place[1]
        if self.written > MAX_MESSAGE:
            raise WireError(f"the arrays take more than {MAX_MESSAGE} bytes")
        return {"a": place}

    def other(self, value):
        if type(value).__module__.partition(".")[0] == "sympy":
            return {"s": _text(str(value))}
        if hasattr(value, "__array__"):
            try:
                array = np.asarray(value)
            except (TypeError, ValueError, RuntimeError):
                return {"o": _type_name(value)}
            if array.dtype.kind in "biufc":
                return self.array(array)
        return {"o": _type_name(value)}


@functools.lru_cache(maxsize=256)
def _npy_header(dtype: str, shape: tuple[int, ...]) -> bytes:
    """Return what stands before the data in `.npy` bytes (format 1.0, C order)."""
    buffer = BytesIO()
    description = {"descr": dtype, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(buffer, description)
    return buffer.getvalue()


def _encode_number(value):
    if isinstance(value, int):
        if int(value).bit_length() > MAX_INT_BITS:
            return {"o": "a very large int"}
        return {"i": str(int(value))}
    if isinstance(value, complex):
        return {"c": [float(value.real).hex(), float(value.imag).hex()]}
    return {"f": float(value).hex()}


def _text(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise WireError(f"a text has {len(text)} characters, more than {MAX_TEXT}")
    return str(text).encode("utf-8", "replace").decode()


def _type_name(value) -> str:
    return _name(type(value).__qualname__)


def _name(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in str(text)[:MAX_NAME])


# ---- reading


class _Decoder:
    """Reads the nodes of one message; every branch either returns a plain value or raises.

    Arrays are read in order and each once, so that a short message cannot name one large array a
    thousand times.
    """

    def __init__(self, blobs: memoryview, formulas: bool):
        self.blobs = blobs
        self.formulas = formulas
        self.read = 0
        self.count = 0

    def node(self, node, depth):
        self.count += 1
        if self.count > MAX_NODES or depth > MAX_DEPTH:
            raise WireError("the message has too many parts")
        if node is None or node is True or node is False:
            return node
        if not isinstance(node, dict) or len(node) != 1:
            raise WireError("the message has a part of no known kind")
        ((kind, content),) = node.items()
        if kind in ("l", "t"):
            parts = [self.node(part, depth + 1) for part in _expect(content, list)]
            return parts if kind == "l" else tuple(parts)
        if kind == "d":
            pairs = map(_named_part, _expect(content, list))
            return {key: self.node(part, depth + 1) for key, part in pairs}
        if kind == "a":
            return self.array(content)
        if kind == "x" and self.formulas:
            return Formula(_expect_text(content))
        return _decode_leaf(kind, content)

    def array(self, place):
        offset, length = _pair(place)
        if type(offset) is not int or type(length) is not int:
            raise WireError("the message points at no array")
        if offset != self.read or not 0 < length <= len(self.blobs) - offset:
            raise WireError("the message points at an array that is not the next one")
        self.read += length
        return _read_npy(self.blobs[offset : self.read])


def _decode_leaf(kind, content):
    if kind == "i":
        if not re.fullmatch(r"-?[0-9]{1,308}", _expect_text(content)):
            raise WireError("the message has a malformed integer")
        number = int(content)
        if number.bit_length() > MAX_INT_BITS:
            raise WireError("the message has an integer that is too large")
        return number
    if kind == "f":
        return _float(content)
    if kind == "c":
        real, imaginary = _pair(content)
        return complex(_float(real), _float(imaginary))
    if kind == "s":
        return _expect_text(content)
    if kind == "o":
        if _name(_expect_text(content)) != content:
            raise WireError("the message has a malformed name of a type")
        return Opaque(content)
    raise WireError("the message has a part of no known kind")


def _float(text):
    if len(_expect_text(text)) > 40:
        raise WireError("the message has a malformed number")
    try:
        return float.fromhex(text)
    except (ValueError, OverflowError) as error:
        raise WireError("the message has a malformed number") from error


def _expect(content, kind):
    if not isinstance(content, kind):
        raise WireError("the message has a part of the wrong kind")
    return content


def _expect_text(content):
    if len(_expect(content, str)) > MAX_TEXT:
        raise WireError("a text in the message is too long")
    try:
        content.encode()
    except UnicodeEncodeError as error:  # half of a surrogate pair: no file could hold it
        raise WireError("a text in the message is not Unicode") from error
    return content


def _pair(content):
    if len(_expect(content, list)) != 2:
        raise WireError("the message has a malformed pair")
    return content


def _named_part(content):
    key, part = _pair(content)
    return _expect_text(key), part


def _refuse(text):
    raise ValueError(f"{text} does not occur in a header: floats are texts there")


_READER = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse)


@functools.lru_cache(maxsize=256)
def _read_npy_header(text: bytes) -> tuple[np.dtype, tuple[int, ...], int]:
    """Return the dtype and the shape that a header says, and the bytes of such an array."""
    header = _NPY_HEADER.fullmatch(text)
    if header is None or header[1].decode() not in DTYPES:
        raise WireError("an array in the message has no header of a known form")
    shape = tuple(int(size) for size in header[2].split(b",") if size)
    if len(shape) > MAX_DIMENSIONS:
        raise WireError("an array in the message has too many dimensions")
    dtype = np.dtype(header[1].decode())
    return dtype, shape, math.prod(shape) * dtype.itemsize


def _read_npy(blob: memoryview) -> np.ndarray:
    """Return the array of `.npy` bytes (format 1.0, C order), whose header is never evaluated."""
    if len(blob) < 10 or blob[:8] != b"\x93NUMPY\x01\x00":
        raise WireError("an array in the message is cut short or not in .npy format 1.0")
    start = 10 + int.from_bytes(blob[8:10], "little")
    dtype, shape, size = _read_npy_header(bytes(blob[10:start]))
    data = blob[start:]
    if size != len(data):
        raise WireError("an array in the message has not the size its shape says")
    if dtype.kind == "b" and bytes(data).strip(b"\0\1"):
        raise WireError("an array in the message has truth values other than 0 and 1")
    try:
        return np.frombuffer(data, dtype=dtype).reshape(shape).copy()
    except ValueError as error:  # empty, and too large along the other axes
        raise WireError("an array in the message has an impossible shape") from error
