"""What a CRM data set is: the tables, their columns, and what each column holds."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("id", "time", "number", "count", "flag", "choice", "text")


@dataclass(frozen=True)
class Column:
    """One column: its name, what it holds, whether a row can do without it.

    Parameters
    ----------
    name : str
    kind : str
        ``id`` (text, never blank), ``time`` (moment or day), ``number``, ``count``
        (whole number), ``flag`` (true or false), ``choice`` (one of `choices`), ``text``.
    required : bool
        Whether the table must have the column and each row a value in it.
    choices : tuple of str
        Allowed values of a ``choice``.
    """

    name: str
    kind: str
    required: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table: its columns and, where rows must be unique, the column that names a row."""

    name: str
    columns: tuple[Column, ...]
    key: str = ""

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns a table must have."""
        return tuple(column.name for column in self.columns if column.required)


def _table(name: str, must: str, may: str = "", *, key: str = "", **choices: tuple[str, ...]) -> Table:
    def parse(text: str, required: bool) -> list[Column]:
        pairs = (item.split(":") for item in text.split())
        return [Column(column, kind, required, choices.get(column, ())) for column, kind in pairs]

    return Table(name, tuple(parse(must, True) + parse(may, False)), key)


ACTIONS = ("view", "favourite", "cart", "buy")

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _table(
            "customers",
            "customer_id:id joined_at:time",
            "kind:text city:text birthday:time channel:text sex:text age:number",
            key="customer_id",
        ),
        _table(
            "orders",
            "order_id:id customer_id:id ordered_at:time amount:number",
            "item_id:text category:text quantity:number margin:number seller_id:text status:text promised_days:number"
            " delivery_days:number",
        ),
        _table(
            "events",
            "customer_id:id item_id:id category_id:id action:choice happened_at:time",
            action=ACTIONS,
        ),
        _table(
            "ratings",
            "rating_id:id customer_id:id item_id:id stars:number rated_at:time",
            "text:text verified:flag rewarded:flag helpful_votes:count",
            key="rating_id",
        ),
        _table(
            "seller_feedback",
            "seller_id:id customer_id:id verdict:choice rated_at:time",
            "item_match:number service:number delivery:number",
            verdict=("good", "neutral", "bad"),
        ),
        _table(
            "sellers",
            "seller_id:id kind:text opened_at:time",
            "closed_at:time violations:number refunds:count orders:count complaints:count category:text",
            key="seller_id",
        ),
        _table("survey", "respondent_id:id answered_at:time", "customer_id:text nps:number", key="respondent_id"),
        _table(
            "tickets",
            "ticket_id:id customer_id:id opened_at:time channel:text reason:text",
            "first_reply_at:time resolved_at:time severity:number parties:text compensation:number csat:number"
            " text:text order_id:text seller_id:text sub_reason:text",
            key="ticket_id",
        ),
        _table(
            "contracts",
            "account_id:id started_on:time",
            "ends_on:time ended_on:time renewed:flag fee:number team:text plan:text",
        ),
        _table(
            "contacts",
            "contact_id:id campaign:text channel:text customer_id:id arm:text sent_at:time",
            "opened_at:time clicked_at:time converted_at:time value:number",
            key="contact_id",
        ),
        _table(
            "visits",
            "visit_id:id source:text landed_at:time pages:count",
            "creative:text position:text clicked:flag customer_id:text bought:flag",
            key="visit_id",
        ),
        _table(
            "posts",
            "post_id:id customer_id:id kind:text posted_at:time",
            "reply_to:text adopted_at:time",
            key="post_id",
        ),
        _table("tasks", "task_id:id customer_id:id due_at:time kind:text", "done_at:time note:text", key="task_id"),
        _table("watches", "customer_id:id instrument:text direction:choice limit:number", direction=("above", "below")),
        _table("prices", "instrument:text at:time price:number"),
    )
}
