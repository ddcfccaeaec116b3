"""The other offices in memory: a person's page, review, printing, and the registry's.

Plain values shaped as the offices' rows. All people invented.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from documents.templates.library import shipped
from station.undoing import Withdrawn
from tests.desktop.field_office import NOW, person_id
from tests.desktop.post_offices import Post, post_twin
from values.dates import PartialDate
from workspace.auditing import Asked, Choices
from workspace.tabular import Form

WORDS = ("badu", "rila", "meta", "suni", "kolo", "wira")


class RefusedError(Exception):
    """What an office answers when it will not."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass
class Others:
    """What the twins hold and what was asked of them."""

    comparing: list[tuple[int, bool]] = field(default_factory=list)
    """What comparing those who came brings, time after time."""
    asked: list[tuple[str, Any]] = field(default_factory=list)
    fails: dict[str, Exception] = field(default_factory=dict)
    waiting: list[Any] = field(default_factory=list)
    printable: list[Any] = field(default_factory=list)
    skipped: list[Any] = field(default_factory=list)
    runs: list[Any] = field(default_factory=list)
    spoiled: list[Any] = field(default_factory=list)
    blank: list[Any] = field(default_factory=list)
    doubt: Any = None
    post: Post = field(default_factory=Post)
    pruning: Any = None
    to_register: list[Any] = field(default_factory=list)
    aside: list[Any] = field(default_factory=list)
    stations: list[Any] = field(default_factory=list)
    imports: list[Any] = field(default_factory=list)
    verification: Any = None
    looking: Callable[[Callable[[], bool]], None] | None = None
    person: Any = None
    sealed: dict[Any, list[str]] = field(default_factory=dict)
    audit: list[Any] = field(default_factory=list)
    conflicts: list[Any] = field(default_factory=list)
    in_conflict: list[Any] = field(default_factory=list)
    pairs: list[Any] = field(default_factory=list)
    returned: list[Any] = field(default_factory=list)
    came_back: list[Any] = field(default_factory=list)
    cases: dict[Any, Any] = field(default_factory=dict)
    previews: dict[Any, Any] = field(default_factory=dict)
    conflict_page: Any = None
    state_after: str = "second"
    proposals: list[Any] = field(default_factory=list)
    withdrawn: Withdrawn = field(default_factory=Withdrawn)

    def called(self, name: str, value: Any = None) -> None:
        self.asked.append((name, value))
        if name in self.fails:
            raise self.fails[name]

    def calls(self, name: str) -> list[Any]:
        """What was asked of one function, in order."""
        return [value for asked, value in self.asked if asked == name]


def one_page_pdf() -> bytes:
    """A page that is a PDF and says so."""
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.setFont("Helvetica-Bold", 22)
    canvas.drawString(60, 760, "PREVIEW")
    canvas.setFont("Helvetica", 12)
    for line in range(12):
        canvas.drawString(60, 700 - 24 * line, "Invented line of an invented document")
    canvas.rect(400, 640, 130, 130)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def review_row(
    number: int,
    name: str,
    *,
    own: bool = False,
    flags: tuple[str, ...] = (),
    persons: int = 4,
    kind: str = "family",
    event: str = "",
) -> Any:
    return SimpleNamespace(
        registration=person_id(5000 + number),
        household_number=f"WST-A01-K7Q-H{number:05d}-74",
        head_name=name,
        persons=persons,
        author="amal",
        at=NOW - timedelta(minutes=20 * number),
        flags=flags,
        confirmed=tuple((flag, "Seen the school card") for flag in flags[:1]),
        own=own,
        kind=kind,
        event=event,
    )


def print_row(number: int, name: str, *, issued: date | None = None, unasked: bool = False) -> Any:
    return SimpleNamespace(
        person=person_id(number),
        number=f"WST-A01-K7Q-P{number:05d}-31",
        name=name,
        household=person_id(7000 + number // 10),
        household_number=f"WST-A01-K7Q-H{number // 10:05d}-74",
        last_issued=issued,
        ends=issued + timedelta(days=180) if issued else None,
        shelter=f"B-{number}",
        unasked=unasked,
    )


def audit_row(number: int, detail: str, *, user: str = "Yusuf A.", days: int = 0) -> Any:
    """A reading of what is sealed about the person of that number."""
    return SimpleNamespace(
        at=NOW - timedelta(days=days, minutes=number),
        user=user,
        act="sealed.read",
        subject=f"person {person_id(number)}",
        detail=detail,
        number=f"WST-R-{number:07d}-17",
    )


def person_page(
    *, status: str = "approved", conflicts: tuple[str, ...] = (), sealed: bool = False
) -> Any:
    """Somebody with a household, documents, a past."""

    def member(number: int, name: str, relation: str, birth: str) -> Any:
        return SimpleNamespace(
            person=person_id(number),
            number=f"WST-A01-K7Q-P{number:05d}-31",
            name=name,
            name_latin="",
            relation="",
            relation_text=relation,
            birth=PartialDate.parse(birth),
            birth_text=birth,
        )

    def fact(name: str, label: str, value: str) -> Any:
        return SimpleNamespace(field=name, label=label, value_text=value)

    def moment(hours: int, title: str, detail: str, status: str, document: str | None) -> Any:
        return SimpleNamespace(
            at=NOW - timedelta(hours=hours),
            title=title,
            detail=detail,
            by="amal",
            status=status,
            document_number=document,
            entry=b"",
            event=None, type="", voided="", state="", role="", late=False, paper="",
            act=None, undoes=None, undone=False, of="",
        )  # fmt: skip

    def change(name: str, old: str, new: str, reason: str, hours: int) -> Any:
        return SimpleNamespace(
            field=name, label=name, old=old, new=new, by="amal",
            at=NOW - timedelta(hours=hours), reason=reason,
            what="", proposed_by="", state="", decided_by="", note="",
        )  # fmt: skip

    return SimpleNamespace(
        person=None,
        name="آمنة يوسف",
        name_latin="Amina Yusuf",
        number="WST-A01-K7Q-P00017-31",
        permanent="WST-R-0000042-17",
        sex="F",
        birth=PartialDate.parse("1985~"),
        birth_text="about 1985",
        photo=None,
        status=status,
        sent="waiting",
        facts=(
            fact("sex", "Sex", "Female"),
            fact("birth", "Date of birth", "about 1985"),
            fact("nationality", "Nationality", "Somalia"),
            fact("language", "Language the person speaks best", "Somali"),
            fact("phone", "Telephone number", "+999 550 100 011"),
            *((fact("needs_sealed", "Sealed needs", "sealed"),) if sealed else ()),
        ),
        household=SimpleNamespace(
            id=person_id(7001),
            number="WST-A01-K7Q-H00001-74",
            members=(
                member(17, "آمنة يوسف", "Head of the household", "1985~"),
                member(18, "Yusuf Ali", "Husband or wife", "1980"),
                member(19, "Layla Yusuf", "Son or daughter", "2014-05-03"),
            ),
        ),
        timeline=(
            moment(1, "Registration document", "", "waiting", "WST-A01-K7Q-D00003-11"),
            moment(20, "Approved", "", "approved", None),
            moment(26, "Registered", "", "recorded", None),
            moment(400, "Arrival", "18 April 2026", "waiting", None),
            moment(600, "Flight", "Somalia · War or armed conflict", "waiting", None),
        ),
        documents=(
            SimpleNamespace(
                id=person_id(9001), number="WST-A01-K7Q-D00003-11", type="registration",
                type_text="Registration document", issued="2026-11-21", expires="2027-05-20",
                reprints=1, revoked=None, doomed=False,
                prints=(("en", "a4"), ("am", "card")),
            ),
        ),
        history=(
            change("birth", "1986", "about 1985", "Said so when reading back", 2),
            change("birth", "", "1986", "", 26),
        ),
        conflicts=conflicts,
        gone=None,
        linked=(),
    )  # fmt: skip


def pair_row(number: int, *, state: str = "proposed", owner: Any = None, own: bool = False) -> Any:
    """Two persons who may be one, as the queue lists them."""
    return SimpleNamespace(
        key=f"match/{number}", station="A01", at=NOW - timedelta(days=number), owner=owner,
        first=person_id(100 + number), second=person_id(200 + number),
        names=(f"Amina Yusuf {number}", f"Ameena Youssef {number}"),
        numbers=("WST-A01-K7Q-P00017-31", "WST-A01-K7Q-P00044-02"), score=900 - 40 * number,
        state=state, shape=("birth_same", "name_alike"), seen=None, by="", own=own, again=False,
    )  # fmt: skip


def case_of(row: Any, **more: Any) -> Any:
    """The same pair, to be looked at."""

    def line(name: str, label: str, one: str, other: str, standing: str) -> Any:
        return SimpleNamespace(name=name, label=label, values=(one, other), standing=standing)

    def why(sentence: str, share: float) -> Any:
        return SimpleNamespace(code="", sentence=sentence, share=share)

    page = person_page()
    values = {
        "key": row.key,
        "sides": tuple(
            SimpleNamespace(
                person=person, page=page, permanent="WST-R-0000042-17", station="A01",
                registered_at=NOW - timedelta(days=9),
            )
            for person in (row.first, row.second)
        ),
        "lines": (
            line("name", "Full name, in its own script", "آمنة يوسف", "Ameena Youssef", "near"),
            line("sex", "Sex", "Female", "Female", "agrees"),
            line("birth", "Date of birth", "about 1985", "3 May 1987", "differs"),
            line("mother_name", "Mother's name", "", "Zohra Omar", "one_side"),
        ),
        "reasons": (why("The names sound alike", 0.66), why("Born some years apart", -0.33)),
        "told": (), "state": row.state, "score": row.score, "seen": b"\7" * 32, "owner": row.owner,
        "may_undo": False, "second": False, "again": False, "permanent": "",
    }  # fmt: skip
    return SimpleNamespace(**{**values, **more})


def word(decision: str, *, by: str = "amal", own: bool = False, counts: bool = True) -> Any:
    """What a registrar said of a pair."""
    return SimpleNamespace(
        by=by, at=NOW - timedelta(hours=3), decision=decision, what=decision.capitalize(),
        reason="One face on both photos", own=own, counts=counts,
    )  # fmt: skip


def conflict_row(number: int, *, set_: str = "field:phone") -> Any:
    """A conflict, as the queue lists it."""
    return SimpleNamespace(
        key=f"conflict/person/{number}", station="A01", at=NOW - timedelta(days=2), owner=None,
        subject_type="person", subject=person_id(number), set=set_, person=person_id(number),
        name=f"Amina Yusuf {number}", number=f"WST-A01-K7Q-P{number:05d}-31", what="Telephone",
        shape=("person", set_), identity=False,
    )  # fmt: skip


def conflict_page(number: int) -> Any:
    """Two questions of one record in conflict."""

    def side(place: int, value: str) -> Any:
        return SimpleNamespace(
            entry=bytes([place]) * 32, value=value, by="amal", at=NOW - timedelta(days=place + 1),
            station="A01", evidence="told at the gate", doubt=False, shown=place == 0,
        )  # fmt: skip

    def question(name: str, label: str, values: tuple[str, str], **more: Any) -> Any:
        return SimpleNamespace(
            **{
                "set": f"field:{name}", "name": name, "label": label,
                "sides": tuple(side(place, value) for place, value in enumerate(values)),
                "past": tuple(side(place, value) for place, value in enumerate(values)),
                "editor": "text", "options": (), **more,
            }
        )  # fmt: skip

    return SimpleNamespace(
        key=f"conflict/person/{number}", subject_type="person", subject=person_id(number),
        fields=(
            question("phone", "Telephone number", ("+999 550 100 011", "+999 550 100 012")),
            question(
                "marital_status", "Marital status", ("Married", "Widowed"), editor="choice",
                options=(("married", "Married"), ("single", "Single")),
            ),
        ),
        heads=(b"\1" * 32, b"\2" * 32), identity=False,
    )  # fmt: skip


def others_twin(held: Others) -> dict[str, Any]:
    """The offices of ``held``, to be merged into a twin."""

    def review_detail(session: Any, registration: Any, *, language: str) -> Any:
        row = next(one for one in held.waiting if one.registration == registration)
        return SimpleNamespace(
            row=row,
            told=(
                SimpleNamespace(
                    title=row.head_name,
                    number="WST-A01-K7Q-P00001-31",
                    sentences=("Sex: female.", "Born: about 1985.", "Agrees to: registration."),
                ),
                SimpleNamespace(
                    title="The household",
                    number=row.household_number,
                    sentences=("They left this country: Somalia.",),
                ),
            ),
        )

    def approve(session: Any, registrations: Any) -> Any:
        held.called("approve", list(registrations))
        before = len(held.waiting)
        held.waiting = [one for one in held.waiting if one.registration not in registrations]
        return SimpleNamespace(approved=before - len(held.waiting), skipped=0)

    def send_back(session: Any, registration: Any, reason: str) -> None:
        held.called("send_back", (registration, reason))
        held.waiting = [one for one in held.waiting if one.registration != registration]

    def preview(session: Any, target: Any, language: str) -> bytes:
        held.called("preview", (target, language))
        return one_page_pdf()

    def issue(
        session: Any, targets: Any, *, language: str, reason: str = "", handed: Any, fresh: bool,
        once: bool, sheets: str, out: Path | None, progress: Any, cancelled: Any,
    ) -> Any:  # fmt: skip
        held.called("once", once)
        held.called("issue", (list(targets), language, handed.code))
        held.called("handed", (handed, fresh))
        for done in range(len(targets)):
            progress(done + 1, len(targets))
        held.called("sheets", sheets)
        return printed(len(targets), pdf=kept(out), skipped=held.skipped)

    def kept(out: Path | None) -> bytes:
        if out is None:
            return one_page_pdf()
        out.write_bytes(one_page_pdf())
        return b""

    def after_a_jam(
        session: Any, number: str, *, out: Path | None, progress: Any, cancelled: Any
    ) -> Any:
        held.called("after_a_jam", number)
        return printed(2, pdf=kept(out))

    def spoil(session: Any, **said: str) -> None:
        held.called("spoiled", said)
        held.spoiled.insert(
            0, SimpleNamespace(at=NOW, number=said["number"], stock=said["stock"],
                               code=said["code"], reason=said["words"], by="Amal K.")
        )  # fmt: skip

    def withdraw(session: Any, document: Any, *, code: str, words: str) -> bool:
        held.called("withdraw", (document, code, words))
        return True

    def confirm_clock(session: Any) -> None:
        held.called("confirm_clock")
        held.doubt = None

    def prune(session: Any, *, progress: Any) -> Any:
        held.called("prune")
        return held.pruning

    def decide(session: Any, registrations: Any) -> Any:
        held.called("register", list(registrations))
        gone = set(registrations)
        held.to_register = [one for one in held.to_register if one.registration not in gone]
        return SimpleNamespace(registered=len(gone), numbered=4 * len(gone))

    def release(session: Any, entries: Any, *, reason: str) -> int:
        held.called("release", (list(entries), reason))
        return len(entries)

    def enrol(session: Any, request: Path, out: Path) -> Any:
        held.called("enrol", (request, out))
        return SimpleNamespace(station=person_id(1), code="A02", words=WORDS, request_words=WORDS)

    def read_request(path: Path) -> Any:
        held.called("read_request", path)
        return SimpleNamespace(name="South gate", login="admin", words=lambda: WORDS)

    def trust_export(session: Any, out: Path, *, jwks: bool) -> int:
        held.called("trust", (out, jwks))
        return 3

    def page_export(session: Any, out: Path) -> Any:
        held.called("page", out)
        return SimpleNamespace(keys=3)

    def checked(name: str) -> Callable[..., Any]:
        def check(what: Any, trust: Any, *, at: Any) -> Any:
            held.called(name, what)
            return held.verification

        return check

    def search_file(path: Path, *, stopped: Callable[[], bool]) -> Any:
        held.called("search_file", path)
        if held.looking is not None:
            held.looking(stopped)
        return "what was found"

    def person(session: Any, identity: Any, *, language: str) -> Any:
        held.called("person", identity)
        return held.person or person_page()

    def read_needs(session: Any, person: Any, *, reason: str) -> list[str]:
        held.called("read_needs", (person, reason))
        return held.sealed.get(person, [])

    def read_audit(session: Any, *, limit: int, asked: Any) -> list[Any]:
        held.called("audit", limit)
        return list(held.audit[:limit])

    def void(session: Any, person: Any, *, reason: str) -> Any:
        held.called("void", (person, reason))
        return SimpleNamespace(household=None, documents=(), headless=False)

    def preview_my_data(
        session: Any, person: Any, *, language: str = "", otherwise: str
    ) -> SimpleNamespace:
        held.called("preview_my_data", (person, language, otherwise))
        return SimpleNamespace(language=language or otherwise, wordless="som", pdf=one_page_pdf())

    def my_data(session: Any, person: Any, *, language: str, otherwise: str) -> bytes:
        held.called("my_data", (person, language, otherwise))
        return one_page_pdf()

    trusted = SimpleNamespace(
        status_lists=(), keys=(), issued_at=NOW - timedelta(days=12), root_pinned=True,
        root=SimpleNamespace(fingerprint="1f2e 3d4c"),
    )  # fmt: skip

    def propose_some(session: Any) -> tuple[int, bool]:
        held.called("propose_some")
        return held.comparing.pop(0) if held.comparing else (0, False)

    def sizes(session: Any) -> Any:
        return SimpleNamespace(
            new=len(held.to_register), duplicates=len(held.pairs), conflicts=len(held.in_conflict),
            held=3, quarantined=len(held.aside), returned=len(held.returned),
            corrections=len(held.proposals), recorded=5, second=0,
        )  # fmt: skip

    def send_families_back(session: Any, registrations: Any, *, reason: str) -> int:
        held.called("send_families_back", (list(registrations), reason))
        return len(registrations)

    def refuse(session: Any, entries: Any, *, reason: str) -> int:
        held.called("refuse", (list(entries), reason))
        return len(entries)

    def said(session: Any, one: Any, other: Any, decision: str, *, reason: str, seen: Any) -> Any:
        held.called("said", (one, other, decision, reason, seen))
        return SimpleNamespace(state=held.state_after, permanent="", given="")

    def all_said(session: Any, pairs: Any, decision: str, *, reason: str, seen: Any) -> list[Any]:
        held.called("all_said", (list(pairs), decision, reason))
        return [SimpleNamespace(state=decision) for _ in pairs]

    def taken_back(name: str) -> Callable[..., Any]:
        def take_back(session: Any, one: Any, other: Any, *, reason: str) -> Any:
            held.called(name, (one, other, reason))
            return SimpleNamespace(state="proposed", permanent="", given="")

        return take_back

    def settle_alike(session: Any, chosen: Any, *, reason: str) -> Any:
        held.called("settle_alike", ([one.subject for one in chosen], reason))
        return SimpleNamespace(settled=len(chosen), left=0)

    def settle_one(
        session: Any, kind: str, subject: Any, choices: Any, *, reason: str, at: Any
    ) -> None:
        held.called("settle_one", (subject, choices, reason, at))

    return {
        **post_twin(held.post),
        "people": SimpleNamespace(person_page=person),
        "changes": SimpleNamespace(
            conflicts=lambda session, kind, subject, language: tuple(held.conflicts),
            settle=lambda session, kind, subject, choices, *, reason, at: held.called(
                "settle", (dict(choices), reason, at)
            ),
            void=void, proposals=lambda session, *, language="en": tuple(held.proposals),
            list_corrections=lambda session: [],
            approve=lambda session, event, *, note="": held.called("approve_change", event),
            refuse=lambda session, event, *, reason: held.called(
                "refuse_change", (event, reason)
            ),
        ),
        "events": SimpleNamespace(
            void=lambda session, event, *, reason, language="en": (
                held.called("void_event", (event, reason)) or held.withdrawn
            ),
        ),
        "my_data": SimpleNamespace(print_my_data=my_data, preview=preview_my_data),
        "vault": SimpleNamespace(read_needs=read_needs),
        "auditing": SimpleNamespace(
            read=read_audit,
            Asked=Asked,
            titles=lambda acts, language: {},
            choices=lambda session: Choices(("Yusuf A.",), ("A01",), ("sealed.read",)),
            export=lambda session, path, form, **rest: (
                held.called("audit_export", (path, form, rest)) or len(held.audit)
            ),
        ),
        "tabular": SimpleNamespace(Form=Form),

        "review": SimpleNamespace(
            waiting=lambda session, *, language: list(held.waiting),
            detail=review_detail, approve=approve, send_back=send_back,
            returned=lambda session, *, language="en": list(held.came_back),
        ),
        "printing": SimpleNamespace(
            Target=lambda *, type, subject: SimpleNamespace(type=type, subject=subject),
            printable=lambda session, also=(): list(held.printable),
            preview=preview,
            clock_doubt=lambda session: held.doubt, confirm_clock=confirm_clock,
        ),
        "batch": SimpleNamespace(
            print_all=issue, after_a_jam=after_a_jam,
            Handed=SimpleNamespace, Collector=lambda who, *, name, proof: (who, name, proof),
        ),
        "runs": SimpleNamespace(runs=lambda session: list(held.runs)),
        "sheets": SimpleNamespace(all_sheets=lambda session: list(held.blank)),
        "spoiled": SimpleNamespace(record=spoil, of_day=lambda session: list(held.spoiled)),
        "papers": SimpleNamespace(withdraw=withdraw),
        "pruning": SimpleNamespace(
            policy=lambda session: held.pruning and held.pruning.days,
            plan=lambda session: held.pruning,
            prune=prune,
        ),
        "adjudication": SimpleNamespace(propose_new=lambda session: 0),
        "owing": SimpleNamespace(propose_some=propose_some),
        "worklists": SimpleNamespace(
            sizes=sizes,
            new=lambda session: list(held.to_register),
            pairs=lambda session: list(held.pairs),
            conflicts=lambda session, *, language="en": list(held.in_conflict),
            held=lambda session: [],
            quarantined=lambda session, *, refused=False, language="en": (
                [] if refused else list(held.aside)
            ),
            returned=lambda session, *, language="en": list(held.returned),
            take=lambda session, keys: held.called("take", list(keys)),
            give_back=lambda session, keys: held.called("give_back", list(keys)),
        ),
        "cases": SimpleNamespace(
            case=lambda session, one, other, *, language="en": held.cases[one, other]
        ),
        "deciding": SimpleNamespace(
            decide=said, decide_all=all_said, withdraw=taken_back("withdraw_word"),
            unlink=taken_back("unlink"),
        ),
        "settling": SimpleNamespace(
            page=lambda session, kind, subject, *, language="en": held.conflict_page,
            preview=lambda session, subjects, which, *, language="en": [
                held.previews[subject] for _, subject in dict.fromkeys(subjects)
            ],
            settle=settle_one, settle_alike=settle_alike,
        ),
        "queues": SimpleNamespace(
            stations=lambda session: list(held.stations),
            imports=lambda session: list(held.imports),
        ),
        "decide": SimpleNamespace(
            register=decide, release=release, refuse=refuse, send_back=send_families_back
        ),
        "registry_enrol": SimpleNamespace(enrol=enrol, read_request=read_request),
        "registry_trust": SimpleNamespace(export=trust_export, export_page=page_export),
        "station_trust": SimpleNamespace(export_page=page_export),
        "templates": SimpleNamespace(known=lambda session: (shipped(), lambda _name: None)),
        "trusting": SimpleNamespace(trust_of=lambda session: trusted),
        "verify": SimpleNamespace(
            verify_text=checked("verify_text"),
            search_file=search_file,
            judge_all=checked("judge_all"),
        ),
    }  # fmt: skip


def printed(count: int, *, pdf: bytes, skipped: Any = ()) -> Any:
    """What a print run made."""
    return SimpleNamespace(
        run=person_id(1), pdf=pdf, pages=(1,) * count, skipped=tuple(skipped), stopped=False,
        fault="",
        documents=tuple(
            SimpleNamespace(number=f"WST-A01-K7Q-D{place:05d}-11", person="", type="registration")
            for place in range(count)
        ),
    )  # fmt: skip


def print_run(number: int, *, wanted: int = 0) -> Any:
    """A run that is remembered."""
    numbers = tuple(f"WST-A01-K7Q-D{number + place:05d}-11" for place in range(40))
    return SimpleNamespace(
        id=person_id(number), at=NOW - timedelta(hours=number), by="Amal K.", language="en",
        wanted=wanted or 40, numbers=numbers, done=not wanted,
    )  # fmt: skip


def verification(verdict: str, sentence: str, *, codes: int = 1) -> Any:
    """What checking a paper found."""
    claims = {
        "1": "Invented operation",
        "6": int(datetime(2026, 11, 1, tzinfo=UTC).timestamp()),
        "4": int(datetime(2027, 5, 1, tzinfo=UTC).timestamp()),
        "7": b"WST-A01-K7Q-D00003-11",
        "169": {
            1: "WST-A01-K7Q-P00017-31", 4: "Amina Yusuf", 19: "آمنة يوسف", 9: 2, 13: "SOM",
            75: "1985~", 76: 3,
        },
    }  # fmt: skip
    result = SimpleNamespace(
        verdict=verdict,
        sentence=sentence,
        claims={} if verdict == "unreadable" else claims,
        page=1,
        reason="",
    )
    return SimpleNamespace(
        results=(result,) * codes, trust_age_days=12, root="1f2e", root_pinned=True,
        revocation="checked", verdict=verdict,
    )  # fmt: skip
