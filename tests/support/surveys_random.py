"""Surveys made by chance, for properties: what load_survey takes, and all that a file may break on.

`definitions()` draws mappings as survey.yaml holds them: nested groups and repeats, several
languages and scripts, emoji, texts that look like formulas, Markdown or HTML, choice columns,
tables, media, every question type and column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from fieldapp.core.survey import vocabulary as words

LANGUAGES = ("nl", "en", "ar", "tr", "uk", "pl", "zh-Hant", "rif")
# pieces that some reader of some format gives a meaning of its own
HOSTILE = (
    *("|", "\\", "\\|", "||", "-", "---", "\n", "\n\n", "<br>", "&lt;br>", "&amp;lt;br>", "&", "<"),
    *("=1+1", "+31", "-5", "@SUM(A1)", "#", "# kop", "'", '"', "\u201d", "\u2019", "\u00a0", "\t"),
    *("{x}", "*vet*", "_x0041_", "::", ", ", "TRUE", "1.0", "2026-01-01", "]]>", "%s"),
    *("\u05d0\u05d1", "\u0645\u0631\u062d\u0628\u0627", "\u200f", "👩🏽‍🌾", "e\u0301", "ß", "İ"),
)
CASED = ("q", "vraag_", "naïef-", "punt.", "Ж")
PARTS = (*CASED, "سؤال", "問")  # ODK cannot read the last ones
EXTRA = ("kleur", "gemeente", "wijk_code", "straat")
PLAIN_TYPES = tuple(
    kind for kind in words.TYPES if kind not in words.LIST_TYPES and kind != "calculate"
)
LOOKS = ("", "minimal", "likert", "columns-2", "multiline", "norm-photo", "story")


def texts() -> st.SearchStrategy[str]:
    """One text of one language: not blank, no blanks around it, no reference in it."""
    letters = st.text("abc éè ABC\u4e2d.", min_size=1, max_size=8)
    pieces = st.lists(st.one_of(st.sampled_from(HOSTILE), letters), min_size=1, max_size=5)
    return pieces.map("".join).map(str.strip).filter(bool)


@dataclass
class _Draft:
    """What a survey under construction knows so far."""

    draw: Any
    languages: Sequence[str]
    lists: Sequence[str]
    parts: Sequence[str] = PARTS
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)  # name, its repeats
    shown: list[str] = field(default_factory=list)
    repeats: tuple[str, ...] = ()  # those around the row in hand
    number: int = 0

    def maybe(self) -> bool:
        return bool(self.draw(st.integers(0, 3)) == 0)

    def pick(self, values: Sequence[Any]) -> Any:
        return self.draw(st.sampled_from(values))

    def name(self) -> str:
        self.number += 1
        return f"{self.pick(self.parts)}{self.number}"

    def text(self) -> dict[str, str]:
        """In the default language at least."""
        tags = [self.languages[0], *(tag for tag in self.languages[1:] if self.maybe())]
        return {tag: self.draw(texts()) for tag in tags}

    def media(self) -> dict[str, Any]:
        kinds = [kind for kind in words.MEDIA if self.maybe()]
        if "big-image" in kinds and "image" not in kinds:
            kinds.append("image")  # XForms know the one only beside the other
        return {kind: {self.pick(self.languages): f"{kind} é.bin"} for kind in kinds}

    def condition(self) -> str:
        """Reads only what was asked before, and one value: ODK compares no node-sets."""
        near = [name for name, inside in self.asked if inside == self.repeats[: len(inside)]]
        if not near:
            return "1 = 1"
        other = self.pick(near)
        ways = ("${%s} = 'a|b'", "${%s} != ''", 'not(${%s} = "=1")', "coalesce(${%s}, 'x') = 'x'")
        return str(self.pick(ways)) % other

    def row(self, depth: int) -> dict[str, Any]:
        inside = ("question", "group", "repeat") if depth < 3 else ("question",)
        kind = self.pick(("question", "question", *inside))
        return self.question() if kind == "question" else self.group(kind, depth)

    def group(self, kind: str, depth: int) -> dict[str, Any]:
        row: dict[str, Any] = {"type": kind, "name": self.name()}
        row |= {key: self.text() for key in ("label", "hint") if self.maybe()}
        row["appearance"] = self.pick(("", "field-list", "field-list w1"))
        if self.maybe():
            row["relevant"] = self.condition()
        if kind == "repeat" and self.maybe():
            row["repeat_count"] = self.pick(("3", "1 + 1", f"number({self.condition()})"))
        around = self.repeats
        self.repeats = (*around, row["name"]) if kind == "repeat" else around
        children = [self.row(depth + 1) for _ in range(self.draw(st.integers(1, 3)))]
        self.repeats = around
        return row | {"children": children}

    def question(self) -> dict[str, Any]:
        row: dict[str, Any] = {"type": self.type(), "name": self.name()}
        kind = row["type"].partition(" ")[0]
        if kind not in words.SILENT_TYPES:
            row["label"] = self.text()
            row |= {key: self.text() for key in words.TEXT_COLUMNS[1:] if self.maybe()}
            row |= {"media": media} if (media := self.media()) else {}
            row["appearance"] = self.pick(LOOKS)
            if self.maybe():
                row["required"] = self.pick(("yes", self.condition()))
            if kind != "note" and self.maybe():
                row["constraint"] = self.pick((". != '='", "string-length(.) < 10 and 1 = 1"))
        if kind == "calculate":
            row["calculation"] = self.condition()
        if self.maybe():
            row["relevant"] = self.condition()
        if kind == "text":
            row |= {"default": self.draw(texts()).replace("(", "")} if self.maybe() else {}
            row |= {"read_only": "yes"} if self.maybe() else {}
            if self.shown and self.maybe():
                row |= {"trigger": [self.pick(self.shown)], "calculation": "now()"}
        if " " in row["type"] and self.maybe():
            row["choice_filter"] = "kleur = 'rood' or name != 'x'"
        if kind in ("image", "range"):
            row["parameters"] = {"image": "max-pixels=800", "range": "start=0 end=10 step=2"}[kind]
        row |= {"theme": self.pick(words.THEMES)} if self.maybe() or " " in row["type"] else {}
        self.asked.append((row["name"], self.repeats))
        self.shown += [row["name"]] if "label" in row and kind != "note" else []
        return row

    def type(self) -> str:
        kind = str(self.pick((*PLAIN_TYPES, "calculate", *sorted(words.LIST_TYPES) * 4)))
        if kind not in words.LIST_TYPES:
            return kind
        lists = [name for name in self.lists if kind != "rank" or not name.startswith("tabel")]
        return f"{kind} {self.pick(lists)}"

    def choice(self, number: int) -> dict[str, Any]:
        row: dict[str, Any] = {"name": self.pick(("a", "A+", "1", "ja|nee", "=1")) + str(number)}
        row["label"] = self.text()
        row |= {"media": media} if (media := self.media()) else {}
        if self.maybe():
            row["signal"] = self.pick((-1, -0.5, 0, 0.1, 1 / 3, 1))
        row |= {"icon": "happy"} if self.maybe() else {}
        row |= {"theme": self.pick(words.THEMES)} if self.maybe() else {}
        columns = {key: self.draw(texts()) for key in EXTRA if self.maybe()}
        return row | ({"columns": columns} if columns else {})

    def table(self) -> dict[str, Any]:
        columns = ["name", "label", *(key for key in EXTRA if self.maybe())]
        rows = [
            [f"r{number}", *(self.draw(st.one_of(texts(), st.just(""))) for _ in columns[1:])]
            for number in range(self.draw(st.integers(1, 3)))
        ]
        return {"columns": columns, "rows": rows}


@st.composite
def definitions(draw: Any, parts: Sequence[str] = PARTS) -> dict[str, Any]:
    """A definition that load_survey takes without a remark; names begin with one of `parts`."""
    languages = draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=4, unique=True))
    tables = [f"tabel{number}" for number in range(draw(st.integers(0, 2)))]
    made = _Draft(draw, languages, ("lijst", "tweede.lijst", *tables), parts)
    rows = [made.row(0) for _ in range(draw(st.integers(1, 4)))]
    settings: dict[str, Any] = {
        "form_id": draw(st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)),
        "version": draw(st.sampled_from(("1", "2026-1", "1.10", "007", "=1"))),
        "kind": draw(st.sampled_from(words.KINDS)),
        "default_language": languages[0],
        "languages": draw(st.permutations(languages)),
    }
    settings |= {"style": "pages theme-grid"} if made.maybe() else {}
    settings |= {"instance_name": made.condition()} if made.maybe() else {}
    return {
        "settings": settings,
        "title": made.text(),
        **{key: made.text() for key in ("intro", "thanks") if made.maybe()},
        "survey": rows,
        "choices": {
            name: [made.choice(number) for number in range(draw(st.integers(1, 3)))]
            for name in ("lijst", "tweede.lijst")
        },
        **({"tables": {name: made.table() for name in tables}} if tables else {}),
    }  # fmt: skip
