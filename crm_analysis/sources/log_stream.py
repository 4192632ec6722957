"""One pass over judged lines, batch by batch: the rows kept go to a Parquet file, and everything is counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from crm_analysis.sources.log_rules import KEPT

BATCH = 1 << 18
NOTED = "noted"
FEW_VALUES = ["customer_id", "category_id", "action", "geohash"]  # worth a dictionary in the Parquet file


@dataclass
class Seen:
    """How many lines fell under a rule, the number and text of the first, and between which moments they lie."""

    rows: int = 0
    line: int = 0
    text: str = ""
    earliest: int | None = None
    latest: int | None = None


@dataclass
class Stream:
    """What one pass has seen.

    Parameters
    ----------
    lines : int
        Lines passed so far, header included.
    rules : dict of str to Seen
        By rule, `KEPT` and `NOTED` among them.
    last : tuple of str
        Rule and text of the last line; the text of a row kept is empty.
    """

    lines: int
    rules: dict[str, Seen] = field(default_factory=dict)
    last: tuple[str, str] = ("", "")

    def add(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Count a batch of judged lines, and return its rows that are kept."""
        rules = batch["rule"]
        parts = {rule: pc.equal(rules, rule) for rule in pc.unique(rules).to_pylist()}
        for rule, part in {**parts, NOTED: batch["noted"]}.items():
            self._count(rule, part, batch)
        self.lines += batch.num_rows
        self.last = (rules[-1].as_py(), batch["line"][-1].as_py() or "")
        columns = batch.select([name for name in batch.schema.names if name not in ("rule", "noted", "line")])
        return columns if [*parts] == [KEPT] else columns.filter(parts[KEPT]) if KEPT in parts else columns.slice(0, 0)

    def _count(self, rule: str, part: pa.BooleanArray, batch: pa.RecordBatch) -> None:
        rows = part.true_count
        if not rows:
            return
        seen = self.rules.setdefault(rule, Seen())
        if not seen.rows:
            first = pc.index(part, True).as_py()
            seen.line, seen.text = self.lines + first + 1, batch["line"][first].as_py() or ""
        seen.rows += rows
        moments = batch["happened_at"] if rows == batch.num_rows else batch["happened_at"].filter(part)
        low, high = (end.value for end in pc.min_max(moments).values())
        if low is not None:
            seen.earliest = low if seen.earliest is None else min(seen.earliest, low)
            seen.latest = high if seen.latest is None else max(seen.latest, high)


def write(batches: Iterable[pa.RecordBatch], table: Path) -> None:
    """Write batches as one Parquet file, in their order."""
    writer = None
    try:
        for batch in batches:
            if writer is None:
                few = [name for name in FEW_VALUES if name in batch.schema.names]
                writer = pq.ParquetWriter(table, batch.schema, compression="zstd", use_dictionary=few)
            if batch.num_rows:
                writer.write_batch(batch)
    finally:
        if writer is not None:
            writer.close()
