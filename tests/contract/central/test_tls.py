"""Who may call: only a machine whose certificate counts now, and only in its own name."""

import socket
import ssl
from pathlib import Path

import msgspec
import pytest
import requests

from central.authority.keys import Folder, enrol, make_folder
from central.clock import system_clock
from kiosk.protocol.central import DraftCall, EventsCall
from tests.contract.central.machine import Machine, Server, code_of
from tests.contract.central.test_calls import heartbeat


def test_without_a_client_certificate_there_is_no_connection(machine: Machine) -> None:
    machine.session.cert = None
    with pytest.raises(requests.ConnectionError):
        machine.post("/v1/heartbeat", heartbeat(machine.kiosk))


def test_a_certificate_of_another_authority_is_refused(
    server: Server, machine: Machine, tmp_path: Path
) -> None:
    other = Folder(tmp_path / "other")
    make_folder(other, system_clock())
    enrol(other, machine.kiosk, tmp_path / "pki", system_clock())
    machine.session.cert = (str(tmp_path / "pki" / "kiosk.pem"), str(tmp_path / "pki" / "kiosk.key"))
    with pytest.raises(requests.ConnectionError):
        machine.post("/v1/heartbeat", heartbeat(machine.kiosk))


def test_the_server_proves_itself_too(machine: Machine, tmp_path: Path) -> None:
    other = Folder(tmp_path / "other")
    make_folder(other, system_clock())
    machine.session.verify = str(other.key("ca.pem"))
    with pytest.raises(requests.exceptions.SSLError):
        machine.post("/v1/heartbeat", heartbeat(machine.kiosk))


def test_the_servers_own_certificate_is_no_client_certificate(server: Server, machine: Machine) -> None:
    key = server.folder.key
    machine.session.cert = (str(key("server.pem")), str(key("server.key")))
    with pytest.raises(requests.ConnectionError):
        machine.post("/v1/heartbeat", heartbeat("localhost"))


def test_a_machine_speaks_only_in_its_own_name(machine: Machine) -> None:
    for path, body in (
        ("/v1/heartbeat", heartbeat("another")),
        ("/v1/events", EventsCall("another", ())),
        ("/v1/drafts", DraftCall("another", "o", 1, "land", b"x")),
        ("/v1/issues", msgspec.structs.replace(machine.call(machine.worker()), kiosk="another")),
    ):
        assert code_of(machine.post(path, body, key="k")) == "403 wrong-kiosk"


def test_after_a_new_enrolment_the_old_certificate_does_not_count(server: Server, machine: Machine) -> None:
    beat = heartbeat(machine.kiosk)
    assert machine.post("/v1/heartbeat", beat).status_code == 200
    with server.machine(machine.kiosk) as renewed:
        assert renewed.post("/v1/heartbeat", beat).status_code == 200
        assert code_of(machine.post("/v1/heartbeat", beat)) == "403 not-enrolled"
        (server.folder.machines / f"{machine.kiosk}.json").unlink()
        assert code_of(renewed.post("/v1/heartbeat", beat)) == "403 not-enrolled"


def test_nothing_older_than_tls_1_3_is_spoken(server: Server, machine: Machine) -> None:
    context = ssl.create_default_context(cafile=str(machine.pki / "ca.pem"))
    context.load_cert_chain(machine.pki / "kiosk.pem", machine.pki / "kiosk.key")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with (
        socket.create_connection(("localhost", server.api_port), timeout=5) as plain,
        pytest.raises(ssl.SSLError),
    ):
        context.wrap_socket(plain, server_hostname="localhost")


def test_plain_http_on_the_machines_port_gets_nothing(server: Server, machine: Machine) -> None:
    with pytest.raises(requests.ConnectionError):
        requests.get(server.api.replace("https", "http") + "/", timeout=5)
    assert machine.post("/v1/heartbeat", heartbeat(machine.kiosk)).status_code == 200
