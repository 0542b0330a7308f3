"""Keys are made once; a machine is enrolled with one certificate at a time."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from central.authority.keys import Folder, all_enrolled, enrol, enrolled, load_keys, make_folder
from central.key_files import PkiError
from kiosk.protocol.signed_list import load_list
from kiosk.protocol.trust_files import LIST_FILE, ROOT_FILE
from tests.unit.central.office import NOON, Office


def certificate(file: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(file.read_bytes())


def every_key(folder: Folder) -> dict[str, bytes]:
    files = [*(folder.data / "keys").rglob("*"), folder.trust_list, folder.trust_root]
    return {str(file): file.read_bytes() for file in files if file.is_file()}


def test_making_the_folder_again_keeps_every_key(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "data")
    make_folder(folder, NOON)
    before = every_key(folder)
    make_folder(folder, NOON + timedelta(days=300))
    assert every_key(folder) == before


def test_a_server_certificate_that_is_nearly_over_is_renewed(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "data")
    make_folder(folder, NOON)
    first = certificate(folder.key("server.pem"))
    make_folder(folder, first.not_valid_after_utc - timedelta(days=29))
    assert certificate(folder.key("server.pem")).serial_number != first.serial_number


def test_a_machine_gets_what_it_needs_and_nobody_else_can_read_it(office: Office, tmp_path: Path) -> None:
    out = tmp_path / "pki"
    enrol(office.folder, "YDP-0001", out, NOON)
    assert {file.name for file in out.iterdir()} == {
        *("kiosk.pem", "kiosk.key", "ca.pem", LIST_FILE, ROOT_FILE)
    }
    assert {stat.S_IMODE(file.stat().st_mode) for file in out.iterdir()} == {0o600}
    given = certificate(out / "kiosk.pem")
    given.verify_directly_issued_by(certificate(out / "ca.pem"))
    assert given.subject.rfc4514_string() == "CN=YDP-0001"
    trust = load_list(out / LIST_FILE, out / ROOT_FILE)
    assert trust.keys[0].kid == load_keys(office.folder, NOON).signing(NOON).key.kid
    assert trust.keys[0].name == "서울특별시 영등포구청장"


def test_enrolling_again_replaces_the_certificate_that_counts(office: Office, tmp_path: Path) -> None:
    enrol(office.folder, "YDP-0001", tmp_path / "one", NOON)
    enrol(office.folder, "YDP-0001", tmp_path / "two", NOON)
    known = enrolled(office.folder, "YDP-0001")
    assert known is not None
    assert int(known.serial, 16) == certificate(tmp_path / "two" / "kiosk.pem").serial_number
    assert all_enrolled(office.folder) == ["YDP-0001"]


@pytest.mark.parametrize("name", ["", "../x", "a/b", "ㄱ", "x" * 33, "-x", "a\nb"])
def test_a_name_that_is_no_machine_id_is_refused(office: Office, tmp_path: Path, name: str) -> None:
    with pytest.raises(PkiError, match="letters, digits and hyphens"):
        enrol(office.folder, name, tmp_path / "pki", NOON)
    assert enrolled(office.folder, name) is None


def test_a_signing_key_past_its_term_signs_nothing(office: Office) -> None:
    with pytest.raises(PkiError, match="no signing key may seal"):
        load_keys(office.folder, NOON + timedelta(days=731))
