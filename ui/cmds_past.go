package ui

import (
	"context"
	"os"
	"os/user"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"easel/backend/task"
	"easel/history/search"
	"easel/ui/ask"
	"easel/ui/facts"
)

// The commands of the gallery. As in cmds.go: of values, and nothing sees the
// model.

// openPast opens the index of all that was ever made: its end at once.
func openPast(h History) tea.Cmd {
	return func() tea.Msg {
		x, err := h.Index()
		return known(x, err)
	}
}

// pastNews waits until the index is another one.
func pastNews(h History, x *search.Index, epoch int, pause time.Duration) tea.Cmd {
	return func() tea.Msg {
		time.Sleep(pause)
		x, err := h.IndexNews(context.Background(), x, epoch)
		return known(x, err)
	}
}

func known(x *search.Index, err error) tea.Msg {
	if err != nil {
		return ask.Past{Err: err}
	}
	return ask.Past{Index: x, Epoch: x.Epoch(), Whole: x.Whole(), Tags: x.Tags()}
}

// find searches. A search that was given up says nothing.
func find(ctx context.Context, f *finder, a ask.Find, now time.Time) tea.Cmd {
	return func() tea.Msg {
		found, err := f.find(ctx, a.Index, search.Parse(a.Text, now))
		if err != nil {
			return nil
		}
		return ask.Found{Number: a.Number, Text: a.Text, Found: found}
	}
}

// recall reads whole tasks.
func recall(h History, a ask.Recall) tea.Cmd {
	return func() tea.Msg {
		out := ask.Recalled{Number: a.Number}
		var last error
		for _, e := range a.Entries {
			r, err := h.Entry(e)
			if err != nil {
				last = err
				continue
			}
			out.Tasks = append(out.Tasks, facts.FromRecord(r))
		}
		if len(out.Tasks) == 0 {
			out.Err = last
		}
		return out
	}
}

// refiledMsg is records of which only the files are of interest.
type refiledMsg []task.Record

// refile reads where the files of entries are by now.
func refile(h History, list []search.Entry) tea.Cmd {
	return func() tea.Msg {
		var out refiledMsg
		for _, e := range list {
			if r, err := h.Entry(e); err == nil { // that it cannot be read is said where it is looked at
				out = append(out, r)
			}
		}
		return out
	}
}

func mark(h History, a ask.Mark) tea.Cmd {
	return func() tea.Msg { return ask.Marked{Err: h.Mark(a.Mark, a.IDs...)} }
}

func trash(h History, a ask.Trash) tea.Cmd {
	return func() tea.Msg {
		if a.Back {
			return ask.Marked{Err: h.Restore(a.IDs...)}
		}
		return ask.Marked{Err: h.Trash(a.IDs...)}
	}
}

func weighTrash(h History) tea.Cmd {
	return func() tea.Msg {
		sum, err := h.Trashed(context.Background())
		return ask.Weighed{Pictures: sum.Pictures, Bytes: sum.Bytes, Err: err}
	}
}

func emptyTrash(h History) tea.Cmd {
	return func() tea.Msg {
		sum, err := h.EmptyTrash(context.Background())
		return ask.Emptied{Pictures: sum.Pictures, Bytes: sum.Bytes, Err: err}
	}
}

// fetchLine copies the line that brings files to where it is run: a person is
// often not where the pictures are.
func fetchLine(paths []string, what string) tea.Cmd {
	return func() tea.Msg {
		host, err := os.Hostname()
		if err != nil {
			host = "localhost"
		}
		name := ""
		if u, err := user.Current(); err == nil {
			name = u.Username
		}
		return ask.Copy{Text: scp(name, host, paths), What: what}
	}
}

// scp is the line for a shell. Several files of one machine are one connection
// each, as scp does it, but one line.
func scp(user, host string, paths []string) string {
	at := host
	if user != "" {
		at = user + "@" + host
	}
	words := []string{"scp"}
	for _, p := range paths {
		words = append(words, quote(at+":"+p))
	}
	return strings.Join(append(words, "."), " ")
}

// quote makes one word of a text for a shell, and leaves alone what needs no
// quotes.
func quote(s string) string {
	plain := func(r rune) bool {
		return r > 0x7f || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("@%+=:,./-_", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
