"""Signed receipts: one key whoever comes first, the same bytes at every sending, old keys stay."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from fieldapp.core.receipt import Signed, read_document
from fieldapp.core.submission import Incoming
from fieldapp.db.models import ReceiptKey, SignedReceipt, Submission
from fieldapp.db.queries.receipts import receipt_keys, signed_receipt
from fieldapp.services.intake import Intake, Receipt, receive_submission
from fieldapp.services.media import CannotKeep, MediaStore
from fieldapp.services.receipts import Signer, announced_keys, check_receipt, verify
from fieldapp.services.receipts.keep import publish_key
from fieldapp.services.receipts.sign import BadKeyFile
from tests.factories import make_actor, make_person, make_survey
from tests.factories.submissions import CAPTURED, TALK

Send = Callable[..., Receipt]
MAKE_KEY = """
import sys
from pathlib import Path
from fieldapp.services.receipts import Signer
sys.stdin.readline()
print(Signer(Path(sys.argv[1])).key().id)
"""


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "receipts.pem"


@pytest.fixture
def send(session: Session, tmp_path: Path, key_file: Path) -> Send:
    """Send a conversation; `incoming` to send that one again."""
    make_survey(session, TALK)
    actor = make_actor(make_person(session, "kees@example.org", "gespreksvoerder"))

    def send(incoming: Incoming | None = None, *, signing: bool = True) -> Receipt:
        signer = Signer(key_file) if signing else None
        intake = Intake(MediaStore(tmp_path / "media"), signer=signer)
        return receive_submission(session, incoming or talk(), actor, CAPTURED, intake)

    return send


def talk() -> Incoming:
    return Incoming(uuid.uuid4(), "praatje", "1", "nl", CAPTURED, {"verhaal": "Het is rustig."})


def signed_of(receipt: Receipt) -> Signed:
    assert receipt.signed is not None
    return receipt.signed


def test_processes_that_come_at_once_use_one_key(key_file: Path) -> None:
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", MAKE_KEY, str(key_file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    ids = {racer.communicate(timeout=60)[0].strip() for racer in racers}
    assert len(ids) == 1
    assert ids != {""}
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert list(key_file.parent.iterdir()) == [key_file]


def test_who_comes_second_keeps_what_the_first_made(key_file: Path) -> None:
    from fieldapp.services.receipts.keyfile import read_or_make

    def make_while_somebody_else_does() -> bytes:
        key_file.write_bytes(b"of the other")
        return b"of this one"

    assert read_or_make(key_file, make_while_somebody_else_does) == b"of the other"
    assert list(key_file.parent.iterdir()) == [key_file]


@pytest.mark.parametrize("held", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n"])
def test_a_file_that_holds_no_key_is_named(key_file: Path, held: bytes) -> None:
    key_file.parent.mkdir()
    key_file.write_bytes(held)
    with pytest.raises(BadKeyFile, match=str(key_file)):
        Signer(key_file).key()
    assert key_file.read_bytes() == held


def test_a_folder_that_cannot_be_made_asks_to_try_later(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotKeep):
        Signer(tmp_path / "file" / "receipts.pem").key()


def test_every_submission_gets_a_receipt_that_verifies(session: Session, send: Send) -> None:
    receipt = send()
    signed = signed_of(receipt)
    key = session.get_one(ReceiptKey, signed.key)
    assert verify(signed.document, signed.signature, key.public_key)
    assert read_document(signed.document).id == receipt.id
    found = check_receipt(session, signed)
    assert (found.verdict, found.is_here) == ("genuine", True)


def test_sending_again_gives_the_same_bytes(session: Session, send: Send) -> None:
    incoming = talk()
    first, again = send(incoming), send(replace(incoming, answers=dict(incoming.answers)))
    assert (first.status, again.status) == ("created", "same")
    assert first.signed == again.signed
    assert first.received_at == again.received_at


def test_a_conflict_gets_no_receipt(send: Send) -> None:
    incoming = talk()
    send(incoming)
    other = send(replace(incoming, answers={"verhaal": "Het is druk."}))
    assert (other.status, other.signed) == ("conflict", None)


def test_a_submission_of_before_receipts_gets_one_when_it_is_sent_again(
    session: Session, send: Send
) -> None:
    incoming = talk()
    assert send(incoming, signing=False).signed is None
    later = signed_of(send(incoming))
    assert signed_of(send(incoming)) == later
    said = read_document(later.document)
    assert said.received_at == session.get_one(Submission, incoming.id).received_at
    assert check_receipt(session, later).verdict == "genuine"


def test_a_receipt_says_the_same_made_at_once_or_afterwards(session: Session, send: Send) -> None:
    incoming = talk()
    at_once = signed_of(send(incoming))
    session.execute(delete(SignedReceipt))
    session.commit()
    assert signed_of(send(incoming)) == at_once  # Ed25519 has no chance in it


def test_after_a_new_key_old_receipts_stay_genuine(
    session: Session, send: Send, key_file: Path
) -> None:
    incoming = talk()
    old = signed_of(send(incoming))
    key_file.rename(key_file.with_suffix(".old"))
    new = signed_of(send())
    assert old.key != new.key
    assert signed_of(send(incoming)) == old
    assert {key.id for key in receipt_keys(session)} == {old.key, new.key}
    assert check_receipt(session, old).verdict == "genuine"
    assert check_receipt(session, new).verdict == "genuine"


def test_what_we_signed_and_is_no_receipt_is_not_called_one(
    session: Session, key_file: Path
) -> None:
    """Such as a kind of a later version of fieldapp."""
    announced_keys(session, Signer(key_file), CAPTURED)
    assert check_receipt(session, Signer(key_file).key().sign('{"v":9}')).verdict == "not_ours"


def test_a_key_that_comes_within_the_minute_is_announced_as_well(
    session: Session, engine: Engine, key_file: Path
) -> None:
    """The list is not looked at for a minute, but only for the key that was seen in it."""
    old = Signer(key_file).key().id
    for _ in range(2):  # the second time it is seen in the list
        assert [one["id"] for one in announced_keys(session, Signer(key_file), CAPTURED)] == [old]
    key_file.unlink()
    new = Signer(key_file).key().id
    found = announced_keys(session, Signer(key_file), CAPTURED + timedelta(seconds=1))
    assert [one["id"] for one in found] == [old, new]
    with Session(engine) as another:  # for everybody, before anything was signed with it
        assert [key.id for key in receipt_keys(another)] == [old, new]


def test_a_running_process_takes_up_a_replaced_key(key_file: Path, tmp_path: Path) -> None:
    signer = Signer(key_file)
    first = signer.key().id
    assert signer.key().id == first
    second = Signer(tmp_path / "other.pem").key().id
    (tmp_path / "other.pem").replace(key_file)
    assert signer.key().id == second
    assert first != second


def test_a_key_whose_row_was_undone_is_written_again(
    session: Session, send: Send, key_file: Path
) -> None:
    publish_key(session, Signer(key_file).key(), CAPTURED)
    session.rollback()
    assert check_receipt(session, signed_of(send())).verdict == "genuine"


def spoilt(signed: Signed) -> dict[str, tuple[Signed, str]]:
    document, signature = signed.document, signed.signature
    other = "A" if signature[0] != "A" else "B"
    return {
        "another version": (replace(signed, document=document.replace('"1"', '"2"')), "changed"),
        "one space": (replace(signed, document=document + " "), "changed"),
        "one letter of the signature": (
            replace(signed, signature=other + signature[1:]),
            "changed",
        ),
        "half a signature": (replace(signed, signature=signature[:40]), "changed"),
        "no signature": (replace(signed, signature=""), "changed"),
        "signs that are no base64": (replace(signed, signature="é!" * 43), "changed"),
        "half a character": (replace(signed, document="\ud800"), "changed"),
        "another key's name": (replace(signed, key="0" * 16), "genuine"),
        "text and key of elsewhere": (
            replace(signed, key="0" * 16, document=document + " "),
            "not_ours",
        ),
    }


def test_what_was_changed_is_told(session: Session, send: Send) -> None:
    cases = spoilt(signed_of(send()))
    found = {name: check_receipt(session, case).verdict for name, (case, _) in cases.items()}
    assert found == {name: verdict for name, (_, verdict) in cases.items()}


def test_a_changed_receipt_tells_nothing(session: Session, send: Send) -> None:
    signed = signed_of(send())
    found = check_receipt(session, replace(signed, document=signed.document + " "))
    assert (found.content, found.is_here) == (None, False)


def test_a_receipt_outlives_its_submission(session: Session, send: Send) -> None:
    signed = signed_of(send())
    session.execute(delete(SignedReceipt))
    for table in ("submission_event", "submission"):
        session.execute(delete(Submission.metadata.tables[table]))
    session.commit()
    found = check_receipt(session, signed)
    assert (found.verdict, found.is_here) == ("genuine", False)


def test_the_receipt_goes_with_its_submission(session: Session, send: Send) -> None:
    receipt = send()
    session.execute(delete(Submission.metadata.tables["submission_event"]))
    session.execute(delete(Submission.__table__))  # type: ignore[arg-type]
    session.commit()
    assert signed_receipt(session, receipt.id) is None


def test_a_key_is_looked_up_again_after_a_while(
    session: Session, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database put back from a copy of before the key, under a process that runs on."""
    send()
    send()  # the second one sees the key's row
    session.execute(delete(SignedReceipt))
    session.execute(delete(ReceiptKey))
    session.commit()
    monkeypatch.setattr("fieldapp.services.receipts.keep.SURE_S", timedelta(0).total_seconds())
    send()
    assert len(session.scalars(select(ReceiptKey)).all()) == 1
