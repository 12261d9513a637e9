"""Numbers of a whole table at once, beside the reasons why a number is missing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from fieldapp.core.indicator import Indicator
from fieldapp.sources.statistics.cells import (
    OUT_OF_RANGE,
    PART_MISSING,
    ZERO_BASE,
    Decimal,
    read_numbers,
)


def read_figures(
    cells: pd.DataFrame, indicators: list[Indicator], decimal: Decimal
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Numbers and reasons, both rows x indicators, from cells with indicators as columns.

    A share in % lies between 0 and 100 and a count is not negative; others are OUT_OF_RANGE.
    """
    read = {item.code: read_numbers(cells[item.code], decimal) for item in indicators}
    numbers = pd.DataFrame({code: found for code, (found, _) in read.items()})
    reasons = pd.DataFrame({code: why for code, (_, why) in read.items()})
    low, high = (pd.Series(ends) for ends in zip(*map(bounds, indicators), strict=True))
    low.index = high.index = numbers.columns
    outside = numbers.lt(low) | numbers.gt(high)
    return numbers.mask(outside), reasons.mask(outside, OUT_OF_RANGE)


def bounds(item: Indicator) -> tuple[float, float]:
    """The lowest and highest number that an indicator can be."""
    low = 0 if item.unit == "%" or item.kind in ("count", "share") else -np.inf
    return low, 100 if item.unit == "%" else np.inf


def derive(item: Indicator, numbers: pd.DataFrame) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Times x sum(of) / sum(share_of) per row, and the reason where it cannot be made."""
    rule = item.derive
    assert rule is not None
    part = numbers.reindex(columns=list(rule.of)).sum(axis=1, skipna=False)
    base = numbers.reindex(columns=list(rule.share_of)).sum(axis=1, skipna=False)
    shares = rule.times * part / base
    reasons = np.select(
        [part.isna() | base.isna(), base.eq(0)], [PART_MISSING, ZERO_BASE], default=""
    )
    why = pd.Series(reasons, index=numbers.index, dtype=object)
    return shares.where(why.eq("")), why
