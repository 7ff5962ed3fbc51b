# SPDX-License-Identifier: GPL-2.0-only
"""The rows of `make bench`: what each measures and the most that Tine may take.

One table. A row's name is the figure that the guest's program prints, or one that
COMPUTED makes of others; `case` is what the guest must run for it, `memory` what its
machine has. Documentation/testing/bench.md says how to add a row.
"""
from dataclasses import dataclass


@dataclass
class Row:
    name: str
    what: str
    case: str = ""		# of guest/*.c; empty: measured another way
    limit: int = None		# the most, as printed
    part: float = None		# the most, in parts of Linux's figure of the same run
    memory: str = "256M"	# of the counted run
    unit: str = ""		# "" is time: instructions, or ticks where nothing is counted
    clock: bool = True		# has a wall-clock figure
    two: bool = True		# and one on two CPUs


ROWS = [
    Row("boot", "QEMU's start to the first line of /init", "", 100_000_000),
    Row("fork_small", "fork() call, small static parent", "small", 32_000),
    Row("fork_exit_small", "fork + exit + wait, small", "small", 73_000),
    Row("vfork_exit", "vfork + exit + wait", "vfork_exit", 22_000),
    Row("fork_exec", "fork + exec + wait", "fork_exec", 187_000),
    Row("vfork_exec", "vfork + exec + wait", "vfork_exec", 128_000),
    Row("spawn_shell", "posix_spawn of busybox sh -c true + wait", "spawn_shell", 480_000),
    Row("shell_each", "shell starting busybox true, each", "shell_each", None, 0.6),
    Row("thread", "pthread_create + join", "thread", 31_000),
    Row("sharing_call", "small fork(), sharing on / off", "sharing", 102, unit="%", clock=False),
    Row("sharing_whole", "the same + exit + wait", "sharing", 102, unit="%", clock=False),
    Row("cow_break", "copy-on-write break", "faults", 1_500),
    Row("anonymous_fault", "anonymous page, write", "faults", 1_400),
    Row("null_call", "null system call", "null_call", 120),
    Row("pipe_trip", "pipe round trip", "pipe_trip", None, 0.6),
    Row("futex_trip", "futex round trip", "futex_trip", None, 0.6),
    Row("signal_self", "signal to self and back", "signal_self", None, 0.6),
    Row("kB_idle_child", "memory per idle forked child", "idle_children", 32,
        unit="kB", clock=False),
    Row("chain_each", "1,000 processes in a chain, each", "chain", 150_000, memory="1G"),
    Row("fork_exit_threads_64", "fork + exit + wait among 64 threads", "fork_among", None, 0.4),
    Row("threads_64_fork", "64 threads that all fork + exit + wait, each", "all_fork"),
    Row("fork_files_10000", "fork() call, 10,000 descriptors", "descriptors", 100_000),
    Row("fork_exit_files_10000", "the same + exit + wait", "descriptors"),
    Row("fork_areas_2000", "fork() call, 2,010 areas", "areas_2000", 1_800_000, 0.25),
    Row("fork_areas_20000", "fork() call, 20,010 areas", "areas_20000", 19_000_000, 0.25),
    Row("leakme_round", "leakme, each round", "leakme", 8_000),
    Row("n_leakme_areas", "areas that it leaves", "leakme", 7, unit="", clock=False),
    Row("child_writes_1", "child writes 1 % of 256 MiB, exits", "child_writes_1", None, 1.0, "1G"),
    Row("child_writes_10", "child writes 10 %", "child_writes_10", None, 1.0, "1G"),
    Row("child_writes_100", "child writes 100 %", "child_writes_100", None, 1.0, "1G"),
    Row("fork_1M", "fork() call, 1 MiB touched", "fork_1M", memory="2G"),
    Row("fork_1024M", "fork() call, 1 GiB touched", "fork_1024M", 60_000, memory="2G"),
    Row("fork_exit_1024M", "the same + exit + wait", "fork_1024M", 120_000, memory="2G"),
    Row("growth", "growth of the call, 1 MiB to 1 GiB", "fork_1M,fork_1024M", 120, memory="2G",
        unit="%", clock=False),
    Row("kB_vmpte_1024M", "child's VmPTE after it", "child_tables", 32, memory="2G",
        unit="kB", clock=False),
    Row("fork_1024M_huge", "fork() call, 1 GiB, huge pages on Linux", "fork_1024M_huge", None, 0.15,
        "2G"),
    Row("fork_exit_1024M_huge", "the same + exit + wait", "fork_1024M_huge", None, 0.15, "2G"),
    Row("thread_chain_1000", "1,000 threads alive in a chain", "thread_chain", memory="2G", two=False),
    Row("thread_chain_10000", "10,000", "thread_chain", memory="2G", two=False),
    Row("thread_chain_20000", "20,000", "thread_chain", 800_000_000, memory="2G",
        two=False),
    Row("n_chain_20000", "how many of them were made", "thread_chain", memory="2G",
        unit="", clock=False),
    Row("linearity", "each of 20,000 / each of 1,000", "thread_chain", 125, memory="2G",
        unit="%", clock=False),
    Row("memory", "least memory to a shell", "", 16, unit="MiB", clock=False),
    Row("size", "kernel file (stripped vmlinux; bzImage)", "", 1_500_000, unit="bytes",
        clock=False),
]

# Forks per second, on two CPUs: more is better.
RATES = [
    ("n_rate_1_process", "1 process on 1 CPU"),
    ("n_rate_2_processes", "2 processes on 2 CPUs"),
    ("n_rate_1_thread", "1 of the 64 threads of a process, 2 CPUs"),
    ("n_rate_64_threads", "all of them"),
]
# Percent of the one before, turn by turn.
GAINS = [
    ("n_gain_compute", "2 processes that only compute / 1"),
    ("n_gain_processes", "2 processes / 1"),
    ("n_gain_threads", "64 threads / 1 of them"),
]


def percent(above, below, scale=1):
    def ratio(figures):
        if figures.get(above) is None or not figures.get(below):
            return None
        return round(figures[above] * 100 / figures[below] / scale)
    return ratio


COMPUTED = {
    "sharing_call": percent("fork_small_on", "fork_small_off"),
    "sharing_whole": percent("fork_exit_small_on", "fork_exit_small_off"),
    "growth": percent("fork_1024M", "fork_1M"),
    "linearity": percent("thread_chain_20000", "thread_chain_1000", 20),
}


def complete(figures):
    """Add what follows from the guest's figures."""
    for name, formula in COMPUTED.items():
        value = formula(figures)
        if value is not None:
            figures[name] = value


def limit_of(row, linux):
    """The most that Tine may take, or None."""
    limits = [row.limit] if row.limit is not None else []
    if row.part and linux:
        limits.append(int(row.part * linux))
    return min(limits) if limits else None


def selected(words):
    """The rows that a word names or, where none has that name, begins; all without words."""
    if not words:
        return ROWS
    names = [row.name for row in ROWS]
    found = set()
    for word in words:
        some = [word] if word in names else [name for name in names if name.startswith(word)]
        if not some and word != "scaling":
            raise SystemExit(f"ROWS: no row {word}; there are: {' '.join(names)} scaling")
        found.update(some)
    return [row for row in ROWS if row.name in found]
