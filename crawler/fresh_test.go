package crawler

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var (
	freshDays    = flag.Float64("fresh.days", 0.5, "simulated days of TestFreshness, after one of settling in")
	freshOutlets = flag.Int("fresh.outlets", 16, "outlets of TestFreshness")
)

// simOutlet publishes articles at a rate that varies by hour, and names the
// newest of them in a feed or a news sitemap.
type simOutlet struct {
	host      string
	published []time.Time // of the articles, whose paths are their numbers
	sitemap   bool
	undated   bool
	plain     bool          // it knows no validators
	ttl       int           // minutes
	maxAge    time.Duration // its feed comes from a cache for so long
	lists     int           // items in the feed

	fetched []time.Time // first request for each article
	polls   struct{ all, unchanged, wasted int }
	served  int // number of articles that the crawler has last seen in the feed
}

func newSimOutlet(r *rand.Rand, i int, start time.Time, d time.Duration) *simOutlet {
	o := &simOutlet{host: fmt.Sprintf("outlet%03d.example", i), lists: 20 + 10*(i%4), sitemap: i%3 == 2, undated: i%10 == 4, plain: i%64 == 33}
	if i%4 == 1 {
		o.ttl = 60
	}
	if i%5 == 3 {
		o.maxAge = 2 * time.Minute
	}
	// Between 2 and 200 a day; few at night, the most in the morning and early
	// evening of the outlet's own time; now and then a day with much news.
	perDay := math.Exp(math.Log(2) + r.Float64()*math.Log(100))
	zone := r.IntN(24)
	for day := range int(d.Hours()/24) + 2 {
		much := 1.0
		if r.IntN(15) == 0 {
			much = 3
		}
		for h := range 24 {
			x := float64((h+zone)%24) / 24
			weight := 0.15 + 1.7*peak(x, 0.4, 0.13) + 1.3*peak(x, 0.75, 0.1)
			for range poisson(r, much*perDay/24*weight/0.85) {
				at := start.Add(time.Duration(day*24+h)*time.Hour + time.Duration(r.Float64()*float64(time.Hour)))
				o.published = append(o.published, at.Truncate(time.Second))
			}
		}
	}
	slices.SortFunc(o.published, time.Time.Compare)
	o.fetched = make([]time.Time, len(o.published))
	return o
}

func poisson(r *rand.Rand, mean float64) int {
	n := 0
	for p := r.Float64(); p > math.Exp(-mean); p *= r.Float64() {
		n++
	}
	return n
}

// known is how many articles are published and in the feed.
func (o *simOutlet) known(now time.Time) int {
	if o.maxAge > 0 {
		now = now.Truncate(o.maxAge)
	}
	n, _ := slices.BinarySearchFunc(o.published, now, time.Time.Compare)
	return n
}

func (o *simOutlet) answer(r *http.Request, _ int, now time.Time) simAnswer {
	switch {
	case r.URL.Path == "/robots.txt":
		return simAnswer{status: 404}
	case strings.HasPrefix(r.URL.Path, "/news/"):
		var i int
		if _, err := fmt.Sscanf(r.URL.Path, "/news/%d", &i); err != nil || i >= len(o.published) {
			return simAnswer{status: 404}
		}
		if o.fetched[i].IsZero() {
			o.fetched[i] = now
		}
		h := map[string]string{"ETag": `"` + r.URL.Path + `"`}
		if r.Header.Get("If-None-Match") == h["ETag"] {
			return simAnswer{status: 304, header: h}
		}
		return simAnswer{status: 200, header: h, body: "Title\nText of " + r.URL.Path}
	}
	n := o.known(now)
	o.polls.all++
	h := map[string]string{"Content-Type": "application/xml"}
	if o.maxAge > 0 {
		h["Cache-Control"] = fmt.Sprintf("max-age=%d", int(o.maxAge.Seconds()))
		h["Age"] = fmt.Sprint(int(now.Sub(now.Truncate(o.maxAge)).Seconds()))
	}
	if !o.plain {
		h["ETag"] = fmt.Sprintf(`"%d"`, n)
	}
	unchanged := n == o.served && o.polls.all > 1
	if unchanged {
		o.polls.unchanged++
	}
	o.served = n
	if !o.plain && r.Header.Get("If-None-Match") == h["ETag"] {
		return simAnswer{status: 304, header: h}
	}
	if unchanged {
		o.polls.wasted++
	}
	return simAnswer{status: 200, header: h, body: o.list(n)}
}

func (o *simOutlet) list(n int) string {
	var b strings.Builder
	end := "</channel></rss>"
	if o.sitemap {
		b.WriteString(`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">`)
		end = "</urlset>"
	} else {
		b.WriteString(`<rss version="2.0"><channel><title>x</title>`)
		if o.ttl > 0 {
			fmt.Fprintf(&b, "<ttl>%d</ttl>", o.ttl)
		}
	}
	for i := n - 1; i >= max(0, n-o.lists); i-- {
		link, at := fmt.Sprintf("http://%s/news/%d", o.host, i), o.published[i].UTC()
		switch {
		case o.sitemap:
			fmt.Fprintf(&b, `<url><loc>%s</loc><news:news><news:publication_date>%s</news:publication_date><news:title>x</news:title></news:news></url>`, link, at.Format(time.RFC3339))
		case o.undated:
			fmt.Fprintf(&b, "<item><title>x</title><link>%s</link></item>", link)
		default:
			fmt.Fprintf(&b, "<item><title>x</title><link>%s</link><pubDate>%s</pubDate></item>", link, at.Format(time.RFC1123Z))
		}
	}
	return b.String() + end
}

// TestFreshness follows outlets whose articles come at rates that vary by outlet
// and hour: how long after its publication is an article fetched, how many
// are missed, and how many polls are for nothing? The whole of it:
//
//	go test ./crawler -run '^TestFreshness$' -fresh.days 30 -fresh.outlets 200 -timeout 2h -v
func TestFreshness(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 1))
		w := &simWorld{hosts: map[string]*simHost{}, starts: map[string][]simStart{}, forget: true}
		d := time.Duration((*freshDays + 1) * float64(day))
		var src []Source
		var outlets []*simOutlet
		begin := time.Now()
		for i := range *freshOutlets {
			o := newSimOutlet(r, i, begin.Add(-2*day), d+2*day)
			outlets = append(outlets, o)
			w.hosts[o.host] = &simHost{latency: time.Duration(50+r.IntN(400)) * time.Millisecond, answer: o.answer}
			kind := "feed"
			if o.sitemap {
				kind = "sitemap"
			}
			src = append(src, Source{Kind: kind, Value: "http://" + o.host + "/list.xml"})
		}
		c := simCrawl(t, w, Config{Concurrency: 32}, nowhere{}, src...)
		simUntil(t, c, d)

		var delays []time.Duration
		published, found, all, unchanged, wasted := 0, 0, 0, 0, 0
		for _, o := range outlets {
			all, unchanged, wasted = all+o.polls.all, unchanged+o.polls.unchanged, wasted+o.polls.wasted
			for i, at := range o.published {
				if at.Before(begin.Add(day)) || at.After(begin.Add(d-15*time.Minute)) {
					continue
				}
				published++
				if !o.fetched[i].IsZero() {
					found++
					delays = append(delays, o.fetched[i].Sub(at))
				}
			}
		}
		slices.Sort(delays)
		median, p95 := delays[len(delays)/2], delays[len(delays)*95/100]
		idle := 1 - float64(wasted)/float64(unchanged)
		t.Logf("%d outlets, %.1f days: %d articles, found %.3f %%, fetched after %v (median), %v (p95), %v (last)",
			len(outlets), *freshDays, published, 100*float64(found)/float64(published), median, p95, delays[len(delays)-1])
		t.Logf("%d polls, %.1f for an article; of %d without news %.2f %% were answered 304", all, float64(all)/float64(published), unchanged, 100*idle)
		if published < 100 || float64(found) < 0.999*float64(published) {
			t.Errorf("%d of %d articles found, want 99.9 %%", found, published)
		}
		if median > 2*time.Minute || p95 > 10*time.Minute {
			t.Errorf("fetched after %v (median) and %v (p95), want 2 and 10 minutes at most", median, p95)
		}
		if idle < 0.95 {
			t.Errorf("%.2f %% of the polls without news were answered 304, want 95 %%", 100*idle)
		}
	})
}

// peak is a bell of height 1 around at.
func peak(x, at, width float64) float64 {
	d := (x - at) / width
	return math.Exp(-d * d)
}
