"""Korean in Roman letters: names as passports write them, addresses as English papers do, by the national rules.

국어의 로마자 표기법 (Revised Romanization), names syllable by syllable and customary surnames (여권법 시행규칙); an
address from the door to the city (도로명주소법).
"""

import re
from typing import Final

_FIRST_SYLLABLE, _LAST_SYLLABLE = 0xAC00, 0xD7A3
_INITIALS = (
    "g",
    "kk",
    "n",
    "d",
    "tt",
    "r",
    "m",
    "b",
    "pp",
    "s",
    "ss",
    "",
    "j",
    "jj",
    "ch",
    "k",
    "t",
    "p",
    "h",
)
_VOWELS = (
    *("a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa"),
    *("wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i"),
)
_FINALS = (
    *("", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l"),
    *("p", "l", "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t"),
)
_CUSTOMARY: Final = {
    "김": "KIM",
    "이": "LEE",
    "박": "PARK",
    "최": "CHOI",
    "오": "OH",
    "안": "AHN",
    "임": "LIM",
}
_TWO_SYLLABLES = frozenset({"황보", "남궁", "선우", "독고", "제갈"})
_LOANS = {"디지털": "Digital"}

_CITY = "Yeongdeungpo-gu, Seoul"
_PLACE = "서울특별시 영등포구 "
_BY_ROAD = re.compile(r"(\S+?로) ([0-9]+(?:-[0-9]+)?)(?:, ([0-9]+)동 ([0-9]+)호)? \((\S+)\)")
_BY_LOT = re.compile(r"(\S+동(?:[0-9]가)?) ((?:산 )?[0-9]+(?:-[0-9]+)?)")
_ROAD = re.compile(r"(.*?)([0-9]*)(대로|로)")
_DONG = re.compile(r"(.+)동(?:([0-9])가)?")
_KINDS = {"대로": "daero", "로": "ro"}


def roman_name(name: str) -> str:
    """HONG GILDONG; a name that is in Roman letters stays."""
    if not _is_hangul(name):
        return name.upper() if name.isascii() else ""
    length = 2 if name[:2] in _TWO_SYLLABLES and len(name) > 2 else 1
    surname, given = name[:length], name[length:]
    return f"{_CUSTOMARY.get(surname, _plain(surname).upper())} {_plain(given).upper()}".strip()


def romanised(word: str) -> str:
    """A word or a place's name with a capital, with what its syllables do to each other: 문래 Mullae."""
    if word in _LOANS:
        return _LOANS[word]
    letters = [_letters(syllable) for syllable in word]
    text = ""
    for position, (initial, vowel, final) in enumerate(letters):
        before = letters[position - 1][2] if position else ""
        text += ("l" if initial == "r" and before in ("n", "l") else initial) + vowel
        following = letters[position + 1][0] if position + 1 < len(letters) else None
        text += _before(final, following)
    return text[:1].upper() + text[1:]


def address_in_english(address: str) -> str:
    """An address of the district by its road or by its lot; "" for any other."""
    if not address.startswith(_PLACE):
        return ""
    place = address.removeprefix(_PLACE)
    if found := _BY_ROAD.fullmatch(place):
        road, door, tower, unit, _ = found.groups()
        inside = f"{tower}-dong {unit}-ho, " if tower else ""
        return f"{inside}{door}, {_road(road)}, {_CITY}"
    if found := _BY_LOT.fullmatch(place):
        return f"{lot_in_english(found[2])}, {dong_in_english(found[1])}, {_CITY}"
    return ""


def location_in_english(location: str) -> str:
    """Where a parcel lies, without its lot: `Mullae-dong 3-ga, Yeongdeungpo-gu, Seoul`."""
    return f"{dong_in_english(location.removeprefix(_PLACE))}, {_CITY}"


def lot_in_english(number: str) -> str:
    """`San 12` for a lot in the mountains, else as it is."""
    return number.replace("산 ", "San ")


def dong_in_english(name: str) -> str:
    """`Mullae-dong 3-ga`. Raises ValueError for what is no dong."""
    found = _DONG.fullmatch(name)
    if found is None:
        raise ValueError(f"{name} is no dong")
    return f"{romanised(found[1])}-dong" + (f" {found[2]}-ga" if found[2] else "")


def _road(name: str) -> str:
    found = _ROAD.fullmatch(name)
    assert found is not None
    word, number, kind = found.groups()
    return " ".join(filter(None, (romanised(word), number))) + f"-{_KINDS[kind]}"


def _before(final: str, following: str | None) -> str:
    """A final consonant before the initial of the next syllable ("" for a vowel, None at the word's end)."""
    if following == "":
        return {"k": "g", "t": "s", "p": "b", "l": "r"}.get(final, final)
    return "l" if final == "n" and following == "r" else final


def _plain(text: str) -> str:
    return "".join("".join(_letters(syllable)) for syllable in text)


def _letters(syllable: str) -> tuple[str, str, str]:
    """Initial, vowel and final of one syllable."""
    index = ord(syllable) - _FIRST_SYLLABLE
    if not 0 <= index <= _LAST_SYLLABLE - _FIRST_SYLLABLE:
        raise ValueError("not a Hangul syllable")
    return _INITIALS[index // 588], _VOWELS[index % 588 // 28], _FINALS[index % 28]


def _is_hangul(text: str) -> bool:
    return bool(text) and all(_FIRST_SYLLABLE <= ord(sign) <= _LAST_SYLLABLE for sign in text)
