"""YAML from outside: small, flat enough, and without aliases, which can unpack to gigabytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

MOST_BYTES = 1024**2


class _NoAliases(yaml.SafeLoader):
    """Plain values only; an alias is refused where it stands."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.YAMLError(f"an alias (*name) may not be used, line {mark.line + 1}")
        return super().compose_node(parent, index)


def read_yaml(path: Path) -> Any:
    """The file as plain values.

    Raises YAMLError (also when too large or too deep), UnicodeDecodeError and OSError.
    """
    if path.stat().st_size > MOST_BYTES:
        raise yaml.YAMLError(f"larger than {MOST_BYTES // 1024} kB")
    try:
        return yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_NoAliases)  # noqa: S506
    except RecursionError:
        raise yaml.YAMLError("nested too deeply") from None
