"""Moments and days as people read them: 'vr 20 november 2026, 14:03'."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask
from flask_babel import format_date, format_datetime
from flask_babel import gettext as _


def moment(value: datetime) -> str:
    """Day and time in Dutch time, in the language of the page."""
    on = format_datetime(value, "EEE d MMMM y")
    return str(_("%(day)s, %(time)s", day=on, time=format_datetime(value, "HH:mm")))


def day(value: date) -> str:
    """A day, in the language of the page."""
    return str(format_date(value, "EEE d MMMM y"))


def init_dates(app: Flask) -> None:
    """The filters `moment` and `day` for templates."""
    app.add_template_filter(moment)
    app.add_template_filter(day)
