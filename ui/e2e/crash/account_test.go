//go:build unix

package crash

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// account is what became of everything.
type account struct {
	kills, tasks, submits           int
	done, failed, unsure, unsent    int
	lost, doubled, pictures, tempos int
	wrong                           []string
}

func (a *account) String() string {
	return fmt.Sprintf("kills %d, tasks %d (done %d, failed %d, unsure %d, unsent %d), submits %d, pictures %d, lost %d, doubled %d, left behind %d",
		a.kills, a.tasks, a.done, a.failed, a.unsure, a.unsent, a.submits, a.pictures, a.lost, a.doubled, a.tempos)
}

func (a *account) bad(count *int, format string, args ...any) {
	if count != nil {
		*count++
	}
	a.wrong = append(a.wrong, fmt.Sprintf(format, args...))
}

// slack is how long after its last byte an answer may need to come to the disk.
const slack = 500 * time.Millisecond

// account compares what the providers counted with what easel knows, and that
// with the files.
func (w *world) account() *account {
	w.t.Helper()
	a := &account{kills: len(w.kills)}
	known := map[string]task.Record{} // by prompt
	for _, r := range append(w.records("history", "--json", "--limit", "100000"), w.records("tasks", "--json")...) {
		if old, twice := known[r.Prompt]; twice {
			a.bad(&a.doubled, "%q is both %s and %s", r.Prompt, old.ID, r.ID)
		}
		known[r.Prompt] = r
		a.tasks++
	}
	for id, prompt := range w.shown {
		if r, ok := known[prompt]; !ok || r.ID != id {
			a.bad(&a.lost, "%q was shown, and nobody knows of it", prompt)
		}
	}
	for _, p := range w.providers {
		w.submits(a, p, known)
	}
	for _, prompt := range slices.Sorted(maps.Keys(known)) {
		w.one(a, known[prompt])
	}
	w.files(a, known)
	return a
}

func (w *world) records(args ...string) (list []task.Record) {
	w.t.Helper()
	out, err := w.easel(args...).Output()
	if err != nil {
		w.t.Fatalf("easel %v: %v", args, err)
	}
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var r task.Record
		if err := d.Decode(&r); err != nil {
			w.t.Fatal(err)
		}
		list = append(list, r)
	}
	return list
}

// submits holds that nothing was sent again without the provider's word, and
// that what it made is known.
func (w *world) submits(a *account, p *provider, known map[string]task.Record) {
	made := map[string]int{}
	for _, t := range p.Tasks() {
		prompt, _ := t.Sent.Fields["prompt"].(string)
		made[prompt]++
		if made[prompt] > 1 {
			a.bad(&a.doubled, "%q was made %d times", prompt, made[prompt])
		}
		if _, ok := known[prompt]; !ok {
			a.bad(&a.lost, "%q was accepted, and nobody knows of it", prompt)
		}
	}
	for prompt, arrivals := range p.submits {
		a.submits += len(arrivals)
		for i, one := range arrivals {
			if i < len(arrivals)-1 && !one.again {
				a.bad(nil, "%q was sent %d times, after an answer that does not allow it", prompt, len(arrivals))
			}
		}
	}
	for _, what := range p.Illegal() {
		a.bad(nil, "%s", what)
	}
}

// one judges the end of a task.
func (w *world) one(a *account, r task.Record) {
	p := w.providers[r.Provider]
	arrivals := p.submits[r.Prompt]
	last := &arrival{}
	if len(arrivals) > 0 {
		last = arrivals[len(arrivals)-1]
	}
	switch r.State {
	case backend.Done:
		a.done++
		w.pictured(a, p, r)
	case backend.Failed:
		a.failed++
		if !last.refused {
			a.bad(&a.lost, "%q failed: %+v", r.Prompt, r.Error)
		}
	case backend.Unsure:
		a.unsure++
		if !last.open && !w.between(r, last) {
			a.bad(nil, "%q is unsure, but was answered %v after it was sent at %v", r.Prompt, last.answered.Sub(r.Sent), r.Sent)
		}
	case backend.Pending:
		a.unsent++
		a.bad(nil, "%q is still pending: %+v", r.Prompt, r.Error)
	default:
		a.bad(&a.lost, "%q is left %s: %+v", r.Prompt, r.State, r.Error)
	}
}

// between says whether a process was killed between the send and the answer.
func (w *world) between(r task.Record, last *arrival) bool {
	return slices.ContainsFunc(w.kills, func(k kill) bool {
		alive := !k.began.After(r.Sent) && !k.at.Before(r.Sent)
		switch {
		case !alive:
			return false
		case last.at.IsZero(): // it did not even come there
			return k.at.Sub(r.Sent) < slack
		}
		return last.answered.IsZero() || k.at.Sub(last.answered) < slack
	})
}

// pictured holds that a task that is done has the provider's picture, once.
func (w *world) pictured(a *account, p *provider, r task.Record) {
	if len(r.Files) != 1 {
		a.bad(nil, "%q is done with %d files", r.Prompt, len(r.Files))
		return
	}
	data, err := os.ReadFile(r.Files[0].Path)
	if err != nil || !bytes.Equal(data, p.Picture(r.Ticket, 0)) {
		a.bad(&a.lost, "the picture of %q differs from the provider's: %d bytes, %v", r.Prompt, len(data), err)
	}
}

// files holds that every file is a whole picture that somebody knows, and that
// nothing else is left.
func (w *world) files(a *account, known map[string]task.Record) {
	named := map[string]bool{}
	for _, r := range known {
		for _, f := range r.Files {
			if named[f.Path] {
				a.bad(&a.doubled, "%s belongs to two tasks", f.Path)
			}
			named[f.Path] = true
		}
	}
	filepath.WalkDir(w.pictures(), func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || d.IsDir():
		case strings.HasPrefix(d.Name(), "."):
			a.bad(&a.tempos, "%s was left behind", path)
		case !named[path]:
			a.bad(&a.doubled, "%s is a picture that nobody knows", path)
		default:
			a.pictures++
		}
		return nil
	})
	left, _ := filepath.Glob(filepath.Join(w.dir, "data", "easel", "*.new"))
	for _, path := range left {
		a.bad(&a.tempos, "%s was left behind", path)
	}
}
