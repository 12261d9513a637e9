"""Taking in submissions: one door for the API and the plain forms."""

from fieldapp.services.intake.files import Intake, StoredFile
from fieldapp.services.intake.receipt import NotAllowed, Receipt, Refused
from fieldapp.services.intake.receive import receive_submission

__all__ = ["Intake", "NotAllowed", "Receipt", "Refused", "StoredFile", "receive_submission"]
