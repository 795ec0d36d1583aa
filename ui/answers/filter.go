package answers

import (
	"bytes"
	"time"
)

const (
	esc = 0x1b

	most = 1000 // bytes that an answer may have, and that are read at once

	// keyAfter is how long a byte that begins an answer waits for the next one
	// before it is a key.
	keyAfter = 50 * time.Millisecond
	// slowAfter is the same while the terminal was asked and did not answer yet:
	// then Esc is rather the beginning of an answer than a key.
	slowAfter = 2 * time.Second
	// askedFor is how long an answer is waited for.
	askedFor = 5 * time.Second
	// patience is how long more than two bytes wait for the rest. It bounds the
	// time for which a terminal that died in the middle of an answer could make
	// what is typed a part of it.
	patience = 30 * time.Second
)

// filter knows what of the bytes is whole. Time is given to it.
type filter struct {
	asked time.Time // when the terminal was asked something that it did not answer; zero if it did

	held   []byte    // from an ESC on: it may become an answer
	at     time.Time // when the last byte of it came
	gap    int       // after so many bytes of it there was a pause, one or two; 0 if there was none
	told   int       // so many bytes of it were let go as a key
	paused bool      // before the byte that comes now
	paste  bool      // between the brackets of a paste
	later  []byte    // answers that came in the middle of a paste
}

// feed takes bytes in and appends what is whole to out.
func (f *filter) feed(out, p []byte, now time.Time) []byte {
	if n := len(f.held); n > 0 {
		switch {
		case n > 2 && now.Sub(f.at) > patience:
			if !f.paste {
				f.forget()
			}
			out = f.release(out)
		case n <= 2 && now.Sub(f.at) > keyAfter && f.gap == 0:
			f.gap = n
		}
	}
	f.paused = now.Sub(f.at) > keyAfter
	for _, c := range p {
		out = f.byte(out, c)
		f.paused = false
	}
	f.at = now
	return out
}

func (f *filter) byte(out []byte, c byte) []byte {
	if len(f.held) == 0 {
		if c == esc {
			f.held = append(f.held, c)
			return out
		}
		return append(out, c)
	}
	f.held = append(f.held, c)
	switch f.judge() {
	case whole:
		return f.done(out)
	case broken:
		n := len(f.held) - 1
		if n > 2 && f.held[n-1] == esc && text(f.held[1]) {
			n-- // it is no end of a string: it begins something
		}
		rest := append([]byte(nil), f.held[n:]...)
		f.held = f.held[:n]
		out = f.release(out)
		if len(rest) == 2 && f.paused {
			out, rest = append(out, key(rest[:1])...), rest[1:]
		}
		for _, c := range rest {
			out = f.byte(out, c)
		}
	}
	return out
}

type verdict int

const (
	open verdict = iota
	whole
	broken
)

// judge says what the held bytes are. After a pause behind the first or the
// second of them they are taken for what a terminal sends only if nobody would
// type it: a person may have pressed Esc and typed on.
func (f *filter) judge() verdict {
	v := shape(f.held)
	if v != broken && f.gap > 0 && !sent(f.held, v == whole) {
		return broken
	}
	if v == open && len(f.held) >= most {
		return broken
	}
	return v
}

// done gives a sequence that is whole.
func (f *filter) done(out []byte) []byte {
	seq := f.held
	defer f.forget()
	switch {
	case f.paste && string(seq) == "\x1b[201~":
		f.paste = false
		out = append(append(out, seq...), f.later...)
		f.later = nil
		return out
	case f.paste && len(seq) > 2 && answer(seq):
		// It is no part of the text. What it says waits for the text's end.
		if len(f.later)+len(seq) <= most {
			f.later = append(f.later, seq...)
		}
		return out
	case string(seq) == "\x1b[200~":
		f.paste = true
	case bytes.HasPrefix(seq, []byte("\x1b[?")) && seq[len(seq)-1] == 'c':
		f.asked = time.Time{} // the last of the answers
	}
	return append(out, seq...)
}

// release lets go what did not become an answer. What is longer than a key is
// the ruin of one, and is left out, unless it is the text of a paste or was
// typed after Esc.
func (f *filter) release(out []byte) []byte {
	h, gap, told := f.held, f.gap, f.told
	f.forget()
	switch {
	case f.paste || gap == 0 && len(h) <= 2:
		return append(out, h...)
	case gap == 0:
		return out
	}
	if told == 0 {
		out, told = append(out, key(h[:gap])...), gap
	}
	return append(out, h[told:]...)
}

func (f *filter) forget() { f.held, f.gap, f.told = f.held[:0], 0, 0 }

// waits says how long what is held may still be the beginning of an answer; false
// if no time makes it a key.
func (f *filter) waits(now time.Time) (time.Duration, bool) {
	if n := len(f.held); n == 0 || n > 2 || f.told == n || f.paste {
		return 0, false
	}
	d := keyAfter
	if !f.asked.IsZero() && now.Sub(f.asked) < askedFor {
		d = slowAfter
	}
	return max(0, f.at.Add(d).Sub(now)), true
}

// expire lets the held bytes go as a key. They are kept in mind.
func (f *filter) expire(out []byte) []byte {
	if f.told > 0 { // the first was let go before: the second was typed
		return f.release(out)
	}
	f.gap, f.told = len(f.held), len(f.held)
	return append(out, key(f.held)...)
}

// key spells one or two bytes of which each could begin something more, so that
// nobody needs to wait once more to know that they do not.
func key(b []byte) string {
	if len(b) == 1 {
		return "\x1b[27u"
	}
	switch b[1] {
	case '[':
		return "\x1b[91;3u"
	case ']':
		return "\x1b[93;3u"
	case '_':
		return "\x1b[95;3u"
	case 'P':
		return "\x1b[112;4u"
	case 'O':
		return "\x1b[111;4u"
	}
	return string(b)
}
