package crawler_test

import (
	"context"
	"database/sql"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline"
	"dateline/crawler"
	"dateline/crawler/crawltest"
	"dateline/crawler/extract"
)

func extractPage(body []byte, contentType, pageURL string) (*crawler.Page, error) {
	p, err := extract.Extract(body, contentType, pageURL)
	if err != nil {
		return nil, err
	}
	return &crawler.Page{Article: p.Article, Canonical: p.Canonical, NoIndex: p.NoIndex, NoArchive: p.NoArchive, Robots: p.Robots, Links: p.Links}, nil
}

type kept struct {
	mu   sync.Mutex
	urls map[string]bool
}

func (k *kept) Add(_ context.Context, a *dateline.Article) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.urls[a.URL] = true
	return nil
}

// TestHostilePages crawls the outlet that means harm: each of its pages is
// taken or has the reason that it should have, and the numbers add up.
func TestHostilePages(t *testing.T) {
	room, err := crawltest.StartNewsroom()
	if err != nil {
		t.Fatal(err)
	}
	defer room.Close()
	dir, sink := t.TempDir(), &kept{urls: map[string]bool{}}
	c, err := crawler.Open(dir, crawler.Config{
		UserAgent: "Dateline/1.0", Delay: time.Millisecond, Timeout: 20 * time.Second, MaxPage: 2 << 20,
		AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		ConnectTo:     map[string]string{"*.example": room.Addr()},
	}, []crawler.Source{{Kind: "page", Value: "http://oddities.example/news/", Story: "st"}}, extractPage, sink, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := c.RunOnce(ctx, false); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"endless": "too_large", "loop-a": "redirect_loop", "redirect-to-private-address": "private_address",
		"error-page-as-200": "soft_404", "gzip-bomb": "too_large",
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "frontier.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	reasons := map[string]int{}
	for _, u := range room.HostilePages() {
		var reason string
		if err := db.QueryRow(`SELECT reason FROM urls WHERE url = ?`, u).Scan(&reason); err != nil {
			t.Errorf("%s: %v", u, err)
			continue
		}
		name := u[strings.LastIndexByte(u, '/')+1:]
		if reason != want[name] || (reason == "") != sink.urls[u] {
			t.Errorf("%s: reason %q, taken %v, want %q", u, reason, sink.urls[u], want[name])
		}
		if reason != "" {
			reasons[reason]++
		}
	}
	st, err := c.Stats(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for reason, n := range reasons {
		if st.NotFetched[reason] != n {
			t.Errorf("stats count %d of %s, want %d", st.NotFetched[reason], reason, n)
		}
	}
	if len(st.NotFetched) != len(reasons) || st.Sources[0].Found != len(room.HostilePages()) || st.Sources[0].Taken != len(sink.urls) {
		t.Errorf("stats %+v, want reasons %v and %d taken", st, reasons, len(sink.urls))
	}
	for u := range room.Hits() {
		if strings.Contains(u, "169.254") {
			t.Errorf("asked for %s", u)
		}
	}
}
