"""Rounds of repeats in what a draft keeps: nested, each with a key of its own that never changes.

A round is a mapping of question name to what was typed; `.round` is its key, which no question
can be called. Everything returns new objects: a change inside a JSON column goes unseen.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fieldapp.core.survey.model import Group, Item

KEY = ".round"  # the key of a round, inside it and as the name of its control
SHOWN = ".rounds"  # says that a repeat was on the page, also without rounds
REMOVED = "/removed"  # in a draft: rounds that can be put back, the last one last
MOST_KEPT = 10  # removed rounds that can be put back

Raw = Mapping[str, Any]


def new_round(values: Raw | None = None) -> dict[str, Any]:
    """A round with a key of its own."""
    return {**(values or {}), KEY: secrets.token_hex(4)}


def rounds_in(raw: Raw, name: str) -> list[dict[str, Any]]:
    """The rounds of a repeat among these answers; what is no round is left out."""
    found = raw.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def with_keys(items: Sequence[Item], raw: Raw) -> dict[str, Any]:
    """The same answers in which every round has a key."""
    keyed = dict(raw)
    for repeat in repeats_of(items):
        if repeat.name in keyed:
            keyed[repeat.name] = [
                with_keys(repeat.children, one if one.get(KEY) else new_round(one))
                for one in rounds_in(raw, repeat.name)
            ]
    return keyed


def without_keys(raw: Raw) -> dict[str, Any]:
    """What core reads: nothing that is ours among the answers."""
    return {name: _plain(value) for name, value in raw.items() if not name.startswith((".", "/"))}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [without_keys(one) if isinstance(one, dict) else one for one in value]
    return value


def repeats_of(items: Sequence[Item]) -> Iterator[Group]:
    """The repeats whose rounds lie at this level: also those inside ordinary groups."""
    for item in items:
        if isinstance(item, Group):
            if item.is_repeat:
                yield item
            else:
                yield from repeats_of(item.children)


def steps(path: str) -> tuple[list[tuple[str, int]], str]:
    """`kamers/0/ramen/2/breedte` as ([("kamers", 0), ("ramen", 2)], "breedte")."""
    parts = path.split("/")
    last = "" if len(parts) % 2 == 0 else parts.pop()
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return [(name, int(index)) for name, index in pairs if index.isdecimal()], last


def leaf(path: str) -> str:
    """The name of the question, group or repeat at the end of a path."""
    return next((part for part in reversed(path.split("/")) if not part.isdecimal()), "")


def at(raw: Raw, path: str) -> Any:
    """What stands at a path; None when there is nothing."""
    around, last = steps(path)
    here: Raw = raw
    for name, index in around:
        found = rounds_in(here, name)
        if index >= len(found):
            return None
        here = found[index]
    return here.get(last) if last else here


def changed(raw: Raw, around: Sequence[tuple[str, int]], name: str, value: Any) -> dict[str, Any]:
    """The answers with another value for `name` in the round that `around` leads to."""
    if not around:
        return {**raw, name: value}
    (repeat, index), rest = around[0], around[1:]
    found = rounds_in(raw, repeat)
    if index >= len(found):
        return dict(raw)
    found[index] = changed(found[index], rest, name, value)
    return {**raw, repeat: found}


def add_round(raw: Raw, repeat: str, values: Raw | None = None) -> dict[str, Any]:
    """One more round at the end of the repeat at this path."""
    around, name = steps(repeat)
    container = at(raw, "/".join(f"{n}/{i}" for n, i in around)) if around else raw
    if container is None:
        return dict(raw)
    return changed(raw, around, name, [*rounds_in(container, name), new_round(values)])


def remove_round(raw: Raw, path: str) -> dict[str, Any]:
    """Take a round out; it is kept under REMOVED, so that it can be put back."""
    around, _last = steps(path)
    if not around:
        return dict(raw)
    (name, index), outer = around[-1], around[:-1]
    container = at(raw, "/".join(f"{n}/{i}" for n, i in outer)) if outer else raw
    found = rounds_in(container or {}, name)
    if index >= len(found):
        return dict(raw)
    taken = found.pop(index)
    return keep_removed(changed(raw, outer, name, found), [{"path": path, "round": taken}])


def keep_removed(raw: Raw, removed: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Remember rounds that were taken out."""
    before = raw.get(REMOVED)
    kept = [*(before if isinstance(before, list) else []), *map(dict, removed)]
    return {**raw, REMOVED: kept[-MOST_KEPT:]}


def removed_on(raw: Raw, repeats: Sequence[str]) -> dict[str, Any] | None:
    """The round taken out last, when it belongs to one of these repeats."""
    kept = raw.get(REMOVED)
    last = kept[-1] if isinstance(kept, list) and kept else None
    return last if last is not None and leaf(str(last["path"])) in repeats else None


def restore_round(raw: Raw) -> tuple[dict[str, Any], str]:
    """Put the round that was taken out last back at its place: (answers, its path)."""
    kept = raw.get(REMOVED)
    if not isinstance(kept, list) or not kept:
        return dict(raw), ""
    last = kept[-1]
    around, _ = steps(str(last["path"]))
    (name, index), outer = around[-1], around[:-1]
    container = at(raw, "/".join(f"{n}/{i}" for n, i in outer)) if outer else raw
    if container is None:
        return {**raw, REMOVED: kept[:-1]}, ""
    found = rounds_in(container, name)
    index = min(index, len(found))
    found.insert(index, dict(last["round"]))
    path = "/".join([*(f"{n}/{i}" for n, i in outer), f"{name}/{index}"])
    return {**changed(raw, outer, name, found), REMOVED: kept[:-1]}, path


def forget_removed(raw: Raw) -> dict[str, Any]:
    """The answers without what could be put back."""
    return {name: value for name, value in raw.items() if name != REMOVED}
