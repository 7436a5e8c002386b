package crawler

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// ssrfChecks has a test for each live scenario.
var ssrfChecks = map[string]func(*testing.T){
	"redirect_to_loopback": TestWaysToPrivate, "redirect_scheme_gopher": TestRedirects, "dns_rebind_ttl0": TestRebind,
	"sitemap_index_private": TestSitemapToPrivate, "proxy_env": TestEnvironmentProxy, "redirect_chain_robots": TestRobotsToPrivate,
}

func TestSSRFScenarios(t *testing.T) {
	for _, c := range lines[struct{ Name, Do, Expect string }](t, "ssrf/scenarios.jsonl") {
		if ssrfChecks[c.Name] == nil {
			t.Errorf("%s: no check for %q", c.Name, c.Do)
		}
	}
}

// TestWaysToPrivate leads the crawler to an address that it may not dial, in
// every way that a site has. The site itself is on a network that is allowed.
func TestWaysToPrivate(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.9:0")
	if err != nil {
		t.Skipf("no second loopback address: %v", err)
	}
	var asked atomic.Int32
	secret := &httptest.Server{Listener: ln, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, anArticle)
	})}}
	secret.Start()
	defer secret.Close()
	port := ln.Addr().(*net.TCPAddr).Port
	to := fmt.Sprintf("http://127.0.0.9:%d/news/the-secret-page-1", port)
	cfg := testConfig()
	cfg.AllowNetworks = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	cfg.FollowLinks = true
	redirect := func(s *site, path, where string) {
		s.pages[path] = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", where)
			w.WriteHeader(http.StatusFound)
		}
	}
	for name, set := range map[string]func(s *site) Source{
		"named": func(*site) Source { return Source{Kind: "urls", Value: to} },
		"redirect": func(s *site) Source {
			redirect(s, "/news/one", to)
			return Source{Kind: "urls", Value: s.URL + "/news/one"}
		},
		"redirect, as a number": func(s *site) Source {
			redirect(s, "/news/one", fmt.Sprintf("http://%d:%d/x", 127<<24|9, port))
			return Source{Kind: "urls", Value: s.URL + "/news/one"}
		},
		"redirect, mapped": func(s *site) Source {
			redirect(s, "/news/one", fmt.Sprintf("http://[::ffff:127.0.0.9]:%d/x", port))
			return Source{Kind: "urls", Value: s.URL + "/news/one"}
		},
		"redirect with credentials": func(s *site) Source {
			redirect(s, "/news/one", strings.Replace(to, "http://", "http://news.example@", 1))
			return Source{Kind: "urls", Value: s.URL + "/news/one"}
		},
		"redirect of a redirect": func(s *site) Source {
			redirect(s, "/news/one", "/news/two")
			redirect(s, "/news/two", to)
			return Source{Kind: "urls", Value: s.URL + "/news/one"}
		},
		"meta refresh": func(s *site) Source {
			s.text("/news/one", "text/html", `<meta http-equiv="refresh" content="0; url=`+to+`"><title>x</title>`)
			return Source{Kind: "urls", Value: s.URL + "/news/one"}
		},
		"Refresh header": func(s *site) Source {
			s.pages["/news/one"] = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Refresh", "0; url="+to)
				w.Header().Set("Content-Type", "text/html")
			}
			return Source{Kind: "urls", Value: s.URL + "/news/one"}
		},
		"feed itself": func(*site) Source { return Source{Kind: "feed", Value: to} },
		"feed redirected": func(s *site) Source {
			redirect(s, "/feed", to)
			return Source{Kind: "feed", Value: s.URL + "/feed"}
		},
		"item of a feed": func(s *site) Source {
			s.text("/feed", "text/xml", `<rss version="2.0"><channel><item><link>`+to+`</link></item></channel></rss>`)
			return Source{Kind: "feed", Value: s.URL + "/feed"}
		},
		"sitemap in robots.txt": func(s *site) Source {
			s.text("/robots.txt", "text/plain", "Sitemap: "+to+"\n")
			return Source{Kind: "sitemap", Value: s.URL + "/robots.txt"}
		},
		"robots.txt redirected": func(s *site) Source {
			redirect(s, "/robots.txt", to)
			s.article("/news/one")
			return Source{Kind: "urls", Value: s.URL + "/news/one"}
		},
		"link of a section": func(s *site) Source {
			s.text("/front", "text/html", `<h3><a href="`+to+`">A headline that is long enough to be one</a></h3>`)
			return Source{Kind: "page", Value: s.URL + "/front"}
		},
		"list of GDELT": func(s *site) Source {
			s.text("/api", "application/json", `{"articles":[{"url":"`+to+`"}]}`)
			return Source{Kind: "gdelt", Value: s.URL + "/api"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			sink := &memory{}
			st := once(t, start(t, t.TempDir(), cfg, sink, set(s)), false)
			if n := asked.Swap(0); n != 0 || len(sink.all) != 0 {
				t.Fatalf("asked %d times, %d taken", n, len(sink.all))
			}
			if st.NotFetched["private_address"]+st.NotFetched[offSite]+st.NotFetched["bad_source"] == 0 && name != "link of a section" { // another site's link is no article of this one
				t.Errorf("no reason counted: %+v", st)
			}
		})
	}
}

// TestRebind dials what was judged: a name whose address changes between two
// lookups is judged again.
func TestRebind(t *testing.T) {
	var lookups atomic.Int32
	dns, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer dns.Close()
	go answerDNS(dns, func() [4]byte {
		if lookups.Add(1) == 1 {
			return [4]byte{127, 0, 0, 1} // "public" here
		}
		return [4]byte{127, 0, 0, 9}
	})
	old := net.DefaultResolver
	defer func() { net.DefaultResolver = old }()
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", dns.LocalAddr().String())
	}}
	s := newSite(t)
	s.pages["/robots.txt"] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close") // the next request has to dial
		w.WriteHeader(http.StatusNotFound)
	}
	s.article("/news/one")
	cfg := testConfig()
	cfg.AllowNetworks = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	_, err = visitor(t, cfg).Article(t.Context(), "http://rebind.example:"+port+"/news/one")
	wantReason(t, err, "private_address")
	if s.times("/robots.txt") != 1 || s.times("/news/one") != 0 || lookups.Load() < 2 {
		t.Errorf("robots.txt asked %d times, the page %d times, %d lookups", s.times("/robots.txt"), s.times("/news/one"), lookups.Load())
	}
}

// answerDNS answers questions for IPv4 addresses, and has no others.
func answerDNS(conn net.PacketConn, address func() [4]byte) {
	answerQuestions(conn, func(string) [][4]byte { return [][4]byte{address()} })
}

// answerDNSNames answers for some names only.
func answerDNSNames(conn net.PacketConn, names map[string][][4]byte) {
	answerQuestions(conn, func(name string) [][4]byte { return names[name] })
}

func answerQuestions(conn net.PacketConn, addresses func(name string) [][4]byte) {
	buf := make([]byte, 1500)
	for {
		n, from, err := conn.ReadFrom(buf)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(buf[:n]) != nil || len(m.Questions) == 0 {
			continue
		}
		q := m.Questions[0]
		m.Response, m.Additionals = true, nil
		if q.Type == dnsmessage.TypeA {
			for _, a := range addresses(q.Name.String()) {
				m.Answers = append(m.Answers, dnsmessage.Resource{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
					Body:   &dnsmessage.AResource{A: a},
				})
			}
		}
		if out, err := m.Pack(); err == nil {
			_, _ = conn.WriteTo(out, from)
		}
	}
}

// TestTunnelled refuses global IPv6 addresses that lead to an IPv4 address.
func TestTunnelled(t *testing.T) {
	guard := guardControl(nil)
	for addr, private := range map[string]bool{
		"2a00:1450:4001::5efe:10.0.0.1": true, "2a00:1450:4001:0:200:5efe:192.168.0.1": true, "2a00:1450::100:5efe:7f00:1": true,
		"2a00:1450:4001::5efe:8.8.8.8": true, "2a00:1450:4001:80b::200e": false, "2a00:1450:4001:5efe::1": false, "2606:2800:220:1:248:1893:25c8:1946": false,
		"2a00:1450:4001::400:5efe:a00:1": false,
	} {
		if err := guard("tcp", netip.AddrPortFrom(netip.MustParseAddr(addr), 443).String(), nil); (err != nil) != private {
			t.Errorf("%s: %v, want private %v", addr, err, private)
		}
	}
}
