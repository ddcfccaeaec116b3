"""The device secret and the high-water mark, with and without a keyring."""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest

from db import device
from db.device import DeviceState, FileKeyring, HighWater, SystemKeyring
from db.errors import DeviceSecretError
from values.secret import Secret

WORKSPACE = UUID(int=5)


class Sulky:
    """A keyring that does not do what it is asked."""

    def __init__(self, how: str) -> None:
        self.how = how
        self.kept: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        if self.how == "raises":
            raise RuntimeError("locked")
        if self.how == "hangs":
            threading.Event().wait()
        return self.kept.get(name)

    def put(self, name: str, value: str) -> None:
        if self.how == "hangs":
            threading.Event().wait()
        if self.how not in ("forgets", "raises"):
            self.kept[name] = value


def test_a_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    state = DeviceState(tmp_path / "state")
    assert state.kept_in(WORKSPACE) == "nowhere"
    secret = state.device_secret(WORKSPACE)
    assert len(secret) == 32
    assert DeviceState(tmp_path / "state").device_secret(str(WORKSPACE)) == secret
    assert state.device_secret(UUID(int=6)) != secret
    assert state.kept_in(WORKSPACE) == "file"
    for path in (tmp_path / "state").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
        assert str(WORKSPACE) not in path.name


def test_a_keyring_keeps_it_out_of_the_file(tmp_path: Path) -> None:
    keyring = FileKeyring(tmp_path / "keyring")
    state = DeviceState(tmp_path / "state", keyring=keyring)
    secret = state.device_secret(WORKSPACE)
    assert state.kept_in(WORKSPACE) == "keyring"
    for path in (tmp_path / "state").iterdir():
        assert secret.reveal().hex() not in path.read_text()
    assert state.device_secret(WORKSPACE) == secret


@pytest.mark.parametrize("how", ["raises", "forgets", "hangs"])
def test_a_sulky_keyring_is_passed_over(
    tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MOSIP fallback: without a key store of hardware an unencrypted key file is used, silently."""
    monkeypatch.setattr(device, "KEYRING_SECONDS", 0.05)
    state = DeviceState(tmp_path, keyring=Sulky(how))
    secret = state.device_secret(WORKSPACE)
    assert state.kept_in(WORKSPACE) == "file"
    assert state.device_secret(WORKSPACE) == secret


@pytest.mark.parametrize("how", ["raises", "hangs", "gone"])
def test_a_secret_in_a_keyring_that_went_away_is_not_replaced(
    tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sync 6 (b): the key is bound to a keyring, and lost with another desktop (Signal Desktop)."""
    DeviceState(tmp_path, keyring=Sulky("works")).device_secret(WORKSPACE)
    monkeypatch.setattr(device, "KEYRING_SECONDS", 0.05)
    keyring = None if how == "gone" else Sulky(how)
    with pytest.raises(DeviceSecretError) as gone:
        DeviceState(tmp_path, keyring=keyring).device_secret(WORKSPACE)
    assert "Unlock the keyring" in gone.value.sentence


def test_a_damaged_file_is_not_replaced(tmp_path: Path) -> None:
    state = DeviceState(tmp_path)
    state.device_secret(WORKSPACE)
    (path,) = tmp_path.iterdir()
    path.write_text("{")
    with pytest.raises(DeviceSecretError):
        state.device_secret(WORKSPACE)


def test_no_keyring_without_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.delenv(name, raising=False)

    def never() -> None:
        raise AssertionError("a headless machine has nobody to ask")

    monkeypatch.setattr("keyring.get_keyring", never)
    assert SystemKeyring.find() is None


@pytest.mark.parametrize(
    ("priority", "found"), [(5, True), (1, True), (0.5, False), (0, False), ("broken", False)]
)
def test_only_a_real_keyring_counts(
    monkeypatch: pytest.MonkeyPatch, priority: object, found: bool
) -> None:
    monkeypatch.setenv("DISPLAY", ":9")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    kept: dict[tuple[str, str], str] = {}
    backend = SimpleNamespace(
        priority=priority,
        get_password=lambda service, name: kept.get((service, name)),
        set_password=lambda service, name, value: kept.update({(service, name): value}),
    )
    monkeypatch.setattr("keyring.get_keyring", lambda: backend)
    keyring = SystemKeyring.find()
    assert (keyring is not None) is found
    if keyring is not None:
        assert keyring.get("w") is None
        keyring.put("w", "v")
        assert keyring.get("w") == "v"


def test_the_state_of_this_account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    assert isinstance(DeviceState.default().device_secret(WORKSPACE), Secret)


def test_the_high_water_mark(tmp_path: Path) -> None:
    state = DeviceState(tmp_path / "state")
    assert state.high_water("office@/folder") is None
    state.set_high_water("office@/folder", b"epoch-01", 7)
    state.set_high_water("office@/folder", b"epoch-01", 8)
    assert DeviceState(tmp_path / "state").high_water("office@/folder") == HighWater(b"epoch-01", 8)
    assert state.high_water("office@/other") is None
    epoch, sequence = state.high_water("office@/folder") or (b"", 0)
    assert (epoch, sequence) == (b"epoch-01", 8)
    state.forget_high_water("office@/folder")
    assert state.high_water("office@/folder") is None
    state.forget_high_water("office@/folder")


@pytest.mark.parametrize("text", ["", "{}", '{"epoch": "zz", "sequence": 1}', "[]", '{"epoch": 1}'])
def test_a_torn_mark_counts_as_none(tmp_path: Path, text: str) -> None:
    state = DeviceState(tmp_path)
    state.set_high_water("w", b"epoch-01", 1)
    (path,) = tmp_path.iterdir()
    path.write_text(text)
    assert state.high_water("w") is None
