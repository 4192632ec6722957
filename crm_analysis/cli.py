"""The command ``crm``: parses, calls, prints; the work is done elsewhere."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperCommand

from crm_analysis import __version__
from crm_analysis.errors import InputError, nearest

app = typer.Typer(
    name="crm",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="From a company's data tables to a customer-relationship report in Chinese and English.",
    epilog="Begin with `crm report shop`: a report on real purchases, in `reports/out/`.",
)
OUT = Path("reports/out")
LANGUAGES = ("zh", "en")


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False) -> None:
    if version:
        typer.echo(f"crm_analysis {__version__}")
        raise typer.Exit


@app.command("report")
def report_command(
    cases: Annotated[list[str], typer.Argument(metavar="CASE...", help="One or more of the cases of `crm list`.")],
    language: Annotated[str, typer.Option("--language", "-l", help="`zh`, `en` or `zh,en`.")] = "zh",
    data: Annotated[
        str, typer.Option(help="A folder of tables, or a file of orders; the bundled sample when left out.")
    ] = "",
    columns: Annotated[
        str, typer.Option(help="Columns of a file of orders: `customer_id=Buyer,ordered_at=Date,amount=Paid`.")
    ] = "",
    parameter: Annotated[
        list[str] | None, typer.Option("-p", metavar="NAME=VALUE", help="A parameter of the notebook; repeat at will.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the reports.")] = OUT,
) -> None:
    """Make reports: run case notebooks and write them as notebook and HTML.

    crm report shop

    crm report taobao --language zh,en

    crm report taobao --data data/tianchi -p lapse_days=5

    crm report shop --data my-orders.csv --columns customer_id=Buyer,ordered_at=Date,amount=Paid
    """
    from crm_analysis.report.run import make, plan
    from crm_analysis.sources.open import check_data

    given = _given(cases, parameter or [])
    given |= {"data": data} if data else {}
    given |= {"columns": columns} if columns else {}
    jobs = plan(cases, _languages(language), given)
    check_data(str(given.get("data", "")), columns=str(given.get("columns", "")))
    for job in jobs:
        typer.echo(f"making {job.name} …", err=True)
    make(jobs, out, tell=lambda done: typer.echo(f"{_shown(done.page)}   {done.seconds:.1f} s"))


@app.command("list")
def list_command() -> None:
    """List the case studies and the lessons."""
    from crm_analysis.report import cases

    for name in cases.names():
        case = cases.get(name)
        typer.echo(f"{name:<10} {case.title('zh')} | {case.title('en')}")
    typer.echo("\ncrm params CASE lists the parameters of a case; crm report CASE makes its report.")


@app.command("params")
def params_command(case: Annotated[str, typer.Argument(help="One of the cases of `crm list`.")]) -> None:
    """List the parameters of a case: name, kind, default, allowed values, meaning."""
    from crm_analysis.report import cases

    for parameter in cases.get(case).parameters.values():
        allowed = f"   allowed: {parameter.allowed}" if parameter.allowed else ""
        typer.echo(f"{parameter.name}: {parameter.kind} = {parameter.default!r}{allowed}")
        typer.echo(f"    {parameter.en}\n    {parameter.zh}")


class ImportCommand(TyperCommand):
    """The command whose help lists the sources; they are loaded only then."""

    def format_help(self, ctx: typer.Context, formatter: object) -> None:
        """Print the help and below it a line and an example for each source."""
        from crm_analysis import sources

        super().format_help(ctx, formatter)
        typer.echo("Sources:\n")
        for name in sources.names():
            source = sources.get(name)
            options = ", ".join(f"--{option.replace('_', '-')}" for option in source.options)
            typer.echo(f"  {name}\n    {source.en}\n    {source.zh}\n    options: {options or 'none'}")
            typer.echo(f"    {source.example}\n")


@app.command("import", cls=ImportCommand)
def import_command(
    source: Annotated[str, typer.Argument(help="Name of the format, see the list below.")],
    arguments: Annotated[
        list[Path], typer.Argument(metavar="[FILE] FOLDER", help="The file (none for cdnow) and the new folder.")
    ],
    zone: Annotated[str | None, typer.Option(help="Time zone of days and hours.")] = None,
    window: Annotated[str | None, typer.Option(help="`official`, `none` or `2017-11-25/2017-12-03`.")] = None,
    users: Annotated[int | None, typer.Option(help="Keep this many users, drawn at random, with all rows.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the choice of users.")] = None,
    duplicates: Annotated[str | None, typer.Option(help="`keep` (counted) or `drop`.")] = None,
    cancellations: Annotated[str | None, typer.Option(help="`aside` or `net`.")] = None,
    codes: Annotated[str | None, typer.Option(help="Codes that are no products: `keep` or `aside`.")] = None,
    refunds: Annotated[str | None, typer.Option(help="Negative amounts: `keep` (counted) or `aside`.")] = None,
    closed: Annotated[str | None, typer.Option(help="Cancelled and unpaid orders: `aside` or `keep`.")] = None,
    overlap: Annotated[str | None, typer.Option(help="Rows repeated in a later sheet: `aside` or `keep`.")] = None,
    columns: Annotated[str | None, typer.Option(help="Column map, `customer_id=Buyer,…` or a YAML file.")] = None,
    table: Annotated[str | None, typer.Option(help="The table that a CSV file holds.")] = None,
    currency: Annotated[str | None, typer.Option(help="Currency of the amounts, such as CNY.")] = None,
    time_format: Annotated[str | None, typer.Option(help="Format of the times, such as `%d.%m.%Y %H:%M`.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Encoding of the text; found when left out.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="Delimiter of the columns; found when left out.")] = None,
    decimal: Annotated[str | None, typer.Option(help="Decimal sign, `.` or `,`.")] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of an Excel file.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the data, shown under every figure.")] = None,
    sample: Annotated[bool | None, typer.Option("--sample", help="The 1-in-10 sample of CDNOW.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Day of the snapshot (telco).")] = None,
) -> None:
    """Turn a public data file, or a file of your own, into a folder of tables with a row ledger."""
    from crm_analysis import sources

    options = {key: value for key, value in locals().items() if value is not None}
    for key in ("source", "arguments", "sources"):
        options.pop(key)
    chosen = sources.get(source)
    if len(arguments) > 2 or (len(arguments) == 1 and source != "cdnow"):
        raise InputError("one file and one folder are needed", expected=chosen.example)
    path = arguments[0] if len(arguments) == 2 else Path("bundled")
    ledger = chosen.run(path, arguments[-1], **options)
    typer.echo(str(ledger))
    typer.echo(f"\nwritten: {arguments[-1]}   (rows read = kept + set aside; ledger.csv holds the lines)")


@app.command("simulate")
def simulate_command(
    case: Annotated[str, typer.Argument(help="The company to simulate: taobao (a market place), telecom (contracts).")],
    folder: Annotated[Path, typer.Argument(help="The new folder.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.", min=0)] = 2012,
    customers: Annotated[int, typer.Option(help="How many customers.", min=200, max=1_000_000)] = 2000,
) -> None:
    """Make a company of invented customers whose truth is known and written beside the tables."""
    from crm_analysis import simulate

    data = simulate.run(case, folder, seed=seed, customers=customers)
    for table, frame in data.tables.items():
        typer.echo(f"{table:<16} {len(frame):>9,} rows")
    typer.echo(f"\nwritten: {folder}   (simulated; the truth behind it is in truth.md and truth.yml)")


def _given(names: list[str], pairs: list[str]) -> dict[str, object]:
    """Turn ``name=value`` texts into values of the kind that the notebooks ask for."""
    from crm_analysis.report import cases

    spec = {name: value for case in names for name, value in cases.get(case).parameters.items()}
    given: dict[str, object] = {}
    for pair in pairs:
        name, sign, text = pair.partition("=")
        if not sign:
            raise InputError(f"-p {pair!r} has no value", expected="-p name=value", mend="see crm params CASE")
        given[name] = spec[name].parse(text) if name in spec else text
    return given


def _languages(text: str) -> list[str]:
    chosen = [part.strip() for part in text.split(",") if part.strip()]
    for language in chosen:
        if language not in LANGUAGES:
            raise InputError(f"there is no language {language!r}", where="--language", expected="zh, en or zh,en",
                             mend=nearest(language, LANGUAGES))  # fmt: skip
    if not chosen:
        raise InputError("no language is given", where="--language", expected="zh, en or zh,en")
    return list(dict.fromkeys(chosen))


def _shown(path: Path) -> str:
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def main() -> None:
    """Run the command; a user's mistake ends with a message and exit code 2, never with a traceback."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # being told to stop is an interrupt: clean up
    try:
        app()
    except (InputError, RuntimeError) as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(2 if isinstance(error, InputError) else 1)
    except OSError as error:
        typer.echo(f"error: {error.strerror or error}\n  where: {error.filename or ''}", err=True)
        sys.exit(2)
