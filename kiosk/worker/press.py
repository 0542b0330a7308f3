"""The typesetting child as the worker sees it: started ahead, asked with a deadline, killed when it does not answer."""

import contextlib
import os
import select
import subprocess
import sys
import time
from pathlib import Path

import msgspec

from kiosk.worker.ground import void_ground
from kiosk.worker.marks import QrTooBigError, qr_svg
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.render import RenderJob
from kiosk.worker.screens import DEFAULT_PAIR, Pair, pair_of
from kiosk.worker.templates import DEFAULT_ROOT
from kiosk.worker.typesetter import AHEAD, DOCUMENT, WAITED_FOR, Failure

START_DEADLINE_S = 20.0
RENDER_DEADLINE_S = 10.0
_MAX_PDF_BYTES = 32 << 20
# The typesetter copies 90 MB of fonts into memory: in pages of 2 MB that takes half the time.
ENVIRONMENT = {"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}


class Press:
    """One child at a time. After a failure the next document gets a new one, which proves itself with that document."""

    def __init__(self, root: Path = DEFAULT_ROOT, pair: Pair = DEFAULT_PAIR) -> None:
        self._root = root
        self._pair = pair
        self._child: subprocess.Popen[bytes] | None = None
        self._sample: bytes | None = None
        self._start(AHEAD)

    def command(self, how: str) -> list[str]:
        """The child's command line. -I: nothing of the environment or the present folder is imported."""
        whose = (str(os.getpid()), str(self._root), str(self._pair), how)
        return [sys.executable, "-I", "-m", "kiosk.worker.typesetter_start", *whose]

    def _start(self, how: str) -> subprocess.Popen[bytes]:
        """Stderr is dropped: it could quote data."""
        self._child = subprocess.Popen(
            self.command(how),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=ENVIRONMENT,
            bufsize=0,
        )
        assert self._child.stdin is not None
        os.set_blocking(self._child.stdin.fileno(), False)  # a child that hangs reads nothing
        return self._child

    @property
    def pid(self) -> int | None:
        """The child's process id."""
        return self._child.pid if self._child else None

    def ready(self) -> bytes:
        """Wait until the child is warm; the sample it has set. Raises WorkError (fonts-missing, template-fault …)."""
        if self._sample is None:
            child = self._child or self._start(AHEAD)
            ground = void_ground(self._pair)  # while the child warms up
            self._sample = self._asked(child, ground, START_DEADLINE_S)
        return self._sample

    def render(self, job: RenderJob) -> bytes:
        """The PDF. Raises WorkError with the child's code, or render-failed when it died or took too long."""
        self.ready()
        child = self._child or self._start(WAITED_FOR)
        return self._asked(child, msgspec.json.encode(self._made_ready(job)), RENDER_DEADLINE_S)

    def _made_ready(self, job: RenderJob) -> RenderJob:
        """With what is the same whoever makes it: the child, just started, would load two libraries for it.

        A seal that no code holds goes as it is and is refused there.
        """
        if job.payload is None:
            return job
        under = void_ground(pair_of(job.ground) if job.ground else self._pair)
        with contextlib.suppress(QrTooBigError, ValueError):
            return msgspec.structs.replace(job, under=under, qr=qr_svg(job.seal))
        return msgspec.structs.replace(job, under=under)

    def _asked(self, child: subprocess.Popen[bytes], body: bytes, deadline_s: float) -> bytes:
        """What the child answers to a frame, both within the deadline; one that gives no answer is killed."""
        end = time.monotonic() + deadline_s
        try:
            with contextlib.suppress(BrokenPipeError):  # it has ended; why may be its answer
                _send(child, body, end)
            size = int.from_bytes(_read(child, 4, end), "big")
            if not 0 < size <= _MAX_PDF_BYTES:
                raise WorkError(Code.RENDER_FAILED, f"an answer of {size} bytes")
            answer = _read(child, size, end)
        except WorkError:
            self.close()
            raise
        except OSError as error:
            self.close()
            raise WorkError(Code.RENDER_FAILED, "the typesetter is gone") from error
        if answer[:1] == DOCUMENT:
            return answer[1:]
        failure = msgspec.json.decode(answer[1:], type=Failure)
        raise WorkError(failure.code, failure.detail)

    def close(self) -> None:
        """Kill the child. What it has proved stays proved: forms, fonts and libraries are still those."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()


def _send(child: subprocess.Popen[bytes], body: bytes, end: float) -> None:
    assert child.stdin is not None
    pipe = child.stdin.fileno()
    frame = memoryview(len(body).to_bytes(4, "big") + body)
    while frame:
        if not select.select([], [pipe], [], max(0.0, end - time.monotonic()))[1]:
            raise WorkError(Code.RENDER_FAILED, "the typesetter takes nothing")
        frame = frame[os.write(pipe, frame) :]


def _read(child: subprocess.Popen[bytes], size: int, end: float) -> bytes:
    assert child.stdout is not None
    out = child.stdout.fileno()
    data = bytearray()
    while len(data) < size:
        if not select.select([out], [], [], max(0.0, end - time.monotonic()))[0]:
            raise WorkError(Code.RENDER_FAILED, "the typesetter took too long")
        chunk = os.read(out, size - len(data))
        if not chunk:
            raise WorkError(Code.RENDER_FAILED, "the typesetter died")
        data += chunk
    return bytes(data)
