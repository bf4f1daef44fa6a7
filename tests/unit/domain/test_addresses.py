"""E-mail addresses: what is read, what is refused and why, what is the same, what servers are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.addresses import (
    AddressFault,
    address_key,
    addresses_in,
    domain_key,
    domain_of,
    hints_at_address,
    holds_address,
    on_the_wire,
    read_address,
    read_domain,
    read_writable,
)


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
        ("a@exemple.fr\r\nBcc: b@exemple.fr", "plusieurs adresses"),
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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Écrivez à a@exemple.fr, ou à b@exemple.fr.", ["a@exemple.fr", "b@exemple.fr"]),
        ("(a@exemple.fr) ; « b@exemple.fr »", ["a@exemple.fr", "b@exemple.fr"]),
        ("a＠exemple.fr", ["a@exemple.fr"]),
        ("o'neil@exemple.fr", ["o'neil@exemple.fr"]),
        ("a@localhost, @exemple.fr, a@", []),
        ("", []),
    ],
)
def test_the_addresses_of_a_text_are_read_by_the_same_rule(text: str, found: list[str]) -> None:
    assert addresses_in(text) == found


@pytest.mark.parametrize("text", ["a@exemple.fr’s", "voyez a..b@exemple.fr", "a＠exemple.fr", "(camille@exemple)"])
def test_a_word_meant_as_an_address_is_seen(text: str) -> None:
    assert hints_at_address(text)
    assert not hints_at_address(text.replace("@", " à ").replace("＠", " à "))


def test_an_address_is_not_found_in_a_longer_one() -> None:
    assert holds_address("Écrivez à Contact@Exemple.fr.", " contact@exemple.fr ")
    assert holds_address("?courriel=contact@exemple.fr&suite", "contact@exemple.fr")
    assert not holds_address("mon-contact@exemple.fr contact@exemple.fr.org", "contact@exemple.fr")


@pytest.mark.parametrize(
    ("typed", "kept"), [("@Exemple.FR", "exemple.fr"), ("xn--caf-fictif-d7a.fr", "café-fictif.fr")]
)
def test_a_domain_is_one_at_which_an_address_may_be(typed: str, kept: str) -> None:
    assert read_domain(typed) == kept == domain_of(f"a@{typed.removeprefix('@')}")


@pytest.mark.parametrize("typed", ["", "exemple", "a@exemple.fr", "-a.fr", "exemple..fr", "exemple.fr/a", "a b.fr"])
def test_what_is_no_domain_is_refused(typed: str) -> None:
    with pytest.raises(AddressFault, match="écrivez-le comme exemple"):
        read_domain(typed)
