"""What the board of phones shows, as plain values for the template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fieldapp.core.people import Actor
from fieldapp.db.models import Device
from fieldapp.db.queries import phones as queries
from fieldapp.db.queries.phones import SeenDevice
from fieldapp.services.devices import needs
from fieldapp.services.messages import NUDGE_EVERY
from fieldapp.web.assets import static_version
from fieldapp.web.context import db_session, now
from fieldapp.web.dates import moment

BOARD_ROLES = ("wijkmanager", "beheerder")
MOST = 200

# (need, words, colour of the badge): why somebody should look, the worst first
NEEDS: Mapping[str, tuple[object, str]] = {
    "late": (_l("langer dan 24 uur niet verstuurd"), "wringt"),
    "silent": (_l("24 uur niet gezien, met werk erop"), "wringt"),
    "refused": (_l("inzending geweigerd"), "wringt"),
    "clock": (_l("klok loopt niet goed"), "few"),
    "full": (_l("opslag bijna vol"), "few"),
    "vanish": (_l("werk kan verdwijnen"), "few"),
    "old": (_l("oude versie"), "none"),
}
NUDGED_FOR = ("late", "silent")
URGENT = ("late", "silent", "refused")


@dataclass(frozen=True, slots=True)
class Row:
    """One phone of one person."""

    id: int
    person_id: int
    person: str
    name: str
    needs: tuple[str, ...]
    badges: tuple[tuple[str, str], ...]  # (words, colour)
    waiting: str
    facts: tuple[tuple[str, str], ...]
    may_nudge: bool
    nudged_at: datetime | None

    @property
    def urgent(self) -> bool:
        """Whether work is stuck."""
        return any(code in URGENT for code in self.needs)


@dataclass(frozen=True, slots=True)
class Board:
    """The whole page."""

    rows: tuple[Row, ...]
    urgent: int
    more: bool  # than are shown


def board(actor: Actor) -> Board:
    """Phones of the people whom this person may see; who needs attention first."""
    areas = actor.area_codes(*BOARD_ROLES)
    session, moment_now = db_session(), now()
    seen = queries.board(session, actor.organisation_id or 0, areas, MOST + 1)
    nudges = queries.last_nudges(session, (one.person.id for one in seen))
    rows = _sorted(_row(one, nudges.get(one.person.id), moment_now) for one in seen[:MOST])
    return Board(rows, sum(row.urgent for row in rows), len(seen) > MOST)


def _sorted(rows: Iterable[Row]) -> tuple[Row, ...]:
    """By the worst thing that is the matter; the order of the query within that."""
    order = list(NEEDS)
    rank = {code: place for place, code in enumerate(order)}
    return tuple(sorted(rows, key=lambda row: [rank[c] for c in row.needs[:1]] or [len(order)]))


def _row(seen: SeenDevice, nudged: datetime | None, at: datetime) -> Row:
    device, person = seen.device, seen.person
    found = tuple(needs(device, static_version(), at))
    recently = nudged is not None and nudged > at - NUDGE_EVERY
    return Row(
        id=device.id,
        person_id=person.id,
        person=person.name or person.email,
        name=device.name or _("Onbekend toestel"),
        needs=found,
        badges=tuple((str(NEEDS[code][0]), NEEDS[code][1]) for code in found),
        waiting=_waiting(device),
        facts=tuple(_facts(device)),
        may_nudge=any(code in NUDGED_FOR for code in found) and not recently,
        nudged_at=nudged if recently else None,
    )


def _waiting(device: Device) -> str:
    if not device.unsent:
        return str(_("Alles verstuurd"))
    words = ngettext("%(num)s nog niet verstuurd", "%(num)s nog niet verstuurd", device.unsent)
    if device.oldest_unsent_at is None:
        return str(words)
    since = moment(device.oldest_unsent_at)
    return str(_("%(waiting)s, de oudste van %(since)s", waiting=words, since=since))


def _facts(device: Device) -> Iterable[tuple[str, str]]:
    yield _("Laatst gezien"), moment(device.last_seen_at)
    if device.refused:
        refused = ngettext("%(num)s inzending", "%(num)s inzendingen", device.refused)
        yield _("Geweigerd"), refused
    yield _("Concepten"), format_decimal(device.drafts)
    yield _("Tweede kopie"), _("ja, op de server") if device.sealed else _("nee")
    yield _("Opslag"), _storage(device)
    yield _("Versie"), _version(device)
    if device.clock_off_s is not None and abs(device.clock_off_s) >= 60:
        yield _("Klok"), clock_words(device.clock_off_s)


def _storage(device: Device) -> str:
    kept = {
        True: _("blijft bewaard"),
        False: _("de telefoon mag opruimen"),
        None: _("onbekend of de telefoon opruimt"),
    }[device.persisted]
    if device.free_bytes is None:
        return str(kept)
    return str(_("%(kept)s, %(free)s vrij", kept=kept, free=size_words(device.free_bytes)))


def size_words(count: int) -> str:
    """1.234.567 bytes as '1,2 MB'."""
    for unit, size in (("GB", 10**9), ("MB", 10**6)):
        if count >= size:
            return f"{format_decimal(round(count / size, 1))} {unit}"
    return f"{format_decimal(round(count / 1000))} kB"


def _version(device: Device) -> str:
    if not device.app_version:
        return str(_("onbekend"))
    if device.app_version == static_version():
        return str(_("de nieuwste"))
    return str(_("ouder (%(version)s)", version=device.app_version))


def clock_words(off: int) -> str:
    """How far a clock is off: '3 uur voor', '12 minuten achter'."""
    seconds = abs(off)
    if seconds >= 172_800:
        amount = ngettext("%(num)s dag", "%(num)s dagen", round(seconds / 86_400))
    elif seconds >= 7_200:
        amount = ngettext("%(num)s uur", "%(num)s uur", round(seconds / 3_600))
    else:
        amount = ngettext("%(num)s minuut", "%(num)s minuten", round(seconds / 60))
    if off > 0:
        return str(_("loopt %(amount)s voor", amount=amount))
    return str(_("loopt %(amount)s achter", amount=amount))
