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
