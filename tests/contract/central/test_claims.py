"""Claims over the wire: real machines at a real server that ask at once, and the page that shows what waits."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import requests
from typer.testing import CliRunner

from central.cli import app
from central.clock import system_clock
from central.registers.residents import known
from kiosk.protocol import claims, sealing
from kiosk.protocol.central import HeartbeatReply, SealedAnswer
from kiosk.protocol.claims import ClaimsAnswer, ClaimsCall, ClaimsRequest, asked_line
from kiosk.protocol.identity import Identified
from tests.contract.central.machine import Machine, Server, code_of
from tests.contract.central.test_calls import heartbeat
from tests.contract.central.test_identities import identify_at
from tests.unit.central.citizen import chip_of
from tests.unit.central.office import Journal, Worker

NOTHING = {"fee": 0, "credit": 0, "paid": 0, "claim": 0, "reason": "interrupted"}


def identified(
    server: Server, machine: Machine, order: str, card: str = known.FAMILY
) -> tuple[Worker, Identified]:
    """Somebody shows their card for their money."""
    worker = machine.worker(order)
    who = identify_at(machine, worker, chip_of(server.folder, card, system_clock()), (asked_line(),))
    assert isinstance(who, Identified)
    return worker, who


def ask(machine: Machine, worker: Worker, token: bytes, key: str = "claims-1") -> requests.Response:
    request = ClaimsRequest(machine.kiosk, worker.order, worker.public, token, 10_000)
    sealed = worker.seal(request, claims.CLAIM_LINE, claims.CLAIM_TYPE, claims.PURPOSE)
    return machine.post("/v1/claims", ClaimsCall(machine.kiosk, worker.order, sealed), key=key)


def answer(machine: Machine, worker: Worker, token: bytes) -> ClaimsAnswer:
    """The question and its answer, as worker and courier put it."""
    request = ClaimsRequest(machine.kiosk, worker.order, worker.public, token, 10_000)
    sealed = worker.seal(request, claims.CLAIM_LINE, claims.CLAIM_TYPE, claims.PURPOSE)
    call = ClaimsCall(machine.kiosk, worker.order, sealed)
    response = machine.post("/v1/claims", call, key="claims-1")
    assert response.status_code == 200, response.text
    reply = msgspec.json.decode(response.content, type=SealedAnswer)
    about = (claims.CLAIM_LINE, claims.CLAIM_TYPE, claims.PURPOSE)
    info = sealing.answer_info(machine.kiosk, worker.order, *about, sealed)
    return msgspec.json.decode(sealing.open_sealed(worker.private, reply.sealed, info), type=ClaimsAnswer)


def closed(journal: Journal, order: str, outcome: str, **other: Any) -> Any:
    """An order's end."""
    return journal.row("order-closed", {"order": order, "outcome": outcome, **NOTHING, **other})


def test_two_machines_that_ask_at_once_never_both_get_it(server: Server) -> None:
    with server.machine("RACE-1") as one, server.machine("RACE-2") as other:
        journals = {one.kiosk: Journal(), other.kiosk: Journal()}
        _, who = identified(server, one, "RACE-WHO")
        for turn in range(10):
            owes = closed(
                journals[one.kiosk], f"OWES{turn}", "CLAIM", credit=500, claim=500, holder=who.subject
            )
            assert one.events(owes).status_code == 200
            asked = [(m, *identified(server, m, f"{m.kiosk}-{turn}")) for m in (one, other)]
            with ThreadPoolExecutor(2) as pool:
                held = list(pool.map(lambda a: answer(a[0], a[1], a[2].token), asked))
            sums = [sum(owed.amount for owed in each.held) for each in held]
            assert sorted(sums) == [0, 500], f"turn {turn}: {held}"
            winner = asked[sums.index(500)][0]
            end = closed(journals[winner.kiosk], f"{winner.kiosk}-{turn}", "REFUNDED", paid=500, redeems=True)
            assert winner.events(end).status_code == 200


def test_the_page_shows_what_waits_for_a_person_and_the_heartbeat_what_was_decided(
    server: Server, machine: Machine
) -> None:
    order = f"CASE-{machine.kiosk}"
    journal = Journal()
    machine.events(closed(journal, order, "DISPUTED", credit=700, claim=700))
    page = requests.get(server.web + "/", timeout=10).text
    assert "사람이 결정할 일" in page
    assert f"<td>{order}</td>" in page
    run = CliRunner()
    data = ["--data", str(server.folder.data)]
    listed = run.invoke(app, ["cases", "list", *data]).output
    number = next(line.split()[0] for line in listed.splitlines() if order in line)
    decided = run.invoke(app, ["cases", "resolve", number, *data, "--as", "void", "--why", "bin was empty"])
    assert decided.exit_code == 0, decided.output
    assert f"<td>{order}</td>" not in requests.get(server.web + "/", timeout=10).text
    told = machine.post("/v1/heartbeat", heartbeat(machine.kiosk, journal_seq=1, journal_head=journal.head))
    (resolution,) = msgspec.json.decode(told.content, type=HeartbeatReply).resolved
    assert (resolution.order, resolution.verdict) == (order, "void")


def test_a_question_without_a_key_or_sealed_for_another_order_is_refused(
    server: Server, machine: Machine
) -> None:
    worker, who = identified(server, machine, f"ASK-{machine.kiosk}")
    assert code_of(ask(machine, worker, who.token, key="")) == "400 idempotency-key-missing"
    request = ClaimsRequest(machine.kiosk, "ANOTHER", worker.public, who.token, 10_000)
    sealed = worker.seal(request, claims.CLAIM_LINE, claims.CLAIM_TYPE, claims.PURPOSE)
    call = ClaimsCall(machine.kiosk, worker.order, sealed)
    assert code_of(machine.post("/v1/claims", call, key="k")) == "400 envelope-mismatch"
