"""The type column: every name that XLSForm knows -> our type, or why it cannot be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


def _aliases(table: Mapping[str, str]) -> dict[str, str]:
    return {name.strip(): kind for kind, names in table.items() for name in names.split(",")}


ALIASES = _aliases(
    {
        "text": "text, string, q string, add text prompt",
        "integer": "integer, int, q int, add integer prompt",
        "decimal": "decimal, q decimal, add decimal prompt",
        "range": "range",
        "date": "date, q date, add date prompt",
        "time": "time",
        "dateTime": "dateTime, datetime, date time, q dateTime, q date time, add dateTime prompt, "
        "add date time prompt",
        "image": "image, photo, q image, q picture, add image prompt, add photo prompt",
        "audio": "audio, q audio, add audio prompt",
        "video": "video, q video, add video prompt",
        "file": "file, add file prompt",
        "barcode": "barcode, q barcode, add barcode prompt",
        "geopoint": "geopoint, gps, location, q geopoint, q location, add location prompt",
        "geotrace": "geotrace, q geotrace",
        "geoshape": "geoshape, q geoshape",
        "note": "note, q note, add note prompt",
        "calculate": "calculate, q calculate, add calculate prompt",
        "acknowledge": "acknowledge, trigger, q acknowledge, add acknowledge prompt",
        "hidden": "hidden",
        "start": "start, start time, get start time",
        "end": "end, end time, get end time",
        "today": "today, get today",
        "deviceid": "deviceid, imei, device id, get device id, uri:deviceid",
        "username": "username, uri:username",
        "email": "email, uri:email",
        "phonenumber": "phonenumber, get phone number, uri:phonenumber",
    }
)
# types with a rule of their own, as XLSForm defines them
RULED: Mapping[str, tuple[str, dict[str, str]]] = {
    "phone number": ("text", {"constraint": r"regex(., '^\d*$')", "appearance": "numbers"}),
    "percentage": ("integer", {"constraint": "0 <= . and . <= 100"}),
    "number of days in last month": ("integer", {"constraint": "0 <= . and . <= 31"}),
    "number of days in last six months": ("integer", {"constraint": "0 <= . and . <= 183"}),
    "number of days in last year": ("integer", {"constraint": "0 <= . and . <= 365"}),
}
# what a browser cannot know or what we do not want to record: kept, and always blank
BLANK = frozenset(
    "subscriberid simserial uri:subscriberid uri:simserial start-geopoint background-geopoint "
    "background-audio".split()
) | {"subscriber id", "get subscriber id", "sim id", "get sim id"}
SKIPPED = frozenset({"audit", "csv-external"})
REFUSED = frozenset({"osm", "include", "xml-external", "cascading_select", "cascading select"})
SETTINGS = {
    "form_title": "form_title",
    "set_form_title": "form_title",
    "form_id": "form_id",
    "set_form_id": "form_id",
    "prefix": "prefix",
}
SELECTS = _aliases(
    {
        "select_one": "add select one prompt using, select one from, select1, select_one, "
        "select one, select_one_external, select_one_from_file, select one from file",
        "select_multiple": "add select multiple prompt using, select all that apply from, "
        "select all that apply, select_multiple, select_multiple_from_file, "
        "select multiple from file",
        "rank": "rank",
    }
)
SELECT = re.compile(
    f"({'|'.join(sorted(map(re.escape, SELECTS), key=len, reverse=True))}) "
    r"(\S+)( (?:or specify other|or_other|or other))?"
)
GROUPS = {"group": "group", "lgroup": "repeat", "repeat": "repeat", "looped group": "repeat"}
BEGIN = re.compile(r"begin[ _](group|lgroup|repeat|looped group|loop)(?: (?:over )?(\S+))?")
END = re.compile(r"end[ _](group|lgroup|repeat|looped group|loop)")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a type cell asks for.

    `what`: question, begin, end, setting, skip, or refuse. `type` is ours for a question, group,
    repeat or loop for begin and end. `list_name` as written, with `.csv` when `from_file`.
    """

    what: str
    type: str = ""
    list_name: str = ""
    or_other: bool = False
    external: bool = False
    from_file: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)
    blank: bool = False


def kind_of_type(written: str) -> Kind | None:
    """The kind of a type cell; None when nobody knows it."""
    written = " ".join(written.split())
    if found := END.fullmatch(written):
        return Kind("end", GROUPS.get(found[1], "loop"))
    if found := BEGIN.fullmatch(written):
        return Kind("begin", GROUPS.get(found[1], "loop"), found[2] or "")
    if found := SELECT.fullmatch(written):
        command = found[1]
        return Kind(
            "question",
            SELECTS[command],
            found[2],
            or_other=bool(found[3]),
            external=command == "select_one_external",
            from_file="file" in command or bool(re.search(r"\.(csv|xml|geojson)$", found[2])),
        )
    if written in RULED:
        kind, extra = RULED[written]
        return Kind("question", kind, extra=extra)
    if written in BLANK:
        return Kind("question", "hidden", blank=True)
    if written in SKIPPED:
        return Kind("skip", written)
    if written in SETTINGS or written.replace(" ", "_") in SETTINGS:
        return Kind("setting", SETTINGS[written.replace(" ", "_")])
    if written in REFUSED or written.partition(" ")[0] in REFUSED:
        return Kind("refuse", written.partition(" ")[0])
    return Kind("question", ALIASES[written]) if written in ALIASES else None
