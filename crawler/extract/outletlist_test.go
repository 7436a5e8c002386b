package extract

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestKnownOutlet(t *testing.T) {
	tests := []struct{ host, want, country string }{
		{"www.ft.com", "Financial Times", "GB"},
		{"FT.com", "Financial Times", "GB"},
		{"abcnews.go.com", "ABC News", "US"},
		{"games.go.com", "", ""},
		{"asia.nikkei.com", "Nikkei Asia", "JP"},
		{"www.nikkei.com", "The Nikkei", "JP"},
		{"post.example", "", ""},
		{"com", "", ""},
		{"", "", ""},
		{"..", "", ""},
	}
	for _, tt := range tests {
		o, ok := KnownOutlet(tt.host)
		if o.Name != tt.want || o.Country != tt.country || ok != (tt.want != "") {
			t.Errorf("KnownOutlet(%q) = %v, %v, want %q, %q", tt.host, o, ok, tt.want, tt.country)
		}
	}
}

// TestOutletList reads the list by itself: its lines are in order, each host
// stands once, and all parts are as they should be.
func TestOutletList(t *testing.T) {
	host := regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)+$`)
	country, language := regexp.MustCompile(`^[A-Z]{2}$`), regexp.MustCompile(`^[a-z]{2,3}$`)
	var hosts []string
	for line := range strings.Lines(outletList) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 4 || !host.MatchString(f[0]) || f[1] == "" || f[1] != clean(f[1]) || !country.MatchString(f[2]) || !language.MatchString(f[3]) {
			t.Errorf("line %q, want host, name, country and language", line)
			continue
		}
		hosts = append(hosts, f[0])
	}
	if !slices.IsSorted(hosts) || len(slices.Compact(slices.Clone(hosts))) != len(hosts) {
		t.Error("hosts are not in order or not unique")
	}
	if len(hosts) < 1500 {
		t.Errorf("%d outlets", len(hosts))
	}
}

// TestListedOutletIsTrimmedByItsOwnName: titles end with the name that the
// outlet gives itself, which the list may write in other letters.
func TestListedOutletIsTrimmedByItsOwnName(t *testing.T) {
	page := `<html lang="ja"><head><title>港の橋を閉鎖へ - 東京新聞デジタル</title><meta property="og:site_name" content="東京新聞デジタル">
		<meta property="og:title" content="港の橋を閉鎖へ - 東京新聞デジタル"></head><body><p>市議会は火曜日、古い港の橋を閉鎖することを決めた。</p></body></html>`
	p, err := Extract([]byte(page), "text/html; charset=utf-8", "https://www.tokyo-np.co.jp/article/1")
	if err != nil {
		t.Fatal(err)
	}
	if a := p.Article; a.Title != "港の橋を閉鎖へ" || a.Outlet.Name != "Tokyo Shimbun" || a.Outlet.Country != "JP" || a.Outlet.Language != "ja" {
		t.Errorf("title %q, outlet %+v", a.Title, a.Outlet)
	}
}
