package backendtest

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
)

// fated is a fault, and the fate of the submit that met it.
type fated struct {
	fault Fault
	fate  backend.Fate
}

// fateTable has what a submit may meet. own is the provider's own error.
func fateTable(own string) map[string]fated {
	carried := func(f Fault) Fault { f.Carry = true; return f }
	return map[string]fated{
		"429":                        {Limited(0), backend.Unsent},
		"429 as HTML":                {HTML(429), backend.Unsent},
		"503":                        {Answer(503, own), backend.Unsent},
		"503 as HTML":                {HTML(503), backend.Unsent},
		"400":                        {Answer(400, own), backend.Refused},
		"404 as HTML":                {HTML(404), backend.Refused},
		"413 as HTML":                {HTML(413), backend.Refused},
		"500, its own":               {Answer(500, own), backend.Refused},
		"500, empty":                 {Answer(500, ""), backend.Unknown},
		"500, {}":                    {Answer(500, "{}"), backend.Unknown},
		"500 as HTML":                {HTML(500), backend.Unknown},
		"500, some JSON":             {Answer(500, `{"status":"sick"}`), backend.Unknown},
		"408":                        {Answer(408, own), backend.Unknown},
		"502":                        {Answer(502, own), backend.Unknown},
		"502 as HTML":                {HTML(502), backend.Unknown},
		"504":                        {Answer(504, own), backend.Unknown},
		"520":                        {HTML(520), backend.Unknown},
		"520, its own":               {Answer(520, own), backend.Unknown},
		"522":                        {HTML(522), backend.Unknown},
		"524":                        {HTML(524), backend.Unknown},
		"hang-up before it was read": {Fault{HangUp: BeforeRead}, backend.Unknown},
		"hang-up":                    {carried(Fault{HangUp: AfterRead}), backend.Unknown},
		"hang-up behind the head":    {carried(Fault{HangUp: InsideAnswer}), backend.Unknown},
		"cut":                        {carried(Fault{Cut: 9}), backend.Unknown},
		"201 without an id":          {Answer(201, `{"message":"created"}`), backend.Unknown},
		"204":                        {Answer(204, ""), backend.Unknown},
	}
}

// fates holds what may be sent again and what may not: the promise that nothing
// is paid for twice stands on it.
func fates(t *testing.T, s Subject) {
	h, err := NewHandler(s.Server)
	if err != nil {
		t.Fatal(err)
	}
	own := string(asJSON(h.proto.refusal(StepSubmit, 500, &Sent{}, "it broke")))
	for name, c := range fateTable(own) {
		t.Run(name, func(t *testing.T) {
			b := s.onLoopback(t)
			b.h.Fault(StepSubmit, c.fault)
			told, err := b.submit(b.usual())
			if err == nil {
				t.Fatalf("no error; told %+v", told)
			}
			if e := b.asError(err, backend.OpSubmit); e.Fate != c.fate {
				t.Errorf("fate %d, want %d: %v", e.Fate, c.fate, err)
			}
			if n := len(b.h.Submits()); n != 1 {
				t.Errorf("it was sent %d times", n)
			}
		})
	}
	unsentFates(t, s)
}

func asJSON(v any) []byte {
	w := httptest.NewRecorder()
	(&exchange{w: w}).reply(http.StatusOK, v)
	return w.Body.Bytes()
}

// unsentFates are the ways in which nothing is written at all.
func unsentFates(t *testing.T, s Subject) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	secret := httptest.NewUnstartedServer(http.NotFoundHandler()) // its certificate is nobody's
	secret.Config.ErrorLog = log.New(io.Discard, "", 0)
	secret.StartTLS()
	defer secret.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	for name, base := range map[string]string{
		"refused":         closed.URL,
		"an unknown host": "http://host.invalid",
		"a certificate":   secret.URL,
		"no TLS at all":   strings.Replace(plain.URL, "http:", "https:", 1),
	} {
		t.Run(name, func(t *testing.T) {
			transport := &http.Transport{}
			defer transport.CloseIdleConnections()
			if name == "an unknown host" { // without asking the network
				transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
					return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "host.invalid", IsNotFound: true}}
				}
			}
			h, err := NewHandler(s.Server)
			if err != nil {
				t.Fatal(err)
			}
			b := s.open(t, h, base, transport)
			_, err = b.submit(b.usual())
			if e := b.asError(err, backend.OpSubmit); e.Fate != backend.Unsent || e.Kind != backend.Unavailable {
				t.Errorf("%s, fate %d: %v", e.Kind, e.Fate, err)
			}
			_, err = b.p.Poll(b.ctx, backend.Job{Model: b.p.Models[0].ID, Ticket: "x"})
			if e := b.asError(err, backend.OpPoll); e.Kind != backend.Unavailable {
				t.Errorf("poll: %s: %v", e.Kind, err)
			}
		})
	}
}

// timedOut holds that silence ends, in virtual time, and that a submit that met
// it is unsure.
func timedOut(t *testing.T, s Subject) {
	for _, step := range []Step{StepSubmit, StepPoll, StepDownload} {
		t.Run(string(step), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := s.inMemory(t, WithPlan(Plan{}))
				ctx, cancel := context.WithTimeout(context.Background(), 3*time.Hour)
				defer cancel()
				b.ctx = ctx
				err := b.silence(step)
				e := backend.AsError(err)
				if ctx.Err() != nil || e == nil || e.Kind != backend.Timeout && e.Kind != backend.Unavailable {
					t.Fatalf("after %v: %v", ctx.Err(), err)
				}
				if step == StepSubmit && (e.Fate != backend.Unknown || e.Kind != backend.Timeout) {
					t.Errorf("%s, fate %d: %v", e.Kind, e.Fate, err)
				}
			})
		})
	}
}

// silence does a step that is never answered.
func (b *bench) silence(step Step) error {
	b.Helper()
	never := Fault{Never: true}
	if step == StepSubmit {
		b.h.Fault(StepSubmit, never)
		_, err := b.submit(b.usual())
		return err
	}
	j := b.accepted()
	if step == StepPoll {
		b.h.Fault(StepPoll, never)
		_, err := b.poll(j)
		return err
	}
	image := b.until(j).Images[0]
	b.h.Fault(StepDownload, never)
	_, err := b.fetch(image)
	return err
}

// canceled holds that every step ends when its context does.
func canceled(t *testing.T, s Subject) {
	for _, step := range []Step{StepSubmit, StepPoll, StepDownload} {
		t.Run(string(step), func(t *testing.T) {
			b := s.onLoopback(t, WithPlan(Plan{}))
			j := b.accepted()
			image := b.until(j).Images[0]
			ctx, cancel := context.WithCancel(b.ctx)
			defer cancel()
			arrived := make(chan struct{})
			b.h.Fault(step, Fault{Never: true, Arrived: arrived})
			go func() {
				<-arrived
				cancel()
			}()
			err := error(nil)
			switch step {
			case StepSubmit:
				err = b.p.Submit(ctx, b.usual(), func(backend.Snapshot) error { return nil })
			case StepPoll:
				_, err = b.p.Poll(ctx, j)
			default:
				err = b.p.Fetch(ctx, image, io.Discard)
			}
			if e := backend.AsError(err); e == nil || step == StepSubmit && e.Fate != backend.Unknown {
				t.Errorf("%+v", e)
			}
			if b.ctx.Err() != nil {
				t.Error("it did not end with its context")
			}
		})
	}
	t.Run("before it was sent", func(t *testing.T) {
		b := s.inMemory(t)
		ctx, cancel := context.WithCancel(b.ctx)
		cancel()
		err := b.p.Submit(ctx, b.usual(), func(backend.Snapshot) error { return nil })
		if e := backend.AsError(err); e == nil || e.Fate == backend.Refused {
			t.Errorf("%+v", e)
		}
	})
	t.Run("told fails", func(t *testing.T) {
		b := s.inMemory(t)
		full := &backend.Error{Kind: backend.Unavailable, Fate: backend.Unsent, Message: "the disk is full"}
		err := b.p.Submit(b.ctx, b.usual(), func(backend.Snapshot) error { return full })
		if e := backend.AsError(err); e == nil || e.Fate != backend.Unknown {
			t.Errorf("a ticket that could not be written down: %+v", e) // the provider has it
		}
	})
}

// ownConnection holds that a submit never goes on a connection that was used
// before: on one that the server has just closed its fate would be unknown.
func ownConnection(t *testing.T, s Subject) {
	server := NewServer(t, s.Server)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	b := s.open(t, server.Handler, server.URL, transport)
	b.p = s.bare(t, Key, server.URL, transport)
	j := b.accepted()
	for range 3 {
		b.until(j)
		b.accepted()
	}
	for i, sent := range b.h.Submits() {
		if sent.Turn != 1 {
			t.Errorf("submit %d is request %d of its connection", i, sent.Turn)
		}
	}
	if last := b.last(StepPoll); last.Turn < 2 {
		t.Errorf("polls do not share a connection: the last is request %d of its own", last.Turn)
	}
}
