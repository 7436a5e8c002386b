package main

import (
	"slices"

	"dateline"
	"dateline/crawler"
)

// waitingArticle is an article whose next page is to come.
type waitingArticle struct {
	art  *dateline.Article
	next string
	at   int64 // where its first page is in the file
	nth  int   // of the pages of the archive
}

// maxWaiting articles wait for their next pages; then the first is taken as
// it is.
const maxWaiting = 200

// maxApart is how many pages of an archive may lie between two of an article:
// what is not done because one waits is read again after a stop. A crawl asks
// for the next page when the delay of its host is over, some seconds later.
const maxApart = 500

// await takes an article that has no further page, and lets others wait.
func (im *importer) await(w *waitingArticle) error {
	if w.next == "" || len(w.art.Pages)+1 >= crawler.MaxPages {
		return im.add(w.art, im.upTo(w.at))
	}
	if im.waiting = append(im.waiting, w); len(im.waiting) <= maxWaiting {
		return im.stopped()
	}
	w, im.waiting = im.waiting[0], im.waiting[1:]
	return im.add(w.art, im.upTo(w.at))
}

// giveUp takes the articles whose next pages are too long in coming. An archive
// that is not resumed can wait for them to its end.
func (im *importer) giveUp() error {
	if im.at == nil {
		return nil
	}
	for {
		i := slices.IndexFunc(im.waiting, func(w *waitingArticle) bool { return im.pages-w.nth > maxApart })
		if i < 0 {
			return nil
		}
		w := im.waiting[i]
		im.waiting = slices.Delete(im.waiting, i, i+1)
		if err := im.add(w.art, im.upTo(w.at)); err != nil {
			return err
		}
	}
}

// awaited is the article whose next page has an address, which waits no
// longer; nil if there is none.
func (im *importer) awaited(address string) *waitingArticle {
	for i, w := range im.waiting {
		if w.next == address {
			im.waiting = append(im.waiting[:i], im.waiting[i+1:]...)
			return w
		}
	}
	return nil
}

// upTo is how far a file is done when what waits is not: a member may hold
// more records, so it is done when the next has begun.
func (im *importer) upTo(at int64) int64 {
	for _, w := range im.waiting {
		at = min(at, w.at)
	}
	return at
}

// endWaiting takes what still waits at the end of the files.
func (im *importer) endWaiting() error {
	for len(im.waiting) > 0 {
		w := im.waiting[0]
		im.waiting = im.waiting[1:]
		if err := im.add(w.art, im.upTo(w.at)); err != nil {
			return err
		}
	}
	return nil
}
