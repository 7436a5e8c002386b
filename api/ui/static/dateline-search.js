// <dateline-search>: a search box for Dateline around a real form.
const TEXTS = {
  en: ['Search news coverage', 'Search', '{n} results', '1 result', 'Nothing found', 'Search is not reachable', 'Suggestions', 'All results', 'Close'],
  de: ['Berichte durchsuchen', 'Suchen', '{n} Treffer', '1 Treffer', 'Nichts gefunden', 'Suche nicht erreichbar', 'Vorschläge', 'Alle Treffer', 'Schließen'],
  zh: ['搜索新闻报道', '搜索', '{n} 条结果', '1 条结果', '没有找到', '无法连接搜索', '建议', '全部结果', '关闭'],
  ar: ['ابحث في التغطية الإخبارية', 'بحث', '{n} نتيجة', 'نتيجة واحدة', 'لا توجد نتائج', 'البحث غير متاح', 'اقتراحات', 'كل النتائج', 'إغلاق'],
};
const SCOPE = ['story', 'outlet', 'person', 'org', 'place', 'filter-lang', 'from', 'to'];
const CSS = `
:host{display:block;position:relative;font:inherit;color-scheme:light dark;
--_ink:var(--dl-ink,light-dark(#1a1a1a,#ecebe8));--_bg:var(--dl-bg,light-dark(#fff,#151413));
--_soft:var(--dl-soft,light-dark(#595959,#aba7a0));--_line:var(--dl-line,light-dark(#dcdad5,#36332f));
--_accent:var(--dl-accent,light-dark(#8a1c1c,#f0a39a))}
:host([theme=light]){color-scheme:light}:host([theme=dark]){color-scheme:dark}:host([hidden]){display:none}
*{box-sizing:border-box}form{display:flex;align-items:stretch}
input,button{font:inherit;min-height:2.75rem;border:1px solid var(--_soft);background:var(--_bg);color:var(--_ink);padding:.4rem .65rem;border-radius:var(--dl-radius,0)}
input{flex:1;min-width:0;font-size:max(1em,16px)}form button{margin-inline-start:-1px}button{background:var(--_accent);border-color:var(--_accent);color:var(--_bg);cursor:pointer}
:focus-visible{outline:2px solid var(--_accent);outline-offset:1px}
ul{list-style:none;margin:0;padding:0;background:var(--_bg);color:var(--_ink);border:1px solid var(--_line);max-height:24rem;overflow:auto}
.suggest ul{position:absolute;z-index:10;inset-inline:0;top:2.85rem;box-shadow:0 4px 12px #0003}
ul[hidden]{display:none}li{padding:.5rem .65rem;min-height:2.75rem;cursor:pointer;border-bottom:1px solid var(--_line)}li:last-child{border:0}
li[aria-selected=true]{box-shadow:inset 3px 0 var(--_accent);background:color-mix(in srgb,var(--_accent) 9%,var(--_bg))}
mark{background:none;color:inherit;font-weight:700}small{display:block;color:var(--_soft)}
dialog{width:min(40rem,92vw);margin-top:8vh;border:1px solid var(--_line);background:var(--_bg);color:var(--_ink);padding:1rem}
dialog::backdrop{background:#0006}.close{margin-top:.75rem}
.s{min-height:1.5em;color:var(--_soft);font-size:.85em}.suggest .s{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}`;
let sheet, serial = 0;
const el = (tag, attrs = {}, ...kids) => {
  const e = document.createElement(tag);
  for (const k in attrs) if (attrs[k] != null) e.setAttribute(k, attrs[k]);
  e.append(...kids);
  return e;
};
const web = (s) => { try { const u = new URL(s); return /^https?:$/.test(u.protocol) ? u.href : ''; } catch { return ''; } };

// marked gives text as nodes, with the words of q that begin a word in it marked.
const marked = (text, q) => {
  const words = q.split(/\s+/).filter(Boolean).map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (!words.length) return [text];
  return text.split(new RegExp('(?<![\\p{L}\\p{N}])(' + words.join('|') + ')', 'iu')).map((x, i) => i % 2 ? el('mark', { part: 'mark' }, x) : x);
};

class DatelineSearch extends HTMLElement {
  static observedAttributes = ['lang', 'mode', 'label', 'placeholder'];
  #items = []; #at = -1; #timer; #abort; #ready; #open = false;

  connectedCallback() {
    if (this.#ready) return;
    this.#ready = true;
    if (!this.shadowRoot) this.attachShadow({ mode: 'open' });
    if (!sheet) { sheet = new CSSStyleSheet(); sheet.replaceSync(CSS); }
    this.shadowRoot.adoptedStyleSheets = [sheet];
    this.#build();
    this.#emit('dl-ready');
  }
  disconnectedCallback() { this.#stop(); }
  attributeChangedCallback(_, a, b) { if (this.#ready && a !== b) this.#build(); }

  get #mode() { const m = this.getAttribute('mode'); return m === 'panel' || m === 'modal' ? m : 'suggest'; }
  get #lang() {
    const l = (this.lang || this.closest('[lang]')?.lang || navigator.language).slice(0, 2).toLowerCase();
    return Object.hasOwn(TEXTS, l) ? l : 'en';
  }
  get #t() { return TEXTS[this.#lang]; }
  get #base() {
    try { return new URL(this.getAttribute('endpoint') || '/', document.baseURI); } catch { return new URL('/', document.baseURI); }
  }
  get value() { return this.input?.value || ''; }
  set value(v) { if (this.input) this.input.value = v; }
  #num(name, def) { const n = parseInt(this.getAttribute(name), 10); return n >= 0 ? n : def; }
  #emit(type, detail = {}, cancelable = false) {
    return this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable }));
  }
  #stop() { clearTimeout(this.#timer); this.#abort?.abort(); }

  #build() {
    this.#stop();
    const t = this.#t, id = 'dl' + ++serial, mode = this.#mode, old = this.value || this.querySelector('[name=q]')?.value || '';
    const label = this.getAttribute('label') || t[0];
    this.input = el('input', { type: 'search', name: 'q', part: 'input', role: 'combobox', dir: 'auto', 'aria-label': label, placeholder: this.getAttribute('placeholder'),
      'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': id, autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', enterkeyhint: 'search', maxlength: 2000 });
    this.input.value = old;
    this.list = el('ul', { id, part: 'list', role: 'listbox', 'aria-label': t[6], hidden: '' });
    this.status = el('div', { class: 's', part: 'status', role: 'status' });
    this.form = el('form', { part: 'form', role: 'search' }, el('slot', { name: 'icon' }), this.input, el('button', { part: 'button' }, t[1]));
    const box = el('div', { class: mode, part: 'box', dir: this.#lang === 'ar' ? 'rtl' : null, lang: this.#lang }, this.form, this.list, this.status, el('slot', { name: 'empty', hidden: '' }), el('slot', { name: 'footer' }));
    this.empty = box.querySelector('slot[name=empty]');
    this.form.addEventListener('submit', (e) => { e.preventDefault(); this.#submit(); });
    this.input.addEventListener('input', (e) => { if (!e.isComposing) this.#typed(); });
    this.input.addEventListener('compositionend', () => this.#typed());
    this.input.addEventListener('keydown', (e) => this.#key(e));
    this.input.addEventListener('blur', () => { if (mode === 'suggest') this.#show(false); });
    this.list.addEventListener('mousedown', (e) => e.preventDefault()); // the input keeps the focus
    this.list.addEventListener('click', (e) => {
      const i = [...this.list.children].indexOf(e.target.closest('li'));
      if (i >= 0) this.#select(i, e.ctrlKey || e.metaKey);
    });
    if (mode !== 'modal') { this.shadowRoot.replaceChildren(box); return; }
    const close = el('button', { type: 'button', class: 'close', part: 'close' }, t[8]);
    const dialog = el('dialog', { part: 'dialog', 'aria-label': label }, box, close);
    const open = el('button', { type: 'button', part: 'open', 'aria-haspopup': 'dialog' }, label);
    open.addEventListener('click', () => { dialog.showModal(); this.input.focus(); });
    close.addEventListener('click', () => dialog.close());
    this.shadowRoot.replaceChildren(open, dialog);
  }

  #scope(params) {
    let any = false;
    for (const name of SCOPE) {
      const value = this.getAttribute(name);
      if (!value) continue;
      any = true;
      const multi = name !== 'from' && name !== 'to';
      for (const v of multi ? value.split(',') : [value]) params.append(name.replace('filter-', ''), v.trim());
    }
    return any;
  }
  #url() {
    const u = new URL('search', this.#base);
    if (this.value.trim()) u.searchParams.set('q', this.value.trim());
    this.#scope(u.searchParams);
    return u.href;
  }
  #go(href, blank) {
    const target = blank ? '_blank' : this.getAttribute('target') || '_self';
    if (target === '_self') location.assign(href); else window.open(href, target, 'noopener');
  }
  #submit() {
    const url = this.#url();
    if (this.#emit('dl-submit', { query: this.value, url }, true)) this.#go(url);
  }
  #select(i, blank) {
    const item = this.#items[i];
    if (!item || !this.#emit('dl-select', { item, url: item.href }, true)) return;
    if (item.href) return this.#go(item.href, blank);
    this.value = item.text;
    this.#show(false);
    this.#submit();
  }

  #typed() {
    this.#stop();
    this.#emit('dl-input', { query: this.value });
    if ([...this.value.trim()].length < this.#num('min-chars', 2)) { this.#fill([]); this.status.textContent = ''; this.empty.hidden = true; return; }
    this.#timer = setTimeout(() => this.#ask(), this.#num('debounce', 200));
  }
  async #ask() {
    const q = this.value.trim(), t = this.#t, abort = this.#abort = new AbortController();
    const p = new URLSearchParams(), scoped = this.#scope(p), hits = scoped || this.#mode !== 'suggest';
    p.set('q', hits && /[a-z0-9]$/i.test(q) && !q.includes('"') ? q + '*' : q);
    p.set('limit', Math.min(Math.max(this.#num('limit', 8), 1), 20));
    if (hits) { p.set('facets', ''); p.set('interval', ''); }
    try {
      const r = await fetch(new URL('api/v1/' + (hits ? 'search?' : 'suggest?') + p, this.#base), { signal: abort.signal, credentials: 'omit' });
      const d = await r.json();
      if (abort.signal.aborted) return;
      if (!r.ok) throw Object.assign(new Error(d.detail || r.statusText), { problem: d });
      this.#fill(hits
        ? d.hits.map((h) => ({ kind: 'article', id: h.id, text: h.title, lang: h.lang, note: [h.outlet.name, (h.published || '').slice(0, 10)].filter(Boolean).join(' · '), href: web(h.url) }))
        : d.suggestions.map((s) => ({ kind: s.kind, id: s.id, text: s.text, note: s.count > 1 ? this.#count(s.count) : '',
          href: s.kind === 'entity' ? new URL('entities/' + encodeURIComponent(s.id), this.#base).href : web(s.url) })));
      const n = hits ? d.total : d.suggestions.length;
      this.empty.hidden = n > 0;
      this.status.textContent = n ? this.#count(n) : t[4];
      this.#emit('dl-results', { query: q, total: n, items: this.#items });
    } catch (error) {
      if (error.name === 'AbortError') return;
      this.#fill([]);
      this.empty.hidden = true;
      this.status.textContent = error.problem ? error.message : t[5];
      this.#emit('dl-error', { query: q, error });
    }
  }
  #count(n) { return n === 1 ? this.#t[3] : this.#t[2].replace('{n}', n.toLocaleString(this.#lang)); }

  #fill(items) {
    this.#items = items;
    this.list.replaceChildren(...items.map((x, i) => el('li', { id: this.list.id + '-' + i, part: 'option', role: 'option', 'aria-selected': 'false' },
      el('span', { lang: x.lang, dir: 'auto' }, ...marked(x.text, this.value)), ...(x.note ? [el('small', { dir: 'auto' }, x.note)] : []))));
    this.#show(items.length > 0);
  }
  #show(open) {
    this.#open = open && this.#items.length > 0;
    this.list.hidden = !this.#open;
    this.input.setAttribute('aria-expanded', String(this.#open));
    this.#mark(-1);
  }
  #mark(i) {
    this.list.children[this.#at]?.setAttribute('aria-selected', 'false');
    this.#at = i;
    const li = this.list.children[i];
    if (!li) return this.input.removeAttribute('aria-activedescendant');
    li.setAttribute('aria-selected', 'true');
    li.scrollIntoView({ block: 'nearest' });
    this.input.setAttribute('aria-activedescendant', li.id);
  }
  #key(e) {
    if (e.isComposing || e.keyCode === 229) return;
    const n = this.#items.length;
    if ((e.key === 'ArrowDown' || e.key === 'ArrowUp') && n) {
      e.preventDefault();
      if (e.key === 'ArrowUp' && e.altKey) return this.#show(false);
      const was = this.#open;
      if (!was) this.#show(true);
      if (e.altKey) return;
      const down = e.key === 'ArrowDown';
      this.#mark(this.#at < 0 ? (down ? 0 : n - 1) : (this.#at + (down ? 1 : n - 1)) % n);
    } else if (e.key === 'Enter' && this.#open && this.#at >= 0) {
      e.preventDefault();
      this.#select(this.#at, e.ctrlKey || e.metaKey);
    } else if (e.key === 'Escape' && (this.#open || this.value)) {
      e.preventDefault();
      e.stopPropagation();
      if (this.#open) this.#show(false); else { this.value = ''; this.#typed(); }
    } else if (e.key === 'Tab') {
      if (this.#mode === 'suggest') this.#show(false);
    }
  }
}
if (!customElements.get('dateline-search')) customElements.define('dateline-search', DatelineSearch);
