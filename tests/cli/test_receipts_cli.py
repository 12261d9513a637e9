"""fieldapp receipts: genuine or not, in the exit status and in words; the list of keys."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from fieldapp.config import Settings
from fieldapp.core.receipt import number_of
from fieldapp.core.submission import Incoming
from fieldapp.services.intake import Intake, receive_submission
from fieldapp.services.media import MediaStore
from fieldapp.services.receipts import Signer
from tests.factories import make_actor, make_person, make_survey
from tests.factories.submissions import CAPTURED, TALK


class Command:
    """`fieldapp receipts` as a process of its own, on the database of the test."""

    def __init__(self, settings: Settings) -> None:
        self.environment = {
            **os.environ,
            "FIELDAPP_ENV": "test",
            "FIELDAPP_DATABASE_URL": settings.database_url,
            "FIELDAPP_DATA_DIR": str(settings.data_dir),
            "FIELDAPP_SECRET_KEY": settings.secret_key,
        }

    def __call__(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "fieldapp", "receipts", *arguments],
            env=self.environment, capture_output=True, text=True, check=False, input=given,
        )  # fmt: skip


@pytest.fixture
def command(settings: Settings) -> Command:
    return Command(settings)


@pytest.fixture
def receipt(session: Session, settings: Settings) -> dict[str, str]:
    """The receipt of a conversation, signed with the key of these settings."""
    make_survey(session, TALK)
    actor = make_actor(make_person(session, "kees@example.org", "gespreksvoerder"))
    incoming = Incoming(uuid.uuid4(), "praatje", "1", "nl", CAPTURED, {"verhaal": "Stil."})
    signer = Signer(settings.receipt_key_path)
    intake = Intake(MediaStore(settings.media_dir), signer=signer)
    signed = receive_submission(session, incoming, actor, CAPTURED, intake).signed
    assert signed is not None
    return signed.as_json()


def test_a_genuine_one_changed_ones_and_other_things(
    command: Command, receipt: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "bewijs.json"
    file.write_text(json.dumps(receipt))
    good = command("verify", str(file))
    assert (good.returncode, good.stderr) == (0, "")
    said = json.loads(receipt["document"])
    assert good.stdout.startswith("genuine: ")
    assert number_of(uuid.UUID(said["id"])) in good.stdout
    assert "still here  yes" in good.stdout

    changed = {**receipt, "document": receipt["document"].replace("praatje", "gesprek")}
    bad = command("verify", "-", given=json.dumps(changed))
    assert (bad.returncode, bad.stdout.split(":")[0]) == (1, "CHANGED")

    as_json = command("verify", "--json", "-", given=json.dumps({**changed, "key": "0" * 16}))
    assert (as_json.returncode, json.loads(as_json.stdout)["verdict"]) == (1, "not_ours")

    for given in ("", "no json", "{}"):
        other = command("verify", "-", given=given)
        assert other.returncode == 1
        assert other.stderr.startswith("fieldapp: this is no receipt")
    missing = command("verify", str(tmp_path / "weg.json"))
    assert (missing.returncode, "cannot read" in missing.stderr) == (1, True)


def test_keys_names_the_public_keys_and_the_file_of_the_private_one(
    command: Command, receipt: dict[str, str], settings: Settings
) -> None:
    shown = command("keys")
    assert shown.returncode == 0
    assert shown.stdout.startswith(receipt["key"])
    assert str(settings.receipt_key_path) in shown.stdout
    assert "PRIVATE" not in shown.stdout
    assert json.loads(command("keys", "--json").stdout)["keys"][0]["id"] == receipt["key"]
