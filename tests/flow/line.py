"""A bad line between browser and server: it drops, delays, truncates and repeats requests at random."""

import asyncio
import random
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

LONGEST_DELAY = 1.5
FATES = {
    "passed": 40,
    "delayed": 12,
    "lost before it arrived": 12,
    "arrived, answer lost": 14,
    "arrived, answer cut off": 14,
    "cut off on its way": 8,
    "repeated": 10,
}
"""Out of a hundred and ten."""


class Line:
    """Listens on `port`; what became of the POSTs is counted in `fates`."""

    def __init__(self, server: int, seed: int) -> None:
        self.server = server
        self.port = 0
        self.fates: Counter[str] = Counter()
        self._random = random.Random(seed)

    async def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request for each connection: the browser is told so, and opens another."""
        with suppress(OSError, EOFError):
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(_length(head))
            await self.carry(head, body, writer)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    async def carry(self, head: bytes, body: bytes, writer: asyncio.StreamWriter) -> None:
        fate = "passed"
        if head.startswith(b"POST"):
            fate = self._random.choices(list(FATES), list(FATES.values()))[0]
            self.fates[fate] += 1
        match fate:
            case "lost before it arrived":
                return
            case "cut off on its way":
                await self.ask(head, body[: len(body) // 2])
                return
            case "delayed":
                await asyncio.sleep(self._random.uniform(0, LONGEST_DELAY))
            case "repeated":
                first, answer = await asyncio.gather(self.ask(head, body), self.ask(head, body))
                writer.write(self._random.choice([first, answer]))
                await writer.drain()
                return
        answer = await self.ask(head, body)
        if fate == "arrived, answer lost":
            return
        if fate == "arrived, answer cut off":
            answer = answer[: self._random.randrange(len(answer))]
        writer.write(answer)
        await writer.drain()

    async def ask(self, head: bytes, body: bytes) -> bytes:
        """The whole answer. A request without its end is hung up on after a moment, as a broken line does."""
        first, _, rest = head.partition(b"\r\n")
        kept = [line for line in rest.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        async with _connected(self.server) as (reader, writer):
            writer.write(b"\r\n".join([first, b"Connection: close", *kept]) + body)
            await writer.drain()
            if len(body) < _length(head):
                await asyncio.sleep(0.05)
                return b""
            return await reader.read()


@asynccontextmanager
async def _connected(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


@contextmanager
def bad_line(server: int, seed: int) -> Iterator[Line]:
    """In a thread of its own, so that browser and test go on."""
    line, stop, ready = Line(server, seed), asyncio.Event(), threading.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def listen() -> None:
        listener = await asyncio.start_server(line.connection, "127.0.0.1", 0)
        line.port = listener.sockets[0].getsockname()[1]
        loops.append(asyncio.get_running_loop())
        ready.set()
        await stop.wait()
        listener.close()  # without waiting: browsers keep connections on which they ask nothing

    thread = threading.Thread(target=lambda: asyncio.run(listen()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield line
    finally:
        loops[0].call_soon_threadsafe(stop.set)
        thread.join(10)
