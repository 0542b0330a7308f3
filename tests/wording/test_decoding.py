"""What no JSON makes the decoder raise is caught as a whole: one family left out was the end of core's listener."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ONE_PLACE = ROOT / "kiosk" / "protocol" / "not_json.py"


def test_nobody_names_one_of_the_decoders_errors_alone() -> None:
    found = []
    for room in ("kiosk", "ui", "drivers"):
        for file in (ROOT / room).rglob("*.py"):
            if file != ONE_PLACE and "msgspec.DecodeError" in file.read_text("utf-8"):
                found.append(str(file.relative_to(ROOT)))
    assert not found, "catch kiosk.protocol.not_json.NOT_JSON"
