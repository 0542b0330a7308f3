"""Central's page tells of a paper of every type: by number no more than may be shown, by its code what to compare."""

import io
import json
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import segno

from central.authority.numbers import draw_number, grouped
from central.authority.trust_lists import TrustLists
from central.authority.types import load_types
from central.authority.verification import mask, what_it_is
from central.bundles.forms import DEFAULT_ROOT
from central.clock import system_clock, to_ms
from central.web.words import ABOUT
from kiosk.protocol.seal import SealPayload, make_seal
from kiosk.protocol.signed_list import fingerprint, load_root, read_list
from kiosk.protocol.trust_files import LIST_FILE, ROOT_FILE
from tests.contract.central.machine import Server
from tests.contract.central.test_pages import Browser

TYPES = load_types()
KIOSK = "YDP-0001"
DAY_S = 86_400


class Paper:
    """One issued paper of a type: its sample, sealed with the server's own key, and central's record of it."""

    def __init__(self, server: Server, code: str) -> None:
        kind = TYPES[code]
        data = json.loads((DEFAULT_ROOT / code / "sample.json").read_text("utf-8"))
        now = system_clock()
        signing = TrustLists(server.folder).signing(now)
        self.personal = kind.file.personal
        self.number = draw_number(lambda span: zlib.crc32(code.encode()) % span)
        self.subject = kind.about(data)
        payload = SealPayload(
            issuer=signing.key.issuer,
            issued_at=int(now.timestamp()),
            expires_at=int(now.timestamp()) + 90 * DAY_S,
            number=self.number,
            type_code=code,
            pages=1,
            content="00" * 16,
            kiosk=KIOSK,
            subject=self.subject,
            template=kind.form,
        )
        self.seal = make_seal(payload, signing.private, signing.key.kid)
        self._keep(server.folder.database, code, to_ms(now))

    def _keep(self, database: Path, code: str, now_ms: int) -> None:
        """As the issuer keeps it: of a person's paper without the seal."""
        row = {
            "kiosk": KIOSK,
            "key": f"each-type-{code}",
            "order_id": f"each-type-{code}",
            "type_code": code,
            "status": "issued",
            "number": self.number,
            "sheets": 1,
            "issued_ms": now_ms,
            "verify_until_ms": now_ms + 90 * DAY_S * 1000,
            "seal": "" if self.personal else self.seal,
            "final": "delivered",
        }
        marks = ", ".join("?" * len(row))
        with sqlite3.connect(database, timeout=30) as connection:
            connection.execute(
                f"INSERT OR REPLACE INTO issue ({', '.join(row)}) VALUES ({marks})", [*row.values()]
            )
        connection.close()

    def picture(self) -> bytes:
        out = io.BytesIO()
        segno.make(self.seal, error="m").save(out, kind="png", scale=4, border=4)
        return out.getvalue()


@pytest.fixture
def browser(server: Server, request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A person with an address of their own."""
    mark = zlib.crc32(request.node.name.encode())
    person = Browser(server.web, f"127.2.{mark % 250 + 1}.{mark // 250 % 250 + 1}")
    yield person
    person.session.close()


def cell(value: str) -> str:
    return f'<td class="figures">{value}</td>'


@pytest.mark.parametrize("code", sorted(TYPES))
def test_a_paper_of_each_type_is_told_in_both_languages(server: Server, browser: Browser, code: str) -> None:
    paper, name = Paper(server, code), TYPES[code].file.name
    by_code = browser.by_picture(paper.picture()).text
    by_number = browser.by_number(paper.number).text
    for page in (by_code, by_number):
        assert "내용 진위 확인" in page
        assert "Contents genuine" in page
        assert f'<td>{name.ko} <span lang="en">{name.en}</span></td>' in page
        assert grouped(paper.number) in page
        assert "original" not in page.lower()
        assert "원본" not in page
        assert "photocopy carries the same number and code" in page
    for value in paper.subject:
        assert cell(value) in by_code
        if paper.personal:
            assert value not in by_number
    if paper.personal:
        assert "A number alone does not show whose certificate it is" in by_number
    else:
        location, *numbers = paper.subject
        assert cell(location) in by_number
        for value in numbers:
            assert cell(mask(value)) in by_number


def test_every_thing_that_a_paper_is_about_has_its_words() -> None:
    things = {what_it_is(path) for kind in TYPES.values() for path in kind.subject}
    assert things == set(ABOUT)


def test_a_checker_gets_the_list_and_its_root_and_the_page_says_the_fingerprint(server: Server) -> None:
    raw = requests.get(f"{server.web}/{LIST_FILE}", timeout=5)
    root = requests.get(f"{server.web}/{ROOT_FILE}", timeout=5)
    assert raw.headers["content-disposition"] == f'attachment; filename="{LIST_FILE}"'
    assert raw.content == server.folder.trust_list.read_bytes()
    assert b"PRIVATE" not in root.content
    key = load_root(server.folder.trust_root)
    assert read_list(raw.content, key) == TrustLists(server.folder).now
    page = requests.get(server.web + "/verify", timeout=5).text
    assert fingerprint(key) in page
    assert f'href="/{LIST_FILE}"' in page
    assert f'href="/{ROOT_FILE}"' in page
