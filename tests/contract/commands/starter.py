"""A process that has loaded both command lines and forks for each command: a start takes hundredths of a second.

Run as `python -m tests.contract.commands.starter`, in a mount namespace of its own. A request is a line of JSON on
stdin, its answer one on stdout. What it forks is a real process, with the rights, the disk and the signals of the
request.
"""

import ctypes
import json
import os
import resource
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any, NoReturn

_TIMEOUT_S = 50.0
_BLOCK = 1 << 16
# linux/capability.h, linux/prctl.h
_DAC_OVERRIDE, _DAC_READ_SEARCH, _FOWNER = 1, 2, 3
_CAPABILITIES_V3 = 0x20080522
_CAPBSET_DROP = 24
_libc = ctypes.CDLL(None, use_errno=True)


def main() -> None:
    """Answer requests until stdin ends."""
    # Nothing of a repository or an interpreter that only root can read is loaded after the rights are gone.
    import alembic.command
    import sqlalchemy.ext.asyncio

    import central.cli
    import kiosk.cli
    import kiosk.commands.commands

    del alembic, sqlalchemy, central, kiosk
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        match request["do"]:
            case "mount":
                answer: dict[str, Any] = _mount(request["place"], request["size"])
            case "copy":
                shutil.copytree(request["source"], request["place"])
                answer = {}
            case "fill":
                answer = _fill(Path(request["place"]))
            case _:
                answer = _run(request)
        print(json.dumps(answer), flush=True)


def _mount(place: str, size: str) -> dict[str, Any]:
    """A small disk in memory, which nobody outside of this process and its children sees."""
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place],
        capture_output=True,
        text=True,
        check=False,
    )
    return {"error": done.stderr.strip()}


def _fill(place: Path) -> dict[str, Any]:
    """Take up what room is left, to the last byte."""
    with (place / "ballast").open("ab", buffering=0) as ballast:
        for size in (_BLOCK, 4_096, 1):
            try:
                while ballast.write(bytes(size)):
                    pass
            except OSError:
                continue
    return {}


def _run(request: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            _play(request, out.fileno(), err.fileno())
        code = _wait(child)
        return {"code": code, "out": _read(out), "err": _read(err)}


def _read(file: Any) -> str:
    file.seek(0)
    text: str = file.read().decode("utf-8", "replace")
    return text


def _wait(child: int) -> int | None:
    """How it ended: its exit code, a signal as a negative number, None when it had to be killed."""
    ended = os.pidfd_open(child)
    try:
        if not select.select([ended], [], [], _TIMEOUT_S)[0]:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return None
    finally:
        os.close(ended)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _play(request: dict[str, Any], out: int, err: int) -> NoReturn:
    """Be the command, as the shell would have started it; never returns."""
    code = 1
    try:
        os.setsid()
        stdout = os.open(request["stdout"], os.O_WRONLY) if request["stdout"] else out
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(stdout, 1)
        os.dup2(err, 2)
        os.chdir(request["cwd"])
        os.environ.update(request["env"])
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if request["signal"]:
            _struck_at_work(request["signal"])
        if request["no_right"]:
            _drop_rights()
        sys.argv = request["argv"]
        sys.modules["__main__"].__package__ = ""  # else typer takes it for `python -m …`
        _enter(sys.argv[0])
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    except BaseException:
        traceback.print_exc()
    try:
        sys.stdout.flush()
    except OSError:
        traceback.print_exc()  # as the interpreter would, at its end
        code = 120
    sys.stderr.flush()
    os._exit(code)


def _enter(program: str) -> None:
    if program == "kiosk":
        from kiosk.cli import app

        app()
    else:
        from central.cli import app as central

        central()


def _struck_at_work(number: int) -> None:
    """The signal comes when the command's own work begins, whichever command it is."""
    import typer.core

    from kiosk.programs import start

    worked, ran = typer.core.TyperCommand.invoke, start._run

    def invoke(self: Any, ctx: Any) -> Any:
        os.kill(os.getpid(), number)
        return worked(self, ctx)

    def run(*arguments: Any) -> Any:
        os.kill(os.getpid(), number)
        return ran(*arguments)

    # In this child alone, which ends with the command.
    typer.core.TyperCommand.invoke = invoke  # type: ignore[method-assign]
    start._run = run  # type: ignore[assignment]


def _drop_rights() -> None:
    """Root's licence to pass over a file's mode goes, for this process and what it starts; the rest stays."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    header = struct.pack("Ii", _CAPABILITIES_V3, 0)
    data = ctypes.create_string_buffer(24)
    if _libc.capget(header, data) != 0:
        raise OSError(ctypes.get_errno(), "capget")
    words = list(struct.unpack("6I", data.raw))
    over = 1 << _DAC_OVERRIDE | 1 << _DAC_READ_SEARCH | 1 << _FOWNER
    for at in range(3):
        words[at] &= ~over
    for capability in (_DAC_OVERRIDE, _DAC_READ_SEARCH, _FOWNER):
        _libc.prctl(_CAPBSET_DROP, capability, 0, 0, 0)  # refused where there was none
    if _libc.capset(header, struct.pack("6I", *words)) != 0:
        raise OSError(ctypes.get_errno(), "capset")


if __name__ == "__main__":
    main()
