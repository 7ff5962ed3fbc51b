# SPDX-License-Identifier: GPL-2.0-only
"""QEMU as Tine uses it: the command line, the exit status, readable errors.

The guest's console is the first serial port. The guest reports a status as
one byte on the debug console (port 0xe9) and ends QEMU through isa-debug-exit
(port 0xf4); sbin/guest-exit does both.
"""
import os
import re
import shlex
import shutil
import sys

QEMU = "qemu-system-x86_64"
MACHINES = {
    "pc": "pc",
    "q35": "q35",
    "microvm": "microvm,pit=on,pic=on,rtc=on,isa-serial=on",
}
EXIT_TIMEOUT = 124		# the time limit was reached
EXIT_NO_STATUS = 125		# the guest ended without reporting a status
EXIT_QEMU = 126			# QEMU itself failed


class Machine:
    """What a boot needs; the defaults are those of `make run`."""

    def __init__(self, kernel, initrd, smp=2, memory="256M", machine="pc", append="",
                 accel="tcg,thread=multi", cpu="max", extra=()):
        self.kernel, self.initrd, self.append = kernel, initrd, append
        self.smp, self.memory, self.machine = smp, memory, machine
        self.accel, self.cpu, self.extra = accel, cpu, list(extra)

    def check(self):
        """Say what is wrong before QEMU does it less clearly."""
        if not shutil.which(QEMU):
            sys.exit(f"{QEMU} is not installed: install qemu-system-x86, or run scripts/install-deps")
        for path, what in ((self.kernel, "kernel"), (self.initrd, "initramfs")):
            if path and not os.path.exists(path):
                sys.exit(f"There is no {what} {path}: run make first")
        if self.machine not in MACHINES:
            sys.exit(f"MACHINE={self.machine}: choose one of {', '.join(MACHINES)}")
        if not re.fullmatch(r"[1-9]\d*", str(self.smp)) or not 1 <= int(self.smp) <= 64:
            sys.exit(f"SMP={self.smp}: give a number of CPUs from 1 to 64")
        if not re.fullmatch(r"[1-9]\d*[KMGkmg]?", str(self.memory)):
            sys.exit(f"MEM={self.memory}: give a size such as 256M or 2G")

    def command(self, console=None, keys=False, status_file=None):
        """QEMU's argument list.

        console: a connected socket to use as the console; None is QEMU's own stdio
        keys: understand Ctrl-A X and friends on the console
        status_file: where the guest's status goes
        """
        chardev = "stdio,id=console,signal=off" if console is None \
            else f"socket,id=console,fd={console}"
        command = [
            QEMU, "-nodefaults", "-no-user-config", "-machine", MACHINES[self.machine],
            "-accel", self.accel, "-cpu", self.cpu, "-smp", str(self.smp), "-m", str(self.memory),
            "-nic", "none", "-display", "none", "-no-reboot",
            "-chardev", chardev + (",mux=on" if keys else ""), "-serial", "chardev:console",
            "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
            "-kernel", self.kernel,
        ]
        if keys:
            command += ["-mon", "chardev=console,mode=readline"]
        if status_file:
            command += ["-chardev", f"file,id=status,path={status_file}",
                        "-device", "isa-debugcon,iobase=0xe9,chardev=status"]
        if self.initrd:
            command += ["-initrd", self.initrd]
        words = ["console=ttyS0", "panic=-1"] + ([self.append] if self.append else [])
        return command + ["-append", " ".join(words)] + self.extra


def guest_status(status_file):
    """The status that the guest reported, or None."""
    with open(status_file, "rb") as status:
        data = status.read()
    return data[-1] if data else None


def as_shell(command):
    return " ".join(shlex.quote(word) for word in command)
