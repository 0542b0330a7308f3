"""The faults that are set, as a person reads them: whose, and what, in Korean and English."""

from typing import Any

Words = tuple[str, str]

DEVICES: dict[str, Words] = {
    "card": ("신분증 리더", "card reader"),
    "cash": ("현금 통신선", "cash bus"),
    "coin": ("동전 투입기", "coins"),
    "hopper": ("동전 지급기", "hopper"),
    "note": ("지폐기", "validator"),
    "printer": ("프린터", "printer"),
    "presenter": ("배출 장치", "presenter"),
    "receipt": ("영수증기", "receipt"),
    "terminal": ("결제기", "terminal"),
    "ups": ("UPS", "UPS"),
}
_LINE: dict[str, Words] = {
    "drop": ("바이트 유실", "bytes lost"),
    "flip": ("비트 뒤집힘", "bits flip"),
    "noise": ("잡음", "noise"),
}
_BUS: dict[str, Words] = {
    "hang": ("응답 없음", "hangs"),
    "lose-request": ("명령 유실", "request lost"),
    "lose-reply": ("응답 유실", "reply lost"),
}
FAULTS: dict[str, dict[str, Words]] = {
    "card": {
        "mute": ("응답 없음", "mute"),
        "slow": ("느림", "slow"),
        "truncate": ("응답 잘림", "cut short"),
        "status": ("오류 응답", "error status"),
        "atr": ("접촉 불량", "bad contacts"),
        "pull": ("다음 명령에 뽑힘", "pulled at the next command"),
    },
    "cash": {"no-echo": ("되울림 없음", "no echo"), **_LINE},
    "coin": {"hang": _BUS["hang"], "lose-reply": _BUS["lose-reply"]},
    "hopper": {"jam": ("동전 걸림", "a coin sticks"), **_BUS},
    "note": {
        "returned": ("다음 지폐가 돌아나옴", "next note comes back"),
        "pulled-back": ("다음 지폐를 도로 뺌", "next note pulled back"),
        "jam-transport": ("들어가다 걸림", "next note sticks going in"),
        "jam-stacker": ("보관함에 걸림", "next note sticks at stacker"),
        "no-escrow": ("묻지 않고 넣음", "stacks unasked"),
        "stacked-late": ("늦게 알림", "tells late"),
        "full": ("보관함 가득", "stacker full"),
        "removed": ("보관함 없음", "stacker out"),
        "plain": ("옛 검사합", "plain checksum"),
        **_BUS,
    },
    "printer": {
        "hang": ("응답 없음", "hangs"),
        "lose-reply": ("응답 유실", "reply lost"),
        "jam": ("다음 장 걸림", "next sheet jams"),
        "names-shortened": ("작업 이름을 줄임", "job names shortened"),
        "names-replaced": ("작업 이름을 바꿈", "job names replaced"),
        "names-tagged": ("작업 이름에 언어 표시", "job names tagged"),
        "forgets-jobs": ("끝난 작업을 잊음", "forgets jobs"),
    },
    "presenter": {
        "hang": ("응답 없음", "hangs"),
        "jam": ("다음 움직임에 걸림", "jams at next move"),
        **_LINE,
    },
    "receipt": {
        "hang": ("응답 없음", "hangs"),
        "cover": ("덮개 열림", "cover open"),
        "cutter": ("칼날 걸림", "cutter stuck"),
        **_LINE,
    },
    "terminal": {
        "hang": ("응답 없음", "hangs"),
        "lose-reply": ("승인 응답 유실", "approval lost"),
        "cut": ("선이 끊김", "line breaks"),
        "power-loss": ("승인 뒤 정전", "dies approved"),
    },
    "ups": {
        "silent": ("응답 없음", "silent"),
        "garbage": ("엉뚱한 응답", "garbage"),
        "half": ("반쪽 응답", "half an answer"),
        "stale": ("UPS를 잃음", "lost the UPS"),
        "neither": ("상태를 말하지 않음", "says neither"),
    },
}


def in_words(armed: list[dict[str, str]]) -> list[dict[str, Any]]:
    """`armed` as the simulators tell it, each with its words."""
    return [{**one, **_words(one["device"], one["fault"])} for one in armed]


def _words(device: str, fault: str) -> dict[str, str]:
    whose, what = DEVICES[device], FAULTS[device][fault]
    return {"ko": f"{whose[0]}: {what[0]}", "en": f"{whose[1]}: {what[1]}"}
