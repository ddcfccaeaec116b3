"""The office that a workspace holds: who it is, whom it trusts, which operation it serves.

Kept in the encrypted store as one deterministic CBOR map under the setting ``office``; what
may be seen before anyone has unlocked it lies beside the store, see `workspace.folder`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from ledger.certificate import Certificate, OfficeType, SubjectKind
from ledger.keys import PublicKey, SigningKey
from values import cbor
from values.identifiers import OfficeId, UserId
from values.secret import Secret

if TYPE_CHECKING:
    from db.store import Reader, UnitOfWork

SETTING = "office"


@dataclass(frozen=True, slots=True)
class Operation:
    """The deployment that an office serves; the root's owner chooses it once.

    `document_days` is how long a provisional document is valid. `issuing_office` is what the
    page prints as the issuer. `language` is the authority's: it stands on every document beside
    the holder's. `photo_in_code`: whether codes carry a small portrait. `keep_days` is how many
    days a station keeps what the registry has acknowledged; None keeps everything.
    """

    code: str
    name: str
    issuing_office: str
    document_days: int = 180
    language: str = "en"
    photo_in_code: bool = False
    keep_days: int | None = None

    def to_body(self) -> dict[str, Any]:
        """Plain values for the grant and the store."""
        body: dict[str, Any] = {
            "code": self.code,
            "name": self.name,
            "issuing_office": self.issuing_office,
            "document_days": self.document_days,
        }
        # Only what is chosen: grants of those who choose nothing stay what they were.
        if self.language != "en":
            body["language"] = self.language
        if self.photo_in_code:
            body["photo_in_code"] = True
        if self.keep_days is not None:
            body["keep_days"] = self.keep_days
        return body

    @classmethod
    def from_body(cls, body: dict[str, Any]) -> Self:
        """The reverse of `to_body`; fields of a later version are left aside."""
        return cls(
            code=str(body["code"]),
            name=str(body["name"]),
            issuing_office=str(body["issuing_office"]),
            document_days=int(body.get("document_days", 180)),
            language=str(body.get("language", "en")),
            photo_in_code=body.get("photo_in_code") is True,
            keep_days=_days(body.get("keep_days")),
        )


def _days(value: object) -> int | None:
    """Days to keep; anything that is none keeps everything."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


@dataclass(frozen=True, slots=True)
class OfficeKeys:
    """What the office itself signs and opens with. Only inside the encrypted store."""

    signing: Secret
    document: Secret | None
    identity: Secret
    """The age identity, ``AGE-SECRET-KEY-1...``, to which bundles or notices are sealed."""
    status: Secret
    """Keys the permutation that hides how many documents a station has issued."""
    previous: tuple[Secret, ...] = ()
    """Identities that were replaced: what was sealed to them still opens."""

    @property
    def identities(self) -> list[Secret]:
        """All that open what was sealed for this office, the newest first."""
        return [self.identity, *reversed(self.previous)]

    def signing_key(self) -> SigningKey:
        return SigningKey.from_bytes(self.signing)

    def document_key(self) -> SigningKey:
        if self.document is None:
            raise LookupError("a registry signs no provisional documents")
        return SigningKey.from_bytes(self.document)


@dataclass(frozen=True, slots=True)
class Office:
    """A station or a registry, as its own store knows it."""

    kind: str
    id: OfficeId
    name: str
    code: str
    operation: Operation
    training: bool
    keys: OfficeKeys = field(repr=False)
    root: PublicKey | None = None
    certificates: tuple[bytes, ...] = ()
    """Those that everything here stands on: trust key, station, first administrator."""
    registry_id: OfficeId | None = None
    registry_recipient: str = ""
    recovery_recipient: str = ""
    vault_recipient: str = ""

    @property
    def type(self) -> OfficeType:
        """The kind, as the ledger writes it."""
        return OfficeType(self.kind)

    @property
    def enrolled(self) -> bool:
        """Whether a root vouches for this office."""
        return self.root is not None

    @property
    def operation_name(self) -> str:
        return self.operation.name

    @property
    def operation_code(self) -> str:
        return self.operation.code

    def certificate_values(self) -> list[Certificate]:
        """The base certificates, parsed."""
        return [Certificate.from_bytes(raw) for raw in self.certificates]

    def first_users(self) -> dict[UserId, str]:
        """Login names of those whose certificates came with the office: of whoever founded a
        registry. The store has the certificates of all others."""
        return {
            UserId(one.subject_id): one.name
            for one in self.certificate_values()
            if one.subject_kind is SubjectKind.USER and one.name
        }

    @property
    def trust_certificate(self) -> Certificate:
        """Of the registry's key that signs grants, notices and lists; the newest, when it was
        renewed. Raises `LookupError` at a station."""
        key = self.keys.signing_key().public
        for one in reversed(self.certificate_values()):
            if one.subject_kind is SubjectKind.TRUST and one.public_key == key:
                return one
        raise LookupError("this office holds no trust key")

    def with_(self, **changes: Any) -> Office:
        """A copy with some fields changed."""
        return replace(self, **changes)

    def save(self, unit: UnitOfWork) -> None:
        """Write it into the open transaction."""
        unit.put_setting(SETTING, cbor.encode(self._body()))

    @classmethod
    def load(cls, reader: Reader) -> Office:
        """Read it from the store. Raises `LookupError` when the store holds no office."""
        raw = reader.setting(SETTING)
        if raw is None:
            raise LookupError("the store holds no office")
        body = cbor.decode(raw)
        keys = body["keys"]
        return cls(
            kind=body["kind"],
            id=OfficeId(UUID(bytes=body["id"])),
            name=body["name"],
            code=body["code"],
            operation=Operation.from_body(body["operation"]),
            training=body["training"],
            keys=OfficeKeys(
                signing=Secret(keys["signing"]),
                document=Secret(keys["document"]) if keys["document"] else None,
                identity=Secret(keys["identity"]),
                status=Secret(keys["status"]),
                previous=tuple(Secret(one) for one in keys.get("previous", ())),
            ),
            root=PublicKey(body["root"]) if body["root"] else None,
            certificates=tuple(body["certificates"]),
            registry_id=OfficeId(UUID(bytes=body["registry_id"])) if body["registry_id"] else None,
            registry_recipient=body["registry_recipient"],
            recovery_recipient=body["recovery_recipient"],
            vault_recipient=body["vault_recipient"],
        )

    def _body(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "id": self.id.bytes,
            "name": self.name,
            "code": self.code,
            "operation": self.operation.to_body(),
            "training": self.training,
            "keys": {
                "signing": self.keys.signing.reveal(),
                "document": self.keys.document.reveal() if self.keys.document else None,
                "identity": self.keys.identity.reveal(),
                "status": self.keys.status.reveal(),
                # Only where there are any: a store that never renewed stays what it was.
                **(
                    {"previous": [one.reveal() for one in self.keys.previous]}
                    if self.keys.previous
                    else {}
                ),
            },
            "root": self.root.raw if self.root else None,
            "certificates": list(self.certificates),
            "registry_id": self.registry_id.bytes if self.registry_id else None,
            "registry_recipient": self.registry_recipient,
            "recovery_recipient": self.recovery_recipient,
            "vault_recipient": self.vault_recipient,
        }
