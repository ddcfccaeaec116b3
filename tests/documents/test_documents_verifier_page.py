"""Writing the page for verifiers: what goes in, that nothing breaks out, and the policy over it."""

from __future__ import annotations

import base64
import hashlib
import json
from html.parser import HTMLParser
from typing import Any

import pytest

import resources
from documents import verifier_page, verifier_words
from documents.errors import TrustError
from documents.trust import MAX_TRUST_BYTES
from documents.verifier_page import write_page
from resources import i18n
from tests.documents import builders
from tests.documents.builders import DOCUMENT_KEY, NOW, ROOT, STRANGER


class Read(HTMLParser):
    """The elements of a page as a browser sees them."""

    def __init__(self, page: bytes) -> None:
        super().__init__(convert_charrefs=False)
        self.inside: list[tuple[str, dict[str, str | None]]] = []
        self.content: dict[str, str] = {}
        self.metas: dict[str, str] = {}
        self.attributes: list[tuple[str, str, str | None]] = []
        self.feed(page.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value) for name, value in attrs]
        named = dict(attrs)
        if tag == "meta" and named.get("http-equiv"):
            self.metas[str(named["http-equiv"])] = str(named["content"])
        if tag in {"script", "style"}:
            self.inside.append((tag, named))

    def handle_data(self, data: str) -> None:
        if self.inside:
            tag, named = self.inside[-1]
            self.content[named.get("id") or tag] = data

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self.inside.pop()

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.content["data"])
        return found

    @property
    def policy(self) -> dict[str, str]:
        rules = self.metas["Content-Security-Policy"].split("; ")
        return {rule.split()[0]: rule.partition(" ")[2] for rule in rules}


LIST = builders.trust_list().data
PAGE = write_page(LIST)
READ = Read(PAGE.html)


def test_the_list_goes_in_verbatim() -> None:
    assert base64.b64decode(READ.data["trust"]["list"]) == LIST
    assert (PAGE.keys, PAGE.number, PAGE.root) == (1, 7, ROOT.public.fingerprint)
    assert PAGE.issued_at is not None
    assert (NOW - PAGE.issued_at).days == 3


def test_the_same_trust_gives_the_same_bytes() -> None:
    assert write_page(LIST).html == PAGE.html
    assert write_page(builders.trust_list(lists=False).data).html != PAGE.html


def test_no_slot_is_left_open() -> None:
    assert verifier_page._SLOT.findall(PAGE.html.decode("utf-8")) == []


@pytest.mark.parametrize(("element", "rule"), [("script", "script-src"), ("style", "style-src")])
def test_the_policy_names_the_one_script_and_the_one_style(element: str, rule: str) -> None:
    digest = hashlib.sha256(READ.content[element].encode("utf-8")).digest()
    assert f"'sha256-{base64.b64encode(digest).decode()}'" in READ.policy[rule].split()


def test_the_policy_allows_nothing_else() -> None:
    assert READ.policy["default-src"] == "'none'"
    assert READ.policy["img-src"] == "data:"
    assert READ.policy["form-action"] == READ.policy["base-uri"] == "'none'"
    assert READ.policy["script-src"].split()[1:] == ["'wasm-unsafe-eval'"]
    assert len(READ.policy["style-src"].split()) == 1
    assert "unsafe-inline" not in str(READ.policy)
    # What the policy would refuse: scripts and styles in attributes.
    assert not [one for one in READ.attributes if one[1].startswith("on") or one[1] == "style"]


def test_the_policy_stands_before_all_it_is_to_rule() -> None:
    page = PAGE.html.decode("utf-8")
    assert page.index("Content-Security-Policy") < page.index("<style>") < page.index("<script")
    assert PAGE.html.index(b"charset") < 1024


def test_a_template_with_other_line_breaks_gives_the_same_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    template = resources.read_text(verifier_page.TEMPLATE)
    monkeypatch.setattr(resources, "read_text", lambda name: template.replace("\n", "\r\n"))
    assert write_page(LIST).html == PAGE.html


HOSTILE = "</script><script>alert(1)</script><!--<script>\u2028\u2029 %%SCRIPT%% %%DATA%% &lt;"


def test_nothing_in_the_words_can_end_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifier_words, "catalogues", lambda: {"en": {"name": HOSTILE}})
    read = Read(write_page(LIST).html)
    assert read.data["languages"]["en"]["name"] == HOSTILE
    assert read.content["script"] == READ.content["script"]
    assert "</script" not in read.content["data"]
    assert "<!--" not in read.content["data"]


def test_nothing_in_a_key_set_can_end_the_data() -> None:
    key = {"kty": "OKP", "crv": "Ed25519", "x": _x(DOCUMENT_KEY.public.raw), "kid": HOSTILE}
    read = Read(write_page(json.dumps({"keys": [key], "note": HOSTILE}).encode()).html)
    (written,) = read.data["trust"]["keys"]
    assert HOSTILE.encode().hex() in written["kids"]
    assert read.content["script"] == READ.content["script"]


def test_words_that_no_script_says_are_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifier_words, "DAMAGED", "<b>&")
    assert b"&lt;b&gt;&amp;</p>" in write_page(LIST).html


def test_a_key_set_becomes_its_keys() -> None:
    page = write_page(builders.key_set(DOCUMENT_KEY, STRANGER))
    assert (page.keys, page.number, page.issued_at, page.root) == (2, None, None, None)
    first, _ = Read(page.html).data["trust"]["keys"]
    assert first["x"] == DOCUMENT_KEY.public.raw.hex()
    assert (first["kty"], first["named"]) == ("OKP", True)
    assert DOCUMENT_KEY.public.kid.hex() in first["kids"]


def test_a_pinned_root_is_held_to() -> None:
    assert write_page(LIST, root=ROOT.public.fingerprint).html == PAGE.html
    with pytest.raises(TrustError) as refused:
        write_page(LIST, root=STRANGER.public.fingerprint)
    assert refused.value.code == "root_mismatch"


@pytest.mark.parametrize(
    ("trust", "code"),
    [
        (b"", "not_trust"),
        (LIST[:-1] + bytes([LIST[-1] ^ 1]), "not_trust"),
        (b'{"keys": []}', "keys"),
        (b"x" * (MAX_TRUST_BYTES + 1), "too_large"),
    ],
    ids=["empty", "changed", "no key", "too large"],
)
def test_a_page_is_never_written_with_what_does_not_verify(trust: bytes, code: str) -> None:
    with pytest.raises(TrustError) as refused:
        write_page(trust)
    assert refused.value.code == code


def test_every_language_has_every_word() -> None:
    languages = READ.data["languages"]
    assert tuple(languages) == i18n.languages()
    english = languages["en"]
    for language, catalogue in languages.items():
        assert catalogue["words"].keys() == english["words"].keys()
        assert catalogue["countries"].keys() == english["countries"].keys()
        assert all(catalogue["words"].values())
        assert len(catalogue["days"]) == len(catalogue["months"]) == 12
        assert all("{day}" in day and "{year}" in day for day in catalogue["days"])
        assert all("{year}" in month and "{day}" not in month for month in catalogue["months"])
        for plural in catalogue["plurals"].values():
            assert len(plural["index"]) == 200
            assert set(plural["index"]) == set(map(str, range(len(plural["forms"]))))
        if language != "en":
            assert catalogue["words"]["title"] != english["words"]["title"]
    assert (languages["ar"]["dir"], languages["fr"]["name"]) == ("rtl", "Français")


def test_plural_rules_repeat_as_the_page_takes_them_to() -> None:
    for language in i18n.languages():
        ngettext = i18n.translation(language).ngettext
        for number in (*range(200, 420), 1_000, 1_001, 1_011, 10_002, 123_456):
            shorter = 100 + number % 100
            message = ("{n} person", "{n} persons")
            assert ngettext(*message, number) == ngettext(*message, shorter), (language, number)


def _x(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
