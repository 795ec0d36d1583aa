// Package picturetest plays the graphics of a kitty terminal in tests, and is
// strict about them: a picture comes in chunks, and no other command of the
// protocol between them. It is for tests only.
package picturetest

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image/png"
	"strconv"
	"strings"
)

// Terminal keeps the pictures that it was sent. The zero value has none.
type Terminal struct {
	Held   map[int]int // pictures that are whole: their ids, and how wide they are
	Wrong  []string    // what is not as the protocol has it
	Broken int         // pictures that ended before they were whole
	Sent   int         // pictures that were begun

	open    int // the picture whose chunks come; 0 for none
	data    strings.Builder
	carried string // the beginning of a sequence
}

// Write takes in what is written to the terminal, through tmux or not.
func (t *Terminal) Write(s string) {
	s, t.carried = whole(t.carried + s)
	s = unwrapped(s)
	for {
		_, after, ok := strings.Cut(s, "\x1b_G")
		if !ok {
			return
		}
		command, rest, _ := strings.Cut(after, "\x1b")
		if s, ok = strings.CutPrefix(rest, "\\"); !ok {
			t.wrong("a sequence is torn")
			s = after
			continue
		}
		head, body, _ := strings.Cut(command, ";")
		t.take(head, body)
	}
}

// whole parts a text from the beginning of a sequence at its end, which may go
// on in the next one.
func whole(s string) (now, later string) {
	at := strings.LastIndexByte(s, '\x1b')
	if at < 0 {
		return s, ""
	}
	if at == len(s)-1 { // the beginning of one, or of the end of one
		if before := strings.LastIndexByte(s[:at], '\x1b'); before >= 0 && begins(s[before:]) {
			at = before
		}
	} else if !begins(s[at:]) {
		return s, ""
	}
	return s[:at], s[at:]
}

func begins(s string) bool { return strings.HasPrefix(s, "\x1b_G") || strings.HasPrefix(s, "\x1bP") }

// unwrapped is a text with what tmux passes on, as tmux does.
func unwrapped(s string) string {
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(s, "\x1bPtmux;")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		n := 0
		for ok = false; !ok; n += 2 {
			i := strings.IndexByte(after[n:], '\x1b')
			if i < 0 || n+i+1 == len(after) {
				break
			}
			n += i
			if ok = after[n+1] == '\\'; !ok && after[n+1] != '\x1b' {
				break
			}
		}
		if !ok {
			b.WriteString("\x1bPtmux;")
			s = after
			continue
		}
		b.WriteString(strings.ReplaceAll(after[:n-2], "\x1b\x1b", "\x1b"))
		s = after[n:]
	}
}

// Open says whether the terminal waits for more of a picture.
func (t *Terminal) Open() bool { return t.open != 0 }

func (t *Terminal) take(head, body string) {
	o := map[string]string{}
	for kv := range strings.SplitSeq(head, ",") {
		k, v, _ := strings.Cut(kv, "=")
		o[k] = v
	}
	id, _ := strconv.Atoi(o["i"])
	if o["a"] != "q" && o["q"] != "2" {
		t.wrong("%s would be answered", head)
	}
	if t.open != 0 && o["a"] != "" {
		t.wrong("%s comes in the middle of picture %d", head, t.open)
		return
	}
	switch o["a"] {
	case "T":
		t.Sent++
		t.open = id
		t.data.Reset()
		t.more(o["m"], body)
	case "":
		if t.open == 0 && body != "" {
			t.wrong("a chunk of no picture")
		}
		t.more(o["m"], body)
	case "d":
		delete(t.Held, id)
	}
}

func (t *Terminal) more(m, body string) {
	if t.open == 0 {
		return
	}
	if len(body) > 4096 || m == "1" && len(body)%4 != 0 {
		t.wrong("a chunk of %d bytes", len(body))
	}
	t.data.WriteString(body)
	if m == "1" {
		return
	}
	id := t.open
	t.open = 0
	if t.Held == nil {
		t.Held = map[int]int{}
	}
	delete(t.Held, id) // the one that it had under this name
	data, err := base64.StdEncoding.DecodeString(t.data.String())
	if err != nil {
		t.wrong("picture %d: %v", id, err)
		return
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Broken++
		return
	}
	t.Held[id] = img.Bounds().Dx()
}

func (t *Terminal) wrong(format string, args ...any) {
	t.Wrong = append(t.Wrong, fmt.Sprintf(format, args...))
}
