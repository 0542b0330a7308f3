"""Who has a shell on the machine asks it over admin.sock, and hears in one sentence what came of it."""

import itertools
import queue
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kiosk.bundles.installed import FOLDER, SHIPPED_BUNDLE
from kiosk.commands.commands import commands
from kiosk.core import admin_call
from kiosk.core.admin_call import _WHY, AdminError, bring, bundle_name_of
from kiosk.core.admin_socket import SOCKET, AdminSocket
from kiosk.ipc.json_lines import JsonLineError, Server, ask
from kiosk.ipc.peer import Peer
from kiosk.protocol.courier import FROM_COURIER, BundleLooked, BundleReady, FromCourier, LookForBundle
from tests.unit.bundles.bundle_maker import TYPE, lay_down, small
from tests.unit.core.bundle_place import Place


@pytest.fixture
def run() -> Iterator[Path]:
    """A machine's run directory; a socket's path has to be short."""
    place = Path(tempfile.mkdtemp(prefix="cg", dir="/tmp"))
    yield place
    shutil.rmtree(place)


# --- the desk ---


class Courier(Peer[FromCourier]):
    """There, and what it is asked is kept."""

    def __init__(self) -> None:
        super().__init__("courier", Path("nowhere"), FROM_COURIER, lambda _task: None)
        self.asked: list[Any] = []

    def send(self, message: Any, handing: Any = None) -> bool:
        self.asked.append(message)
        return True


class Desk:
    """Core's one thread behind admin.sock."""

    def __init__(self, run: Path) -> None:
        self.place, self.courier = Place(run), Courier()
        self._tasks: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._socket = run / "sock" / SOCKET
        self._desk = AdminSocket(self._socket, self._tasks.put, self.place.active, self.courier)
        self._desk.start()

    def ask(self, what: str) -> dict[str, Any]:
        """What comes of it, core's part done on this thread."""
        found: dict[str, Any] = {}
        asker = threading.Thread(target=lambda: found.update(ask(self._socket, 10, do=what)))
        asker.start()
        self._tasks.get(timeout=5)()
        asker.join()
        del found["ok"]
        return found

    def close(self) -> None:
        self._desk.stop()
        self.place.close()


@pytest.fixture
def desk(run: Path) -> Iterator[Desk]:
    opened = Desk(run)
    yield opened
    opened.close()


def test_the_desk_says_what_serves_what_waits_and_how_the_last_look_ended(desk: Desk) -> None:
    shipped = desk.ask("bundle")
    assert (shipped["bundle"], shipped["version"], shipped["staged"], shipped["looked"]) == (
        "",
        0,
        0,
        "not-yet",
    )
    name = desk.place.serving(small(version=3))
    desk.place.active.heard(BundleReady(lay_down(desk.place.bundles, small(version=4))))
    now = desk.ask("bundle")
    assert (now["bundle"], now["version"], now["types"], now["staged"], now["looked"]) == (
        name,
        3,
        1,
        4,
        "ready",
    )


def test_a_look_is_asked_of_the_courier(desk: Desk) -> None:
    desk.place.active.heard(BundleLooked("expired"))
    assert desk.ask("look") == {"asked": True}
    assert desk.courier.asked == [LookForBundle(1)]
    assert desk.ask("bundle")["looked"] == "looking"


def test_the_end_of_a_look_that_began_before_it_was_asked_for_is_not_the_answer(desk: Desk) -> None:
    desk.ask("look")
    desk.place.active.heard(BundleLooked("nothing-newer"))
    assert desk.ask("bundle")["looked"] == "looking"
    desk.place.active.heard(BundleLooked("nothing-newer", request=1))
    assert desk.ask("bundle")["looked"] == "nothing-newer"


@pytest.mark.parametrize("what", ["open", "", "power-cut", "shell"])
def test_the_desk_can_do_nothing_else(desk: Desk, run: Path, what: str) -> None:
    with pytest.raises(JsonLineError, match="known: look, bundle"):
        ask(run / "sock" / SOCKET, 5, do=what)


# --- the caller ---


class Machine:
    """Answers as admin.sock does: one state after the other, the last one for ever."""

    def __init__(self, run: Path, *states: dict[str, Any], asked: bool = True) -> None:
        before = {"bundle": "", "version": 1, "types": 9, "staged": 0, "looked": "not-yet", "detail": ""}
        told = [before, *({**before, **state} for state in states)]
        self._states = itertools.chain(told, itertools.repeat(told[-1]))
        self._asked = asked
        self._server = Server(run / "sock" / SOCKET, self._answer)

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"asked": self._asked} if request["do"] == "look" else next(self._states)

    def __enter__(self) -> "Machine":
        self._server.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.stop()


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admin_call, "_LOOK_S", 0.0)


LOOKING, READY = {"looked": "looking"}, {"looked": "ready", "staged": 2}


def test_who_asks_hears_that_it_is_in_use(run: Path) -> None:
    with Machine(run, LOOKING, READY, {"version": 2, "types": 12, "looked": "ready"}):
        assert bring(run, 30) == "bundle 2 is in use: 12 types (before: 9)"


def test_who_asks_hears_that_there_is_nothing_newer(run: Path) -> None:
    with Machine(run, LOOKING, {"looked": "nothing-newer"}):
        assert bring(run, 30) == "bundle 1 is the newest: 9 types"


@pytest.mark.parametrize(
    "code",
    [
        "unreachable",
        "expired",
        "rolled-back",
        "unsigned",
        "damaged",
        "invalid",
        "other-program",
        "samples-differ",
        "trial-killed",
        "not-tried",
        "refused",
        "disk",
    ],
)
def test_who_asks_hears_why_nothing_was_taken_over(run: Path, code: str) -> None:
    with Machine(run, LOOKING, {"looked": code, "detail": "the file"}), pytest.raises(AdminError) as error:
        bring(run, 30)
    told = "" if code == "unreachable" else f" ({code}: the file)"
    assert str(error.value) == f"nothing was taken over: {_WHY[code]}{told}"
    assert error.value.exit_code == (3 if code in ("unreachable", "disk") else 1)


def test_who_asks_hears_that_it_waits_for_the_end_of_a_visit(run: Path) -> None:
    with (
        Machine(run, READY),
        pytest.raises(AdminError, match="bundle 2 waits for the end of a visit"),
    ):
        bring(run, 0.2)


def test_who_asks_hears_that_the_look_has_no_end(run: Path) -> None:
    with Machine(run, LOOKING), pytest.raises(AdminError, match="the machine still looks"):
        bring(run, 0.1)


def test_who_asks_hears_that_the_courier_is_not_there(run: Path) -> None:
    with Machine(run, asked=False), pytest.raises(AdminError, match="courier is not there"):
        bring(run, 30)


def test_who_asks_where_no_machine_runs_hears_that(run: Path) -> None:
    with pytest.raises(AdminError, match="no machine answers here"):
        bring(run, 30)


def test_the_command_ends_with_a_sentence_and_a_code_each_way(run: Path) -> None:
    def apply() -> tuple[int, str]:
        done = CliRunner().invoke(commands, ["catalogue", "apply", "--run", str(run), "--within", "30"])
        return done.exit_code, done.output

    with Machine(run, {"version": 2, "looked": "ready"}):
        assert apply() == (0, "bundle 2 is in use: 9 types (before: 9)\n")
    with Machine(run, {"looked": "expired"}):
        code, said = apply()
    assert (code, "Traceback" in said) == (1, False)
    assert (
        "nothing was taken over: what central offers has run out; the office has to sign it anew (expired)"
        in said
    )
    with Machine(run, {"looked": "unreachable", "detail": "DownloadError: unreachable"}):
        code, said = apply()
    assert code == 3
    assert said.endswith(
        "nothing was taken over: central can't be reached; see to the network, then ask the same again\n"
    )


def test_every_end_of_a_look_has_its_sentence() -> None:
    document = BundleLooked.__doc__ or ""
    codes = set(re.findall(r"`([a-z-]+)`", document[: document.index("`detail`")])) - {
        "code",
        "nothing-newer",
    }
    assert codes == set(_WHY)


def test_who_did_not_wait_long_enough_is_told_how_to(run: Path) -> None:
    with (
        Machine(run, {"looked": "looking"}),
        pytest.raises(AdminError, match=r"in 0.5 s: the machine still looks; ask"),
    ):
        bring(run, 0.5)


def test_the_list_is_of_what_the_running_machine_serves_from(run: Path) -> None:
    assert bundle_name_of(run) is SHIPPED_BUNDLE
    name = lay_down(run / FOLDER, small(version=2))
    with Machine(run, {"bundle": name, "version": 2}):
        assert bundle_name_of(run).name == ""  # as it was before
        assert bundle_name_of(run).name == name
        done = CliRunner().invoke(commands, ["catalogue", "list", "--run", str(run)])
    assert TYPE in done.output
    assert done.output.splitlines()[-1] == "1 type"


def test_a_bundle_that_the_machine_names_and_that_is_not_whole_is_told(run: Path) -> None:
    name = lay_down(run / FOLDER, small(version=2))
    (run / FOLDER / name / TYPE / "form.typ").unlink()
    with Machine(run, {"bundle": name}):
        bundle_name_of(run)
        with pytest.raises(AdminError, match="files are missing"):
            bundle_name_of(run)
