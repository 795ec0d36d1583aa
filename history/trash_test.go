package history

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// gallery gives a store with tasks of so many pictures each, and their ids.
func gallery(t testing.TB, pictures ...int) (*Store, string, []string) {
	t.Helper()
	s, folder := library(t)
	_, err := s.Join("test")
	must(t, err)
	t.Cleanup(func() { s.Close() })
	var ids []string
	for i, n := range pictures {
		of := asTask(fmt.Sprint("cat ", i))
		of.ID = task.NewID(of.Created.Add(time.Duration(i) * time.Second))
		r := task.Record{V: 1, ID: of.ID, State: backend.Done, Prompt: of.Request.Prompt, Created: of.Created}
		for k := range n {
			f, err := save(t, s, of, k, pngOf(t, 4+i, 4+k))
			must(t, err)
			r.Files = append(r.Files, f)
		}
		must(t, s.Finish(r))
		ids = append(ids, of.ID)
	}
	return s, folder, ids
}

// files lists what is in a folder and below, without the folder's name.
func files(t testing.TB, folder string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, strings.TrimPrefix(path, folder+"/"))
		}
		return err
	})
	must(t, err)
	slices.Sort(out)
	return out
}

func entryOf(t testing.TB, s *Store, id string) task.Record {
	t.Helper()
	e, ok := looked(t, s).Get(id)
	if !ok {
		t.Fatal("no entry of", id)
	}
	r, err := s.Entry(e)
	must(t, err)
	if r.Trashed != e.Trashed || r.Gone != e.Gone || len(r.Files) != e.Files || e.Files > 0 && r.Files[0].Path != e.Path {
		t.Errorf("the index says %+v, the record %+v", e, r)
	}
	return r
}

func TestTrashAndRestore(t *testing.T) {
	s, folder, ids := gallery(t, 2, 1, 0)
	before := files(t, folder)
	first := entryOf(t, s, ids[0])
	must(t, s.Trash(ids[0], ids[2], ids[0]))
	var want []string
	for _, f := range before {
		if strings.Contains(f, "cat-0") {
			f = ".trash/" + f
		}
		want = append(want, f)
	}
	slices.Sort(want)
	if got := files(t, folder); !slices.Equal(got, want) {
		t.Errorf("in the trash: %v", got)
	}
	x := looked(t, s)
	if got := shown(t, x, ""); got != ids[1] {
		t.Errorf("beside the trash: %s", got)
	}
	if got := shown(t, x, "is:trashed"); got != ids[2]+" "+ids[0] {
		t.Errorf("in the trash: %s", got)
	}
	r := entryOf(t, s, ids[0])
	for i, f := range r.Files {
		if !exists(f.Path) || r.Origin[i] != first.Files[i].Path {
			t.Errorf("%+v", r)
		}
	}
	sum, err := s.Trashed(context.Background())
	if err != nil || sum.Pictures != 2 || sum.Bytes != first.Files[0].Bytes+first.Files[1].Bytes {
		t.Errorf("%+v, %v", sum, err)
	}
	must(t, s.Trash(ids[0])) // again: nothing
	must(t, s.Restore(ids...))
	if got := files(t, folder); !slices.Equal(got, before) {
		t.Errorf("restored: %v", got)
	}
	r = entryOf(t, s, ids[0])
	if r.Trashed || r.Origin != nil || !slices.Equal(r.Files, first.Files) {
		t.Errorf("%+v", r)
	}
	if got := shown(t, looked(t, s), ""); got != ids[2]+" "+ids[1]+" "+ids[0] {
		t.Error(got)
	}
}

func TestRestoreNeverOverwrites(t *testing.T) {
	s, _, ids := gallery(t, 1)
	old := entryOf(t, s, ids[0]).Files[0].Path
	must(t, s.Trash(ids...))
	must(t, os.WriteFile(old, []byte("mine"), 0o600))
	must(t, s.Restore(ids...))
	data, err := os.ReadFile(old)
	now := entryOf(t, s, ids[0]).Files[0].Path
	if err != nil || string(data) != "mine" || now != strings.TrimSuffix(old, ".png")+" (2).png" || !exists(now) {
		t.Errorf("%s, %s, %v", data, now, err)
	}
	// And neither does the trash: its name is taken by now.
	must(t, s.Trash(ids...))
	in := entryOf(t, s, ids[0]).Files[0].Path
	must(t, s.Restore(ids...))
	must(t, os.WriteFile(in, []byte("other"), 0o600))
	must(t, s.Trash(ids...))
	if data, _ := os.ReadFile(in); string(data) != "other" {
		t.Error("the trash replaced a file")
	}
	if !exists(entryOf(t, s, ids[0]).Files[0].Path) {
		t.Error("the picture is lost")
	}
}

// What is not there is marked only; what cannot be moved is said, and the rest
// is moved.
func TestTrashOfWhatIsNotThere(t *testing.T) {
	s, folder, ids := gallery(t, 1, 1, 1)
	must(t, os.Remove(entryOf(t, s, ids[0]).Files[0].Path))
	secret := filepath.Join(t.TempDir(), "passwd")
	must(t, os.WriteFile(secret, []byte("root"), 0o600))
	bad := task.Record{V: 1, ID: "bad", State: backend.Done, Files: []task.File{{Path: secret}}}
	must(t, s.Finish(bad))
	err := s.Trash(ids[0], "bad", "nobody", ids[1])
	if err == nil || !strings.Contains(err.Error(), "2 could not be moved") || !strings.Contains(err.Error(), secret) {
		t.Error(err)
	}
	if !exists(secret) {
		t.Fatal("a file that is no picture was moved")
	}
	if got := shown(t, looked(t, s), "is:trashed"); got != ids[1]+" "+ids[0] {
		t.Error(got)
	}
	sum, err := s.EmptyTrash(context.Background())
	if err != nil || sum.Pictures != 1 {
		t.Errorf("%+v, %v", sum, err)
	}
	if got := files(t, folder); len(got) != 1 {
		t.Errorf("%v", got)
	}
	if err := s.Restore(ids[0], ids[1]); err == nil {
		t.Error("what is gone was restored")
	}
	if got := shown(t, looked(t, s), "is:gone"); got != ids[1]+" "+ids[0] {
		t.Error(got)
	}
	r := entryOf(t, s, ids[1])
	if !r.Gone || !r.Trashed || r.Prompt != "cat 1" {
		t.Errorf("%+v", r)
	}
	if exists(filepath.Join(folder, trashName)) {
		t.Error("empty folders stay in the trash")
	}
	if sum, err := s.EmptyTrash(context.Background()); err != nil || sum.Pictures != 0 {
		t.Errorf("%+v, %v", sum, err)
	}
}

// A crash at any step leaves each picture where the history says that it is,
// and nothing is lost by going on from there.
func TestTrashAndCrashes(t *testing.T) {
	// Between the new name and the line.
	s, folder, ids := gallery(t, 1)
	old := entryOf(t, s, ids[0]).Files[0].Path
	in, err := bring(old, s.inTrash(old))
	must(t, err)
	if r := entryOf(t, s, ids[0]); r.Trashed || !exists(r.Files[0].Path) {
		t.Errorf("%+v", r)
	}
	must(t, s.Trash(ids...))
	if got := files(t, folder); len(got) != 1 || filepath.Join(folder, got[0]) != in {
		t.Errorf("%v", got)
	}
	// Between the line and the end of the old name.
	must(t, os.Link(in, old))
	if r := entryOf(t, s, ids[0]); !r.Trashed || !exists(r.Files[0].Path) {
		t.Errorf("%+v", r)
	}
	must(t, s.Restore(ids...))
	if got := files(t, folder); len(got) != 1 || filepath.Join(folder, got[0]) != old {
		t.Errorf("%v", got)
	}
	// The same, and then the trash is emptied: it is gone for good.
	s2, folder2, ids2 := gallery(t, 1)
	first := entryOf(t, s2, ids2[0]).Files[0].Path
	must(t, s2.Trash(ids2...))
	must(t, os.Link(entryOf(t, s2, ids2[0]).Files[0].Path, first))
	if sum, err := s2.EmptyTrash(context.Background()); err != nil || sum.Pictures != 1 || len(files(t, folder2)) != 0 {
		t.Errorf("%+v, %v, %v", sum, err, files(t, folder2))
	}
	// While the trash is emptied: the picture is gone, the line is not there.
	must(t, s.Trash(ids...))
	must(t, os.Remove(in))
	if sum, err := s.Trashed(context.Background()); err != nil || sum.Pictures != 0 {
		t.Errorf("%+v, %v", sum, err)
	}
	_, err = s.EmptyTrash(context.Background())
	must(t, err)
	if r := entryOf(t, s, ids[0]); !r.Gone {
		t.Errorf("%+v", r)
	}
}

// The line cannot be written: all is as before.
func TestTrashWithoutALine(t *testing.T) {
	s, folder, ids := gallery(t, 2)
	before := files(t, folder)
	looked(t, s)
	must(t, s.past.f.Close())
	var err error
	s.past.f, err = os.Open(s.past.path) // cannot be written to
	must(t, err)
	if err := s.Trash(ids...); err == nil {
		t.Error("no error")
	}
	if got := files(t, folder); !slices.Equal(got, before) {
		t.Errorf("%v", got)
	}
}

// A folder elsewhere, named with --out, on whatever file system.
func TestTrashOfOtherFolders(t *testing.T) {
	s, folder, _ := gallery(t)
	out := t.TempDir()
	if shm, err := os.MkdirTemp("/dev/shm", "easel"); err == nil {
		t.Cleanup(func() { os.RemoveAll(shm) })
		out = shm
	}
	path := filepath.Join(out, "cat.png")
	data := pngOf(t, 5, 5)
	must(t, os.WriteFile(path, data, 0o640))
	must(t, os.Chtimes(path, day, day))
	must(t, s.Finish(task.Record{V: 1, ID: "elsewhere", State: backend.Done, Files: []task.File{{Path: path}}}))
	must(t, s.Trash("elsewhere"))
	if got := files(t, folder); !slices.Equal(got, []string{".trash/elsewhere/cat.png"}) || exists(path) {
		t.Errorf("%v", got)
	}
	must(t, s.Restore("elsewhere"))
	st, err := os.Stat(path)
	if err != nil || st.Mode().Perm() != 0o640 || !st.ModTime().Equal(day) || len(files(t, folder)) != 0 {
		t.Errorf("%v, %v, %v", st, err, files(t, folder))
	}
	if again, _ := os.ReadFile(path); !slices.Equal(again, data) {
		t.Error("it is another picture")
	}
}

// Lines that somebody else wrote do not make easel move or delete what is not in
// the trash, nor put anything but pictures where it is told to.
func TestTrashTrustsNoLine(t *testing.T) {
	s, _, ids := gallery(t, 1)
	mine := filepath.Join(t.TempDir(), "mine.png")
	must(t, os.WriteFile(mine, []byte("x"), 0o600))
	appendTo(t, s.path(historyName), fmt.Sprintf(`{"v":1,"id":%q,"set":{"trashed":true,"files":[{"path":%q}],"origin":["/nowhere/a.png"]}}`+"\n", ids[0], mine))
	must(t, s.past.close())
	s.past = nil
	if sum, err := s.EmptyTrash(context.Background()); err != nil || sum.Pictures != 0 || !exists(mine) {
		t.Errorf("%+v, %v: a file outside of the trash was deleted", sum, err)
	}
	s2, _, ids2 := gallery(t, 1)
	must(t, s2.Trash(ids2...))
	in := entryOf(t, s2, ids2[0]).Files[0].Path
	target := filepath.Join(t.TempDir(), "job.sh")
	must(t, s2.change(ids2, map[string]any{ids2[0]: map[string]any{"origin": []string{target}}}))
	if err := s2.Restore(ids2...); err == nil || exists(target) || !exists(in) {
		t.Error("a picture became something else", err)
	}
}
