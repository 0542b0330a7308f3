"""The words of central's pages: Korean first, English beside it. Keys come from verdicts, states and reasons."""

from msgspec import Struct


class Words(Struct, frozen=True):
    """One text in both languages."""

    ko: str
    en: str


class VerdictWords(Struct, frozen=True):
    """How a verdict is shown: colour (`tone`), icon, word, and what it means."""

    tone: str
    icon: str
    word: Words
    meaning: Words


VERDICTS = {
    "genuine": VerdictWords(
        "good",
        "check",
        Words("내용 진위 확인", "Contents genuine"),
        Words(
            "이 번호로 발급된 증명서가 있고, 아래 내용 그대로 발급되었습니다. 종이의 내용과 하나씩 비교해 주세요.",
            "A certificate was issued with these contents. Compare each line with the paper.",
        ),
    ),
    "not-genuine": VerdictWords(
        "bad",
        "cross",
        Words("진위 확인되지 않음", "Not genuine"),
        Words("우리가 발급한 내용으로 확인되지 않습니다.", "These are not contents that this office issued."),
    ),
    "unknown-issuer": VerdictWords(
        "unsure",
        "question",
        Words("알 수 없는 발급기관", "Unknown issuer"),
        Words(
            "서명한 기관이 신뢰 목록에 없습니다. 증명서에 적힌 기관에 직접 확인해 주세요.",
            "The signer is not in the trust list. Ask the office named on the certificate.",
        ),
    ),
    "expired": VerdictWords(
        "unsure",
        "clock",
        Words("확인 기간 지남", "Checking period over"),
        Words(
            "발급 사실은 있으나 확인할 수 있는 기간(90일)이 지났습니다. 새로 발급받아 주세요.",
            "It was issued, but the 90 days in which it can be checked are over. Ask for a new one.",
        ),
    ),
    "void": VerdictWords(
        "bad",
        "bar",
        Words("무효 처리된 문서", "Void"),
        Words(
            "발급이 취소되어 효력이 없는 문서 번호입니다. 이 종이는 쓸 수 없습니다.",
            "This document was cancelled and has no effect. The paper must not be used.",
        ),
    ),
    "list-too-old": VerdictWords(
        "unsure",
        "clock",
        Words("신뢰 목록이 오래됨", "Trust list too old"),
        Words(
            "확인에 필요한 목록의 기한이 지나 판단할 수 없습니다. 잠시 뒤에 다시 해 주세요.",
            "The list needed for checking is past its date. Please try again later.",
        ),
    ),
}

REASONS = {
    "check-digit": Words(
        "번호의 검사 숫자가 맞지 않습니다. 잘못 옮겨 적지 않았는지 다시 봐 주세요.",
        "The number's check digit does not fit. Please look for a typing mistake.",
    ),
    "unknown-number": Words(
        "이 번호로 발급된 증명서가 없습니다.", "No certificate was issued with this number."
    ),
    "signature": Words("코드의 전자서명이 맞지 않습니다.", "The signature in the code does not fit."),
    "unreadable": Words(
        "코드가 우리 형식이 아니거나 손상되었습니다.", "The code is damaged or not of our format."
    ),
    "not-reported": Words(
        "발급기에서 아직 수령 보고가 오지 않았습니다.",
        "The machine has not reported yet that it was collected.",
    ),
}

ABOUT = {
    "name": Words("성명", "Name"),
    "born": Words("생년월일", "Born"),
    "location": Words("소재", "Location"),
    "lot": Words("지번", "Lot"),
    "building": Words("건축물 번호", "Building"),
    "unit": Words("동·층·호", "Unit"),
    "registry": Words("등기 고유번호", "Registry number"),
    "registration": Words("등록번호", "Registration number"),
    "plate": Words("자동차 등록번호", "Plate"),
}

TROUBLES = {
    "number": Words("문서 번호는 숫자 16자리입니다.", "A document number has 16 digits."),
    "other-code": Words(
        "증명서의 코드가 아닙니다. 마지막 장 아래 왼쪽의 QR 코드가 나오게 찍어 주세요.",
        "This is another code, not a certificate's. Take the QR code at the lower left of the last page.",
    ),
    "damaged-code": Words(
        "코드가 있으나 읽을 수 없습니다. 잘리거나 접히거나 흐리지 않게 다시 찍어 주세요.",
        "There is a code, but it cannot be read. Take the picture again, whole, flat and sharp.",
    ),
    "no-code": Words(
        "사진에서 코드를 찾지 못했습니다. 코드가 크고 또렷하게 나오도록 다시 찍어 주세요.",
        "No code was found. Take the picture again with the code large and sharp.",
    ),
    "several-codes": Words(
        "서로 다른 코드가 여러 개 있습니다. 증명서 한 통씩 올려 주세요.",
        "There are several different codes. Upload one certificate at a time.",
    ),
    "unreadable-file": Words(
        "열 수 없는 파일입니다. 사진(PNG, JPEG)이나 PDF를 올려 주세요.",
        "This file cannot be opened. Upload a picture (PNG, JPEG) or a PDF.",
    ),
    "too-large": Words(
        "파일이 너무 큽니다. 12 MB까지 올릴 수 있습니다.", "The file is too large: 12 MB at most."
    ),
    "nothing": Words("번호를 적거나 파일을 골라 주세요.", "Enter a number or choose a file."),
    "too-many": Words(
        "짧은 시간에 너무 많이 확인했습니다. 1분 뒤에 다시 해 주세요.",
        "Too many checks in a short time. Please try again in a minute.",
    ),
}

SILENCES = {
    "alive": Words("정상 연결", "alive"),
    "grey": Words("응답 지연", "no word"),
    "late": Words("연락 늦음", "late"),
    "silent": Words("연락 두절", "silent"),
    "never": Words("연결된 적 없음", "never heard"),
}

STATES = {
    "ready": Words("서비스 중", "in service"),
    "ready-degraded": Words("일부 제한", "limited"),
    "out-of-service": Words("서비스 중지", "out of service"),
    "serving": Words("이용 중", "serving"),
    "maintenance": Words("점검 중", "maintenance"),
}

WHY = {
    "starting": Words("준비 중", "starting"),
    "offline": Words("서버 연결 안 됨", "no link"),
    "catalogue-stale": Words("서식 기한 지남", "forms out of date"),
    "closed-hours": Words("운영 시간 아님", "closed hours"),
    "no-change": Words("거스름돈 부족", "no change"),
    "cash-down": Words("동전 장치 고장", "cash device down"),
    "paper-out": Words("용지 없음", "paper out"),
    "paper-jam": Words("용지 걸림", "paper jam"),
    "toner-out": Words("토너 없음", "toner out"),
    "printer-down": Words("프린터 고장", "printer down"),
    "presenter-down": Words("배출구 고장", "presenter down"),
    "receipt-down": Words("영수증 프린터 고장", "receipt printer down"),
    "paper-low": Words("용지 부족", "paper low"),
    "toner-low": Words("토너 부족", "toner low"),
    "hopper-low": Words("동전 부족", "coins low"),
    "hopper-empty": Words("동전 없음", "no coins"),
    "coin-jam": Words("동전 걸림", "coin jam"),
    "bin-full": Words("회수함 가득", "bin full"),
    "bin-near-full": Words("회수함 거의 가득", "bin nearly full"),
    "cover-open": Words("덮개 열림", "cover open"),
    "paper-in-path": Words("통로에 용지", "paper in path"),
    "unplugged": Words("선 빠짐", "unplugged"),
    "port-denied": Words("포트 권한 없음", "no right to its port"),
    "port-busy": Words("포트를 다른 곳에서 씀", "port in use elsewhere"),
    "silent": Words("응답 없음", "silent"),
    "hardware": Words("장치 고장", "hardware"),
    "disabled": Words("사용 중지", "disabled"),
    "opto-fraud": Words("부정 투입 의심", "fraud suspected"),
    "other-device": Words("다른 장치", "other device"),
    "device-reset": Words("장치 재시작", "device reset"),
    "self-check": Words("자가 점검 실패", "self check"),
    "protocol": Words("통신 오류", "protocol"),
    "cutter": Words("절단기 오류", "cutter"),
    "no-room": Words("저장 공간 부족", "disk full"),
    "chain-refused": Words("일지 연결 끊김", "journal refused"),
    "on-battery": Words("정전, 배터리로 동작", "on battery"),
    "battery-low": Words("배터리 부족", "battery low"),
    "battery-worn": Words("배터리 교체 필요", "battery worn"),
    "turning-off": Words("정전으로 꺼지는 중", "turning off"),
    "copy-late": Words("둘째 장부 오래됨", "second copy late"),
    "copy-failed": Words("둘째 장부 실패", "second copy failed"),
    "copy-never": Words("둘째 장부 없음", "no second copy"),
}

DEVICES = {
    "printer": Words("프린터", "printer"),
    "presenter": Words("배출구", "presenter"),
    "coin": Words("동전 투입", "coins in"),
    "hopper": Words("동전 반환", "hopper"),
    "receipt": Words("영수증", "receipt"),
    "ledger": Words("장부", "ledger"),
    "ups": Words("비상 전원", "UPS"),
}

ALARMS = {
    "chain-broken": Words("일지 연결 끊김", "journal chain broken"),
    "journal-back": Words("일지가 되돌아감", "journal went back"),
    "delivered-after-void": Words("무효 뒤 교부", "delivered after void"),
    "void-after-delivered": Words("교부 뒤 무효", "void after delivered"),
    "delivered-unknown": Words("발급 없는 교부", "delivered, never issued"),
    "number-mismatch": Words("문서 번호 다름", "number differs"),
    "fee-mismatch": Words("수수료 불일치", "fee differs"),
    "money-mismatch": Words("금액 불일치", "money differs"),
    "closed-twice": Words("두 번 마감", "closed twice"),
    "order-disputed": Words("확인 필요한 주문", "order disputed"),
    "issue-disputed": Words("확인 필요한 발급", "issue disputed"),
    "surplus": Words("주인 없는 돈이나 종이", "money or paper of nobody"),
    "counter-implausible": Words("계수기 이상", "counter implausible"),
    "device-exchanged": Words("장치가 바뀜", "device exchanged"),
    "redeemed-too-much": Words("정한 것보다 많이 지급", "paid more than was held"),
    "event-body": Words("읽을 수 없는 일지", "unreadable journal row"),
    "bundle-refused": Words("새 서식을 받지 못함", "bundle not taken over"),
    "ledger-rebuilt": Words("장부를 다시 만듦", "ledger rebuilt"),
    "day-differs": Words("마감 수량 다름", "day's count differs"),
    "seal-unknown": Words("미발급 번호의 코드", "seal without issue"),
}


CASES = {
    "case": Words("기록이 서로 맞지 않음", "evidence disagrees"),
    "counter": Words("창구에서 돌려줄 돈", "to be paid at the counter"),
    "reserved": Words("기기가 붙들고 소식이 없음", "held by a silent machine"),
}


def say(table: dict[str, Words], key: str) -> Words:
    """The words of `key`; a key without words says itself."""
    return table.get(key) or Words(key, key)
