"""A large text file as plain UTF-8 with one kind of line end: where it lies if it is so, else as a copy."""

from __future__ import annotations

import codecs
import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from crm_analysis.errors import InputError

BLOCK = 1 << 22
FORBIDDEN = "\x01"  # no text holds it, so that a reader may part what it likes with it


@dataclass(frozen=True)
class PlainText:
    """A UTF-8 file, perhaps with a byte-order mark, whose lines all end in `line_end`, and the number of its lines."""

    path: Path
    line_end: str
    lines: int


def plain_text(path: Path, *, encoding: str, scratch: Path) -> PlainText:
    r"""Return `path` if it is plain UTF-8 with one kind of line end, else a copy of it in the folder `scratch`.

    A gz file is unpacked, which also proves its checksum; other encodings, mixed
    line ends and damaged signs are mended in the copy. A sign that cannot be
    decoded becomes U+FFFD. Either way no line is lost and none is made.

    Parameters
    ----------
    path : Path
    encoding : str
        As `crm_analysis.tables.find_encoding` tells it.
    scratch : Path
        An existing folder.

    Raises
    ------
    InputError
        If a gz file is cut or damaged, or there is no room for the copy.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as here:
    ...     log = Path(here, "log.csv")
    ...     _ = log.write_bytes("用户\n1\r\n2".encode("gbk"))
    ...     plain = plain_text(log, encoding="gb18030", scratch=Path(here))
    ...     plain.lines, plain.path.read_text("utf-8")
    (3, '用户\n1\n2')
    """
    try:
        found = None if encoding != "utf-8" or _packed(path) else _scan(path)
        return found or _copy(path, encoding, scratch / "plain.csv")
    except (EOFError, OSError, zlib.error) as error:
        raise InputError("the file cannot be read to its end", where=path, expected="a whole text or gz file, and room "
                         "on the disk for a plain copy", mend=f"download it again ({error})") from error  # fmt: skip


def _scan(path: Path) -> PlainText | None:
    """Count the lines of a file that can stay as it is; None if it cannot."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    feeds = returns = pairs = 0
    last = b""
    try:
        for block in _blocks(path, "reading"):
            if not block.isascii() or decoder.getstate()[0]:
                decoder.decode(block)
            if FORBIDDEN.encode() in block:
                return None
            feeds += int(np.count_nonzero(np.frombuffer(block, np.uint8) == 10))
            if b"\r" in block or last == b"\r":
                returns += block.count(b"\r")
                pairs += block.count(b"\r\n") + (last == b"\r" and block[:1] == b"\n")
            last = block[-1:]
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    if returns and not returns == pairs == feeds:
        return None
    return PlainText(path, "\r\n" if returns else "\n", feeds + (last != b"\n"))


def _copy(path: Path, encoding: str, target: Path) -> PlainText:
    """Write a file anew as UTF-8 with line feeds."""
    signs = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)(errors="replace")
    decoder = io.IncrementalNewlineDecoder(signs, translate=True)
    lines, last = 0, ""
    with target.open("w", encoding="utf-8", newline="\n") as plain:
        for block in _blocks(path, "unpacking"):
            text = decoder.decode(block).replace(FORBIDDEN, "\ufffd")
            plain.write(text)
            lines, last = lines + text.count("\n"), text[-1:] or last
        text = decoder.decode(b"", final=True)
        plain.write(text)
        lines, last = lines + text.count("\n"), text[-1:] or last
    return PlainText(target, "\n", lines + (last != "\n"))


def _packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _blocks(path: Path, label: str) -> Iterator[bytes]:
    """Give the bytes of a file block by block, unpacked if it is gz; on a terminal, show how far it is."""
    from tqdm import tqdm

    form = "{desc}: {percentage:3.0f}%|{bar}| {elapsed}"
    with (
        path.open("rb") as file,
        tqdm(
            total=path.stat().st_size, desc=label, bar_format=form, leave=False, disable=not sys.stderr.isatty()
        ) as bar,
    ):
        stream = gzip.GzipFile(fileobj=file) if _packed(path) else file
        while block := stream.read(BLOCK):
            yield block
            bar.update(file.tell() - bar.n)
