"""Addresses in Yeongdeungpo-gu: each dong's own roads (도로명주소법), houses and towers. No door is real."""

import random
import re
import zlib

from central.registers.district import DISTRICT, DONGS, PROVINCE
from central.registers.residents.record import Dwelling

# By the beginning of the dong's name.
_ROADS = {
    "여의도동": ("국제금융로", "의사당대로", "여의나루로", "여의대방로", "은행로", "63로"),
    "영등포동": ("영등포로", "영중로", "버드나루로", "국회대로", "경인로"),
    "당산동": ("당산로", "양평로", "선유동1로", "국회대로", "영신로"),
    "도림동": ("도림로", "도신로", "도영로"),
    "문래동": ("문래로", "문래북로", "도림로", "선유로", "경인로"),
    "양평동": ("양평로", "선유로", "양산로", "영등포로"),
    "양화동": ("선유로", "노들로"),
    "신길동": ("신길로", "도신로", "가마산로", "여의대방로"),
    "대림동": ("대림로", "도림천로", "디지털로", "시흥대로"),
}
_DOORS = 400  # no road of the district has higher numbers
_LOT = re.compile(rf"{PROVINCE} {DISTRICT} (\S+동(?:[0-9]가)?) ([0-9]+)(?:-([0-9]+))?")


def roads_of(dong: str) -> tuple[str, ...]:
    """The roads of a dong by its name, `당산동1가`. Raises KeyError for a dong of another district."""
    for start, roads in _ROADS.items():
        if dong.startswith(start):
            return roads
    raise KeyError(dong)


def draw_dwelling(rng: random.Random) -> Dwelling:
    """Somewhere to live in the district."""
    dong = rng.choice(DONGS).name
    return _dwelling(dong, rng.randint(1, 400), rng.randint(0, 30), rng.randrange(1 << 30))


def dwelling_at(address: str) -> Dwelling | None:
    """The place at a lot of the district, always the same for the same lot; None for any other address."""
    found = _LOT.fullmatch(address)
    if found is None:
        return None
    return _dwelling(found[1], int(found[2]), int(found[3] or 0), zlib.crc32(address.encode()))


def _dwelling(dong: str, main: int, sub: int, chance: int) -> Dwelling:
    """The door that `chance` opens on one of the dong's roads."""
    roads = roads_of(dong)
    chance, road = divmod(chance, len(roads))
    door = f"{PROVINCE} {DISTRICT} {roads[road]} {(main - 1) % _DOORS + 1}"
    lot = f"{PROVINCE} {DISTRICT} {dong} {main}" + (f"-{sub}" if sub else "")
    chance, tower = divmod(chance, 3)
    if tower:
        chance, floor = divmod(chance, 24)
        chance, block = divmod(chance, 9)
        return Dwelling(f"{door}, {101 + block}동 {floor + 1}{chance % 6 + 1:02d}호 ({dong})", lot)
    return Dwelling(f"{door}-{sub} ({dong})" if sub else f"{door} ({dong})", lot)
