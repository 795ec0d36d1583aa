package picture

import (
	"bytes"
	"context"
	"encoding/base64"
	"image"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/ansi/iterm2"
	"github.com/charmbracelet/x/ansi/sixel"
)

// drawITerm2 gives blank cells, and the inline picture to write over them.
func drawITerm2(ctx context.Context, t Terminal, img image.Image, cols, rows int) (Drawn, error) {
	cell := t.cell()
	data, less, err := encodeWithin(ctx, img, cols*cell.X, rows*cell.Y, t.budget())
	if err != nil {
		return Drawn{}, err
	}
	over := ansi.ITerm2(iterm2.File{
		Size:              int64(len(data)),
		Width:             iterm2.Cells(cols),
		Height:            iterm2.Cells(rows),
		IgnoreAspectRatio: true, // the cells have the picture's shape
		Inline:            true,
		DoNotMoveCursor:   true,
		Content:           []byte(base64.StdEncoding.EncodeToString(data)),
	})
	return Drawn{Cells: blanks(cols, rows), Over: over, Less: less}, nil
}

// drawSixel gives blank cells, and the sixels to write over them. They cover
// no more than the cells: a sixel that leaves the last line scrolls the screen.
func drawSixel(ctx context.Context, t Terminal, img image.Image, cols, rows int) (Drawn, error) {
	cell := t.cell()
	small, err := Scale(ctx, img, cols*cell.X, max(1, rows*cell.Y/6*6)) // in bands of six
	if err != nil {
		return Drawn{}, err
	}
	small = t.flatten(small)
	var buf bytes.Buffer
	if err := (&sixel.Encoder{}).Encode(&buf, small); err != nil {
		return Drawn{}, err
	}
	return Drawn{Cells: blanks(cols, rows), Over: ansi.SixelGraphics(0, 1, 0, buf.Bytes())}, ctx.Err()
}

// blanks give cells without ink, each row of them another one: a no-break space
// walks through them. A renderer that finds equal rows further down would move
// them by scrolling, and the pixels with them.
func blanks(cols, rows int) []string {
	lines := make([]string, rows)
	for i := range lines {
		at := i % cols
		lines[i] = strings.Repeat(" ", at) + "\u00a0" + strings.Repeat(" ", cols-at-1)
	}
	return lines
}
