"""Names of people who do not exist, with the hanja of those that have one."""

import random

_SURNAMES = dict(
    zip("김이박최정강조윤장임한오서신권황안송류홍", "金李朴崔鄭姜趙尹張林韓吳徐申權黃安宋柳洪", strict=True)
)
_OTHERS = {"성": "成", "문": "文", "나": "羅"}  # surnames that are not drawn, but have families
_GIVEN = dict(
    zip("민준서현지영수진은정호우연희성경재원윤아", "敏俊瑞賢智英秀珍恩貞浩宇姸熙成景在元潤雅", strict=True)
)
_PLAIN = "가나다라로모보새솔아온은초하해"
_ENDINGS = "람루빈별봄샘솔슬울음찬힘"


def draw_surname(rng: random.Random) -> str:
    """A surname."""
    return rng.choice(tuple(_SURNAMES))


def draw_name(rng: random.Random, surname: str) -> tuple[str, str]:
    """A name with this surname, and its hanja: none for a given name that is plain Korean."""
    if rng.random() < 0.3:
        return surname + rng.choice(_PLAIN) + rng.choice(_ENDINGS), ""
    first, second = rng.sample(tuple(_GIVEN), 2)
    return surname + first + second, (_SURNAMES | _OTHERS)[surname] + _GIVEN[first] + _GIVEN[second]


def masked(name: str) -> str:
    """A name for the screen, all but its first and last character covered: 홍*동, 한*, A***** ***E."""
    if len(name) <= 2:
        return name[:1] + "*" * (len(name) - 1)
    return name[0] + "".join(" " if letter == " " else "*" for letter in name[1:-1]) + name[-1]
