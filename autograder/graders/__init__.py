"""The hidden checks, one module per unit: ordinary pytest files, run by `autograder.tasks`."""
