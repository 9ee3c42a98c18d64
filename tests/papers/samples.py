"""Documents as a city would send them, for tests that read and look at them."""

from ayumi.papers.shapes import (
    Addressee,
    Adjustment,
    Chart,
    FigureRow,
    Head,
    MonthlyReport,
    PlainTable,
    Section,
    Sender,
    Statement,
    StatementLine,
    TaxRow,
    Words,
)

NICKNAMES = ["あおい", "𠮷さん", "葛\U000e0100さん", "ハル", "みどりのそら いちばんながいよびなのひと"]


def head(title: str) -> Head:
    return {
        "municipality": "盛岡市",
        "title": title,
        "form_number": "様式第3号",
        "document_number": "盛生福第1234号",
        "issued_on": "令和8年12月4日",
        "edition": "第1版",
        "fingerprint": "3f2a-91c0-7be4-55d1",
    }


def line(number: int, days: int = 6) -> StatementLine:
    return {
        "person": NICKNAMES[number % len(NICKNAMES)],
        "days": [f"{day * 2}日" for day in range(1, days + 1)],
        "quantity": days,
        "unit": "日",
        "unit_price": 2_160,
        "amount": days * 2_160,
        "note": "半日の体験を含む" if number == 2 else None,
    }


ADJUSTMENTS: list[Adjustment] = [
    {"about": "令和8年10月分 ハル", "reason": "10月21日の欠席を確認したため", "amount": -2_160}
]
ADDRESSEE: Addressee = {
    "name": "特定非営利活動法人 北上川の流れと暮らしを未来へつなぐ協働ネットワーク 喫茶あゆみ 髙﨑店",
    "honorific": "御中",
    "address": ["〒020-0000 盛岡市内丸1番1号", "北上川ビルディング3階"],
}
SENDER: Sender = {
    "name": "盛岡市福祉事務所",
    "lines": ["保健福祉部 生活福祉第一課 就労支援係", "担当 𠮷田　電話 019-000-0000"],
}
OPENING = (
    "令和8年11月分の就労体験の受入れについて、次のとおり確認しました。いつもご協力をいただき、ありがとうございます。"
)
REMARKS = [
    "この明細は、貴事業所が確認した体験日にもとづいています。",
    "内容に違いがあるときは、お手数ですが令和8年12月15日までに担当へお知らせください。次の月の明細で調整します。",
]


def statement(people: int = 5) -> Statement:
    lines = [line(number, days=3 + number % 9) for number in range(people)]
    total = sum(each["amount"] for each in lines) - 2_160
    taxes: list[TaxRow] = [{"label": "10%対象（税込）", "base": total, "tax": total * 10 // 110}]
    return {
        "head": head("就労体験 受入れ謝金 支払明細書"),
        "addressee": {**ADDRESSEE},
        "sender": SENDER,
        "opening": OPENING,
        "period": "令和8年11月1日から令和8年11月30日まで",
        "payment_on": "令和8年12月25日",
        "lines": lines,
        "adjustments": ADJUSTMENTS,
        "total_quantity": sum(each["quantity"] for each in lines),
        "unit": "日",
        "total": total,
        "taxes": taxes,
        "tax_note": "金額は消費税等を含みます。",
        "remarks": REMARKS,
    }


def chart_svg(kind: str) -> bytes:
    """A small chart as the pages draw them: literal colours, text as text."""
    values = [32, 35, 31, 38, 41, 44]
    parts = []
    for number, value in enumerate(values):
        x = 70 + number * 95
        parts.append(f'<text x="{x + 20}" y="232" text-anchor="middle" font-size="13">{number + 6}月</text>')
        parts.append(f'<text x="{x + 20}" y="{195 - value * 3.6}" text-anchor="middle" font-size="13">{value}</text>')
        if kind == "bar":
            parts.append(f'<rect x="{x}" y="{205 - value * 3.6}" width="40" height="{value * 3.6}" fill="#0017c1"/>')
        else:
            parts.append(f'<circle cx="{x + 20}" cy="{205 - value * 3.6}" r="5" fill="#008299"/>')
    style = "font-family: 'Noto Sans JP', sans-serif"
    body = '<line x1="50" y1="210" x2="640" y2="210" stroke="#767676"/>' + "".join(parts)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 660 245" style="{style}">{body}</svg>'.encode()


def figure(label: str, value: int | float | None, unit: str, previous: int | float | None) -> FigureRow:
    change = value - previous if value is not None and previous is not None else None
    return {"label": label, "value": value, "unit": unit, "previous": previous, "change": change}


SECTIONS: list[Section] = [
    {
        "title": "参加者",
        "rows": [
            figure("支援中の人", 44, "人", 41),
            figure("　うち新しく始めた人", 5, "人", 2),
            figure("支援を終えた人", 2, "人", 2),
            figure("出席率", 82.4, "%", 79.9),
            {**figure("就職・増収した人", None, "人", None), "note": "今月から集計します"},
        ],
    },
    {
        "title": "週次支援記録",
        "rows": [
            figure("提出予定", 176, "件", 164),
            figure("期限内の提出", 168, "件", 160),
            figure("遅れて提出", 5, "件", 1),
            figure("未提出", 3, "件", 3),
        ],
    },
    {
        "title": "就労体験と謝金",
        "rows": [
            figure("体験した人", 21, "人", 24),
            figure("延べ日数", 1_126, "日", 98),
            figure("謝金の合計", 2_432_160, "円", 2_211_680),
        ],
    },
]

CHARTS: list[Chart] = [
    {
        "image": "people",
        "title": "支援中の人の推移",
        "description": "6月32人から11月44人へ増えた棒グラフ",
    },
    {
        "image": "attendance",
        "title": "出席の推移",
        "description": "週ごとの出席率の点グラフ",
        "note": "各週の月曜日で数えます。",
    },
    {"image": "days", "title": "体験日数", "description": "月ごとの体験日数の棒グラフ"},
]

TABLES: list[PlainTable] = [
    {
        "title": "事業所ごとの体験",
        "headings": ["事業所", "人数", "延べ日数", "金額"],
        "rows": [
            ["喫茶あゆみ 髙﨑店", 4, 21, 45_360],
            ["北上川クリーニング", 2, None, 0],
            ["農園 葛\U000e0100のさと", 3, 12.5, 27_000],
        ],
        "note": "金額は確認済みの日数によります。",
    }
]

WORDS: Words = {
    "title": "今月の所見",
    "paragraphs": [
        "新しく5人が加わり、支援中の人は44人になりました。生活リズムの立て直しから始める人が多く、午前の居場所プログラムの定員を2人増やしました。",
        "就労体験は受入れ先が1か所増え、延べ日数が大きく伸びています。一方で、遅れて提出された記録が5件あり、委託先と書き方の見直しを進めています。",
    ],
    "by": "生活福祉第一課長　令和8年12月4日",
}


def monthly_report() -> MonthlyReport:
    return {
        "head": head("就労準備支援事業 月次報告書"),
        "period": "令和8年11月分",
        "cutoff": "令和8年12月3日 9時00分",
        "definition": "集計定義 第2版（令和8年4月1日から適用）",
        "sections": SECTIONS,
        "charts": CHARTS,
        "tables": TABLES,
        "words": WORDS,
        "remarks": ["人数は月末日の状態で数えます。", "週をまたぐ月の記録は、活動した日で分けて数えます。"],
    }


IMAGES = {"people": chart_svg("bar"), "attendance": chart_svg("dot"), "days": chart_svg("bar")}
