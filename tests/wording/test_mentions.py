"""A module that a docstring or comment names is there: beside whoever names it, or at the path that is given."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("kiosk", "central", "drivers", "simulators", "ui")
NAMED = re.compile(r"(?<![\w./*{\"])((?:[a-z_]\w*/)*[a-z_]\w*\.py)\b")


def mentions(text: str) -> Iterator[str]:
    yield from NAMED.findall(text)


def is_there(name: str, file: Path) -> bool:
    """`module.py` is in the same folder; `room/module.py` is below the repository, or below a folder that holds it."""
    if "/" not in name:
        return (file.parent / name).exists()
    return any((above / name).exists() for above in file.parents if above.is_relative_to(ROOT))


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_that_is_named_is_there(package: str) -> None:
    files = sorted((ROOT / package).rglob("*.py"))
    gone = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in files
        for name in mentions(file.read_text("utf-8"))
        if not is_there(name, file)
    ]
    assert len(files) > 10
    assert gone == []


def test_a_module_that_has_moved_is_missed() -> None:
    here = ROOT / "kiosk" / "core" / "admin_socket.py"
    assert [*mentions("# only its user (link.py), as in ipc/listener.py and kiosk/core/admin_socket.py")] == [
        "link.py",
        "ipc/listener.py",
        "kiosk/core/admin_socket.py",
    ]
    assert not is_there("link.py", here)
    assert not is_there("apps/link.py", here)
    assert is_there("active_bundle.py", here)
    assert is_there("ipc/listener.py", here)
    assert is_there("kiosk/core/admin_socket.py", here)
