"""Codes that entries already use: they stay in their lists for ever, with their meaning.

When a list grows, its new codes are added here in the release that ships them.
"""

from __future__ import annotations

import pytest

from forms.codes import code_list

SHIPPED = {
    "calendars": "gregorian solar-hijri ethiopic buddhist islamic",
    "causes": "conflict persecution disaster climate_slow_onset development other unknown",
    "countries": "ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN"
    " BES BFA BGD BGR BHR BHS BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN"
    " CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR CYM CYP CZE DEU"
    " DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR"
    " GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV"
    " HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM"
    " KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA"
    " MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM"
    " NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL"
    " PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE"
    " SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK"
    " TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB"
    " VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE XXA XXB XXX",
    "document_types": "none national_id passport birth_certificate family_book refugee_card"
    " driving_licence other",
    "event_types": "flight arrival",
    "hazards": "flood cyclone storm earthquake landslide volcanic wildfire drought sea_level_rise"
    " other",
    "marital_status": "never_married married consensual_union legally_separated divorced widowed",
    "need_families": "CR SC WR ER SP DS SM FU LP TR SV",
    "needs": "CR-CP CR-CS CR-CC CR-TP CR-LW CR-LO CR-NE CR-SE CR-AF CR-CL SC-SC SC-UC SC-CH"
    " SC-IC SC-FC WR-WR WR-SF WR-LC ER-NF ER-MC ER-FR SP-PT SP-GP SP-CG DS-BD DS-DF"
    " DS-PM DS-PS DS-MM DS-MS DS-SD SM-MI SM-MN SM-DP SM-CI SM-CC SM-AD SM-OT FU-TR"
    " FU-FR LP-ND LP-BN LP-NA LP-MM LP-MD LP-RR LP-RD LP-DA LP-DO LP-DT LP-IH LP-WP"
    " LP-AN LP-RP LP-MS LP-LS LP-AF LP-AP LP-CR LP-ST TR-PI TR-HO TR-WV SV-VA SV-VF"
    " SV-VO SV-GM SV-HP SV-HK SV-FM SV-SS",
    "purposes": "registration document assistance tracing host_state third_state statistics",
    "relation": "head spouse co_wife child step_child foster_child unrelated_minor parent sibling"
    " grandchild grandparent nephew_niece uncle_aunt cousin in_law other",
    "sex": "F M X",
    "shelters": "none tent shared collective rented hosted other",
    "yes_no": "yes no",
}

VERSIONS = {
    "calendars": "1",
    "causes": "1",
    "countries": "2023.1",
    "document_types": "1",
    "event_types": "1",
    "hazards": "1",
    "languages": "2024-04",
    "marital_status": "2014",
    "need_families": "2009.1",
    "needs": "2009.1",
    "purposes": "1",
    "relation": "1",
    "sex": "1",
    "shelters": "1",
    "yes_no": "1",
}
"""A list that only grows keeps its version: forms are told apart by it, and nothing that was
answered means anything else."""


@pytest.mark.parametrize("name", SHIPPED)
def test_codes_stay(name: str) -> None:
    codes = code_list(name)
    assert [code for code in SHIPPED[name].split() if code not in codes] == []


@pytest.mark.parametrize("name", VERSIONS)
def test_growing_changes_no_version(name: str) -> None:
    assert code_list(name).version == VERSIONS[name]


def test_every_language_stays() -> None:
    assert len(code_list("languages")) >= 7930


def test_what_is_no_longer_asked_still_has_its_words() -> None:
    assert code_list("needs")["LP-AP"].label
    assert code_list("countries")["XXB"].label
