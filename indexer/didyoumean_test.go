package indexer

import (
	"fmt"
	"testing"

	"dateline"
)

func TestDidYouMean(t *testing.T) {
	x := open(t, t.TempDir())
	add(t, x, art(1, "Alibaba memo", "Companies deny the vulnerability in November."), art(2, "Companies", "Jack Ma in Beijing"), art(3, "Companies", "again"), art(4, "Ship", "A companion ship"))
	for q, want := range map[string]string{
		"alibabba": "alibaba", "alibabba memo": "alibaba memo", "compnaies": "companies", "vulnerabilty november": "vulnerability november",
		"companiom":        "companion", // one letter from it, two from the more frequent companies
		"companees -memmo": "companies -memo", "memo zzzzzz": "", "alibaba": "", "xyzzyplugh": "", "org:alibabba": "org:alibaba", "mem": "",
	} {
		if got := search(t, x, q).DidYouMean; got != want {
			t.Errorf("%s: %q, want %q", q, got, want)
		}
	}
}

// TestDidYouMeanOf corrects words that exist, in parts, and where something
// is found.
func TestDidYouMeanOf(t *testing.T) {
	x := open(t, t.TempDir())
	var as []*dateline.Article
	put := func(n int, title, body string) {
		for range n {
			as = append(as, art(len(as), title, fmt.Sprintf("%s number%d", body, len(as))))
		}
	}
	put(30, "Salt Typhoon", "The White House warned of intruders in the networks.")
	put(12, "Bridge report", "The report of the whistleblower says that the bridge was unsafe.")
	put(1, "Repot the plants", "A tycoon looks after his ferns.")
	put(1, "Hackathon", "The cartoonists met for a hackathon in the greenhouse, and for one in the house.")
	put(11, "Storms", "Weather on the coast, and the lighthouse shut.")
	put(1, "Strom", "A river")
	put(1, "Light", "A light house stood empty.")
	add(t, x, as...)
	for q, want := range map[string]string{
		"salt tyfoon":                "salt typhoon", // tycoon is nearer, and has nothing to do with salt
		"tyfoon":                     "typhoon",      // thirty articles against one
		"wistleblower bridge repot":  "whistleblower bridge report",
		"repot bridge":               "report bridge", // exists, in one article without a bridge
		"repot":                      "report",        // 1 against 12
		"repot plants":               "",              // finds what it says
		"strom":                      "",              // 1 against none that is like it
		"tpyhoon salt":               "typhoon salt",
		"saltt typhoon":              "salt typhoon",
		"whitehouse":                 "white house",
		"whitehouse intruders":       "white house intruders",
		"light house coast":          "lighthouse coast",
		"light house":                "lighthouse", // 1 against 11
		"hackathno":                  "hackathon",
		"title:tyfoon":               "title:typhoon",
		`"salt tyfoon"`:              `"salt typhoon"`,
		"tyfoon -wistleblower":       "typhoon -whistleblower",
		"tyfoon outlet:nobody":       "", // a correction must find something as well
		"greenhousehouse intrudersx": "",
	} {
		r := search(t, x, q)
		if r.DidYouMean != want {
			t.Errorf("%s: %q, want %q (%d found)", q, r.DidYouMean, want, r.Total)
		}
	}
	for _, q := range []dateline.Query{
		{Text: "tyfoon", Filters: map[string][]string{"outlet": {"nobody"}}},
		{Text: "tyfoon", Excludes: map[string][]string{"outlet": {as[0].Outlet.ID}}},
	} {
		q.Root, q.Limit = &dateline.Term{Text: q.Text}, 10
		r, err := x.Search(t.Context(), q)
		if err != nil || r.DidYouMean != "" {
			t.Errorf("%+v: %q, %v: found only without the filter", q, r.DidYouMean, err)
		}
	}
}
