"""Signed receipts: the key, signing, and checking a receipt that somebody hands in."""

from fieldapp.services.receipts.check import Checked, check_receipt
from fieldapp.services.receipts.keep import keep_receipt
from fieldapp.services.receipts.sign import Signer, signer_for
from fieldapp.services.receipts.verify import verify

__all__ = ["Checked", "Signer", "check_receipt", "keep_receipt", "signer_for", "verify"]
