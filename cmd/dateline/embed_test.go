package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// hostScript records the box's events and cancels what can be cancelled, so
// that the page stays.
const hostScript = `window.seen = [];
for (const type of ['dl-ready', 'dl-input', 'dl-results', 'dl-select', 'dl-submit', 'dl-error']) {
  document.addEventListener(type, (e) => {
    seen.push({ type, composed: e.composed, cancelable: e.cancelable, url: e.detail.url || '', total: e.detail.total || 0 });
    if (e.cancelable) e.preventDefault();
  });
}`

const hostStyle = `body { background: Canvas; color: CanvasText; color-scheme: light dark }
.themed { --dl-accent: rgb(0, 80, 40) }
.themed::part(input) { border-color: rgb(1, 2, 3) }
ul, li { color: red !important }`

// newHost is a site on another origin with the strictest policy there is: no
// inline script or style, Trusted Types, nothing but the box's server. The page
// /?a=…&c=… has a box with these attributes and these children.
func newHost(t *testing.T, base string) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	file := func(path, kind, body string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			fmt.Fprint(w, body)
		})
	}
	file("/host.js", "text/javascript", hostScript)
	file("/host.css", "text/css", hostStyle)
	file("/icon.svg", "image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg"/>`)
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self' "+base+"; style-src 'self'; img-src 'self'; connect-src "+base+
			" http://127.0.0.1:1; form-action "+base+"; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'")
		q := r.URL.Query()
		endpoint := base + "/"
		if e := q.Get("e"); e != "" {
			endpoint = e
		}
		fmt.Fprintf(w, `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Host</title><link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/host.css"><script src="/host.js"></script>
<script type="module" src="%s/embed/v1/dateline-search.js"></script></head><body><main><h1>A site</h1>
<dateline-search endpoint="%s" %s><form action="%s/search"><input type="search" name="q" aria-label="Search"><button>Search</button></form>%s</dateline-search>
</main></body></html>`, base, endpoint, q.Get("a"), base, q.Get("c"))
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// event is what hostScript records.
type event struct {
	Type                 string
	Composed, Cancelable bool
	URL                  string
	Total                int
}

func events(t *testing.T, ctx context.Context) []event {
	t.Helper()
	var out []event
	if err := json.Unmarshal([]byte(eval[string](t, ctx, `JSON.stringify(seen)`)), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// waitEvent gives the first event of a type.
func waitEvent(t *testing.T, ctx context.Context, typ string) event {
	t.Helper()
	var found event
	waitFor(t, typ, 20*time.Second, func() bool {
		list := events(t, ctx)
		i := slices.IndexFunc(list, func(e event) bool { return e.Type == typ })
		if i >= 0 {
			found = list[i]
		}
		return i >= 0
	})
	return found
}

var inputOf = chromedp.JSPath(box + `.querySelector('input')`)

// testEmbedded puts the box on another site and uses it there.
func testEmbedded(t *testing.T, browser context.Context, base string) {
	host := newHost(t, base)
	open := func(t *testing.T, attrs, children string) (context.Context, func() []string) {
		t.Helper()
		ctx := newTab(t, browser)
		faults := console(t, ctx)
		do(t, ctx, chromedp.Navigate(host.URL+"/?"+url.Values{"a": {attrs}, "c": {children}}.Encode()))
		waitEvent(t, ctx, "dl-ready")
		return ctx, faults
	}
	quiet := func(t *testing.T, faults func() []string) {
		t.Helper()
		for _, f := range faults() {
			t.Error(f)
		}
	}

	t.Run("submit keeps the scope", func(t *testing.T) {
		ctx, faults := open(t, `story="alibaba-pla-memo" outlet="courier.example,techledger.example" filter-lang="en" from="2025-11-01" to="2025-12-01" limit="3" debounce="10"`, "")
		openSuggestions(t, ctx)
		if n := eval[int](t, ctx, box+`.querySelectorAll('[role=option]').length`); n > 3 {
			t.Errorf("%d options with limit=3", n)
		}
		do(t, ctx, chromedp.KeyEvent(kb.Enter))
		e := waitEvent(t, ctx, "dl-submit")
		u, err := url.Parse(e.URL)
		if err != nil {
			t.Fatal(err)
		}
		want := url.Values{"q": {"Ali"}, "story": {"alibaba-pla-memo"}, "outlet": {"courier.example", "techledger.example"}, "lang": {"en"}, "from": {"2025-11-01"}, "to": {"2025-12-01"}}
		if u.Query().Encode() != want.Encode() || u.Path != "/search" || !e.Cancelable || !e.Composed {
			t.Errorf("got %+v, want %s", e, want.Encode())
		}
		if r := waitEvent(t, ctx, "dl-results"); r.Total == 0 || !r.Composed {
			t.Errorf("%+v", r)
		}
		waitEvent(t, ctx, "dl-input")
		quiet(t, faults)
	})

	t.Run("keyboard", func(t *testing.T) {
		ctx, faults := open(t, `debounce="10"`, "")
		openSuggestions(t, ctx)
		n := eval[int](t, ctx, box+`.querySelectorAll('[role=option]').length`)
		active := func() string {
			return eval[string](t, ctx, `{const a = `+box+`.querySelector('input').getAttribute('aria-activedescendant'); a ? a.split('-').pop() : 'none'}`)
		}
		steps := []struct{ key, want string }{{kb.ArrowDown, "0"}, {kb.ArrowUp, fmt.Sprint(n - 1)}, {kb.ArrowDown, "0"}}
		for _, s := range steps {
			do(t, ctx, chromedp.KeyEvent(s.key))
			if got := active(); got != s.want {
				t.Errorf("option %s is active, want %s", got, s.want)
			}
		}
		// A key that the input method still composes with does nothing.
		eval[chromedp.Void](t, ctx, box+`.querySelector('input').dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, composed: true}))`)
		if slices.ContainsFunc(events(t, ctx), func(e event) bool { return e.Type == "dl-select" || e.Type == "dl-submit" }) {
			t.Error("a composing Enter selects")
		}
		do(t, ctx, chromedp.KeyEvent(kb.Enter))
		if e := waitEvent(t, ctx, "dl-select"); !e.Cancelable || !e.Composed || !strings.HasPrefix(e.URL, "http") {
			t.Errorf("%+v", e)
		}
		for _, want := range []string{"false Ali", "false "} { // the list first, then the text
			do(t, ctx, chromedp.KeyEvent(kb.Escape))
			if got := eval[string](t, ctx, `{const i = `+box+`.querySelector('input'); i.getAttribute('aria-expanded') + ' ' + i.value}`); got != want {
				t.Errorf("after Escape: %q, want %q", got, want)
			}
		}
		quiet(t, faults)
	})

	t.Run("attributes, parts and slots", func(t *testing.T) {
		ctx, faults := open(t, `class="themed" placeholder="Words" label="Find" min-chars="3" debounce="10" theme="dark"`,
			`<b slot="icon">I</b><p slot="footer">Foot</p><p slot="empty">Void</p>`)
		js := `{const i = ` + box + `.querySelector('input'), b = ` + box + `.querySelector('button'), e = document.querySelector('[slot=empty]');
			[i.placeholder, i.getAttribute('aria-label'), getComputedStyle(i).borderTopColor, getComputedStyle(b).backgroundColor, e.checkVisibility(),
			 document.querySelector('[slot=footer]').checkVisibility(), document.querySelector('[slot=icon]').checkVisibility(), document.querySelector('dateline-search > form').checkVisibility()].join('|')}`
		if got, want := eval[string](t, ctx, js), "Words|Find|rgb(1, 2, 3)|rgb(0, 80, 40)|false|true|true|false"; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		do(t, ctx, chromedp.SendKeys(inputOf, "zq"))
		time.Sleep(150 * time.Millisecond)
		if slices.ContainsFunc(events(t, ctx), func(e event) bool { return e.Type == "dl-results" }) {
			t.Error("two letters ask, with min-chars=3")
		}
		do(t, ctx, chromedp.SendKeys(inputOf, "qxzzq"))
		waitEvent(t, ctx, "dl-results")
		if got := eval[string](t, ctx, `[document.querySelector('[slot=empty]').checkVisibility(), `+box+`.querySelector('[role=status]').textContent].join('|')`); got != "true|Nothing found" {
			t.Errorf("with no result: %s", got)
		}
		quiet(t, faults)
	})

	t.Run("languages", func(t *testing.T) {
		for lang, want := range map[string]string{"en": "Search news coverage|Search|ltr", "de-AT": "Berichte durchsuchen|Suchen|ltr", "zh-Hans": "搜索新闻报道|搜索|ltr", "ar": "ابحث في التغطية الإخبارية|بحث|rtl", "x!": "Search news coverage|Search|ltr"} {
			ctx, faults := open(t, `debounce="10" lang="`+lang+`"`, "")
			if got := eval[string](t, ctx, `{const i = `+box+`.querySelector('input'); [i.ariaLabel, `+box+`.querySelector('button').textContent, getComputedStyle(i.form).direction].join('|')}`); got != want {
				t.Errorf("%s: %s, want %s", lang, got, want)
			}
			openSuggestions(t, ctx)
			quiet(t, faults)
		}
	})

	t.Run("unreachable", func(t *testing.T) {
		ctx := newTab(t, browser)
		do(t, ctx, chromedp.Navigate(host.URL+"/?"+url.Values{"a": {`debounce="10"`}, "e": {"http://127.0.0.1:1/"}}.Encode()))
		waitEvent(t, ctx, "dl-ready")
		do(t, ctx, chromedp.SendKeys(inputOf, "Ali"))
		waitEvent(t, ctx, "dl-error")
		if got := eval[string](t, ctx, box+`.querySelector('[role=status]').textContent`); got != "Search is not reachable" {
			t.Errorf("status %q", got)
		}
		do(t, ctx, chromedp.KeyEvent(kb.Enter))
		waitEvent(t, ctx, "dl-submit") // the form still works
	})

	t.Run("without scripts", func(t *testing.T) {
		ctx := newTab(t, browser)
		if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
			t.Fatal(err)
		}
		do(t, ctx, chromedp.Navigate(host.URL+"/"), chromedp.SendKeys("dateline-search input", "org:PLA"), chromedp.Click("dateline-search button"))
		waitFor(t, "the results", 20*time.Second, func() bool {
			at, err := chromedp.Run(ctx, chromedp.Location())
			return err == nil && strings.HasPrefix(at, base+"/search?q=org")
		})
	})

	for _, mode := range []string{"suggest", "panel", "modal"} {
		for _, scheme := range []string{"light", "dark"} {
			t.Run(mode+" "+scheme, func(t *testing.T) { testMode(t, browser, host.URL, mode, scheme) })
		}
	}
}

// testMode looks at a box on a phone in each of its states.
func testMode(t *testing.T, browser context.Context, host, mode, scheme string) {
	ctx := newTab(t, browser)
	faults := console(t, ctx)
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	}); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.EmulateViewport(390, 844), chromedp.Navigate(host+"/?"+url.Values{"a": {`debounce="10" mode="` + mode + `"`}, "c": {`<p slot="footer">By Dateline</p>`}}.Encode()))
	waitEvent(t, ctx, "dl-ready")
	var source string
	if file := os.Getenv("DATELINE_AXE"); file != "" {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		source = string(b)
	} else if os.Getenv("CI") != "" {
		t.Fatal("DATELINE_AXE does not name axe.min.js of axe-core")
	}
	look := func(state string) {
		t.Helper()
		if over := eval[int](t, ctx, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
			t.Errorf("%s: %d px wider than the window", state, over)
		}
		if source == "" {
			return
		}
		for _, f := range axe(t, ctx, source) {
			t.Errorf("%s: %s", state, f)
		}
	}
	look("at rest")
	if mode == "modal" {
		if eval[bool](t, ctx, box+`.querySelector('input').checkVisibility()`) {
			t.Error("the dialog is open before it is asked for")
		}
		do(t, ctx, chromedp.Click(chromedp.JSPath(box+`.querySelector('[part=open]')`)), chromedp.WaitVisible(inputOf))
		if !eval[bool](t, ctx, box+`.activeElement === `+box+`.querySelector('input')`) {
			t.Error("the field has no focus in the dialog")
		}
		look("dialog")
	}
	openSuggestions(t, ctx)
	look("suggestions")
	do(t, ctx, chromedp.KeyEvent(kb.ArrowDown))
	look("an option active")
	if h := eval[float64](t, ctx, box+`.querySelector('[role=option]').getBoundingClientRect().height`); h < 44 {
		t.Errorf("an option is %.0f px high, too small for a thumb", h)
	}
	do(t, ctx, chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent(kb.Escape), chromedp.SendKeys(inputOf, "zqqxzzq"))
	waitFor(t, "nothing found", 20*time.Second, func() bool {
		return eval[string](t, ctx, box+`.querySelector('[role=status]').textContent`) == "Nothing found"
	})
	look("nothing found")
	if mode == "modal" {
		do(t, ctx, chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent(kb.Escape))
		if eval[bool](t, ctx, box+`.querySelector('dialog').open`) {
			t.Error("Escape does not leave the dialog")
		}
	}
	for _, f := range faults() {
		t.Error(f)
	}
}
