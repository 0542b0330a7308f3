"""What a model of page printer says of itself, and which of its sheets it counts: our own, and bought ones as files.

A file of `simulators/printers/` holds the attributes of a real printer by their kind; `lifetime` and `job` name the
counters that it tells. What is this twin's own (state, jobs, address, paper) is in printer_attributes.py.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from simulators.ipp import Attribute, Tag, Value, Worded

FORMAT = "application/pdf"
A4 = "iso_a4_210x297mm"
HOLDS = ("no-hold", "indefinite")
ONE_SIDED, TWO_SIDED = "one-sided", "two-sided-long-edge"
_OPERATIONS = (0x0002, 0x0004, 0x0005, 0x0006, 0x0008, 0x0009, 0x000A, 0x000B)
_FOLDER = Path(__file__).parent / "printers"
_KINDS = {
    "boolean": Tag.BOOLEAN, "charset": Tag.CHARSET, "enum": Tag.ENUM, "integer": Tag.INTEGER, "keyword": Tag.KEYWORD,
    "language": Tag.LANGUAGE, "mime": Tag.MIME, "name": Tag.NAME, "octets": Tag.OCTETS, "range": Tag.RANGE,
    "resolution": Tag.RESOLUTION, "text": Tag.TEXT, "uri": Tag.URI, "text-with-language": Tag.TEXT_WITH_LANGUAGE,
}  # fmt: skip
LACKS = ("sheet-count", "job-count", "pdf", "one-side", "one-sided-default")
"""What a cheaper printer of ours would not have: a count of sheets for life, one of a job's; PDF; printing on one side,
or doing so without being told.
"""


@dataclass(frozen=True)
class PrinterModel:
    """Attributes that never change, and the names of the counters that it tells."""

    attributes: tuple[Attribute, ...]
    lifetime: tuple[str, ...]
    job: tuple[str, ...]

    def values(self, name: str) -> tuple[object, ...]:
        """The values of one of its attributes."""
        return next((tuple(v.content for v in a.values) for a in self.attributes if a.name == name), ())

    @property
    def two_sided(self) -> bool:
        """Whether a job that says nothing comes out on both sides."""
        return self.values("sides-default")[:1] not in ((), (ONE_SIDED,))

    def takes(self, name: str, content: object) -> bool:
        """Whether a job may ask for this."""
        known = self.values(f"{name}-supported")
        ranges = [span for span in known if isinstance(span, tuple)]
        return content in known or any(
            low <= content <= high for low, high in ranges if isinstance(content, int)
        )


def one(name: str, tag: Tag, *contents: int | bool | str | bytes | tuple[int, ...]) -> Attribute:
    """An attribute whose values all have the same tag."""
    return Attribute(name, tuple(Value(tag, content) for content in contents))


def bought() -> tuple[str, ...]:
    """The models that there are files of."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.toml")))


def load(name: str) -> PrinterModel:
    """A bought model. Raises FileNotFoundError for one that there is no file of."""
    table = tomllib.loads((_FOLDER / f"{name}.toml").read_text("utf-8"))
    attributes = [
        Attribute(attribute, tuple(_value(_KINDS[kind], content) for content in contents))
        for kind, known in table.items()
        if kind in _KINDS
        for attribute, contents in known.items()
    ]
    return PrinterModel(tuple(attributes), tuple(table["lifetime"]), tuple(table["job"]))


def _value(tag: Tag, content: int | bool | str | list[int]) -> Value:
    if tag is Tag.TEXT_WITH_LANGUAGE and isinstance(content, str):
        return Value(tag, Worded("en", content))
    if tag is Tag.OCTETS and isinstance(content, str):
        return Value(tag, content.encode())
    return Value(tag, tuple(content) if isinstance(content, list) else content)


def own(lacks: Iterable[str] = ()) -> PrinterModel:
    """Our own model, or a cheaper one."""
    model = PrinterModel(
        _OWN,
        (
            "printer-media-sheets-completed",
            "printer-impressions-completed",
            "printer-pages-completed",
        ),
        ("job-impressions-completed", "job-media-sheets-completed"),
    )
    for lack in lacks:
        model = _without(model, lack)
    return model


def _without(model: PrinterModel, lack: str) -> PrinterModel:
    match lack:
        case "sheet-count":
            return replace(model, lifetime=())
        case "job-count":
            return replace(model, job=())
        case "pdf":
            raster = one("document-format-supported", Tag.MIME, "image/pwg-raster")
            return _with(model, raster, one("document-format-default", Tag.MIME, "image/pwg-raster"))
        case "one-side":
            only = one("sides-supported", Tag.KEYWORD, TWO_SIDED)
            return _with(model, only, one("sides-default", Tag.KEYWORD, TWO_SIDED))
        case "one-sided-default":
            both = one("sides-supported", Tag.KEYWORD, ONE_SIDED, TWO_SIDED)
            return _with(model, both, one("sides-default", Tag.KEYWORD, TWO_SIDED))
        case _:
            return model


def _with(model: PrinterModel, *changed: Attribute) -> PrinterModel:
    names = {attribute.name for attribute in changed}
    kept = tuple(attribute for attribute in model.attributes if attribute.name not in names)
    return replace(model, attributes=(*kept, *changed))


def _column() -> tuple[Attribute, ...]:
    size = (one("x-dimension", Tag.INTEGER, 21_000), one("y-dimension", Tag.INTEGER, 29_700))
    media = (Attribute("media-size", (Value(Tag.BEGIN_COLLECTION, size),)),)
    return (
        Attribute("media-size-supported", (Value(Tag.BEGIN_COLLECTION, size),)),
        Attribute("media-col-default", (Value(Tag.BEGIN_COLLECTION, media),)),
        one("media-col-supported", Tag.KEYWORD, "media-size"),
    )


_OWN = (
    one("printer-make-and-model", Tag.TEXT, "CGS Laser A4"),
    one("ipp-versions-supported", Tag.KEYWORD, "1.1", "2.0"),
    one("operations-supported", Tag.ENUM, *_OPERATIONS),
    one("multiple-document-jobs-supported", Tag.BOOLEAN, False),
    one("multiple-operation-time-out", Tag.INTEGER, 60),
    one("charset-configured", Tag.CHARSET, "utf-8"),
    one("charset-supported", Tag.CHARSET, "utf-8", "us-ascii"),
    one("natural-language-configured", Tag.LANGUAGE, "en"),
    one("generated-natural-language-supported", Tag.LANGUAGE, "en"),
    one("document-format-default", Tag.MIME, FORMAT),
    one("document-format-supported", Tag.MIME, FORMAT),
    one("compression-supported", Tag.KEYWORD, "none"),
    one("pdl-override-supported", Tag.KEYWORD, "attempted"),
    one("color-supported", Tag.BOOLEAN, False),
    one("pages-per-minute", Tag.INTEGER, 170),
    one("sides-default", Tag.KEYWORD, ONE_SIDED),
    one("sides-supported", Tag.KEYWORD, ONE_SIDED),
    one("copies-default", Tag.INTEGER, 1),
    one("copies-supported", Tag.RANGE, (1, 1)),
    one("printer-resolution-default", Tag.RESOLUTION, (600, 600, 3)),
    one("printer-resolution-supported", Tag.RESOLUTION, (600, 600, 3)),
    one("print-color-mode-default", Tag.KEYWORD, "monochrome"),
    one("print-color-mode-supported", Tag.KEYWORD, "monochrome"),
    one("orientation-requested-default", Tag.ENUM, 3),
    one("orientation-requested-supported", Tag.ENUM, 3),
    one("print-quality-default", Tag.ENUM, 4),
    one("print-quality-supported", Tag.ENUM, 4),
    one("output-bin-default", Tag.KEYWORD, "face-down"),
    one("output-bin-supported", Tag.KEYWORD, "face-down"),
    one("finishings-default", Tag.ENUM, 3),
    one("finishings-supported", Tag.ENUM, 3),
    one("job-creation-attributes-supported", Tag.KEYWORD, "copies", "media", "sides", "job-hold-until"),
    one("job-hold-until-default", Tag.KEYWORD, HOLDS[0]),
    one("job-hold-until-supported", Tag.KEYWORD, *HOLDS),
    one("which-jobs-supported", Tag.KEYWORD, "completed", "not-completed", "all"),
    one("media-default", Tag.KEYWORD, A4),
    one("media-supported", Tag.KEYWORD, A4),
    *_column(),
)
