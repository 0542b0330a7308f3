"""Copies: from typing import ClassVar

from the key under which a number is asked for to the paper in the hand, or its void.
"""

from typing import ClassVar

from msgspec import UNSET, UnsetType

from kiosk.protocol.journal.fact import Fact, Name, Sum


class IssueFact(Fact, frozen=True):
    """One copy: its order, its key, and its document number once it has one."""

    order: Name
    line: Sum
    copy: Sum
    key: Name
    type_code: Name
    number: Name


class IssueIntent(IssueFact, frozen=True):
    """Central is about to be asked for the document's number."""

    kind: ClassVar = "issue-intent"


class IssueNumbered(IssueFact, frozen=True):
    """The document has its number; the worker rendered it and read it back."""

    kind: ClassVar = "issue-numbered"
    sheets: Sum


class PrintIntent(IssueFact, frozen=True):
    """The document is about to be sent. The row names printer and presenter by serial number, their counters,
    and the printer's job.

    `pages_remembered` false: the printer has only a count of the job and forgets it with the job. The first
    machines did not write `printer`, `presenter` and `job`.
    """

    kind: ClassVar = "print-intent"
    pages_before: Sum
    retracts_before: Sum
    printer: Name | UnsetType = UNSET
    presenter: Name | UnsetType = UNSET
    job: Sum | UnsetType = UNSET
    pages_remembered: bool | UnsetType = UNSET


class PresentIntent(IssueFact, frozen=True):
    """The paper is about to be pushed out."""

    kind: ClassVar = "present-intent"
    sheets: Sum


class IssueDelivered(IssueFact, frozen=True):
    """The paper was taken: `fee` is kept, `sheets` are gone."""

    kind: ClassVar = "issue-delivered"
    fee: Sum
    sheets: Sum


class IssueVoid(IssueFact, frozen=True):
    """The document is void. `spoiled` sheets were printed in vain; `retracted` documents were pulled in.

    The first machines did not write `retracted`.
    """

    kind: ClassVar = "issue-void"
    reason: Name
    spoiled: Sum
    retracted: Sum = 0


class IssueDisputed(IssueFact, frozen=True):
    """Nobody can prove whether the paper was taken.

    `spoiled` and `retracted` as in issue-void, where they were read.
    """

    kind: ClassVar = "issue-disputed"
    reason: Name
    spoiled: Sum | UnsetType = UNSET
    retracted: Sum | UnsetType = UNSET
