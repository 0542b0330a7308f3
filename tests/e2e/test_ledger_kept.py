"""A whole machine's ledger: closed by the day, copied, lost and brought back, and no sale where it can't be stored."""

import contextlib
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kiosk.commands.commands import commands
from kiosk.desk.ui_client import Errand
from kiosk.ledger.problems import LedgerError
from kiosk.protocol import exits
from kiosk.protocol.screen import ScreenName, Snapshot
from tests.rig.desk import desk
from tests.rig.scene import Scene

RUNNER = CliRunner()
pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with desk() as scene:
        yield scene


def kiosk(scene: Scene, *words: str) -> tuple[int, str]:
    """`kiosk ledger …` on this machine: exit code and what it says."""
    done = RUNNER.invoke(commands, ["ledger", *words, "--run", str(scene.rig.run)])
    return done.exit_code, done.output + done.stderr


def buy(scene: Scene) -> str:
    """One certificate for 500, with 400 of change."""
    scene.to_payment(Errand())
    order = scene.open_order()
    scene.drop(100, 100, 100, 100, 500)
    scene.take_paper()
    assert scene.last_closed(order)["outcome"] == "DELIVERED"
    scene.at_rest()
    scene.until(lambda: not differences(scene), "equal books")
    return order


def differences(scene: Scene) -> list[str]:
    """What the accounts do not agree on; that central has raised its alarm for a rebuilt ledger is as it should be."""
    return [line for line in scene.differences() if not line.startswith("alarm ledger-rebuilt missing 0")]


@contextlib.contextmanager
def stopped(scene: Scene) -> Iterator[None]:
    """Core is not there for a while; everything else is."""
    argv = scene.rig.recast("core", [shutil.which("sleep") or "sleep", "1000"])
    strike(scene)
    scene.until(lambda: "core" in scene.rig.pids(), "somebody in core's place")
    yield
    scene.rig.recast("core", argv)
    strike(scene)


def strike(scene: Scene) -> None:
    """Kill whoever plays core; its supervisor may be about to start the next one."""

    def struck() -> bool:
        try:
            scene.rig.kill("core", signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    scene.until(struck, "core to be struck")


def test_the_day_is_closed_by_what_the_real_devices_counted(scene: Scene) -> None:
    buy(scene)
    code, said = kiosk(scene, "close-day", "--lang", "en")
    first = "First counts are compared next time." in said
    assert code == (exits.UNCOUNTED if first else 0), said
    assert first or "Books and devices agree" in said
    buy(scene)
    code, said = kiosk(scene, "close-day", "--lang", "en", "--print")
    assert code == 0, said
    for line in ("Coins in  5", "Coins out  4", "Sheets printed  1", "Taken back  0", "Fees  ₩500"):
        assert line in said, said
    assert "Books and devices agree." in said


@pytest.mark.parametrize("way", ["--from-copy", "--from-central"])
def test_a_ledger_that_is_lost_comes_back_and_the_machine_sells_on(scene: Scene, way: str) -> None:
    before = buy(scene)
    code, said = kiosk(scene, "copy")
    assert code == 0, said
    assert "copied and verified" in said
    assert kiosk(scene, "check")[0] == 0
    since = buy(scene)
    refused, why = kiosk(scene, "rebuild", way)
    assert refused == exits.MISSING, why
    assert "stop it first" in why
    with stopped(scene):
        for name in ("ledger.db", "ledger.db-wal"):
            (scene.rig.run / "ledger" / name).unlink(missing_ok=True)
        code, said = kiosk(scene, "rebuild", way)
        assert code == 0, said
        assert "the machine may be started" in said
    after = buy(scene)
    assert {before, since, after} <= {
        row["body"]["order"] for row in scene.journal() if row["kind"] == "order-closed"
    }


def test_a_machine_without_room_sells_nothing_and_says_so(scene: Scene) -> None:
    settings = scene.rig.run / "kiosk.toml"
    text = settings.read_text("utf-8")
    settings.write_text(f"{text}\n[ledger]\nroom_mb = 100000\n", "utf-8")
    try:
        after_a_new_start(scene, ScreenName.OUT_OF_SERVICE)
        scene.hand.wait(lambda shown: any("장부" in row.label for row in shown.rows), "what is full")
    finally:
        settings.write_text(text, "utf-8")
    after_a_new_start(scene, ScreenName.ATTRACT)
    buy(scene)


def after_a_new_start(scene: Scene, screen: ScreenName) -> Snapshot:
    """Core is killed and comes back; its first screen of this kind."""
    old = scene.hand
    strike(scene)
    scene.until(old.gone.is_set, "the end of the old core")
    return scene.hand.screen(screen, within_s=40)


def test_core_started_on_a_second_copy_does_not_start(scene: Scene, tmp_path: Path) -> None:
    code, said = kiosk(scene, "copy")
    assert code == 0, said
    from kiosk.programs import core
    from kiosk.settings import load

    run = tmp_path / "r"
    (run / "ledger").mkdir(parents=True)
    (run / "kiosk.toml").write_bytes((scene.rig.run / "kiosk.toml").read_bytes())
    copy = scene.rig.run / "copy" / "ledger-copy.db"
    (run / "ledger" / "ledger.db").write_bytes(copy.read_bytes())
    with pytest.raises(LedgerError, match="rebuild --from-copy") as no:
        core.run(load(run / "kiosk.toml"))
    assert (no.value.code, no.value.exit_code) == ("second-copy", 3)
