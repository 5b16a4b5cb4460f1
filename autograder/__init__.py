"""lossgrad: an auto-graded course on the losses of machine learning and their gradients."""

__version__ = "0.1.0"
