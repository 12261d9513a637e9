"""The words a definition may use, as tables. A new question type starts with a row here."""

from __future__ import annotations

from collections.abc import Mapping

KINDS = ("bewonersgesprek", "portiekgesprek", "observatie", "enquete", "professional")
THEMES = ("welzijn", "onderwijs", "veiligheid", "wonen", "werk", "democratie", "binding")

LIST_TYPES = frozenset({"select_one", "select_multiple"})
SILENT_TYPES = frozenset({"calculate", "hidden"})  # never shown, so they need no label
UNANSWERED_TYPES = frozenset({"note", "calculate"})  # nobody can type an answer
TYPES = (
    "text",
    "integer",
    "decimal",
    "select_one",
    "select_multiple",
    "date",
    "image",
    "geopoint",
    "note",
    "calculate",
    "acknowledge",
    "hidden",
)

WEET_NIET, WIL_NIET = "weet_niet", "wil_niet"
RESERVED_CHOICES = frozenset({WEET_NIET, WIL_NIET})  # never a signal
RESERVED_NAMES = frozenset(
    {
        # fields of a submission and of every form, and the record's own part in XForms
        *("id", "survey", "version", "language", "captured_at", "location", "answers", "files"),
        *("csrf_token", "meta", "instanceID", "instanceName"),
        *RESERVED_CHOICES,
    }
)

TOP_KEYS = ("settings", "title", "intro", "thanks", "survey", "choices")
SETTINGS = ("form_id", "version", "kind", "default_language", "languages")
PAGE_COLUMNS = (
    "type",
    "name",
    "label",
    "relevant",
    "appearance",
    "same_page_relevant",
    "children",
)
TEXT_COLUMNS = ("label", "hint", "constraint_message", "required_message")
EXPRESSION_COLUMNS = ("required", "relevant", "constraint", "calculation")
PLAIN_COLUMNS = ("appearance", "parameters", "default")
QUESTION_COLUMNS = (
    *("type", "name", "theme", "role"),
    *TEXT_COLUMNS,
    *EXPRESSION_COLUMNS,
    *PLAIN_COLUMNS,
)
CHOICE_COLUMNS = ("name", "label", "signal", "icon", "theme")

COUNT_TYPES = frozenset({"integer", "calculate", "hidden"})
CLOSED_TYPES = frozenset({"select_one", "hidden"})
ANY_TYPE: frozenset[str] = frozenset(TYPES)

ROLES: Mapping[str, frozenset[str]] = {  # role -> the types that can carry it
    "consent_quote": frozenset({"select_one"}),
    "background.age_band": CLOSED_TYPES,
    "background.household": CLOSED_TYPES,
    "background.tenure": CLOSED_TYPES,
    "background.language": frozenset({"select_one", "text", "hidden"}),
    "doors_tried": COUNT_TYPES,
    "doors_opened": COUNT_TYPES,
    "doors_spoken": COUNT_TYPES,
    "households_spoken": COUNT_TYPES,
    "portiek": frozenset({"text", "hidden", "calculate"}),
    "problem_kind": ANY_TYPE,
    "solved": ANY_TYPE,
    "promise": ANY_TYPE,
    "return_visit": ANY_TYPE,
}

ROLE_CHOICES: Mapping[str, tuple[str, ...]] = {  # role -> the only choice names with a meaning
    "consent_quote": ("ja", "nee"),
    "background.age_band": ("0-14", "15-24", "25-44", "45-64", "65+"),
    "background.household": ("eenpersoons", "zonder_kinderen", "met_kinderen"),
    "background.tenure": ("koop", "huur_corporatie", "huur_overig"),
}
