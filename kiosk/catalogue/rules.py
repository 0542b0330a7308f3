"""What has to hold in a catalogue's files beyond their shape. Each finding: field, what is wrong, how to mend it."""

from collections.abc import Iterable

from kiosk.catalogue.catalogue import Area
from kiosk.protocol.certificates import DatedFee, Option, TypeFile, minutes

Said = tuple[str, str, str]
# The courts' registry charges for its certificates whatever a municipality or a law on residents waives.
ALWAYS_PAID = frozenset({"real-estate"})
_DONG_DIGITS = 10


def check_type(file: TypeFile, folder: str, categories: list[str] | None) -> list[Said]:
    """All that is wrong with one type; `categories` are the codes there are, None when that is not known."""
    rules: list[tuple[bool, str, str, str]] = [
        (
            file.code == folder,
            "code",
            f"“{file.code}” lies in the folder {folder}",
            "Give both the same name",
        ),
        (
            categories is None or file.category in categories,
            "category",
            f"“{file.category}” is not a category",
            f"Use one of: {', '.join(categories or ())}, or add a [[category]]",
        ),
        (
            1 <= file.max_copies <= 5,
            "max_copies",
            f"{file.max_copies} is not 1 to 5",
            "Write a number from 1 to 5",
        ),
        (file.max_sheets >= 1, "max_sheets", "less than one sheet", "Write how many sheets a copy may have"),
        (
            not file.personal or file.identification != "none",
            "identification",
            "a person's certificate would be given to anybody",
            "Write “card”",
        ),
        (
            bool(file.name.ko.strip()),
            "name.ko",
            "the legal name is empty",
            "Write the name as the law has it",
        ),
        (bool(file.fee), "fee", "there is no fee", "Add a [[fee]]; base = 0 for a certificate that is free"),
    ]
    found = [(field, what, mend) for holds, field, what, mend in rules if not holds]
    found += twice("code", [file.code])
    found += [said for row in file.fee for said in _check_fee(row)]
    found += [said for option in file.option for said in _check_option(option)]
    found += twice("option.code", [option.code for option in file.option])
    found += _check_needs(file.option)
    return found + _check_free(file) + _check_hours(file)


def _check_fee(row: DatedFee) -> list[Said]:
    if min(row.base, row.extra_per_sheet, row.free_sheets) < 0:
        return [("fee", "a fee or a number of sheets is negative", "Write whole KRW, 0 for free")]
    if row.base % 10 or row.extra_per_sheet % 10:
        return [("fee", "no coin is less than 10 KRW", "Write a fee that ends in 0")]
    return []


def _check_option(option: Option) -> list[Said]:
    codes = [choice.code for choice in option.choices]
    found = twice(f"option {option.code}.choices.code", codes)
    if option.default not in codes:
        what = f"the default “{option.default}” is none of the choices"
        found.append((f"option {option.code}.default", what, f"Use one of: {', '.join(codes)}"))
    return found


def _check_needs(options: tuple[Option, ...]) -> list[Said]:
    """A choice may need ones that were asked before; what holds at first needs nothing."""
    found: list[Said] = []
    before: dict[str, set[str]] = {}
    for option in options:
        for choice in option.choices:
            field = f"option {option.code}.choices {choice.code}"
            if choice.needs and choice.code == option.default:
                what = "the default needs another choice, so it might not be there to fall back on"
                found.append(
                    (field, what, "Let the default need nothing, or make another choice the default")
                )
            found += [
                said for name, codes in choice.needs.items() for said in _need(field, before, name, codes)
            ]
        before[option.code] = {choice.code for choice in option.choices}
    return found


def _need(field: str, before: dict[str, set[str]], name: str, codes: tuple[str, ...]) -> list[Said]:
    if name not in before:
        known = f"Use one of: {', '.join(before)}" if before else "Move this option below the one it needs"
        return [(field, f"“{name}” is no option that stands before this one", known)]
    if strange := [code for code in codes if code not in before[name]]:
        what = f"“{strange[0]}” is no choice of the option {name}"
        return [(field, what, f"Use some of: {', '.join(sorted(before[name]))}")]
    return (
        [] if codes else [(field, "it needs a choice, and none is named", "Name the choices, or take it out")]
    )


def _check_free(file: TypeFile) -> list[Said]:
    """Who pays nothing: only whom the card names can be looked up, and nobody is spared the registry's fee."""
    found = twice("waiver.code", [row.code for row in file.waiver])
    for row in file.waiver:
        field = f"waiver {row.code}"
        if not file.personal:
            what = "anybody may ask for this certificate, so nobody is known whose fee could be waived"
            found.append((field, what, "Take it out, or charge everybody nothing with base = 0"))
        if not all(text.strip() for text in (row.name.ko, row.register, row.record, row.legal_basis)):
            what = "its name, register, record or legal_basis is empty"
            found.append((field, what, "Say who it is, in which register, and by which article"))
    if file.register in ALWAYS_PAID:
        what = "the registry's own certificate is paid for by everybody"
        found += [("waiver", what, "Take out every [[waiver]]")] if file.waiver else []
        free = any(row.base == 0 for row in file.fee)
        found += [("fee", what, "Write the fee that the registry charges")] if free else []
    return found


def _check_hours(file: TypeFile) -> list[Said]:
    found: list[Said] = []
    for field, clock in (("hours.opens", file.hours.opens), ("hours.closes", file.hours.closes)):
        try:
            minutes(clock)
        except ValueError:
            what = f"“{clock}” is not a time"
            found.append((field, what, "Write hours and minutes, like 09:00 or 24:00"))
    return found


def check_places(prefix: str, municipality: str, areas: Iterable[Area]) -> list[Said]:
    """All that is wrong with the places: codes of ten digits that begin with the municipality's."""
    areas = tuple(areas)
    places = [place for area in areas for place in area.places]
    found = twice("place.code", [place.code for place in places])
    for place in places:
        field = f"place {place.name.ko}.code"
        if not (len(place.code) == _DONG_DIGITS and place.code.isascii() and place.code.isdigit()):
            found.append(
                (field, f"“{place.code}” has not 10 digits", "Take the code from the list of legal dongs")
            )
        elif not place.code.startswith(prefix):
            what = f"{place.code} lies in another municipality than {municipality}"
            found.append((field, what, f"Its codes begin with {prefix}"))
    for area in areas:
        if not area.places:
            mend = "Add the places of the area, or take the area out"
            found.append((f"area {area.name.ko}", "it has no place", mend))
    if not areas:
        found.append(("area", "there is no area", "Add at least one [[area]]"))
    return found


def twice(field: str, codes: list[str]) -> list[Said]:
    """Codes name things, so none may come twice, be empty, or hold the signs that separate them in messages."""
    found: list[Said] = []
    for code in sorted(set(codes)):
        if codes.count(code) > 1:
            what = f"“{code}” is there {codes.count(code)} times"
            found.append((field, what, "Give each its own code, or take one out"))
        if not code or not all(sign.isascii() and (sign.isalnum() or sign in "-_") for sign in code):
            what = f"“{code}” is not a code"
            found.append((field, what, "Use small letters, digits, hyphens and underscores"))
    return found
