"""The real worker, a virtual card's chip and the real central: who is identified gets their own household's paper.

Nothing between them but sealed bytes; core and courier only carry them, so this test carries them itself.
"""

from pathlib import Path

import msgspec
import pytest

from central.authority.card_files import CardFile, citizen_card
from central.authority.envelope import open_draft, seal_answer
from central.authority.keys import card_authority
from central.registers.refusal import RefusedError
from central.services import Services
from kiosk.protocol import identity, sealing
from kiosk.protocol.central import Draft, DraftCall, IssueCall, IssueReply, Refusal, SealedAnswer
from kiosk.protocol.identity import AskedLine, ChallengeCall, IdentityCall
from kiosk.protocol.worker import (
    BeginVisit,
    DraftReady,
    HolderKnown,
    MakeDraft,
    MakeIssue,
    OpenCard,
    OpenDraft,
    OpenIdentity,
    OpenIssue,
    SignWithCard,
)
from kiosk.worker.read_back import page_texts
from kiosk.worker.refusals import WorkError
from kiosk.worker.render import Renderer
from kiosk.worker.visit import Visit
from tests.authority import TEMPLATES
from tests.unit.central.citizen import FULL, HOUSEHOLD
from tests.unit.central.office import KIOSK, ORDER, Office, make_small_town
from tests.unit.worker.card_slot import Slot

LINES = (AskedLine(1, HOUSEHOLD, {}, FULL),)


@pytest.fixture(scope="module")
def small_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Central's data folder, to copy."""
    return make_small_town(tmp_path_factory.mktemp("town") / "data").data


@pytest.fixture
def office(small_town: Path, tmp_path: Path) -> Office:
    """An office of one's own."""
    return Office(small_town, tmp_path / "data")


@pytest.fixture(scope="module")
def press() -> Renderer:
    return Renderer(TEMPLATES)


class Kiosk:
    """One visit's worker with a slot for cards, and the way to central."""

    def __init__(self, services: Services, office: Office, press: Renderer, drawer: Path) -> None:
        self.services, self._office, self._drawer = services, office, drawer
        self.slot = Slot(drawer)
        now_s = int(office.now.timestamp())
        trust = services.keys.trust
        self.visit = Visit(
            BeginVisit(KIOSK, ORDER), TEMPLATES, trust, press, lambda: now_s, readers=self.slot
        )
        self.key = b""

    def insert(self, number: str) -> CardFile:
        """A fresh card of this number."""
        card = citizen_card(card_authority(self._office.folder), number, self._office.now)
        file = self._drawer / f"{card.label}.json"
        file.write_bytes(msgspec.json.encode(card))
        self.slot.insert(file)
        return card

    async def identify(self, card: CardFile, lines: tuple[AskedLine, ...] = LINES) -> HolderKnown:
        """From the card in the slot to central's word."""
        ready = self.visit.who.open_card(OpenCard("r1", self.slot.reader, self.slot.insertion))
        pin = sealing.seal(ready.pin_key, card.pin.encode(), identity.pin_info(KIOSK, ORDER))
        nonce = (await self.services.identities.challenge(ChallengeCall(KIOSK, ORDER))).nonce
        signed = self.visit.who.sign(SignWithCard("r2", pin, nonce, lines))
        reply = await self.services.identities.identify(
            IdentityCall(KIOSK, ORDER, signed.sealed), card.number
        )
        sealed = msgspec.json.decode(reply, type=SealedAnswer).sealed
        return self.visit.open_identity(OpenIdentity("r3", sealed))

    async def draft(self, options: dict[str, str] = FULL) -> DraftReady:
        """The draft of line 1."""
        asked = self.visit.make_draft(MakeDraft("r4", 1, HOUSEHOLD, {}, options)).sealed
        call = DraftCall(KIOSK, ORDER, 1, HOUSEHOLD, asked)
        request = open_draft(self.services.keys.sealing, call)
        answer: Draft | Refusal
        try:
            answer = (await self.services.desk.draft(request, self._office.now)).draft
        except RefusedError as refused:
            answer = Refusal(1, refused.code)
        sealed = seal_answer(request.worker_key, answer, call, "draft")
        ready = self.visit.open_draft(OpenDraft("r5", 1, sealed))
        assert isinstance(ready, DraftReady)
        return ready

    async def paper(self) -> str:
        """The whole text of the issued document."""
        key = f"{ORDER}-1-1"
        asked = self.visit.make_issue(MakeIssue("r6", 1, 1, key)).sealed
        reply = msgspec.json.decode(
            await self.services.issuer.issue(IssueCall(KIOSK, ORDER, 1, 1, key, HOUSEHOLD, asked)),
            type=IssueReply,
        )
        self.visit.open_issue(OpenIssue("r7", key, reply.number, reply.sealed))
        return " ".join(page_texts(self.visit.document(key)))


def test_who_signs_with_their_card_gets_their_own_household(
    office: Office, press: Renderer, tmp_path: Path
) -> None:
    async def tell(services: Services) -> str:
        kiosk = Kiosk(services, office, press, tmp_path)
        known = await kiosk.identify(kiosk.insert("000000000001"))
        assert known.masked_name == "홍*동"
        drafted = await kiosk.draft()
        assert not any("홍길동" in row.value for row in drafted.summary)
        return await kiosk.paper()

    text = office.story(tell)
    assert "홍길동" in text
    assert "국제금융로" in text


def test_without_identification_there_is_no_persons_draft(
    office: Office, press: Renderer, tmp_path: Path
) -> None:
    async def tell(services: Services) -> None:
        kiosk = Kiosk(services, office, press, tmp_path)
        with pytest.raises(WorkError) as refused:
            await kiosk.draft()
        assert refused.value.code == "not-identified"

    office.story(tell)


def test_options_that_were_not_signed_for_are_not_drafted(
    office: Office, press: Renderer, tmp_path: Path
) -> None:
    async def tell(services: Services) -> None:
        kiosk = Kiosk(services, office, press, tmp_path)
        await kiosk.identify(kiosk.insert("000000000001"))
        with pytest.raises(WorkError) as refused:
            await kiosk.draft({**FULL, "digits": "none"})
        assert refused.value.code == "not-identified"

    office.story(tell)


def test_the_next_card_in_the_same_visit_gives_the_next_persons_paper_only(
    office: Office, press: Renderer, tmp_path: Path
) -> None:
    """A family passes one card after the other: a draft asked for now is of whoever signed last."""

    async def tell(services: Services) -> tuple[str, str]:
        kiosk = Kiosk(services, office, press, tmp_path)
        first = await kiosk.identify(kiosk.insert("000000000001"))
        second = await kiosk.identify(kiosk.insert("000000000003"))
        assert first.subject != second.subject
        await kiosk.draft()
        return second.masked_name, await kiosk.paper()

    masked, text = office.story(tell)
    assert "홍길동" not in text
    assert masked[0] in text


def test_a_card_that_comes_after_the_draft_does_not_change_whose_paper_it_is(
    office: Office, press: Renderer, tmp_path: Path
) -> None:
    async def tell(services: Services) -> str:
        kiosk = Kiosk(services, office, press, tmp_path)
        await kiosk.identify(kiosk.insert("000000000001"))
        await kiosk.draft()
        await kiosk.identify(kiosk.insert("000000000003"), (AskedLine(2, HOUSEHOLD, {}, FULL),))
        return await kiosk.paper()

    assert "홍길동" in office.story(tell)
