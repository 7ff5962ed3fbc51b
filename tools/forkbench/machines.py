# SPDX-License-Identifier: GPL-2.0-only
"""The machines of `make bench`: the programs, one image for both kernels, boots."""
import glob
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE + "/../../scripts/guest")
import initramfs
import qemu

LINUX_OPTIONS = "quiet mitigations=off init_on_alloc=0"
LINUX_PACKAGE = "linux-image-cloud-amd64"
COUNTED = {"accel": "tcg", "cpu": "max,-erms,-fsrm", "extra": ["-icount", "shift=0,sleep=off"]}
CLOCKED = {1: {"accel": "tcg", "cpu": "max,-erms,-fsrm"},
           2: {"accel": "tcg,thread=multi", "cpu": "max,-erms,-fsrm"}}
SHELL_INIT = """#!/bin/sh
mount -t devtmpfs dev /dev
/bin/busybox echo @@ shell $((6 * 7)) > /dev/console
poweroff -f
"""


def build(out, stripped=True):
    """The programs, with musl: the smallest static ones."""
    if subprocess.run(["which", "musl-gcc"], capture_output=True).returncode:
        sys.exit("musl-gcc is not installed: run scripts/install-deps check")
    sources = sorted(glob.glob(HERE + "/guest/*.c"))
    exit0 = HERE + "/guest/exit0.c"
    sources.remove(exit0)
    for name, files in (("forkbench", sources), ("exit0", [exit0])):
        subprocess.run(["musl-gcc", "-static", "-O2", *(["-s"] if stripped else []),
                        "-Wall", "-Wextra", "-idirafter", "/usr/include",
                        "-idirafter", "/usr/include/x86_64-linux-gnu",
                        "-o", f"{out}/{name}", *files], check=True)


def write_image(path, init, **files):
    image = initramfs.standard()
    for name, source in files.items():
        image.copy("bin/" + name, source, 0o755)
    if os.path.exists(init):
        image.copy("init", init, 0o755)
    else:
        image.file("init", init, 0o755)
    with open(path, "wb") as archive:
        archive.write(image.archive())


def images(out):
    write_image(out + "/bench.cpio", out + "/forkbench", exit0=out + "/exit0")
    write_image(out + "/shell.cpio", SHELL_INIT)


def fetch_linux(out):
    """Debian's kernel for virtual machines: installed here, or fetched and only unpacked; or None."""
    depends = subprocess.run(["apt-cache", "depends", LINUX_PACKAGE], capture_output=True, text=True)
    names = [line.split()[-1] for line in depends.stdout.splitlines() if "Depends: linux-image" in line]
    found = glob.glob(out + "/linux/boot/vmlinuz-*")
    for name in names:
        found += glob.glob("/boot/vmlinuz-" + name.removeprefix("linux-image-"))
    if found or not names:
        return found[0] if found else None
    print(f"  FETCH   {names[0]}, only to unpack its kernel in {out}", flush=True)
    fetched = subprocess.run(["apt-get", "-q", "download", names[0]], cwd=out, capture_output=True)
    packages = glob.glob(f"{out}/{names[0]}_*.deb")
    if fetched.returncode or not packages:
        return None
    subprocess.run(["dpkg-deb", "-x", packages[0], out + "/linux"], check=True)
    return glob.glob(out + "/linux/boot/vmlinuz-*")[0]


def boot(machine, seconds):
    """The guest's output, as far as it came."""
    try:
        run = subprocess.run(machine.command(), stdin=subprocess.DEVNULL, capture_output=True,
                             timeout=seconds)
        return run.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired as late:
        return (late.stdout or b"").decode(errors="replace")


def figures_of(output):
    figures = {}
    for line in output.splitlines():
        words = line.split()
        if len(words) == 3 and words[0] == "@@":
            figures[words[1]] = int(words[2])
    return figures


class Kernel:
    """One of the two; it boots the same image as the other."""

    def __init__(self, name, path, out, options):
        self.name, self.path, self.out, self.options = name, path, out, options

    def run(self, cases, memory, smp=1, seconds=1800, **how):
        """The figures of these cases in one boot; words on failure go to the terminal."""
        options = f"{self.options} bench={','.join(cases) or 'none'}"
        machine = qemu.Machine(self.path, self.out + "/bench.cpio", smp, memory, append=options,
                               **how)
        machine.check()
        start = time.time()
        output = boot(machine, seconds)
        what = "counted" if "extra" in how else "by the clock"
        count = sum(case != "settle" for case in cases)
        print(f"  BOOT    {self.name}, {what}, {smp} CPU, {memory}: {count} cases, "
              f"{time.time() - start:.0f} s", flush=True)
        lines = output.splitlines()
        said = [line for line in lines if line.startswith("forkbench:")]
        if "@@ done" not in output:
            print(f"{self.path} did not finish:", *(said or lines[-15:]), sep="\n  | ")
        return figures_of(output)

    def least_memory(self):
        """The smallest -m in MiB with which the shell answers, or None."""
        low, high = 4, 128
        while low < high:
            middle = (low + high) // 2
            machine = qemu.Machine(self.path, self.out + "/shell.cpio", 2, f"{middle}M",
                                   append="quiet")
            if "@@ shell 42" in boot(machine, 60):
                high = middle
            else:
                low = middle + 1
        return low if low < 128 else None

    def file_size(self):
        if not self.path.endswith("vmlinux"):
            return os.path.getsize(self.path)
        stripped = self.out + "/vmlinux.stripped"
        subprocess.run(["strip", "-s", "-o", stripped, self.path], check=True)
        return os.path.getsize(stripped)


def hertz(out):
    """How fast the time-stamp counter of this machine, and so of its guests, runs."""
    run = subprocess.run([out + "/forkbench", "--hertz"], check=True, capture_output=True, text=True)
    return int(run.stdout)
