"""What can be added, as people think of it: a table from a kind to the columns of its row."""

# ruff: noqa: RUF001 (Ukrainian looks like Latin, and is meant)

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fieldapp.core.survey import vocabulary as words
from fieldapp.core.survey.edit.tree import base_type

Texts = Mapping[str, str]

# Answers that every survey needs, in the languages that ship: data of a definition, not of a page.
READY: Mapping[str, Texts] = {
    "ja": {"nl": "Ja", "en": "Yes", "tr": "Evet", "ar": "نعم", "pl": "Tak", "uk": "Так"},
    "nee": {"nl": "Nee", "en": "No", "tr": "Hayır", "ar": "لا", "pl": "Nie", "uk": "Ні"},
    words.WEET_NIET: {
        "nl": "Weet ik niet",
        "en": "I do not know",
        "tr": "Bilmiyorum",
        "ar": "لا أعرف",
        "pl": "Nie wiem",
        "uk": "Не знаю",
    },
    words.WIL_NIET: {
        "nl": "Liever niet",
        "en": "I would rather not say",
        "tr": "Söylemek istemiyorum",
        "ar": "أفضل عدم الإجابة",
        "pl": "Wolę nie mówić",
        "uk": "Не хочу відповідати",
    },
    "heel_goed": {
        "nl": "Heel goed",
        "en": "Very good",
        "tr": "Çok iyi",
        "ar": "جيد جدا",
        "pl": "Bardzo dobrze",
        "uk": "Дуже добре",
    },
    "goed": {"nl": "Goed", "en": "Good", "tr": "İyi", "ar": "جيد", "pl": "Dobrze", "uk": "Добре"},
    "gaat": {
        "nl": "Gaat wel",
        "en": "So-so",
        "tr": "Orta",
        "ar": "متوسط",
        "pl": "Tak sobie",
        "uk": "Нормально",
    },
    "slecht": {"nl": "Slecht", "en": "Bad", "tr": "Kötü", "ar": "سيئ", "pl": "Źle", "uk": "Погано"},
    "heel_slecht": {
        "nl": "Heel slecht",
        "en": "Very bad",
        "tr": "Çok kötü",
        "ar": "سيئ جدا",
        "pl": "Bardzo źle",
        "uk": "Дуже погано",
    },
    "dicht": {
        "nl": "Niemand deed open",
        "en": "Nobody opened",
        "tr": "Kimse açmadı",
        "ar": "لم يفتح أحد",
        "pl": "Nikt nie otworzył",
        "uk": "Ніхто не відчинив",
    },
    "open": {
        "nl": "Deur open, geen gesprek",
        "en": "Door opened, no conversation",
        "tr": "Kapı açıldı, görüşme olmadı",
        "ar": "فُتح الباب دون حديث",
        "pl": "Drzwi otwarte, bez rozmowy",
        "uk": "Двері відчинили, без розмови",
    },
    "gesproken": {
        "nl": "Gesproken",
        "en": "Spoken",
        "tr": "Konuşuldu",
        "ar": "جرى حديث",
        "pl": "Była rozmowa",
        "uk": "Поговорили",
    },
    "liever_niet": {
        "nl": "Wil liever niet praten",
        "en": "Would rather not talk",
        "tr": "Konuşmak istemedi",
        "ar": "فضّل عدم الكلام",
        "pl": "Wolał lub wolała nie rozmawiać",
        "uk": "Не хоче розмовляти",
    },
    "deur": {
        "nl": "Hoe ging het bij deze deur?",
        "en": "How did it go at this door?",
        "tr": "Bu kapıda nasıl geçti?",
        "ar": "كيف جرى الأمر عند هذا الباب؟",
        "pl": "Jak poszło przy tych drzwiach?",
        "uk": "Як усе пройшло біля цих дверей?",
    },
}
LEVELS = ("a_plus", "a", "b", "c", "d")


@dataclass(frozen=True, slots=True)
class ReadyChoice:
    """An answer that a kind begins with; its text is READY[name], or `said` in any language."""

    name: str
    signal: float | None = None
    icon: str = ""
    said: str = ""


YES_NO = (ReadyChoice("ja"), ReadyChoice("nee"))
FACES = (
    ReadyChoice("heel_slecht", -1.0, "very_sad"),
    ReadyChoice("slecht", -0.5, "sad"),
    ReadyChoice("gaat", 0.0, "neutral"),
    ReadyChoice("goed", 0.5, "happy"),
    ReadyChoice("heel_goed", 1.0, "very_happy"),
)
NORM_LEVELS = tuple(
    ReadyChoice(name, signal, "", said)
    for name, signal, said in zip(
        LEVELS, (1.0, 0.5, 0.0, -0.5, -1.0), ("A+", "A", "B", "C", "D"), strict=True
    )
)
DOOR = (
    ReadyChoice("dicht", None, "unknown"),
    ReadyChoice("open", None, "door"),
    ReadyChoice("gesproken", None, "happy"),
    ReadyChoice("liever_niet", None, "private"),
)
# what a ready answer means for a theme, once its question has one
SIGNALS: Mapping[str, float] = {
    choice.name: choice.signal for choice in (*FACES, *NORM_LEVELS) if choice.signal is not None
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of row: its type and columns, the answers it begins with, an icon, its shelf."""

    code: str
    shelf: str
    type: str
    icon: str
    appearance: str = ""
    parameters: str = ""
    choices: tuple[ReadyChoice, ...] = ()

    @property
    def is_group(self) -> bool:
        """Whether it holds other rows."""
        return self.type in words.GROUP_TYPES

    @property
    def has_list(self) -> bool:
        """Whether people choose from answers."""
        return self.type in words.LIST_TYPES


KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("choose_one", "choose", "select_one", "check"),
        Kind("choose_more", "choose", "select_multiple", "list"),
        Kind("yes_no", "choose", "select_one", "check", choices=YES_NO),
        Kind("faces", "choose", "select_one", "happy", "faces", choices=FACES),
        Kind("cards", "choose", "select_one", "photo", "cards"),
        Kind("norm_photo", "choose", "select_one", "photo", "norm-photo", choices=NORM_LEVELS),
        Kind("rank", "choose", "rank", "chart"),
        Kind("short", "write", "text", "edit"),
        Kind("long", "write", "text", "edit", "multiline"),
        Kind("story", "write", "text", "talk", "story"),
        Kind("whole", "write", "integer", "chart"),
        Kind("decimal", "write", "decimal", "chart"),
        Kind("scale", "write", "range", "chart", parameters="start=1 end=10 step=1"),
        Kind("date", "write", "date", "clock"),
        Kind("time", "write", "time", "clock"),
        Kind("moment", "write", "dateTime", "clock"),
        Kind("photo", "media", "image", "camera", parameters="max-pixels=1600"),
        Kind("drawing", "media", "image", "edit", "draw"),
        Kind("signature", "media", "image", "edit", "signature"),
        Kind("audio", "media", "audio", "talk"),
        Kind("video", "media", "video", "camera"),
        Kind("file", "media", "file", "upload"),
        Kind("barcode", "media", "barcode", "search"),
        Kind("where", "media", "geopoint", "pin", "place"),
        Kind("line", "media", "geotrace", "map"),
        Kind("area", "media", "geoshape", "map"),
        Kind("note", "other", "note", "info"),
        Kind("agree", "other", "acknowledge", "check"),
        Kind("calculate", "other", "calculate", "settings"),
        Kind("hidden", "other", "hidden", "private"),
        Kind("page", "build", "group", "list", words.FIELD_LIST),
        Kind("group", "build", "group", "list"),
        Kind("repeat", "build", "repeat", "plus"),
        Kind("doors", "build", "repeat", "door", "doors"),
    )
}
# looks that make another kind of a type; the rest of `appearance` does not
_LOOKS = frozenset(word for kind in KINDS.values() for word in kind.appearance.split())


def kind_of(row: Mapping[str, Any]) -> Kind | None:
    """The kind that a row is; None for what people do not add themselves (start, deviceid, ...)."""
    kind = base_type(row)
    looks = frozenset(str(row.get("appearance") or "").split()) & _LOOKS
    same = [found for found in KINDS.values() if found.type == kind]
    named = [found for found in same if frozenset(found.appearance.split()) & looks]
    plain = [found for found in same if not found.appearance]
    return next(iter((*named, *plain, *same)), None)
