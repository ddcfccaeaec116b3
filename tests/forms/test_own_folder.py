"""An operation's folder of forms: read beside the program's and beside what was loaded before."""

from __future__ import annotations

from pathlib import Path

import pytest

from forms import own, own_folder
from forms.codes import OWN, code_list
from forms.library import catalogue
from forms.problems import error
from forms.wording import label, say
from tests import own_forms as example


def said(folder: Path, kept: own.OwnForms = own.NONE) -> list[str]:
    return [str(one) for one in own_folder.read(folder, kept=kept).problems]


def loaded(folder: Path) -> own.OwnForms:
    found = own_folder.read(folder)
    assert found.problems == ()
    return found.own


def test_the_guides_example_is_read(tmp_path: Path) -> None:
    kept = loaded(example.write(tmp_path / "own"))
    assert [(one.id, one.version, one.file) for one in (*kept.forms, *kept.lists)] == [
        ("x_harvest_lost", "1.0.0", "harvest.toml"),
        ("x_crops", "1.0.0", "x_crops.csv"),
    ]
    assert own.OwnForms.from_bytes(kept.to_bytes()) == kept
    forms, wrong = own.combined(catalogue(), kept.to_bytes())
    assert wrong == ()
    assert own.combined(catalogue(), kept.to_bytes())[0] is forms
    crop = forms.form(example.FORM).field("crop")
    assert crop.codes is not None
    assert [code.code for code in crop.codes.offered()] == ["sorghum", "sesame", "other"]
    assert label(crop.code_list, "sesame", "fr") == "Sésame"
    assert label(crop.code_list, "sesame", "ar") == "Sesame"
    missing = error("missing", "subject", form=example.FORM)
    assert say(missing, "fr", forms=forms) == "Choisissez la personne qui cultivait la terre."
    large = error("rule:large_farm", "hectares", form=example.FORM)
    assert say(large, "fr", forms=forms).startswith("C'est une grande exploitation")


def test_the_hash_is_of_what_was_written(tmp_path: Path) -> None:
    """Another edition of a list changes no form: entries go on naming the same hash."""
    one = loaded(example.write(tmp_path / "one"))
    other = loaded(example.write(tmp_path / "other", ("Something else", "Anything else")))
    assert one.forms[0].hash == other.forms[0].hash
    assert one.names() != other.names()
    assert label(one.names()["x_crops"], "other") == "Something else"
    assert label(other.names()["x_crops"], "other") == "Anything else"


def test_no_name_of_the_program_begins_like_an_operations() -> None:
    assert not [form.id for form in catalogue().every() if form.id.startswith(OWN)]
    assert not [code.code for code in code_list("event_types") if code.code.startswith(OWN)]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('id = "x_harvest_lost"', 'id = "harvest_lost"', "harvest.toml: id: begin it with x_"),
        ('id = "x_harvest_lost"', 'id = "person"', "harvest.toml: id: begin it with x_"),
        ('event = "displacement"\n', "", "harvest.toml: event: name the family"),
        ('kind = "number"', 'kind = "nmber"', "harvest.toml: pages[0].fields[3].kind"),
        ('code_list = "x_crops"', 'code_list = "x_corps"', "harvest.toml: pages[0].fields[2]"),
        ("hectares > 50", "hectares > '50'", "harvest.toml: rules[0].when"),
        ('"Who lost it" = ', '"Who had it" = ', "harvest.toml: subject.label: translate it"),
        ("sesame,Sesame,yes,Sésame", "sesame,Sesame,yes,", "x_crops.csv: code sesame, label:fr"),
        ("sesame,Sesame", "sesame\tx,Sesame", "x_crops.csv: code sesame\tx: write letters"),
        ("sesame,Sesame,yes", "sesame,Sesame,maybe", "x_crops.csv: code 2, offered"),
        ("# version: 1.0.0", "# version: new", "x_crops.csv: version: write three numbers"),
        ("label:fr", "french", "x_crops.csv: column 'french'"),
        ("sesame,Sesame", 'sesame,"Ses', "x_crops.csv: file: mend the CSV"),
    ],
)
def test_what_is_wrong_is_told_with_file_place_and_remedy(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    found = said(example.write(tmp_path / "own", (old, new)))
    assert any(one.startswith(told) for one in found), found


def test_a_list_is_named_as_an_operations(tmp_path: Path) -> None:
    folder = example.write(tmp_path / "own")
    (folder / "x_crops.csv").rename(folder / "crops.csv")
    assert any(one.startswith("crops.csv: name: name the file") for one in said(folder))


def test_a_folder_without_a_form(tmp_path: Path) -> None:
    assert said(tmp_path) == [".: folder: there is no form in it: forms end in .toml"]


def test_the_same_again_is_nothing_new(tmp_path: Path) -> None:
    folder = example.write(tmp_path / "own")
    kept = loaded(folder)
    again = own_folder.read(folder, kept=kept)
    assert (again.own, again.new, again.problems) == (kept, (), ())


def test_a_changed_form_has_a_higher_version(tmp_path: Path) -> None:
    kept = loaded(example.write(tmp_path / "own"))
    changed = example.write(tmp_path / "changed", ('"What grew there"', '"What grew"'))
    assert said(changed, kept) == [
        "harvest.toml: version: 1.0.0 was loaded with other content; give it a higher version"
    ]
    lower = example.write(tmp_path / "lower", ('version = "1.0.0"', 'version = "0.9.0"'))
    assert said(lower, kept) == [
        "harvest.toml: version: 1.0.0 was loaded; give it a higher version"
    ]


def test_a_renamed_question_is_declared(tmp_path: Path) -> None:
    kept = loaded(example.write(tmp_path / "own"))
    folder = example.renewed(tmp_path / "later")
    later = own_folder.read(folder, kept=kept)
    assert later.problems == ()
    assert [one.version for one in later.own.forms] == ["1.0.0", "1.1.0"]
    file = folder / "harvest.toml"
    file.write_text(file.read_text("utf-8").replace('rename = { hectares = "area" }', ""), "utf-8")
    assert [one for one in said(folder, kept) if one.startswith("harvest.toml: hectares: ")]
    # Also where it was never loaded here: an earlier version may lie in the folder itself.
    example.write(tmp_path / "later" / "earlier")
    (folder / "earlier" / "x_crops.csv").unlink()
    assert [one for one in said(folder) if one.startswith("harvest.toml: hectares: ")]


def test_a_list_only_grows(tmp_path: Path) -> None:
    kept = loaded(example.write(tmp_path / "own"))
    higher = ("# version: 1.0.0", "# version: 1.1.0")
    more = ("other,", "millet,Millet,yes,Millet\nother,")
    assert said(example.write(tmp_path / "same", more), kept) == [
        "x_crops.csv: version: 1.0.0 was loaded with other content; give it a higher version"
    ]
    less = ("sesame,Sesame,yes,Sésame\n", "")
    assert said(example.write(tmp_path / "less", higher, less), kept) == [
        "x_crops.csv: code sesame: a code stays for ever: put it back, with offered = no"
    ]
    grown = own_folder.read(example.write(tmp_path / "more", higher, more), kept=kept)
    assert grown.problems == () and grown.new == ()
    assert [one.version for one in grown.own.lists] == ["1.1.0"]


def test_a_form_that_a_later_program_refuses_is_left_out(tmp_path: Path) -> None:
    """The workspace opens all the same, with what can be used."""
    kept = loaded(example.write(tmp_path / "own"))
    one = kept.forms[0]
    broken = own.KeptFile("x_of_old", "1.0.0", bytes(32), "old.toml", b'id = "x_of_old"')
    both = own.OwnForms((broken, one), kept.lists)
    forms, wrong = own.combined(catalogue(), both.to_bytes())
    assert forms.has(example.FORM) and not forms.has("x_of_old")
    assert [error.file for error in wrong] == ["old.toml"]
