package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// missing skips a test for want of a tool, but in CI nothing may be missing.
func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(why)
	}
	t.Skip(why)
}

func chromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no chromium on the PATH")
}

// newBrowser starts a browser that cannot reach anything but loopback.
func newBrowser(t *testing.T, path string) context.Context {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-domain-reliability", true), chromedp.Flag("no-pings", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"))
	actx, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, _ := chromedp.NewContext(actx)
	t.Cleanup(func() {
		limit, stop := context.WithTimeout(ctx, 20*time.Second)
		defer stop()
		if err := chromedp.Cancel(limit); err != nil {
			t.Logf("closing the browser: %v", err)
		}
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// newTab opens a tab of its own for one test.
func newTab(t *testing.T, browser context.Context) context.Context {
	t.Helper()
	ctx, closeTab := chromedp.NewContext(browser)
	t.Cleanup(closeTab)
	if err := chromedp.Do(ctx); err != nil { // the tab outlives the limit below
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(stop)
	return ctx
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func eval[T any](t *testing.T, ctx context.Context, js string, opts ...chromedp.EvaluateOption) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](js, opts...))
	if err != nil {
		t.Fatalf("%.200s: %v", js, err)
	}
	return v
}

// axe loads axe-core into the page and gives one line for each element that
// breaks a rule.
func axe(t *testing.T, ctx context.Context, source string) []string {
	t.Helper()
	eval[chromedp.Void](t, ctx, source)
	out := eval[string](t, ctx, `axe.run(document, {
		runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
	}).then(r => JSON.stringify({
		passes: r.passes.length,
		faults: r.violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.target.flat().join(' ') + ': ' + n.failureSummary)),
	}))`, chromedp.EvalAwaitPromise)
	var r struct {
		Passes int
		Faults []string
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	if r.Passes < 10 {
		t.Errorf("only %d rules passed: axe saw no page", r.Passes)
	}
	return r.Faults
}

func TestBrowser(t *testing.T) {
	path, err := chromium()
	if err != nil {
		missing(t, err.Error())
	}
	addr := freeAddr(t)
	cmd, log := startDemo(t, addr, filepath.Join(t.TempDir(), "data"))
	defer func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("log:\n%s", log)
		}
	}()
	waitFor(t, "hits for org:PLA", 90*time.Second, func() bool {
		a, err := get(t.Context(), addr, url.Values{"q": {"org:PLA"}})
		return err == nil && a.Total >= 20
	})
	browser := newBrowser(t, path)
	base := "http://" + addr
	first, err := get(t.Context(), addr, url.Values{"q": {"org:PLA"}, "limit": {"1"}})
	if err != nil {
		t.Fatal(err)
	}
	pages := []string{
		"/", "/search?q=org:PLA", "/search?q=org:PLA&outlet=courier.example&-person=xi-jinping&from=2025-11-14&to=2025-11-18&hl=de",
		"/search?q=org:PLA&hl=ar", "/search?q=nothingatall", "/search?q=%22open", "/articles/" + first.Hits[0].ID, "/entities/alibaba-group?hl=zh",
		"/outlets", "/outlets/courier.example", "/stories/alibaba-pla-memo", "/embed", "/docs", "/nowhere",
	}
	widths := []int64{1280, 390}

	t.Run("accessibility", func(t *testing.T) {
		file := os.Getenv("DATELINE_AXE")
		if file == "" {
			missing(t, "DATELINE_AXE does not name axe.min.js of axe-core")
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, page := range pages {
			for _, width := range widths {
				for _, scheme := range []string{"light", "dark"} {
					// Colours do not depend on the width: one page has each pair, the others two of the four.
					if page != "/search?q=org:PLA" && (width == 390) != (scheme == "dark") {
						continue
					}
					t.Run(fmt.Sprintf("%s %d %s", page, width, scheme), func(t *testing.T) {
						ctx := newTab(t, browser)
						if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
							Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
						}); err != nil {
							t.Fatal(err)
						}
						do(t, ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(base+page))
						if !eval[bool](t, ctx, `matchMedia('(prefers-color-scheme:`+scheme+`)').matches`) {
							t.Fatalf("the page is not %s", scheme)
						}
						if over := eval[int](t, ctx, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
							t.Errorf("the page is %d px wider than the window", over)
						}
						// What is folded away must hold too. On a phone the unfolded filters
						// cover the page, so there it is looked at before and after.
						unfold := `{const d = document.querySelectorAll('details:not([open])'); d.forEach(x => x.open = true); d.length}`
						folded := width == 390
						if !folded {
							eval[int](t, ctx, unfold)
						}
						for _, fault := range axe(t, ctx, string(source)) {
							t.Error(fault)
						}
						if folded && eval[int](t, ctx, unfold) > 0 {
							for _, fault := range axe(t, ctx, string(source)) {
								t.Error("unfolded: " + fault)
							}
						}
						if page != "/embed" {
							return
						}
						openSuggestions(t, ctx)
						do(t, ctx, chromedp.KeyEvent(kb.ArrowDown))
						for _, fault := range axe(t, ctx, string(source)) {
							t.Error("with suggestions: " + fault)
						}
					})
				}
			}
		}
	})

	t.Run("without scripts", func(t *testing.T) {
		ctx := newTab(t, browser)
		if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
			t.Fatal(err)
		}
		do(t, ctx, chromedp.Navigate(base+"/embed"))
		if eval[bool](t, ctx, `!!document.querySelector('dateline-search').shadowRoot`) {
			t.Fatal("scripts still run")
		}
		do(t, ctx, chromedp.Navigate(base+"/"), chromedp.SendKeys("#q", "org:PLA"), chromedp.Click("form.search button"))
		var at string
		waitFor(t, "the form leads to the results", 20*time.Second, func() bool {
			at, _ = chromedp.Run(ctx, chromedp.Location())
			n, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.querySelectorAll('.hits > li').length`))
			return strings.HasPrefix(at, base+"/search?") && err == nil && n > 0
		})
		u, err := url.Parse(at)
		if err != nil {
			t.Fatal(err)
		}
		if got := u.Query().Get("q"); got != "org:PLA" {
			t.Errorf("%s asks for %q", at, got)
		}
	})

	t.Run("search box", func(t *testing.T) {
		ctx := newTab(t, browser)
		do(t, ctx, chromedp.Navigate(base+"/embed"))
		openSuggestions(t, ctx)
		if got := eval[string](t, ctx, box+`.querySelector('input').getAttribute('aria-expanded')`); got != "true" {
			t.Errorf("aria-expanded=%q with suggestions", got)
		}
		if eval[bool](t, ctx, box+`.querySelector('input').hasAttribute('aria-activedescendant')`) {
			t.Error("an option is active before any key")
		}
		do(t, ctx, chromedp.KeyEvent(kb.ArrowDown))
		if got := eval[string](t, ctx, `{
			const id = `+box+`.querySelector('input').getAttribute('aria-activedescendant');
			const e = id && `+box+`.getElementById(id);
			e ? e.getAttribute('role') + ' ' + e.getAttribute('aria-selected') : 'nothing'
		}`); got != "option true" {
			t.Errorf("aria-activedescendant names %s, want a selected option", got)
		}
		do(t, ctx, chromedp.KeyEvent(kb.Escape))
		if got := eval[string](t, ctx, `{
			const input = `+box+`.querySelector('input'), list = `+box+`.querySelector('[role=listbox]');
			[list.checkVisibility(), input.getAttribute('aria-expanded'), input.hasAttribute('aria-activedescendant'), input.value].join(' ')
		}`); got != "false false false Ali" {
			t.Errorf("after Escape: %s, want a closed list and the text kept", got)
		}
	})

	t.Run("embedded", func(t *testing.T) { testEmbedded(t, browser, base) })

	t.Run("console", func(t *testing.T) {
		for i, page := range pages {
			for _, width := range widths[i%2:][:1] {
				t.Run(fmt.Sprintf("%s %d", page, width), func(t *testing.T) {
					ctx := newTab(t, browser)
					faults := console(t, ctx)
					do(t, ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(base+page))
					if page == "/embed" {
						openSuggestions(t, ctx)
					}
					time.Sleep(100 * time.Millisecond)
					for _, fault := range faults() {
						// The browser logs the status of the page itself.
						status := map[string]int{"/search?q=%22open": http.StatusBadRequest, "/nowhere": http.StatusNotFound}[page]
						if status != 0 && fault == fmt.Sprintf("network %s%s: Failed to load resource: the server responded with a status of %d (%s)",
							base, page, status, http.StatusText(status)) {
							continue
						}
						t.Error(fault)
					}
					// The policy holds, and this test would have seen it broken.
					before := len(faults())
					eval[chromedp.Void](t, ctx, `document.head.append(Object.assign(document.createElement('style'), {textContent: 'p{color:red}'}))`)
					waitFor(t, "an error for a style against the policy", 10*time.Second, func() bool { return len(faults()) > before })
				})
			}
		}
	})
}

// box is the shadow root of the search box.
const box = `document.querySelector('dateline-search').shadowRoot`

// openSuggestions types into the search box and waits for its options.
func openSuggestions(t *testing.T, ctx context.Context) {
	t.Helper()
	input := chromedp.JSPath(box + `.querySelector('input')`)
	do(t, ctx, chromedp.WaitVisible(input), chromedp.SendKeys(input, "Ali"),
		chromedp.WaitVisible(chromedp.JSPath(box+`.querySelector('[role=listbox] > [role=option]')`)))
}

// console collects errors and warnings of the tab from now on.
func console(t *testing.T, ctx context.Context) func() []string {
	t.Helper()
	var mu sync.Mutex
	var faults []string
	add := func(s string) {
		mu.Lock()
		defer mu.Unlock()
		faults = append(faults, s)
	}
	err := chromedp.Listen(ctx, func(ev any) {
		switch ev := ev.(type) {
		case *cdplog.EventEntryAdded:
			if e := ev.Entry; e.Level == cdplog.EntryLevelError || e.Level == cdplog.EntryLevelWarning {
				add(fmt.Sprintf("%s %s: %s", e.Source, e.URL, e.Text))
			}
		case *runtime.EventConsoleAPICalled:
			if ev.Type == runtime.ConsoleAPICalledTypeError || ev.Type == runtime.ConsoleAPICalledTypeWarning {
				add(fmt.Sprintf("console.%s", ev.Type))
			}
		case *runtime.EventExceptionThrown:
			add("exception: " + ev.ExceptionDetails.Text)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return append([]string(nil), faults...)
	}
}
