"""Walled kernels in any Jupyter program: started by kernelspec, interrupted, restarted, ended."""

import asyncio
import json
import os
import sys
import threading
import time
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager, KernelManager
from jupyter_client.provisioning import KernelProvisionerFactory

from autograder.kernels import cgroups, provisioner, zygotes
from autograder.kernels.settings import WallSettings
from autograder.kernels.specs import PROVISIONER
from tests.kernels.kernels import (
    FULL,
    Kernel,
    kernel,
    needs_namespaces,
    numbers,
    processes_with,
    run,
    within,
    without,
)

pytestmark = needs_namespaces


def test_entry_point_is_found():
    assert PROVISIONER in KernelProvisionerFactory.instance().get_provisioner_entries()


def test_kernelspec_starts_a_walled_kernel_in_a_stock_program(tmp_path):
    """With the stock, blocking manager and client, and nothing of ours but the name in the spec."""
    folder = tmp_path / "kernels" / "walled"
    folder.mkdir(parents=True)
    config = {"allowance": {"processes": 33}}
    spec = {
        "argv": [],
        "display_name": "Walled",
        "language": "python",
        "metadata": {"kernel_provisioner": {"provisioner_name": PROVISIONER, "config": config}},
    }
    (folder / "kernel.json").write_text(json.dumps(spec))
    specs = KernelSpecManager(kernel_dirs=[str(folder.parent)])
    manager = KernelManager(kernel_name="walled", kernel_spec_manager=specs)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=30)
        printed = []
        code = "import os, resource as r; print(r.getrlimit(r.RLIMIT_NPROC)[0], os.getcwd())"
        client.execute_interactive(
            code, output_hook=lambda m: printed.append(m["content"].get("text", "")), timeout=30
        )
        assert "33 /work" in "".join(printed)
        said = client.kernel_info(reply=True, timeout=10)
        assert said["content"]["language_info"]["name"] == "python"
        assert manager.is_alive()
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert not manager.is_alive()


def test_interrupt():
    with kernel() as started:
        timer = threading.Timer(0.3, lambda: started.loop.call_soon_threadsafe(interrupt, started))
        timer.start()
        said = started.run("import time\nprint('on')\nwhile True: time.sleep(0.01)")
        assert said == "on\nKeyboardInterrupt"
        assert started.run("1 + 1") == "2"


def interrupt(started):
    started.task = started.loop.create_task(started.manager.interrupt_kernel())


def test_restart_begins_anew_with_the_same_files():
    with kernel(FULL, {"data.csv": b"1"}) as started:
        assert (
            started.run("x = 1; open('data.csv', 'w').write('2'); open('more', 'w').close()") == ""
        )
        started.await_(started.manager.restart_kernel(now=True))
        # The same client, on the same addresses.
        started.await_(started.client.wait_for_ready(timeout=30))
        assert started.run(
            "print('x' in globals(), open('data.csv').read(), __import__('os').listdir())"
        ) == ("False 1 ['data.csv']\n")


def test_kernels_beside_one_another():
    kernels = [Kernel(FULL) for _ in range(3)]
    try:
        for number, one in enumerate(kernels):
            one.run(f"x = {number}")
        assert [one.run("x") for one in kernels] == ["0", "1", "2"]
        assert len({one.provisioner._zygote.run for one in kernels}) == 1
    finally:
        for one in kernels:
            one.close()


def test_inline_figure():
    async def figure(started):
        client, found = started.client, []
        hook = lambda message: found.append(message["content"].get("data", {}))  # noqa: E731
        code = "import matplotlib.pyplot as plt; plt.plot([1, 2]);"
        await client.execute_interactive(code, output_hook=hook, timeout=30)
        return [data for data in found if "image/png" in data]

    with kernel(WallSettings(allowance=FULL.allowance)) as started:
        assert len(started.await_(figure(started))) == 1


def test_nothing_is_left():
    marker = str(next(numbers))
    mounts = Path("/proc/self/mounts").read_text()
    descriptors = len(os.listdir("/proc/self/fd"))
    with zygotes.Zygote(FULL) as zygote:
        inside = zygote.run
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(zygotes, "zygote_for", lambda *_: zygote)
            with kernel() as started:
                started.run(f"import subprocess; p = subprocess.Popen(['sleep', '{marker}'])")
                folder = started.provisioner.folder
                assert processes_with(marker)
            assert not processes_with(marker)
            assert not folder.exists()
        child = zygote._process.pid
        assert zygote.alive
    assert not inside.exists()
    assert not Path(f"/proc/{child}").exists()
    assert Path("/proc/self/mounts").read_text() == mounts
    assert within(2, lambda: len(os.listdir("/proc/self/fd")) <= descriptors)


def test_ending_waits_for_no_clock():
    """Starting and ending costs little processor time, and no polling of a tenth of a second."""
    with kernel():
        pass
    started = time.process_time(), time.perf_counter()
    for _ in range(5):
        with kernel():
            pass
    cpu, wall = time.process_time() - started[0], time.perf_counter() - started[1]
    assert cpu / 5 < 0.2
    assert wall / 5 < 2


def test_kernel_that_ends_by_itself_is_noticed():
    with kernel() as started:
        assert started.run("import os; os._exit(3)").endswith("DIED")
        assert not started.alive


def test_zygote_that_died_is_replaced():
    with kernel() as started:
        first = started.provisioner._zygote
    first._process.kill()
    first._process.wait()
    assert run("1") == "1"


def test_zygote_outlives_the_thread_that_started_it():
    settings = FULL.__class__(preload=(), environment={"STARTED_BY": "a thread"})
    thread = threading.Thread(target=zygotes.zygote_for, args=(settings,))
    thread.start()
    thread.join()
    assert run("1", settings) == "1"


def test_walls_that_cannot_be_raised_end_the_start_with_the_reason(monkeypatch):
    monkeypatch.setattr(
        zygotes.Zygote, "_request", lambda *_: {"key": "", "seed": 0, "ip": "", "own": "/nowhere"}
    )
    descriptors = len(os.listdir("/proc/self/fd"))
    with pytest.raises(RuntimeError, match=r"died while it started: .*nowhere"):
        run("", without("mount"))
    assert within(2, lambda: len(os.listdir("/proc/self/fd")) <= descriptors + 8)


def test_control_group_of_a_kernel_is_made_and_ended(tmp_path, monkeypatch):
    """Against a folder in the place of a delegated group: the kernel's limits and itself."""
    monkeypatch.setattr(cgroups, "delegated", lambda: tmp_path)
    plain = cgroups.make

    def make(*arguments):
        group = plain(*arguments)
        (group.path / "cgroup.procs").touch()
        return group

    monkeypatch.setattr(provisioner.cgroups, "make", make)
    monkeypatch.setattr(cgroups, "SECONDS_TO_EMPTY", 0.0)
    with kernel() as started:
        group = started.provisioner.group.path
        assert (group / "cgroup.procs").read_text() == "0"
        assert (group / "memory.max").read_text() == str(FULL.allowance.memory * 2**20)
        assert (group / "pids.max").read_text() == str(FULL.allowance.processes)
    assert (group / "cgroup.kill").read_text() == "1"


def test_manager_of_another_loop_is_not_blocked_by_a_first_start():
    """A zygote starts in seconds; other tasks of a server go on meanwhile."""
    settings = FULL.__class__(preload=(), environment={"STARTED": "alone"})
    ticks = []

    async def tick():
        while True:
            ticks.append(time.perf_counter())
            await asyncio.sleep(0.01)

    async def start():
        ticking = asyncio.create_task(tick())
        from autograder.kernels.specs import WalledKernelSpecs

        manager = AsyncKernelManager(kernel_spec_manager=WalledKernelSpecs())
        await manager.start_kernel(walls=settings)
        ticking.cancel()
        await manager.shutdown_kernel(now=True)

    asyncio.run(start())
    assert len(ticks) > 10, sys.version
