"""Messages of the pack. A nudge has no words of its own: its reader's language has them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.services.messages import NUDGE, messages_for


def messages_part(
    session: Session, actor: Actor, now: datetime, _language: str
) -> list[dict[str, Any]]:
    """[{id, kind, text, from, sent_at, read}] for this person, the newest first."""
    if actor.user_id is None:
        return []
    return [
        {
            "id": note.id,
            "kind": note.kind,
            "text": nudge_text() if note.kind == NUDGE else note.text,
            "from": note.sender,
            "sent_at": note.sent_at.isoformat(),
            "read": note.read_at is not None,
        }
        for note in messages_for(session, actor.user_id, now)
    ]


def nudge_text() -> str:
    """What a nudge says."""
    words: str = _(
        "Op je telefoon staat nog werk dat niet is verstuurd. Open fieldapp op een plek met "
        "bereik, dan gaat het vanzelf weg."
    )
    return words
