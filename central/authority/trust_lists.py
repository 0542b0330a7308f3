"""The authority's signing keys and the signed list that tells everybody of them.

The list is signed by the root key, which is kept away from the server (docs/decisions/0020); a running server reads the
list and the signing keys only, anew when the list has changed: a key takes over on its day, without a start.
"""

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Struct

from central.authority.folder import Folder
from central.authority.terms import VERIFY_DAYS
from central.key_files import PkiError, key_pem, load_ec_key, new_ec_key, read_or_make, write_private
from central.registers.district import ISSUER, OFFICE
from kiosk.protocol.signed_list import load_list, root_pem, sign_list
from kiosk.protocol.trust import ANY_TYPE, SigningKey, TrustError, TrustList, kid_of, spki_of

SIGNING_DAYS = 730
LIST_DAYS = 180
AHEAD_DAYS = 30
"""So long before its first day a new key is published, that every verifier has the list by then."""
ROOT_KEY = "trust-root.pem"


class Signing(Struct, frozen=True):
    """The key that seals now: its entry in the list, and its private half."""

    key: SigningKey
    private: ec.EllipticCurvePrivateKey


class TrustLists:
    """The list of a data folder. `offline`: where the root key is while somebody changes it."""

    def __init__(self, folder: Folder, offline: Path | None = None) -> None:
        self._folder = folder
        self._root_key = (offline or folder.offline) / ROOT_KEY
        self._mark: tuple[int, int] | None = None
        self._list: TrustList | None = None
        self._private: dict[str, ec.EllipticCurvePrivateKey] = {}

    def create(self, sealing_key: bytes, now: datetime) -> None:
        """A root key, a signing key and the first list; what is there stays."""
        if self._folder.trust_list.exists():
            return
        self._root_key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        read_or_make(self._root_key, new_ec_key)
        write_private(self._folder.trust_root, root_pem(load_ec_key(self._root_key).public_key()))
        key = self._new_key(now, SIGNING_DAYS)
        self._sign(TrustList(0, 0, 0, (key,), sealing_key), now)

    @property
    def now(self) -> TrustList:
        """The published list. Raises PkiError."""
        file = self._folder.trust_list
        try:
            stat = file.stat()
            mark = (stat.st_ino, stat.st_mtime_ns)
            if self._list is None or mark != self._mark:
                self._list, self._mark = load_list(file, self._folder.trust_root), mark
        except OSError as error:
            raise PkiError(f"{file}: cannot be read ({error.strerror}); run `central init` first") from error
        except TrustError as error:
            raise PkiError(f"{error}; restore it from its backup") from error
        return self._list

    def signing(self, now: datetime) -> Signing:
        """The newest key that may sign at `now`. Raises PkiError where there is none."""
        moment, found = int(now.timestamp()), self.now
        able = [key for key in found.keys if found.vouches(key.kid, moment)]
        if not able:
            raise PkiError(
                f"no signing key may seal at {now.isoformat(timespec='seconds')}: the list or every key's term is "
                "over, or the clock is wrong; see `central keys list`"
            )
        newest = max(able, key=lambda key: key.not_before)  # of two of one day the one listed first
        if newest.kid not in self._private:
            self._private[newest.kid] = load_ec_key(self._file(newest.kid))
        return Signing(newest, self._private[newest.kid])

    def days_left(self, now: datetime) -> int:
        """For so many days more certificates can be sealed, if nobody renews the list or rolls the key."""
        found, moment = self.now, int(now.timestamp())
        terms = [key.not_after for key in found.keys if key.revoked_since is None]
        return max(0, min(found.next_update, max(terms, default=0)) - moment) // 86_400

    def roll(self, first: datetime, now: datetime) -> SigningKey:
        """A new key that seals from `first` on; the others seal until then and count until their papers have ended.

        Raises PkiError; the root key must be at hand.
        """
        if first < now:
            raise PkiError("a key can't begin in the past: papers of that time have no seal of it")
        key = self._new_key(first, SIGNING_DAYS)
        shortened = tuple(
            msgspec.structs.replace(old, not_after=min(old.not_after, key.not_before))
            for old in self.now.keys
            if old.not_before <= key.not_before
        )
        later = tuple(old for old in self.now.keys if old.not_before > key.not_before)
        self._sign(msgspec.structs.replace(self.now, keys=(key, *later, *shortened)), now)
        return key

    def revoke(self, kid: str, since: datetime, now: datetime) -> None:
        """What that key has sealed from `since` on is not genuine. Raises PkiError."""
        moment, before = int(since.timestamp()), self.now
        known = before.key(kid)
        if known is None:
            raise PkiError(f"no signing key {kid}; `central keys list` names them")
        if known.revoked_since is not None:
            moment = min(moment, known.revoked_since)
        gone = msgspec.structs.replace(known, revoked_since=moment)
        keys = tuple(gone if key.kid == kid else key for key in before.keys)
        after = msgspec.structs.replace(before, keys=keys)
        if not any(key.counts_at(int(now.timestamp())) for key in after.keys):
            raise PkiError(f"{kid} is the only key that seals now: `central keys roll --from now` first")
        self._sign(after, now)

    def renew(self, now: datetime) -> None:
        """Sign the same keys anew, for another term. Raises PkiError."""
        self._sign(self.now, now)

    def _sign(self, trust: TrustList, now: datetime) -> None:
        moment = int(now.timestamp())
        ended = int((now - timedelta(days=VERIFY_DAYS)).timestamp())
        kept = tuple(key for key in trust.keys if key.not_after >= ended)
        signed = msgspec.structs.replace(
            trust,
            version=trust.version + 1,
            issued_at=moment,
            next_update=int((now + timedelta(days=LIST_DAYS)).timestamp()),
            keys=kept,
        )
        root = load_ec_key(self._root_key)
        raw = sign_list(signed, root)
        if root_pem(root.public_key()) != self._folder.trust_root.read_bytes():
            raise PkiError(f"{self._root_key}: another root key than machines were given")
        write_private(self._folder.trust_list, raw)
        for key in set(trust.keys) - set(kept):
            self._file(key.kid).unlink(missing_ok=True)

    def _new_key(self, first: datetime, days: int) -> SigningKey:
        private = ec.generate_private_key(ec.SECP256R1())
        spki = spki_of(private.public_key())
        kid = kid_of(spki)
        self._file(kid).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(self._file(kid), key_pem(private))
        until = int((first + timedelta(days=days)).timestamp())
        return SigningKey(kid, spki, ISSUER, (ANY_TYPE,), int(first.timestamp()), until, name=OFFICE)

    def _file(self, kid: str) -> Path:
        return self._folder.key("signing") / f"{kid}.pem"
