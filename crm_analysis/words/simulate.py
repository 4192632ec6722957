"""Words of the room `simulate`: the values that stand in the tables of the simulated companies."""

from crm_analysis.words.word import Word

KINDS = {
    "consumer": Word("消费者", "consumer"),
    "small_seller": Word("小店家", "small seller"),
    "large_merchant": Word("大商家", "large merchant"),
    "female": Word("女", "female"),
    "male": Word("男", "male"),
}
CATEGORIES = {
    "clothing": Word("服饰鞋包", "clothing"),
    "beauty": Word("美容护肤", "beauty"),
    "home_goods": Word("家居用品", "home goods"),
    "digital": Word("手机数码", "digital"),
    "baby": Word("母婴用品", "baby goods"),
    "food": Word("食品", "food"),
    "books": Word("图书音像", "books"),
    "topup": Word("话费充值", "phone top-up"),
}
ORDERS = {
    "completed": Word("交易成功", "completed"),
    "refunded": Word("已退款", "refunded"),
    "shipped": Word("已发货", "shipped"),
    "promised_days": Word("承诺送达天数", "promised days", ",.1f"),
    "delivery_days": Word("实际送达天数", "delivery days", ",.1f"),
}
SITES = {
    "search_engine": Word("搜索引擎", "search engine"),
    "portal_site": Word("门户网站", "portal"),
    "navigation_site": Word("导航网站", "navigation site"),
    "microblog": Word("微博", "microblog"),
    "forum": Word("论坛", "forum"),
    "friend": Word("朋友推荐", "friend"),
    "discount_ad": Word("折扣型创意", "discount creative"),
    "story_ad": Word("故事型创意", "story creative"),
    "banner": Word("横幅", "banner"),
    "text_link": Word("文字链", "text link"),
    "video": Word("视频", "video"),
    "top_of_page": Word("页面顶部", "top of the page"),
    "side_of_page": Word("页面侧栏", "side of the page"),
    "bottom_of_page": Word("页面底部", "bottom of the page"),
}
COMPLAINTS = {
    "seller_service": Word("卖家缺乏以客户为中心的理念", "sellers do not put the customer first"),
    "scattered_information": Word("客户信息分散", "customer information is scattered"),
    "no_community": Word("缺少消费者社区", "no consumer community"),
    "delivery": Word("商品配送薄弱", "weak delivery"),
    "cold_after_sale": Word("售后冷淡", "cold after the sale"),
    "line_busy": Word("客服占线", "service line busy"),
    "dispute_tiresome": Word("维权程序复杂", "disputes too tiresome"),
    "not_as_described": Word("商品与描述不符", "not as described"),
    "shop_gone": Word("店铺已关闭", "shop closed down"),
    "history_lost": Word("购买记录丢失", "purchase history lost"),
    "nowhere_to_ask": Word("无处交流询问", "nowhere to ask other buyers"),
    "only_promotions": Word("满屏都是促销", "nothing but promotions"),
    "late_delivery": Word("送达迟缓", "late delivery"),
    "damaged_goods": Word("商品破损", "damaged goods"),
    "lost_parcel": Word("包裹丢失", "lost parcel"),
    "swapped_goods": Word("商品被调包", "goods swapped"),
    "online_chat": Word("在线客服", "online chat"),
    "phone": Word("电话", "phone"),
    "web_form": Word("网页表单", "web form"),
    "email": Word("电子邮件", "e-mail"),
}
CAMPAIGNS = {
    "summer_mail": Word("夏季邮件", "summer e-mail"),
    "autumn_mail": Word("秋季邮件", "autumn e-mail"),
    "winter_mail": Word("冬季邮件", "winter e-mail"),
}
CITIES = {
    "Beijing": Word("北京", "Beijing"),
    "Shanghai": Word("上海", "Shanghai"),
    "Guangzhou": Word("广州", "Guangzhou"),
    "Shenzhen": Word("深圳", "Shenzhen"),
    "Hangzhou": Word("杭州", "Hangzhou"),
    "Nanjing": Word("南京", "Nanjing"),
    "Suzhou": Word("苏州", "Suzhou"),
    "Ningbo": Word("宁波", "Ningbo"),
    "Wuhan": Word("武汉", "Wuhan"),
    "Chengdu": Word("成都", "Chengdu"),
    "Chongqing": Word("重庆", "Chongqing"),
    "Tianjin": Word("天津", "Tianjin"),
    "Xian": Word("西安", "Xi'an"),
    "Dalian": Word("大连", "Dalian"),
    "Harbin": Word("哈尔滨", "Harbin"),
    "Kunming": Word("昆明", "Kunming"),
    "Nanning": Word("南宁", "Nanning"),
    "Lanzhou": Word("兰州", "Lanzhou"),
    "Urumqi": Word("乌鲁木齐", "Urumqi"),
    "Hohhot": Word("呼和浩特", "Hohhot"),
}
TELECOM = {
    "plan": Word("合约类型", "plan"),
    "fee": Word("月费", "monthly fee", ",.2f"),
    "internet_service": Word("上网方式", "internet service"),
    "fibre_optic": Word("光纤", "fibre optic"),
    "dsl": Word("数字用户线", "DSL"),
    "no_internet": Word("不上网", "no internet"),
    "support": Word("技术支持服务", "technical support"),
    "payment_method": Word("付款方式", "payment method"),
    "direct_debit": Word("自动扣款", "direct debit"),
    "paper_bill": Word("纸质账单付款", "paper bill"),
    "paperless_billing": Word("电子账单", "paperless billing"),
    "elderly": Word("65 岁及以上", "65 or older"),
    "complaint_resolved": Word("近期投诉，已及时解决", "recent complaint, resolved in time"),
    "complaint_badly": Word("近期投诉，处理不当", "recent complaint, handled badly"),
    "network_fault": Word("网络故障", "network fault"),
    "wrong_bill": Word("账单错误", "wrong bill"),
}

WORDS: dict[str, Word] = KINDS | CATEGORIES | ORDERS | SITES | COMPLAINTS | CAMPAIGNS | CITIES | TELECOM
