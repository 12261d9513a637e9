"""Changing a definition, one step at a time: pure operations on the mapping that is stored.

Every operation takes a definition (the survey.yaml mapping) and gives a new one; what came in is
never touched, so the states of a history can be kept as they are. A definition may be half
finished at any moment. Rows are named by `name`; `normal` sees to it that each has one.

tree: rows and where they stand; kinds: what can be added; names: making and changing names;
rows: add, move, copy, remove; choices: answers of closed questions; texts: languages;
limits: simple constraints; findings: problems per row. Conditions: core/survey/conditions.py.
"""

from fieldapp.core.survey.edit.choices import (
    add_choice,
    add_ready_choice,
    move_choice,
    own_list,
    remove_choice,
    set_choice,
    use_list,
    users_of_list,
)
from fieldapp.core.survey.edit.findings import by_row
from fieldapp.core.survey.edit.kinds import KINDS, Kind, kind_of
from fieldapp.core.survey.edit.limits import (
    PATTERNS,
    Limits,
    LimitsError,
    read_limits,
    write_limits,
)
from fieldapp.core.survey.edit.names import all_names, rename, slug, unique
from fieldapp.core.survey.edit.rows import (
    add,
    blank,
    change_kind,
    copy,
    move,
    move_to,
    names_below,
    remove,
    set_cell,
    set_theme,
    users_of,
)
from fieldapp.core.survey.edit.texts import (
    TextPlace,
    add_language,
    completeness,
    places,
    remove_language,
    set_default_language,
    set_label,
    set_text,
    text_at,
)
from fieldapp.core.survey.edit.tree import Definition, EditError, Placed, Row, find, normal, walk

__all__ = [
    "KINDS",
    "PATTERNS",
    "Definition",
    "EditError",
    "Kind",
    "Limits",
    "LimitsError",
    "Placed",
    "Row",
    "TextPlace",
    "add",
    "add_choice",
    "add_language",
    "add_ready_choice",
    "all_names",
    "blank",
    "by_row",
    "change_kind",
    "completeness",
    "copy",
    "find",
    "kind_of",
    "move",
    "move_choice",
    "move_to",
    "names_below",
    "normal",
    "own_list",
    "places",
    "read_limits",
    "remove",
    "remove_choice",
    "remove_language",
    "rename",
    "set_cell",
    "set_choice",
    "set_default_language",
    "set_label",
    "set_text",
    "set_theme",
    "slug",
    "text_at",
    "unique",
    "use_list",
    "users_of",
    "users_of_list",
    "walk",
    "write_limits",
]
