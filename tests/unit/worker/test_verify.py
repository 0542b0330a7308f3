"""Genuine contents are recognised, and no altered one is."""

import io
from collections.abc import Callable
from pathlib import Path

import msgspec
import pikepdf
import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.protocol.canonical import canonical_json
from kiosk.protocol.trust_files import LIST_FILE, ROOT_FILE
from kiosk.verifying import verify as command
from kiosk.verifying.trusted import Trusted, default_trust
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.screens import pair_of
from kiosk.worker.templates import load_templates
from kiosk.worker.underlay import DATA_KEY, SETTER_KEY
from kiosk.worker.verify import Finding, Report, verify
from tests.authority import NOW, TRUST, UNTIL, payload_for, put_list, sample, seal_for

DATA = sample()
LONG = sample("land/sample_long.json")
Edit = Callable[[pikepdf.Pdf], None]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Genuine certificates and a trust list."""
    folder = tmp_path_factory.mktemp("certificates")
    renderer = Renderer(load_templates())
    household = sample("resident-household/sample_long.json")
    for name, kind, data, pages in (
        ("one", "land", DATA, 1),
        ("three", "land", LONG, 3),
        ("person", "resident-household", household, 2),
    ):
        job = RenderJob(f"{kind}/1", data, payload_for(data, kind, pages), seal_for(data, kind, pages))
        (folder / f"{name}.pdf").write_bytes(renderer.render(job))
    put_list(folder)
    return folder


def judge(content: bytes, tmp_path: Path, now: int = NOW) -> Report:
    file = tmp_path / "file"
    file.write_bytes(content)
    return verify(file, TRUST, now)


def edited(file: Path, edit: Edit) -> bytes:
    with pikepdf.open(file) as pdf:
        edit(pdf)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def on_page_one(content: bytes) -> Edit:
    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].contents_add(pikepdf.Stream(pdf, content))

    return edit


def carry(**entries: bytes | str) -> Edit:
    def edit(pdf: pikepdf.Pdf) -> None:
        piece = pdf.Root["/PieceInfo"][DATA_KEY]
        for name, value in entries.items():
            piece[f"/{name}"] = (
                pikepdf.Stream(pdf, value) if isinstance(value, bytes) else pikepdf.String(value)
            )

    return edit


@pytest.mark.parametrize(("name", "pages"), [("one", 1), ("three", 3), ("person", 2)])
def test_a_certificate_as_issued_has_genuine_contents(folder: Path, name: str, pages: int) -> None:
    report = verify(folder / f"{name}.pdf", TRUST, NOW)
    assert report.finding is Finding.CONTENTS_GENUINE
    assert report.payload is not None
    assert (report.payload.pages, report.issuer_name) == (pages, "서울특별시 영등포구청장")


OTHER = canonical_json({**DATA, "lot": "61"})
ALTERATIONS: dict[str, Edit] = {
    "a-word-added": on_page_one(b"BT /F1 9 Tf 100 700 Td (1) Tj ET"),
    "a-white-box": on_page_one(b"q 1 g 300 600 60 12 re f Q"),
    "a-line-removed": lambda pdf: pdf.pages[0].contents_coalesce(),
    "its-data": carry(Private=OTHER),
    "its-data-lost": lambda pdf: pdf.Root.__delitem__("/PieceInfo"),
    "its-data-junk": carry(Private=b"{"),
    "its-data-respelled": carry(Private=canonical_json(DATA) + b" "),
    "a-note-on-top": lambda pdf: pdf.pages[0].__setitem__("/Annots", pikepdf.Array()),
    "its-title": lambda pdf: pdf.docinfo.__setitem__("/Title", "임야대장"),
    "nothing-but-saved-again": lambda pdf: None,
}


@pytest.mark.parametrize("edit", ALTERATIONS.values(), ids=ALTERATIONS)
def test_an_altered_file_is_not_genuine(folder: Path, tmp_path: Path, edit: Edit) -> None:
    assert judge(edited(folder / "one.pdf", edit), tmp_path).finding is Finding.NOT_GENUINE


@given(data=st.data())
@settings(max_examples=30)
def test_a_changed_byte_is_never_genuine(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray((folder / "one.pdf").read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    assert judge(bytes(content), tmp_path_factory.mktemp("bit")).finding is not Finding.CONTENTS_GENUINE


@pytest.mark.parametrize(
    "edit",
    [lambda pdf: pdf.pages.__delitem__(1), lambda pdf: pdf.pages.append(pdf.pages[0])],
    ids=["lost", "added"],
)
def test_a_page_lost_or_added_is_not_genuine(folder: Path, tmp_path: Path, edit: Edit) -> None:
    assert judge(edited(folder / "three.pdf", edit), tmp_path).finding is Finding.NOT_GENUINE


def test_a_file_of_huge_pages_or_data_is_not_worked_on(folder: Path, tmp_path: Path) -> None:
    huge = edited(
        folder / "one.pdf",
        lambda pdf: pdf.pages[0].__setitem__("/MediaBox", pikepdf.Array([0, 0, 14_000, 14_000])),
    )
    assert judge(huge, tmp_path).finding is Finding.UNREADABLE
    assert (
        judge(edited(folder / "one.pdf", carry(Private=b" " * 50_000_000)), tmp_path).finding
        is Finding.NOT_GENUINE
    )


def test_a_page_of_another_certificate_is_named(folder: Path, tmp_path: Path) -> None:
    other = Renderer(load_templates())
    data = msgspec.json.decode(canonical_json(LONG))
    data["owners"][13]["name"] = "다른이름"
    foreign = other.render(RenderJob("land/1", data, payload_for(data, pages=3), seal_for(data, pages=3)))
    with pikepdf.open(io.BytesIO(foreign)) as source:
        content = edited(folder / "three.pdf", lambda pdf: pdf.pages.__setitem__(1, source.pages[1]))
    report = judge(content, tmp_path)
    assert (report.finding, report.reason) == (Finding.NOT_GENUINE, "page 2 reads otherwise than issued")


def test_a_page_set_by_other_libraries_is_not_compared_rather_than_judged(
    folder: Path, tmp_path: Path
) -> None:
    report = judge(edited(folder / "one.pdf", carry(Setter="form 0; fonts 0; typst 0.1")), tmp_path)
    assert report.finding is Finding.NOT_COMPARED
    assert SETTER_KEY == "/Setter"


def test_a_page_of_a_machine_with_other_screens_is_genuine_and_no_other_screens_can_be_claimed(
    folder: Path, tmp_path: Path
) -> None:
    job = RenderJob("land/1", DATA, payload_for(DATA), seal_for(DATA))
    elsewhere = Renderer(load_templates(), pair=pair_of("2/6 4/20")).render(job)
    assert judge(elsewhere, tmp_path).finding is Finding.CONTENTS_GENUINE
    claimed = edited(folder / "one.pdf", carry(Ground="2/6 4/20"))
    assert judge(claimed, tmp_path).finding is Finding.NOT_GENUINE


def test_after_its_period_a_certificate_is_expired(folder: Path) -> None:
    assert verify(folder / "one.pdf", TRUST, int(UNTIL.timestamp()) + 1).finding is Finding.EXPIRED


def test_a_stranger_is_no_issuer(folder: Path) -> None:
    nobody = msgspec.structs.replace(TRUST, keys=())
    assert verify(folder / "one.pdf", nobody, NOW).finding is Finding.UNKNOWN_ISSUER


@pytest.mark.parametrize(
    ("kind", "dpi", "turn"), [("PNG", 200, 0), ("JPEG", 150, 0), ("PNG", 200, 90), ("JPEG", 300, 180)]
)
def test_a_picture_shows_a_genuine_seal_and_never_genuine_contents(
    folder: Path, tmp_path: Path, kind: str, dpi: int, turn: int
) -> None:
    with pdfium.PdfDocument(folder / "one.pdf") as document:
        picture = document[0].render(scale=dpi / 72).to_pil().convert("L").rotate(turn, expand=True)
    out = io.BytesIO()
    picture.save(out, kind)
    report = judge(out.getvalue(), tmp_path)
    assert report.finding is Finding.SEAL_GENUINE
    assert report.payload is not None
    assert report.payload.subject == ("서울특별시 영등포구 여의도동", "60")


def test_a_scan_in_a_pdf_is_compared_by_eye(folder: Path, tmp_path: Path) -> None:
    with pdfium.PdfDocument(folder / "one.pdf") as document:
        picture = document[0].render(scale=200 / 72).to_pil().convert("L")
    out = io.BytesIO()
    picture.save(out, "PDF", resolution=200)
    assert judge(out.getvalue(), tmp_path).finding is Finding.SEAL_GENUINE


def test_the_text_of_a_seal_is_judged(tmp_path: Path) -> None:
    assert verify(seal_for(DATA), TRUST, NOW).finding is Finding.SEAL_GENUINE
    assert judge(seal_for(DATA).encode() + b"\n", tmp_path).finding is Finding.SEAL_GENUINE
    assert verify("KC1:0", TRUST, NOW).finding is Finding.UNREADABLE


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"KC1:\xff", b"\0" * 1000]
)
def test_a_file_that_is_none_of_these_is_unreadable(tmp_path: Path, content: bytes) -> None:
    assert judge(content, tmp_path).finding is Finding.UNREADABLE


def test_the_command_says_it_in_words_and_by_its_exit_code(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("time.time", lambda: float(NOW))
    altered = tmp_path / "altered.pdf"
    altered.write_bytes(edited(folder / "one.pdf", ALTERATIONS["a-white-box"]))
    trust = Trusted((folder / LIST_FILE,), folder / ROOT_FILE)
    assert command.verify_file(folder / "one.pdf", trust) == 0
    said = capsys.readouterr().out
    assert "내용이 진본과 같음" in said
    assert "1234-5678-9012-3456" in said
    assert "original" not in said
    assert command.verify_file(altered, trust) == 1
    assert "진본과 다름" in capsys.readouterr().out
    assert command.verify_file(tmp_path / "none.pdf", trust) == 2
    assert command.verify_file(altered, trust._replace(files=(tmp_path / "none.cbor",))) == 3


def test_a_trust_list_beside_the_document_is_not_believed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHANGGU_RUN", str(tmp_path / "run"))
    put_list(tmp_path)
    assert default_trust().root == tmp_path / "run" / "pki" / ROOT_FILE


def said(folder: Path, name: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    code = command.verify_file(folder / name, Trusted((folder / LIST_FILE,), folder / ROOT_FILE), aloud=True)
    return code, capsys.readouterr().out.splitlines()


@pytest.fixture
def in_its_period(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.verifying.verify.time.time", lambda: float(NOW))


@pytest.mark.usefixtures("in_its_period")
def test_a_genuine_certificate_can_be_read_aloud(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = said(folder, "person.pdf", capsys)
    assert (code, lines[0], lines[1]) == (0, "내용이 진본과 같음", "2쪽 가운데 1쪽.")
    assert lines.count("2쪽 가운데 2쪽.") == 1
    assert "주민등록표(등본)" in lines
    assert "6 손 남궁솔 121225-3(가림) 2018년 06월 25일 전입" in lines
    text = "\n".join(lines)
    assert text.count("1234-5678-9012-3456") == 1
    assert "**" not in text
    assert "---" not in text
    assert "1234567890123456" not in text  # the microtext


@pytest.mark.usefixtures("in_its_period")
def test_every_value_of_the_data_is_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, lines = said(folder, "three.pdf", capsys)
    text = "".join("".join(lines).split())
    for owner in LONG["owners"]:
        assert "".join(owner["name"].split()) in text
        assert owner["reg_no"].replace("******", "(가림)") in text


@pytest.mark.usefixtures("in_its_period")
def test_what_is_not_genuine_is_not_read_aloud(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "changed.pdf").write_bytes(edited(folder / "person.pdf", on_page_one(b"q 1 g 0 0 9 9 re f Q")))
    code, lines = said(folder, "changed.pdf", capsys)
    assert (code, lines[0]) == (1, "진본과 다름")
    assert "남궁" not in "\n".join(line for line in lines if not line.startswith("  subject"))
