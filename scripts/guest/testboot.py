# SPDX-License-Identifier: GPL-2.0-only
"""Boot a kernel on a list of test programs and collect what they print.

tools/testing/selftests/runner.c is the other side. A program that takes the
machine down with it is failed, and the ones after it run in a new boot.
"""
import os
import re
import select
import subprocess
import time

import ktap
import qemu

QUIET_LIMIT = 90		# seconds without a line before the tests start
MARGIN = 40			# seconds beyond a program's own limit


class Item:
    """A program of the list. check(lines, status) -> results."""

    def __init__(self, name, seconds, argv, check):
        self.name, self.seconds, self.argv, self.check = name, seconds, argv, check


class Guest:
    """A running QEMU, read line by line; everything goes to the log as well."""

    def __init__(self, command, log):
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.log, self.buffer = log, b""

    def line(self, seconds):
        """The next line, None at the end; TimeoutError after @seconds without one."""
        end = time.monotonic() + seconds
        while b"\n" not in self.buffer:
            ready, _, _ = select.select([self.process.stdout], [], [],
                                        max(0, end - time.monotonic()))
            if not ready:
                raise TimeoutError
            data = os.read(self.process.stdout.fileno(), 65536)
            if not data:
                rest, self.buffer = self.buffer, b""
                return rest.decode(errors="replace") if rest else None
            self.log.write(data.replace(b"\r", b""))
            self.log.flush()
            self.buffer += data
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.decode(errors="replace").rstrip("\r")

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class TestBoot:
    """All boots of one configuration."""

    def __init__(self, name, folder, kernel, image, smp, append, scale, report, memory="512M"):
        self.name, self.folder, self.kernel, self.image = name, folder, kernel, image.clone()
        self.smp, self.append, self.scale, self.report = smp, append, scale, report
        self.memory = memory
        self.boots = 0
        self.alarms, self.leaks = [], []

    def command(self, items):
        """Write the image for these items; QEMU's command line to boot it."""
        self.boots += 1
        base = f"{self.folder}/{self.name}-{self.boots}"
        lines = [f"{i.name} {int(i.seconds * self.scale)} {' '.join(i.argv)}" for i in items]
        lines.insert(0, f"KTEST_SCALE={self.scale}")
        self.image.file("tests/list", "\n".join(lines) + "\n")
        with open(base + ".cpio", "wb") as out:
            out.write(self.image.archive())
        append = self.append if self.boots == 1 else re.sub(r"\bselftest=\S+", "", self.append)
        machine = qemu.Machine(self.kernel, base + ".cpio", self.smp, self.memory, append=append)
        command = machine.command()
        with open(base + ".sh", "w") as out:
            out.write(qemu.as_shell(command) + "\n")
        return command, base

    def run(self, items):
        """Boot until every item has had its turn; report each result as it comes."""
        while True:
            command, base = self.command(items)
            with open(base + ".log", "wb") as log:
                guest = Guest(command, log)
                try:
                    done = self.one_boot(guest, items)
                finally:
                    guest.stop()
            if done is None:
                self.report(self, [ktap.Result("boot", "fail", tail(base + ".log"))])
                return
            items = items[done:]
            if not items:
                break
        self.verdicts()

    def verdicts(self):
        for what, lines in (("no warning in the kernel's log", self.alarms),
                            ("counts as before", self.leaks)):
            self.report(self, [ktap.Result(what, "fail" if lines else "pass", lines)])

    def one_boot(self, guest, items):
        """Follow one boot. How many items had their turn, or None when it never started."""
        lines, started, index, limit = [], False, 0, QUIET_LIMIT * self.scale
        running = False
        try:
            while (line := guest.line(limit)) is not None:
                if not line.startswith("@@ "):
                    if ktap.ALARM.search(line):
                        self.alarms.append(line)
                    lines.append(line)
                    continue
                words = line.split()
                if words[1] == "start":
                    started = True
                    self.report(self, ktap.parse(kernel_tests(lines), "kernel: "))
                elif words[1] == "begin":
                    running, lines = True, []
                    limit = items[index].seconds * self.scale + MARGIN
                elif words[1] == "leak":
                    self.leaks.append(line[3:])
                elif words[1] == "end":
                    self.report(self, items[index].check(lines, int(words[3])))
                    running, index = False, index + 1
                elif words[1] == "done":
                    return index
            why = "the guest ended"
        except TimeoutError:
            why = f"no output for {limit:g} s"
        if not started:
            return None
        if index < len(items):
            name = items[index].name + ("" if running else " (before it began)")
            self.report(self, [ktap.Result(name, "fail", lines[-30:] + [why])])
        return index + 1


def kernel_tests(lines):
    """The part of the boot log that is KTAP."""
    return [line for line in lines if ktap.RESULT.match(line) or "# " in line
            or re.search(r"(^|\] ?)1\.\.\d+$", line)]


def tail(path, count=30):
    with open(path, errors="replace") as log:
        return log.read().splitlines()[-count:]
