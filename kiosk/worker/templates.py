"""The certificate forms of this machine, read once: Typst sources, field lists, fixed words (certs_templates/)."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from kiosk.protocol.certificates import KOREAN, paper_language
from kiosk.protocol.fault import EnvironmentFault
from kiosk.protocol.forms import OFFICES, SHARED_FOLDER, SHARED_SUFFIXES, form_digest, own_files

COMMON = SHARED_FOLDER
DEFAULT_ROOT = Path(__file__).resolve().parents[2] / "certs_templates"
_MAX_FILE_BYTES = 1 << 20
_SUMMARY = "summary"


class TemplateError(EnvironmentFault):
    """A form's folder is broken; the message names the file and what is wrong with it."""


@dataclass(frozen=True)
class Template:
    """One form. `id` is `<code>/<version>`; `files` are Typst's sources by path; `words` are its sentences by language.

    `data` gives the most characters of each text field; a dict stands for a group, `lists` for lists of groups (with
    `most`, the most entries); 0 characters stands for a whole number, `[400]` for a list of at most 400 of them.
    `unprinted`: what does not stand on the page as text, `map` or `labels.x`. `stamps` are the offices' seals (SVG).
    `subject`, `asked`, `summary` and `left_out` are paths through the data (kiosk.protocol.fields). `digest` names what
    the form is made of (kiosk.protocol.forms).
    """

    code: str
    version: int
    max_sheets: int
    subject: tuple[str, ...]
    unprinted: tuple[str, ...]
    asked: dict[str, str]
    summary: dict[str, str]
    data: dict[str, Any]
    lists: dict[str, dict[str, Any]]
    words: dict[str, Any]
    stamps: dict[str, str]
    files: dict[str, bytes]
    sample: bytes
    left_out: dict[str, tuple[str, ...]] = field(default_factory=dict)
    digest: str = ""

    @property
    def id(self) -> str:
        """What drafts and seals call this form."""
        return f"{self.code}/{self.version}"

    def language(self, data: dict[str, Any]) -> str:
        """The language of the page with this data: the one that was chosen if the form has words in it, else Korean."""
        chosen = paper_language(data.get("options", {}))
        return chosen if chosen in self.words and chosen != _SUMMARY else KOREAN

    def page_words(self, data: dict[str, Any]) -> dict[str, Any]:
        """The fixed sentences of the page with this data."""
        words: dict[str, Any] = self.words[self.language(data)]
        return words

    def labels(self, lang: str) -> dict[str, str]:
        """The summary's labels in `lang`, else in Korean."""
        labels: dict[str, dict[str, str]] = self.words[_SUMMARY]
        return labels.get(lang, labels["ko"])


def load_templates(root: Path = DEFAULT_ROOT, code: str = "") -> dict[str, Template]:
    """All forms below `root`, or those of one type, by id. Raises TemplateError."""
    shared = {
        file.name: _read(file) for file in sorted((root / COMMON).iterdir()) if file.suffix in SHARED_SUFFIXES
    }
    folders = sorted(
        folder for folder in root.iterdir() if (folder / "type.toml").is_file() and code in ("", folder.name)
    )
    templates = [_load(folder, shared, root) for folder in folders]
    if not templates:
        raise TemplateError(f"{root}: no form here (a folder with type.toml)")
    return {template.id: template for template in templates}


def _load(folder: Path, shared: dict[str, bytes], root: Path) -> Template:
    """From bytes that are read once: what is digested is what is used."""
    own = {name: _read(folder / name) for name in own_files(_names(folder))}
    facts = _toml(folder / "type.toml", own["type.toml"])
    sources = {f"/{COMMON}/{name}": raw for name, raw in shared.items() if name.endswith(".typ")}
    try:
        return msgspec.convert(
            {
                **facts,
                "words": _toml(folder / "words.toml", own["words.toml"]),
                "stamps": {**_stamps(root / COMMON, shared), **_own_stamps(folder, own)},
                "files": {"main": own["form.typ"], **sources},
                "sample": _read(folder / "sample.json"),
                "digest": form_digest(own, shared),
            },
            Template,
        )
    except msgspec.ValidationError as error:
        raise TemplateError(f"{folder / 'type.toml'}: {error}") from error


def _names(folder: Path) -> list[str]:
    try:
        return [file.name for file in folder.iterdir()]
    except OSError as error:
        raise TemplateError(f"{folder}: cannot be read ({error.strerror})") from error


def _own_stamps(folder: Path, own: dict[str, bytes]) -> dict[str, str]:
    """The seals of offices that no other form has."""
    return _stamps(folder, own) if OFFICES in own else {}


def _stamps(folder: Path, files: dict[str, bytes]) -> dict[str, str]:
    """The seals that the folder's offices.toml names, by office."""
    if OFFICES not in files:
        raise TemplateError(f"{folder / OFFICES}: missing, or not a regular file")
    offices = _toml(folder / OFFICES, files[OFFICES]).get("offices", {})
    if lacking := [name for name in offices.values() if name not in files]:
        raise TemplateError(f"{folder / lacking[0]}: missing, or not a regular file")
    return {office: files[name].decode("utf-8") for office, name in offices.items()}


def _toml(file: Path, content: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TemplateError(f"{file}: not valid TOML: {error}") from error


def _read(file: Path) -> bytes:
    """A regular file's bytes: Typst would follow a link out of the folder, so links are refused."""
    try:
        if file.is_symlink() or not file.is_file():
            raise TemplateError(f"{file}: missing, or not a regular file")
        content = file.read_bytes()
    except OSError as error:
        raise TemplateError(f"{file}: cannot be read ({error.strerror})") from error
    if len(content) > _MAX_FILE_BYTES:
        raise TemplateError(f"{file}: larger than {_MAX_FILE_BYTES} bytes")
    return content
