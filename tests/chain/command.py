"""The command line as a person or a script runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def environment(database_url: str, data_dir: Path) -> dict[str, str]:
    """The settings of one run."""
    return {
        "FIELDAPP_ENV": "test",
        "FIELDAPP_DATABASE_URL": database_url,
        "FIELDAPP_DATA_DIR": str(data_dir),
        "FIELDAPP_SECRET_KEY": "only-for-tests-" + "x" * 32,
    }


def fieldapp(env: dict[str, str], *arguments: str | Path) -> Any:
    """Run `fieldapp ... --json` as a program of its own; its answer as data."""
    command = [sys.executable, "-m", "fieldapp", *map(str, arguments), "--json"]
    done = subprocess.run(
        command, env={**os.environ, **env}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
