"""`kiosk worker`: one visit's worker, on the connection that its starter accepted (systemd Accept=yes: it is fd 0)."""

import socket

from kiosk.bundles.installed import FOLDER, InstalledBundle, open_bundle
from kiosk.bundles.newest_list import NewestList
from kiosk.console.leaving import tell
from kiosk.faults import border
from kiosk.ipc.link import Link, LinkError, check_peer, hear_hello
from kiosk.protocol.fault import EnvironmentFault
from kiosk.protocol.worker import TO_WORKER
from kiosk.settings import Settings, SettingsError
from kiosk.worker.card import Transport
from kiosk.worker.card_patience import PatientTransport
from kiosk.worker.direct import DirectTransport
from kiosk.worker.pcsc import PcscTransport
from kiosk.worker.program import Workshop, prepare, serve
from kiosk.worker.refusals import WorkError
from kiosk.worker.sandbox import harden
from kiosk.worker.screens import Grounds

STDIN = 0


def run(settings: Settings, descriptor: int = STDIN) -> int:
    """Warm up with the bundle that core serves from, greet, serve until core closes (the process ends at once with 0).

    1: core hung up before that, or is not who it should be. Raises EnvironmentFault: no certificates can be made here.

    The hello goes out last, so a core that hears it has a worker that is ready.
    """
    harden()
    grounds = _grounds(settings)
    connection = _connection(descriptor)
    try:
        check_peer(connection)
        core = hear_hello(connection, "worker")
        bundle, workshop = _workshop(settings, core.bundle, grounds)
        try:
            link = Link(connection, TO_WORKER, "worker", bundle=bundle.name, heard=core)
        except LinkError:
            workshop.press.close()
            raise
    except LinkError as error:
        tell(f"worker: {error}")
        return 1
    serve(link, workshop)
    return 0


def _connection(descriptor: int) -> socket.socket:
    try:
        return socket.socket(fileno=descriptor)
    except OSError as error:
        raise EnvironmentFault(
            "standard input is no socket; a worker is started with its connection to core"
        ) from error


def _workshop(settings: Settings, wanted: str, grounds: Grounds) -> tuple[InstalledBundle, Workshop]:
    """Everything ready. Raises EnvironmentFault when this machine can't make certificates."""
    trust = NewestList(settings.path())
    readers = PatientTransport(_way_to_cards(settings))
    bundle = open_bundle(settings.path(FOLDER), wanted)
    try:
        with border("what a worker works with"):
            return bundle, prepare(trust.read, bundle.root, readers, bundle.version, grounds)
    except WorkError as error:
        raise EnvironmentFault(f"no certificate can be made here: {error}") from error


def _grounds(settings: Settings) -> Grounds:
    """The screens under the pages. Raises SettingsError."""
    try:
        return Grounds(settings.printer.ground)
    except ValueError as error:
        raise SettingsError(f"kiosk.toml, [printer.ground]: {error}") from error


def _way_to_cards(settings: Settings) -> Transport:
    path = settings.port("card")
    return DirectTransport(path) if settings.card.service == "direct" else PcscTransport(path)
