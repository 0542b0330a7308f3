"""The courier and the network: requests that get lost, replies that get lost, both late, and both twice."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from msgspec.structs import replace

from kiosk.protocol import courier as courier_messages
from tests.crash.lives.centre import Centre
from tests.crash.lives.channel import Channel
from tests.crash.lives.power import Place, Power
from tests.crash.lives.timeline import Of, Timeline

WAY_MS = 15
TRY_MS = 2_000
PAUSE_MS = 1_500
LINK_MS = 5_000


class Way(StrEnum):
    """What the network does to one request."""

    WELL = "well"
    NO_REQUEST = "lost request"
    NO_REPLY = "lost reply"
    LATE = "late"
    TWICE = "twice"


class Network:
    """Outside of the machine: what is under way arrives, whatever becomes of who sent it."""

    def __init__(
        self,
        timeline: Timeline,
        power: Power,
        centre: Centre,
        way: Callable[[], Way],
        late_ms: Callable[[], int],
        down: Callable[[], bool],
    ) -> None:
        self._timeline, self._power, self._centre = timeline, power, centre
        self._way, self._late_ms, self.down = way, late_ms, down
        self.under_way = 0

    def call(self, request: Any, answered: Callable[[Any], None]) -> None:
        """Send it; `answered` is called when, and if, an answer comes back."""
        way = Way.NO_REQUEST if self.down() else self._way()
        if way is Way.NO_REQUEST:
            return
        self._arrive(request, WAY_MS if way is not Way.LATE else self._late_ms(), answered, way)
        if way is Way.TWICE:
            self._arrive(request, self._late_ms(), lambda _answer: None, way)

    def _arrive(self, request: Any, ms: int, answered: Callable[[Any], None], way: Way) -> None:
        self.under_way += 1

        def there() -> None:
            self.under_way -= 1
            answer = self._serve(request)
            if way is not Way.NO_REPLY:
                self._timeline.later(WAY_MS, Of.WORLD, lambda: answered(answer))

        self._timeline.later(ms, Of.WORLD, there)

    def _serve(self, request: Any) -> Any:
        match request:
            case courier_messages.SendDraft():
                return self._centre.draft(request.sealed)
            case courier_messages.SendIssue():
                answer = self._centre.issue(request)
                self._step(f"central answers {answer.code or answer.number}")
                return answer
            case courier_messages.SendChallenge():
                return self._centre.challenge()
            case courier_messages.SendIdentity():
                return self._centre.identify(request.sealed)
            case courier_messages.SendClaims():
                answer = self._centre.claims(request.sealed, self._timeline.now_ms)
                self._step(f"central answers {answer.code or 'what is owed'}")
                return answer
            case courier_messages.SendEvents():
                heard = self._centre.events(request.rows)
                self._step("central has rows")
                return heard
            case _:
                return None

    def _step(self, what: str) -> None:
        if self._power.on:
            self._power.step(what, Place.OUTSIDE)


class Courier:
    """The process: asks again with the same key until the deadline; keeps at it with the journal."""

    def __init__(self, timeline: Timeline, network: Network) -> None:
        self._timeline, self._network = timeline, network
        self._channel: Channel | None = None
        self._alive = True
        self._online = False
        self._rows: tuple[courier_messages.JournalRow, ...] = ()
        self._sending = 0

    def connected(self, channel: Channel) -> None:
        """Core is there."""
        self._channel = channel
        self._online = not self._network.down()
        channel.say(courier_messages.LinkChanged(self._online))
        self._timeline.later(LINK_MS, Of.MACHINE, self._probe)

    def core_gone(self) -> None:
        """Whatever comes now is told to nobody."""
        self._channel = None

    def die(self) -> None:
        """The process ends; what is under way goes on."""
        self._alive = False
        if self._channel is not None:
            self._channel.gone()
        self._channel = None

    def heard(self, message: Any, _handed: Any) -> None:
        """One errand."""
        match message:
            case (
                courier_messages.SendDraft()
                | courier_messages.SendIssue()
                | courier_messages.SendChallenge()
                | courier_messages.SendIdentity()
                | courier_messages.SendClaims()
            ):
                self._try(message, self._timeline.now_ms + message.deadline_ms, [False])
            case courier_messages.SendEvents(rows=rows):
                self._rows = rows
                self._sending += 1
                self._send_rows(self._sending)
            case _:
                pass

    def _try(self, ask: Any, until_ms: int, ended: list[bool]) -> None:
        if ended[0] or not self._alive:
            return
        if self._timeline.now_ms >= until_ms:
            ended[0] = True
            self._say(
                courier_messages.CentralAnswer(
                    ask.request, courier_messages.Reply.UNKNOWN, code="central-unreachable"
                )
            )
            return

        def answered(answer: courier_messages.CentralAnswer) -> None:
            if not ended[0]:
                ended[0] = True
                self._say(replace(answer, request=ask.request))

        self._network.call(ask, answered)
        pause = min(TRY_MS, max(1, until_ms - self._timeline.now_ms))
        self._timeline.later(pause, Of.MACHINE, lambda: self._try(ask, until_ms, ended))

    def _send_rows(self, sending: int) -> None:
        if sending != self._sending or not self._alive or not self._rows:
            return

        def answered(answer: Any) -> None:
            if sending == self._sending and isinstance(answer, courier_messages.EventsAcked):
                self._rows = ()
            self._say(answer)

        self._network.call(courier_messages.SendEvents(self._rows), answered)
        self._timeline.later(PAUSE_MS, Of.MACHINE, lambda: self._send_rows(sending))

    def _probe(self) -> None:
        if not self._alive:
            return
        if self._online == self._network.down():
            self._online = not self._online
            self._say(courier_messages.LinkChanged(self._online))
        self._timeline.later(LINK_MS, Of.MACHINE, self._probe)

    def _say(self, message: Any) -> None:
        if self._alive and self._channel is not None:
            self._channel.say(message)
