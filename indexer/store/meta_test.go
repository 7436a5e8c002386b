package store

import (
	"encoding/json"
	oldrand "math/rand"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"testing/quick"
	"time"

	"dateline"
)

// randomArticle fills every field, each of them sometimes not at all.
func randomArticle(r *rand.Rand) *dateline.Article {
	a := &dateline.Article{}
	v, ok := quick.Value(reflect.TypeFor[struct {
		ID, URL, Title, DateSource, Lang, Summary, Body, Image, Section, Type, Agency, Standfirst, ImageCaption, AMP string
		Authors, Keywords, Stories, Pages                                                                            []string
		Paywalled, Teaser                                                                                            bool
		Alternates                                                                                                   []dateline.Alternate
		Outlet                                                                                                       dateline.Outlet
		Given                                                                                                        []dateline.Entity
		Entities                                                                                                     []dateline.EntityCount
		Quotes                                                                                                       []dateline.Quote
	}](), oldrand.New(oldrand.NewSource(r.Int64())))
	if !ok {
		panic("no random article")
	}
	for i := range v.NumField() {
		if r.IntN(3) > 0 {
			reflect.ValueOf(a).Elem().FieldByName(v.Type().Field(i).Name).Set(v.Field(i))
		}
	}
	a.Title += "“Ünïcode” <b> & \n"
	for _, t := range []*time.Time{&a.Published, &a.Modified, &a.FirstSeen, &a.LastSeen} {
		if r.IntN(2) == 0 {
			*t = time.Unix(r.Int64N(2e9), 0).UTC()
		}
	}
	if r.IntN(2) == 0 {
		a.DateConfidence = 1 + r.IntN(100)
		a.ImageWidth, a.ImageHeight = 1+r.IntN(5000), 1+r.IntN(5000)
		a.Updates = []dateline.Update{{Time: time.Unix(r.Int64N(2e9), 0).UTC(), Title: "T", Text: "Not in the body.", End: r.IntN(9)}, {Start: 1, End: 4}}
		a.Corrections = []dateline.Correction{{Time: time.Unix(r.Int64N(2e9), 0).UTC(), Kind: dateline.EditorsNote, Text: "N\n"}, {Kind: dateline.CorrectionNote}}
	}
	if r.IntN(8) == 0 {
		a.Extra = map[string]string{"z": "1", "a": `"x"`}
	}
	return a
}

func TestDecodeMeta(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	fast := 0
	for range 300 {
		e, err := encode(randomArticle(r))
		if err != nil {
			t.Fatal(err)
		}
		if readMeta(e.meta, &dateline.Article{}) {
			fast++
		}
		checkMeta(t, e.meta)
	}
	if fast == 0 {
		t.Error("no article was read without encoding/json")
	}
	plain := art(1, `An "odd" <title> & more`, "Body.", 1_763_000_000)
	plain.Authors, plain.Quotes = []string{"A. Writer"}, []dateline.Quote{{Start: 1, End: 5, Text: "no", Speaker: "A. Speaker", SpeakerID: "a-speaker"}}
	plain.Entities = []dateline.EntityCount{{ID: "e", Name: "E", Type: dateline.Place, Count: 12}}
	plain.Given = []dateline.Entity{{ID: "e", Name: "E", Type: dateline.Place, Aliases: []string{"F"}}}
	e, err := encode(plain)
	if err != nil {
		t.Fatal(err)
	}
	if !readMeta(e.meta, &dateline.Article{}) {
		t.Errorf("left to encoding/json: %s", e.meta)
	}
}

// checkMeta compares with encoding/json.
func checkMeta(t *testing.T, meta string) {
	t.Helper()
	got, err := decodeMeta(meta)
	want := &dateline.Article{}
	if werr := json.Unmarshal([]byte(meta), want); (err == nil) != (werr == nil) || err == nil && !reflect.DeepEqual(got, want) {
		t.Fatalf("%s:\n got %+v, %v\nwant %+v, %v", meta, got, err, want, werr)
	}
}

func FuzzDecodeMeta(f *testing.F) {
	for _, s := range []string{
		`{}`, `{"id":"a","url":"https://a.example/?a=1\u0026b","title":"T","authors":["A","B"],"published":"2025-11-14T18:02:00Z","outlet":{"id":"o","name":"O"},"paywalled":true}`,
		`{"title":"a","title":"b"}`, `{"id":"a"}x`, ` {"id":null}`, `{"outlet":{"id":"a"},"entities":[{"id":"a","name":"A","type":"person","count":07}]}`,
		`{"published":"2025-11-14T18:02:00.5Z"}`, `{"quotes":[{"start":-1}],"extra":{"a":"b"}}`, `{"authors":[]}`, "{\"title\":\"\xff\"}", `{"title":"\ud800"}`, `{"id":"a"`,
	} {
		f.Add(s)
	}
	f.Fuzz(checkMeta)
}

func BenchmarkDecodeMeta(b *testing.B) {
	a := art(1, "Officials & others read the memo", "", 1_763_000_000)
	a.Authors = []string{"A. Writer", "B. Writer"}
	a.Summary = strings.Repeat("What happened, in a line. ", 6)
	for _, n := range []string{"alibaba-group", "white-house", "peoples-liberation-army", "donald-trump", "xi-jinping", "washington"} {
		a.Entities = append(a.Entities, dateline.EntityCount{ID: n, Name: n, Type: dateline.Organization, Count: 3})
	}
	e, err := encode(a)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("own", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := decodeMeta(e.meta); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := json.Unmarshal([]byte(e.meta), &dateline.Article{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
