package history

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// audited gives the audit of a directory without its folder in the paths.
func audited(t *testing.T, s *Store, pictures string) Audit {
	t.Helper()
	a, err := s.Audit(context.Background())
	must(t, err)
	for _, list := range [][]string{a.Missing, a.Changed, a.Unknown, a.Left, a.Torn} {
		for i := range list {
			list[i] = strings.TrimPrefix(list[i], pictures+"/")
		}
	}
	return a
}

func TestAudit(t *testing.T) {
	s, pictures := library(t)
	_, err := s.Join("test")
	must(t, err)
	if a := audited(t, s, pictures); a.Records+a.Pictures+len(a.Missing)+len(a.Unknown) > 0 || a.Bounded {
		t.Errorf("of nothing: %+v", a)
	}
	var files []task.File
	for i, prompt := range []string{"whole", "gone", "longer", "other"} {
		of := asTask(prompt)
		of.ID = task.NewID(of.Created.Add(time.Duration(i) * time.Second))
		f, err := save(t, s, of, 0, pngOf(t, 4+i, 4))
		must(t, err)
		files = append(files, f)
		must(t, s.Finish(task.Record{V: 1, ID: of.ID, State: backend.Done, Files: []task.File{f}, Created: of.Created}))
	}
	day := filepath.Dir(files[0].Path)
	must(t, os.Remove(files[1].Path))
	data, err := os.ReadFile(files[2].Path)
	must(t, err)
	write(t, day, filepath.Base(files[2].Path), string(data)+"!")
	data, err = os.ReadFile(files[3].Path)
	must(t, err)
	data[len(data)-1] ^= 1
	write(t, day, filepath.Base(files[3].Path), string(data))
	// A task that is open has its picture, but no line that says so.
	open := asTask("open")
	open.ID = task.NewID(open.Created)
	_, err = save(t, s, open, 0, pngOf(t, 4, 4))
	must(t, err)
	must(t, s.Append(true, task.Event{V: 1, ID: open.ID, At: open.Created, Kind: task.Created, Request: &open.Request}))
	write(t, day, "a-stranger.PNG", "x")
	write(t, day, "notes.txt", "x")
	write(t, day, ".easel-new-1.part", "x")
	write(t, day, ".easel-old-1.part", "x")
	must(t, os.Chtimes(filepath.Join(day, ".easel-old-1.part"), time.Now(), time.Now().Add(-2*time.Hour)))
	write(t, filepath.Join(pictures, "holidays"), "beach.png", "x")
	write(t, s.dir, journalName+tornSuffix, "{")

	a := audited(t, s, pictures)
	base := func(i int) []string { return []string{"2026-11-20/" + filepath.Base(files[i].Path)} }
	slices.Sort(a.Changed)
	changed := append(base(2), base(3)...)
	slices.Sort(changed)
	for what, c := range map[string]struct{ got, want []string }{
		"missing": {a.Missing, base(1)}, "changed": {a.Changed, changed},
		"unknown": {a.Unknown, []string{"2026-11-20/a-stranger.PNG"}},
		"left":    {a.Left, []string{"2026-11-20/.easel-old-1.part"}},
		"torn":    {a.Torn, []string{s.path(journalName + tornSuffix)}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %v, want %v", what, c.got, c.want)
		}
	}
	if a.Records != 4 || a.Pictures != 4 || a.Compared != 2 || a.Bounded {
		t.Errorf("%+v", a)
	}
}

// What is older than the bound is not called unknown.
func TestAuditIsBounded(t *testing.T) {
	s, pictures := library(t)
	_, err := s.Join("test")
	must(t, err)
	var lines strings.Builder
	begin := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for i := range auditRecords + 10 {
		l, err := line(task.Record{V: 1, ID: task.NewID(begin.Add(time.Duration(i) * time.Second)), State: backend.Failed, Created: begin.Add(time.Duration(i) * time.Minute)})
		must(t, err)
		lines.Write(l)
	}
	write(t, s.dir, historyName, lines.String())
	write(t, filepath.Join(pictures, "2026-01-01"), "old.png", "x")
	write(t, filepath.Join(pictures, "2026-01-02"), "new.png", "x")
	a := audited(t, s, pictures)
	if !a.Bounded || a.Records != auditRecords || !slices.Equal(a.Unknown, []string{"2026-01-02/new.png"}) {
		t.Errorf("%+v", a)
	}
}

// What is in the trash, or was, is not missing; what a crash left of moving it is
// named.
func TestAuditKnowsTheTrash(t *testing.T) {
	s, folder, ids := gallery(t, 2, 1, 1)
	old := entryOf(t, s, ids[0]).Files[0].Path
	must(t, s.Trash(ids[0], ids[1]))
	a := audited(t, s, folder)
	if len(a.Missing)+len(a.Changed)+len(a.Unknown)+len(a.Left) > 0 || a.Records != 3 || a.Pictures != 1 || a.Trash.Pictures != 3 {
		t.Errorf("%+v", a)
	}
	in := entryOf(t, s, ids[0]).Files[0].Path
	must(t, os.Link(in, old))
	write(t, filepath.Join(folder, trashName), "copy.png", "x")
	a = audited(t, s, folder)
	if !slices.Equal(a.Left, []string{strings.TrimPrefix(old, folder+"/")}) || !slices.Equal(a.Unknown, []string{".trash/copy.png"}) || len(a.Missing) > 0 {
		t.Errorf("%+v", a)
	}
	must(t, os.Remove(old))
	must(t, os.Remove(in)) // by hand
	_, err := s.EmptyTrash(context.Background())
	must(t, err)
	a = audited(t, s, folder)
	if len(a.Missing)+len(a.Changed)+len(a.Left) > 0 || a.Trash.Pictures != 0 {
		t.Errorf("%+v", a)
	}
}
