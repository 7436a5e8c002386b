package extract

import (
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // the zones, also where the system has none
)

// countryZones are the zones of countries that have one, or one in which
// nearly all live. A clock that a page shows without a zone is its readers'.
var countryZones = map[string]string{
	"AT": "Europe/Vienna", "BE": "Europe/Brussels", "BG": "Europe/Sofia", "CH": "Europe/Zurich", "CY": "Asia/Nicosia", "CZ": "Europe/Prague", "DE": "Europe/Berlin",
	"DK": "Europe/Copenhagen", "EE": "Europe/Tallinn", "ES": "Europe/Madrid", "FI": "Europe/Helsinki", "FR": "Europe/Paris", "GB": "Europe/London", "UK": "Europe/London",
	"GR": "Europe/Athens", "HR": "Europe/Zagreb", "HU": "Europe/Budapest", "IE": "Europe/Dublin", "IS": "Atlantic/Reykjavik", "IT": "Europe/Rome", "LT": "Europe/Vilnius",
	"LU": "Europe/Luxembourg", "LV": "Europe/Riga", "MD": "Europe/Chisinau", "MK": "Europe/Skopje", "MT": "Europe/Malta", "NL": "Europe/Amsterdam", "NO": "Europe/Oslo",
	"PL": "Europe/Warsaw", "RO": "Europe/Bucharest", "RS": "Europe/Belgrade", "SE": "Europe/Stockholm", "SI": "Europe/Ljubljana", "SK": "Europe/Bratislava", "UA": "Europe/Kyiv",
	"BA": "Europe/Sarajevo", "AL": "Europe/Tirane", "ME": "Europe/Podgorica", "BY": "Europe/Minsk", "TR": "Europe/Istanbul", "GE": "Asia/Tbilisi", "AM": "Asia/Yerevan", "AZ": "Asia/Baku",
	"IL": "Asia/Jerusalem", "SA": "Asia/Riyadh", "AE": "Asia/Dubai", "QA": "Asia/Qatar", "KW": "Asia/Kuwait", "BH": "Asia/Bahrain", "OM": "Asia/Muscat", "JO": "Asia/Amman", "LB": "Asia/Beirut",
	"SY": "Asia/Damascus", "IQ": "Asia/Baghdad", "IR": "Asia/Tehran", "AF": "Asia/Kabul", "PK": "Asia/Karachi", "IN": "Asia/Kolkata", "LK": "Asia/Colombo", "NP": "Asia/Kathmandu",
	"BD": "Asia/Dhaka", "MM": "Asia/Yangon", "TH": "Asia/Bangkok", "VN": "Asia/Ho_Chi_Minh", "KH": "Asia/Phnom_Penh", "LA": "Asia/Vientiane", "MY": "Asia/Kuala_Lumpur", "SG": "Asia/Singapore",
	"PH": "Asia/Manila", "CN": "Asia/Shanghai", "HK": "Asia/Hong_Kong", "MO": "Asia/Macau", "TW": "Asia/Taipei", "JP": "Asia/Tokyo", "KR": "Asia/Seoul", "KP": "Asia/Pyongyang", "UZ": "Asia/Tashkent",
	"EG": "Africa/Cairo", "MA": "Africa/Casablanca", "DZ": "Africa/Algiers", "TN": "Africa/Tunis", "LY": "Africa/Tripoli", "NG": "Africa/Lagos", "GH": "Africa/Accra", "KE": "Africa/Nairobi",
	"TZ": "Africa/Dar_es_Salaam", "UG": "Africa/Kampala", "ET": "Africa/Addis_Ababa", "ZA": "Africa/Johannesburg", "ZW": "Africa/Harare", "ZM": "Africa/Lusaka", "NA": "Africa/Windhoek", "SN": "Africa/Dakar",
	"AR": "America/Argentina/Buenos_Aires", "BO": "America/La_Paz", "CO": "America/Bogota", "CR": "America/Costa_Rica", "CU": "America/Havana", "DO": "America/Santo_Domingo", "EC": "America/Guayaquil",
	"GT": "America/Guatemala", "HN": "America/Tegucigalpa", "JM": "America/Jamaica", "NI": "America/Managua", "PA": "America/Panama", "PE": "America/Lima", "PR": "America/Puerto_Rico",
	"PY": "America/Asuncion", "SV": "America/El_Salvador", "UY": "America/Montevideo", "VE": "America/Caracas", "NZ": "Pacific/Auckland", "FJ": "Pacific/Fiji",
}

// zoneCache keeps zones that were loaded.
var zoneCache sync.Map // country -> *time.Location

// zoneOfHost is the zone of an outlet's country, by the list of outlets or the
// end of its host's name; nil where the country is unknown or has several zones.
func zoneOfHost(host string) *time.Location {
	country := ""
	if o, ok := KnownOutlet(host); ok {
		country = o.Country
	} else if i := strings.LastIndexByte(host, '.'); i >= 0 && len(host)-i == 3 {
		country = strings.ToUpper(host[i+1:])
	}
	name, ok := countryZones[country]
	if !ok {
		return nil
	}
	if l, ok := zoneCache.Load(country); ok {
		return l.(*time.Location)
	}
	l, err := time.LoadLocation(name)
	if err != nil {
		return nil // a zone that is renamed in the system's data
	}
	zoneCache.Store(country, l)
	return l
}

// inCountry takes a clock without a zone for one of the outlet's country.
func inCountry(w written, l *time.Location) written {
	if !w.hasTime || w.zoned || l == nil {
		return w
	}
	t := w.t
	w.t = time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, l)
	return w
}
