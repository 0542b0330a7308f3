"""The mask for new files of this process, read without setting it: other threads make files meanwhile."""

import re
from pathlib import Path


def present_mask() -> int:
    """As os.umask would give it."""
    found = re.search(r"^Umask:\s*([0-7]+)$", Path("/proc/self/status").read_text("ascii"), re.MULTILINE)
    assert found is not None
    return int(found.group(1), 8)
