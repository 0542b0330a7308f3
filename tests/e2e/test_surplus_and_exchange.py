"""Money that falls for nobody is written down as nobody's; another acceptor, hopper or validator is begun anew."""

from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from kiosk.commands.commands import commands
from kiosk.desk.ui_client import Errand
from kiosk.protocol.screen import ScreenName
from tests.rig.desk import HASTY, desk
from tests.rig.scene import Scene

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with desk(settings=HASTY) as opened:
        yield opened


@pytest.fixture(autouse=True)
def settled(scene: Scene) -> Iterator[None]:
    """The machine rests, and its books meet what is in it, before the next; what was told to the fleet stays told."""
    yield
    scene.rig.power_on()
    scene.rig.sim(do="fault", device="note", fault="none")
    scene.at_rest()
    scene.until(lambda: all(line.startswith("alarm ") for line in scene.differences()), "books that meet")


def told(scene: Scene, kind: str) -> list[str]:
    """What was written down as nobody's, or as exchanged, in order."""
    return [row["body"]["what"] for row in scene.journal() if row["kind"] == kind]


def seen_once(scene: Scene) -> bool:
    """Whether all that may be exchanged is in the books: only then can another one be told from it."""
    found = {row["kind"]: row["body"] for row in scene.journal()}
    counters = found.get("counters-known", {}).get("counters", {})
    return {"acceptor-known", "validator-known"} <= set(found) and {"coin", "hopper"} <= set(counters)


def alarms(scene: Scene) -> set[tuple[str, str]]:
    return {(alarm["code"], alarm["subject"]) for alarm in scene.rig.central_export()["alarms"]}


def exchange(scene: Scene, *devices: str) -> None:
    """Other ones are put in, straight from the factory but for their counts."""
    for at, device in enumerate(devices):
        scene.rig.sim(
            do="fault", device=device, fault="serial", serial=7_000_001 + at + sum(map(ord, device))
        )


def sells(scene: Scene) -> None:
    """A citizen pays with a coin and a note, and has change."""
    scene.to_payment(Errand())
    scene.until(lambda: scene.rig.sim(do="state")["note"]["accepting"], "the open note slot")
    order = scene.open_order()
    scene.drop(100)
    scene.until(lambda: scene.rig.sim(do="note", value=1_000)["note"] == "held", "the note drawn in")
    scene.take_paper()
    closed = scene.last_closed(order)
    assert (closed["outcome"], closed["credit"], closed["paid"]) == ("DELIVERED", 1_100, 600)


def test_a_coin_that_falls_between_orders_or_before_core_is_there_is_nobodys(scene: Scene) -> None:
    scene.at_rest()
    scene.rig.sim(do="coin", value=100, force=True)
    scene.until(lambda: told(scene, "surplus") == ["coin"], "the coin of nobody")
    scene.rig.kill("core")
    scene.rig.sim(do="coin", value=500, force=True)
    scene.until(lambda: told(scene, "surplus") == ["coin", "coin"], "the coin that fell meanwhile")
    scene.until(lambda: ("surplus", "coin") in alarms(scene), "it at central")
    scene.to_payment(Errand())
    shown = scene.hand.wait(lambda s: s.money is not None, "the sum")
    assert shown.money is not None
    assert shown.money.inserted == 0, "nobody's money is nobody's"
    scene.hand.press("cancel")


def cash(scene: Scene, *words: str) -> tuple[int, str]:
    """`kiosk cash …` on this machine: exit code and what it says."""
    done = CliRunner().invoke(commands, ["cash", *words, "--run", str(scene.rig.run)])
    return done.exit_code, done.output + done.stderr


@pytest.mark.plain_user
def test_other_devices_are_begun_where_they_stand_and_the_machine_sells_on(scene: Scene) -> None:
    scene.until(lambda: seen_once(scene), "each device written down as it was found")
    scene.rig.power_cut()
    exchange(scene, "coin", "hopper", "note")
    scene.rig.power_on()
    scene.until(lambda: sorted(told(scene, "device-exchanged")) == ["coin", "hopper", "note"], "the exchange")
    before = told(scene, "surplus")
    # Nobody knows what the other hopper holds: no sale that might not be paid back, until somebody has counted.
    shown = scene.hand.wait(lambda s: s.screen is ScreenName.OUT_OF_SERVICE and bool(s.rows), "its reason")
    assert [(row.label, row.value) for row in shown.rows] == [
        ("거스름돈 나오는 곳", "동전을 아직 세지 않았습니다")
    ]
    code, said = cash(scene, "state")
    assert (code, "count it" in said) == (1, True), said
    assert cash(scene, "counted", "10", "--hopper", "2")[0] == 2
    code, said = cash(scene, "counted", "87")
    assert (code, said.splitlines()[0]) == (0, "hopper 1: 87 coins"), said
    scene.at_rest()
    sells(scene)
    code, said = cash(scene, "state")
    assert (code, said.splitlines()[0].split()) == (0, ["hopper", "1", "100", "KRW", "81", "coins"]), said
    assert len(told(scene, "device-exchanged")) == 3
    assert told(scene, "surplus") == before


@pytest.mark.plain_user
def test_a_validator_that_is_exchanged_with_a_note_under_way_leaves_the_note_to_a_person(
    scene: Scene,
) -> None:
    scene.to_payment(Errand())
    scene.until(lambda: scene.rig.sim(do="state")["note"]["accepting"], "the open note slot")
    order = scene.open_order()
    scene.rig.sim(do="fault", device="note", fault="lose-request", header=154, count=100)
    scene.until(lambda: scene.rig.sim(do="note", value=1_000)["note"] == "held", "the note drawn in")
    scene.until(lambda: any(row["kind"] == "note-intent" for row in scene.journal()[-3:]), "the intent")
    scene.rig.power_cut()
    exchange(scene, "note")
    scene.rig.power_on()
    closed = scene.last_closed(order)
    assert (closed["outcome"], closed["credit"], closed["claim"]) == ("DISPUTED", 0, 1_000)
    scene.until(lambda: ("order-disputed", order) in alarms(scene), "the case at central")


def test_a_validator_that_is_exchanged_while_the_machine_runs_takes_notes_again(scene: Scene) -> None:
    scene.at_rest()
    before = len(told(scene, "device-exchanged"))
    scene.rig.sim(do="unplug", device="note")
    scene.rig.sim(do="fault", device="note", fault="serial", serial=7_654_321)
    scene.rig.sim(do="plug", device="note")
    scene.until(lambda: told(scene, "device-exchanged")[before:] == ["note"], "the exchange")
    sells(scene)
