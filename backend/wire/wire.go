// Package wire does one exchange of HTTP at a time: a call of a provider's API,
// a stream of events, a download of a picture. It bounds what comes, says in one
// place what became of a request that failed (judge.go), and lets no key out.
//
// What stands in a request or an answer belongs to backend/recipe; when to ask
// again to backend/task.
package wire

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	"easel/backend"
)

// How much of an answer is read, in bytes.
const (
	MaxAnswer = 8 << 20   // of an answer that names pictures
	MaxInline = 100 << 20 // of one that holds them: a picture of MaxPicture as base64, and a little
)

// How long nothing may come before a call is given up.
const (
	quickPatience = 30 * time.Second // a poll, a balance
	sendPatience  = 2 * time.Minute  // a submit: longer than the CDNs that give up after 100 s
	blockPatience = 15 * time.Minute // a submit that is answered when it is over
	eventPatience = 5 * time.Minute  // between two events of a stream
	fetchPatience = 30 * time.Second // a download
)

// Call is one request of an API.
type Call struct {
	Op       backend.Op // a submit goes on a connection of its own
	Method   string
	URL      string
	Header   http.Header
	Body     *Body  // nil: none
	Key      string // to be hidden in everything that comes out
	Max      int64  // bytes of the answer that are read; 0: MaxAnswer
	Blocking bool   // the answer comes when the work is done
	Stream   bool   // the answer may be a stream of events
}

// Answer is what came back: of any status but a redirect.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte // as far as it came
	Web    bool   // it is a web page
}

// OK says whether the status is a good one.
func (a *Answer) OK() bool { return a.Status >= 200 && a.Status < 300 }

// Client does the exchanges with one provider.
type Client struct {
	agent               string
	calls, sends, files http.RoundTripper
}

// New makes a client. transport is nil for the network, with the proxies of the
// environment; tests hand in their own. agent is the User-Agent of API calls.
func New(transport http.RoundTripper, agent string) *Client {
	if transport == nil {
		transport = network()
	}
	return &Client{agent: agent, calls: transport, sends: fresh(transport), files: transport}
}

// Do makes a call and reads its answer. The error is for what is no answer of
// an API: nothing came, a redirect, a web page instead of JSON, too much, or a
// good answer that was cut off; whatever came of it is given as well. Any other
// status is no error here: see Judge.
func (c *Client) Do(ctx context.Context, call Call) (*Answer, error) {
	x := c.begin(ctx, call)
	defer x.end()
	res, err := x.send()
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	return x.read(res)
}

// exchange is a call that is under way.
type exchange struct {
	Call
	client  *Client
	ctx     context.Context
	watch   *watch
	traced  atomic.Bool // the transport tells when it has a connection
	written atomic.Bool // a byte may have been written
}

func (c *Client) begin(ctx context.Context, call Call) *exchange {
	patience := quickPatience
	switch {
	case call.Stream:
		patience = eventPatience
	case call.Blocking:
		patience = blockPatience
	case call.Op == backend.OpSubmit:
		patience = sendPatience
	}
	x := &exchange{Call: call, client: c}
	x.ctx, x.watch = watching(ctx, patience)
	return x
}

func (x *exchange) end() { x.watch.stop() }

// send sends the request and gives the head of the answer. A redirect is an
// error.
func (x *exchange) send() (*http.Response, error) {
	if err := context.Cause(x.ctx); err != nil {
		return nil, x.lost(err, true)
	}
	body, length, err := x.Body.open(x.watch.touch)
	if err != nil {
		return nil, x.unsendable(err)
	}
	ctx := httptrace.WithClientTrace(x.ctx, &httptrace.ClientTrace{
		GetConn: func(string) { x.traced.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { x.written.Store(true) },
	})
	req, err := http.NewRequestWithContext(ctx, x.Method, x.URL, body)
	if err == nil && (req.URL.Host == "" || req.URL.Scheme != "http" && req.URL.Scheme != "https") {
		err = errors.New("the base URL is no http or https address")
	}
	if err != nil {
		if body != nil {
			body.Close()
		}
		return nil, x.unsendable(err)
	}
	x.fill(req, length)
	transport := x.client.calls
	if x.Op == backend.OpSubmit {
		transport = x.client.sends
	}
	res, err := transport.RoundTrip(req)
	if err != nil {
		return nil, x.lost(err, false)
	}
	x.watch.touch()
	if to := res.Header.Get("Location"); to != "" && res.StatusCode >= 300 && res.StatusCode < 400 {
		res.Body.Close()
		return nil, x.moved(res, to)
	}
	return res, nil
}

// fill puts the head of the request together. GetBody stays nil, and no
// Idempotency-Key makes Go's transport think that it may repeat a POST by
// itself: it may not, and on a fresh connection it does not.
func (x *exchange) fill(req *http.Request, length int64) {
	for name, values := range x.Header {
		req.Header[name] = values
	}
	req.GetBody, req.ContentLength = nil, length
	if x.Body != nil {
		req.Header.Set("Content-Type", x.Body.Type)
	}
	accept := "application/json"
	if x.Stream {
		accept = "text/event-stream, application/json"
	}
	req.Header.Set("Accept", accept)
	req.Header.Set("User-Agent", x.client.agent)
	req.Close = x.Op == backend.OpSubmit
}

// read reads an answer to its end.
func (x *exchange) read(res *http.Response) (*Answer, error) {
	limit := x.Max
	if limit == 0 {
		limit = MaxAnswer
	}
	body, err := io.ReadAll(io.LimitReader(&touching{res.Body, x.watch.touch}, limit+1))
	a := &Answer{Status: res.StatusCode, Header: res.Header, Body: body}
	a.Web = isWebPage(a)
	switch {
	case int64(len(body)) > limit:
		a.Body = body[:limit]
		return a, x.fail(backend.Garbled, "wire.large", "the answer has more than %s MB", megabytes(limit))
	case !a.OK():
		return a, nil
	case err != nil:
		return a, x.cut(err)
	case a.Web:
		return a, x.webPage(a)
	}
	return a, nil
}

// touching tells of every byte that comes.
type touching struct {
	io.Reader
	touch func()
}

func (t *touching) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	if n > 0 {
		t.touch()
	}
	return n, err
}

// Hide takes a key out of a text: as it is, and as it stands in addresses and
// in JSON.
func Hide(text, key string) string {
	if len(key) < 8 || text == "" { // the demo's is a word that may stand anywhere
		return text
	}
	for _, form := range keyForms(key) {
		text = strings.ReplaceAll(text, form, "(key)")
	}
	return text
}
