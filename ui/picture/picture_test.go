package picture

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/ansi/kitty"
	"github.com/charmbracelet/x/ansi/sixel"
)

// painted is a picture whose pixels differ everywhere, smoothly.
func painted(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, color.RGBA{uint8(255 * x / w), uint8(255 * y / h), uint8(255 * (x + y) / (w + h)), 255})
		}
	}
	return m
}

func env(pairs ...string) func(string) string {
	return func(k string) string {
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == k {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func terminal(setting Way) Terminal {
	return NewTerminal(string(setting), colorprofile.TrueColor, env("TERM", "xterm-256color"))
}

func TestFitKeepsTheShape(t *testing.T) {
	cell := image.Pt(10, 20)
	for _, c := range []struct{ w, h, cols, rows, c, r int }{
		{1024, 1024, 60, 25, 50, 25},
		{1920, 1080, 60, 25, 60, 17},
		{1080, 1920, 60, 25, 28, 25},
		{8, 4096, 60, 25, 1, 25},
		{4096, 8, 60, 25, 60, 1},
		{1, 1, 1, 1, 1, 1},
		{0, 0, 10, 10, 1, 1},
	} {
		if gotC, gotR := Fit(c.w, c.h, c.cols, c.rows, cell); gotC != c.c || gotR != c.r {
			t.Errorf("%dx%d in %dx%d: got %dx%d, want %dx%d", c.w, c.h, c.cols, c.rows, gotC, gotR, c.c, c.r)
		}
	}
}

// The answers of real terminals, in the order in which they came, and what each
// must be shown by.
func TestWayOfTerminals(t *testing.T) {
	ok := uv.KittyGraphicsEvent{Options: kitty.Options{ID: 31}, Payload: []byte("OK")}
	no := uv.KittyGraphicsEvent{Options: kitty.Options{ID: 31}, Payload: []byte("ENOTSUPPORTED:")}
	name := func(s string) tea.Msg { return tea.TerminalVersionMsg{Name: s} }
	da := func(n ...int) tea.Msg { return uv.PrimaryDeviceAttributesEvent(n) }
	cell := uv.CellSizeEvent{Width: 9, Height: 18}
	tmux := []string{"TERM", "tmux-256color", "TMUX", "/tmp/tmux-0/default,1,0"}
	for what, c := range map[string]struct {
		env     []string
		setting string
		profile colorprofile.Profile
		answers []tea.Msg
		want    Way
	}{
		"kitty 0.41":               {answers: []tea.Msg{ok, name("kitty(0.41.1)"), cell, da(62)}, want: Kitty},
		"kitty 0.26 is silent":     {answers: []tea.Msg{name("kitty(0.26.5)"), da(62)}, want: Blocks},
		"kitty in tmux, late":      {env: tmux, answers: []tea.Msg{name("tmux 3.5a"), da(1, 2, 4), ok}, want: Kitty},
		"tmux claims sixel":        {env: tmux, answers: []tea.Msg{cell, da(1, 2, 4)}, want: Blocks},
		"wezterm says OK":          {answers: []tea.Msg{ok, name("WezTerm 20240203"), da(65, 4, 6)}, want: ITerm2},
		"konsole says OK":          {answers: []tea.Msg{ok, name("Konsole 24.02"), cell, da(62, 1, 4)}, want: Blocks},
		"zellij":                   {answers: []tea.Msg{no, da(62, 4), cell}, want: Sixel},
		"xterm with sixel":         {answers: []tea.Msg{name("XTerm(398)"), cell, da(63, 1, 2, 4)}, want: Sixel},
		"xterm without cell size":  {answers: []tea.Msg{name("XTerm(398)"), da(63, 1, 2, 4)}, want: Blocks},
		"iTerm2 over ssh":          {env: []string{"LC_TERMINAL", "iTerm2"}, answers: []tea.Msg{da(62, 4)}, want: ITerm2},
		"iTerm2 outside of tmux":   {env: append([]string{"TERM_PROGRAM", "iTerm.app"}, tmux...), want: Blocks},
		"VS Code":                  {env: []string{"TERM_PROGRAM", "vscode"}, answers: []tea.Msg{cell, da(62, 4, 9, 22)}, want: ITerm2},
		"VS Code, pictures off":    {env: []string{"TERM_PROGRAM", "vscode"}, answers: []tea.Msg{cell, da(1, 2)}, want: Blocks},
		"VS Code, not answered":    {env: []string{"TERM_PROGRAM", "vscode"}, want: Blocks},
		"mlterm":                   {answers: []tea.Msg{cell, da(63, 1, 2, 3, 4, 7, 29)}, want: Sixel},
		"cells from the system":    {answers: []tea.Msg{PixelsEvent{Width: 800, Height: 480}, da(63, 1, 2, 4)}, want: Sixel},
		"the system knows nothing": {answers: []tea.Msg{PixelsEvent{Width: 80, Height: 24}, da(63, 1, 2, 4)}, want: Blocks},
		"no answer at all":         {want: Blocks},
		"256 colours":              {profile: colorprofile.ANSI256, want: Blocks},
		"16 colours":               {profile: colorprofile.ANSI, want: Off},
		"no colours":               {profile: colorprofile.NoTTY, want: Off},
		"dumb":                     {env: []string{"TERM", "dumb"}, answers: []tea.Msg{ok}, want: Off},
		"the person says off":      {setting: "off", answers: []tea.Msg{ok}, want: Off},
		"the person says kitty":    {setting: "kitty", want: Kitty},
		"the person says blocks":   {setting: "blocks", answers: []tea.Msg{ok}, want: Blocks},
		"the person says iterm2":   {setting: "iterm2", answers: []tea.Msg{ok, cell, da(62)}, want: ITerm2},
		"the person says sixel":    {setting: "sixel", env: tmux, answers: []tea.Msg{da(62)}, want: Sixel},
		"blocks without colours":   {setting: "blocks", profile: colorprofile.ANSI, want: Off},
		"the person says auto":     {setting: "auto", answers: []tea.Msg{ok}, want: Kitty},
		"someone else's kitty OK":  {answers: []tea.Msg{uv.KittyGraphicsEvent{Options: kitty.Options{ID: 7}, Payload: []byte("OK")}}, want: Blocks},
		"other messages are alike": {answers: []tea.Msg{tea.FocusMsg{}, nil, "x"}, want: Blocks},
	} {
		t.Run(what, func(t *testing.T) {
			if c.profile == 0 {
				c.profile = colorprofile.TrueColor
			}
			term := NewTerminal(c.setting, c.profile, env(c.env...))
			_, term = term.Ask()
			for _, a := range c.answers {
				term, _ = term.Learn(a, image.Pt(80, 24))
			}
			if got := term.Way(); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestWhyIsSaid(t *testing.T) {
	ok := uv.KittyGraphicsEvent{Options: kitty.Options{ID: 31}, Payload: []byte("OK")}
	fence, sixel := uv.PrimaryDeviceAttributesEvent{62}, uv.PrimaryDeviceAttributesEvent{62, 4}
	cell := uv.CellSizeEvent{Width: 9, Height: 18}
	for what, c := range map[string]struct {
		setting string
		profile colorprofile.Profile
		env     []string
		answers []tea.Msg
		want    Reason
	}{
		"kitty":  {"", 0, nil, []tea.Msg{ok, fence}, ByAnswer},
		"sixel":  {"auto", 0, nil, []tea.Msg{cell, sixel}, ByAnswer},
		"iTerm2": {"", 0, []string{"LC_TERMINAL", "iTerm2"}, []tea.Msg{fence}, ByName},
		"set":    {"sixel", 0, nil, nil, BySetting},
		"off":    {"off", 0, nil, nil, BySetting},
		"few":    {"", colorprofile.ANSI, nil, []tea.Msg{fence}, ByColours},
		"silent": {"", 0, nil, nil, BySilence},
		"plain":  {"", 0, nil, []tea.Msg{fence}, ByDefault},
	} {
		if c.profile == 0 {
			c.profile = colorprofile.TrueColor
		}
		term := NewTerminal(c.setting, c.profile, env(c.env...))
		_, term = term.Ask()
		for _, a := range c.answers {
			term, _ = term.Learn(a, image.Pt(80, 24))
		}
		if got := term.Why(); got != c.want {
			t.Errorf("%s: %d, want %d", what, got, c.want)
		}
	}
}

func TestAskFencesAndPassesThroughTmux(t *testing.T) {
	q, _ := terminal("").Ask()
	if !strings.Contains(q, "a=q") || !strings.Contains(q, "U=1") || !strings.HasSuffix(q, ansi.RequestPrimaryDeviceAttributes) {
		t.Errorf("%q", q)
	}
	q, _ = NewTerminal("", colorprofile.TrueColor, env("TMUX", "x")).Ask()
	if !strings.Contains(q, "\x1bPtmux;\x1b\x1b_G") {
		t.Errorf("%q", q)
	}
	for _, quiet := range []Terminal{terminal(Off), terminal(Blocks), NewTerminal("", 0, env("TERM", "dumb"))} {
		if q, _ := quiet.Ask(); q != "" {
			t.Errorf("asked in vain: %q", q)
		}
	}
}

// What the terminal says of its cells is better than what the system does, and
// what is asked again is forgotten when it is not said again.
func TestLearnAgain(t *testing.T) {
	size := image.Pt(80, 24)
	term := terminal("")
	learn := func(msgs ...tea.Msg) {
		for _, msg := range msgs {
			term, _ = term.Learn(msg, size)
		}
	}
	learn(PixelsEvent{Width: 800, Height: 480})
	if term.cell() != image.Pt(10, 20) {
		t.Error(term.cell())
	}
	learn(uv.CellSizeEvent{Width: 9, Height: 18}, PixelsEvent{Width: 1600, Height: 960}, uv.PixelSizeEvent{Width: 1600, Height: 960})
	if term.cell() != image.Pt(9, 18) {
		t.Error(term.cell())
	}
	ok := uv.KittyGraphicsEvent{Options: kitty.Options{ID: 31}, Payload: []byte("OK")}
	fence := uv.PrimaryDeviceAttributesEvent{62}
	_, term = term.Ask()
	learn(ok, fence)
	_, term = term.Ask()
	if term.Way() != Kitty {
		t.Error("forgotten before it was answered")
	}
	learn(fence)
	if term.Way() != Blocks {
		t.Errorf("%s after a fence without an OK", term.Way())
	}
	learn(ok)
	if term.Way() != Kitty {
		t.Error("a late OK is not taken")
	}
}

func drawn(t *testing.T, term Terminal, img image.Image, cols, rows int) Drawn {
	t.Helper()
	d, err := Draw(context.Background(), term, img, 7, cols, rows)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Cells) != d.Rows {
		t.Fatalf("%d lines for %d rows", len(d.Cells), d.Rows)
	}
	for _, line := range d.Cells {
		if w := ansi.StringWidth(line); w != d.Cols {
			t.Fatalf("a line of %d cells, want %d: %q", w, d.Cols, line)
		}
	}
	return d
}

var sgr = regexp.MustCompile(`^\x1b\[([0-9;]*)m`)

// pixels reads blocks back, as a terminal would paint them.
func pixels(t *testing.T, lines []string, cols int) *image.RGBA {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 2*cols, 2*len(lines)))
	for r, line := range lines {
		var fg, bg color.RGBA
		x := 0
		for line != "" {
			if s := sgr.FindStringSubmatch(line); s != nil {
				line = line[len(s[0]):]
				p := strings.Split(s[1], ";")
				for i := 0; i+4 < len(p); i += 5 {
					var v [3]uint8
					for k := range v {
						n, _ := strconv.Atoi(p[i+2+k])
						v[k] = uint8(n)
					}
					if c := (color.RGBA{v[0], v[1], v[2], 255}); p[i] == "38" {
						fg = c
					} else {
						bg = c
					}
				}
				continue
			}
			for _, ch := range line {
				for s, q := range quadrants {
					if q == ch {
						for i := range 4 {
							c := bg
							if s>>i&1 == 1 {
								c = fg
							}
							m.SetRGBA(x+i%2, 2*r+i/2, c)
						}
					}
				}
				line = line[len(string(ch)):]
				break
			}
			x += 2
		}
	}
	return m
}

func meanError(a, b *image.RGBA) float64 {
	sum := 0
	for i := range a.Pix {
		d := int(a.Pix[i]) - int(b.Pix[i])
		sum += max(d, -d)
	}
	return float64(sum) / float64(len(a.Pix))
}

func TestBlocksShowThePicture(t *testing.T) {
	img := painted(640, 480)
	d := drawn(t, terminal(Blocks), img, 60, 25)
	want, _ := Scale(context.Background(), img, 2*d.Cols, 2*d.Rows)
	if e := meanError(pixels(t, d.Cells, d.Cols), want); e > 3 {
		t.Errorf("the blocks are %.1f off in the mean", e)
	}
	if n := len(strings.Join(d.Cells, "")); n > 60_000 {
		t.Errorf("%d bytes for %dx%d cells", n, d.Cols, d.Rows)
	}
	// Even areas cost almost nothing.
	if n := len(strings.Join(drawn(t, terminal(Blocks), image.NewRGBA(image.Rect(0, 0, 64, 64)), 60, 25).Cells, "")); n > 3000 {
		t.Errorf("%d bytes for a black picture", n)
	}
}

func TestBlocksStayWithinTheirBudget(t *testing.T) {
	noise := image.NewRGBA(image.Rect(0, 0, 240, 200))
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range noise.Pix {
		noise.Pix[i] = uint8(rng.Uint32()) | uint8(i%4/3*255)
	}
	d := drawn(t, terminal(Blocks), noise, 60, 25)
	if n := len(strings.Join(d.Cells, "")); n > 40*d.Cols*d.Rows {
		t.Errorf("%d bytes for %dx%d cells", n, d.Cols, d.Rows)
	}
}

func TestBlocksIn256Colours(t *testing.T) {
	term := NewTerminal("", colorprofile.ANSI256, env())
	for _, line := range drawn(t, term, painted(64, 64), 20, 10).Cells {
		if strings.Contains(line, ";2;") {
			t.Fatalf("24-bit colours: %q", line)
		}
	}
	for c, want := range map[rgb]int{{255, 0, 0}: 196, {0, 0, 0}: 16, {255, 255, 255}: 231, {128, 128, 128}: 244, {95, 135, 175}: 67} {
		if got := index256(c); got != want {
			t.Errorf("%v: %d, want %d", c, got, want)
		}
	}
}

// In 240 colours a picture has its own colours in the mean of a few cells: 6.3 off
// without dithering, in this one.
func TestFewColoursAreRightInTheMean(t *testing.T) {
	img := painted(240, 100)
	term := NewTerminal("", colorprofile.ANSI256, env())
	d := drawn(t, term, img, 60, 25)
	fixed := regexp.MustCompile(`([34]8);5;(\d+)`)
	for i, line := range d.Cells {
		d.Cells[i] = fixed.ReplaceAllStringFunc(line, func(m string) string {
			n, _ := strconv.Atoi(m[5:])
			c := fixed256(n)
			if index256(c) != n {
				t.Fatalf("colour %d is shown by %d", n, index256(c))
			}
			return fmt.Sprintf("%s;2;%d;%d;%d", m[:2], c[0], c[1], c[2])
		})
	}
	want, _ := Scale(context.Background(), img, 2*d.Cols, 2*d.Rows)
	if e := meanError(halve(halve(pixels(t, d.Cells, d.Cols))), halve(halve(want))); e > 4.5 {
		t.Errorf("%.1f off in the mean", e)
	}
}

// sent puts the chunks of a transmission together.
func sent(t *testing.T, once string) image.Image {
	t.Helper()
	var data strings.Builder
	for i, chunk := range strings.Split(strings.TrimSuffix(once, "\x1b\\"), "\x1b\\") {
		head, body, ok := strings.Cut(strings.TrimPrefix(chunk, "\x1b_G"), ";")
		switch {
		case !ok || len(body) > kitty.MaxChunkSize || !strings.Contains(head, "q=2"):
			t.Fatalf("chunk %d: %q… of %d bytes", i, head, len(body))
		case i == 0 && !(strings.Contains(head, "a=T") && strings.Contains(head, "U=1") && strings.Contains(head, "i=7")):
			t.Fatalf("the first chunk says %q", head)
		}
		data.WriteString(body)
	}
	raw, err := base64.StdEncoding.DecodeString(data.String())
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func TestKittySendsThePixelsOfTheCells(t *testing.T) {
	term, _ := terminal(Kitty).Learn(uv.CellSizeEvent{Width: 10, Height: 20}, image.Pt(120, 40))
	img := painted(2048, 2048)
	d := drawn(t, term, img, 60, 25)
	once := strings.Join(d.Once, "")
	got := toRGBA(sent(t, once))
	if got.Rect.Dx() != 500 || got.Rect.Dy() != 500 {
		t.Errorf("%v were sent for %dx%d cells", got.Rect, d.Cols, d.Rows)
	}
	want, _ := Scale(context.Background(), img, 500, 500)
	if e := meanError(got, want); e > 0 {
		t.Errorf("%.2f off", e)
	}
	if len(once) > 400_000 {
		t.Errorf("%d bytes", len(once))
	}
	// Every cell says where it is, and the id is an indexed colour.
	if !strings.HasPrefix(d.Cells[3], "\x1b[38;5;7m") {
		t.Errorf("%q", d.Cells[3][:20])
	}
	want3 := string([]rune{kitty.Placeholder, kitty.Diacritic(3), kitty.Diacritic(2)})
	if !strings.Contains(d.Cells[3], want3) {
		t.Error("the third cell of the fourth row does not say so")
	}
}

func TestKittyStaysWithinItsBudget(t *testing.T) {
	noise := image.NewRGBA(image.Rect(0, 0, 1200, 1000))
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range noise.Pix {
		noise.Pix[i] = uint8(rng.Uint32())
	}
	if n := len(strings.Join(drawn(t, terminal(Kitty), noise, 120, 50).Once, "")); n > 400_000 {
		t.Errorf("%d bytes", n)
	}
	small := drawn(t, terminal(Kitty), painted(40, 40), 60, 25)
	if b := sent(t, strings.Join(small.Once, "")).Bounds(); b.Dx() != 40 {
		t.Errorf("a small picture was sent as %v", b)
	}
}

func TestKittyInTmuxWrapsEachChunk(t *testing.T) {
	term := NewTerminal("kitty", colorprofile.TrueColor, env("TMUX", "x"))
	once := strings.Join(drawn(t, term, painted(800, 800), 60, 25).Once, "")
	parts := strings.Split(once, "\x1bPtmux;")[1:]
	if len(parts) < 2 {
		t.Fatalf("%d passthroughs", len(parts))
	}
	for _, p := range parts {
		if !strings.HasPrefix(p, "\x1b\x1b_G") || !strings.HasSuffix(p, "\x1b\x1b\\\x1b\\") || len(p) > 4300 {
			t.Fatalf("%q… of %d bytes", p[:20], len(p))
		}
	}
}

func TestSixelCoversItsCellsAndNoMore(t *testing.T) {
	term, _ := terminal(Sixel).Learn(uv.CellSizeEvent{Width: 10, Height: 20}, image.Pt(120, 40))
	d := drawn(t, term, painted(300, 300), 20, 10)
	_, body, _ := strings.Cut(d.Over, "q")
	img, err := (&sixel.Decoder{}).Decode(strings.NewReader(strings.TrimSuffix(body, "\x1b\\")))
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() != d.Cols*10 || b.Dy() > d.Rows*20 {
		t.Errorf("%v for %dx%d cells", b, d.Cols, d.Rows)
	}
}

func TestITerm2NamesItsCells(t *testing.T) {
	d := drawn(t, terminal(ITerm2), painted(300, 300), 20, 10)
	if !strings.HasPrefix(d.Over, "\x1b]1337;File=") || !strings.Contains(d.Over, "width=20;height=10") || !strings.Contains(d.Over, "inline=1") {
		t.Errorf("%q", d.Over[:80])
	}
}

func encodePNG(t testing.TB, img image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// plainPNG is encodePNG where the file is not the point: with the race detector
// half of the time of such a test went into compressing what it shows.
func plainPNG(t testing.TB, img image.Image) []byte {
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.NoCompression}
	if err := enc.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDecodeTrustsNoFile(t *testing.T) {
	good := encodePNG(t, painted(64, 64))
	bomb := bytes.Clone(good)
	copy(bomb[16:], []byte{0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60}) // 60,000 x 60,000
	copy(bomb[29:], []byte{0xf1, 0xbb, 0xf9, 0xb1})
	broken := bytes.Clone(good)
	broken[len(broken)/2] ^= 0xff
	for name, data := range map[string][]byte{
		"empty": nil, "html": []byte("<html>"), "cut": good[:len(good)/2], "broken": broken, "bomb": bomb,
	} {
		if img, err := Decode(context.Background(), bytes.NewReader(data)); err == nil {
			t.Errorf("%s was decoded to %v", name, img.Bounds())
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Decode(ctx, bytes.NewReader(good)); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
}

func TestDecodeTakesTheFirstFrame(t *testing.T) {
	frame := image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.Black, color.White})
	g := gif.GIF{}
	for range 10_000 {
		g.Image, g.Delay = append(g.Image, frame), append(g.Delay, 1)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &g); err != nil {
		t.Fatal(err)
	}
	read := &counting{Reader: bytes.NewReader(b.Bytes())}
	img, err := Decode(context.Background(), read)
	if err != nil || img.Bounds().Dx() != 8 {
		t.Fatal(img, err)
	}
	if read.n > 200_000 {
		t.Errorf("%d of %d bytes were read", read.n, b.Len())
	}
}

type counting struct {
	*bytes.Reader
	n int
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += n
	return n, err
}

func FuzzDecode(f *testing.F) {
	f.Add(encodePNG(f, painted(3, 3)))
	for _, data := range files(f) {
		f.Add(data)
	}
	f.Add([]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"))
	f.Add([]byte("RIFF\x00\x00\x00\x00WEBPVP8 "))
	f.Fuzz(func(t *testing.T, data []byte) {
		if img, err := Decode(context.Background(), bytes.NewReader(data)); err == nil && img.Bounds().Dx()*img.Bounds().Dy() < 1<<16 {
			if _, err := Draw(context.Background(), terminal(Blocks), img, 1, 10, 5); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func BenchmarkPreviewOf2048(b *testing.B) {
	data := encodePNG(b, painted(2048, 2048))
	for _, way := range []Way{Kitty, Blocks, Sixel} {
		b.Run(string(way), func(b *testing.B) {
			term, _ := terminal(way).Learn(uv.CellSizeEvent{Width: 10, Height: 20}, image.Pt(120, 40))
			for b.Loop() {
				img, err := Decode(context.Background(), bytes.NewReader(data))
				if err != nil {
					b.Fatal(err)
				}
				d, err := Draw(context.Background(), term, img, 1, 60, 25)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(len(strings.Join(d.Once, ""))+len(d.Over)+len(strings.Join(d.Cells, ""))), "bytes/picture")
			}
		})
	}
}
