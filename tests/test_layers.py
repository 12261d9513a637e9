"""The layers hold: nothing imports upward, and the web process starts light."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINTER = Path(sys.executable).with_name("lint-imports")

# Loaded only inside the functions that need them: idle memory of web and worker is measured.
# geopandas is for tests alone.
HEAVY = (
    "alembic",
    "dbos",
    "geopandas",
    "openpyxl",
    "pandas",
    "pillow_heif",
    "pyogrio",
    "pyproj",
    "scipy",
)

PLANTS = {
    "core takes a framework": ("core/planted.py", "import flask"),
    "core takes the database": ("core/planted.py", "import sqlalchemy"),
    "core imports upward": ("core/planted.py", "import fieldapp.db.engine"),
    "db imports upward": ("db/planted.py", "import fieldapp.services.planted"),
    "db takes a framework": ("db/planted.py", "import flask"),
    "services import upward": ("services/planted.py", "import fieldapp.web.planted"),
    "services take a framework": ("services/planted.py", "import flask"),
    "sources import services": ("sources/planted.py", "import fieldapp.services.planted"),
    "the demo imports services": ("demo/planted.py", "import fieldapp.services.planted"),
    "the demo reads a publisher's format": ("demo/planted.py", "import fieldapp.sources.planted"),
    "web imports the command line": ("web/planted.py", "import fieldapp.cli.planted"),
    "the command line imports web": ("cli/planted.py", "import fieldapp.web.planted"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """The import rules of this project, judged over the tree in `folder`."""
    return subprocess.run(
        [LINTER, "--config", ROOT / "pyproject.toml", "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def test_no_layer_imports_upward() -> None:
    result = lint(ROOT)

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package's bare bones: enough to plant a fault in without touching the real tree."""
    for layer in ("web", "cli", "services", "sources", "demo", "db", "core"):
        target = tmp_path / "fieldapp" / layer
        target.mkdir(parents=True)
        (target / "__init__.py").touch()
        (target / "planted.py").touch()
    (tmp_path / "fieldapp/__init__.py").touch()
    for name in ("jobs.py", "config.py", "app.py"):
        if (ROOT / "fieldapp" / name).exists():
            (tmp_path / "fieldapp" / name).touch()
    (tmp_path / "fieldapp/db/engine.py").touch()
    return tmp_path


def test_the_bare_bones_are_clean(copy: Path) -> None:
    result = lint(copy)

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_import_is_caught(copy: Path, plant: str) -> None:
    file, line = PLANTS[plant]
    (copy / "fieldapp" / file).write_text(line + "\n")

    result = lint(copy)

    assert result.returncode == 1, result.stdout + result.stderr
    assert "planted" in result.stdout


@pytest.mark.skipif(not (ROOT / "fieldapp/app.py").exists(), reason="fieldapp/app.py is not there")
def test_the_web_process_starts_without_heavy_libraries() -> None:
    program = (
        f"import sys, fieldapp.app\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == []


@pytest.mark.parametrize("room", ["area", "redact", "survey", "profile"])
def test_core_starts_on_the_standard_library(room: str) -> None:
    if not any((ROOT / "fieldapp/core").glob(f"{room}*")):
        pytest.skip(f"core has no {room}")
    foreign = ("flask", "sqlalchemy", "babel", "flask_babel", "wtforms", "shapely")
    program = (
        f"import sys, fieldapp.core.{room}\n"
        f"print(*[name for name in {foreign!r} if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == []
