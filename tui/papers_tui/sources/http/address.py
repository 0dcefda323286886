"""Web addresses: read once and strictly, told apart into public and private, and shown without secrets."""

from __future__ import annotations

import re
import socket
from dataclasses import field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import unquote, urlsplit

from papers_tui.domain.confidential import is_secret, without_secrets
from papers_tui.domain.links import safe_url
from papers_tui.domain.text import clean_line
from papers_tui.late import dataclass

_PORTS = {"http": 80, "https": 443}
_USER_INFO = re.compile(r"(https?://)([^/?#\\\s]*)@", re.IGNORECASE)
# Names that never belong to a machine in the Internet: RFC 6761, RFC 6762, RFC 8375, and ICANN's `.internal`.
_LOCAL_NAMES = ("localhost", "local", "internal", "home.arpa")
# An IPv4 address can hide in an IPv6 one: compatible (RFC 4291), NAT64 (RFC 6052); `ipaddress` knows the rest.
_HIDING = (ip_network("::/96"), ip_network("64:ff9b::/96"))
# Translation inside a network (RFC 8215), the old private range (RFC 3879): `ipaddress` calls both global.
_NOT_PUBLIC = (ip_network("64:ff9b:1::/48"), ip_network("fec0::/10"))


@dataclass(frozen=True, slots=True)
class Address:
    """An http or https address in percent-encoded ASCII, without fragment and user-info.

    `host` is lower case and has no brackets. `credentials` is the user-info as it was written ("user:word",
    percent-encoded), empty where there is none; it is for this origin alone and never shown.
    """

    url: str = field(repr=False)
    scheme: str
    host: str
    port: int
    credentials: str = field(default="", repr=False)

    @property
    def origin(self) -> tuple[str, str, int]:
        """Who is asked (RFC 6454): addresses that share it may share headers."""
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        """The host, and the port where it is not the scheme's own: what the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def read_address(text: str) -> Address | None:
    """The address that `text` is, or None where it is not one to fetch (see `safe_url`: 2,000 characters at most)."""
    text = text.strip(" ")
    credentials = ""
    if found := _USER_INFO.match(text):
        text, credentials = found[1] + text[found.end() :], found[2]
    safe = safe_url(text)
    if safe is None:
        return None
    url = safe.partition("#")[0]
    parts = urlsplit(url)
    if not parts.hostname:
        return None
    port = _PORTS[parts.scheme] if parts.port is None else parts.port
    return Address(url, parts.scheme, parts.hostname, port, credentials)


def is_public(ip: str) -> bool:
    """Whether an IP address is one of the open Internet, and hides none that isn't."""
    address = ip_address(ip)
    if isinstance(address, IPv6Address):
        address = _hidden(address) or address
    return (
        address.is_global
        and not address.is_multicast
        and not any(address in network for network in _NOT_PUBLIC if network.version == address.version)
    )


def _hidden(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for."""
    if any(address in network for network in _HIDING):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def literal(host: str) -> str | None:
    """The IP address that a host *is*, however it is written (`127.1`, `0x7f000001`), or None for a name."""
    host = host.rstrip(".")
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host)) if host else None
    except (OSError, UnicodeError):
        return None


def may_be_public(host: str) -> bool:
    """Whether a host, before its name is looked up, can be one of the open Internet."""
    if ip := literal(host):
        return is_public(ip)
    name = host.rstrip(".").lower()
    return "." in name and not name.endswith(tuple(f".{local}" for local in _LOCAL_NAMES))


def shown(url: str) -> str:
    """An address as a message may hold it: one line, at most 200 characters, no user-info, no tokens."""
    text = clean_line(without_secrets(url.partition("#")[0]))
    return text if len(text) <= 200 else text[:199] + "…"


def secrets_of(address: Address) -> tuple[str, ...]:
    """What in an address must never be shown."""
    query = urlsplit(address.url).query
    pairs = (pair.partition("=") for pair in query.split("&"))
    values = [value for name, _, value in pairs if is_secret(name)]
    return tuple(filter(None, (*values, *map(unquote, values))))
