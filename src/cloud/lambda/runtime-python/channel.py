"""The child's side of two pipes, as in runtime/channel.ts: 3 says what to do, 4 is answered on.

While it waits for work it holds the interpreter's lock. So no other thread runs, and an instance stands still
between two invocations, as on AWS.
"""

import ctypes
import json
import os
import struct
import threading

IN = 3
OUT = 4

try:
    _libc = ctypes.PyDLL(None, use_errno=True)
except TypeError:
    # Windows has no such library. Other threads go on there.
    _libc = None
_sending = threading.Lock()


def receive():
    """Waits for the next thing to do. Ends the process when the other side is gone."""
    (length,) = struct.unpack(">I", _read(4))
    return json.loads(_read(length).decode("utf8"))


def send(*frames):
    """Writes frames: a type, a length, a text."""
    parts = []
    for kind, text in frames:
        body = text.encode("utf8", "surrogatepass" if kind in "RE" else "replace")
        parts.append(kind.encode("ascii") + struct.pack(">I", len(body)) + body)
    data = b"".join(parts)
    with _sending:
        while data:
            data = data[os.write(OUT, data) :]


def _read(length):
    data = b""
    while len(data) < length:
        piece = _piece(length - len(data))
        if piece is None:
            continue
        if not piece:
            os._exit(0)
        data += piece
    return data


def _piece(most):
    if _libc is None:
        return os.read(IN, most)
    buffer = ctypes.create_string_buffer(most)
    got = _libc.read(IN, buffer, ctypes.c_size_t(most))
    if got < 0:
        # A signal came in between.
        return None if ctypes.get_errno() in (4, 11) else b""
    return buffer.raw[:got]
