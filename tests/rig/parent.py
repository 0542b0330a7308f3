"""A process that has loaded the libraries of our programs, and forks one of them whenever it is asked (forked.py)."""

import atexit
import contextlib
import ctypes
import gc
import importlib
import json
import os
import resource
import runpy
import select
import signal
import socket
import sys
import threading
import traceback
from pathlib import Path
from typing import Any, NoReturn

from kiosk.worker.ground import void_ground
from kiosk.worker.screens import DEFAULT_PAIR
from tests.rig.forked import SPENT, TOLD

# What most of the programs load; the rest each of them loads by itself. Nothing of Qt: it does not outlive a fork.
LOADED = (
    "central.serve",
    "central.commands.export",
    "kiosk.programs.core",
    "kiosk.programs.courier",
    "kiosk.programs.devices",
    "kiosk.programs.worker",
    "simulators.bench",
    "simulators.control",
)
_PR_SET_PDEATHSIG = 1
_MOST = 1 << 20


def serve(way: socket.socket) -> dict[str, Any] | None:
    """Fork whenever that is asked for, and tell how each child ended. In a child: what it is to run; else None."""
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    running: dict[int, socket.socket] = {}
    ended: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([way.fileno(), woken, *ended], [], [])
        if woken in ready:
            os.read(woken, 4096)
            _tell_ends(running, ended)
        for teller in ended.keys() & {*ready}:
            os.waitpid(ended.pop(teller), 0)  # its exit code was taken
            os.close(teller)
        if way.fileno() not in ready:
            continue
        message, given, _flags, _address = socket.recv_fds(way, _MOST, 4)
        if not message:
            _end_all(way, {*running.values()})
            return None
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for held in (woken, waker, way.detach(), *(one.detach() for one in running.values()), *ended):
                os.close(held)
            wanted: dict[str, Any] = json.loads(message)
            _become(wanted, given, parent)
            return wanted
        *its, teller = given
        for held in its:
            os.close(held)
        running[pid] = socket.socket(fileno=teller)


def share(door: socket.socket, life: int) -> socket.socket:
    """In a fork for each caller: its connection. The process itself ends with the run that it was begun for."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        ready, _, _ = select.select([door.fileno(), life], [], [])
        if life in ready:
            os._exit(0)
        way, _ = door.accept()
        parent = os.getpid()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(1)
            door.close()
            os.close(life)
            return way
        way.close()


def _end_all(way: socket.socket, tellers: set[socket.socket]) -> None:
    """Whoever still runs is struck; what all of them took is the last thing said."""
    for teller in tellers:
        teller.close()
    with contextlib.suppress(FileNotFoundError, ChildProcessError):
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split()
        for pid in map(int, children):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
        while True:
            os.waitpid(-1, 0)
    took = resource.getrusage(resource.RUSAGE_CHILDREN)
    with contextlib.suppress(OSError):
        way.send(SPENT.pack(took.ru_utime + took.ru_stime))


def _tell_ends(running: dict[int, socket.socket], ended: dict[int, int]) -> None:
    """Whoever asked for a child is told of its end, and it stays a zombie until they have heard (as with Popen)."""
    for pid in [*running]:
        over = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if over is None:
            continue
        struck = over.si_code in (os.CLD_KILLED, os.CLD_DUMPED)
        teller = running.pop(pid)
        _tell(teller, -over.si_status if struck else over.si_status, ended=True)
        ended[teller.detach()] = pid


def _tell(teller: socket.socket, number: int, *, ended: bool) -> None:
    with contextlib.suppress(OSError):  # whoever asked is gone
        teller.send(TOLD.pack(ended, number))


def _become(wanted: dict[str, Any], given: list[int], parent: int) -> None:
    """What exec would have made of it: a session, standard input and output, environment, folder and mask."""
    os.setsid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)  # it was gone before the leash was on
    *its, teller = given
    for place, held in enumerate(its):
        os.dup2(held, place)
        os.close(held)
    os.environ.clear()
    os.environ.update(wanted["environment"])
    os.chdir(wanted["folder"])
    os.umask(wanted["mask"])
    # Not earlier: whoever asked may strike the child's group at once.
    with socket.socket(fileno=teller) as asker:
        _tell(asker, os.getpid(), ended=False)


def run(argv: list[str]) -> int:
    """The module of this name as `__main__`, as `python -m` would: a copy of it that was loaded before is not it."""
    module, *arguments = argv
    sys.modules.pop(module, None)
    sys.argv = [module, *arguments]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as over:
        if over.code is None or isinstance(over.code, int):
            return over.code or 0
        print(over.code, file=sys.stderr)
        return 1
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def end(code: int) -> NoReturn:
    """As Python ends, but for taking apart all that the parent had loaded, which takes longer than most commands."""
    # Python's own end waits for the threads by this; it has no public name.
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    for name in LOADED:
        importlib.import_module(name)
    void_ground(DEFAULT_PAIR)  # drawn once for all workers
    # Each child would copy the pages of what it only looks at, to count who holds it.
    gc.collect()
    gc.freeze()
    wires = [int(wire) for wire in sys.argv[1:]]
    wire = socket.socket(fileno=wires[0])
    wanted = serve(share(wire, wires[1]) if wires[1:] else wire)
    if wanted is None:
        os._exit(0)  # nothing was begun here
    end(run(wanted["argv"]))
