"""Core put together without a listener does not begin: it would look alive and hear nothing."""

from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from kiosk.core.order_runner import OrderPorts
from kiosk.core.screen_server import ScreenServer
from kiosk.core.visit_runner import VisitPorts
from kiosk.core.workers import Workers
from kiosk.ipc.peer import Bus, Listener
from tests.unit.core.ports import nothing

NOWHERE = Path("/nowhere")


@pytest.mark.parametrize(
    ("unheard", "name"),
    [
        (Bus("cash", NOWHERE, nothing), "cash"),
        (Workers(NOWHERE, nothing), "worker"),
        (ScreenServer(NOWHERE, nothing), "the screen"),
    ],
)
def test_what_nobody_listens_to_does_not_start(unheard: Any, name: str) -> None:
    with pytest.raises(RuntimeError, match=f"nobody listens to {name}"):
        unheard.start()


@pytest.mark.parametrize("ports", [VisitPorts, OrderPorts, Listener])
def test_no_port_has_a_default_that_hears_nothing(ports: type[Struct]) -> None:
    assert len(ports.__struct_fields__) > 1
    assert ports.__struct_defaults__ == ()


def test_a_listener_that_leaves_something_out_is_no_listener() -> None:
    incomplete: Any = {"up": nothing, "said": nothing}
    with pytest.raises(TypeError, match="down"):
        Listener(**incomplete)
