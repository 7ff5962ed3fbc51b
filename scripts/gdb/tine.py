# SPDX-License-Identifier: GPL-2.0-only
"""Commands for gdb on a running Tine (make gdb): help user-defined lists them.

tine-tasks            every task: pid, state, CPU, kernel stack
tine-vmas PID         the areas of a task's address space
tine-walk PID ADDR    the page-table entries on the way to an address
tine-slab             the object caches
tine-locks            locks held by each task (CONFIG_DEBUG_LOCKRANK)
tine-stack PID        a sleeping task's kernel backtrace
"""
import gdb

DIRECT_MAP = 0xffff888000000000
ENTRY_ADDRESS = 0x000ffffffffff000
FLAG_NAMES = [(1, "present"), (2, "writable"), (4, "user"), (0x20, "accessed"), (0x40, "dirty"),
              (0x80, "large"), (0x100, "global"), (1 << 63, "no-execute")]


def member_offset(type_name, member):
    for field in gdb.lookup_type(type_name).fields():
        if field.name == member:
            return field.bitpos // 8
    raise gdb.GdbError(f"{type_name} has no member {member}")


def list_entries(head, type_name, member):
    """The structures on a list_head, the head's own left out."""
    pointer, offset = gdb.lookup_type(type_name).pointer(), member_offset(type_name, member)
    node = head["next"]
    while node != head.address:
        yield gdb.Value(int(node) - offset).cast(pointer)
        node = node["next"]


def tasks():
    """Every thread of every process, the idle task of the boot CPU first."""
    init = gdb.parse_and_eval("&init_task")
    yield init
    for leader in list_entries(init["tasks"], "struct task_struct", "tasks"):
        signal = leader["signal"]
        if not signal:
            yield leader
            continue
        yield from list_entries(signal["thread_head"], "struct task_struct", "thread_node")


def find_task(pid):
    for task in tasks():
        if int(task["pid"]) == int(pid):
            return task
    raise gdb.GdbError(f"no task has pid {pid}")


def name(task):
    return task["comm"].string(errors="replace")


def state(task):
    value, exited = int(task["state"]), int(task["exit_state"])
    if exited:
        return "Z" if exited & 0x20 else "X"
    return {0: "R", 1: "S", 2: "D", 4: "T", 8: "t"}.get(value & 0xf, hex(value))


class Command(gdb.Command):
    """A command named after its class's `command`."""

    def __init__(self):
        super().__init__(self.command, gdb.COMMAND_USER)

    def invoke(self, text, from_tty):
        self.run(*gdb.string_to_argv(text))


class Tasks(Command):
    """tine-tasks: every task"""
    command = "tine-tasks"

    def run(self):
        print(f"{'task':18} {'pid':>6} {'tgid':>6} s cpu {'stack':18} name")
        for task in tasks():
            print(f"{int(task):#018x} {int(task['pid']):6} {int(task['tgid']):6} {state(task)} "
                  f"{int(task['cpu']):3} {int(task['stack']):#018x} {name(task)}")


class Vmas(Command):
    """tine-vmas PID: the areas of an address space"""
    command = "tine-vmas"

    def run(self, pid):
        mm = find_task(pid)["mm"]
        if not mm:
            raise gdb.GdbError(f"{pid} has no address space: it is a kernel thread or a zombie")
        vma = mm["mmap"]
        while vma:
            flags, file = int(vma["vm_flags"]), vma["vm_file"]
            mode = "".join(letter if flags & bit else "-" for bit, letter in
                           ((1, "r"), (2, "w"), (4, "x"), (8, "s")))
            print(f"{int(vma['vm_start']):012x}-{int(vma['vm_end']):012x} {mode} "
                  f"flags {flags:#x} " + (f"file {int(file):#x}" if file else "anonymous"))
            vma = vma["vm_next"]


class Walk(Command):
    """tine-walk PID ADDRESS: the page-table entries on the way to an address"""
    command = "tine-walk"

    def run(self, pid, address):
        mm, address = find_task(pid)["mm"], int(gdb.parse_and_eval(address))
        table = int(mm["pgd"]) if mm else int(gdb.parse_and_eval("(unsigned long)init_mm.pgd"))
        for level, shift in (("pgd", 39), ("pud", 30), ("pmd", 21), ("pte", 12)):
            slot = table + 8 * (address >> shift & 511)
            entry = int(gdb.parse_and_eval(f"*(unsigned long *){slot:#x}")) & (1 << 64) - 1
            flags = " ".join(text for bit, text in FLAG_NAMES if entry & bit)
            print(f"{level} at {slot:#x}: {entry:#018x} {flags or 'empty'}")
            if not entry & 1 or entry & 0x80 and level != "pte":
                return
            table = DIRECT_MAP + (entry & ENTRY_ADDRESS)


class Slab(Command):
    """tine-slab: the object caches"""
    command = "tine-slab"

    def run(self):
        print(f"{'cache':24} {'size':>6} {'slabs':>6} {'out of slabs':>12} {'of a slab':>9}")
        head = gdb.parse_and_eval("slab_caches")
        for cache in list_entries(head, "struct kmem_cache", "list"):
            print(f"{cache['name'].string():24} {int(cache['size']):6} {int(cache['nr_slabs']):6} "
                  f"{int(cache['nr_inuse']):12} {int(cache['objects']):9}")


class Locks(Command):
    """tine-locks: what each task holds"""
    command = "tine-locks"

    def run(self):
        for task in tasks():
            try:
                count = int(task["nr_held_locks"])
            except gdb.error:
                raise gdb.GdbError("this kernel was built without CONFIG_DEBUG_LOCKRANK") from None
            for index in range(count):
                held = task["held_locks"][index]
                symbol = gdb.execute(f"info symbol {int(held['ip']):#x}", to_string=True).strip()
                print(f"{int(task['pid']):6} {name(task):16} {held['name'].string()} at "
                      f"{int(held['lock']):#x}, rank {int(held['rank'])}, taken in {symbol}")


class Stack(Command):
    """tine-stack PID: a sleeping task's kernel backtrace"""
    command = "tine-stack"

    def run(self, pid):
        task = find_task(pid)
        if int(task["on_cpu"]):
            raise gdb.GdbError(f"{pid} is running: use the thread of CPU {int(task['cpu'])} and bt")
        stack, size = int(task["stack"]), 4096 << 2
        frame = int(gdb.parse_and_eval(f"((struct task_struct *){int(task):#x})->thread.sp"))
        # switch_to leaves the frame pointer among the few words it pushed.
        for offset in range(0, 64, 8):
            value = int(gdb.parse_and_eval(f"*(unsigned long *){frame + offset:#x}"))
            if stack <= value < stack + size and value > frame:
                frame = value
                break
        while stack <= frame < stack + size:
            address = int(gdb.parse_and_eval(f"*(unsigned long *){frame + 8:#x}"))
            print(" ", gdb.execute(f"info symbol {address:#x}", to_string=True).strip())
            following = int(gdb.parse_and_eval(f"*(unsigned long *){frame:#x}"))
            if following <= frame:
                return
            frame = following


for kind in (Tasks, Vmas, Walk, Slab, Locks, Stack):
    kind()
print("Tine: tine-tasks tine-vmas tine-walk tine-slab tine-locks tine-stack; help NAME explains one")
