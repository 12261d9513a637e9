"""A receipt as a small file to keep."""

from __future__ import annotations

import json
import uuid
from typing import Any

from flask import Response, abort

from fieldapp.core.receipt import number_of
from fieldapp.db.queries.receipts import signed_receipt
from fieldapp.web.context import db_session


def receipt_file(submission_id: uuid.UUID) -> Any:
    """The signed receipt as a download; 404 for a submission from before receipts were signed.

    The caller has checked who asks.
    """
    signed = signed_receipt(db_session(), submission_id)
    if signed is None:
        abort(404)
    text = json.dumps(signed.as_json(), ensure_ascii=False, indent=1)
    response = Response(text + "\n", mimetype="application/json")
    name = f"ontvangstbewijs-{number_of(submission_id)}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
