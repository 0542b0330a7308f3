"""docs/faults.md, made from the tables of parts, states and reasons: `python tools/faults_page.py --write`."""

import sys
from pathlib import Path

from central.vocabulary.reasons import FAULTS
from drivers.contract import DeviceName, DeviceState, ReasonCode
from kiosk.health.parts import PARTS, STATE_REASONS, Looked, Part
from kiosk.words.words import load

PAGE = Path(__file__).resolve().parents[1] / "docs" / "faults.md"
HEAD = """# What can fail, what is said of it, and what to do

`make pages` makes this page from the code: `kiosk/health/parts.py` (what the machine cannot sell), `kiosk/words/*.toml`
(the texts on the screens), `central/vocabulary/reasons.py` (the texts on the fleet page). If a new device, state or
reason has no row, `make test` fails.
"""


def page() -> str:
    """The whole page."""
    ko, en = load("ko"), load("en")
    parts = [
        "| part | on the screen | while the part fails, the machine does not sell | and pays no claims "
        "| core looks at its status |",
        "|---|---|---|---|---|",
    ]
    for name, part in PARTS.items():
        called = f"{ko.say(f'device.{name}')}, {en.say(f'device.{name}')}"
        parts.append(
            f"| {name} | {called} | {part.need} | {'yes' if part.pays_back else ''} | {_looked(name, part)} |"
        )
    states = ["| state | reason, if the device reports none |", "|---|---|"]
    states += [f"| {state} | {STATE_REASONS[state] or 'can be used'} |" for state in DeviceState]
    reasons = ["| reason | on the screen | on the fleet page | what to do first |", "|---|---|---|---|"]
    on_screens = (key.removeprefix("reason.") for key in ko.texts if key.startswith("reason."))
    for code in dict.fromkeys((*map(str, ReasonCode), *FAULTS, *on_screens)):
        key = f"reason.{code}" if ko.has(f"reason.{code}") else f"why.{code}"
        screen = f"{ko.say(key)}; {en.say(key)}" if ko.has(key) else ""
        reasons.append(f"| {code} | {screen} | {_office(code)} |")
    tables = ("## Parts", parts), ("## States of a device", states), ("## Reasons", reasons)
    return "\n".join((HEAD, *(line for title, rows in tables for line in (title, "", *rows, ""))))


def _office(code: str) -> str:
    fault = FAULTS.get(code)
    if fault is None:
        return "|"
    return f"{fault.name.ko}; {fault.name.en} | {fault.remedy.ko} {fault.remedy.en}"


def _looked(name: str, part: Part) -> str:
    told = "core itself reports it" if name not in list(DeviceName) else ""
    return told or (str(part.looked) if part.looked is not Looked.NEVER else "as the mains come and go")


def main() -> None:
    """Print the page, or write it."""
    if "--write" in sys.argv:
        PAGE.write_text(page(), "utf-8")
    else:
        print(page(), end="")


if __name__ == "__main__":
    main()
