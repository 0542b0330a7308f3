"""`central keys`: the keys that seal certificates. Each change signs a newer trust list and publishes it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from central.commands.data_option import Data, Offline
from central.commands.failures import failures
from central.commands.working import working
from kiosk.console.alone import alone

if TYPE_CHECKING:
    from central.authority.trust_lists import TrustLists

keys = typer.Typer(help="The keys that seal certificates, and the list of them.", no_args_is_help=True)

NOW = "now"
# Of a day outside of these the terms that are counted from it would have no date, or no sense.
_FIRST_YEAR, _NO_MORE = 2000, 2100

T = TypeVar("T")


@keys.command("list")
def list_keys(data: Data) -> None:
    """Which keys there are, and how long their list is good for.

    And which one seals now.
    """
    from central.authority.folder import Folder
    from central.authority.trust_lists import TrustLists
    from central.clock import system_clock
    from central.key_files import PkiError

    with failures():
        lists = TrustLists(Folder(data.resolve()))
        found = lists.now
        try:
            sealing = lists.signing(system_clock()).key.kid
        except PkiError:
            sealing = ""
    typer.echo(f"list {found.version}, next update {_day(found.next_update)}")
    for key in found.keys:
        revoked = f", revoked since {_day(key.revoked_since)}" if key.revoked_since is not None else ""
        mark = ", seals now" if key.kid == sealing else ""
        typer.echo(f"{key.kid}  {_day(key.not_before)} to {_day(key.not_after)}{revoked}{mark}")


@keys.command()
def roll(
    data: Data,
    first: Annotated[
        str,
        typer.Option(
            "--from",
            help="The new key's first day (YYYY-MM-DD), or now; default: in 30 days, so that all know it.",
        ),
    ] = "",
    offline: Offline = None,
) -> None:
    """Make a new key that seals from a day on, and publish it.

    Old papers stay genuine.
    """
    with working("A new key"):
        from central.authority.trust_lists import AHEAD_DAYS
        from central.clock import system_clock

        now = system_clock()
        begins = _when(first, now) if first else now + timedelta(days=AHEAD_DAYS)
        made, version = _sign(data, offline, now, lambda lists: lists.roll(begins, now))
    typer.echo(f"{made.kid} seals from {_day(made.not_before)} on; list {version} is published")


@keys.command()
def revoke(
    kid: Annotated[str, typer.Argument(help="The key's name, as `central keys list` says it.")],
    data: Data,
    since: Annotated[
        str, typer.Option("--since", help="From this day (YYYY-MM-DD, or now) on its seals are not genuine.")
    ],
    offline: Offline = None,
) -> None:
    """Take a key back: what it sealed since is not genuine any more.

    What it sealed before stays so.
    """
    with working("A key is taken back"):
        from central.clock import system_clock

        now = system_clock()
        moment = _when(since, now)
        _, version = _sign(data, offline, now, lambda lists: lists.revoke(kid, moment, now))
    typer.echo(f"{kid} is revoked since {moment:%Y-%m-%d}; list {version} is published")


@keys.command()
def renew(data: Data, offline: Offline = None) -> None:
    """Sign the list anew before it is due, and publish it."""
    with working("The list is signed anew"):
        from central.clock import system_clock

        now = system_clock()
        _, version = _sign(data, offline, now, lambda lists: lists.renew(now))
    typer.echo(f"list {version} is published")


def _sign(
    data: Path, offline: Path | None, now: datetime, change: "Callable[[TrustLists], T]"
) -> tuple[T, int]:
    """Change the list, alone, and publish it for machines: what the change gives, and the list's version."""
    from central.authority.folder import Folder
    from central.authority.trust_lists import TrustLists
    from central.services import repository_of

    folder = Folder(data.resolve())
    with alone(folder.data):
        repository = repository_of(folder, offline)
        repository.check_keys()
        given = change(TrustLists(folder, offline))
        version = TrustLists(folder).now.version
        repository.publish_list(folder.trust_list.read_bytes(), version, now)
    return given, version


def _when(day: str, now: datetime) -> datetime:
    """The beginning of a day in Seoul or this moment. Raises typer.BadParameter."""
    from central.clock import SEOUL

    if day == NOW:
        return now
    try:
        found = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=SEOUL)
    except ValueError as error:
        raise typer.BadParameter("a day as YYYY-MM-DD, or now") from error
    if not _FIRST_YEAR <= found.year < _NO_MORE:
        raise typer.BadParameter(f"a day from {_FIRST_YEAR} until before {_NO_MORE}, or now")
    return found


def _day(seconds: int) -> str:
    from central.clock import SEOUL, from_ms

    return f"{from_ms(seconds * 1000).astimezone(SEOUL):%Y-%m-%d}"
