package backendtest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"easel/backend"
)

// prompt is one that shows who cuts, quotes, expands or spells otherwise.
const prompt = "He said \"hi\" \\ 'there' & <b>\nsecond line\t100% ${HOME} {ratio} {prompt}\n一只边牧在直播 🐕‍🦺 e\u0301 \u00a0ʼ"

// bench is a driver before its server.
type bench struct {
	*testing.T
	subject Subject
	h       *Handler
	p       *backend.Provider
	ctx     context.Context
}

// onLoopback opens the driver before a server that listens, under a path.
func (s Subject) onLoopback(t *testing.T, opts ...Option) *bench {
	t.Helper()
	server := NewServer(t, s.Server, append([]Option{WithPrefix("/gateway/v0")}, opts...)...)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return s.open(t, server.Handler, server.URL, transport)
}

// inMemory opens the driver before a server without a network.
func (s Subject) inMemory(t *testing.T, opts ...Option) *bench {
	t.Helper()
	h, err := NewHandler(s.Server, append([]Option{WithPrefix("/gateway/v0")}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, what := range h.Illegal() {
			t.Error(what)
		}
	})
	return s.open(t, h, h.BaseURL(), h.Client().Transport)
}

func (s Subject) open(t *testing.T, h *Handler, base string, transport http.RoundTripper) *bench {
	t.Helper()
	b := &bench{T: t, subject: s, h: h}
	b.p = s.provider(t, base+"/", transport)
	// Long enough for the slowest machine; a driver that hangs ends here.
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	t.Cleanup(cancel)
	b.ctx = ctx
	return b
}

// provider opens the driver, and fails the test if it leaves a body open.
func (s Subject) provider(t *testing.T, base string, transport http.RoundTripper) *backend.Provider {
	t.Helper()
	return s.providerWith(t, Key, base, transport)
}

func (s Subject) providerWith(t *testing.T, key, base string, transport http.RoundTripper) *backend.Provider {
	t.Helper()
	bodies := &bodies{next: transport, left: new(atomic.Int64)}
	p := s.bare(t, key, base, bodies)
	t.Cleanup(func() {
		if n := bodies.left.Load(); n > 0 {
			t.Errorf("%d answers were not closed", n)
		}
	})
	return p
}

// bare opens the driver before a transport as it is.
func (s Subject) bare(t *testing.T, key, base string, transport http.RoundTripper) *backend.Provider {
	t.Helper()
	p, err := s.Open(Opening{BaseURL: base, Key: key, Client: &http.Client{Transport: transport}})
	if err != nil {
		t.Fatalf("the driver does not open: %v", err)
	}
	return p
}

// bodies counts the answers that are not closed.
type bodies struct {
	next http.RoundTripper
	left *atomic.Int64
}

// Fresh is the transport for submits, each of which wants a connection of its
// own; a driver that is handed an *http.Transport makes it by itself, which
// OwnConnection holds.
func (b *bodies) Fresh() http.RoundTripper {
	next := b.next
	if t, ok := next.(*http.Transport); ok {
		own := t.Clone()
		own.DisableKeepAlives = true
		next = own
	}
	return &bodies{next: next, left: b.left}
}

func (b *bodies) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	b.left.Add(1)
	res.Body = &countedBody{ReadCloser: res.Body, done: sync.OnceFunc(func() { b.left.Add(-1) })}
	return res, nil
}

type countedBody struct {
	io.ReadCloser
	done func()
}

func (c *countedBody) Close() error {
	c.done()
	return c.ReadCloser.Close()
}

// usual is a legal request of the first model, with the defaults.
func (b *bench) usual() backend.Request {
	b.Helper()
	return b.usualOf(b.p.Models[0])
}

func (b *bench) usualOf(m backend.Model) backend.Request {
	b.Helper()
	r := backend.Request{Provider: b.p.Name, Prompt: prompt}
	for i := range m.References.Min {
		r.References = append(r.References, address(i))
	}
	return m.Fill(r)
}

func address(i int) backend.Reference {
	return backend.Reference{URL: "https://pictures.example/" + string(rune('a'+i)) + ".png?x=1&y=%20"}
}

// file is a local picture to refer to.
func (b *bench) file(i int) backend.Reference {
	b.Helper()
	path := filepath.Join(b.TempDir(), "a \"picture\" 图.png")
	if err := os.WriteFile(path, b.h.Picture("reference", i), 0o600); err != nil {
		b.Fatal(err)
	}
	ref, err := backend.LookAt(backend.Reference{Path: path})
	if err != nil {
		b.Fatal(err)
	}
	return ref
}

// submit sends a request, and gives what was told.
func (b *bench) submit(r backend.Request) ([]backend.Snapshot, error) {
	var told []backend.Snapshot
	err := b.p.Submit(b.ctx, r, func(s backend.Snapshot) error {
		told = append(told, s)
		return nil
	})
	return told, err
}

// accepted submits a legal request that must be accepted, and gives its job.
func (b *bench) accepted() backend.Job {
	b.Helper()
	told, err := b.submit(b.usual())
	if err != nil {
		b.Fatalf("a legal request is refused: %v", err)
	}
	for _, s := range told {
		if s.Ticket != "" {
			return backend.Job{Model: b.p.Models[0].ID, Ticket: s.Ticket, Kept: s.Kept}
		}
	}
	b.Fatalf("the submit told no ticket: %+v", told)
	return backend.Job{}
}

// poll asks for one job.
func (b *bench) poll(j backend.Job) (backend.Snapshot, error) {
	b.Helper()
	got, err := b.p.Poll(b.ctx, j)
	if err != nil {
		return backend.Snapshot{}, err
	}
	s, ok := got[j.Ticket]
	if !ok || len(got) != 1 {
		b.Fatalf("a poll of %s gives %+v", j.Ticket, got)
	}
	if s.Ticket != "" && s.Ticket != j.Ticket {
		b.Errorf("a poll of %s tells of %s", j.Ticket, s.Ticket)
	}
	return s, nil
}

// until polls until the task has come to its end.
func (b *bench) until(j backend.Job) backend.Snapshot {
	b.Helper()
	for range 50 {
		s, err := b.poll(j)
		if err != nil {
			b.Fatalf("poll: %v", err)
		}
		if s.State == backend.Ready || s.State == backend.Failed {
			return s
		}
	}
	b.Fatal("the task does not end")
	return backend.Snapshot{}
}

// fetch gives the bytes of a result.
func (b *bench) fetch(i backend.Image) ([]byte, error) {
	var out bytes.Buffer
	err := b.p.Fetch(b.ctx, i, &out)
	return out.Bytes(), err
}

// pictures fails unless the images are those of the task, in their order.
func (b *bench) pictures(id string, images []backend.Image) {
	b.Helper()
	for i, image := range images {
		got, err := b.fetch(image)
		if err != nil {
			b.Errorf("picture %d: %v", i, err)
		} else if !bytes.Equal(got, b.h.Picture(id, i)) {
			b.Errorf("picture %d of %s is another one, of %d bytes", i, id, len(got))
		}
	}
}

// last is the request that came last at a step.
func (b *bench) last(step Step) Sent {
	b.Helper()
	b.h.mu.Lock()
	defer b.h.mu.Unlock()
	for _, s := range slices.Backward(b.h.sent) {
		if s.Step == step {
			return s
		}
	}
	b.Fatalf("no %s arrived", step)
	return Sent{}
}

// asError fails unless err is an *Error that names the provider and the step.
func (b *bench) asError(err error, op backend.Op) *backend.Error {
	b.Helper()
	if err == nil {
		b.Fatalf("%s: no error", op)
	}
	e := backend.AsError(err)
	if e.Provider != b.p.Name || e.Op != op {
		b.Errorf("the error is of %q at %q, want %q at %q: %v", e.Provider, e.Op, b.p.Name, op, err)
	}
	if !slices.Contains(backend.Kinds, e.Kind) {
		b.Errorf("the error has the kind %q: %v", e.Kind, err)
	}
	return e
}
