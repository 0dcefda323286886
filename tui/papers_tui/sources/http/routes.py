"""The connections that requests may use: straight to a host, or through a proxy of the environment."""

from __future__ import annotations

import ssl
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from papers_tui.late import dataclass
from papers_tui.sources.http.address import Address
from papers_tui.sources.http.answers import Failed
from papers_tui.sources.http.connecting import Guard, Resolve

_MOST = 16
_KEEP_ALIVE = 15.0  # seconds


@dataclass(frozen=True, slots=True)
class Route:
    """Connections that an address may be asked over; `proxy` is the host and port of the proxy between, if any."""

    pool: httpcore.AsyncConnectionPool
    proxy: str | None = None


class Routes:
    """Opens connections when they are first needed, and keeps them for the next request."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._routes: dict[tuple[bool, bool, str | None], Route] = {}
        self._proxies: dict[str, str] | None = None

    def to(self, address: Address, *, trusted: bool) -> Route | Failed:
        """The way to `address`, or what of the environment stands in it.

        Connections for trusted addresses are kept apart: nobody asked whether they lead into a private network.
        """
        proxy = self._proxy(address)
        secure = address.scheme == "https" or (proxy or "").startswith("https:")
        key = (secure, trusted, proxy)
        if key not in self._routes:
            try:
                context = httpx.create_ssl_context() if secure else None
            except OSError as error:
                told = error.strerror or type(error).__name__
                problem = f"SSL_CERT_FILE or SSL_CERT_DIR names certificates that can't be read ({told})"
                return Failed("tls", f"{address.host} was not asked: {problem}")
            try:
                through = _through(proxy, context) if proxy else None
            except (ValueError, httpx.InvalidURL):
                problem = "the environment names a proxy that is not one of http:// or https://"
                return Failed("proxy", f"{address.host} was not asked: {problem}")
            self._routes[key] = self._route(context, through, trusted=trusted)
        return self._routes[key]

    async def close(self) -> None:
        """Closes all connections."""
        routes, self._routes = self._routes, {}
        for route in routes.values():
            await route.pool.aclose()

    def _route(self, context: ssl.SSLContext | None, proxy: httpcore.Proxy | None, *, trusted: bool) -> Route:
        # A proxy looks names up itself, and may well stand in the private network.
        guard = Guard(self._resolve, local=trusted or proxy is not None)
        pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            proxy=proxy,
            max_connections=_MOST,
            keepalive_expiry=_KEEP_ALIVE,
            network_backend=guard,
        )
        named = f"{proxy.url.host.decode()}:{proxy.url.port}" if proxy else None
        return Route(pool, named)

    def _proxy(self, address: Address) -> str | None:
        """The proxy that the environment (or the system's settings on macOS) wants for an address, as a URL."""
        if self._proxies is None:
            self._proxies = getproxies()
        proxy = self._proxies.get(address.scheme) or self._proxies.get("all")
        if not proxy or proxy_bypass(f"{address.host}:{address.port}"):
            return None
        return proxy if "://" in proxy else f"http://{proxy}"


def _through(url: str, context: ssl.SSLContext | None) -> httpcore.Proxy:
    """Raises ValueError or httpx.InvalidURL where `url` is no proxy that we can use."""
    proxy = httpx.Proxy(url)
    scheme = proxy.url.scheme
    if scheme not in ("http", "https"):
        raise ValueError(scheme)
    port = proxy.url.port or (443 if scheme == "https" else 80)
    return httpcore.Proxy(
        httpcore.URL(scheme=proxy.url.raw_scheme, host=proxy.url.raw_host, port=port, target=b"/"),
        auth=proxy.raw_auth,
        ssl_context=context if scheme == "https" else None,
    )
