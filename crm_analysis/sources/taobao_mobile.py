"""Tianchi's mobile recommendation log of 2014: ``tianchi_fresh_comp_train_user.csv`` and its namesakes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from crm_analysis.sources.log_format import MOBILE
from crm_analysis.sources.log_import import import_log
from crm_analysis.sources.log_options import check_options
from crm_analysis.sources.source import Source
from crm_analysis.tables import About, Ledger

OFFICIAL = (date(2014, 11, 18), date(2014, 12, 18))


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
    r"""Write ``events.parquet`` from a log of Tianchi's mobile recommendation competition.

    A row is user_id, item_id, behavior_type (1 view, 2 favourite, 3 cart, 4 buy),
    user_geohash (mostly empty; kept as the column ``geohash``), item_category, and
    time as local date and hour, ``2014-12-06 02``. Text forms and rules are those of
    `crm_analysis.sources.taobao_userbehavior.convert`.

    The time is known to the hour only. Two views of an item within an hour are two
    equal rows, a third of the published 12,256,906 rows are such, and nothing tells
    them from rows written twice: they are kept unless you say otherwise, and counted.
    Within an hour the order of actions is not known.

    Parameters
    ----------
    path, folder : path
    zone : str
        Time zone of the hours in the file. Of an hour that a clock change makes twice
        the second is taken; China has had no clock change since 1991.
    window : str
        ``official`` (2014-11-18 to 2014-12-18), ``none``, or first and last day.
    users, seed : int
        Sample so many users with their whole histories; 0 takes all.
    duplicates : str
        ``keep`` rows equal in all columns, counted and noted, or ``drop`` all but the first.

    Returns
    -------
    About
        Its `window` is the window asked for, cut to the hours in which the file has
        rows; empty with the window ``none``.
    Ledger

    Raises
    ------
    InputError
        If an option or the file cannot be used, or no row is left.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as here:
    ...     log = Path(here, "train_user.csv")
    ...     _ = log.write_text("10001082,285259775,1,97lk14c,4076,2014-12-08 18\n" * 2)
    ...     print(SOURCE.run(log, Path(here, "mobile")))
    events: 2 rows read from train_user.csv, 2 kept
      2 noted: time_to_the_hour (first: train_user.csv, line 1)
      1 noted: duplicate_row (first: train_user.csv, line 2)
    """
    options = check_options(OFFICIAL, zone=zone, window=window, users=users, seed=seed, duplicates=duplicates)
    made = import_log(Path(path), Path(folder), MOBILE, options)
    about = About(
        "Tianchi mobile recommendation",
        name_zh="天池移动电商推荐",
        company="Alibaba (阿里巴巴)",
        origin="real",
        source="Alibaba Tianchi, mobile recommendation competition (tianchi_fresh_comp_train_user.csv, also "
        "tianchi_mobile_recommend_train_user.csv): the actions of sampled users on mobile terminals, "
        "2014-11-18 to 2014-12-18",
        licence="published by Alibaba for the competition and for research; the terms in force stand on its page; "
        "not to be passed on with this project",
        zone=zone,
        window=made.window,
        notes={**made.notes, "time_precision": "hour"},
    )
    return about, Ledger([made.ledger])


SOURCE = Source(
    name="taobao-mobile",
    zh="天池“移动推荐算法”用户行为（tianchi_fresh_comp_train_user.csv）：2014 年，时间精确到小时",
    en="Tianchi's mobile recommendation log of 2014 (tianchi_fresh_comp_train_user.csv), time to the hour",
    example="crm import taobao-mobile tianchi_fresh_comp_train_user.csv data/mobile",
    convert=convert,
)
