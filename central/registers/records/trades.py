"""What businesses in the town do and are called, in Korean and in English, and numbers that no tax office gave out."""

import random
from typing import Final

from msgspec import Struct

from central.registers.roman import romanised

_WEIGHTS: Final = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_NO_OFFICE = "099"  # the offices' numbers begin at 101
_INCORPORATED = "주식회사"


class Trade(Struct, frozen=True):
    """업태 and 종목; how such a shop calls itself; each with its English. `industry`: class of 한국표준산업분류, code
    and name, "" for what is not made in a factory.
    """

    category: str
    item: str
    sign: str
    category_en: str
    item_en: str
    sign_en: str
    industry: str = ""
    industry_name: str = ""
    industry_en: str = ""


SHOPS = (
    Trade("음식점업", "한식", "식당", "Food service", "Korean food", "Restaurant"),
    Trade("음식점업", "커피", "찻집", "Food service", "Coffee", "Coffee House"),
    Trade("소매업", "문구", "문구", "Retail trade", "Stationery", "Stationery"),
    Trade("소매업", "의류", "옷방", "Retail trade", "Clothing", "Clothing"),
    Trade("소매업", "수입식품", "상회", "Retail trade", "Imported food", "Trading"),
    Trade("서비스업", "미용", "미용실", "Services", "Hairdressing", "Hair Salon"),
    Trade("서비스업", "세탁", "세탁소", "Services", "Laundry", "Laundry"),
    Trade("교육서비스업", "보습학원", "학원", "Education services", "Private lessons", "Academy"),
)
WORKSHOPS = (
    Trade("제조업", "금형", "정밀", "Manufacturing", "Dies and moulds", "Precision",
          "29294", "주형 및 금형 제조업", "Manufacture of dies and moulds"),
    Trade("제조업", "인쇄", "인쇄", "Manufacturing", "Printing", "Printing",
          "18113", "오프셋 인쇄업", "Offset printing"),
    Trade("제조업", "절삭가공", "기공", "Manufacturing", "Metal cutting", "Machining",
          "25924", "절삭가공 및 유사처리업", "Cutting of metal and similar processing"),
    Trade("제조업", "빵", "제과", "Manufacturing", "Bread", "Bakery",
          "10712", "빵류 제조업", "Manufacture of bread"),
    Trade("제조업", "의류", "섬유", "Manufacturing", "Clothing", "Textile",
          "14112", "여자용 겉옷 제조업", "Manufacture of women's outerwear"),
)  # fmt: skip
BAKERY = WORKSHOPS[3]
PRINTING = WORKSHOPS[1]
_WORDS = (
    "한빛",
    "푸른들",
    "샛별",
    "누리온",
    "다온",
    "해오름",
    "가람",
    "미리내",
    "꽃담",
    "솔숲",
    "여울",
    "이음",
)


def draw_word(rng: random.Random) -> str:
    """What a name begins with."""
    return rng.choice(_WORDS)


def shop_name(word: str, trade: Trade) -> tuple[str, str]:
    """한빛식당, Hanbit Restaurant."""
    return word + trade.sign, f"{romanised(word)} {trade.sign_en}"


def company_name(word: str, trade: Trade) -> tuple[str, str]:
    """한빛인쇄주식회사, Hanbit Printing Co., Ltd."""
    return f"{word}{trade.sign}{_INCORPORATED}", f"{romanised(word)} {trade.sign_en} Co., Ltd."


def company_in_english(name: str) -> str:
    """A company by its Korean name alone: 샛별제과주식회사, Saetbyeoljegwa Co., Ltd."""
    return f"{romanised(name.replace(_INCORPORATED, ''))} Co., Ltd."


def business_number(order: int) -> str:
    """The `order`th 사업자등록번호 of nobody, well-formed: the last of its ten digits checks the others."""
    if order > 9_999:
        raise ValueError("no number is left")
    body = f"{_NO_OFFICE}{order % 79 + 1:02d}{order:04d}"
    number = body + str(check_digit(body))
    return f"{number[:3]}-{number[3:5]}-{number[5:]}"


def check_digit(body: str) -> int:
    """The tenth digit to these nine."""
    digits = [int(digit) for digit in body]
    total = sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return -(total + digits[-1] * _WEIGHTS[-1] // 10) % 10
