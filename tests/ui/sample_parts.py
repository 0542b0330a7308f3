"""What the sample screens are made of: bars, keys and the two languages side by side."""

from collections.abc import Callable

from kiosk.protocol.screen import Control, Role

DONGS = {
    "영등포동": "Yeongdeungpo-dong", "영등포동1가": "Yeongdeungpo-dong 1-ga",
    "영등포동2가": "Yeongdeungpo-dong 2-ga", "영등포동3가": "Yeongdeungpo-dong 3-ga",
    "영등포동4가": "Yeongdeungpo-dong 4-ga", "영등포동5가": "Yeongdeungpo-dong 5-ga",
    "영등포동6가": "Yeongdeungpo-dong 6-ga", "영등포동7가": "Yeongdeungpo-dong 7-ga",
    "영등포동8가": "Yeongdeungpo-dong 8-ga", "여의도동": "Yeouido-dong",
    "당산동1가": "Dangsan-dong 1-ga", "당산동2가": "Dangsan-dong 2-ga",
    "당산동3가": "Dangsan-dong 3-ga", "당산동4가": "Dangsan-dong 4-ga",
    "당산동5가": "Dangsan-dong 5-ga", "당산동6가": "Dangsan-dong 6-ga",
    "당산동": "Dangsan-dong", "도림동": "Dorim-dong",
    "문래동1가": "Mullae-dong 1-ga", "문래동2가": "Mullae-dong 2-ga",
    "문래동3가": "Mullae-dong 3-ga", "문래동4가": "Mullae-dong 4-ga",
    "문래동5가": "Mullae-dong 5-ga", "문래동6가": "Mullae-dong 6-ga",
    "양평동1가": "Yangpyeong-dong 1-ga", "양평동2가": "Yangpyeong-dong 2-ga",
    "양평동3가": "Yangpyeong-dong 3-ga", "양평동4가": "Yangpyeong-dong 4-ga",
    "양평동5가": "Yangpyeong-dong 5-ga", "양평동6가": "Yangpyeong-dong 6-ga",
    "양화동": "Yanghwa-dong", "신길동": "Singil-dong",
    "대림동": "Daerim-dong", "양평동": "Yangpyeong-dong",
}  # fmt: skip


def saying(lang: str) -> Callable[[str, str], str]:
    return lambda ko, en: ko if lang == "ko" else en


def bar(lang: str, *ids: str) -> tuple[Control, ...]:
    say = saying(lang)
    known = {
        "home": ("home", say("처음으로", "Start over")),
        "back": ("back", say("이전", "Back")),
        "cancel": ("cross", say("취소", "Cancel")),
        "help": ("help", say("도움말", "Help")),
        "language": ("globe", "English" if lang == "ko" else "한국어"),
        "display": ("display", say("화면 조절", "Display")),
    }
    return tuple(Control(each, Role.NAVIGATION, known[each][1], icon=known[each][0]) for each in ids)


ALL = ("home", "back", "cancel", "help", "language", "display")
START = ("help", "language", "display")


def primary(label: str, icon: str = "next", name: str = "next", enabled: bool = True) -> Control:
    return Control(name, Role.PRIMARY, label, icon=icon, enabled=enabled)


def lot_keys(lang: str) -> tuple[Control, ...]:
    say = saying(lang)
    digits = [Control(f"key:{digit}", Role.KEY, digit, group="lot") for digit in "123456789"]
    return (
        *digits,
        Control("key:dash", Role.KEY, "-", group="lot"),
        Control("key:0", Role.KEY, "0", group="lot"),
        Control("key:back", Role.KEY, say("한 글자 지우기", "Delete one"), icon="backspace", group="lot"),
    )


def pin_keys(lang: str) -> tuple[Control, ...]:
    say = saying(lang)
    digits = [Control(f"pin:{digit}", Role.KEY, digit, group="pin") for digit in "123456789"]
    return (
        *digits,
        Control("pin:none", Role.KEY, "", group="pin", enabled=False),
        Control("pin:0", Role.KEY, "0", group="pin"),
        Control("pin:delete", Role.KEY, say("한 글자 지우기", "Delete one"), icon="backspace", group="pin"),
    )
