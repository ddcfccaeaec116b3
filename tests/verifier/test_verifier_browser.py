"""The page in a real browser, opened from a file, without a network."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image

from desktop import words
from desktop.pages.claims import said_by
from documents import raster
from documents.trust import from_trust_list
from documents.verifier_page import write_page
from documents.verify import judge
from registry.trust import export_page
from station import printing
from tests import paperwork
from tests.documents import builders
from tests.documents.builders import DOCUMENT_KEY, NOW, ROOT, STRANGER, envelope, text_of
from tests.documents.forgeries import FORGERIES, GENUINE, PAYLOAD, with_attributes
from tests.places import Site
from tests.verifier.pages import Shown, drawn, framed, paper, png
from values.dates import PartialDate

Open = Callable[..., Shown]

BY_VERDICT = {
    "valid": (GENUINE.text, NOW),
    "expired": (GENUINE.text, NOW + timedelta(days=200)),
    "not_yet_valid": (GENUINE.text, NOW - timedelta(days=2)),
    "revoked": next((one.text(), NOW) for one in FORGERIES if one.name == "revoked"),
    "unknown_key": (text_of(envelope(PAYLOAD, signer=STRANGER)), NOW),
    "forged": (FORGERIES[0].text(), NOW),
    "unreadable": ("https://example.org/x", NOW),
}
WORDS = {
    "valid": ("Valid", "success"),
    "expired": ("Expired", "warning"),
    "not_yet_valid": ("Not valid yet", "warning"),
    "revoked": ("Withdrawn", "danger"),
    "unknown_key": ("Unknown signature", "warning"),
    "forged": ("Forged", "danger"),
    "unreadable": ("Not readable", "warning"),
}


@pytest.fixture
def frame(tmp_path: Path) -> Path:
    """A picture of 1280 by 720 pixels in which the code stands upright."""
    file = tmp_path / "frame.png"
    file.write_bytes(png(framed(paper())))
    return file


# ways in ----------------------------------------------------------------------------------


def test_a_picture_of_a_printed_page(
    open_page: Open, frame: Path, record_property: Callable[[str, object], None]
) -> None:
    begun = time.monotonic()
    shown = open_page()
    opened = time.monotonic()
    shown.check_file(frame)
    took = time.monotonic() - begun
    record_property("opened_s", round(opened - begun, 2))
    record_property("verdict_s", round(took, 2))
    print(f"opened after {opened - begun:.2f} s, verdict after {took:.2f} s")
    result = shown.result
    assert (result["verdict"], result["word"]) == ("valid", "Valid")
    assert result["revocation"] == "checked"
    facts = dict(result["facts"])
    assert facts["Name"] == "စောထူးဝါး"
    assert facts["Name in Latin letters"] == "Saw Htoo Wah"
    assert facts["Born"] == "9 March 1986, age 40"
    assert facts["Document number"] == "WST-A01-K7Q-D00042-31"
    assert facts["Valid until"] == "14 May 2027"
    assert result["photo"] > 0
    assert "3 days old" in result["known"]


def test_nothing_is_fetched_and_nothing_refused(open_page: Open, frame: Path) -> None:
    """OpenCRVS 9238, 3623, 11682: a code on paper cannot be checked by the public, or only over a
    network."""
    shown = open_page()
    shown.check_file(frame)
    shown.check_text("HC1:NCF")
    addresses = [url for url in shown.tab.requests() if not url.startswith("data:image/webp;")]
    assert [url.rpartition("/")[2] for url in addresses] == ["verifier.html"]
    assert shown.tab.complaints() == []


def test_the_policy_stops_what_somebody_puts_in(open_page: Open) -> None:
    shown = open_page()
    told = shown.tab.evaluate(
        """(async () => {
            const told = [];
            try { await fetch('https://example.org/'); told.push('fetched'); } catch {}
            const run = document.createElement('script');
            const code = 'globalThis.ran = true';
            try { run.textContent = code; document.body.append(run); } catch {}
            try { document.body.innerHTML += `<img src=x onerror="${code}">`; } catch {}
            try { (0, eval)(code); } catch {}
            const form = document.createElement('form');
            form.action = 'https://example.org/';
            document.body.append(form);
            form.submit();
            return [...told, String(globalThis.ran ?? false)];
        })()"""
    )
    assert told == ["false"]
    assert not [url for url in shown.tab.requests() if url.startswith("http")]


def test_a_paper_of_a_station_on_the_page_of_its_registry(
    open_page: Open, busy_site: Site, tmp_path: Path
) -> None:
    with busy_site.at_station("officer") as session:
        targets = printing.targets_for_all(session)[:1]
        issued = paperwork.issue(session, targets, language="en")
        at = session.clock.now()
    with busy_site.at_registry("administrator") as session:
        written = export_page(session, tmp_path / "verifier.html")
    raster.page(issued.pdf, 0, dpi=150).save(tmp_path / "paper.png")
    shown = open_page(tmp_path / "verifier.html", at=at.timestamp())
    assert shown.text("#root") == written.root
    shown.check_file(tmp_path / "paper.png")
    assert shown.result["verdict"] == "valid"
    assert dict(shown.result["facts"])["Document number"] == issued.documents[0].number


@pytest.mark.parametrize("dpi", [110, 150, 300])
def test_scans_of_the_whole_page(shown: Shown, tmp_path: Path, dpi: int) -> None:
    picture = drawn(paper(), dpi=dpi).rotate(3, Image.Resampling.BICUBIC, fillcolor=255)
    file = tmp_path / "scan.jpg"
    picture.save(file, "JPEG", quality=60)
    shown.check_file(file)
    assert shown.result["verdict"] == "valid"


def test_two_codes_in_one_picture(shown: Shown, tmp_path: Path) -> None:
    stranger = builders.page(
        builders.identity(name_latin="Naw Paw"), number="WST-A01-K7Q-D00043-05"
    )
    first, second = drawn(paper()), drawn(stranger)
    both = Image.new("L", (first.width * 2, first.height), 255)
    both.paste(first, (0, 0))
    both.paste(second, (first.width, 0))
    file = tmp_path / "both.png"
    both.save(file)
    shown.check_file(file)
    latin = [dict(one["facts"])["Name in Latin letters"] for one in shown.results]
    assert latin == ["Saw Htoo Wah", "Naw Paw"]
    assert "Code 2 of 2" in shown.text(".verdict:nth-child(2) .caption")


def test_the_worst_of_several_stands_first(shown: Shown, tmp_path: Path) -> None:
    import zxingcpp

    forged = text_of(GENUINE.signed.replace(b"Htoo", b"Htun"))
    both = Image.new("L", (1400, 700), 255)
    for at, text in enumerate((GENUINE.text, forged)):
        made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
        picture = Image.fromarray(zxingcpp.write_barcode_to_image(made, scale=5)).convert("L")
        both.paste(picture, (20 + 700 * at, 20))
    file = tmp_path / "both.png"
    both.save(file)
    shown.check_file(file)
    assert [one["verdict"] for one in shown.results] == ["forged", "valid"]
    assert "Code 2 of 2" in shown.text(".verdict:nth-child(1) .caption")


def test_the_camera_reads_by_itself(shown: Shown) -> None:
    shown.tab.evaluate("document.getElementById('camera').click()")
    shown.wait()
    assert shown.result["verdict"] == "valid"
    assert shown.tab.evaluate("document.getElementById('video').srcObject === null")
    assert shown.text("#finder") == ""


def test_the_camera_can_be_stopped(shown: Shown) -> None:
    shown.tab.evaluate("document.getElementById('camera').click()")
    shown.tab.press("Escape", code=27)
    assert shown.text("#finder") == ""
    assert shown.results == []


def test_a_reader_that_types_needs_no_click(shown: Shown) -> None:
    for _ in range(2):
        for letter in GENUINE.text:
            shown.tab.press(letter)
        shown.tab.press("Enter", code=13)
        assert shown.result["verdict"] == "valid"


def test_a_text_can_be_pasted_anywhere(shown: Shown) -> None:
    shown.tab.evaluate(
        "(() => { const carried = new DataTransfer();"
        f"carried.setData('text/plain', {json.dumps(GENUINE.text)});"
        "document.body.dispatchEvent(new ClipboardEvent('paste',"
        "{ clipboardData: carried, bubbles: true })); })()"
    )
    assert shown.result["verdict"] == "valid"


def test_a_picture_can_be_dropped(shown: Shown, frame: Path) -> None:
    import base64

    encoded = base64.b64encode(frame.read_bytes()).decode()
    shown.tab.evaluate(
        "(() => { const carried = new DataTransfer();"
        f"const bytes = Uint8Array.from(atob('{encoded}'), (one) => one.charCodeAt(0));"
        "carried.items.add(new File([bytes], 'paper.png', { type: 'image/png' }));"
        "document.body.dispatchEvent(new DragEvent('drop',"
        "{ dataTransfer: carried, bubbles: true })); })()"
    )
    shown.wait()
    assert shown.result["verdict"] == "valid"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("blank.png", png(Image.new("L", (300, 300), 255)), "no_code"),
        ("paper.pdf", b"%PDF-1.7 not a picture", "not_picture"),
        ("vector.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_picture"),
        ("bomb.png", builders.png_of(60_000, 60_000), "not_picture"),
        ("empty.png", b"", "not_picture"),
    ],
)
def test_a_file_that_holds_no_code(
    shown: Shown, tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    shown.check_file(file)
    assert (shown.result["verdict"], shown.result["reason"]) == ("unreadable", reason)
    assert shown.result["sentence"] != f"reason.{reason}"


# the verdict ------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", BY_VERDICT)
def test_each_verdict_has_a_word_a_colour_and_a_picture(shown: Shown, verdict: str) -> None:
    text, at = BY_VERDICT[verdict]
    shown.tab.at(at.timestamp())
    shown.check_text(text)
    result = shown.result
    word, tone = WORDS[verdict]
    assert (result["verdict"], result["word"], result["tone"]) == (verdict, word, tone)
    assert result["icon"] == f"#icon-{tone}"
    assert result["sentence"].endswith((".", "?"))
    vouched = "Nothing vouches" not in shown.text(".verdict .said")
    assert vouched is (verdict in {"valid", "expired", "unreadable"})


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("said", ["1986-03-09", "1985~", "198X", "2026-03-01", "1987-05"])
def test_what_is_shown_is_what_the_window_shows(shown: Shown, language: str, said: str) -> None:
    made = builders.credential(birth=PartialDate(said), members=3)
    shown.speak(language)
    shown.check_text(made.text)
    result = judge(made.text, from_trust_list(builders.trust_list()), at=NOW)
    words.use(language)
    try:
        expected = said_by(result.claims, language, date(2026, 11, 15)).facts
    finally:
        words.use("en")
    assert [[label, bare(value)] for label, value in expected] == [
        [label, bare(value)] for label, value in shown.result["facts"]
    ]


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_an_event_is_told_as_the_window_tells_it(shown: Shown, language: str) -> None:
    made = builders.credential(
        document="transfer",
        serial="A-000017",
        facts=(
            ("holder", "subject"), ("date", "1985~"), ("direction", "entry"), ("country_to", "MMR"),
            ("to_place", "Site A"), ("mother_latin", "Dalia"),
        ),
    )  # fmt: skip
    shown.speak(language)
    shown.check_text(made.text)
    result = judge(made.text, from_trust_list(builders.trust_list()), at=NOW)
    words.use(language)
    try:
        expected = said_by(result.claims, language, date(2026, 11, 15)).facts
    finally:
        words.use("en")
    assert [[label, bare(value)] for label, value in expected] == [
        [label, bare(value)] for label, value in shown.result["facts"]
    ]


def bare(value: str) -> str:
    """Without the marks that keep its order; the page has elements for that."""
    return value.translate(dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069\u200e\u200f")))


def test_without_a_status_list_revocation_is_unknown_and_said(
    open_page: Open, tmp_path: Path
) -> None:
    file = tmp_path / "verifier.html"
    file.write_bytes(write_page(builders.trust_list(lists=False).data).html)
    shown = open_page(file)
    shown.check_text(GENUINE.text)
    assert shown.result["verdict"] == "valid"
    assert "is not known here" in shown.result["known"]


def test_an_old_list_is_told(shown: Shown) -> None:
    shown.tab.at((NOW + timedelta(days=38)).timestamp())
    shown.check_text(GENUINE.text)
    assert "41 days old" in shown.result["known"]
    assert "Ask the registry for a newer page" in shown.result["known"]


def test_a_wrong_clock_is_told(open_page: Open) -> None:
    shown = open_page(at=(NOW - timedelta(days=30)).timestamp())
    assert "Set the date of the device" in shown.text("#clock")


def test_the_root_is_shown(shown: Shown) -> None:
    assert shown.text("#root") == ROOT.public.fingerprint
    assert "Trust list 7, signed on 12 November 2026." in shown.text("#trust")


def test_a_key_set_has_no_root_and_says_so(open_page: Open, tmp_path: Path) -> None:
    file = tmp_path / "verifier.html"
    file.write_bytes(write_page(builders.key_set(DOCUMENT_KEY)).html)
    shown = open_page(file)
    assert shown.text("#root") == ""
    assert "It has no root" in shown.text("#trust")
    shown.check_text(GENUINE.text)
    assert shown.result["verdict"] == "valid"
    assert "Nobody vouches" in shown.result["known"]


@pytest.mark.parametrize("what", ["a letter of the trust list", "all of it", "the data"])
def test_a_damaged_page_checks_nothing(
    open_page: Open, page_file: Path, tmp_path: Path, what: str
) -> None:
    whole = page_file.read_text("utf-8")
    begin = whole.index('"list":"') + len('"list":"')
    place = begin + 400
    other = "A" if whole[place] != "A" else "B"
    changed = {
        "a letter of the trust list": whole[:place] + other + whole[place + 1 :],
        "all of it": whole[:begin] + whole[whole.index('"', begin) :],
        "the data": whole.replace('{"trust":', "{trust:"),
    }[what]
    file = tmp_path / "verifier.html"
    file.write_text(changed, "utf-8")
    shown = open_page(file)
    assert "This page is damaged" in shown.text("#damaged")
    assert shown.text("#desk") == ""


def test_another_script_does_not_run_and_the_page_says_what_it_needs(
    open_page: Open, page_file: Path, tmp_path: Path
) -> None:
    file = tmp_path / "verifier.html"
    whole = page_file.read_text("utf-8")
    file.write_text(whole.replace("<script>", "<script>globalThis.ran = true;"), "utf-8")
    shown = open_page()
    shown.tab.open(file, ready="document.readyState === 'complete'")
    assert shown.tab.evaluate("globalThis.ran ?? false") is False
    told = shown.tab.wait_for(
        "(() => { const one = document.getElementById('unstarted');"
        " return getComputedStyle(one).visibility === 'visible' && one.textContent; })()"
    )
    assert "This page needs JavaScript" in told
    assert "Cette page a besoin de JavaScript" in told
    assert shown.text("#desk") == ""


# the page itself --------------------------------------------------------------------------


def test_what_was_checked_can_be_taken_away(shown: Shown) -> None:
    shown.check_text(GENUINE.text)
    shown.tab.evaluate("document.getElementById('again').click()")
    assert shown.results == []
    assert shown.tab.evaluate("document.getElementById('text').value") == ""
    assert shown.tab.evaluate("document.activeElement.id") == "camera"


def test_no_earlier_verdict_stays_where_one_cannot_be_told(open_page: Open) -> None:
    """A stranger's code must not leave the verdict of the paper before it standing."""
    shown = open_page()
    shown.check_text(GENUINE.text)
    assert shown.result["verdict"] == "valid"
    shown.tab.evaluate("String.prototype.trimEnd = () => { throw new Error('unforeseen'); }; 0")
    shown.check_text(text_of(envelope(with_attributes(a77="of nobody"), signer=STRANGER)))
    assert (shown.result["verdict"], shown.result["reason"]) == ("unreadable", "bad_claims")
    assert shown.result["facts"] == []


@pytest.mark.parametrize("members", [-1, -200, -(2**60), 0, 2**63])
def test_members_that_cannot_be(shown: Shown, members: int) -> None:
    shown.check_text(GENUINE.text)
    shown.check_text(text_of(envelope(with_attributes(a76=members), signer=STRANGER)))
    assert shown.result["verdict"] == "unknown_key"
    told = dict(shown.result["facts"])
    kind = "household attestation" if members > 0 else "registration document"
    assert ("Household" in told) is (members > 0)
    assert told["Document"] == f"Provisional {kind}"
    claims = {"7": "WST-A01-K7Q-D00042-31", "169": {"76": members}}
    in_window = dict(said_by(claims, "en", NOW.date()).facts)
    assert kind in in_window["Document"]
    assert ("Household" in in_window) is (members > 0)


def test_nothing_is_stored(open_page: Open) -> None:
    shown = open_page()
    shown.check_text(GENUINE.text)
    stored = shown.tab.evaluate(
        "(async () => [localStorage.length, sessionStorage.length, document.cookie,"
        " (await indexedDB.databases()).length, location.hash, history.length > 2])()"
    )
    assert stored == [0, 0, "", 0, "", False]


def test_nothing_is_printed(shown: Shown) -> None:
    shown.check_text(GENUINE.text)
    shown.tab.call("Emulation.setEmulatedMedia", {"media": "print"})
    assert shown.tab.evaluate("document.body.checkVisibility()") is False


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("verdict", ["valid", "unknown_key"])
def test_it_fits_a_small_telephone(shown: Shown, language: str, verdict: str) -> None:
    shown.tab.resize(360, 740, mobile=True)
    shown.speak(language)
    for _ in range(2):
        wide = shown.tab.evaluate(
            "[...document.querySelectorAll('body *')].filter((one) => one.checkVisibility() &&"
            " (one.getBoundingClientRect().right > 361 || one.getBoundingClientRect().left < -1))"
            ".map((one) => one.outerHTML.slice(0, 80))"
        )
        assert wide == []
        shown.check_text(BY_VERDICT[verdict][0])


def test_arabic_runs_from_right_to_left(shown: Shown) -> None:
    shown.speak("ar")
    shown.check_text(GENUINE.text)
    assert shown.tab.evaluate("[document.documentElement.dir, document.documentElement.lang]") == [
        "rtl",
        "ar",
    ]
    assert shown.result["word"] == "صالحة"
    assert dict(shown.result["facts"])["رقم الوثيقة"] == "WST-A01-K7Q-D00042-31"


def test_everything_can_be_reached_and_has_a_name(open_page: Open) -> None:
    tab = open_page().tab
    reached = []
    for _ in range(12):
        tab.press("Tab", code=9)
        reached.append(tab.evaluate("document.activeElement.id || document.activeElement.type"))
    assert {"language", "camera", "choose", "text", "submit"} <= set(reached)
    tab.call("Accessibility.enable")
    nodes = tab.call("Accessibility.getFullAXTree")["nodes"]
    roles = {"button", "combobox", "textbox"}
    named = [
        (node["role"]["value"], node["name"]["value"])
        for node in nodes
        if not node["ignored"] and node["role"]["value"] in roles
    ]
    assert len(named) >= 5
    assert all(name for _, name in named)


def test_a_verdict_is_announced_and_takes_the_focus(shown: Shown, frame: Path) -> None:
    shown.check_file(frame)
    assert shown.tab.evaluate("document.activeElement.textContent") == "Valid"
    assert shown.tab.evaluate("document.querySelector('.verdict [role=alert] h2') !== null")
