"""Workbooks that nobody should send: one clear reason, never a crash, never a long wait."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from fieldapp.services.import_survey import ImportSurvey, read_import
from fieldapp.sources.xlsform.read import Reading
from tests.bad_input.workbooks import (
    DOCTYPE,
    GOOD,
    HEAD,
    LAUGHS,
    OLE,
    SHEET,
    line,
    repacked,
    sheet,
    with_doctype,
    with_part,
    with_strings,
)
from tests.sources.xlsform_books import SETTINGS, codes, found, read, workbook

PATIENCE = 10  # seconds for any of these, on a busy machine
ROOM = 400  # megabytes for any of these, everything included


def taken(files: dict[str, bytes]) -> Reading:
    """Read within the time."""
    start = time.perf_counter()
    result = read_import(ImportSurvey(files, kind="observatie"))
    assert time.perf_counter() - start < PATIENCE
    return result


def reason(data: bytes, name: str = "vragen.xlsx") -> str:
    """The one reason why this file is refused."""
    result = taken({name: data})
    assert len(result.errors) == 1, result.errors
    assert result.survey is None
    return result.errors[0].code


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


def test_the_good_one_is_good() -> None:
    result = taken({"vragen.xlsx": GOOD})
    assert not result.errors
    assert result.survey is not None


# files that are no workbook


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "file_empty"),
        (b"type,name,label\ntext,v,Vraag\n", "not_a_workbook"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "not_a_workbook"),
        (b"%PDF-1.7\n" + bytes(100), "not_a_workbook"),
        (bytes(1000), "not_a_workbook"),
        ("| a | b |\n| c | d |\n".encode("utf-16"), "not_a_workbook"),
        (GOOD[: len(GOOD) // 2], "damaged_workbook"),
        (GOOD[:100], "damaged_workbook"),
        (b"PK\x03\x04", "damaged_workbook"),
        (b"PK\x05\x06" + bytes(18), "no_form"),
        (OLE + bytes(2000), "not_a_workbook"),
        (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600), "locked_workbook"),
        (OLE + bytes(600) + "Workbook".encode("utf-16-le") + bytes(600), "damaged_workbook"),
        (b"\x09\x08" + bytes(500), "damaged_workbook"),
        (archive(**{"xl/workbook.bin": b"x"}), "binary_workbook"),
        (archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "open_document"),
        (archive(**{"xl/workbook.xml": b"<not xml"}), "damaged_workbook"),
        (with_part("[Content_Types].xml", b"<broken"), "damaged_workbook"),
        (with_part(SHEET, b"<worksheet><sheetData><row"), "damaged_workbook"),
        (with_part(SHEET, b""), "damaged_workbook"),
        (archive(**{"a.xlsx": GOOD, "b.xls": b"x"}), "several_forms"),
        (archive(**{"a.txt": b"x", "b.txt": b"y"}), "no_form"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(data: bytes, expected: str) -> None:
    assert reason(data) == expected


def test_a_locked_xls_says_so() -> None:
    # BIFF8: a beginning of a workbook, then FILEPASS (0x2F): what follows is encrypted
    begin = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 0x0005, 0, 0x07CC, 0, 6)
    stream = begin + struct.pack("<HHHHH", 0x002F, 6, 1, 1, 1) + bytes(500)
    assert reason(stream, "vragen.xls") == "locked_workbook"


@pytest.mark.parametrize("name", ["vragen.xls", "vragen.md", "vragen.txt", "vragen", "..\\v.csv"])
def test_the_bytes_say_what_it_is_not_the_name(name: str) -> None:
    assert not taken({name: GOOD}).errors


@pytest.mark.parametrize("seed", range(40))
def test_damaged_anywhere(seed: int, shared_data: Path) -> None:
    """Bytes changed at random places: any answer will do, but an answer."""
    dice = random.Random(seed)
    name = "ok__widgets.xls" if seed % 2 else "ok__flat_xlsform_test.xlsx"
    data = bytearray((shared_data / "xlsform" / name).read_bytes())
    for _ in range(dice.choice((1, 20, 400))):
        data[dice.randrange(len(data))] = dice.randrange(256)
    taken({name: bytes(data)})


@pytest.mark.parametrize("seed", range(40))
def test_cells_with_anything_in_them(seed: int) -> None:
    """Sheets full of words that mean something elsewhere: an answer, whatever it is."""
    dice = random.Random(seed)
    words = [
        "", "", "text", "begin group", "end group", "begin repeat", "end repeat", "select_one a",
        "select_multiple a or_other", "begin loop over a", "end loop", "${", "${v}", "v", "w", "a",
        "calculate", "rank a", "osm a", "meta", "yes", "1.0", "-", "\u202e", "😀", "حقل", "=1+1",
        "randomize=true", "a=b=c", "label", "name", "::", "select_one ${v}", "or_other", "()", "'",
        "select_one_from_file x.csv", "range", "start=1 end=2", "field-list", "audit", "../v",
        "select_one_external a", "x" * 300, "\n", "begin_group\tx", "note", "0,5",
    ]  # fmt: skip
    heads = [
        "type", "name", "label", "label::English (en)", "relevant", "calculation", "appearance",
        "choice_filter", "parameters", "repeat_count", "trigger", "default", "role", "hint::xx",
        "required", "constraint", "list_name", "image", "signal", "media::audio::nl", "disabled",
        "bind::foo", "", "form_id", "default_language", "kind", "public_key", "entity_id",
    ]  # fmt: skip

    def rows(count: int) -> list[list[str]]:
        width = dice.randrange(1, 12)
        head = dice.sample(heads, width)
        return [head, *([dice.choice(words) for _ in head] for _ in range(count))]

    sheets = {
        name: rows(dice.randrange(0, 12))
        for name in ("survey", "choices", "settings", "external_choices", "entities", "osm")
        if name == "survey" or dice.random() < 0.6
    }
    if dice.random() < 0.7:
        sheets["survey"][0][:2] = ["type", "name"][: len(sheets["survey"][0])]
    taken({"vragen.xlsx": workbook(**sheets)})


# swollen


def swollen(part: str, size: int) -> bytes:
    return with_part(part, b"<a>" + b" " * size + b"</a>", with_strings("a"))


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/styles.xml"])
def test_a_bomb_is_not_unpacked(part: str) -> None:
    bomb = swollen(part, 200_000_000)
    assert len(bomb) < 1_000_000
    assert reason(bomb) == "archive_too_large"


def test_a_bomb_that_lies_about_its_size() -> None:
    bomb = bytearray(swollen(SHEET, 200_000_000))
    with zipfile.ZipFile(io.BytesIO(bytes(bomb))) as book:
        size = book.getinfo(SHEET).file_size
    truth, lie = struct.pack("<I", size), struct.pack("<I", 1000)
    assert bytes(bomb).count(truth) >= 1
    assert reason(bytes(bomb).replace(truth, lie)) == "damaged_workbook"


def test_an_archive_of_ten_thousand_parts() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        target.writestr("xl/workbook.xml", "<a/>")
        for number in range(10_000):
            target.writestr(f"xl/{number}", b"")
    assert reason(out.getvalue()) == "archive_too_large"


def test_a_bomb_in_several_parts() -> None:
    """Each part is small enough and packed like a real one; together they are not."""
    out = io.BytesIO(GOOD)
    piece = (random.Random(1).randbytes(500) + bytes(40_000)) * 1000
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as target:
        for number in range(4):
            target.writestr(f"xl/media/{number}.emf", piece)
    assert reason(out.getvalue()) == "archive_too_large"


def test_a_bomb_beside_the_form() -> None:
    bundle = archive(**{"vragen.xlsx": GOOD, "plaat.png": bytes(100_000_000)})
    assert reason(bundle, "alles.zip") == "archive_too_large"


def test_an_archive_in_an_archive_is_not_opened() -> None:
    inner = archive(**{"vragen.xlsx": GOOD})
    assert reason(archive(**{"a.zip": inner, "b.zip": inner}), "alles.zip") == "no_form"


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("million empty rows", "taken"),
        ("far cells", "taken"),
        ("ten thousand rows", "too_many_rows"),
        ("bomb", "archive_too_large"),
        ("laughs", "damaged_workbook"),
        ("shared text", "too_much_text"),
        ("wide", "too_many_columns"),
        ("references", "too_many_references"),
    ],
)
def test_memory_and_time_stay_bounded(case: str, expected: str, tmp_path: Path) -> None:
    """Each in a process of its own, which says how much it needed at most."""
    file = tmp_path / "vragen.xlsx"
    file.write_bytes(CASES[case]())
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(file)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said, seconds, megabytes = done.stdout.split()
    assert said == expected
    assert float(seconds) < PATIENCE
    assert float(megabytes) < ROOM


MEASURE = """
import sys, time
from pathlib import Path
from fieldapp.services.import_survey import ImportSurvey, read_import
file = Path(sys.argv[1])
start = time.perf_counter()
found = read_import(ImportSurvey({file.name: file.read_bytes()}, kind="observatie"))
said = found.errors[0].code if found.errors else "taken"
# not ru_maxrss: that counts what the parent needed
most = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(said, time.perf_counter() - start, int(most.split()[1]) / 1024)
"""


def million_rows() -> bytes:
    empty = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(3, 1_000_000))
    return with_part(SHEET, sheet(HEAD + line(2, "text", "v", "Vraag") + empty))


def far_cells() -> bytes:
    """A cell in the last column, in every row, and one in the last row."""
    rows = "".join(
        line(n, "text", f"v{n}", "Vraag").replace("</row>", f'<c r="XFD{n}"><v>1</v></c></row>')
        for n in range(2, 2990)
    )
    last = '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    return with_part(SHEET, sheet(HEAD + rows + last))


def shared_text() -> bytes:
    """One long text, pointed at from every cell."""
    head = '<row r="1">' + "".join(
        f'<c r="{c}1" t="inlineStr"><is><t>{name}</t></is></c>'
        for c, name in zip("ABC", ("type", "name", "label"), strict=True)
    ) + "</row>"  # fmt: skip
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c><c r="C{n}" t="s"><v>0</v></c></row>'
        for n in range(2, 3000)
    )
    return with_strings("x" * 32_000, data=with_part(SHEET, sheet(head + rows)))


CASES = {
    "million empty rows": million_rows,
    "far cells": far_cells,
    "ten thousand rows": lambda: workbook(
        survey=[["type", "name", "label"], *(["text", f"v{n}", "V"] for n in range(10_000))]
    ),
    "bomb": lambda: swollen(SHEET, 400_000_000),
    "laughs": lambda: with_doctype(LAUGHS, b"&j;"),
    "shared text": shared_text,
    "references": lambda: workbook(
        survey=[
            ["type", "name", "label"],
            ["text", "a", "A"],
            *(["text", f"v{n}", "${a} " * 350] for n in range(2900)),
        ]
    ),
    "wide": lambda: workbook(survey=[[f"c{n}" for n in range(5000)]]),
}


# hostile XML


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_no_entity_is_looked_up(part: str, tmp_path: Path) -> None:
    secret = tmp_path / "geheim.txt"
    secret.write_text("GEHEIMWOORD")
    data = with_doctype(DOCTYPE % str(secret).encode(), b"&secret;", part)
    assert b"&secret;" in zipfile.ZipFile(io.BytesIO(data)).read(part) or "workbook" in part
    result = taken({"vragen.xlsx": data})
    assert codes(result.errors) == ["damaged_workbook"]
    assert "GEHEIMWOORD" not in repr(result)


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml"])
def test_a_billion_laughs_are_not_laughed(part: str) -> None:
    assert reason(with_doctype(LAUGHS, b"&j;", part)) == "damaged_workbook"


# what authors do by accident


def test_columns_that_are_missing_or_misspelt() -> None:
    result = read(["text", "v", "Vraag"], head="type nmae lable")
    assert ("missing_column", "survey", 1, "name") in found(result.errors)
    missing = next(p for p in result.errors if p.code == "missing_column")
    assert missing.params["suggestion"] == "nmae"
    label = next(p for p in result.warnings if p.params.get("found") == "lable")
    assert (label.code, label.params["suggestion"]) == ("unknown_column", "label")
    assert "missing_column" in codes(read(["v", "Vraag"], head="name label").errors)


def test_a_sheet_that_is_missing_or_misspelt() -> None:
    data = workbook(surveys=[["type", "name"]], notes=[["a"]])
    assert reason(data) == "sheet_missing"
    result = read(["select_one kleur", "v", "Vraag"], choises=[["list_name", "name", "label"]])
    assert result.verdict == "refused"


def test_names_that_are_double_or_taken() -> None:
    result = read(["text", "v", "Een"], ["text", "v", "Twee"], ["text", "instanceID", "Drie"])
    assert {"duplicate_name", "reserved_name"} <= set(codes(result.errors))
    assert ("reserved_name", "survey", 4, None) in found(result.errors)


def test_names_that_cannot_be() -> None:
    result = read(["text", "2e vraag", "Een"])
    assert ("name_not_allowed", "survey", 2, None) in found(result.errors)


def test_what_runs_in_circles() -> None:
    result = read(
        ["calculate", "a", "", "${b} + 1"],
        ["calculate", "b", "", "${a} + 1"],
        head="type name label calculation",
    )
    assert ("calculation_cycle", "survey", 2, "calculation") in found(result.errors)


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "(.*)*x", "((a+)+)+", "(a|aa)+$"])
def test_a_regular_expression_that_never_ends(pattern: str) -> None:
    """Refused at the door, or answered in time: never a hang."""
    from fieldapp.core.expression import Context, evaluate

    result = read(
        ["text", "v", "Vraag", f"regex(., '{pattern}')"], head="type name label constraint"
    )
    if result.survey is None:
        assert "regex_wrong" in codes(result.errors)
        return
    constraint = result.survey.question("v").constraint
    assert constraint is not None
    start = time.perf_counter()
    evaluate(constraint.tree, Context(answers={"v": "a" * 5000 + "!"}, own="a" * 5000 + "!"))
    assert time.perf_counter() - start < PATIENCE


def test_names_and_labels_in_any_script() -> None:
    result = read(
        ["text", "اسم", "ما اسمك؟ 😀"],
        ["text", "straße", "\u202eomgekeerd"],
        ["text", "v", "Dag, ${اسم}"],
    )
    assert result.survey is not None, result.errors
    assert [q.name for q in result.survey.questions] == ["اسم", "straße", "v"]


def test_emoji_is_no_name() -> None:
    assert "name_not_allowed" in codes(read(["text", "😀", "Vraag"]).errors)


def test_numbers_dates_and_booleans_in_cells() -> None:
    import datetime as dt

    result = read(
        ["integer", "v", 1.0, 12.0, True],
        ["date", "w", dt.datetime(2026, 1, 31), dt.date(2026, 1, 31), False],
        ["decimal", "x", 2.5, 0.1, "TRUE"],
        head="type name label default required",
    )
    assert result.survey is not None, result.errors
    rows = {row["name"]: row for row in result.definition["survey"]}
    assert rows["v"]["label"] == {"nl": "1"}
    assert rows["v"]["default"] == "12"
    assert rows["w"]["default"] == "2026-01-31"
    assert rows["x"]["default"] == "0.1"
    assert result.survey.question("v").always_required
    assert not result.survey.question("w").always_required


def test_merged_cells_hidden_sheets_and_macros() -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "survey"
    for row in (["type", "name", "label"], ["text", "v", "Vraag"], ["text", "w", "Nog een"]):
        page.append(row)
    page.merge_cells("C2:D2")
    page.sheet_state = "hidden"
    other = book.create_sheet("zichtbaar")
    other["A1"] = "x"
    out = io.BytesIO()
    book.save(out)
    macros = repacked(
        lambda name, old: old.replace(
            b"spreadsheetml.sheet.main+xml", b"sheet.macroEnabled.main+xml"
        ).replace(b"vnd.openxmlformats-officedocument.sheet.macro", b"vnd.ms-excel.sheet.macro"),
        out.getvalue(),
    )
    for data in (out.getvalue(), macros):
        result = taken({"vragen.xlsm": data})
        assert not result.errors
        assert {"cells_merged", "sheet_hidden"} <= set(codes(result.warnings))


def test_formulas_with_and_without_an_outcome() -> None:
    book = load_workbook(io.BytesIO(GOOD))
    book["survey"]["C2"] = '="Vraag "&1'
    out = io.BytesIO()
    book.save(out)  # openpyxl works nothing out
    result = taken({"vragen.xlsx": out.getvalue()})
    assert ("formula_without_value", "survey", 2, "C") in found(result.errors)
    worked_out = with_part(
        SHEET,
        sheet(HEAD + line(2, "text", "v", "x").replace(
            '<c r="C2" t="inlineStr"><is><t>x</t></is></c>',
            '<c r="C2" t="str"><f>"Vraag "&amp;1</f><v>Vraag 1</v></c>')),
    )  # fmt: skip
    result = taken({"vragen.xlsx": worked_out})
    assert result.survey is not None, result.errors
    label = result.survey.question("v").label
    assert label is not None
    assert label.values["nl"] == "Vraag 1"


def test_a_text_that_begins_with_an_equals_sign_is_text() -> None:
    from openpyxl import Workbook as Book

    book = Book()
    page = book.active
    assert page is not None
    page.title = "survey"
    page.append(["type", "name", "label"])
    page.append(["text", "v", ""])
    page["C2"].value = "=1+1"
    page["C2"].data_type = "s"
    out = io.BytesIO()
    book.save(out)
    result = taken({"vragen.xlsx": out.getvalue()})
    assert result.survey is not None, result.errors
    label = result.survey.question("v").label
    assert label is not None
    assert label.values["nl"] == "=1+1"


def test_a_row_far_below_is_not_lost() -> None:
    rows = [["text", "v", "Boven"], *([""] * 3 for _ in range(200)), ["text", "w", "Onder"]]
    result = read(*rows)
    assert result.survey is not None
    assert [q.name for q in result.survey.questions] == ["v", "w"]


def test_groups_in_groups_without_end() -> None:
    rows = [["begin group", f"g{n}", "G"] for n in range(2000)]
    result = read(*rows)
    assert result.verdict == "refused"


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("x.csv", b"", "table_empty"),
        ("x.csv", b"\xff\xfe\x00", "table_not_utf8"),
        ("x.csv", b"a,a\n1,2\n", "table_column_twice"),
        ("x.csv", b"a,,b\n1,2,3\n", "table_column_without_name"),
        ("x.csv", b"a,b\n1,2,3\n", "table_row_too_long"),
        ("x.csv", b"a\n" + b"1\n" * 60_000, "table_too_long"),
        ("x.csv", b"a\n" + b"1" * 6000 + b"\n", "table_cell_too_long"),
        ("x.csv", b"a\0b\n", "table_damaged"),
    ],
)
def test_tables_that_cannot_be_read(name: str, data: bytes, expected: str) -> None:
    result = taken({"vragen.xlsx": GOOD, name: data})
    assert codes(result.errors) == [expected]
    assert result.errors[0].params["file"] == name


def test_media_that_cannot_be_shown() -> None:
    from PIL import Image

    from tests.bad_input.world import picture

    head = "type name label image audio"
    form = workbook(
        survey=[head.split(), ["text", "v", "V", "a.png", "b.mp3"], ["text", "w", "W", "c.jpg"]],
        settings=SETTINGS,
    )
    svg = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'
    result = taken(
        {"v.xlsx": form, "a.png": svg, "b.mp3": b"<html>", "c.jpg": picture()[:-200] + b"x"}
    )
    assert {(p.code, p.params["file"]) for p in result.errors} >= {
        ("media_is_svg", "a.png"),
        ("media_kind_unknown", "b.mp3"),
    }
    big = io.BytesIO()
    Image.new("1", (9000, 9000)).save(big, "PNG")
    assert reason_of_media(form, big.getvalue()) == "media_not_this_kind"


def reason_of_media(form: bytes, data: bytes) -> str:
    return codes(taken({"v.xlsx": form, "a.png": data}).errors)[0]


def test_a_sheet_that_lies_about_its_size() -> None:
    rows = HEAD + line(2, "text", "v", "Een") + line(3, "text", "w", "Twee")
    lying = sheet(rows).replace(b"<sheetData>", b'<dimension ref="A1:B2"/><sheetData>')
    result = taken({"vragen.xlsx": with_part(SHEET, lying)})
    assert result.survey is not None
    assert [(q.name, q.label is not None) for q in result.survey.questions] == [
        ("v", True),
        ("w", True),
    ]
