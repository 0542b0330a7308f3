"""What somebody must look at: every alarm that central can raise, how pressing it is, what it means, what to do.

An alarm is raised once and counts when it happens again; it is never taken back (central/alarms.py). M1, M2 and
M4 are the rules on money and documents in docs/orders.md.
"""

from enum import StrEnum

from msgspec import Struct

from central.vocabulary.words import Words, unknown


class Alarm(StrEnum):
    """The codes. A member without an entry in ALARMS fails a test."""

    CHAIN_BROKEN = "chain-broken"
    JOURNAL_BACK = "journal-back"
    DELIVERED_AFTER_VOID = "delivered-after-void"
    VOID_AFTER_DELIVERED = "void-after-delivered"
    DELIVERED_UNKNOWN = "delivered-unknown"
    NUMBER_MISMATCH = "number-mismatch"
    FEE_MISMATCH = "fee-mismatch"
    MONEY_MISMATCH = "money-mismatch"
    CLOSED_TWICE = "closed-twice"
    ORDER_DISPUTED = "order-disputed"
    ISSUE_DISPUTED = "issue-disputed"
    SURPLUS = "surplus"
    COUNTER_IMPLAUSIBLE = "counter-implausible"
    DEVICE_EXCHANGED = "device-exchanged"
    REDEEMED_TOO_MUCH = "redeemed-too-much"
    EVENT_BODY = "event-body"
    BUNDLE_REFUSED = "bundle-refused"
    LEDGER_REBUILT = "ledger-rebuilt"
    DAY_DIFFERS = "day-differs"
    SEAL_UNKNOWN = "seal-unknown"
    CLOCK_WRONG = "clock-wrong"


class Severity(StrEnum):
    """URGENT: money, documents or the journal itself are in question. LOOK: somebody should look in time."""

    URGENT = "urgent"
    LOOK = "look"


class AlarmKind(Struct, frozen=True):
    """How an alarm is told."""

    severity: Severity
    name: Words
    meaning: Words
    remedy: Words


_ASK_THE_CASE = Words(
    "‘결정할 일’에서 근거를 보고 결정해 주세요.", "Look at the evidence under ‘cases’ and decide."
)
_OF_ANOTHER_VERSION = Words(
    "이 서버의 판이 모르는 경보입니다.", "This version of central does not know the alarm."
)
_ASK_THE_LOG = Words("경보를 남긴 판의 설명서를 보세요.", "See the manual of the version that raised it.")
_COMPARE_JOURNAL = Words(
    "기기에서 장부를 검사하고, 종이와 일지를 맞춰 보세요.",
    "Verify the machine's ledger; compare paper and journal.",
)

ALARMS: dict[Alarm, AlarmKind] = {
    Alarm.CHAIN_BROKEN: AlarmKind(
        Severity.URGENT,
        Words("일지 연결 끊김", "journal chain broken"),
        Words(
            "기기의 일지가 서버의 것과 이어지지 않습니다. 디스크 복제·복원이나 변조일 수 있습니다.",
            "A machine's journal does not follow from ours: a cloned or restored disk, or tampering.",
        ),
        Words(
            "기기를 멈추고 디스크를 확인한 뒤 장부를 다시 만드세요.",
            "Stop the machine, look at its disk, then rebuild its ledger.",
        ),
    ),
    Alarm.JOURNAL_BACK: AlarmKind(
        Severity.URGENT,
        Words("일지가 되돌아감", "journal went back"),
        Words(
            "기기가 전보다 앞선 일지를 알려 왔습니다. 옛 디스크로 바뀌었을 수 있습니다.",
            "The machine named an earlier, or another, last row than before: perhaps an old disk.",
        ),
        Words(
            "기기를 멈추고 디스크를 확인한 뒤 장부를 다시 만드세요.",
            "Stop the machine, look at its disk, then rebuild its ledger.",
        ),
    ),
    Alarm.DELIVERED_AFTER_VOID: AlarmKind(
        Severity.URGENT,
        Words("무효 뒤 교부", "delivered after void"),
        Words(
            "무효로 끝난 문서를 교부했다고 합니다. 먼저 온 말이 유효합니다(M4).",
            "A document that was void is reported delivered; the first word stays (M4).",
        ),
        _COMPARE_JOURNAL,
    ),
    Alarm.VOID_AFTER_DELIVERED: AlarmKind(
        Severity.URGENT,
        Words("교부 뒤 무효", "void after delivered"),
        Words(
            "교부한 문서를 무효라고 합니다. 먼저 온 말이 유효합니다(M4).",
            "A document that was delivered is reported void; the first word stays (M4).",
        ),
        _COMPARE_JOURNAL,
    ),
    Alarm.DELIVERED_UNKNOWN: AlarmKind(
        Severity.URGENT,
        Words("발급 없는 교부", "delivered, never issued"),
        Words(
            "발급한 적 없는 문서를 교부했다고 합니다.",
            "A document is reported delivered that was never issued.",
        ),
        _COMPARE_JOURNAL,
    ),
    Alarm.NUMBER_MISMATCH: AlarmKind(
        Severity.URGENT,
        Words("문서 번호 다름", "number differs"),
        Words(
            "한 발급에 대해 기기와 서버의 문서 번호가 다릅니다.",
            "Machine and central name different numbers for one document.",
        ),
        _COMPARE_JOURNAL,
    ),
    Alarm.FEE_MISMATCH: AlarmKind(
        Severity.URGENT,
        Words("수수료 불일치", "fee differs"),
        Words(
            "받은 수수료가 교부한 문서의 수수료 합과 다릅니다(M2).",
            "The fee kept is not the sum of the fees of what was delivered (M2).",
        ),
        Words("주문의 일지를 보고 차액을 돌려주세요.", "Read the order's journal; pay the difference back."),
    ),
    Alarm.MONEY_MISMATCH: AlarmKind(
        Severity.URGENT,
        Words("금액 불일치", "money differs"),
        Words(
            "받은 돈이 수수료와 돌려준 돈, 돌려줄 돈의 합과 다릅니다(M1).",
            "Money in is not fee kept + money out + money owed (M1).",
        ),
        Words("마감을 하고 돈통을 세어 보세요.", "Close the day and count the money in the machine."),
    ),
    Alarm.CLOSED_TWICE: AlarmKind(
        Severity.URGENT,
        Words("두 번 마감", "closed twice"),
        Words(
            "한 주문이 다른 금액으로 다시 끝났습니다.", "An order ended a second time, with other figures."
        ),
        _COMPARE_JOURNAL,
    ),
    Alarm.ORDER_DISPUTED: AlarmKind(
        Severity.URGENT,
        Words("확인 필요한 주문", "order disputed"),
        Words(
            "돈이 어떻게 되었는지 기기가 증명하지 못합니다.",
            "The machine cannot prove what became of the money.",
        ),
        _ASK_THE_CASE,
    ),
    Alarm.ISSUE_DISPUTED: AlarmKind(
        Severity.URGENT,
        Words("확인 필요한 발급", "issue disputed"),
        Words(
            "종이가 어떻게 되었는지 기기가 증명하지 못합니다.",
            "The machine cannot prove what became of the paper.",
        ),
        _ASK_THE_CASE,
    ),
    Alarm.SURPLUS: AlarmKind(
        Severity.LOOK,
        Words("주인 없는 돈이나 종이", "money or paper of nobody"),
        Words(
            "주문이 없을 때 돈이나 종이가 움직였습니다.",
            "Money or sheets moved that no order asked for.",
        ),
        Words("다음 방문 때 세어 보세요.", "Count at the next visit."),
    ),
    Alarm.COUNTER_IMPLAUSIBLE: AlarmKind(
        Severity.URGENT,
        Words("계수기 이상", "counter implausible"),
        Words(
            "장치의 계수기가 있을 수 없는 값으로 바뀌었습니다.",
            "A device's lifetime counter went where no coin or sheet can have taken it.",
        ),
        Words("장치를 점검하거나 바꾸세요.", "Inspect the device, or exchange it."),
    ),
    Alarm.DEVICE_EXCHANGED: AlarmKind(
        Severity.LOOK,
        Words("장치가 바뀜", "device exchanged"),
        Words("전과 다른 장치가 대답합니다.", "Another device answers than the one that answered last."),
        Words(
            "바꾼 사람이 없으면 현장을 확인해 주세요.",
            "If nobody exchanged it, look at the machine on the spot.",
        ),
    ),
    Alarm.REDEEMED_TOO_MUCH: AlarmKind(
        Severity.URGENT,
        Words("정한 것보다 많이 지급", "paid more than was held"),
        Words(
            "기기가 붙들어 둔 것보다 많은 돈을 돌려주었습니다.",
            "A machine paid out more than was held for it.",
        ),
        Words("동전 반환구와 일지를 확인해 주세요.", "Check the hopper against the journal."),
    ),
    Alarm.EVENT_BODY: AlarmKind(
        Severity.URGENT,
        Words("읽을 수 없는 일지", "unreadable journal row"),
        Words(
            "아는 종류의 일지인데 내용을 읽을 수 없습니다. 돈 계산에 들어가지 않았습니다.",
            "A journal row of a known kind says nothing readable; no sum counts it.",
        ),
        Words(
            "서버와 기기의 판을 맞추고 그 행을 확인해 주세요.",
            "Bring server and machine to fitting versions; read that row.",
        ),
    ),
    Alarm.BUNDLE_REFUSED: AlarmKind(
        Severity.LOOK,
        Words("새 서식을 받지 못함", "bundle not taken over"),
        Words(
            "기기가 게시된 서식을 쓰지 못하고 옛 서식으로 발급합니다.",
            "A machine could not take over what was published, and works on with what it had.",
        ),
        Words("까닭을 보고 고쳐서 다시 게시해 주세요.", "See why, mend it, publish again."),
    ),
    Alarm.LEDGER_REBUILT: AlarmKind(
        Severity.LOOK,
        Words("장부를 다시 만듦", "ledger rebuilt"),
        Words(
            "기기의 장부가 사라져 사본이나 서버의 일지로 다시 만들었습니다.",
            "A machine's ledger was lost and brought back from a copy or from here.",
        ),
        Words("빠진 행이 있으면 돈과 종이를 세어 보세요.", "If rows are missing, count money and paper."),
    ),
    Alarm.DAY_DIFFERS: AlarmKind(
        Severity.LOOK,
        Words("마감 수량 다름", "day's count differs"),
        Words(
            "하루 마감에서 장치가 센 것과 일지가 다릅니다.",
            "At the close of a day a device had counted otherwise than the journal says.",
        ),
        Words("마감표와 돈통을 맞춰 보세요.", "Compare the slip of the close with the money."),
    ),
    Alarm.SEAL_UNKNOWN: AlarmKind(
        Severity.URGENT,
        Words("미발급 번호의 코드", "seal without issue"),
        Words(
            "우리 서명이 맞지만 발급한 적 없는 번호의 코드를 누가 확인했습니다.",
            "Somebody showed a seal of ours whose number was never given.",
        ),
        Words(
            "서명 키가 새었을 수 있습니다. central keys revoke를 검토해 주세요.",
            "A signing key may have leaked: consider central keys revoke.",
        ),
    ),
    Alarm.CLOCK_WRONG: AlarmKind(
        Severity.LOOK,
        Words("기기 시계가 틀림", "machine's clock wrong"),
        Words(
            "기기가 적은 시각이 받은 때와 너무 멀어, 받은 때로 셉니다. 일지는 적힌 그대로 둡니다.",
            "Times that the machine wrote are too far from their arrival; central counts by the arrival.",
        ),
        Words(
            "기기의 시계와 메인보드 전지를 확인해 주세요.",
            "Check the machine's clock and the battery on its board.",
        ),
    ),
}

EARLIER = "earlier"
"""What an alarm is about that stands for many."""
# What an alarm can be about besides a device, an order, a key or a row (`seq 9`).
SUBJECTS = {
    "journal": Words("일지", "journal"),
    "heartbeat": Words("상태 보고", "heartbeat"),
    EARLIER: Words("그 전의 것 모두", "all before these"),
    "unknown-coin": Words("알 수 없는 동전", "coins of unknown value"),
    "unknown-note": Words("알 수 없는 지폐", "notes of unknown value"),
}


def alarm_kind(code: str) -> AlarmKind:
    """How a stored alarm is told; one of another version's central is unknown here, and said to be."""
    try:
        return ALARMS[Alarm(code)]
    except ValueError:
        return AlarmKind(Severity.LOOK, unknown(code), _OF_ANOTHER_VERSION, _ASK_THE_LOG)
