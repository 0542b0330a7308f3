"""`kiosk worker`: one visit's worker, on the connection that its starter accepted (systemd Accept=yes: it is fd 0)."""

import socket
import sys

from kiosk.apps.kits import FOLDER, KitError, open_kit
from kiosk.apps.link import Link, LinkError, check_peer, hear_hello
from kiosk.apps.newest_list import NewestList
from kiosk.protocol.trust import TrustError
from kiosk.protocol.worker import ToWorker
from kiosk.settings import Settings, SettingsError
from kiosk.worker.card import Transport
from kiosk.worker.card_patience import PatientTransport
from kiosk.worker.direct import DirectTransport
from kiosk.worker.pcsc import PcscTransport
from kiosk.worker.program import prepare, serve
from kiosk.worker.refusals import WorkError
from kiosk.worker.sandbox import harden
from kiosk.worker.screens import Grounds
from kiosk.worker.templates import TemplateError

STDIN = 0


def run(settings: Settings, descriptor: int = STDIN) -> int:
    """Warm up with the kit that core serves from, greet, serve until core closes (the process ends at once with 0).

    1: no certificates can be made here.

    The hello goes out last, so a core that hears it has a worker that is ready.
    """
    harden()
    try:
        grounds = Grounds(settings.ground)
    except ValueError as error:
        raise SettingsError(f"kiosk.toml, [ground]: {error}") from error
    try:
        connection = socket.socket(fileno=descriptor)
        check_peer(connection)
        core = hear_hello(connection, "worker")
        trust = NewestList(settings.path())
        readers = PatientTransport(_way_to_cards(settings))
        kit = open_kit(settings.path(FOLDER), core.kit)
        workshop = prepare(trust.read, kit.root, readers, kit.version, grounds)
    except (OSError, LinkError, TrustError, KitError, TemplateError, WorkError) as error:
        print(f"worker: {error}", file=sys.stderr)
        return 1
    try:
        link = Link(connection, ToWorker, "worker", kit=kit.name, heard=core)
    except LinkError as error:
        print(f"worker: {error}", file=sys.stderr)
        workshop.press.close()
        return 1
    serve(link, workshop)
    return 0


def _way_to_cards(settings: Settings) -> Transport:
    path = settings.port("card_socket")
    return DirectTransport(path) if settings.card_service == "direct" else PcscTransport(path)
