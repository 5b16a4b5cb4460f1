"""Kernels whose first cells ran before the fork are like others, and know nothing of each other."""

import contextlib
import os
import select
import signal

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder import walls
from autograder.execution import Limits
from autograder.kernels import zygotes
from autograder.walled import WalledKernel
from tests.kernels.kernels import needs_namespaces
from tests.kernels.test_equality import CELLS, comparable

pytestmark = needs_namespaces

FILES = {"data.csv": b"1,2\n", "given.py": b"value = 7\n"}
# What forks would not have, each for itself.
NO_OPENING = {
    "a thread": "import threading\n"
    "threading.Thread(target=threading.Event().wait, daemon=True).start()",
    "a process": "import subprocess\nchild = subprocess.Popen(['sleep', '60'])",
    "a task": "import asyncio\ntask = asyncio.ensure_future(asyncio.sleep(60))",
    "a file": "open('notes.txt', 'w').close()",
    "a temporary file": "import tempfile\nkept = tempfile.NamedTemporaryFile(delete=False)",
    "shared memory": "open('/dev/shm/x', 'w').close()",
    "a changed file": "with open('data.csv', 'a') as data: _ = data.write('more')",
    "another directory": "import os\nos.chdir('/')",
    "an open file": "data = open('data.csv')",
    "a connection": "import socket\npair = socket.socketpair()",
    "raw output": "import os\n_ = os.write(1, b'raw')",
    "output of a child": "import os\n_ = os.system('echo from system')",
    "an error": "1 / 0",
    "no Python": "x = (",
    "an exit": "import sys\nsys.exit()",
    "the end": "import os\nos._exit(0)",
}

# Of the cells with which walled kernels are compared to stock ones: those that fail, write around
# Python's streams, or leave files or threads.
NEED_A_KERNEL = frozenset(
    """
    assertion|bash|bash error|bytes to stdout|c library|chained|descriptor|display hook|error
    exception group|exit|figure, then error|fork|import error|in a library|indentation|input
    interrupt|local module|magic error|multiprocessing|name error|numpy error|post mortem
    python child|read file|recursion|subprocess|suggestion|syntax error|system|writefile|xmode
    """.strip()
    .replace("\n    ", "|")
    .split("|")
)
SLOWEST = "figure that cannot be drawn"


@pytest.fixture(scope="module")
def zygote():
    return walls.start_zygote()


def opened(zygote, *cells, seconds=30.0):
    return zygote.opened(cells, FILES, seconds)


@contextlib.contextmanager
def kernel(*sources, opening, **settings):
    """Give a kernel to run these cells, the first `opening` of which have run before the fork."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    first = sources[:opening]
    with WalledKernel(notebook, FILES, Limits(**settings), None, first, FILES) as made:
        yield made


def outputs(*sources, opening=0):
    with kernel(*sources, opening=opening) as student:
        for index in range(len(sources)):
            student.run_cell(index)
        return [comparable(cell) for cell in student.notebook.cells]


def process_of(line):
    """Return a descriptor of the process in which the cells have run."""
    _, _, (handle, _), _ = line.end.peek()
    return os.dup(handle)


def has_ended(handle, seconds):
    waiting = select.poll()
    waiting.register(handle, select.POLLIN)
    return bool(waiting.poll(1000 * seconds))


def value(cell):
    """Return the text of a cell's value, or of what it printed."""
    return cell[1][1]["text/plain"] if cell[1][0] == "execute_result" else cell[1][2]


@pytest.mark.parametrize("name", NO_OPENING)
def test_cells_from_which_forks_could_not_go_on_run_in_each_kernel(zygote, name):
    cells = "before = 1", NO_OPENING[name]
    assert opened(zygote, *cells) is None
    assert ("execute_result", {"text/plain": "1"}, {}) in outputs(*cells, "before", opening=2)[2]


def test_cells_that_take_too_long_run_in_each_kernel(zygote):
    assert opened(zygote, "while True: pass", seconds=0.5) is None
    assert opened(zygote, "while True: pass", seconds=0.5) is None  # which is remembered
    assert opened(zygote, "x = 1") is not None


def test_outputs_are_those_of_cells_that_run_in_the_kernel(zygote):
    names = sorted(CELLS.keys() - {SLOWEST}, key=list(CELLS).index)
    names.sort(key=NEED_A_KERNEL.__contains__)
    cells = "import os, time", *map(CELLS.get, names)
    count = len(cells) - len(NEED_A_KERNEL)
    assert opened(zygote, *cells[:count]) is not None
    ran, begun = outputs(*cells), outputs(*cells, opening=count)
    different = [i for i in range(len(cells)) if ran[i] != begun[i]]
    assert {names[i - 1]: begun[i] for i in different} == {names[i - 1]: ran[i] for i in different}


def test_what_the_cells_made_is_there(zygote):
    cells = (
        "import given, logging, sys, matplotlib.pyplot as plt\nplt.rcParams['lines.linewidth'] = 9",
        "log = logging.getLogger('l')\nlog.addHandler(logging.StreamHandler(sys.stdout))\n'kept'",
    )
    after = (
        "given.value, plt.rcParams['lines.linewidth'], _, In[1][:12], Out",
        "log.warning('heard')",
    )
    assert opened(zygote, *cells) is not None
    assert outputs(*cells, *after, opening=2) == outputs(*cells, *after)
    assert value(outputs(*cells, *after, opening=2)[3]) == "heard\n"


def test_random_numbers_are_each_kernels_own_unless_the_cells_seeded_them():
    draw = "import random, numpy as np\nrandom.random(), np.random.random()"
    plain, seeded = "pass", "import random, numpy\nrandom.seed(1); numpy.random.seed(1)"
    numbers = [value(outputs(first, draw, opening=1)[1]) for first in (plain, plain, seeded)]
    assert len(set(numbers)) == 3
    assert numbers[2] == value(outputs(seeded, draw)[1])


def test_kernels_with_the_same_opening_know_nothing_of_each_other():
    """Neither of what another one changes, nor of its files, nor of the process they come from."""
    first = "import os, given\nshared = [1]"
    look = (
        "shared, given.value, sorted({*os.listdir()} - {'__pycache__'}),"
        " os.listdir('/tmp'), os.listdir('/dev/shm')"
    )
    spoil = (
        "shared.append(2); given.value = 0; os.remove('data.csv')\n"
        "for place in ('.', '/tmp', '/dev/shm'): open(f'{place}/x', 'w').close()"
    )
    with kernel(first, spoil, opening=1) as one, kernel(first, look, opening=1) as other:
        for index in range(2):
            one.run_cell(index)
            other.run_cell(index)
        seen = value(comparable(other.notebook.cells[1]))
        assert "x" not in eval(seen)[2]
        assert seen == value(outputs(first, look, opening=1)[1])
        assert seen == value(outputs(first, look)[1])


WALLS = """
import os, resource
status = open('/proc/self/status').read().splitlines()
kept = ('Cap', 'NoNewPrivs', 'Seccomp:', 'Uid', 'Gid', 'Groups', 'NSpid')
print([line for line in status if line.startswith(kept) and not line.startswith('NSpid')])
print(os.getpid(), [name for name in os.listdir('/proc') if name.isdigit()])
print([resource.getrlimit(limit) for limit in range(16)])
print(open('/proc/net/dev').read().count(':'), os.uname().nodename, os.environ)
for place in ('/', '/work', '/tmp', '/dev/shm', '/assignment', '/opt', '/proc/sys/kernel'):
    space = os.statvfs(place)
    print(place, space.f_flag, space.f_blocks, space.f_files, os.access(place, os.W_OK))
for call in (lambda: os.unshare(os.CLONE_NEWUSER) if hasattr(os, 'CLONE_NEWUSER') else None,
             lambda: os.setuid(0), lambda: os.chroot('/tmp'), lambda: os.kill(2, 9)):
    try: print(call())
    except OSError as error: print(error)
"""


def test_the_walls_are_those_of_other_kernels():
    begun, plain = (outputs("import os", WALLS, opening=count)[1] for count in (1, 0))
    assert begun == plain
    assert "'Seccomp:\\t2'" in value(begun)


def test_a_kernel_asked_for_another_cell_first_runs_what_it_is_asked():
    with kernel("x = 1", "x", opening=1) as student:
        student.notebook.cells[0].source = "x = 5"
        student.run_cell(0)
        student.run_cell(1)
        assert value(comparable(student.notebook.cells[1])) == "5"


def test_a_kernel_that_died_is_replaced_by_one_that_runs_the_cells_again():
    with kernel("x = 1\nprint('once')", "import os; os._exit(1)", "x", opening=1) as student:
        for index in range(3):
            student.run_cell(index)
        assert student.restarts == 1
        assert [len(cell.outputs) for cell in student.notebook.cells] == [1, 1, 1]
        assert value(comparable(student.notebook.cells[2])) == "1"


def test_openings_are_kept_and_the_one_used_longest_ago_ends(zygote):
    with kernel("x = 0", "x", opening=1) as running:
        lines = [opened(zygote, f"x = {number}") for number in range(zygotes.MOST_OPENINGS + 1)]
        assert opened(zygote, "x = 1") is lines[1]
        assert opened(zygote, "x = 0") is not lines[0]
        oldest = process_of(lines[0])
        del lines
        running.run_cell(0)
        running.run_cell(1)
        assert value(comparable(running.notebook.cells[1])) == "0"
        assert not has_ended(oldest, seconds=0)
    del running
    assert has_ended(oldest, seconds=10)
    os.close(oldest)


def test_a_lost_opening_is_made_again(zygote):
    line = opened(zygote, "x = 1")
    handle = process_of(line)
    signal.pidfd_send_signal(handle, signal.SIGKILL)
    assert has_ended(handle, seconds=10)
    os.close(handle)
    again = opened(zygote, "x = 1")
    assert again is not line
    assert again.alive
