"""ODK Validate, the checker of ODK's own engine (JavaRosa), over many forms in one Java process."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from pyxform.validators.odk_validate import ODK_VALIDATE_PATH

LONGEST = 300  # seconds, for all forms together


def java() -> str:
    """The program; skips where there is none."""
    found = shutil.which("java")
    if found is None:
        pytest.skip("no Java here: ODK Validate cannot run; install default-jre-headless")
    return found


def refused(forms: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Which of these XForms (name -> XML) ODK Validate refuses, and all that it said."""
    files = {}
    for number, (name, xml) in enumerate(forms.items()):
        path = folder / f"{number}.xml"
        path.write_text(xml, encoding="utf-8")
        files[path.name] = name
    command = [java(), "-Djava.awt.headless=true", "-jar", ODK_VALIDATE_PATH, *files]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=LONGEST, check=False
    )
    told = done.stdout + done.stderr
    seen = set(re.findall(r"^Validating: (.+)$", told, re.MULTILINE))
    assert seen == set(files), f"ODK Validate did not look at every form:\n{told[-2000:]}"
    listed = told.partition("The following files failed validation:")[2]
    wrong = {name: files[name] for name in files if re.search(rf"^{name}$", listed, re.MULTILINE)}
    assert bool(wrong) == (done.returncode != 0), told[-2000:]
    return dict.fromkeys(wrong.values(), told)
