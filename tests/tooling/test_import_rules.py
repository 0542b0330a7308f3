"""Each room is named in the import rules, and each rule is broken by an import that it is there to keep out."""

import configparser
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import grimp
import pytest
from importlinter import Contract
from importlinter.configuration import configure
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = {"kiosk.programs", "kiosk.commands", "kiosk.desk", "kiosk.bench", "kiosk.cli"}


@cache
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
    assert rooms() - COMPOSE == modules("composition", "source_modules")


def test_ui_and_central_are_kept_from_every_room_but_those_they_share() -> None:
    assert rooms() - {"kiosk.protocol", "kiosk.words"} == modules("ui", "forbidden_modules") - {
        "central",
        "drivers",
        "simulators",
    }
    assert rooms() - {"kiosk.protocol", "kiosk.console"} == modules("central", "forbidden_modules") - {
        "drivers",
        "simulators",
        "ui",
    }


def test_a_deciding_room_knows_deciding_rooms_only() -> None:
    deciding = modules("deciding", "source_modules")
    assert deciding == {name for name in modules("pure", "source_modules") if name.startswith("kiosk.")}
    assert rooms() - deciding == modules("deciding", "forbidden_modules")


# What each rule is there for: somebody who must not know somebody else, who does.
PLANTED = {
    "pure": [("kiosk.order.saga", "time")],
    "drivers": [("drivers.cash.bus", "kiosk.settings")],
    "protocols": [
        ("drivers.cctalk.coin", "drivers.ict104.account"),
        ("drivers.cash.wire", "drivers.cctalk.wire"),
        ("drivers.cash.life", "drivers.cash.protocols"),
    ],
    "simulators": [("simulators.bench", "drivers.contract")],
    "ui": [("ui.bridge", "kiosk.visit.state")],
    "central": [("central.fleet.status", "kiosk.ledger.ledger")],
    "rooms": [
        ("kiosk.ipc.link", "kiosk.core.machine"),  # above
        ("kiosk.courier.line", "kiosk.core.machine"),  # beside
        ("kiosk.visit.state", "kiosk.ledger.ledger"),
    ],
    "central-rooms": [
        ("central.authority.keys", "central.fleet.status"),
        ("central.claims.book", "central.fleet.status"),
        ("central.api.app", "central.web.app"),
    ],
    "composition": [("kiosk.forms.preview", "central.services")],
    "started": [("kiosk.desk.demo", "kiosk.programs.core")],
    "core": [("kiosk.core.machine", "subprocess")],
    "worker": [("kiosk.worker.visit", "requests")],
    "courier": [("kiosk.courier.line", "kiosk.worker.visit")],
    "deciding": [("kiosk.visit.reduce", "kiosk.settings")],
}
# What the settings read in the rooms of those who use them, and all that these may import.
VALUES = {
    "kiosk.ledger.terms": {"typing", "msgspec", "kiosk.bounds"},
    "kiosk.worker.screens": {"re", "collections", "typing"},
}
READERS = {"kiosk.ledger.terms": "kiosk.settings.tables", "kiosk.worker.screens": "kiosk.settings.reading"}


@cache
def house() -> grimp.ImportGraph:
    """Who imports whom, as the rules see it."""
    packages = rules()["importlinter"]["root_packages"].split()
    return grimp.build_graph(*packages, include_external_packages=True, cache_dir=None)


def options_of(section: configparser.SectionProxy) -> dict[str, Any]:
    """A section as the linter reads it: what stands on lines of its own is a list."""
    return {key: value.strip().split("\n") if "\n" in value else value for key, value in section.items()}


def keeps(rule: str, graph: grimp.ImportGraph) -> bool:
    """Whether the house in `graph` keeps this rule."""
    configure()
    section = rules()[f"importlinter:contract:{rule}"]
    kinds: dict[str, type[Contract]] = {"forbidden": ForbiddenContract, "layers": LayersContract}
    contract = kinds[section["type"]](
        section["name"], options_of(rules()["importlinter"]), options_of(section)
    )
    return contract.check(graph, verbose=False).kept


def test_every_rule_has_an_import_that_it_keeps_out() -> None:
    assert {f"importlinter:contract:{rule}" for rule in PLANTED} == {
        name for name in rules().sections() if ":" in name
    }


@pytest.mark.parametrize(
    ("rule", "importer", "imported"), [(rule, *pair) for rule, pairs in PLANTED.items() for pair in pairs]
)
def test_an_import_that_must_not_be_breaks_its_rule(rule: str, importer: str, imported: str) -> None:
    assert keeps(rule, deepcopy(house()))
    assert not keeps(rule, with_import(importer, imported))


@pytest.mark.parametrize(
    "rule", [rule for rule in PLANTED if rules()[f"importlinter:contract:{rule}"]["type"] == "forbidden"]
)
def test_each_name_that_a_rule_forbids_is_kept_out(rule: str) -> None:
    [(importer, _)] = PLANTED[rule]
    let_in = [name for name in modules(rule, "forbidden_modules") if keeps(rule, with_import(importer, name))]
    assert let_in == []


@pytest.mark.parametrize("module", VALUES)
def test_what_the_settings_read_elsewhere_is_values_alone(module: str) -> None:
    assert module in house().find_modules_directly_imported_by(READERS[module])
    assert house().find_modules_directly_imported_by(module) == VALUES[module]


def with_import(importer: str, imported: str) -> grimp.ImportGraph:
    """The house with one import more."""
    graph = deepcopy(house())
    assert importer in graph.modules
    if imported.partition(".")[0] not in rules()["importlinter"]["root_packages"].split():
        graph.add_module(imported, is_squashed=True)  # a library that nobody uses today is in no graph
    assert imported in graph.modules
    graph.add_import(importer=importer, imported=imported)
    return graph
