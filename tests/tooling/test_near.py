"""`make near` chooses the tests that can see a change, says what it leaves out, and knows who reads which file."""

import re
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path

import grimp
import pytest

from tools import choosing, mutants, near, needs
from tools.choosing import ROOT, VISITS, Choice, Tree, choose, look
from tools.readers import READERS, WALKERS

# They start an interpreter, and nothing of ours in it that they don't import.
START_NOTHING_MORE = {
    *(
        "central.authority.picture",
        "kiosk.bench.against_others",
        "kiosk.console.display",
        "simulators.reader_daemon",
    ),
    "tools.steady",
    *("tests.accidents.test_stale_build", "tests.contract.card_tables", "tests.e2e.test_start"),
    *(
        "tests.rig.plain_user",
        "tests.rig.lanes.loaded",
        "tests.ui.test_look_and_words",
        "tests.unit.central.test_cli",
    ),
    *(
        "tests.unit.console.test_output_folder",
        "tests.unit.desk.test_desk_run",
        "tests.unit.desk.test_processes",
    ),
    *("tests.unit.drivers.test_ups_halt", "tests.wire.test_card_reader_daemon"),
    *("tests.unit.vocabulary.made", "tools.mutants", "tools.near"),
}


@pytest.fixture(scope="module")
def tree() -> Tree:
    return look()


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph(*needs.PACKAGES, cache_dir=None)


def files_of(tree: Tree, folder: str) -> set[str]:
    return {file for file in tree.files if re.fullmatch(rf"{folder}/(.*/)?test_\w+\.py", file)}


def everything(choice: Choice) -> set[str]:
    return {*choice.run, *choice.left}


@pytest.mark.parametrize("mutant", mutants.mutants(()), ids=lambda mutant: mutant.name)
def test_the_test_of_a_known_mistake_is_chosen_for_it(mutant: mutants.Mutant, tree: Tree) -> None:
    touched = re.findall(r"^--- a/(.+)$", mutant.patch.read_text("utf-8"), re.MULTILINE)
    assert touched
    assert mutant.test.partition("::")[0] in choose(touched, tree).run


def test_for_a_room_that_few_import_the_choice_is_small_and_holds_its_tests(tree: Tree) -> None:
    choice = choose(["kiosk/courier/backoff.py"], tree)
    assert "tests/unit/courier/test_courier_program.py" in choice.run
    assert len(choice.run) < len(choice.all) / 10
    assert not choice.run & files_of(tree, "tests/unit/(visit|order|worker)")


def test_tests_of_whole_programs_are_left_out_by_name_and_a_few_visits_run_for_them(tree: Tree) -> None:
    choice = choose(["kiosk/courier/backoff.py"], tree)
    assert {"tests/e2e/test_faults.py", "tests/crash/test_kill.py"} <= choice.left
    assert choice.run >= set(VISITS)
    said = "\n".join(near.lines(choice))
    assert f"leaves {len(choice.left)} to `make test`" in said
    assert VISITS[0] in said


def test_what_most_tests_need_reaches_them_and_near_says_so(tree: Tree) -> None:
    choice = choose(["kiosk/protocol/fault.py"], tree)
    assert everything(choice) >= files_of(tree, "tests/(e2e|crash)")
    assert "`make test` is as well run" in near.lines(choice)[-1]


def test_a_test_that_starts_a_program_runs_for_the_room_it_is_beside(tree: Tree) -> None:
    """tests/unit/courier starts `kiosk courier` and imports none of the dispatcher."""
    program = "tests/unit/courier/test_courier_program.py"
    assert program in choose(["kiosk/courier/dispatcher.py"], tree).run
    assert program in choose(["kiosk/core/drawing.py"], tree).left


def test_of_what_runs_only_in_a_started_program_nothing_is_forgotten(tree: Tree) -> None:
    for program in ("kiosk/programs/core.py", "central/serve.py", "simulators/__main__.py"):
        assert everything(choose([program], tree)) >= files_of(tree, "tests/e2e")
    assert "tests/ui/test_program.py" in choose(["kiosk/programs/ui.py"], tree).run
    assert "tests/contract/test_press.py" in choose(["kiosk/worker/typesetter_start.py"], tree).run


def test_every_import_that_the_import_rules_see_is_followed(tree: Tree, imports: grimp.ImportGraph) -> None:
    for module in imports.modules & tree.needs.files.keys():
        lost = imports.find_modules_directly_imported_by(module)
        lost -= tree.needs.imports[module] | tree.needs.above[module] | tree.needs.starts[module]
        assert lost == set(), module


def test_an_import_in_a_function_counts_and_so_does_one_in_a_folder_that_is_no_package(tree: Tree) -> None:
    assert "kiosk.desk.demo" in tree.needs.imports["kiosk.commands.commands"]
    assert "kiosk.protocol.spoken" in tree.needs.imports["tests.wording.test_decisions"]
    assert "tools.mutants" in tree.needs.imports["tests.tooling.test_near"]


def test_relative_imports_of_a_folder_that_is_no_package() -> None:
    names = {"a.b", "a.b.c", "a.d"}
    text = "from .c import x\nfrom . import c\nfrom .. import d\nimport a.d.e\n"
    assert [*needs.imported("a.b.z", "a/b/z.py", text, names)] == ["a.b.c", "a.b.c", "a.d", "a.d"]


def test_who_starts_an_interpreter_starts_what_is_known(tree: Tree, imports: grimp.ImportGraph) -> None:
    """One that is missing in START_NOTHING_MORE starts something that needs.py can't read: STARTED_UNNAMED."""
    silent = set()
    for module, file in tree.needs.files.items():
        text = (ROOT / file).read_text("utf-8")
        if "sys.executable" in text or "import_module(" in text:
            seen = imports.find_modules_directly_imported_by(module) if module in imports.modules else set()
            if not tree.needs.starts[module] | (tree.needs.imports[module] - seen):
                silent.add(module)
    assert silent <= START_NOTHING_MORE


def test_what_is_written_down_of_programs_is_there(tree: Tree) -> None:
    for module, programs in {**needs.STARTED_UNNAMED, **needs.DOORS}.items():
        assert tree.needs.starts[module] >= set(programs)
        assert set(programs) <= tree.needs.files.keys()
    assert set(needs.PROGRAMS) <= tree.needs.files.keys()
    assert {*VISITS} <= {*tree.files}


def test_all_tests_load_the_town_for_one_name_only(tree: Tree) -> None:
    """Else a change of what the town imports would have to run them all."""
    assert needs.TOWN in tree.needs.imports[needs.RUNNER]
    text = (ROOT / tree.needs.files[needs.RUNNER]).read_text("utf-8")
    assert set(re.findall(r"\btown\.(\w+)", text)) == {"KEPT_IN"}


def test_a_test_that_was_changed_is_chosen_and_no_other_room(tree: Tree) -> None:
    choice = choose(["tests/unit/order/test_card.py"], tree)
    assert "tests/unit/order/test_card.py" in choice.run
    assert not choice.run & files_of(tree, "tests/(e2e|crash|wire|ui|unit/(visit|central|courier))")
    assert choice.left == set()


def test_what_tests_share_runs_all_that_use_it_whole_programs_too(tree: Tree) -> None:
    choice = choose(["tests/rig/desk.py"], tree)
    assert "tests/e2e/test_notes.py" in choice.run
    assert choice.left == set()
    assert choose(["tests/unit/central/conftest.py"], tree).run >= files_of(tree, "tests/unit/central")


@pytest.mark.parametrize("file", ["tests/conftest.py", "tests/rig/lanes/lane.py", "pyproject.toml"])
def test_what_every_test_runs_in_runs_them_all(file: str, tree: Tree) -> None:
    assert choose([file], tree).run == choose([file], tree).all


def test_files_of_the_towns_preparation_make_no_test_one_of_whole_programs(tree: Tree) -> None:
    assert "tests/accidents/test_pages_gone_wrong.py" in choose(["kiosk/order/printing.py"], tree).run


@pytest.mark.parametrize(
    ("file", "test"),
    [
        ("kiosk/words/ko.toml", "tests/unit/words/test_words.py"),
        ("ui/qml/screens/Pay.qml", "tests/ui/test_fits.py"),
        ("certs_templates/land/form.typ", "tests/contract/test_render_contract.py"),
        ("central/web/templates/fleet.html", "tests/unit/central/test_whatever_is_stored.py"),
        ("systemd/kiosk-core.service", "tests/unit/systemd/test_units.py"),
        ("docs/protocol.md", "tests/wording/test_protocol_page.py"),
        ("docs/commands.md", "tests/unit/protocol/test_exits.py"),
        ("tests/mutants/10-no-tombstones.patch", "tests/tooling/test_mutants.py"),
        ("kiosk/order/recovery.py", "tests/tooling/test_mutants.py"),
        ("tools/setup.sh", "tests/tooling/test_setup.py"),
        ("Makefile", "tests/wording/test_contributing.py"),
    ],
)
def test_a_file_that_nobody_imports_is_seen_by_those_who_read_it(file: str, test: str, tree: Tree) -> None:
    assert test in choose([file], tree).run


def test_every_file_has_readers_and_every_reader_a_file(tree: Tree) -> None:
    data = [file for file in tree.files if not file.endswith(".py")]
    assert [file for file in data if not any(fnmatchcase(file, pattern) for pattern, _ in READERS)] == []
    for pattern, who in READERS:
        assert any(fnmatchcase(file, pattern) for file in tree.files), pattern
        for reader in who:
            assert any(fnmatchcase(module, reader) for module in tree.needs.files), reader


def test_who_walks_through_the_tree_runs_for_every_change(tree: Tree) -> None:
    walking = {
        module
        for module, file in tree.needs.files.items()
        if module.startswith(("tests.tooling.", "tests.wording.", "tests.unit.vocabulary."))
        and re.search(r"rglob\(|ls-files|build_graph\(", (ROOT / file).read_text("utf-8"))
    }
    assert walking - {"tests.tooling.test_near"} <= set(WALKERS) <= tree.needs.files.keys()
    assert "tests/wording/test_mentions.py" in choose(["kiosk/courier/backoff.py"], tree).run


def test_a_file_that_no_rule_knows_is_said_to_be_one(tree: Tree) -> None:
    for file, beside in (("kiosk/order/tariff.csv", "tests/unit/order/test_card.py"), ("new/thing", "")):
        choice = choose([file], tree)
        assert "no rule knows who reads it" in choice.why[file]
        assert choice.run >= {*files_of(tree, "tests/tooling"), *filter(None, [beside])}


def test_a_deleted_module_is_seen_by_whoever_still_imports_it(tmp_path: Path) -> None:
    # grimp would look at the tree as it is: the importer lies in a folder that is no package.
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "asks.py").write_text("def late():\n    from kiosk.gone import x\n", "utf-8")
    left = needs.read_needs(tmp_path, ["tools/asks.py"], ["kiosk/gone.py"])
    assert left.who_needs(["kiosk.gone"]) == {"kiosk.gone", "tools.asks"}


def test_a_deleted_test_is_not_run(tree: Tree) -> None:
    gone = "tests/unit/order/test_gone.py"
    assert gone not in choose([gone], look([gone])).run


def test_what_changed_is_what_was_committed_edited_added_and_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "ROOT", tmp_path)
    monkeypatch.setattr(near, "ROOT", tmp_path)

    def commit(**files: str) -> None:
        for name, text in files.items():
            (tmp_path / name).write_text(text, "utf-8")
        choosing.git("add", ".")
        choosing.git("-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x")

    choosing.git("init", "-q", "-b", "main")
    commit(same="1", edited="1", deleted="1", committed="1")
    choosing.git("checkout", "-q", "-b", "work")
    commit(committed="2")
    (tmp_path / "edited").write_text("2", "utf-8")
    (tmp_path / "deleted").unlink()
    (tmp_path / "added").write_text("1", "utf-8")
    (tmp_path / "folder").symlink_to(tmp_path)
    since, said = near.begun("")
    assert near.changed(since) == ["added", "committed", "deleted", "edited"]
    assert said == "near: there is no origin/main here; compared with main"
    assert near.begun("work~1") == (since, "")


def test_a_base_that_is_not_there_ends_with_a_sentence_and_2() -> None:
    command = [sys.executable, "-m", "tools.near", "--base", "no/such"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "near: 'no/such' is no commit that HEAD has history with; BASE= takes a branch or a commit\n"
    )
