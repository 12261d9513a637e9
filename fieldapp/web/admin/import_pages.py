"""What the pages of an import show: its state in words, and its report as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fieldapp.config import Settings
from fieldapp.db.models import ImportRun
from fieldapp.jobs import worker_is_alive
from fieldapp.services.import_runs import progress_file
from fieldapp.web.admin import import_texts as texts
from fieldapp.web.admin.import_forms import SOURCES

PATIENCE = timedelta(seconds=15)  # an import that waits longer without a worker gets a word on it
SHOWN = 50  # rows of one table; the JSON has more

STATES: Mapping[str, tuple[Any, str]] = {
    "queued": (_l("Wacht"), "few"),
    "running": (_l("Bezig"), "few"),
    "done": (_l("Klaar"), "agree"),
    "failed": (_l("Niet gelukt"), "wringt"),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is. `percent` None: not known (yet)."""

    state: str
    percent: int | None
    words: str
    warning: str = ""

    @property
    def is_finished(self) -> bool:
        """Whether there is nothing more to wait for."""
        return self.state in ("done", "failed")


def progress_of(settings: Settings, run: ImportRun, now: datetime) -> Progress:
    """Where an import stands, honestly: also when nobody works on it."""
    alive = worker_is_alive(settings, now)
    late = now - run.created_at > PATIENCE
    if run.state == "queued":
        warning = ""
        if late and not alive:
            warning = _(
                "De verwerking is nog niet begonnen. Draait de worker? Vraag het aan wie fieldapp "
                "beheert. Je bestand is bewaard en wordt verwerkt zodra de worker er is."
            )
        return Progress("queued", None, _("Je bestand wacht op verwerking."), warning)
    if run.state == "running":
        percent = progress_file(settings, run.id).read()
        words = _("We lezen het bestand.")
        if percent is not None:
            words = _("We zijn op %(percent)s procent.", percent=percent)
        warning = ""
        if late and not alive:
            warning = _(
                "De verwerking is onderbroken. Ze gaat vanzelf verder zodra de worker weer draait."
            )
        return Progress("running", percent, words, warning)
    return Progress(run.state, 100, str(STATES[run.state][0]))


def title_of(run: ImportRun) -> str:
    """'Grenzen 2024' or 'Cijfers 2023: CBS ...'; files of several years name none."""
    year = str(run.options.get("year") or "")
    what = _("Grenzen") if run.kind == "areas" else _("Cijfers")
    named = f"{what} {year}".strip()
    if run.kind == "areas" or not run.source:
        return named
    return f"{named}: {SOURCES.get(run.source, run.source)}"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the report; `note` tells how many rows are left out."""

    caption: str
    columns: Sequence[Mapping[str, Any]]
    rows: Sequence[Mapping[str, Any]]
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A report in words: sentences first, then facts, remarks and tables."""

    summary: str
    facts: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    tables: Sequence[Table] = field(default=())


def report_of(run: ImportRun) -> ReportPage:
    """The report of a finished import."""
    return _areas_report(run.report) if run.kind == "areas" else _figures_report(run.report)


def _number(value: Any) -> str:
    return str(format_decimal(int(value or 0)))


def _areas_report(report: Mapping[str, Any]) -> ReportPage:
    added, changed = int(report.get("added", 0)), int(report.get("changed", 0))
    if added or changed:
        summary = _(
            "%(added)s gebieden zijn nieuw en %(changed)s zijn veranderd.",
            added=_number(added),
            changed=_number(changed),
        )
    else:
        summary = _("Alles uit dit bestand was er al. Er is niets veranderd.")
    facts = [
        (_("Gelezen regels"), _number(report.get("read"))),
        (_("Nieuw"), _number(added)),
        (_("Veranderd"), _number(changed)),
        (_("Al bekend en gelijk"), _number(report.get("unchanged"))),
        (_("Hersteld"), _number(report.get("repaired_count"))),
        (_("Geweigerd"), _number(report.get("refused_count"))),
        (_("Water, weggelaten"), _number(report.get("water"))),
        (_("Dubbel in het bestand"), _number(report.get("repeated"))),
        (_("Nauwkeuriger grens gehouden"), _number(report.get("kept_exact"))),
        (_("Soort bestand"), str(report.get("format", ""))),
        (_("Coördinaten"), str(report.get("crs", ""))),
    ]
    repaired = [
        {"row": r["row"], "code": r["code"], "why": texts.repaired_words(str(r["reason"]))}
        for r in report.get("repaired", ())
    ]
    tables = [
        _refused(report.get("refused", ()), int(report.get("refused_count", 0))),
        _table(
            _("Hersteld"),
            (("row", _("Regel")), ("code", _("Code")), ("why", _("Wat was er"))),
            repaired,
            int(report.get("repaired_count", 0)),
        ),
    ]
    return ReportPage(summary, facts, _notes(report.get("notes", ())), _filled(tables))


def _figures_report(report: Mapping[str, Any]) -> ReportPage:
    read = report.get("read", {})
    added = int(report.get("added", 0))
    summary = (
        _("%(count)s cijfers zijn toegevoegd.", count=_number(added))
        if added
        else _("Alle cijfers uit dit bestand waren er al. Er is niets veranderd.")
    )
    years = sorted(set(report.get("boundary_years", {}).values()))
    matched = _number(report.get("matched"))
    if years:
        where = ", ".join(map(str, years))
        told = _("%(count)s, bij de grenzen van %(years)s", count=matched, years=where)
    else:
        told = _("Nog geen: de grenzen van deze gebieden zijn er nog niet.")
    facts = [
        (_("Gelezen regels"), _number(read.get("rows"))),
        (_("Gebieden in het bestand"), _number(read.get("areas"))),
        (_("Cijfers toegevoegd"), _number(added)),
        (_("Al bekend en gelijk"), _number(report.get("unchanged"))),
        (_("Uitgave"), str(report.get("edition", ""))),
        (_("Gebieden die passen"), told),
        (_("In gemeenten zonder grenzen"), _number(report.get("elsewhere_count"))),
        (_("Geweigerde regels"), _number(read.get("refused_count"))),
    ]
    return ReportPage(
        summary, facts, _notes(read.get("notes", ())), _filled(_figures_tables(report, read))
    )


def _figures_tables(report: Mapping[str, Any], read: Mapping[str, Any]) -> list[Table | None]:
    named = (("code", _("Code")), ("name", _("Naam")))
    suspects = [
        {
            "where": cell["where"],
            "text": cell["text"],
            "why": texts.fill(texts.WRONG, str(cell["reason"]), {}),
        }
        for cell in read.get("suspects", ())
    ]
    absent = [
        {"indicator": name, "columns": ", ".join(columns)}
        for name, columns in sorted(read.get("columns_absent", {}).items())
    ]
    empty = [{"column": name} for name in read.get("columns_empty", ())]
    return [
        _refused(read.get("refused", ()), int(read.get("refused_count", 0))),
        _table(
            _("Codes die bij geen gebied passen"),
            named,
            report.get("unmatched", ()),
            int(report.get("unmatched_count", 0)),
        ),
        _table(
            _("Gebieden zonder cijfers in dit bestand"),
            named,
            report.get("without_values", ()),
            int(report.get("without_values_count", 0)),
        ),
        _table(
            _("Vakken zonder goed getal"),
            (("where", _("Plek")), ("text", _("Er staat")), ("why", _("Waarom"))),
            suspects,
            int(read.get("suspects_count", 0)),
        ),
        _table(
            _("Kolommen die er niet zijn"),
            (("indicator", _("Cijfer")), ("columns", _("Gezochte kolom"))),
            absent,
            len(absent),
        ),
        _table(_("Kolommen zonder één cijfer"), (("column", _("Kolom")),), empty, len(empty)),
    ]


def _notes(notes: Sequence[Mapping[str, Any]]) -> list[str]:
    return [texts.note_words(note) for note in notes]


def _refused(rows: Sequence[Mapping[str, Any]], count: int) -> Table | None:
    columns = (
        ("row", _("Regel")),
        ("code", _("Code")),
        ("why", _("Waarom")),
        ("todo", _("Wat je kunt doen")),
    )
    return _table(_("Geweigerd"), columns, [texts.refused_words(row) for row in rows], count)


def _table(
    caption: str,
    columns: Sequence[tuple[str, str]],
    rows: Sequence[Mapping[str, Any]],
    count: int,
) -> Table | None:
    if not rows:
        return None
    shown = list(rows[:SHOWN])
    hidden = max(count, len(rows)) - len(shown)
    note = ""
    if hidden > 0:
        note = ngettext(
            "Er is er nog %(num)s. Het JSON-bestand heeft er meer.",
            "Er zijn er nog %(num)s. Het JSON-bestand heeft er meer.",
            hidden,
        )
    heads = [
        {"key": key, "label": label, "header": index == 0}
        for index, (key, label) in enumerate(columns)
    ]
    return Table(caption, heads, shown, note)


def _filled(tables: Sequence[Table | None]) -> list[Table]:
    return [table for table in tables if table is not None]
