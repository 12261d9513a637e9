"""fieldapp surveys and fieldapp rounds."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fieldapp.cli.base import CommandFailed, json_option, say, workbench
from fieldapp.core.people import SYSTEM
from fieldapp.core.survey.vocabulary import KINDS

if TYPE_CHECKING:
    from fieldapp.sources.xlsform.read import Reading


@click.group()
def surveys() -> None:
    """Check, load and publish surveys."""


@surveys.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Read survey definitions and say everything that is wrong."""
    from fieldapp.core.survey import SurveyError, read_survey

    wrong = 0
    for path in files:
        try:
            survey = read_survey(path)
            click.echo(f"{path}: {survey.name} {survey.version}, {len(survey.questions)} questions")
        except SurveyError as error:
            wrong += 1
            for problem in error.problems:
                click.echo(f"{path}: {problem}", err=True)
    if wrong:
        raise CommandFailed(f"{wrong} of {len(files)} definitions cannot be used")


@surveys.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@json_option
def publish(files: tuple[Path, ...], as_json: bool) -> None:
    """Publish definitions (without FILES: those that ship with fieldapp)."""
    from fieldapp.core.survey import SurveyError, read_survey
    from fieldapp.paths import SURVEYS
    from fieldapp.services.publish_survey import PublishError, publish_survey

    paths = files or tuple(sorted(SURVEYS.glob("*/survey.yaml")))
    rows = []
    with workbench() as bench:
        for path in paths:
            try:
                definition = read_survey(path)
                _, is_new = publish_survey(bench.session, definition, SYSTEM, datetime.now(UTC))
            except (SurveyError, PublishError) as error:
                raise CommandFailed(f"{path}: {error}") from error
            rows.append({"name": definition.name, "version": definition.version, "new": is_new})
        lines = [
            f"{r['name']} {r['version']}: {'published' if r['new'] else 'unchanged'}" for r in rows
        ]
        say(rows, as_json, lines)


@surveys.command(name="import")
@click.argument("files", nargs=-1, required=True,
                type=click.Path(exists=True, dir_okay=False, path_type=Path))  # fmt: skip
@click.option("--kind", type=click.Choice(KINDS), default=None, help="Without: as the form says.")
@click.option(
    "--language", default="nl", show_default=True, help="Of texts that name no language; a tag."
)
@click.option(
    "--tongue", "tongues", multiple=True, metavar="NAME=TAG",
    help="What a language in the form is, as 'Straattaal=nl-x-straat'; repeat for more.",
)  # fmt: skip
@click.option("--organisation", default="", help="Slug; without: the only one.")
@click.option("--check", "only_check", is_flag=True, help="Read and judge; keep nothing.")
@click.option("--publish", "at_once", is_flag=True, help="Publish the draft right away.")
@json_option
def import_(
    files: tuple[Path, ...],
    kind: str | None,
    language: str,
    tongues: tuple[str, ...],
    organisation: str,
    only_check: bool,
    at_once: bool,
    as_json: bool,
) -> None:
    """Bring in an XLSForm (.xlsx, .xls, .md), with its CSV and media files or as one .zip."""
    from fieldapp.services.import_survey import ImportSurvey, read_import

    if any("=" not in tongue for tongue in tongues):
        raise CommandFailed("write --tongue as 'Straattaal=nl'")
    languages = dict(tongue.split("=", 1) for tongue in tongues)
    given = {file.name: file.read_bytes() for file in files}
    found = read_import(ImportSurvey(given, kind or "", language, languages))
    kept = "" if only_check or found.errors else _keep(found, organisation, at_once)
    _say_import(found, kept, as_json)


def _keep(found: Reading, organisation: str, at_once: bool) -> str:
    """The draft that came of it, as `name version`; CommandFailed with every reason."""
    from fieldapp.cli.import_survey_texts import problem_text
    from fieldapp.services.import_survey import actor_of, keep_import
    from fieldapp.services.media import CannotKeep, MediaStore
    from fieldapp.services.survey_drafts import NotFinished, publish_draft

    with workbench() as bench:
        actor = actor_of(bench.session, organisation)
        if actor is None:
            raise CommandFailed("name an existing organisation with --organisation")
        now = datetime.now(UTC)
        media = MediaStore(bench.settings.media_dir)
        try:
            kept, draft = keep_import(bench.session, media, found, actor, now)
            if draft is None:
                raise CommandFailed("; ".join(map(problem_text, kept.errors)))
            if at_once:
                draft = publish_draft(bench.session, draft.id, actor, now, ())
        except CannotKeep as error:
            raise CommandFailed(f"cannot keep the media files: {error}") from error
        except NotFinished as error:
            raise CommandFailed(f"kept as a draft, but not published: {error}") from error
        return f"{draft.survey.name} {draft.version}"


def _say_import(found: Reading, kept: str, as_json: bool) -> None:
    from fieldapp.cli.import_survey_texts import problem_text

    if as_json:
        data = {
            "verdict": found.verdict,
            "survey": kept or None,
            "errors": [{"code": p.code, **p.params} for p in found.errors],
            "warnings": [{"code": p.code, **p.params} for p in found.warnings],
        }
        say(data, as_json, ())
    else:
        for problem in found.warnings:
            click.echo(f"warning: {problem_text(problem)}", err=True)
        for problem in found.errors:
            click.echo(f"error: {problem_text(problem)}", err=True)
    if found.errors:
        raise CommandFailed(f"not imported: {len(found.errors)} errors")
    if not as_json:
        questions = len(found.survey.questions) if found.survey else 0
        click.echo(f"{kept or 'can be imported'}: {questions} questions")


@surveys.command(name="list")
@json_option
def list_(as_json: bool) -> None:
    """Surveys and their versions."""
    from fieldapp.db.queries.surveys import all_surveys

    with workbench() as bench:
        rows = [
            {
                "name": survey.name,
                "kind": survey.kind,
                "versions": [{"version": v.version, "state": v.state} for v in survey.versions],
            }
            for survey in all_surveys(bench.session)
        ]
        lines = [
            f"{s.name}  {', '.join(f'{v.version} ({v.state})' for v in s.versions)}"
            for s in all_surveys(bench.session)
        ]
        say(rows, as_json, lines)


@surveys.command()
@click.argument("name")
@click.option("--version", "number", default="", help="Version; without: the newest published.")
@click.option(
    "--format", "form", type=click.Choice(["xlsx", "md", "xform", "yaml"]), default="xlsx",
    show_default=True, help="A .zip when tables or media files go along.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="File to write; - is the screen."
)
def export(name: str, number: str, form: str, output: Path | None) -> None:
    """Write a survey as XLSForm, Markdown, XForm or YAML."""
    from fieldapp.cli.export_texts import error_text
    from fieldapp.core.survey import SurveyError, load_survey
    from fieldapp.db.queries.surveys import published_version, survey_by_name
    from fieldapp.services.export_survey import export_survey
    from fieldapp.services.media import MediaStore
    from fieldapp.sources.errors import SourceError

    with workbench() as bench:
        survey = survey_by_name(bench.session, name)
        drafts = {v.version: v for v in survey.versions if number} if survey else {}
        version = drafts.get(number) or published_version(bench.session, name, number)
        if version is None:
            asked = f"{name} {number}".rstrip()
            raise CommandFailed(f"no such survey: {asked}; see fieldapp surveys list")
        try:
            definition = load_survey(version.definition, strict=False)
            made = export_survey(definition, form, MediaStore(bench.settings.media_dir))
        except SurveyError as error:
            raise CommandFailed(f"{name} is not finished: {error}") from error
        except SourceError as error:
            raise CommandFailed(error_text(error)) from error
    for file in made.missing:
        click.echo(f"left out: {file} is not kept on this machine", err=True)
    if str(output) == "-":
        sys.stdout.buffer.write(made.content)
        return
    target = output or Path(made.name)
    target.write_bytes(made.content)
    click.echo(str(target))


@click.group()
def rounds() -> None:
    """Open and list collection rounds."""


@rounds.command()
@click.option("--survey", required=True, help="form_id of the survey.")
@click.option("--name", required=True)
@click.option("--area", "areas", multiple=True, help="Area code; repeat for more.")
@click.option("--from", "opens", required=True, help="First day, as 2026-09-01.")
@click.option("--to", "closes", default="", help="Last day; without: stays open.")
@click.option("--public", "is_public", is_flag=True, help="Residents may answer without log-in.")
@click.option("--organisation", default="", help="Slug; without: the only one.")
@json_option
def add(
    survey: str,
    name: str,
    areas: tuple[str, ...],
    opens: str,
    closes: str,
    is_public: bool,
    organisation: str,
    as_json: bool,
) -> None:
    """Open a round."""
    from fieldapp.services.open_round import OpenRound, RoundError, open_round

    try:
        first = date.fromisoformat(opens)
        last = date.fromisoformat(closes) if closes else None
    except ValueError as error:
        raise CommandFailed(f"not a date: {error}; write 2026-09-01") from error
    command = OpenRound(survey, name, areas, first, last, is_public, organisation)
    with workbench() as bench:
        try:
            made = open_round(bench.session, command, SYSTEM, datetime.now(UTC))
        except RoundError as error:
            raise CommandFailed(str(error)) from error
        link = f"{bench.settings.base_url}/v/{made.slug}" if is_public else ""
        say({"slug": made.slug, "link": link}, as_json, [f"{made.slug}  {link}".strip()])


@rounds.command(name="list")
@json_option
def list_rounds(as_json: bool) -> None:
    """Every round."""
    from fieldapp.db.queries.surveys import all_rounds

    with workbench() as bench:
        rows = [
            {
                "slug": r.slug,
                "name": r.name,
                "survey": r.survey.name,
                "areas": r.area_codes,
                "from": r.opens_on,
                "to": r.closes_on,
                "public": r.is_public,
            }
            for r in all_rounds(bench.session)
        ]
        say(rows, as_json, [f"{r['slug']}  {r['survey']}  {r['name']}" for r in rows])
