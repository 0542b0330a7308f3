"""The words of the pages themselves: Korean first, English beside it. What machines' codes are called is in
central/vocabulary.
"""

from msgspec import Struct

from central.vocabulary.words import Words


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
    "slow": Words(
        "보내신 것이 제때 다 오지 않았습니다. 더 작은 파일로 다시 해 주세요.",
        "What you sent did not arrive in time. Please try again with a smaller file.",
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
