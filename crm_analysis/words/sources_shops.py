"""Words of the room `sources_shops`: rules by which rows of a shop's files are set aside or noted."""

from crm_analysis.words.word import Word

WORDS: dict[str, Word] = {
    "item_id": Word("商品编号", "item"),
    "quantity": Word("数量", "quantity", ",d"),
    "description": Word("商品名称", "description"),
    "country": Word("国家或地区", "country"),
    "missing_customer": Word("缺少客户编号", "customer missing"),
    "cancellation": Word("取消或退货单", "cancellation"),
    "bad_debt_adjustment": Word("坏账调整单", "bad-debt adjustment"),
    "quantity_not_positive": Word("数量不为正且不是退货单", "quantity not positive, no cancellation"),
    "price_not_positive": Word("单价不为正", "price not positive"),
    "non_product_code": Word(
        "非商品编码（邮费、手续费、手工录入等）", "code of no product (postage, fees, manual entries)"
    ),
    "duplicate_row": Word("与前面某行完全相同", "row equal to an earlier one"),
    "repeated_in_later_sheet": Word("后一工作表重复前一工作表的行", "row of an earlier sheet repeated"),
    "outside_window": Word("不在观察期内", "outside the observed period"),
    "wrong_field_count": Word("列数不符", "wrong number of fields"),
    "too_many_fields": Word("列数多于表头", "more fields than the header"),
    "short_row": Word("列数少于表头", "fewer fields than the header"),
    "broken_quotes": Word("引号不配对", "quotation marks do not match"),
    "repeated_header": Word("重复的表头行", "header repeated"),
    "rounded_id": Word(
        "客户编号被表格软件舍入",
        "customer id rounded by a spreadsheet",
        "",
        "Excel 只保留 15 位有效数字；更长的编号存为数字后末位变为 0，不同客户可能变成同一编号。"
        "导出时应把编号列存为文本。",
        "Excel keeps 15 digits; a longer id saved as a number ends in zeros, so that several customers may share one."
        " Export the column as text.",
    ),
    "rounded_order_id": Word("订单编号被表格软件舍入", "order id rounded by a spreadsheet"),
    "closed_order": Word("已关闭、取消、退款或未付款的订单", "order closed, cancelled, refunded or unpaid"),
    "negative_amount": Word("金额为负（退款）", "negative amount (refund)"),
    "zero_amount": Word("金额为零", "amount of zero"),
    "unreadable_characters": Word("含无法识别的字符", "characters that cannot be read"),
}
