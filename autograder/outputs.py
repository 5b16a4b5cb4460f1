"""Which outputs of a student's cells are kept: text and pictures, nothing that a browser would run."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nbformat import NotebookNode
from nbformat.v4 import new_output

PICTURES = ("image/png", "image/jpeg")
TEXTS = ("text/plain", "text/latex")
MAX_TEXT = 100_000  # characters kept of one output


def clean(outputs: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Return the outputs rebuilt from the parts that are safe to show.

    HTML, SVG, JavaScript and widgets are left out; their plain text stays. Metadata is dropped, because
    templates write it into attributes.
    """
    return [kept for output in outputs if (kept := _clean_output(output)) is not None]


def _clean_output(output: NotebookNode) -> NotebookNode | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return new_output("stream", name=name, text=_text(output.get("text", "")))
    if kind == "error":
        lines = output.get("traceback", [])
        traceback = [_text(line) for line in lines] if isinstance(lines, list) else []
        return new_output(
            "error",
            ename=_text(output.get("ename", "")),
            evalue=_text(output.get("evalue", "")),
            traceback=traceback,
        )
    data = output.get("data")
    if kind not in ("display_data", "execute_result") or not isinstance(data, dict):
        return None
    kept = {mime: _text(data[mime]) for mime in TEXTS if mime in data}
    kept |= {mime: data[mime] for mime in PICTURES if _is_base64(data.get(mime))}
    if not kept:
        return None
    count = {"execution_count": None} if kind == "execute_result" else {}
    return new_output(kind, kept, **count)


def _text(value: object) -> str:
    text = value if isinstance(value, str) else "".join(map(str, value)) if isinstance(value, list) else ""
    if len(text) > MAX_TEXT:
        return text[:MAX_TEXT] + "\n[cut off here]"
    return text


def _is_base64(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9+/\s]*={0,2}\s*", value) is not None
