"""What was promised before there was a list of promises is on it after the migration."""

from __future__ import annotations

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.db.migrate import downgrade
from fieldapp.db.models import FollowUp, Submission
from tests.factories import make_organisation
from tests.factories.doors import visit


def test_promises_in_what_came_in_before(engine: Engine, session: Session) -> None:
    from fieldapp.db.migrate import upgrade

    actor = Actor(make_organisation(session).id)
    kept = visit(session, actor, "Sterstraat 12-24", afspraken="Lamp doorgeven, vrijdag bellen.")
    visit(session, actor, "Sterstraat 26-38", afspraken="Geen")
    visit(session, actor, "Sterstraat 40-52")
    session.close()
    downgrade(engine, "0007")
    upgrade(engine)
    with Session(engine) as again:
        found = again.scalars(select(FollowUp)).one()
        assert found.submission_id == kept.id
        assert found.text == "Lamp doorgeven, vrijdag bellen."
        assert (found.portiek, found.question) == ("Sterstraat 12-24", "afspraken")
        assert found.made_at == again.get_one(Submission, kept.id).captured_at
        assert found.done_at is None
