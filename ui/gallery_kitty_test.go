package ui

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/ansi/kitty"
	"github.com/charmbracelet/x/vt"

	"easel/backend/task"
	"easel/ui/words"
)

// kittyScreen is a kitty terminal as far as a test needs one: it keeps the
// pictures that it was sent, and the cells that name them.
type kittyScreen struct {
	term     *vt.Emulator
	w, h     int
	pictures map[int]*sentPicture
	sent     int
	growing  *sentPicture // its chunks are coming
	rest     string       // of what was written, not taken in yet
}

type sentPicture struct {
	cols, rows int
	data       string
	img        image.Image
}

func newKittyScreen(w, h int) *kittyScreen {
	k := &kittyScreen{term: vt.NewEmulator(w, h), w: w, h: h, pictures: map[int]*sentPicture{}}
	go func() { _, _ = io.Copy(io.Discard, k.term) }() // its answers; the test gives its own
	return k
}

// close ends the reading of its answers.
func (k *kittyScreen) close() { _ = k.term.InputPipe().(io.Closer).Close() }

// write takes in what the program wrote, as far as its sequences are whole.
func (k *kittyScreen) write(t *testing.T, s string) {
	t.Helper()
	s = k.rest + s
	for {
		from := strings.Index(s, "\x1b_G")
		if from < 0 {
			break
		}
		end := strings.Index(s[from:], "\x1b\\")
		if end < 0 {
			break
		}
		k.text(s[:from])
		k.graphics(t, s[from+3:from+end])
		s = s[from+end+2:]
	}
	if i := strings.LastIndex(s, "\x1b"); i >= 0 && (strings.HasPrefix(s[i:], "\x1b_G") || len(s)-i < 3) {
		s, k.rest = s[:i], s[i:]
	} else {
		k.rest = ""
	}
	k.text(s)
}

// text takes in what is no graphics. Without a terminal of its own, the program
// leaves it to the terminal that a new line begins at the left.
func (k *kittyScreen) text(s string) {
	_, _ = k.term.WriteString(strings.ReplaceAll(s, "\n", "\r\n"))
}

func (k *kittyScreen) graphics(t *testing.T, s string) {
	options, data, _ := strings.Cut(s, ";")
	o := map[string]string{}
	for kv := range strings.SplitSeq(options, ",") {
		key, v, _ := strings.Cut(kv, "=")
		o[key] = v
	}
	number := func(key string) int { n, _ := strconv.Atoi(o[key]); return n }
	switch o["a"] {
	case "q":
		return
	case "d":
		delete(k.pictures, number("i"))
		return
	case "T":
		if k.growing != nil {
			t.Error("a picture begins before another one ended")
		}
		k.sent++
		k.growing = &sentPicture{cols: number("c"), rows: number("r")}
		k.pictures[number("i")] = k.growing
	}
	if k.growing == nil {
		t.Errorf("a chunk of nothing: %q", options)
		return
	}
	if k.growing.data += data; o["m"] != "1" {
		raw, err := base64.StdEncoding.DecodeString(k.growing.data)
		if err != nil {
			t.Error(err)
		}
		if k.growing.img, err = png.Decode(bytes.NewReader(raw)); err != nil {
			t.Error(err)
		}
		k.growing.data, k.growing = "", nil
	}
}

// shownPicture is a picture on the screen: its upper left cell, how many of its
// cells are there, its colour, and the words that stand under it.
type shownPicture struct {
	x, y, cells int
	of          *sentPicture
	under       string
}

// shown reads the pictures off the cells. Every cell must name a picture that
// the terminal has, and stand where that cell of it belongs.
func (k *kittyScreen) shown() (map[int]*shownPicture, error) {
	out := map[int]*shownPicture{}
	for y := range k.h {
		for x := range k.w {
			c := k.term.CellAt(x, y)
			if c == nil || !strings.HasPrefix(c.Content, string(kitty.Placeholder)) {
				continue
			}
			id, ok := c.Style.Fg.(ansi.IndexedColor)
			r := []rune(c.Content)
			if !ok || len(r) != 3 {
				return nil, fmt.Errorf("the cell at %d,%d is %q in %v", x, y, c.Content, c.Style.Fg)
			}
			p := k.pictures[int(id)]
			if p == nil || p.img == nil {
				return nil, fmt.Errorf("the cell at %d,%d names the picture %d, which is not there", x, y, id)
			}
			row, col := diacritic(r[1]), diacritic(r[2])
			if out[int(id)] == nil {
				out[int(id)] = &shownPicture{x: x - col, y: y - row, of: p}
			}
			s := out[int(id)]
			if s.x+col != x || s.y+row != y || col >= p.cols || row >= p.rows {
				return nil, fmt.Errorf("the cell at %d,%d is %d,%d of the picture %d of %dx%d at %d,%d", x, y, col, row, id, p.cols, p.rows, s.x, s.y)
			}
			s.cells++
		}
	}
	for _, s := range out {
		for x := s.x; x < min(s.x+20, k.w); x++ {
			if c := k.term.CellAt(x, s.y+s.of.rows); c != nil {
				s.under += c.Content
			}
		}
	}
	return out, nil
}

func diacritic(r rune) int {
	for i := range 297 {
		if kitty.Diacritic(i) == r {
			return i
		}
	}
	return -1
}

// paint is a colour of its own for every number.
func paintOf(n int) color.RGBA {
	return color.RGBA{uint8(20 + n%6*40), uint8(20 + n/6%6*40), uint8(20 + n/36%6*40), 255}
}

// many is a history of pictures of one colour each, with its number in the
// prompt: the first is the newest.
func colored(t *testing.T, n int) []task.Record {
	dir := t.TempDir()
	var out []task.Record
	for i := range n {
		m := image.NewRGBA(image.Rect(0, 0, 32, 24))
		for j := range m.Pix {
			c := paintOf(i)
			m.Pix[j] = [4]uint8{c.R, c.G, c.B, c.A}[j%4]
		}
		r := saved(i, fmt.Sprintf("no%03d", i), 32, 24, writePNG(t, filepath.Join(dir, fmt.Sprint(i, ".png")), m))
		r.ID = fmt.Sprintf("a%05d", 99999-i)
		out = append(out, r)
	}
	return out
}

// right says what is wrong with the grid on the screen: every thumbnail must be
// whole, unless a popup lies over it, and of the colour of what stands under it.
func (k *kittyScreen) right(first, n int, covered bool) error {
	list, err := k.shown()
	if err != nil {
		return err
	}
	seen, numbered := map[int]bool{}, regexp.MustCompile(`^no(\d{3})`)
	for id, s := range list {
		m := numbered.FindStringSubmatch(s.under)
		if m == nil {
			if covered || s.x > k.w*6/10 { // the one over the details
				continue
			}
			return fmt.Errorf("under the picture %d at %d,%d stands %q", id, s.x, s.y, s.under)
		}
		no, _ := strconv.Atoi(m[1])
		seen[no] = true
		b := s.of.img.Bounds()
		if got := color.RGBAModel.Convert(s.of.img.At((b.Min.X+b.Max.X)/2, (b.Min.Y+b.Max.Y)/2)); got != paintOf(no) {
			return fmt.Errorf("no%03d is %v, not %v", no, got, paintOf(no))
		}
		if s.cells != s.of.cols*s.of.rows && !covered {
			return fmt.Errorf("of no%03d %d cells are there, of %d", no, s.cells, s.of.cols*s.of.rows)
		}
	}
	for i := first; i < first+n && !covered; i++ {
		if !seen[i] {
			return fmt.Errorf("no%03d is not in sight; %d are", i, len(seen))
		}
	}
	if len(seen) != n && !covered {
		return fmt.Errorf("%d are in sight, not %d", len(seen), n)
	}
	return nil
}

// TestKittyGridThroughTheRealLoop plays a kitty terminal to the whole program
// while a person looks through the gallery, and decodes what it was sent.
func TestKittyGridThroughTheRealLoop(t *testing.T) {
	w, err := words.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	out := &screenOf{}
	out.wrote = sync.NewCond(&out.mu)
	defer time.AfterFunc(time.Minute, func() {
		out.mu.Lock()
		defer out.mu.Unlock()
		out.ended = true
		out.wrote.Broadcast()
	}).Stop()
	h := &fakeHistory{records: colored(t, 200)}
	c := Config{
		Engine: &fakeEngine{}, Changes: make(fakeChanges), History: h,
		Providers: providers(), Start: "uniall", Words: w, Mouse: true, Getenv: func(string) string { return "" },
	}
	m := newModel(c, time.Now, past{})
	in, keyboard := io.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	p := tea.NewProgram(m, tea.WithContext(ctx), tea.WithFPS(120), tea.WithInput(in), tea.WithOutput(out), tea.WithWindowSize(120, 40),
		tea.WithEnvironment([]string{"TERM=xterm-256color"}), tea.WithColorProfile(colorprofile.ANSI256), tea.WithoutSignals())
	ended := make(chan struct{})
	go func() { defer close(ended); _, _ = p.Run() }()
	defer func() { cancel(); keyboard.Close(); <-ended }()
	feed := func(s string) { _, _ = io.WriteString(keyboard, s) }

	k := newKittyScreen(120, 40)
	defer k.close()
	taken := 0
	// until waits until the screen is as it must be.
	until := func(what string, is func() error) {
		t.Helper()
		out.mu.Lock()
		defer out.mu.Unlock()
		for {
			k.write(t, out.text.String()[taken:])
			taken = out.text.Len()
			err := is()
			if err == nil {
				return
			}
			if out.ended || t.Failed() {
				t.Fatalf("%s: %v\n%s", what, err, k.term.String())
			}
			out.wrote.Wait()
		}
	}
	out.until(t, "a=q")
	feed("\x1b_Gi=31;OK\x1b\\\x1b[6;20;10t\x1bP>|kitty(0.41.1)\x1b\\\x1b[?62c")
	feed("\x14") // ctrl+t
	until("the first page", func() error { return k.right(0, 9, false) })
	sent := k.sent
	feed("\x1b[6~")
	until("the next page", func() error { return k.right(9, 9, false) })
	feed("\x1b[<65;30;10M")
	until("a row further, by the wheel", func() error { return k.right(12, 9, false) })
	feed("\x1b[<64;30;10M\x1b[5~")
	until("back at the top", func() error { return k.right(0, 9, false) })
	if again := k.sent - sent; again > 9+3+4 { // a page, a row, and what is larger over the details
		t.Errorf("%d pictures were sent on the way there and back", again)
	}
	feed("\x1bOP") // f1: the help lies over it
	until("the help", func() error {
		if !strings.Contains(k.term.String(), "pick from here") {
			return fmt.Errorf("no help")
		}
		return k.right(0, 0, true)
	})
	feed("q")
	until("without the help", func() error { return k.right(0, 9, false) })
	p.Send(tea.WindowSizeMsg{Width: 150, Height: 30})
	k.term.Resize(150, 30)
	k.w, k.h = 150, 30
	until("another size", func() error { return k.right(0, 6, false) })
	feed("\x14")
	until("the studio", func() error {
		list, err := k.shown()
		if err == nil && (len(list) > 0 || !strings.Contains(k.term.String(), "Parameters")) {
			err = fmt.Errorf("%d pictures are left", len(list))
		}
		return err
	})
	feed("\x03")
	<-ended
	until("the end", func() error {
		if len(k.pictures) > 0 {
			return fmt.Errorf("%d pictures stay at the terminal", len(k.pictures))
		}
		return nil
	})
}
