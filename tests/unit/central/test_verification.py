"""Five verdicts: what a number or a code is worth, and how little is shown to somebody who has only a number."""

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from central.authority.numbers import draw_number
from central.authority.verification import About, Judgement, Verdict, Verifier, mask
from central.registers.lots import TWO_SHEETS
from central.services import Services
from central.store.schema import alarm
from kiosk.protocol.central import IssueReply
from kiosk.protocol.seal import SealPayload, make_seal, read_seal
from kiosk.protocol.trust import kid_of, spki_of
from tests.unit.central.office import KIOSK, Journal, Office, Worker, all_rows


async def issued(services: Services) -> tuple[str, str, str]:
    """A document: key, number, seal."""
    worker = Worker(services.keys.trust.sealing_key)
    made = (await services.desk.draft(worker.draft_request(TWO_SHEETS), services.clock())).draft
    call = worker.issue_call(made, TWO_SHEETS, sheets=2)
    reply = msgspec.json.decode(await services.issuer.issue(call), type=IssueReply)
    return call.key, reply.number, worker.open_document(reply, call).seal


def verifier(services: Services) -> Verifier:
    return Verifier(services.database, services.keys.lists, services.clock, services.repertoire)


async def both(services: Services, number: str, seal: str) -> tuple[Judgement, Judgement]:
    desk = verifier(services)
    return await desk.by_number(number), await desk.by_seal(seal)


def test_an_issued_document_is_genuine_by_number_and_by_code(office: Office) -> None:
    async def tell(services: Services) -> None:
        key, number, seal = await issued(services)
        by_number, by_seal = await both(services, number, seal)
        assert (by_number.verdict, by_seal.verdict) == (Verdict.GENUINE, Verdict.GENUINE)
        assert by_number.reason == by_seal.reason == "not-reported"
        await services.journals.take(KIOSK, (Journal().delivered(key, number),))
        by_number, by_seal = await both(services, number, seal)
        assert by_number.reason == by_seal.reason == ""

    office.story(tell)


def test_by_number_the_lot_is_covered_and_by_code_it_is_what_the_paper_holds(office: Office) -> None:
    async def tell(services: Services) -> None:
        _, number, seal = await issued(services)
        by_number, by_seal = await both(services, number, seal)
        assert by_number.fields is not None
        assert by_seal.fields is not None
        assert (by_number.masked, by_number.fields.about[1]) == (True, About("lot", "1●●"))
        assert (by_seal.masked, by_seal.fields.about[1]) == (False, About("lot", "118"))
        assert by_seal.fields.title == "토지대장"
        assert by_seal.fields.sheets == 2
        assert by_seal.fields.number.replace("-", "") == number

    office.story(tell)


def test_a_void_document_is_void_by_number_and_by_code_and_shows_nothing(office: Office) -> None:
    async def tell(services: Services) -> None:
        key, number, seal = await issued(services)
        await services.journals.take(KIOSK, (Journal().void(key, number),))
        for judgement in await both(services, number, seal):
            assert (judgement.verdict, judgement.fields) == (Verdict.VOID, None)

    office.story(tell)


def test_past_its_period_a_document_is_expired(office: Office) -> None:
    async def tell(services: Services) -> None:
        _, number, seal = await issued(services)
        office.later(days=90)
        assert {judgement.verdict for judgement in await both(services, number, seal)} == {Verdict.GENUINE}
        office.later(seconds=1)
        assert {judgement.verdict for judgement in await both(services, number, seal)} == {Verdict.EXPIRED}

    office.story(tell)


def test_a_mistyped_or_invented_number_is_not_genuine(office: Office) -> None:
    async def tell(services: Services) -> None:
        desk = verifier(services)
        invented = draw_number(lambda span: span // 2)
        assert await desk.by_number(invented) == Judgement(Verdict.NOT_GENUINE, "unknown-number")
        assert await desk.by_number("1234567890123456") == Judgement(Verdict.NOT_GENUINE, "check-digit")

    office.story(tell)


def test_an_altered_code_is_not_genuine(office: Office) -> None:
    async def tell(services: Services) -> None:
        _, _, seal = await issued(services)
        payload = read_seal(seal, services.keys.trust, int(office.now.timestamp())).payload
        assert payload is not None
        forger = ec.generate_private_key(ec.SECP256R1())
        forged = msgspec.structs.replace(payload, subject=(payload.subject[0], "119"))
        ours = make_seal(forged, forger, services.keys.trust.keys[0].kid)
        theirs = make_seal(forged, forger, kid_of(spki_of(forger.public_key())))
        desk = verifier(services)
        assert await desk.by_seal(ours) == Judgement(Verdict.NOT_GENUINE, "signature")
        assert await desk.by_seal(theirs) == Judgement(Verdict.UNKNOWN_ISSUER)
        assert await desk.by_seal("KC1:nonsense") == Judgement(Verdict.NOT_GENUINE, "unreadable")

    office.story(tell)


def test_a_seal_of_ours_that_we_never_gave_is_not_genuine_and_an_alarm(office: Office) -> None:
    async def tell(services: Services) -> None:
        now = int(office.now.timestamp())
        payload = SealPayload(
            issuer=services.keys.trust.keys[0].issuer,
            issued_at=now,
            expires_at=now + 60,
            number=draw_number(lambda _span: 1),
            type_code="land",
            pages=1,
            content="00" * 16,
            kiosk=KIOSK,
            subject=("x", "1"),
            template="land/1",
        )
        signing = services.keys.signing(office.now)
        seal = make_seal(payload, signing.private, signing.key.kid)
        assert await verifier(services).by_seal(seal) == Judgement(Verdict.NOT_GENUINE, "unknown-number")
        assert [row["code"] for row in await all_rows(services, alarm)] == ["seal-unknown"]

    office.story(tell)


@pytest.mark.parametrize(
    ("lot", "masked"), [("60", "6●"), ("7", "7"), ("산 12", "산 1●"), ("700-12", "7●●-●●"), ("", "")]
)
def test_all_digits_but_the_first_are_covered(lot: str, masked: str) -> None:
    assert mask(lot) == masked
