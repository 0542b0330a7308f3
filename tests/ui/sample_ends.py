"""Sample screens from the coins on: paying, paper, change, good-bye, trouble."""

from kiosk.protocol.screen import Control, Money, Role, Row, ScreenName, Snapshot, Step, Tone
from tests.ui.sample_parts import START, bar, primary, saying


def pay(lang: str) -> Snapshot:
    say = saying(lang)
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
        bar=bar(lang, "cancel", *START),
        remaining_s=87,
    )


def issuing(lang: str) -> Snapshot:
    say = saying(lang)
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
        bar=bar(lang, *START),
    )


def take(lang: str) -> Snapshot:
    say = saying(lang)
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
        bar=bar(lang, *START),
    )


def change(lang: str) -> Snapshot:
    say = saying(lang)
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
        controls=(primary(say("받았습니다", "Done"), icon="next"),),
        bar=bar(lang, *START),
    )


def survey(lang: str) -> Snapshot:
    say = saying(lang)
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
        bar=bar(lang, *START),
        remaining_s=20,
    )  # fmt: skip


def goodbye(lang: str) -> Snapshot:
    say = saying(lang)
    return Snapshot(
        seq=15,
        since=15,
        screen=ScreenName.GOODBYE,
        title=say("안녕히 가세요", "Goodbye"),
        sentence=say("두고 가시는 것이 없는지 살펴봐 주세요.", "Please check that you have everything."),
        tone=Tone.SUCCESS,
        pictogram="goodbye",
        controls=(primary(say("처음으로", "Start over"), icon="home", name="home"),),
        bar=bar(lang, *START),
    )


def trouble(lang: str) -> Snapshot:
    say = saying(lang)
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
        controls=(primary(say("확인", "OK"), icon="", name="ok"),),
        bar=bar(lang, *START),
    )


def out_of_service(lang: str) -> Snapshot:
    say = saying(lang)
    return Snapshot(
        seq=17,
        since=17,
        screen=ScreenName.OUT_OF_SERVICE,
        title=say("지금은 쓸 수 없습니다", "Out of service"),
        sentence=say("용지를 채우는 중입니다. 가까운 기계는 영등포구청 1층에 있습니다.",
                     "Paper is being refilled. The nearest machine is at the district office, ground floor."),
        tone=Tone.WARNING,
        pictogram="out-of-service",
        bar=bar(lang, *START),
    )  # fmt: skip
