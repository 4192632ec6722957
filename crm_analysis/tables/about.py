"""Where a data set comes from: ``about.yml`` beside its tables."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd
import yaml

from crm_analysis.errors import InputError, nearest

ORIGINS = ("real", "simulated", "unstated")


@dataclass
class About:
    """Name, origin and units of a data set.

    Parameters
    ----------
    name : str
        Title shown under every figure.
    name_zh : str
        The same in Chinese; `name` where empty.
    company : str
        Whose customers they are.
    origin : str
        ``real``, ``simulated`` or ``unstated``.
    source, licence : str
        Where the data were taken from and under which terms.
    currency : str
        ISO 4217 code of all amounts; empty where there is no money.
    zone : str
        IANA time zone in which days begin and hours are counted.
    window : list of two str
        First and last moment for which the data are complete, in `zone`; empty if not known.
    files : dict of str to str
        SHA-256 of each table file.
    notes : dict
        Anything the maker of the data wants to hand on, such as the seed.
    """

    name: str
    name_zh: str = ""
    company: str = ""
    origin: str = "unstated"
    source: str = ""
    licence: str = ""
    currency: str = ""
    zone: str = "UTC"
    window: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    notes: dict = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._set_types()
        if self.origin not in ORIGINS:
            raise InputError(f"origin {self.origin!r} is not known", where="about.yml", expected=f"one of {ORIGINS}")
        check_zone(self.zone)

    def _set_types(self) -> None:
        """Make texts of numbers and days, and empty values of nothing; what is neither raises."""
        wrong = []
        for column in fields(self):
            value, kind = getattr(self, column.name), {"str": str, "list[str]": list}.get(column.type, dict)
            if value is None or (kind is str and isinstance(value, (int, float, date)) and not isinstance(value, bool)):
                value = kind() if value is None else str(value)
            if not isinstance(value, kind):
                wrong.append(f"{column.name}: {value!r}")
            setattr(self, column.name, value)
        if not wrong and (len(self.window) not in (0, 2) or not all(map(_is_moment, self.window))):
            wrong.append(f"window: {self.window!r}")
        if wrong:
            raise InputError(f"about.yml cannot be used: {'; '.join(wrong)}", where="about.yml",
                             expected="texts; window: [first moment, last moment]; files and notes by name",
                             mend="correct these lines")  # fmt: skip
        self.window = [str(moment) for moment in self.window]

    def window_of(self, table: str) -> list[str]:
        """Return the window of one table: the note ``<table>_window`` if there is one, else the window of all.

        Examples
        --------
        >>> about = About("shop", window=["2011-07-01", "2012-12"], notes={"events_window": ["2012-12-01", "2012-12"]})
        >>> about.window_of("events")[0], about.window_of("orders")[0]
        ('2012-12-01', '2011-07-01')
        """
        return [str(moment) for moment in self.notes.get(f"{table}_window", self.window)]

    def title(self, lang: str) -> str:
        """Return the name in the language of the report."""
        return self.name_zh if lang == "zh" and self.name_zh else self.name

    def described(self, lang: str) -> str:
        """Return name and origin, such as ``CDNOW (real)``."""
        origin = {
            "real": {"zh": "真实数据", "en": "real"},
            "simulated": {"zh": "模拟数据", "en": "simulated"},
            "unstated": {"zh": "来源未注明", "en": "origin not stated"},
        }[self.origin][lang]
        return f"{self.title(lang)}（{origin}）" if lang == "zh" else f"{self.title(lang)} ({origin})"

    def line(self, lang: str) -> str:
        """Return the line under a figure: name and whether the data are real or simulated.

        Examples
        --------
        >>> About("CDNOW", origin="real").line("en")
        'Data: CDNOW (real)'
        """
        return {"zh": "数据：", "en": "Data: "}[lang] + self.described(lang)

    def write(self, path: Path) -> None:
        """Write ``about.yml``, leaving out what is empty."""
        filled = {key: value for key, value in asdict(self).items() if value}
        text = yaml.safe_dump(filled, allow_unicode=True, sort_keys=False)
        path.write_text(text, encoding="utf-8", newline="\n")

    @classmethod
    def read(cls, path: Path) -> About:
        """Read ``about.yml``; an unknown key or a missing name is an `InputError`."""
        try:
            given = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise InputError("about.yml cannot be read as YAML", where=path, mend=str(error)) from error
        known = [column.name for column in fields(cls)]
        if not isinstance(given, dict) or not given.get("name"):
            raise InputError("about.yml has no name", where=path, expected=f"keys among {known}", mend="add `name: …`")
        for key in given:
            if key not in known:
                raise InputError(f"about.yml has the unknown key {key!r}", where=path, mend=nearest(key, known))
        return cls(**given)


def _is_moment(value: object) -> bool:
    try:
        return not pd.isna(pd.Timestamp(str(value)))
    except ValueError:
        return False


def check_zone(zone: str) -> str:
    """Return `zone` if it is an IANA time zone, else raise `InputError`.

    Examples
    --------
    >>> check_zone("Asia/Shanghai")
    'Asia/Shanghai'
    """
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(
            f"the time zone {zone!r} is not known", expected="an IANA name", mend="for example Asia/Shanghai or UTC"
        ) from error
    return zone
