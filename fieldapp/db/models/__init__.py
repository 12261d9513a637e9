"""Every table, one file per family. Import from here."""

from fieldapp.db.models.area import Area, BoundaryRevision
from fieldapp.db.models.audit import AuditEntry
from fieldapp.db.models.coding import Statement, StatementCode
from fieldapp.db.models.follow_up import FollowUp
from fieldapp.db.models.imports import ImportRun
from fieldapp.db.models.indicator import IndicatorValue
from fieldapp.db.models.people import ApiToken, Membership, Organisation, User
from fieldapp.db.models.phone import (
    Device,
    Message,
    ReceiptKey,
    RoundDoor,
    SealedCopy,
    SealedFile,
    SignedReceipt,
)
from fieldapp.db.models.profile import ProfileCache
from fieldapp.db.models.revision import Revision
from fieldapp.db.models.submission import (
    Attachment,
    Draft,
    Submission,
    SubmissionConflict,
    SubmissionEvent,
)
from fieldapp.db.models.survey import Round, Survey, SurveyVersion
from fieldapp.db.models.survey_edit import SurveyEdit

__all__ = [
    "ApiToken",
    "Area",
    "Attachment",
    "AuditEntry",
    "BoundaryRevision",
    "Device",
    "Draft",
    "FollowUp",
    "ImportRun",
    "IndicatorValue",
    "Membership",
    "Message",
    "Organisation",
    "ProfileCache",
    "ReceiptKey",
    "Revision",
    "Round",
    "RoundDoor",
    "SealedCopy",
    "SealedFile",
    "SignedReceipt",
    "Statement",
    "StatementCode",
    "Submission",
    "SubmissionConflict",
    "SubmissionEvent",
    "Survey",
    "SurveyEdit",
    "SurveyVersion",
    "User",
]
