"""The settings sheet -> settings and titles of a definition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldapp.core.survey.check import FORM_ID
from fieldapp.core.survey.problems import suggestion
from fieldapp.core.survey.versions import slug
from fieldapp.sources.xlsform.book import Book
from fieldapp.sources.xlsform.languages import normal_tag
from fieldapp.sources.xlsform.limits import problem
from fieldapp.sources.xlsform.texts import Languages, logic

NAMES = {
    "form_title": "form_title", "set_form_title": "form_title", "title": "form_title",
    "form_id": "form_id", "set_form_id": "form_id", "id_string": "form_id",
    "version": "version", "style": "style", "instance_name": "instance_name",
    "default_language": "default_language", "kind": "kind",
    "public_key": "public_key", "submission_url": "submission_url",
    "allow_choice_duplicates": "allow_choice_duplicates",
}  # fmt: skip
# settings of other tools, without a meaning here
OTHERS = frozenset(
    "name namespaces auto_send auto_delete submission_url sms_keyword sms_separator "
    "sms_allow_media sms_date_format sms_datetime_format sms_response prefix delimiter "
    "clean_text_values omit_instanceid instance_id add_none_option flat client_editable "
    "instance_xmlns entity_version xml_root allow_choice_duplicates attribute".split()
)
NO = frozenset({"", "no", "false", "false()", "nee", "0"})
LONGEST_FORM_ID = 60


def read_settings(book: Book, in_survey: Mapping[str, str]) -> dict[str, str]:
    """The first row by our names, and titles per language as `form_title_<tag>`."""
    found: dict[str, str] = dict(in_survey)
    rows = book.rows("settings")
    if not rows:
        return found
    title = book.sheets["settings"].name
    for number, _cells in rows[1:]:
        book.problems.append(problem("row_not_used", title, number, found="settings"))
    number, cells = rows[0]
    for heading, cell in cells.items():
        plain = "_".join(heading.lower().split())
        name = NAMES.get(plain) or (plain if plain.startswith("form_title_") else "")
        if name:
            found.setdefault(name, cell)
        if plain == "public_key":
            book.problems.append(problem("encryption_not_supported", title, number, heading))
        elif plain.partition("::")[0] in OTHERS:
            if cell.lower() not in NO:
                book.problems.append(
                    problem("setting_not_used", title, number, heading, found=heading)
                )
        elif not name:
            near = suggestion(plain, [*NAMES, *OTHERS])
            more = {"suggestion": near} if near else {}
            wrong = problem("unknown_column", title, 1, heading, found=heading, **more)
            book.problems.append(wrong)
    return found


def settings_part(
    book: Book, written: Mapping[str, str], languages: Languages, file_stem: str, kind: str
) -> dict[str, Any]:
    """`settings` and `title` of the definition; what had to be made up is noted."""
    title = written.get("form_title") or written.get("form_id") or file_stem
    form_id = _form_id(book, written.get("form_id") or file_stem, "form_id" in written)
    settings: dict[str, Any] = {
        "form_id": form_id,
        "version": written.get("version") or "1",
        "kind": kind or written.get("kind", ""),
        "default_language": languages.default,
        "languages": list(languages.order),
    }
    if not settings["kind"]:
        book.problems.append(problem("kind_needed", "settings", 0, "kind"))
        settings["kind"] = "observatie"  # so that the rest is looked at too
    if written.get("style"):
        settings["style"] = written["style"]
    if written.get("instance_name"):
        settings["instance_name"] = logic(written["instance_name"])
    return {"settings": settings, "title": {languages.default: title} | _titles(written, languages)}


def _titles(written: Mapping[str, str], languages: Languages) -> dict[str, str]:
    found = {
        normal_tag(name.removeprefix("form_title_")): text
        for name, text in written.items()
        if name.startswith("form_title_")
    }
    return {tag: text for tag, text in found.items() if tag in languages.order}


def _form_id(book: Book, written: str, is_setting: bool) -> str:
    is_fine = FORM_ID.fullmatch(written) and len(written) <= LONGEST_FORM_ID
    made = written if is_fine else slug(written)[:LONGEST_FORM_ID]
    if made != written:
        code = "form_id_changed" if is_setting else "name_from_file"
        book.problems.append(problem(code, "settings", 0, "form_id", found=written, name=made))
    return made
