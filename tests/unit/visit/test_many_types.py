"""More types than a person looks through: groups and initial consonants find them."""

import msgspec

from kiosk.bundles.catalogue_files import load_full_catalogue
from kiosk.catalogue.catalogue import Catalogue, Category, Fee
from kiosk.health.health import Health, MachineState
from kiosk.protocol.central import TypeHealth
from kiosk.protocol.certificates import Hours, Names
from kiosk.protocol.screen import Control, Intent, Row, Snapshot
from kiosk.visit.events import HealthChanged
from kiosk.visit.grouping import ALL_AT_ONCE
from kiosk.visit.intents import accepts
from kiosk.visit.items import Drafted, Entry
from kiosk.visit.screens import Attract, Check, Choose, Options, OutOfService
from kiosk.visit.state import first
from tests.unit.visit.walk import TODAY, Walk, catalogue, ready

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
    categories = (*(one for one in catalogue().categories if one.code == "parcel"), other)
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


def groups(citizen: Walk) -> dict[str, Control]:
    return {control.id: control for control in citizen.snapshot.controls if control.group == "groups"}


def test_of_many_certificates_the_groups_come_first_and_tell_what_they_hold() -> None:
    citizen = walk()
    assert not tiles(citizen)
    assert [*groups(citizen)] == ["category:parcel", "category:other", "by-name"]
    assert groups(citizen)["category:parcel"].detail == "5종 · 토지대장, 임야대장 등"
    assert groups(citizen)["category:other"].detail == "9종 · 주민등록표 등본, 주민등록표 초본 등"


def test_a_group_shows_its_certificates_and_leads_back() -> None:
    citizen = walk()
    citizen.press("category:parcel")
    assert citizen.snapshot.title == "토지: 어떤 증명서입니까?"
    assert tiles(citizen) == ["토지대장", "임야대장", "토지이용계획확인서", "건축물대장", "농지대장"]
    citizen.press("category:")
    assert groups(citizen)


def test_back_leads_from_the_letters_and_from_a_group_to_the_groups_and_no_further() -> None:
    citizen = walk()
    citizen.press("by-name", "initial:ㅌ", "back")
    assert citizen.screen == Choose(by_name=True)
    citizen.press("back")
    assert citizen.screen == Choose()
    citizen.press("category:parcel", "back")
    assert citizen.screen == Choose()
    assert not citizen.may("back")
    citizen.press("cancel")
    assert isinstance(citizen.screen, Attract)


def test_who_goes_back_from_a_certificate_is_in_its_group_again() -> None:
    citizen = walk()
    citizen.press("by-name", "initial:ㄴ", "type:type-13", "back")
    assert citizen.screen == Choose(category="parcel")


def test_who_sets_one_aside_chooses_the_next_from_the_groups() -> None:
    citizen = walk()
    citizen.press("category:parcel", "type:type-2", "area:1", "key:6", "next", "add")
    assert groups(citizen)
    assert citizen.may("go-on")
    citizen.press("category:other", "back", "back")
    assert isinstance(citizen.screen, Options), "the one that was set aside last"


def test_a_finger_that_presses_a_group_twice_chooses_nothing_in_it() -> None:
    citizen = walk()
    before = citizen.snapshot
    citizen.press("category:parcel")
    assert not accepts(citizen.snapshot, Intent(before.seq, "type:type-2"))


def test_of_a_group_that_can_not_be_had_at_all_its_tile_says_why() -> None:
    citizen = walk()
    states = {kind.code: kind.category != "other" for kind in seventeen().types}
    types = tuple(TypeHealth(code, well, "" if well else "closed-hours") for code, well in states.items())
    citizen.hear(HealthChanged(Health(MachineState.DEGRADED, types, ())))
    other = groups(citizen)["category:other"]
    assert (other.enabled, other.note) == (False, "지금은 발급 시간이 아닙니다.")
    assert groups(citizen)["category:parcel"].enabled


def test_of_a_group_that_can_be_had_in_part_each_certificate_says_it_itself() -> None:
    citizen = walk()
    types = tuple(TypeHealth(kind.code, kind.code != "type-2", "offline") for kind in seventeen().types)
    citizen.hear(HealthChanged(Health(MachineState.DEGRADED, types, ())))
    assert groups(citizen)["category:parcel"].enabled
    citizen.press("category:parcel")
    assert not citizen.may("type:type-2")
    assert citizen.may("type:type-3")


def test_initial_consonants_find_a_certificate() -> None:
    citizen = walk()
    citizen.press("by-name")
    assert not tiles(citizen)
    citizen.press("initial:ㅌ")
    assert tiles(citizen) == ["토지대장", "토지이용계획확인서"]
    citizen.press("delete", "initial:ㅂ")
    assert tiles(citizen) == ["병적증명서"]


def test_only_letters_that_lead_to_a_certificate_are_offered() -> None:
    citizen = walk()
    citizen.press("by-name")
    offered = "".join(c.label for c in citizen.snapshot.controls if c.group == "initials")
    assert offered == "ㄱㄴㄷㅂㅇㅈㅊㅌㅎ"


def test_of_more_hits_than_one_screen_holds_the_next_letter_is_asked() -> None:
    citizen = everything("ko")
    citizen.press("by-name", "initial:ㅈ")
    assert len(tiles(citizen)) > ALL_AT_ONCE
    citizen.press("initial:ㅁ")
    assert tiles(citizen) == ["주민등록표 등본", "주민등록표 초본", "의료급여 증명서"]
    citizen.press("delete", "back", "initial:ㅌ")
    assert not [c for c in citizen.snapshot.controls if c.group == "initials"]


def test_a_word_that_very_many_names_share_finds_none_of_them() -> None:
    citizen = everything("en")
    citizen.press("by-name", "initial:c")
    assert len(tiles(citizen)) <= 9
    assert not [name for name in tiles(citizen) if name.startswith("Certificate of Income")]
    citizen.press("delete", "initial:i")
    assert "Certificate of Income Amount" in tiles(citizen)


def test_letters_of_one_language_are_forgotten_with_it() -> None:
    citizen = everything("ko")
    citizen.press("by-name", "initial:ㅈ", "language", "lang:en")
    assert citizen.screen == Choose(by_name=True)
    assert citizen.may("initial:l")


def test_every_certificate_is_found_by_a_group_and_by_a_letter() -> None:
    for lang in ("ko", "en"):
        citizen = everything(lang)
        names = sorted(kind.name.text(lang) for kind in citizen.state.catalogue.types)
        assert sorted(behind(citizen, groups(citizen), "category:")) == names
        citizen.press("by-name")
        letters = {c.id: c for c in citizen.snapshot.controls if c.group == "initials"}
        assert sorted(set(behind(citizen, letters, "initial:"))) == names


def behind(citizen: Walk, controls: dict[str, Control], which: str) -> list[str]:
    found = []
    for control in controls:
        if control.startswith(which):
            citizen.press(control)
            found += tiles(citizen)
            citizen.press("back")
    return found


def everything(lang: str) -> Walk:
    """Before a machine to which every type has come."""
    full = load_full_catalogue(day=TODAY)
    citizen = Walk(first(full))
    citizen.hear(HealthChanged(ready(of=full)))
    citizen.press(f"start:{lang}")
    return citizen


def test_answers_left_as_they_were_share_a_row_that_names_each_of_them_aloud_too() -> None:
    citizen = everything("ko")
    household = citizen.state.catalogue.type("resident-household")
    assert household is not None
    usual = {option.code: option.default for option in household.option}
    shown = checked(citizen, usual)
    [shared] = [row for row in shown.rows if row.label == "바꾸지 않은 내용"]
    assert shared.value == "7가지"
    for option in household.option:
        assert option.name.ko in shared.note
    assert shared.note in shown.announce
    changed = checked(citizen, {**usual, "past_addresses": "all"}).rows
    assert ("지난 주소", "모두") in [(row.label, row.value) for row in changed]
    assert [row.value for row in changed if row.label == "바꾸지 않은 내용"] == ["6가지"]


def checked(citizen: Walk, options: dict[str, str]) -> Snapshot:
    entry = Entry("resident-household", options=tuple(options.items()))
    draft = Drafted(entry, line=1, sheets=2, fee=200, holder="홍*동")
    return Walk(msgspec.structs.replace(citizen.state, screen=Check(draft))).snapshot


def test_the_first_screen_tells_many_types_in_one_line_where_letters_are_very_large() -> None:
    citizen = everything("ko")
    citizen.press("home")
    citizen.press("display", "scale:200", "close")
    [row] = attract(citizen, 200)
    assert (row.label, row.value) == ("증명서", "32종 · 무료부터 1,000원까지")
    assert len(attract(citizen, 130)) == 7


def attract(citizen: Walk, scale: int) -> tuple[Row, ...]:
    display = msgspec.structs.replace(citizen.state.display, text_scale=scale)
    nobody = msgspec.structs.replace(citizen.state, screen=Attract(), serving=False, display=display)
    return Walk(nobody).snapshot.rows


def test_certificates_of_the_same_hours_share_a_row() -> None:
    def hours(citizen: Walk) -> list[tuple[str, str]]:
        state = msgspec.structs.replace(citizen.state, screen=OutOfService(), serving=False)
        types = tuple(TypeHealth(kind.code, False, "closed-hours") for kind in state.catalogue.types)
        shut = Health(MachineState.OUT_OF_SERVICE, types, ())
        rows = Walk(msgspec.structs.replace(state, health=shut)).snapshot.rows
        return [(row.label, row.value) for row in rows]

    nightly = Hours("00:30", "23:30")
    citizen = everything("ko")
    types = tuple(
        msgspec.structs.replace(kind, hours=nightly) if kind.category == "family" else kind
        for kind in citizen.state.catalogue.types
    )
    closing = msgspec.structs.replace(citizen.state.catalogue, types=types)
    at_night = Walk(msgspec.structs.replace(citizen.state, catalogue=closing))
    assert hours(at_night) == [("가족관계", "00:30부터 23:30까지"), ("그 밖의 증명서", "하루 내내")]
    assert hours(walk()) == [("모든 증명서", "하루 내내")]


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
    citizen.press("category:parcel")
    [many] = {control.detail for control in citizen.snapshot.controls if control.id == "type:type-13"}
    assert many == "한 부 500원"
    citizen.press("back", "by-name", "initial:ㄴ")
    [one] = {control.detail for control in citizen.snapshot.controls if control.id == "type:type-13"}
    assert one.endswith("한 부 500원")
    assert len(one) > len(many)
