"""Every blueprint with its door, in one list."""

from __future__ import annotations

from flask import Flask
from flask_wtf import CSRFProtect

from fieldapp.core.people import FIELD_ROLES, REVIEW_ROLES
from fieldapp.web.access import API, OWN_TOKEN, PUBLIC, SIGNED_IN, register, staff
from fieldapp.web.account import blueprint as account
from fieldapp.web.admin.imports import blueprint as imports
from fieldapp.web.admin.views import blueprint as admin
from fieldapp.web.api.description import blueprint as api_description
from fieldapp.web.api.devices import blueprint as api_devices
from fieldapp.web.api.files import blueprint as api_files
from fieldapp.web.api.follow_ups import blueprint as api_follow_ups
from fieldapp.web.api.profiles import blueprint as api_profiles
from fieldapp.web.api.receipts import blueprint as api_receipts
from fieldapp.web.api.sealed import blueprint as api_sealed
from fieldapp.web.api.submissions import blueprint as api_submissions
from fieldapp.web.coding.views import blueprint as coding
from fieldapp.web.dates import init_dates
from fieldapp.web.devices import blueprint as devices
from fieldapp.web.doors import blueprint as doors
from fieldapp.web.field.drafts import blueprint as drafts
from fieldapp.web.field.views import blueprint as field
from fieldapp.web.inbox.views import blueprint as inbox
from fieldapp.web.media.survey import blueprint as survey_media
from fieldapp.web.media.views import blueprint as media
from fieldapp.web.names import init_names
from fieldapp.web.people.views import blueprint as people
from fieldapp.web.people.views import door
from fieldapp.web.phone import blueprint as phone
from fieldapp.web.phone.kept import init_kept
from fieldapp.web.phone.person import init_person
from fieldapp.web.phone.worker import blueprint as app_shell
from fieldapp.web.public.views import blueprint as public
from fieldapp.web.queue_import.views import blueprint as queue_import
from fieldapp.web.receipts.views import blueprint as receipts
from fieldapp.web.review.views import blueprint as review
from fieldapp.web.surveys import blueprint as surveys
from fieldapp.web.surveys.results import results
from fieldapp.web.surveys.trial import trials
from fieldapp.web.system.views import blueprint as system
from fieldapp.web.theme_route import blueprint as theme


def register_all(app: Flask, csrf: CSRFProtect) -> None:
    """Add all blueprints to the app."""
    for api in (
        *(api_description, api_submissions, api_profiles, api_receipts),
        *(api_files, api_sealed, api_devices),
    ):
        register(app, api, API)
        csrf.exempt(api)  # a token or our own header instead (web/api/identity.py)
    register(app, api_follow_ups, API)
    csrf.exempt(api_follow_ups)
    register(app, system, PUBLIC)
    register(app, door, PUBLIC)
    register(app, people, SIGNED_IN)
    init_dates(app)
    init_names(app)
    register(app, field, staff(*FIELD_ROLES))
    register(app, phone, staff(*FIELD_ROLES))
    register(app, doors, staff(*FIELD_ROLES))
    register(app, app_shell, PUBLIC)
    init_person(app)
    init_kept(app)
    register(app, media, staff(*FIELD_ROLES))
    register(app, review, staff(*REVIEW_ROLES))
    # Forms carry the token of their draft (web/forms/token.py): colleagues so that typed work
    # outlives a log-in, residents because they get no cookie.
    for forms, policy in ((drafts, OWN_TOKEN), (public, PUBLIC), (trials, PUBLIC)):
        register(app, forms, policy)
        csrf.exempt(forms)
    register(app, receipts, PUBLIC)
    csrf.exempt(receipts)  # no cookie either, and checking a receipt changes nothing
    register(app, coding, staff("analist"))
    register(app, inbox, staff("wijkmanager", "analist", "beheerder"))
    register(app, queue_import, staff(*FIELD_ROLES))
    register(app, account, SIGNED_IN)
    register(app, admin, staff("beheerder", everywhere=True))
    register(app, surveys, staff("beheerder", everywhere=True))
    register(app, results, staff(*REVIEW_ROLES))
    register(app, imports, staff("wijkmanager", "beheerder"))
    register(app, devices, staff("wijkmanager", "beheerder"))
    register(app, theme, PUBLIC)
    register(app, survey_media, PUBLIC)
