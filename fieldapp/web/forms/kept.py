"""Files that a draft keeps already, as its pages show them."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from fieldapp.core.survey.vocabulary import FILE_TYPES
from fieldapp.services.draft_pages import photo_key
from fieldapp.services.drafts import DraftState
from fieldapp.services.filled import paths_of
from fieldapp.web.forms.look import KeptPhoto


def kept_files(
    state: DraftState, url: Callable[[str], str], remove_name: str
) -> dict[str, tuple[KeptPhoto, ...]]:
    """Path of an answer -> the stored files that it names."""
    stored = {(file["question"], file["file_name"]): file for file in state.draft.files}
    kept: dict[str, tuple[KeptPhoto, ...]] = {}
    for path, question, names in paths_of(state.survey, state.filled.raw):
        if question.type not in FILE_TYPES or not isinstance(names, list):
            continue
        found = [stored[question.name, name] for name in names if (question.name, name) in stored]
        kept[path] = tuple(
            KeptPhoto(
                url=url(file["sha256"]),
                alt=_("Bewaarde foto %(number)s", number=number),
                remove_name=remove_name,
                remove_value=photo_key(path, file["sent_sha256"]),
                name="" if question.type == "image" else file["file_name"],
            )
            for number, file in enumerate(found, start=1)
        )
    return kept
