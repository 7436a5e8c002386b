package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"dateline"
)

func newServe(f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the API and the pages only",
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := f.setup(cmd)
			if err != nil {
				return err
			}
			ln, err := a.listen(cmd.Context())
			if err != nil {
				return err
			}
			defer ln.Close()
			if err := a.openIndex(cmd.Context(), indexMode{}); err != nil {
				return err
			}
			defer a.close()
			a.crawl = savedCrawl(a.cfg.Data)
			return a.serve(cmd.Context(), ln)
		},
	}
	cmd.Flags().StringVar(&f.listen, "listen", "", "address to serve on (default the config's)")
	return cmd
}

// listen takes the port before anything else is opened, so that a taken port
// is the first thing a user hears of.
func (a *app) listen(ctx context.Context) (net.Listener, error) {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.cfg.API.Listen)
	if err != nil {
		return nil, fmt.Errorf("%w (choose another address with --listen, for example --listen 127.0.0.1:8081)", err)
	}
	return ln, nil
}

// serve answers until ctx ends, then lets running requests finish for up to
// ten seconds.
func (a *app) serve(ctx context.Context, ln net.Listener) error {
	srv := &http.Server{
		Handler:           a.handler(perMinute(a.cfg.API.RateLimit)),
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
	a.log.Info("serving", "url", "http://"+ln.Addr().String()+"/")
	done := make(chan error, 1)
	go func() { done <- srv.Serve(ln) }()
	select {
	case err := <-done:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	sctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := srv.Shutdown(sctx); err != nil {
		return fmt.Errorf("shutdown: %w", err)
	}
	if err := <-done; err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return ctx.Err()
}

func perMinute(r dateline.Rate) int {
	if r.N == 0 || r.Per <= 0 {
		return 0
	}
	return max(1, int(float64(r.N)*float64(time.Minute)/float64(r.Per)))
}
