//go:build unix

package e2e

import (
	"bytes"
	"image"
	"image/color"
	"math/rand/v2"
	"syscall"
	"testing"

	"easel/ui/picture/picturetest"
)

// squares are of random colours, of so many pixels each.
func squares(w, h, edge int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	rng := rand.New(rand.NewPCG(3, 4))
	row := make([]color.RGBA, w/edge+1)
	for y := range h {
		for x := range w {
			if y%edge == 0 && x%edge == 0 {
				v := rng.Uint32()
				row[x/edge] = color.RGBA{uint8(v), uint8(v >> 8), uint8(v >> 16), 255}
			}
			m.SetRGBA(x, y, row[x/edge])
		}
	}
	return m
}

// TestPreviewBytes: whatever a picture is, a preview of 60x25 cells takes no more
// than 60,000 bytes as blocks and 400,000 in kitty, with all that is drawn around.
func TestPreviewBytes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		art  image.Image
		way  string
		most int64
	}{
		"fine, kitty":    {noise(1200, 1000), "kitty", 400_000},
		"coarse, kitty":  {squares(1200, 1000, 3), "kitty", 400_000},
		"fine, blocks":   {noise(240, 200), "blocks", 60_000},
		"coarse, blocks": {squares(960, 800, 8), "blocks", 60_000},
	} {
		h := newHome(t)
		h.hasPicture(c.art)
		h.config("pictures = \"" + c.way + "\"\n")
		x := h.studio(150, 41)
		x.WaitText("a lighthouse", "ctrl+g keys")
		before := x.Bytes()
		x.Press("shift+tab")
		x.wait("the picture", patience(), func() bool { return pixels(x.raw[before:]) })
		x.WaitText("a.png")
		x.Press("ctrl+p") // is drawn after the picture
		x.WaitText("Commands")
		if n := x.Bytes() - before; n > c.most || n < 10_000 {
			t.Errorf("%s: %d bytes", name, n)
		}
		x.Kill()
	}
}

// TestLeaveWhileAPictureIsSent: however the studio ends, the terminal does not wait
// for the rest of a picture, which it would take from whoever is next; and none is
// left where the person quits.
func TestLeaveWhileAPictureIsSent(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.hasPicture(noise(1200, 1000))
	h.config("pictures = \"kitty\"\n")
	for i := range 6 {
		x := h.studio(150, 41)
		x.WaitText("a lighthouse", "ctrl+g keys")
		x.Press("shift+tab")
		x.wait("its beginning", patience(), func() bool { return bytes.Contains(x.raw, []byte("a=T")) })
		if i%2 == 0 {
			leave(t, x)
		} else {
			x.Signal(syscall.SIGTERM)
			x.Exit()
		}
		var kitty picturetest.Terminal
		mine, after, _ := bytes.Cut(x.Raw(), []byte("\x1b[?1049l"))
		kitty.Write(string(mine))
		if i%2 != 0 { // the signal leaves the screen, and goes there once more
			_, again, _ := bytes.Cut(after, []byte("\x1b[?1049h"))
			kitty.Write(string(again))
		}
		for _, s := range kitty.Wrong {
			t.Error(s)
		}
		if kitty.Open() || kitty.Sent != 1 || i%2 == 0 && len(kitty.Held) > 0 {
			t.Errorf("%d: it waits for more: %v; it has %v", i, kitty.Open(), kitty.Held)
		}
	}
}

// TestSuspendWhileAPictureIsSent: a shell has the terminal without a part of a
// picture, and the picture is there when the studio is back.
func TestSuspendWhileAPictureIsSent(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.hasPicture(noise(1200, 1000))
	h.config("pictures = \"kitty\"\n")
	x := h.studio(150, 41)
	x.WaitText("a lighthouse", "ctrl+g keys")
	x.Press("shift+tab")
	x.wait("its beginning", patience(), func() bool { return bytes.Contains(x.raw, []byte("a=T")) })
	x.Press("ctrl+z")
	x.wait("the shell's screen", patience(), func() bool { return bytes.Contains(x.raw, []byte("\x1b[?1049l")) })
	var kitty picturetest.Terminal
	mine, _, _ := bytes.Cut(x.Raw(), []byte("\x1b[?1049l"))
	kitty.Write(string(mine))
	if kitty.Open() {
		t.Error("the terminal waits for more")
	}
	x.goOn()
	x.wait("the picture", patience(), func() bool { return pixels(x.raw[len(mine):]) })
	kitty.Write(string(x.Raw()[len(mine):]))
	for _, s := range kitty.Wrong {
		t.Error(s)
	}
	if kitty.Open() || len(kitty.Held) != 1 {
		t.Errorf("it waits for more: %v; it has %v", kitty.Open(), kitty.Held)
	}
	leave(t, x)
}
