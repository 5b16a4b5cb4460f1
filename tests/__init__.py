"""The tests; their names mirror the modules'."""
