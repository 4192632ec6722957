"""Churn under contract in one period: accounts and money at the start, lost, won, at the end."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.churn.rates.book import Book, check_sizes, read_contracts
from crm_analysis.churn.rates.data_end import limit_notes, limits_of
from crm_analysis.churn.rates.money_limits import ratio_limits
from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level, proportion, with_limits
from crm_analysis.tables.days import Moment, day_number
from crm_analysis.words import Sentence, join

ACCOUNT_STEPS = {"accounts_start": 1, "won": 1, "won_back": 1, "lost": -1}
MONEY_STEPS = {"mrr_start": 1, "mrr_won": 1, "mrr_expansion": 1, "mrr_contraction": -1, "mrr_lost": -1}


def contract_rates(
    contracts: pd.DataFrame, *, start: Moment, end: Moment, as_of: Moment | None = None, by: str | None = None,
    max_gap_days: int = 1, level: float = 0.95, draws: int = 1000, seed: int = 0,
) -> pd.DataFrame:  # fmt: skip
    r"""Account churn, gross churn of recurring revenue and net revenue retention of one period.

    .. math:: c = \frac{\#\{\text{under contract at the start, not at the end}\}}{\#\{\text{under contract at the
        start}\}}, \quad
        c_{MRR} = \frac{\text{lost} + \text{downgrades}}{\text{MRR}_{start}}, \quad
        NRR = \frac{\text{MRR}_{end}\text{ of the base}}{\text{MRR}_{start}}

    The base are the accounts under contract on the evening before `start`. Accounts won during the period are in
    neither numerator nor denominator; an account that leaves and is back by the end is not lost. Net
    revenue retention may exceed 1. ``accounts_start + won + won_back - lost = accounts_end``.

    Parameters
    ----------
    contracts : pandas.DataFrame
        The table ``contracts``: account_id, started_on, ended_on (blank while it runs; gone on the evening of that
        day), [fee per month, `by`]; several rows of an account follow each other or add up.
    start, end : str or Timestamp
        First and last day of the period, in the zone of the data. Contracts must be complete up to `end`: an end on
        record for later does not count yet.
    as_of : str or Timestamp, optional
        Last day of complete data. Without it the last date among started_on and ended_on stands for it: `rates_text`
        says so where the period goes beyond.
    by : str, optional
        Column to group by. An account of the base stays in its group of the start, one that is won belongs to its
        group at the end.
    max_gap_days : int
        See `book.read_contracts`.
    level : float in (0, 1)
    draws, seed : int
        Of the bootstrap over accounts (money only).

    Returns
    -------
    pandas.DataFrame, index `by` (or one row ``total``), the largest group first
        first_day, last_day, days; accounts_start, lost, won (new), won_back (came before, not at the start),
        accounts_end; passing (came and left within the period), endings (every end in the period, also of
        accounts that came back or were won in it); churn_rate with Wilson's limits; mrr_start, mrr_lost,
        mrr_contraction, mrr_expansion, mrr_won (won back included), mrr_end; gross_mrr_churn and
        net_revenue_retention with bootstrap limits; blank_fees: accounts whose fee is blank, left out of all sums
        of money. Money is NaN without any fee, rates are NaN without a base. ``attrs`` (for `rates_text`): last_seen,
        the last date on record, unless `as_of` is given; no_fee, where there is no column fee.

    Raises
    ------
    InputError
        If the table cannot be used (see `book.read_contracts`), `end` is before `start`, nobody was under contract, or
        the period ends after `as_of` (without it: begins after the last date on record).

    References
    ----------
    .. [1] Gold (2020). Fighting Churn with Data, chapter 2 (account, MRR and net retention churn).
    .. [2] Wilson (1927). JASA 22, 209-212.

    Examples
    --------
    >>> day = lambda *texts: pd.to_datetime(list(texts)).tz_localize("UTC")
    >>> contracts = pd.DataFrame({"account_id": ["a", "b", "b", "c"], "fee": [10.0, 20.0, 15.0, 10.0],
    ...     "started_on": day("2012-01-05", "2012-01-05", "2012-03-10", "2012-03-02"),
    ...     "ended_on": day("2012-03-20", "2012-03-10", None, None)})
    >>> march = contract_rates(contracts, start="2012-03-01", end="2012-03-31").iloc[0]
    >>> [int(march[name]) for name in ("accounts_start", "lost", "won", "accounts_end")], float(march["churn_rate"])
    ([2, 1, 1, 2], 0.5)
    >>> march[["gross_mrr_churn", "net_revenue_retention"]].astype(float).to_dict()
    {'gross_mrr_churn': 0.5, 'net_revenue_retention': 0.5}
    """
    check_level(level)
    check_sizes(draws=draws, seed=seed)
    zone = contracts["started_on"].dt.tz if _zoned(contracts) else None
    book = read_contracts(contracts, by=by, max_gap_days=max_gap_days)
    first, last = period_days(start, end, zone)
    told = limits_of(contracts, book, opens=first, last=last, as_of=as_of)
    table = rates_of(book, first, last, level=level, draws=draws, seed=seed).rename_axis(by or "group")
    table.attrs = told
    return table


def period_days(start: Moment, end: Moment, zone: object) -> tuple[int, int]:
    """Return first and last day of a period as numbers; an end before the start is an `InputError`."""
    first, last = day_number(start, zone), day_number(end, zone)
    if last < first:
        raise InputError(f"the period ends ({end}) before it starts ({start})", expected="start <= end",
                         mend="swap the two", zh="时期的末日早于首日")  # fmt: skip
    return first, last


def rates_of(book: Book, first: int, last: int, *, level: float, draws: int, seed: int) -> pd.DataFrame:
    """Return the rates of one period of days of a book of contracts, by group."""
    facts = _facts(book, first, last)
    if facts.empty:
        day = np.datetime64(int(last), "D")
        raise InputError(
            f"nobody was under contract up to {day}",
            where="table contracts",
            expected="a period within the data",
            mend="check start and end",
            zh="该时期没有在约账户",
        )
    dates = {"first_day": first, "last_day": last}
    dates = {name: pd.Timestamp(day, unit="D").as_unit("s") for name, day in dates.items()} | {"days": last - first + 1}
    parts = sorted(facts.groupby("group", sort=False), key=lambda part: (-part[1]["base"].sum(), str(part[0])))
    rows = [dates | _counts(part, level) | _money(part, level, draws, seed) for _, part in parts]
    return pd.DataFrame(rows, index=pd.Index([name for name, _ in parts], name="group"))


def account_bridge(rates: pd.DataFrame, *, group: object = None, of: str = "accounts") -> pd.DataFrame:
    """From the start of a period to its end in steps that add up: accounts or recurring revenue.

    Parameters
    ----------
    rates : pandas.DataFrame
        From `contract_rates`, or one period of `monthly_rates`.
    group : optional
        Row of `rates`; by default its only one.
    of : {"accounts", "mrr"}

    Returns
    -------
    pandas.DataFrame, index bridge_step
        bridge_change (signed change; the level itself at the start and at the end), level_after. The last row is
        counted on its own and equals the sum of the others.

    Raises
    ------
    InputError
        If there are several rows and none is named, there is no money, or the steps do not add up.

    Examples
    --------
    >>> day = lambda *texts: pd.to_datetime(list(texts)).tz_localize("UTC")
    >>> contracts = pd.DataFrame({"account_id": ["a", "b"], "started_on": day("2012-01-05", "2012-03-02"),
    ...                           "ended_on": day("2012-03-20", None)})
    >>> account_bridge(contract_rates(contracts, start="2012-03-01", end="2012-03-31"))["bridge_change"].to_dict()
    {'accounts_start': 1.0, 'won': 1.0, 'won_back': 0.0, 'lost': -1.0, 'accounts_end': 1.0}
    """
    if of not in ("accounts", "mrr"):
        raise InputError(f"of={of!r} is not known", expected="accounts or mrr")
    row = one_row(rates, group)
    steps, end = (ACCOUNT_STEPS, "accounts_end") if of == "accounts" else (MONEY_STEPS, "mrr_end")
    amount = pd.Series({name: sign * float(row[name]) for name, sign in steps.items()} | {end: float(row[end])})
    if amount.isna().any():
        like = rates.attrs.get("no_fee", "")
        hint = f'contracts.rename(columns={{"{like}": "fee"}}), or ' if like else ""
        raise InputError("there is no recurring revenue to add up", where="column fee of the contracts",
                         expected="monthly fees", mend=f"{hint}of='accounts'",
                         zh="没有月费，无法计算经常性收入")  # fmt: skip
    after = amount.cumsum()
    if not np.isclose(after.iloc[-2], amount.iloc[-1]):
        raise InputError(f"the steps add up to {after.iloc[-2]:g}, not to {amount.iloc[-1]:g}", where=f"{of} of rates",
                         mend="use a frame as contract_rates returns it", zh="期初、变动与期末不相等")  # fmt: skip
    after.iloc[-1] = amount.iloc[-1]
    return pd.DataFrame({"bridge_change": amount, "level_after": after}).rename_axis("bridge_step")


def one_row(rates: pd.DataFrame, group: object = None) -> pd.Series:
    """Return the row of a group, or the only row."""
    if group is not None and group in rates.index:
        return rates.loc[group]
    if group is not None or len(rates) != 1:
        raise InputError(f"{len(rates)} rows, and group {group!r} names none", expected=f"one of {list(rates.index)}",
                         mend=f"group={rates.index[0]!r}" if len(rates) else "", zh="请指定一组")  # fmt: skip
    return rates.iloc[0]


def rates_text(rates: pd.DataFrame, *, group: object = None) -> Sentence:
    """Say the rates of one period with their counts and limits, and what the data cannot tell.

    Examples
    --------
    >>> day = lambda *texts: pd.to_datetime(list(texts)).tz_localize("UTC")
    >>> contracts = pd.DataFrame({"account_id": ["a", "b"], "started_on": day("2012-01-05", "2012-01-02"),
    ...                           "ended_on": day("2012-03-20", None)})
    >>> march = contract_rates(contracts.assign(fee=[1.0, 3.0]), start="2012-03-01", end="2012-03-20")
    >>> print(rates_text(march).en)  # doctest: +ELLIPSIS
    Of 2 accounts under contract at the start (2012-03-01 to 2012-03-20), 1 was gone at the end: 50.0% [9.5%, 90.5%]...
    """
    row = one_row(rates, group)
    base, lost, span = int(row["accounts_start"]), int(row["lost"]), (row["first_day"], row["last_day"])
    first, last = (f"{day:%Y-%m-%d}" for day in span)
    churn, gross, net = (_shown(row, name) for name in ("churn_rate", "gross_mrr_churn", "net_revenue_retention"))
    zh = f"{first} 至 {last}：期初在约账户 {base:,} 个，到期末流失 {lost:,} 个，账户流失率 {churn}。"
    en = (
        f"Of {base:,} accounts under contract at the start ({first} to {last}), {lost:,} "
        f"{'was' if lost == 1 else 'were'} gone at the end: {churn}."
    )
    if not np.isnan(row["gross_mrr_churn"]):
        zh += f"经常性收入流失率 {gross}，净收入留存率 {net}。"
        en += f" Gross churn of recurring revenue: {gross}; net revenue retention: {net}."
    return join([Sentence(zh, en), *limit_notes(rates, row)])


def _shown(row: pd.Series, name: str) -> str:
    value, low, high = (row[f"{name}{side}"] for side in ("", "_low", "_high"))
    limits = "" if np.isnan(low) else f" [{low:.1%}, {high:.1%}]"
    return "–" if np.isnan(value) else f"{value:.1%}{limits}"


def _zoned(contracts: pd.DataFrame) -> bool:
    return "started_on" in contracts and isinstance(contracts["started_on"].dtype, pd.DatetimeTZDtype)


def _facts(book: Book, first: int, last: int) -> pd.DataFrame:
    """What became of each account that was under contract at the start or during the period."""
    base, stays = book.under_contract(first - 1), book.under_contract(last)
    seen = np.zeros(len(base), bool)
    seen[book.spells.loc[book.spells["first"] < first, "code"]] = True
    ended = book.spells[book.spells["last"].between(first, last)]
    endings = np.bincount(ended["code"], minlength=len(base))
    came = np.zeros(len(base), bool)
    came[book.spells.loc[book.spells["first"].between(first, last), "code"]] = True
    group = np.where(base, book.groups(first - 1), book.groups(last))
    rows = book.rows[book.rows["first"].between(first, last)].drop_duplicates("code", keep="last")
    passing = came & ~base & ~stays
    group[rows["code"]] = np.where(passing[rows["code"]], rows["group"].to_numpy(object), group[rows["code"]])
    frame = pd.DataFrame(
        {
            "group": group,
            "base": base,
            "stays": stays,
            "seen": seen,
            "passing": passing,
            "endings": endings,
            "fee_start": book.fees(first - 1),
            "fee_end": book.fees(last),
        }
    )
    return frame[base | stays | came]


def _counts(part: pd.DataFrame, level: float) -> dict[str, float]:
    base, stays = part["base"], part["stays"]
    lost, joined = int((base & ~stays).sum()), stays & ~base
    return {
        "accounts_start": int(base.sum()), "lost": lost, "won": int((joined & ~part["seen"]).sum()),
        "won_back": int((joined & part["seen"]).sum()), "accounts_end": int(stays.sum()),
        "passing": int(part["passing"].sum()), "endings": int(part["endings"].sum()),
    } | with_limits("churn_rate", proportion(lost, base.sum(), level=level))  # fmt: skip


def _money(part: pd.DataFrame, level: float, draws: int, seed: int) -> dict[str, float]:
    blank = (part["base"] & part["fee_start"].isna()) | (part["stays"] & part["fee_end"].isna())
    known = part[~blank & (part["base"] | part["stays"])]
    base = known[known["base"]]
    start, kept = base["fee_start"], base["fee_end"].where(base["stays"], 0.0)
    change = kept - start
    lost = start.where(~base["stays"], 0.0)
    down = (-change).clip(lower=0).where(base["stays"], 0.0)
    sums = {
        "mrr_start": start.sum(), "mrr_lost": lost.sum(), "mrr_contraction": down.sum(),
        "mrr_expansion": change.clip(lower=0).sum(), "mrr_won": known["fee_end"].where(~known["base"], 0.0).sum(),
        "mrr_end": known["fee_end"].where(known["stays"], 0.0).sum(),
    }  # fmt: skip
    if known.empty:
        sums = dict.fromkeys(sums, float("nan"))
    tops = pd.DataFrame({"gross_mrr_churn": lost + down, "net_revenue_retention": kept})
    found = ratio_limits(tops, start, shares=("gross_mrr_churn",), level=level, draws=draws, seed=seed)
    ratios = {key: x for name, estimate in found.items() for key, x in with_limits(name, estimate).items()}
    return sums | ratios | {"blank_fees": int(blank.sum())}
