"""Sample sheets that lie over a screen: help, more time, language, display, cancel."""

from kiosk.protocol.screen import Control, Field, Overlay, Role, Row, Snapshot, Tone
from tests.ui.sample_choices import choose, lot
from tests.ui.sample_ends import pay
from tests.ui.sample_parts import primary, saying


def _over(base: Snapshot, overlay: Overlay) -> Snapshot:
    return Snapshot(**{**{name: getattr(base, name) for name in base.__struct_fields__}, "overlay": overlay})


def help_sheet(lang: str) -> Snapshot:
    say = saying(lang)
    overlay = Overlay(
        "help",
        say("도움이 필요하세요?", "Do you need help?"),
        say(
            "지번은 등기권리증이나 재산세 고지서에 적혀 있습니다.",
            "The lot number is on your deed or property tax bill.",
        ),
        rows=(
            Row(
                say("전화", "Telephone"),
                "02-2670-3114",
                note=say("평일 9시부터 18시까지", "Weekdays 9 to 18"),
            ),
            Row(say("기계 이름", "Machine"), say("63시티 1호기", "63 City no. 1")),
        ),
        controls=(primary(say("닫기", "Close"), icon="", name="close"),),
        pictogram="help",
    )
    return _over(lot(lang), overlay)


def more_time_sheet(lang: str) -> Snapshot:
    say = saying(lang)
    overlay = Overlay(
        "more-time",
        say("더 하시겠어요?", "Do you need more time?"),
        say(
            "누르지 않으시면 처음 화면으로 돌아가고, 넣으신 돈은 돌려드립니다.",
            "Otherwise we start over and return your money.",
        ),
        controls=(
            Control("leave", Role.SECONDARY, say("그만하기", "Stop")),
            primary(say("계속하기", "Go on"), icon="", name="stay"),
        ),
        remaining_s=23,
        tone=Tone.WARNING,
        pictogram="clock",
    )
    return _over(pay(lang), overlay)


def language_sheet(lang: str) -> Snapshot:
    say = saying(lang)
    tags = [("ko", "한국어"), ("en", "English"), ("zh", "中文"), ("ja", "日本語"), ("vi", "Tiếng Việt")]
    overlay = Overlay(
        "language",
        say("언어를 고르세요", "Choose a language"),
        controls=(
            *(
                Control(f"lang:{tag}", Role.LANGUAGE, name, group="lang", selected=tag == lang)
                for tag, name in tags
            ),
            primary(say("닫기", "Close"), icon="", name="close"),
        ),
        pictogram="globe",
    )
    return _over(choose(lang), overlay)


def display_sheet(lang: str) -> Snapshot:
    say = saying(lang)
    overlay = Overlay(
        "display",
        say("화면을 편하게 바꾸세요", "Make the screen fit you"),
        fields=(
            Field("text", say("글자 크기", "Text size")),
            Field("contrast", say("색", "Colours")),
            Field("reach", say("단추 위치", "Buttons")),
        ),
        controls=(
            Control("text:100", Role.CHOICE, "100 %", group="text", selected=True),
            Control("text:130", Role.CHOICE, "130 %", group="text"),
            Control("text:160", Role.CHOICE, "160 %", group="text"),
            Control("text:200", Role.CHOICE, "200 %", group="text"),
            Control("contrast:off", Role.CHOICE, say("보통 색", "Normal"), group="contrast", selected=True),
            Control("contrast:on", Role.CHOICE, say("또렷한 색", "High contrast"), group="contrast"),
            Control("reach:off", Role.CHOICE, say("보통 위치", "Normal"), group="reach", selected=True),
            Control("reach:on", Role.CHOICE, say("아래쪽으로", "Low"), group="reach"),
            primary(say("닫기", "Close"), icon="", name="close"),
        ),
        pictogram="display",
    )
    return _over(choose(lang), overlay)


def cancel_sheet(lang: str) -> Snapshot:
    say = saying(lang)
    overlay = Overlay(
        "cancel",
        say("그만두시겠어요?", "Stop here?"),
        say("넣으신 600원을 돌려드리고 처음 화면으로 갑니다.", "We return your 600 won and start over."),
        controls=(
            Control("cancel:yes", Role.DANGER, say("그만두기", "Stop"), icon="cross"),
            primary(say("계속하기", "Go on"), icon="", name="cancel:no"),
        ),
        tone=Tone.WARNING,
        pictogram="return",
    )
    return _over(pay(lang), overlay)
