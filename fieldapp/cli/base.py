"""What every command shares: lazy loading, a session, output, and failing well."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import click
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from fieldapp.config import Settings, load_settings

Item = TypeVar("Item")


class CommandFailed(Exception):
    """The command could not do its work; the message is one line that says what to do."""


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is called."""

    def __init__(
        self, *args: Any, commands_table: dict[str, tuple[str, str]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._table = commands_table or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = self._table.get(cmd_name)
        if entry is None:
            return None
        command = getattr(importlib.import_module(entry[0]), cmd_name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self._table.items()])


@dataclass(frozen=True, slots=True)
class Workbench:
    """Settings, engine and an open session for one command."""

    settings: Settings
    engine: Engine
    session: Session


@contextmanager
def workbench(*, check_head: bool = True) -> Iterator[Workbench]:
    """Open the database of the settings; refuses one that is not at head."""
    from fieldapp.db.engine import make_engine, make_session_factory
    from fieldapp.db.revision import current, head

    settings = load_settings()
    if settings.is_sqlite:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url)
    try:
        if check_head and current(engine) != head():
            raise CommandFailed("the database is not up to date; run: fieldapp db upgrade")
        with make_session_factory(engine)() as session:
            yield Workbench(settings, engine, session)
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise CommandFailed(f"cannot use the database: {reason}") from error
    finally:
        engine.dispose()


def say(data: Any, as_json: bool, lines: Iterable[str]) -> None:
    """Print the answer: JSON for scripts, lines for people."""
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, default=str))
        return
    for line in lines:
        click.echo(line)


def progress(items: Iterable[Item], total: int | None = None, label: str = "") -> Iterable[Item]:
    """The items with a progress bar on stderr; no bar where nobody watches."""
    from tqdm import tqdm

    shown: Iterable[Item] = tqdm(
        items, total=total, desc=label, disable=not sys.stderr.isatty(), leave=False
    )
    return shown


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int], None]]:
    """A function that is told (done, total) and draws a bar on stderr, where somebody watches."""
    from tqdm import tqdm

    with tqdm(disable=not sys.stderr.isatty(), leave=False) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show


json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for scripts.")
