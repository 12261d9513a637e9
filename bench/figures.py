"""A figure with its aim, and how a list of them is printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One measured number; `at_most` says on which side of the aim it should lie."""

    engine: str
    name: str
    value: float
    unit: str
    aim: float | None = None
    at_most: bool = True

    @property
    def verdict(self) -> str:
        if self.aim is None:
            return ""
        return "pass" if (self.value <= self.aim) == self.at_most else "MISS"

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "verdict": self.verdict}


HEAD = ("engine", "what", "measured", "aim", "")


def shown(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def cells(figure: Figure) -> tuple[str, ...]:
    aim = ""
    if figure.aim is not None:
        aim = f"{'at most' if figure.at_most else 'at least'} {shown(figure.aim)} {figure.unit}"
    measured = f"{shown(figure.value)} {figure.unit}".strip()
    return (figure.engine, figure.name, measured, aim.strip(), figure.verdict)


def table(figures: Iterable[Figure]) -> Iterator[str]:
    """Lines of a Markdown table."""
    rows = [HEAD, *map(cells, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    for number, row in enumerate(rows):
        yield "| " + " | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + " |"
        if number == 0:
            yield "|" + "|".join("-" * (width + 2) for width in widths) + "|"
