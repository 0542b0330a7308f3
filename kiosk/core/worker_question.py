"""A question to the visit's worker, and who hears the answer. What is no answer to it is told apart."""

from collections.abc import Callable
from typing import TypeVar, cast

from msgspec import Struct

from kiosk.protocol.worker import FromWorker, Request, WorkRefused, answers_to

A = TypeVar("A")


class WorkerQuestion:
    """One request that was sent. The types of its answers are those that the request names."""

    def __init__(self, request: Request[A], answer: Callable[[A | WorkRefused], None]) -> None:
        self._request = request.request
        self._answers: tuple[type[Struct], ...] = (*answers_to(type(request)), WorkRefused)
        self._hear = cast(Callable[[object], None], answer)

    def fits(self, message: FromWorker) -> bool:
        """Whether `message` answers this question. A worker that says anything else is not to be believed."""
        return isinstance(message, self._answers)

    def hear(self, message: FromWorker) -> None:
        """Hand the answer on. It has to fit."""
        assert self.fits(message)
        self._hear(message)

    def refuse(self, code: str) -> None:
        """There will be no answer."""
        self._hear(WorkRefused(self._request, code))
