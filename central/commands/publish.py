"""`central bundle`: what a clerk does to bring certificate types to the machines, and to require them."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from central.commands.data_option import Data, Offline
from central.commands.working import working
from central.problems import SetupError
from kiosk.console.alone import alone

_SAID = 64  # of what is no type, so much is repeated

bundle = typer.Typer(help="Publish certificate types to the machines.", no_args_is_help=True)


@bundle.command()
def publish(
    data: Data,
    phase: Annotated[int, typer.Option(help="All types of this round and of those before it.", min=1)],
    add: Annotated[
        list[Path] | None, typer.Option(help="The folder of one more type; may be given again.")
    ] = None,
    keys: Offline = None,
) -> None:
    """Sign a new bundle, which machines take over between visits.

    A type that is added is issued from now on.
    """
    with working("A bundle"), alone(data):
        import msgspec

        from central.authority.keys import Folder
        from central.bundles.contents import gather, last_round
        from central.bundles.required import Required
        from central.clock import system_clock
        from central.services import repository_of

        folder, now = Folder(data.resolve()), system_clock()
        repository, required = repository_of(folder, keys), Required(folder.required)
        if phase > (last := last_round()):
            raise SetupError(
                f"there is no round {phase}, the last one is {last}; a type of one's own comes with --add"
            )
        for other in add or ():
            _take(other, folder.types)
        added = tuple(sorted(folder.types.iterdir())) if folder.types.is_dir() else ()
        made = gather(repository.version + 1, now, phase, added)
        repository.publish(made, now)
        required.write(msgspec.structs.replace(required.now, newest=made.version))
    types = sum(path.endswith("/catalogue.toml") for path in made.files)
    typer.echo(f"bundle {made.version}: {types} types, valid until {_day(made.valid_until)}")


@bundle.command()
def require(
    code: Annotated[str, typer.Argument(help="The type's code.")],
    version: Annotated[int, typer.Argument(help="The lowest bundle that it may be issued from.", min=0)],
    data: Data,
) -> None:
    """Refuse a type on machines whose bundle is older.

    For a fee or a form that must not be used any more.
    """
    with working("A requirement"), alone(data):
        import msgspec

        from central.authority.keys import Folder
        from central.authority.types import load_types
        from central.bundles.forms import DEFAULT_ROOT
        from central.bundles.required import Required
        from central.services import repository_of

        folder = Folder(data.resolve())
        required = Required(folder.required)
        known = required.now
        if code not in (types := load_types(DEFAULT_ROOT, folder.types)):
            raise SetupError(f"there is no type {code[:_SAID]!r}; the types are {', '.join(sorted(types))}")
        if version > (newest := repository_of(folder).version):
            # No machine has that one, and none could fetch it: all would stop selling the type.
            raise SetupError(f"bundle {version} is not published, the newest is {newest}; publish it first")
        required.write(msgspec.structs.replace(known, minimum={**known.minimum, code: version}))
    typer.echo(f"{code}: from bundle {version} on")


@bundle.command("change-key")
def change_key(
    name: Annotated[str, typer.Argument(help="root-1, root-2 or root-3.")], data: Data, keys: Offline = None
) -> None:
    """Put another root key in the place of one that was lost or seen.

    Two of three sign, before and after.
    """
    with working("Another root key"):
        from central.authority.keys import Folder
        from central.bundles.roles import ROOT_KEYS
        from central.clock import system_clock
        from central.services import repository_of

        if name not in ROOT_KEYS:
            raise typer.BadParameter(f"one of {', '.join(ROOT_KEYS)}")
        with alone(data):
            repository_of(Folder(data.resolve()), keys).change_root_key(name, system_clock())
    typer.echo(f"{name}: changed")


def _take(source: Path, types: Path) -> None:
    """The folder comes whole or not at all, and only as one that can be issued: a running server looks at any moment,
    and one type that it can't read would keep it from issuing all others.
    """
    from central.authority.types import load_types
    from central.bundles.contents import ContentsError
    from central.bundles.forms import FormsError, load_forms

    if not (source / "catalogue.toml").is_file():
        raise ContentsError(f"{source}: no catalogue.toml; name the folder of a certificate type")
    name = source.resolve().name
    unfinished = types.parent / ".types.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(source, unfinished / name)
    try:
        if set(load_types(unfinished)) != {name}:
            raise ContentsError(f"{source}: its code is not the folder's name")
        load_forms(added=unfinished)
    except FormsError as error:
        raise ContentsError(f"{source}: nothing was taken ({error})") from error
    types.mkdir(mode=0o700, exist_ok=True)
    place = types / name
    if place.exists():
        place.rename(unfinished / ".before")
    (unfinished / name).rename(place)
    shutil.rmtree(unfinished, ignore_errors=True)


def _day(seconds: int) -> str:
    from central.clock import from_ms

    return f"{from_ms(seconds * 1000):%Y-%m-%d}"
