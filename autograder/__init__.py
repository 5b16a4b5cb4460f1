"""lossgrad: an auto-graded course on the losses of machine learning and their gradients."""

import sys

# At import, jsonschema has a parser of international addresses compiled, which takes seconds.
sys.modules.setdefault("rfc3987_syntax", None)

__version__ = "0.1.0"
