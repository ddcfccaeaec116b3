"""A folder of forms is checked as a whole: what is wrong is named by file, place and remedy."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

import forms
from forms import lint
from forms.errors import DefinitionError
from forms.library import Catalogue, catalogue, read_folder
from forms.lint import LintProblem, problems, texts
from forms.loading import parse
from resources.i18n import translation

SHIPPED = files("forms").joinpath("definitions/events/presence.toml").read_text("utf-8")
PRESENCE = SHIPPED.replace('version = "1.0.0"', 'version = "1.0.1"')

Write = Callable[..., tuple[LintProblem, ...]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A folder with the form of an event changed once or more, and what is wrong with it."""

    def found(
        *changes: tuple[str, str], file: str = "own/presence.toml", languages: tuple[str, ...] = ()
    ) -> tuple[LintProblem, ...]:
        text = PRESENCE
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(text, "utf-8")
        return problems(tmp_path, languages)

    return found


def test_what_ships_has_no_fault() -> None:
    assert problems(files("forms").joinpath("definitions"), beside=Catalogue(())) == ()
    assert problems(forms.catalogue()) == ()


def test_a_form_as_it_should_be(write: Write) -> None:
    assert write() == ()


@pytest.mark.parametrize(
    ("old", "new", "path", "remedy"),
    [
        # a wrong reference
        (
            "subject.present",
            "sbject.present",
            "rules[0].when",
            "undeclared reference to 'sbject.present'",
        ),
        (
            'code_list = "absence_reason"',
            'code_list = "reasons"',
            "pages[0].fields[3].code_list",
            "no such code list",
        ),
        ('fields = ["date", "place"]', 'fields = ["day"]', "conflict_sets[0].fields", "no field"),
        ('field = "presence"', 'field = "there"', "effects.amends[0].field", "no field 'there'"),
        ('person = "subject"', 'person = "place"', "effects.amends[0].person", "kind person"),
        (
            'field = "presence"\nvalue = "present"',
            'field = "marital_status"\nvalue = "present"',
            "effects.amends[0].value",
            "no code of the list marital_status",
        ),
        (
            'field = "presence"\nvalue = "present"',
            'field = "presence"\nanswer = "date"',
            "effects.amends[0].field",
            "presence is of the kind code, date of date",
        ),
        (
            'field = "presence"\nvalue = "present"',
            'field = "marital_status"\nanswer = "reason"',
            "effects.amends[0].field",
            "has the code list marital_status",
        ),
        ('event = "presence"', 'event = "presense"', "event", "use one of"),
        ('event = "presence"', 'event = "civil"', "event", "has it under presence"),
        ('id = "presence"', 'id = "here_again"', "id", "code list event_types"),
        (
            'event = "presence"',
            'event = "presence"\ndocument = "welcome_card"',
            "document",
            "welcome_card",
        ),
        # a circular condition
        (
            'name = "help_missed"\n',
            'name = "help_missed"\nshown_when = "help_missed == \'yes\'"\n',
            "help_missed.shown_when",
            "go round: help_missed -> help_missed",
        ),
        # what events must have
        ('name = "date"', 'name = "seen_on"', "conflict_sets[0].fields", "no field"),
        ('summary = "', '# "', "summary", "in one sentence"),
        ('event = "presence"', "", "effects", "only the form of an event"),
        # what contradicts itself
        (
            'name = "help_missed"\n',
            'name = "help_missed"\nsensitive = true\n',
            "help_missed.statistics",
            "cannot be counted",
        ),
        (
            'name = "place"\n',
            'name = "place"\nsensitive = true\nshared = ["tracing"]\n',
            "place.shared",
            "goes no further",
        ),
        ('code = "subject_dead"', 'code = "not_absent"', "rules.not_absent.code", "two rules"),
        (
            'say = "This person is not recorded as absent."',
            'say = "Not absent"',
            "rules.not_absent.say",
            "whole sentence",
        ),
    ],
)
def test_a_fault_is_named_by_file_place_and_remedy(
    write: Write, old: str, new: str, path: str, remedy: str
) -> None:
    found = write((old, new))
    assert ("own/presence.toml", path) in [(one.file, one.path) for one in found]
    one = next(one for one in found if one.path == path)
    assert remedy in one.remedy
    assert str(one).startswith(f"own/presence.toml: {path}: ")


def test_an_event_needs_its_date(write: Write) -> None:
    found = write(('name = "date"', 'name = "seen_on"'), ('"date", "place"', '"seen_on", "place"'))
    assert [(one.path, one.remedy) for one in found if one.path == "date"] == [
        ("date", "add a field of this name and of the kind date: when it happened")
    ]


def test_every_fault_is_found_at_once(write: Write, tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("id = ", "utf-8")
    (tmp_path / "latin.toml").write_bytes(b'id = "\xe9"')
    found = write(('event = "presence"', 'event = "civil"'), ('value = "present"', 'value = ""'))
    assert [(one.file, one.path) for one in found] == [
        ("broken.toml", "file"),
        ("latin.toml", "file"),
        ("own/presence.toml", "effects.amends[0].value"),
    ]


# translations ------------------------------------------------------------------------------


def test_a_missing_translation_is_a_fault(write: Write) -> None:
    found = write(('event = "presence"', 'event = "presence"\nlanguages = ["xh"]'))
    form = parse(PRESENCE, file="presence.toml")
    assert [one.path for one in found] == [place for place, _ in texts(form)]
    assert {one.file for one in found} == {"own/presence.toml"}
    assert found[0].path == "title"
    assert found[0].remedy == "translate it into xh, or take xh out of languages"
    assert write(languages=("xh",)) == found


def test_a_translation_may_stand_in_the_form(write: Write) -> None:
    form = parse(PRESENCE, file="presence.toml")
    own = "".join(f'"{text}" = "ku: {text}"\n' for text in {text for _, text in texts(form)})
    languages = ('event = "presence"', 'event = "presence"\nlanguages = ["ku"]')
    assert write(languages, ("[effects]", f"[translations.ku]\n{own}\n[effects]")) == ()
    lacking = own.replace('"This person is not recorded as absent."', '"Not a text"', 1)
    found = write(languages, ("[effects]", f"[translations.ku]\n{lacking}\n[effects]"))
    assert [one.path for one in found] == ["rules.not_absent.say", "translations.ku"]
    assert "'Not a text' is no text of this form" in found[1].remedy


def test_a_translation_may_read_like_its_source() -> None:
    """ "Photo" is French too."""
    assert translation("fr").gettext("Photo") == "Photo"
    household = files("forms").joinpath("definitions/earlier/household-1.0.0.toml").read_text()
    form = parse(household.replace('title = "Household"', 'title = "Photo"', 1), file="own.toml")
    places = [one.path for one in problems(Catalogue([form]), ("fr",))]
    assert places == []
    assert "title" in [one.path for one in problems(Catalogue([form]), ("xh",))]


# versions ----------------------------------------------------------------------------------


def test_a_reused_name_is_a_fault(write: Write, tmp_path: Path) -> None:
    assert write() == ()
    found = write(
        ('version = "1.0.1"', 'version = "1.1.0"'),
        ('name = "place"\nkind = "place"', 'name = "place"\nkind = "text"'),
        file="own/presence-1.1.0.toml",
    )
    assert found == (
        LintProblem(
            "own/presence-1.1.0.toml",
            "place.kind",
            "version 1.0.0 asked it as place; choose another name",
        ),
    )
    migrated = '[[migrations]]\nfrom = "1.0.0"\nrename = { help_missed = "missed" }\n\n[[pages]]'
    again = (
        ('version = "1.0.1"', 'version = "1.2.0"'),
        ('name = "help_missed"', 'name = "missed"'),
        ("[[pages]]", migrated),
    )
    assert write(*again, file="own/presence-1.1.0.toml") == ()
    third = write(('version = "1.0.1"', 'version = "1.3.0"'), file="own/presence-1.3.0.toml")
    assert [(one.file, one.path) for one in third] == [("own/presence-1.3.0.toml", "help_missed")]
    assert "given up before" in third[0].remedy


def test_a_version_stands_once(write: Write) -> None:
    write()
    (found,) = write(file="own/presence-again.toml")
    assert (found.file, found.path) == ("own/presence.toml", "version")
    assert found.remedy == "1.0.1 stands twice; give one a higher version"


# beside those that ship -----------------------------------------------------------------------


def own(tmp_path: Path, form_id: str, *changes: tuple[str, str]) -> tuple[LintProblem, ...]:
    """What is wrong with a folder that has the program's own form, changed."""
    form = catalogue().form(form_id)
    text = files("forms").joinpath("definitions", form.file).read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    (tmp_path / "own.toml").write_text(text, "utf-8")
    return problems(tmp_path)


def test_a_version_of_the_program_is_not_given_again(tmp_path: Path) -> None:
    """What the check passes, an operation can load beside what ships; and what it does not, not."""
    version = catalogue().form("person").version
    assert own(tmp_path, "person") == (
        LintProblem("own.toml", "version", f"{version} stands twice; give one a higher version"),
    )
    with pytest.raises(DefinitionError, match="stands twice"):
        Catalogue([*catalogue().every(), *read_folder(tmp_path)])


@pytest.mark.parametrize("version", ["0.1.0", "99.0.0"])
def test_a_name_of_the_program_keeps_its_kind(tmp_path: Path, version: str) -> None:
    """The file to be mended is the operation's, also where its version is the older one."""
    before = catalogue().form("person").version
    found = own(
        tmp_path,
        "person",
        (f'version = "{before}"', f'version = "{version}"'),
        ('name = "name"\nkind = "name"', 'name = "name"\nkind = "text"'),
    )
    assert [(one.file, one.path) for one in found] == [("own.toml", "name.kind")]
    with pytest.raises(DefinitionError):
        Catalogue([*catalogue().every(), *read_folder(tmp_path)])


def test_a_newer_form_keeps_what_the_program_works_with(tmp_path: Path) -> None:
    text = """
        id = "person"
        version = "99.0.0"
        title = "Person"
        [[pages]]
        id = "who"
        title = "Who"
        [[pages.fields]]
        name = "nickname"
        kind = "text"
        max_length = 20
        label = "Nickname"
        why = "To know."
        """
    (tmp_path / "own.toml").write_text(text, "utf-8")
    found = problems(tmp_path)
    assert {one.file for one in found} == {"own.toml"}
    paths = {one.path: one.remedy for one in found}
    assert {field.name for field in catalogue().form("person").fields()} <= paths.keys()
    assert "asked = false" in paths["birth"]
    assert "no field 'presence'" in paths["absence.effects.amends[0].field"]


def test_a_newer_form_with_a_question_more_is_well(tmp_path: Path) -> None:
    version = catalogue().form("household").version
    assert (
        own(
            tmp_path,
            "household",
            (f'version = "{version}"', 'version = "99.0.0"'),
            ("[[pages]]", _QUESTION_MORE),
        )
        == ()
    )


_QUESTION_MORE = """[[pages]]
id = "more"
title = "More"
[[pages.fields]]
name = "goats"
kind = "number"
label = "Goats"
why = "To plan fodder."

[[pages]]"""


# at the command ----------------------------------------------------------------------------


def test_it_can_be_run(write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lint.main([]) == 0
    write(('event = "presence"', 'event = "civil"'))
    assert lint.main([str(tmp_path)]) == 1
    assert capsys.readouterr().out.startswith("own/presence.toml: event: the code list")
