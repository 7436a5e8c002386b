"""Makes stocks.tsv, run by hand after make_names.mjs, see ../LISTS.md:

    pip install pytickersymbols==1.17.10
    python3 make_stocks.py

The same package and lists give the same bytes.
"""

import os
import re
import unicodedata

from pytickersymbols import PyTickerSymbols

HERE = os.path.dirname(os.path.abspath(__file__))
LEGAL = re.compile(
    r"[,.]?\s+(?:Inc|Incorporated|Corp|Corporation|Company|Companies|Co|Ltd|Limited|plc|PLC|Plc|LLC|L\.?P|LP|AG|SE|S\.?A|NV|N\.V|S\.?p\.?A|AB|ASA|Oyj|Abp|KGaA|GmbH|A/S|"
    r"\(publ\)|ADR|N\.A|REIT|Holdings?|Group|& Co|SpA|SCA|Trust|The|publ)\.?$"
)
# Single words that mean other things first.
WORDS = set("""block ball next sage compass target gap visa progressive southern discover dover crown aon ross carnival iron equity amber
match fox news kla key lamb masco newell nucor paramount pool public realty regency republic snap state trade travelers truist universal
ventas viatris western williams workday xylem best fresh fossil guess heartland hope independent innovative integer joint kaman kite knowles marcus
matson mercury middleby monro nelnet omnicell patrick photon plexus power progress pulse quaker rambus resources rush safety select simply sonic
spartan standard sturm sun super tennant titan tompkins triumph unity urban vector viad vista wabash warrior winnebago world worthington
cable catalyst central certara chase chef clear cogent comfort core corcept deluxe digital dorman dream dynamic eagle eagles edge element encore ennis
enova envista essential evertec extreme federal first forward frontier granite green hub ingles innospec insight interface intact jack john kelly
knife leslie life lindsay liquidity mister modine moog movado mueller national newmark nmi northwest olympic palomar par park peoples phibro phinia piper planet
premier proto quinstreet radian ready rogers safehold scholastic seacoast semtech shake signet southside spx stewart strategic sylvamo talos tanger trip
trinity trustmark two veritex victoria virtus walker warby wd westamerica white wolverine xerox yelp adient admiral ashtead aviva bunzl burberry centrica
diploma entain experian halma informa mondi pearson persimmon rightmove schroders segro severn smiths spirax weir melrose unite land barratt convatec
sharp citizen kirin screen advance credit concordia sky pioneer trend olympus taiheiyo ricoh canon
gea knorr krones nordex nemetschek stratec elmos suss drägerwerk hornbach indus kontron sixt evotec gerresheimer scout delivery hello
icade nexity spie verallia ipsos elior edenred valeo orange total accor alten amundi
solvay proximus sofina melexis lotus cofinimmo
nokian outokumpu stora metso sampo kone neste orion konecranes elisa
essity boliden hexagon getinge kinnevik tele alfa assa atlas
logitech sika geberit givaudan lonza partners swiss holcim richemont alcon
acerinox colonial enagas ferrovial fluidra logista merlin puig rovi sacyr solaria unicaja
linde incyte align teradyne ansys cadence synopsys moderna illumina lucid rivian pinduoduo seagen warner charter fiserv paychex fastenal
cintas copart costar dexcom equinix etsy invesco leidos lennar loews mccormick mosaic nasdaq pentair ppl quanta raymond resmed
royal steris sysco teleflex textron transdigm tyler vulcan waters welltower weyerhaeuser zions zoetis apa allstate ametek amphenol arista autodesk
golf team banf tech calm cent cake coin cost curb play deck plus extr fast form rock keys msgs prog hood ramp shift shen shop sono step shoo unit rush safe hope live nice well
arm booking continental disco employers enact evolution hilltop investor northern principal rational recruit hella cewe adobe banc open true good mass main wash pays more
ryder meritage calix box sabre verb perficient envestnet cars shutterstock yext upwork model expand everest corning humana""".split())
# Of those, the ones that hardly mean anything else in the news.
SAFE = set("""truist viatris ventas xylem nucor rambus omnicell middleby experian aviva burberry centrica halma schroders ricoh nokian outokumpu stora metso neste kone konecranes
essity boliden hexagon kinnevik logitech geberit givaudan lonza holcim richemont alcon ferrovial enagas acerinox teradyne synopsys ansys incyte illumina fiserv paychex
fastenal cintas copart dexcom equinix etsy invesco leidos lennar pentair resmed steris sysco teleflex textron transdigm weyerhaeuser zoetis allstate ametek amphenol autodesk
yelp xerox humana corning gea krones nordex nemetschek evotec gerresheimer valeo accor amundi edenred solvay proximus melexis persimmon rightmove segro bunzl entain
sixt kontron paychex semtech winnebago wolverine citrix zions viad cofinimmo sampo elisa""".split())

PHRASES = set("""national bank|northwest bank|community bank|independent bank|preferred bank|banner bank|public storage|state street|national healthcare|international airlines
genuine parts|iron mountain|global payments|medical properties|healthcare services|air lease|core laboratories|safety insurance|strategic education|united fire|liberty energy
forward air|clear secure|cable one|select medical|federal signal|national vision|first solar-|k line|universal music-|union pacific-|international paper-|general mills-|trade desk
career education|granite construction|equity residential|sealed air|vital farms|element solutions|minerals technologies|lincoln financial-|big yellow|first national""".replace("\n", "|").split("|"))


def fold(s):
    s = unicodedata.normalize("NFD", s.lower())
    s = "".join(c for c in s if not unicodedata.combining(c))
    return re.sub(r"['’.]", "", s).strip()


def known():
    out = {}
    for path in ["orgs.tsv", "orgs_more.tsv", "geography.tsv", "companies.tsv", "companies_more.tsv", "people.tsv", "people_more.tsv", "none.tsv", "../entities.tsv", "places.tsv", "regions.tsv"]:
        for line in open(os.path.join(HERE, path), encoding="utf-8"):
            f = line.rstrip("\n").split("\t")
            if not line.startswith("#") and len(f) > 1:
                if f[0] == "W":
                    f[0] = "O"
                for a in [f[1]] + (f[3].split("|") if len(f) > 3 else []):
                    out.setdefault(fold(a), (f[0], f[1]))
    return out


def short(name):
    name = re.sub(r"\s*\(.*?\)", "", name).strip()
    name = re.sub(r"^The ", "", name)
    while True:
        s = LEGAL.sub("", name).rstrip(" ,&")
        if s == name or not s:
            return name
        name = s


def main():
    own = known()
    skip = set()
    for f in ["firstnames.txt", "notfirst.txt"]:
        skip |= set(open(os.path.join(HERE, f), encoding="utf-8").read().split())
    first = set(skip)
    skip |= WORDS - SAFE
    rows, taken, words_too = {}, set(own), set()
    for s in sorted(PyTickerSymbols().get_all_stocks(), key=lambda s: (s["name"], s.get("symbol", ""))):
        name = short(s["name"])
        k = fold(name)
        if len(k) < 3 or not re.search("[A-Za-z]", name) or "|" in name:
            continue
        t, canon = own.get(k, ("O", name))
        one = " " not in k and "-" not in k and "&" not in k
        if t != "O" or k not in own and one and name.isupper() and len(name) < 4:
            continue
        # What is a word, a phrase or a person too (Target, Iron Mountain, Charles Schwab) counts in a context.
        word = k not in own and (k in PHRASES or one and k in skip or not one and k.split()[0] in first and "&" not in k)
        if word:
            words_too.add(canon)
        al = rows.setdefault(canon, [])
        ticker = s.get("symbol", "").split(".")[0] if "." not in s.get("symbol", "") else ""
        words = [s["name"].strip()] * (not word) + ([ticker] if re.fullmatch("[A-Z]{4,5}", ticker) and fold(ticker) not in skip else [])
        for a in words:
            if fold(a) not in taken and a != canon and "|" not in a and "(" not in a:
                taken.add(fold(a))
                al.append(a)
        taken.add(k)
    with open(os.path.join(HERE, "stocks.tsv"), "w", encoding="utf-8", newline="\n") as f:
        f.write("# Made by make_stocks.py: companies of the great stock indices with their tickers; see ../LISTS.md\n")
        for name in sorted(rows):
            if rows[name] or fold(name) not in own:
                f.write("%s\t%s\t\t%s\n" % ("W" if name in words_too else "O", name, "" if name in words_too else "|".join(rows[name])))


main()
