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
