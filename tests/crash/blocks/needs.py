"""Why no file system can be put on a disk of ours here."""

import os
import shutil
import subprocess
from pathlib import Path

_CAP_SYS_ADMIN = 1 << 21
_COMMANDS = ("mkfs.ext4", "e2fsck", "losetup", "mount", "umount", "unshare")


def why_not() -> str:
    """The reason, with what to do about it; "" when it can be done."""
    if os.geteuid() != 0 or not _may_mount():
        return "mounting needs root, outside of any container"
    for device in ("/dev/fuse", "/dev/loop-control"):
        if not os.access(device, os.R_OK | os.W_OK):
            return f"no {device} here"
    if missing := [name for name in _COMMANDS if shutil.which(name) is None]:
        return f"no {' and '.join(missing)} here; apt-get install e2fsprogs mount"
    try:
        import mfusepy  # noqa: F401
    except (ImportError, OSError, AttributeError) as error:
        return f"{error}; apt-get install fuse3 libfuse2t64"
    free = subprocess.run(["losetup", "--find"], capture_output=True, text=True, check=False)
    return "" if Path(free.stdout.strip() or "/").is_block_device() else "no free loop device here"


def _may_mount() -> bool:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    capable = next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff"))
    return bool(int(capable, 16) & _CAP_SYS_ADMIN)
