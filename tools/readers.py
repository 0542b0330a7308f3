"""Who reads the files that no module imports: words, forms, screens, units, documents, patches."""

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

# Each pattern of files, with its readers. A reader may be a pattern of modules, too. A `*` goes through folders.
READERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("kiosk/words/*.toml", ("kiosk.words.words",)),
    ("kiosk/worker/pages/*", ("kiosk.worker.specimen", "kiosk.worker.trial_page")),
    ("ui/qml/*", ("ui.window", "ui.pictograms", "tests.ui.test_look_and_words")),
    ("ui/types/*", ("ui.qml_types", "tests.ui.test_look_and_words")),
    ("ui/words_offline.toml", ("ui.own_words",)),
    ("simulators/dock/qml/*", ("simulators.dock.window",)),
    ("simulators/printers/*", ("simulators.printer_model",)),
    ("central/web/*", ("central.web.pages", "central.web.app")),
    ("central/store/migrations/*", ("central.store.database",)),
    (
        "certs_templates/*",
        (
            *("kiosk.worker.templates", "kiosk.bundles.catalogue_files", "kiosk.console.choices"),
            *("kiosk.forms.preview", "kiosk.forms.gallery"),
            *("central.authority.types", "central.bundles.contents", "central.bundles.forms"),
        ),
    ),
    ("config/catalogue/*", ("kiosk.bundles.catalogue_files", "central.bundles.contents")),
    ("config/panels/*", ("ui.panel",)),
    ("config/kiosk.toml", ("tests.unit.settings.*", "tests.unit.systemd.*", "tests.unit.core.*")),
    ("systemd/*", ("tests.unit.systemd.*",)),
    ("tests/mutants/*", ("tests.tooling.test_mutants", "tests.tooling.test_near")),
    ("tests/changes/*", ("tests.tooling.test_changes",)),
    ("tests/later/*", ("tests.unit.central.test_later_type", "tests.e2e.test_certificates_arrive")),
    ("tests/unit/ledger/recorded/*", ("tests.unit.ledger.*",)),
    ("tests/unit/ledger/*.db", ("tests.unit.ledger.*",)),
    ("tests/unit/settings/*.toml", ("tests.unit.settings.*",)),
    ("tests/crash/lives/*.txt", ("tests.crash.lives.*",)),
    # They say what is installed, and how tests are run.
    ("pyproject.toml", ("tests.*",)),
    ("requirements/*", ("tests.*",)),
    *(
        (file, ("tests.tooling.*", "tests.wording.*"))
        for file in ("*.md", "docs/*", "tools/*", ".*", "Makefile", "LICENSE")
    ),
)
# What walks through the tree, or through all of tests/: it can see any change.
WALKERS = (
    *(f"tests.wording.test_{name}" for name in ("accidents", "architecture", "contributing", "decisions")),
    *(f"tests.wording.test_{name}" for name in ("decoding", "glossary", "mentions", "privacy_names_tests")),
    *(
        f"tests.tooling.test_{name}"
        for name in ("import_rules", "lanes", "locks", "package_data", "plain_user", "setup")
    ),
    "tests.unit.vocabulary.made",
)


def readers(file: str, modules: Iterable[str]) -> frozenset[str] | None:
    """The modules that read this file, by the table; None where no row knows it."""
    rows = [who for pattern, who in READERS if fnmatchcase(file, pattern)]
    if not rows:
        return None
    return frozenset(module for module in modules for who in rows[0] if fnmatchcase(module, who))


def beside(file: str, modules: Mapping[str, str]) -> frozenset[str]:
    """For a file that no row knows: the modules in its folder, or in the nearest one above that has any."""
    folder = Path(file)
    while (folder := folder.parent) != Path("."):
        found = {module for module, path in modules.items() if Path(path).is_relative_to(folder)}
        if found:
            return frozenset(found)
    return frozenset()


def namers(files: Iterable[str], texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each of `files` with each of `texts` in which a string begins with its path, or is its name."""
    for file in files:
        name = re.compile(rf'"(?:[^"\s]*/)?{re.escape(file)}(?![\w/-])|"{re.escape(Path(file).name)}"')
        # The diff of a patch has paths with a letter before them.
        diffed = f"--- a/{file}\n"
        for path, text in texts.items():
            if path != file and (diffed in text if path.endswith(".patch") else name.search(text)):
                yield file, path
