// Package demo is a provider inside the program: a real HTTP server on
// loopback that speaks a provider's protocol and paints real pictures, so that
// a fresh machine without a key can do everything. What it paints is in paint.
//
// The server remembers no task. A task's id carries its request and its start,
// so that the demo of any later process answers for it; the misbehaviour that a
// prompt may ask for (Words) follows from the id and the time as well. It does
// not belong here if a client must know it: that is assets/recipes/demo.toml.
package demo

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

// Options are for tests; the zero value is the demo that people see.
type Options struct {
	// Speed divides every delay: at 100 a task takes about a tenth of a second. 0 is
	// 1. The program takes it from EASEL_DEMO_SPEED, for tests from end to end.
	Speed float64
	// Now tells the time; nil is time.Now.
	Now func() time.Time
}

// Server is a demo that listens.
type Server struct {
	http *http.Server
	url  string
}

// Start listens on a free port of 127.0.0.1 and answers at once.
func Start() (*Server, error) { return StartWith(Options{}) }

// StartWith is Start with options.
func StartWith(o Options) (*Server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("the demo cannot listen: %w", err)
	}
	s := &Server{
		http: &http.Server{
			Handler: Handler(o), ReadHeaderTimeout: 10 * time.Second,
			ErrorLog: log.New(io.Discard, "", 0), // it would write into the screen
		},
		url: "http://" + l.Addr().String(),
	}
	go s.http.Serve(l) // ends with ErrServerClosed at Close
	return s, nil
}

// URL is the base URL, without a slash at the end.
func (s *Server) URL() string { return s.url }

// Close hangs up on everybody. Tasks do not mind: their ids hold all there is.
func (s *Server) Close() error { return s.http.Close() }
