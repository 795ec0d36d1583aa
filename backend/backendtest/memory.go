package backendtest

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync"
)

// MemoryURL is the base URL at which Client answers, without the prefix.
const MemoryURL = "http://api.test"

// Client gives a client whose requests are handled in memory: no ports, and it
// works in virtual time (testing/synctest). The API is at BaseURL, the results
// are where the answers say.
func (h *Handler) Client() *http.Client {
	return &http.Client{Transport: Memory{"api.test": h, resultsHost: h.results}}
}

// BaseURL is the address of the API for Client.
func (h *Handler) BaseURL() string { return MemoryURL + h.prefix }

// Memory is an http.RoundTripper that hands a request to the handler of its
// host. A host that is not there is not found, as by DNS. A handler that panics
// with http.ErrAbortHandler has hung up.
type Memory map[string]http.Handler

// RoundTrip handles a request in a goroutine of its own.
func (m Memory) RoundTrip(req *http.Request) (*http.Response, error) {
	handler, ok := m[req.URL.Host]
	if !ok {
		closeBody(req)
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: req.URL.Host, IsNotFound: true}}
	}
	ctx, cancel := context.WithCancel(req.Context())
	r := req.Clone(ctx)
	r.Host, r.RequestURI, r.RemoteAddr = req.URL.Host, req.URL.RequestURI(), ""
	if r.Body == nil {
		r.Body = http.NoBody
	}
	pr, pw := io.Pipe()
	w := &memoryWriter{header: http.Header{}, body: pw, begun: make(chan struct{})}
	told(req, ctx)
	go func() {
		defer closeBody(req)
		defer w.end()
		handler.ServeHTTP(w, r)
	}()
	select {
	case <-w.begun:
	case <-ctx.Done():
		cancel()
		pr.CloseWithError(context.Canceled)
		return nil, context.Cause(req.Context())
	}
	if w.err != nil {
		cancel()
		return nil, w.err
	}
	return &http.Response{
		Status: http.StatusText(w.status), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: &memoryBody{pr, ctx, cancel}, ContentLength: -1, Request: req,
	}, nil
}

// told tells the trace of a request what a real connection would.
func told(req *http.Request, ctx context.Context) {
	trace := httptrace.ContextClientTrace(ctx)
	if trace == nil {
		return
	}
	if trace.GetConn != nil {
		trace.GetConn(req.URL.Host)
	}
	if trace.GotConn != nil {
		trace.GotConn(httptrace.GotConnInfo{})
	}
	if trace.WroteHeaders != nil {
		trace.WroteHeaders()
	}
	if trace.WroteRequest != nil {
		trace.WroteRequest(httptrace.WroteRequestInfo{})
	}
}

func closeBody(req *http.Request) {
	if req.Body != nil {
		req.Body.Close()
	}
}

type memoryWriter struct {
	header, sent http.Header
	body         *io.PipeWriter
	status       int
	err          error
	once         sync.Once
	begun        chan struct{}
}

func (w *memoryWriter) Header() http.Header { return w.header }

func (w *memoryWriter) WriteHeader(status int) {
	w.once.Do(func() {
		w.status, w.sent = status, w.header.Clone()
		close(w.begun)
	})
}

func (w *memoryWriter) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}

// Flush does nothing: nothing is held back.
func (w *memoryWriter) Flush() { w.WriteHeader(http.StatusOK) }

// Hijack cannot be done in memory.
func (w *memoryWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return nil, nil, errors.ErrUnsupported
}

// end ends the answer when the handler has returned or hung up.
func (w *memoryWriter) end() {
	failure := recover()
	if failure == nil {
		w.WriteHeader(http.StatusOK)
		w.body.Close()
		return
	}
	if failure != http.ErrAbortHandler {
		panic(failure)
	}
	w.once.Do(func() {
		w.err = io.EOF
		close(w.begun)
	})
	w.body.CloseWithError(io.ErrUnexpectedEOF)
}

// memoryBody tells the handler that the client has gone.
type memoryBody struct {
	pipe   *io.PipeReader
	ctx    context.Context
	cancel context.CancelFunc
}

func (b *memoryBody) Read(p []byte) (int, error) {
	stop := context.AfterFunc(b.ctx, func() { b.pipe.CloseWithError(context.Cause(b.ctx)) })
	defer stop()
	return b.pipe.Read(p)
}

func (b *memoryBody) Close() error {
	b.cancel()
	return b.pipe.Close()
}
