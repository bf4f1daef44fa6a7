"""E-mail addresses: what is read, what is refused and why, what is the same, what servers are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.addresses import AddressFault, address_key, domain_key, on_the_wire, read_address, read_writable


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("camille+vigie@exemple.fr", "camille+vigie@exemple.fr"),
        ("  a@exemple.fr\u00a0", "a@exemple.fr"),
        ("\u200ba@exemple.fr", "a@exemple.fr"),
        ("a\u00ad@exemple\ufeff.fr", "a@exemple.fr"),
        ("\u202aa@exemple.fr\u202c", "a@exemple.fr"),
        ("mailto:a@exemple.fr?subject=Bonjour", "a@exemple.fr"),
        ("Camille Essai <a@exemple.fr>", "a@exemple.fr"),
        ('"Essai, Camille" <MAILTO:a@exemple.fr>', "a@exemple.fr"),
        ("Ａ＠exemple.fr", "A@exemple.fr"),
        ("J@EXEMPLE.FR", "J@exemple.fr"),
        ("o'neil@exemple.fr", "o'neil@exemple.fr"),
        ("contact@xn--caf-fictif-d7a.fr", "contact@café-fictif.fr"),
        ("hélène@exemple.fr", "hélène@exemple.fr"),
        ("a@mairie.test", "a@mairie.test"),
    ],
)
def test_an_address_is_read_however_it_is_written(typed: str, kept: str) -> None:
    assert read_address(typed) == kept
    assert read_address(kept) == kept


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Il manque"),
        ("pas une adresse", "il lui manque l’@"),
        ("a..b@exemple.fr", "deux points de suite"),
        ("a@exemple.fr.", "finit par un point"),
        ("a@exemple,fr", "virgule"),
        ("a@localhost", "fin de son domaine"),
        ("a@-exemple.fr", "Ce n’est pas une adresse"),
        ("a b@exemple.fr", "espace"),
        ("a@exemple.fr; b@exemple.fr", "plusieurs adresses"),
        ("a@exemple.fr ou b@exemple.fr", "plusieurs adresses"),
        ("a@exemple.fr\r\nBcc: b@exemple.fr", "espace"),
        ("a@[127.0.0.1]", "Ce n’est pas une adresse"),
        ("@exemple.fr", "ce qui précède l’@"),
        ("a" * 65 + "@exemple.fr", "Ce n’est pas une adresse"),
    ],
)
def test_what_is_no_address_is_told_why_and_how(typed: str, why: str) -> None:
    with pytest.raises(AddressFault, match=why) as fault:
        read_address(typed)
    assert "nom@exemple.fr" in str(fault.value)


def test_addresses_that_differ_by_how_they_are_spelled_are_the_same() -> None:
    spelled = ("Camille@Café-Fictif.fr", "\u200bcamille@café-fictif.fr ", "mailto:CAMILLE@xn--caf-fictif-d7a.fr",
               "C. Essai <camille@CAFÉ-FICTIF.FR>", "camille@cafe\u0301-fictif.fr")  # fmt: skip
    assert {address_key(one) for one in spelled} == {"camille@café-fictif.fr"}
    assert address_key("camille@cafe-fictif.fr") != "camille@café-fictif.fr", "an accent makes another domain"
    assert address_key("a@straße.example") != address_key("a@strasse.example")
    assert domain_key("XN--CAF-FICTIF-D7A.FR") == "café-fictif.fr"


@given(st.text(max_size=60))
def test_comparing_never_fails_and_is_settled_at_once(text: str) -> None:
    assert address_key(address_key(text)) == address_key(text)


def test_servers_are_told_domains_in_ascii() -> None:
    assert on_the_wire("user@exämple.fr") == "user@xn--exmple-cua.fr"
    assert on_the_wire("user@exemple.fr") == "user@exemple.fr"
    assert on_the_wire("rien") == "rien"


def test_an_address_to_write_to_is_in_ascii_before_the_at() -> None:
    assert read_writable("user@exämple.fr") == "user@exämple.fr"
    with pytest.raises(AddressFault, match="« é » avant l’@"):
        read_writable("hélène@exemple.fr")
