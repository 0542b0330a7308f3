"""A new key takes over on its day, a revoked one ends on its day, and all hear of it by a list that the root signs."""

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from central.authority.keys import enrol
from central.authority.trust_lists import AHEAD_DAYS, LIST_DAYS, ROOT_KEY, SIGNING_DAYS, TrustLists
from central.authority.verification import Judgement, Verdict, Verifier
from central.key_files import PkiError, new_ec_key
from central.registers.refusal import RefusedError
from central.services import Services, repository_of
from kiosk.courier.list_updater import ListUpdater
from kiosk.courier.repository import newest_list
from kiosk.protocol.central import Draft, IssueReply
from kiosk.protocol.seal import SealState, read_seal
from kiosk.protocol.signed_list import load_root, newest_list_of, read_list
from kiosk.protocol.trust import TrustList
from kiosk.protocol.trust_files import ROOT_FILE, lists_of
from tests.unit.central.office import NOON, Office, Worker
from tests.unit.central.test_cli import run
from tests.unit.courier.bundles import NOW, CatalogueFiles

ORDERS = (f"01JD00000000000000000{number:05d}" for number in range(10**5))


async def drafted(services: Services) -> tuple[Worker, Draft]:
    worker = Worker(services.keys.trust.sealing_key, order=next(ORDERS))
    answer = await services.desk.answer(worker.draft_request(), services.clock())
    assert isinstance(answer, Draft)
    return worker, answer


async def sealed(services: Services) -> str:
    """The seal of a paper that is issued now."""
    worker, draft = await drafted(services)
    call = worker.issue_call(draft)
    reply = msgspec.json.decode(await services.issuer.issue(call), type=IssueReply)
    assert reply.status == "issued"
    return worker.open_document(reply, call).seal


def kid_in(seal: str, trust: TrustList, now: datetime) -> str:
    """The one key that the seal is genuine with."""
    alone = {
        key.kid: read_seal(seal, msgspec.structs.replace(trust, keys=(key,)), int(now.timestamp())).state
        for key in trust.keys
    }
    [kid] = [kid for kid, state in alone.items() if state is SealState.GENUINE]
    return kid


def offline(seal: str, trust: TrustList, now: datetime) -> SealState:
    return read_seal(seal, trust, int(now.timestamp())).state


def test_a_new_key_takes_over_on_its_day_on_a_running_server_and_old_papers_stay_genuine(
    office: Office,
) -> None:
    old_list = TrustLists(office.folder).now
    [old] = old_list.keys

    async def tell(services: Services) -> None:
        before = await sealed(services)
        new = TrustLists(office.folder).roll(office.now + timedelta(days=AHEAD_DAYS), office.now)
        assert {key.kid for key in services.keys.trust.keys} == {old.kid, new.kid}
        office.later(days=AHEAD_DAYS, seconds=-1)
        assert (await drafted(services))[1].sealed_by == old.kid
        assert kid_in(await sealed(services), services.keys.trust, office.now) == old.kid
        office.later(seconds=1)
        assert (await drafted(services))[1].sealed_by == new.kid
        after = await sealed(services)
        trust = services.keys.trust
        assert kid_in(after, trust, office.now) == new.kid
        assert offline(before, trust, office.now) is SealState.GENUINE
        assert offline(after, old_list, office.now) is SealState.UNKNOWN_ISSUER
        desk = Verifier(services.database, services.keys.lists, services.clock, services.repertoire)
        assert (await desk.by_seal(before)).verdict is Verdict.GENUINE
        assert (await desk.by_seal(after)).verdict is Verdict.GENUINE

    office.story(tell)


def test_after_the_new_keys_first_day_the_old_one_seals_nothing_that_counts(office: Office) -> None:
    lists = TrustLists(office.folder)
    [old] = lists.now.keys
    new = lists.roll(NOON + timedelta(days=30), NOON)
    shortened = lists.now.key(old.kid)
    assert shortened is not None
    assert shortened.not_after == new.not_before
    assert lists.signing(NOON + timedelta(days=30)).key == new
    assert new.not_after - new.not_before == SIGNING_DAYS * 86_400


def test_what_a_revoked_key_sealed_since_is_not_genuine_and_what_it_sealed_before_is(office: Office) -> None:
    async def tell(services: Services) -> None:
        [old] = services.keys.trust.keys
        before = await sealed(services)
        office.later(days=10)
        since = office.now
        stolen = await sealed(services)
        office.later(days=2)
        lists = TrustLists(office.folder)
        lists.roll(office.now, office.now)
        lists.revoke(old.kid, since, office.now)
        trust = services.keys.trust
        assert offline(before, trust, office.now) is SealState.GENUINE
        assert offline(stolen, trust, office.now) is SealState.NOT_GENUINE
        assert kid_in(await sealed(services), trust, office.now) != old.kid
        desk = Verifier(services.database, services.keys.lists, services.clock, services.repertoire)
        assert (await desk.by_seal(before)).verdict is Verdict.GENUINE
        assert await desk.by_seal(stolen) == Judgement(Verdict.NOT_GENUINE, "signature")

    office.story(tell)


def test_the_only_key_that_seals_is_not_revoked_before_there_is_another(office: Office) -> None:
    lists = TrustLists(office.folder)
    [only] = lists.now.keys
    with pytest.raises(PkiError, match="only key that seals now"):
        lists.revoke(only.kid, NOON, NOON)
    with pytest.raises(PkiError, match="no signing key"):
        lists.revoke("00" * 8, NOON, NOON)
    assert lists.now.version == 1


def test_a_revocation_is_moved_back_and_never_forward(office: Office) -> None:
    lists = TrustLists(office.folder)
    [old] = lists.now.keys
    lists.roll(NOON, NOON)
    for since in (5, 3, 9):
        lists.revoke(old.kid, NOON + timedelta(days=since), NOON)
    revoked = lists.now.key(old.kid)
    assert revoked is not None
    assert revoked.revoked_since == int((NOON + timedelta(days=3)).timestamp())


@pytest.mark.logs_errors
def test_a_list_that_is_over_drafts_nothing_and_renewed_it_does(office: Office) -> None:
    async def tell(services: Services) -> None:
        office.later(days=LIST_DAYS, seconds=1)
        with pytest.raises(RefusedError) as refused:
            await drafted(services)
        assert refused.value.code == "trust-stale"
        TrustLists(office.folder).renew(office.now)
        await drafted(services)

    office.story(tell)


def test_how_long_seals_go_on_is_the_shorter_of_the_list_and_the_last_key(office: Office) -> None:
    lists = TrustLists(office.folder)
    assert lists.days_left(NOON) == LIST_DAYS
    assert lists.days_left(NOON + timedelta(days=LIST_DAYS - 1, seconds=1)) == 0
    assert lists.days_left(NOON + timedelta(days=LIST_DAYS + 9)) == 0
    late = NOON + timedelta(days=SIGNING_DAYS - 20)
    lists.renew(late)
    assert lists.days_left(late) == 20
    lists.roll(late + timedelta(days=5), late)
    assert lists.days_left(late) == LIST_DAYS


def test_a_key_stays_listed_until_its_last_paper_has_ended_and_then_it_is_destroyed(office: Office) -> None:
    lists = TrustLists(office.folder)
    [old] = lists.now.keys
    lists.roll(NOON, NOON)
    lists.renew(NOON + timedelta(days=90))
    assert lists.now.key(old.kid) is not None
    lists.renew(NOON + timedelta(days=90, seconds=1))
    assert lists.now.key(old.kid) is None
    assert [file.stem for file in office.folder.key("signing").iterdir()] == [lists.now.keys[0].kid]


def test_without_the_root_key_or_with_another_one_nothing_changes(office: Office, tmp_path: Path) -> None:
    before = office.folder.trust_list.read_bytes()
    with pytest.raises(PkiError, match="trust-root"):
        TrustLists(office.folder, tmp_path).renew(NOON)
    (tmp_path / ROOT_KEY).write_bytes(new_ec_key())
    with pytest.raises(PkiError, match="another root key"):
        TrustLists(office.folder, tmp_path).renew(NOON)
    assert office.folder.trust_list.read_bytes() == before


def test_a_key_made_twice_on_one_day_is_the_later_made(office: Office) -> None:
    lists = TrustLists(office.folder)
    made = [lists.roll(NOON, NOON) for _ in range(3)]
    assert lists.signing(NOON).key == made[-1]
    assert lists.signing(NOON + timedelta(seconds=1)).key == made[-1]


def test_a_key_can_not_begin_in_the_past(office: Office) -> None:
    with pytest.raises(PkiError, match="in the past"):
        TrustLists(office.folder).roll(NOON - timedelta(seconds=1), NOON)


# --- the commands, and how a machine hears of it ---


@pytest.fixture
def published(office: Office) -> Office:
    """A central with a repository, whose list has been signed on the day that the command's clock says."""
    repository_of(office.folder).create(NOW)
    TrustLists(office.folder).renew(NOW)
    return office


def keeper(office: Office, run: Path) -> ListUpdater:
    root = repository_of(office.folder).root_file.read_bytes()
    shelf = CatalogueFiles(office.folder.bundles)
    return ListUpdater(run, lambda: newest_list(root, run / "trust" / "tuf", shelf))


def test_a_machine_that_was_enrolled_before_gets_the_rolled_list_without_being_enrolled_again(
    published: Office, tmp_path: Path
) -> None:
    enrol(published.folder, "YDP-0001", tmp_path / "pki", NOW)
    machine, root = keeper(published, tmp_path), tmp_path / "pki" / ROOT_FILE
    machine.step()
    assert newest_list_of(lists_of(tmp_path), root).version == 2
    code, said = run("keys", "roll", "--data", published.folder.data)
    assert code == 0, said
    machine.step()
    trust = newest_list_of(lists_of(tmp_path), root)
    assert (trust.version, len(trust.keys)) == (3, 2)
    assert trust == TrustLists(published.folder).now


def test_a_bundle_and_a_list_are_published_side_by_side(published: Office, tmp_path: Path) -> None:
    from kiosk.courier.repository import newest_bundle
    from kiosk.protocol.bundle import unpack

    data = published.folder.data
    assert run("keys", "renew", "--data", data)[0] == 0
    assert run("bundle", "publish", "--data", data, "--phase", "1")[0] == 0
    assert run("keys", "renew", "--data", data)[0] == 0
    repository = repository_of(published.folder)
    root, shelf = repository.root_file.read_bytes(), CatalogueFiles(published.folder.bundles)
    assert unpack(newest_bundle(root, tmp_path / "a", shelf)).version == repository.version == 1
    raw = newest_list(root, tmp_path / "b", shelf)
    assert read_list(raw, load_root(published.folder.trust_root)) == TrustLists(published.folder).now


def test_the_commands_roll_revoke_and_list(published: Office) -> None:
    data = published.folder.data
    [old] = TrustLists(published.folder).now.keys
    code, said = run("keys", "revoke", old.kid, "--since", "now", "--data", data)
    assert (code, "keys roll --from now" in said) == (2, True)
    assert run("keys", "roll", "--from", "now", "--data", data)[0] == 0
    code, said = run("keys", "revoke", old.kid, "--since", "2026-11-24", "--data", data)
    assert code == 0
    assert "revoked since 2026-11-24; list 4 is published" in said
    code, said = run("keys", "list", "--data", data)
    lines = said.splitlines()
    assert lines[0].startswith("list 4, next update ")
    assert [line.split()[0] for line in lines if line.endswith("seals now")] != [old.kid]
    assert any(line.startswith(old.kid) and "revoked since 2026-11-24" in line for line in lines)


@pytest.mark.parametrize("day", ["tomorrow", "2026-13-01", "1.1.2027"])
def test_a_day_that_is_none_is_a_wrong_command(published: Office, day: str) -> None:
    assert run("keys", "roll", "--from", day, "--data", published.folder.data)[0] == 2
    assert TrustLists(published.folder).now.version == 2


def test_without_the_targets_key_nothing_is_changed(published: Office, tmp_path: Path) -> None:
    before = published.folder.trust_list.read_bytes()
    code, said = run("keys", "roll", "--data", published.folder.data, "--keys", tmp_path)
    assert (code, "bring the key to sign" in said) == (2, True)
    assert published.folder.trust_list.read_bytes() == before
