"""The rows of `central`."""

from collections.abc import Mapping
from typing import Final

from kiosk.protocol.exits import MISSING, USAGE
from tests.contract.commands.table import ALL_PRINT_SO, READER, WRITER, Ends, Fault, Faults, HeldBy, Row

_DATA = "--data {place}/central"
_NEEDS_INIT = Ends(USAGE, "is not there; run `central init` first, or name another")
_TWICE = "tests/contract/commands/test_twice.py"
_KEYS = "tests/unit/central/test_keys.py"
_READS: Final[Faults] = {**READER, Fault.GONE: _NEEDS_INIT}
_WRITES: Final[Faults] = {**WRITER, Fault.GONE: _NEEDS_INIT}
_CLERK: Final[Faults] = {
    **_WRITES,
    Fault.TWICE: HeldBy(f"{_TWICE}::test_a_clerk_waits_for_another_who_writes"),
}
_SIGNS: Final[Faults] = {
    **_WRITES,
    Fault.TWICE: HeldBy(f"{_TWICE}::test_who_signs_waits_for_another_who_signs"),
}

ROWS: Final[Mapping[str, Row]] = {
    "central init": (
        f"central init {_DATA}",
        {
            **WRITER,
            Fault.GONE: HeldBy(
                "tests/contract/commands/test_named_places.py::test_what_is_made_may_be_missing"
            ),
            Fault.TWICE: HeldBy(f"{_KEYS}::test_making_the_folder_again_keeps_every_key"),
        },
    ),
    "central enrol": (
        f"central enrol K-1 --out {{place}}/pki {_DATA}",
        {
            **_WRITES,
            Fault.TWICE: HeldBy(f"{_TWICE}::test_who_signs_waits_for_another_who_signs"),
        },
    ),
    "central cards": (f"central cards --out {{place}}/cards {_DATA}", _WRITES),
    "central serve": (
        f"central serve {_DATA} --api-port 0 --web-port 0",
        {
            **_WRITES,
            Fault.PORT_TAKEN: Ends(
                MISSING,
                r"port \d+ cannot be used \(Address already in use\); choose another, or 0 for any",
                typed=f"central serve {_DATA} --api-port {{port}} --web-port 0",
            ),
            Fault.PORT_RANGE: Ends(
                USAGE,
                r"'--api-port': .*65535; `central serve --help` says",
                typed=f"central serve {_DATA} --api-port 80000",
            ),
            Fault.TWICE: Ends(MISSING, "another central server is running on .*; stop it first"),
        },
    ),
    "central export": (f"central export {_DATA}", _READS),
    "central specimens": (f"central specimens --out {{place}}/specimens {_DATA}", _WRITES),
    "central clerk transfer": (f"central clerk transfer 여의도동 60 한새봄 {_DATA}", _CLERK),
    "central clerk mark": (f"central clerk mark 여의도동 60 changing {_DATA}", _CLERK),
    "central clerk resident": (f"central clerk resident 000000000001 moving {_DATA}", _CLERK),
    "central clerk card": (f"central clerk card 000000000001 lost {_DATA}", _CLERK),
    "central clerk record": (f"central clerk record livelihood 000000000003 changing {_DATA}", _CLERK),
    "central clerk import": (f"central clerk import agency {{ok}}/rows.jsonl {_DATA}", _CLERK),
    "central clerk sheet": (f"central clerk sheet building 여의도동 60 b1 changing {_DATA}", _CLERK),
    "central clerk hours": (f"central clerk hours 09:00 18:00 {_DATA}", _CLERK),
    "central clerk outage": (f"central clerk outage 5 {_DATA}", _CLERK),
    "central clerk purge": (f"central clerk purge {_DATA}", _CLERK),
    "central bundle publish": (f"central bundle publish --phase 2 {_DATA}", _SIGNS),
    "central bundle require": (f"central bundle require land 0 {_DATA}", _SIGNS),
    "central bundle change-key": (f"central bundle change-key root-1 {_DATA}", _SIGNS),
    "central keys list": (f"central keys list {_DATA}", _READS),
    "central keys roll": (f"central keys roll {_DATA}", _SIGNS),
    "central keys revoke": (
        f"central keys revoke {{kid}} --since now {_DATA}",
        _SIGNS,
    ),
    "central keys renew": (f"central keys renew {_DATA}", _SIGNS),
    "central cases list": (f"central cases list {_DATA}", _READS),
    "central cases show": (f"central cases show 1 {_DATA}", {**_READS, Fault.FULL: ALL_PRINT_SO}),
    "central cases resolve": (f"central cases resolve 1 --as void --why tested {_DATA}", _CLERK),
}
