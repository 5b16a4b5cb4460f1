"""Which outputs of a student's cells are kept: text and pictures, nothing that a browser runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nbformat import NotebookNode

from autograder import nodes

PICTURES = ("image/png", "image/jpeg")
TEXTS = ("text/plain", "text/latex")
MAX_TEXT = 100_000  # characters kept of one output
MAX_OUTPUTS = 100  # outputs kept of one cell


def clean(outputs: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Return the outputs rebuilt from the parts that are safe to show.

    HTML, SVG, JavaScript and widgets are left out; their plain text stays. Metadata is dropped,
    because templates write it into attributes. What was printed becomes one output per stream. This
    takes time in proportion to the size of the outputs, however they are cut into pieces.
    """
    merged = list(_merged(outputs))
    cleaned = map(_clean_output, merged[:MAX_OUTPUTS])
    kept = [output for output in cleaned if output is not None]
    if len(merged) > MAX_OUTPUTS:
        note = f"[{len(merged) - MAX_OUTPUTS} more outputs were left out here]\n"
        kept.append(nodes.stream("stdout", note))
    return kept


def _merged(outputs: Sequence[NotebookNode]) -> Iterator[NotebookNode]:
    """Yield the outputs, with the texts of each stream joined where the first of them stands."""
    texts: dict[str, list[str]] = {}
    for output in outputs:
        if output.get("output_type") == "stream":
            texts.setdefault(_stream(output), []).append(_joined(output.get("text")))
    for output in outputs:
        if output.get("output_type") != "stream":
            yield output
        elif parts := texts.pop(_stream(output), None):
            yield nodes.stream(_stream(output), _as_typed("".join(parts)))


def _stream(output: NotebookNode) -> str:
    return "stderr" if output.get("name") == "stderr" else "stdout"


def _as_typed(text: str) -> str:
    """Return a text in which each line shows what was written after its last carriage return."""
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))


def _clean_output(output: NotebookNode) -> NotebookNode | None:
    kind = output.get("output_type")
    if kind == "stream":
        return nodes.stream(_stream(output), _text(output.get("text", "")))
    if kind == "error":
        lines = output.get("traceback", [])
        traceback = [_text(line) for line in lines] if isinstance(lines, list) else []
        return nodes.error(
            _text(output.get("ename", "")), _text(output.get("evalue", "")), traceback
        )
    data = output.get("data")
    if kind not in ("display_data", "execute_result") or not isinstance(data, dict):
        return None
    kept = {mime: _text(data[mime]) for mime in TEXTS if mime in data}
    kept |= {mime: data[mime] for mime in PICTURES if _is_base64(data.get(mime))}
    if not kept:
        return None
    return nodes.result(kept) if kind == "execute_result" else nodes.display(kept)


def _text(value: object) -> str:
    text = _joined(value)
    if len(text) > MAX_TEXT:
        return text[:MAX_TEXT] + "\n[cut off here]"
    return text


def _joined(value: object) -> str:
    if isinstance(value, list):
        return "".join(map(str, value))
    return value if isinstance(value, str) else ""


def _is_base64(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9+/\s]*={0,2}\s*", value) is not None
