"""In which language papers are printed for whoever speaks a language, or names one by its tag.

The list of languages says what people speak (ISO 639-3) and what CLDR calls it. Somebody who speaks
one of several that are written alike reads the language that they share.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from forms.codes import code_list
from resources.i18n import has_papers

__all__ = ["written"]

# The individual languages of the macrolanguages that papers have words in, as the registration
# authority of ISO 639-3 groups them. Persian has the words of Dari: they are one written language.
_GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "ara": "aao abh abv acm acq acw acx acy adf aeb aec afb apc apd arb arq ars ary arz auz "
        "avl ayh ayl ayn ayp shu ssh",
        "pus": "pbt pbu pst",
        "prs": "fas pes",
    }
)
_MEMBERS = {one: group for group, members in _GROUPS.items() for one in members.split()}
_SHARED: Mapping[str, str] = MappingProxyType({"fa": "fa-AF"})
"""The same for languages that are named by a tag."""


def written(language: str) -> str:
    """The tag (BCP 47) of the papers for a language, given as a code of the list or a tag in its
    usual form; empty when papers have no words that its readers know."""
    known = code_list("languages")
    if language not in known:
        tags = [language, _SHARED.get(language.partition("-")[0], "")]
    else:
        own = known[language]
        group = known[_MEMBERS[language]] if language in _MEMBERS else own
        tags = [one.extra.get("cldr", "").replace("_", "-") for one in (own, group)]
    return next((tag for tag in tags if tag and has_papers(tag)), "")
