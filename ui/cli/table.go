package cli

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
)

// table prints rows in columns, by the width that characters have on a screen.
// The last column is cut to the terminal's width where out is one.
type table struct {
	rows [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// print writes the rows; columns is the terminal's width, 0 for any other output.
func (t *table) print(out io.Writer, columns int) {
	var widths []int
	for _, row := range t.rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], ansi.StringWidth(cell))
		}
	}
	for _, row := range t.rows {
		var b strings.Builder
		for i, cell := range row {
			b.WriteString(cell)
			if i < len(row)-1 {
				b.WriteString(strings.Repeat(" ", widths[i]-ansi.StringWidth(cell)+2))
			}
		}
		fmt.Fprintln(out, cut(strings.TrimRight(b.String(), " "), columns))
	}
}

// cut shortens text to so many columns; 0 or less leaves it whole.
func cut(s string, columns int) string {
	if columns <= 0 {
		return s
	}
	return ansi.Truncate(s, columns, "…")
}

// width is the columns of stdout, 0 if it is no terminal.
func (p *Program) width() int {
	if !isTerm(p.Out) {
		return 0
	}
	w, _ := p.size()
	return w
}

// isTerm says whether a file is a terminal.
func isTerm(f *os.File) bool { return term.IsTerminal(f.Fd()) }

// size is the terminal's, in cells; 0 if there is none.
func (p *Program) size() (w, h int) {
	for _, f := range []*os.File{p.Out, p.Err, p.In} {
		if w, h, err := term.GetSize(f.Fd()); err == nil {
			return w, h
		}
	}
	return 0, 0
}
