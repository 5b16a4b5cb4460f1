"""Kernels that are ready at once."""

from types import SimpleNamespace

import pytest

from autograder import nodes
from autograder.execution import Limits
from autograder.kernels import host
from autograder.practice import kernels
from autograder.walled import WalledKernel


def test_behind_walls_where_they_can_be_built(monkeypatch):
    monkeypatch.setattr(kernels.walls, "start_zygote", lambda: SimpleNamespace(await_start=int))
    monkeypatch.setattr(kernels.zygotes, "close_all", lambda: None)
    with kernels.warm_kernels() as open_kernel:
        assert open_kernel is WalledKernel


def test_elsewhere_one_is_started_ahead_for_each_notebook(monkeypatch):
    def impossible():
        raise host.NoWalls("none here")

    monkeypatch.setattr(kernels.walls, "start_zygote", impossible)
    with kernels.warm_kernels() as open_kernel:
        for number in (1, 2):
            source = f"assert 'x' not in globals(); x = {number}; import mine\ndef f(): return x"
            notebook = nodes.notebook([nodes.code_cell(source, "cell")])
            with open_kernel(notebook, {"mine.py": b"y = 1"}, Limits()) as kernel:
                kernel.run_cell(0)
                assert notebook.cells[0].outputs == []
                (outcome,) = kernel.call([("f", ())])
                assert outcome.value == pytest.approx(number)
