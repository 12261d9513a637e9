"""The profile as plain JSON values: what the command, the API and the data file give."""

from __future__ import annotations

from typing import Any

from fieldapp.core.profile.constants import as_dict
from fieldapp.core.profile.values import (
    ColdTheme,
    Doors,
    GroupResult,
    Heard,
    IndicatorScore,
    Profile,
    Reference,
    ThemeProfile,
    Trend,
)


def to_dict(profile: Profile) -> dict[str, Any]:
    """Return the whole profile as JSON values; themes in the order of the framework, no NaN."""
    return {
        "area": profile.area,
        "period": {
            "from": profile.period.start.isoformat(),
            "to": profile.period.end.isoformat(),
        },
        "year": profile.year,
        "inhabitants": profile.inhabitants,
        "method_version": profile.method_version,
        "k": profile.k,
        "published": profile.published,
        "reference": {"group": profile.reference, "areas": profile.reference_size},
        "vintages": [
            {"source": v.source, "year": v.year, "edition": v.edition} for v in profile.vintages
        ],
        "themes": [_theme(theme) for theme in profile.themes],
        "heard": _heard(profile.heard),
        "constants": as_dict(),
        "notes": [{"code": n.code, "params": _plain(n.params)} for n in profile.notes],
    }


def _theme(theme: ThemeProfile) -> dict[str, Any]:
    found = theme.confrontation
    return {
        "code": theme.code,
        "cold": _cold(theme.cold),
        "warm": {
            "bewoners": _group(theme.bewoners),
            "professionals": _group(theme.professionals),
        },
        "confrontation": found.verdict,
        "wringt": found.wringt,
        "groups_differ": found.groups_differ,
        "missing": list(found.missing),
        "next_steps": [{"code": step.code, "count": step.count} for step in found.next_steps],
    }


def _cold(cold: ColdTheme) -> dict[str, Any]:
    return {
        "score": cold.score,
        "class": cold.class_,
        "coverage": cold.coverage,
        "reason": cold.reason,
        "trend": _trend(cold.trend),
        "indicators": [_indicator(score) for score in cold.indicators],
    }


def _indicator(score: IndicatorScore) -> dict[str, Any]:
    return {
        "code": score.code,
        "value": score.value,
        "z": score.z,
        "year": score.year,
        "source": score.source,
        "polarity": score.polarity,
        "role": score.role,
        "reason": score.reason,
        "reference": _reference(score.reference),
        "trend": _trend(score.trend),
    }


def _reference(reference: Reference | None) -> dict[str, Any] | None:
    if reference is None:
        return None
    return {
        "group": reference.group,
        "areas": reference.size,
        "weights": reference.weights,
        "median": reference.median,
        "scale": reference.scale,
        "scale_kind": reference.scale_kind,
    }


def _trend(trend: Trend | None) -> dict[str, Any] | None:
    if trend is None:
        return None
    return {
        "class": trend.class_,
        "slope": trend.slope,
        "p": trend.p,
        "years": list(trend.years),
        "reexpressed": trend.reexpressed,
        "reason": trend.reason,
    }


def _group(result: GroupResult) -> dict[str, Any]:
    return {
        "n": result.n,
        "mean": result.mean,
        "low": result.low,
        "high": result.high,
        "class": result.class_,
        "reliability": result.reliability,
        "reason": result.reason,
        "missing": result.missing_to_k,
        "clusters": result.clusters,
        "raked_mean": result.raked,
        "raked_reason": result.raked_reason,
    }


def _heard(heard: Heard) -> dict[str, Any]:
    backgrounds = {
        one.code: {
            "voices": one.voices,
            "known": one.known,
            "groups": [
                {
                    "code": group.code,
                    "heard": group.heard,
                    "expected": group.expected,
                    "ratio": group.ratio,
                    "verdict": "nog_te_weinig_gehoord" if group.under_heard else None,
                    "hidden": group.hidden,
                }
                for group in one.groups
            ],
        }
        for one in heard.backgrounds
    }
    return {"backgrounds": backgrounds, "doors": [_doors(one) for one in heard.doors]}


def _doors(doors: Doors) -> dict[str, Any]:
    return {
        "level": doors.level,
        "key": doors.key,
        "tried": doors.tried,
        "opened": doors.opened,
        "spoken": doors.spoken,
    }


def _plain(params: Any) -> dict[str, Any]:
    return {
        key: list(value) if isinstance(value, tuple) else value for key, value in params.items()
    }
