package main

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"dateline"
	"dateline/crawler"
	"dateline/indexer/store"
)

// importBatch articles become durable in one transaction: some tenths of a
// second of work, which is what a kill may cost.
const importBatch = 250

// maxFailed lines may be bad before the file is given up.
const maxFailed = 100

// importer takes files into the index, a batch at a time. With each batch it
// notes how far it has come in the file, in the same transaction.
type importer struct {
	*app
	ctx    context.Context //nolint:containedctx // lives as long as its command
	start  time.Time
	mode   string // what else decides about an article; see resumeMode
	again  bool   // do not skip what was imported before
	replay bool   // the archive is our own and read again
	dated  bool   // articles were observed at a time that an archive tells
	bar    *progress

	batch   []*dateline.Article
	at      *store.Progress   // of the file that is being read; nil if nothing is noted
	saved   []store.Progress  // of the HTML files in batch
	waiting []*waitingArticle // for their next pages; see addPage
	held    bool              // a line failed: what comes after it is not noted as done

	pages   int // of archives, articles or not
	damages int // places in the archive that is read

	names crawler.OutletNames // learned from the pages of archives, in their order

	read, taken, off int
	noIndex          int      // pages that ask not to be indexed
	added            int      // new or changed
	failed           []string // files and lines, with the reason
	known            []string // files that were imported before, but for HTML files
	knownPages       int      // HTML files that were
	broken           error    // the store or the user ended the import
}

func newImporter(ctx context.Context, a *app) *importer {
	return &importer{app: a, ctx: ctx, start: time.Now()}
}

func (im *importer) perSecond() float64 { return float64(im.read) / time.Since(im.start).Seconds() }

// all imports files and lists those that failed.
func (im *importer) all(files []string) error {
	for _, name := range files {
		if err := im.file(name); err != nil {
			if im.broken != nil {
				return im.broken
			}
			im.failed = append(im.failed, fmt.Sprintf("%s: %v", name, err))
		}
	}
	if err := errors.Join(im.endWaiting(), im.flush()); err != nil {
		return err
	}
	return im.idx.Flush(im.ctx)
}

// file imports one file, from where an earlier import of it ended.
func (im *importer) file(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	im.bar.file(name)
	if importKind(name) == "html" {
		return im.html(file)
	}
	defer func() { im.at, im.held = nil, false }()
	from, err := im.resume(file)
	if err != nil {
		return err
	}
	if from == wholeFile {
		im.known = append(im.known, name)
		im.bar.skip(file)
		return nil
	}
	if from > 0 {
		im.log.Info("import goes on where it was", "file", name, "from", from)
	}
	im.dated = importKind(name) == "warc"
	if im.dated {
		if err = im.warc(file, from); !im.replay { // our own archive goes on in the next file
			err = errors.Join(err, im.endWaiting())
		}
	} else {
		err = im.jsonl(file, from)
	}
	if err == nil && im.at != nil && !im.held {
		im.at.Offset = wholeFile
	}
	// A file cut in the middle keeps what came before the cut.
	return errors.Join(err, im.flush())
}

// jsonl reads one article a line; the first from lines are done.
func (im *importer) jsonl(file *os.File, from int64) error {
	var r io.Reader = im.bar.reader(file)
	if strings.HasSuffix(file.Name(), ".gz") {
		zr, err := gzip.NewReader(r)
		if err != nil {
			return err
		}
		r = zr
	}
	return eachLine(r, func(n int, line []byte) error {
		if int64(n) <= from {
			return nil
		}
		art, err := parseArticle(line)
		if err != nil {
			im.held = true
			im.failed = append(im.failed, fmt.Sprintf("%s:%d: %v", file.Name(), n, err))
			if len(im.failed) > maxFailed {
				return errors.New("too many bad lines")
			}
			return nil
		}
		return im.add(art, int64(n))
	})
}

// html takes the one article of a saved page. A folder may have very many, so
// that one which was not changed since is known by its date and size alone.
func (im *importer) html(file *os.File) error {
	defer im.bar.whole(file)
	at, known, err := im.resumePage(file)
	if err != nil {
		return err
	}
	if known {
		im.knownPages++
		return im.stopped()
	}
	page, err := readPage(file.Name())
	if err != nil {
		return err
	}
	abs, err := filepath.Abs(file.Name())
	if err != nil {
		return err
	}
	art, err := extractArticle(page, "", (&url.URL{Scheme: "file", Path: abs}).String())
	if err != nil {
		return err
	}
	if at != nil {
		im.saved = append(im.saved, *at)
	}
	return im.add(art, 0)
}

// add takes an article. When it is durable, everything before position to in
// the file is done.
func (im *importer) add(a *dateline.Article, to int64) error {
	im.read++
	im.batch = append(im.batch, a)
	if im.at != nil && !im.held {
		im.at.Offset = to
	}
	im.bar.show(im.read, im.perSecond())
	if len(im.batch) < importBatch {
		return im.stopped()
	}
	return im.flush()
}

// stopped is the reason to read no further, if there is one.
func (im *importer) stopped() error {
	if err := im.ctx.Err(); err != nil {
		im.broken = err
	}
	return im.broken
}

// flush makes the batch durable.
func (im *importer) flush() error {
	if im.broken != nil || len(im.batch) == 0 && im.at == nil {
		return im.broken
	}
	add := im.idx.AddBatch
	if im.dated {
		add = im.idx.Replay
	}
	done := im.saved
	if im.at != nil {
		done = append(done, *im.at)
	}
	res, err := add(im.ctx, im.batch, done)
	if err != nil {
		if im.stopped() == nil {
			im.broken = err
		}
		return im.broken
	}
	im.taken += res.Added + res.Changed + res.Unchanged
	im.added += res.Added + res.Changed
	im.off += res.OffStory
	im.batch, im.saved = im.batch[:0], im.saved[:0]
	return nil
}
