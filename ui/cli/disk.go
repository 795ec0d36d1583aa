package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"easel/backend"
	"easel/history"
)

// disk says whether the folders can be written, and what is in them. It makes
// none of them.
func (d *doctor) disk(ctx context.Context) {
	p := d.p
	d.section("cli.doctor_disk")
	if p.Config.Err != nil {
		d.find(mind, p.Words.Say("cli.doctor_skipped"))
		return
	}
	d.folder("cli.doctor_data", p.DataDir)
	d.folder("cli.doctor_pictures", p.Pictures)
	store, err := p.Store()
	if err != nil {
		d.find(wrong, p.explain(err))
		d.worse(Wrong)
		return
	}
	open, err := store.Unfinished()
	if err != nil {
		d.find(wrong, p.explain(err))
		d.worse(Failed)
	}
	d.pictures(ctx, store)
	unsure := 0
	for _, t := range open {
		if t.State == backend.Unsure {
			unsure++
		}
	}
	workers := store.Workers()
	for _, w := range workers {
		key := "cli.doctor_works"
		if w.Rests {
			key = "cli.doctor_rests"
		}
		d.find(well, p.Words.Say(key, backend.Clean(w.What), fmt.Sprint(w.PID), stamp(w.Since)))
	}
	switch {
	case unsure > 0:
		d.find(mind, p.Words.Say("cli.doctor_unsure", len(open), unsure), p.Words.Say("cli.todo_unsure"))
	case len(open) > 0 && len(workers) > 0:
		d.find(well, p.Words.Say("cli.doctor_open", len(open)))
	case len(open) > 0:
		d.find(well, p.Words.Say("cli.doctor_open", len(open)), p.Words.Say("cli.todo_collect"))
	}
	for _, problem := range store.Problems() {
		d.find(wrong, fmt.Sprintf("%s:%d: %s", problem.File, problem.Line, backend.Clean(problem.Message)))
		d.worse(Failed)
	}
}

// pictures compares the history with the pictures. A person may delete pictures,
// and change them: nothing of that is wrong.
func (d *doctor) pictures(ctx context.Context, store *history.Store) {
	p := d.p
	a, err := store.Audit(ctx)
	if err != nil {
		d.find(wrong, p.explain(err))
		d.worse(Failed)
		return
	}
	said := p.Words.Say("cli.doctor_audit", a.Records, a.Pictures)
	if a.Bounded {
		said = p.Words.Say("cli.doctor_audit_newest", a.Records, a.Pictures)
	}
	if a.Records+a.Pictures > 0 {
		d.find(well, said)
	}
	if a.Trash.Pictures > 0 {
		d.find(well, p.Words.Say("cli.doctor_trash", a.Trash.Pictures, bytes(uint64(a.Trash.Bytes))))
	}
	d.list("cli.doctor_missing", a.Missing)
	d.list("cli.doctor_changed", a.Changed)
	d.list("cli.doctor_unknown", a.Unknown)
	d.list("cli.doctor_left", a.Left)
	d.list("cli.doctor_torn", a.Torn)
}

// listed is how many files of a kind are named.
const listed = 10

// list prints how many files there are of a kind, and the first of them.
func (d *doctor) list(key string, files []string) {
	if len(files) == 0 {
		return
	}
	d.find(mind, d.p.Words.Say(key, len(files)))
	for _, f := range files[:min(len(files), listed)] {
		fmt.Fprintf(d.p.Out, "      %s\n", backend.Clean(f))
	}
	if more := len(files) - listed; more > 0 {
		fmt.Fprintf(d.p.Out, "      %s\n", d.p.Words.Say("cli.doctor_more", more))
	}
}

// folder judges one: it, or the nearest folder above that exists, must be
// writable.
func (d *doctor) folder(title, dir string) {
	p := d.p
	line := p.Words.Say(title, dir)
	at, err := existing(dir)
	if err == nil {
		err = writable(at)
	}
	if err != nil {
		d.find(wrong, line+": "+p.Words.Say("cli.doctor_unwritable", at, reason(err)))
		d.worse(Wrong)
		return
	}
	if at != dir {
		line += " · " + p.Words.Say("cli.doctor_not_yet")
	}
	free, ok := freeSpace(at)
	if ok {
		line += " · " + p.Words.Say("cli.doctor_free", bytes(free))
	}
	if ok && free < 100<<20 {
		d.find(mind, line, p.Words.Say("cli.todo_space"))
		return
	}
	d.find(well, line)
}

// existing gives the nearest folder that is there, dir itself or one above it.
func existing(dir string) (string, error) {
	for {
		st, err := os.Stat(dir)
		switch {
		case err == nil && !st.IsDir():
			return dir, errors.New("not a folder")
		case err == nil:
			return dir, nil
		case !errors.Is(err, os.ErrNotExist) || filepath.Dir(dir) == dir:
			return dir, err
		}
		dir = filepath.Dir(dir)
	}
}

// reason says a file error without the path.
func reason(err error) string {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		err = pe.Err
	}
	return backend.Clean(err.Error())
}

// bytes says a size as people read it.
func bytes(n uint64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.0f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%d kB", n/1000)
}
