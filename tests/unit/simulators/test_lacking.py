"""Twins of cheaper models: what they forget without power, and what they can't see."""

from pathlib import Path

from .desk import CashAdmin, PaperDesk


def test_a_forgetful_hopper_counts_from_nothing_after_a_power_cut() -> None:
    desk = CashAdmin()
    desk.hopper.forgets = True
    assert desk.ask(3, 244) == b"H-100F"
    desk.dispense(2)
    desk.clock.advance(1.0)
    assert desk.number(3, 168) == 2
    desk.hopper.power(False)
    desk.hopper.power(True)
    assert desk.number(3, 168) == 0


def test_a_forgetful_acceptor_too() -> None:
    desk = CashAdmin()
    desk.coin.forgets = True
    assert desk.ask(2, 244) == b"CA-4F"
    desk.coin.memory.keep(accepted=7, seen=9)
    desk.coin.power(False)
    desk.coin.power(True)
    assert (desk.number(2, 225), desk.number(2, 226)) == (0, 0)


def test_a_presenter_without_sensors_says_so_and_sees_nothing(tmp_path: Path) -> None:
    desk = PaperDesk(tmp_path)
    assert desk.ask("S")[7] & 0x06 == 0
    desk.ask("H")
    desk.print_held("a page")
    assert desk.state()[1] == 1
    desk.presenter.blind = True
    assert desk.ask("S")[7] & 0x06 == 0x06
    assert desk.state()[1] == 0
