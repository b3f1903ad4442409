"""The catalogues: complete, faithful to the placeholders, and one word for one text."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po
from jinja2 import TemplateSyntaxError

from web import translations


def faults_of(string: str, known: str | None = None, *, fuzzy: bool = False) -> str | None:
    """Return what is wrong with a translation of "Only %(num)s of {title}"."""
    message = Message("Only %(num)s of {title}", string, flags=["fuzzy"] if fuzzy else [])
    return translations._fault(message, (known or string,))


def test_every_text_is_translated_and_no_translation_has_a_fault() -> None:
    assert translations.problems() == []


def test_a_text_without_translation_is_named() -> None:
    assert faults_of("") == "not translated"


def test_a_guess_is_no_translation() -> None:
    assert faults_of("{title} 仅剩 %(num)s", fuzzy=True) == "only guessed"


def test_a_translation_keeps_the_placeholders() -> None:
    assert faults_of("{title} 仅剩 %(num)s") is None
    assert faults_of("{titel} 仅剩 %(num)s") == "other placeholders"
    assert faults_of("{title} 仅剩") == "other placeholders"


def test_one_text_has_one_translation_in_all_catalogues() -> None:
    assert faults_of("{title} 仅剩 %(num)s", "{title} 剩 %(num)s") == "translated as '{title} 剩 %(num)s' elsewhere"


def test_update_keeps_translations_and_drops_texts_that_are_gone(tmp_path: Path) -> None:
    path = tmp_path / "messages.po"
    old = Catalog(locale="zh")
    old.add("Kept", "保留")
    old.add("Gone", "消失")
    with path.open("wb") as file:
        write_po(file, old)
    template = Catalog()
    template.add("Kept")
    template.add("New")
    merged = translations._merged(path, "zh", template)
    assert {message.id: message.string for message in merged if message.id} == {"Kept": "保留", "New": None}


def test_the_words_of_parts_that_are_kept_are_gathered_too() -> None:
    found = {message.id for message in translations.gathered([translations.ROOT / "web"])}
    assert "Search goods and shops" in found


def test_a_template_that_cannot_be_read_stops_the_gathering(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "broken.html").write_text("{% nonsense %}{{ _('lost') }}", encoding="utf8")
    (tmp_path / ".babel.cfg").write_text((translations.ROOT / ".babel.cfg").read_text("utf8"), "utf8")
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    with pytest.raises(TemplateSyntaxError):
        translations.gathered([tmp_path])
