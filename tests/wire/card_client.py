"""`python -m tests.wire.card_client SOCKET PATIENCE_S SERVICE`: a process that talks to a card as the worker does.

One JSON request a line, one answer. A process of its own, because the card service's library asks for its socket once.
"""

import json
import sys
from typing import Any

from drivers.card_reader.direct import DirectService
from drivers.card_reader.service import PcscService, Service
from kiosk.worker.card import CardError, IdentityCard, Transport
from kiosk.worker.card_patience import PatientTransport
from kiosk.worker.direct import DirectTransport
from kiosk.worker.pcsc import PcscTransport

STATEMENT = bytes(range(32))
NOW_S = 1_790_000_000


def main(socket: str, patience_s: float, kind: str) -> None:
    """Serve standard input to its end."""
    way: Transport = DirectTransport(socket) if kind == "direct" else PcscTransport(socket)
    transport = PatientTransport(way, patience_s)
    card = IdentityCard(transport, "", 0)
    for line in sys.stdin:
        request: dict[str, Any] = json.loads(line)
        answer: dict[str, Any] = {"code": ""}
        try:
            match request["do"]:
                case "look":
                    service: Service = DirectService(socket) if kind == "direct" else PcscService()
                    answer["slots"] = [(s.reader, s.counter, s.present, s.mute) for s in service.look()]
                    service.close()
                case "open":
                    card.close()
                    card = IdentityCard(transport, request["reader"], request["insertion"])
                    seen = card.open(NOW_S)
                    answer |= {"certificate": seen.certificate.hex(), "tries": seen.tries}
                case _:
                    answer["signature"] = card.sign(bytearray(request["pin"].encode()), STATEMENT).hex()
        except CardError as error:
            answer = {"code": error.code, "tries": error.tries}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), sys.argv[3])
