# ruff: noqa: E501 (a cell a line)
"""Outputs of a walled kernel are those of a stock cold kernel."""

import asyncio
import re
import sys

from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from autograder.execution import _environment
from autograder.kernels import outer_wall
from autograder.kernels.client import PromptKernelManager
from autograder.kernels.settings import WallSettings
from autograder.kernels.specs import WalledKernelSpecs
from tests.kernels.kernels import FULL, kernel, needs_namespaces
from tests.listening import sockets

pytestmark = needs_namespaces

CELLS = {
    # ---- streams
    "print": "print('a'); print('b', end='')",
    "stderr": "import sys\nprint('e', file=sys.stderr)",
    "in turns": "for i in range(3):\n    print(i, flush=True); print(i, file=sys.stderr, flush=True)",
    "long line": "print('x' * 100_000)",
    "megabytes": "print('x' * 1_500_000)",
    "carriage return": "print('10%\\r20%\\r', end='')",
    "descriptor": "import os, time\n_ = os.write(1, b'raw\\n'); time.sleep(0.3)",
    "c library": "import ctypes\nlibc = ctypes.CDLL(None)\nlibc.puts(b'from c'); libc.fflush(None); time.sleep(0.3)",
    "logging": "import logging\nlogging.warning('careful')",
    "unicode": "print('αβγ ∂L/∂ŷ 😀')",
    "bytes to stdout": "_ = sys.stdout.write(b'x')",
    "print to closed": "print(sys.stdout.encoding, sys.stdout.isatty(), sys.stdin.isatty())",
    # ---- values
    "value": "1 + 1",
    "underscore": "_, Out[13] if 13 in Out else None",
    "nested": "{'a': [1, (2.5, None)], 'b': {1, 2}, 'c': list(range(60))}",
    "text": "'line\\nline'",
    "array": "import numpy as np\nnp.arange(12.).reshape(3, 4)",
    "large array": "np.arange(10_000)",
    "float": "np.float64(0.1), 0.1 + 0.2",
    "numpy error": "np.zeros(2) @ np.zeros(3)",
    "numpy warning": "np.log(np.zeros(1))",
    "numpy seterr": "np.geterr()",
    "dataclass": "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int = 1\nP()",
    "function": "def f(x):\n    'Double.'\n    return 2 * x\nf.__module__, f.__qualname__",
    "broken repr": "class Bad:\n    def __repr__(self): raise ValueError('no')\nBad()",
    "class repr": "class C: pass\nC",
    "semicolon": "5;",
    "none": "None",
    # ---- displays
    "html": "from IPython.display import *\ndisplay(HTML('<b>x</b>'))",
    "markdown and latex": "display(Markdown('*x*'), Latex('$x$'), Math('x'))",
    "json": "display(JSON({'a': 1}), metadata={'x': 1})",
    "update": "h = display('one', display_id='d1'); h.update('two')",
    "update elsewhere": "update_display('three', display_id='d1')",
    "clear": "print('gone'); clear_output(); print('kept')",
    "clear later": "print('gone'); clear_output(wait=True); print('kept')",
    "image": "Image(data=b'\\x89PNG\\r\\n\\x1a\\n' + b'0' * 20, format='png')",
    "svg": "SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')",
    "repr html": "class H:\n    def _repr_html_(self): return '<i>h</i>'\nH()",
    "mimebundle": "class M:\n    def _repr_mimebundle_(self, **_): return {'text/plain': 'm', 'text/x': 'y'}\nM()",
    # ---- figures
    "left by no one": "import matplotlib.pyplot as plt\nfrom matplotlib_inline.backend_inline import show\nplt.get_fignums(), show._to_draw, show._draw_called, plt.colormaps(), sorted((k, repr(v)) for k, v in plt.rcParams.items())",
    "figure": "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2]);",
    "figure and value": "plt.plot([1, 2])[0].get_color()",
    "show": "plt.plot([2, 1]); plt.show(); print('after')",
    "two figures": "plt.figure(); plt.plot([1]); plt.figure(); plt.title('$x^2$');",
    "subplots": "fig, axes = plt.subplots(1, 2, figsize=(4, 2)); axes[0].hist([1, 2, 2]); axes[1].imshow([[0, 1]]);",
    "figure as value": "fig",
    "text in a figure": "plt.figure(); plt.text(.5, .5, r'$\\frac{\\partial L}{\\partial w}$'); plt.xlabel('loss äöü');",
    "shared axes": "fig, (a, b) = plt.subplots(2, 1, sharex=True, layout='constrained'); a.loglog([1, 9], [.1, 1e5], 'o-', label='x'); a.legend(); b.semilogx([1, 2], [1e9, 1e9 + 1]); a.axvline(3); b.minorticks_on();",
    "kinds of axes": "fig = plt.figure(layout='tight'); fig.add_subplot(131, projection='polar').plot([1, 2]); fig.add_subplot(132, projection='3d'); plt.colorbar(fig.add_subplot(133).contourf([[1, 2], [2, 3]]));",
    "boxed text": "plt.bar(['a', 'b'], [2, 1]); plt.text(0, 1, 'box\\nbox', bbox={'fc': 'w'}, rotation=30); plt.annotate('here', (1, 1), (0, 0), arrowprops={'arrowstyle': '->'}); plt.xticks(rotation=45);",
    "own formatter": "from matplotlib import ticker\ndef said(x, _):\n    print(end='.')\n    return f'<{x:g}>'\nplt.plot([1, 2]); plt.gca().xaxis.set_major_formatter(said);",
    "own part": "from matplotlib.lines import Line2D\nclass Noisy(Line2D):\n    def draw(self, renderer):\n        print('drawn'); self.axes.set_title('late'); super().draw(renderer)\nplt.gca().add_line(Noisy([0, 1], [0, 1]));",
    "own drawing": "usual = Line2D.draw\nLine2D.draw = lambda self, renderer: print(end='-') or usual(self, renderer)\nplt.plot([1, 2]); plt.show()\nLine2D.draw = usual",
    "glyph missing": "plt.title('\\u4e2d');",
    "glyph missing again": "plt.title('\\u4e2d');",
    "figure that cannot be drawn": "plt.title('$\\\\frac{$');",
    "drawn as usual": "import warnings\nLine2D.draw is usual, warnings.warn.__module__",
    "svg format": "%config InlineBackend.figure_formats = ['svg']\nplt.plot([1]);",
    "retina": "%config InlineBackend.figure_formats = ['retina']\nplt.plot([1]);",
    "png again": "%config InlineBackend.figure_formats = ['png']\nplt.rcParams['figure.dpi'], plt.get_backend()",
    "matplotlib magic": "%matplotlib inline\nplt.rcParams['figure.figsize'] = (3, 2)\nplt.plot([1]);",
    "figure, then error": "plt.plot([1]); 1 / 0",
    "left open": "plt.get_fignums()",
    # ---- errors
    "error": "def inner(): return {}['k']\ninner()",
    "chained": "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise ValueError('then') from e",
    "in a library": "import json\njson.loads('{')",
    "syntax error": "def broken(:\n    pass",
    "indentation": "if True:\nprint(1)",
    "name error": "undefined_name",
    "suggestion": "np.aranje(3)",
    "assertion": "assert 1 == 2, 'not equal'",
    "recursion": "def r(n): return r(n + 1)\nr(0)",
    "import error": "import no_such_module",
    "exit": "sys.exit(3)",
    "interrupt": "raise KeyboardInterrupt",
    "exception group": "raise ExceptionGroup('g', [ValueError(1), TypeError(2)])",
    "input": "input('name? ')",
    "warning": "import warnings\nwarnings.warn('careful')",
    "deprecation": "warnings.warn('old', DeprecationWarning)",
    "syntax warning": "1 is 1",
    # ---- IPython
    "shell": "!echo from shell",
    "shell value": "x = !echo a; echo b\nx",
    "shell error": "!exit 3\n_exit_code",
    "bash": "%%bash\necho out; echo err >&2",
    "bash error": "%%bash\nexit 2",
    "system": "os.system('echo from system'); time.sleep(0.3)",
    "subprocess": "import subprocess\nsubprocess.run(['echo', 'child']); time.sleep(0.3)",
    "python child": "!python -c 'import numpy; print(numpy.ones(2))'",
    "who": "%who",
    "who types": "%whos int",
    "history": "%history -n 1-3",
    "capture": "%%capture kept\nprint('captured')",
    "captured": "kept.stdout",
    "writefile": "%%writefile note.txt\nhello",
    "read file": "%cat note.txt",
    "local module": "_ = open('mine.py', 'w').write('v = 7')\nimport mine\nmine.v",
    "directory": "%pwd\nos.path.basename(os.getcwd()) != ''",
    "help": "f?",
    "source": "f??",
    "missing help": "no_such_name?",
    "magic error": "%no_such_magic",
    "automagic": "%automagic",
    "precision": "%precision 3\n3.14159265",
    "precision off": "%precision\n3.14159265",
    "await": "import asyncio\nawait asyncio.sleep(0.01, 'awaited')",
    "running loop": "asyncio.get_running_loop().is_running()",
    "thread": "import threading\nt = threading.Thread(target=print, args=('thread',)); t.start(); t.join()",
    "fork": "sys.stdout.flush()\nif os.fork() == 0:\n    os.write(1, b'child\\n'); os._exit(0)\n_ = os.wait(); time.sleep(0.3)",
    "multiprocessing": "import multiprocessing as mp\nwith mp.get_context('fork').Pool(2) as p: print(p.map(abs, [-1, 2]))",
    "pool": "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(4) as e: print(list(e.map(abs, [-3])))",
    "names": "sorted(n for n in globals() if not n.startswith('_'))[:12], __name__",
    "underscored names": "[n for n in globals() if n.startswith('__')]",
    "builtins": "len(dir(__builtins__))",
    "argv": "sys.argv[1], os.path.basename(sys.argv[0])",
    "version": "sys.version_info[:2], np.__version__",
    "paths": "[path or 'here' for path in sys.path if 'lib' in path or not path], sys.flags",
    "recursion limit": "sys.getrecursionlimit()",
    "signal": "import signal\nsignal.getsignal(signal.SIGINT).__name__, signal.getsignal(signal.SIGALRM)",
    "garbage": "import gc\ngc.isenabled(), gc.get_threshold()",
    "count": "get_ipython().execution_count",
    "in": "In[1]",
    "main module": "import __main__\n__main__.np is np",
    "pickle": "import pickle\npickle.loads(pickle.dumps(P()))",
    "pdb": "%pdb on\n%pdb off",
    "post mortem": "%xmode Plain\n1 / 0",
    "xmode": "%xmode Context\n1 / 0",
    "locale": "import locale\nlocale.getpreferredencoding(), sys.getfilesystemencoding()",
    "time zone": "import time\ntime.tzname",
    "random": "import random\nrandom.seed(1); np.random.seed(1); random.random(), np.random.rand()",
    "generator": "np.random.default_rng(1).normal()",
    "thread count": "os.environ['OMP_NUM_THREADS'], os.environ.get('MPLBACKEND')",
    "display hook": "import builtins\nbuiltins._",
    "comm": "from comm import create_comm\ncreate_comm(target_name='t').comm_id != ''",
    "last": "print('end')",
}


def outputs_of_both(folder):
    """Return the cells' outputs in a cold and in a walled kernel."""
    walled = PromptKernelManager(kernel_spec_manager=WalledKernelSpecs())

    async def both(cold):
        return await asyncio.gather(
            outputs_of(
                cold,
                cwd=str(folder),
                env=_environment(folder),
                extra_arguments=["--HistoryManager.hist_file=:memory:"],
            ),
            outputs_of(walled, walls=WallSettings()),
        )

    with sockets() as settings:
        return asyncio.run(both(AsyncKernelManager(kernel_name="python3", config=settings)))


async def outputs_of(manager, **start):
    notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS.values()])
    client = NotebookClient(notebook, km=manager, allow_errors=True, timeout=60)
    await manager.start_kernel(**start)
    await client.async_start_new_kernel_client()
    try:
        for index, cell in enumerate(notebook.cells):
            await client.async_execute_cell(cell, index)
    finally:
        client.kc.stop_channels()
        await manager.shutdown_kernel(now=True)
    return dict(zip(CELLS, [comparable(cell) for cell in notebook.cells], strict=True))


def comparable(cell):
    """Return a cell's outputs without what differs between any two kernels: addresses, process numbers, places."""
    parts = [cell.execution_count]
    for output in cell.outputs:
        kind = output.output_type
        if kind == "stream" and len(parts) > 1 and parts[-1][:2] == (kind, output.name):
            parts[-1] = (kind, output.name, parts[-1][2] + settled(output.text))
        elif kind == "stream":
            parts.append((kind, output.name, settled(output.text)))
        elif kind == "error":
            parts.append(
                (kind, output.ename, settled(output.evalue), settled("\n".join(output.traceback)))
            )
        else:
            data = {name: settled(value) for name, value in output.data.items()}
            parts.append((kind, data, dict(output.metadata)))
    return parts


PLACES = {
    outer_wall.ENVIRONMENT: "PREFIX",
    outer_wall.PYTHON: "BASE",
    sys.prefix: "PREFIX",
    sys.base_prefix: "BASE",
}


def settled(text):
    if not isinstance(text, str):
        return text
    for place, name in PLACES.items():
        text = text.replace(place, name)
    text = re.sub(r"0x[0-9a-f]+", "ADDRESS", text)
    text = re.sub(r"ipykernel_\d+", "ipykernel_PID", text)
    text = re.sub(r"\bp[0-9a-f]{10}\b|\bm[0-9a-f]{10}\b|#[pm][0-9a-f]{10}", "ID", text)  # in SVG
    return re.sub(r"<dc:date>.*?</dc:date>", "", text)


def test_outputs_are_those_of_a_cold_kernel(tmp_path):
    cold, walled = outputs_of_both(tmp_path)
    different = [name for name in CELLS if walled[name] != cold[name]]
    assert {name: walled[name] for name in different} == {name: cold[name] for name in different}


# What differs, on purpose.
DIFFERENCES = {
    "os.getpid() == 1": "True",  # the first process of its own namespace
    "os.environ['HOME'], os.getcwd()": "('/work', '/work')",  # a folder of its own, wherever the notebook lies
    "os.cpu_count() > 0 and os.path.exists('/etc/passwd')": "False",  # nothing of the host
    "os.kill(os.getpid(), 9)": "",  # a first process cannot kill itself by a signal; it goes on
}


def test_known_differences():
    with kernel(FULL) as started:
        said = {code: started.run(f"import os\n{code}") for code in DIFFERENCES}
        assert started.alive
    assert said == DIFFERENCES
