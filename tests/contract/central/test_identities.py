"""Identification over mutual TLS: 200 citizens at four machines at once, and nobody gets another's paper."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import chain

import msgspec
import pytest
from msgspec import Struct

from central.clock import system_clock
from central.registers.residents import known
from central.registers.residents.book import other_cards
from kiosk.protocol import sealing
from kiosk.protocol.central import Draft, DraftCall, IssueReply, SealedAnswer
from kiosk.protocol.identity import (
    AskedLine,
    ChallengeCall,
    ChallengeReply,
    Identified,
    IdentityCall,
    NotIdentified,
)
from tests.contract.central.machine import Machine, Server, code_of
from tests.unit.central.citizen import (
    HOUSEHOLD,
    LINE,
    Chip,
    call_of,
    chip_of,
    household_issue,
    household_request,
    opened,
    request_of,
)
from tests.unit.central.office import Worker

MACHINES, VISITS = 4, 50


class Paper(Struct, frozen=True):
    """What a visit got: for whom it was drafted and issued, and under which pseudonym."""

    drafted: str
    issued: str
    number: str
    subject: str


def nonce_at(machine: Machine, worker: Worker) -> bytes:
    """A fresh nonce over the wire."""
    response = machine.post("/v1/challenges", ChallengeCall(machine.kiosk, worker.order))
    return msgspec.json.decode(response.content, type=ChallengeReply).nonce


def identify_at(
    machine: Machine, worker: Worker, chip: Chip, lines: tuple[AskedLine, ...] = (LINE,)
) -> Identified | NotIdentified:
    """A citizen is identified over the wire."""
    call = call_of(worker, request_of(worker, chip, nonce_at(machine, worker), lines))
    response = machine.post("/v1/identities", call, key=f"{worker.order}-identity-1")
    assert response.status_code == 200, response.text
    return opened(worker, call, response.content)


def draft_at(machine: Machine, worker: Worker, token: bytes) -> Draft:
    """Their 등본 is drafted over the wire."""
    sealed = worker.seal(household_request(worker, token), 1, HOUSEHOLD, "draft")
    call = DraftCall(machine.kiosk, worker.order, 1, HOUSEHOLD, sealed)
    response = machine.post("/v1/drafts", call, key=f"{worker.order}-1-draft-1")
    answer = msgspec.json.decode(response.content, type=SealedAnswer)
    draft = worker.open_draft(answer.sealed, 1, HOUSEHOLD, sealed)
    assert isinstance(draft, Draft), draft
    return draft


def visit(machine: Machine, order: str, chip: Chip) -> Paper:
    """A whole visit: identified, drafted, issued."""
    worker = machine.worker(order)
    answer = identify_at(machine, worker, chip)
    assert isinstance(answer, Identified)
    draft = draft_at(machine, worker, answer.token)
    call = household_issue(worker, draft, answer.token)
    reply = msgspec.json.decode(machine.issue(call).content, type=IssueReply)
    document = worker.open_document(reply, call)
    return Paper(
        drafted=draft.data["requester"],
        issued=_number_of_requester(document.data),
        number=document.number,
        subject=answer.subject,
    )


def _number_of_requester(data: dict[str, list[dict[str, str]]]) -> str:
    rows = chain(data["members"], data["cohabitants"])
    return next(row["resident_number"] for row in rows if row["name"] == str(data["requester"]))


@pytest.fixture
def machines(server: Server) -> Iterator[list[Machine]]:
    with ExitStack() as stack:
        yield [stack.enter_context(server.machine(f"V-{number}")) for number in range(MACHINES)]


def test_two_hundred_visits_at_four_machines_at_once_cross_nothing(
    server: Server, machines: list[Machine]
) -> None:
    numbers = other_cards(server.folder.residents, MACHINES * VISITS)
    chips = {number: chip_of(server.folder, number, system_clock()) for number in numbers}
    together = threading.Barrier(MACHINES)

    def day(index: int) -> dict[str, Paper]:
        together.wait(30)
        mine = numbers[index * VISITS : (index + 1) * VISITS]
        # Every machine counts its orders alike: only machine, worker and token tell them apart.
        return {
            number: visit(machines[index], f"ORDER-{place}", chips[number])
            for place, number in enumerate(mine)
        }

    with ThreadPoolExecutor(MACHINES) as pool:
        papers = {number: paper for day in pool.map(day, range(MACHINES)) for number, paper in day.items()}
    assert len(papers) == MACHINES * VISITS
    assert len({paper.number for paper in papers.values()}) == len(papers)
    assert len({paper.subject for paper in papers.values()}) == len(papers)
    holders = _holders(server)
    crossed = [number for number, paper in papers.items() if (paper.drafted, paper.issued) != holders[number]]
    assert crossed == []


def _holders(server: Server) -> dict[str, tuple[str, str]]:
    """Whose each card is, as the register's own file says: name and number."""
    from sqlalchemy import create_engine

    from central.registers.residents.book import find_holder

    engine = create_engine(f"sqlite:///{server.folder.residents}")
    found = {}
    with engine.connect() as connection:
        for number in other_cards(server.folder.residents, MACHINES * VISITS):
            holder = find_holder(connection, number)
            assert holder is not None
            found[number] = holder.person.name, holder.person.number
    engine.dispose()
    return found


def test_tokens_swapped_between_two_visits_at_once_give_no_paper(
    server: Server, machines: list[Machine]
) -> None:
    one, other = machines[0].worker("SAME-ORDER"), machines[1].worker("SAME-ORDER")
    first = identify_at(machines[0], one, chip_of(server.folder, known.FAMILY, system_clock()))
    second = identify_at(machines[1], other, chip_of(server.folder, known.ALONE, system_clock()))
    assert isinstance(first, Identified)
    assert isinstance(second, Identified)
    sealed = one.seal(household_request(one, second.token), 1, HOUSEHOLD, "draft")
    call = DraftCall(machines[0].kiosk, one.order, 1, HOUSEHOLD, sealed)
    answer = msgspec.json.decode(machines[0].post("/v1/drafts", call).content, type=SealedAnswer)
    assert "not-identified" in repr(one.open_draft(answer.sealed, 1, HOUSEHOLD, sealed))
    assert draft_at(machines[0], one, first.token).data["requester"] == "홍길동"
    assert draft_at(machines[1], other, second.token).data["requester"] == "한여름"


def test_an_answer_lost_on_the_way_is_given_again_and_opens_for_its_worker_only(
    server: Server, machine: Machine
) -> None:
    worker, stranger = machine.worker(), machine.worker()
    chip = chip_of(server.folder, known.FAMILY, system_clock())
    call = call_of(worker, request_of(worker, chip, nonce_at(machine, worker)))
    first, again = (machine.post("/v1/identities", call, key="lost-identity-1") for _ in range(2))
    assert first.content == again.content
    assert isinstance(opened(worker, call, again.content), Identified)
    with pytest.raises(sealing.SealingError):
        opened(stranger, call, again.content)


def test_a_refused_card_is_told_sealed(server: Server, machine: Machine) -> None:
    chip = chip_of(server.folder, known.LOST, system_clock())
    assert identify_at(machine, machine.worker(), chip) == NotIdentified("card-revoked")


def test_the_call_must_name_the_calling_machine_and_carry_a_key(server: Server, machine: Machine) -> None:
    worker = machine.worker()
    chip = chip_of(server.folder, known.FAMILY, system_clock())
    call = call_of(worker, request_of(worker, chip, nonce_at(machine, worker)))
    assert code_of(machine.post("/v1/identities", call)) == "400 idempotency-key-missing"
    assert code_of(machine.post("/v1/identities", call, key="a b")) == "400 idempotency-key-invalid"
    other = msgspec.structs.replace(call, kiosk="ANOTHER")
    assert code_of(machine.post("/v1/identities", other, key="k")) == "403 wrong-kiosk"
    assert code_of(machine.post("/v1/challenges", ChallengeCall("ANOTHER", "O"))) == "403 wrong-kiosk"


def test_an_identity_is_no_draft_and_a_draft_no_identity(server: Server, machine: Machine) -> None:
    worker = machine.worker()
    chip = chip_of(server.folder, known.FAMILY, system_clock())
    request = request_of(worker, chip, nonce_at(machine, worker))
    as_draft = IdentityCall(machine.kiosk, worker.order, worker.seal(request, 0, "", "draft"))
    assert code_of(machine.post("/v1/identities", as_draft, key="k")) == "400 sealed-invalid"
    call = call_of(worker, request)
    moved = DraftCall(machine.kiosk, worker.order, 0, "x", call.sealed)
    assert code_of(machine.post("/v1/drafts", moved)) == "400 sealed-invalid"


def test_the_log_names_codes_and_keys_and_never_a_person(server: Server, machine: Machine) -> None:
    visit(machine, "LOGGED", chip_of(server.folder, known.FAMILY, system_clock()))
    log = server.log()
    assert "LOGGED-identity-1" in log
    assert not any(word in log for word in ("홍길동", "800101-1", "past_addresses", "국제금융로"))


@pytest.mark.bench
def test_an_identification_takes_100_ms_at_most(server: Server, machine: Machine) -> None:
    import time

    chip = chip_of(server.folder, known.LARGE, system_clock())
    times = []
    for number in range(100):
        worker = machine.worker(f"BENCH-{number}")
        began = time.perf_counter()
        assert isinstance(identify_at(machine, worker, chip), Identified)
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    print(f"nonce and identification p50 {times[50]:.1f} ms, p95 {times[95]:.1f} ms")
    assert times[95] <= 100
