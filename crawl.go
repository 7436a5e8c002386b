package dateline

import (
	"errors"
	"time"
)

// CrawlStats tells what a crawl did so far, over all runs, and what it waits for.
type CrawlStats struct {
	Sources     []SourceStats  `json:"sources"`
	Fetched     int            `json:"fetched"`
	NotModified int            `json:"not_modified"`
	NotFetched  map[string]int `json:"not_fetched"` // reason -> addresses
	Hosts       []HostStats    `json:"hosts"`       // those that rest, then those asked last; 1000 at most
}

// SourceStats tells how one source does.
type SourceStats struct {
	Source      string         `json:"source"` // kind and value
	LastSuccess *time.Time     `json:"last_success"`
	Found       int            `json:"found"` // addresses that it was the first to name
	Fetched     int            `json:"fetched"`
	Taken       int            `json:"taken"`
	Error       string         `json:"error"`              // of the last try; empty if it went well
	NextDue     *time.Time     `json:"next_due"`           // when it is asked next; null if never
	Refused     map[string]int `json:"refused"`            // reason -> addresses that it named and that gave no article
	MovedTo     string         `json:"moved_to,omitempty"` // where it is asked since permanent redirects led there; it is asked at its own address now and then
}

// HostStats tells how a host is asked.
type HostStats struct {
	Host     string    `json:"host"`
	Next     time.Time `json:"next"`           // no request before
	Why      string    `json:"why,omitempty"`  // what it rests for, beyond its delay: retry_after, overloaded, dead, budget; half_budget: only older articles wait for tomorrow
	Delay    float64   `json:"delay_seconds"`  // least time between the starts of two requests
	Requests int       `json:"requests_today"` // since midnight, UTC
	Waiting  int       `json:"waiting"`        // addresses that are asked for as soon as they may be
}

// ErrNotCrawling says that this process does not crawl, though another may.
var ErrNotCrawling = errors.New("this process serves only: run dateline or dateline up to crawl")
