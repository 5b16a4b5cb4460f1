"""nbgrader's settings for this course. Start nbgrader and JupyterLab in this folder."""

import os
from pathlib import Path

from autograder import nbgrader_plugin

c = get_config()  # noqa: F821 (provided by traitlets)

here = Path(__file__).parent.absolute()

c.CourseDirectory.course_id = "lossgrad"
c.CourseDirectory.root = str(here / "classroom")

# Where assignments are handed out and in: the usual place if this machine has it, otherwise ours.
exchange = Path(os.environ.get("LOSSGRAD_EXCHANGE", "/srv/nbgrader/exchange"))
if not (exchange.is_dir() and os.access(exchange, os.W_OK)):
    exchange = here / "classroom" / "exchange"
c.Exchange.root = str(exchange)

nbgrader_plugin.configure(c)
