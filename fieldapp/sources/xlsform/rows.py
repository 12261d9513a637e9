"""The survey sheet -> nested rows as load_survey reads them, and where each came from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fieldapp.core.survey import vocabulary as words
from fieldapp.core.survey.load import DEEPEST_GROUP
from fieldapp.core.survey.problems import suggestion
from fieldapp.sources.xlsform import appearances
from fieldapp.sources.xlsform.book import Book, Cells
from fieldapp.sources.xlsform.headings import Column
from fieldapp.sources.xlsform.limits import problem
from fieldapp.sources.xlsform.others import other_choice, other_question
from fieldapp.sources.xlsform.texts import Languages, Texts, logic, media_of, plain_in, texts_in
from fieldapp.sources.xlsform.types import ALIASES, RULED, SELECTS, Kind, kind_of_type
from fieldapp.sources.xlsform.write_rows import INTRO, THANKS

Item = dict[str, Any]
AROUND = (INTRO, THANKS)  # notes with these roles are what is said around the questions
YES = frozenset({"yes", "true", "true()", "ja"})
LOGIC = (*words.EXPRESSION_COLUMNS, "repeat_count")
FOR_GROUPS = frozenset({"type", "name", "label", "hint", "relevant", "appearance", "repeat_count"})
REFERENCE = re.compile(r"\$\{\s*([^{}\s]+)\s*\}")
TABLE_LIST = "table-list"


@dataclass(slots=True)
class Survey:
    """What came out of the survey sheet. `rows`: name -> row number, in all renamings."""

    items: list[Item] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)  # intro, thanks
    settings: dict[str, str] = field(default_factory=dict)
    asked_tables: dict[str, int] = field(default_factory=dict)  # file name -> row that asks for it


@dataclass(slots=True)
class _Open:
    """A group being filled; `loop` is the list whose choices it is repeated for."""

    item: Item
    row: int
    kind: str
    loop: str = ""


class SurveySheet:
    """Reads the rows of the survey sheet, in order."""

    def __init__(
        self,
        book: Book,
        read: Mapping[str, Column],
        languages: Languages,
        choices: dict[str, list[Item]],
        external: Mapping[str, str],
    ) -> None:
        self.book = book
        self.read = read
        self.languages = languages
        self.choices = choices
        self.external = external  # list of external_choices -> its name among the choices
        self.found = Survey()
        self.title = book.sheets["survey"].name if "survey" in book.sheets else "survey"
        self.heading = {column.name: heading for heading, column in read.items()}

    def survey(self) -> Survey:
        """All of it."""
        top: Item = {"children": self.found.items}
        stack = [_Open(top, 0, "")]
        for row, cells in self.book.rows("survey"):
            self.row(row, cells, stack)
        for still_open in stack[1:]:
            self.note("group_not_closed", still_open.row, "type",
                      found=still_open.kind, name=still_open.item["name"])  # fmt: skip
        return self.found

    def note(self, code: str, row: int, column: str = "", **params: Any) -> None:
        heading = self.heading.get(column, column)
        self.book.problems.append(problem(code, self.title, row, heading, **params))

    def row(self, row: int, cells: Cells, stack: list[_Open]) -> None:
        plain = plain_in(cells, self.read)
        texts, found = texts_in(cells, self.read, self.languages, self.title, row)
        self.book.problems.extend(found)
        if plain.get("disabled", "").lower() in YES:
            self.note("row_disabled", row, "disabled", name=plain.get("name", ""))
            return
        written = plain.get("type", "")
        if not written:
            code = "missing_type" if plain.get("name") or "label" in texts else "row_skipped"
            self.note(code, row, "type", found=next(iter(cells.values()), ""))
            return
        kind = kind_of_type(written)
        if kind is None:
            near = suggestion(written, [*ALIASES, *RULED, *SELECTS])
            more = {"suggestion": near} if near else {}
            self.note("unknown_type", row, "type", found=written, **more)
            kind = Kind("question", "text")
        DEEDS[kind.what](self, row, kind, plain, texts, stack)

    # each kind of row

    def setting(self, row: int, kind: Kind, plain: Cells, texts: Texts, stack: list[_Open]) -> None:
        self.found.settings.setdefault(kind.type, plain.get("name", ""))

    def refuse(self, row: int, kind: Kind, plain: Cells, texts: Texts, stack: list[_Open]) -> None:
        self.note("type_not_supported", row, "type", found=plain["type"], kind=kind.type)

    def skip(self, row: int, kind: Kind, plain: Cells, texts: Texts, stack: list[_Open]) -> None:
        if kind.type == "csv-external":
            self.found.asked_tables.setdefault(f"{plain.get('name', '')}.csv", row)
        else:
            self.note("type_not_recorded", row, "type", found=plain["type"])

    def end(self, row: int, kind: Kind, plain: Cells, texts: Texts, stack: list[_Open]) -> None:
        if len(stack) == 1 or stack[-1].kind != kind.type:
            self.note("group_not_opened", row, "type", found=plain["type"])
            return
        closed = stack.pop()
        if closed.kind == "loop":
            expand_loop(closed.item, self.choices.get(closed.loop, []))

    def begin(self, row: int, kind: Kind, plain: Cells, texts: Texts, stack: list[_Open]) -> None:
        item: Item = {"type": "group" if kind.type == "loop" else kind.type, "#": row}
        item["name"] = self.name(row, plain)
        item |= {column: texts[column] for column in ("label", "hint") if column in texts}
        item |= {key: logic(plain[key]) for key in ("relevant", "repeat_count") if key in plain}
        item["appearance"] = self.appearance(row, plain)
        pages = [item, *(around.item for around in stack)]
        on_a_page = any("field-list" in one.get("appearance", "").split() for one in pages)
        if TABLE_LIST in item["appearance"].split() and not on_a_page:
            item["appearance"] += " field-list"
        item["children"] = []
        ignored = [key for key in (*plain, *texts) if key not in FOR_GROUPS and key != "disabled"]
        self.not_here(row, ignored, item["name"])
        if kind.type == "loop" and kind.list_name not in self.choices:
            self.note("unknown_list", row, "type", found=kind.list_name)
        if len(stack) > DEEPEST_GROUP:  # refused; what is in it is looked at, but not nested
            self.note("groups_too_deep", row, "type", deepest=DEEPEST_GROUP)
        else:
            stack[-1].item["children"].append(item)
        stack.append(_Open(item, row, kind.type, kind.list_name))

    def question(
        self, row: int, kind: Kind, plain: Cells, texts: Texts, stack: list[_Open]
    ) -> None:
        if kind.type == "note" and plain.get("role") in AROUND:
            self.found.texts[plain["role"]] = texts.get("label", {})
            return
        if kind.type == "note" and not plain.get("name"):
            plain["name"] = f"noot_{row}"
        item: Item = {"type": self.type_cell(row, kind), "name": self.name(row, plain), "#": row}
        item |= {column: texts[column] for column in words.TEXT_COLUMNS if column in texts}
        if media := media_of(texts):
            item["media"] = media
        for column in words.EXPRESSION_COLUMNS:
            if column in plain:
                item[column] = logic(plain[column])
        item |= {key: plain[key] for key in ("default", "theme", "role") if key in plain}
        self.default(row, item)
        item["appearance"] = self.appearance(row, plain, kind)
        item["parameters"] = " ".join(
            part for part in (plain.get("parameters", ""), _rows(plain)) if part
        )
        if "constraint" in kind.extra and "constraint" not in item:
            item["constraint"] = kind.extra["constraint"]
        if "trigger" in plain:
            item["trigger"] = REFERENCE.findall(plain["trigger"])
        if kind.blank:
            self.note("question_left_blank", row, "type", found=plain["type"])
        self.not_here(row, [key for key in plain if key == "repeat_count"], item["name"])
        stack[-1].item["children"].append({key: cell for key, cell in item.items() if cell})
        if kind.or_other:
            self.or_other(row, kind, item, stack[-1].item["children"])

    # cells

    def name(self, row: int, plain: Cells) -> str:
        name = plain.get("name", "").strip()
        if not name:
            self.note("missing_name", row, "name", found=plain.get("type", ""))
            return f"rij_{row}"
        return name

    def appearance(self, row: int, plain: Cells, kind: Kind | None = None) -> str:
        written = " ".join(plain.get("appearance", "").split())
        for word in appearances.unknown(written):
            near = suggestion(word, appearances.KNOWN)
            more = {"suggestion": near} if near else {}
            self.note("unknown_appearance", row, "appearance", found=word, **more)
        extra = kind.extra.get("appearance", "") if kind else ""
        return f"{written} {extra}".strip() if extra not in written.split() else written

    def type_cell(self, row: int, kind: Kind) -> str:
        if kind.type not in words.LIST_TYPES:
            return kind.type
        listed = kind.list_name
        if "${" in listed:
            self.note("list_from_repeat", row, "type", found=listed)
            return "text"
        if kind.external:
            listed = self.external.get(listed, listed)
        elif kind.from_file:
            stem, _, ending = listed.rpartition(".")
            if ending != "csv":
                self.note("file_kind_not_supported", row, "type", found=listed)
                return "text"
            self.found.asked_tables.setdefault(listed, row)
            listed = stem
        return f"{kind.type} {listed}"

    def default(self, row: int, item: Item) -> None:
        """A calculate that only has a default holds it; a default file cannot be given."""
        default = item.get("default", "")
        if item["type"] == "calculate" and default and not item.get("calculation"):
            item["type"] = "hidden"
        if default and item["type"] in words.FILE_TYPES:
            self.not_here(row, ["default"], item["name"])
            item["default"] = ""
        if default and ("${" in default or "(" in default):
            item["default"] = logic(default)

    def not_here(self, row: int, columns: Sequence[str], name: str) -> None:
        for column in columns:
            self.note("column_not_here", row, column, found=column, name=name)

    def or_other(self, row: int, kind: Kind, item: Item, children: list[Item]) -> None:
        listed = self.choices.get(kind.list_name)
        if listed is None:
            return
        if all(choice.get("name") != "other" for choice in listed):
            listed.append(other_choice(self.languages))
            self.note("or_other_added", row, "type", found=kind.list_name)
        children.append(other_question(item["name"], self.languages) | {"#": row})


DEEDS = {
    "setting": SurveySheet.setting,
    "refuse": SurveySheet.refuse,
    "skip": SurveySheet.skip,
    "begin": SurveySheet.begin,
    "end": SurveySheet.end,
    "question": SurveySheet.question,
}


def _rows(plain: Cells) -> str:
    rows = plain.get("rows", "")
    return f"rows={rows}" if rows and "rows=" not in plain.get("parameters", "") else ""


def expand_loop(group: Item, choices: Sequence[Item]) -> None:
    """`begin loop over list`: the rows once for each choice, as pyxform does it.

    In labels `%(label)s` and `%(name)s` are those of the choice.
    """
    rows = group["children"]
    group["children"] = [
        {
            "type": "group", "name": choice.get("name", ""), "label": choice.get("label", {}),
            "appearance": "", "children": [_for_choice(row, choice) for row in rows],
            "#": group["#"],
        }
        for choice in choices
    ]  # fmt: skip


def _for_choice(row: Item, choice: Item) -> Item:
    copy = dict(row)
    for column in words.TEXT_COLUMNS:
        if column in row:
            copy[column] = {tag: _filled(text, choice, tag) for tag, text in row[column].items()}
    if "children" in row:
        copy["children"] = [_for_choice(child, choice) for child in row["children"]]
    return copy


def _filled(text: str, choice: Item, tag: str) -> str:
    labels = choice.get("label", {})
    label = labels.get(tag) or next(iter(labels.values()), "")
    name = str(choice.get("name", ""))
    return text.replace("%(label)s", label).replace("%(name)s", name)
