package main

import (
	"fmt"
	"strings"

	"dateline/crawler"
)

// damageError tells where an archive is damaged that was read from byte from.
func damageError(from int64, res *crawler.ReadResult) error {
	var at strings.Builder
	for i, n := range res.More {
		if i == 0 {
			at.WriteString(", the others at byte")
		}
		fmt.Fprintf(&at, " %d", from+n)
	}
	if res.Damages > 1+len(res.More) {
		at.WriteString(" and behind it")
	}
	return fmt.Errorf("damaged at byte %d: %s (damage in %d places%s; the %d whole records are kept)", from+res.Offset, res.Complaint, res.Damages, at.String(), res.Records)
}
