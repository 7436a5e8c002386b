package crawler

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// azureWire is a public-looking address that answers with a cloud machine's
// own configuration; the IANA registries do not list it.
var azureWire = netip.MustParsePrefix("168.63.129.16/32")

// guardControl judges every address at the moment of the dial, after the name
// was resolved, so that a name which changes its address between a check and
// the dial gains nothing.
func guardControl(allow []netip.Prefix) func(network, address string, c syscall.RawConn) error {
	g := ssrf.New(ssrf.WithAnyPort(), ssrf.WithDeniedV4Prefixes(azureWire))
	return func(_, address string, c syscall.RawConn) error {
		ap, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("%w: %s", errPrivate, address)
		}
		ip := ap.Addr().Unmap().WithZone("")
		for _, p := range allow {
			if p.Contains(ip) {
				return nil
			}
		}
		// No site is published under a mapped address (::ffff:a.b.c.d), so one is
		// judged as it is written: as IPv6 that is not global.
		network := "tcp4"
		if ap.Addr().Is6() {
			network = "tcp6"
		}
		if err := g.Safe(network, netip.AddrPortFrom(ap.Addr().WithZone(""), ap.Port()).String(), c); err != nil {
			return fmt.Errorf("%w: %w", errPrivate, err)
		}
		return nil
	}
}

// connectTarget maps an address to be dialled as ConnectTo says: an exact
// host:port or host first, then the longest "*.suffix", then "*".
func connectTarget(m map[string]string, addr string) string {
	if len(m) == 0 {
		return addr
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	to, ok := m[net.JoinHostPort(host, port)]
	if !ok {
		to, ok = m[host]
	}
	if !ok {
		best := -1
		for k, v := range m {
			suffix, wild := strings.CutPrefix(strings.ToLower(k), "*")
			// "*" is the empty suffix; "*.example.com" does not match example.com.
			if wild && strings.HasSuffix(host, suffix) && len(suffix) > best && (suffix == "" || suffix[0] == '.') {
				best, to, ok = len(suffix), v, true
			}
		}
	}
	if !ok || to == "" {
		return addr
	}
	if _, _, err := net.SplitHostPort(to); err != nil {
		return net.JoinHostPort(strings.Trim(to, "[]"), port)
	}
	return to
}

// privateName tells names that no public site has: they lead into the network
// that a proxy is in.
func privateName(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if !strings.Contains(host, ".") {
		return true // localhost, and what a search domain completes
	}
	for _, suffix := range []string{".localhost", ".local", ".internal", ".home.arpa", ".lan", ".intranet", ".corp"} {
		if strings.HasSuffix(host, suffix) {
			return true
		}
	}
	return false
}

// silence is how long a site may take to begin its answer.
const silence = 15 * time.Second

// dialKey is the context's key for the host that a dial is for; a host that
// connect_to maps has none.
type dialKey struct{}

func newTransport(cfg Config, hosts *hostTable) (*http.Transport, error) {
	guard := guardControl(cfg.AllowNetworks)
	d := &net.Dialer{Timeout: min(cfg.Timeout, silence), KeepAlive: 30 * time.Second}
	d.ControlContext = func(ctx context.Context, network, address string, c syscall.RawConn) error {
		if err := guard(network, address, c); err != nil {
			return err
		}
		host, ok := ctx.Value(dialKey{}).(string)
		if !ok {
			return nil
		}
		ip, _, err := net.SplitHostPort(address)
		if err != nil {
			return err
		}
		return hosts.dialled(host, ip, steady())
	}
	var proxy *url.URL
	if cfg.Proxy != "" {
		var err error
		if proxy, err = url.Parse(cfg.Proxy); err != nil {
			return nil, fmt.Errorf("proxy %q: %w", cfg.Proxy, err)
		}
	}
	t := &http.Transport{
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			if proxy != nil {
				// All dials are to the proxy, which the configuration names and which
				// is in a private network as a rule; get judges the addresses themselves.
				return (&net.Dialer{Timeout: d.Timeout, KeepAlive: d.KeepAlive}).DialContext(ctx, network, addr)
			}
			to := connectTarget(cfg.ConnectTo, addr)
			if to == addr {
				host := strings.TrimSuffix(strings.TrimSuffix(addr, ":443"), ":80")
				ctx = context.WithValue(ctx, dialKey{}, strings.ToLower(host))
			}
			return d.DialContext(ctx, network, to)
		},
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    cfg.Timeout,
		ResponseHeaderTimeout:  min(cfg.Timeout, silence),
		MaxResponseHeaderBytes: 256 << 10,
		ReadBufferSize:         32 << 10, // a compressed page is some of it
		MaxIdleConns:           64,
		MaxIdleConnsPerHost:    1, // one request at a time per host
		IdleConnTimeout:        30 * time.Second,
		DisableCompression:     true, // decoded by ourselves, with the cap
		ForceAttemptHTTP2:      true,
	}
	if proxy != nil {
		// The environment's proxy is not used: it would dial past the guard
		// without the configuration saying so.
		t.Proxy = http.ProxyURL(proxy)
	}
	return t, nil
}
