"""An X server that draws into memory, and a person who closes a window on it."""

import os
import select
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from Xlib import X
from Xlib.display import Display
from Xlib.protocol.event import ClientMessage
from Xlib.xobject.drawable import Window

_READY_S = 20.0


@contextmanager
def x_server(*options: str) -> Iterator[str]:
    """Its display (`:12`), which nobody else has. `options`: more of its command line."""
    near, far = os.pipe()
    server = subprocess.Popen(
        ("Xvfb", "-displayfd", str(far), "-screen", "0", "1920x1080x24", "-nolisten", "tcp", *options),
        pass_fds=(far,),
        stderr=subprocess.DEVNULL,
    )
    os.close(far)
    try:
        said = b""
        while not said.endswith(b"\n"):
            assert select.select([near], [], [], _READY_S)[0], "Xvfb does not start"
            said += os.read(near, 16)
        yield f":{int(said)}"
    finally:
        os.close(near)
        server.terminate()
        server.wait()


def close_window(display: str, title: str) -> None:
    """What a press on the cross at a window's corner does. The title, or its end."""
    screen = Display(display)
    try:
        window = next(one for one in _windows(screen.screen().root) if _named(one, title))
        protocols, delete = (screen.intern_atom(name) for name in ("WM_PROTOCOLS", "WM_DELETE_WINDOW"))
        asked = ClientMessage(
            window=window, client_type=protocols, data=(32, [delete, X.CurrentTime, 0, 0, 0])
        )
        window.send_event(asked, event_mask=X.NoEventMask)
        screen.flush()
        screen.sync()
    finally:
        screen.close()


def _named(window: Window, title: str) -> bool:
    name = window.get_full_text_property(window.display.get_atom("_NET_WM_NAME")) or ""
    return str(name) == title or str(name).endswith(f" {title}")


def _windows(above: Window) -> Iterator[Window]:
    for window in above.query_tree().children:
        yield window
        yield from _windows(window)
