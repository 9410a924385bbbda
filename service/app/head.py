"""HEAD: answered as the GET of the same address, without its body, for every address at once."""

from litestar.enums import HttpMethod, ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send


def answering_head(app: ASGIApp) -> ASGIApp:
    """An application that knows of GET alone, made to answer HEAD as well and to say so."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            method = scope["method"]
            if method == "HEAD":
                # a copy: the server looks at its own to know that no body may follow
                scope, send = scope.copy(), _without_body(send)
                scope["method"] = HttpMethod.GET
            elif method == "OPTIONS":
                send = _with_head_allowed(send)
        await app(scope, receive, send)

    return answer


def allowing_head(allow: str) -> str:
    """An Allow header with HEAD wherever it has GET."""
    methods = allow.split(", ")
    return ", ".join([*methods, "HEAD"]) if "GET" in methods else allow


def _without_body(send: Send) -> Send:
    """Sends the head, which names the length of what is left out."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.body":
            message["body"] = b""
        await send(message)

    return sent


def _with_head_allowed(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [
                (name, allowing_head(value.decode()).encode() if name == b"allow" else value)
                for name, value in message["headers"]
            ]
        await send(message)

    return sent
