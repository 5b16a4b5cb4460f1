"""The wall of seccomp: which system calls this process and its children may never make.

The filter is written for libseccomp by `compile_filter` (in the trusted process, where the library is) and loaded by
`load` (in each fork, one system call).
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import struct

from . import syscalls

# Looking into other processes, changing what is mounted or who one is, new ways into the kernel, machine-wide
# settings, and NUMA calls, which could disturb the neighbours.
FORBIDDEN = """
ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_getfd
mount umount2 pivot_root chroot fsopen fsconfig fsmount fspick open_tree move_mount mount_setattr
unshare setns keyctl add_key request_key bpf perf_event_open userfaultfd
io_uring_setup io_uring_enter io_uring_register
kexec_load kexec_file_load init_module finit_module delete_module open_by_handle_at name_to_handle_at
quotactl acct swapon swapoff reboot syslog lookup_dcookie mbind migrate_pages move_pages set_mempolicy
personality vhangup iopl ioperm modify_ldt settimeofday clock_settime clock_adjtime adjtimex
sethostname setdomainname fanotify_init
""".split()
SIGNALS_OTHERS = ("kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_send_signal")
STARTS_PROCESSES = ("fork", "vfork", "execve", "execveat")
CLONE_THREAD = 0x10000
TIOCSTI = 0x5412  # types into somebody's terminal
AF_UNIX = 1
_SET_MODE_FILTER = 1


def compile_filter(*, allow_processes: bool = True, allow_signals: bool = True) -> bytes:
    """Return the filter as BPF instructions.

    Without a namespace of processes around it, a submission may start none, and without Landlock's
    scopes signal none. Raises OSError if libseccomp is not on this host.
    """
    try:
        import pyseccomp
    except (ImportError, RuntimeError, OSError, AttributeError) as error:
        raise OSError("libseccomp is missing; install it (Debian: libseccomp2)") from error
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    refused = pyseccomp.ERRNO(errno.EPERM)
    for name in FORBIDDEN:
        with contextlib.suppress(ValueError):  # a call that this architecture or libseccomp does not know
            rules.add_rule(refused, name)
    # The flags of clone3 lie behind a pointer, where no filter sees them; without it, libc uses clone.
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    for flag in _NAMESPACES:
        rules.add_rule(refused, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
    rules.add_rule(refused, "ioctl", pyseccomp.Arg(1, pyseccomp.MASKED_EQ, 0xFFFFFFFF, TIOCSTI))
    rules.add_rule(pyseccomp.ERRNO(errno.EAFNOSUPPORT), "socket", pyseccomp.Arg(0, pyseccomp.NE, AF_UNIX))
    if not allow_signals:
        for name in SIGNALS_OTHERS:
            with contextlib.suppress(ValueError):
                rules.add_rule(refused, name)
    if not allow_processes:
        for name in STARTS_PROCESSES:
            with contextlib.suppress(ValueError):
                rules.add_rule(refused, name)
        rules.add_rule(refused, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, CLONE_THREAD, 0))
    with os.fdopen(os.memfd_create("filter"), "w+b") as file:
        rules.export_bpf(file)
        file.flush()
        file.seek(0)
        return file.read()


def load(instructions: bytes) -> None:
    """Put this process, for good, under a filter that `compile_filter` made."""
    buffer = ctypes.create_string_buffer(instructions, len(instructions))
    program = struct.pack("HxxxxxxP", len(instructions) // 8, ctypes.addressof(buffer))
    syscalls.call("seccomp", _SET_MODE_FILTER, 0, program)


_NAMESPACES = (
    syscalls.NEWNS,
    syscalls.NEWUTS,
    syscalls.NEWIPC,
    syscalls.NEWUSER,
    syscalls.NEWPID,
    syscalls.NEWNET,
    syscalls.NEWCGROUP,
)
