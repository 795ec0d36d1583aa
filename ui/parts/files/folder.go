package files

import (
	"cmp"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"easel/ui/parts"
	"easel/ui/parts/filter"
)

// show takes in a folder: pictures first, the newest of them first, then
// folders by name. Other files are left out: they are no reference, and one
// without a known ending can be typed.
func (p *Files) show(env parts.Env, l Listed) {
	p.got = &l
	p.list.SetItems(nil)
	_, rest := p.split()
	p.order(env, rest)
}

// order makes the list of the entries, if it is not right yet, and filters it
// by the rest of what is typed. Hidden ones are in it if that begins with a dot.
func (p *Files) order(env parts.Env, rest string) {
	defer func() { p.list.Filter(rest) }()
	hidden := strings.HasPrefix(rest, ".")
	if p.got == nil || p.list.Len() > 0 && hidden == p.hidden {
		return
	}
	p.shown, p.hidden = nil, hidden
	for _, e := range p.got.Entries {
		if (e.Folder || IsPicture(e.Name)) && (hidden || !strings.HasPrefix(e.Name, ".")) {
			p.shown = append(p.shown, e)
		}
	}
	slices.SortStableFunc(p.shown, func(a, b Entry) int {
		switch {
		case a.Folder != b.Folder && a.Folder:
			return 1
		case a.Folder != b.Folder:
			return -1
		case !a.Folder && !a.Time.Equal(b.Time):
			return b.Time.Compare(a.Time)
		}
		return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	items := make([]filter.Item, len(p.shown))
	for i, e := range p.shown {
		items[i] = filter.Item{Text: filter.Clean(e.Name), Note: parts.Right(parts.Bytes(e.Bytes), 7)}
		if e.Folder {
			items[i] = filter.Item{Text: filter.Clean(e.Name) + slash, Dim: true}
		}
		if !e.Folder && !e.Time.IsZero() && !env.Now.IsZero() {
			items[i].Note += "  " + date(e.Time, env.Now)
		}
	}
	p.list.SetItems(items)
}

// date is when, as short as it can be said.
func date(t, now time.Time) string {
	t, now = t.Local(), now.Local()
	switch {
	case t.YearDay() == now.YearDay() && t.Year() == now.Year():
		return t.Format("15:04")
	case now.Sub(t) < 300*24*time.Hour:
		return t.Format("01-02")
	}
	return t.Format("2006")
}

// IsPicture says whether a name ends as the pictures do that providers take.
func IsPicture(name string) bool {
	return slices.Contains([]string{".png", ".jpg", ".jpeg", ".webp", ".gif"}, strings.ToLower(filepath.Ext(name)))
}

// Dropped gives the path in a text that a file manager dropped or a shell
// would take: quoted, escaped, or with file://; anything else as it is.
func Dropped(text string) string {
	s := strings.TrimSpace(text)
	if n := len(s); n > 1 && (s[0] == '\'' || s[0] == '"') && s[n-1] == s[0] {
		s = s[1 : n-1]
	} else if filepath.Separator == '/' {
		s = strings.ReplaceAll(s, `\ `, " ")
	}
	if path, ok := strings.CutPrefix(s, "file://"); ok {
		if s = path; strings.Contains(s, "%") {
			if plain, err := url.PathUnescape(s); err == nil {
				s = plain
			}
		}
	}
	return s
}
