"""The production files, as far as they can be checked without an engine."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from fieldapp.config import load_settings

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
CADDYFILE = (ROOT / "deploy/Caddyfile").read_text()
DOCKERFILE = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text())
REQUIRED = re.compile(r"\$\{(\w+):\?[^}]+\}")
OPTIONAL = re.compile(r"\$\{(\w+):-([^}]*)\}")
FILLED = {
    "SITE_ADDRESS": "buurt.example.nl",
    "ACME_EMAIL": "beheer@example.nl",
    "POSTGRES_PASSWORD": "p" * 40,
    "FIELDAPP_SECRET_KEY": "s" * 64,
}


def services() -> dict[str, dict[str, Any]]:
    """Service name -> its settings (YAML anchors already merged)."""
    found: dict[str, dict[str, Any]] = COMPOSE["services"]
    return found


def filled(value: str) -> str:
    """What compose makes of a value with .env filled in."""
    return OPTIONAL.sub(lambda m: m[2], REQUIRED.sub(lambda m: FILLED[m[1]], value))


def test_every_part_is_there() -> None:
    assert set(services()) == {"caddy", "web", "worker", "migrate", "postgis"}


@pytest.mark.parametrize("name", ["caddy", "web", "worker", "postgis"])
def test_long_running_parts_restart_and_tell_their_health(name: str) -> None:
    part = services()[name]

    assert part["restart"] == "unless-stopped"
    assert part["healthcheck"]["test"][0] == "CMD"


def test_names_of_parts_volumes_and_networks_exist() -> None:
    for part in services().values():
        for other in part.get("depends_on", {}):
            assert other in services()
        for network in part["networks"]:
            assert network in COMPOSE["networks"]
        for volume in part.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./"):
                assert (ROOT / source).is_file(), source
            else:
                assert source in COMPOSE["volumes"]


def test_what_waits_for_health_waits_for_something_that_tells_it() -> None:
    for part in services().values():
        for other, wait in part.get("depends_on", {}).items():
            if wait["condition"] == "service_healthy":
                assert "healthcheck" in services()[other]


def test_only_caddy_is_open_to_the_world() -> None:
    assert [name for name, part in services().items() if "ports" in part] == ["caddy"]
    assert services()["postgis"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_web_worker_and_migrations_are_one_image_with_one_set_of_settings() -> None:
    web, worker, migrate = (services()[name] for name in ("web", "worker", "migrate"))

    assert web["image"] == worker["image"] == migrate["image"]
    assert web["environment"] == worker["environment"] == migrate["environment"]
    assert web["volumes"] == worker["volumes"]


def test_fieldapp_reads_every_setting_it_is_given_and_starts_for_production() -> None:
    given = {key: filled(value) for key, value in services()["web"]["environment"].items()}
    known = set(re.findall(r"FIELDAPP_[A-Z_]+", (ROOT / "fieldapp/config.py").read_text()))

    assert set(given) <= known
    settings = load_settings(given)
    assert settings.environment == "production"
    assert settings.base_url == "https://buurt.example.nl"
    assert not settings.is_sqlite
    database = services()["postgis"]["environment"]
    assert settings.database_url == (
        f"postgresql+psycopg://{database['POSTGRES_USER']}:{FILLED['POSTGRES_PASSWORD']}"
        f"@postgis:5432/{database['POSTGRES_DB']}"
    )


def test_no_secret_has_a_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()

    for name in FILLED:
        assert f"${{{name}:?" in text
        assert f"${{{name}:-" not in text
        assert f"${{{name}}}" not in text
    for line in text.splitlines():
        if re.search(r"(PASSWORD|SECRET|KEY)\w*:", line):
            assert REQUIRED.search(line), line


def test_the_example_lists_every_variable_and_fills_in_none() -> None:
    example = dict(
        line.split("=", 1)
        for line in (ROOT / "deploy/env.example").read_text().splitlines()
        if line and not line.startswith("#")
    )
    text = (ROOT / "docker-compose.yml").read_text()
    used = set(REQUIRED.findall(text)) | {name for name, _ in OPTIONAL.findall(text)}

    assert set(example) == used
    assert set(example.values()) == {""}


def test_env_stays_out_of_git_and_out_of_the_image() -> None:
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[0] == "*"
    assert "!.env" not in ignored


def test_what_the_image_copies_exists_and_is_let_through() -> None:
    let_through = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    copies = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
    sources = {source for line in copies for source in shlex.split(line)[:-1]}

    assert sources == let_through
    for source in sources:
        assert (ROOT / source).exists(), source


def test_the_image_does_not_run_as_root_and_starts_a_real_app() -> None:
    from fieldapp.app import create_app

    last_stage = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    assert re.search(r"^USER fieldapp$", last_stage, re.MULTILINE)
    assert f'"fieldapp.app:{create_app.__name__}()"' in last_stage


@pytest.mark.parametrize("name", ["worker", "migrate"])
def test_commands_in_compose_are_commands_of_fieldapp(name: str) -> None:
    import click

    from fieldapp.cli import cli

    program, *words = services()[name]["command"]
    assert program == "fieldapp"
    command: click.Command | None = cli
    for word in words:
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), word)
        assert command is not None, f"no command {word}"


def test_braces_of_the_caddyfile_close_and_open_at_line_ends() -> None:
    depth = 0
    for line in CADDYFILE.splitlines():
        code = re.sub(r"\{\$\w+\}|#.*", "", line).strip()  # placeholders and comments aside
        if code == "}":
            depth -= 1
        elif "{" in code or "}" in code:
            # Caddy takes an opening brace only at the end of its line, after a space.
            assert re.fullmatch(r"[^{}]*\{", code), line
            depth += 1
        assert depth >= 0, line
    assert depth == 0


def test_caddy_gets_its_variables_and_sends_to_the_port_web_listens_on() -> None:
    variables = set(re.findall(r"\{\$(\w+)\}", CADDYFILE))
    listens = re.search(r'"--bind", "0\.0\.0\.0:(\d+)"', DOCKERFILE)

    assert variables == set(services()["caddy"]["environment"])
    assert listens
    assert f"reverse_proxy web:{listens[1]} {{" in CADDYFILE


def test_caddy_lets_through_what_fieldapp_accepts() -> None:
    limit = re.search(r"max_size (\d+)MB", CADDYFILE)

    assert limit
    assert int(limit[1]) > int(services()["web"]["environment"]["FIELDAPP_MAX_UPLOAD_MB"])
