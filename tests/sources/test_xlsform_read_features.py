"""What XLSForm can say, row by row, comes out as our definition."""

from __future__ import annotations

from typing import Any

import pytest

from fieldapp.core.survey import Group, Question, load_survey, survey_to_dict
from fieldapp.sources.xlsform.bundle import unpack
from fieldapp.sources.xlsform.read import Reading, read_form
from tests.sources.xlsform_books import SETTINGS, codes, found, markdown, read, workbook

CHOICES = [
    ["list_name", "name", "label"],
    ["kleur", "rood", "Rood"],
    ["kleur", "blauw", "Blauw"],
]


def question(reading: Reading, name: str = "v") -> Question:
    """One question of a form that was taken."""
    assert reading.survey is not None, reading.errors
    return reading.survey.question(name)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        *((kind, kind) for kind in "text integer decimal date time dateTime image".split()),
        *((kind, kind) for kind in "audio video".split()),
        *((kind, kind) for kind in "file barcode geopoint geotrace geoshape note hidden".split()),
        *((kind, kind) for kind in "acknowledge start end today deviceid username".split()),
        *((kind, kind) for kind in "phonenumber email".split()),
        ("int", "integer"), ("string", "text"), ("photo", "image"), ("gps", "geopoint"),
        ("trigger", "acknowledge"), ("datetime", "dateTime"), ("get start time", "start"),
        ("q picture", "image"), ("percentage", "integer"), ("phone number", "text"),
        ("simserial", "hidden"), ("start-geopoint", "hidden"), ("background-audio", "hidden"),
        ("select_one kleur", "select_one"), ("select one from kleur", "select_one"),
        ("select_multiple kleur", "select_multiple"), ("rank kleur", "rank"),
        ("select all that apply from kleur", "select_multiple"),
    ],
)  # fmt: skip
def test_every_type_of_question(written: str, expected: str) -> None:
    reading = read([written, "v", "Vraag"], choices=CHOICES)
    assert question(reading).type == expected
    assert [c.name for c in question(reading).choices] == (
        ["rood", "blauw"] if "kleur" in written else []
    )


def test_a_range_and_a_calculation() -> None:
    reading = read(
        ["range", "v", "Cijfer", "start=1 end=10 step=1", ""],
        ["calculate", "dubbel", "", "", "${v} * 2"],
        head="type name label parameters calculation",
    )
    assert question(reading).parameter("end") == "10"
    calculation = question(reading, "dubbel").calculation
    assert calculation is not None
    assert calculation.source == "${v} * 2"


def test_types_with_a_rule_of_their_own_keep_it() -> None:
    reading = read(["percentage", "v", "Hoeveel?"], ["phone number", "w", "Telefoon?"])
    rule = question(reading).constraint
    assert rule is not None
    assert rule.source == "0 <= . and . <= 100"
    assert question(reading, "w").appearance == "numbers"


def test_every_column_of_a_question() -> None:
    head = (
        "type name label hint guidance_hint required required_message relevant constraint "
        "constraint_message default appearance parameters read_only trigger theme role"
    )
    reading = read(
        ["integer", "eerst", "Hoeveel?"],
        ["text", "v", "Vraag", "Uitleg", "Meer", "yes", "Nodig", "${eerst} > 1",
         "string-length(.) < 9", "Te lang", "nog niets", "multiline", "rows=4", "${eerst} > 5",
         "${eerst}", "wonen", "promise"],
        head=head,
    )  # fmt: skip
    assert reading.verdict == "taken", (reading.errors, reading.warnings)
    row = survey_to_dict(load_survey(reading.definition))["survey"][1]
    assert row == {
        "type": "text",
        "name": "v",
        "label": {"nl": "Vraag"},
        "hint": {"nl": "Uitleg"},
        "guidance_hint": {"nl": "Meer"},
        "required": "true()",
        "required_message": {"nl": "Nodig"},
        "relevant": "${eerst} > 1",
        "constraint": "string-length(.) < 9",
        "constraint_message": {"nl": "Te lang"},
        "default": "nog niets",
        "appearance": "multiline",
        "parameters": "rows=4",
        "read_only": "${eerst} > 5",
        "trigger": ["eerst"],
        "theme": "wonen",
        "role": "promise",
    }


@pytest.mark.parametrize(
    ("heading", "cell", "column", "expected"),
    [
        ("relevance", "true()", "relevant", "true()"),
        ("bind::relevant", "true()", "relevant", "true()"),
        ("Calculate", "1 + 1", "calculation", "1 + 1"),
        ("read only", "yes", "read_only", "true()"),
        ("Constraint Message", "Nee", "constraint_message", {"nl": "Nee"}),
        ("bind::jr:constraintMsg", "Nee", "constraint_message", {"nl": "Nee"}),
        ("requiredMsg", "Nodig", "required_message", {"nl": "Nodig"}),
        ("control::appearance", "minimal", "appearance", "minimal"),
        ("media::image", "a.png", "media", {"image": {"nl": "a.png"}}),
        ("body::rows", "5", "", None),
    ],
)
def test_columns_by_their_other_names(heading: str, cell: str, column: str, expected: Any) -> None:
    sheet = [["type", "name", "label", heading], ["text", "v", "Vraag", cell]]
    reading = read_form("x.xlsx", workbook(survey=sheet, settings=SETTINGS), kind="observatie")
    assert not reading.errors
    assert reading.survey is not None
    row = survey_to_dict(reading.survey)["survey"][0]
    assert not column or row[column] == expected


def test_groups_repeats_and_their_columns() -> None:
    reading = read(
        ["begin group", "thuis", "Thuis", "", "", "field-list"],
        ["integer", "aantal", "Hoeveel kamers?"],
        ["begin_repeat", "kamers", "Kamer", "", "${aantal}", ""],
        ["text", "soort", "Welke?", "${aantal} > 0"],
        ["begin repeat", "ramen", "Raam", "", "2"],
        ["decimal", "breedte", "Hoe breed?"],
        ["end repeat"],
        ["end_repeat"],
        ["end group"],
        head="type name label relevant repeat_count appearance",
    )
    survey = reading.survey
    assert survey is not None, reading.errors
    home = survey.groups["thuis"]
    assert (home.type, home.appearance) == ("group", "field-list")
    assert survey.groups["kamers"].is_repeat
    assert survey.groups["kamers"].repeat_count is not None
    assert survey.question("breedte").repeats == ("kamers", "ramen")
    assert isinstance(survey.items[0], Group)


def test_a_group_without_appearance_is_no_page() -> None:
    reading = read(["begin group", "g", "G"], ["text", "a", "A"], ["text", "b", "B"], ["end group"])
    assert reading.survey is not None
    assert [page.name for page in reading.survey.pages] == ["a", "b"]


def test_a_table_list_is_one_page() -> None:
    reading = read(
        ["begin group", "g", "G", "table-list"],
        ["select_one kleur", "a", "A"],
        ["select_one kleur", "b", "B"],
        ["end group"],
        head="type name label appearance",
        choices=CHOICES,
    )
    assert reading.survey is not None
    assert [page.name for page in reading.survey.pages] == ["g"]
    assert "table-list" in reading.survey.groups["g"].appearances


def test_a_choice_filter_with_its_columns() -> None:
    choices = [
        ["list_name", "name", "label", "gemeente"],
        ["wijk", "noord", "Noord", "u"],
        ["wijk", "zuid", "Zuid", "a"],
    ]
    reading = read(
        ["text", "gemeente", "Waar?"],
        ["select_one wijk", "v", "Welke?", "gemeente = ${gemeente}"],
        head="type name label choice_filter",
        choices=choices,
    )
    assert [dict(c.columns) for c in question(reading).choices] == [
        {"gemeente": "u"},
        {"gemeente": "a"},
    ]
    assert reading.verdict == "taken"


def test_our_own_columns_of_choices() -> None:
    choices = [
        ["list_name", "name", "label", "signal", "icon", "theme"],
        ["schoon", "goed", "Goed", 1, "sparkle", ""],
        ["schoon", "matig", "Matig", "-0,5", "", "binding"],
        ["schoon", "neutraal", "Gewoon", 0, "", ""],
    ]
    reading = read(
        ["select_one schoon", "v", "Schoon?", "wonen"],
        head="type name label theme",
        choices=choices,
    )
    good, fair, neutral = question(reading).choices
    assert (good.signal, good.icon, good.theme) == (1.0, "sparkle", None)
    assert (fair.signal, fair.icon, fair.theme) == (-0.5, None, "binding")
    assert neutral.signal == 0.0


def test_or_other_adds_a_choice_and_a_question() -> None:
    reading = read(["select_one kleur or_other", "v", "Kleur?"], choices=CHOICES)
    assert [c.name for c in question(reading).choices] == ["rood", "blauw", "other"]
    more = question(reading, "v_other")
    assert more.type == "text"
    assert more.relevant is not None
    assert more.relevant.source == "selected(${v}, 'other')"
    assert more.label is not None
    assert more.label.values == {"nl": "Wat anders?"}
    assert "or_other_added" in codes(reading.warnings)


def test_randomize_stays_in_the_parameters() -> None:
    reading = read(
        ["select_one kleur", "v", "Kleur?", "randomize=true seed=42"],
        head="type name label parameters",
        choices=CHOICES,
    )
    assert question(reading).parameter("randomize") == "true"
    assert [c.name for c in question(reading).choices] == ["rood", "blauw"]


def test_external_choices_are_choices() -> None:
    external = [
        ["list_name", "name", "label", "land"],
        ["stad", "utrecht", "Utrecht", "nl"],
        ["stad", "gent", "Gent", "be"],
        ["kleur", "groen", "Groen", ""],
    ]
    reading = read(
        ["text", "land", "Land?"],
        ["select_one_external stad", "v", "Stad?", "land = ${land}"],
        ["select_one_external kleur", "w", "Kleur?", "land = ${land}"],
        ["select_one kleur", "x", "Kleur?"],
        head="type name label choice_filter",
        choices=CHOICES,
        external_choices=external,
    )
    assert [c.columns.get("land") for c in question(reading).choices] == ["nl", "be"]
    # a list of the same name in both sheets: they stay two lists
    assert [c.name for c in question(reading, "w").choices] == ["groen"]
    assert [c.name for c in question(reading, "x").choices] == ["rood", "blauw"]


def test_choices_from_a_csv_file() -> None:
    row = ["select_one_from_file straten.csv", "v", "Straat?", "value=code label=straat"]
    sheet = [["type", "name", "label", "parameters"], row]
    data = workbook(survey=sheet, settings=SETTINGS)
    files = {"straten.csv": "\ufeffcode;straat\r\n001;Kerkstraat\r\n2;\r\n".encode()}
    reading = read_form("x.xlsx", data, files, kind="observatie")
    assert reading.survey is not None, reading.errors
    assert dict(reading.survey.tables) == dict(
        load_survey(
            dict(reading.definition)
            | {"tables": {"straten": {"columns": ["code", "straat"],
                                      "rows": [["001", "Kerkstraat"], ["2", ""]]}}}
        ).tables
    )  # fmt: skip
    assert reading.survey.question("v").list_name == "straten"
    assert codes(reading.warnings) == ["delimiter_read_as"]
    without = read_form("x.xlsx", data, kind="observatie")
    assert ("file_needed", "survey", 2, "type") in found(without.errors)
    wrong = read_form(
        "x.xlsx", data, {"straten.csv": b"naam,straat\n1,Kerkstraat\n"}, kind="observatie"
    )
    assert ("table_column_missing", "survey", 2, "type") in found(wrong.errors)


def test_pulldata_tables_come_along() -> None:
    reading = read_form(
        "x.xlsx",
        workbook(
            survey=[["type", "name", "label", "calculation"],
                    ["text", "code", "Code?", ""],
                    ["calculate", "v", "", "pulldata('huizen', 'adres', 'code', ${code})"]],
            settings=SETTINGS,
        ),
        {"huizen.csv": b"code,adres\n1,Kerkstraat 1\n"},
        kind="observatie",
    )  # fmt: skip
    assert reading.verdict == "taken", (reading.errors, reading.warnings)
    assert reading.survey is not None
    assert list(reading.survey.tables) == ["huizen"]


def test_a_loop_is_written_out() -> None:
    reading = read(
        ["begin loop over kleur", "per_kleur", "Per kleur"],
        ["integer", "aantal", "Hoeveel %(label)s?"],
        ["end loop"],
        choices=CHOICES,
    )
    survey = reading.survey
    assert survey is not None, reading.errors
    assert [q.name for q in survey.questions] == ["aantal", "blauw_aantal"]
    assert [q.label.values["nl"] for q in survey.questions if q.label] == [
        "Hoeveel Rood?",
        "Hoeveel Blauw?",
    ]
    assert [q.path for q in survey.questions] == [("per_kleur", "rood"), ("per_kleur", "blauw")]


def test_double_names_in_two_groups_are_renamed_with_their_paths() -> None:
    reading = read(
        ["begin group", "een", "Een"], ["integer", "leeftijd", "Leeftijd?", ""], ["end group"],
        ["begin group", "twee", "Twee"], ["integer", "leeftijd", "Leeftijd?", ""],
        ["text", "school", "School?", "../leeftijd < 18"], ["end group"],
        head="type name label relevant",
    )  # fmt: skip
    survey = reading.survey
    assert survey is not None, reading.errors
    assert [q.name for q in survey.questions] == ["leeftijd", "twee_leeftijd", "school"]
    relevant = survey.question("school").relevant
    assert relevant is not None
    assert relevant.source == "../twee_leeftijd < 18"
    assert ("name_renamed", "survey", 6, "name") in found(reading.warnings)
    assert reading.verdict == "warned"


def test_around_the_questions() -> None:
    reading = read(
        ["note", "intro", "Wij vragen u iets.", "intro"],
        ["text", "v", "Vraag", ""],
        ["note", "dank", "Dank u.", "thanks"],
        head="type name label role",
    )
    survey = reading.survey
    assert survey is not None
    assert (survey.intro, survey.thanks) != (None, None)
    assert [q.name for q in survey.questions] == ["v"]


def test_bent_quotes_are_straight_in_logic_and_stay_in_texts() -> None:
    reading = read(
        ["text", "a", "Zegt u \u2018ja\u2019?", ""],
        ["text", "v", "Vraag", "${a} = \u2018ja\u2019"],
        head="type name label relevant",
    )
    relevant = question(reading).relevant
    assert relevant is not None
    assert relevant.source == "${a} = 'ja'"
    label = question(reading, "a").label
    assert label is not None
    assert label.values["nl"] == "Zegt u \u2018ja\u2019?"


def test_markdown_reads_as_the_workbook_does() -> None:
    survey = [["type", "name", "label"], ["select_one kleur", "v", "Welke kleur?"]]
    sheets = {"survey": survey, "choices": CHOICES, "settings": SETTINGS}
    book = read_form("x.xlsx", workbook(**sheets), kind="observatie")
    text = read_form("x.md", markdown(**sheets), kind="observatie")
    assert book.survey is not None
    assert book.survey == text.survey


def test_a_zip_with_the_form_and_its_files() -> None:
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("map/vragen.xlsx", workbook(survey=[["type", "name"]]))
        archive.writestr("map/straten.csv", "a,b\n")
        archive.writestr("__MACOSX/map/._vragen.xlsx", "noise")
    name, data, files = unpack({"alles.zip": out.getvalue()})
    assert name == "vragen.xlsx"
    assert data.startswith(b"PK")
    assert files == {"straten.csv": b"a,b\n"}


def test_calculate_with_only_a_default_holds_it() -> None:
    reading = read(["calculate", "v", "", "uuid()"], head="type name label default")
    assert question(reading).type == "hidden"
    assert question(reading).default_logic is not None


def test_media_per_language_and_for_all() -> None:
    head = [["type", "name", "label::Nederlands (nl)", "label::English (en)", "image",
             "audio::English (en)"]]  # fmt: skip
    sheet = [*head, ["text", "v", "Vraag", "Question", "plaat.png", "say.mp3"]]
    files = {"plaat.png": b"x", "niets.png": b"y"}
    reading = read_form(
        "x.xlsx", workbook(survey=sheet, settings=SETTINGS), files, kind="observatie"
    )
    media = question(reading).media
    assert dict(media["image"].values) == {"nl": "plaat.png"}
    assert dict(media["audio"].values) == {"en": "say.mp3"}
    assert reading.files == {"plaat.png": b"x"}
    assert ("media_missing", "survey", 2, None) in found(reading.warnings)
    assert [p.params["file"] for p in reading.warnings if p.code == "file_not_used"] == [
        "niets.png"
    ]
