"""Settings: a wrong or missing one is refused by name, before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.config import ConfigError, load_settings

PRODUCTION = {
    "FIELDAPP_ENV": "production",
    "FIELDAPP_SECRET_KEY": "k" * 32,
    "FIELDAPP_BASE_URL": "https://veld.example.org",
}


def load(tmp_path: Path, **given: str) -> object:
    return load_settings({"FIELDAPP_DATA_DIR": str(tmp_path), **given})


def test_production_asks_for_a_key_and_an_address_by_name(tmp_path: Path) -> None:
    for name in ("FIELDAPP_SECRET_KEY", "FIELDAPP_BASE_URL"):
        rest = {key: value for key, value in PRODUCTION.items() if key != name}
        with pytest.raises(ConfigError, match=f"{name} is missing"):
            load(tmp_path, **rest)
    assert load(tmp_path, **PRODUCTION)


@pytest.mark.parametrize("days", ["-1", "0", "zeven", "1.5", "٣", "9" * 30])
def test_a_term_is_a_whole_number_of_one_or_more(tmp_path: Path, days: str) -> None:
    with pytest.raises(ConfigError, match="FIELDAPP_DRAFT_DAYS"):
        load(tmp_path, FIELDAPP_ENV="test", FIELDAPP_DRAFT_DAYS=days)


@pytest.mark.parametrize("url", ["veld.example.org", "ftp://veld.example.org", "javascript:1"])
def test_an_address_is_a_web_address(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match="FIELDAPP_BASE_URL"):
        load(tmp_path, **{**PRODUCTION, "FIELDAPP_BASE_URL": url})


def test_a_laptop_needs_nothing_and_keeps_its_key(tmp_path: Path) -> None:
    first = load_settings({"FIELDAPP_DATA_DIR": str(tmp_path)})

    assert first.base_url == "http://127.0.0.1:8000"
    assert load_settings({"FIELDAPP_DATA_DIR": str(tmp_path)}).secret_key == first.secret_key
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("given", ["-1", "ja", "1.5", "10"])
def test_proxies_are_counted(tmp_path: Path, given: str) -> None:
    with pytest.raises(ConfigError, match="FIELDAPP_PROXIES"):
        load(tmp_path, FIELDAPP_PROXIES=given)


@pytest.mark.parametrize("given", ["https://veld.example", "veld.example:443", "a b", "veld..nl"])
def test_hosts_are_names(tmp_path: Path, given: str) -> None:
    with pytest.raises(ConfigError, match="FIELDAPP_HOSTS"):
        load(tmp_path, FIELDAPP_HOSTS=f"goed.example, {given}")


def test_hosts_are_read_in_small_letters_and_no_proxy_is_trusted_unasked(tmp_path: Path) -> None:
    names = "Veld.example, .Gemeente.example,,10.0.0.5,fe80::1"
    read = load_settings({"FIELDAPP_DATA_DIR": str(tmp_path), "FIELDAPP_HOSTS": names})
    assert read.hosts == ("veld.example", ".gemeente.example", "10.0.0.5", "fe80::1")
    assert (read.proxies, load_settings({"FIELDAPP_DATA_DIR": str(tmp_path)}).hosts) == (0, ())


def test_retention_is_daily_unless_it_is_switched_off_or_tests_run(tmp_path: Path) -> None:
    def daily(**given: str) -> bool:
        env = {"FIELDAPP_DATA_DIR": str(tmp_path), **given}
        return load_settings(env).retention_daily

    assert daily()
    assert daily(**PRODUCTION)
    assert not daily(FIELDAPP_RETENTION="off")
    assert not daily(FIELDAPP_ENV="test")
    assert daily(FIELDAPP_ENV="test", FIELDAPP_RETENTION="on")
    with pytest.raises(ConfigError, match="FIELDAPP_RETENTION"):
        daily(FIELDAPP_RETENTION="soms")
