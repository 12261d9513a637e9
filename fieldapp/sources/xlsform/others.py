"""`or_other`: the choice "other" and the question that asks which, in the languages we know."""

from __future__ import annotations

from typing import Any

from fieldapp.sources.xlsform.texts import Languages

# What stands in the form is the author's text, not the interface's; so no Babel here.
OTHER = {
    "nl": ("Anders", "Wat anders?"),
    "en": ("Other", "What other?"),
    "de": ("Anderes", "Was anderes?"),
    "fr": ("Autre", "Quoi d’autre ?"),
    "es": ("Otro", "¿Qué otro?"),
    "tr": ("Başka", "Başka ne?"),
    "ar": ("غير ذلك", "ما هو؟"),
    "pl": ("Inne", "Co innego?"),
    "uk": ("Інше", "Що саме?"),
}


def other_choice(languages: Languages) -> dict[str, Any]:
    """The choice named `other`."""
    return {"name": "other", "label": _said(languages, 0)}


def other_question(name: str, languages: Languages) -> dict[str, Any]:
    """The text question `<name>_other`, asked when `other` was chosen."""
    return {
        "type": "text",
        "name": f"{name}_other",
        "label": _said(languages, 1),
        "relevant": f"selected(${{{name}}}, 'other')",
    }


def _said(languages: Languages, which: int) -> dict[str, str]:
    known = {
        tag: OTHER[tag.partition("-")[0]][which]
        for tag in languages.order
        if tag.partition("-")[0] in OTHER
    }
    known.setdefault(languages.default, OTHER["en"][which])
    return known
