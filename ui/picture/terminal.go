package picture

import (
	"image"
	"image/color"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// Terminal is what is known of the terminal so far. It is a value: Learn gives
// a better one. Nothing here waits for an answer; until one comes, and if none
// ever does, pictures are blocks.
type Terminal struct {
	setting Way // what the person chose; "" or "auto": by what is known
	profile colorprofile.Profile
	dumb    bool
	tmux    bool
	screen  bool
	remote  bool   // over SSH, by the environment
	program string // TERM_PROGRAM or LC_TERMINAL, where no version was told
	brand   string // by XTVERSION, in lower case
	kitty   bool   // it said OK to a query with U=1
	sixel   bool   // by the primary device attributes
	cellPx  image.Point
	back    color.RGBA // its background; the zero value is not known
	kernel  bool       // cellPx is what the system says, not the terminal
	asked   bool
	done    bool // the fence came back
	heard   bool // an answer to the last graphics query, or the name, came back
	drew    bool // an OK to the last graphics query did
	full    bool // for a picture that is looked at for a while: see Book.Stay
	thumb   bool // for small pictures among many: see small
}

// queryID is the id of the graphics query; no picture has it.
const queryID = 31

// NewTerminal begins with the environment (a function as os.Getenv), the colour
// profile, and the person's setting: auto, kitty, iterm2, sixel, blocks or off.
func NewTerminal(setting string, profile colorprofile.Profile, getenv func(string) string) Terminal {
	term := getenv("TERM")
	t := Terminal{
		profile: profile,
		dumb:    term == "dumb",
		tmux:    getenv("TMUX") != "" || strings.HasPrefix(term, "tmux"),
		screen:  getenv("TMUX") == "" && strings.HasPrefix(term, "screen"),
		remote:  getenv("SSH_CONNECTION") != "" || getenv("SSH_TTY") != "",
	}
	if setting != "auto" {
		t.setting = Way(setting)
	}
	// In tmux these are those of the terminal that the server was started in.
	if !t.tmux {
		t.program = strings.ToLower(getenv("TERM_PROGRAM"))
		if lc := getenv("LC_TERMINAL"); lc != "" {
			t.program = strings.ToLower(lc)
		}
	}
	return t
}

// Ask gives what to write to the terminal to learn what it can: the kitty
// graphics query with U=1 (an old kitty says OK to the plain one and then
// draws boxes), the name, the size of a cell, and the device attributes as a
// fence, for every terminal answers those. Empty where asking is of no use.
func (t Terminal) Ask() (string, Terminal) {
	if t.dumb || t.screen || (t.setting != "" && t.setting != Kitty && t.setting != Sixel && t.setting != ITerm2) {
		return "", t
	}
	t.asked, t.done, t.heard, t.drew = true, false, false, false
	query := ansi.KittyGraphics([]byte("AAAA"), "i=31", "s=1", "v=1", "a=q", "t=d", "f=24", "U=1")
	name := ansi.RequestNameVersion
	if t.tmux {
		query = ansi.TmuxPassthrough(query)
		name = ansi.TmuxPassthrough(name)
	}
	// The one that decides comes last: a picture is made once, with all that
	// must be known for it.
	return ansi.WindowOp(14) + ansi.WindowOp(16) + name + query + ansi.RequestPrimaryDeviceAttributes, t
}

// Fence gives the question that every terminal answers, after all others.
func (t Terminal) Fence() (string, Terminal) {
	t.asked, t.done = true, false
	return ansi.RequestPrimaryDeviceAttributes, t
}

// PixelsEvent is the size of the whole screen in pixels as the system knows it:
// some terminals say it only so.
type PixelsEvent struct{ Width, Height int }

// Learn takes an answer in. It says whether the way to show pictures changed:
// then what is on the screen is drawn anew. Messages that are no answer change
// nothing, so every message may be handed in.
func (t Terminal) Learn(msg tea.Msg, size image.Point) (Terminal, bool) {
	before, cell, back := t.Way(), t.cell(), t.back
	switch msg := msg.(type) {
	case tea.ColorProfileMsg:
		t.profile = msg.Profile
	case tea.BackgroundColorMsg:
		if msg.Color != nil {
			t.back = color.RGBAModel.Convert(msg.Color).(color.RGBA)
		}
	case uv.KittyGraphicsEvent:
		if msg.Options.ID == queryID {
			t.drew = string(msg.Payload) == "OK"
			t.heard, t.kitty = true, t.drew
		}
	case tea.TerminalVersionMsg:
		if name := strings.ToLower(msg.Name); !strings.HasPrefix(name, "tmux") {
			t.heard, t.brand = true, name
		}
	case uv.CellSizeEvent:
		if msg.Width > 0 && msg.Height > 0 {
			t.cellPx, t.kernel = image.Pt(msg.Width, msg.Height), false
		}
	case uv.PixelSizeEvent:
		if t.cellPx == (image.Point{}) || t.kernel {
			t = t.pixels(msg.Width, msg.Height, size, false)
		}
	case PixelsEvent:
		if t.cellPx == (image.Point{}) || t.kernel {
			t = t.pixels(msg.Width, msg.Height, size, true)
		}
	case uv.PrimaryDeviceAttributesEvent:
		t.done = true
		if !t.tmux && t.asked {
			t.kitty = t.drew // its answer comes first
		}
		// tmux answers for itself, whatever the terminal outside can do.
		t.sixel = slices.Contains(msg, 4) && !t.tmux
	}
	return t, t.Way() != before || t.cell() != cell || t.back != back
}

// pixels takes the size of a cell from that of the whole screen.
func (t Terminal) pixels(w, h int, size image.Point, kernel bool) Terminal {
	if size.X > 0 && size.Y > 0 && w >= 2*size.X && h >= 2*size.Y {
		t.cellPx, t.kernel = image.Pt(w/size.X, h/size.Y), kernel
	}
	return t
}

// Settle says what is known when nothing more is expected: in tmux another
// terminal may be outside than the one that could show pictures.
func (t Terminal) Settle() (Terminal, bool) {
	before := t.Way()
	if t.asked {
		t.kitty = t.drew
	}
	return t, t.Way() != before
}

// Way is the best way to show pictures by what is known now.
func (t Terminal) Way() Way {
	switch t.setting {
	case Kitty, ITerm2, Sixel, Off:
		return t.setting
	case Blocks:
		return t.blocks()
	}
	switch {
	case t.dumb:
		return Off
	case t.kitty && !t.known("konsole", "wezterm", "warp", "vscode"):
		// These say OK, and know no placeholders.
		return Kitty
	case !t.tmux && t.known("iterm2", "iterm.app", "wezterm", "mintty"):
		return ITerm2
	case !t.tmux && t.sixel && t.known("vscode", "tabby", "hyper"):
		// Their pictures are an option, and then they say that they know sixel.
		return ITerm2
	case t.sixel && t.cellPx != (image.Point{}) && !t.known("konsole", "contour", "alacritty", "warp"):
		// Without the size of a cell a sixel overflows and scrolls the screen;
		// these do not clear what was drawn.
		return Sixel
	}
	return t.blocks()
}

// Reason is why a way was chosen.
type Reason int

// The reasons.
const (
	ByAnswer  Reason = iota // the terminal said that it can
	ByName                  // terminals of its name can
	BySetting               // the person chose it
	ByColours               // it has too few colours
	BySilence               // it did not answer
	ByDefault               // it answered, and said nothing of pictures
)

// Why says why pictures are shown as Way says.
func (t Terminal) Why() Reason {
	switch way := t.Way(); {
	case way == t.setting:
		return BySetting
	case way == Off:
		return ByColours
	case way == Kitty || way == Sixel || way == ITerm2 && t.sixel:
		return ByAnswer
	case way == ITerm2:
		return ByName
	case t.Waits():
		return BySilence
	}
	return ByDefault
}

// blocks need colours; without them a card says more.
func (t Terminal) blocks() Way {
	if t.profile < colorprofile.ANSI256 {
		return Off
	}
	return Blocks
}

func (t Terminal) known(brands ...string) bool {
	return slices.ContainsFunc(brands, func(b string) bool {
		return strings.Contains(t.brand, b) || t.brand == "" && strings.Contains(t.program, b)
	})
}

// cell is the size of a cell in pixels; 8x16 where the terminal does not say.
func (t Terminal) cell() image.Point {
	if t.cellPx.X > 0 && t.cellPx.Y > 0 {
		return t.cellPx
	}
	return image.Pt(8, 16)
}

// Tmux says whether the terminal is inside tmux: a picture needs
// allow-passthrough there.
func (t Terminal) Tmux() bool { return t.tmux }

// Thumbs is the best way to show thumbnails: a way that needs no painting over
// the cells.
func (t Terminal) Thumbs() Way { return t.small().Way() }

// Brand is the terminal's own name and version, "" if it did not tell.
func (t Terminal) Brand() string { return t.brand }

// Waits says whether a question is on its way whose answer has not come: it
// would be read by whoever reads the terminal next.
func (t Terminal) Waits() bool { return t.asked && !t.done }

// Heard says whether the terminal outside of tmux answered the last question.
func (t Terminal) Heard() bool { return t.heard }

// Dumb says whether the terminal knows no questions.
func (t Terminal) Dumb() bool { return t.dumb }

// Remote says whether the terminal is at the other end of SSH.
func (t Terminal) Remote() bool { return t.remote }

// Fit is where a picture of w x h pixels goes inside cols x rows cells.
func (t Terminal) Fit(w, h, cols, rows int) (c, r int) { return Fit(w, h, cols, rows, t.cell()) }

// budget is how many bytes a picture may take on the wire. Over SSH it is a
// quarter of what it is at home: half the resolution.
func (t Terminal) budget() int {
	n := KittyBudget
	if t.thumb {
		n = ThumbBudget
	}
	if t.remote && !t.full {
		n /= 4
	}
	return n
}

// small is the terminal for small pictures among many: they stand in cells,
// which scroll and are written over as text is. What a terminal paints over the
// cells would have to be painted anew with every step.
func (t Terminal) small() Terminal {
	t.thumb = true
	if w := t.Way(); w == ITerm2 || w == Sixel {
		t.setting = Blocks
	}
	return t
}
