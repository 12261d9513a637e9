"""docs/xlsform.md: what fieldapp does with each feature of XLSForm, found out by trying it.

The page is made by this test and never by hand. After a change:
    FIELDAPP_WRITE_DOCS=1 .venv/bin/pytest tests/sources/test_xlsform_docs.py
"""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask import render_template

from fieldapp.app import create_app
from fieldapp.config import load_settings
from fieldapp.core.survey import Survey, load_survey
from fieldapp.core.survey import vocabulary as words
from fieldapp.core.survey.vocabulary import SILENT_TYPES
from fieldapp.sources.xlsform.read import Reading, read_form
from fieldapp.web.forms.preview import blank_page
from tests.support.xlsform_features import (
    Feature,
    Section,
    comes_back,
    markdown,
    read,
    remarks,
    sections,
)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "xlsform.md"
WRITE = "FIELDAPP_WRITE_DOCS"
FULL, PARTIAL, REFUSED = "volledig", "deels", "niet"
Verdicts = dict[tuple[str, str], str]
# notes of what is kept and does nothing: no warning for the author of the form, but not all of it
WITHOUT_EFFECT = frozenset({"setting_not_used", "unknown_appearance"})
HEAD = """# XLSForm: wat fieldapp ermee doet

Deze bladzijde is gemaakt door een test (`tests/sources/test_xlsform_docs.py`): van elke regel is
een klein formulier ingelezen, getekend, weer weggeschreven en opnieuw ingelezen.

| woord | betekent |
| --- | --- |
| volledig | werkt, en komt bij wegschrijven en inlezen hetzelfde terug |
| deels | wordt ingelezen, maar er blijft iets leeg, valt weg of doet hier niets |
| niet | het inlezen stopt, met blad, rij, kolom en wat je in plaats daarvan kunt doen |

Inlezen: `fieldapp surveys import`, of de knop bij Vragenlijsten. Wegschrijven:
`fieldapp surveys export`, of **Meenemen** bij een versie. Met tabellen of media is het een zip.
Functies en formules staan in [expressies](expressies.md).

Wat XLSForm niet kent, staat in kolommen die andere programma’s overslaan. Tekst vooraf en achteraf
zijn een eerste en een laatste `note`, zodat ook ODK en KoboToolbox die laten zien.
"""


@pytest.fixture(scope="module")
def request_context(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Inside a request of the real app; nothing of a form is kept, so one engine will do."""
    folder = tmp_path_factory.mktemp("xlsform")
    shutil.copy(sqlite_template, folder / "fieldapp.sqlite")
    app = create_app(
        load_settings(
            {
                "FIELDAPP_ENV": "test",
                "FIELDAPP_DATABASE_URL": f"sqlite:///{folder / 'fieldapp.sqlite'}",
                "FIELDAPP_DATA_DIR": str(folder / "data"),
                "FIELDAPP_SECRET_KEY": "only-for-tests-" + "x" * 32,
            }
        )
    )
    with app.test_request_context("/"):
        yield
    app.extensions["fieldapp"].engine.dispose()


@pytest.fixture(scope="module")
def verdicts(request_context: None) -> Verdicts:
    """(section, feature) -> what becomes of it."""
    return {(part.title, row.name): verdict(row) for part in sections() for row in part.features}


def drawn(survey: Survey) -> str:
    """Every page of a survey as the browser gets it, without what only names the appearance."""
    pages = []
    for page in survey.pages:
        view, form = blank_page(survey, page.name, "nl", show_all=True)
        pages.append(render_template("survey/page_body.html", view=view, form=form))
    html = re.sub(r"<script.*?</script>", "", "".join(pages), flags=re.DOTALL)
    return re.sub(r' data-appearance="[^"]*"', "", html)


def verdict(feature: Feature) -> str:
    """What becomes of the feature; also sees that what is taken can be drawn and comes back."""
    reading = read(feature)
    if reading.errors:
        return REFUSED
    survey = load_survey(reading.definition, strict=False)
    html = drawn(survey)
    assert [name for name in shown(survey) if f'data-path="{name}"' not in html] == []
    assert comes_back(reading), f"{feature.name} does not come back the same"
    if remarks(reading) or any(found.code in WITHOUT_EFFECT for found in reading.warnings):
        return PARTIAL
    if feature.without is not None and html == drawn(other(feature)):
        return PARTIAL
    return FULL


def shown(survey: Survey) -> list[str]:
    """The names of the questions that a page must hold; rounds are for other tests."""
    return [
        question.name
        for question in survey.questions
        if question.type not in SILENT_TYPES and not question.repeats
    ]


def other(feature: Feature) -> Survey:
    """The same form without the feature."""
    assert feature.without is not None
    reading: Reading = read_form("proef.md", markdown(feature.without), feature.files)
    return load_survey(reading.definition, strict=False)


def page_of(parts: tuple[Section, ...], verdicts: Mapping[tuple[str, str], str]) -> str:
    """The whole page as Markdown."""
    counts = Counter(verdicts.values())
    told = ", ".join(f"{counts[word]} {word}" for word in (FULL, PARTIAL, REFUSED))
    lines = [HEAD, f"Van de {len(verdicts)} regels hieronder: {told}.", ""]
    for part in parts:
        lines += [f"## {part.title}", ""]
        lines += [part.about, ""] if part.about else []
        lines += ["| wat | | in fieldapp |", "| --- | --- | --- |"]
        lines += [
            f"| {row.name} | {verdicts[part.title, row.name]} | {row.nl} |" for row in part.features
        ]
        lines.append("")
    return "\n".join(lines)


def test_the_page_tells_what_happens(verdicts: Verdicts) -> None:
    page = page_of(sections(), verdicts)
    if os.environ.get(WRITE):
        PAGE.write_text(page, encoding="utf-8")

    assert PAGE.exists(), f"write it: {WRITE}=1 pytest {__file__}"
    assert PAGE.read_text(encoding="utf-8") == page, (
        f"docs/xlsform.md is not what happens; write it again: {WRITE}=1 pytest {__file__}"
    )


def test_every_feature_stands_there_once_with_a_line(verdicts: Verdicts) -> None:
    rows = [row for part in sections() for row in part.features]

    assert len(verdicts) == len(rows) >= 140
    assert [row.name for row in rows if len(row.nl) < 8 or "|" in row.nl] == []


def test_every_type_and_column_of_ours_has_a_row() -> None:
    told = " ".join(row.name for part in sections() for row in part.features)
    wanted = {*words.TYPES, *words.TEXT_COLUMNS, *words.EXPRESSION_COLUMNS, *words.MEDIA}

    assert sorted(word for word in wanted if not re.search(rf"\b{word}\b", told)) == []


@pytest.mark.parametrize(
    ("section", "feature", "found"),
    [
        ("Soorten vragen", "`text`", FULL),
        ("Soorten vragen", "`audit`", PARTIAL),
        ("Soorten vragen", "`osm`", REFUSED),
        ("Uiterlijk", "`multiline`", FULL),
        ("Uiterlijk", "onbekend woord", PARTIAL),
        ("Bladen en bestanden", "`entities`", REFUSED),
    ],
)
def test_verdicts_that_the_design_asks_for(
    verdicts: Verdicts, section: str, feature: str, found: str
) -> None:
    assert verdicts[section, feature] == found
