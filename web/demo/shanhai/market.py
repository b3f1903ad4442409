"""山海集: a Chinese marketplace with a shop of its own and merchants on commission."""

from web.demo.content import Address, Buyer, Coupon, Funding, Marketplace, Policy, Rate
from web.demo.facets import category
from web.demo.lines import expand
from web.demo.shanhai import audio, lamps, snacks, sports, stationery, tableware, tea, textiles
from web.demo.shanhai.shops import SHOPS

CATEGORIES = (
    category("tea", "Tea", "茶", "", "clay porcelain tea"),
    category("tableware", "Tableware", "食器", "", "clay glass stoneware"),
    category("lamps", "Lamps", "灯具", "", "aluminium linen paper steel"),
    category("textiles", "Home textiles", "家纺", "", "cotton linen wool"),
    category("audio", "Audio", "影音", "", "aluminium birch resin walnut"),
    category("sports", "Sports and outdoors", "运动户外", "", "canvas carbon mesh rubber steel"),
    category("stationery", "Stationery", "文房", "", "bamboo brass ink paper"),
    category("snacks", "Snacks", "零食", "", "fruit honey nuts pastry"),
)
LINES = tuple(
    line for module in (tea, tableware, lamps, textiles, audio, sports, stationery, snacks) for line in module.LINES
)
# Name, street, city, province, postcode, telephone (a range that is not given out).
_PEOPLE = (
    ("林晓雨", "西湖区文三路 88 号 2 幢 301 室", "杭州市", "浙江省", "310012", "+86 100 0000 0001"),
    ("陈思远", "徐汇区永康路 37 弄 5 号", "上海市", "上海市", "200031", "+86 100 0000 0002"),
    ("王嘉宁", "东城区五道营胡同 21 号", "北京市", "北京市", "100007", "+86 100 0000 0003"),
    ("赵一帆", "武侯区玉林西路 56 号 4 单元", "成都市", "四川省", "610041", "+86 100 0000 0004"),
    ("黄佩珊", "越秀区东华东路 120 号 602 房", "广州市", "广东省", "510080", "+86 100 0000 0005"),
    ("周子墨", "姑苏区十梓街 9 号", "苏州市", "江苏省", "215006", "+86 100 0000 0006"),
    ("吴海涛", "思明区曾厝垵社 212 号", "厦门市", "福建省", "361005", "+86 100 0000 0007"),
    ("刘若溪", "武昌区昙华林路 33 号", "武汉市", "湖北省", "430061", "+86 100 0000 0008"),
    ("孙明哲", "市南区大学路 14 号", "青岛市", "山东省", "266003", "+86 100 0000 0009"),
    ("何静怡", "南山区后海大道 2088 号 B 座", "深圳市", "广东省", "518054", "+86 100 0000 0010"),
    ("马文博", "碑林区书院门 7 号", "西安市", "陕西省", "710001", "+86 100 0000 0011"),
    ("杨雨桐", "盘龙区翠湖南路 18 号", "昆明市", "云南省", "650031", "+86 100 0000 0012"),
)
BUYERS = tuple(
    Buyer(name, f"buyer{number:02d}@shanhai.example", city, Address(street, city, region, post, "CN", phone))
    for number, (name, street, city, region, post, phone) in enumerate(_PEOPLE, start=1)
)
COUPONS = (
    Coupon(
        "WELCOME",
        "新人立减 20 元",
        Funding.PLATFORM,
        amount_minor=2_000,
        minimum_minor=9_900,
        platform_share_bps=10_000,
    ),
    Coupon("CHAXIANG", "云上茶事九折", Funding.MERCHANT, percent_bps=1_000, cap_minor=5_000, shop="yunshang"),
    Coupon(
        "NUANDONG",
        "棉田暖冬八五折，平台与店铺各担一半",
        Funding.SHARED,
        percent_bps=1_500,
        minimum_minor=20_000,
        cap_minor=10_000,
        shop="miantian",
        platform_share_bps=5_000,
    ),
)
RATES = (
    Rate("影音数码", ("audio",), 500, floor_minor=200, cap_minor=20_000),
    Rate("茶", ("tea",), 800, floor_minor=100),
    Rate("食器与灯具", ("tableware", "lamps"), 700, floor_minor=100),
    Rate("家纺", ("textiles",), 600, cap_minor=10_000),
    Rate("零食", ("snacks",), 300, per_unit_minor=50),
    Rate("其他类目", (), 600, floor_minor=50),
)
POLICIES = (
    Policy(
        "delivery",
        "配送说明",
        "各店铺自行发货，一笔订单可能分成几个包裹。运费和预计到达日期在付款前列明。\n\n"
        "灯具和音箱等大件送货上门，送货员会提前电话预约。",
    ),
    Policy(
        "returns",
        "退换货",
        "除定制、鲜活易腐等依法不适用的商品外，签收之日起七天内可无理由退货，商品应当完好。\n\n"
        "因质量问题退换的，往返运费由店铺承担；退款原路返回。",
    ),
    Policy(
        "privacy",
        "隐私政策",
        "我们只收集完成交易所需的姓名、地址、电话和订单信息，店铺只能看到配送所需的部分。\n\n"
        "您可以随时查阅、复制、更正、删除个人信息，或撤回同意，也可以关闭个性化推荐。",
    ),
    Policy(
        "terms",
        "用户协议",
        "标有“自营”的商品由山海集销售，其他商品由页面所示店铺销售。评价真实公开，不删差评。\n\n"
        "付费展示的位置都标明“广告”。发生争议时，可先向平台客服申请调解。",
    ),
    Policy(
        "imprint",
        "关于本演示",
        "山海集是用于演示的虚构商家，店铺、人物和地址均为虚构。\n\n联系邮箱：hello@shanhai.example",
    ),
)
SHANHAI = Marketplace(
    slug="shanhai",
    name="山海集",
    tagline="山里的手艺，海边的日子",
    country="CN",
    currency="CNY",
    timezone="Asia/Shanghai",
    languages=("zh", "en"),
    preset="self_operated_commission",
    brand_hex="#A8442F",
    categories=CATEGORIES,
    shops=SHOPS,
    listings=expand(LINES),
    buyers=BUYERS,
    coupons=COUPONS,
    rates=RATES,
    policies=POLICIES,
)
