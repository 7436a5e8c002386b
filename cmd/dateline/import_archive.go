package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"

	"dateline"
	"dateline/crawler"
	"dateline/crawler/extract"
)

// archivePage is a page of an archive on its way to an article.
type archivePage struct {
	rec  crawler.Record
	art  *dateline.Article
	page *extract.Page
	err  error         // why there is no article
	done chan struct{} // closed when art and page or err are there
}

// isPage says whether a record may hold an article: an answer with HTML, or
// HTML that was kept without the answer around it.
func isPage(r *crawler.Record) bool {
	switch {
	case r.Cut:
		return false
	case r.Type == "resource":
		return strings.Contains(strings.ToLower(r.Header.Get("Content-Type")), "html")
	case r.Type != "response" || r.Status != http.StatusOK:
		return false
	}
	ctype := r.HTTP.Get("Content-Type")
	if strings.TrimSpace(ctype) == "" {
		ctype = http.DetectContentType(r.Body)
	}
	return strings.Contains(strings.ToLower(ctype), "html")
}

// warc reads the pages of an archive from the record at byte from. They are
// read one after the other, made articles on all processors, and taken in the
// order of the file, so that it is always known what is done.
func (im *importer) warc(file *os.File, from int64) error {
	if _, err := file.Seek(from, io.SeekStart); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(im.ctx)
	defer cancel()
	workers := runtime.GOMAXPROCS(0)
	queue := make(chan *archivePage, importBatch) // in order; bounds what is in memory
	work := make(chan *archivePage)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for p := range work {
				p.extract(im.cfg.Crawler.UserAgent, im.lines.Memory, im.replay)
			}
		})
	}
	var res crawler.ReadResult
	var readErr error
	im.damages = 0
	go func() {
		defer close(queue)
		defer close(work)
		res, readErr = crawler.ReadWARC(im.bar.reader(file), func(r crawler.Record) error {
			if !isPage(&r) {
				return ctx.Err()
			}
			p := &archivePage{rec: r, done: make(chan struct{})}
			for _, c := range []chan *archivePage{work, queue} {
				select {
				case c <- p:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		})
	}()
	var stopped error
	for p := range queue {
		if stopped == nil {
			<-p.done
			if stopped = im.addPage(p, from); stopped != nil {
				cancel() // what is on its way is let go
			}
		}
	}
	group.Wait()
	switch {
	case stopped != nil:
		return stopped
	case im.stopped() != nil:
		return im.broken
	case readErr != nil:
		return readErr
	case res.Damaged:
		if im.at != nil {
			im.at.Offset = 0 // the next import of the file tells the damage again
		}
		return damageError(from, &res)
	}
	return nil
}

// extract makes the article. A page that breaks the extractor is its own
// damage only.
func (p *archivePage) extract(userAgent string, memory *extract.Memory, again bool) {
	defer close(p.done)
	defer func() {
		if v := recover(); v != nil {
			p.art, p.err = nil, fmt.Errorf("the extractor panics: %v", v)
		}
	}()
	p.art, p.page, p.err = recordArticle(&p.rec, userAgent, memory, again)
	p.rec.Body = nil
}

// addPage takes an article in its turn. One of several pages waits for the
// others, which come later in the archive.
func (im *importer) addPage(p *archivePage, from int64) error {
	at := from + p.rec.Offset
	if n := p.rec.Damages; n > im.damages { // told at once: after a stop, an import goes on behind it
		im.damages = n
		im.log.Warn("the archive is damaged, reading goes on", "before", at, "places", n)
	}
	im.pages++
	if err := im.giveUp(); err != nil {
		return err
	}
	if w := im.awaited(p.rec.URI); w != nil {
		if p.err == nil && crawler.Join(w.art, p.art, p.rec.URI) {
			w.next = p.page.Next
			if err := im.lines.learn(p.page); err != nil {
				return err
			}
			return im.await(w)
		}
		if err := im.add(w.art, im.upTo(w.at)); err != nil {
			return err
		}
	}
	if p.err != nil {
		if errors.Is(p.err, errNoIndex) {
			im.noIndex++
		}
		im.log.Debug("not an article", "url", p.rec.URI, "err", p.err)
		return im.stopped()
	}
	if err := im.lines.learn(p.page); err != nil {
		return err
	}
	name, err := im.names.Learn(p.art.Outlet.ID, outletName(p.page))
	if err != nil {
		return err
	}
	if name != "" {
		p.art.Outlet.Name = name
	}
	// An earlier observation of the article comes first, whole or not.
	for i := range im.waiting {
		if w := im.waiting[i]; w.art.ID == p.art.ID {
			im.waiting = append(im.waiting[:i], im.waiting[i+1:]...)
			if err := im.add(w.art, im.upTo(w.at)); err != nil {
				return err
			}
			break
		}
	}
	return im.await(&waitingArticle{art: p.art, next: p.page.Next, at: at, nth: im.pages})
}
