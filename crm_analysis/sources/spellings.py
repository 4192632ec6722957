"""Names under which columns go in the files of shops, in English and Chinese: the surest first."""

from __future__ import annotations

import re
import unicodedata

from crm_analysis.tables import TABLES

# "/" parts groups: an earlier group is preferred; two columns of the same group cannot be told apart
SPELLINGS = {
    "order_id": """
        order_id, order no, order number, invoice, invoice no, invoice id, invoice number, transaction id,
        transaction no, receipt id, receipt no, bill no, 订单编号, 订单号, 订单id, 主订单编号, 主订单号, 交易号,
        交易编号, 小票号, 小票编号, 单据号, 流水号
        / order, transaction, 订单, 单号
    """,
    "customer_id": """
        customer_id, customer no, customer number, customer code, cust id, user id, member id, member no, client id,
        buyer id, 客户编号, 客户id, 客户号, 客户代码, 客户编码, 顾客编号, 顾客id, 会员id, 会员编号, 会员编码, 会员号,
        会员卡号, 用户id, 用户编号, 买家id, 买家编号
        / user name, buyer nick, 买家会员名, 买家昵称, 买家账号, 买家旺旺, 用户名, 会员名, 用户昵称
        / customer, client, member, buyer, user, uid, 客户, 顾客, 会员, 用户, 买家
    """,
    "ordered_at": """
        ordered_at, order date, order time, order datetime, order purchase timestamp, invoice date, purchase date,
        purchase time, purchased at, transaction date, transaction time, sale date, 下单时间, 下单日期, 订单创建时间,
        订单时间, 订单日期, 购买时间, 购买日期, 消费时间, 消费日期, 交易时间, 交易日期, 销售时间, 销售日期
        / paid at, payment date, payment time, pay time, 付款时间, 付款日期, 订单付款时间, 支付时间, 支付日期, 成交时间
        / created at, create time, 创建时间
        / date, time, datetime, timestamp, day, 日期, 时间
    """,
    "amount": """
        amount, paid amount, amount paid, payment amount, pay amount, 实付金额, 实际支付金额, 买家实际支付金额,
        买家实付金额, 实付款, 实付, 实收金额, 支付金额, 付款金额, 实际付款金额
        / order amount, order total, order value, total, total amount, total price, grand total, total paid, revenue,
        sales, sales amount, 订单金额, 订单总额, 订单总金额, 总金额, 总价, 金额, 销售额, 销售金额, 交易金额, 成交金额,
        消费金额, 应付金额, 买家应付货款
        / payment, payment value, spend, value, dollar value, line total, subtotal
    """,
    "quantity": "quantity, qty, units, number of cds, 数量, 购买数量, 商品数量, 销售数量, 宝贝总数量, 件数",
    "unit_price": "unit price, price, item price, 单价, 商品单价, 价格, 商品价格, 销售单价, 宝贝单价",
    "item_id": """
        item_id, stock code, product id, product code, sku, sku id, asin, 商品编号, 商品id, 商品编码, 商品代码, 货号,
        产品编号, 产品id, 宝贝id
    """,
    "category": "category, product category, category name, 类目, 品类, 商品类目, 商品分类, 商品类别, 分类, 类别",
    "seller_id": "seller_id, seller, shop id, store id, 卖家id, 卖家编号, 店铺id, 店铺编号, 商家id, 门店编号, 门店id",
    "status": "status, order status, 订单状态, 交易状态, 状态",
    "margin": "margin, profit, gross profit, 毛利, 毛利额, 利润",
    "happened_at": "happened_at, event time, 行为时间, 发生时间 / time, datetime, timestamp, 时间",
    "action": "action, behavior, behavior type, behaviour, event type, 行为, 行为类型",
    "category_id": "category_id, item category, 类目id, 品类id, 商品类目id",
    "rated_at": "rated_at, review date, review time, 评价时间, 评论时间 / date, time, 日期, 时间",
    "stars": "stars, rating, overall, score, 评分, 星级, 打分",
    "joined_at": """
        joined_at, registered at, register date, signup date, 注册时间, 注册日期, 入会时间, 入会日期, 开卡日期
    """,
}


def bare(name: object) -> str:
    """Return a column's name without case, spaces, marks and a unit in brackets, so that spellings agree.

    Examples
    --------
    >>> bare("Customer ID"), bare("customer_id"), bare(" 实付金额（元）")
    ('customerid', 'customerid', '实付金额')
    """
    text = unicodedata.normalize("NFKC", str(name)).strip().casefold()
    return re.sub(r"[\W_]", "", re.sub(r"(?<=.)[(\[][^)\]]*[)\]]$", "", text))


def groups(column: str) -> list[frozenset[str]]:
    """Return the plain names under which `column` goes, the surest group first.

    Examples
    --------
    >>> [len(group) > 2 for group in groups("order_id")], groups("city")
    ([True, True], [frozenset({'city'})])
    """
    return [frozenset(map(bare, group.split(","))) for group in SPELLINGS.get(column, column).split("/")]


def names_of(table: str) -> frozenset[str]:
    """Return every plain name that a column of `table` goes under."""
    columns = [column.name for column in TABLES[table].columns] + ["unit_price"] * (table == "orders")
    return frozenset().union(*(group for column in columns for group in groups(column)))
