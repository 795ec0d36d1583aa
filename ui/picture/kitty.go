package picture

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"math"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/ansi/kitty"
)

// KittyBudget is the most that the pixels of one picture may weigh on the wire,
// in bytes; a picture that weighs more is sent in fewer pixels.
const KittyBudget = 380_000

// ThumbBudget is the same for a thumbnail: a screen holds some twenty.
const ThumbBudget = 32_000

// drawKitty sends the pixels once, as PNG in chunks, and places them by text:
// every cell names its own row and column, for the renderer may begin to draw
// in the middle of a row. The id is an indexed colour, which passes the colour
// profiles unchanged (a 24-bit one would be rounded to another id).
func drawKitty(ctx context.Context, t Terminal, img image.Image, id, cols, rows int) (Drawn, error) {
	cols, rows = min(cols, maxDiacritics), min(rows, maxDiacritics)
	cell := t.cell()
	data, less, err := encodeWithin(ctx, img, cols*cell.X, rows*cell.Y, t.budget())
	if err != nil {
		return Drawn{}, err
	}
	return Drawn{Cells: placeholders(id, cols, rows), Once: transmit(t, data, id, cols, rows), Less: less}, nil
}

// maxDiacritics is how many rows and columns the protocol can number.
const maxDiacritics = 297

// encodeWithin gives the picture as PNG in at most w x h pixels, and in so few
// that its base64 form stays within the budget: less says that they are fewer.
func encodeWithin(ctx context.Context, img image.Image, w, h, budget int) (data []byte, less bool, err error) {
	b := img.Bounds()
	if w > b.Dx() || h > b.Dy() { // never more than the file has
		f := min(float64(b.Dx())/float64(w), float64(b.Dy())/float64(h))
		w, h = max(1, int(float64(w)*f)), max(1, int(float64(h)*f))
	}
	enc := newEncoder()
	for sampled := false; ; {
		small, err := Scale(ctx, img, w, h)
		if err != nil {
			return nil, less, err
		}
		if !sampled {
			sampled = true
			if n := weigh(enc, small); n > budget {
				f := 0.97 * math.Sqrt(float64(budget)/float64(n))
				w, h, img, less = max(1, int(float64(w)*f)), max(1, int(float64(h)*f)), small, true
				continue
			}
		}
		var buf bytes.Buffer
		if err := enc.Encode(&buf, small); err != nil {
			return nil, less, err
		}
		size := base64.StdEncoding.EncodedLen(buf.Len())
		if size <= budget || w < 64 || h < 64 {
			return buf.Bytes(), less, ctx.Err()
		}
		less = true
		f := 0.95 * math.Sqrt(float64(budget)/float64(size))
		w, h, img = max(1, int(float64(w)*f)), max(1, int(float64(h)*f)), small
	}
}

// weigh guesses what a picture weighs as PNG in base64, by a sixth of its rows
// in six bands: cheaper than to encode it all in vain.
func weigh(enc *png.Encoder, m *image.RGBA) int {
	const bands = 6
	w, h := m.Rect.Dx(), m.Rect.Dy()
	rows := h / bands / bands
	if rows == 0 {
		return 0
	}
	sample := image.NewRGBA(image.Rect(0, 0, w, bands*rows))
	for i := range bands {
		from := m.PixOffset(0, (2*i+1)*h/(2*bands)-rows/2)
		copy(sample.Pix[i*rows*sample.Stride:(i+1)*rows*sample.Stride], m.Pix[from:])
	}
	var n countingWriter
	if enc.Encode(&n, sample) != nil {
		return 0
	}
	return int(n) * 4 / 3 * h / (bands * rows)
}

// newEncoder is for one picture after the other: what it compresses with is a
// megabyte, and is made once.
func newEncoder() *png.Encoder {
	return &png.Encoder{CompressionLevel: png.BestSpeed, BufferPool: new(kept)}
}

// kept is the encoder's buffer, between two pictures.
type kept struct{ buffer *png.EncoderBuffer }

func (k *kept) Get() *png.EncoderBuffer  { return k.buffer }
func (k *kept) Put(b *png.EncoderBuffer) { k.buffer = b }

type countingWriter int

func (n *countingWriter) Write(p []byte) (int, error) {
	*n += countingWriter(len(p))
	return len(p), nil
}

// transmit gives the sequences that bring a PNG to the terminal and make it
// ready for placeholders, in chunks of 4096 bytes; each in a passthrough of its
// own inside tmux, which drops what is longer than its buffer.
func transmit(t Terminal, data []byte, id, cols, rows int) (out []string) {
	text := base64.StdEncoding.EncodeToString(data)
	for first := true; first || text != ""; first = false {
		n := min(len(text), kitty.MaxChunkSize)
		more := "m=0"
		if n < len(text) {
			more = "m=1"
		}
		options := []string{"q=2", more}
		if first {
			options = []string{
				"a=T", "U=1", "f=100", "t=d", "q=2",
				fmt.Sprintf("i=%d", id), fmt.Sprintf("c=%d", cols), fmt.Sprintf("r=%d", rows), more,
			}
		}
		out = append(out, t.wrap(ansi.KittyGraphics([]byte(text[:n]), options...)))
		text = text[n:]
	}
	return out
}

// finish says that no more of a picture follows, as its last chunk does. A
// terminal that waits for none makes nothing of it.
func finish(t Terminal) string { return t.wrap(ansi.KittyGraphics(nil, "q=2", "m=0")) }

// Forget gives what makes a kitty terminal drop a picture and its memory.
func Forget(t Terminal, id int) string {
	return t.wrap(ansi.KittyGraphics(nil, "a=d", "d=I", "i="+strconv.Itoa(id), "q=2"))
}

func (t Terminal) wrap(seq string) string {
	if t.tmux {
		return ansi.TmuxPassthrough(seq)
	}
	return seq
}

func placeholders(id, cols, rows int) []string {
	lines := make([]string, rows)
	var b strings.Builder
	for r := range rows {
		b.Reset()
		fmt.Fprintf(&b, "\x1b[38;5;%dm", id)
		for c := range cols {
			b.WriteRune(kitty.Placeholder)
			b.WriteRune(kitty.Diacritic(r))
			b.WriteRune(kitty.Diacritic(c))
		}
		b.WriteString("\x1b[39m")
		lines[r] = b.String()
	}
	return lines
}
