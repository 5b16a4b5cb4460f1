"""The right answers: one module of documented NumPy functions per unit; the known wrong ones."""
