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
	"easel/history"
)

// account is what became of everything.
type account struct {
	kills, tasks, submits        int
	done, failed, unsure, unsent int
	close                        int // of the unsure: the answer was on its way when the process was killed
	pictures, tempos             int
	lost, doubled                map[string]bool // prompts
	slack                        time.Duration
	wrong                        []string
}

func (a *account) String() string {
	return fmt.Sprintf("kills %d, tasks %d (done %d, failed %d, unsure %d, of them answered just before: %d, unsent %d), submits %d, pictures %d, lost %d, doubled %d, left behind %d (slack %v)",
		a.kills, a.tasks, a.done, a.failed, a.unsure, a.close, a.unsent, a.submits, a.pictures, len(a.lost), len(a.doubled), a.tempos, a.slack)
}

// bad notes what is wrong with a prompt, among the lost or the doubled if it is.
func (a *account) bad(among map[string]bool, prompt, format string, args ...any) {
	if among != nil {
		among[prompt] = true
	}
	a.wrong = append(a.wrong, fmt.Sprintf(format, args...))
}

// account compares what the providers counted with what easel knows, and that
// with the files.
func (w *world) account() *account {
	w.t.Helper()
	a := &account{kills: len(w.kills), slack: w.slack().Round(time.Millisecond), lost: map[string]bool{}, doubled: map[string]bool{}}
	known := map[string]task.Record{} // by prompt
	for _, r := range append(w.records("history", "--json", "--limit", "100000"), w.records("tasks", "--json")...) {
		if old, twice := known[r.Prompt]; twice {
			a.bad(a.doubled, r.Prompt, "%q is both %s and %s", r.Prompt, old.ID, r.ID)
		}
		known[r.Prompt] = r
		a.tasks++
	}
	for id, prompt := range w.shown {
		if r, ok := known[prompt]; !ok || r.ID != id {
			a.bad(a.lost, prompt, "%q was shown, and nobody knows of it", prompt)
		}
	}
	for _, p := range w.providers {
		w.submits(a, p, known)
	}
	for id, t := range w.open() { // when it was sent is no part of the JSON
		if r, ok := known[t.Request.Prompt]; ok && r.ID == id {
			r.Sent = t.Sent
			known[r.Prompt] = r
		}
	}
	for _, prompt := range slices.Sorted(maps.Keys(known)) {
		w.one(a, known[prompt])
	}
	w.files(a, known)
	return a
}

// open gives what is not over, by id, as the journal has it.
func (w *world) open() map[string]task.Task {
	w.t.Helper()
	store, err := history.Open(filepath.Join(w.dir, "data", "easel"), w.pictures(), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	list, err := store.Unfinished()
	if err != nil {
		w.t.Fatal(err)
	}
	open := map[string]task.Task{}
	for _, t := range list {
		open[t.ID] = t
	}
	return open
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
			a.bad(a.doubled, prompt, "%q was made %d times", prompt, made[prompt])
		}
		if _, ok := known[prompt]; !ok {
			a.bad(a.lost, prompt, "%q was accepted, and nobody knows of it", prompt)
		}
	}
	for prompt, arrivals := range p.submits {
		a.submits += len(arrivals)
		for i, one := range arrivals {
			if i < len(arrivals)-1 && !one.again {
				a.bad(nil, prompt, "%q was sent %d times, after an answer that does not allow it", prompt, len(arrivals))
			}
		}
	}
	for _, what := range p.Illegal() {
		a.bad(nil, "", "%s", what)
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
			a.bad(a.lost, r.Prompt, "%q failed: %+v", r.Prompt, r.Error)
		}
	case backend.Unsure:
		a.unsure++
		if !last.open && !last.answered.IsZero() && slices.ContainsFunc(w.kills, func(k kill) bool { return k.at.After(last.answered) && !k.began.After(r.Sent) && !k.at.Before(r.Sent) }) {
			a.close++
		}
		if !last.open && !w.between(r, last) {
			a.bad(nil, r.Prompt, "%q is unsure, but was answered %v after it was sent at %v", r.Prompt, last.answered.Sub(r.Sent), r.Sent)
		}
	case backend.Pending:
		a.unsent++
		a.bad(nil, r.Prompt, "%q is still pending: %+v", r.Prompt, r.Error)
	default:
		a.bad(a.lost, r.Prompt, "%q is left %s: %+v", r.Prompt, r.State, r.Error)
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
			return k.at.Sub(r.Sent) < w.slack()
		}
		return last.answered.IsZero() || k.at.Sub(last.answered) < w.slack()
	})
}

// slack is how long after its first byte an answer may need to come to the disk:
// three times what a line on disk ever took here, and a little.
func (w *world) slack() time.Duration {
	return 300*time.Millisecond + 3*time.Duration(w.worst.Load())
}

// feel finds out how slow the disk and the machine are, until done.
func (w *world) feel(done <-chan struct{}) {
	f, err := os.Create(filepath.Join(w.dir, "tmp", "disk"))
	if err != nil {
		return
	}
	defer f.Close()
	for {
		select {
		case <-done:
			return
		case <-time.After(20 * time.Millisecond):
		}
		began := time.Now()
		time.Sleep(time.Millisecond)
		f.Write([]byte("line"))
		f.Sync()
		if took := int64(time.Since(began)); took > w.worst.Load() {
			w.worst.Store(took)
		}
	}
}

// pictured holds that a task that is done has the provider's picture, once.
func (w *world) pictured(a *account, p *provider, r task.Record) {
	if len(r.Files) != 1 {
		a.bad(nil, r.Prompt, "%q is done with %d files", r.Prompt, len(r.Files))
		return
	}
	data, err := os.ReadFile(r.Files[0].Path)
	if err != nil || !bytes.Equal(data, p.Picture(r.Ticket, 0)) {
		a.bad(a.lost, r.Prompt, "the picture of %q differs from the provider's: %d bytes, %v", r.Prompt, len(data), err)
	}
}

// files holds that every file is a whole picture that somebody knows, and that
// nothing else is left.
func (w *world) files(a *account, known map[string]task.Record) {
	named := map[string]bool{}
	for _, r := range known {
		for _, f := range r.Files {
			if named[f.Path] {
				a.bad(a.doubled, r.Prompt, "%s belongs to two tasks", f.Path)
			}
			named[f.Path] = true
		}
	}
	filepath.WalkDir(w.pictures(), func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || d.IsDir():
		case strings.HasPrefix(d.Name(), "."):
			a.tempos++
			a.bad(nil, "", "%s was left behind", path)
		case !named[path]:
			a.bad(a.doubled, path, "%s is a picture that nobody knows", path)
		default:
			a.pictures++
		}
		return nil
	})
	left, _ := filepath.Glob(filepath.Join(w.dir, "data", "easel", "*.new"))
	for _, path := range left {
		a.tempos++
		a.bad(nil, "", "%s was left behind", path)
	}
}
