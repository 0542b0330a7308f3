"""What `kiosk verify` says, Korean first, English beside it: each finding, and each reason why nothing was read."""

from typing import Final, NamedTuple

from kiosk.worker.pictures import Trouble
from kiosk.worker.verify import Finding


class Said(NamedTuple):
    """One sentence in both languages."""

    ko: str
    en: str


WORDS: Final[dict[Finding, Said]] = {
    Finding.CONTENTS_GENUINE: Said(
        "내용이 진본과 같음",
        "contents genuine: the seal is valid and every page says what was issued",
    ),
    Finding.SEAL_GENUINE: Said(
        "전자관인 유효, 내용은 눈으로 견주어 보십시오",
        "seal genuine: compare the fields below, and every page, with the paper",
    ),
    Finding.NOT_COMPARED: Said(
        "전자관인 유효, 이 기기에서는 내용을 견줄 수 없음",
        "seal genuine, contents not compared: this machine can't set the page again",
    ),
    Finding.NOT_GENUINE: Said("진본과 다름", "not genuine"),
    Finding.UNKNOWN_ISSUER: Said("알 수 없는 발급기관", "unknown issuer: no trusted key has signed this"),
    Finding.EXPIRED: Said("확인 기간이 지남", "expired: past the period in which it can be checked"),
    Finding.LIST_TOO_OLD: Said("신뢰 목록이 오래됨", "trust list too old: fetch a new one and try again"),
    Finding.UNREADABLE: Said("전자관인을 읽을 수 없음", "unreadable: no seal of ours was read"),
}

BY_A_DEMOS_LIST: Final = Said(
    "시연용 신뢰 목록으로 확인했습니다. 시연 밖에서는 아무것도 증명하지 않습니다.",
    "Judged with the list of a demo: outside of that demo it proves nothing.",
)
ISSUED_BY_A_DEMO: Final = Said(
    "시연에서 나온 증명서입니다. 그 시연의 목록으로 확인하려면:",
    "A demo has issued this. To judge it with that demo's list:",
)

TROUBLES: Final[dict[Trouble, Said]] = {
    Trouble.NOT_A_PICTURE: Said(
        "PDF, 사진(PNG, JPEG)이 아니거나 깨진 파일입니다. 다른 파일로 저장하거나 다시 찍어 주세요.",
        "Not a PDF or a picture (PNG, JPEG), or a damaged file. Save it as one of these, or take the picture again.",
    ),
    Trouble.TOO_LARGE: Said(
        "파일이나 사진이 너무 큽니다. 300 dpi로 다시 스캔해 주세요.",
        "The file or the picture is too large. Scan it again at 300 dpi.",
    ),
    Trouble.NO_CODE: Said(
        "사진에 코드가 없습니다. 마지막 장 아래 왼쪽의 QR 코드가 크고 또렷하게 나오도록 다시 찍어 주세요.",
        "There is no code in the picture. The QR code is at the lower left of the last page: take it large and sharp.",
    ),
    Trouble.OTHER_CODE: Said(
        "증명서의 전자관인이 아닌 다른 코드입니다. 마지막 장 아래 왼쪽의 QR 코드를 찍어 주세요.",
        "This is another code, not a certificate's seal. Take the QR code at the lower left of the last page.",
    ),
    Trouble.CODE_DAMAGED: Said(
        "코드가 있으나 읽을 수 없습니다. 잘리거나 접히거나 흐리지 않게 다시 찍어 주세요.",
        "There is a code, but it can't be read. Take it again, whole, flat and sharp.",
    ),
    Trouble.SEVERAL_CODES: Said(
        "서로 다른 전자관인이 둘 이상 있습니다. 증명서 한 통씩 확인해 주세요.",
        "There are different seals. Check one certificate at a time.",
    ),
}
