"""The wall of seccomp: which system calls this process and its children may never make.

The filter is written for libseccomp by `compile_filter` (in the trusted process, where the library
is) and loaded by `load` (in each fork, one system call).
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import struct

from . import syscalls

# Looking into other processes, changing what is mounted or who one is, new ways into the kernel,
# machine-wide settings, NUMA calls, which could disturb the neighbours, and memory that no resource
# limit counts.
FORBIDDEN = str.split("""
ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp pidfd_getfd mount
umount2 pivot_root chroot fsopen fsconfig fsmount fspick open_tree open_tree_attr move_mount
mount_setattr unshare setns keyctl add_key request_key bpf perf_event_open userfaultfd
io_uring_setup io_uring_enter io_uring_register io_setup kexec_load kexec_file_load init_module
finit_module delete_module open_by_handle_at name_to_handle_at quotactl quotactl_fd acct swapon
swapoff reboot syslog lookup_dcookie mbind migrate_pages move_pages set_mempolicy
set_mempolicy_home_node personality vhangup iopl ioperm modify_ldt settimeofday clock_settime
clock_adjtime adjtimex sethostname setdomainname fanotify_init memfd_create memfd_secret shmget
msgget semget mq_open
""")
# Without namespaces around it, a submission shares its user's processes, and sockets that lead out
# of here.
STARTS_PROCESSES = ("fork", "vfork", "execve", "execveat")
SIGNALS_OTHERS = (
    "kill",
    "tkill",
    "tgkill",
    "rt_sigqueueinfo",
    "rt_tgsigqueueinfo",
    "pidfd_send_signal",
)
REACHES_OTHERS = ("socket", "connect", "bind", "setpriority", "ioprio_set")
# Landlock does not look at these. They are ignored rather than refused, for shutil.copy and zmq's
# threads call them.
CHANGES_ATTRIBUTES = str.split("""
sched_setaffinity sched_setattr sched_setparam sched_setscheduler chmod fchmod fchmodat fchmodat2
chown fchown lchown fchownat utime utimes utimensat futimesat setxattr lsetxattr fsetxattr
setxattrat removexattr lremovexattr fremovexattr removexattrat file_setattr
""")
# Calls younger than most versions of libseccomp have one number on all architectures.
_YOUNG = {
    "process_mrelease": 448,
    "memfd_secret": 447,
    "quotactl_fd": 443,
    "set_mempolicy_home_node": 450,
    "fchmodat2": 452,
    "setxattrat": 463,
    "removexattrat": 466,
    "open_tree_attr": 467,
    "file_setattr": 469,
}
NEWEST_KNOWN = 470  # what Linux adds later is refused until somebody has looked at it

CLONE_THREAD = 0x10000
TIOCSTI, TIOCLINUX = 0x5412, 0x541C  # type into somebody's terminal
F_SETOWN, F_SETSIG, F_SETOWN_EX = 8, 10, 15  # signal somebody when a file is ready
FIOSETOWN, SIOCSPGRP = 0x8901, 0x8902
AF_UNIX, SOCK_DGRAM = 1, 2
_SET_MODE_FILTER = 1
_NAMESPACES = (
    syscalls.NEWNS,
    syscalls.NEWUTS,
    syscalls.NEWIPC,
    syscalls.NEWUSER,
    syscalls.NEWPID,
    syscalls.NEWNET,
    syscalls.NEWCGROUP,
)


def compile_filter(*, namespaces: bool = True, signal_scope: bool = False) -> bytes:
    """Return the filter as BPF instructions.

    `namespaces` says whether the submission has its own; without them it may start no processes,
    and without Landlock's scopes (`signal_scope`) signal none. Raises OSError if libseccomp is not
    on this host.
    """
    try:
        import pyseccomp
    except (ImportError, RuntimeError, OSError, AttributeError) as error:
        raise OSError("libseccomp is missing; install it (Debian: libseccomp2)") from error
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    refused = pyseccomp.ERRNO(errno.EPERM)

    def refuse(names, action=refused):
        for name in names:
            with contextlib.suppress(ValueError):  # a call that this architecture does not have
                rules.add_rule(action, _YOUNG.get(name, name))

    def refuse_if(name, place, how, *values):
        rules.add_rule(refused, name, pyseccomp.Arg(place, how, *values))

    refuse(FORBIDDEN)
    # The flags of clone3 lie behind a pointer, where no filter sees them; without it, libc uses
    # clone.
    refuse(["clone3"], pyseccomp.ERRNO(errno.ENOSYS))
    for flag in _NAMESPACES:
        refuse_if("clone", 0, pyseccomp.MASKED_EQ, flag, flag)
    for request in (TIOCSTI, TIOCLINUX):
        refuse_if("ioctl", 1, pyseccomp.MASKED_EQ, 0xFFFFFFFF, request)
    # It outlived its end.
    refuse_if("prctl", 0, pyseccomp.MASKED_EQ, 0xFFFFFFFF, syscalls.PR_SET_PDEATHSIG)
    refuse_if("prlimit64", 0, pyseccomp.NE, 0)  # limits of another process
    if namespaces:
        unsupported = pyseccomp.ERRNO(errno.EAFNOSUPPORT)
        rules.add_rule(unsupported, "socket", pyseccomp.Arg(0, pyseccomp.NE, AF_UNIX))
    else:
        refuse(STARTS_PROCESSES)
        refuse_if("clone", 0, pyseccomp.MASKED_EQ, CLONE_THREAD, 0)
        refuse(REACHES_OTHERS)
        # A pair of datagram sockets can send to any address.
        refuse_if("socketpair", 1, pyseccomp.MASKED_EQ, 0xF, SOCK_DGRAM)
        refuse_if("sendto", 4, pyseccomp.NE, 0)
        refuse(CHANGES_ATTRIBUTES, pyseccomp.ERRNO(0))
        if not signal_scope:
            refuse(SIGNALS_OTHERS)
            for command in (F_SETOWN, F_SETSIG, F_SETOWN_EX):
                refuse_if("fcntl", 1, pyseccomp.MASKED_EQ, 0xFFFFFFFF, command)
            for request in (FIOSETOWN, SIOCSPGRP):
                refuse_if("ioctl", 1, pyseccomp.MASKED_EQ, 0xFFFFFFFF, request)
    return _refuse_unknown() + _exported(rules)


def load(instructions: bytes) -> None:
    """Put this process, for good, under a filter that `compile_filter` made."""
    buffer = ctypes.create_string_buffer(instructions, len(instructions))
    program = struct.pack("HxxxxxxP", len(instructions) // 8, ctypes.addressof(buffer))
    syscalls.call("seccomp", _SET_MODE_FILTER, 0, program)


def _exported(rules) -> bytes:
    with os.fdopen(os.memfd_create("filter"), "w+b") as file:
        rules.export_bpf(file)
        file.flush()
        file.seek(0)
        return file.read()


def _refuse_unknown() -> bytes:
    """Return instructions, to stand before all others, that answer newer calls with ENOSYS."""
    load_number, greater, answer = 0x20, 0x25, 0x06
    unknown = 0x50000 | errno.ENOSYS
    program = ((load_number, 0, 0, 0), (greater, 0, 1, NEWEST_KNOWN), (answer, 0, 0, unknown))
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)
