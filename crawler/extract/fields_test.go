package extract

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dateline"
)

// para is a paragraph that any extractor takes for one of an article.
func para(i int) string {
	return fmt.Sprintf("<p>The council of Milltown voted on Tuesday to rebuild bridge number %d over the river, after a debate that went on for four hours and ended in the night.</p>\n", i)
}

func paras(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(para(i))
	}
	return b.String()
}

// read extracts a page with a headline; head and body are put into it.
func read(t *testing.T, head, body string) *dateline.Article {
	t.Helper()
	p, err := Extract([]byte(`<html lang=en><head><meta charset=utf-8><title>Council votes for the bridge</title>`+head+`</head><body>`+body+`</body></html>`), "text/html", "https://www.example.org/news/council-bridge")
	if err != nil {
		t.Fatal(err)
	}
	checkClean(t, p)
	return p.Article
}

const headline = `<h1>Council votes for the bridge</h1>`

func TestStandfirst(t *testing.T) {
	const dek = "After years of waiting the town has decided how the old crossing shall be made new."
	for name, tc := range map[string]struct{ head, body, want string }{
		"by class":            {"", headline + `<p class="article__standfirst">` + dek + `</p>` + paras(4), dek},
		"of another language": {"", headline + `<div class="a-vorspann"><p>` + dek + `</p></div>` + paras(4), dek},
		"heading described":   {`<meta name=description content="` + dek + `">`, `<header>` + headline + `<h2>` + dek + `</h2></header>` + paras(4), dek},
		"first paragraph":     {`<meta name=description content="The council of Milltown voted on Tuesday to rebuild bridge number 0 over the river, after a debate that went on for four hours and ended in the night.">`, headline + paras(4), ""},
		"byline":              {"", headline + `<p class=subtitle>By Jane Doe, 5 March 2024</p>` + paras(4), ""},
		"headline again":      {"", headline + `<p class=standfirst>News: Council votes for the bridge</p>` + paras(4), ""},
		"disclaimer":          {"", headline + `<p class=subtitle>Opinions expressed by our contributors are their own, not ours.</p>` + paras(4), ""},
		"credit":              {"", headline + `<p class=intro>The bridge at night, seen from the town / Getty Images</p>` + paras(4), ""},
		"empty description":   {`<meta name=description content="…">`, `<header>` + headline + `</header><div>Some words that are about nothing of the sort here.</div>` + paras(4), ""},
		"beside":              {"", headline + `<aside><p class=intro>` + dek + `</p></aside>` + paras(4), ""},
		"no headline":         {"", `<p class=intro>` + dek + `</p>` + paras(4), ""},
	} {
		a := read(t, tc.head, "<article>"+tc.body+"</article>")
		if a.Standfirst != tc.want {
			t.Errorf("%s: got %q, want %q", name, a.Standfirst, tc.want)
		}
		if tc.want != "" && !strings.HasPrefix(a.Body, tc.want) {
			t.Errorf("%s: the body begins %q", name, a.Body[:min(len(a.Body), 60)])
		}
		if n := strings.Count(a.Body, dek); n > 1 {
			t.Errorf("%s: the standfirst is %d times in the body", name, n)
		}
	}
}

func TestPicture(t *testing.T) {
	og := `<meta property="og:image" content="https://i.example.org/2024/bridge-night-1200.jpg">`
	for name, tc := range map[string]struct {
		head, body, caption string
		width, height       int
	}{
		"open graph":      {og + `<meta property="og:image:width" content="1200"><meta property="og:image:height" content=630>`, "", "", 1200, 630},
		"json-ld":         {og + `<script type="application/ld+json">{"@type":"NewsArticle","image":[{"@type":"ImageObject","url":"https://i.example.org/2024/bridge-night-1200.jpg","width":800,"height":{"value":600},"caption":"The <b>bridge</b>"}]}</script>`, "", "The bridge", 800, 600},
		"figure":          {og, `<figure><img src="https://i.example.org/small/bridge-night-1200.jpg" width=300 height=200><figcaption>The bridge at night</figcaption></figure>`, "The bridge at night", 0, 0},
		"other picture":   {og, `<figure><img src="https://i.example.org/2024/mayor-portrait.jpg"><figcaption>The mayor</figcaption></figure>`, "", 0, 0},
		"a counter":       {og + `<meta property="og:image:width" content="1"><meta property="og:image:height" content=1>`, "", "", 0, 0},
		"one side":        {og + `<meta property="og:image:width" content="1200">`, "", "", 0, 0},
		"no picture":      {`<meta property="og:image:width" content="1200"><meta property="og:image:height" content=630>`, "", "", 0, 0},
		"more than there": {og + `<meta property="og:image:width" content="99999999999999999999"><meta property="og:image:height" content=-5>`, "", "", 0, 0},
	} {
		a := read(t, tc.head, "<article>"+headline+tc.body+paras(4)+"</article>")
		if a.ImageCaption != tc.caption || a.ImageWidth != tc.width || a.ImageHeight != tc.height {
			t.Errorf("%s: got %dx%d %q, want %dx%d %q", name, a.ImageWidth, a.ImageHeight, a.ImageCaption, tc.width, tc.height, tc.caption)
		}
	}
}

func TestAgency(t *testing.T) {
	for name, tc := range map[string]struct{ before, after, want string }{
		"dateline":        {"<p>BEIJING, Nov 14 (Reuters) - China said on Friday that it would look at the matter with care and answer in time.</p>", "", "Reuters"},
		"dateline dash":   {"<p>WASHINGTON (AP) — Officials said on Friday that they would look at the matter with care and answer in time.</p>", "", "AP"},
		"two of them":     {"<p>Berlin (dpa/AFP) - Die Regierung will sich am Freitag mit der Sache befassen und dann eine Antwort geben.</p>", "", "dpa"},
		"editors' sign":   {"<p>München (dpa/lby) - Die Regierung will sich am Freitag mit der Sache befassen und dann eine Antwort geben.</p>", "", "dpa"},
		"before the town": {"<p>(ANSA) - ROMA, 14 NOV - Il governo ha detto venerdì che si occuperà della questione con la dovuta attenzione.</p>", "", "ANSA"},
		"Spanish":         {"<p>Madrid, 14 nov (EFE).- El Gobierno dijo el viernes que estudiará el asunto con cuidado y que responderá a tiempo.</p>", "", "EFE"},
		"slashes":         {"<p>MOSCOW, November 14. /TASS/. Russia said on Friday that it would look at the matter with care and answer in time.</p>", "", "TASS"},
		"Chinese":         {"<p>新华社北京11月14日电（记者王小明）外交部发言人星期五在例行记者会上表示，中方将认真研究有关问题，并在适当时候作出答复。</p>", "", "Xinhua"},
		"Japanese":        {"<p>【ワシントン共同】米政府は金曜日、この問題を慎重に検討し、適切な時期に回答すると述べた。詳しい内容は明らかにしなかった。</p>", "", "Kyodo"},
		"Korean":          {"<p>(서울=연합뉴스) 정부는 금요일 이 문제를 신중하게 검토하고 적절한 시기에 답변하겠다고 밝혔다. 자세한 내용은 공개하지 않았다.</p>", "", "Yonhap"},
		"byline":          {`<p class=byline>By Jane Doe, Associated Press</p>`, "", "AP"},
		"credit":          {"", "<p>Quelle: dpa</p>", "dpa"},
		"credit of two":   {"", "<p>(afp, dpa)</p>", "AFP"},
		"signed":          {"", "<p>Reporting by Jane Doe in Milltown; Editing by John Roe</p>", "Reuters"},
		"named in a text": {"<p>The Associated Press (AP) was founded long ago in a town by a river, as the council said in its debate on Tuesday.</p>", "", ""},
		"photo":           {"", "<figure><img src=x.jpg><figcaption>(Reuters)</figcaption></figure>", ""},
		"photo, no tag":   {"", "<div class=image-credit>AFP</div>", ""},
		"a label":         {"<ul><li>MLA</li><li>APA</li></ul>", "", ""},
		"told Reuters":    {"<p>The mayor told Reuters on Friday that she would look at the matter with care and answer in good time.</p>", "", ""},
	} {
		if a := read(t, "", "<article>"+headline+tc.before+paras(4)+tc.after+"</article>"); a.Agency != tc.want {
			t.Errorf("%s: got %q, want %q", name, a.Agency, tc.want)
		}
	}
}

func TestKind(t *testing.T) {
	for name, tc := range map[string]struct{ url, title, head, want string }{
		"news":            {"/news/a-b", "Council votes", "", "news"},
		"section":         {"/a-b", "Council votes", `<meta property="article:section" content="Meinung">`, "opinion"},
		"address":         {"/opinion/a-b", "Council votes", "", "opinion"},
		"Chinese":         {"/a-b", "议会表决", `<meta property="article:section" content="评论">`, "opinion"},
		"live by title":   {"/a-b", "Storm live: what we know", "", "live"},
		"French live":     {"/a-b", "Tempête : suivez la situation en direct", "", "live"},
		"lives":           {"/a-b", "How the mayor lives", "", "news"},
		"ticker section":  {"/newsticker/a-b", "Council votes", "", "news"},
		"correction":      {"/a-b", "Correction: Council votes", "", "correction"},
		"prison":          {"/a-b", "Corrections officers strike", "", "news"},
		"German":          {"/a-b", "Berichtigung", "", "correction"},
		"press release":   {"/press-releases/a-b", "Council votes", "", "press"},
		"gallery":         {"/bilder/a-b", "Council votes", "", "gallery"},
		"video":           {"/video/a-b", "Council votes", "", "video"},
		"video with text": {"/news/a-b", "Council votes", `<meta property="og:type" content="article"><script type="application/ld+json">{"@type":"VideoObject","name":"Council votes"}</script>`, "news"},
		"JSON-LD":         {"/a-b", "Council votes", `<script type="application/ld+json">{"@type":"OpinionNewsArticle","headline":"Council votes"}</script>`, "opinion"},
	} {
		p, err := Extract([]byte("<html><head><meta charset=utf-8><title>"+tc.title+"</title>"+tc.head+"</head><body><h1>"+tc.title+"</h1>"+paras(4)), "text/html", "https://example.org"+tc.url)
		if err != nil {
			t.Fatal(err)
		}
		if p.Article.Type != tc.want {
			t.Errorf("%s: got %q, want %q", name, p.Article.Type, tc.want)
		}
	}
}

func TestTeaser(t *testing.T) {
	notFree := func(more string) string {
		return `<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":"False"` + more + `}</script>`
	}
	part := notFree(`,"hasPart":{"@type":"WebPageElement","isAccessibleForFree":false,"cssSelector":".locked"}`)
	offer := `<div class="box"><p>Subscribe to continue reading this story.</p></div>`
	for name, tc := range map[string]struct {
		head, body     string
		paywalled, cut bool
	}{
		"free":                {"", paras(5), false, false},
		"free with an offer":  {"", paras(5) + offer, false, false},
		"whole":               {notFree(""), paras(5), true, false},
		"offer":               {notFree(""), paras(2) + offer, true, true},
		"German offer":        {notFree(""), paras(2) + `<p>Nur für Abonnenten</p>`, true, true},
		"French offer":        {notFree(""), paras(2) + `<p>Il vous reste 57.09% de cet article à lire. La suite est réservée aux abonnés.</p>`, true, true},
		"Japanese offer":      {notFree(""), paras(2) + `<p>この記事は有料会員限定です。残り1234文字</p>`, true, true},
		"breaks off":          {notFree(""), paras(2) + "<p>The mayor said that she had waited for this day for many years, and that nobody had…</p>", true, true},
		"by element":          {notFree(""), paras(2) + `<div class="c-paywall__box"><p>Get our whole journalism for a month.</p></div>`, true, true},
		"part is there":       {part, paras(2) + "<div class=locked>" + strings.ReplaceAll(paras(12), "number", "no.") + "</div>" + offer, true, false},
		"part is not there":   {part, paras(2) + "<div class=locked></div>" + offer, true, true},
		"only a part":         {`<script type="application/ld+json">{"@type":"NewsArticle","hasPart":[{"isAccessibleForFree":"false","cssSelector":".locked"}]}</script>`, paras(5), true, false},
		"nonsense selector":   {notFree(`,"hasPart":{"isAccessibleForFree":false,"cssSelector":":has(*:has(*"}`), paras(5), true, false},
		"silent, breaks off":  {"", paras(2) + "<p>The mayor said that she had waited for this day for many years, and that nobody had …</p>" + offer, true, true},
		"offer of newsletter": {notFree(""), paras(3) + `<div class="newsletter"><p>Already a subscriber? Get our newsletter.</p></div>`, true, false},
	} {
		a := read(t, tc.head, "<article>"+headline+tc.body+"</article>")
		if a.Paywalled != tc.paywalled || a.Teaser != tc.cut {
			t.Errorf("%s: paywalled %v, teaser %v, want %v, %v", name, a.Paywalled, a.Teaser, tc.paywalled, tc.cut)
		}
	}
}

func TestCorrections(t *testing.T) {
	date := func(d int) time.Time { return time.Date(2024, 3, d, 0, 0, 0, 0, time.UTC) }
	for name, tc := range map[string]struct {
		head, body string
		want       []dateline.Correction
	}{
		"label":     {"", "<p><em>Correction: The bridge is older than an earlier version said.</em></p>", []dateline.Correction{{Kind: "correction", Text: "Correction: The bridge is older than an earlier version said."}}},
		"dated":     {"", "<p>This article was amended on 6 March 2024 to correct the age of the bridge.</p>", []dateline.Correction{{Time: date(6), Kind: "correction", Text: "This article was amended on 6 March 2024 to correct the age of the bridge."}}},
		"own line":  {"", "<h4>Correction, March 7, 2024:</h4><p>The bridge is older than we said.</p>", []dateline.Correction{{Time: date(7), Kind: "correction", Text: "Correction, March 7, 2024: The bridge is older than we said."}}},
		"note":      {"", "<p>Editor’s note: The author once worked for the council.</p>", []dateline.Correction{{Kind: "note", Text: "Editor’s note: The author once worked for the council."}}},
		"clarified": {"", "<p>Clarification: The mayor spoke as a citizen.</p>", []dateline.Correction{{Kind: "clarification", Text: "Clarification: The mayor spoke as a citizen."}}},
		"German":    {"", "<p>In einer früheren Version hieß es, die Brücke sei neu. Das ist falsch.</p>", []dateline.Correction{{Kind: "correction", Text: "In einer früheren Version hieß es, die Brücke sei neu. Das ist falsch."}}},
		"Spanish":   {"", "<p>Fe de errores</p><p>Fe de erratas: el puente es más antiguo de lo dicho.</p>", []dateline.Correction{{Kind: "correction", Text: "Fe de erratas: el puente es más antiguo de lo dicho."}}},
		"Chinese":   {"", "<p>更正：本文此前误称该桥为新桥，特此说明并向读者致歉。</p>", []dateline.Correction{{Kind: "correction", Text: "更正：本文此前误称该桥为新桥，特此说明并向读者致歉。"}}},
		"Japanese":  {"", "<p>【訂正】初出時の記事では橋の年代に誤りがありました。</p>", []dateline.Correction{{Kind: "correction", Text: "【訂正】初出時の記事では橋の年代に誤りがありました。"}}},
		"JSON-LD": {
			`<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2024-03-05T08:00:00Z","correction":{"@type":"CorrectionComment","text":"The bridge is older than we said.","datePublished":"2024-03-06T10:00:00+01:00"}}</script>`, "",
			[]dateline.Correction{{Time: date(6).Add(9 * time.Hour), Kind: "correction", Text: "The bridge is older than we said."}},
		},
		"prison":     {"", "<p>Corrections officers said that they had seen nobody on the bridge.</p>", nil},
		"a request":  {"", "<p>Corrections: If you see a mistake, send us a letter with the right facts.</p>", nil},
		"in a menu":  {"", "</article><footer><p>Correction: The bridge is older than we said.</p></footer>", nil},
		"in a quote": {"", "<p>The mayor said: “Correction: the bridge is older than we said.”</p>", nil},
	} {
		a := read(t, tc.head, "<article>"+headline+paras(4)+tc.body+"</article>")
		if fmt.Sprint(a.Corrections) != fmt.Sprint(tc.want) {
			t.Errorf("%s: got %v, want %v", name, a.Corrections, tc.want)
		}
		for _, c := range tc.want {
			if !holds(a.Body, c.Text, 0) {
				t.Errorf("%s: the body lacks the note: %q", name, a.Body)
			}
		}
	}
}

func TestUpdates(t *testing.T) {
	const linked = `<script type="application/ld+json">{"@type":"LiveBlogPosting","headline":"Council votes for the bridge","datePublished":"2024-03-05T06:00:00Z","liveBlogUpdate":[
		{"@type":"BlogPosting","headline":"The vote is on","datePublished":"2024-03-05T10:15:00+01:00","articleBody":"<p>The council votes now.</p><p>It may take an hour.</p>"},
		{"@type":"BlogPosting","headline":"Debate begins","datePublished":"2024-03-05T08:00:00Z","articleBody":"The members have come."}]}</script>`
	at := func(h, m int) time.Time { return time.Date(2024, 3, 5, h, m, 0, 0, time.UTC) }
	entry := func(hour, title, text string) string {
		return `<div class="entry"><time datetime="2024-03-05T` + hour + `:00Z">` + hour + `</time><h3>` + title + `</h3><p>` + text + `</p><p>More is not known at this hour of the day in the town.</p></div>`
	}
	marked := entry("09:15", "The vote is on", "The council votes now, says the clerk of the council at the door.") +
		entry("08:00", "Debate begins", "The members have come, all of them in dark coats for the rain.") +
		entry("07:30", "Doors open", "The doors have been opened to the people of the town since the morning.")
	more := "\n\nMore is not known at this hour of the day in the town."
	for name, tc := range map[string]struct {
		head, body string
		want       []dateline.Update
	}{
		"JSON-LD": {linked, paras(2), []dateline.Update{
			{Time: at(9, 15), Title: "The vote is on", Text: "The council votes now.\n\nIt may take an hour."}, {Time: at(8, 0), Title: "Debate begins", Text: "The members have come."},
		}},
		"markup": {linked, paras(2) + `<div class=entries>` + marked + `</div>`, []dateline.Update{
			{Time: at(9, 15), Title: "The vote is on", Text: "The council votes now, says the clerk of the council at the door." + more},
			{Time: at(8, 0), Title: "Debate begins", Text: "The members have come, all of them in dark coats for the rain." + more},
			{Time: at(7, 30), Title: "Doors open", Text: "The doors have been opened to the people of the town since the morning." + more},
		}},
		"no live blog": {"", paras(2) + `<div class=entries>` + marked + `</div>`, nil},
	} {
		a := read(t, tc.head, "<article>"+headline+tc.body+"</article>")
		if len(a.Updates) != len(tc.want) {
			t.Errorf("%s: got %d updates, want %d: %v", name, len(a.Updates), len(tc.want), a.Updates)
			continue
		}
		end := 0
		for i, u := range a.Updates {
			w := tc.want[i]
			if !u.Time.Equal(w.Time) || u.Title != w.Title || u.Text != w.Text {
				t.Errorf("%s: update %d: got %+v, want %+v", name, i, u, w)
			}
			if got := a.Body[u.Start:u.End]; got != u.Title+"\n\n"+u.Text {
				t.Errorf("%s: update %d is at %q", name, i, got)
			}
			if u.Start < end {
				t.Errorf("%s: update %d begins before the one before it ends", name, i)
			}
			end = u.End
		}
		if len(tc.want) > 0 && (!strings.HasPrefix(a.Body, "The council of Milltown") || strings.Count(a.Body, "The doors have been") > 1) {
			t.Errorf("%s: body %q", name, a.Body)
		}
	}
}

func TestRelations(t *testing.T) {
	a := read(t, `<link rel=amphtml href="/amp/council-bridge"><link rel=alternate hreflang=de href="/de/rat-bruecke"><link rel=alternate hreflang=en href="/news/council-bridge">
		<link rel=alternate type="application/rss+xml" hreflang=de href="/feed"><link rel=alternate hreflang=fr href="javascript:x">`, "<article>"+headline+paras(4)+"</article>")
	if a.AMP != "https://www.example.org/amp/council-bridge" {
		t.Errorf("AMP %q", a.AMP)
	}
	if got := fmt.Sprint(a.Alternates); got != "[{de https://www.example.org/de/rat-bruecke}]" {
		t.Errorf("alternates %s", got)
	}
}
