"""Names and sentences to fill rows with. Made up; no two in one row belong to anybody."""

from ayumi.japan.kana import search_key

FAMILIES = (
    ("佐藤", "サトウ"), ("鈴木", "スズキ"), ("高橋", "タカハシ"), ("田中", "タナカ"), ("伊藤", "イトウ"),
    ("渡辺", "ワタナベ"), ("山本", "ヤマモト"), ("中村", "ナカムラ"), ("小林", "コバヤシ"), ("加藤", "カトウ"),
    ("吉田", "ヨシダ"), ("山田", "ヤマダ"), ("佐々木", "ササキ"), ("山口", "ヤマグチ"), ("松本", "マツモト"),
    ("井上", "イノウエ"), ("木村", "キムラ"), ("林", "ハヤシ"), ("斎藤", "サイトウ"), ("清水", "シミズ"),
)  # fmt: skip
GIVEN = (
    ("翔", "ショウ"), ("陽子", "ヨウコ"), ("健一", "ケンイチ"), ("美咲", "ミサキ"), ("直樹", "ナオキ"),
    ("恵", "メグミ"), ("大輔", "ダイスケ"), ("由美", "ユミ"), ("拓也", "タクヤ"), ("久美子", "クミコ"),
    ("誠", "マコト"), ("愛", "アイ"), ("隆", "タカシ"), ("真由", "マユ"), ("修", "オサム"), ("千尋", "チヒロ"),
)  # fmt: skip
KEYS = {reading: search_key(reading) for pair in (FAMILIES, GIVEN) for _name, reading in pair}
NAME_KEYS = {name: search_key(name) for pair in (FAMILIES, GIVEN) for name, _reading in pair}
MENUS = ("朝の会", "生活リズム講座", "パソコン講座", "軽作業", "就労体験", "面接練習")
TIERS = ("daily_life", "daily_life", "social", "work", "work", "work")
EXPERIENCE_MENU = 4
PLACES = ("本館二階", "市民会館", "作業室")
SEEN = (
    "挨拶の声が大きくなった。", "途中で休みながら最後まで参加した。", "ほかの参加者に自分から話しかけていた。",
    "手順書を見ながら一人で進められた。", "疲れた様子だったが、来られたことを喜んでいた。",
)  # fmt: skip
SUMMARIES = (
    "予定した日はすべて参加できた。来週は体験先の見学を予定している。",
    "週の前半は起きられず欠席したが、後半は自分で連絡して参加した。",
    "作業の速さが上がってきた。休憩の取り方を一緒に考えたい。",
    "体調の波があるため、無理のない日数で続けることを確認した。",
)
GOALS = ("週三日、朝から通えるようになる", "短い時間の仕事に就く", "履歴書を自分で書き上げる", "人前で話せるようになる")
TRADES = ("青果", "製パン", "清掃", "農園", "介護", "印刷", "食堂", "倉庫")
CONDITIONS = ("good", "usual", "tired", "low", "unwell")
BARRIERS = ("daily_rhythm", "mental_health", "work_gap", "relationships", "housing", "debt")
