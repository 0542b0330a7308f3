"""The page that leads through the pictures: by screen, everything side by side, and nothing from anywhere else."""

import re
from html.parser import HTMLParser

from kiosk.commands.screens import Wanted
from kiosk.commands.screens_index import Picture, index_page


def pictures() -> list[Picture]:
    """As they are made: one way of display after the other, in each one language after the other."""
    return [
        Picture(screen, example, lang, mode, f"{lang}/{example}.{mode}.png")
        for mode in ("default", "200")
        for lang in ("ko", "en")
        for screen, example in (("pay", "pay"), ("take", "take"), ("pay", "pay-<odd>"))
    ]


class Page(HTMLParser):
    """What a browser would follow, in the page's order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.pictures: list[str] = []
        self.links: list[str] = []
        self.places: set[str] = set()
        self._in = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        self._in = tag if (tag in ("h2", "a") and self._in != "h3") or tag == "h3" else self._in
        if found.get("id"):
            self.places.add(str(found["id"]))
        if tag == "img":
            self.pictures.append(str(found["src"]))
        if tag == "a":
            self.links.append(str(found["href"]))

    def handle_data(self, data: str) -> None:
        if self._in in ("h2", "h3") and data.strip():
            self.headings.append(data.strip())
            self._in = ""


def test_every_picture_stands_once_by_screen_and_example_languages_and_modes_side_by_side() -> None:
    page = Page(index_page(pictures()))
    assert page.headings == ["pay", "pay", "pay-<odd>", "take", "take"]
    assert page.pictures[:4] == [
        "ko/pay.default.png",
        "en/pay.default.png",
        "ko/pay.200.png",
        "en/pay.200.png",
    ]
    assert sorted(page.pictures) == sorted(picture.file for picture in pictures())


def test_its_links_are_relative_and_lead_somewhere() -> None:
    text = index_page(pictures())
    page = Page(text)
    assert "://" not in text.replace('xmlns="http://www.w3.org/', "")
    files = {picture.file for picture in pictures()}
    for link in page.links:
        assert link in files or link.removeprefix("#") in page.places, link


def test_one_can_leave_languages_and_ways_of_display_out() -> None:
    text = index_page(pictures())
    assert re.findall(r'name="(\w+)" value="([\w-]+)"', text) == [
        ("lang", "ko"),
        ("lang", "en"),
        ("mode", "default"),
        ("mode", "200"),
    ]


def test_what_is_wanted_is_chosen_by_name_and_language() -> None:
    assert Wanted().fits("ko/pay-empty")
    some = Wanted(only=("pay", "trouble-*"), langs=("en",))
    assert [some.fits(name) for name in ("en/pay", "en/trouble-offline", "en/pay-empty", "ko/pay")] == [
        True,
        True,
        False,
        False,
    ]
