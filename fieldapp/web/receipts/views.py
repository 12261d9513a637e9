"""/ontvangstbewijs: anybody checks a receipt. No log-in, no cookie, and nothing of the content.

Checking changes nothing, so a page that was left open for long need not be refused; the token
only keeps other sites from sending their visitors here.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, Form, TextAreaField

from fieldapp.core.receipt import LONGEST, NotAReceipt, Signed, read_signed
from fieldapp.services.receipts import Checked, check_receipt
from fieldapp.web.context import db_session
from fieldapp.web.forms.token import FIELD_NAME, start_token, start_token_fits
from fieldapp.web.language import interface_languages, own_name

blueprint = Blueprint("receipts", __name__)
PAGE = "ontvangstbewijs"
WRONG: dict[str, Any] = {
    "not_json": _l(
        "Dit is geen ontvangstbewijs. Neem de hele tekst over, van de eerste { tot de laatste }."
    ),
    "not_a_receipt": _l(
        "In deze tekst staat geen ontvangstbewijs. Neem de hele tekst over, of kies het bestand."
    ),
    "too_long": _l("Deze tekst is te lang voor een ontvangstbewijs."),
}
EMPTY = _l("Plak de tekst van het ontvangstbewijs, of kies het bestand.")


class CheckForm(Form):  # type: ignore[misc]
    """The text of a receipt, or its file."""

    receipt = TextAreaField(_l("Tekst van het ontvangstbewijs"))
    file = FileField(_l("Of kies het bestand"))

    def refuse(self, words: Any) -> None:
        """Say what is wrong with what was handed in."""
        self.receipt.errors = [*self.receipt.errors, str(words)]


@blueprint.get("/ontvangstbewijs")
def page() -> str:
    """What a receipt is, and a box to check one."""
    return _page(CheckForm())


@blueprint.post("/ontvangstbewijs")
def check() -> Any:
    """Genuine, changed, or not ours."""
    if not start_token_fits(request.form.get(FIELD_NAME, ""), PAGE):
        return _page(CheckForm()), 400
    form = CheckForm(request.form)
    signed = _handed_in(form)
    if signed is None:
        return _page(form), 422
    return _page(form, check_receipt(db_session(), signed))


def _handed_in(form: CheckForm) -> Signed | None:
    text = _text(form)
    if not text.strip():
        form.refuse(EMPTY)
        return None
    try:
        return read_signed(text)
    except NotAReceipt as error:
        form.refuse(WRONG.get(error.code, WRONG["not_a_receipt"]))
        return None


def _text(form: CheckForm) -> str:
    """What was typed or, when a file came along, what is in it."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return form.receipt.data or ""
    return file.stream.read(4 * LONGEST).decode("utf-8", "replace")


def _page(form: CheckForm, checked: Checked | None = None) -> str:
    title = _("Een ontvangstbewijs controleren")
    tags = interface_languages()
    return render_template(
        "receipts/check.html",
        form=form,
        checked=checked,
        title=title,
        draft_token=start_token(PAGE),
        languages=[(tag, own_name(tag)) for tag in tags],
        language_url=lambda tag: url_for("receipts.page", taal=tag),
    )
