"""Definitions are large: a process reads each once, and a list of many asks for all at once."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from fieldapp.services import survey_versions
from fieldapp.services.survey_versions import newest_surveys, survey_of, surveys_of
from fieldapp.web.field.overview import overview
from tests.factories import make_actor, make_person, make_round, make_survey
from tests.support.queries import counted

SHIPPED = ("observatie", "bewonersgesprek", "portiekgesprek")


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that has read no definition yet."""
    monkeypatch.setattr(survey_versions, "_parsed", {})


@pytest.mark.usefixtures("unread")
def test_a_definition_is_read_from_the_database_once(session: Session, engine: Engine) -> None:
    ids = {name: make_survey(session, name).id for name in SHIPPED}
    survey_versions._parsed.clear()  # publishing may have read them
    session.expunge_all()

    with counted(engine) as first:
        found = surveys_of(session, ids.values())
    with counted(engine) as second:
        assert survey_of(session, ids["observatie"]) is found[ids["observatie"]]

    assert {survey.name for survey in found.values()} == set(SHIPPED)
    assert sum("survey_version.definition," in query for query in first) == 1
    assert len(second) == 1
    assert "survey_version.definition," not in second[0]


def test_a_version_that_is_not_there_is_named(session: Session) -> None:
    with pytest.raises(LookupError, match="987"):
        survey_of(session, 987)


def test_the_start_page_asks_no_more_for_many_rounds(session: Session, engine: Engine) -> None:
    versions = [make_survey(session, name) for name in SHIPPED]
    actor = make_actor(make_person(session, "kees@example.org", "buurtbeheerder"))

    def asked() -> int:
        session.expunge_all()
        with counted(engine) as queries:
            overview(session, actor, date(2026, 2, 1), "nl")
        return len(queries)

    make_round(session, versions[0])
    newest_surveys(session)
    few = asked()
    for _ in range(4):
        for version in versions:
            make_round(session, version)

    assert asked() == few
