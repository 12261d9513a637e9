"""fieldapp receipts: check a signed receipt, list the keys that sign them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from fieldapp.cli.base import CommandFailed, json_option, say, workbench

VERDICTS = {
    "genuine": "genuine: signed by this server, and nothing in it was changed since",
    "changed": "CHANGED: it names a key of this server, but the signature does not fit the text",
    "not_ours": "NOT OURS: no key of this server signed this text",
}
WRONG = {
    "not_json": "this is no receipt: it is not JSON; give the whole file as it was downloaded",
    "not_a_receipt": "this is no receipt: it has no document with a signature",
    "too_long": "this is no receipt: it is far too long",
}


@click.group()
def receipts() -> None:
    """Check receipts and list the keys that sign them."""


@receipts.command()
@click.argument("file", metavar="FILE|-")
@json_option
def verify(file: str, as_json: bool) -> None:
    """Say whether a receipt is genuine; exit status 0 when it is, 1 when not."""
    from fieldapp.core.receipt import NotAReceipt, read_signed
    from fieldapp.services.receipts import check_receipt

    try:
        signed = read_signed(_read(file))
    except NotAReceipt as error:
        raise CommandFailed(WRONG.get(error.code, WRONG["not_a_receipt"])) from error
    with workbench() as bench:
        found = check_receipt(bench.session, signed)
    answer: dict[str, Any] = {"verdict": found.verdict, "key": found.key}
    lines = [VERDICTS[found.verdict]]
    if found.content is not None:
        said = found.content
        answer |= {
            "id": str(said.id),
            "number": said.number,
            "received_at": said.received_at.isoformat(),
            "survey": said.survey,
            "version": said.version,
            "answers_sha256": said.answers_sha256,
            "files": [{"name": name, "sha256": sha256} for name, sha256 in said.files],
            "is_here": found.is_here,
        }
        lines += [
            f"number      {said.number}",
            f"submission  {said.id}",
            f"received    {said.received_at.isoformat()}",
            f"survey      {said.survey} {said.version}",
            f"answers     {said.answers_sha256}",
            *(f"file        {sha256}  {name}" for name, sha256 in said.files),
            f"still here  {'yes' if found.is_here else 'no, it was removed after this receipt'}",
        ]
    say(answer, as_json, lines)
    if found.verdict != "genuine":
        sys.exit(1)  # the words are said already


@receipts.command()
@json_option
def keys(as_json: bool) -> None:
    """List the public keys; receipts of all of them stay valid."""
    from fieldapp.db.queries.receipts import receipt_keys

    with workbench() as bench:
        found = [
            {"id": k.id, "public_key": k.public_key, "made_at": k.made_at.isoformat()}
            for k in receipt_keys(bench.session)
        ]
        path = bench.settings.receipt_key_path
    where = f"private key: {path}" + ("" if path.exists() else " (made at the first submission)")
    rows = [f"{key['id']}  {key['public_key']}  since {key['made_at']}" for key in found]
    say({"keys": found}, as_json, [*(rows or ["no receipt was signed yet"]), where])


def _read(file: str) -> str:
    from fieldapp.core.receipt import LONGEST

    try:
        if file == "-":
            data = sys.stdin.buffer.read(4 * LONGEST)
        else:
            with Path(file).open("rb") as stream:
                data = stream.read(4 * LONGEST)
    except OSError as error:
        raise CommandFailed(f"cannot read {file}: {error.strerror}") from error
    return data.decode("utf-8", "replace")
