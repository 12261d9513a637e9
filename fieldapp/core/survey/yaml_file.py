"""YAML files of definitions: a mapping, or a SurveyError that names the line."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from fieldapp.core.survey.problems import Problem, SurveyError

LARGEST = 2_000_000  # bytes; a definition with ten languages stays far below this


class _Loader(yaml.SafeLoader):
    """Plain values only; notes keys that are written twice, which YAML would drop in silence."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.problems: list[Problem] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(getattr(key, "value", ""))
            if name in seen and name != "<<":
                line = f"line {key.start_mark.line + 1}"
                self.problems.append(Problem("duplicate_key", line, {"found": name}))
            seen.add(name)
        return super().construct_mapping(node, deep)


def read_yaml(file: Path) -> dict[str, Any]:
    """The mapping in a YAML file. SurveyError when it is too large, not YAML or no mapping."""
    if file.stat().st_size > LARGEST:
        raise SurveyError([Problem("file_too_large", file.name, {"largest": LARGEST})])
    try:
        loader = _Loader(file.read_text(encoding="utf-8-sig"))
        data = loader.get_single_data()
    except UnicodeDecodeError as error:
        raise SurveyError([Problem("not_utf8", file.name, {"position": error.start})]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SurveyError([_yaml_problem(error, file.name)]) from error
    if loader.problems:
        raise SurveyError(loader.problems)
    if not isinstance(data, dict):
        raise SurveyError([Problem("not_a_mapping", file.name)])
    return data


def _yaml_problem(error: Exception, name: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    where = f"{name}, line {mark.line + 1}" if mark else name
    return Problem("not_yaml", where, {"reason": str(getattr(error, "problem", "") or "")})
