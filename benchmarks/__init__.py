"""Measurements, each a ratio from one run on the same submissions. `make bench` runs them all."""
