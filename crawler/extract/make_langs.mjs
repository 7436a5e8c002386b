// Makes trigrams.txt, the letter triples by which languages are told apart.
//
//   npm install franc-all@7.2.0
//   node make_langs.mjs node_modules/franc-all/data.js > trigrams.txt
//
// franc-all (MIT) has the 300 most frequent triples of each language's
// Universal Declaration of Human Rights, the most frequent first. Kept are the
// languages in which news is published and that share a script with others.
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

const codes = {
  Latin: {
    afr: "af", als: "sq", aym: "ay", azj: "az", bos: "bs", cat: "ca", ceb: "ceb", ces: "cs", cym: "cy", dan: "da", deu: "de", eng: "en",
    ekk: "et", epo: "eo", eus: "eu", fao: "fo", fin: "fi", fra: "fr", fry: "fy", gle: "ga", glg: "gl", gla: "gd", hat: "ht", hau: "ha", hil: "hil",
    hrv: "hr", hun: "hu", ibo: "ig", ind: "id", isl: "is", ita: "it", jav: "jv", kin: "rw", lit: "lt", lvs: "lv", ltz: "lb", mlt: "mt", nld: "nl",
    nno: "nn", nob: "nb", nso: "nso", nya: "ny", plt: "mg", pol: "pl", por: "pt", quz: "qu", ron: "ro", run: "rn", sag: "sg", slk: "sk", slv: "sl",
    sna: "sn", som: "so", sot: "st", spa: "es", srp: "sr", ssw: "ss", sun: "su", swe: "sv", swh: "sw", tgl: "tl", tsn: "tn", tso: "ts", tuk: "tk",
    tur: "tr", uzn: "uz", ven: "ve", vie: "vi", xho: "xh", yor: "yo", zlm: "ms", zul: "zu", oci: "oc", roh: "rm", lin: "ln", lug: "lg", wol: "wo", gaa: "gaa",
  },
  Cyrillic: { rus: "ru", ukr: "uk", bel: "be", bul: "bg", srp: "sr", mkd: "mk", kaz: "kk", kir: "ky", tgk: "tg", tat: "tt", khk: "mn", uzn: "uz" },
  Arabic: { arb: "ar", pes: "fa", prs: "fa-AF", urd: "ur", pbu: "ps", uig: "ug", ckb: "ckb" },
  Devanagari: { hin: "hi", mar: "mr", npi: "ne" },
};
const { data } = await import(pathToFileURL(resolve(process.argv[2])));
for (const [script, languages] of Object.entries(codes)) {
  for (const [code, tag] of Object.entries(languages).sort(([, a], [, b]) => (a < b ? -1 : 1))) {
    const triples = data[script]?.[code];
    if (triples && !tag.includes("-")) console.log(`${script}\t${tag}\t${triples}`);
  }
}
