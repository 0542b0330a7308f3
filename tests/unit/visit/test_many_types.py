"""More types than a person looks through: categories and initial consonants find them."""

import msgspec

from kiosk.catalogue.catalogue import Catalogue, Category, Fee
from kiosk.health.health import Health, MachineState
from kiosk.protocol.central import TypeHealth
from kiosk.protocol.certificates import Names
from kiosk.visit.events import HealthChanged
from kiosk.visit.state import Options, first
from tests.unit.visit.walk import Walk, catalogue

NAMES = (
    "주민등록표 등본|주민등록표 초본|토지대장|임야대장|지적도|임야도|대지권등록부|개별공시지가 확인서|"
    "토지이용계획확인서|건축물대장|자동차등록원부|건설기계등록원부|병적증명서|농지대장"
)


def seventeen() -> Catalogue:
    land = catalogue().types[0]
    kinds = []
    for at, name in enumerate(NAMES.split("|")):
        category = "parcel" if "토지" in name or "대장" in name else "other"
        kinds.append(msgspec.structs.replace(land, code=f"type-{at}", category=category, name=Names(name)))
    other = Category("other", Names("그 밖", "Other"), "document")
    land_group = next(group for group in catalogue().categories if group.code == "parcel")
    categories = (land_group, other)
    return msgspec.structs.replace(catalogue(), types=tuple(kinds), categories=categories)


def walk() -> Walk:
    many = seventeen()
    citizen = Walk(first(many))
    health = Health(MachineState.READY, tuple(TypeHealth(kind.code, True) for kind in many.types), ())
    citizen.hear(HealthChanged(health))
    citizen.press("start")
    return citizen


def tiles(citizen: Walk) -> list[str]:
    return [control.label for control in citizen.snapshot.controls if control.group == "types"]


def test_a_category_narrows_the_tiles() -> None:
    citizen = walk()
    citizen.press("category:parcel")
    assert tiles(citizen) == ["토지대장", "임야대장", "토지이용계획확인서", "건축물대장", "농지대장"]
    citizen.press("category:")
    assert len(tiles(citizen)) == 14


def test_initial_consonants_find_a_certificate() -> None:
    citizen = walk()
    citizen.press("initial:ㅌ", "initial:ㅈ")
    assert tiles(citizen) == ["토지대장", "토지이용계획확인서"]
    citizen.press("initial:ㄷ")
    assert tiles(citizen) == ["토지대장"]
    citizen.press("delete", "delete", "delete", "initial:ㅈ", "initial:ㅁ")
    assert tiles(citizen) == ["주민등록표 등본", "주민등록표 초본"]


def test_only_letters_that_lead_to_a_certificate_are_offered() -> None:
    citizen = walk()
    citizen.press("initial:ㅌ", "initial:ㅈ")
    offered = {c.label for c in citizen.snapshot.controls if c.group == "initials" and c.id != "delete"}
    assert offered == {"ㄷ", "ㅇ"}


def test_a_found_certificate_can_be_chosen() -> None:
    citizen = walk()
    citizen.press("initial:ㄴ", "type:type-13")
    assert isinstance(citizen.screen, Options)


def test_with_few_types_there_is_nothing_to_type() -> None:
    citizen = Walk().started()
    assert not [control for control in citizen.snapshot.controls if control.group == "initials"]


def offers(citizen: Walk) -> list[tuple[str, str, str]]:
    return [(row.label, row.value, row.note) for row in citizen.snapshot.rows]


def attracted(*well: bool) -> Walk:
    """Before the first screen of a machine with fourteen types, of which the last ones are as told."""
    many = seventeen()
    free = msgspec.structs.replace(many.types[-1], fee=Fee(0))
    many = msgspec.structs.replace(many, types=(*many.types[:-1], free))
    states = (True,) * (len(many.types) - len(well)) + well
    types = tuple(
        TypeHealth(kind.code, state, "" if state else "register-down")
        for kind, state in zip(many.types, states, strict=True)
    )
    citizen = Walk(first(many))
    citizen.hear(HealthChanged(Health(MachineState.READY, types, ())))
    return citizen


def test_the_first_screen_tells_many_types_by_their_groups_with_what_they_cost() -> None:
    assert offers(attracted()) == [("토지", "5종 · 무료부터 500원까지", ""), ("그 밖", "9종 · 500원", "")]


def test_what_can_not_be_had_now_is_told_of_its_group() -> None:
    [land, _other] = offers(attracted(False))
    assert land == ("토지", "5종 · 무료부터 500원까지", "이 가운데 1종은 지금 발급하지 않습니다.")
    none = offers(attracted(*(False,) * 14))
    assert {value for _name, value, _note in none} == {"지금은 발급하지 않습니다"}


def test_a_tile_among_many_tells_only_what_sets_it_apart() -> None:
    citizen = walk()
    [many] = {control.detail for control in citizen.snapshot.controls if control.id == "type:type-13"}
    assert many == "한 부 500원"
    citizen.press("initial:ㄴ")
    [one] = {control.detail for control in citizen.snapshot.controls if control.id == "type:type-13"}
    assert one.endswith("한 부 500원")
    assert len(one) > len(many)
