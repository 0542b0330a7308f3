"""One kept-alive line to central over mutual TLS; a call on it ends at its deadline, whatever the other side does.

Environment proxies, netrc, redirects, cookies and compression are off: central's address and CA are all that counts.
"""

import logging
import time
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path

import requests
import urllib3
from msgspec import Struct

from kiosk.courier.connection import CutAdapter, Cutter
from kiosk.courier.pki import check_pki
from kiosk.courier.results import TOO_LARGE, Answer, Result, Unknown, judge
from kiosk.settings import VERSION, SettingsError

# Below the frame cap between our programs, so that every good answer can be handed on to core.
MAX_BODY_BYTES = 768 * 1024
PROBE_PATH = "/v1/time"
_CHUNK_BYTES = 16_384

log = logging.getLogger(__name__)


class Credentials(Struct, frozen=True):
    """PEM files: this machine's certificate chain and key, and the only CA that central is believed by."""

    certificate: Path
    key: Path
    ca: Path


class Call(Struct, frozen=True):
    """One request. `body` None is a GET. `key` is the Idempotency-Key, the same on each retry; empty for none."""

    path: str
    body: bytes | None = None
    key: str = ""


PROBE = Call(PROBE_PATH)


class Line:
    """One connection, used by one thread. `name` is for the log. Raises SettingsError for what it can't work with."""

    def __init__(self, url: str, credentials: Credentials, name: str) -> None:
        if not url.startswith("https://"):
            raise SettingsError(f"central_url in kiosk.toml is {url!r}; it has to begin with https://")
        check_pki(credentials.certificate, credentials.key, credentials.ca, time.time())
        self._url = url.rstrip("/")
        self._name = name
        self._cutter = Cutter()
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.verify = str(credentials.ca)
        self._session.cert = (str(credentials.certificate), str(credentials.key))
        self._session.headers.update(
            {"User-Agent": f"changgu/{VERSION}", "Accept": "application/json", "Accept-Encoding": "identity"}
        )
        self._session.mount("https://", CutAdapter(self._cutter))

    def call(self, call: Call, within_s: float) -> Result:
        """Send it and wait at most `within_s` seconds. Never raises for what the network or the server does."""
        begun = time.monotonic()
        answer = self._ask(call, within_s, MAX_BODY_BYTES)
        result = judge(answer) if isinstance(answer, Answer) else answer
        if isinstance(result, Unknown) and not result.answered:
            self.close()
        took = round((time.monotonic() - begun) * 1000)
        log.info("%s %s: %s in %d ms", self._name, call.path, in_short(result), took)
        return result

    def get(self, path: str, within_s: float, cap: int) -> Answer | Unknown:
        """A file of at most `cap` bytes as it came, whatever it is; its reader knows whether it is genuine."""
        answer = self._ask(Call(path), within_s, cap)
        if isinstance(answer, Unknown):
            self.close()
        said = in_short(answer) if isinstance(answer, Unknown) else f"status {answer.status}"
        log.info("%s %s: %s", self._name, path, said)
        return answer

    def _ask(self, call: Call, within_s: float, cap: int) -> Answer | Unknown:
        timer = self._cutter.begin(time.monotonic() + within_s)
        try:
            return self._exchange(call, cap)
        except _NotOursError as error:
            return Unknown(str(error))
        except (
            requests.RequestException,
            urllib3.exceptions.HTTPError,
            HTTPException,
            OSError,
            ValueError,
        ) as error:
            return self._failed(error)
        finally:
            timer.cancel()

    def warm(self, within_s: float) -> Result | None:
        """Open the connection ahead if it isn't open, with the cheapest call there is. None: it was open."""
        return None if self._cutter.alive() else self.call(PROBE, within_s)

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        self._session.close()
        self._cutter.close()

    def _exchange(self, call: Call, cap: int) -> Answer:
        headers = {"Content-Type": "application/json"} if call.body is not None else {}
        if call.key:
            headers["Idempotency-Key"] = call.key
        response = self._session.request(
            "GET" if call.body is None else "POST",
            self._url + call.path,
            data=call.body,
            headers=headers,
            timeout=self._cutter.remaining_s(),
            allow_redirects=False,
            stream=True,
        )
        with response:
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise _NotOursError("encoded-body")
            if not _framed(response):
                raise _NotOursError("unframed-body")
            body = bytearray()
            for chunk in response.raw.stream(_CHUNK_BYTES, decode_content=False):
                body += chunk
                if len(body) > cap:
                    raise _NotOursError(TOO_LARGE)
            if self._cutter.fired:
                raise TimeoutError  # a body that ended because we cut it is not a whole one
            header = response.headers.get
            return Answer(
                response.status_code,
                header("Content-Type", ""),
                header("Retry-After", ""),
                header("Date", ""),
                bytes(body),
            )

    def _failed(self, error: Exception) -> Unknown:
        sent = self._cutter.established
        if self._cutter.fired or isinstance(error, TimeoutError | requests.Timeout):
            return Unknown("no-answer-in-time", sent=sent)
        if isinstance(error, requests.exceptions.SSLError):
            return Unknown("tls-refused", sent=sent)
        return Unknown("connection-broken" if sent else "unreachable", sent=sent)


def _framed(response: requests.Response) -> bool:
    """Whether the end of the body can be told from its being cut off on the way."""
    length = response.headers.get("Content-Length", "")
    chunked = response.headers.get("Transfer-Encoding", "").lower() == "chunked"
    return response.status_code == 204 or chunked or (length.isascii() and length.isdigit())


class _NotOursError(Exception):
    """An answer that central never gives. The text is the cause."""


def in_short(result: Result) -> str:
    """One word and its code, for a log: nothing of a body."""
    if isinstance(result, Unknown):
        return f"unknown ({result.cause})"
    return type(result).__name__.lower() + (f" ({result.code})" if hasattr(result, "code") else "")
