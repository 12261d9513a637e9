"""What stories.yaml says, as values: the twelve buurten and what each shows of the method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"

# Keys whose mappings are completed from `defaults`, not replaced by it.
_MERGED = ("cold", "change", "warm", "prof", "talk", "voices", "heard")
_OWN = ("code", "name", "bank", "story", "street", "why", "shows")
_PLAIN = ("lang", "age", "household", "tenure", "portieken", "inhabitants")


@dataclass(frozen=True, slots=True)
class BadPortiek:
    """One stairwell (1-based number) with its own tone, and the share of voices it gets."""

    number: int
    share: float
    warm: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Buurt:
    """One buurt; the keys are explained at the top of stories.yaml."""

    code: str
    name: str
    wijk: str
    bank: str
    site: tuple[float, float]
    story: str
    street: str
    why: str
    inhabitants: int
    portieken: int
    cold: Mapping[str, float]
    change: Mapping[str, float]
    warm: Mapping[str, float]
    prof: Mapping[str, float]
    talk: Mapping[str, float]
    voices: Mapping[str, int]
    heard: Mapping[str, float]
    lang: Mapping[str, float]
    age: Mapping[str, float]
    household: Mapping[str, float]
    tenure: Mapping[str, float]
    shows: Mapping[str, Any]
    bad_portiek: BadPortiek | None = None


@dataclass(frozen=True, slots=True)
class Stories:
    """The gemeente and its wijken as (code, name), and its buurten."""

    gemeente: tuple[str, str]
    wijken: tuple[tuple[str, str], ...]
    buurten: tuple[Buurt, ...]

    def buurt(self, code: str) -> Buurt:
        """The buurt with this code; KeyError when there is none."""
        found = next((buurt for buurt in self.buurten if buurt.code == code), None)
        if found is None:
            raise KeyError(code)
        return found


def read_yaml(name: str) -> Any:
    """Content of one data file of the demo."""
    return yaml.load((DATA / name).read_text("utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader


def read_stories() -> Stories:
    """The stories as shipped."""
    data = read_yaml("stories.yaml")
    return Stories(
        gemeente=(data["gemeente"]["code"], data["gemeente"]["name"]),
        wijken=tuple((wijk["code"], wijk["name"]) for wijk in data["wijken"]),
        buurten=tuple(_buurt(row, data["defaults"]) for row in data["buurten"]),
    )


def _buurt(row: Mapping[str, Any], defaults: Mapping[str, Any]) -> Buurt:
    values: dict[str, Any] = {key: {**defaults[key], **row.get(key, {})} for key in _MERGED}
    values |= {key: row.get(key, defaults[key]) for key in _PLAIN}
    values |= {key: row[key] for key in _OWN}
    bad = row.get("bad_portiek")
    return Buurt(
        **values,
        wijk="WK" + row["code"][2:8],
        site=(float(row["site"][0]), float(row["site"][1])),
        bad_portiek=None if bad is None else BadPortiek(bad["number"], bad["share"], bad["warm"]),
    )


# The C reader of YAML is about eight times faster, where it was compiled in.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
