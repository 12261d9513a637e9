"""The words a definition may use, as tables. A new question type starts with a row here."""

from __future__ import annotations

from collections.abc import Mapping

KINDS = ("bewonersgesprek", "portiekgesprek", "observatie", "enquete", "professional")
THEMES = ("welzijn", "onderwijs", "veiligheid", "wonen", "werk", "democratie", "binding")

LIST_TYPES = frozenset({"select_one", "select_multiple", "rank"})
FILE_TYPES = frozenset({"image", "audio", "video", "file"})
GEO_TYPES = frozenset({"geopoint", "geotrace", "geoshape"})
# filled in by the form itself; the last three are personal data and stay blank (docs/xlsform.md)
METADATA_TYPES = frozenset(
    {"start", "end", "today", "deviceid", "username", "phonenumber", "email"}
)
SILENT_TYPES = frozenset({"calculate", "hidden"}) | METADATA_TYPES  # never shown: no label needed
UNANSWERED_TYPES = frozenset({"note", "calculate"}) | METADATA_TYPES  # nobody can type an answer
TYPES = (
    "text",
    "integer",
    "decimal",
    "range",
    "select_one",
    "select_multiple",
    "rank",
    "date",
    "time",
    "dateTime",
    "image",
    "audio",
    "video",
    "file",
    "barcode",
    "geopoint",
    "geotrace",
    "geoshape",
    "note",
    "calculate",
    "acknowledge",
    "hidden",
    *sorted(METADATA_TYPES),
)
GROUP_TYPES = ("group", "repeat")
MEDIA = ("image", "big-image", "audio", "video")  # what a label can be accompanied by
FIELD_LIST = "field-list"
SAME_PLACE = "same-place"  # an image question that shows earlier photos of the place
GHOST = "ghost-"  # an image question with appearance ghost-<name> is taken over that earlier photo

WEET_NIET, WIL_NIET = "weet_niet", "wil_niet"
RESERVED_CHOICES = frozenset({WEET_NIET, WIL_NIET})  # never a signal
# the record's own part in XForms, and the control that guards our pages
RESERVED_NAMES = frozenset({"meta", "instanceID", "instanceName", "draft_token"})

TOP_KEYS = ("settings", "title", "intro", "thanks", "survey", "choices", "tables", "files")
SETTINGS = (
    "form_id",
    "version",
    "kind",
    "default_language",
    "languages",
    "style",
    "instance_name",
)
GROUP_COLUMNS = (
    "type",
    "name",
    "label",
    "hint",
    "relevant",
    "appearance",
    "repeat_count",
    "children",
)
TEXT_COLUMNS = ("label", "hint", "guidance_hint", "constraint_message", "required_message")
EXPRESSION_COLUMNS = (
    "required",
    "relevant",
    "constraint",
    "calculation",
    "choice_filter",
    "read_only",
)
PLAIN_COLUMNS = ("appearance", "parameters", "default")
QUESTION_COLUMNS = (
    *("type", "name", "theme", "role", "media", "trigger"),
    *TEXT_COLUMNS,
    *EXPRESSION_COLUMNS,
    *PLAIN_COLUMNS,
)
CHOICE_COLUMNS = ("name", "label", "media", "signal", "icon", "theme", "columns")

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
