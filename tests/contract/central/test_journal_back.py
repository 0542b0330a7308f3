"""A machine that has lost its disk gets its journal back over the real wire, and nobody else's."""

import shutil
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from kiosk.commands.ledger_rebuild import from_central, rebuild_here
from kiosk.ledger.copies import COPY, name_copy, take_copy
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.opening import REBUILDING
from kiosk.ledger.problems import LedgerError
from kiosk.ledger.rebuild import RebuildError, Rebuilt
from kiosk.protocol.central import Heartbeat, JournalReply
from kiosk.settings import Settings, load
from tests.contract.central.machine import Machine, Server, code_of
from tests.unit.central.office import Journal
from tests.unit.ledger.trade import Clock, open_shop, sell


class Kiosk:
    """A run directory, a ledger with trade in it, and the way to central."""

    def __init__(self, run: Path, machine: Machine) -> None:
        self.run, self.machine = run, machine
        shutil.copytree(machine.pki, run / "pki")
        (run / "ledger").mkdir()
        said = {
            "kiosk_id": machine.kiosk,
            "central_url": machine.api,
        }
        rest = dict.fromkeys(("site", "machine", "municipality", "help_phone"), "x")
        lines = [f'{name} = "{value}"' for name, value in {**said, **rest}.items()]
        lines += ["[printer]", 'uri = "ipp://localhost/ipp/print"']
        (run / "kiosk.toml").write_text("\n".join(lines), "utf-8")
        self.settings: Settings = load(run / "kiosk.toml")
        self.file = run / "ledger" / "ledger.db"

    def open(self) -> Ledger:
        return Ledger(self.file, Clock().stamp, machine=self.machine.kiosk)

    def send(self, ledger: Ledger) -> None:
        """What the courier does."""
        while rows := ledger.outbox(100):
            assert self.machine.events(*rows).status_code == 200
            ledger.acknowledge(rows[-1].seq)

    def rebuild(self, *, with_copy: bool = False) -> Rebuilt:
        with from_central(self.settings) as fetch:
            return rebuild_here(self.settings, with_copy=with_copy, fetch=fetch, stamp=Clock(10**13).stamp)


@pytest.fixture
def kiosk(tmp_path: Path, machine: Machine) -> Kiosk:
    made = Kiosk(tmp_path, machine)
    ledger = made.open()
    open_shop(ledger)
    for number in range(4):
        sell(ledger, f"{sum(map(ord, machine.kiosk)):05}A{number}")
    made.send(ledger)
    ledger.close()
    return made


def page(machine: Machine, after: str) -> JournalReply:
    response = machine.session.get(f"{machine.api}/v1/journal?after={after}", timeout=10)
    assert response.status_code == 200, response.text
    return msgspec.json.decode(response.content, type=JournalReply)


def test_a_machine_gets_its_own_rows_as_they_were_sent(kiosk: Kiosk) -> None:
    with closing(kiosk.open()) as ledger:
        sent = list(ledger.journal())
        found = page(kiosk.machine, "0")
        assert [(row.seq, row.hash, bytes(row.body)) for row in found.rows] == [
            (row.seq, row.hash, bytes(row.body)) for row in sent
        ]
        assert (found.seq, found.hash) == ledger.head
        assert page(kiosk.machine, str(found.seq)).rows == ()


def test_another_machine_gets_none_of_them(kiosk: Kiosk, server: Server) -> None:
    with server.machine("M-other") as other:
        found = page(other, "0")
    assert (found.rows, found.seq) == ((), 0)


@pytest.mark.parametrize("after", ["-1", "x", "", "9" * 16, "1.0", "٣"])
def test_what_is_no_seq_is_refused(kiosk: Kiosk, after: str) -> None:
    response = kiosk.machine.session.get(f"{kiosk.machine.api}/v1/journal?after={after}", timeout=10)
    assert code_of(response) == "400 after-invalid"


def test_pages_are_small_enough_for_the_machines_line(machine: Machine) -> None:
    journal = Journal()
    rows = [journal.row("boot", {"n": number}) for number in range(700)]
    for at in range(0, 700, 100):
        assert machine.events(*rows[at : at + 100]).status_code == 200
    first = page(machine, "0")
    assert (len(first.rows), first.seq) == (500, 700)
    assert [row.seq for row in page(machine, "500").rows] == list(range(501, 701))


def test_a_lost_disk_is_replaced_and_the_machine_goes_on_where_central_stands(kiosk: Kiosk) -> None:
    with closing(kiosk.open()) as ledger:
        head, totals = ledger.head, ledger.totals()
    kiosk.file.unlink()
    done = kiosk.rebuild()
    assert (done.fetched, done.missing, done.unproved) == (head[0], 0, ())
    with closing(kiosk.open()) as ledger:
        assert ledger.totals() == totals
        sell(ledger, "01NEW")
        kiosk.send(ledger)  # central takes every row
        assert page(kiosk.machine, "0").seq == ledger.head[0]


def test_a_damaged_ledger_is_put_aside_and_not_thrown_away(kiosk: Kiosk) -> None:
    content = kiosk.file.read_bytes()
    kiosk.file.write_bytes(b"not a database, " * 1000)
    with pytest.raises(LedgerError):
        kiosk.open()
    kiosk.rebuild()
    kiosk.open().close()
    (aside,) = kiosk.file.parent.glob("before-*")
    assert (aside / "ledger.db").read_bytes() == b"not a database, " * 1000
    assert content != (aside / "ledger.db").read_bytes()


def test_from_the_copy_only_what_came_since_is_fetched(kiosk: Kiosk) -> None:
    with closing(kiosk.open()) as ledger:
        place = kiosk.run / "copy"
        name_copy(ledger, place, take_copy(ledger, place, lambda: None), 1)
        copied = ledger.head[0] - 1
        sell(ledger, "01LATE")
        kiosk.send(ledger)
        head, totals = ledger.head, ledger.totals()
    kiosk.file.unlink()
    done = kiosk.rebuild(with_copy=True)
    assert (done.copied, done.fetched) == (copied, head[0] - copied)
    with closing(kiosk.open()) as ledger:
        assert ledger.totals() == totals


def test_rows_that_were_told_of_and_never_sent_are_missed_by_number(kiosk: Kiosk) -> None:
    with closing(kiosk.open()) as ledger:
        sell(ledger, "01LOST")
        told, held = ledger.head, page(kiosk.machine, "0").seq
    beat = Heartbeat(kiosk.machine.kiosk, 1, "b", 1, "ready", "0", "", "", (), (), {}, 0, 0, told[0], told[1])
    assert kiosk.machine.post("/v1/heartbeat", beat).status_code == 200
    kiosk.file.unlink()
    assert kiosk.rebuild().missing == told[0] - held


def test_without_central_nothing_is_rebuilt_and_the_old_file_stays(kiosk: Kiosk) -> None:
    with closing(kiosk.open()) as ledger:
        place = kiosk.run / "copy"
        name_copy(ledger, place, take_copy(ledger, place, lambda: None), 1)
    before = kiosk.file.read_bytes()
    silent = msgspec.structs.replace(kiosk.settings, central_url="https://127.0.0.1:9")
    with from_central(silent) as fetch, pytest.raises(RebuildError) as no:
        rebuild_here(silent, with_copy=True, fetch=fetch, stamp=Clock().stamp)
    assert no.value.code == "central-silent"
    assert kiosk.file.read_bytes() == before
    assert (place / COPY).exists()


def test_a_machine_that_runs_is_not_rebuilt_under_its_feet(kiosk: Kiosk) -> None:
    with closing(kiosk.open()) as ledger:
        ledger.note_about("here", "1")
        with pytest.raises(RebuildError, match="stop it first") as no:
            kiosk.rebuild()
    assert no.value.code == "running"


def test_torn_while_the_files_change_places_core_begins_no_empty_ledger(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old file is aside, the new one not there yet: the mark is, and the command is simply run again."""
    kiosk.file.unlink()
    replace = Path.replace

    def cut(self: Path, target: Path) -> Path:
        if self.parent.name == "rebuilt":
            raise KeyboardInterrupt
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", cut)
    with pytest.raises(KeyboardInterrupt):
        kiosk.rebuild()
    monkeypatch.undo()
    assert (kiosk.file.parent / REBUILDING).exists()
    with pytest.raises(LedgerError, match="run `kiosk ledger rebuild` again") as no:
        kiosk.open()
    assert no.value.code == "rebuilding"
    kiosk.rebuild()
    kiosk.open().close()


def test_a_disk_of_yesterday_put_back_by_hand_is_seen_by_central_at_its_first_row(kiosk: Kiosk) -> None:
    yesterday = kiosk.run / "yesterday.db"
    shutil.copy(kiosk.file, yesterday)
    with closing(kiosk.open()) as ledger:
        sell(ledger, "01SINCE")
        kiosk.send(ledger)
    shutil.copy(yesterday, kiosk.file)
    with closing(kiosk.open()) as ledger:
        open_shop(ledger)  # the row of this start: before central has it nothing is sold
        assert code_of(kiosk.machine.events(*ledger.outbox(100))) == "409 chain-broken"
    kiosk.rebuild()
    with closing(kiosk.open()) as ledger:
        assert ledger.has_order("01SINCE")
        kiosk.send(ledger)
