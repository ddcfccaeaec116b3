"""`backup`, `restore`, `recover`, `check`, `rebuild`: a workspace lost, damaged, locked out of."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.places import PASSPHRASE, WORDS, Site, environment, families, opened
from workspace import care

NEW = {"WAYSTATION_NEW_PASSPHRASE": "a passphrase after recovery"}
AFTER = {"WAYSTATION_PASSPHRASE": NEW["WAYSTATION_NEW_PASSPHRASE"]}


def test_back_from_a_backup(busy_site: Site, busy_command: Command, tmp_path: Path) -> None:
    file = tmp_path / "b.wsb"
    made = busy_command.asked("backup", busy_site.station, "--out", file)
    assert busy_command.asked("restore", file, tmp_path / "back")["entries"] == made["entries"]
    ran = busy_command(
        "intake", tmp_path / "back", busy_site.write_list(families(1, first=9)), "--as", "officer"
    )
    assert ran.code == 0
    assert "under new numbers" in ran.err
    assert busy_command.asked("check", tmp_path / "back")["problems"] == []


def test_a_backup_never_overwrites(busy_site: Site, busy_command: Command, tmp_path: Path) -> None:
    file = tmp_path / "b.wsb"
    busy_command.asked("backup", busy_site.station, "--out", file)
    before = file.read_bytes()
    ran = busy_command("backup", busy_site.station, "--out", file, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "store_exists")
    assert file.read_bytes() == before


def test_a_restore_never_overwrites(busy_site: Site, busy_command: Command, tmp_path: Path) -> None:
    file = tmp_path / "b.wsb"
    busy_command.asked("backup", busy_site.station, "--out", file)
    assert busy_command("restore", file, busy_site.station).code == 1
    assert busy_command.asked("check", busy_site.station)["problems"] == []


def _cut(data: bytes, at: float) -> bytes:
    return data[: int(len(data) * at)]


def _flip(data: bytes, at: float) -> bytes:
    place = int(len(data) * at)
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


@pytest.mark.parametrize("change", [_cut, _flip])
@pytest.mark.parametrize("at", [0.0, 0.05, 0.5, 0.95, 0.999])
def test_a_damaged_backup_is_refused_whole(
    busy_site: Site, busy_command: Command, tmp_path: Path, change: object, at: float
) -> None:
    file = tmp_path / "b.wsb"
    busy_command.asked("backup", busy_site.station, "--out", file)
    file.write_bytes(change(file.read_bytes(), at))  # type: ignore[operator]  # one of the two
    ran = busy_command("restore", file, tmp_path / "back", "--json")
    if ran.code == 0:  # a bit of tar's padding, which is nobody's
        assert at in (0.95, 0.999) or change is _flip
        assert busy_command.asked("check", tmp_path / "back")["problems"] == []
        return
    assert (ran.code, ran.json["error"]["code"]) == (1, "backup"), ran
    assert not (tmp_path / "back").exists()
    assert not list(tmp_path.glob(".back*"))


@pytest.mark.parametrize("kind", ["empty", "text", "folder", "missing", "tar"])
def test_what_is_no_backup(site: Site, command: Command, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "b.wsb"
    match kind:
        case "empty":
            file.write_bytes(b"")
        case "text":
            file.write_text("hello")
        case "folder":
            file.mkdir()
        case "tar":
            import tarfile

            with tarfile.open(file, "w") as tar:
                tar.add(site.station / "office.json", "../../office.json")
    ran = command("restore", file, tmp_path / "back", "--json")
    assert ran.code in (1, 2)
    assert not (tmp_path / "back").exists()


def test_on_another_machine_the_recovery_key_opens(
    busy_site: Site, busy_command: Command, tmp_path: Path
) -> None:
    file = tmp_path / "b.wsb"
    made = busy_command.asked("backup", busy_site.station, "--out", file)
    busy_command.env = environment(tmp_path / "other-machine", at=busy_site.clock.now())
    busy_command.asked("restore", file, tmp_path / "back")
    ran = busy_command("check", tmp_path / "back", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "other_device")
    assert "recovery" in ran.sentence
    back = busy_command.asked(
        "recover", tmp_path / "back", "--key", busy_site.keys / "recovery-key.age", env=NEW
    )
    assert (back["entries"], back["administrator"]) == (made["entries"], "administrator")
    assert busy_command("check", tmp_path / "back").code == 1
    assert busy_command("check", tmp_path / "back", env=AFTER).code == 0
    # The administrator gives the others new passphrases, and work goes on.
    busy_command.asked(
        "user", "passphrase", tmp_path / "back", "--name", "officer",
        env={**AFTER, "WAYSTATION_NEW_PASSPHRASE": "the officer's new words"},
    )  # fmt: skip
    taken = busy_command.asked(
        "intake", tmp_path / "back", busy_site.write_list(families(1, first=9)), "--as", "officer",
        env={"WAYSTATION_PASSPHRASE": "the officer's new words"},
    )  # fmt: skip
    assert taken["households"] == 1
    assert busy_command.asked("check", tmp_path / "back", env=AFTER)["problems"] == []


def test_the_sheets_code_opens(busy_site: Site, busy_command: Command) -> None:
    with busy_site.at_station("administrator") as session:
        old = care.recovery_sheet(session)
        code = care.recovery_sheet(session)
    for typed in (code, code.lower(), code.replace("-", " "), f" {code}\n"):
        back = busy_command.asked(
            "recover", busy_site.station, env={**NEW, "WAYSTATION_PASSPHRASE": typed}
        )
        assert back["administrator"] == "administrator"
    assert busy_command("check", busy_site.station, env=AFTER).code == 0
    # A later sheet takes the earlier one's power; a slip of the pen is told.
    for wrong in (old, code[:-1], code[1:] + code[0], "", "x" * 1000, "كود"):
        ran = busy_command(
            "recover", busy_site.station, "--json", env={**NEW, "WAYSTATION_PASSPHRASE": wrong}
        )
        assert (ran.code, ran.json["error"]["code"]) == (1, "recovery"), wrong


def test_a_sheets_code_does_not_become_a_passphrase(busy_site: Site, busy_command: Command) -> None:
    with busy_site.at_station("administrator") as session:
        code = care.recovery_sheet(session)
    ran = busy_command("recover", busy_site.station, env={"WAYSTATION_PASSPHRASE": code})
    assert ran.code == 1 and "WAYSTATION_NEW_PASSPHRASE" in ran.sentence
    assert busy_command("check", busy_site.station).code == 0


def test_other_keys_do_not_recover(site: Site, command: Command, tmp_path: Path) -> None:
    key = (site.keys / "recovery-key.age").read_bytes()
    (tmp_path / "junk").write_bytes(b"junk")
    (tmp_path / "cut").write_bytes(key[:60])
    (tmp_path / "huge").write_bytes(b"x" * 1_000_000)
    others = (site.keys / "root-key.age", *(tmp_path / one for one in ("junk", "cut", "huge")))
    for name in others:
        ran = command("recover", site.station, "--key", name, "--json", env=NEW)
        assert (ran.code, ran.json["error"]["code"]) == (1, "recovery"), name
    ran = command(
        "recover", site.station, "--key", site.keys / "recovery-key.age", "--json",
        env={**NEW, "WAYSTATION_PASSPHRASE": "not the key's passphrase"},
    )  # fmt: skip
    assert (ran.code, ran.json["error"]["code"]) == (1, "recovery")
    assert "The passphrase does not open this key file" in ran.sentence, "it is no mistyped code"


def test_the_offline_keys_passphrase_has_its_own_variable(site: Site, command: Command) -> None:
    """The key was written under a passphrase that whoever works there may not have any more."""
    words = ("recover", site.station, "--key", site.keys / "recovery-key.age")
    key, other = {"WAYSTATION_KEY_PASSPHRASE": WORDS}, {"WAYSTATION_PASSPHRASE": "newer than it"}
    assert command(*words, env={**NEW, **other}).code == 1
    command.asked(*words, env={**NEW, **other, **key})
    assert command("check", site.station, env=AFTER).code == 0
    wrong = {"WAYSTATION_KEY_PASSPHRASE": "not the key's passphrase"}
    assert command(*words, env={**NEW, **wrong}).code == 1


def test_a_short_passphrase_after_recovery_is_refused(site: Site, command: Command) -> None:
    ran = command(
        "recover", site.station, "--key", site.keys / "recovery-key.age", "--json",
        env={"WAYSTATION_NEW_PASSPHRASE": "short"},
    )  # fmt: skip
    assert (ran.code, ran.json["error"]["code"]) == (1, "weak_passphrase")
    assert command("check", site.station).code == 0


def test_a_view_that_was_changed_is_found_and_rebuilt(
    busy_site: Site, busy_command: Command
) -> None:
    with busy_site.at_station("officer") as session, session.store.write() as unit:
        person = next(iter(unit.persons()))
        unit.delete_view("person", person.id)
        household = next(iter(unit.households()))
        from dataclasses import replace

        unit.put_view(replace(household, number="WST-A01-AAA-H00001-00"))
    found = busy_command("check", busy_site.station, "--json")
    assert found.code == 1 and len(found.json["problems"]) >= 2
    assert any("run rebuild" in problem for problem in found.json["problems"])
    rebuilt = busy_command.asked("rebuild", busy_site.station)
    assert rebuilt["changed"] == 2
    assert busy_command.asked("check", busy_site.station)["problems"] == []
    assert busy_command.asked("rebuild", busy_site.station)["changed"] == 0
    results = busy_command.asked("search", busy_site.station, "orlok")["results"]
    assert len(results) == 6


def test_a_damaged_page_is_found(busy_site: Site, busy_command: Command) -> None:
    path = busy_site.station / "store.db"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    ran = busy_command("check", busy_site.station, "--json")
    assert ran.code == 1
    if "problems" in ran.json:
        assert ran.json["problems"]
    else:
        assert ran.json["error"]["code"] in {"damaged_store", "wrong_key"}


@pytest.mark.parametrize(
    "name", ["store.db", "photos.db", "store.json", "slots.json", "office.json"]
)
@pytest.mark.parametrize("how", ["gone", "empty", "junk", "folder"])
def test_a_file_of_the_workspace_is_spoilt(
    busy_site: Site, busy_command: Command, name: str, how: str
) -> None:
    path = busy_site.station / name
    path.unlink()
    match how:
        case "empty":
            path.write_bytes(b"")
        case "junk":
            path.write_bytes(b"\0junk" * 4000)
        case "folder":
            path.mkdir()
    station = busy_site.station
    for words in (("check", station), ("search", station, "x"), ("user", "list", station)):
        ran = busy_command(*words, "--json")
        if name == "photos.db" and words[0] != "check":
            # Nobody who looks something up has to wait for the photos' backup.
            assert ran.code in (0, 1), ran
            continue
        assert ran.code == 1, (words, ran)
        assert ran.json.get("error") or ran.json["problems"]


def test_slots_changed_from_outside_are_noticed(busy_site: Site, busy_command: Command) -> None:
    """A slot of a stranger's making, or a role raised in the file, opens nothing."""
    import json

    path = busy_site.station / "slots.json"
    slots = json.loads(path.read_text())
    for user in slots["users"]:
        if user["name"] == "officer":
            user["role"] = "supervisor"
    path.write_text(json.dumps(slots))
    for user in ("officer", "administrator"):
        ran = busy_command("review", busy_site.station, "--approve-all", "--as", user, "--json")
        assert ran.code == 1
        assert ran.json["error"]["code"] in {"wrong_passphrase", "damaged_slots"}


def test_an_interrupted_backup_leaves_no_backup(
    busy_site: Site, busy_command: Command, tmp_path: Path
) -> None:
    """What a kill leaves beside the target is no obstacle to the next one."""
    file = tmp_path / "b.wsb"
    (tmp_path / ".b.wsb.parts").mkdir()
    (tmp_path / ".b.wsb.parts" / "store.db").write_bytes(b"half")
    (tmp_path / ".b.wsb.new").write_bytes(b"half")
    busy_command.asked("backup", busy_site.station, "--out", file)
    assert [path.name for path in tmp_path.glob("*b.wsb*")] == ["b.wsb"]
    (tmp_path / ".back.restoring").mkdir()
    (tmp_path / ".back.restoring" / "store.db").write_bytes(b"half")
    busy_command.asked("restore", file, tmp_path / "back")
    assert busy_command.asked("check", tmp_path / "back")["problems"] == []


def test_a_restored_registry_hears_again_what_it_lost(
    busy_site: Site, busy_command: Command, tmp_path: Path
) -> None:
    """The registry falls back a week; the station's next bundle brings what no receipt covers,
    and what one covers lies in the station's own copies."""
    file = tmp_path / "r.wsb"
    busy_command.asked("backup", busy_site.registry, "--out", file)
    bundle = busy_site.send()
    busy_site.admit(bundle)
    shutil.rmtree(busy_site.registry)
    busy_command.asked("restore", file, busy_site.registry)
    again = busy_site.admit(bundle)
    assert (again.held, again.quarantined) == (0, 0)
    assert again.admitted == 26
    with opened(busy_site.registry, "registrar", busy_site.env) as session:
        assert care.check(session).problems == ()
    assert PASSPHRASE
