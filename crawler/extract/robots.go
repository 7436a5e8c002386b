package extract

import (
	"slices"
	"strings"
)

// directives are the rules that make a meta element one for robots, whatever
// its name is: that is the robot.
var directives = []string{
	"noindex", "nofollow", "none", "noarchive", "nosnippet", "noimageindex", "notranslate", "nocache", "index", "follow", "all", "archive",
	"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview",
}

// robotsTags gives the robots meta elements in the form of X-Robots-Tag
// headers; those for one robot begin with its name.
func (p *page) robotsTags() []string {
	var out []string
	for name, values := range p.meta {
		for _, v := range values {
			v = strings.ToLower(v)
			rules := strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ';' || r == ' ' })
			if strings.Contains(v, "unavailable_after") { // its date has blanks
				rules = []string{v}
			}
			if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_-") != "" || slices.ContainsFunc(rules, func(d string) bool {
				d, _, _ = strings.Cut(d, ":")
				return name != "robots" && !slices.Contains(directives, strings.TrimSpace(d))
			}) {
				continue
			}
			v = strings.Join(rules, ", ")
			if name != "robots" {
				v = name + ": " + v
			}
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return out
}
