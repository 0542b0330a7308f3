"""Runs a command as a user without any right, where everything else runs as root: `python -m tests.rig.plain_user …`.

Root is exempt from what stops anybody else (a terminal that the kernel holds closed, a file's mode), so a test that
passes as root proves little of a technician's desk. The user is nobody's: a number without a name, with a home and a
temporary folder of its own. A tree or a Python in a folder that only root may enter (/root) is shown to it in a mount
namespace, under the same names; nothing is copied, and nothing outside changes.
"""

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Of the numbers that Debian gives to nobody (Debian Policy 9.2.2: 60000 to 64999 on demand only).
UID = 64_242
NOT_POSSIBLE = 77
_INSIDE = "CHANGGU_PLAIN_USER"
_CLONE_NEWNS = 0x20000  # linux/sched.h


def is_root() -> bool:
    """Whether there is another user to become at all."""
    return os.geteuid() == 0


def closed_folders(places: Iterable[Path]) -> dict[Path, list[Path]]:
    """The topmost folders that others may not enter, each with the places below it that have to be seen."""
    found: dict[Path, list[Path]] = {}
    for place in places:
        for folder in (*reversed(place.parents), place):
            if not folder.stat().st_mode & 0o001:
                found.setdefault(folder, []).append(place)
                break
    return found


def places() -> list[Path]:
    """What a program of ours has to read: this tree, its environment, and the Python that this was made from."""
    every = {ROOT, Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parent}
    return sorted(
        place for place in every if not any(place.is_relative_to(other) for other in every - {place})
    )


def run_as_plain_user(
    argv: Sequence[str], within_s: float, cwd: Path = ROOT, output: int | None = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    """Run it to its end; all that it started is gone afterwards. As another user than root: as who one is.
    `output`: where it prints (None: where we do).

    NOT_POSSIBLE as exit code, with the reason on stderr: root has not the rights for it here, or the tree's own files
    can't be read by others.
    """
    with _home() as home:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "CHANGGU_", "COV_"))}
        kept |= {"HOME": str(home), "TMPDIR": str(home / "tmp"), "PYTHONDONTWRITEBYTECODE": "1"}
        # A machine that is installed on this computer is not this user's, who may not even read its trust list.
        kept["CHANGGU_RUN"] = str(home / "machine")
        if is_root():
            kept |= {"USER": "plain", "LOGNAME": "plain", _INSIDE: str(cwd)}
            argv = [sys.executable, "-m", "tests.rig.plain_user", *argv]
        child = subprocess.Popen(
            argv,
            cwd=ROOT if is_root() else cwd,
            env=kept,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output is not None else None,
            text=True,
            start_new_session=True,
        )
        try:
            printed, _ = child.communicate(timeout=within_s)
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
                child.communicate()
        return subprocess.CompletedProcess(argv, child.returncode, printed)


@contextmanager
def _home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="changgu-plain-", dir="/tmp", ignore_cleanup_errors=True) as name:
        home = Path(name)
        (home / "tmp").mkdir()
        if is_root():
            for place in (home, home / "tmp"):
                os.chown(place, UID, UID)
        yield home


# --- inside -----------------------------------------------------------------------------------------------------------


def _open_folders() -> None:
    """Under each closed folder only the places that are needed are left, and the way to them is open to everybody.

    Raises OSError before anything is mounted where this process can't have a mount namespace of its own.
    """
    os.umask(0o022)  # whatever it was outside: the way to the places is for everybody
    closed = closed_folders(places())
    if closed:
        _leave_the_others_alone()
    for folder, within in closed.items():
        hold = Path(tempfile.mkdtemp(prefix="changgu-hold-", dir="/tmp"))
        for number, place in enumerate(within):
            (hold / str(number)).mkdir()
            _mount("--bind", place, hold / str(number))
        _mount("-t", "tmpfs", "-o", "mode=0755", "tmpfs", folder)
        for number, place in enumerate(within):
            place.mkdir(parents=True, exist_ok=True)
            _mount("--move", hold / str(number), place)
            (hold / str(number)).rmdir()  # never more than the empty folder, whatever is mounted there
        hold.rmdir()


def _leave_the_others_alone() -> None:
    """A mount namespace of our own, from which nothing gets out; only then may anything be mounted."""
    outside = os.readlink("/proc/self/ns/mnt")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNS) != 0 or os.readlink("/proc/self/ns/mnt") == outside:
        raise OSError(ctypes.get_errno(), "no mount namespace of its own")
    _mount("--make-rprivate", "/")


def _mount(*arguments: str | Path) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True, capture_output=True, text=True)


def _become() -> None:
    os.setgroups([])
    os.setgid(UID)
    os.setuid(UID)


def _unreadable() -> list[Path]:
    """What the user still can't read of what it needs."""
    needed = (ROOT / "pyproject.toml", ROOT / "kiosk" / "cli.py", Path(sys.executable), Path(os.__file__))
    return [file for file in needed if not os.access(file, os.R_OK)]


def main(argv: Sequence[str]) -> int:
    """Become the user and run the command in this process's place; from outside: run it and show what it printed."""
    cwd = os.environ.pop(_INSIDE, "")
    if not cwd:
        signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(128 + signal.SIGTERM))
        return run_as_plain_user(argv, within_s=3_600, cwd=Path.cwd(), output=None).returncode
    try:
        _open_folders()
        _become()
    except (OSError, subprocess.CalledProcessError) as error:
        detail = error.stderr.strip() if isinstance(error, subprocess.CalledProcessError) else str(error)
        print(f"plain-user: root may not do this here: {detail}", flush=True)
        return NOT_POSSIBLE
    if unreadable := _unreadable():
        print(f"plain-user: {unreadable[0]} can't be read by others (chmod -R go+rX)", flush=True)
        return NOT_POSSIBLE
    os.chdir(cwd)
    return os.execvp(argv[0], list(argv))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
