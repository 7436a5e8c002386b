package crawler

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestProxyNames gives a proxy no name that has a private address here, also
// beside a public one; a name that has none here is the proxy's to resolve.
func TestProxyNames(t *testing.T) {
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Host)
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, anArticle)
	}))
	defer proxy.Close()
	dns, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer dns.Close()
	go answerDNSNames(dns, map[string][][4]byte{
		"public.example.": {{93, 184, 216, 34}}, "inner.example.": {{10, 0, 0, 1}}, "mixed.example.": {{93, 184, 216, 34}, {169, 254, 169, 254}},
	})
	old := net.DefaultResolver
	defer func() { net.DefaultResolver = old }()
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", dns.LocalAddr().String())
	}}
	cfg := testConfig()
	cfg.AllowNetworks, cfg.Proxy = nil, proxy.URL
	v := visitor(t, cfg)
	for host, reason := range map[string]string{"public.example": "", "unknown.example": "", "inner.example": "private_address", "mixed.example": "private_address"} {
		asked = nil
		_, err := v.Article(t.Context(), "http://"+host+"/news/one")
		if reason != "" {
			wantReason(t, err, reason)
		} else if err != nil {
			t.Errorf("%s: %v", host, err)
		}
		if (len(asked) == 0) != (reason != "") {
			t.Errorf("%s: the proxy was asked %d times", host, len(asked))
		}
	}
}

// TestProxyNumbers judges the address of a source, which is asked for as the
// configuration has it, by what the proxy would take it for.
func TestProxyNumbers(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("the proxy was asked for %s", r.URL) }))
	defer proxy.Close()
	cfg := testConfig()
	cfg.AllowNetworks, cfg.Proxy = nil, proxy.URL
	for _, host := range []string{"127.1", "0177.0.0.1", "0x7f.1", "2130706433", "10.0x1.2", "[::ffff:10.0.0.1]", "127.0.0.1."} {
		f := visitor(t, cfg).Source(t.Context(), Source{Kind: "feed", Value: "http://" + host + "/feed"})
		wantReason(t, f.Err, "private_address")
	}
}

// TestCredentials sends those of a source in the configuration to its host, and
// to no other.
func TestCredentials(t *testing.T) {
	sent := map[string]string{}
	s := newSite(t)
	note := func(w http.ResponseWriter, r *http.Request) {
		sent[r.URL.Path] = r.Header.Get("Authorization")
		if r.URL.Path == "/feed" {
			http.Redirect(w, r, "/feed.xml", http.StatusFound)
			return
		}
		fmt.Fprint(w, `<rss version="2.0"><channel><item><link>http://a.example/news/one</link></item></channel></rss>`)
	}
	s.pages["/feed"], s.pages["/feed.xml"] = note, note
	f := visitor(t, testConfig()).Source(t.Context(), Source{Kind: "feed", Value: strings.Replace(s.URL, "://", "://reader:pass@", 1) + "/feed"})
	if f.Err != nil || sent["/feed"] != "Basic cmVhZGVyOnBhc3M=" || sent["/feed.xml"] != "" {
		t.Errorf("sent %q, %v", sent, f.Err)
	}
}

// TestClosedPorts asks no port that browsers do not, wherever the address is from.
func TestClosedPorts(t *testing.T) {
	s := newSite(t)
	s.pages["/news/one"] = func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://127.0.0.1:25/news/one", http.StatusFound)
	}
	v := visitor(t, testConfig())
	for _, u := range []string{s.URL + "/news/one", "http://127.0.0.1:6000/x", "https://127.0.0.1:22/x"} {
		_, err := v.Article(t.Context(), u)
		wantReason(t, err, "bad_url")
		if err == nil || !strings.Contains(err.Error(), "is not one of the web") {
			t.Errorf("%s: %v", u, err)
		}
	}
}
