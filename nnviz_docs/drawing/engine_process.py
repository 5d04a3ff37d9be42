"""The layout process: turns DOT text into positions with the Graphviz library that pygraphviz carries.

Run as a script, with nothing of this project imported. Requests come in on standard input, replies go out
on what was standard output; both are frames, eight bytes of length (big-endian) and then that many bytes.

- request: one byte for the seconds after which this process ends itself, then DOT text in UTF-8
- reply: ``+`` and the positions as Graphviz's ``json0``, or ``-`` and what went wrong in UTF-8

The process ends when its input does. It has descriptors of its own for the frames, since the library may
print to standard output.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import struct
import sys
import warnings
from typing import IO

_LENGTH = struct.Struct(">Q")
_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Serve requests until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with_parent()
    warnings.simplefilter("ignore")
    requests, replies = _own_streams()
    while (frame := read_frame(requests)) is not None:
        write_frame(replies, _reply(frame[0], frame[1:].decode()))


def _die_with_parent() -> None:
    """Have the kernel end this process when the parent is killed, where it can."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _own_streams() -> tuple[IO[bytes], IO[bytes]]:
    requests, replies = os.fdopen(os.dup(0), "rb", 0), os.fdopen(os.dup(1), "wb", 0)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    return requests, replies


def _reply(seconds: int, dot: str) -> bytes:
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)
    try:
        from pygraphviz import AGraph  # noqa: PLC0415 (the parent imports this file, and may lack it)

        return b"+" + bytes(AGraph(string=dot).draw(format="json0", prog="dot"))
    except Exception as error:  # noqa: BLE001 (whatever goes wrong is the reply)
        return b"-" + f"{type(error).__name__}: {error}".encode()
    finally:
        if hasattr(signal, "alarm"):
            signal.alarm(0)


def read_frame(stream: IO[bytes]) -> bytes | None:
    """Return the next frame of an unbuffered stream; None at its end."""
    head = _read(stream, _LENGTH.size)
    return None if head is None else _read(stream, _LENGTH.unpack(head)[0])


def write_frame(stream: IO[bytes], body: bytes) -> None:
    """Write one frame to an unbuffered stream."""
    rest = memoryview(_LENGTH.pack(len(body)) + body)
    while rest:
        rest = rest[stream.write(rest) :]


def _read(stream: IO[bytes], length: int) -> bytes | None:
    parts = []
    while length:
        part = stream.read(length)
        if not part:
            return None
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


if __name__ == "__main__":
    main()
