"""One PKI a session, one misbehaving server a test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.courier.line import Credentials, Line
from tests.unit.courier.https_server import HttpsServer, Request, Script
from tests.unit.courier.pki import Authority

ServerFactory = Callable[[Callable[[Request], Script]], HttpsServer]
LineFactory = Callable[[str], Line]


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    made = Authority(tmp_path_factory.mktemp("pki"))
    made.issue("kiosk")
    made.issue("central")
    return made


@pytest.fixture
def credentials(authority: Authority) -> Credentials:
    here: Path = authority.directory
    return Credentials(here / "kiosk.pem", here / "kiosk.key", authority.ca)


@pytest.fixture
def server(authority: Authority) -> Iterator[ServerFactory]:
    running: list[HttpsServer] = []

    def start(script: Callable[[Request], Script]) -> HttpsServer:
        here = authority.directory
        running.append(HttpsServer(here / "central.pem", here / "central.key", authority.ca, script))
        return running[-1]

    yield start
    for one in running:
        one.close()


@pytest.fixture
def line(credentials: Credentials) -> Iterator[LineFactory]:
    opened: list[Line] = []

    def connect(url: str) -> Line:
        opened.append(Line(url, credentials, "test"))
        return opened[-1]

    yield connect
    for one in opened:
        one.close()
