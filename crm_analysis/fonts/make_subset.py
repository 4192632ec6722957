"""Cut the two Noto Sans CJK SC faces to the characters that reports use.

Run with the folder that holds NotoSansCJK-Regular.ttc and NotoSansCJK-Bold.ttc:

    python crm_analysis/fonts/make_subset.py FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection

HERE = Path(__file__).parent
EXTRA = "喆镕堃垚犇昇珺赟翀" + "−€￥℃≤≥≠"  # names outside GB 2312, signs of reports


def characters() -> set[int]:
    """Return the code points to keep: GB 2312, Latin, Greek, punctuation, a few more."""
    codes = (bytes([row, cell]) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    gb2312 = "".join(code.decode("gb2312", "ignore") for code in codes)
    keep = {ord(character) for character in gb2312 + EXTRA}
    return keep | {*range(0x20, 0x180), *range(0x370, 0x400), *range(0x2010, 0x2040)}


def make_subset(collection: Path, out: Path) -> None:
    """Write the Simplified Chinese face of `collection`, cut to `characters`, to `out`."""
    faces = [face["name"].getDebugName(1) for face in TTCollection(collection)]
    options = subset.Options(layout_features=["kern"], hinting=False, name_IDs=["*"])
    options.font_number = next(i for i, name in enumerate(faces) if name.startswith("Noto Sans CJK SC"))
    font, cut = subset.load_font(collection, options), subset.Subsetter(options)
    cut.populate(unicodes=characters())
    cut.subset(font)
    subset.save_font(font, out, options)


if __name__ == "__main__":
    for weight in ("Regular", "Bold"):
        make_subset(Path(sys.argv[1]) / f"NotoSansCJK-{weight}.ttc", HERE / f"NotoSansCJKsc-{weight}.otf")
