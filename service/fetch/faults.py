"""What went wrong on the way, in words for an operator."""

import ssl

import httpx

from service.fetch.arriving import Arriving
from service.fetch.patience import PassingError, Patience
from service.model.errors import FetchFailedError

NETWORK_ERRORS = (httpx.HTTPError, httpx.InvalidURL, UnicodeError)
"""All that a request raises: a cookie that cannot be sent back is a UnicodeError."""


def fault_of(
    error: Exception, url: str, arriving: Arriving, patience: Patience
) -> FetchFailedError:
    """The failure behind one of `NETWORK_ERRORS`: a PassingError if another try may help."""
    match error:
        case httpx.LocalProtocolError() | UnicodeError():
            return FetchFailedError(url, f"cannot be asked ({_text(error)})")
        case httpx.TransportError() if not isinstance(error, httpx.UnsupportedProtocol):
            distrust = _distrust(error)
            if distrust is None:
                return PassingError(url, _reason(error, arriving, patience))
            return FetchFailedError(url, f"the server's certificate is not trusted: {distrust}")
        case _:
            # Not the error's own text: it can quote a password out of the address.
            return FetchFailedError(url, "leads to no http or https address that can be asked")


def _distrust(error: BaseException | None) -> str | None:
    """Why the server's certificate was not trusted, or None if that was not the matter."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message
        error = error.__cause__ or error.__context__
    return None


def _reason(error: httpx.TransportError, arriving: Arriving, patience: Patience) -> str:
    is_silence = isinstance(error, httpx.TimeoutException)
    if arriving.has_begun:
        silence = f": nothing more within {patience.read_s:g} s" if is_silence else ""
        return f"cut off after {arriving}{silence}"
    if isinstance(error, httpx.ConnectTimeout):
        return f"no connection within {patience.connect_s:g} s"
    if is_silence:
        return f"no answer within {patience.read_s:g} s"
    if isinstance(error, httpx.ConnectError):
        return f"cannot be reached ({_text(error)})"
    return f"no usable answer ({_text(error)})"


def _text(error: Exception) -> str:
    return str(error).rstrip(".") or "the connection broke"
