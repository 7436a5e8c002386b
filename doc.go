// Package dateline holds the words that the crawler, the indexer and the API
// share: articles, outlets, stories, queries and results. It does no I/O and
// imports only the standard library; the packages beside it do the work and
// do not know each other.
//
// One article's way has two hand-overs, both in types of this package: the
// crawler gives an [Article] to a [Sink], the API gives a [Query] to a
// [Searcher]. indexer.Index is both.
package dateline
