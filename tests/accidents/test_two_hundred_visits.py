"""Many at once. Yokohama and Gov24 again: every one of these accidents needed load, and none was seen before it.

Two hundred citizens with cards at four machines, all against one central, at the same time. What came out of each
printer is compared with the register's own word on who had asked. Planted, as the control: a typesetter that hands out
the document before; without the last look at the page the comparison sees it, with it nothing comes out.
"""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from central.authority.keys import load_keys
from central.clock import system_clock
from central.registers.residents.book import find_holder, other_cards
from central.registers.residents.record import Person
from kiosk.protocol.seal import SealState, read_seal
from kiosk.worker.imprint import grouped
from tests.contract.central.machine import Server, serving
from tests.unit.central.office import Office

MACHINES = 4
# At each machine; all of the two hundred are `make forms`'s.
SOME, ALL = 8, 50
DEADLINE_S = 100
# What the register itself may say of somebody picked from a town at random.
OFFICE_REFUSES = {"address-protected", "record-moving", "record-under-change", "person-deceased", "under-age"}
pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def office(small_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """One office for all of these."""
    return Office(small_town, tmp_path_factory.mktemp("fleet") / "data")


@pytest.fixture(scope="module")
def server(office: Office) -> Iterator[Server]:
    with serving(office.folder.data) as running:
        yield running


def run_fleet(server: Server, machines: int, visits: int, planted: str = "") -> list[dict[str, Any]]:
    """What came out at all machines together."""
    cards = other_cards(server.folder.residents, machines * visits)
    assert len(cards) == machines * visits
    programs = []
    for number in range(machines):
        own = cards[number::machines]
        arguments = [str(server.folder.data), server.api, f"M{number}{planted}", planted, *own]
        command = [sys.executable, "-m", "tests.accidents.fleet_machine", *arguments]
        programs.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    ends = [program.communicate(timeout=DEADLINE_S)[0] for program in programs]
    assert [program.returncode for program in programs] == [0] * machines
    return [json.loads(line) for end in ends for line in end.splitlines()]


def crossed(server: Server, office: Office, papers: list[dict[str, Any]]) -> list[str]:
    """The cards whose holders' paper is about somebody else, or bears another number or seal than theirs."""
    with office.residents() as connection:
        holders = {
            paper["card"]: holder.person
            for paper in papers
            if (holder := find_holder(connection, paper["card"])) is not None
        }
    keys = load_keys(server.folder, system_clock())
    now = int(system_clock().timestamp())
    return [
        paper["card"]
        for paper in papers
        if not _own(paper, holders[paper["card"]], read_seal(paper["seal"], keys.trust, now))
    ]


def _own(paper: dict[str, Any], holder: Person, verdict: Any) -> bool:
    text = paper["text"]
    said = verdict.payload
    return (
        verdict.state is SealState.GENUINE
        and said.subject == (holder.name, holder.number[:8])
        and said.number == paper["number"]
        and grouped(paper["number"]) in text
        and re.sub(r"\s", "", holder.name) in re.sub(r"\s", "", text)
    )


@pytest.mark.parametrize("visits", [SOME, pytest.param(ALL, marks=pytest.mark.forms)])
def test_visits_at_once_and_nobody_gets_anothers_paper(server: Server, office: Office, visits: int) -> None:
    ends = run_fleet(server, MACHINES, visits)
    papers = [end for end in ends if "number" in end]
    assert len(ends) == MACHINES * visits
    refusals = Counter(end["code"] for end in ends if "code" in end)
    assert set(refusals) <= OFFICE_REFUSES, refusals
    assert len(papers) > MACHINES * visits * 0.8, refusals
    assert crossed(server, office, papers) == []
    assert len({paper["number"] for paper in papers}) == len(papers)


def test_documents_that_are_handed_out_one_visit_late_are_seen_by_the_comparison(
    server: Server, office: Office
) -> None:
    papers = [end for end in run_fleet(server, 2, 4, "unseen") if "number" in end]
    assert len(papers) > 2
    assert len(crossed(server, office, papers)) == len(papers) - 2  # each machine's first is right


@pytest.mark.forms
def test_documents_that_are_handed_out_one_visit_late_never_reach_the_printer(
    server: Server, office: Office
) -> None:
    ends = run_fleet(server, 2, 4, "seen")
    papers = [end for end in ends if "number" in end]
    assert len(papers) == 2
    assert crossed(server, office, papers) == []
    assert Counter(end["code"] for end in ends if "code" in end)["read-back-failed"] >= 4
