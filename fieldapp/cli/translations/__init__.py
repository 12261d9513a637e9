"""fieldapp translations: the texts of pages and of surveys, in every language.

Works on the project's own files, so it is a command for who has the source at hand.
"""

from __future__ import annotations

import click

from fieldapp.cli.base import CommandFailed


@click.group()
def translations() -> None:
    """Collect texts to translate, and check translations."""


@translations.command()
def check() -> None:
    """Say what is missing, stale or changed; exit status 1 when anything is."""
    from fieldapp.cli.translations import catalogues, survey_texts

    lines = catalogues.check()
    for definition in survey_texts.definitions():
        lines += survey_texts.problems(definition)
    for line in lines:
        click.echo(line, err=True)
    if lines:
        raise CommandFailed(f"{len(lines)} faults; `fieldapp translations update` collects texts")
    click.echo(f"translations: whole in {', '.join(catalogues.COMPLETE)}; surveys too")


@translations.command()
def update() -> None:
    """Collect the texts of code, templates and surveys; what is new comes empty."""
    from fieldapp.cli.translations import catalogues, survey_texts

    for line in catalogues.update():
        click.echo(line)
    for definition in survey_texts.definitions():
        for line in survey_texts.update(definition):
            click.echo(line)


@translations.command()
@click.argument("language")
def add(language: str) -> None:
    """Begin a catalogue for a LANGUAGE (a tag such as fr); `update` then fills it."""
    from babel import Locale, UnknownLocaleError

    from fieldapp.cli.translations import catalogues
    from fieldapp.paths import TRANSLATIONS

    if language in catalogues.catalogues():
        raise CommandFailed(f"{language} has a catalogue already")
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise CommandFailed(f"no language is called {language}; write a tag such as fr") from error
    path = TRANSLATIONS / str(locale) / "LC_MESSAGES" / "messages.po"
    catalogues.write(catalogues.begun(str(locale)), path)
    click.echo(f"{path.relative_to(TRANSLATIONS.parent)}: translate it; surveys take {language} "
               "in `languages` of their settings")  # fmt: skip
