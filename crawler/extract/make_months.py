"""Makes months.txt, the names of months by language and calendar.

    pip install babel==2.19.0
    python make_months.py > months.txt

babel (BSD-3-Clause) has the names of Unicode CLDR (Unicode License v3). A line
is language, calendar and the names of its months, parted by bars: a month's
names, wide and short, in a date and alone, by commas.
"""

import re

from babel import Locale

LANGUAGES = """af ar as az be bg bn bs ca cs cy da de el en es et eu fa fi fil fo fr ga gl gu ha he hi hr hu hy id ig is it
ka kk km kn ko ky lb lo lt lv mk ml mn mr ms mt my nb ne nl nn or pa pl ps pt rm ro ru si sk sl so sq sr sr_Latn sv sw ta te
th tr uk ur uz uz_Cyrl vi xh yo zu""".split()
# The other calendars whose dates stand in the news of a language alone. The
# Buddhist calendar has the months of ours.
JALALI = {
    "fa": "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند".split(),
    "ps": "وری غویی غبرگولی چنگاښ زمری وږی تله لړم لیندۍ مرغومی سلواغه کب".split(),
    "prs": "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت".split(),
}
HIJRI = ["محرم", "صفر", "ربیع الاول,ربيع الأول,ربيع الاول", "ربیع الثانی,ربيع الآخر,ربيع الثاني", "جمادی الاول,جمادى الأولى,جمادى الاولى",
         "جمادی الثانی,جمادى الآخرة,جمادى الثانية", "رجب", "شعبان", "رمضان", "شوال", "ذوالقعده,ذو القعدة,ذي القعدة", "ذوالحجه,ذو الحجة,ذي الحجة"]
# Names that CLDR does not have: the Levant's, the Maghreb's, and cuts of newspapers.
MORE = {
    "ar": ["كانون الثاني,جانفي", "شباط,فيفري", "آذار", "نيسان,أفريل", "أيار,ماي", "حزيران,جوان", "تموز,جويلية", "آب,أوت", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول"],
    "en": ["", "", "", "", "", "", "", "", "sept", "", "", ""],
    "de": ["jän,jänner", "feber", "mär,mrz", "", "", "", "", "", "", "", "", ""],
    "es": ["", "", "", "", "", "", "", "", "set,setiembre", "", "", ""],
}


def clean(name):
    return re.sub(r"[.,\u200e\u200f]", "", name).strip().lower()


def names(locale):
    out = []
    for m in range(1, 13):
        found = []
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                n = clean(locale.months[context][width].get(m, ""))
                if n and not re.search(r"\d", n) and n not in found and len(n) > 1:
                    found.append(n)
        out.append(found)
    return out


for code in LANGUAGES:
    months = names(Locale.parse(code))
    lang = code.split("_")[0]
    for i, more in enumerate(MORE.get(code, [])):
        months[i] += [n for n in more.split(",") if n and n not in months[i]]
    if all(months):
        print(lang, "gregorian", "|".join(",".join(m) for m in months), sep="\t")
for lang, months in JALALI.items():
    print(lang, "jalali", "|".join(months), sep="\t")
print("ar", "hijri", "|".join(HIJRI), sep="\t")
