// Package crawltest serves web sites on loopback for tests and for the demo,
// as net/http/httptest does for handlers.
//
// [StartNewsroom] starts a dozen invented outlets behind one address. They
// have reserved names (RFC 2606), so that a client reaches them only by
// dialling [Newsroom.Addr] in place of every host under ".example".
// [StartSite] serves whatever pages a test gives it, misbehaviour included.
package crawltest
