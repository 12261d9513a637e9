"""What belongs to phones: devices, receipts, sealed second copies, messages, the walking list."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from fieldapp.db.base import Base
from fieldapp.db.types import UtcDateTime


class ReceiptKey(Base):
    """A public key with which receipts were signed; old ones stay, so old receipts verify."""

    __tablename__ = "receipt_key"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)  # of the key's SHA-256
    public_key: Mapped[str] = mapped_column(String(64))  # Ed25519, base64url
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignedReceipt(Base):
    """The receipt of a submission, exactly as it was signed; given again at every sending."""

    __tablename__ = "signed_receipt"

    submission_id: Mapped[uuid.UUID] = mapped_column(
        Uuid, ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True
    )
    document: Mapped[str] = mapped_column(Text)  # canonical JSON, see core/receipt.py
    signature: Mapped[str] = mapped_column(String(100))  # base64url
    key_id: Mapped[str] = mapped_column(ForeignKey("receipt_key.id"))


class Device(Base):
    """A phone or browser as it last described itself; one row per person and device."""

    __tablename__ = "device"
    __table_args__ = (
        UniqueConstraint("user_id", "device_id"),
        Index("ix_device_organisation", "organisation_id", "last_seen_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[uuid.UUID] = mapped_column(Uuid)  # made by the phone
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60), default="")  # "Chrome op Android"
    app_version: Mapped[str] = mapped_column(String(20), default="")
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drafts: Mapped[int] = mapped_column(default=0)
    unsent: Mapped[int] = mapped_column(default=0)  # finished, not yet on the server
    refused: Mapped[int] = mapped_column(default=0)  # of those, refused by the server
    oldest_unsent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    persisted: Mapped[bool | None]  # None: the browser does not say
    sealed: Mapped[bool] = mapped_column(default=False)  # keeps a second copy on the server
    free_bytes: Mapped[int | None] = mapped_column(BigInteger)
    used_bytes: Mapped[int | None] = mapped_column(BigInteger)
    clock_off_s: Mapped[int | None]  # the phone's clock minus ours, seconds


class SealedCopy(Base):
    """A draft as the phone sealed it: the server holds no key and can only give it back."""

    __tablename__ = "sealed_copy"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    draft_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    lock_id: Mapped[str] = mapped_column(String(32))  # which recovery code opens it
    revision: Mapped[int]  # counts up on the phone; an older one never replaces a newer
    body: Mapped[bytes] = mapped_column(LargeBinary)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class SealedFile(Base):
    """A sealed photo or recording of a sealed draft. Its bytes lie in the folder `sealed`."""

    __tablename__ = "sealed_file"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    draft_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)  # chosen by the phone, hex
    sha256: Mapped[str] = mapped_column(String(64))  # of the sealed bytes
    size: Mapped[int] = mapped_column(BigInteger)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Message(Base):
    """A short message to a colleague, shown on the start page of the phone."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("kind in ('note', 'nudge')", name="kind"),
        Index("ix_message_to", "to_user_id", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    to_user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    from_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(8), default="note")
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RoundDoor(Base):
    """A portiek on the walking list of a round, in the order in which it is walked."""

    __tablename__ = "round_door"
    __table_args__ = (UniqueConstraint("round_id", "portiek"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    position: Mapped[int]
    portiek: Mapped[str] = mapped_column(String(120))  # the key, see core/portiek.py
    name: Mapped[str] = mapped_column(String(120))  # as it is written on the door
    doors: Mapped[int | None]  # how many front doors it has, when known
    area_code: Mapped[str | None] = mapped_column(String(40))
