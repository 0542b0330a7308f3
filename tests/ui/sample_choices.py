"""Sample screens up to the fee: the first one, what is chosen, the lot, the PIN, what it will be."""

# ruff: noqa: E501 (the two languages of a sentence stand side by side)

from kiosk.protocol.screen import Control, Field, Role, Row, ScreenName, Secret, Snapshot, Step, Tone
from tests.ui.sample_parts import ALL, DONGS, START, bar, lot_keys, pin_keys, primary, saying


def attract(lang: str) -> Snapshot:
    say = saying(lang)
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
            primary(say("시작하기", "Start"), name="start"),
        ),
        bar=bar(lang, *START),
    )


def choose(lang: str) -> Snapshot:
    say = saying(lang)
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
        bar=bar(lang, "home", "cancel", *START),
    )  # fmt: skip


def choose_many(lang: str) -> Snapshot:
    say = saying(lang)
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
        bar=bar(lang, "home", "cancel", *START),
    )  # fmt: skip


def dong(lang: str) -> Snapshot:
    say = saying(lang)
    return Snapshot(
        seq=4,
        since=4,
        screen=ScreenName.OPTIONS,
        title=say("땅이 어느 동에 있나요?", "Which neighbourhood is the lot in?"),
        sentence=say("법정동 이름을 눌러 주세요.", "Touch its legal name."),
        pictogram="map",
        controls=tuple(Control(f"dong:{at}", Role.CHOICE, say(ko, en), group="dong", selected=at == 9)
                       for at, (ko, en) in enumerate(DONGS.items())),
        bar=bar(lang, *ALL),
    )  # fmt: skip


def lot(lang: str) -> Snapshot:
    say = saying(lang)
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
        controls=(*lot_keys(lang), primary(say("다음", "Next"))),
        bar=bar(lang, *ALL),
    )


def lot_wrong(lang: str) -> Snapshot:
    say = saying(lang)
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
        controls=(*lot_keys(lang), primary(say("다음", "Next"), enabled=False)),
        bar=bar(lang, *ALL),
    )  # fmt: skip


def pin(lang: str) -> Snapshot:
    say = saying(lang)
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
        controls=(*pin_keys(lang), primary(say("확인", "OK"), icon="check")),
        bar=bar(lang, *ALL),
        remaining_s=58,
        secret=Secret("pin", key=bytes(range(1, 33)), info=b"a sample", most=6),
    )  # fmt: skip


def pin_wrong(lang: str) -> Snapshot:
    say = saying(lang)
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
    say = saying(lang)
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
            primary(say("다음", "Next")),
        ),
        bar=bar(lang, *ALL),
    )


def preparing(lang: str) -> Snapshot:
    say = saying(lang)
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
        bar=bar(lang, "cancel", *START),
    )


def check(lang: str) -> Snapshot:
    say = saying(lang)
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
            primary(say("수수료 내기", "Pay the fee"), name="pay"),
        ),
        bar=bar(lang, *ALL),
    )  # fmt: skip
