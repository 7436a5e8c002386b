package crawler

import "testing"

// TestCanonicalBelieved has what pages say of their address, rightly and wrongly.
func TestCanonicalBelieved(t *testing.T) {
	const site = "https://www.paper.example"
	const headline = "Ferry line to the islands reopens in spring"
	for _, c := range []struct {
		name, at, rel string
		believed      bool
	}{
		{"without the parameters of the way", "/world/ferry-line-reopens?print=1", "/world/ferry-line-reopens", true},
		{"AMP", "/world/ferry-line-reopens/amp", "/world/ferry-line-reopens", true},
		{"AMP in front", "/platform/amp/2026/11/26/23456789/ferry-line-reopens", "/2026/11/26/23456789/ferry-line-reopens", true},
		{"print", "/world/ferry-line-reopens-1234567/print", "/world/ferry-line-reopens-1234567", true},
		{"mobile", "https://m.paper.example/a/12", "https://www.paper.example/a/12", true},
		{"slash", "/world/ferry", "/world/ferry/", true},
		{"extension", "/world/ferry-line-reopens", "/world/ferry-line-reopens.html", true},
		{"from a number to words", "/node/501", "/politik/ferry-line-reopens-in-spring", true},
		{"from a short link", "/?p=1001", "/2026/11/26/ferry-line-reopens-in-spring/", true},
		{"from an opaque name", "/x7f", "/world/ferry-line-reopens-in-spring", true},
		{"from words to a number", "/world/ferry-line-reopens-in-spring", "/article/1234567", true},
		{"another section", "/business/ferry-line-reopens-in-spring", "/world/ferry-line-reopens-in-spring", true},
		{"the same number", "/world/article-1234567/ferry-line-closed-for-good", "/world/article-1234567/islands-get-their-boat-back", true},
		{"some words are others", "/world/ferry-line-to-reopen", "/world/ferry-line-reopens-in-spring", true},
		{"a number with letters", "/article/global-markets/shares-soft-as-doubts-creep-back-idPKBN1XT00W", "/article/markets-idPKBN1XT00W", true},
		{"the headline says so", "/world/council-talks-about-boats", "/world/ferry-line-to-islands-reopens", true},
		{"below an opaque name", "/news/articles/c4g8xyzk2wvo/comments", "/news/articles/c4g8xyzk2wvo", true},
		{"parameters in another order", "/story.php?cat=2&id=7001", "/story.php?id=7001", true},
		{"a slug in another script", "/news/%D8%B9%D8%A8%D8%A7%D8%B1%D8%A9-%D8%A7%D9%84%D8%AC%D8%B2%D8%B1-%D8%AA%D8%B9%D9%88%D8%AF?x=1", "/news/%D8%B9%D8%A8%D8%A7%D8%B1%D8%A9-%D8%A7%D9%84%D8%AC%D8%B2%D8%B1-%D8%AA%D8%B9%D9%88%D8%AF", true},

		{"the front page", "/world/ferry-line-reopens", "/", false},
		{"another site", "/world/ferry-line-reopens", "https://other.example/world/ferry-line-reopens", false},
		{"the section", "/world/ferry-line-reopens-7001", "/world/", false},
		{"the section of a number", "/world/1234567", "/world", false},
		{"another section alone", "/world/ferry-line-reopens", "/latest", false},
		{"another article", "/world/ferry-line-reopens-in-spring", "/world/minister-resigns-after-late-vote", false},
		{"another article in another folder", "/world/ferry-line-reopens-in-spring", "/2026/11/25/minister-resigns-after-late-vote/", false},
		{"another number", "/doc/6100012", "/doc/6100000", false},
		{"another number with letters", "/news/articles/c0rk1lmn9p3t", "/news/articles/c4g8xyzk2wvo", false},
		{"another number and words", "/world/ferry-line-reopens-7001", "/world/minister-resigns-at-last-7000", false},
		{"the query is lost", "/story.php?id=7001", "/story.php", false},
		{"another query", "/story.php?id=7001", "/story.php?id=7000", false},
		{"no address", "/world/ferry-line-reopens", "mailto:desk@paper.example", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			final := resolve(site, c.at)
			want := final
			if c.believed {
				want = resolve(site, c.rel)
			}
			if got := canonicalFor(final, c.rel, headline); got != want {
				t.Errorf("%q is %q, want %q", final, got, want)
			}
		})
	}
}
