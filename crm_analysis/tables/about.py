"""Where a data set comes from: ``about.yml`` beside its tables."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

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
        if self.origin not in ORIGINS:
            raise InputError(f"origin {self.origin!r} is not known", where="about.yml", expected=f"one of {ORIGINS}")
        check_zone(self.zone)
        self.window = [str(moment) for moment in self.window]

    def title(self, lang: str) -> str:
        """Return the name in the language of the report."""
        return self.name_zh if lang == "zh" and self.name_zh else self.name

    def line(self, lang: str) -> str:
        """Return the line under a figure: name and whether the data are real or simulated.

        Examples
        --------
        >>> About("CDNOW", origin="real").line("en")
        'Data: CDNOW (real)'
        """
        origin = {
            "real": {"zh": "真实数据", "en": "real"},
            "simulated": {"zh": "模拟数据", "en": "simulated"},
            "unstated": {"zh": "来源未注明", "en": "origin not stated"},
        }[self.origin][lang]
        return f"数据:{self.title(lang)}({origin})" if lang == "zh" else f"Data: {self.title(lang)} ({origin})"

    def write(self, path: Path) -> None:
        """Write ``about.yml``, leaving out what is empty."""
        filled = {key: value for key, value in asdict(self).items() if value}
        path.write_text(yaml.safe_dump(filled, allow_unicode=True, sort_keys=False), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> About:
        """Read ``about.yml``; an unknown key or a missing name is an `InputError`."""
        try:
            given = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise InputError("about.yml cannot be read as YAML", where=path, mend=str(error)) from error
        known = [column.name for column in fields(cls)]
        if not isinstance(given, dict) or "name" not in given:
            raise InputError("about.yml has no name", where=path, expected=f"keys among {known}", mend="add `name: …`")
        for key in given:
            if key not in known:
                raise InputError(f"about.yml has the unknown key {key!r}", where=path, mend=nearest(key, known))
        return cls(**given)


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
