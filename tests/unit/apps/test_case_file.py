"""What a person decided is entered in the journal once a start, however often central says it."""

from kiosk.apps.case_file import CaseFile
from kiosk.order.saga import Record
from kiosk.protocol.claims import Resolution


def test_a_decision_is_entered_once_and_a_second_decision_too() -> None:
    entered: list[Record] = []
    file = CaseFile(entered.append)
    kept, paid = Resolution(7, "01O", "kept", 500), Resolution(7, "01O", "paid", 500)
    for resolved in ((kept,), (kept,), (kept, paid), (paid,)):
        file.heard(resolved)
    assert [(record.kind, record.body["case"], record.body["verdict"]) for record in entered] == [
        ("case-resolved", 7, "kept"),
        ("case-resolved", 7, "paid"),
    ]
