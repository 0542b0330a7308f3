"""The certificate types that this authority issues: their fees, their options, and the form each is printed on.

From central's own copy of certs_templates/, which the machines have too (kiosk.protocol.certificates).
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import structlog
from msgspec import Struct

from central.bundles.forms import DEFAULT_ROOT, FormsError
from central.registers.district import MUNICIPALITY
from central.registers.records.source import Source, load_source
from central.registers.refusal import RefusedError
from kiosk.protocol.central import Quote
from kiosk.protocol.certificates import FILE, TypeFile, fee_on
from kiosk.protocol.fields import value_at

log = structlog.get_logger("central.authority")


class IssuedType(Struct, frozen=True):
    """One type: its file, the name of the form that it is printed on (`land/1`), where in the form's data stands what
    the seal says it is about (paths, kiosk.protocol.fields), and how its record becomes that data.
    """

    file: TypeFile
    form: str
    subject: tuple[str, ...]
    source: Source | None = None

    def quote(self, day: date) -> Quote | None:
        """What a copy costs on `day`; None before its first fee."""
        fee = fee_on(self.file.fee, day, MUNICIPALITY)
        return None if fee is None else Quote(fee.base, fee.free_sheets, fee.extra_per_sheet)

    def check_options(self, options: Mapping[str, str]) -> None:
        """Raise RefusedError for choices that the type does not have, that do not go together, or that are missing."""
        known = {
            option.code: {choice.code: choice for choice in option.choices} for option in self.file.option
        }
        if set(options) != set(known):
            raise RefusedError("options-invalid")
        for code, choices in known.items():
            choice = choices.get(options[code])
            if choice is None or not choice.applies(options):
                raise RefusedError("options-invalid")

    def about(self, data: dict[str, Any]) -> tuple[str, ...]:
        """A parcel's place and lot; the name and birth date of who asked. Raises RefusedError when it is not there."""
        found = tuple(value_at(data, path) or "" for path in self.subject)
        if not all(found):
            log.error("a certificate does not say whom or what it is about", type=self.file.code)
            raise RefusedError("internal")
        return found


def load_types(root: Path = DEFAULT_ROOT, added: Path | None = None) -> Mapping[str, IssuedType]:
    """All types by code, those of the folder `added` too. Raises FormsError."""
    files = [*sorted(root.glob(f"*/{FILE}")), *(sorted(added.glob(f"*/{FILE}")) if added else ())]
    try:
        return {found.file.code: found for found in map(_load, files)}
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, msgspec.ValidationError) as error:
        raise FormsError(
            f"{root}: the certificate types can't be read ({error}); install them again"
        ) from error


def _load(path: Path) -> IssuedType:
    file = msgspec.convert(tomllib.loads(path.read_text("utf-8")), TypeFile)
    facts = tomllib.loads((path.parent / "type.toml").read_text("utf-8"))
    return IssuedType(
        file, f"{facts['code']}/{facts['version']}", tuple(facts["subject"]), load_source(path.parent)
    )
