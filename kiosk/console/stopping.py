"""How somebody ends a command from outside: each signal goes the way of Ctrl-C, so that all clears up behind itself.

An exception that comes out of a signal's handler can be lost: in a destructor, in what a library calls back. So it is
raised again each half second, until it is on its way or the clearing up has begun.
"""

import _thread
import os
import select
import signal
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from kiosk.console import heed
from kiosk.console.heed import ENDING
from kiosk.protocol import exits

_STREAMS = (0, 1, 2)
_AGAIN_S = 0.5
_SAID = {
    signal.SIGINT: "Ctrl-C",
    signal.SIGTERM: "SIGTERM",
    signal.SIGHUP: "the terminal was closed",
    signal.SIGPIPE: "nobody reads its output",
}


class Stopped(KeyboardInterrupt):
    """Somebody ended this command from outside; it goes the way of Ctrl-C, so that all clears up behind itself."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def how(self) -> str:
        """In a person's words."""
        return _SAID[signal.Signals(self.number)]

    @property
    def code(self) -> int:
        """The command's exit code."""
        return exits.SIGNALLED + self.number


class _Stop:
    """What was asked of a block that can be stopped, and what became of it."""

    def __init__(self) -> None:
        self.number = 0
        self.clearing = False
        self.held = 0
        self._raised: weakref.ref[Stopped] | None = None
        self._terminals = [stream for stream in _STREAMS if os.isatty(stream)]
        self._over = threading.Event()
        self._nudging = self._nudged = False

    @property
    def lost(self) -> bool:
        """Whether a stop was asked for that nobody clears up after: an exception that is gone was swallowed."""
        on_its_way = self._raised is not None and self._raised() is not None
        return bool(self.number) and not on_its_way and not self.clearing

    def handle(self, number: int, frame: FrameType | None) -> None:
        """The signals' handler. A person's second signal waits for nothing but the clearing up."""
        nudged, self._nudged = self._nudged, False
        if number == signal.SIGHUP:
            let_go(*self._terminals)
        patient = nudged or not self.number
        self.number = self.number or number
        if not self._nudging:
            self._nudging = True
            _thread.start_new_thread(
                self._nudge, ()
            )  # without the locks of threading: whoever has them waits for us
        if self.lost and not (patient and (self.held or _unheard(frame))):
            raise self.stopped()

    def ask(self, number: int) -> None:
        """A stop that no signal asked for; `number` is that which it is told as."""
        self.number = self.number or number
        self._wake()

    def stopped(self) -> Stopped:
        """A new one to raise. It stands in no variable of a frame that it leaves: it would keep itself alive."""
        made = Stopped(self.number)
        self._raised = weakref.ref(made)
        return made

    def end(self) -> None:
        """Nothing is raised any more."""
        self.clearing = True
        self._over.set()

    def _nudge(self) -> None:
        while not self._over.wait(_AGAIN_S):
            if self.lost:
                self._wake()

    def _wake(self) -> None:
        """Let the handler look again; who waits for the system is woken, too."""
        deaf = (signal.SIG_IGN, signal.SIG_DFL)
        heard = [number for number in ENDING if signal.getsignal(number) not in deaf]
        main = threading.main_thread().ident
        if heard and main is not None:
            self._nudged = True
            signal.pthread_kill(main, heard[0])


_now: list[_Stop] = []


@contextmanager
def undisturbed() -> Iterator[None]:
    """What clears up in here is not ended by a signal that comes only now, nor by one that came before."""
    for stop in _now:
        if stop.number:
            stop.end()
    before = {number: signal.getsignal(number) for number in ENDING}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, lambda _number, _frame: None)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def held() -> Iterator[None]:
    """A signal that comes in here is told behind it: a library in C++ is at work, which swallows exceptions."""
    stops = list(_now)
    for stop in stops:
        stop.held += 1
    failed: Exception | None = None
    try:
        yield
    except Exception as error:  # of any kind: a stop in the middle of it may be the reason
        failed = error
    finally:
        for stop in stops:
            stop.held -= 1
    for stop in stops:
        if stop.lost:
            raise stop.stopped() from failed
    if failed is not None:
        raise failed


def let_go(*streams: int) -> None:
    """Nobody is there to read: what is still said goes nowhere, and is no fault."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in streams:
        os.dup2(nowhere, stream)
    os.close(nowhere)


@contextmanager
def stoppable() -> Iterator[None]:
    """Each of the signals ends the block like Ctrl-C, and what comes after the first disturbs nobody who clears up.
    What was told to be deaf to them (nohup) stays so. A terminal that is gone takes no words, and that is no fault.
    """
    mine = (*heed.USUAL, heed.note)
    taken = [number for number in ENDING if signal.getsignal(number) in mine]
    if not taken or threading.current_thread() is not threading.main_thread():
        yield
        return
    stop = _Stop()
    before = {number: signal.signal(number, stop.handle) for number in taken}
    hook = sys.unraisablehook
    sys.unraisablehook = _quiet(hook)
    _now.append(stop)
    try:
        if number := heed.noted():
            stop.handle(number, None)
        yield
    finally:
        stop.end()
        _now.remove(stop)
        sys.unraisablehook = hook
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def while_read() -> Iterator[None]:
    """The block is stopped, too, as soon as nobody reads its output any more, whether or not it is just speaking."""
    over = threading.Event()
    look = select.poll()
    look.register(1, 0)

    def watch() -> None:
        while not over.is_set():
            if any(state & (select.POLLERR | select.POLLHUP) for _, state in look.poll(_AGAIN_S * 1_000)):
                nobody_reads()
                return

    watcher = threading.Thread(target=watch, name="reader", daemon=True)
    if _now and not os.isatty(1):  # a terminal that is gone is told by a signal
        watcher.start()
    try:
        yield
    finally:
        over.set()


def nobody_reads() -> None:
    """Who read our words has left: what is still said goes nowhere, and what can be stopped is."""
    let_go(1)
    for stop in _now:
        stop.ask(signal.SIGPIPE)


@contextmanager
def stop_first(*own: type[Exception]) -> Iterator[None]:
    """What breaks because a stop came in the middle of it is that stop. `own`: what is raised on purpose."""
    try:
        yield
    except own:
        raise
    except Exception as error:  # of any kind: what is asked is only whether a stop is behind it
        stopped = stop_behind(error)
        if stopped is None:
            raise
        raise stopped from error


def stop_behind(error: BaseException) -> Stopped | None:
    """The stop that this error comes of: what is torn out of the middle of a library may say anything."""
    link: BaseException | None = error
    while link is not None:
        if isinstance(link, Stopped):
            return link
        link = link.__cause__ or link.__context__
    return next((stop.stopped() for stop in _now if stop.lost), None)


def _unheard(frame: FrameType | None) -> bool:
    """Whether an exception raised here does harm or is lost: in an import, in a destructor."""
    while frame is not None:
        code = frame.f_code
        if code.co_name == "__del__" or code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _quiet(
    hook: "Callable[[sys.UnraisableHookArgs], object]",
) -> "Callable[[sys.UnraisableHookArgs], object]":
    """As `hook`, but for a stop that was lost: it comes again."""

    def told(met: "sys.UnraisableHookArgs") -> None:
        if not isinstance(met.exc_value, Stopped):
            hook(met)

    return told
