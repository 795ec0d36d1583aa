package answers

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
)

// asked is what real terminals say to all that the program and Bubble Tea ask,
// and what else they send by themselves.
var asked = map[string]string{
	"kitty":              "\x1b_Gi=31;OK\x1b\\",
	"kitty refuses":      "\x1b_Gi=31;EINVAL:Unknown key: U\x1b\\",
	"name":               "\x1bP>|kitty(0.41.1)\x1b\\",
	"name of xterm":      "\x1bP>|XTerm(398)\x1b\\",
	"cell":               "\x1b[6;20;10t",
	"window":             "\x1b[4;800;1400t",
	"attributes":         "\x1b[?62;4;22c",
	"synchronized":       "\x1b[?2026;2$y",
	"graphemes":          "\x1b[?2027;0$y",
	"keyboard":           "\x1b[?1u",
	"background":         "\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\",
	"background, by BEL": "\x1b]11;rgb:1c1c/1c1c/1c1c\a",
	"foreground":         "\x1b]10;rgb:ffff/ffff/ffff\x1b\\",
	"capability":         "\x1bP1+r524742=38\x1b\\",
	"the mouse":          "\x1b[<0;33;12M",
	"the mouse, up":      "\x1b[<0;33;12m",
}

// line is a reader in time that a test makes: what comes out of it.
type line struct {
	f   filter
	now time.Time
	out []byte
}

func newLine(waiting bool) *line {
	l := &line{now: time.Unix(1e9, 0)}
	if waiting {
		l.f.asked = l.now
	}
	return l
}

func (l *line) send(s string) { l.out = l.f.feed(l.out, []byte(s), l.now) }

// pause lets time go by, as Reader does.
func (l *line) pause(d time.Duration) {
	for end := l.now.Add(d); ; {
		w, ok := l.f.waits(l.now)
		if !ok || l.now.Add(w).After(end) {
			l.now = end
			return
		}
		l.now = l.now.Add(w)
		l.out = l.f.expire(l.out)
	}
}

// heard is what Bubble Tea's reader makes of it.
func (l *line) heard() (text string, keys, events []string) {
	var d uv.EventDecoder
	paste := false
	for b := l.out; len(b) > 0; {
		n, e := d.Decode(b)
		b = b[n:]
		switch e := e.(type) {
		case uv.KeyPressEvent:
			if e.Text != "" {
				text += e.Text
			} else {
				keys = append(keys, e.String())
			}
		case uv.PasteStartEvent:
			paste = true
		case uv.PasteEndEvent:
			paste = false
		default:
			if paste {
				events = append(events, "in the paste")
			}
			events = append(events, fmt.Sprintf("%T %v", e, e))
		}
	}
	return text, keys, events
}

func event(t *testing.T, seq string) string {
	l := &line{out: []byte(seq)}
	text, keys, events := l.heard()
	if text != "" || len(keys) > 0 || len(events) != 1 {
		t.Fatalf("%q is %q %v %v", seq, text, keys, events)
	}
	return events[0]
}

var pauses = []time.Duration{0, keyAfter - 1, keyAfter + 1, slowAfter - 1, slowAfter + 1, patience - 1}

// Every answer, cut at every place, with every pause, while the person types and
// inside of a paste: not one byte of it is text, and it is heard.
func TestAnswersInPiecesAreNeverText(t *testing.T) {
	for name, seq := range asked {
		want := event(t, seq)
		for cut := 1; cut < len(seq); cut++ {
			for _, pause := range pauses {
				for _, waiting := range []bool{true, false} {
					for _, paste := range []bool{true, false} {
						at := fmt.Sprintf("%s after %q, a pause of %v, waiting %v, in a paste %v", name, seq[:cut], pause, waiting, paste)
						l := newLine(waiting)
						before, after := "ab", "cd"
						if paste {
							before, after = "\x1b[200~ab", "cd\x1b[201~"
						}
						l.send(before + seq[:cut])
						l.pause(pause)
						l.send(seq[cut:])
						l.send(after)
						text, keys, events := l.heard()
						if text != "abcd" {
							t.Fatalf("%s: %q was typed", at, text)
						}
						if paste && !answer([]byte(seq)) {
							continue // Bubble Tea leaves it out
						}
						if strings.Join(events, "") != want {
							t.Fatalf("%s: heard %q, want %q", at, events, want)
						}
						// The first two bytes are a key if nothing follows for long.
						most := keyAfter
						if waiting {
							most = slowAfter
						}
						if isKey := !paste && cut <= 2 && pause > most; isKey != (len(keys) == 1) || len(keys) > 1 {
							t.Fatalf("%s: keys %v", at, keys)
						}
					}
				}
			}
		}
	}
}

// A link that gives every byte by itself.
func TestAnswersByteByByte(t *testing.T) {
	all, want := "", []string{}
	for _, seq := range asked {
		all += seq
		want = append(want, event(t, seq))
	}
	for _, pause := range []time.Duration{0, keyAfter - 1, slowAfter - 1} {
		l := newLine(true)
		for _, c := range []byte("a" + all + "b") {
			l.f.asked = l.now
			l.send(string(c))
			l.pause(pause)
		}
		text, keys, events := l.heard()
		if text != "ab" || len(keys) > 0 || strings.Join(events, "") != strings.Join(want, "") {
			t.Fatalf("pauses of %v: %q %v %v", pause, text, keys, events)
		}
	}
}

func TestKeysAreKeys(t *testing.T) {
	type part struct {
		pause time.Duration
		s     string
	}
	long := time.Second
	for name, c := range map[string]struct {
		parts      []part
		text, keys string
	}{
		"esc":                           {[]part{{long, "\x1b"}}, "", "esc"},
		"esc, soon a letter":            {[]part{{0, "\x1b"}, {0, "a"}}, "", "alt+a"},
		"esc, later a letter":           {[]part{{long, "\x1b"}, {0, "a"}}, "a", "esc"},
		"esc, later a bracket":          {[]part{{long, "\x1b"}, {long, "["}, {0, "x"}}, "[x", "esc"},
		"esc, later a bracket and more": {[]part{{long, "\x1b"}, {long, "["}, {long, "?"}, {long, "6c"}}, "[?6c", "esc"},
		"esc, later text from an IME":   {[]part{{long, "\x1b"}, {long, "[1] 你"}}, "[1] 你", "esc"},
		"esc twice":                     {[]part{{long, "\x1b"}, {long, "\x1b"}}, "", "esc esc"},
		"esc, later up":                 {[]part{{long, "\x1b"}, {long, "\x1b[A"}}, "", "esc up"},
		"up in pieces":                  {[]part{{long, "\x1b"}, {0, "[A"}}, "", "esc up"},
		"ctrl+right":                    {[]part{{0, "\x1b[1;"}, {long, "5C"}}, "", "ctrl+right"},
		"f1":                            {[]part{{0, "\x1bO"}, {0, "P"}}, "", "f1"},
		"alt+[":                         {[]part{{long, "\x1b["}, {0, "x"}}, "x", "alt+["},
		"alt+]":                         {[]part{{long, "\x1b]"}, {0, "1"}, {0, "\r"}}, "1", "alt+] enter"},
		"alt+_":                         {[]part{{long, "\x1b_"}, {0, "Go"}}, "Go", "alt+_"},
		"alt+P":                         {[]part{{long, "\x1bP"}, {0, "x"}}, "x", "alt+shift+p"},
		"alt+O":                         {[]part{{long, "\x1bO"}, {0, "x"}}, "x", "alt+shift+o"},
		"an answer that ends nowhere":   {[]part{{0, "\x1b_Gi=31;O"}, {long, "\r"}, {0, "a"}}, "a", "enter"},
		"the same, left by ctrl+c":      {[]part{{0, "\x1bP>|kit"}, {long, "\x03"}}, "", "ctrl+c"},
		"the same, left by esc":         {[]part{{long, "\x1b]11;rgb"}, {long, "\x1b"}, {long, "a"}}, "a", "esc"},
		"the same, left by up":          {[]part{{0, "\x1b]11;rgb"}, {long, "\x1b[A"}, {0, "a"}}, "a", "up"},
		"the same, after a while":       {[]part{{patience + 1, "\x1b[?6"}, {0, "1 cat"}}, "1 cat", ""},
		"text":                          {[]part{{0, "a 界 é\t"}}, "a 界 é", "tab"},
	} {
		l := newLine(false)
		for _, p := range c.parts {
			l.send(p.s)
			l.pause(p.pause)
		}
		if text, keys, _ := l.heard(); text != c.text || strings.Join(keys, " ") != c.keys {
			t.Errorf("%s: %q %q, want %q %q", name, text, strings.Join(keys, " "), c.text, c.keys)
		}
	}
}

func TestAPasteKeepsItsTextAndItsEnd(t *testing.T) {
	body := "one\x1b[31mtwo\x1b_x\x1b[200~\x1b\x1b three"
	whole := "\x1b[200~" + body + "\x1b[201~"
	for cut := range len(whole) {
		l := newLine(false)
		l.send(whole[:cut])
		l.pause(time.Minute / 4)
		l.send(whole[cut:] + "z")
		if got := string(l.out); got != whole+"z" && cut > 2 { // esc may be a key before the paste
			t.Errorf("cut at %d: %q", cut, got)
		}
		if l.f.paste {
			t.Fatalf("cut at %d: the paste never ends", cut)
		}
	}
}

// FuzzFilter holds that nothing depends on how the bytes are cut, that text is
// left as it is, and that what is given never grows beyond the room for it.
func FuzzFilter(f *testing.F) {
	for _, seq := range asked {
		f.Add([]byte("a"+seq+"b"), uint64(3))
	}
	f.Add([]byte("\x1b[200~a\x1b_Gi=31;OK\x1b\\b\x1b[201~\x1b"), uint64(9))
	f.Add([]byte("\x1b]\x1bP\x1b\x1b[\x1b[[A\x1b[M !!"), uint64(1))
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		one, cut := newLine(false), newLine(false)
		one.send(string(data))
		rng := rand.New(rand.NewPCG(seed, seed))
		for rest := data; len(rest) > 0; {
			n := min(1+rng.IntN(5), len(rest))
			before := len(cut.out)
			cut.send(string(rest[:n]))
			if len(cut.out)-before > 2*most+100 || len(cut.f.held) > most || len(cut.f.later) > most {
				t.Fatal("it grows")
			}
			rest = rest[n:]
		}
		if !bytes.Equal(one.out, cut.out) {
			t.Fatalf("%q\n%q", one.out, cut.out)
		}
		if bytes.IndexByte(data, esc) < 0 && !bytes.Equal(one.out, data) {
			t.Fatalf("%q became %q", data, one.out)
		}
	})
}
