"""The pages for people: what they show, what they never show, and how they defend themselves."""

import io
import re
import zlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import requests
import segno

from central.authority.numbers import draw_number, grouped
from central.authority.trust_lists import LIST_DAYS, TrustLists
from central.clock import system_clock
from central.registers.residents import known
from central.web.limit import BURST
from kiosk.protocol.central import IssueReply, TypeHealth
from kiosk.protocol.identity import Identified
from tests.contract.central.machine import Machine, Server
from tests.contract.central.test_calls import heartbeat
from tests.contract.central.test_identities import draft_at, identify_at
from tests.unit.central.citizen import chip_of, household_issue
from tests.unit.central.office import Journal


class FromAddress(requests.adapters.HTTPAdapter):
    """Calls from one of the loopback's other addresses, so that one test's checks don't count for the next."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Bind to the address."""
        super().init_poolmanager(*args, source_address=(self.address, 0), **options)


class Browser:
    """Somebody at the pages."""

    def __init__(self, web: str, address: str) -> None:
        self.page = web + "/verify"
        self.session = requests.Session()
        self.session.mount("http://", FromAddress(address))

    def by_number(self, number: str) -> requests.Response:
        """Check a number."""
        return self.session.post(self.page, files={"number": (None, number)}, timeout=10)

    def by_picture(self, content: bytes) -> requests.Response:
        """Check an upload."""
        return self.session.post(self.page, files={"picture": ("code.png", content)}, timeout=20)


@pytest.fixture
def browser(server: Server, request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A person with an address of their own."""
    mark = zlib.crc32(request.node.name.encode())
    person = Browser(server.web, f"127.1.{mark % 250 + 1}.{mark // 250 % 250 + 1}")
    yield person
    person.session.close()


def issued(machine: Machine) -> tuple[str, str, str]:
    """A document: key, number, seal."""
    worker = machine.worker()
    call = machine.call(worker)
    reply = msgspec.json.decode(machine.issue(call).content, type=IssueReply)
    return call.key, reply.number, worker.open_document(reply, call).seal


def test_a_number_is_genuine_then_void_and_the_lot_is_covered(browser: Browser, machine: Machine) -> None:
    key, number, _ = issued(machine)
    page = browser.by_number(grouped(number))
    assert page.status_code == 200
    assert "내용 진위 확인" in page.text
    assert "여의도동" in page.text
    assert "6●" in page.text
    assert "원본" not in page.text
    assert "한빛" not in page.text
    machine.events(Journal().void(key, number))
    page = browser.by_number(number)
    assert "무효 처리된 문서" in page.text
    assert "여의도동" not in page.text


def test_each_language_of_the_foot_is_a_paragraph_of_its_own(browser: Browser) -> None:
    """A voice reads a paragraph in one language."""
    page = browser.session.get(browser.page, timeout=10).text
    foot = page[page.index("<footer>") : page.index("</footer>")]
    paragraphs = dict(re.findall(r'<p lang="(\w+)">(.*?)</p>', foot, re.DOTALL))
    assert list(paragraphs) == ["ko", "en"]
    assert foot.count("lang=") == 2
    words = re.sub(r"<.*?>", "", paragraphs["ko"]).split("(")[0]
    assert not re.search(r"[a-z]", words)
    assert not re.search(r"[가-힣]", paragraphs["en"])


def test_a_picture_of_the_code_is_genuine_and_shows_what_it_holds(browser: Browser, machine: Machine) -> None:
    _, number, seal = issued(machine)
    stream = io.BytesIO()
    segno.make(seal, error="m").save(stream, kind="png", scale=5, border=4)
    page = browser.by_picture(stream.getvalue())
    assert "내용 진위 확인" in page.text
    assert grouped(number) in page.text
    assert '<td class="figures">60</td>' in page.text


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("", "번호를 적거나"),
        ("123", "숫자 16자리"),
        ("<script>alert(1)</script>", "숫자 16자리"),
        ("1234-5678-9012-3456", "검사 숫자"),
        (draw_number(lambda span: span - 1), "발급된 증명서가 없습니다"),
    ],
    ids=["empty", "short", "script", "check-digit", "unknown"],
)
def test_what_is_no_number_of_ours_is_said_in_words(number: str, said: str, browser: Browser) -> None:
    page = browser.by_number(number)
    assert said in page.text
    assert "<script>alert" not in page.text


def test_a_file_without_a_code_is_said_in_words(browser: Browser) -> None:
    page = browser.by_picture(b"this is no picture")
    assert page.status_code == 400
    assert "열 수 없는 파일" in page.text


def test_a_file_past_the_cap_is_refused_before_it_is_read(browser: Browser) -> None:
    assert browser.by_picture(b"x" * (13 * 1024 * 1024)).status_code == 413


def test_a_form_that_is_none_is_refused(browser: Browser) -> None:
    headers = {"content-type": "multipart/form-data"}
    answer = browser.session.post(browser.page, data=b"\0\1", headers=headers, timeout=5)
    assert answer.status_code == 400


def test_trying_numbers_one_after_another_is_stopped(browser: Browser) -> None:
    pages = [browser.by_number("1234567890123456") for _ in range(BURST + 3)]
    assert [page.status_code for page in pages[:BURST]] == [200] * BURST
    assert pages[-1].status_code == 429
    assert pages[-1].headers["retry-after"] == "60"
    assert "1분 뒤에" in pages[-1].text


def test_the_fleet_page_says_what_a_machine_cannot_sell_and_why(server: Server, machine: Machine) -> None:
    types = (TypeHealth("land", False, "paper-out"), TypeHealth("forest", True))
    machine.post("/v1/heartbeat", heartbeat(machine.kiosk, types=types, counters={"hopper": 41}, outbox=3))
    page = requests.get(server.web + "/", timeout=5).text
    row = page.partition(f'<th scope="row">{machine.kiosk}')[2].partition("</tr>")[0]
    for word in ("정상 연결", "토지대장", "용지 없음", "41", "3"):
        assert word in row


def test_the_fleet_page_warns_when_the_list_of_seals_is_nearly_over(server: Server) -> None:
    lists, words = TrustLists(server.folder), "seals end in"
    try:
        lists.renew(system_clock() - timedelta(days=LIST_DAYS - 10))
        page = requests.get(server.web + "/", timeout=5).text
        assert words in page
    finally:
        lists.renew(system_clock())
    assert words not in requests.get(server.web + "/", timeout=5).text


def test_a_new_heartbeat_reaches_an_open_page(server: Server, machine: Machine) -> None:
    with requests.get(server.web + "/fleet/stream", stream=True, timeout=10) as stream:
        lines = (line.decode() for line in stream.iter_lines() if line.startswith(b"data: "))
        before = msgspec.json.decode(next(lines).removeprefix("data: "), type=str)
        assert f"{machine.kiosk}<small>" not in before
        machine.post("/v1/heartbeat", heartbeat(machine.kiosk))
        after = msgspec.json.decode(next(lines).removeprefix("data: "), type=str)
        assert f"{machine.kiosk}<small>" in after


@pytest.mark.parametrize("path", ["/", "/verify", "/healthz", "/static/style.css", "/nothing"])
def test_every_answer_carries_the_strict_headers(server: Server, path: str) -> None:
    answer = requests.get(server.web + path, timeout=5)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers


def test_no_page_asks_for_anything_from_elsewhere_or_inline(server: Server) -> None:
    for path in ("/", "/verify"):
        page = requests.get(server.web + path, timeout=5).text
        assert "http://" not in page.replace('xmlns="http://www.w3.org', "")
        assert "https://" not in page
        assert "style=" not in page
        assert "onclick" not in page


def test_the_machines_calls_are_not_on_the_peoples_listener(server: Server) -> None:
    answer = requests.post(server.web + "/v1/heartbeat", data=b"{}", timeout=5)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_of_a_persons_document_a_number_shows_no_name_and_the_code_what_is_printed(
    browser: Browser, server: Server, machine: Machine
) -> None:
    worker = machine.worker()
    answer = identify_at(machine, worker, chip_of(server.folder, known.FAMILY, system_clock()))
    assert isinstance(answer, Identified)
    call = household_issue(worker, draft_at(machine, worker, answer.token), answer.token)
    reply = msgspec.json.decode(machine.issue(call).content, type=IssueReply)
    page = browser.by_number(reply.number).text
    assert "주민등록표 등본" in page
    assert not any(word in page for word in ("홍길동", "800101", "Location", "a lot or another"))
    code = io.BytesIO()
    segno.make(worker.open_document(reply, call).seal, error="m").save(code, kind="png", scale=4, border=4)
    page = browser.by_picture(code.getvalue()).text
    assert "홍길동" in page
    assert "800101-1" in page
    assert "Location" not in page
