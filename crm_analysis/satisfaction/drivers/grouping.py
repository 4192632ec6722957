"""Drivers that enter a model together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crm_analysis.errors import InputError

MOST = 25  # drivers or groups
Groups = Mapping[str, Iterable[str]] | None


def group_drivers(outcome: str, drivers: Iterable[str], groups: Groups = None) -> dict[str, list[str]]:
    """Columns of each driver or group, groups in the order in which their first driver is named; all checked.

    Examples
    --------
    >>> group_drivers("y", ["a", "b", "c"], {"ac": ["a", "c"]})
    {'ac': ['a', 'c'], 'b': ['b']}
    """
    drivers = [drivers] if isinstance(drivers, str) else list(drivers)
    parts = {name: [part] if isinstance(part, str) else list(part) for name, part in (groups or {}).items()}
    home = {column: name for name, part in parts.items() for column in part}
    found: dict[str, list[str]] = {}
    for driver in drivers:
        found.setdefault(home.get(driver, driver), []).append(driver)
    twice = sorted({driver for driver in drivers if drivers.count(driver) > 1})
    problems = ["no driver was named"] if not drivers else []
    problems += [f"{', '.join(map(str, twice))} named twice"] if twice else []
    problems += [f"the outcome {outcome} is among the drivers"] if outcome in drivers else []
    problems += _group_problems(drivers, parts)
    if len(found) > MOST:
        problems.append(f"{len(found)} drivers were named, at most {MOST} are possible; form groups")
    if problems:
        raise InputError("; ".join(problems), where="drivers", expected="one outcome; each driver once, in one group",
                         zh="结果变量、驱动因素或分组的设置有误")  # fmt: skip
    return found


def _group_problems(drivers: list[str], parts: Mapping[str, list[str]]) -> list[str]:
    problems = [f"the group {name} has no driver" for name, part in parts.items() if not part]
    for name, part in parts.items():
        strange = [column for column in part if column not in drivers]
        problems += [f"the group {name} names {', '.join(map(str, strange))}, no driver"] if strange else []
        if name in drivers and name not in part:
            problems.append(f"the group {name} has the name of a driver outside it")
    every = [column for part in parts.values() for column in part]
    twice = sorted({column for column in every if every.count(column) > 1})
    return problems + ([f"{', '.join(map(str, twice))} stands in two groups or twice in one"] if twice else [])
