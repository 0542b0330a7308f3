"""The signed repository over HTTPS: a machine's own look, and what is not given to whom."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from central.authority.keys import Folder
from central.services import repository_of
from kiosk.courier.line import Credentials, Line
from kiosk.courier.looking import LookError
from kiosk.courier.repository import newest_bundle
from kiosk.protocol.bundle import pack
from tests.contract.central.machine import Machine, Server, code_of
from tests.unit.courier.bundles import NOW, bundle

METADATA, TARGETS = "/v1/bundles/metadata/", "/v1/bundles/targets/"


@pytest.fixture
def line(machine: Machine) -> Iterator[Line]:
    pki = machine.pki
    made = Line(machine.api, Credentials(pki / "kiosk.pem", pki / "kiosk.key", pki / "ca.pem"), "bundles")
    yield made
    made.close()


def get(machine: Machine, path: str) -> requests.Response:
    """The path as it is: no client may tidy it up on the way."""
    request = requests.Request("GET", machine.api).prepare()
    request.url = machine.api + path
    return machine.session.send(request, timeout=10)


@pytest.fixture
def published(server: Server) -> Folder:
    made = repository_of(server.folder)
    made.create(NOW)
    made.publish(bundle(made.version + 1), NOW)
    return server.folder


def test_a_machine_gets_what_was_published_over_its_own_line(
    line: Line, published: Folder, tmp_path: Path
) -> None:
    made = repository_of(published)
    found = newest_bundle(made.root_file.read_bytes(), tmp_path / "tuf", line)
    assert found == pack(bundle(made.version))


@pytest.mark.parametrize(
    "path",
    [
        METADATA + "9.root.json",
        METADATA + "1.other.json",
        METADATA + ".lock",
        METADATA + "..%2F..%2Fkeys%2Fca.key",
        METADATA + "../../keys/ca.key",
        METADATA + "%2e%2e/%2e%2e/keys/ca.key",
        METADATA + "..",
        METADATA + "",
        METADATA + "1.root.json%00",
        METADATA + "1.root.json%0a",
        METADATA + ".timestamp.json.new",
        TARGETS + "catalogue",
        TARGETS + "0" * 64 + ".catalogue",
        TARGETS + "..%2F..%2Fkeys%2Fbundles%2Fonline%2Fsnapshot.pem",
        TARGETS + "..%2Fmetadata%2Ftimestamp.json",
        "/v1/bundles/",
        "/v1/bundles/keys/snapshot.pem",
    ],
)
def test_what_is_not_published_is_not_found(machine: Machine, published: Folder, path: str) -> None:
    answer = get(machine, path)
    assert answer.status_code == 404
    assert b"PRIVATE" not in answer.content


@pytest.mark.parametrize(
    "path", [METADATA + "timestamp.json", METADATA + "1.root.json", TARGETS + "0" * 64 + ".a"]
)
def test_a_machine_that_is_not_enrolled_any_more_gets_nothing(
    server: Server, machine: Machine, published: Folder, path: str
) -> None:
    (published.machines / f"{machine.kiosk}.json").unlink()
    assert code_of(get(machine, path)) == "403 not-enrolled"


def test_such_a_machine_keeps_what_it_has(
    machine: Machine, line: Line, published: Folder, tmp_path: Path
) -> None:
    (published.machines / f"{machine.kiosk}.json").unlink()
    with pytest.raises(LookError) as ended:
        newest_bundle(repository_of(published).root_file.read_bytes(), tmp_path / "tuf", line)
    assert ended.value.code == "unreachable"
