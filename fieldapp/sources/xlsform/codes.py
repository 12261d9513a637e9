"""How heavy each finding weighs: an error stops the import, a note only says what was done."""

from __future__ import annotations

from collections.abc import Iterable

from fieldapp.core.survey.problems import REMARKS, Problem

# told, because it may not be what the author meant; nothing of the form was lost
NOTES = frozenset(
    {
        "cells_merged",
        "file_not_used",
        "form_id_changed",
        "language_assumed",
        "name_from_file",
        "or_other_added",
        "setting_not_used",
        "sheet_hidden",
        "unknown_appearance",
        "delimiter_read_as",
    }
)
# something is not taken over, or reads other than it was written
WARNINGS = (
    frozenset(
        {
            "cell_without_heading",
            "choice_column_not_kept",
            "choice_without_label",
            "choice_without_list",
            "column_not_here",
            "column_not_used",
            "image_size_by_us",
            "language_columns_missing",
            "language_unknown",
            "language_without_code",
            "media_missing",
            "name_differs_by_case",
            "name_renamed",
            "or_other_translated",
            "question_left_blank",
            "repeat_without_label",
            "row_disabled",
            "row_not_used",
            "row_skipped",
            "sheet_misspelt",
            "text_twice",
            "type_not_recorded",
            "unknown_column",
            "xlsform_remark",
        }
    )
    | REMARKS
)


def is_error(found: Problem) -> bool:
    """Whether this stops the import. What nobody weighed does."""
    return found.code not in NOTES and found.code not in WARNINGS


def sorted_out(found: Iterable[Problem]) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """(errors, the rest), each in the order found."""
    errors: list[Problem] = []
    rest: list[Problem] = []
    for item in found:
        (errors if is_error(item) else rest).append(item)
    return tuple(errors), tuple(rest)
