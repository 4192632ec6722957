"""Tianchi's *User Behavior Data from Taobao*: the file ``UserBehavior.csv``, whole or in part."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from crm_analysis.sources.log_format import USER_BEHAVIOR
from crm_analysis.sources.log_import import import_log
from crm_analysis.sources.log_options import check_options
from crm_analysis.sources.source import Source
from crm_analysis.tables import About, Ledger

OFFICIAL = (date(2017, 11, 25), date(2017, 12, 3))


def convert(
    path: Path,
    folder: Path,
    *,
    zone: str = "Asia/Shanghai",
    window: str = "official",
    users: int = 0,
    seed: int = 0,
    duplicates: str = "keep",
) -> tuple[About, Ledger]:
    r"""Write ``events.parquet`` from a file in the format of UserBehavior.csv.

    A row is user, item, category, action (pv, fav, cart or buy) and unix seconds; a
    time of 12 or 13 digits is read as milliseconds, and noted. The file has no
    header; one that names the columns is read by its names. CSV or ``.csv.gz``,
    UTF-8, UTF-16 or GBK, parted by comma, tab, semicolon or ``|``. Every line meets
    one rule (`crm_analysis.sources.log_rules.judge`), and the ledger counts it.

    Parameters
    ----------
    path : path
    folder : path
        An existing folder; memory stays bounded for a file of any length.
    zone : str
        Time zone in which days begin. The seconds are UTC, the days of the data set
        are days of China.
    window : str
        ``official`` (2017-11-25 to 2017-12-03, both days whole), ``none``, or first and
        last day as ``2017-11-25/2017-11-28``. The published file holds stray rows
        outside its window.
    users : int
        Sample so many users with their whole histories; 0 takes all. The users are
        those of the smallest MD5 of ``seed:user`` among the users with rows in the
        window, whatever the order of rows.
    seed : int
        Another seed draws other users.
    duplicates : str
        ``keep`` rows equal in all columns, counted and noted, or ``drop`` all but the first.

    Returns
    -------
    About
        Its `window` is the window asked for, cut to the hours in which the file has
        rows (an end that is the end of a day is written as that day). It is empty with
        the window ``none``, for then nobody has said from when to when the log is whole.
        Days inside it without a row stand in the note ``days_without_rows``.
    Ledger

    Raises
    ------
    InputError
        If an option or the file cannot be used, or no row is left.

    References
    ----------
    .. [1] Zhu et al. (2018). Learning tree-based deep model for recommender systems. KDD '18, 1079-1088.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as here:
    ...     log = Path(here, "UserBehavior.csv")
    ...     _ = log.write_text("1,2268318,2520377,pv,1511544070\n1,2333346,2520771,buy,1511561733\n1,25766,14,pv,0\n")
    ...     print(SOURCE.run(log, Path(here, "taobao")))
    events: 3 rows read from UserBehavior.csv, 2 kept
      1 set aside: outside_window (first: UserBehavior.csv, line 3)
    """
    options = check_options(OFFICIAL, zone=zone, window=window, users=users, seed=seed, duplicates=duplicates)
    made = import_log(Path(path), Path(folder), USER_BEHAVIOR, options)
    about = About(
        "Tianchi UserBehavior",
        name_zh="天池淘宝用户行为",
        company="Taobao (淘宝网)",
        origin="real",
        source="Alibaba Tianchi, data set 649, User Behavior Data from Taobao for Recommendation (UserBehavior.csv), "
        "https://tianchi.aliyun.com/dataset/649: the actions of about one million users drawn at random, "
        "2017-11-25 to 2017-12-03",
        licence="published by Alibaba for research; the terms in force stand on the page of the data set; "
        "not to be passed on with this project",
        zone=zone,
        window=made.window,
        notes={**made.notes, "time_precision": "second"},
    )
    return about, Ledger([made.ledger])


SOURCE = Source(
    name="taobao-userbehavior",
    zh="天池“淘宝用户行为数据”（UserBehavior.csv）：用户、商品、类目、行为（浏览、收藏、加购、购买）、时间",
    en="Tianchi's User Behavior Data from Taobao (UserBehavior.csv): user, item, category, action, time",
    example="crm import taobao-userbehavior UserBehavior.csv data/tianchi --users 10000",
    convert=convert,
)
