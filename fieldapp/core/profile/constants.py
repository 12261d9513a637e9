"""Every number and name the method leans on, in one place; printed in each profile."""

from __future__ import annotations

from typing import Any, Final

METHOD_VERSION: Final = "2026-1"

THEMES: Final = (
    "welzijn",
    "onderwijs",
    "veiligheid",
    "wonen",
    "werk",
    "democratie",
    "binding",
)
BEWONERS: Final = "bewoners"
PROFESSIONALS: Final = "professionals"
GROUPS: Final = (BEWONERS, PROFESSIONALS)

# Chapter 1, cold
MIN_REFERENCE: Final = 8  # areas with a value, else a wider group, else no score
MAD_TO_SD: Final = 1.4826  # makes the MAD of a normal distribution equal to its sd
Z_LIMIT: Final = 3.0
MAX_AGE_YEARS: Final = 3
MIN_COVERAGE: Final = 0.5
COLD_CLASS_AT: Final = 0.5
TREND_MIN_YEARS: Final = 3
TREND_P: Final = 0.10
MISSING_CODES: Final = frozenset({-99995.0, -99997.0, -99999999.0})

# Chapter 2, warm
RESAMPLES: Final = 2000
INTERVAL: Final = (5.0, 95.0)  # percentiles: a 90 % interval
MIN_CLUSTERS: Final = 3
STEVIG_FROM: Final = 15

# Chapter 4, who was heard
HEARD_RATIO: Final = 0.5
HEARD_MIN_EXPECTED: Final = 5.0
RAKE_MIN_KNOWN: Final = 0.6
RAKE_MARGINS: Final = ("age_band", "household", "tenure")
RAKE_TRIM: Final = (0.3, 3.0)
RAKE_ROUNDS: Final = 200
RAKE_TOLERANCE: Final = 1e-10
BACKGROUNDS: Final = (*RAKE_MARGINS, "language")
CELL_METRES: Final = 100

# Chapter 5, privacy
K_INTERNAL: Final = 5
K_PUBLIC: Final = 10
MIN_INHABITANTS: Final = 100
PUBLIC_ROUNDING: Final = 5
PUBLIC_DECIMALS: Final = 2

# Bounds and scores are rounded to this many decimals before they are compared with a limit,
# so that the order in which a computer adds cannot decide a class.
DECIMALS: Final = 12


def as_dict() -> dict[str, Any]:
    """Return the constants in the form that each profile prints: name -> plain JSON value."""
    return {
        "min_reference": MIN_REFERENCE,
        "mad_to_sd": MAD_TO_SD,
        "z_limit": Z_LIMIT,
        "max_age_years": MAX_AGE_YEARS,
        "min_coverage": MIN_COVERAGE,
        "cold_class_at": COLD_CLASS_AT,
        "trend_min_years": TREND_MIN_YEARS,
        "trend_p": TREND_P,
        "resamples": RESAMPLES,
        "interval": list(INTERVAL),
        "min_clusters": MIN_CLUSTERS,
        "stevig_from": STEVIG_FROM,
        "heard_ratio": HEARD_RATIO,
        "heard_min_expected": HEARD_MIN_EXPECTED,
        "rake_min_known": RAKE_MIN_KNOWN,
        "rake_margins": list(RAKE_MARGINS),
        "rake_trim": list(RAKE_TRIM),
        "cell_metres": CELL_METRES,
        "k_internal": K_INTERNAL,
        "k_public": K_PUBLIC,
        "min_inhabitants": MIN_INHABITANTS,
        "public_rounding": PUBLIC_ROUNDING,
        "public_decimals": PUBLIC_DECIMALS,
        "decimals": DECIMALS,
    }


def settle(number: float) -> float:
    """Round to DECIMALS and turn -0.0 into 0.0, so equal sums compare equal."""
    return round(float(number), DECIMALS) + 0.0
