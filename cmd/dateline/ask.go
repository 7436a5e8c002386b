package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"dateline/api"
	"dateline/indexer"
)

// A command waits for a data folder that another process has just opened, or
// is about to close: patience for each such process, as many short ones may
// take turns, and mostPatience in all.
const (
	patience     = 3 * time.Second
	mostPatience = time.Minute
)

// errorTrailer carries what went wrong after an answer had begun.
const errorTrailer = "Dateline-Error"

// ask gets an answer of the HTTP API from the process that has the data
// folder open: this one, if no other has.
func (a *app) ask(ctx context.Context, path string, v url.Values) (*http.Response, error) {
	dial := func(ctx context.Context) (net.Conn, error) { return dialSocket(ctx, a.cfg.Data) }
	var locked *indexer.LockedError
	holder, began := 0, time.Now()
	for end := began.Add(patience); ; {
		err := a.tryOpen(indexMode{})
		if err == nil {
			dial = a.local.inside.dial
		} else if !errors.As(err, &locked) {
			return nil, err
		} else if locked.PID != holder && time.Since(began) < mostPatience {
			holder, end = locked.PID, time.Now().Add(patience)
		}
		client := http.Client{Transport: &http.Transport{
			DialContext:       func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) },
			DisableKeepAlives: true, DisableCompression: true,
		}}
		req, rerr := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost"+path+"?"+v.Encode(), nil)
		if rerr != nil {
			return nil, rerr
		}
		resp, rerr := client.Do(req)
		if rerr == nil {
			return resp, problem(resp)
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err == nil {
			return nil, rerr
		}
		// It is opening or closing the folder just now, or answers nobody.
		if time.Now().After(end) {
			return nil, fmt.Errorf("%w, which does not answer at %s (%w): wait until it has started, or stop it", err, socketName, rerr)
		}
		if err := sleep(ctx, 100*time.Millisecond); err != nil {
			return nil, err
		}
	}
}

// problem makes an error of an answer that is one.
func problem(resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	defer resp.Body.Close()
	var p api.Problem
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&p); err != nil || p.Detail == "" {
		return fmt.Errorf("answered %s", resp.Status)
	}
	if err := errors.New(p.Detail); resp.StatusCode == http.StatusBadRequest {
		return &usageError{err}
	} else {
		return err
	}
}

// copyAnswer writes the whole answer to w, and fails if it was not whole.
func copyAnswer(w io.Writer, resp *http.Response) error {
	defer resp.Body.Close()
	if _, err := io.Copy(w, resp.Body); err != nil {
		return err
	}
	if msg := resp.Trailer.Get(errorTrailer); msg != "" {
		return errors.New(msg)
	}
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
