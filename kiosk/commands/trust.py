"""`kiosk trust`: what this machine's trust list says, and taking over a newer one that came by hand."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.console.named import naming
from kiosk.courier.list_updater import put
from kiosk.faults import where_met
from kiosk.protocol import exits
from kiosk.protocol.signed_list import fingerprint, load_list, load_root, newest_list_of, root_pem
from kiosk.protocol.trust import SigningKey, TrustError, TrustList, spki_of
from kiosk.protocol.trust_files import LIST_FILE, ROOT_FILE, lists_of
from kiosk.verifying.trusted import Trusted, code_of_refused, code_of_root, default_trust
from kiosk.whole_file import read_whole_file
from kiosk.worker.imprint import SEOUL


def show_list(root: Path | None = None) -> int:
    """Print the root, then the list's version, dates and keys. `root`: one that was given, to compare its fingerprint;
    where there is no list yet, how to take one over.

    0; 2: `root` is no root; 3: there is no root, or no list that counts.
    """
    own = default_trust()
    known = root or own.root
    try:
        print(f"root {fingerprint(load_root(known, read_whole_file))}")
        if root is not None and not any(file.exists() for file in own.files):
            print(f"no list is here yet; `kiosk trust {LIST_FILE} --root {root}` takes one over")
        else:
            print("\n".join(_lines(newest_list_of(own.files, known, read_whole_file))))
    except TrustError as error:
        return _complain(str(error), code_of_root(root) if root is not None else exits.MISSING)
    return 0


def take_list(file: Path, run: Path, root: Path | None = None) -> int:
    """Take over a newer list. `root`: the root key, for a computer that has none yet: it is kept from then on.

    0; 2: not a list, or not a root, at all; 3: not a list that counts here. Raises OSError where it can't be written.
    """
    pinned = run / "pki" / ROOT_FILE
    try:
        known = _known(run, pinned)
        newer = load_list(file, pinned if pinned.exists() else root or pinned, known)
        if root is not None and spki_of(load_root(root)) != spki_of(_pin(root, pinned)):
            return _complain(
                f"{pinned} is another root; take it away first if it is not trusted", exits.MISSING
            )
        with naming(lists_of(run)[0]):
            put(lists_of(run)[0], file.read_bytes())
    except TrustError as error:
        return _complain(str(error), code_of_refused(Trusted((file,), root or pinned)))
    print(f"list {newer.version} is here, good until {_day(newer.next_update)}")
    return 0


def _known(run: Path, pinned: Path) -> int:
    try:
        return newest_list_of(lists_of(run), pinned, read_whole_file).version
    except TrustError:
        return 0


def _pin(root: Path, pinned: Path) -> ec.EllipticCurvePublicKey:
    """The root that is trusted here: the one that is kept, else this one from now on."""
    if not pinned.exists():
        put(pinned, root_pem(load_root(root)))
    return load_root(pinned)


def _lines(trust: TrustList) -> list[str]:
    dates = f"of {_day(trust.issued_at)}, good until {_day(trust.next_update)}"
    return [f"list {trust.version} {dates}", *map(_line, trust.keys)]


def _line(key: SigningKey) -> str:
    term = f"{key.kid}  {key.name} {key.issuer}, {_day(key.not_before)} to {_day(key.not_after)}"
    return term if key.revoked_since is None else f"{term}, revoked since {_day(key.revoked_since)}"


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).astimezone(SEOUL).strftime("%Y-%m-%d")


def _complain(sentence: str, code: int) -> int:
    print(f"{where_met(sys.exc_info()[1])}kiosk trust: {sentence}", file=sys.stderr)
    return code
