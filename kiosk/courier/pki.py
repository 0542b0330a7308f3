"""This machine's certificate, key and CA, tried out at the start: one that is no good is named, not its consequence.

Without this a key that is missing, or is none, would look like a central server that is never there.
"""

import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kiosk.protocol import exits
from kiosk.settings import SettingsError
from kiosk.whole_file import OddFileError, read_whole_file

MOST_BYTES: Final = 256 << 10
_ENROL: Final = "enrol this machine at central (`central enrol`)"
_VERSION: Final = 0xA0  # it may be left out
_TIMES: Final = {0x17: "%y%m%d%H%M%SZ", 0x18: "%Y%m%d%H%M%SZ"}


def check_pki(certificate: Path, key: Path, ca: Path, now_s: float) -> None:
    """PEM files. Raises SettingsError for what can't be read, is none, does not fit together or has expired."""
    contents = {file: _readable(file) for file in (certificate, key, ca)}
    for file in (certificate, ca):
        _check_certificate(file, contents[file], now_s)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        # An encrypted key is none that a machine could use: without a password OpenSSL would ask the terminal for one.
        context.load_cert_chain(certificate, key, password="-")
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise _useless(key, f"it is not the key of {certificate.name}") from error
        raise _useless(key, "it is no private key in PEM, or an encrypted one") from error


def _readable(file: Path) -> bytes:
    try:
        return read_whole_file(file, MOST_BYTES)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise SettingsError(f"{file} can't be read; {_ENROL}: it is not there") from error
    except PermissionError as error:
        owner = "the machine's own user has to have the right to read it (chown, chmod)"
        raise SettingsError(f"{file} can't be read; permission denied: {owner}") from error
    except (OddFileError, IsADirectoryError) as error:
        raise SettingsError(f"{file} can't be read; {_ENROL}: {error.strerror}") from error
    except OSError as error:
        raise SettingsError(f"{file} can't be read; {error.strerror}: look after its disk") from error


def _check_certificate(file: Path, content: bytes, now_s: float) -> None:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
        begun = content.decode("ascii", "replace").partition(ssl.PEM_HEADER)[2]
        first = f"{ssl.PEM_HEADER}{begun.partition(ssl.PEM_FOOTER)[0]}{ssl.PEM_FOOTER}"
        until = _not_after(ssl.PEM_cert_to_DER_cert(first))
    except (ssl.SSLError, ValueError, LookupError) as error:
        raise _useless(file, "it is no certificate in PEM") from error
    if until.timestamp() < now_s:
        said = f"{file} has expired on {until:%Y-%m-%d}; {_ENROL}, unless it is this computer's clock that is wrong"
        raise SettingsError(said, exits.MISSING)


def _useless(file: Path, cause: str) -> SettingsError:
    return SettingsError(f"{file} can't be used; {_ENROL}: {cause}")


def _not_after(der: bytes) -> datetime:
    """The end of a certificate that OpenSSL has taken (RFC 5280, 4.1). A library for it costs 8 MB for good."""
    [(_, certificate)] = _inside(der)
    fields = _inside(_inside(certificate)[0][1])
    validity = fields[4 if fields[0][0] == _VERSION else 3][1]
    kind, ends = _inside(validity)[1]
    return datetime.strptime(ends.decode("ascii"), _TIMES[kind]).replace(tzinfo=UTC)


def _inside(content: bytes) -> list[tuple[int, bytes]]:
    """What a DER value holds, one after the other: tag and content."""
    parts, at = [], 0
    while at < len(content):
        tag, size = content[at : at + 2]
        at += 2
        if size & 0x80:
            digits = size & 0x7F
            size, at = int.from_bytes(content[at : at + digits], "big"), at + digits
        parts.append((tag, content[at : at + size]))
        at += size
    return parts
