package wire

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"easel/backend"
)

// browser is the User-Agent of downloads: some file hosts answer 403 to what
// does not look like a browser.
const browser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"

// hops is how many redirects a download follows.
const hops = 10

// Fetch downloads a picture and writes it to w. Whether it is one is judged by
// its bytes before the first is written.
//
// No key goes with it. Only for a provider whose results lie behind the key,
// header holds what belongs to requests to the address home: it goes to that
// scheme, host and port and nowhere else, redirects included.
func (c *Client) Fetch(ctx context.Context, address, home string, header http.Header, w io.Writer) error {
	f := &fetch{client: c, home: home, header: header}
	f.ctx, f.watch = watching(ctx, fetchPatience)
	defer f.watch.stop()
	res, err := f.follow(address)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return f.save(res, w)
}

type fetch struct {
	client *Client
	ctx    context.Context
	watch  *watch
	home   string
	header http.Header
}

// follow gives the head of the answer behind all redirects.
func (f *fetch) follow(address string) (*http.Response, error) {
	for range hops {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, f.fail(true, backend.Garbled, "fetch.address", "%s is no address of a picture", short(address))
		}
		res, err := f.get(u)
		if err != nil {
			return nil, f.broken(err)
		}
		f.watch.touch()
		to := res.Header.Get("Location")
		if to == "" || res.StatusCode < 300 || res.StatusCode > 399 {
			return res, f.refused(res)
		}
		res.Body.Close()
		next, err := u.Parse(to)
		if err != nil {
			return nil, f.fail(false, backend.Garbled, "fetch.moved", "sent on to %s", short(to))
		}
		address = next.String()
	}
	return nil, f.fail(false, backend.Garbled, "fetch.circle", "sent on too often")
}

// get asks one host. Every request is made anew, so that nothing of the one
// before goes along.
func (f *fetch) get(u *url.URL) (*http.Response, error) {
	req, err := http.NewRequestWithContext(f.ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	if SameOrigin(u.String(), f.home) {
		for name, values := range f.header {
			req.Header[name] = values
		}
	}
	req.Header.Set("User-Agent", browser)
	req.Header.Set("Accept", "image/png,image/jpeg,image/webp,image/*;q=0.9,*/*;q=0.5")
	req.Header.Set("Accept-Encoding", "identity")
	return f.client.files.RoundTrip(req)
}

// SameOrigin says whether two addresses have the same scheme, host and port.
func SameOrigin(a, b string) bool {
	x, err1 := url.Parse(a)
	y, err2 := url.Parse(b)
	return err1 == nil && err2 == nil && x.Host != "" && x.Scheme == y.Scheme &&
		strings.EqualFold(x.Hostname(), y.Hostname()) && port(x) == port(y)
}

func port(u *url.URL) string {
	switch p := u.Port(); {
	case p != "":
		return p
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}

// refused says what a status that is no good means for a download; nil for a
// good one. The answer is closed then.
func (f *fetch) refused(res *http.Response) error {
	if res.StatusCode >= 200 && res.StatusCode < 300 {
		return nil
	}
	res.Body.Close()
	e := &backend.Error{Op: backend.OpFetch, HTTP: res.StatusCode, After: retryAfter(res.Header, time.Now())}
	what := http.StatusText(res.StatusCode)
	switch s := res.StatusCode; {
	case s == http.StatusTooManyRequests:
		return say(e, "", backend.RateLimited, "fetch.status", "the picture does not come: %s", what)
	case s == http.StatusRequestTimeout || s >= 500 || s < 400:
		return say(e, "", backend.Unavailable, "fetch.status", "the picture does not come: %s", what)
	}
	return say(e, "", backend.Gone, "fetch.gone", "the picture is not there any more: %s", what)
}

// save judges what comes by its first bytes, and writes it.
func (f *fetch) save(res *http.Response, w io.Writer) error {
	if res.ContentLength > backend.MaxPicture {
		return f.endless()
	}
	from := &touching{res.Body, f.watch.touch}
	head := make([]byte, 512)
	n, err := fill(from, head)
	switch {
	case err != nil && err != io.EOF:
		return f.broken(err)
	case backend.TypeOf(head[:n]) == "":
		return f.noPicture(res, head[:n])
	}
	if _, err := w.Write(head[:n]); err != nil {
		return unwritten(err)
	}
	rest := &io.LimitedReader{R: from, N: backend.MaxPicture - int64(n)}
	if _, err := io.Copy(&destination{w}, rest); err != nil {
		if d, ok := errors.AsType[*destinationError](err); ok {
			return unwritten(d.error)
		}
		return f.broken(err)
	}
	if rest.N > 0 {
		return nil
	}
	if n, _ := fill(from, head[:1]); n > 0 {
		return f.endless()
	}
	return nil
}

// fill reads until p is full or nothing more comes; then the error says why.
func fill(r io.Reader, p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		var m int
		m, err = r.Read(p[n:])
		n += m
	}
	return n, err
}

// destination marks the errors of writing, so that a full disk is not taken for
// a broken connection.
type destination struct{ io.Writer }

type destinationError struct{ error }

func (e *destinationError) Unwrap() error { return e.error }

func (d *destination) Write(p []byte) (int, error) {
	n, err := d.Writer.Write(p)
	if err != nil {
		err = &destinationError{err}
	}
	return n, err
}

func (f *fetch) fail(final bool, kind backend.Kind, word, format string, args ...string) error {
	return say(&backend.Error{Op: backend.OpFetch, Final: final}, "", kind, word, format, args...)
}

func (f *fetch) endless() error {
	return f.fail(true, backend.Garbled, "fetch.endless", "the picture has more than %s MB", megabytes(backend.MaxPicture))
}

func (f *fetch) noPicture(res *http.Response, head []byte) error {
	a := &Answer{Status: res.StatusCode, Header: res.Header, Body: head}
	switch {
	case len(head) == 0:
		return f.fail(false, backend.Garbled, "fetch.empty", "an empty answer instead of a picture")
	case isWebPage(a):
		return f.fail(false, backend.Garbled, "fetch.web", "a web page instead of a picture%s", title(a))
	}
	return f.fail(false, backend.Garbled, "fetch.other", "no picture, but: %s", short(string(head)))
}

// broken is a download that ended before its picture did.
func (f *fetch) broken(err error) error {
	cause := context.Cause(f.ctx)
	switch {
	case errors.Is(cause, errSilence):
		return f.fail(false, backend.Timeout, "fetch.silence", "nothing came for %s", f.watch.limit.String())
	case errors.Is(cause, context.DeadlineExceeded) || cause == nil && isTimeout(err):
		return f.fail(false, backend.Timeout, "fetch.late", "the download took too long")
	case cause != nil:
		return f.fail(false, backend.Stopped, "fetch.stopped", "the download was stopped")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return f.fail(false, backend.Unavailable, "fetch.cut", "the picture was cut off")
	}
	return f.fail(false, backend.Unavailable, "fetch.broken", "the download broke off: %s", reason(err))
}

// unwritten is a picture that came and could not be written: the writer's own
// error says why.
func unwritten(err error) error {
	if e, ok := errors.AsType[*backend.Error](err); ok {
		return e
	}
	return &backend.Error{Op: backend.OpSave, Kind: backend.Unavailable, Message: backend.Clean(err.Error()), Cause: err}
}

func short(text string) string {
	r := []rune(backend.Clean(strings.TrimSpace(text)))
	if len(r) > 120 {
		return string(r[:120]) + "…"
	}
	return string(r)
}
