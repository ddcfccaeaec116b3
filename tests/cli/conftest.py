"""The command line, run in this process with cheap slots and a clock of the test's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from cli.main import waystation
from cli.running import run
from tests.places import WORDS, Site
from workspace.environment import Environment


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on standard output."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found

    @property
    def sentence(self) -> str:
        """The last line of standard error."""
        return self.err.strip().splitlines()[-1]


Run = Callable[..., Ran]


class Command:
    """`waystation`, as a function. Words are given as passphrase unless a test says otherwise."""

    def __init__(
        self,
        env: Environment,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        self.env = env
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.ran: list[list[str]] = []
        """The words of every command, in order."""

    def __call__(self, *words: object, env: Mapping[str, str | None] | None = None) -> Ran:
        """Run it. `env` sets variables of the process, or takes them away."""
        self._capsys.readouterr()
        self.ran.append([str(word) for word in words])
        with self._monkeypatch.context() as patch:
            for name, value in {"WAYSTATION_PASSPHRASE": WORDS, **(env or {})}.items():
                if value is None:
                    patch.delenv(name, raising=False)
                else:
                    patch.setenv(name, value)
            code = run(waystation, [str(word) for word in words], environment=self.env)
        seen = self._capsys.readouterr()
        return Ran(code, seen.out, seen.err)

    def elsewhere(self, env: Environment) -> Command:
        """The command on another machine."""
        other = Command(env, self._monkeypatch, self._capsys)
        other.ran = self.ran
        return other

    def asked(self, *words: object, env: Mapping[str, str | None] | None = None) -> dict[str, Any]:
        """Run it with `--json`; it must succeed."""
        ran = self(*words, "--json", env=env)
        assert ran.code == 0, ran
        return ran.json


@pytest.fixture
def waystation_at(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[Site], Command]:
    """The command on a site's machine."""
    monkeypatch.delenv("WAYSTATION_NEW_PASSPHRASE", raising=False)
    return lambda site: Command(site.env, monkeypatch, capsys)


@pytest.fixture
def command(site: Site, waystation_at: Callable[[Site], Command]) -> Command:
    """The command beside a founded site."""
    return waystation_at(site)


@pytest.fixture
def busy_command(busy_site: Site, waystation_at: Callable[[Site], Command]) -> Command:
    """The command beside a site with three approved families."""
    return waystation_at(busy_site)
