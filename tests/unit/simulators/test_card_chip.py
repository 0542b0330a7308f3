"""The virtual card: PIV as NIST SP 800-73-4 has it, and a status word for everything else."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from simulators.card_apdu import Command, Refused, parse
from simulators.card_chip import IDENTITY_ATR, TRANSIT_ATR, Chip, card_memory
from simulators.card_file import BadCard, read_card
from simulators.card_objects import fasc_n
from simulators.card_tlv import BadTlv, read_tlv, tlv
from tests.card_drawer import PIN, certificate_of, put_card

AID = "A000000308000010000100"
SELECT = bytes.fromhex("00A404000B" + AID + "00")
ASK_TRIES = bytes.fromhex("00200080")
HASH = bytes(range(32))
SIGN = bytes.fromhex("0087119A267C2482008120") + HASH + b"\x00"
READ_CERTIFICATE = bytes.fromhex("00CB3FFF055C035FC10500")
OK = b"\x90\x00"


def verify(pin: bytes) -> bytes:
    return bytes.fromhex("0020008008") + pin.ljust(8, b"\xff")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return put_card(tmp_path, "citizen-1")


@pytest.fixture
def chip(file: Path) -> Chip:
    return chip_of(file)


def chip_of(file: Path) -> Chip:
    card = read_card(file.parent, file.stem)
    return Chip(card, card_memory(file.parent.parent / f"card-{file.stem}.json", card))


def whole(chip: Chip, command: bytes) -> bytes:
    """The data of an answer, fetched to its end."""
    data, answer = b"", chip.answer(command)
    while answer[-2] == 0x61:
        data += answer[:-2]
        answer = chip.answer(bytes((0x00, 0xC0, 0x00, 0x00, answer[-1])))
    assert answer[-2:] == OK
    return data + answer[:-2]


# --- selection ---


@pytest.mark.parametrize("length", [5, 9, 11])
def test_it_is_selected_by_its_name_whole_or_cut_at_the_right(chip: Chip, length: int) -> None:
    name = bytes.fromhex(AID)[:length]
    template = whole(chip, b"\x00\xa4\x04\x00" + bytes((length,)) + name + b"\x00")
    ((tag, value),) = read_tlv(template)
    assert tag == 0x61
    fields = dict(read_tlv(value))
    assert fields[0x4F] == bytes.fromhex("000010000100")
    assert fields[0x79] == tlv(0x4F, bytes.fromhex("A000000308"))


@pytest.mark.parametrize("name", ["A0000003", "A000000309", AID + "00", "D4100000030001"])
def test_it_is_not_selected_by_another_name(chip: Chip, name: str) -> None:
    command = b"\x00\xa4\x04\x00" + bytes((len(name) // 2,)) + bytes.fromhex(name)
    assert chip.answer(command) == b"\x6a\x82"
    assert chip.answer(ASK_TRIES) == b"\x69\x85"


@pytest.mark.parametrize(
    ("command", "sw"),
    [
        (READ_CERTIFICATE, "6985"),
        (ASK_TRIES, "6985"),
        (verify(PIN), "6985"),
        (SIGN, "6985"),
        (bytes.fromhex("00B0000010"), "6D00"),
        (bytes.fromhex("00C0000000"), "6985"),
    ],
)
def test_nothing_is_done_before_selection(chip: Chip, command: bytes, sw: str) -> None:
    assert chip.answer(command).hex().upper() == sw


def test_a_transit_card_has_no_identity_on_it(tmp_path: Path) -> None:
    chip = chip_of(put_card(tmp_path, "transit-1", "transit"))
    assert chip.answer(SELECT) == b"\x6a\x82"
    assert chip.atr == TRANSIT_ATR != IDENTITY_ATR
    assert not chip.blocked


# --- reading ---


def test_the_certificate_is_read_in_portions(chip: Chip, file: Path) -> None:
    chip.answer(SELECT)
    first = chip.answer(READ_CERTIFICATE)
    assert len(first) == 258
    assert first[-2] == 0x61
    assert chip.answer(READ_CERTIFICATE) == first, "asked again, it begins again"
    ((tag, value),) = read_tlv(whole(chip, READ_CERTIFICATE))
    assert tag == 0x53
    der = certificate_of(file).public_bytes(Encoding.DER)
    assert read_tlv(value) == [(0x70, der), (0x71, b"\x00"), (0xFE, b"")]


def test_without_le_everything_has_to_be_fetched(chip: Chip) -> None:
    chip.answer(SELECT)
    assert chip.answer(READ_CERTIFICATE[:-1]) == b"\x61\x00"
    assert whole(chip, READ_CERTIFICATE[:-1]) == whole(chip, READ_CERTIFICATE)


def test_another_command_ends_what_could_be_fetched(chip: Chip) -> None:
    chip.answer(SELECT)
    chip.answer(READ_CERTIFICATE)
    chip.answer(ASK_TRIES)
    assert chip.answer(bytes.fromhex("00C0000000")) == b"\x69\x85"


def test_the_chuid_names_the_card_and_nobody(chip: Chip) -> None:
    chip.answer(SELECT)
    ((_, value),) = read_tlv(whole(chip, bytes.fromhex("00CB3FFF055C035FC10200")))
    fields = dict(read_tlv(value))
    assert len(fields[0x30]) == 25
    assert len(fields[0x34]) == 16
    assert fields[0x35] == b"20360228"


def test_a_fasc_n_is_packed_as_in_the_published_example() -> None:
    """TIG SCEPACS 2.2 §6.1: agency 0032, system 0001, credential 092446, person 1112223333."""
    packed = fasc_n("0032", "0001", "092446", "01", "1112223333", "112232")
    assert packed.hex().upper() == "D0439458210C2C19A0846D83685A1082108CE73984108CA3FC"


def test_capabilities_and_discovery_are_there(chip: Chip) -> None:
    chip.answer(SELECT)
    ((_, value),) = read_tlv(whole(chip, bytes.fromhex("00CB3FFF055C035FC10700")))
    assert [len(dict(read_tlv(value))[0xF0]), dict(read_tlv(value))[0xF5]] == [21, b"\x10"]
    discovery = whole(chip, bytes.fromhex("00CB3FFF035C017E00"))
    assert discovery.hex().upper() == "7E124F0B" + AID + "5F2F024000"


@pytest.mark.parametrize(
    ("command", "sw"),
    [
        ("00CB3FFF055C035FC10A00", "6A82"),  # a certificate that it does not have
        ("00CB3FFE055C035FC10500", "6A86"),
        ("00CB3FFF055D035FC10500", "6A80"),
        ("00CB3FFF055C045FC10500", "6A80"),
        ("00CB3FFF00", "6A80"),
        ("00CB3FFF05", "6A80"),  # Le 5, and nothing asked for
        ("00A4000C023F00", "6A86"),
        ("80CB3FFF055C035FC10500", "6E00"),
        ("04CB3FFF055C035FC10500", "6882"),
        ("01CB3FFF055C035FC10500", "6881"),
        ("00CB3FFF0000055C035FC105", "6700"),  # extended length
        ("00CB3FFF065C035FC105", "6700"),
        ("00CB3F", "6700"),
        ("", "6700"),
    ],
)
def test_what_it_does_not_know_it_refuses_by_name(chip: Chip, command: str, sw: str) -> None:
    chip.answer(SELECT)
    assert chip.answer(bytes.fromhex(command)).hex().upper() == sw


# --- the PIN ---


def test_three_wrong_pins_block_it_for_good(chip: Chip, file: Path) -> None:
    chip.answer(SELECT)
    assert chip.answer(ASK_TRIES) == b"\x63\xc3"
    assert [chip.answer(verify(b"000000")) for _ in range(3)] == [b"\x63\xc2", b"\x63\xc1", b"\x63\xc0"]
    assert chip.blocked
    for again in (chip, chip_of(file)):
        again.answer(SELECT)
        assert again.answer(verify(PIN)) == b"\x69\x83"
        assert again.answer(ASK_TRIES) == b"\x69\x83"


def test_the_tries_outlive_power_and_process_and_come_back_with_the_right_pin(chip: Chip, file: Path) -> None:
    chip.answer(SELECT)
    chip.answer(verify(b"999999"))
    chip.reset()
    later = chip_of(file)
    later.answer(SELECT)
    assert later.answer(ASK_TRIES) == b"\x63\xc2"
    assert later.answer(verify(PIN)) == OK
    assert later.tries == 3


def test_a_new_card_under_an_old_label_has_its_own_tries(chip: Chip, tmp_path: Path) -> None:
    chip.answer(SELECT)
    chip.answer(verify(b"999999"))
    assert chip_of(put_card(tmp_path, "citizen-1", number="000000000099")).tries == 3


@pytest.mark.parametrize("bad", [b"12345", b"12345a", b"\xff" * 8, b"1234\xff678"])
def test_what_cannot_be_a_pin_costs_no_try(chip: Chip, bad: bytes) -> None:
    chip.answer(SELECT)
    assert chip.answer(verify(bad)) == b"\x6a\x80"
    assert chip.answer(bytes.fromhex("0020008006") + PIN) == b"\x6a\x80"
    assert chip.tries == 3


def test_a_wrong_pin_takes_the_right_one_back(chip: Chip) -> None:
    chip.answer(SELECT)
    assert chip.answer(verify(PIN)) == OK
    assert chip.answer(ASK_TRIES) == OK
    chip.answer(verify(b"000000"))
    assert chip.answer(SIGN) == b"\x69\x82"


def forget_by_reset(chip: Chip) -> None:
    chip.reset()
    chip.answer(SELECT)


def forget_by_command(chip: Chip) -> None:
    assert chip.answer(bytes.fromhex("0020FF80")) == OK


@pytest.mark.parametrize("forget", [forget_by_reset, forget_by_command])
def test_the_verified_pin_is_forgotten(chip: Chip, forget: Callable[[Chip], None]) -> None:
    chip.answer(SELECT)
    chip.answer(verify(PIN))
    forget(chip)
    assert chip.answer(SIGN) == b"\x69\x82"


def test_selecting_it_again_forgets_nothing(chip: Chip) -> None:
    chip.answer(SELECT)
    chip.answer(verify(PIN))
    chip.answer(SELECT)
    chip.answer(bytes.fromhex("00A4040005D410000003"))  # another application, which is not there
    assert chip.answer(ASK_TRIES) == OK


def test_another_key_reference_has_no_pin(chip: Chip) -> None:
    chip.answer(SELECT)
    assert chip.answer(bytes.fromhex("0020000008") + b"123456\xff\xff") == b"\x6a\x88"
    assert chip.answer(bytes.fromhex("0020018008") + b"123456\xff\xff") == b"\x6a\x86"


# --- signing ---


def test_it_signs_with_the_key_of_its_certificate(chip: Chip, file: Path) -> None:
    chip.answer(SELECT)
    chip.answer(verify(PIN))
    ((tag, value),) = read_tlv(whole(chip, SIGN))
    ((inner, signature),) = read_tlv(value)
    assert (tag, inner) == (0x7C, 0x82)
    public = certificate_of(file).public_key()
    assert isinstance(public, EllipticCurvePublicKey)
    public.verify(signature, HASH, ECDSA(Prehashed(SHA256())))


def test_a_hash_sent_in_a_chain_is_signed_as_well(chip: Chip) -> None:
    chip.answer(SELECT)
    chip.answer(verify(PIN))
    data = SIGN[5:-1]
    assert chip.answer(b"\x10\x87\x11\x9a\x10" + data[:16]) == OK
    assert whole(chip, b"\x00\x87\x11\x9a" + bytes((len(data) - 16,)) + data[16:] + b"\x00")[:1] == b"\x7c"


def test_half_a_chain_is_forgotten_when_another_command_comes(chip: Chip) -> None:
    chip.answer(SELECT)
    chip.answer(verify(PIN))
    data = SIGN[5:-1]
    chip.answer(b"\x10\x87\x11\x9a\x10" + data[:16])
    chip.answer(ASK_TRIES)
    assert chip.answer(b"\x00\x87\x11\x9a" + bytes((len(data) - 16,)) + data[16:] + b"\x00") == b"\x6a\x80"


def test_a_chain_without_end_is_cut_off(chip: Chip) -> None:
    chip.answer(SELECT)
    link = b"\x10\x87\x11\x9a\xff" + bytes(255)
    answers = [chip.answer(link) for _ in range(9)]
    assert answers == [OK] * 8 + [b"\x67\x00"]


@pytest.mark.parametrize(
    ("command", "sw"),
    [
        ("0087079A067C0482008100", "6A86"),  # RSA
        ("0087119C067C0482008100", "6A86"),  # the signature key, which it does not have
        ("0087119A067C0482008100", "6A80"),  # nothing to sign
        ("0087119A047C028200", "6A80"),
        ("0087119A02" + "7C05", "6A80"),
        ("0087119A00", "6A80"),
    ],
)
def test_it_signs_nothing_else(chip: Chip, command: str, sw: str) -> None:
    chip.answer(SELECT)
    chip.answer(verify(PIN))
    assert chip.answer(bytes.fromhex(command)).hex().upper() == sw


# --- any bytes ---


@pytest.fixture(scope="module")
def worn(tmp_path_factory: pytest.TempPathFactory) -> Chip:
    """A card that many have played with. Its tries are kept in memory only: thousands of files prove nothing."""
    file = put_card(tmp_path_factory.mktemp("worn"), "citizen-1")
    card = read_card(file.parent, file.stem)
    return Chip(card, card_memory(None, card))


_INSTRUCTIONS = st.sampled_from((0xA4, 0xCB, 0x20, 0x87, 0xC0)) | st.integers(0, 255)
_COMMANDS = st.builds(
    lambda cla, ins, p1, p2, data, le: bytes((cla, ins, p1, p2, len(data))) + data + le,
    st.sampled_from((0x00, 0x10)) | st.integers(0, 255),
    _INSTRUCTIONS,
    st.sampled_from((0x00, 0x04, 0x11, 0x3F)),
    st.sampled_from((0x00, 0x80, 0x9A, 0xFF)),
    st.binary(max_size=40)
    | st.sampled_from((SELECT[5:-1], SIGN[5:-1], READ_CERTIFICATE[5:-1], PIN + b"\xff\xff")),
    st.sampled_from((b"", b"\x00", b"\x05")),
)


@given(talk=st.lists(_COMMANDS | st.binary(max_size=300) | st.sampled_from((SELECT, SIGN)), max_size=12))
def test_whatever_comes_a_status_word_goes_back(worn: Chip, talk: list[bytes]) -> None:
    for command in talk:
        answer = worn.answer(command)
        assert 2 <= len(answer) <= 258
        assert 0x60 <= answer[-2] <= 0x9F


@given(tag=st.sampled_from((0x4F, 0x7F49, 0x5FC105)), value=st.binary(max_size=300) | st.just(bytes(70_000)))
def test_a_data_object_is_read_as_it_was_made(tag: int, value: bytes) -> None:
    assert read_tlv(tlv(tag, value)) == [(tag, value)]


@given(data=st.binary(max_size=60))
def test_any_bytes_are_data_objects_or_a_clear_refusal(data: bytes) -> None:
    try:
        found = read_tlv(data)
    except BadTlv:
        return
    assert sum(len(value) for _, value in found) <= len(data)


@given(
    data=st.binary(max_size=255), le=st.none() | st.integers(1, 256), head=st.binary(min_size=4, max_size=4)
)
def test_a_command_is_parsed_as_it_was_sent(data: bytes, le: int | None, head: bytes) -> None:
    size = bytes((len(data),)) if data else b""
    tail = b"" if le is None else bytes((le % 256,))
    assert parse(head + size + data + tail) == Command(head[0], head[1], head[2], head[3], data, le)


@pytest.mark.parametrize("raw", ["00", "00A404", "00A404000201", "00A40400000000", "00A404000102030405"])
def test_a_command_with_wrong_lengths_is_refused(raw: str) -> None:
    with pytest.raises(Refused, match="6700"):
        parse(bytes.fromhex(raw))


# --- the file ---


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"number": "12"}, "no number of 12 digits"),
        ({"pin": "1"}, "needs a PIN"),
        ({"tries": 0}, "1 to 15 tries"),
        ({"kind": "toy"}, "is no card file"),
        ({"label": "citizen-2"}, "holds the card 'citizen-2'"),
        ({"key_pem": "-"}, "no readable key"),
        ({"certificate_pem": "-"}, "no readable certificate"),
    ],
)
def test_a_file_that_makes_no_card_says_why(tmp_path: Path, fields: dict[str, object], words: str) -> None:
    file = put_card(tmp_path, "citizen-1", **fields)
    with pytest.raises(BadCard, match=words):
        chip_of(file)


@pytest.mark.parametrize("label", ["", "../citizen-1", "a/b", "nobody", "x" * 41])
def test_a_card_that_is_not_in_the_drawer_cannot_be_had(file: Path, label: str) -> None:
    with pytest.raises(BadCard):
        read_card(file.parent, label)
