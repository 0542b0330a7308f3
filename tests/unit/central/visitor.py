"""Somebody who looks at central's pages, in this process, and is shown every failure of theirs as it was raised."""

import asyncio
import itertools
from html.parser import HTMLParser

import httpx

from central.services import Services
from central.web.app import web_pages

_addresses = (f"10.{a}.{b}.{c}" for a, b, c in itertools.product(range(250), repeat=3))


class Visitor:
    """At one office's pages. Each call comes from an address of its own, so that nobody is asked to wait."""

    def __init__(self, services: Services) -> None:
        self._app = web_pages(services, asyncio.Event())

    async def get(self, path: str) -> httpx.Response:
        """A page."""
        async with self._client() as client:
            return await client.get(path)

    async def verify(self, number: str) -> httpx.Response:
        """What the page says of a document number."""
        async with self._client() as client:
            return await client.post("/verify", files={"number": (None, number)})

    def _client(self) -> httpx.AsyncClient:
        way = httpx.ASGITransport(self._app, raise_app_exceptions=True, client=(next(_addresses), 1))
        return httpx.AsyncClient(transport=way, base_url="http://central.example")


class Reading(HTMLParser):
    """A page as a browser takes it in: its texts, its elements, the rows of its tables."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.elements: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self.elements.append(tag)

    def handle_data(self, data: str) -> None:
        """Text stands here."""
        self.texts.append(data)

    @property
    def text(self) -> str:
        """All of it, in one line."""
        return " ".join(" ".join(self.texts).split())
