"""Snapshots as core would send them, for every screen and overlay, in Korean and in English."""

# ruff: noqa: E501 (the two languages of a sentence stand side by side)

from collections.abc import Callable

from kiosk.protocol.screen import (
    Control,
    Display,
    Field,
    Money,
    Overlay,
    Role,
    Row,
    ScreenName,
    Secret,
    Snapshot,
    Step,
    Tone,
)

LANGUAGES = ("ko", "en")

DONGS = {
    "영등포동": "Yeongdeungpo-dong", "영등포동1가": "Yeongdeungpo-dong 1-ga", "영등포동2가": "Yeongdeungpo-dong 2-ga",
    "영등포동3가": "Yeongdeungpo-dong 3-ga", "영등포동4가": "Yeongdeungpo-dong 4-ga", "영등포동5가": "Yeongdeungpo-dong 5-ga",
    "영등포동6가": "Yeongdeungpo-dong 6-ga", "영등포동7가": "Yeongdeungpo-dong 7-ga", "영등포동8가": "Yeongdeungpo-dong 8-ga",
    "여의도동": "Yeouido-dong", "당산동1가": "Dangsan-dong 1-ga", "당산동2가": "Dangsan-dong 2-ga",
    "당산동3가": "Dangsan-dong 3-ga", "당산동4가": "Dangsan-dong 4-ga", "당산동5가": "Dangsan-dong 5-ga",
    "당산동6가": "Dangsan-dong 6-ga", "당산동": "Dangsan-dong", "도림동": "Dorim-dong", "문래동1가": "Mullae-dong 1-ga",
    "문래동2가": "Mullae-dong 2-ga", "문래동3가": "Mullae-dong 3-ga", "문래동4가": "Mullae-dong 4-ga",
    "문래동5가": "Mullae-dong 5-ga", "문래동6가": "Mullae-dong 6-ga", "양평동1가": "Yangpyeong-dong 1-ga",
    "양평동2가": "Yangpyeong-dong 2-ga", "양평동3가": "Yangpyeong-dong 3-ga", "양평동4가": "Yangpyeong-dong 4-ga",
    "양평동5가": "Yangpyeong-dong 5-ga", "양평동6가": "Yangpyeong-dong 6-ga", "양화동": "Yanghwa-dong",
    "신길동": "Singil-dong", "대림동": "Daerim-dong", "양평동": "Yangpyeong-dong",
}  # fmt: skip


def _say(lang: str) -> Callable[[str, str], str]:
    return lambda ko, en: ko if lang == "ko" else en


def _bar(lang: str, *ids: str) -> tuple[Control, ...]:
    say = _say(lang)
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


def _primary(label: str, icon: str = "next", name: str = "next", enabled: bool = True) -> Control:
    return Control(name, Role.PRIMARY, label, icon=icon, enabled=enabled)


def _keys(lang: str) -> tuple[Control, ...]:
    say = _say(lang)
    digits = [Control(f"key:{digit}", Role.KEY, digit, group="lot") for digit in "123456789"]
    return (
        *digits,
        Control("key:dash", Role.KEY, "-", group="lot"),
        Control("key:0", Role.KEY, "0", group="lot"),
        Control("key:back", Role.KEY, say("한 글자 지우기", "Delete one"), icon="backspace", group="lot"),
    )


def attract(lang: str) -> Snapshot:
    say = _say(lang)
    return Snapshot(
        seq=1,
        since=1,
        screen=ScreenName.ATTRACT,
        title=say("증명서를 바로 받아 가세요", "Your certificate, right here"),
        sentence=say(
            "토지대장과 임야대장을 떼어 드립니다. 신분증이 없어도 됩니다.",
            "Land and forest registers. No identification needed.",
        ),
        pictogram="attract",
        controls=(
            Control("lang:ko", Role.LANGUAGE, "한국어", icon="globe", group="lang", selected=lang == "ko"),
            Control("lang:en", Role.LANGUAGE, "English", icon="globe", group="lang", selected=lang == "en"),
            _primary(say("시작하기", "Start"), name="start"),
        ),
        bar=_bar(lang, *START),
    )


def choose(lang: str) -> Snapshot:
    say = _say(lang)
    return Snapshot(
        seq=2,
        since=2,
        screen=ScreenName.CHOOSE,
        title=say("어떤 증명서가 필요하세요?", "Which certificate do you need?"),
        sentence=say("필요한 증명서를 눌러 주세요.", "Touch the one you need."),
        pictogram="document",
        controls=(
            Control("type:land", Role.TILE, say("토지대장", "Land register"), icon="parcel",
                    detail=say("땅의 넓이와 지목, 소유자 · 1통 500원", "Area, use and owner of a lot · 500 won a copy")),
            Control("type:forest", Role.TILE, say("임야대장", "Forest register"), icon="mountain",
                    detail=say("‘산’으로 시작하는 지번 · 1통 500원", "Lots that begin with San · 500 won a copy")),
        ),
        bar=_bar(lang, "home", "cancel", *START),
    )  # fmt: skip


def choose_many(lang: str) -> Snapshot:
    say = _say(lang)
    names = [("토지대장", "Land register", "parcel"), ("임야대장", "Forest register", "mountain"),
             ("지적도", "Cadastral map", "map"), ("임야도", "Forest map", "map"),
             ("건축물대장", "Building register", "house"), ("개별공시지가 확인서", "Land price certificate", "coin"),
             ("주민등록표 등본", "Resident register", "document"), ("가족관계증명서", "Family relations", "document")]  # fmt: skip
    shut = say("지금은 뗄 수 없습니다", "Not available now")
    return Snapshot(
        seq=3,
        since=3,
        screen=ScreenName.CHOOSE,
        title=say("어떤 증명서가 필요하세요?", "Which certificate do you need?"),
        pictogram="document",
        controls=(
            *(Control(f"tab:{at}", Role.TAB, label, group="category", selected=at == 0)
              for at, label in enumerate([say("전체", "All"), say("토지", "Land"), say("가족", "Family"), say("세금", "Tax")])),
            *(Control(f"type:{at}", Role.TILE, say(ko, en), icon=icon, detail=say("1통 500원", "500 won a copy"),
                      enabled=at != 6, note=shut if at == 6 else "") for at, (ko, en, icon) in enumerate(names)),
        ),
        bar=_bar(lang, "home", "cancel", *START),
    )  # fmt: skip


def dong(lang: str) -> Snapshot:
    say = _say(lang)
    return Snapshot(
        seq=4,
        since=4,
        screen=ScreenName.OPTIONS,
        title=say("땅이 어느 동에 있나요?", "Which neighbourhood is the lot in?"),
        sentence=say("법정동 이름을 눌러 주세요.", "Touch its legal name."),
        pictogram="map",
        controls=tuple(Control(f"dong:{at}", Role.CHOICE, say(ko, en), group="dong", selected=at == 9)
                       for at, (ko, en) in enumerate(DONGS.items())),
        bar=_bar(lang, *ALL),
    )  # fmt: skip


def lot(lang: str) -> Snapshot:
    say = _say(lang)
    return Snapshot(
        seq=5,
        since=5,
        screen=ScreenName.OPTIONS,
        title=say("지번을 넣어 주세요", "Enter the lot number"),
        sentence=say("여의도동 60-3번지라면 60과 3을 넣습니다.", "For Yeouido-dong 60-3, enter 60 and 3."),
        pictogram="parcel",
        fields=(
            Field("main", say("본번", "Main number"), value="60", active=False),
            Field(
                "sub", say("부번 (없으면 비워 두세요)", "Sub number (or leave empty)"), value="", active=True
            ),
        ),
        controls=(*_keys(lang), _primary(say("다음", "Next"))),
        bar=_bar(lang, *ALL),
    )


def lot_wrong(lang: str) -> Snapshot:
    say = _say(lang)
    return Snapshot(
        seq=6,
        since=6,
        screen=ScreenName.OPTIONS,
        title=say("지번을 넣어 주세요", "Enter the lot number"),
        tone=Tone.WARNING,
        pictogram="parcel",
        fields=(
            Field("main", say("본번", "Main number"), value="9999", active=True,
                  error=say("그 지번은 없습니다. 다시 넣어 주세요.", "There is no such lot. Please enter it again.")),
            Field("sub", say("부번", "Sub number"), placeholder=say("없음", "none")),
        ),
        controls=(*_keys(lang), _primary(say("다음", "Next"), enabled=False)),
        bar=_bar(lang, *ALL),
    )  # fmt: skip


def _pin_keys(lang: str) -> tuple[Control, ...]:
    say = _say(lang)
    digits = [Control(f"pin:{digit}", Role.KEY, digit, group="pin") for digit in "123456789"]
    return (
        *digits,
        Control("pin:none", Role.KEY, "", group="pin", enabled=False),
        Control("pin:0", Role.KEY, "0", group="pin"),
        Control("pin:delete", Role.KEY, say("한 글자 지우기", "Delete one"), icon="backspace", group="pin"),
    )


def pin(lang: str) -> Snapshot:
    say = _say(lang)
    return Snapshot(
        seq=18,
        since=18,
        screen=ScreenName.OPTIONS,
        title=say("PIN을 눌러 주세요", "Enter your PIN"),
        sentence=say("숫자 6자리를 누르고 ‘확인’을 눌러 주세요. 신분증은 빼지 마세요.",
                     "Touch its 6 digits, then OK. Leave the card in."),
        tone=Tone.ACTION,
        pictogram="check",
        rows=(Row(say("증명서", "Certificate"), say("주민등록표 등본", "Resident register")),),
        fields=(Field("pin", say("PIN 6자리", "PIN, 6 digits"), placeholder=say("숫자 6개", "6 digits"), active=True),),
        notices=(say("3번 틀리면 카드가 잠깁니다.", "After 3 wrong PINs the card locks."),
                 say("누르신 숫자는 화면에 보이지 않고 남지도 않습니다.", "The digits are neither shown nor kept.")),
        controls=(*_pin_keys(lang), _primary(say("확인", "OK"), icon="check")),
        bar=_bar(lang, *ALL),
        remaining_s=58,
        secret=Secret("pin", key=bytes(range(1, 33)), info=b"a sample", most=6),
    )  # fmt: skip


def pin_wrong(lang: str) -> Snapshot:
    say = _say(lang)
    shown = pin(lang)
    wrong = say("PIN이 다릅니다. 두 번 더 누를 수 있습니다.", "Wrong PIN. You have two more tries.")
    fields = {each: getattr(shown, each) for each in shown.__struct_fields__}
    changed = {
        "tone": Tone.WARNING,
        "fields": (Field("pin", say("PIN 6자리", "PIN, 6 digits"), active=True, error=wrong),),
        "secret": Secret("pin", key=bytes(range(1, 33)), info=b"a sample", most=6, attempt=2),
    }
    return Snapshot(**{**fields, **changed})


def copies(lang: str) -> Snapshot:
    say = _say(lang)
    return Snapshot(
        seq=7,
        since=7,
        screen=ScreenName.OPTIONS,
        title=say("어떻게 떼어 드릴까요?", "What should it show?"),
        sentence=say("여의도동 60번지 토지대장", "Land register of Yeouido-dong 60"),
        pictogram="document",
        fields=(
            Field("history", say("기록의 범위", "Which entries")),
            Field("price", say("개별공시지가", "Official land price")),
            Field("copies", say("몇 통", "Copies"), value="2", unit=say("통", "")),
        ),
        controls=(
            Control(
                "history:current",
                Role.CHOICE,
                say("현재 기록만", "Current entries"),
                group="history",
                selected=True,
            ),
            Control("history:all", Role.CHOICE, say("지난 기록 포함", "With past entries"), group="history"),
            Control("price:no", Role.CHOICE, say("빼고", "Leave out"), group="price", selected=True),
            Control("price:yes", Role.CHOICE, say("넣어서", "Include"), group="price"),
            Control("copies:less", Role.STEPPER, say("줄이기", "Fewer"), icon="minus", group="copies"),
            Control("copies:more", Role.STEPPER, say("늘리기", "More"), icon="plus", group="copies"),
            _primary(say("다음", "Next")),
        ),
        bar=_bar(lang, *ALL),
    )


def preparing(lang: str) -> Snapshot:
    say = _say(lang)
    return Snapshot(
        seq=8,
        since=8,
        screen=ScreenName.PREPARING,
        title=say("내용을 확인하고 있습니다", "Checking the register"),
        sentence=say("잠시만 기다려 주세요.", "One moment, please."),
        pictogram="preparing",
        steps=(
            Step(say("대장에서 찾기", "Finding the lot"), "done"),
            Step(say("매수와 수수료 계산", "Counting sheets and fee"), "now"),
            Step(say("내용 보여 드리기", "Showing you the result"), "later"),
        ),
        bar=_bar(lang, "cancel", *START),
    )


def check(lang: str) -> Snapshot:
    say = _say(lang)
    return Snapshot(
        seq=9,
        since=9,
        screen=ScreenName.CHECK,
        title=say("이대로 떼어 드릴까요?", "Is this right?"),
        sentence=say("맞으면 ‘수수료 내기’를 눌러 주세요.", "If so, go on to pay the fee."),
        pictogram="check",
        rows=(
            Row(say("증명서", "Certificate"), say("토지대장", "Land register")),
            Row(say("땅", "Lot"), say("영등포구 여의도동 60-3", "60-3 Yeouido-dong")),
            Row(say("범위", "Entries"), say("현재 기록만", "Current")),
            Row(say("매수", "Sheets"), say("2통 × 3장 = 6장", "2 copies of 3 sheets")),
            Row(say("수수료", "Fee"), say("1,000원", "1,000 won"), strong=True, note=say("1통 500원", "500 won a copy")),
        ),
        notices=(
            say("은행과 관공서는 대개 이 증명서를 직접 확인할 수 있습니다. 낼 곳에 먼저 물어보세요.",
                "Banks and public offices can often look this up themselves. Ask them first: you may not need it."),
        ),
        controls=(
            Control("edit", Role.SECONDARY, say("고치기", "Change"), icon="back"),
            _primary(say("수수료 내기", "Pay the fee"), name="pay"),
        ),
        bar=_bar(lang, *ALL),
    )  # fmt: skip


def pay(lang: str) -> Snapshot:
    say = _say(lang)
    return Snapshot(
        seq=10,
        since=10,
        screen=ScreenName.PAY,
        title=say("동전을 넣어 주세요", "Please insert coins"),
        sentence=say(
            "화면 오른쪽 아래 동전 구멍에 하나씩 넣으세요.", "One at a time, into the slot below the screen."
        ),
        tone=Tone.ACTION,
        pictogram="pay",
        money=Money(
            fee=1000,
            inserted=600,
            missing=400,
            change=0,
            fee_text=say("1,000원", "1,000 won"),
            inserted_text=say("600원", "600 won"),
            missing_text=say("400원", "400 won"),
            change_text="",
            coins=(say("100원", "100 won"), say("500원", "500 won")),
            fee_label=say("수수료", "Fee"),
            inserted_label=say("넣으신 돈", "Inserted"),
            missing_label=say("더 넣을 돈", "Still to pay"),
            change_label=say("거스름돈", "Change"),
        ),
        notices=(say("50원과 10원 동전은 받지 않습니다.", "50 and 10 won coins are not taken."),),
        bar=_bar(lang, "cancel", *START),
        remaining_s=87,
    )


def issuing(lang: str) -> Snapshot:
    say = _say(lang)
    return Snapshot(
        seq=11,
        since=11,
        screen=ScreenName.ISSUING,
        title=say("증명서를 인쇄하고 있습니다", "Printing your certificate"),
        sentence=say("종이가 나올 때까지 그대로 계세요.", "Please stay until the paper comes out."),
        pictogram="issuing",
        steps=(
            Step(say("수수료 받음", "Fee received"), "done"),
            Step(say("문서 번호와 인증 받음", "Number and seal received"), "done"),
            Step(say("6장 가운데 2장 인쇄", "Printing sheet 2 of 6"), "now"),
            Step(say("종이 내보내기", "Handing out the paper"), "later"),
        ),
        bar=_bar(lang, *START),
    )


def take(lang: str) -> Snapshot:
    say = _say(lang)
    return Snapshot(
        seq=12,
        since=12,
        screen=ScreenName.TAKE,
        title=say("종이를 가져가세요", "Take your paper"),
        sentence=say(
            "종이 6장이 나왔습니다. 가져가시면 거스름돈을 드립니다.",
            "6 sheets are out. Your change comes after that.",
        ),
        tone=Tone.ACTION,
        pictogram="take",
        remaining_s=42,
        bar=_bar(lang, *START),
    )


def change(lang: str) -> Snapshot:
    say = _say(lang)
    return Snapshot(
        seq=13,
        since=13,
        screen=ScreenName.CHANGE,
        title=say("거스름돈과 영수증을 받으세요", "Take your change and receipt"),
        tone=Tone.ACTION,
        pictogram="change",
        rows=(
            Row(say("넣으신 돈", "Inserted"), say("1,500원", "1,500 won")),
            Row(say("수수료", "Fee"), say("1,000원", "1,000 won")),
            Row(say("거스름돈", "Change"), say("500원", "500 won"), strong=True),
        ),
        controls=(_primary(say("받았습니다", "Done"), icon="next"),),
        bar=_bar(lang, *START),
    )


def survey(lang: str) -> Snapshot:
    say = _say(lang)
    words = [
        ("매우 불편", "Very poor"),
        ("불편", "Poor"),
        ("보통", "Fair"),
        ("편리", "Good"),
        ("매우 편리", "Very good"),
    ]
    return Snapshot(
        seq=14,
        since=14,
        screen=ScreenName.SURVEY,
        title=say("이용이 편리하셨나요?", "How was it?"),
        sentence=say("이름 없이 모읍니다. 한 번만 눌러 주세요.", "Anonymous. One touch is enough."),
        pictogram="survey",
        controls=(
            *(Control(f"rate:{at}", Role.RATING, say(ko, en), icon=f"face-{at}", group="rating")
              for at, (ko, en) in enumerate(words, start=1)),
            Control("skip", Role.SECONDARY, say("건너뛰기", "Skip")),
        ),
        bar=_bar(lang, *START),
        remaining_s=20,
    )  # fmt: skip


def goodbye(lang: str) -> Snapshot:
    say = _say(lang)
    return Snapshot(
        seq=15,
        since=15,
        screen=ScreenName.GOODBYE,
        title=say("안녕히 가세요", "Goodbye"),
        sentence=say("두고 가시는 것이 없는지 살펴봐 주세요.", "Please check that you have everything."),
        tone=Tone.SUCCESS,
        pictogram="goodbye",
        controls=(_primary(say("처음으로", "Start over"), icon="home", name="home"),),
        bar=_bar(lang, *START),
    )


def trouble(lang: str) -> Snapshot:
    say = _say(lang)
    return Snapshot(
        seq=16,
        since=16,
        screen=ScreenName.TROUBLE,
        title=say("인쇄하지 못했습니다", "It could not be printed"),
        sentence=say("넣으신 돈은 모두 돌려드렸습니다.", "All your money has been returned."),
        tone=Tone.ERROR,
        pictogram="trouble",
        rows=(
            Row(
                say("무슨 일", "What happened"),
                say("프린터에 종이가 걸렸습니다", "Paper jammed in the printer"),
            ),
            Row(say("돌려드린 돈", "Returned"), say("1,000원", "1,000 won"), strong=True),
        ),
        notices=(
            say(
                "옆 기계를 쓰시거나 구청 민원실로 전화해 주세요.",
                "Use the next machine, or call the district office.",
            ),
        ),
        code="P-1042",
        controls=(_primary(say("확인", "OK"), icon="", name="ok"),),
        bar=_bar(lang, *START),
    )


def out_of_service(lang: str) -> Snapshot:
    say = _say(lang)
    return Snapshot(
        seq=17,
        since=17,
        screen=ScreenName.OUT_OF_SERVICE,
        title=say("지금은 쓸 수 없습니다", "Out of service"),
        sentence=say("용지를 채우는 중입니다. 가까운 기계는 영등포구청 1층에 있습니다.",
                     "Paper is being refilled. The nearest machine is at the district office, ground floor."),
        tone=Tone.WARNING,
        pictogram="out-of-service",
        bar=_bar(lang, *START),
    )  # fmt: skip


def _over(base: Snapshot, overlay: Overlay) -> Snapshot:
    return Snapshot(**{**{name: getattr(base, name) for name in base.__struct_fields__}, "overlay": overlay})


def help_sheet(lang: str) -> Snapshot:
    say = _say(lang)
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
        controls=(_primary(say("닫기", "Close"), icon="", name="close"),),
        pictogram="help",
    )
    return _over(lot(lang), overlay)


def more_time_sheet(lang: str) -> Snapshot:
    say = _say(lang)
    overlay = Overlay(
        "more-time",
        say("더 하시겠어요?", "Do you need more time?"),
        say(
            "누르지 않으시면 처음 화면으로 돌아가고, 넣으신 돈은 돌려드립니다.",
            "Otherwise we start over and return your money.",
        ),
        controls=(
            Control("leave", Role.SECONDARY, say("그만하기", "Stop")),
            _primary(say("계속하기", "Go on"), icon="", name="stay"),
        ),
        remaining_s=23,
        tone=Tone.WARNING,
        pictogram="clock",
    )
    return _over(pay(lang), overlay)


def language_sheet(lang: str) -> Snapshot:
    say = _say(lang)
    tags = [("ko", "한국어"), ("en", "English"), ("zh", "中文"), ("ja", "日本語"), ("vi", "Tiếng Việt")]
    overlay = Overlay(
        "language",
        say("언어를 고르세요", "Choose a language"),
        controls=(
            *(
                Control(f"lang:{tag}", Role.LANGUAGE, name, group="lang", selected=tag == lang)
                for tag, name in tags
            ),
            _primary(say("닫기", "Close"), icon="", name="close"),
        ),
        pictogram="globe",
    )
    return _over(choose(lang), overlay)


def display_sheet(lang: str) -> Snapshot:
    say = _say(lang)
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
            _primary(say("닫기", "Close"), icon="", name="close"),
        ),
        pictogram="display",
    )
    return _over(choose(lang), overlay)


def cancel_sheet(lang: str) -> Snapshot:
    say = _say(lang)
    overlay = Overlay(
        "cancel",
        say("그만두시겠어요?", "Stop here?"),
        say("넣으신 600원을 돌려드리고 처음 화면으로 갑니다.", "We return your 600 won and start over."),
        controls=(
            Control("cancel:yes", Role.DANGER, say("그만두기", "Stop"), icon="cross"),
            _primary(say("계속하기", "Go on"), icon="", name="cancel:no"),
        ),
        tone=Tone.WARNING,
        pictogram="return",
    )
    return _over(pay(lang), overlay)


MAKERS: dict[str, Callable[[str], Snapshot]] = {
    "attract": attract, "choose": choose, "choose-many": choose_many, "dong": dong, "lot": lot, "lot-wrong": lot_wrong,
    "pin": pin, "pin-wrong": pin_wrong,
    "copies": copies, "preparing": preparing, "check": check, "pay": pay, "issuing": issuing, "take": take,
    "change": change, "survey": survey, "goodbye": goodbye, "trouble": trouble, "out-of-service": out_of_service,
    "help": help_sheet, "more-time": more_time_sheet, "language": language_sheet, "display": display_sheet,
    "cancel": cancel_sheet,
}  # fmt: skip


def sample(name: str, lang: str, display: Display | None = None) -> Snapshot:
    """One of them, as this machine would show it."""
    made = MAKERS[name](lang)
    say = _say(lang)
    fields = {each: getattr(made, each) for each in made.__struct_fields__}
    place = {
        "site": say("63시티 지하 1층", "63 City, basement 1"),
        "machine": say("무인민원발급기 1호", "Kiosk no. 1"),
        "help_phone": "02-2670-3114",
    }
    return Snapshot(**{**fields, **place, "display": display or Display(lang=lang), "announce": made.title})
