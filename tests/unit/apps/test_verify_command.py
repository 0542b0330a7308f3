"""`kiosk verify` takes what a checker has and refuses a list that is no good; `kiosk trust` keeps the list."""

import io
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from typer.testing import CliRunner

from kiosk.apps.commands import commands
from kiosk.apps.trust import show_list, take_list
from kiosk.apps.verify import Trusted, trusted_list, verify_papers
from kiosk.apps.verify_words import TROUBLES, WORDS
from kiosk.protocol.signed_list import fingerprint, root_pem, sign_list
from kiosk.protocol.trust import TrustList
from kiosk.protocol.trust_files import lists_of
from kiosk.worker.pictures import Trouble
from kiosk.worker.verify import Finding
from tests.authority import NOW, ROOT, TRUST, put_list
from tests.unit.worker.papers_seen import paper_of
from tests.unit.worker.test_pictures import CODE, CUT_OFF, saved, sheet

PDF, SEAL = paper_of("land")
STRANGER = ec.derive_private_key(0xBAD, ec.SECP256R1())


@pytest.fixture(autouse=True)
def in_its_period(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.apps.verify.time.time", lambda: float(NOW))


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trusted:
    """A machine's own list, of version 3."""
    monkeypatch.setenv("CHANGGU_RUN", str(tmp_path / "run"))
    monkeypatch.chdir(tmp_path)
    return put_list(tmp_path / "run" / "pki", of_version(3))


def of_version(version: int, **other: int) -> TrustList:
    return msgspec.structs.replace(TRUST, version=version, **other)


def kiosk(*words: str | Path, given: bytes = b"") -> tuple[int, str]:
    result = CliRunner().invoke(commands, [str(word) for word in words], input=given)
    return result.exit_code, result.output


@pytest.mark.usefixtures("own")
def test_a_pdf_a_picture_and_a_scanners_text_are_taken_as_files_words_or_on_stdin(tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(PDF)
    (tmp_path / "photo.png").write_bytes(saved(sheet(CODE)))
    assert kiosk("verify", tmp_path / "paper.pdf")[0] == 0
    assert kiosk("verify", "-", given=PDF)[0] == 0
    for said in (
        kiosk("verify", tmp_path / "photo.png"),
        kiosk("verify", SEAL),
        kiosk("verify", "-", given=SEAL.encode() + b"\r\n"),
    ):
        assert said[0] == 1
        assert "seal genuine: compare the fields below" in said[1]
        assert "서울특별시 영등포구 여의도동" in said[1]


@pytest.mark.usefixtures("own")
def test_of_several_pictures_of_one_paper_one_that_can_be_read_is_enough(tmp_path: Path) -> None:
    frames = [tmp_path / name for name in ("gone.png", "cut.png", "good.png")]
    frames[1].write_bytes(saved(sheet(CUT_OFF)))
    frames[2].write_bytes(saved(sheet(CODE)))
    assert "seal genuine" in kiosk("verify", "--one-paper", *frames)[1]
    code, said = kiosk("verify", "--one-paper", *frames[:2])
    assert code == 1
    assert f"[{Trouble.CODE_DAMAGED}] There is a code, but it can't be read. Take it again" in said
    code, said = kiosk("verify", "--one-paper", frames[0])
    assert (code, "gone.png: cannot be read" in said) == (2, True)


def test_each_finding_and_trouble_has_its_words_with_a_next_step() -> None:
    assert set(WORDS) == set(Finding)
    assert set(TROUBLES) == set(Trouble)
    for said in TROUBLES.values():
        assert said.ko.count(". ") == said.en.count(". ") == 1  # what is wrong, then what to do
        assert said.ko.endswith("주세요.")


# --- the list that is judged with ---


def judged(chosen: Trusted | None, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = verify_papers([SEAL], chosen)
    out = capsys.readouterr()
    return code, out.out + out.err


def handed(tmp_path: Path, raw: bytes, own: Trusted) -> Trusted:
    (tmp_path / "handed.cbor").write_bytes(raw)
    return Trusted((tmp_path / "handed.cbor",), own.root)


def test_a_list_file_that_is_signed_and_no_older_is_judged_with(
    own: Trusted, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own.files[0].write_bytes(sign_list(msgspec.structs.replace(of_version(3), keys=()), ROOT))
    assert "unknown issuer" in judged(None, capsys)[1]
    newer = handed(tmp_path, sign_list(of_version(4), ROOT), own)
    assert "seal genuine" in judged(newer, capsys)[1]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (sign_list(of_version(2), ROOT), "version 2, older than version 3, which is known here"),
        (sign_list(of_version(9), STRANGER), "not the one that is trusted here"),
        (sign_list(of_version(9), ROOT)[:-2] + b"\0\0", "its signature does not fit"),
        (b'{"version": 9}', "not a signed trust list"),
    ],
    ids=["older", "unknown-root", "bad-signature", "plain-json"],
)
def test_any_other_list_file_is_refused_with_a_sentence_and_nothing_is_judged(
    own: Trusted, tmp_path: Path, capsys: pytest.CaptureFixture[str], raw: bytes, said: str
) -> None:
    code, out = judged(handed(tmp_path, raw, own), capsys)
    assert code == 3
    assert said in out
    assert "genuine" not in out
    assert take_list(tmp_path / "handed.cbor", tmp_path / "run") == 3
    assert trusted_list().version == 3


def test_a_list_past_its_next_update_is_said_to_be_too_old(
    own: Trusted, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = handed(tmp_path, sign_list(of_version(4, next_update=NOW - 1), ROOT), own)
    code, out = judged(old, capsys)
    assert code == 1
    assert "신뢰 목록이 오래됨" in out
    assert "trust list too old: fetch a new one" in out


def test_a_newer_list_is_taken_over_by_hand_and_shown(
    own: Trusted, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    newer = handed(tmp_path, sign_list(of_version(7), ROOT), own)
    assert kiosk("trust", newer.files[0])[0] == 0
    assert trusted_list().version == 7
    code, said = kiosk("trust")
    assert code == 0
    assert said.splitlines()[0] == f"root {fingerprint(ROOT.public_key())}"
    assert "\nlist 7 of 1970-01-01" in said
    assert TRUST.keys[0].kid in said
    for file in lists_of(tmp_path / "run"):
        file.write_bytes(b"torn")
    assert show_list() == 3
    assert "not a signed trust list" in capsys.readouterr().err
    assert take_list(newer.files[0], tmp_path / "run") == 0
    assert trusted_list().version == 7


def test_a_checkers_computer_keeps_the_root_that_it_was_given_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHANGGU_RUN", str(tmp_path / "run"))
    monkeypatch.chdir(tmp_path)
    given, other = put_list(tmp_path / "given"), tmp_path / "other.pem"
    other.write_bytes(root_pem(STRANGER.public_key()))
    assert kiosk("trust", given.files[0])[0] == 3  # by which root?
    assert kiosk("trust", given.files[0], "--root", given.root)[0] == 0
    assert kiosk("trust", given.files[0])[0] == 0
    assert kiosk("trust", given.files[0], "--root", other)[0] == 3
    assert "seal genuine" in judged(None, capsys)[1]


def test_without_a_list_the_command_says_where_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHANGGU_RUN", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    code, out = judged(None, capsys)
    assert (code, "the authority gives its root key out" in out) == (3, True)


def test_stdin_that_never_ends_is_cut(own: Trusted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.apps.verify.MAX_FILE_BYTES", 1_000)
    monkeypatch.setattr("kiosk.worker.verify.MAX_FILE_BYTES", 1_000)

    class Endless(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            assert size is not None
            assert 0 < size <= 1_001
            return b"x" * size

    monkeypatch.setattr("kiosk.apps.verify.sys.stdin", type("Stdin", (), {"buffer": Endless()}))
    assert verify_papers(["-"], own) == 1
