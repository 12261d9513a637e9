"""Whole numbers, decimals, and the numbers of a scale (range)."""

from __future__ import annotations

import math
import re
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from fieldapp.core.answers.texts import LARGEST, string
from fieldapp.core.answers.values import Impossible, one
from fieldapp.core.survey.model import Question
from fieldapp.core.survey.problems import short

INTEGER = re.compile(r"[+-]?\d{1,17}")
DECIMAL = re.compile(r"[+-]?(\d{1,17}([.,\u066b]\d{0,17})?|[.,\u066b]\d{1,17})")


class Scale(NamedTuple):
    """The bounds and the step of a range question, exact."""

    start: Decimal
    end: Decimal
    step: Decimal

    @property
    def is_whole(self) -> bool:
        """Whether every number on the scale is a whole one."""
        return self.start % 1 == 0 and self.step % 1 == 0


def read_integer(question: Question, value: object) -> int | None:
    """A whole number, in any script's digits."""
    value = one(value)
    if isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST:
        return int(value)
    text = string(value)
    if not text:
        return None
    if not INTEGER.fullmatch(text):
        too_large = text.lstrip("+-").isdecimal()
        raise Impossible("number_too_large" if too_large else "not_an_integer", found=short(text))
    return int(_within(int(text)))


def read_decimal(question: Question, value: object) -> float | None:
    """A number with a decimal comma or point; no thousands marks, which would be guesswork."""
    value = one(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise Impossible("not_a_number", found=str(value))
        return float(_within(value))
    text = string(value)
    if not text:
        return None
    if not DECIMAL.fullmatch(text):
        raise Impossible("not_a_number", found=short(text))
    return float(_within(float(text.replace(",", ".").replace("\u066b", "."))))


def _within(number: float) -> float:
    if abs(number) > LARGEST:
        raise Impossible("number_too_large", largest=LARGEST)
    return number


def scale_of(question: Question) -> Scale:
    """The parameters start, end and step of a range; 1, 10 and 1 when absent or unusable."""
    start, end, step = (
        _exact(question.parameter(key), usual)
        for key, usual in (("start", 1), ("end", 10), ("step", 1))
    )
    low, high = min(start, end), max(start, end)
    return Scale(low, high, abs(step) or Decimal(1))


def _exact(text: str, usual: int) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return Decimal(usual)
    return number if number.is_finite() and abs(number) <= LARGEST else Decimal(usual)


def read_range(question: Question, value: object) -> int | float | None:
    """A number on the scale: an int when all of them are whole, else a float."""
    number = read_decimal(question, value)
    if number is None:
        return None
    scale = scale_of(question)
    exact = Decimal(repr(number))
    shown = {"start": float(scale.start), "end": float(scale.end), "step": float(scale.step)}
    if not scale.start <= exact <= scale.end:
        raise Impossible("outside_range", found=number, **shown)
    if (exact - scale.start) % scale.step:
        raise Impossible("not_on_the_scale", found=number, **shown)
    return int(exact) if scale.is_whole else number
