"""Seeds of the random inputs: different for each student, the same in every regrade."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path

import numpy as np

PRACTICE_SEED = "practice"


def course_secret(path: Path) -> bytes:
    """Return the course's secret, made on first use and readable by the owner only.

    Raises OSError if it can be neither read nor written, ValueError if the file was cut short.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        partial.touch(mode=0o600, exist_ok=False)
        partial.write_bytes(secrets.token_hex(32).encode())
        try:
            with contextlib.suppress(FileExistsError):  # another process was first
                os.link(partial, path)
        finally:
            partial.unlink()
    secret = path.read_bytes()
    if len(secret) < 32:
        raise ValueError(
            f"{path} should hold a secret of 32 bytes or more: restore it, or delete it"
        )
    return secret


def student_seed(secret: bytes, student: str, unit: str) -> str:
    """Return HMAC-SHA256(secret, student and unit) in hexadecimal."""
    return hmac.new(
        secret, f"{student}\0{unit}".encode("utf-8", "surrogateescape"), hashlib.sha256
    ).hexdigest()


def generator(seed: str, task: str, check: str) -> np.random.Generator:
    """Return the random generator of one check, independent of all other checks."""
    digest = hashlib.sha256(f"{seed}\0{task}\0{check}".encode()).digest()
    return np.random.default_rng(np.frombuffer(digest, dtype="<u4"))
