"""Coding: spans in code points, codes of the frame, quotes only with consent and without names."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.core.people import Actor, Grant
from fieldapp.core.submission import Location
from fieldapp.db.models import AuditEntry, Statement, Submission
from fieldapp.db.queries.statements import approved_quotes, coded_signals
from fieldapp.services import code_statements as coding
from fieldapp.services.code_statements import MarkStatement
from fieldapp.services.coding_rules import CodingRefused, Span, find_fragment
from fieldapp.services.visible import NotThere, NotYours
from tests.factories import make_actor, make_area, make_person, make_submission

NOW = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)
LIGHT = "veiligheid.straatverlichting"
HERE = Location(lon=5.11, lat=52.09, source="gps")


@pytest.fixture
def analist(session: Session) -> Actor:
    return make_actor(make_person(session, "", "analist"))


def span(submission: Submission, words: str, question: str = "verhaal") -> tuple[int, int]:
    """Where the words lie, worked out apart from the service."""
    text = submission.answers[question]["v"]
    start = len(text.split(words)[0])
    return start, start + len(words)


def marked(
    session: Session,
    submission: Submission,
    words: str,
    actor: Actor,
    codes: tuple[str, ...] = (LIGHT,),
    valence: int = -1,
) -> Statement:
    start, end = span(submission, words)
    command = MarkStatement(submission.id, "verhaal", start, end, codes, valence)
    return coding.mark(session, command, actor, NOW)


def refusal(error: pytest.ExceptionInfo[CodingRefused]) -> str:
    return error.value.problem.code


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Het licht is al weken stuk.", "licht is al weken stuk"),
        ("Leuk 👩‍👩‍👧🎉 feest, maar 's nachts 🌙 donker!", "🌙 donker"),
        ("الشارع مظلم في الليل ولا أحد يصلح الإنارة", "مظلم في الليل"),
        ("cafe\u0301 dicht, lamp stuk", "lamp stuk"),
    ],
)
def test_the_span_is_counted_in_code_points(
    session: Session, analist: Actor, text: str, words: str
) -> None:
    submission = make_submission(session, {"verhaal": text})
    statement = marked(session, submission, words, analist)
    session.expire_all()
    assert statement.text == words
    assert text[statement.starts : statement.ends] == words
    assert [code.code for code in statement.codes] == [LIGHT]
    assert statement.frame_version == "wijkaanpak 2026-1"


def test_white_space_at_the_ends_is_left_out(session: Session, analist: Actor) -> None:
    submission = make_submission(session, {"verhaal": "Donker hier. Ja."})
    command = MarkStatement(submission.id, "verhaal", 6, 13, (LIGHT,), 0)
    statement = coding.mark(session, command, analist, NOW)
    assert (statement.starts, statement.ends, statement.text) == (7, 12, "hier.")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"start": 0, "end": 500}, "span_outside"),
        ({"start": -1, "end": 3}, "span_outside"),
        ({"start": 5, "end": 5}, "span_outside"),
        ({"start": 6, "end": 7}, "span_blank"),
        ({"codes": ()}, "no_code"),
        ({"codes": ("veiligheid.eenhoorns",)}, "unknown_code"),
        ({"codes": ("veiligheid",)}, "unknown_code"),
        ({"valence": 3}, "valence"),
        ({"question": "bestaat_niet"}, "no_open_answer"),
        ({"question": "portiek"}, "no_open_answer"),
        ({"question": "citaat_mag"}, "no_open_answer"),
        ({"question": "wens"}, "no_open_answer"),
    ],
)
def test_what_cannot_be_marked(
    session: Session, analist: Actor, change: dict[str, Any], code: str
) -> None:
    answers = {"verhaal": "Donker hier. Ja.", "portiek": "Kade 3", "citaat_mag": "ja"}
    submission = make_submission(session, answers)
    right = {"question": "verhaal", "start": 0, "end": 6, "codes": (LIGHT,), "valence": 0}
    command = MarkStatement(submission.id, **{**right, **change})
    with pytest.raises(CodingRefused) as error:
        coding.mark(session, command, analist, NOW)
    assert refusal(error) == code
    assert session.scalars(select(Statement)).all() == []


def test_a_returned_submission_is_not_coded(session: Session, analist: Actor) -> None:
    submission = make_submission(session, {"verhaal": "Donker hier."})
    submission.state = "returned"
    session.commit()
    with pytest.raises(CodingRefused) as error:
        marked(session, submission, "Donker", analist)
    assert refusal(error) == "not_counting"


def test_the_same_mark_twice_is_one_statement(session: Session, analist: Actor) -> None:
    submission = make_submission(session, {"verhaal": "Donker hier."})
    first = marked(session, submission, "Donker", analist)
    again = marked(session, submission, "Donker", analist)
    other = marked(session, submission, "Donker", analist, valence=1)
    assert first.id == again.id != other.id


def test_change_remove_and_bring_back(session: Session, analist: Actor) -> None:
    submission = make_submission(session, {"verhaal": "Donker hier."})
    statement = marked(session, submission, "Donker", analist, (LIGHT, "wonen.onderhoud"), -2)
    coding.change(session, statement.id, ("wonen.onderhoud", "binding.buren"), 1, analist, NOW)
    session.expire_all()
    assert {c.code for c in statement.codes} == {"wonen.onderhoud", "binding.buren"}
    assert statement.valence == 1
    back = coding.remove(session, statement.id, analist, NOW)
    assert session.scalars(select(Statement)).all() == []
    again = coding.mark(session, back, analist, NOW)
    assert (again.text, again.valence, len(again.codes)) == ("Donker", 1, 2)


def test_done_and_open_again(session: Session, analist: Actor) -> None:
    submission = make_submission(session)
    coding.call_done(session, submission.id, analist, NOW)
    later = datetime(2026, 4, 2, tzinfo=UTC)
    coding.call_done(session, submission.id, analist, later)
    session.expire_all()
    assert submission.coded_at == NOW
    coding.reopen(session, submission.id, analist, NOW)
    session.expire_all()
    assert submission.coded_at is None


# --- who may ---


def test_only_within_organisation_area_and_role(session: Session) -> None:
    make_area(session)
    submission = make_submission(session, {"verhaal": "Donker."}, location=HERE)
    assert submission.area_code == "BU99990101"
    here = make_actor(make_person(session, "", "analist", area="WK999901"))
    elsewhere = make_actor(make_person(session, "", "analist", area="WK999902"))
    manager = make_actor(make_person(session, "", "wijkmanager", area="WK999901"))
    stranger = make_actor(make_person(session, "", "analist", organisation="andere"))
    marked(session, submission, "Donker", here)
    with pytest.raises(NotYours):
        marked(session, submission, "Donker", elsewhere)
    with pytest.raises(NotYours):
        marked(session, submission, "Donker", manager)
    with pytest.raises(NotThere):
        marked(session, submission, "Donker", stranger)
    with pytest.raises(NotThere):
        coding.call_done(session, uuid.uuid4(), here, NOW)


# --- fragments typed by hand ---


def test_a_fragment_is_found_the_first_time_it_is_not_marked() -> None:
    answer = "stuk lamp, stuk bankje,\nstuk hek"
    assert find_fragment(answer, "stuk") == Span(0, 4)
    assert find_fragment(answer, "stuk", [Span(0, 9)]) == Span(11, 15)
    assert find_fragment(answer, "stuk", [Span(0, 9), Span(11, 12), Span(24, 32)]) == Span(0, 4)
    assert find_fragment(answer, " bankje,\r\nstuk ") == Span(16, 28)


@pytest.mark.parametrize(("typed", "code"), [("  ", "fragment_empty"), ("x", "fragment_absent")])
def test_a_fragment_that_is_not_there(typed: str, code: str) -> None:
    with pytest.raises(CodingRefused) as error:
        find_fragment("lamp", typed)
    assert refusal(error) == code


def test_offsets_from_the_browser_count_when_they_hold_the_fragment(session: Session) -> None:
    submission = make_submission(session, {"verhaal": "stuk hek en stuk bank"})
    place = coding.place_fragment
    assert place(session, submission, "verhaal", "stuk", 12, 16) == Span(12, 16)
    assert place(session, submission, "verhaal", "stuk", 3, 7) == Span(0, 4)
    assert place(session, submission, "verhaal", "stuk", 0, 900) == Span(0, 4)


# --- quotes ---

NAMED = "Mijn buurman Henk Visser belde 06-12345678, het licht is stuk."


def with_consent(session: Session, text: str = NAMED, consent: str | None = "ja") -> Submission:
    return make_submission(
        session, {"verhaal": text, **({"citaat_mag": consent} if consent else {})}
    )


def test_the_proposal_hides_what_was_found(session: Session, analist: Actor) -> None:
    submission = with_consent(session)
    statement = marked(session, submission, NAMED, analist)
    proposal = coding.quote_proposal(statement, submission, ())
    assert "Visser" not in proposal
    assert "12345678" not in proposal
    assert "[telefoon]" in proposal
    assert proposal.endswith("het licht is stuk.")
    approved = coding.approve_quote(session, statement.id, proposal, analist, NOW)
    session.expire_all()
    assert (approved.quote_state, approved.approved_at) == ("approved", NOW)
    assert approved.approved_by == analist.user_id
    deeds = session.scalars(select(AuditEntry.deed)).all()
    assert "quote.approve" in deeds


def test_a_name_that_only_the_words_before_the_span_betray(
    session: Session, analist: Actor
) -> None:
    text = "Dat zegt mijn buurvrouw Wendeline Bakstra ook, zo donker is het."
    submission = with_consent(session, text)
    statement = marked(session, submission, "Wendeline Bakstra ook, zo donker is het.", analist)
    assert "Bakstra" not in coding.quote_proposal(statement, submission, ())


@pytest.mark.parametrize("consent", ["nee", None])
def test_no_quote_without_consent(session: Session, analist: Actor, consent: str | None) -> None:
    submission = with_consent(session, "Het licht is stuk.", consent)
    statement = marked(session, submission, "licht is stuk", analist)
    with pytest.raises(CodingRefused) as error:
        coding.approve_quote(session, statement.id, "licht is stuk", analist, NOW)
    assert refusal(error) == "no_consent"


@pytest.mark.parametrize(
    ("quote", "code"),
    [
        (NAMED, "personal_data"),
        ("Bel 06-12345678, het licht is stuk.", "personal_data"),
        ("Mail naar henk@example.org", "personal_data"),
        ("  ", "quote_empty"),
        ("x " * 1001, "quote_too_long"),
    ],
)
def test_what_cannot_be_approved(session: Session, analist: Actor, quote: str, code: str) -> None:
    statement = marked(session, with_consent(session), NAMED, analist)
    with pytest.raises(CodingRefused) as error:
        coding.approve_quote(session, statement.id, quote, analist, NOW)
    assert refusal(error) == code
    session.expire_all()
    assert (statement.quote_state, statement.quote_text) == ("none", "")


def test_a_wijkmanager_approves_only_in_the_own_area(session: Session, analist: Actor) -> None:
    make_area(session)
    submission = make_submission(
        session, {"verhaal": "Het licht is stuk.", "citaat_mag": "ja"}, location=HERE
    )
    statement = marked(session, submission, "licht is stuk", analist)
    here = make_actor(make_person(session, "", "wijkmanager", area="BU99990101"))
    elsewhere = make_actor(make_person(session, "", "wijkmanager", area="BU99990102"))
    beheerder = make_actor(make_person(session, "", "beheerder"))
    for actor in (elsewhere, beheerder):
        with pytest.raises(NotYours):
            coding.approve_quote(session, statement.id, "licht is stuk", actor, NOW)
    coding.approve_quote(session, statement.id, "licht is stuk", here, NOW)
    coding.refuse_quote(session, statement.id, here, NOW)
    session.expire_all()
    assert (statement.quote_state, statement.quote_text) == ("refused", "")
    coding.reset_quote(session, statement.id, here, NOW)
    session.expire_all()
    assert statement.quote_state == "none"


# --- what the profile reads ---


def test_coded_signals_give_one_signal_per_theme_and_statement(
    session: Session, analist: Actor
) -> None:
    submission = make_submission(session, {"verhaal": "Donker hier, wel fijne buren."})
    other = make_submission(session, {"verhaal": "Niets."})
    marked(session, submission, "Donker", analist, (LIGHT, "veiligheid.veiligheidsgevoel"), -2)
    marked(session, submission, "hier", analist, (LIGHT, "wonen.onderhoud"), -1)
    marked(session, submission, "fijne buren", analist, ("binding.buren",), 2)
    assert coded_signals(session, [submission.id, other.id]) == {
        submission.id: {"veiligheid": (-1.0, -0.5), "wonen": (-0.5,), "binding": (1.0,)}
    }
    assert coded_signals(session, []) == {}


def test_approved_quotes_of_an_area_and_period(session: Session, analist: Actor) -> None:
    make_area(session)
    submission = make_submission(
        session,
        {"verhaal": "Het licht is stuk en het huis is koud.", "citaat_mag": "ja"},
        location=HERE,
    )
    light = marked(session, submission, "licht is stuk", analist, valence=-1)
    cold = marked(session, submission, "huis is koud", analist, ("wonen.onderhoud",), -2)
    marked(session, submission, "stuk en het huis", analist)
    for statement in (light, cold):
        coding.approve_quote(session, statement.id, statement.text, analist, NOW)
    organisation = analist.organisation_id or 0
    march, april = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)

    def texts(area: str, start: datetime, end: datetime, **more: Any) -> list[str]:
        found = approved_quotes(session, organisation, area, start, end, **more)
        return [quote.text for quote in found]

    for area in ("BU99990101", "WK999901", "GM9999"):
        assert texts(area, march, april) == ["huis is koud", "licht is stuk"]
    assert texts("BU99990101", march, april, theme="veiligheid") == ["licht is stuk"]
    assert texts("BU99990101", march, april, limit=1) == ["huis is koud"]
    assert texts("BU99990102", march, april) == []
    assert texts("BU99990101", april, NOW) == []
    quote = approved_quotes(session, organisation, "GM9999", march, april)[0]
    assert (quote.theme, quote.valence, quote.month) == ("wonen", -2, date(2026, 3, 1))
    assert (quote.kind, quote.language) == ("bewonersgesprek", "nl")
    assert approved_quotes(session, organisation + 1, "GM9999", march, april) == []
    submission.state = "rejected"
    session.commit()
    assert texts("GM9999", march, april) == []


def test_the_grant_of_a_system_actor_is_enough(session: Session) -> None:
    submission = make_submission(session, {"verhaal": "Donker."})
    wide = Actor(submission.organisation_id, grants=(Grant("analist"),))
    assert marked(session, submission, "Donker", wide).coder_id is None
