package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"easel/backend"
)

// disk says whether the folders can be written, and what is in them. It makes
// none of them.
func (d *doctor) disk() {
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
	if _, err := store.Recent(200); err != nil {
		d.find(wrong, p.explain(err))
		d.worse(Failed)
	}
	unsure := 0
	for _, t := range open {
		if t.State == backend.Unsure {
			unsure++
		}
	}
	switch {
	case unsure > 0:
		d.find(mind, p.Words.Say("cli.doctor_unsure", len(open), unsure), p.Words.Say("cli.todo_unsure"))
	case len(open) > 0:
		d.find(well, p.Words.Say("cli.doctor_open", len(open)), p.Words.Say("cli.todo_collect"))
	}
	for _, problem := range store.Problems() {
		d.find(wrong, fmt.Sprintf("%s:%d: %s", problem.File, problem.Line, backend.Clean(problem.Message)))
		d.worse(Failed)
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
