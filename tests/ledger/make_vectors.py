"""The golden vectors of the ledger's formats, from fixed keys, times and randomness.

``python -m tests.ledger.make_vectors`` writes them; the tests only compare.  They change
when a format changes, which needs a decision record and a new major version.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from forms.migration import Migration, Split, migrate
from ledger import facts, kinds
from ledger.certificate import Certificate, OfficeType, Role, SubjectKind
from ledger.conflicts import ConflictSets, SetRule
from ledger.enrolment import Grant, Operation, Request
from ledger.entry import Entry, FormRef, Group, Subject, to_wire
from ledger.fold import fold_subject
from ledger.history import field_history
from ledger.status import StatusIndex, StatusList, list_uri
from ledger.trust import DocumentKey, KeyStatus, Station, StatusEntry, TrustList
from ledger.views import HouseholdView, PersonView
from tests.ledger.builders import NOW, YEAR, World, certified, key, make_world, uuid
from values.clock import rfc3339
from values.identifiers import OfficeId, UserId
from values.secret import Secret

FOLDER = Path(__file__).parents[1] / "vectors" / "ledger"

PERSON = Subject(kinds.PERSON, uuid("person"))
RENEWED_PERSON = Subject(kinds.PERSON, uuid("person of an older form"))
HOUSEHOLD = Subject(kinds.HOUSEHOLD, uuid("household"))
FORM = FormRef("person", "1.0.0", hashlib.sha256(b"form").digest())
SETS = {
    "person": {
        "name": {"fields": ["name", "name_latin"], "identity": True},
        "birth": {"fields": ["birth"], "identity": True},
        "contact": {"fields": ["language", "phone"], "identity": False},
    }
}


RENEWED = FormRef("person", "2.0.0", hashlib.sha256(b"renewed form").digest())
MIGRATIONS = {
    "person": [
        {
            "from": "1.0.0",
            "rename": {"tongue": "language"},
            "splits": [{"field": "origin", "into": ["province", "place"], "at": ";"}],
        }
    ]
}


def conflict_sets(sets: dict[str, Any], migrations: dict[str, Any] | None = None) -> ConflictSets:
    """The sets of a vector, and its migrations, as the fold takes them."""
    steps = {
        form: [
            Migration(
                _version(one["from"]),
                one["rename"],
                tuple(Split(s["field"], tuple(s["into"]), s["at"]) for s in one["splits"]),
            )
            for one in told
        ]
        for form, told in (migrations or {}).items()
    }
    return ConflictSets(
        {
            form: {
                name: SetRule(frozenset(rule["fields"]), identity=rule["identity"])
                for name, rule in rules.items()
            }
            for form, rules in sets.items()
        },
        migrate=lambda form, version, values: migrate(
            values, _version(version), steps.get(form, ())
        ),
    )


def _version(text_: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text_.split("."))


def plain(value: Any) -> Any:
    """For JSON: byte strings as ``hex:...``."""
    if isinstance(value, bytes):
        return "hex:" + value.hex()
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def seed(name: str) -> str:
    return key(name).secret().reveal().hex()


# -- entries ---------------------------------------------------------------------------


def _entry(entry: Entry, signer: str) -> dict[str, Any]:
    header = entry.header
    return {
        "signer_seed": signer,
        "header": entry.header_bytes.hex(),
        "hash": entry.hash.hex(),
        "signature": entry.signature.hex(),
        "body": None if entry.body_bytes is None else entry.body_bytes.hex(),
        "wire": to_wire(entry).hex(),
        "fields": {
            "entry_id": str(header.entry_id),
            "office": [header.office_type.value, str(header.office)],
            "epoch": header.epoch.hex(),
            "sequence": header.sequence,
            "previous": None if header.previous is None else header.previous.hex(),
            "device_time": rfc3339(header.device_time),
            "monotonic_delta": header.monotonic_delta,
            "doubt": header.doubt,
            "author": str(header.author),
            "certificate": header.certificate.hex(),
            "kind": header.kind,
            "form": None
            if header.form is None
            else [header.form.id, header.form.version, header.form.sha256.hex()],
            "group": [str(header.group.id), header.group.index, header.group.count],
            "subject": [header.subject.type, str(header.subject.id)],
            "base": [hash_.hex() for hash_ in header.base],
            "body_hash": header.body_hash.hex(),
            "blobs": [hash_.hex() for hash_ in header.blobs],
        },
        "values": plain(entry.body),
    }


def entries() -> dict[str, Any]:
    """A chain of three, and a pruned copy of the second."""
    station = make_world().stations[0]
    officer = f"{station.id}/officer"
    begun = station.begin()
    registered = station.write(
        kinds.PERSON_REGISTERED,
        PERSON,
        {
            "number": "WST-A01-K7Q-P00001-42",
            "values": {
                "name": "آمنة",
                "name_latin": "Amina",
                "sex": "F",
                "birth": {"edtf": "1985~", "calendar": "gregorian", "entered": "about 1985"},
                "photo": hashlib.sha256(b"photo").digest(),
                "phone": {"missing": "refused"},
            },
        },
        form=FORM,
        group=Group(UUID(bytes=b"group-of-two-act"), 0, 2),
        blobs=[hashlib.sha256(b"photo").digest()],
        monotonic_delta=61_250,
    )
    amended = station.write(
        kinds.PERSON_AMENDED,
        PERSON,
        {"changes": {"phone": "+41440000000", "notes": None}, "reason": "bought a phone"},
        form=FORM,
        group=Group(UUID(bytes=b"group-of-two-act"), 1, 2),
        base=[registered],
        at=NOW + timedelta(milliseconds=61_375),
        doubt=True,
    )
    return {
        "domain": "waystation/entry/1\0",
        "entries": [
            _entry(begun, seed(f"station/{0}/administrator")),
            _entry(registered, seed(officer)),
            _entry(amended, seed(officer)),
            _entry(registered.without_body(), seed(officer)),
        ],
    }


# -- certificates ----------------------------------------------------------------------


def _certificate(certificate: Certificate) -> dict[str, Any]:
    return {
        "bytes": certificate.data.hex(),
        "hash": certificate.hash.hex(),
        "subject": [certificate.subject_kind.value, str(certificate.subject_id)],
        "office": [certificate.office_type.value, str(certificate.office)],
        "role": certificate.role,
        "public_key": certificate.public_key.raw.hex(),
        "not_before": rfc3339(certificate.not_before),
        "not_after": rfc3339(certificate.not_after),
        "issuer": certificate.issuer.hex(),
        "name": certificate.name,
    }


def certificates() -> dict[str, Any]:
    """One of each place in the tree."""
    world = make_world(1)
    station = world.stations[0]
    found = [
        world.trust,
        world.registry.administrator.certificate,
        world.registry.users["registrar"].certificate,
        *(person.certificate for person in _station_keys(world).values()),
        station.administrator.certificate,
        station.users["officer"].certificate,
        station.users["supervisor"].certificate,
    ]
    return {
        "domain": "waystation/certificate/1\0",
        "root_seed": seed("root"),
        "root": {
            "public_key": world.root.public.raw.hex(),
            "kid": world.root.public.kid.hex(),
            "fingerprint": world.root.public.fingerprint,
        },
        "certificates": [_certificate(certificate) for certificate in found],
    }


# -- trust list ------------------------------------------------------------------------


def _trust_list(world: World) -> TrustList:
    station = world.stations[0]
    return TrustList.issue(
        number=7,
        issued_at=NOW,
        root=world.root.public,
        certificate=world.trust,
        key=world.trust_key,
        keys=[
            DocumentKey(
                key("document key").public, station.id, NOW, NOW + YEAR, NOW + YEAR + YEAR / 2
            ),
            DocumentKey(
                key("stolen key").public,
                station.id,
                NOW - YEAR,
                NOW,
                NOW + YEAR,
                KeyStatus.REVOKED,
            ),
        ],
        stations=[Station(station.id, "A01", "Border post North")],
        status_lists=[StatusEntry(station.id, station.epoch, StatusList.empty().revoked([0, 9]))],
        recipient="age1registry",
        revoked=[station.users["second"].certificate.hash],
    )


def trust_list() -> dict[str, Any]:
    world = make_world(1)
    made = _trust_list(world)
    return {
        "domain": "waystation/trust-list/1\0",
        "bytes": made.data.hex(),
        "number": made.number,
        "issued_at": rfc3339(made.issued_at),
        "root": made.root.raw.hex(),
        "keys": [
            {
                "kid": k.kid.hex(),
                "public": k.public.raw.hex(),
                "office": str(k.office),
                "issue_from": rfc3339(k.issue_from),
                "issue_until": rfc3339(k.issue_until),
                "last_expiry": rfc3339(k.last_expiry),
                "status": k.status.value,
            }
            for k in made.keys
        ],
        "stations": [[str(s.office), s.code, s.name] for s in made.stations],
        "status_lists": [
            {"office": str(s.office), "epoch": s.epoch.hex(), "uri": s.uri, "revoked": [0, 9]}
            for s in made.status_lists
        ],
        "recipient": made.recipient,
        "revoked": sorted(h.hex() for h in made.revoked),
        "jwks": made.to_jwks(),
    }


def status_list() -> dict[str, Any]:
    office = OfficeId(uuid("station/0"))
    index = StatusIndex(Secret(bytes(range(32))))
    status = StatusList.empty().revoked([0, 3, 4, 5, 7, 1000, 131_071])
    return {
        "revoked": [0, 3, 4, 5, 7, 1000, 131_071],
        "first_byte": "b9",
        "sha256_of_bits": hashlib.sha256(status.bits).hexdigest(),
        "compressed": status.compressed().hex(),
        "office": str(office),
        "epoch": b"station0".hex(),
        "uri": list_uri(office, b"station0"),
        "index_key": bytes(range(32)).hex(),
        "indices_of_counters_0_to_15": [index.index(counter) for counter in range(16)],
    }


# -- enrolment -------------------------------------------------------------------------

STATION = OfficeId(uuid("new station"))
ADMINISTRATOR = UserId(uuid("new administrator"))


def _request() -> Request:
    return Request.create(
        office=STATION,
        name="Border post North",
        station_key=key("station key"),
        document_key=key("document key"),
        recipient="age1station",
        administrator=ADMINISTRATOR,
        login="lead",
        administrator_key=key("administrator key"),
        requested_at=NOW,
    )


def _station_keys(world: World) -> dict[str, Any]:
    def make(kind: SubjectKind, seed_: str, subject_id: UUID, **more: Any) -> Any:
        return certified(
            world.trust,
            world.trust_key,
            kind=kind,
            seed=seed_,
            office=STATION,
            office_type=OfficeType.STATION,
            subject_id=subject_id,
            **more,
        )

    return {
        "station": make(SubjectKind.STATION, "station key", STATION, name="Border post North"),
        "document": make(SubjectKind.DOCUMENT, "document key", STATION),
        "administrator": make(
            SubjectKind.USER,
            "administrator key",
            ADMINISTRATOR,
            role=Role.ADMINISTRATOR,
            name="lead",
        ),
    }


def request() -> dict[str, Any]:
    made = _request()
    return {
        "domain": "waystation/request/1\0",
        "possession_domain": "waystation/possession/1\0",
        "station_seed": seed("station key"),
        "document_seed": seed("document key"),
        "administrator_seed": seed("administrator key"),
        "bytes": made.data.hex(),
        "hash": made.hash.hex(),
        "words": list(made.words()),
        "office": str(made.office),
        "name": made.name,
        "recipient": made.recipient,
        "administrator": str(made.administrator),
        "login": made.login,
        "requested_at": rfc3339(made.requested_at),
    }


def grant() -> dict[str, Any]:
    world = make_world(1)
    keys = _station_keys(world)
    made = Grant.create(
        request=_request(),
        code="A01",
        operation=Operation("WST", "Test operation", {"document_days": 180}),
        trust_certificate=world.trust,
        station_certificate=keys["station"].certificate,
        administrator_certificate=keys["administrator"].certificate,
        document_certificate=keys["document"].certificate,
        registry=world.registry.id,
        registry_recipient="age1registry",
        recovery_recipient="age1recovery",
        vault_recipient="age1vault",
        root=world.root.public,
        trust_list=_trust_list(world),
        first_notice=1,
        granted_at=NOW,
        key=world.trust_key,
    )
    return {
        "domain": "waystation/grant/1\0",
        "trust_seed": seed("trust"),
        "bytes": made.data.hex(),
        "words": list(made.words()),
        "office": str(made.office),
        "code": made.code,
        "operation": {"code": "WST", "name": "Test operation", "document_days": 180},
        "certificates": [c.hex() for c in made.certificates],
        "registry": str(made.registry),
        "recipients": [made.registry_recipient, made.recovery_recipient, made.vault_recipient],
        "root": made.root.raw.hex(),
        "trust_list_number": made.trust_list.number,
        "first_notice": made.first_notice,
        "granted_at": rfc3339(made.granted_at),
        "request": made.request_hash.hex(),
    }


# -- fold ------------------------------------------------------------------------------


def person_told(view: PersonView) -> dict[str, Any]:
    """A view as the vectors write it."""
    return {
        "number": view.number,
        "permanent": view.permanent,
        "voided": view.voided,
        "values": plain(dict(view.values)),
        "heads": [head.hex() for head in view.heads],
        "first_at": rfc3339(view.first_at),
        "last_at": rfc3339(view.last_at),
        "links": [[str(link.other), link.reason, link.entry.hex()] for link in view.links],
        "conflicts": [
            {
                "set": conflict.set,
                "fields": list(conflict.fields),
                "identity": conflict.identity,
                "candidates": [
                    {"hash": c.hash.hex(), "values": plain(dict(c.values))}
                    for c in conflict.candidates
                ],
            }
            for conflict in view.conflicts
        ],
    }


def household_told(view: HouseholdView) -> dict[str, Any]:
    """Likewise."""
    return {
        "number": view.number,
        "values": plain(dict(view.values)),
        "heads": [head.hex() for head in view.heads],
        "members": [
            [
                str(m.person),
                m.relation,
                rfc3339(m.joined_at),
                None if m.left_at is None else rfc3339(m.left_at),
                m.reason,
            ]
            for m in view.members
        ],
        "conflicts": [[c.set, [x.hash.hex() for x in c.candidates]] for c in view.conflicts],
    }


def _person_entries(world: World) -> list[Entry]:
    here, there = world.stations

    def amend(station: Any, minutes: int, base: list[Entry], **changes: Any) -> Entry:
        return station.write(  # type: ignore[no-any-return]  # an Office
            kinds.PERSON_AMENDED,
            PERSON,
            {"changes": changes, "reason": "told"},
            base=base,
            at=NOW + timedelta(minutes=minutes),
            form=FORM,
        )

    born = here.write(
        kinds.PERSON_REGISTERED,
        PERSON,
        {"number": "P1", "values": {"name": "Amal", "phone": "+1", "notes": "first"}},
        form=FORM,
    )
    one = amend(here, 1, [born], phone="+2", notes="second")
    other = amend(there, 2, [born], name="Amel", language="ara")
    third = amend(here, 3, [one], name="Emel", phone=None)
    numbered = world.registry.write(
        kinds.PERSON_NUMBERED,
        PERSON,
        {"permanent": "R1"},
        by="registrar",
        base=[born],
        at=NOW + timedelta(minutes=4),
    )
    linked = world.registry.write(
        kinds.PERSONS_LINKED,
        PERSON,
        {"other": uuid("twin").bytes, "reason": "same person"},
        by="registrar",
        base=[numbered],
        at=NOW + timedelta(minutes=5),
    )
    resolved = world.registry.write(
        kinds.CONFLICT_RESOLVED,
        PERSON,
        {"changes": {"name": "Emel", "phone": "+2"}, "reason": "asked her"},
        by="registrar",
        base=[other, third, linked],
        at=NOW + timedelta(minutes=6),
    )
    return [born, one, other, third, numbered, linked, resolved]


def _household_entries(world: World) -> list[Entry]:
    here, there = world.stations
    head, child = uuid("head"), uuid("child")
    first = here.write(
        kinds.HOUSEHOLD_REGISTERED,
        HOUSEHOLD,
        {
            "number": "H1",
            "values": {"shelter": "tent"},
            "members": [
                {"person": head.bytes, "relation": "head"},
                {"person": child.bytes, "relation": "child"},
            ],
        },
    )
    left = here.write(
        kinds.HOUSEHOLD_MEMBER_LEFT,
        HOUSEHOLD,
        {"person": child.bytes, "reason": "moved on"},
        base=[first],
        at=NOW + timedelta(minutes=1),
    )
    back = here.write(
        kinds.HOUSEHOLD_MEMBER_JOINED,
        HOUSEHOLD,
        {"person": child.bytes, "relation": "child"},
        base=[left],
        at=NOW + timedelta(minutes=2),
    )
    told = there.write(
        kinds.HOUSEHOLD_MEMBER_JOINED,
        HOUSEHOLD,
        {"person": child.bytes, "relation": "niece"},
        base=[first],
        at=NOW + timedelta(minutes=3),
    )
    return [first, left, back, told]


def _renewed_entries(world: World) -> list[Entry]:
    """A record begun under an older form, changed under both."""
    here, there = world.stations

    def say(
        office: Any, kind: str, minutes: int, base: list[Entry], form: FormRef, **body: Any
    ) -> Entry:
        return office.write(  # type: ignore[no-any-return]  # an Office
            kind, RENEWED_PERSON, body, base=base, at=NOW + timedelta(minutes=minutes), form=form
        )

    born = say(
        here,
        kinds.PERSON_REGISTERED,
        0,
        [],
        FORM,
        number="P2",
        values={"name": "Amal", "tongue": "ara", "origin": "North; Old Town", "unheard_of": 1},
    )
    new = say(
        here, kinds.PERSON_AMENDED, 1, [born], RENEWED, changes={"place": "New Town"}, reason=None
    )
    old = say(
        there,
        kinds.PERSON_AMENDED,
        2,
        [born],
        FORM,
        changes={"tongue": "fra", "origin": "South"},
        reason="told",
    )
    return [born, new, old]


def _headed_entries(world: World) -> list[Entry]:
    """Two stations name another head each, and send one child to two households."""
    here, there = world.stations
    head, spouse, child, other = (
        uuid(f"{name} of two") for name in ("head", "wife", "son", "aunt")
    )
    subject = Subject(kinds.HOUSEHOLD, uuid("household of two"))

    def say(office: Any, kind: str, minutes: int, base: list[Entry], **body: Any) -> Entry:
        return office.write(  # type: ignore[no-any-return]  # an Office
            kind, subject, body, base=base, at=NOW + timedelta(minutes=minutes)
        )

    told = [(head, "head"), (spouse, "spouse"), (child, "child"), (other, "sibling")]
    first = say(
        here,
        kinds.HOUSEHOLD_REGISTERED,
        0,
        [],
        number="H2",
        values={},
        members=[{"person": one.bytes, "relation": relation} for one, relation in told],
    )
    joined, left = kinds.HOUSEHOLD_MEMBER_JOINED, kinds.HOUSEHOLD_MEMBER_LEFT
    made = [first]
    for office, one, minutes in ((here, spouse, 1), (there, other, 2)):
        made += [
            say(office, joined, minutes, [first], person=head.bytes, relation="parent"),
            say(office, joined, minutes, [first], person=one.bytes, relation="head"),
            say(office, left, minutes, [first], person=child.bytes, reason="moved", to=one.bytes),
        ]
    settled = world.registry.write(
        kinds.CONFLICT_RESOLVED,
        subject,
        {
            "changes": {},
            "members": [
                {"person": spouse.bytes, "relation": "head"},
                {"person": other.bytes, "relation": "sibling"},
                {"person": child.bytes, "relation": None, "to": spouse.bytes},
            ],
            "reason": "asked them",
        },
        by="registrar",
        base=made[1:],
        at=NOW + timedelta(minutes=3),
    )
    return [*made, settled]


def fold_vector() -> dict[str, Any]:
    """Views after each number of entries, so that every step can be checked."""
    world = make_world()
    sets = conflict_sets(SETS)
    persons, households = _person_entries(world), _household_entries(world)
    steps: dict[str, list[Any]] = {"person": [], "household": []}
    for count in range(1, len(persons) + 1):
        view = fold_subject(kinds.PERSON, persons[:count], sets)
        assert isinstance(view, PersonView)
        steps["person"].append(person_told(view))
    for count in range(1, len(households) + 1):
        stay = fold_subject(kinds.HOUSEHOLD, households[:count], sets)
        assert isinstance(stay, HouseholdView)
        steps["household"].append(household_told(stay))
    renewed, headed = _renewed_entries(world), _headed_entries(world)
    newer = conflict_sets(SETS, MIGRATIONS)
    steps |= {"renewed": [], "headed": []}
    for count in range(1, len(renewed) + 1):
        view = fold_subject(kinds.PERSON, renewed[:count], newer)
        assert isinstance(view, PersonView)
        steps["renewed"].append(person_told(view))
    for count in range(1, len(headed) + 1):
        stay = fold_subject(kinds.HOUSEHOLD, headed[:count], sets)
        assert isinstance(stay, HouseholdView)
        steps["headed"].append(household_told(stay))
    return {
        "sets": SETS,
        "person": {
            "entries": [to_wire(e).hex() for e in persons],
            "views_after": steps["person"],
            "history": _history_told(persons, sets),
        },
        "household": {
            "entries": [to_wire(e).hex() for e in households],
            "views_after": steps["household"],
            "member_field_of_child": facts.member_field(uuid("child")),
        },
        "person_of_an_older_form": {
            "migrations": MIGRATIONS,
            "entries": [to_wire(e).hex() for e in renewed],
            "views_after": steps["renewed"],
            "history": _history_told(renewed, newer),
        },
        "household_of_two_heads": {
            "entries": [to_wire(e).hex() for e in headed],
            "views_after": steps["headed"],
        },
    }


def _history_told(entries_: list[Entry], sets: ConflictSets) -> list[list[Any]]:
    return [
        [c.field, plain(c.old), plain(c.new), c.entry.hex(), c.reason]
        for c in field_history(entries_, sets)
    ]


FILES = {
    "entry.json": entries,
    "certificate.json": certificates,
    "trust-list.json": trust_list,
    "status-list.json": status_list,
    "request.json": request,
    "grant.json": grant,
    "fold.json": fold_vector,
}


def text(value: Any) -> str:
    """One fixed way of writing the files."""
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write every file."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in FILES.items():
        (FOLDER / name).write_text(text(make()), encoding="utf-8")


if __name__ == "__main__":
    main()
