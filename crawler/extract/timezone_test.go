package extract

import (
	"testing"
	"time"
)

func TestZoneOfHost(t *testing.T) {
	for host, want := range map[string]string{
		"hafenpost.de": "Europe/Berlin", "www.heraldo.es": "Europe/Madrid", "asia.nikkei.com": "Asia/Tokyo", "dw.com": "Europe/Berlin",
		"post.example": "", "nytimes.com": "", "smh.com.au": "", "localhost": "", "": "",
	} {
		got := ""
		if l := zoneOfHost(host); l != nil {
			got = l.String()
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", host, got, want)
		}
	}
}

// TestCountryZones: the system's own or the embedded data has each zone.
func TestCountryZones(t *testing.T) {
	for c, name := range countryZones {
		if _, err := time.LoadLocation(name); err != nil {
			t.Errorf("%s: %v", c, err)
		}
	}
}
