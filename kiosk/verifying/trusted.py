"""Which trust list a paper is judged with: the one that was named, this computer's own, else a demo's in the folder.

A demo's list says of itself that it is one, and no paper counts by it unless it was named or there is no other.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kiosk.console.output_folder import DESK_LOCK, MARK
from kiosk.protocol import exits
from kiosk.protocol.signed_list import load_list, load_root, newest_list_of, newest_of
from kiosk.protocol.trust import TrustError, TrustList
from kiosk.protocol.trust_files import LIST_FILE, ROOT_FILE, lists_of, said_version
from kiosk.settings import default_run
from kiosk.whole_file import read_whole_file

# What a demo leaves, and the machine of one that runs.
_DEMO_FOLDERS = ("demo-output", "demo-output/machine/pki")


class Trusted(NamedTuple):
    """Where lists lie, of which the newest counts, and the root that has to have signed them."""

    files: tuple[Path, ...]
    root: Path


class InUse(NamedTuple):
    """A list that was proved: what it says, which file it is, whether it is that of a demo."""

    keys: TrustList
    file: Path
    root: Path
    demo: bool


def default_trust() -> Trusted:
    """This machine's own lists and root, else a demo's in the present folder. Never what lies beside a document."""
    own = _own()
    if any(file.is_file() for file in own.files):
        return own
    return next(_demos(Path()), own)


def trusted_list(chosen: Trusted | None = None) -> TrustList:
    """What the list to judge with says (list_in_use). Raises TrustError."""
    return list_in_use(chosen).keys


def list_in_use(chosen: Trusted | None = None) -> InUse:
    """The list to judge with, proved: the chosen one, as long as it is not older than the one known here.

    Raises TrustError.
    """
    own = default_trust()
    if chosen is None:
        keys, file = newest_of(own.files, own.root, read_whole_file)
        return _in_use(keys, file, own.root)
    try:
        known = newest_list_of(own.files, chosen.root).version
    except TrustError:
        known = 0  # none here, or another authority's
    [file] = chosen.files
    return _in_use(load_list(file, chosen.root, known), file, chosen.root)


def demo_lists(paper: Path) -> Iterator[InUse]:
    """A demo's lists in the present folder, and in the one that the demo put this paper into: for a hint only.

    Whatever lies there, a folder with a demo's mark: who follows the hint is told that the list is that of a demo.
    """
    out = paper.resolve().parent.parent
    for demo in (*_demos(Path()), *(_beside(out) if (out / MARK).is_file() else ())):
        try:
            yield _in_use(newest_list_of(demo.files, demo.root), demo.files[0], demo.root)
        except TrustError:
            continue


def code_of_refused(chosen: Trusted | None) -> int:
    """The exit code where no list counts: a named file that is none at all was the wrong one."""
    if chosen is None:
        return exits.MISSING
    if any(file.is_file() and not said_version(file) for file in chosen.files):
        return exits.USAGE
    return code_of_root(chosen.root)


def code_of_root(root: Path) -> int:
    """The same of a root that was named."""
    try:
        load_root(root)
    except TrustError:
        return exits.USAGE if root.is_file() and root != _own().root else exits.MISSING
    return exits.MISSING


def _own() -> Trusted:
    return Trusted(lists_of(default_run()), default_run() / "pki" / ROOT_FILE)


def _demos(place: Path) -> Iterator[Trusted]:
    for name in _DEMO_FOLDERS:
        yield from _beside(place / name)


def _beside(folder: Path) -> Iterator[Trusted]:
    if (folder / LIST_FILE).is_file():
        yield Trusted((folder / LIST_FILE,), folder / ROOT_FILE)


def _in_use(keys: TrustList, file: Path, root: Path) -> InUse:
    # In what a demo filled, in its machine below that, or in that machine's own folder.
    places = {*file.absolute().parents, *file.resolve().parents}
    demo = any((place / sign).is_file() for place in places for sign in (MARK, DESK_LOCK))
    return InUse(keys, file, root, demo)
