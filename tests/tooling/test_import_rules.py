"""Each room is named in the import rules. Without this a new room would be free to import anything."""

import configparser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = {"kiosk.apps", "kiosk.cli"}


def rules() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return parser


def modules(contract: str, key: str) -> set[str]:
    return set(rules()[f"importlinter:contract:{contract}"][key].split())


def rooms() -> set[str]:
    """What lies directly below kiosk/: packages with code in them, and modules."""
    packages = {path.parent.name for path in (ROOT / "kiosk").glob("*/*.py")}
    files = {path.stem for path in (ROOT / "kiosk").glob("*.py")} - {"__init__", "__main__"}
    return {f"kiosk.{name}" for name in packages | files}


def test_every_name_of_ours_in_the_rules_is_a_room_that_there_is() -> None:
    """One that is mistyped, or is gone, would keep nobody from anything."""
    ours = rules()["importlinter"]["root_packages"].split()
    for section in rules().sections():
        for key in ("source_modules", "forbidden_modules"):
            for name in rules()[section].get(key, "").split():
                place = ROOT / name.replace(".", "/")
                there = place.with_suffix(".py").is_file() or any(place.glob("*.py"))
                assert there or name.partition(".")[0] not in ours, f"{section}: {name}"


def test_every_room_of_the_kiosk_is_kept_from_composing() -> None:
    assert rooms() - COMPOSE <= modules("composition", "source_modules")


def test_ui_and_central_are_kept_from_every_room_but_those_they_share() -> None:
    shared = {"kiosk.protocol", "kiosk.words"}
    assert rooms() - shared <= modules("ui", "forbidden_modules")
    of_commands = {
        "kiosk.console.alone",
        "kiosk.console.endings",
        "kiosk.console.heed",
        "kiosk.console.named",
        "kiosk.console.output_folder",
        "kiosk.console.panels",
        "kiosk.console.stopping",
    }
    shared = {"kiosk.protocol", "kiosk.console.progress", *of_commands}
    assert rooms() - shared <= modules("central", "forbidden_modules")


def test_a_deciding_room_knows_deciding_rooms_only() -> None:
    deciding = modules("deciding", "source_modules")
    assert deciding == {name for name in modules("pure", "source_modules") if name.startswith("kiosk.")}
    assert rooms() - deciding - COMPOSE <= modules("deciding", "forbidden_modules")
