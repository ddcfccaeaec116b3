"""Conditions can be worked out on any answers, at a known cost; what cannot is refused when a form
is read, and what slips through stops nobody at the desk."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forms
from forms import trials
from forms.conditions import ConditionError, condition
from forms.context import context
from forms.definition import Form
from forms.errors import DefinitionError
from forms.events import check_event, event_facts
from forms.loading import parse
from forms.problems import Problem
from forms.reading import hidden, read
from forms.wording import say
from tests.forms.raws import anything, raws

TODAY = date(2026, 11, 15)

COUNT = """
id = "count"
version = "1.0.0"
title = "Count"

[[pages]]
id = "count"
title = "Count"

[[pages.fields]]
name = "goats"
kind = "number"
label = "Goats"
why = "To plan fodder."

[[pages.fields]]
name = "place"
kind = "text"
label = "Where"
why = "To find them."
max_length = 9

[[pages.fields]]
name = "cause"
kind = "code"
label = "Cause"
why = "To know."
code_list = "causes"

[[pages.fields]]
name = "seen_on"
kind = "date"
label = "When"
why = "To know."

[[pages.fields]]
name = "owner"
kind = "person"
label = "Owner"
why = "To ask."

[[pages.fields]]
name = "consent"
kind = "consent"
label = "Agrees"
why = "To know."
code_list = "purposes"

[[pages.fields]]
name = "herds"
kind = "group"
label = "Herds"
why = "To know."
at_most = 40

[[pages.fields.fields]]
name = "heads"
kind = "number"
label = "Heads"

[[pages.fields.fields]]
name = "mark"
kind = "text"
label = "Mark"
max_length = 9

[[rules]]
code = "rule"
field = "place"
when = \"\"\"RULE\"\"\"
say = "Look again."
error = true
"""

AT_FIVE = "goats == 5 && goats * 999999999 * 999999999 * 99 > 1"
"""Cannot be worked out for five goats, and for no other number: nothing tries every number."""


def form(rule: str = "false", *changes: tuple[str, str]) -> Form:
    text = COUNT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return parse(text.replace("RULE", rule), file="count.toml")


@pytest.mark.parametrize(
    "rule",
    [
        "goats + 1 > 3 && goats * 2 < 10 && -goats < 1",
        "herds.exists(h, h.heads > 5 && h.mark == '')",
        "herds.all(a, herds.exists(b, a.mark == b.mark))",
        "herds.exists_one(h, h.mark.startsWith('x'))",
        "size(herds.filter(h, h.heads > 3)) < 2",
        "place.matches('^[A-Z]{2}$') || place.contains('x') || place.endsWith('y')",
        "cause in ['disaster', 'conflict'] && !('cause' in missing)",
        "has(consent.tracing) && consent.tracing == 'no'",
        "'tracing' in consent && consent.tracing == 'no'",
        "answered.place ? size(place) > 2 : goats > 4",
        "seen_on.known && today - seen_on.first > 30",
        "owner.age_known && owner.oldest_then < 18",
    ],
)
def test_what_the_language_has(rule: str) -> None:
    assert form(rule).rules[0].when.source == rule


@pytest.mark.parametrize(
    ("rule", "remedy"),
    [
        # fails on some answer and not on others
        ("10 / (goats - 3) == 1", "take out '/'"),
        ("10 % goats == 1", "take out '%'"),
        ("herds[1].heads == 5", "ask with exists, all or size of herds"),
        ("size(herds) > 0 && herds[0].heads == 5", "ask with exists, all or size"),
        ("missing['place'] == 'x'", "instead of picking one by"),
        ("int(place) > 3", "undeclared reference to 'int'"),
        ("timestamp(place) > timestamp(place)", "undeclared reference to 'timestamp'"),
        ("dyn(place) == 1", "undeclared reference to 'dyn'"),
        ("place.matches(place)", "write the pattern of matches as a text"),
        ("herds.exists(h, h.mark.matches(h.mark))", "write the pattern of matches as a text"),
        ("place == 'x' && place.matches('(')", "mend the pattern '('"),
        ("consent.tracing == 'no'", "not found"),
        ("missing.place == 'unknown'", "not found"),
        ("herds.exists(h, h.mark > 3)", "No matching overloads"),
        ("goats * 999999999 * 999999999 * goats > 1", "integer overflow"),
        ("9223372036854775807 + 1 > goats", "integer overflow"),
        # grows without bound
        ("place + place == ''", "found no matching overload for '_+_'"),
        ("herds.all(h, h.mark + h.mark == '')", "subtract instead of adding"),
        ("size(herds.map(h, [h])) > 1", "undeclared reference"),
        ("herds == herds", "ask with exists, all or size of herds"),
        ("herds.all(h, h in herds)", "ask with exists, all or size of herds"),
        ("size(herds + herds) > 1", "ask with exists, all or size of herds"),
        ("herds.filter(h, true) == herds.filter(h, true)", "count what filter finds"),
        ("(goats > 1 ? ['a'] : ['b']).exists(x, x == 'a')", "name the list before .exists"),
        (
            "herds.all(a, herds.all(b, herds.all(c, a.heads >= c.heads)))",
            "looks at more than 5000 rows",
        ),
        (f"[{','.join('1' * 60)}].all(a, [{','.join('1' * 60)}].all(b, true))", "5000 rows"),
        # is read by nobody alike
        ("place == '''x'''", "write one text in single quotation marks"),
        ("place == r'x'", "write one text in single quotation marks"),
        ("goats > 1 // or more", "take out '/'"),
        ("{'a': 1}.a == goats", "take out '{'"),
        ("owner.`sex` == 'F'", "take out '`'"),
        ("place == 'x", 'take out "\'"'),
        ("goats == 1" + " || true" * 80, "at most 500 characters"),
        ("!" * 20 + "(" * 100 + "true" + ")" * 100, "recursion"),
    ],
)
def test_what_the_language_does_not_have(rule: str, remedy: str) -> None:
    with pytest.raises(DefinitionError, match=r"^count\.toml: rules") as caught:
        form(rule)
    assert remedy.casefold() in str(caught.value).casefold()


def test_all_conditions_of_a_form_cost_less_than_a_second() -> None:
    """Each is allowed, and together they look at too much."""
    pairs = "herds.all(a, herds.all(b, a.mark != b.mark || a.heads == b.heads))"
    rule = '[[rules]]\ncode = "r{}"\nfield = "place"\nwhen = "{}"\nsay = "Look."\n'
    rules = [rule.format(number, pairs) for number in range(20)]
    rows = 40 + 40 * 40
    enough = trials.TOTAL_LIMIT // rows
    assert parse(COUNT.replace("RULE", "false") + "".join(rules[:enough]), file="count.toml")
    with pytest.raises(DefinitionError, match=rf"rules\.r{enough}\.when: it looks at more than"):
        parse(COUNT.replace("RULE", "false") + "".join(rules), file="count.toml")


# circles that stand nowhere by name -----------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("answered.goats", "!answered.place"),
        ("'goats' in missing", "!answered.place"),
        ("goats > 1", "!('place' in missing)"),
        ("has(missing.goats)", "place == '\\\\'' || place == ''"),
        ("goats == 1", "size(answered) > 3"),
        ("goats == 1", "missing.exists(m, m == 'place')"),
    ],
)
def test_a_circle_is_found_also_through_what_is_answered_and_missing(one: str, other: str) -> None:
    with pytest.raises(DefinitionError, match=r"count\.toml: goats\.shown_when: .* go round"):
        form(
            "false",
            ('name = "place"\n', f'name = "place"\nshown_when = "{one}"\n'),
            ('name = "goats"\n', f'name = "goats"\nshown_when = "{other}"\n'),
        )


def test_an_age_then_waits_for_the_date() -> None:
    with pytest.raises(DefinitionError, match=r"seen_on|date\.shown_when: .* go round"):
        form(
            "false",
            (
                'name = "seen_on"\n',
                'name = "date"\nshown_when = "owner.oldest_then > 17"\n',
            ),
        )


def test_few_questions_wait_for_one_another() -> None:
    def chain(length: int) -> str:
        field = (
            '[[pages.fields]]\nname = "f{}"\nkind = "text"\nmax_length = 2\n'
            'label = "L"\nwhy = "w"\n'
        )
        fields = [field.format(0)]
        for number in range(1, length):
            fields.append(field.format(number) + f"shown_when = \"f{number - 1} != ''\"\n")
        head, rest = COUNT.replace("RULE", "false").split("[[rules]]")
        return head + "".join(reversed(fields)) + "[[rules]]" + rest

    assert parse(chain(trials.CHAIN_LIMIT), file="count.toml")
    for length in (trials.CHAIN_LIMIT + 1, 400):
        with pytest.raises(DefinitionError, match="questions wait for one another"):
            parse(chain(length), file="count.toml")


# at the desk ----------------------------------------------------------------------------------


def test_a_rule_that_cannot_be_said_is_a_warning_that_names_it() -> None:
    asked = form(AT_FIVE)
    assert read(asked, {"goats": "4"}, TODAY).problems == ()
    (found,) = read(asked, {"goats": "5"}, TODAY).problems
    assert (found.code, found.field, found.severity) == ("unsaid:rule", "place", "warning")


def test_such_a_warning_is_said_in_the_words_of_its_rule() -> None:
    death = forms.catalogue().form("death")
    rule = death.rules[0]
    problem = Problem(f"unsaid:{rule.code}", rule.field, "warning", None, {"form": "death"})
    assert (
        say(problem) == f"Look yourself whether this is so; it could not be worked out: {rule.say}"
    )
    gone = Problem("unsaid:gone", "place", "warning", None, {"form": "death"})
    assert say(gone) == "Enter this answer again."


def test_a_question_is_asked_when_its_condition_cannot_be_said() -> None:
    shown = ('name = "place"\n', f'name = "place"\nshown_when = "{AT_FIVE}"\n')
    typed = {"goats": "5", "place": "hill"}
    assert read(form("false", shown), typed, TODAY).values()["place"] == "hill"
    assert "place" not in read(form("false", shown), {**typed, "goats": "4"}, TODAY).values()


def test_a_lock_holds_when_its_condition_cannot_be_said() -> None:
    """What is locked is what may do harm: the default is the safe answer."""
    locked = (
        'code_list = "causes"\n',
        f'code_list = "causes"\ndefault = "disaster"\nlocked_when = "{AT_FIVE}"\n',
    )
    for goats, cause in (("4", "conflict"), ("5", "disaster")):
        found = read(form("false", locked), {"goats": goats, "cause": "conflict"}, TODAY)
        assert found.values()["cause"] == cause


def test_no_document_is_printed_when_its_rule_cannot_be_said() -> None:
    event = form(
        AT_FIVE,
        ('title = "Count"\n', 'title = "Count"\nevent = "displacement"\n'),
        ("error = true", "no_document = true"),
    )
    facts = event_facts(event, {"goats": "5"}, TODAY)
    assert facts.no_document == ("rule",)
    assert [one.code for one in check_event(event, {"goats": "5"}, TODAY)] == ["unsaid:rule"]


def test_half_a_character_stops_no_other_condition() -> None:
    found = read(form("goats == 4"), {"goats": "4", "place": "\ud800"}, TODAY)
    assert {one.code for one in found.problems} == {"control_character", "rule:rule"}


@given(st.dictionaries(st.sampled_from(["goats", "place", "herds", "seen_on", "zz"]), anything))
@settings(max_examples=100, deadline=None)
def test_a_condition_says_yes_or_no_or_that_it_cannot(seen: dict[str, Any]) -> None:
    """Whatever somebody puts into the context."""
    known = form().fields()
    made = {**context(known, {}, TODAY), **seen}
    for source in (
        "goats > 3",
        "place == 'x'",
        "herds.exists(h, h.heads > 3)",
        "seen_on.first > 3",
    ):
        types = (("goats", "number"), ("herds", "maps"), ("place", "text"), ("seen_on", "map"))
        try:
            assert condition(source, types).holds(made) in (True, False)
        except ConditionError as error:
            assert str(error).startswith("mend the condition: ")


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_no_answers_whatever_stop_a_form(data: st.DataObject) -> None:
    every = [*forms.catalogue().all(), form(AT_FIVE)]
    asked = data.draw(st.sampled_from(every), label="form")
    raw = data.draw(raws(asked), label="raw")
    found = read(asked, raw, TODAY)
    assert found.values().keys() <= {one.name for one in asked.fields()}
    assert hidden(asked.fields(), found.values(), TODAY)[0] <= {one.name for one in asked.fields()}


@given(st.text(max_size=60) | st.text("()[]{}'\"\\.,+-*/!=<>&|?: ahinx01", max_size=60))
@settings(max_examples=100, deadline=None)
def test_any_text_is_a_condition_or_refused(source: str) -> None:
    try:
        condition(source, (("a", "maps"), ("h", "text"), ("i", "number")))
    except ConditionError as error:
        assert str(error)
