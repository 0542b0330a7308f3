"""A new bundle is tried out before it may serve: whatever is wrong with it ends in a sentence, and harms nothing."""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from kiosk.bundles.installed import InstalledBundle
from kiosk.commands.commands import commands
from kiosk.courier import trial_process
from kiosk.courier.looking import TrialError
from kiosk.courier.trial_process import try_out
from kiosk.forms import bundle_trial
from kiosk.forms.bundle_trial import trouble
from kiosk.protocol.bundle import Bundle
from kiosk.settings import load
from tests.unit.bundles.bundle_maker import TYPE, changed, edited, lay_down, small

CONFIG = Path(__file__).parents[3] / "config" / "kiosk.toml"
# Each time that it is set there is one more to count.
RESTLESS = """
#set document(title: "x")
#let count = state("count", 0)
#context { let known = count.final(); count.update(known + 1) }
"""
FORM, SAMPLE, EXPECTED = f"{TYPE}/form.typ", f"{TYPE}/sample.json", f"{TYPE}/expected.toml"
GOOD = small()
SAMPLES = [
    Path(path).stem for path in GOOD.files if path.startswith(f"{TYPE}/sample") and path.endswith(".json")
]


def wrong_with(bundle: Bundle, tmp_path: Path) -> str:
    """In this process: what is found, not how it is kept from doing harm."""
    return trouble(tmp_path / "bundles", lay_down(tmp_path / "bundles", bundle))


def test_nothing_is_wrong_with_a_good_one(tmp_path: Path) -> None:
    assert wrong_with(GOOD, tmp_path) == ""


FAULTS: dict[str, tuple[Callable[[], Bundle], str]] = {
    "a mistake in the catalogue": (
        lambda: edited(GOOD, f"{TYPE}/catalogue.toml", "max_copies = ", "max_copies = 9"),
        "max_copies",
    ),
    "a catalogue that is no TOML": (lambda: changed(GOOD, {f"{TYPE}/catalogue.toml": "["}), "catalogue.toml"),
    "categories that are none": (lambda: changed(GOOD, {"categories.toml": "a = 1"}), "categories.toml"),
    "places that are none": (lambda: changed(GOOD, {"places.toml": ""}), "places.toml"),
    "a type without a form": (
        lambda: changed(small(types=(TYPE, "land")), {f"{TYPE}/type.toml": None}),
        f"{TYPE}: no form",
    ),
    "no type at all": (lambda: small(types=()), "Error"),
    "a form that is no Typst": (lambda: changed(GOOD, {FORM: "#let"}), "template-fault"),
    "a form that prints nothing": (lambda: changed(GOOD, {FORM: ""}), "Error"),
    "a form whose fields are none": (lambda: changed(GOOD, {f"{TYPE}/type.toml": "code = 3"}), "type.toml"),
    "words that are none": (lambda: changed(GOOD, {f"{TYPE}/words.toml": "ko = 1"}), "Error"),
    "no common forms": (
        lambda: msgspec.structs.replace(
            GOOD, files={path: text for path, text in GOOD.files.items() if not path.startswith("_common/")}
        ),
        "_common",
    ),
    "a seal that is missing": (lambda: changed(GOOD, {"_common/관인_영등포구청장.svg": None}), "관인"),
    "a sample that says something else": (
        lambda: edited(GOOD, EXPECTED, "수급자", "수혜자"),
        "page 1 says something else",
    ),
    "a sample with more sheets": (
        lambda: changed(GOOD, {EXPECTED: f"{GOOD.files[EXPECTED]}\n[sample_more]\npages = []\n"}),
        "not of the same",
    ),
    "a sample without expectation": (
        lambda: changed(GOOD, {f"{TYPE}/sample_more.json": GOOD.files[SAMPLE]}),
        "not of the same",
    ),
    "no expectations": (lambda: changed(GOOD, {EXPECTED: None}), "expected.toml"),
    "expectations of another kind": (
        lambda: changed(GOOD, {EXPECTED: "".join(f"{name} = 3\n" for name in SAMPLES)}),
        "AttributeError",
    ),
    "expectations that are no TOML": (lambda: changed(GOOD, {EXPECTED: "["}), "TOML"),
    "no samples": (
        lambda: changed(GOOD, {path: None for path in GOOD.files if path.startswith(f"{TYPE}/sample")}),
        "sample.json",
    ),
    "a sample that is no JSON": (lambda: changed(GOOD, {SAMPLE: "{"}), "Error"),
    "a sample with a field too many": (
        lambda: changed(GOOD, {SAMPLE: '{"x": 1, ' + GOOD.files[SAMPLE].lstrip()[1:]}),
        "data-invalid",
    ),
    "a form that reads outside": (
        lambda: changed(GOOD, {FORM: '#read("/../../../../etc/passwd")'}),
        "template-fault",
    ),
    "a form that loads a package": (
        lambda: changed(GOOD, {FORM: '#import "@preview/cetz:0.3.1"'}),
        "template-fault",
    ),
    "a form that never ends": (lambda: changed(GOOD, {FORM: "#while true {}"}), "template-fault"),
    "a form that never comes to rest": (lambda: changed(GOOD, {FORM: RESTLESS}), "never comes to rest"),
    "a form that calls itself": (
        lambda: changed(GOOD, {FORM: "#let f(x) = f(x)\n#f(1)"}),
        "template-fault",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_is_told(fault: str, tmp_path: Path) -> None:
    made, said = FAULTS[fault]
    wrong = wrong_with(made(), tmp_path)
    assert said in wrong, wrong


def test_a_bundle_that_changed_on_the_disk_is_not_even_tried(tmp_path: Path) -> None:
    name = lay_down(tmp_path / "bundles", GOOD)
    (tmp_path / "bundles" / name / FORM).write_text("", "utf-8")
    assert "not what was signed" in trouble(tmp_path / "bundles", name)


# --- the real process, as the courier starts it ---


def tried(bundle: Bundle, run: Path) -> str:
    settings = msgspec.structs.replace(load(CONFIG), run_dir=str(run))
    return try_out(settings, run / "bundles" / lay_down(run / "bundles", bundle))


def test_in_its_own_process_a_good_one_is_found_good(tmp_path: Path) -> None:
    assert tried(GOOD, tmp_path) == ""


def test_in_its_own_process_a_wrong_one_is_told_and_writes_nothing(tmp_path: Path) -> None:
    wrong = tried(FAULTS["a type without a form"][0](), tmp_path)
    assert wrong == f"{TYPE}: no form"
    assert [place.name for place in tmp_path.iterdir()] == ["bundles"]


@pytest.mark.parametrize(
    ("number", "code", "key"),
    [(errno.ENOENT, 1, "wrong"), (errno.EACCES, 3, "trouble")],
    ids=["gone", "closed"],
)
def test_a_bundle_that_is_not_there_or_closed_is_told_in_json(
    number: int, code: int, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(bundles: Path, _name: str) -> InstalledBundle:
        raise OSError(number, os.strerror(number), str(bundles))

    if number == errno.EACCES:  # root reads everything
        monkeypatch.setattr(bundle_trial, "open_bundle", unreadable)
    monkeypatch.setattr(bundle_trial, "confine", lambda *_: None)
    monkeypatch.setattr("os.nice", lambda _by: 0)
    done = CliRunner().invoke(commands, ["try-bundle", "7-0123456789abcdef", "--run", str(tmp_path / "gone")])
    assert (done.exit_code, list(json.loads(done.stdout)), done.stderr) == (code, [key], "")


def test_a_verdict_that_finds_no_room_is_none(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "kiosk.cli", "try-bundle", "7-0123456789abcdef", "--run", str(tmp_path)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=50,
        )
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "has no room left" in done.stderr


def test_a_form_that_wants_all_memory_is_ended(tmp_path: Path) -> None:
    greedy = '#let x = "x" * 1000\n#let y = range(100000000).map(i => x + str(i))\n#y.len()'
    with pytest.raises(TrialError) as ended:
        tried(changed(GOOD, {FORM: greedy}), tmp_path)
    assert ended.value.code == "trial-killed"


def test_a_form_that_takes_for_ever_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial_process, "_WITHIN_S", 4.0)
    endless = "#for a in range(100000) { for b in range(100000) { let c = calc.sin(a * b) } }"
    with pytest.raises(TrialError) as ended:
        tried(changed(GOOD, {FORM: endless}), tmp_path)
    assert (ended.value.code, ended.value.detail) == ("trial-killed", "it could not be tried out in 4 s")


def test_a_sandbox_that_can_not_be_made_is_no_fault_of_the_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(*_: object) -> bool:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(bundle_trial, "confine", refused)
    monkeypatch.setattr("os.nice", lambda _by: 0)
    name = lay_down(tmp_path / "bundles", GOOD)
    assert bundle_trial.run(tmp_path / "bundles", name) == 3
    with pytest.raises(TrialError) as ended:
        trial_process._judge(3, capsys.readouterr().out.encode())
    assert ended.value.code == "not-tried"
    assert "the sandbox could not be made" in ended.value.detail


@pytest.mark.parametrize(
    ("code", "told", "end", "says"),
    [
        (-9, b"", "trial-killed", "SIGKILL"),
        (-24, b"", "trial-killed", "SIGXCPU"),
        (70, b"", "not-tried", "ended with 70"),
        (1, b"[]", "not-tried", "without a word"),
        (1, b'{"trouble": "too much", "killed": true}', "trial-killed", "too much"),
    ],
)
def test_an_end_without_a_verdict_is_told_as_what_it_was(code: int, told: bytes, end: str, says: str) -> None:
    with pytest.raises(TrialError) as ended:
        trial_process._judge(code, told)
    assert ended.value.code == end
    assert says in ended.value.detail


def test_a_process_that_can_not_be_started_is_no_fault_of_the_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "no-python"))
    with pytest.raises(TrialError, match="not-tried: the process could not be started"):
        tried(GOOD, tmp_path)
