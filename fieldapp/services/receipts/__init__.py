"""Signed receipts: the key, signing, and checking a receipt that somebody hands in."""

from fieldapp.services.receipts.check import Checked, check_receipt
from fieldapp.services.receipts.keep import announced_keys, keep_receipt, keys_as_json
from fieldapp.services.receipts.sign import Signer, signer_for
from fieldapp.services.receipts.verify import verify

__all__ = [
    "Checked",
    "Signer",
    "announced_keys",
    "check_receipt",
    "keep_receipt",
    "keys_as_json",
    "signer_for",
    "verify",
]
