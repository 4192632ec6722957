"""The options of an import of a log of user actions, checked before the file is touched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm_analysis.errors import InputError, nearest
from crm_analysis.tables import check_zone

DUPLICATES = ("keep", "drop")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Options:
    """What the user chose.

    Parameters
    ----------
    zone : str
        IANA time zone in which days begin.
    window : tuple of two datetime.date, optional
        First and last day, both inside; None for all rows.
    users : int
        How many users to sample; 0 for all.
    seed : int
        Another seed draws other users.
    duplicates : str
        ``keep`` or ``drop``.
    """

    zone: str
    window: tuple[date, date] | None
    users: int
    seed: int
    duplicates: str

    @property
    def moments(self) -> tuple[int, int] | None:
        """First microsecond since 1970 UTC inside the window, and the first after it.

        Examples
        --------
        >>> day = date(1970, 1, 1)
        >>> Options("UTC", (day, day), 0, 0, "keep").moments
        (0, 86400000000)
        """
        if self.window is None:
            return None
        first, last = self.window
        starts = [datetime.combine(day, time(), ZoneInfo(self.zone)) for day in (first, last + timedelta(days=1))]
        return (starts[0] - EPOCH) // MICROSECOND, (starts[1] - EPOCH) // MICROSECOND

    def local(self, moment: int) -> datetime:
        """Return the local time of a moment given in microseconds since 1970 UTC."""
        return (EPOCH + moment * MICROSECOND).astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)

    def notes(self) -> dict[str, object]:
        """Return the options as they stand in ``about.yml``."""
        window = "/".join(map(str, self.window)) if self.window else "none"
        sampled = {"users_asked": self.users, "seed": self.seed} if self.users else {}
        return {"import_window": window, "duplicates": self.duplicates, **sampled}


def check_options(
    official: tuple[date, date], *, zone: str, window: str, users: int, seed: int, duplicates: str
) -> Options:
    """Check the options of an import; all mistakes come in one `InputError`.

    Parameters
    ----------
    official : tuple of two datetime.date
        First and last day for which the data set is published.
    zone, window, users, seed, duplicates
        As the user gave them; `window` is ``official``, ``none`` or two days such as
        ``2017-11-25/2017-11-28``.

    Examples
    --------
    >>> days = (date(2017, 11, 25), date(2017, 12, 3))
    >>> check_options(days, zone="UTC", window="official", users=0, seed=0, duplicates="keep").window == days
    True
    """
    wrong = []
    try:
        check_zone(zone)
    except InputError as error:
        wrong.append(f"zone: {error.what}; {error.mend}")
    days = official if window == "official" else _days(window)
    if days is None and window != "none":
        wrong.append(f"window: official, none or first/last day, such as {official[0]}/{official[1]}; got {window!r}")
    for name, value in (("users", users), ("seed", seed)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            wrong.append(f"{name}: a whole number, 0 or more; got {value!r}")
    if duplicates not in DUPLICATES:
        hint = nearest(str(duplicates), DUPLICATES)
        wrong.append(f"duplicates: {' or '.join(DUPLICATES)}; got {duplicates!r} {hint}".rstrip())
    if wrong:
        raise InputError("some options do not fit:\n  - " + "\n  - ".join(wrong), mend="correct them and import again")
    return Options(zone, days, users, seed, duplicates)


def _days(window: str) -> tuple[date, date] | None:
    try:
        first, last = (date.fromisoformat(part.strip()) for part in str(window).split("/"))
    except ValueError:
        return None
    return (first, last) if first <= last else None
