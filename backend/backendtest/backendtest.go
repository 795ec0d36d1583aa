// Package backendtest holds the five providers as servers on loopback, and the
// suite that every driver passes.
//
// The servers are written by hand from the providers' documents, never from the
// recipes, so that the two cannot share a mistake: what a document does not
// allow is answered with that provider's own error, and remembered. What a
// driver must get right at every provider belongs into the suite; what only one
// of them does belongs into its server and its special tests. Nothing of easel's
// own behaviour over time (retries, pace) belongs here.
package backendtest

import (
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"
)

// Key is the API key that a server accepts unless WithKey names another.
const Key = "sk-loopback-0123456789abcdef"

// Names are the providers that NewServer, Start, Serve and NewHandler know.
func Names() []string { return []string{"haoee", "grsai", "uniall", "acedata", "defapi"} }

// Server is a provider on loopback: a Handler that listens, and beside it, under
// another port, the host of its results.
type Server struct {
	*Handler
	URL string // the base URL, with the prefix and without a slash at the end

	api, results *http.Server
}

// Start makes a provider listen on loopback until Close. It is for programs and
// for tests that provoke illegal requests; see NewServer.
func Start(name string, opts ...Option) (*Server, error) {
	h, err := NewHandler(name, opts...)
	if err != nil {
		return nil, err
	}
	s := &Server{Handler: h}
	s.api = &http.Server{Handler: h, ReadHeaderTimeout: time.Minute, ConnState: h.connected}
	s.results = &http.Server{Handler: h.results, ReadHeaderTimeout: time.Minute}
	base, err := listen(s.api)
	if err != nil {
		return nil, err
	}
	if h.results.base, err = listen(s.results); err != nil {
		s.api.Close()
		return nil, err
	}
	s.URL = base + h.prefix
	return s, nil
}

func listen(s *http.Server) (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("a loopback provider cannot listen: %w", err)
	}
	go s.Serve(l)
	return "http://" + l.Addr().String(), nil
}

// Close ends the server and every connection of it.
func (s *Server) Close() {
	s.api.Close()
	s.results.Close()
}

// Serve starts a provider for a program that only wants an address, and gives
// its base URL and what ends it.
func Serve(name string, opts ...Option) (url string, stop func(), err error) {
	s, err := Start(name, opts...)
	if err != nil {
		return "", nil, err
	}
	return s.URL, s.Close, nil
}

// NewServer starts a provider for the time of a test. When the test ends, it
// fails if anything was sent that the documents do not allow, or if the host of
// the results ever saw the key.
func NewServer(t testing.TB, name string, opts ...Option) *Server {
	t.Helper()
	s, err := Start(name, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Close()
		for _, what := range s.Illegal() {
			t.Errorf("%s: %s", name, what)
		}
	})
	return s
}
