"""Addresses that people type, put right or refused beside their field."""

from __future__ import annotations

from vigie.domain.addresses import AddressFault, read_address, read_writable
from vigie.errors import FieldFault


def known_address(text: str, field: str) -> str:
    """Return an address to keep; raises `FieldFault` when it is not one. Nothing is asked of the network."""
    try:
        return read_address(text)
    except AddressFault as fault:
        raise FieldFault(field, str(fault)) from None


def writable_address(text: str, field: str) -> str:
    """Return an address to write to; raises `FieldFault` when it is not one, or when letters may not leave for it."""
    try:
        return read_writable(text)
    except AddressFault as fault:
        raise FieldFault(field, str(fault)) from None
