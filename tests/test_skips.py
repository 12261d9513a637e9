"""The list that .ci/run reads: every skip with its reason, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

EXAMPLE = """
import pytest

def test_runs(): pass

@pytest.mark.skip(reason="no engine")
def test_marked(): pass

def test_from_inside(): pytest.skip("no browser")

@pytest.mark.xfail(reason="known", strict=True)
def test_known_fault(): assert False
"""


def run(folder: Path, source: str) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Run pytest with the plugin over one file in `folder`."""
    (folder / "test_example.py").write_text(source)
    listed = folder / "skipped"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.support.skips"]
    command += [f"--skipped-file={listed}", f"--rootdir={folder}", "-c", "/dev/null", str(folder)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return result, listed


def test_skips_are_listed_with_reasons_and_expected_failures_are_not(tmp_path: Path) -> None:
    result, listed = run(tmp_path, EXAMPLE)

    assert listed.read_text().splitlines() == [
        "test_example.py::test_marked: no engine",
        "test_example.py::test_from_inside: no browser",
    ]
    assert "1 skipped: no browser" in result.stdout


def test_a_module_that_skips_itself_is_listed(tmp_path: Path) -> None:
    _, listed = run(tmp_path, "import pytest\npytest.skip('no uv', allow_module_level=True)\n")

    assert listed.read_text() == "test_example.py: no uv\n"


def test_nothing_skipped_leaves_an_empty_list(tmp_path: Path) -> None:
    (tmp_path / "skipped").write_text("of an earlier run\n")

    _, listed = run(tmp_path, "def test_runs(): pass\n")

    assert listed.read_text() == ""


def test_a_run_that_dies_is_not_taken_for_a_clean_one(tmp_path: Path) -> None:
    _, listed = run(tmp_path, "import os\ndef test_dies(): os._exit(0)\n")

    assert listed.read_text() == "the run did not end\n"
