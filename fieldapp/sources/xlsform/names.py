"""Names that stand in several groups: XLSForm allows that, we need each one once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fieldapp.core.survey import vocabulary as words
from fieldapp.sources.xlsform.book import Book
from fieldapp.sources.xlsform.limits import problem

Item = dict[str, Any]


def make_unique(book: Book, title: str, items: list[Item]) -> None:
    """Rename every later one of a double name to `<group>_<name>`, with a warning.

    `${name}` cannot point at a double name (pyxform refuses that), but `../name` can: such paths
    of its neighbours are changed with it. Doubles within one group stay, and are refused.
    """
    taken: set[str] = set()
    every = {item["name"] for item, _group in _walk(items, None)}
    for item, group in _walk(items, None):
        name = item["name"]
        if name not in taken or group is None or _twice_here(group, item):
            taken.add(name)
            continue
        fresh = _free(f"{group['name']}_{name}", every)
        every.add(fresh)
        taken.add(fresh)
        item["name"] = fresh
        for neighbour, _parent in _walk(group["children"], group):
            _rewrite(neighbour, name, fresh)
        row = item.get("#", 0)
        book.problems.append(problem("name_renamed", title, row, "name", found=name, name=fresh))


def _walk(items: list[Item], group: Item | None) -> Iterator[tuple[Item, Item | None]]:
    for item in items:
        yield item, group
        if "children" in item:
            yield from _walk(item["children"], item)


def _twice_here(group: Item, item: Item) -> bool:
    """Whether an earlier row of the same group has the name too."""
    for other in group["children"]:
        if other is item:
            return False
        if other["name"] == item["name"]:
            return True
    return False


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}_{number}"
    return name


def _rewrite(item: Item, name: str, fresh: str) -> None:
    step = re.compile(rf"(?<![\w.-])\.\./{re.escape(name)}(?![\w.-])")
    own = re.compile(rf"\$\{{{re.escape(name)}\}}")  # what `or_other` and loops made themselves
    for column in (*words.EXPRESSION_COLUMNS, "repeat_count", "default"):
        if column in item:
            item[column] = own.sub(
                lambda _: f"${{{fresh}}}", step.sub(lambda _: f"../{fresh}", item[column])
            )
