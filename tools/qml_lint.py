"""Runs qmllint over every QML file, with the types that our Python classes show to QML.

A property that a screen uses and the class doesn't have is an error here, not a blank on the screen. Types are read
from the Python source each time, except where a room writes them down itself (ui/types, kept fresh by its own test):
only the running classes know which properties are constant.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import PySide6

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
METATYPES = Path(PySide6.__path__[0]) / "Qt" / "metatypes"
WRITTEN = ROOT / "ui" / "types"
IMPORT_NAME = re.compile(r'^QML_IMPORT_NAME = "([\w.]+)"$', re.MULTILINE)


def tool(name: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs one of the wheel's Qt tools from the root of the tree."""
    command = [str(BIN / name), *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def python_modules() -> dict[str, list[Path]]:
    """Which Python files make up which QML module, by their QML_IMPORT_NAME."""
    found: dict[str, list[Path]] = {}
    for file in sorted([*ROOT.glob("ui/**/*.py"), *ROOT.glob("simulators/**/*.py")]):
        if match := IMPORT_NAME.search(file.read_text(encoding="utf-8")):
            found.setdefault(match[1], []).append(file)
    return found


def write_types(name: str, files: list[Path], target: Path) -> None:
    """Writes the qmldir and the type description of one module below target. Raises SystemExit with Qt's own words."""
    folder = target / name.replace(".", "/")
    folder.mkdir(parents=True)
    dumps = []
    for file in files:
        dump = folder / f"{file.stem}.json"
        done = tool("pyside6-metaobjectdump", "-o", dump, file)
        if done.returncode or not dump.exists():
            # It reads the source without running it: absolute imports, and properties written with @Property.
            sys.exit(f"{file.relative_to(ROOT)}: its QML types can't be read\n{done.stdout}{done.stderr}")
        dumps.append(dump)
    foreign = [METATYPES / f"qt6{part}_metatypes.json" for part in ("core", "gui", "qml", "quick")]
    done = tool(
        "pyside6-qmltyperegistrar",
        "--generate-qmltypes",
        folder / "types.qmltypes",
        "-o",
        folder / "unused.cpp",
        "--import-name",
        name,
        "--major-version",
        "1",
        "--foreign-types",
        ",".join(map(str, foreign)),
        *dumps,
    )
    if done.returncode:
        sys.exit(f"{name}: no QML types could be made\n{done.stdout}{done.stderr}")
    (folder / "qmldir").write_text(f"module {name}\ntypeinfo types.qmltypes\n", encoding="utf-8")


def main() -> int:
    files = sorted([*ROOT.glob("ui/**/*.qml"), *ROOT.glob("simulators/**/*.qml")])
    if not files:
        return 0
    with tempfile.TemporaryDirectory(prefix="changgu-qml-") as folder:
        for name, sources in python_modules().items():
            if not (WRITTEN / name.replace(".", "/")).exists():
                write_types(name, sources, Path(folder))
        imports = [word for path in ("ui/qml", "ui/types", "simulators", folder) for word in ("-I", path)]
        done = tool("pyside6-qmllint", "-W", "0", *imports, *(file.relative_to(ROOT) for file in files))
    # The wrapper's last line repeats the whole command.
    lines = [line for line in (done.stdout + done.stderr).splitlines() if " returned " not in line]
    print("\n".join(lines))
    return 1 if done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
