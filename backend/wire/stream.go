package wire

import (
	"context"
	"io"
	"strings"

	"github.com/tmaxmax/go-sse"
)

// Events makes a call whose answer is a stream of events (SSE), and hands on the
// data of each that has some, as it comes. An error of each ends it, and is
// given as it is.
//
// The answer is nil if it was a stream; another answer, of whatever status, is
// given as Do gives it, with nothing handed on. A stream that breaks is an error
// as of an answer that was cut off.
func (c *Client) Events(ctx context.Context, call Call, each func(data string) error) (*Answer, error) {
	x := c.begin(ctx, call)
	defer x.end()
	res, err := x.send()
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	kind := strings.ToLower(strings.TrimSpace(res.Header.Get("Content-Type")))
	if res.StatusCode < 200 || res.StatusCode > 299 || !strings.HasPrefix(kind, "text/event-stream") {
		return x.read(res)
	}
	limit := x.Max
	if limit == 0 {
		limit = MaxAnswer
	}
	// Some end without the empty line behind the last event.
	ended := io.MultiReader(&touching{res.Body, x.watch.touch}, strings.NewReader("\n\n"))
	for event, err := range sse.Read(ended, &sse.ReadConfig{MaxEventSize: int(limit)}) {
		if err != nil {
			return nil, x.cut(err)
		}
		if strings.TrimSpace(event.Data) == "" {
			continue
		}
		if err := each(event.Data); err != nil {
			return nil, err
		}
	}
	return nil, nil
}
