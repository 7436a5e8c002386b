package crawler

import (
	"context"
	"crypto/tls"
	"errors"
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
		if tunnelled(ip) {
			return fmt.Errorf("%w: %s is the ISATAP form of an IPv4 address", errPrivate, ip)
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

// tunnelled says whether an IPv6 address has the interface identifier of ISATAP
// (RFC 5214, 6.1): a router that knows it takes the packet to the IPv4 address
// in its last four bytes, which may be a private one.
func tunnelled(ip netip.Addr) bool {
	if !ip.Is6() {
		return false
	}
	b := ip.As16()
	return b[8]&^3 == 0 && b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe
}

// closedPorts are those that browsers do not ask (Fetch, "port blocking"): what
// answers there speaks another protocol and might take a request for commands.
// So no page can be there. Ports 1 and 9 are not among them here: there is nothing
// to harm, and people name them for a server that does not answer.
var closedPorts = func() map[string]bool {
	closed := map[string]bool{}
	for p := range strings.FieldsSeq(`0 7 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117
		119 123 135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 995 1719 1720
		1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080`) {
		closed[p] = true
	}
	return closed
}()

func errClosed(u *url.URL) error { return fmt.Errorf("port %s is not one of the web", u.Port()) }

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
			return nil, errors.New("the proxy's address is no URL") // it can have a password
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
