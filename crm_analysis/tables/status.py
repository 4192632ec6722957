"""States of an order that is no purchase: cancelled, refunded, returned."""

CANCELLED = frozenset((
    "cancelled", "canceled", "cancel", "void", "voided", "refunded", "refund", "returned", "return", "failed", "closed",
    "已取消", "取消", "已退款", "退款", "退款成功", "已退货", "退货", "交易关闭", "已关闭",
))  # fmt: skip
