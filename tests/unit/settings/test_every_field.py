"""Every field of every table has its sentence, and stands in the file that a technician copies."""

import ast
import inspect
import re
from pathlib import Path

import pytest
from msgspec import Struct

from kiosk.settings import SettingsError, load
from tests.unit.settings.made import SHIPPED, places, shown, structs


def sentences(shape: type[Struct]) -> dict[str, str]:
    """Each field, and the string directly below it; "" where there is none."""
    (made,) = ast.parse(inspect.getsource(shape)).body
    assert isinstance(made, ast.ClassDef)
    found = dict[str, str]()
    for line, below in zip(made.body, [*made.body[1:], None], strict=True):
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            match below:
                case ast.Expr(ast.Constant(str() as said)):
                    found[line.target.id] = said
                case _:
                    found[line.target.id] = ""
    return found


@pytest.mark.parametrize("shape", [*structs()], ids=lambda shape: shape.__name__)
def test_every_field_has_its_sentence(shape: type[Struct]) -> None:
    told = sentences(shape)
    assert [*told] == [*shape.__struct_fields__]
    assert [name for name, said in told.items() if not re.fullmatch(r"[A-Z$\"`].+\.", said)] == []


@pytest.mark.parametrize("shape", [*structs()], ids=lambda shape: shape.__name__)
def test_every_table_refuses_what_it_does_not_know_and_says_what_it_is(shape: type[Struct]) -> None:
    assert shape.__struct_config__.forbid_unknown_fields
    assert shape.__struct_config__.frozen
    assert shape.__doc__


def test_every_field_stands_in_the_shipped_file_and_nothing_else() -> None:
    assert set(shown()) == {*places()} - {"printer.ground"}
    assert SHIPPED.read_text("utf-8").endswith("\n[printer.ground]\n")


MARKED = [line for line in SHIPPED.read_text("utf-8").splitlines() if re.match(r"# \w+ = ", line)]


@pytest.mark.parametrize("line", MARKED)
def test_whoever_takes_the_mark_from_one_line_sets_what_it_says(line: str, tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(SHIPPED.read_text("utf-8").replace(f"\n{line}\n", f"\n{line[2:]}\n"), "utf-8")
    if line.startswith(("# values", "# checksum")):
        with pytest.raises(SettingsError, match=r"there is no setting cash\.hoppers\[0\]"):
            load(file)
        return
    if "ict104" in line or line.startswith('# port = ""'):
        # They would be the hopper's above, which has them: a validator's table has to be begun first.
        with pytest.raises(SettingsError, match="Cannot overwrite a value"):
            load(file)
        return
    (tmp_path / "plain.toml").write_text(SHIPPED.read_text("utf-8"), "utf-8")
    run = "/var/lib/changgu" if line.startswith("# run_dir") else str(tmp_path)
    assert load(file).run_dir == run
    assert load(file).printer == load(tmp_path / "plain.toml").printer
