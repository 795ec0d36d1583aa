package recipe

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"easel/backend"
	"easel/backend/wire"
)

const (
	maxAnswer = 4 << 10 // bytes of an answer that are kept
	maxString = 400     // bytes of a text without spaces that are kept of it
)

// shown gives a snapshot as it may be shown and written down: without the key,
// and with the beginning of the answer.
func shown(call wire.Call, body []byte, s backend.Snapshot) backend.Snapshot {
	hide := func(t string) string { return wire.Hide(t, call.Key) }
	s.Ticket, s.Revised, s.Trace, s.Unknown = hide(s.Ticket), hide(s.Revised), hide(s.Trace), hide(s.Unknown)
	if s.Answer == "" {
		s.Answer = hide(shorten(body))
	}
	for i := range s.Images {
		s.Images[i].URL = backend.Clean(hide(s.Images[i].URL))
	}
	for k, v := range s.Kept {
		s.Kept[k] = backend.Clean(hide(v))
	}
	if len(s.Usage) > 0 {
		s.Usage = json.RawMessage(hide(string(s.Usage)))
	}
	if s.Cost != nil {
		s.Cost = &backend.Cost{Amount: hide(s.Cost.Amount), Unit: s.Cost.Unit}
	}
	if s.Reason != nil {
		e := *s.Reason
		e.Message, e.TraceID = hide(e.Message), hide(e.TraceID)
		s.Reason = &e
	}
	return s
}

// shorten gives the beginning of an answer, in which pictures are cut to a few
// characters.
func shorten(body []byte) string {
	var b strings.Builder
	for len(body) > 0 && b.Len() <= maxAnswer {
		at := bytes.IndexByte(body, '"')
		if at < 0 {
			at = len(body)
		}
		b.Write(body[:min(at, maxAnswer+1)])
		if body = body[at:]; len(body) == 0 {
			break
		}
		end := stringEnd(body)
		if inside := body[:end]; len(inside) > maxString && bytes.IndexByte(inside[:maxString], ' ') < 0 {
			fmt.Fprintf(&b, "%s… (%d characters)\"", inside[:33], len(inside)-2)
		} else {
			b.Write(inside[:min(end, maxAnswer+1)])
		}
		body = body[end:]
	}
	text := strings.ToValidUTF8(b.String(), "\uFFFD")
	if len(text) <= maxAnswer {
		return text
	}
	cut := maxAnswer - len("…")
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}

// stringEnd gives the length of the string of JSON that b begins with, its
// quotes included.
func stringEnd(b []byte) int {
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(b)
}
