"""The allowed values of each kind of setting: types for kiosk.toml whose `description` says them in words.

The words go into the sentence about a wrong value, and stand in config/kiosk.toml (a test compares). What a type can't
hold (an address that is none, a coin named twice) is looked at here, too: by functions that say what is allowed, or "".
"""

import re
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from typing import Annotated, Any, Final, Literal, get_args, get_type_hints
from urllib.parse import urlsplit

from msgspec import Meta, Struct, ValidationError
from msgspec.structs import fields

_PLAIN = r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]"
_HOST = r"(?:[A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?"
_URI_PATH = r"/[!$%&'()*+,./0-9:;=A-Z_a-z~-]{0,200}"

URL: Final = "https://HOST[:PORT][/PATH] in ASCII"
IPP: Final = "ipp://HOST[:PORT]/PATH in ASCII"
AT_TERMINAL: Final = "IP:PORT in numbers, or empty"
AT_UPSD: Final = "NAME@IP[:PORT] or NAME@/a/socket, or empty"
COINS: Final = "one or more of 10, 50, 100, 500, each once"
NOTES: Final = "one or more of 1000, 5000, 10000, 50000, each once"
SCREENS: Final = 'each like "2/8 4/24", under a printer-uuid'

# What a printer may be called in [printer.ground]: its uuid.
PRINTER: Final = r"[\w.:-]{1,100}"

# The same as central's (central/authority/keys.py): it is a file's name there, and a certificate's common name.
KioskId = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,31}\Z",
        description="letters, digits and hyphens, 32 at most, a letter or digit first",
    ),
]
Name = Annotated[
    str, Meta(pattern=rf"^{_PLAIN}{{1,100}}\Z", description="one line of text, 1 to 100 characters")
]
PathText = Annotated[
    str, Meta(pattern=rf"^{_PLAIN}{{1,1000}}\Z", description="a path without control characters")
]
PathOrNone = Annotated[
    str, Meta(pattern=rf"^{_PLAIN}{{0,1000}}\Z", description="a path without control characters, or empty")
]
Protocol = Annotated[
    str, Meta(pattern=r"^[a-z0-9]{1,20}\Z", description="small letters and digits, 20 at most")
]
HttpsUrl = Annotated[str, Meta(pattern=rf"^https://{_HOST}(?:{_URI_PATH})?\Z", description=URL)]
IppUri = Annotated[str, Meta(pattern=rf"^ipp://{_HOST}{_URI_PATH}\Z", description=IPP)]
Word = Annotated[
    str, Meta(pattern=r"^[ -~]{0,64}\Z", description="64 printable ASCII characters at most, or empty")
]
Switch = Annotated[bool, Meta(description="true or false")]
Port = Annotated[int, Meta(ge=1, le=65_535, description="1 to 65535")]
TerminalPlace = Annotated[str, Meta(max_length=60, description=AT_TERMINAL)]
TerminalPassword = Annotated[str, Meta(pattern=r"^[0-9]{6}\Z", description="six digits")]
UpsPlace = Annotated[
    str,
    Meta(
        pattern=rf"^(?:|[!#-?A-\[\]-~]{{1,64}}@(?:/{_PLAIN}{{1,106}}|[!-~]{{1,60}}))\Z", description=AT_UPSD
    ),
]
Command = Annotated[
    tuple[Annotated[str, Meta(pattern=rf"^{_PLAIN}{{1,1000}}\Z")], ...],
    Meta(max_length=20, description="a command and its words, 20 at most, none of them empty, or []"),
]
Coin = Annotated[Literal[10, 50, 100, 500], Meta(description="10, 50, 100 or 500")]
CoinOrNone = Annotated[Literal[0, 10, 50, 100, 500], Meta(description="10, 50, 100, 500, or 0 for none")]
Coins = Annotated[tuple[Literal[10, 50, 100, 500], ...], Meta(min_length=1, max_length=4, description=COINS)]
Notes = Annotated[
    tuple[Literal[1_000, 5_000, 10_000, 50_000], ...], Meta(min_length=1, max_length=4, description=NOTES)
]
Checksum = Annotated[Literal["crc", "plain"], Meta(description='"crc" or "plain"')]
# As many as `kiosk cash counted` takes (kiosk/core/cash_admin.py).
Held = Annotated[int, Meta(ge=0, le=5_000, description="0 to 5000 coins")]
Grounds = Annotated[
    dict[Annotated[str, Meta(pattern=rf"^{PRINTER}\Z")], Annotated[str, Meta(max_length=11)]],
    Meta(max_length=1_000, description=SCREENS),
]


def uri_trouble(uri: str, allowed: str) -> str:
    """Of one that has the right form: whether its address and port can be any."""
    try:
        parts = urlsplit(uri)
        if parts.netloc.startswith("["):
            ip_address(parts.hostname or "")
        return "" if parts.hostname and parts.port != 0 else allowed
    except ValueError:
        return allowed


def terminal_trouble(place: str) -> str:
    """Whether the payment terminal's address is one."""
    return "" if not place or _is_address(place, with_port=True) else AT_TERMINAL


def ups_trouble(place: str) -> str:
    """Whether upsd's address is one."""
    where = place.partition("@")[2]
    if not place or where.startswith("/"):
        return ""
    named = where.partition(":")[0] == "localhost"
    return "" if _is_address(where.replace("localhost", "127.0.0.1", 1) if named else where) else AT_UPSD


def twice(values: Sequence[int], allowed: str) -> str:
    """Whether one of them stands there more than once."""
    return "" if len(set(values)) == len(values) else allowed


def _is_address(text: str, *, with_port: bool = False) -> bool:
    """IP:PORT, or, where it may be left out, IP alone; IPv6 stands in brackets."""
    host, colon, port = text.rpartition(":") if not text.endswith("]") else (text, "", "")
    if not colon:
        host = text
    elif not (port.isascii() and port.isdecimal() and len(port) <= 5 and 0 < int(port) < 65_536):
        return False
    try:
        version = ip_address(host.removeprefix("[").removesuffix("]")).version
    except ValueError:
        return False
    bracketed = host.startswith("[") and host.endswith("]")
    return bracketed == (version == 6) and "%" not in host and (bool(colon) or not with_port)


def explained(error: ValidationError, shape: type[Struct], called: Callable[[str], str] = str) -> str:
    """What is wrong with which setting, and what is allowed: msgspec's words are about types, with its own paths.

    `called`: what the setting at that place is called in the file.
    """
    said, _, at = str(error).partition(" - at ")
    # The number of an entry counts only where something stands in the entry.
    place = "".join(re.findall(r"\.\w+|\[\d+\]", at.rpartition("`$")[2])).removeprefix(".")
    if named := re.fullmatch(r"Object (contains unknown|missing required) field `(.*)`", said, re.DOTALL):
        name = f"{place}.{named[2]}" if place else named[2]
        if named[1] == "contains unknown":
            return one_line(f"there is no setting {name}")
        name = _first_needed(shape, name)
        return f"{called(name)} is missing: it has to be {allowed_for(shape, name)}"
    if not place:
        return one_line(said)
    place = re.sub(r"(\[\d+\])+$", "", place)
    found = f" ({said})" if ", got " in said else ""
    return one_line(f"{called(place)} has to be {allowed_for(shape, place)}{found}")


def allowed_for(shape: type[Struct], place: str) -> str:
    """The words of the type that stands at the place, as `cash.hoppers[0].fill`."""
    kind = _kind(shape, place)
    words = [meta.description for meta in getattr(kind, "__metadata__", ()) if isinstance(meta, Meta)]
    return str(words[0]) if words else f"a table [{place}]"


def table_of(kind: Any) -> type[Struct] | None:
    """The table that a field of this type is, may be, or has entries of; None where it is a value."""
    if isinstance(kind, type) and issubclass(kind, Struct):
        return kind
    return next(filter(None, map(table_of, get_args(kind))), None)


def _kind(shape: type[Struct], place: str) -> Any:
    """The type of what stands at the place."""
    kind: Any = shape
    for name in re.sub(r"\[\d+\]", "", place).split("."):
        kind = get_type_hints(table_of(kind), include_extras=True)[name]
    return kind


def _first_needed(shape: type[Struct], place: str) -> str:
    """Of a table that is missing: the first value that it has to have."""
    table = table_of(_kind(shape, place))
    needed = () if table is None else (field.name for field in fields(table) if field.required)
    return next((f"{place}.{name}" for name in needed), place)


def one_line(text: str) -> str:
    """What was typed may stand in it: on one line, not too long, nothing that a terminal would obey."""
    shown = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)
    return shown if len(shown) <= 300 else f"{shown[:300]}…"
