"""`make near`: the tests that can see a change in their own process, and a few whole visits.

python -m tools.near              the change since origin/main, with what is not committed
python -m tools.near --base REF   since another commit
python -m tools.near --show       only says which tests, and runs none

It says what it leaves to `make test`. docs/decisions/0045 has the reasons.
"""

import argparse
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence

from kiosk.protocol.exits import SIGNALLED, USAGE
from tools.choosing import ROOT, VISITS, Choice, choose, git, look

BASES = ("origin/main", "main", "HEAD")
PYTEST = ("-m", "pytest", "--lanes", "5")
SHOWN = 8


class NoBaseError(Exception):
    """There is no such commit."""


def begun(base: str, usual: Sequence[str] = BASES) -> tuple[str, str]:
    """The commit at which the change began, and a sentence if that isn't the usual one. Raises NoBaseError."""
    for name in (base,) if base else usual:
        try:
            commit = git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}").strip()
            # What came to the base meanwhile is no change of ours.
            begin = git("merge-base", commit, "HEAD").strip()
        except subprocess.CalledProcessError:
            continue
        expected = base or usual[0]
        return begin, "" if name == expected else f"near: there is no {expected} here; compared with {name}"
    raise NoBaseError(
        f"near: {base!r} is no commit that HEAD has history with; BASE= takes a branch or a commit"
    )


def changed(since: str) -> list[str]:
    """The files that differ from that commit: committed, not committed, new, or gone."""
    listed = git("diff", "--name-only", "--no-renames", "-z", since)
    new = git("ls-files", "--others", "--exclude-standard", "-z")
    names = sorted({*filter(None, listed.split("\0")), *filter(None, new.split("\0"))})
    # A link to a folder is nobody's file.
    return [name for name in names if not (ROOT / name).is_dir()]


def lines(choice: Choice) -> list[str]:
    """What is said before the tests run."""
    said = [f"  {file}: {why}" for file, why in [*choice.why.items()][:SHOWN]]
    if len(choice.why) > SHOWN:
        said.append(f"  and {len(choice.why) - SHOWN} more changed files")
    said.append(f"near: runs {len(choice.run)} of {len(choice.all)} test files")
    if choice.walk:
        said.append(f"near: {choice.walk} of them read the whole tree, so they see every change")
    if choice.left:
        folders = Counter(file.split("/")[1] for file in choice.left)
        where = ", ".join(f"{folder} {count}" for folder, count in folders.most_common())
        said.append(
            f"near: leaves {len(choice.left)} to `make test`: they see it in whole programs ({where})"
        )
        said.append(f"near: runs in their place: {', '.join(VISITS)}")
    if len(choice.run) * 2 > len(choice.all):
        said.append("near: that is most of the tests; `make test` is as well run at once")
    return said


def main() -> int:
    """Choose, say so, run."""
    parser = argparse.ArgumentParser(prog="near", description="runs the tests that can see a change")
    parser.add_argument("--base", default="", help="the commit at which the change began; else origin/main")
    parser.add_argument("--show", action="store_true", help="only say which tests")
    asked = parser.parse_args()
    try:
        since, instead = begun(asked.base)
    except NoBaseError as error:
        print(error, file=sys.stderr)
        return USAGE
    files = changed(since)
    choice = choose(files, look(name for name in files if not (ROOT / name).exists()))
    print(*filter(None, [instead]), f"near: {len(files)} files changed since {since[:10]}", sep="\n")
    print(*lines(choice), *(sorted(choice.run) if asked.show else []), sep="\n", flush=True)
    if asked.show or not choice.run:
        return 0
    try:
        return subprocess.run(
            [sys.executable, *PYTEST, *sorted(choice.run)], cwd=ROOT, check=False
        ).returncode
    except KeyboardInterrupt:
        # pytest had it, too, and has told what it had found.
        return SIGNALLED + signal.SIGINT


if __name__ == "__main__":
    sys.exit(main())
