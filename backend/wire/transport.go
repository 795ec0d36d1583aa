package wire

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// network is a transport that keeps connections for polls and downloads.
func network() *http.Transport {
	dialer := &net.Dialer{Timeout: 15 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dialer.DialContext,
		ForceAttemptHTTP2:     true,
		TLSHandshakeTimeout:   15 * time.Second,
		ExpectContinueTimeout: time.Second,
		IdleConnTimeout:       time.Minute,
		MaxIdleConnsPerHost:   8,
	}
}

// Fresher is a transport of a test that knows a twin of itself whose requests
// each go on a connection of their own.
type Fresher interface{ Fresh() http.RoundTripper }

// fresh gives the transport of submits: each goes on a connection of its own,
// because on one that the server has just closed nobody could say whether the
// request arrived; and in HTTP/1, because HTTP/2 repeats requests by itself.
func fresh(transport http.RoundTripper) http.RoundTripper {
	switch t := transport.(type) {
	case *http.Transport:
		own := t.Clone()
		own.DisableKeepAlives, own.ForceAttemptHTTP2 = true, false
		own.Protocols = new(http.Protocols)
		own.Protocols.SetHTTP1(true)
		if own.TLSClientConfig != nil {
			own.TLSClientConfig.NextProtos = nil
		}
		own.TLSNextProto = nil
		return own
	case Fresher:
		return t.Fresh()
	}
	return transport
}

// errSilence is why a context ended in which nothing came for too long.
var errSilence = errors.New("silence")

// watch ends a context when nothing happens for too long.
type watch struct {
	limit  time.Duration
	timer  *time.Timer
	cancel context.CancelCauseFunc
}

func watching(ctx context.Context, limit time.Duration) (context.Context, *watch) {
	ctx, cancel := context.WithCancelCause(ctx)
	w := &watch{limit: limit, cancel: cancel}
	w.timer = time.AfterFunc(limit, func() { cancel(errSilence) })
	return ctx, w
}

// touch says that something happened.
func (w *watch) touch() {
	if w.timer.Stop() { // if not, it is over already
		w.timer.Reset(w.limit)
	}
}

func (w *watch) stop() {
	w.timer.Stop()
	w.cancel(context.Canceled)
}
