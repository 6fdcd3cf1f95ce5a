"""A load of requests over a few kept connections, as a process of its own: `python -m config.bench.load SPEC`.

SPEC is JSON: {"port", "path", "seconds", "connections", "headers", "bodies": a file of one JSON list, or "",
"receipts": whether each body gets a receipt code of its own}. Prints {"answers", "seconds", "refused"}.
"""

import itertools
import json
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

from survey import receipts

_PIECE = 65536
_LAST_CHUNK = b"0\r\n\r\n"


def requests_of(spec: dict[str, Any], start: int) -> Iterator[bytes]:
    """Endless; `start` makes the connections begin at different bodies."""
    headers = "".join(f"{name}: {value}\r\n" for name, value in spec["headers"].items())
    if not spec["bodies"]:
        yield from itertools.repeat(f"GET {spec['path']} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode())
    bodies = json.loads(Path(spec["bodies"]).read_text(encoding="utf-8"))
    for number in itertools.count(start):
        body = bodies[number % len(bodies)] + (f"&receipt={receipts.make()}" if spec["receipts"] else "")
        sent = body.encode()
        head = f"POST {spec['path']} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(sent)}\r\n{headers}\r\n"
        yield head.encode() + sent


def answer(connection: socket.socket) -> int:
    """Reads one whole answer; gives its status."""
    read = b""
    while b"\r\n\r\n" not in read:
        piece = connection.recv(_PIECE)
        if not piece:
            raise ConnectionError("the server hung up")
        read += piece
    head, _, body = read.partition(b"\r\n\r\n")
    length = next((line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), None)
    while not body.endswith(_LAST_CHUNK) if length is None else len(body) < int(length.split(b":")[1]):
        body += connection.recv(_PIECE)
    return int(head.split(b" ", 2)[1])


def press(spec: dict[str, Any], start: int, until: float, seen: Counter[int]) -> None:
    with socket.create_connection(("127.0.0.1", spec["port"])) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in requests_of(spec, start):
            if time.monotonic() > until:
                return
            connection.sendall(request)
            seen[answer(connection)] += 1


def main(spec: dict[str, Any]) -> dict[str, float]:
    begun = time.monotonic()
    counts = [Counter[int]() for _ in range(spec["connections"])]
    until = begun + spec["seconds"]
    threads = [Thread(target=press, args=(spec, 97 * at, until, seen)) for at, seen in enumerate(counts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = sum(counts, Counter[int]())
    return {"answers": total[200], "seconds": time.monotonic() - begun, "refused": total.total() - total[200]}


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
