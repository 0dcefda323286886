"""What went wrong on the way to an answer, as a value with a sentence for the user."""

from __future__ import annotations

import errno
import json
import socket
import ssl
from http import HTTPStatus

import httpcore

from papers_tui.domain.text import clean_line
from papers_tui.sources.http.answers import Failed, Kind
from papers_tui.sources.http.body import EncodingError, TooLargeError, TruncatedError
from papers_tui.sources.http.connecting import ForbiddenAddressError

EXPECTED = (
    OSError,  # sockets, TLS, and TimeoutError
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    ForbiddenAddressError,
    TooLargeError,
    TruncatedError,
    EncodingError,
)
"""All that a fetch may run into without anybody being to blame here."""

_NO_NETWORK = (errno.ENETUNREACH, errno.ENETDOWN)
_NO_WAY = (errno.EHOSTUNREACH, errno.EHOSTDOWN, errno.EACCES, errno.EPERM)
_NO_CONNECTION = ("dns", "offline", "unreachable", "refused")
_LONGEST_MESSAGE = 300


def explain(error: BaseException, host: str, *, reading: bool = False, proxy: str | None = None) -> Failed:
    """An error (one of EXPECTED) that came from asking `host`, where there is one through `proxy` (host and port).

    `reading` says that the headers of the answer were there already.
    """
    kind, problem = _told(error, reading)
    if proxy and kind in _NO_CONNECTION:
        return Failed("proxy", f"{host} was not asked: the proxy {proxy} of the environment {problem}")
    return Failed(kind, f"{host} {problem}")


def forbidden(host: str) -> Failed:
    """The refusal to go where only an address that the user wrote may lead."""
    return explain(ForbiddenAddressError(host), host)


def status_reason(host: str, status: int) -> str:
    """What a status of 400 or above means."""
    try:
        phrase = HTTPStatus(status).phrase.lower()
    except ValueError:
        phrase = "an unknown status"
    return f"{host} answered {status} ({phrase})"


def own_words(header: str | None, content_type: str | None, body: bytes, secrets: tuple[str, ...]) -> str:
    """What a server says about its error, as one clean line without what we told it in confidence.

    From the header X-Error-Message, JSON (`error`, `message` or `detail`: Hugging Face and most services have one
    of them), or plain text.
    """
    text = header or ""
    kind = (content_type or "").partition(";")[0].strip().lower()
    if not text and kind.endswith(("/json", "+json")):
        text = _from_json(body)
    elif not text and kind == "text/plain":
        text = body[: 4 * _LONGEST_MESSAGE].decode("utf-8", "replace")
    for secret in secrets:
        text = text.replace(secret, "…")
    text = clean_line(text)
    return text if len(text) <= _LONGEST_MESSAGE else text[: _LONGEST_MESSAGE - 1] + "…"


def _from_json(body: bytes) -> str:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    for _ in range(2):
        if not isinstance(value, dict):
            break
        value = next((value[name] for name in ("error", "message", "detail") if value.get(name)), "")
    return value[: 4 * _LONGEST_MESSAGE] if isinstance(value, str) else ""


def _told(error: BaseException, reading: bool) -> tuple[Kind, str]:
    match error:
        case ForbiddenAddressError():
            return (
                "forbidden-address",
                "is in a private network, where only an address that you wrote may lead",
            )
        case TooLargeError():
            return "too-large", "sent more than can be read safely"
        case TruncatedError():
            return "truncated", "broke off in the middle of its answer"
        case EncodingError():
            return (
                "bad-encoding",
                f"sent an answer whose compression ({clean_line(str(error))}) can't be undone",
            )
        case socket.gaierror():
            return _not_found(error)
        case TimeoutError() | httpcore.TimeoutException():
            return "timeout", "did not answer in time"
        case httpcore.ProxyError():
            return "proxy", f"can't be reached: the proxy answered {clean_line(str(error))[:80]}"
    return _connection(error, reading)


def _connection(error: BaseException, reading: bool) -> tuple[Kind, str]:
    causes = _causes(error)
    if secure := next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None):
        return "tls", _insecure(secure)
    codes = {cause.errno for cause in causes if isinstance(cause, OSError)}
    if errno.ECONNREFUSED in codes:
        return "refused", "refused the connection: no server runs there"
    if codes.intersection(_NO_NETWORK):
        return "offline", "can't be reached: there seems to be no network"
    if codes.intersection(_NO_WAY):
        return "unreachable", "can't be reached from here"
    if errno.ETIMEDOUT in codes:
        return "timeout", "did not answer in time"
    if reading:
        return "truncated", "broke off in the middle of its answer"
    return "no-answer", "gave no answer: it closed the connection, or does not speak HTTP"


def _not_found(error: socket.gaierror) -> tuple[Kind, str]:
    if error.errno in (socket.EAI_AGAIN, socket.EAI_SYSTEM):
        return "offline", "can't be looked up: there seems to be no network"
    return "dns", "can't be found: no machine has that name (or there is no network)"


def _insecure(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"can't prove who it is: {clean_line(error.verify_message)}"
    return (
        f"can't be talked to securely ({clean_line(error.reason or 'TLS failed').lower().replace('_', ' ')})"
    )


def _causes(error: BaseException) -> list[BaseException]:
    """An error and what lies behind it, an exception group's members too."""
    found: list[BaseException] = []
    left = [error]
    while left and len(found) < 20:
        one = left.pop()
        if one in found:
            continue
        found.append(one)
        left += [cause for cause in (one.__cause__, one.__context__) if cause]
        if isinstance(one, BaseExceptionGroup):
            left += one.exceptions
    return found
