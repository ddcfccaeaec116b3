"""The golden vectors: what is written equals them byte for byte, and they can be read with
nothing but the format pages, SHA-256, Ed25519 and a CBOR decoder."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.certificate import Certificate, verify_chain
from ledger.conflicts import ConflictSets
from ledger.enrolment import Grant, Request
from ledger.entry import Entry, from_wire, to_wire
from ledger.fold import fold_subject
from ledger.history import field_history
from ledger.keys import PublicKey
from ledger.status import StatusIndex, StatusList
from ledger.trust import TrustList
from ledger.views import HouseholdView, PersonView
from tests.ledger import make_vectors
from values import cbor
from values.secret import Secret


def load(name: str) -> Any:
    return json.loads((make_vectors.FOLDER / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", make_vectors.FILES)
def test_writing_gives_these_bytes(name: str) -> None:
    expected = (make_vectors.FOLDER / name).read_text(encoding="utf-8")
    assert make_vectors.text(make_vectors.FILES[name]()) == expected


def test_every_file_is_made_here() -> None:
    found = {path.name for path in make_vectors.FOLDER.iterdir() if path.suffix == ".json"}
    assert found == set(make_vectors.FILES)


# -- by the format pages alone ---------------------------------------------------------


def ed25519(seed: str) -> Ed25519PublicKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed)).public_key()


def opened(data: str, public: Ed25519PublicKey, domain: str) -> dict[Any, Any]:
    """A COSE_Sign1 of this project, by RFC 9052 alone."""
    raw = bytes.fromhex(data)
    assert raw[0] == 0xD2
    protected, unprotected, payload, signature = cbor.decode(raw[1:])
    kid = hashlib.sha256(public.public_bytes_raw()).digest()[:8]
    assert cbor.decode(protected) == {1: -8, 4: kid}
    assert unprotected == {}
    structure = cbor.encode(["Signature1", protected, domain.encode("ascii"), payload])
    public.verify(signature, structure)
    found = cbor.decode(payload)
    assert cbor.encode(found) == payload
    return dict(found)


def test_entries_by_the_page() -> None:
    vector = load("entry.json")
    previous = None
    for item in vector["entries"]:
        header = bytes.fromhex(item["header"])
        fields = cbor.decode(header)
        assert cbor.encode(fields) == header
        assert list(fields) == list(range(18))
        assert hashlib.sha256(header).hexdigest() == item["hash"]
        message = vector["domain"].encode("ascii") + hashlib.sha256(header).digest()
        ed25519(item["signer_seed"]).verify(bytes.fromhex(item["signature"]), message)
        if item["body"] is None:
            assert cbor.decode(bytes.fromhex(item["wire"]))[2] is None
            continue
        body = bytes.fromhex(item["body"])
        assert fields[16] == hashlib.sha256(body).digest()
        salt, values = cbor.decode(body)
        assert len(salt) == 16
        assert make_vectors.plain(values) == item["values"]
        assert cbor.encode([header, bytes.fromhex(item["signature"]), body]).hex() == item["wire"]
        assert fields[5] == previous
        assert str(UUID(bytes=fields[1])) == item["fields"]["entry_id"]
        assert [fields[2][0], str(UUID(bytes=fields[2][1]))] == item["fields"]["office"]
        assert (fields[4], fields[7], fields[8], fields[11]) == tuple(
            item["fields"][name] for name in ("sequence", "monotonic_delta", "doubt", "kind")
        )
        previous = hashlib.sha256(header).digest()


def test_entries_read_back() -> None:
    for item in load("entry.json")["entries"]:
        entry = from_wire(bytes.fromhex(item["wire"]))
        assert entry.hash.hex() == item["hash"]
        assert to_wire(entry).hex() == item["wire"]
        assert make_vectors.plain(entry.body) == item["values"]


def test_certificates_by_the_page() -> None:
    vector = load("certificate.json")
    root = ed25519(vector["root_seed"])
    kid = hashlib.sha256(root.public_bytes_raw()).digest()[:8]
    assert vector["root"]["kid"] == kid.hex()
    by_hash: dict[bytes, Ed25519PublicKey] = {kid: root}
    for item in vector["certificates"]:
        fields = opened(item["bytes"], by_hash[bytes.fromhex(item["issuer"])], vector["domain"])
        digest = hashlib.sha256(bytes.fromhex(item["bytes"])).digest()
        assert digest.hex() == item["hash"]
        assert [fields[1], str(UUID(bytes=fields[2]))] == item["subject"]
        assert [fields[3][0], str(UUID(bytes=fields[3][1]))] == item["office"]
        assert (fields[0], fields[4], fields[9]) == (1, item["role"], item["name"])
        assert fields[5].hex() == item["public_key"]
        assert fields[8].hex() == item["issuer"]
        by_hash[digest] = Ed25519PublicKey.from_public_bytes(fields[5])


def test_certificates_read_back() -> None:
    vector = load("certificate.json")
    root = PublicKey(bytes.fromhex(vector["root"]["public_key"]))
    assert root.fingerprint == vector["root"]["fingerprint"]
    known = {}
    for item in vector["certificates"]:
        certificate = Certificate.from_bytes(bytes.fromhex(item["bytes"]))
        known[certificate.hash] = certificate
        verify_chain(certificate, known, root)


def test_the_trust_list_by_the_page() -> None:
    vector, certificates = load("trust-list.json"), load("certificate.json")
    trust_key = bytes.fromhex(certificates["certificates"][0]["public_key"])
    public = Ed25519PublicKey.from_public_bytes(trust_key)
    fields = opened(vector["bytes"], public, vector["domain"])
    assert (fields[0], fields[1], fields[8]) == (1, vector["number"], vector["recipient"])
    assert fields[3].hex() == vector["root"]
    assert fields[4].hex() == certificates["certificates"][0]["bytes"]
    assert [(k[0].hex(), k[1].hex(), k[6]) for k in fields[5]] == [
        (k["kid"], k["public"], k["status"]) for k in vector["keys"]
    ]
    assert [h.hex() for h in fields[9]] == vector["revoked"]


def test_the_trust_list_reads_back() -> None:
    vector = load("trust-list.json")
    root = PublicKey(bytes.fromhex(vector["root"]))
    found = TrustList.from_bytes(bytes.fromhex(vector["bytes"]), root=root)
    assert found.number == vector["number"]
    assert found.to_jwks() == vector["jwks"]
    (listed,) = vector["status_lists"]
    bits = found.status_list(listed["uri"])
    assert bits is not None
    assert [i for i in range(32) if bits.is_revoked(i)] == listed["revoked"]


def test_the_status_list_reads_back() -> None:
    vector = load("status-list.json")
    status = StatusList.from_compressed(bytes.fromhex(vector["compressed"]))
    assert hashlib.sha256(status.bits).hexdigest() == vector["sha256_of_bits"]
    assert status == StatusList.empty().revoked(vector["revoked"])
    assert status.bits[0] == int(vector["first_byte"], 16)
    index = StatusIndex(Secret(bytes.fromhex(vector["index_key"])))
    found = [index.index(counter) for counter in range(16)]
    assert found == vector["indices_of_counters_0_to_15"]


def test_the_request_by_the_page() -> None:
    vector = load("request.json")
    station = ed25519(vector["station_seed"])
    fields = opened(vector["bytes"], station, vector["domain"])
    bound = fields[1] + station.public_bytes_raw()
    message = vector["possession_domain"].encode("ascii") + bound
    for place, proof, seed in ((4, 10, "document_seed"), (8, 11, "administrator_seed")):
        assert fields[place] == ed25519(vector[seed]).public_bytes_raw()
        ed25519(vector[seed]).verify(fields[proof], message)
    assert str(UUID(bytes=fields[1])) == vector["office"]
    assert (fields[2], fields[5], fields[7]) == (
        vector["name"],
        vector["recipient"],
        vector["login"],
    )
    assert words_by_the_page("request", vector["bytes"]) == vector["words"]


def words_by_the_page(what: str, data: str) -> list[str]:
    digest = hashlib.sha256(f"waystation/{what}/1\0".encode() + bytes.fromhex(data)).digest()
    bits = "".join(f"{byte:08b}" for byte in digest)
    words = []
    for place in range(0, 66, 11):
        part = bits[place : place + 11]
        words.append(
            "bdfghjklmnrstwyz"[int(part[:4], 2)]
            + "aeiu"[int(part[4:6], 2)]
            + "bdlmnrst"[int(part[6:9], 2)]
            + "aeiu"[int(part[9:], 2)]
        )
    return words


def test_the_request_reads_back() -> None:
    vector = load("request.json")
    found = Request.from_bytes(bytes.fromhex(vector["bytes"]))
    assert found.hash.hex() == vector["hash"]
    assert list(found.words()) == vector["words"]


def test_the_grant_reads_back() -> None:
    vector = load("grant.json")
    fields = opened(vector["bytes"], ed25519(vector["trust_seed"]), vector["domain"])
    assert fields[3] == vector["operation"]
    assert fields[13].hex() == load("request.json")["hash"]
    assert words_by_the_page("grant", vector["bytes"]) == vector["words"]
    found = Grant.from_bytes(bytes.fromhex(vector["bytes"]))
    found.check_answers(Request.from_bytes(bytes.fromhex(load("request.json")["bytes"])))
    assert [c.hex() for c in found.certificates] == vector["certificates"]
    assert [found.registry_recipient, found.recovery_recipient, found.vault_recipient] == vector[
        "recipients"
    ]
    assert found.trust_list.number == vector["trust_list_number"]


def test_the_fold_gives_these_views_in_any_order() -> None:
    vector = load("fold.json")
    sets = make_vectors.conflict_sets(vector["sets"])
    persons = [from_wire(bytes.fromhex(data)) for data in vector["person"]["entries"]]
    for count, told in enumerate(vector["person"]["views_after"], start=1):
        for some in (persons[:count], persons[count - 1 :: -1]):
            view = fold_subject("person", some, sets)
            assert isinstance(view, PersonView)
            assert make_vectors.person_told(view) == told
    assert history_told(persons, sets) == vector["person"]["history"]
    households = [from_wire(bytes.fromhex(data)) for data in vector["household"]["entries"]]
    for count, told in enumerate(vector["household"]["views_after"], start=1):
        stay = fold_subject("household", households[:count], sets)
        assert isinstance(stay, HouseholdView)
        assert make_vectors.household_told(stay) == told


def history_told(entries: list[Entry], sets: ConflictSets) -> list[list[Any]]:
    return [
        [c.field, make_vectors.plain(c.old), make_vectors.plain(c.new), c.entry.hex(), c.reason]
        for c in field_history(entries, sets)
    ]


def test_an_older_form_is_folded_under_the_newest_names_in_any_order() -> None:
    vector = load("fold.json")
    told = vector["person_of_an_older_form"]
    sets = make_vectors.conflict_sets(vector["sets"], told["migrations"])
    entries = [from_wire(bytes.fromhex(data)) for data in told["entries"]]
    for count, expected in enumerate(told["views_after"], start=1):
        for some in (entries[:count], entries[count - 1 :: -1]):
            view = fold_subject("person", some, sets)
            assert isinstance(view, PersonView)
            assert make_vectors.person_told(view) == expected
    assert history_told(entries, sets) == told["history"]


def test_of_two_heads_one_is_shown_in_any_order() -> None:
    vector = load("fold.json")
    sets = make_vectors.conflict_sets(vector["sets"])
    told = vector["household_of_two_heads"]
    entries = [from_wire(bytes.fromhex(data)) for data in told["entries"]]
    for count, expected in enumerate(told["views_after"], start=1):
        for some in (entries[:count], entries[count - 1 :: -1]):
            view = fold_subject("household", some, sets)
            assert isinstance(view, HouseholdView)
            assert make_vectors.household_told(view) == expected
            assert [m.relation for m in view.present()].count("head") <= 1
