package crawler

import (
	"net/url"
	"regexp"
	"strings"
)

// trackers are the query parameters that say how a reader came, never what
// the page is; two addresses that differ only in them are one article. Each
// line is one sender. The names are facts, gathered from what the senders
// document and from the lists of Miniflux (internal/reader/urlcleaner),
// Firefox's and Brave's query stripping, ClearURLs and AdGuard's URL tracking
// filter. A name that is also used for content ("ref", "source", "from",
// "cid", "id") does not belong here.
var trackers = nameSet(
	"fbclid fb_action_ids fb_action_types fb_ref fb_source fbadid mibextid __tn__ action_object_map action_type_map action_ref_map", // Facebook
	"igshid igsh ig_rid", // Instagram
	"gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid srsltid _ga _gl gs_lcrp ga_source ga_medium ga_term ga_content ga_campaign ga_place", // Google
	"msclkid ocid", // Microsoft
	"twclid __twitter_impression ref_src ref_url", // Twitter
	"ttclid tt_medium tt_content tt_campaign",     // TikTok
	"li_fat_id",                                       // LinkedIn
	"rdt_cid qclid epik sccid",                        // Reddit, Quora, Pinterest, Snapchat
	"yclid ysclid _openstat ymclid",                   // Yandex
	"mc_cid mc_eid mc_tc",                             // Mailchimp
	"_hsenc _hsmi __hssc __hstc __hsfp hsctatracking", // HubSpot
	"mkt_tok",                 // Marketo
	"vero_id vero_conv",       // Vero
	"oly_enc_id oly_anon_id",  // Omeda
	"wickedid rb_clickid __s", // Wicked Reports, Drip
	"ck_subscriber_id ml_subscriber ml_subscriber_hash", // ConvertKit, MailerLite
	"_ke _kx klaviyo_id",                                     // Klaviyo
	"spjobid spmailingid spreportid spuserid",                // Silverpop
	"elqtrackid elqtrack elqaid elqat elqcampaignid",         // Eloqua
	"_bta_tid _bta_c trk_contact trk_msg trk_module trk_sid", // Bronto, Listrak
	"dm_i ef_id s_kwcid s_cid sc_campaign sc_channel sc_cid", // dotdigital, Adobe
	"_branch_match_id _branch_referrer",                      // Branch
	"irclickid irgwc cjevent awc vgo_ee",                     // affiliate networks
	"dicbo tblci obclid hootpostid",                          // Outbrain, Taboola, Hootsuite
	"gdfms gdftrk gdffi redirect_log_mongo_id redirect_mongo_id sb_referer_host mkwid pcrid unicorn_click_id",                 // shops
	"guccounter guce_referrer guce_referrer_sig soc_src soc_trk ncid",                                                         // Yahoo
	"cmpid cmp icid ftag ito smid smtyp emc mbid cndid bxid esrc tpcc taid reflink",                                           // newspapers' own
	"xtor xtref wt_mc wt_zmc wt.mc_id wt.mc wt.tsrc spm scm dpg_source dpg_medium dpg_campaign sara_ref sara_ecid xing_share", // AT Internet, Webtrekk, Alibaba, DPG
	"ns_campaign ns_mchannel ns_source ns_linkname ns_fee wprov nr_email_referer",                                             // comScore, Wikimedia
)

// trackerPrefixes begin the names of families of such parameters.
var trackerPrefixes = []string{
	"utm_", "at_", "pk_", "piwik_", "matomo_", "mtm_", // Urchin (Google Analytics), AT Internet, Matomo
	"hsa_", "bsft_", "etcc_", "itm_", "int_source", "int_medium", "int_campaign", "int_content", // HubSpot, Blueshift, etracker, internal campaigns
}

func nameSet(groups ...string) map[string]bool {
	m := map[string]bool{}
	for _, g := range groups {
		for _, n := range strings.Fields(g) {
			m[n] = true
		}
	}
	return m
}

func isTracker(name string) bool {
	n := strings.ToLower(name)
	if trackers[n] {
		return true
	}
	for _, p := range trackerPrefixes {
		if strings.HasPrefix(n, p) {
			return true
		}
	}
	return false
}

// session are query parameters that name a visit, so that one page has as
// many addresses as visitors.
var session = regexp.MustCompile(`(?i)^(phpsessid|jsessionid|aspsessionid\w*|sessionid|session_id|cfid|cftoken|osid|sid)=([\w-]*)`)

// isSession tells a visit's id from a section's or a story's, which some
// sites call sid too: those are short or plain numbers.
func isSession(pair string) bool {
	m := session.FindStringSubmatch(pair)
	if m == nil {
		return false
	}
	switch strings.ToLower(m[1]) {
	case "sid", "cfid", "osid":
		return len(m[2]) >= 8 && strings.Trim(m[2], "0123456789") != ""
	}
	return true
}

// pathSession is a visit's id that Java servers put into the path.
var pathSession = regexp.MustCompile(`(?i);jsessionid=[\w.!-]*`)

// ampSwitch says that a parameter asks for the AMP form of a page.
func ampSwitch(name, value string) bool {
	switch strings.ToLower(name) {
	case "amp", "amp_js_v", "isamp":
		return value == "" || value == "1" || strings.EqualFold(value, "true") || strings.HasPrefix(name, "amp_")
	case "outputtype":
		return strings.EqualFold(value, "amp")
	}
	return false
}

// ampCache is the path under which a cache of AMP pages (Google, Bing) holds
// the page of another host: "s/" before it is https.
var ampCache = regexp.MustCompile(`^/(?:amp|[acvri])/(s/)?([a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/.*)?)$`)

// uncached gives the address of the page that an AMP cache's address is a
// copy of; "" if it is none.
func uncached(host, path, query string) string {
	switch {
	case host == "www.google.com" || host == "google.com" || host == "www.bing.com":
		if !strings.HasPrefix(path, "/amp/") {
			return ""
		}
	case strings.HasSuffix(host, ".cdn.ampproject.org"), host == "cdn.ampproject.org", strings.HasSuffix(host, ".bing-amp.com"):
	default:
		return ""
	}
	m := ampCache.FindStringSubmatch(path)
	if m == nil {
		return ""
	}
	u := "http://" + m[2]
	if m[1] != "" {
		u = "https://" + m[2]
	}
	if query != "" {
		u += "?" + query
	}
	return u
}

// variantHost are the first labels under which outlets keep the AMP and
// mobile forms of their pages.
var variantHost = map[string]bool{"m": true, "mobile": true, "mobil": true, "amp": true, "wap": true, "touch": true, "3g": true}

// ampPath is how the path of an AMP page is told from the page's own.
var ampPath = regexp.MustCompile(`(?i)(^/amp/|/amp/?$|/amp\.html?$|\.amp(\.html?)?$|/amphtml(/|$))`)

// isVariant says whether an address is that of the AMP or mobile form of a
// page, by the forms that outlets use. Such a page names the page it is a
// form of in rel=canonical.
func isVariant(rawURL string) bool {
	u, err := url.Parse(rawURL)
	if err != nil {
		return false
	}
	first, _, _ := strings.Cut(u.Hostname(), ".")
	return variantHost[first] && strings.Count(u.Hostname(), ".") >= 2 || ampPath.MatchString(u.Path)
}
