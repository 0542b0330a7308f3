"""`kiosk verify` takes what a checker has and refuses a list that is no good; `kiosk trust` keeps the list."""

import io
import json
import re
import shlex
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from typer.testing import CliRunner

from kiosk.commands.commands import commands
from kiosk.commands.trust import show_list, take_list
from kiosk.console.output_folder import DESK_LOCK, MARK
from kiosk.protocol.signed_list import fingerprint, root_pem, sign_list
from kiosk.protocol.trust import TrustList
from kiosk.protocol.trust_files import LIST_FILE, ROOT_FILE, lists_of
from kiosk.verifying.trusted import Trusted, trusted_list
from kiosk.verifying.verify import verify_papers
from kiosk.verifying.words import BY_A_DEMOS_LIST, ISSUED_BY_A_DEMO, TROUBLES, WORDS
from kiosk.worker.pictures import Trouble
from kiosk.worker.verify import Finding
from tests.authority import NOW, ROOT, TRUST, put_list
from tests.unit.worker.papers_seen import paper_of
from tests.unit.worker.test_pictures import CODE, CUT_OFF, saved, sheet

PDF, SEAL = paper_of("land")
STRANGER = ec.derive_private_key(0xBAD, ec.SECP256R1())


@pytest.fixture(autouse=True)
def in_its_period(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.verifying.verify.time.time", lambda: float(NOW))


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
    ("raw", "said", "ends"),
    [
        (sign_list(of_version(2), ROOT), "version 2, older than version 3, which is known here", 3),
        (sign_list(of_version(9), STRANGER), "not the one that is trusted here", 3),
        (sign_list(of_version(9), ROOT)[:-2] + b"\0\0", "its signature does not fit", 3),
        (b'{"version": 9}', "not a signed trust list", 2),  # the wrong file: asked again it ends the same
    ],
    ids=["older", "unknown-root", "bad-signature", "plain-json"],
)
def test_any_other_list_file_is_refused_with_a_sentence_and_nothing_is_judged(
    own: Trusted, tmp_path: Path, capsys: pytest.CaptureFixture[str], raw: bytes, said: str, ends: int
) -> None:
    code, out = judged(handed(tmp_path, raw, own), capsys)
    assert code == ends
    assert said in out
    assert "genuine" not in out
    assert take_list(tmp_path / "handed.cbor", tmp_path / "run") == ends
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
    monkeypatch.setattr("kiosk.verifying.verify.MAX_FILE_BYTES", 1_000)
    monkeypatch.setattr("kiosk.worker.verify.MAX_FILE_BYTES", 1_000)

    class Endless(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            assert size is not None
            assert 0 < size <= 1_001
            return b"x" * size

    monkeypatch.setattr("kiosk.verifying.verify.sys.stdin", type("Stdin", (), {"buffer": Endless()}))
    assert verify_papers(["-"], own) == 1


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trusted:
    """What a demo leaves in the present folder, and nothing else that is known here."""
    monkeypatch.setenv("CHANGGU_RUN", str(tmp_path / "run"))
    monkeypatch.chdir(tmp_path)
    put_list(tmp_path / "demo-output")
    (tmp_path / "demo-output" / MARK).touch()
    return Trusted((Path("demo-output") / LIST_FILE,), Path("demo-output") / ROOT_FILE)


@pytest.mark.usefixtures("own")
def test_a_report_names_the_list_that_it_was_judged_with(tmp_path: Path) -> None:
    said = kiosk("verify", SEAL)[1]
    assert f"judged with   list 3, {tmp_path / 'run' / 'pki' / LIST_FILE}\n" in said
    assert "demo" not in said
    [told] = json.loads(kiosk("verify", "--json", SEAL)[1])
    assert told["list"] == {"file": str(tmp_path / "run" / "pki" / LIST_FILE), "version": 3, "demo": False}


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("how", [(), ("--text",)], ids=["shown", "read aloud"])
def test_by_a_demos_list_nothing_is_genuine_without_saying_so(tmp_path: Path, how: tuple[str, ...]) -> None:
    (tmp_path / "paper.pdf").write_bytes(PDF)
    code, said = kiosk("verify", *how, tmp_path / "paper.pdf")
    assert (code, BY_A_DEMOS_LIST.ko in said, BY_A_DEMOS_LIST.en in said) == (0, True, True)


@pytest.mark.parametrize("named", [False, True], ids=["found", "named"])
def test_the_list_of_a_demo_that_runs_is_that_of_a_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, named: bool
) -> None:
    """Its machine's folder is elsewhere; `machine` in the output folder leads there while it runs."""
    monkeypatch.setenv("CHANGGU_RUN", str(tmp_path / "none"))
    machine = tmp_path / "elsewhere"
    own = put_list(machine / "pki")
    (machine / DESK_LOCK).touch()
    (tmp_path / "home" / "demo-output").mkdir(parents=True)
    (tmp_path / "home" / "demo-output" / "machine").symlink_to(machine)
    monkeypatch.chdir(tmp_path / "home")
    (tmp_path / "paper.pdf").write_bytes(PDF)
    words = ("--trust", own.files[0], "--root", own.root) if named else ()
    code, said = kiosk("verify", *words, tmp_path / "paper.pdf")
    assert (code, BY_A_DEMOS_LIST.en in said) == (0, True)
    (machine / DESK_LOCK).unlink()  # then it is somebody's list
    assert BY_A_DEMOS_LIST.en not in kiosk("verify", *words, tmp_path / "paper.pdf")[1]


@pytest.mark.parametrize("elsewhere", [False, True], ids=["in the present folder", "in another one"])
def test_who_has_a_list_of_their_own_is_told_how_a_demos_paper_is_judged(
    demo: Trusted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, elsewhere: bool
) -> None:
    own = sign_list(msgspec.structs.replace(of_version(3), keys=()), STRANGER)
    (tmp_path / "run" / "pki").mkdir(parents=True)
    (tmp_path / "run" / "pki" / LIST_FILE).write_bytes(own)
    (tmp_path / "run" / "pki" / ROOT_FILE).write_bytes(root_pem(STRANGER.public_key()))
    (tmp_path / "demo-output" / "certificates").mkdir()
    paper = tmp_path / "demo-output" / "certificates" / "paper.pdf"
    paper.write_bytes(PDF)
    if elsewhere:
        (tmp_path / "home").mkdir()
        monkeypatch.chdir(tmp_path / "home")
    code, said = kiosk("verify", paper)
    assert (code, "unknown issuer" in said, ISSUED_BY_A_DEMO.en in said) == (1, True, True)
    advised = shlex.split(said.splitlines()[-1])
    assert advised[:2] == ["kiosk", "verify"]
    code, said = kiosk(*advised[1:])
    assert (code, BY_A_DEMOS_LIST.en in said) == (0, True)
    (tmp_path / "demo-output" / MARK).unlink()  # then it is a list that lies beside a document
    code, said = kiosk("verify", paper)
    assert (code, ISSUED_BY_A_DEMO.en in said) == (1, not elsewhere)
    assert demo.root.name == ROOT_FILE


@pytest.mark.usefixtures("own")
def test_words_that_contradict_each_other_or_do_nothing_are_refused(tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(PDF)
    root = put_list(tmp_path / "given").root
    assert kiosk("verify", "--text", "--json", tmp_path / "paper.pdf")[0] == 2
    code, said = kiosk("verify", "--root", root, tmp_path / "paper.pdf")
    assert (code, "name that list, too" in said) == (2, True)


def test_a_file_that_is_no_list_and_one_that_is_no_root_are_the_wrong_files(
    tmp_path: Path, demo: Trusted
) -> None:
    wrong = tmp_path / "passwd"
    wrong.write_text("root:x:0:0\n")
    for words in (
        ("verify", "--trust", wrong, "--root", demo.root, SEAL),
        ("verify", "--trust", demo.files[0], "--root", wrong, SEAL),
        ("trust", wrong, "--root", demo.root),
        ("trust", demo.files[0], "--root", wrong),
        ("trust", "--root", wrong),
    ):
        assert kiosk(*words)[0] == 2, words


def test_what_the_page_says_to_do_once_and_then_is_done_step_by_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (Path(__file__).parents[3] / "docs" / "verification.md").read_text("utf-8")
    given = put_list(tmp_path)
    monkeypatch.setenv("CHANGGU_RUN", str(tmp_path / "run"))
    monkeypatch.chdir(tmp_path)
    Path("paper.pdf").write_bytes(PDF)
    section = page[page.index("* **Once:**") : page.index("A report names")]
    steps = re.findall(r"`(kiosk [^`]+)`", section.replace("\n", " "))
    said = {step: kiosk(*step.split()[1:]) for step in steps}
    once, takes, shows, leaves = steps
    assert [said[step][0] for step in steps] == [0, 0, 0, 0], said
    assert fingerprint(ROOT.public_key()) in said[once][1]
    assert takes.removeprefix("kiosk ") in " ".join(said[once][1].split()), "what comes next"
    assert "list 1 is here" in said[takes][1]
    assert "good until" in said[shows][1]
    assert "--trust" in leaves
    assert given.root.exists()
