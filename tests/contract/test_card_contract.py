"""The dialogue with a card, on a reader in memory, on a real card service, and without one: the same answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.worker.card_certificate import read_certificate
from simulators.reader_daemon import why_not
from tests.card_drawer import PIN
from tests.contract.card_tables import MemoryTable, Refusal, ServiceTable, Table
from tests.wire.card_client import STATEMENT
from tests.wire.card_desk import card_desk

REASON = why_not()
RIGHT, WRONG = PIN.decode(), "999999"
SELECT, VERIFY, SIGN = 0xA4, 0x20, 0x87


@pytest.fixture(
    params=[
        "memory",
        "direct",
        pytest.param("service", marks=pytest.mark.skipif(REASON is not None, reason=str(REASON))),
    ]
)
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Table]:
    if request.param == "memory":
        yield MemoryTable(tmp_path)
        return
    with card_desk(direct=request.param == "direct") as desk:
        real = ServiceTable(desk)
        yield real
        real.client.close()


def refusal(table: Table, pin: str | None = None) -> tuple[str, int | None]:
    """How looking at the card, or signing with this PIN, is refused."""
    with pytest.raises(Refusal) as refused:
        table.sign(pin) if pin is not None else table.open()
    return refused.value.code, refused.value.tries


def test_the_card_signs_for_who_knows_its_pin(table: Table) -> None:
    table.put_in("citizen-1")
    seen = table.open()
    assert seen.tries == 3
    certificate = read_certificate(seen.certificate)
    assert certificate.citizen
    assert certificate.signed(STATEMENT, table.sign(RIGHT))


def test_wrong_pins_count_down_to_a_blocked_card_that_is_told_before_the_next_pin(table: Table) -> None:
    table.put_in("citizen-1")
    table.open()
    assert refusal(table, WRONG) == ("pin-wrong", 2)
    assert refusal(table, WRONG) == ("pin-wrong", 1)
    assert refusal(table, WRONG)[0] == "pin-blocked"
    table.put_in("citizen-1")
    assert refusal(table)[0] == "pin-blocked"


def test_a_right_pin_after_a_wrong_one_signs_and_gives_the_tries_back(table: Table) -> None:
    table.put_in("citizen-1")
    seen = table.open()
    assert refusal(table, WRONG) == ("pin-wrong", 2)
    assert read_certificate(seen.certificate).signed(STATEMENT, table.sign(RIGHT))
    assert table.tries("citizen-1") == 3


def test_a_pin_that_can_be_none_costs_no_try(table: Table) -> None:
    table.put_in("citizen-1")
    table.open()
    for pin in ("", "12345", "123456789", "12345a"):
        assert refusal(table, pin) == ("pin-malformed", None)
    assert table.tries("citizen-1") == 3


@pytest.mark.parametrize("label", ["transit-1", "staff-1"])
def test_a_card_of_another_kind_is_told_before_a_pin(table: Table, label: str) -> None:
    table.put_in(label)
    assert refusal(table)[0] == "card-wrong-kind"


def test_a_card_that_is_out_again_is_not_opened(table: Table) -> None:
    table.put_in("citizen-1")
    table.pull()
    assert refusal(table)[0] == "card-removed"


def test_a_card_pulled_while_the_pin_is_typed_signs_nothing(table: Table) -> None:
    table.put_in("citizen-1")
    table.open()
    table.pull()
    assert refusal(table, RIGHT)[0] == "card-removed"


def test_a_card_swapped_while_the_pin_is_typed_never_sees_the_pin(table: Table) -> None:
    table.put_in("citizen-1")
    table.open()
    table.put_in("citizen-2")
    assert refusal(table, WRONG)[0] == "card-changed"
    assert table.tries("citizen-2") == 3
    assert table.open().tries == 3


@pytest.mark.parametrize("ins", [VERIFY, SIGN], ids=["verify", "sign"])
def test_a_card_pulled_in_the_middle_of_a_command_is_told_as_that(table: Table, ins: int) -> None:
    table.put_in("citizen-1")
    table.open()
    table.fault("pull", ins=ins)
    assert refusal(table, RIGHT)[0] == "card-removed"
    table.put_in("citizen-1")
    assert table.open().tries == 3


@pytest.mark.parametrize("kept", [1, 2, 40])
def test_half_an_answer_is_none(table: Table, kept: int) -> None:
    table.put_in("citizen-1")
    table.fault("truncate", bytes=kept)
    assert refusal(table)[0] == "card-unreadable"
    table.fault("none")
    table.put_in("citizen-1")
    assert table.open().tries == 3


def test_a_card_that_knows_only_faults_is_unreadable(table: Table) -> None:
    table.put_in("citizen-1")
    table.fault("status", sw=0x6F00)
    assert refusal(table)[0] == "card-unreadable"


def test_a_mute_card_is_given_up_and_after_pulling_it_the_next_one_is_served(table: Table) -> None:
    table.put_in("citizen-1")
    table.open()
    table.fault("mute")
    assert refusal(table, RIGHT)[0] == "card-mute"
    table.fault("none")
    table.put_in("citizen-2")
    seen = table.open()
    assert read_certificate(seen.certificate).signed(STATEMENT, table.sign(RIGHT))


def test_without_the_card_service_the_reader_is_gone(table: Table) -> None:
    table.put_in("citizen-1")
    table.open()
    table.stop_service()
    assert refusal(table, RIGHT)[0] == "reader-gone"
    assert refusal(table)[0] == "reader-gone"
