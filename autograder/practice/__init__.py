"""Practice alone: `lossgrad practice`, and `%check mse_grad` in the notebook.

The learner's folder holds the released notebooks. Whenever one is saved, what changed is graded by
the same checks as in class, in a warm kernel, and the verdicts are shown with hints that grow with
the failed tries. Nothing of it needs nbgrader's gradebook or a network.

`released` makes the notebooks, `folder` hands them out, `needed` finds the cells that a task
depends on, `grader` checks tasks of a saved notebook, `progress` remembers, `ladder` decides what
is said after how many tries, `lessons` finds what it quotes, `screen` draws for the terminal and
`magics` for the notebook; `session` watches, with `lab` and `keys` beside it.
"""
