"""What a zygote does once so that no kernel has to: first uses, which load and remember things."""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
from pathlib import Path

# A cell of each common kind; together they load what NumPy loads on first use.
CELLS = (
    "def f(a):\n    return [b * a for b in range(9)]\n1 + f(2)[0]",
    "import numpy as np\nprint(np.array([[1.0, 2.5], [3, 4]]), np.arange(3), np.float64(1) / 3)",
    "np.linalg.norm(np.random.default_rng(0).normal(size=3)), np.linalg.solve(np.eye(2), [1, 2])",
    "print(np.loadtxt({table!r}, delimiter=',', skiprows=1, unpack=True)[0].mean())",
)


def warm_cells(shell) -> None:
    """Run a few cells and format a traceback; leave nothing of them behind."""
    before = set(shell.user_ns)
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        table = Path(folder, "table.csv")
        table.write_text("x,y\n1,2\n3,4\n")
        for cell in CELLS if "numpy" in sys.modules else CELLS[:1]:
            result = shell.run_cell(cell.replace("{table!r}", repr(str(table))), silent=True)
            result.raise_error()
    for name in set(shell.user_ns) - before:
        del shell.user_ns[name]
    shell.last_execution_result = None
    try:
        raise ValueError("warm")
    except ValueError:
        shell.InteractiveTB.structured_traceback(*sys.exc_info())


def warm_figures(shell) -> None:
    """Draw a figure of each common kind, as it is drawn inline.

    Raises RuntimeError if inline figures would not work.
    """
    import matplotlib.pyplot as plt
    import matplotlib_inline.backend_inline as inline
    from IPython.core.pylabtools import print_figure

    figure = plt.figure()
    axes = figure.add_subplot(title="x")
    axes.plot([1, 2])
    axes.text(1, 1, r"$x^2$")
    print_figure(figure, base64=True)
    plt.close("all")
    if inline.flush_figures not in shell.events.callbacks["post_execute"]:
        raise RuntimeError("inline figures are not hooked into the shell")
    inline.show._to_draw, inline.show._draw_called = [], False
