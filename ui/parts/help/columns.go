package help

import (
	"github.com/charmbracelet/x/ansi"

	"easel/ui/parts"
)

// row is a title, a binding, or blank.
type row struct{ title, keys, what string }

func (r row) blank() bool { return r == row{} }

const gap = 3 // between columns

// layout draws rows in as many columns as fit into w cells, each as wide as it
// must be, and gives the lines and how wide they are.
func layout(env parts.Env, rows []row, w int) (lines []string, used int) {
	for n := 4; n > 1; n-- {
		if len(rows) < 6*n { // short columns are harder to read than one
			continue
		}
		columns := split(rows, n)
		total := (len(columns) - 1) * gap
		for _, c := range columns {
			total += width(c)
		}
		if total <= w && len(columns) == n {
			return draw(env, columns, w), total
		}
	}
	return draw(env, [][]row{rows}, w), min(width(rows), w)
}

// split parts rows into n columns of about the same height. No column begins
// with a blank row or ends with a title.
func split(rows []row, n int) [][]row {
	var out [][]row
	for left := n; left > 0 && len(rows) > 0; left-- {
		at := (len(rows) + left - 1) / left
		for at > 1 && at < len(rows) && (rows[at-1].title != "" || rows[at-1].blank()) {
			at--
		}
		out = append(out, rows[:at])
		for rows = rows[at:]; len(rows) > 0 && rows[0].blank(); rows = rows[1:] {
		}
	}
	return out
}

func keyWidth(c []row) int {
	w := 0
	for _, r := range c {
		w = max(w, ansi.StringWidth(r.keys))
	}
	return w
}

func width(c []row) int {
	w, k := 0, keyWidth(c)
	for _, r := range c {
		w = max(w, ansi.StringWidth(r.title), k+2+ansi.StringWidth(r.what))
	}
	return w
}

func draw(env parts.Env, columns [][]row, w int) []string {
	t, x := env.Theme, 0
	var out []string
	for _, c := range columns {
		k := keyWidth(c)
		for i, r := range c {
			for len(out) <= i {
				out = append(out, "")
			}
			s := t.Quiet.Render(parts.Clip(r.title, w-x))
			if r.keys != "" {
				s = t.Key.Render(parts.Fit(r.keys, k)) + "  " + t.Text.Render(parts.Clip(r.what, w-x-k-2))
			}
			out[i] = parts.Fit(out[i], x) + s
		}
		x += width(c) + gap
	}
	return out
}
