"""The card signs for exactly what is asked; central's word is believed when it answers exactly that."""

import datetime as dt
from typing import Any

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from kiosk.protocol import identity, sealing
from kiosk.protocol.worker import CardReady, OpenCard, OpenIdentity, SignWithCard
from kiosk.worker.card import CardCode, CardError
from kiosk.worker.identification import Identification
from kiosk.worker.refusals import Code, WorkError
from tests.card_drawer import PIN, certificate_of, put_card
from tests.unit.worker.card_slot import Slot

KIOSK, ORDER = "YDP-0063", "o-20261124-1"
NOW_S = 1_790_000_000
NONCE = bytes(range(32))
LINES = (identity.AskedLine(1, "resident-household", {}, {"digits": "none"}),)
ANSWER = identity.Identified(bytes(32), "ab" * 16, "홍*동", NOW_S + 900)


class Visit:
    """A worker's identification, with a slot for cards in front of it and central behind it."""

    def __init__(self, slot: Slot) -> None:
        self.central, central_key = sealing.new_key()
        self.private, self.key = sealing.new_key()
        self.who = Identification(KIOSK, ORDER, self.private, self.key, central_key, slot, lambda: NOW_S)
        self.slot = slot
        self.sealed = b""

    def open(self) -> CardReady:
        return self.who.open_card(OpenCard("r1", self.slot.reader, self.slot.insertion))

    def sign(self, pin: bytes = PIN, order: str = ORDER, nonce: bytes = NONCE) -> identity.IdentityRequest:
        """The PIN goes in as the screen sends it; the request comes out as central reads it."""
        sealed_pin = sealing.seal(self.key, pin, identity.pin_info(KIOSK, order))
        self.sealed = self.who.sign(SignWithCard("r2", sealed_pin, nonce, LINES)).sealed
        info = sealing.request_info(KIOSK, ORDER, 0, "", "identity")
        plain = sealing.open_sealed(self.central, self.sealed, info)
        return msgspec.json.decode(plain, type=identity.IdentityRequest)

    def answer(self, said: Any, to: bytes | None = None) -> Any:
        info = sealing.answer_info(KIOSK, ORDER, 0, "", "identity", self.sealed if to is None else to)
        return self.who.open_answer(
            OpenIdentity("r3", sealing.seal(self.key, msgspec.json.encode(said), info))
        )


@pytest.fixture
def visit(tmp_path: Any) -> Visit:
    slot = Slot(tmp_path)
    slot.insert(put_card(tmp_path, "citizen-1"))
    return Visit(slot)


def test_the_card_signs_under_this_request_worker_machine_and_order(visit: Visit) -> None:
    assert visit.open() == CardReady("r1", 3, visit.key)
    request = visit.sign()
    certificate = x509.load_der_x509_certificate(request.certificate)
    said = identity.statement(NONCE, LINES, visit.key, KIOSK, ORDER)
    public = certificate.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(request.signature, said, ec.ECDSA(Prehashed(SHA256())))
    assert (request.lines, request.worker_key, request.kiosk, request.order) == (
        LINES,
        visit.key,
        KIOSK,
        ORDER,
    )


def test_centrals_word_gives_a_token_for_the_signed_lines_and_no_others(visit: Visit) -> None:
    visit.open()
    visit.sign()
    known = visit.answer(ANSWER)
    assert (known.masked_name, known.subject, known.until_s) == ("홍*동", "ab" * 16, NOW_S + 900)
    assert visit.who.token_for("resident-household", {}, {"digits": "none"}) == ANSWER.token
    assert visit.who.token_for("resident-household", {}, {"digits": "all"}) == b""
    assert visit.who.token_for("resident-abstract", {}, {"digits": "none"}) == b""


def test_before_centrals_word_nobody_is_known(visit: Visit) -> None:
    visit.open()
    visit.sign()
    assert visit.who.masked_name == ""
    assert visit.who.token_for("resident-household", {}, {"digits": "none"}) == b""


@pytest.mark.parametrize("code", identity.REFUSALS)
def test_a_refusal_of_centrals_is_told_by_its_code(visit: Visit, code: str) -> None:
    visit.open()
    visit.sign()
    with pytest.raises(WorkError) as refused:
        visit.answer(identity.NotIdentified(code))
    assert refused.value.code == code
    assert visit.who.masked_name == ""


@pytest.mark.parametrize(
    "said",
    [
        identity.NotIdentified("made-up"),
        msgspec.structs.replace(ANSWER, token=b"short"),
        {"type": "Identified"},
    ],
    ids=["an unknown refusal", "a short token", "half a message"],
)
def test_a_word_that_is_none_is_not_believed(visit: Visit, said: object) -> None:
    visit.open()
    visit.sign()
    with pytest.raises(WorkError) as refused:
        visit.answer(said)
    assert refused.value.code == Code.ANSWER_INVALID


def test_an_answer_to_another_request_does_not_open(visit: Visit) -> None:
    visit.open()
    visit.sign()
    first = visit.sealed
    visit.sign(nonce=NONCE[::-1])
    with pytest.raises(WorkError, match="central's word"):
        visit.answer(ANSWER, to=first)


def test_a_wrong_pin_tells_the_tries_and_the_right_one_still_signs(visit: Visit) -> None:
    visit.open()
    with pytest.raises(CardError) as refused:
        visit.sign(b"999999")
    assert (refused.value.card_code, refused.value.tries) == (CardCode.PIN_WRONG, 2)
    assert visit.sign().nonce == NONCE


def test_a_pin_sealed_for_another_visit_is_not_tried(visit: Visit) -> None:
    visit.open()
    with pytest.raises(WorkError, match="not sealed for this visit"):
        visit.sign(order="o-another")
    assert visit.open().tries == 3


def test_a_card_that_was_swapped_after_the_look_signs_nothing(visit: Visit, tmp_path: Any) -> None:
    visit.open()
    visit.slot.insert(put_card(tmp_path, "citizen-2"))
    with pytest.raises(CardError) as refused:
        visit.sign()
    assert refused.value.card_code is CardCode.CARD_CHANGED
    with pytest.raises(WorkError, match="no card is open"):
        visit.sign()


def test_a_nonce_of_another_length_is_not_signed(visit: Visit) -> None:
    visit.open()
    with pytest.raises(WorkError, match="nonce"):
        visit.sign(nonce=b"short")


def test_the_test_cards_are_valid_now(tmp_path: Any) -> None:
    certificate = certificate_of(put_card(tmp_path, "citizen-1"))
    now = dt.datetime.fromtimestamp(NOW_S, dt.UTC)
    assert certificate.not_valid_before_utc < now < certificate.not_valid_after_utc
