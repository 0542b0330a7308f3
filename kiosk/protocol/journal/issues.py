"""Copies: from the key under which a number is asked for to the paper in the hand, or its void."""

from msgspec import UNSET, UnsetType

from kiosk.protocol.journal.fact import Fact, Name, Sum


class IssueFact(Fact, frozen=True):
    """One copy: whose it is, its key, and its number once it has one."""

    order: Name
    line: Sum
    copy: Sum
    key: Name
    type_code: Name
    number: Name


class IssueIntent(IssueFact, frozen=True, tag="issue-intent"):
    """Central is about to be asked for the document's number."""


class IssueNumbered(IssueFact, frozen=True, tag="issue-numbered"):
    """The document has its number."""

    sheets: Sum


class PrintIntent(IssueFact, frozen=True, tag="print-intent"):
    """The document is about to be sent: printer and presenter by serial, where their counters stand, the printer's job.

    `pages_remembered` false: the printer has only a count of the job, which it forgets with the job.
    """

    pages_before: Sum
    retracts_before: Sum
    printer: Name
    presenter: Name
    job: Sum
    pages_remembered: bool | UnsetType = UNSET


class PresentIntent(IssueFact, frozen=True, tag="present-intent"):
    """The paper is about to be pushed out."""

    sheets: Sum


class IssueDelivered(IssueFact, frozen=True, tag="issue-delivered"):
    """The paper was taken: `fee` is kept, `sheets` are gone."""

    fee: Sum
    sheets: Sum


class IssueVoid(IssueFact, frozen=True, tag="issue-void"):
    """The document does not exist. `spoiled` sheets were printed for nothing, `retracted` documents pulled in.

    The first machines did not write `retracted`.
    """

    reason: Name
    spoiled: Sum
    retracted: Sum = 0


class IssueDisputed(IssueFact, frozen=True, tag="issue-disputed"):
    """Nobody can prove whether the paper was taken."""

    reason: Name
    spoiled: Sum | UnsetType = UNSET
    retracted: Sum | UnsetType = UNSET
