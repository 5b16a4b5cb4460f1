"""(b) `lossgrad grade` against otter-grader's `otter run`, on an equivalent assignment.

otter-grader lives in an environment of its own, made on first use in `.venv-otter`. Its assignment
has the same notebook and one test for each task, which compares values at fixed inputs: far less
than the hidden checks do.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import course, measure

VERSION = "7.0.0"
ENVIRONMENT = course.ROOT / ".venv-otter"
SUBMISSIONS = 8
PAIRS = 3
TESTS = {
    "squared_error": "np.allclose(squared_error(y, y_hat), (y - y_hat) ** 2 / 2)",
    "squared_error_grad": "np.allclose(squared_error_grad(y, y_hat), y_hat - y)",
    "mse": "np.isclose(mse(y, y_hat), np.mean((y - y_hat) ** 2))",
    "mse_grad": "np.allclose(mse_grad(y, y_hat), 2 * (y_hat - y) / 3)",
    "linear_mse_grad": "len(linear_mse_grad(np.eye(3), y, y_hat, 0.0)) == 2",
}
TEST_FILE = """OK_FORMAT = True
test = {{"name": "{name}", "points": 1, "suites": [{{"cases": [{{"code": r'''
>>> import numpy as np
>>> y, y_hat = np.array([1.0, 2.0, 4.0]), np.array([3.0, 2.5, 1.0])
>>> bool({expression})
True
''', "hidden": False, "locked": False}}],
"scored": True, "setup": "", "teardown": "", "type": "doctest"}}]}}
"""


def main(submissions: int = SUBMISSIONS, pairs: int = PAIRS) -> None:
    """Print the throughput of both."""
    _make_environment()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        place = course.make(Path(folder) / "ours", figures=True, stock=False)
        course.hand_in(place, submissions)
        theirs = _assignment(Path(folder) / "otter")
        notebooks = sorted(
            (place / "classroom" / "submitted").glob(f"*/{course.UNIT}/{course.UNIT}.ipynb")
        )
        costs = [_pair(place, theirs, notebooks) for _ in range(pairs)]
    ours, otter = (measure.median([pair[i] / submissions for pair in costs]) for i in (0, 1))
    ratio = measure.median([pair[1] / pair[0] for pair in costs])
    print(
        f"lossgrad grade {ours:.2f} s each ({submissions} submissions, start included), "
        f"otter run {VERSION} {otter:.2f} s each, ratio {ratio:.1f}"
    )


def _pair(place: Path, theirs: Path, notebooks: list[Path]) -> tuple[float, float]:
    course.forget_grades(place)
    jobs = str(measure.PROCESSORS)
    ours = measure.run([course.tool("lossgrad"), "grade", course.UNIT, "--jobs", jobs], place).wall
    otter = str(ENVIRONMENT / "bin" / "otter")
    command = [otter, "run", "--autograder", "autograder.zip", "--no-logo"]
    return ours, sum(measure.run([*command, str(notebook)], theirs).wall for notebook in notebooks)


def _assignment(folder: Path) -> Path:
    (folder / "tests").mkdir(parents=True)
    for name, expression in TESTS.items():
        text = TEST_FILE.format(name=name, expression=expression)
        (folder / "tests" / f"{name}.py").write_text(text)
    (folder / "otter_config.json").write_text(json.dumps({"show_hidden": True}))
    for path in (
        course.ROOT / "exercises" / "selfcheck.py",
        course.ROOT / "exercises" / "data" / "hubble.csv",
    ):
        (folder / path.name).write_bytes(path.read_bytes())
    otter = str(ENVIRONMENT / "bin" / "otter")
    command = [
        otter,
        "generate",
        "-t",
        "tests",
        "-o",
        "autograder.zip",
        "-c",
        "otter_config.json",
        "--no-environment",
    ]
    subprocess.run(
        [*command, "selfcheck.py", "hubble.csv"], cwd=folder, check=True, capture_output=True
    )
    return folder


def _make_environment() -> None:
    if (ENVIRONMENT / "bin" / "otter").exists():
        return
    subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
    pip = str(ENVIRONMENT / "bin" / "pip")
    needed = [f"otter-grader=={VERSION}", "ipykernel", "matplotlib", "numpy"]
    subprocess.run([pip, "install", "--quiet", *needed], check=True)


if __name__ == "__main__":
    print(measure.machine())
    main()
