"""What the import of a questionnaire can say, in words for the terminal.

A code without a sentence here is shown as it is, with its values: those of expressions and of our
own columns speak for themselves to who types commands.
"""

from __future__ import annotations

from collections.abc import Mapping

from fieldapp.cli.sentences import fill
from fieldapp.core.survey import Problem

WRONG: Mapping[str, str] = {
    "archive_too_large": "unpacks to {megabytes} MB; copy the filled rows to a new workbook",
    "binary_workbook": "an .xlsb; save it as .xlsx",
    "book_too_large": "{megabytes} MB, at most {most}; take pictures out of the workbook",
    "calculation_cycle": "{found!r} depends on itself, through {through}; take one reference out",
    "cell_too_long": "too long a text; shorten it",
    "cell_without_heading": "{found!r} stands in a column without a name and is left out",
    "cells_merged": "some cells are merged: only the first counts",
    "choice_column_not_kept": "column {found!r} cannot be named in a condition and is left out",
    "choice_name_with_space": "choice name {found!r} has a space; use _",
    "choice_without_label": "a choice without a label",
    "choice_without_list": "{found!r} belongs to no list and is left out; fill in list_name",
    "choice_without_name": "a choice without a name",
    "column_not_here": "column {found!r} does nothing at {name!r} and is left out",
    "column_not_used": "column {found!r} does nothing here and is left out",
    "column_twice": "column {found!r} twice; take one out",
    "column_twice_named": "columns {first!r} and {found!r} mean the same; take one out",
    "damaged_workbook": "damaged; open it in a spreadsheet and save it again",
    "delimiter_read_as": "cells are parted by {found!r}; read as such",
    "duplicate_choice": "a choice name twice in one list; give each its own",
    "duplicate_name": "{found!r} is used more than once; rename it",
    "encryption_not_supported": "encrypted forms are not supported yet; take public_key out",
    "entities_not_supported": "entities are not supported yet; take the sheet and save_to out",
    "expression_syntax": "an expression that is wrong at {found!r}",
    "file_empty": "an empty file",
    "file_kind_not_supported": "{found!r} cannot be read; make it a CSV file",
    "file_needed": "needs the file {found!r}; give it along",
    "file_not_used": "not used by the form, and not kept",
    "form_id_changed": "form_id {found!r} becomes {name!r}",
    "formula_without_value": "a formula that was never worked out; save the workbook in a "
    "spreadsheet",
    "bare_name": "{found!r} stands bare; write ${{{found}}} for the answer",
    "many_answers": "{found!r} in repeat {repeat!r} has many answers; which one is not said",
    "forward_reference": "looks at {found!r}, which comes later",
    "group_not_closed": "a group without an end",
    "group_not_opened": "the end of a group that was not begun",
    "image_size_by_us": "photos are made smaller here; max-pixels is not needed",
    "kind_fixed": "this form_id exists as {kind}; use --kind {kind} or another form_id",
    "kind_needed": "say what kind of survey it is, with --kind",
    "language_assumed": "texts without a language are read as {tag}; see --language",
    "language_columns_missing": "{language} misses in sheet {where}: {columns}",
    "language_unknown": "language {found!r} is read as {tag}; say what it is with "
    "--tongue '{found}=tag'",
    "language_without_code": "no code behind {found}; write English (en)",
    "list_from_repeat": "choices from a repeat ({found}) are not supported; make a fixed list",
    "locked_workbook": "locked with a password; take that off",
    "media_is_svg": "an SVG can hold a program; make it a PNG",
    "media_kind_unknown": "a kind of file that is not shown; use JPEG, PNG, MP3, OGG, M4A or MP4",
    "media_missing": "the file {found!r} was not given along",
    "media_not_this_kind": "damaged, or not what its name says",
    "media_too_large": "{megabytes} MB, at most {most}; make it smaller",
    "missing_calculation": "a calculate without a calculation",
    "missing_column": "column {found!r} is not there",
    "missing_name": "a row without a name",
    "missing_text": "no text in {language}",
    "missing_type": "a row without a type",
    "name_differs_by_case": "{found!r} differs from another name in capitals only",
    "name_from_file": "no form_id; it becomes {name!r}, after the file",
    "name_not_allowed": "{found!r} cannot be a name; letters, digits, _ - . without spaces",
    "name_renamed": "{found!r} stands in more groups; here it is {name!r}",
    "no_form": "no form among these files; give an .xlsx, .xls or .md",
    "not_a_workbook": "no workbook and no Markdown",
    "open_document": "an OpenDocument; save it as .xlsx",
    "or_other_added": "list {found!r} got the choice `other`",
    "or_other_translated": "or_other adds a choice and a question; look at their texts",
    "question_left_blank": "{found!r} is not filled in here; the answer stays blank",
    "repeat_without_label": "a repeat without a label",
    "reserved_name": "{found!r} is used by fieldapp itself; rename it",
    "row_disabled": "disabled; left out",
    "row_not_used": "only the first row of settings counts",
    "row_skipped": "no type, name or label; left out",
    "several_forms": "more than one form; import them one by one",
    "setting_not_used": "setting {found!r} does nothing here",
    "sheet_hidden": "a hidden sheet; it is read",
    "sheet_missing": "sheet {name!r} is not there",
    "sheet_misspelt": "is {found!r} meant as {name!r}?",
    "text_twice": "two texts for {language}",
    "too_many_references": "too many references; split the form",
    "too_many_rows": "more than {most} rows; split the form, or put long lists in a CSV file",
    "trigger_not_shown": "{found!r} is not shown; choose a question that is as trigger",
    "type_not_recorded": "{found!r} is not recorded; left out",
    "type_not_supported": "{found!r} is not supported; use another type of question",
    "unknown_appearance": "appearance {found!r} means nothing here",
    "unknown_column": "column {found!r} is unknown and left out",
    "unknown_function": "no function {found!r}",
    "unknown_list": "no list {found!r}",
    "unknown_parameter": "no parameter {found!r} here; known: {known}",
    "no_questions": "no question in it",
    "question_without_choices": "{found!r} has no choices",
    "role_in_repeat": "role {role!r} counts for the whole form; not in repeat {repeat!r}",
    "unknown_table": "no list or table {found!r}",
    "unknown_reference": "no question {found!r}",
    "unknown_type": "no type {found!r}",
    "xlsform_refused": "no good XLSForm, says pyxform: {reason}",
    "xlsform_remark": "pyxform remarks: {reason}",
}
PLACES = frozenset({"sheet", "row", "column", "file"})


def problem_text(problem: Problem) -> str:
    """One line: where, what, and what was probably meant."""
    params = problem.params
    place = str(params.get("sheet") or params.get("file") or problem.where)
    if params.get("row"):
        place += f", row {params['row']}"
    if params.get("column"):
        place += f", column {params['column']}"
    if problem.code in WRONG:
        said = fill(WRONG, problem.code, params)
    else:
        values = ", ".join(f"{k}={v!r}" for k, v in params.items() if k not in PLACES)
        said = f"{problem.code} ({values})" if values else problem.code
    near = params.get("suggestion")
    return f"{place}: {said}" + (f"; did you mean {near!r}?" if near else "")
