package extract

import (
	"regexp"
	"strings"
)

// What an outlet calls its kinds of articles, in sections, addresses and
// headlines of many languages. A section or a first part of an address must be
// one of the words; a headline must have one set apart.
var (
	opinionName = regexp.MustCompile(`(?i)^(?:opinions?|op-?eds?|editorials?|commentary|commentaries|comment(?:isfree| is free)?|column(?:|s|ists?)|letters(?: to the editor)?|viewpoints?|voices|perspectives?|blogs?/opinion|meinung(?:en)?|kommentare?|leitartikel|kolumnen?|gastbeitr[aä]ge?|d[ée]bats?(?: et opinions)?|tribunes?|[ée]ditos?|[ée]ditorial|chroniques?|id[ée]es|opini[oó]n(?:es)?|tribunas?|column(?:a|as|istas?)|opinioni|commenti|editoriali|opini[ãa]o|colunas?|colunistas?|opinie|meningen|columnisten|opinie i komentarze|publicystyka|komentarze?|[åa]sikt(?:er)?|debatt?|ledare|ledere?|kronik(?:k|ker|er)?|mielipide|kolumnit|k[öo]şe[- ]?yaz[ıi]lar[ıi]|yazarlar|g[öo]r[üu]ş|мнени[ея]|колонки|колумнисты|думка|погляди|评论|評論|社论|社論|时评|观点|觀點|社説|オピニオン|論説|コラム|사설|오피니언|칼럼|رأي|آراء|مقالات(?: الرأي)?)$`)
	liveName    = regexp.MustCompile(`(?i)(?:^|[^\p{L}])(?:live[ -]?updates?|live[ -]?blog|live[ -]?ticker|live[ -]?stream|news[ -]?blog|news[ -]?ticker|as it happened|en direct|en directo|en vivo|minuto a minuto|[úu]ltima hora en directo|ao vivo|in diretta|la diretta|diretta live|liveblog|live[ -]?text|canl[ıi] (?:anlat[ıi]m|blog)|онлайн[ -]?трансляция|текстовая трансляция|na żywo|relacja live|direkterapport|direkte(?:senter)?|minutt for minutt|minut for minut|följ liverapporten|实时更新|即時更新|文字直播|速報中|실시간)(?:$|[^\p{L}])|(?:^|\s)live\s*[:|]|[:|]\s*live\s*$`)
	livePath    = regexp.MustCompile(`(?i)/(?:live-?blogs?|live-news|live-updates?|liveticker|newsblog|en-direct|en-vivo|live)/|[-/_](?:liveblog|live-blog|liveticker|newsblog|live-updates|en-direct|en-directo|minuto-a-minuto|as-it-happened)(?:[-_./]|$)`)
	correctName = regexp.MustCompile(`(?i)^\W*(?:corrections?|clarifications?|corrections and clarifications|errat(?:um|a)|errata corrige|korrektur(?:en)?|berichtigung(?:en)?|richtigstellung|gegendarstellung|rectificati\w+|rectificaci[oó]n(?:es)?|rettific[ah]e?|precisazione|fe de errat\w+|corre[çc][ãa]o|erramos|sprostowanie|r[äa]ttelser?|rettelser?|oikaisu|düzeltme|поправка|опровержение|更正|訂正|おわびと訂正|お詫びと訂正|정정(?:보도)?|바로잡습니다|تصحيح)(?:\s*[:：|–—(-]|\s*$|\s+and clarif|\s+[a-z]{3} )`)
	pressName   = regexp.MustCompile(`(?i)^(?:press[- ]?releases?|pr[- ]?newswire|news releases?|presse?mitteilung(?:en)?|pressemeddelelser?|communiqu[ée]s?(?: de presse)?|comunicados?(?: de (?:prensa|imprensa))?|notas? de prensa|comunicati(?: stampa)?|persberichten?|pressmeddelanden?|пресс-релизы?|プレスリリース|保도자료|보도자료|新闻稿|新聞稿)$`)
	pressPath   = regexp.MustCompile(`(?i)/press-?releases?/|/pressrelease|/prnewswire|/pressemitteilung|businesswire\.com/news|prnewswire\.com/news|globenewswire\.com/news|accesswire\.com/|newswire\.ca/news|presseportal\.de/pm/|ots\.at/presseaussendung|prtimes\.jp/main/`)
	galleryName = regexp.MustCompile(`(?i)^(?:galler(?:y|ies)|photo-?galler(?:y|ies)|photos?|pictures|in-pictures|photo-essays?|slideshows?|bildergalerien?|bilder|fotostrecken?|fotogaler[ií]as?|galer[ií]as?|fotos|diaporamas?|photos-?videos|galleria|gallerie|fotogallery|foto|fotogalerie|galerie|galeri|foto-?galeri|bildspel|bildserier?|фотогалере[ия]|фоторепортаж|фото|图集|图片|組圖|写真|포토|صور)$`)
	videoName   = regexp.MustCompile(`(?i)^(?:videos?|watch|video-?news|clips?|mediathek|vid[ée]os?|videogalerie|videoteca|wideo|видео|відео|视频|影音|視頻|動画|영상|동영상|فيديو)$`)
)

// kind is the type of the article, one of those that [dateline.Article] names.
// What JSON-LD says comes before what a headline, section or address says.
func (p *page) kind(title string) string {
	is := func(suffixes ...string) bool {
		for _, t := range p.ld.types {
			for _, s := range suffixes {
				if strings.HasSuffix(t, s) {
					return true
				}
			}
		}
		return false
	}
	path := strings.ToLower(p.url.Path)
	segment := ""
	if s := strings.Split(strings.Trim(path, "/"), "/"); len(s) > 1 {
		segment = s[0]
	}
	section := clean(p.section())
	og := strings.ToLower(p.firstMeta("og:type"))
	types := strings.Join(p.ld.types, " ")
	article := is("NewsArticle", "Article", "BlogPosting", "Report")
	for _, r := range []struct {
		kind, source, says string
		is                 bool
	}{
		{"live", "json-ld", types, is("LiveBlogPosting")},
		{"live", "title", title, liveName.MatchString(title)},
		{"live", "address", path, livePath.MatchString(path)},
		{"correction", "title", title, correctName.MatchString(title)},
		{"opinion", "json-ld", types, is("OpinionNewsArticle")},
		{"opinion", "section", section, opinionName.MatchString(section)},
		{"opinion", "address", path, opinionName.MatchString(segment) || strings.Contains(path, "/opinion/")},
		{"press", "address", path, pressPath.MatchString(p.url.Host+path) || pressName.MatchString(segment)},
		{"press", "section", section, pressName.MatchString(section)},
		{"gallery", "json-ld", types, is("ImageGallery", "MediaGallery")},
		{"gallery", "section", section, galleryName.MatchString(section)},
		{"gallery", "address", path, galleryName.MatchString(segment) || strings.Contains(path, "/gallery/") || strings.Contains(path, "/galleries/")},
		{"video", "json-ld", types, is("VideoObject") && og != "article"},
		{"video", "meta og:type", og, strings.HasPrefix(og, "video")},
		{"video", "section", section, !article && videoName.MatchString(section)},
		{"video", "address", path, segment == "video" || segment == "videos" || !article && videoName.MatchString(segment)},
	} {
		p.consider("type", r.source, r.says)
		if r.is {
			p.decide("type", r.source, r.says)
			return r.kind
		}
	}
	p.decide("type", "nothing else", "news")
	return "news"
}
