"""The trust list as a signed document: COSE_Sign1 by the authority's root key, which signs nothing else.

The root's public key is what a verifier is given once and keeps; lists come and go by any way there is.
Claims: 1 version, 2 issued, 3 next update, 4 [keys], 5 sealing key; of a key: 1 SPKI, 2 issuer, 3 [types], 4 not
before, 5 not after, 6 revoked since (or absent), 7 name. A key's kid is the hash of its SPKI and is not said again.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from kiosk.protocol import cose
from kiosk.protocol.cbor import CborError, decode
from kiosk.protocol.trust import SigningKey, TrustError, TrustList, check_list, kid_of, spki_of
from kiosk.protocol.trust_files import MAX_BYTES, Read, read_plainly

KIND: Final = "changgu-trust-list"
_MAX_ROOT_BYTES: Final = 16 << 10


class OlderListError(TrustError):
    """A genuine list, older than the one that is known already."""


def sign_list(trust: TrustList, root: ec.EllipticCurvePrivateKey) -> bytes:
    """The document, checked before it is signed. Raises TrustError."""
    check_list(trust)
    claims = {
        1: trust.version,
        2: trust.issued_at,
        3: trust.next_update,
        4: [_said(key) for key in trust.keys],
        5: trust.sealing_key,
    }
    return cose.sign(cose.encode(claims), root, kid_of(spki_of(root.public_key())), KIND)


def read_list(raw: bytes, root: ec.EllipticCurvePublicKey, known: int = 0) -> TrustList:
    """The list in the document, once its signature is proved. `known`: the version that is there already.

    Raises TrustError: not such a document, signed by another root, altered, or older than `known`. A list past its next
    update is read all the same: what it is still worth is for the seal's verdict.
    """
    if len(raw) > MAX_BYTES:
        raise TrustError(f"larger than {MAX_BYTES} bytes: not a trust list")
    try:
        signed = cose.read(raw)
    except cose.CoseError as error:
        raise TrustError(f"not a signed trust list ({error})") from error
    if signed.kind != KIND:
        raise TrustError("signed as something else than a trust list")
    if signed.kid != (ours := kid_of(spki_of(root))):
        raise TrustError(f"signed by root {signed.kid}, which is not the one that is trusted here ({ours})")
    if not signed.fits(root):
        raise TrustError("its signature does not fit: it was altered, or is not the authority's")
    trust = check_list(_read(signed.payload))
    if trust.version < known:
        raise OlderListError(f"version {trust.version}, older than version {known}, which is known here")
    return trust


def load_list(file: Path, root_file: Path, known: int = 0, read: Read = read_plainly) -> TrustList:
    """Read and prove a list file. Raises TrustError, which names the file."""
    root = load_root(root_file, read)
    try:
        return read_list(read(file, MAX_BYTES), root, known)
    except OSError as error:
        raise TrustError(
            f"{file}: cannot be read ({error.strerror}); fetch the list from the authority"
        ) from error
    except TrustError as error:
        raise type(error)(f"{file}: {error}") from error


def newest_list_of(files: Sequence[Path], root_file: Path, read: Read = read_plainly) -> TrustList:
    """The newest list that counts among the files. Raises TrustError where none does: the last one's."""
    return newest_of(files, root_file, read)[0]


def newest_of(files: Sequence[Path], root_file: Path, read: Read = read_plainly) -> tuple[TrustList, Path]:
    """The same, and which file it is."""
    found: tuple[TrustList, Path] | None = None
    fault = TrustError("no trust list")
    for file in files:
        try:
            counts = load_list(file, root_file, read=read)
        except TrustError as error:
            fault = error
            continue
        if found is None or counts.version > found[0].version:
            found = counts, file
    if found is None:
        raise fault
    return found


def root_pem(root: ec.EllipticCurvePublicKey) -> bytes:
    """The root's public key, for its file."""
    return root.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def load_root(file: Path, read: Read = read_plainly) -> ec.EllipticCurvePublicKey:
    """The root's public key. Raises TrustError."""
    try:
        key = load_pem_public_key(read(file, _MAX_ROOT_BYTES))
    except OSError as error:
        raise TrustError(
            f"{file}: cannot be read ({error.strerror}); the authority gives its root key out"
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise TrustError(f"{file}: not a public key in PEM") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise TrustError(f"{file}: not a P-256 key")
    return key


def fingerprint(root: ec.EllipticCurvePublicKey) -> str:
    """What people compare a root by: 16 bytes of the SHA-256 of its SPKI, in groups of four hex digits."""
    digits = hashlib.sha256(spki_of(root)).hexdigest()[:32]
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def _said(key: SigningKey) -> dict[int, object]:
    said: dict[int, object] = {
        1: key.spki,
        2: key.issuer,
        3: list(key.types),
        4: key.not_before,
        5: key.not_after,
        7: key.name,
    }
    if key.revoked_since is not None:
        said[6] = key.revoked_since
    return said


def _read(payload: bytes) -> TrustList:
    try:
        claims = decode(payload)
    except CborError as error:
        raise TrustError(f"not a trust list ({error})") from error
    match claims:
        case {
            1: int(version),
            2: int(issued_at),
            3: int(next_update),
            4: list(keys),
            5: bytes(sealing),
            **rest,
        } if not rest:
            return TrustList(version, issued_at, next_update, tuple(_key(key) for key in keys), sealing)
        case _:
            raise TrustError("not the claims of a trust list")


def _key(said: Any) -> SigningKey:
    match said:
        case {
            1: bytes(spki),
            2: str(issuer),
            3: list(types),
            4: int(not_before),
            5: int(not_after),
            7: str(name),
            **rest,
        } if not set(rest) - {6} and all(isinstance(code, str) for code in types):
            revoked = rest.get(6)
            if revoked is None or isinstance(revoked, int):
                return SigningKey(
                    kid_of(spki), spki, issuer, tuple(types), not_before, not_after, revoked, name
                )
    raise TrustError("an entry is not a signing key")
