# SPDX-License-Identifier: GPL-2.0-only
"""The guest's root file system: a tree in memory, written as a newc cpio archive.

Everything belongs to root in the archive, so no privilege is needed to build
it. /bin, /sbin, /lib and /lib64 are links into /usr, as on Debian; a path that
goes through them lands in /usr.
"""
import os
import re
import stat
import subprocess
import sys

MERGED = {"bin": "usr/bin", "sbin": "usr/sbin", "lib": "usr/lib", "lib64": "usr/lib64"}
SKELETON = os.path.join(os.path.dirname(__file__), "..", "rootfs")
FOLDERS = """dev etc etc/run home home/user mnt opt proc root run srv sys tmp usr usr/bin usr/sbin
usr/lib usr/lib64 usr/share var var/log var/tmp var/spool var/spool/cron""".split()


class Initramfs:
    def __init__(self):
        self.nodes = {}		# path without leading slash -> (mode, data)

    def clone(self):
        """One that can get files of its own; the contents are shared."""
        other = Initramfs()
        other.nodes = dict(self.nodes)
        return other

    def _place(self, path, node):
        path = os.path.normpath(path).lstrip("/")
        first, _, rest = path.partition("/")
        if rest and first in MERGED:
            path = MERGED[first] + "/" + rest
        folder = os.path.dirname(path)
        if folder and folder not in self.nodes:
            self.folder(folder)
        self.nodes[path] = node

    def folder(self, path, mode=0o755):
        self._place(path, (stat.S_IFDIR | mode, b""))

    def file(self, path, data, mode=0o644):
        if isinstance(data, str):
            data = data.encode()
        self._place(path, (stat.S_IFREG | mode, data))

    def link(self, path, target):
        self._place(path, (stat.S_IFLNK | 0o777, target.encode()))

    def device(self, path, mode, major, minor):
        self._place(path, (stat.S_IFCHR | mode, (major, minor)))

    def copy(self, path, source, mode=None):
        """A file of the host."""
        with open(source, "rb") as host_file:
            data = host_file.read()
        self.file(path, data, mode or stat.S_IMODE(os.stat(source).st_mode))

    def overlay(self, folder):
        """Lay a folder of the host over the image: folders, files and symbolic links."""
        for base, folders, files in os.walk(folder):
            inside = os.path.relpath(base, folder)
            for name in folders + files:
                source, path = os.path.join(base, name), os.path.join(inside, name)
                mode = os.lstat(source).st_mode
                if stat.S_ISLNK(mode):
                    self.link(path, os.readlink(source))
                elif stat.S_ISDIR(mode):
                    if os.path.normpath(path) not in MERGED:
                        self.folder(path, stat.S_IMODE(mode))
                elif stat.S_ISREG(mode):
                    self.copy(path, source)

    def program(self, path, source=None):
        """A dynamic program of the host with the shared libraries it names."""
        source = source or path
        if not os.path.exists(source):
            sys.exit(f"{source} is missing here: run scripts/install-deps check")
        self.copy(path, source, 0o755)
        for library in shared_libraries(source):
            self.copy(library, os.path.realpath(library), 0o755)

    def needs(self, script):
        """What a test script's `# needs: path...` lines name: programs, folders, files.

        `-folder` leaves a part of a folder out.
        """
        with open(script) as text:
            words = re.findall(r"^# needs: (.*)$", text.read(), re.M)
        words = " ".join(words).split()
        without = tuple(word[1:] + "/" for word in words if word.startswith("-"))
        for path in (word for word in words if not word.startswith("-")):
            if os.path.isdir(path):
                self.tree(path, without)
            else:
                self.program(path)

    def tree(self, folder, without=()):
        for base, _, files in os.walk(folder):
            if (base + "/").startswith(without):
                continue
            for name in files:
                path = os.path.join(base, name)
                if os.path.islink(path):
                    self.link(path, os.readlink(path))
                elif name.endswith(".so"):
                    self.program(path)
                else:
                    self.copy(path, path)

    def busybox(self, source="/bin/busybox"):
        if not os.path.exists(source):
            sys.exit(f"{source} is missing: install busybox-static, or run scripts/install-deps")
        self.copy("bin/busybox", source, 0o755)
        listed = subprocess.run([source, "--list-full"], check=True, capture_output=True, text=True)
        for applet in listed.stdout.split():
            path = applet if "/" in applet else "bin/" + applet
            if path not in ("linuxrc", "bin/busybox"):
                self.link(path, "/bin/busybox")

    def archive(self):
        out = bytearray()
        for inode, path in enumerate(sorted(self.nodes), 1):
            mode, data = self.nodes[path]
            device = (0, 0)
            if stat.S_ISCHR(mode):
                device, data = data, b""
            links = 2 if stat.S_ISDIR(mode) else 1
            out += record(path, inode, mode, links, device, data)
        out += record("TRAILER!!!", 0, 0, 1, (0, 0), b"")
        out += b"\0" * (-len(out) % 512)
        return bytes(out)


def record(path, inode, mode, links, device, data):
    name = path.encode() + b"\0"
    fields = (inode, mode, 0, 0, links, 0, len(data), 0, 0, device[0], device[1], len(name), 0)
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name
    return head + b"\0" * (-len(head) % 4) + data + b"\0" * (-len(data) % 4)


def shared_libraries(program):
    """What ldd says the program loads, the dynamic linker included."""
    ldd = subprocess.run(["ldd", program], capture_output=True, text=True)
    return sorted(set(re.findall(r"(/\S+)(?= \(0x)", ldd.stdout)))


def standard(overlay=None):
    """The image of `make run`."""
    image = Initramfs()
    for link, target in MERGED.items():
        image.nodes[link] = (stat.S_IFLNK | 0o777, target.encode())
    for folder in FOLDERS:
        image.folder(folder)
    image.folder("tmp", 0o1777)
    image.folder("root", 0o700)
    image.device("dev/console", 0o600, 5, 1)
    image.device("dev/null", 0o666, 1, 3)
    image.link("etc/mtab", "/proc/mounts")
    image.busybox()
    image.overlay(SKELETON)
    if overlay:
        if not os.path.isdir(overlay):
            sys.exit(f"ROOTFS={overlay} is not a folder")
        image.overlay(overlay)
    return image
