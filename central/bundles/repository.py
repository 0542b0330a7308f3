"""The signed repository that the machines' bundles come from (The Update Framework 1.0), as files that are served.

Who holds only the server can freeze the machines at what they have for a day, and nothing else: what is published is
signed by the targets key, and whose keys those are by two of three root keys.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp
from tuf.api.serialization.json import JSONSerializer

from central.bundles import roles
from central.bundles.roles import ROOT_KEYS, ROOT_THRESHOLD, SNAPSHOT, TARGETS, TIMESTAMP, signer
from central.problems import SetupError
from kiosk.console.named import naming
from kiosk.protocol.bundle import TARGET, TRUST_TARGET, Bundle, pack

TERMS: Final = {
    "root": timedelta(days=365),
    TARGETS: timedelta(days=90),
    SNAPSHOT: timedelta(days=7),
    TIMESTAMP: timedelta(days=1),
}

Role = TypeVar("Role", Root, Targets, Snapshot, Timestamp)


class RepositoryError(SetupError):
    """It can't be published; the message says what to do."""


class Repository:
    """`folder`: what is served. `offline`: where the root and targets keys are while somebody publishes; `online`: the
    server's own keys.
    """

    def __init__(self, folder: Path, offline: Path, online: Path) -> None:
        self.folder, self._offline, self._online = folder, offline, online
        self._metadata, self._targets = folder / "metadata", folder / "targets"

    @property
    def exists(self) -> bool:
        """Whether anything was ever published."""
        return (self._metadata / f"{TIMESTAMP}.json").exists()

    def create(self, now: datetime) -> None:
        """Keys, a root that machines are given when they are enrolled, and nothing published yet."""
        roles.make_keys(self._offline, self._online)
        for place in (self._metadata, self._targets):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.root_file.exists():
            return
        root = Root(version=1, expires=_whole(now + TERMS["root"]), consistent_snapshot=True)
        for name in ROOT_KEYS:
            root.add_key(signer(self._offline, name).public_key, Root.type)
        root.roles[Root.type].threshold = ROOT_THRESHOLD
        root.add_key(signer(self._offline, TARGETS).public_key, Targets.type)
        root.add_key(signer(self._online, SNAPSHOT).public_key, Snapshot.type)
        root.add_key(signer(self._online, TIMESTAMP).public_key, Timestamp.type)
        self._write(root, *(signer(self._offline, name) for name in ROOT_KEYS[:ROOT_THRESHOLD]))

    @property
    def root_file(self) -> Path:
        """The first root: what a machine believes in from the beginning."""
        return self._metadata / "1.root.json"

    def publish(self, bundle: Bundle, now: datetime) -> None:
        """Sign it and make it the newest. Raises RepositoryError, RolesError."""
        raw = pack(bundle)
        custom = {"version": bundle.version, "valid_until": bundle.valid_until}
        self._publish(TARGET, raw, custom, now)

    def publish_list(self, raw: bytes, version: int, now: datetime) -> None:
        """Sign a trust list as the newest, beside the bundle that there is. Raises RepositoryError, RolesError."""
        self._publish(TRUST_TARGET, raw, {"version": version}, now)

    def check_keys(self) -> None:
        """Raises RolesError where the key that would sign is not at hand."""
        signer(self._offline, TARGETS)

    def _publish(self, name: str, raw: bytes, custom: dict[str, Any], now: datetime) -> None:
        said = TargetFile.from_data(name, raw, ["sha256"])
        said.unrecognized_fields["custom"] = custom
        with self._alone():
            targets = self._next(Targets, now, TERMS[TARGETS])
            if (there := _version(targets, name)) >= custom["version"]:
                raise RepositoryError(f"version {there} is published already; publish a later one")
            targets.targets = {**targets.targets, name: said}
            _put(self._targets / f"{said.hashes['sha256']}.{name}", raw)
            self._write(targets, signer(self._offline, TARGETS))
            self._say_anew(now)

    @property
    def version(self) -> int:
        """The newest bundle's version, 0 where there is none."""
        return _version(self._latest(Targets), TARGET)

    def refresh(self, now: datetime) -> None:
        """Say anew what is the newest, where half of the term of having said so is over. Raises RolesError."""
        if not self._due(now):
            return
        with self._alone():
            if self._due(now):
                self._say_anew(now)

    def _due(self, now: datetime) -> bool:
        timestamp = self._latest(Timestamp)
        return timestamp is None or timestamp.expires - now < TERMS[TIMESTAMP] / 2

    def _say_anew(self, now: datetime) -> None:
        snapshot, targets = self._latest(Snapshot), self._latest(Targets)
        newest = {f"{TARGETS}.json": MetaFile(targets.version)} if targets is not None else {}
        if snapshot is None or snapshot.meta != newest or snapshot.expires - now < TERMS[SNAPSHOT] / 2:
            snapshot = self._next(Snapshot, now, TERMS[SNAPSHOT])
            snapshot.meta = newest
            self._write(snapshot, signer(self._online, SNAPSHOT))
        timestamp = self._next(Timestamp, now, TERMS[TIMESTAMP])
        timestamp.snapshot_meta = MetaFile(snapshot.version)
        self._write(timestamp, signer(self._online, TIMESTAMP))

    def change_root_key(self, name: str, now: datetime) -> None:
        """Another key in the place of `name`, which may be lost: signed by the two that stay, and by the new one.

        Raises RolesError.
        """
        with self._alone():
            stayed = [signer(self._offline, key) for key in ROOT_KEYS if key != name]
            (self._offline / f"{name}.pem").unlink(missing_ok=True)
            roles.make_keys(self._offline, self._online)
            new = signer(self._offline, name)
            root = self._next(Root, now, TERMS["root"])
            for gone in set(root.roles[Root.type].keyids) - {key.public_key.keyid for key in stayed}:
                root.revoke_key(gone, Root.type)
            root.add_key(new.public_key, Root.type)
            self._write(root, *stayed, new)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """The clerk's command and the server's threads write one after the other."""
        with (self.folder / ".lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _next(self, kind: type[Role], now: datetime, term: timedelta) -> Role:
        """The role as it stands, one version on; the first where it never was."""
        found = self._latest(kind)
        expires = _whole(now + term)
        if found is None:
            return kind(version=1, expires=expires)
        found.version += 1
        found.expires = expires
        return found

    def _latest(self, kind: type[Role]) -> Role | None:
        pattern = f"{TIMESTAMP}.json" if kind is Timestamp else f"*.{kind.type}.json"
        files = sorted(self._metadata.glob(pattern), key=_number)
        if not files:
            return None
        found = Metadata.from_file(str(files[-1])).signed
        assert isinstance(found, kind)
        return found

    def _write(self, role: Root | Targets | Snapshot | Timestamp, *signers: CryptoSigner) -> None:
        signed: Metadata[Any] = Metadata(role)
        for one in signers:
            signed.sign(one, append=True)
        name = f"{TIMESTAMP}.json" if role.type == TIMESTAMP else f"{role.version}.{role.type}.json"
        _put(self._metadata / name, signed.to_bytes(JSONSerializer(compact=True)))


def _version(targets: Targets | None, name: str) -> int:
    if targets is None or name not in targets.targets:
        return 0
    return int(targets.targets[name].unrecognized_fields["custom"]["version"])


def _number(file: Path) -> int:
    return int(file.name.partition(".")[0]) if file.name[0].isdigit() else 0


def _whole(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _put(file: Path, content: bytes) -> None:
    """The file is there whole and durable, or not at all."""
    unfinished = file.with_name(f".{file.name}.new")
    with naming(file), unfinished.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(unfinished, file)
