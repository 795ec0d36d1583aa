package wire

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
)

var png = append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte("picture "), 300)...)

func picture(w http.ResponseWriter, r *http.Request) { w.Write(png) }

func TestFetch(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.UserAgent(), "Mozilla/") || r.Header.Get("Authorization")+r.Header.Get("Cookie")+r.Header.Get("Referer") != "" {
			t.Errorf("%v", r.Header)
		}
		picture(w, r)
	})
	var out bytes.Buffer
	if err := client(t).Fetch(context.Background(), s.URL+"/a.png", "https://home.test", nil, &out); err != nil || !bytes.Equal(out.Bytes(), png) {
		t.Errorf("%d bytes, %v", out.Len(), err)
	}
}

func TestFetchThatFails(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		status, err := strconv.Atoi(r.URL.Path[1:])
		switch {
		case err == nil:
			w.Header().Set("Retry-After", "9")
			w.WriteHeader(status)
			picture(w, r)
		case r.URL.Path == "/html":
			io.WriteString(w, "<html><title>Log in</title>")
		case r.URL.Path == "/json":
			io.WriteString(w, `{"error":"no"}`)
		case r.URL.Path == "/cut":
			w.Header().Set("Content-Length", strconv.Itoa(len(png)))
			w.Write(png[:700])
			http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		case r.URL.Path == "/early":
			w.Header().Set("Content-Length", strconv.Itoa(len(png)))
			w.Write(png[:4])
			http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		case r.URL.Path == "/claims":
			w.Header().Set("Content-Length", strconv.Itoa(backend.MaxPicture+1))
			w.Write(png)
		case r.URL.Path == "/circle":
			http.Redirect(w, r, "/circle", http.StatusFound)
		case r.URL.Path == "/file":
			w.Header().Set("Location", "file:///etc/hostname")
			w.WriteHeader(http.StatusFound)
		case r.URL.Path == "/endless":
			w.Write(png)
			for chunk := make([]byte, 1<<20); r.Context().Err() == nil; {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		}
	})
	for address, c := range map[string]struct {
		kind  backend.Kind
		final bool
		says  string
	}{
		"/403": {backend.Gone, false, "Forbidden"}, "/404": {backend.Gone, false, ""}, "/410": {backend.Gone, false, ""},
		"/429": {backend.RateLimited, false, ""}, "/500": {backend.Unavailable, false, ""}, "/304": {backend.Unavailable, false, ""},
		"/empty": {backend.Garbled, false, "empty"}, "/html": {backend.Garbled, false, "a web page instead of a picture (“Log in”)"},
		"/json": {backend.Garbled, false, `no picture, but: {"error":"no"}`}, "/cut": {backend.Unavailable, false, "cut off"},
		"/early": {backend.Unavailable, false, "cut off"}, "/claims": {backend.Garbled, true, "64 MB"}, "/endless": {backend.Garbled, true, "64 MB"},
		"/circle": {backend.Garbled, false, "too often"}, "/file": {backend.Garbled, true, "no address"},
		"file:///etc/hostname": {backend.Garbled, true, "no address"}, "ftp://x/a.png": {backend.Garbled, true, ""},
		"javascript:alert(1)": {backend.Garbled, true, ""}, "//x/a.png": {backend.Garbled, true, ""}, "\x7f": {backend.Garbled, true, ""},
	} {
		full := address
		if strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//") {
			full = s.URL + address
		}
		n := counter(0)
		err := client(t).Fetch(context.Background(), full, "", nil, &n)
		e := backend.AsError(err)
		if e == nil || e.Op != backend.OpFetch || e.Kind != c.kind || e.Final != c.final || !strings.Contains(e.Message, c.says) || n > backend.MaxPicture {
			t.Errorf("%s: %d bytes, %+v", address, n, e)
		}
		if address == "/429" && e.After != 9*time.Second {
			t.Errorf("wait %v", e.After)
		}
	}
}

type counter int64

func (n *counter) Write(p []byte) (int, error) {
	*n += counter(len(p))
	return len(p), nil
}

// The key goes to the provider's own origin and to nobody else, wherever a
// result leads.
func TestKeyStaysHome(t *testing.T) {
	got := map[string]string{}
	var home, other *httptest.Server
	note := func(name string, then http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			got[name+r.URL.Path] = r.Header.Get("X-Key")
			then(w, r)
		}
	}
	home = serve(t, note("home", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/out" {
			http.Redirect(w, r, other.URL+"/back", http.StatusTemporaryRedirect)
			return
		}
		picture(w, r)
	}))
	other = serve(t, note("other", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/back" {
			http.Redirect(w, r, home.URL+"/in", http.StatusFound)
			return
		}
		picture(w, r)
	}))
	header := http.Header{"X-Key": {key}}
	if err := client(t).Fetch(context.Background(), home.URL+"/out", home.URL+"/v1/", header, io.Discard); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"home/out": key, "other/back": "", "home/in": key}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v", got)
	}
}

func TestSameOrigin(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"https://a.test/x", "https://A.test:443", true}, {"http://a.test:80/", "http://a.test", true},
		{"http://a.test", "https://a.test", false}, {"https://a.test:8443", "https://a.test", false},
		{"https://a.test.evil", "https://a.test", false}, {"", "", false}, {"https://a.test@evil.test", "https://a.test", false},
	} {
		if got := SameOrigin(c.a, c.b); got != c.want {
			t.Errorf("%s and %s: %v", c.a, c.b, got)
		}
	}
}

// stalling begins a picture and falls silent.
type stalling struct{}

func (stalling) RoundTrip(r *http.Request) (*http.Response, error) {
	pr, pw := io.Pipe()
	go func() {
		pw.Write(png)
		<-r.Context().Done()
		pw.CloseWithError(r.Context().Err())
	}()
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: pr, Request: r, ContentLength: -1}, nil
}

func TestStall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		err := New(stalling{}, "").Fetch(context.Background(), "http://x.test/a", "", nil, io.Discard)
		if e := backend.AsError(err); time.Since(start) != fetchPatience || e.Kind != backend.Timeout || e.Final {
			t.Errorf("after %v: %+v", time.Since(start), e)
		}
	})
}

func TestDiskFull(t *testing.T) {
	full := errors.New("no space left")
	for _, after := range []int{0, 512} {
		err := client(t).Fetch(context.Background(), serve(t, picture).URL, "", nil, &limited{after, full})
		if e := backend.AsError(err); !errors.Is(err, full) || e.Op != backend.OpSave {
			t.Errorf("%+v", e)
		}
	}
	own := &backend.Error{Kind: backend.Stopped}
	if err := client(t).Fetch(context.Background(), serve(t, picture).URL, "", nil, &limited{512, own}); backend.KindOf(err) != backend.Stopped {
		t.Error(err)
	}
}

type limited struct {
	left int
	err  error
}

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, l.err
	}
	return len(p), nil
}

func TestInline(t *testing.T) {
	plain := base64.StdEncoding.EncodeToString(png[:100])
	for text, want := range map[string]bool{
		"data:image/png;base64," + plain: true, "DATA:;Base64," + plain: true, plain: true,
		strings.TrimRight(plain, "="): true, base64.RawURLEncoding.EncodeToString(png[:100]): true,
		plain[:40] + "\n" + plain[40:]: true, "data:image/png," + "%89PNG%0D%0A%1A%0A" + string(png[8:100]): true,
	} {
		if got, ok := Inline(text); ok != want || !bytes.Equal(got, png[:100]) {
			t.Errorf("%.60q: %d bytes, %v", text, len(got), ok)
		}
	}
	for _, text := range []string{"", "https://a.test/abcd", "file:abcdabcd", "data:image/png;base64", "data:;base64,***", "hello, world!!!"} {
		if got, ok := Inline(text); ok {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestWrite(t *testing.T) {
	var out bytes.Buffer
	if err := Write(png, &out); err != nil || !bytes.Equal(out.Bytes(), png) {
		t.Error(err)
	}
	if e := backend.AsError(Write([]byte("hello"), &out)); e == nil || e.Kind != backend.Garbled || e.Final {
		t.Errorf("%+v", e)
	}
	if e := backend.AsError(Write(make([]byte, backend.MaxPicture+1), &out)); e == nil || !e.Final {
		t.Errorf("%+v", e)
	}
}

// A download takes no more memory than a small buffer, however large it is.
func TestFetchTakesLittleMemory(t *testing.T) {
	const size = backend.MaxPicture // 64 MB
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Write(png)
		for sent := len(png); sent < size; sent += len(png) {
			if _, err := w.Write(png[:min(len(png), size-sent)]); err != nil {
				t.Error(err)
				return
			}
		}
	})
	c := client(t)
	var out counted
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := c.Fetch(context.Background(), s.URL, "", nil, &out)
	runtime.ReadMemStats(&after)
	if err != nil || out != size {
		t.Errorf("%d bytes, %v", out, err)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 4<<20 { // most of it the race detector's
		t.Errorf("%d kB were allocated for %d MB, at both ends", took>>10, size>>20)
	}
}

type counted int

func (c *counted) Write(p []byte) (int, error) {
	*c += counted(len(p))
	return len(p), nil
}
