package entity

import (
	"strings"
	"testing"

	"dateline"
)

// TestContext: towns of the long list, and companies whose names are words,
// are entities only where the words around say so.
func TestContext(t *testing.T) {
	r := shippedOnly()
	for _, c := range []struct {
		typ              dateline.EntityType
		lang, body, want string
	}{
		{dateline.Place, "de", "In Zwickau steht ein Werk. Zwickau hofft.", "Zwickau, Zwickau"},
		{dateline.Place, "fr", "Une usine à Valenciennes ferme.", "Valenciennes"},
		{dateline.Place, "en", "The fire in Yuma spread.", "Yuma"},
		{dateline.Place, "en", "He was born in Bothell, Washington.", "Bothell, Washington, D.C."},
		{dateline.Place, "en", "He likes it, said Linares.", ""},
		{dateline.Place, "en", "They walked from NTU Hospital Station to Brell Street Station.", "NTU Hospital Station, Brell Street Station"},
		{dateline.Place, "en", "The police station and the Space Station are none.", ""},
		{dateline.Organization, "en", "Target said sales rose. Shoppers like Target.", "Target, Target"},
		{dateline.Organization, "en", "Shares of Visa and Gap Inc. fell; the retailer Gap closed stores.", "Visa, Gap, Gap"},
		{dateline.Organization, "en", "They missed the target. Target practice was loud, and a visa costs more than an apple.", ""},
		{dateline.Organization, "en", "The gap between them grew. Block by block, the continental shelf sank.", ""},
		{dateline.Organization, "en", "The study is in the journal Nature. Nature is beautiful.", "Nature, Nature"},
		{dateline.Organization, "en", "Nature is beautiful, and so is science. Science takes time.", ""},
		{dateline.Organization, "en", "Sales at Target (TGT) rose.", "Target, Target"},
		{dateline.Organization, "de", "Der Konzern Continental streicht Stellen.", "Continental"},
		{dateline.Organization, "en", "TARGET THE WEAK AND VISA RULES, SAYS PAPER", ""},
	} {
		var got []string
		ms := r.Recognize("", c.body, c.lang)
		check(t, "", c.body, ms)
		for _, m := range ms {
			if m.Type == c.typ {
				got = append(got, m.Name)
			}
		}
		if g := strings.Join(got, ", "); g != c.want {
			t.Errorf("%q: got %s, want %s", c.body, g, c.want)
		}
	}
}
