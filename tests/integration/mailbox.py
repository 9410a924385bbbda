"""A server of mail on this machine (RFC 5321), which takes messages or refuses them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

_WELCOME, _FINE, _GO_ON = b"220 here", b"250 fine", b"354 go on"
_BYE, _NOT_NOW = b"221 bye", b"451 no"


class Mailbox:
    """What arrived, with whom it was for; it `refuses` as many messages as it is told."""

    def __init__(self) -> None:
        self.port = 0
        self.refuses = 0
        self.arrived: list[tuple[list[str], EmailMessage]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._say(writer, _WELCOME)
        recipients = list[str]()
        while line := (await reader.readline()).strip():
            word = line.split()[0].upper()
            if word == b"RCPT":
                recipients.append(line.decode().partition("<")[2].partition(">")[0])
            if word == b"DATA":
                await self._say(writer, _GO_ON)
                content = await reader.readuntil(b"\r\n.\r\n")
                if self.refuses:
                    self.refuses -= 1
                    await self._say(writer, _NOT_NOW)
                    continue
                message = message_from_bytes(content[:-5], policy=policy.default)
                assert isinstance(message, EmailMessage)
                self.arrived.append((recipients, message))
                recipients = []
            await self._say(writer, _BYE if word == b"QUIT" else _FINE)
            if word == b"QUIT":
                break
        writer.close()

    async def _say(self, writer: asyncio.StreamWriter, line: bytes) -> None:
        writer.write(line + b"\r\n")
        await writer.drain()


@asynccontextmanager
async def mailbox() -> AsyncGenerator[Mailbox]:
    box = Mailbox()
    async with await asyncio.start_server(box.serve, "127.0.0.1", 0) as server:
        box.port = server.sockets[0].getsockname()[1]
        yield box
