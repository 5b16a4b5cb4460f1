"""Warm, walled Jupyter kernels.

`provisioner.WalledProvisioner` gives any Jupyter program kernels that are forked, ready to run,
from a *zygote*: a single-threaded process with the public libraries imported, started by exec
behind an outer wall (bubblewrap). Each fork raises inner walls of its own before the first byte of
foreign code runs.

The modules `zygote`, `warm_kernel`, `warming`, `cell_texts`, `piped_kernel`, `messages`,
`inner_walls`, `namespaces`, `supervisor`, `seccomp`, `landlock`, `limits`, `syscalls` and
`protocol` run inside and import nothing else of this project; the rest runs outside, in the trusted
process.
"""
