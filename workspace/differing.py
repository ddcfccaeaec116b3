"""What changes, side by side, in words: shown before signing, and to whoever approves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from forms.definition import Correctable, Form
from ledger.views import EventView
from values.identifiers import PersonId
from workspace import telling, vault
from workspace.search import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from db.store import Reader
    from forms.definition import Field
    from ledger.certificate import Role
    from ledger.conflicts import Conflict
    from ledger.views import View
    from workspace.session import Session

NEEDS = "needs"


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer that changes. `approval`: a second person has to agree. `identity`: it says who
    the person is."""

    field: str
    label: str
    before: str
    after: str
    approval: bool
    identity: bool


def differences(
    reader: Reader,
    form: Form,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    role: Role,
    language: str,
) -> tuple[Difference, ...]:
    """Each field of `after` that its role may see, in the order of the form, unknown ones last."""
    people = people_of(reader)
    order = [field.name for field in form.fields()]
    told = sorted(after, key=lambda name: (order.index(name) if name in form else len(order), name))
    return tuple(
        Difference(
            field=name,
            label=telling.field_text(form, name, language),
            before=telling.value_text(form, name, before.get(name), language, people=people),
            after=telling.value_text(form, name, after[name], language, people=people),
            approval=before.get(name) is not None and needs_approval(form, name),
            identity=any(identity for _, identity in sets_of(form, name)),
        )
        for name in told
        if telling.seen_by(form, name, role)
    )


def form_of(session: Session, subject_type: str, view: View) -> Form:
    """The form whose fields a view holds; an empty one for an event that only a later program
    knows, whose fields then go by their names."""
    wanted = view.type if isinstance(view, EventView) else subject_type
    try:
        return session.catalogue.form(wanted)
    except KeyError:
        return Form(wanted, "0.0.0", wanted, (), (), b"")


def people_of(reader: Reader) -> telling.People:
    """Names of registered persons, for answers that name one."""

    def name(identity: bytes) -> str:
        view = reader.person(PersonId(UUID(bytes=identity))) if len(identity) == 16 else None
        return "" if view is None else text(view, "name") or text(view, "name_latin") or view.number

    return name


def needs_approval(form: Form, name: str) -> bool:
    """Whether a second person has to agree to a change of this field. A first answer, where there
    was none, is no change: records that were begun in haste are completed without one."""
    field = governing(form, name)
    return field is not None and field.correctable is Correctable.APPROVED


def governing(form: Form, name: str) -> Field | None:
    """The question whose rules hold for a field: sealed needs were answered with the others."""
    asked = NEEDS if name == vault.FIELD and NEEDS in form else name
    return form.field(asked) if asked in form else None


def sets_of(form: Form, name: str) -> list[tuple[frozenset[str], bool]]:
    """The conflict sets that hold a field, each with whether it is an identity set."""
    return [rule for rule in form.conflict_sets().values() if name in rule[0]]


def together(form: Form, name: str) -> frozenset[str]:
    """The fields that tell one fact with this one, itself included."""
    return frozenset({name}).union(*(fields for fields, _ in sets_of(form, name)))


def in_conflict(form: Form, conflicts: Iterable[Conflict]) -> frozenset[str]:
    """The fields that cannot be changed before a conflict is settled: whoever writes into its set
    having seen both sides would settle it unawares."""
    found: set[str] = set()
    for conflict in conflicts:
        for name in conflict.fields:
            found |= together(form, name)
        if conflict.identity:
            for fields, identity in form.conflict_sets().values():
                found |= fields if identity else frozenset()
    return frozenset(found)


def labels(form: Form, names: Iterable[str]) -> str:
    """Labels for a sentence, in English as sentences are."""
    return ", ".join(telling.field_text(form, name, "en") for name in names)
