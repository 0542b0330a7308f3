"""What the authority knows of an issue is kept as long as its type says, and then it is gone; its number is not."""

from datetime import datetime
from typing import Any, get_args

import msgspec
import pytest

from central.authority.retention import FOR_EVER, purge, retain_until
from central.authority.verification import Judgement, Verdict, Verifier
from central.clock import SEOUL, to_ms
from central.problems import ProblemError
from central.registers.residents import known
from central.services import Services
from central.store.schema import issue
from kiosk.protocol.central import IssueCall, IssueReply
from kiosk.protocol.certificates import Retention
from tests.unit.central.certificates import TYPES
from tests.unit.central.citizen import HOUSEHOLD, household_issue, household_request, identified
from tests.unit.central.office import NOON, Office, Worker, all_rows

YEARS = int(TYPES[HOUSEHOLD].file.retention.removesuffix("y"))
OVER = datetime(2027 + YEARS, 1, 1, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("kind", "issued", "until"),
    [
        ("1y", datetime(2026, 1, 1, tzinfo=SEOUL), datetime(2028, 1, 1, tzinfo=SEOUL)),
        ("1y", datetime(2026, 12, 31, 23, 59, tzinfo=SEOUL), datetime(2028, 1, 1, tzinfo=SEOUL)),
        ("5y", datetime(2026, 11, 23, tzinfo=SEOUL), datetime(2032, 1, 1, tzinfo=SEOUL)),
        ("30y", datetime(2026, 11, 23, tzinfo=SEOUL), datetime(2057, 1, 1, tzinfo=SEOUL)),
    ],
)
def test_years_are_counted_from_the_first_of_january_after_the_issue(
    kind: Retention, issued: datetime, until: datetime
) -> None:
    assert retain_until(kind, issued) == to_ms(until)


def test_what_is_permanent_has_no_end_and_every_other_class_has_one() -> None:
    classes: tuple[Retention, ...] = get_args(Retention)
    endless = [kind for kind in classes if retain_until(kind, NOON) == FOR_EVER]
    assert endless == ["permanent"]


async def issued(services: Services) -> tuple[IssueCall, dict[str, Any]]:
    """The call for somebody's household copy, and central's row of it."""
    worker = Worker(services.keys.trust.sealing_key)
    token = (await identified(services, worker, known.ALONE)).token
    draft = (await services.desk.draft(household_request(worker, token), services.clock())).draft
    call = household_issue(worker, draft, token)
    assert msgspec.json.decode(await services.issuer.issue(call), type=IssueReply).status == "issued"
    [row] = await all_rows(services, issue)
    return call, row


async def checked(services: Services, number: str) -> Judgement:
    verifier = Verifier(services.database, services.keys.lists, services.clock, services.repertoire)
    return await verifier.by_number(number)


def test_an_issue_is_kept_until_its_types_time_is_over_and_then_its_row_is_empty(office: Office) -> None:
    async def tell(services: Services) -> None:
        _call, row = await issued(services)
        assert row["retain_until_ms"] == to_ms(OVER)
        assert await purge(services.database, datetime.fromtimestamp(OVER.timestamp() - 1, SEOUL)) == 0
        assert await purge(services.database, OVER) == 1
        [left] = await all_rows(services, issue)
        kept = (
            "kiosk",
            "key",
            "order_id",
            "line",
            "copy",
            "status",
            "number",
            "issued_ms",
            "verify_until_ms",
        )
        assert {name: left[name] for name in kept} == {name: row[name] for name in kept}
        others = {name: value for name, value in left.items() if name not in kept}
        assert not any(others.values()), others
        assert await purge(services.database, OVER) == 0

    office.story(tell)


def test_of_what_was_purged_nothing_can_be_read_from_the_file_any_more(office: Office) -> None:
    async def tell(services: Services) -> str:
        _call, row = await issued(services)
        await purge(services.database, OVER)
        return str(row["subject"])

    subject = office.story(tell).encode()
    files = [*office.folder.data.glob("central.db*")]
    assert files
    assert not any(subject in file.read_bytes() for file in files)


def test_a_number_whose_time_is_over_is_known_as_expired_and_its_key_stays_taken(office: Office) -> None:
    async def tell(services: Services) -> None:
        call, row = await issued(services)
        office.now = OVER
        await purge(services.database, OVER)
        found = await checked(services, str(row["number"]))
        assert (found.verdict, found.fields) == (Verdict.EXPIRED, None)
        with pytest.raises(ProblemError) as refused:
            await services.issuer.issue(call)
        assert refused.value.code == "key-reused"

    office.story(tell)
