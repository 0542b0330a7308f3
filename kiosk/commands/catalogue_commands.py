"""`kiosk catalogue` and `kiosk template`: what there is to issue, and for a clerk whether a type's files are right."""

import json
import sys
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.commands.asking import MachineOption, machine_at
from kiosk.commands.output_file import ReplaceOption, free_to_write, write_pdf
from kiosk.console.choices import WithinOption, known_types
from kiosk.console.leaving import leave
from kiosk.console.named import existing_folder, naming
from kiosk.console.panels import Group
from kiosk.console.progress import progress
from kiosk.core.admin_call import bring, bundle_name_of
from kiosk.protocol import exits

if TYPE_CHECKING:
    from kiosk.catalogue.catalogue import Catalogue

catalogue = typer.Typer(
    help="Which certificates are sold here; take over newer ones.", cls=Group, no_args_is_help=True
)
template = typer.Typer(
    help="The forms of the certificates, and a page to test a printer.", cls=Group, no_args_is_help=True
)

Code = Annotated[str, typer.Argument(help="The type's code: the name of its folder in certs_templates/.")]
FormsOption = Annotated[
    Path | None,
    typer.Option(
        "--forms", help="another folder than this machine's certs_templates/", callback=existing_folder
    ),
]


@catalogue.command("list")
def list_types(
    as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False, run: MachineOption = None
) -> None:
    """Every type that could be sold with a card reader.

    Of the machine that runs here, else of what one is shipped with.
    """
    kinds = _catalogue(lambda: bundle_name_of(machine_at(run)).catalogue(card_reader=True)).types
    if as_json:
        rows = [
            {
                "no": kind.no,
                "code": kind.code,
                "name": kind.name.ko,
                "name_en": kind.name.en,
                "register": kind.register,
                "subject": kind.subject,
                "identification": kind.identification,
                "fee": kind.fee.base,
                "verified": kind.verified,
            }
            for kind in kinds
        ]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for kind in kinds:
        by_card = "card" if kind.identification == "card" else ""
        print(
            f"{kind.no:>3}  {kind.code:<22}{kind.fee.base:>6} KRW  {by_card:<5} {kind.name.ko} / {kind.name.en}"
        )
    print(f"{len(kinds)} type{'s' if len(kinds) != 1 else ''}")


@catalogue.command("apply")
def apply(
    run: MachineOption = None,
    within_s: WithinOption = 120,
) -> None:
    """Have the machine look for newer certificates and take them over.

    Waits until it serves from them.
    """
    with progress("New certificates") as work:
        said = bring(machine_at(run), within_s, work.say)
    print(said)


@catalogue.command("check")
def check(forms: FormsOption = None) -> None:
    """What is wrong with the catalogue's files, and how to mend it."""
    from kiosk.bundles.catalogue_files import ALL, FORMS, load_catalogue_files, today
    from kiosk.catalogue.read import WITH_READER, read

    found = _catalogue(lambda: read(load_catalogue_files(forms or FORMS, up_to=ALL), today(), WITH_READER))
    print(f"{len(found.types)} type{'s' if len(found.types) != 1 else ''}, nothing to mend")


@template.command("preview")
def preview(
    code: Code,
    out: Annotated[Path, typer.Option("--out", help="where the PDF and the pages go")] = Path("preview"),
    forms: FormsOption = None,
) -> None:
    """Set a form with each of its samples, as PDF and pictures.

    Or say what is wrong with the form.
    """
    from kiosk.console.output_folder import OutputFolder
    from kiosk.forms.preview import previews
    from kiosk.worker.refusals import WorkError
    from kiosk.worker.templates import DEFAULT_ROOT, TemplateError

    known_types([code], forms or DEFAULT_ROOT)
    try:
        # Of other forms and samples the pages stay: a clerk has several forms in hand.
        with naming(out), OutputFolder.take(out, "kiosk template preview", keep=True) as folder:
            written = list(previews(code, folder, forms or DEFAULT_ROOT))
    except (TemplateError, WorkError) as error:
        leave(exits.WRONG, f"{code}: {error}")
    for file, pages in written:
        print(f"{file}: {pages} page{'s' if pages > 1 else ''}")


@template.command("expect")
def expect(
    code: Annotated[str, typer.Argument(help="the type's code")] = "",
    every: Annotated[bool, typer.Option("--all", help="all types")] = False,
    forms: FormsOption = None,
) -> None:
    """Write expected.toml anew from the samples as they are set now.

    Read the difference before you keep it.
    """
    from kiosk.forms.preview import codes_of, write_expected
    from kiosk.worker.refusals import WorkError
    from kiosk.worker.templates import DEFAULT_ROOT, TemplateError

    if bool(code) == every:
        leave(exits.USAGE, "name one type, or say --all")
    root = forms or DEFAULT_ROOT
    for each in codes_of(root) if every else known_types([code], root):
        try:
            with naming(root / each):
                written = write_expected(each, root)
            print(written)
        except (TemplateError, WorkError) as error:
            leave(exits.WRONG, f"{each}: {error}")


@template.command("test-page")
def trial_page(
    out: Annotated[Path, typer.Option("--out", help="where the PDF goes")] = Path("test-page.pdf"),
    printer: Annotated[str, typer.Option("--printer", help="with the screens of this printer-uuid")] = "",
    run: Annotated[
        Path | None,
        typer.Option(
            "--run",
            help="the machine's run directory or the output folder of its demo; without one, no machine is named",
        ),
    ] = None,
    replace: ReplaceOption = False,
) -> None:
    """A page to check a printer with.

    Faces, scale, greys, lines, ground, and a seal that nobody trusts.
    """
    from kiosk.commands.trial import trial_page_of
    from kiosk.worker.refusals import WorkError

    free_to_write(out, replace=replace)
    try:
        write_pdf(out, trial_page_of(None if run is None else machine_at(run), printer))
    except ValueError as error:
        leave(exits.USAGE, str(error))
    except WorkError as error:
        leave(exits.MISSING, str(error))
    print(out)


@template.command("specimen")
def show_specimen(
    code: Code,
    out: Annotated[
        Path | None, typer.Option("--out", help="where the PDF goes; else CODE-specimen.pdf")
    ] = None,
    forms: FormsOption = None,
    replace: ReplaceOption = False,
) -> None:
    """A form with its sample and VOID across it, to show in public."""
    from kiosk.worker.refusals import WorkError
    from kiosk.worker.sample import render_sample
    from kiosk.worker.specimen import specimen
    from kiosk.worker.templates import DEFAULT_ROOT, TemplateError

    known_types([code], forms or DEFAULT_ROOT)
    file = free_to_write(out or Path(f"{code}-specimen.pdf"), replace=replace)
    try:
        write_pdf(file, specimen(render_sample(code, root=forms or DEFAULT_ROOT)))
    except (TemplateError, WorkError) as error:
        leave(exits.WRONG, f"{code}: {error}")
    print(file)


def _catalogue(load: Callable[[], "Catalogue"]) -> "Catalogue":
    from kiosk.catalogue.problems import CatalogueError

    try:
        return load()
    except CatalogueError as error:
        print(error, file=sys.stderr)
        raise SystemExit(exits.WRONG) from None


def hang_gallery(out: Path, data: Path | None, only: Collection[str]) -> int:
    """Every form (or `only` some) with its samples and the papers whose data is in `data`, verified. 0: contents
    genuine throughout; 1: one is not.
    """
    from kiosk.console.output_folder import OutputFolder
    from kiosk.forms.contact_sheets import BOOK, INDEX
    from kiosk.forms.gallery import drafts, hang
    from kiosk.worker.refusals import WorkError
    from kiosk.worker.templates import TemplateError
    from kiosk.worker.verify import Finding

    try:
        wanted = drafts(data, only)  # before what hangs there is taken down
        with naming(out), OutputFolder.take(out, "kiosk gallery") as folder:
            papers = hang(folder, wanted)
    except (TemplateError, WorkError) as error:
        leave(exits.WRONG, f"gallery: {error}")
    for paper in papers:
        print(f"{paper.finding:<18}{len(paper.pages):>3} p.  {paper.file.name}")
    print(
        f"{len(papers)} document{'s' if len(papers) > 1 else ''}; to look through: {out / INDEX}, {out / BOOK}"
    )
    return 0 if all(paper.finding is Finding.CONTENTS_GENUINE for paper in papers) else exits.WRONG
