package ui

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/ansi/kitty"
	"github.com/charmbracelet/x/vt"

	"easel/backend"
	"easel/backend/task"
	"easel/ui/picture"
)

// fourColors writes a picture whose quarters are red, green, blue and yellow. Those
// of one size are made once, as nearly every test has some.
func fourColors(t testing.TB, path string, w, h int) string {
	data, ok := fourFiles.Load([2]int{w, h})
	if !ok {
		m := image.NewRGBA(image.Rect(0, 0, w, h))
		for i := range 4 {
			x, y := i%2, i/2
			part := image.Rect((x*w+1)/2, (y*h+1)/2, ((x+1)*w+1)/2, ((y+1)*h+1)/2)
			draw.Draw(m, part, image.NewUniform(quarter(x, y)), image.Point{}, draw.Src)
		}
		data = encoded(t, m)
		fourFiles.Store([2]int{w, h}, data)
	}
	return write(t, path, data.([]byte))
}

var fourFiles sync.Map // the files of fourColors, by size

func quarter(x, y int) color.RGBA {
	return [2][2]color.RGBA{{{220, 40, 40, 255}, {40, 200, 60, 255}}, {{40, 60, 210, 255}, {230, 210, 50, 255}}}[y][x]
}

func writePNG(t testing.TB, path string, m image.Image) string {
	t.Helper()
	return write(t, path, encoded(t, m))
}

// encoded is a PNG that is not compressed: with the race detector that took a fifth
// of the time of all tests here, and none is about it.
func encoded(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.NoCompression}
	if err := enc.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func write(t testing.TB, path string, data []byte) string {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// saved is a task that is done, with files of w x h pixels.
func saved(n int, prompt string, w, h int, paths ...string) task.Record {
	at := ago(time.Duration(n) * 10 * time.Minute)
	r := task.Record{
		V: 1, ID: fmt.Sprintf("a%03dkf9x%d", 900-n, n), State: backend.Done, Provider: "uniall", Model: "gpt-image-2", Prompt: prompt,
		Ratio: "16:9", Size: "2048x1152", Count: len(paths), Options: map[string]string{"quality": "medium", "format": "png"},
		Ticket: "task_0192ab", Created: at, Sent: at, Ready: at.Add(20 * time.Second), Finished: at.Add(21 * time.Second),
		Cost: &backend.Cost{Amount: "0.50", Unit: "credits"},
	}
	for _, p := range paths {
		r.Files = append(r.Files, task.File{Path: p, Width: w, Height: h, Format: "png", Bytes: 1_234_567})
	}
	return r
}

// shelf is what a studio with pictures has: a task with two of the size that was
// asked for, and one with a square one that was not.
func shelf(t testing.TB) []task.Record {
	dir := t.TempDir()
	wide := fourColors(t, filepath.Join(dir, "174512-a-border-collie-1.png"), 1024, 576)
	next := fourColors(t, filepath.Join(dir, "174512-a-border-collie-2.png"), 512, 288)
	square := fourColors(t, filepath.Join(dir, "171200-two-swimmers-1.png"), 300, 300)
	first := saved(1, "a border collie selling leashes on a live stream, ring light", 2048, 1152, wide, next)
	return []task.Record{first, saved(2, "two swimmers, top view, risograph", 300, 300, square)}
}

func (s setup) with(records []task.Record) setup {
	s.history = &fakeHistory{records: records}
	s.start = "uniall"
	return s
}

// in makes the terminal one that answers as such terminals do.
func (d *drive) in(way picture.Way) {
	d.answers = saidBy(way)
	d.send(tea.ColorProfileMsg{Profile: colorprofile.TrueColor})
	d.wait(askAfter)
	d.out = nil
}

func saidBy(way picture.Way) []tea.Msg {
	switch way {
	case picture.Kitty:
		ok := uv.KittyGraphicsEvent{Options: kitty.Options{ID: 31}, Payload: []byte("OK")}
		return []tea.Msg{uv.CellSizeEvent{Width: 10, Height: 20}, ok, uv.PrimaryDeviceAttributesEvent{62}}
	case picture.Sixel:
		return []tea.Msg{uv.CellSizeEvent{Width: 10, Height: 20}, uv.PrimaryDeviceAttributesEvent{63, 4}}
	}
	return []tea.Msg{uv.PrimaryDeviceAttributesEvent{62}}
}

// painted is the colour of every quarter of every cell on the screen.
func (d *drive) painted() *image.RGBA {
	w, h := d.m.env.Width, d.m.env.Height
	term := vt.NewEmulator(w, h)
	defer term.Close()
	_, _ = term.WriteString(strings.ReplaceAll(d.m.View().Content, "\n", "\r\n"))
	m := image.NewRGBA(image.Rect(0, 0, 2*w, 2*h))
	quadrants := []rune(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█")
	for y := range h {
		for x := range w {
			cell := term.CellAt(x, y)
			if cell == nil {
				continue
			}
			shape := slices.Index(quadrants, []rune(cell.Content + " ")[0])
			for i := range 4 {
				c := cell.Style.Bg
				if shape >= 0 && shape>>i&1 == 1 {
					c = cell.Style.Fg
				}
				if c != nil {
					m.Set(2*x+i%2, 2*y+i/2, c)
				}
			}
		}
	}
	return m
}

// holds fails if the picture of four colours is not at a spot of the screen.
func (d *drive) holds() image.Rectangle {
	d.t.Helper()
	spot := d.m.studio.Picture(d.m.env)
	page, ok := d.m.book.Find(spot.Want)
	if !ok || page.Err != nil {
		d.t.Fatalf("no picture: %+v %v", spot, page.Err)
	}
	m, w, h := d.painted(), page.Drawn.Cols, page.Drawn.Rows
	off := 0
	for y := range 2 * h {
		for x := range 2 * w {
			if x == w || y == h || x == w-1 || y == h-1 {
				continue // the seam
			}
			got, want := m.RGBAAt(2*spot.X+x, 2*spot.Y+y), quarter(x/w, y/h)
			for _, p := range [][2]uint8{{got.R, want.R}, {got.G, want.G}, {got.B, want.B}} {
				if max(p[0], p[1])-min(p[0], p[1]) > 24 {
					off++
					break
				}
			}
		}
	}
	if off > 2*(w+h) {
		d.t.Errorf("%d of %d quarters have another colour:\n%s", off, 4*w*h, d.screen())
	}
	return image.Rect(spot.X, spot.Y, spot.X+w, spot.Y+h)
}

func TestPictureScreens(t *testing.T) {
	for _, lang := range []string{"en", "zh-CN"} {
		for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 50}} {
			t.Run(fmt.Sprintf("%s-%dx%d", lang, size[0], size[1]), func(t *testing.T) {
				records := shelf(t)
				synctest.Test(t, func(t *testing.T) {
					t.Setenv("TZ", "UTC")
					for i := range records {
						at := ago(time.Duration(i+1) * 10 * time.Minute)
						records[i].Created, records[i].Sent, records[i].Ready, records[i].Finished = at, at, at.Add(20*time.Second), at.Add(21*time.Second)
					}
					d := start(t, setup{lang: lang, w: size[0], h: size[1]}.with(records))
					d.in(picture.Blocks)
					d.press("shift+tab")
					see := func(name string) {
						golden(t, fmt.Sprintf("%s-%s-%dx%d", name, lang, size[0], size[1]), d.screen())
					}
					if see("preview"); size[0] >= 100 {
						d.holds()
					}
					d.press("enter")
					see("large")
					if r := d.holds(); r.Dx() < size[0]-20 && r.Dy() < size[1]-6 {
						t.Errorf("%v is small for %v", r, size)
					}
					d.press("down")
					see("large-other")
					d.holds()
					d.stop()
				})
			})
		}
	}
}

func TestLargeViewGoesThroughResultsAndTasks(t *testing.T) {
	records := shelf(t)
	synctest.Test(t, func(t *testing.T) {
		d := start(t, setup{w: 80, h: 24}.with(records))
		d.in(picture.Blocks)
		d.press("shift+tab", "enter")
		d.sees("a border collie selling", "1 of 2", "2048x1152 as asked", "collie-1.png")
		d.press("right")
		d.sees("2 of 2", "collie-2.png")
		d.holds()
		d.press("right", "left", "down")
		d.sees("two swimmers", "300x300", "asked for 2048x1152", "swimmers-1.png")
		d.press("y")
		same(t, "the path", d.copied(), records[1].Files[0].Path)
		d.press("enter")
		d.sees("╭─ Details", "gpt-image-2")
		d.press("enter")
		d.misses("╭─ Details")
		d.press("enter", "esc")
		d.misses("swimmers-1.png")
		d.sees("Tasks")
		d.stop()
	})
}

var apc = regexp.MustCompile(`\x1b_G([^;\x1b]*)(?:;([^\x1b]*))?\x1b\\`)

// sent lists the ids that were transmitted and those that were deleted.
func (d *drive) sentIDs() (sent, gone []string) {
	for _, m := range apc.FindAllStringSubmatch(strings.ReplaceAll(d.raw(), "\x1b\x1b", "\x1b"), -1) {
		o := map[string]string{}
		for kv := range strings.SplitSeq(m[1], ",") {
			k, v, _ := strings.Cut(kv, "=")
			o[k] = v
		}
		switch o["a"] {
		case "T":
			sent = append(sent, o["i"])
		case "d":
			gone = append(gone, o["i"])
		}
	}
	return sent, gone
}

func TestKittyIsSentOnceAndAgainWhenLost(t *testing.T) {
	records := shelf(t)
	synctest.Test(t, func(t *testing.T) {
		d := start(t, setup{}.with(records))
		d.in(picture.Kitty)
		d.press("shift+tab")
		sent, _ := d.sentIDs()
		if len(sent) != 1 || len(d.raw()) > 400_000 {
			t.Fatalf("sent %v, %d bytes", sent, len(d.raw()))
		}
		cell := "\x1b[38;5;" + sent[0] + "m" + string([]rune{kitty.Placeholder, kitty.Diacritic(0), kitty.Diacritic(0)})
		if !strings.Contains(d.m.View().Content, cell) {
			t.Fatal("the screen does not name the picture")
		}
		d.press("down", "up", "tab", "shift+tab", "up")
		if sent, _ = d.sentIDs(); len(sent) != 2 || sent[0] == sent[1] {
			t.Errorf("sent %v for two pictures", sent)
		}
		d.out = nil
		d.send(tea.BlurMsg{})
		d.send(tea.FocusMsg{})
		if sent, _ = d.sentIDs(); len(sent) != 0 {
			t.Errorf("sent %v because the window has the focus", sent)
		}
		d.press("ctrl+l")
		if sent, _ = d.sentIDs(); len(sent) != 1 {
			t.Errorf("sent %v after ctrl+l", sent)
		}
		d.send(tea.ResumeMsg{})
		if sent, _ = d.sentIDs(); len(sent) != 2 {
			t.Errorf("sent %v after the program was resumed", sent)
		}
		d.out = nil
		d.press("ctrl+c")
		d.wait(answersIn)
		if _, gone := d.sentIDs(); len(gone) != 2 || !d.got(tea.QuitMsg{}) {
			t.Errorf("deleted %v at the end", gone)
		}
		d.stop()
	})
}

func TestTmuxMayHaveAnotherTerminal(t *testing.T) {
	records := shelf(t)
	synctest.Test(t, func(t *testing.T) {
		d := start(t, setup{env: map[string]string{"TMUX": "/tmp/x"}}.with(records))
		d.in(picture.Kitty)
		d.press("shift+tab")
		before := strings.Count(d.raw(), "a=T")
		d.send(tea.FocusMsg{})
		if n := strings.Count(d.raw(), "a=T"); before != 1 || n != 2 {
			t.Errorf("sent %d times, then %d", before, n)
		}
		if strings.Count(d.raw(), "\x1bPtmux;") < 2 {
			t.Error("not passed through")
		}
		d.stop()
	})
}

func TestSixelIsPaintedOverTheFrameAndNeverOverAPopup(t *testing.T) {
	records := shelf(t)
	synctest.Test(t, func(t *testing.T) {
		d := start(t, setup{}.with(records))
		d.in(picture.Sixel)
		painted := func() int { return strings.Count(d.raw(), "\x1bP") }
		cleared := func() (n int) {
			for _, m := range d.out {
				if fmt.Sprintf("%T", m) == "tea.clearScreenMsg" {
					n++
				}
			}
			return n
		}
		d.press("shift+tab")
		same(t, "painted at once", painted(), 0)
		d.wait(paintIn)
		spot := d.m.studio.Picture(d.m.env)
		at := ansi.SaveCursor + ansi.CursorPosition(spot.X+1, spot.Y+1) + "\x1bP"
		if painted() != 1 || !strings.Contains(d.raw(), at) {
			t.Fatalf("painted %d times, and not at %+v", painted(), spot)
		}
		d.press("j", "k", "j") // three changes at once
		d.wait(paintIn)
		same(t, "painted", painted(), 2)
		same(t, "cleared", cleared(), 1)
		d.press("ctrl+p")
		d.wait(10 * paintIn)
		same(t, "painted under a popup", painted(), 2)
		same(t, "cleared", cleared(), 2)
		d.press("esc")
		d.wait(paintIn)
		same(t, "painted", painted(), 3)
		d.send(tea.WindowSizeMsg{Width: 130, Height: 42})
		d.wait(paintIn)
		same(t, "painted after a resize", painted(), 4)
		d.wait(10 * paintIn)
		same(t, "painted while nothing happens", painted(), 4)
		d.stop()
	})
}

func TestAnswersAreNeverTyped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, setup{})
		d.type_("a red ")
		for _, msg := range []tea.Msg{
			uv.KittyGraphicsEvent{Options: kitty.Options{ID: 31}, Payload: []byte("OK")}, tea.TerminalVersionMsg{Name: "kitty"},
			uv.CellSizeEvent{Width: 9, Height: 18}, uv.PixelSizeEvent{Width: 900, Height: 800}, uv.PrimaryDeviceAttributesEvent{62, 4},
			uv.UnknownApcEvent("\x1b_Gi=3\x1b\\"), uv.UnknownDcsEvent("\x1bPx\x1b\\"),
		} {
			d.send(msg)
		}
		d.type_("cube")
		same(t, "the prompt", d.m.studio.Request().Prompt, "a red cube")
		d.stop()
	})
}

func TestWhatCannotBeShownIsSaid(t *testing.T) {
	dir := t.TempDir()
	good, _ := os.ReadFile(fourColors(t, filepath.Join(dir, "good.png"), 64, 64))
	bomb := slices.Clone(good)
	copy(bomb[16:], []byte{0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60})
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	var records []task.Record
	for i, c := range []struct {
		name string
		data []byte
	}{{"cut", good[:len(good)/2]}, {"bomb", bomb}, {"html", []byte("<html>\x1b[31m")}, {"good", good}, {"gone", nil}} {
		path := filepath.Join(dir, c.name+".png")
		if c.data != nil {
			if err := os.WriteFile(path, c.data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		records = append(records, saved(i+1, c.name, 64, 64, path))
	}
	synctest.Test(t, func(t *testing.T) {
		d := start(t, setup{}.with(records))
		d.in(picture.Blocks)
		d.press("shift+tab")
		for _, want := range []string{"cannot be shown", "Too large to be shown: 60000x60000", "cannot be shown", "Preview", "is not there any more"} {
			d.sees(want)
			if want != "Preview" {
				d.sees("Details", ".png")
			}
			d.press("down")
		}
		d.press("enter") // the one that is gone, large
		d.sees("╭─ Details", "is not there any more")
		d.stop()
	})
}
