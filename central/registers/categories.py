"""지목, the kinds of land: their codes in the land register, and what an English paper calls them."""

from collections.abc import Mapping

CATEGORIES: Mapping[str, str] = {
    "전": "01",
    "답": "02",
    "임야": "05",
    "대": "08",
    "공장용지": "09",
    "학교용지": "10",
    "도로": "14",
    "철도용지": "15",
    "하천": "17",
    "공원": "22",
    "잡종지": "28",
}
IN_ENGLISH: Mapping[str, str] = {
    "전": "Field",
    "답": "Paddy field",
    "임야": "Forest",
    "대": "Building site",
    "공장용지": "Factory site",
    "학교용지": "School site",
    "도로": "Road",
    "철도용지": "Railway site",
    "하천": "River",
    "공원": "Park",
    "잡종지": "Miscellaneous land",
}
