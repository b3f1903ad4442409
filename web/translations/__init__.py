"""The catalogues of translated texts: gathers them from the sources, checks and compiles them.

`python -m web.translations update` brings every .po up to date, `check` names what is not translated; both take the
folder of a plugin that lives elsewhere. `extract` prints the texts. One catalogue serves core, tenants and web; each plugin has its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import plugins
from core.hooks.discovery import homes

ROOT = Path(__file__).parents[2]
LANGUAGES = ("zh",)
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
# A date that stands still, so that two branches' catalogues merge.
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
OWN = ROOT / "web" / "translations"
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "npgettext": (2, 3),
}


def plugin_folders() -> list[Path]:
    """Return the folders of the plugins in this tree."""
    return sorted(path.parent for path in (ROOT / "plugins").glob("*/__init__.py"))


def catalogue_path(folder: Path, language: str) -> Path:
    """Return where the catalogue of a language lies in a `translations` folder."""
    return folder / language / "LC_MESSAGES" / "messages.po"


def folders() -> list[Path]:
    """Return every existing `translations` folder: ours first, then the plugins', those of wheels too."""
    return [OWN, *(home / "translations" for home in homes([plugins]).values() if (home / "translations").is_dir())]


def catalogues() -> list[Path]:
    """Return every existing catalogue."""
    paths = (catalogue_path(folder, language) for folder in folders() for language in LANGUAGES)
    return [path for path in paths if path.exists()]


def _texts(folder: Path) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Yield (place, text or plural texts) of each translatable text below a folder."""
    with (ROOT / ".babel.cfg").open(encoding="utf8") as settings:
        methods, options = parse_mapping_cfg(settings)  # type: ignore[no-untyped-call]
    found = extract_from_dir(str(folder), methods, options, KEYWORDS, strip_comment_tags=True)
    for filename, _line, text, _comments, _context in found:
        if "tests/" not in filename:
            yield (folder / filename).as_posix().removeprefix(f"{ROOT.as_posix()}/"), text


def gathered(sources: list[Path]) -> Catalog:
    """Gather the texts of some folders into a template catalogue."""
    catalogue = Catalog(charset="utf-8", creation_date=_EPOCH)
    for source in sources:
        for place, text in _texts(source):
            catalogue.add(text, locations=[(place, 0)])
    return catalogue


def targets() -> list[tuple[Path, list[Path]]]:
    """Pair each `translations` folder with the sources whose texts belong in it."""
    own = (OWN, [ROOT / "core", ROOT / "tenants", ROOT / "web"])
    return [own, *((path / "translations", [path]) for path in plugin_folders())]


def _merged(path: Path, language: str, template: Catalog) -> Catalog:
    catalogue = Catalog(locale=language)
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.project, catalogue.version, catalogue.fuzzy = "Galleria", "1", False
    catalogue.creation_date = catalogue.revision_date = _EPOCH
    catalogue.header_comment = f"# Galleria, {Locale.parse(language).english_name}."
    return catalogue


def update(home: Path | None = None) -> None:
    """Add new texts to every catalogue, or to one plugin's, and drop the unused; what was translated is kept."""
    for folder, sources in [(home / "translations", [home])] if home else targets():
        template = gathered(sources)
        if not len(template):
            continue
        for language in LANGUAGES:
            path = catalogue_path(folder, language)
            catalogue = _merged(path, language, template)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                write_po(file, catalogue, omit_header=False, sort_output=True, no_location=True, width=100)


def problems() -> list[str]:
    """Return a line for each text that a language lacks, guesses, misquotes or translates in two ways."""
    templates = [(folder, gathered(sources)) for folder, sources in targets()]
    return [line for language in LANGUAGES for line in _problems(templates, language, {})]


def problems_of(home: Path) -> list[str]:
    """Return the same for one plugin's folder, which may lie outside of this tree, beside the other catalogues."""
    template, own = gathered([home]), home / "translations"
    return [line for language in LANGUAGES for line in _problems([(own, template)], language, _others(own, language))]


def _others(own: Path, language: str) -> dict[str, tuple[str, ...]]:
    seen: dict[str, tuple[str, ...]] = {}
    for path in (catalogue_path(folder, language) for folder in folders() if folder != own):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                seen.setdefault(_strings(message.id)[0], _strings(message.string))
    return seen


def _problems(templates: list[tuple[Path, Catalog]], language: str, seen: dict[str, tuple[str, ...]]) -> Iterator[str]:
    for folder, template in templates:
        path = catalogue_path(folder, language)
        for message in _merged(path, language, template):
            known = seen.setdefault(_strings(message.id)[0], _strings(message.string))
            fault = _fault(message, known) if message.id else None
            if fault:
                yield f"{path.as_posix().removeprefix(f'{ROOT.as_posix()}/')}: {fault}: {message.id!r}"


def _fault(message: Message, known: tuple[str, ...]) -> str | None:
    """Say what is wrong with one translation; `known` is the one of an earlier catalogue."""
    strings = _strings(message.string)
    if not all(strings):
        return "not translated"
    if message.fuzzy:
        return "only guessed"
    wanted = set(_PLACEHOLDER.findall(_strings(message.id)[-1]))
    if any(set(_PLACEHOLDER.findall(string)) != wanted for string in strings):
        return "other placeholders"
    # The catalogues serve as one, so a plugin's word would change the same text of all other pages.
    return None if strings == known else f"translated as {known[0]!r} elsewhere"


def _strings(string: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, tuple | list) else (string or "",)


def compile_all() -> None:
    """Write the .mo beside every .po."""
    for path in catalogues():
        compile_one(path)


def compile_one(path: Path) -> None:
    """Write the .mo beside one .po."""
    with path.open("rb") as source:
        catalogue = read_po(source)
    with path.with_suffix(".mo").open("wb") as target:
        write_mo(target, catalogue)
