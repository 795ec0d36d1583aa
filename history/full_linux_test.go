package history

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// small mounts a small disk of its own; how says how small ("size=256k"). It
// needs the right to mount: without it the test is left to the disks in memory
// of backend/task.
func small(t *testing.T, how string) (dir string, remount func(flags uintptr, how string)) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "disk")
	must(t, os.Mkdir(dir, 0o755))
	if err := syscall.Mount("none", dir, "tmpfs", 0, how); err != nil {
		t.Skip("no disk can be mounted: ", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir, func(flags uintptr, how string) {
		t.Helper()
		must(t, syscall.Mount("none", dir, "tmpfs", flags|syscall.MS_REMOUNT, how))
	}
}

// fill leaves no room on a disk, until it is called.
func fill(t *testing.T, dir string) (empty func()) {
	t.Helper()
	path := filepath.Join(dir, "filler")
	f, err := os.Create(path)
	must(t, err)
	for piece := make([]byte, 4096); err == nil; {
		_, err = f.Write(piece)
	}
	f.Close()
	return func() { must(t, os.Remove(path)) }
}

// tight is an engine whose journal or pictures are on a small disk, and one task
// that runs.
type tight struct {
	t *testing.T
	s *Store
	c *counting
	e *task.Engine
	x task.Task
}

func newTight(t *testing.T, data, pictures string) *tight {
	t.Helper()
	s, err := Open(data, pictures, nil)
	must(t, err)
	_, err = s.Join("test")
	must(t, err)
	x := &tight{t: t, s: s, c: &counting{picture: pngOf(t, 200, 200), takes: 3 * time.Second}}
	x.e = engine(t, s, x.c)
	x.x = submit(t, x.e, "the one that runs")
	x.is(time.Second, backend.Queued)
	return x
}

// is waits, and holds the state of the task that runs.
func (x *tight) is(after time.Duration, want backend.State) task.Task {
	x.t.Helper()
	time.Sleep(after)
	synctest.Wait()
	got, err := x.e.Task(x.x.ID)
	must(x.t, err)
	if got.State != want {
		x.t.Fatalf("%s, want %s (error %v, trouble %v)", got.State, want, got.Error, got.Trouble)
	}
	return got
}

// refused holds that nothing new is begun, and that the reason is said.
func (x *tight) refused(word, says string) {
	x.t.Helper()
	_, err := x.e.Submit(backend.Request{Provider: "p", Model: "m", Prompt: strings.Repeat("a long one ", 800), Count: 1}, "")
	e := backend.AsError(err)
	if e == nil || e.Word != word || !strings.Contains(e.Message, says) || e.Fate != backend.Unsent {
		x.t.Errorf("a new task: %+v, want %s", e, says)
	}
	if e != nil && !strings.Contains(e.Message, "make room") && !strings.Contains(e.Message, "choose another folder") {
		x.t.Errorf("what to do is not said: %s", e.Message)
	}
	time.Sleep(time.Second)
	synctest.Wait()
	x.c.mu.Lock()
	defer x.c.mu.Unlock()
	if x.c.submits != 1 || len(x.e.Tasks()) != 1 {
		x.t.Errorf("%d submits, %d tasks", x.c.submits, len(x.e.Tasks()))
	}
}

// reopen opens the journal's file in another way.
func (x *tight) reopen(flags int) {
	x.t.Helper()
	l := x.s.journal
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reading.Lock()
	defer l.reading.Unlock()
	f, err := os.OpenFile(l.path, flags, 0)
	must(x.t, err)
	l.f.Close()
	l.f = f
}

// ends closes the engine, and holds that a start afterwards knows the picture.
func (x *tight) ends(pictures string) {
	x.t.Helper()
	engineClosed(x.t, x.e)
	must(x.t, x.s.Close())
	s := reader(x.t, x.s.dir)
	open, err := s.Unfinished()
	must(x.t, err)
	r, err := s.Find(x.x.ID)
	must(x.t, err)
	if len(open) != 0 || r.State != backend.Done || len(r.Files) != 1 {
		x.t.Errorf("%d open; %+v", len(open), r)
	}
	var files []string
	filepath.WalkDir(pictures, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return nil
	})
	if len(files) != 1 || len(r.Files) == 1 && files[0] != r.Files[0].Path {
		x.t.Errorf("the pictures are %v", files)
	}
}

// A disk without room for the journal: nothing new is sent, what runs is saved,
// and written down when there is room.
func TestNoRoomForTheJournal(t *testing.T) {
	data, _ := small(t, "size=128k")
	pictures := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		x := newTight(t, filepath.Join(data, "data"), pictures)
		empty := fill(t, data)
		x.refused("task.unwritten", "no space left on device")
		x.is(time.Minute, backend.Done)
		empty()
		time.Sleep(10 * time.Second)
		x.ends(pictures)
	})
}

// A disk without room for pictures: nothing new is sent, what is ready stays
// ready and says why, and is saved when there is room.
func TestNoRoomForPictures(t *testing.T) {
	disk, _ := small(t, "size=128k")
	pictures := filepath.Join(disk, "pictures")
	synctest.Test(t, func(t *testing.T) {
		x := newTight(t, filepath.Join(t.TempDir(), "data"), pictures)
		empty := fill(t, disk)
		x.refused("check.output", "no space left on device")
		got := x.is(time.Minute, backend.Ready)
		if got.Trouble == nil || got.Trouble.Op != backend.OpSave || !strings.Contains(got.Trouble.Message, "no space left") {
			t.Errorf("it says %+v", got.Trouble)
		}
		empty()
		must(t, x.e.Download(x.x.ID))
		x.is(time.Second, backend.Done)
		x.ends(pictures)
	})
}

// A disk on which a file can be made, but no second name for it.
func TestNoRoomForTheLink(t *testing.T) {
	disk, remount := small(t, "size=1m,nr_inodes=4")
	pictures := filepath.Join(disk, "pictures")
	synctest.Test(t, func(t *testing.T) {
		x := newTight(t, filepath.Join(t.TempDir(), "data"), pictures)
		got := x.is(time.Minute, backend.Ready)
		if got.Trouble == nil || got.Trouble.Op != backend.OpSave || !strings.Contains(got.Trouble.Message, "no space left") {
			t.Errorf("it says %+v", got.Trouble)
		}
		remount(0, "nr_inodes=100")
		must(t, x.e.Download(x.x.ID))
		x.is(time.Second, backend.Done)
		x.ends(pictures)
	})
}

// A disk that becomes read-only under both.
func TestReadOnlyDisk(t *testing.T) {
	disk, remount := small(t, "size=1m")
	pictures := filepath.Join(disk, "pictures")
	synctest.Test(t, func(t *testing.T) {
		x := newTight(t, t.TempDir(), pictures)
		remount(syscall.MS_RDONLY, "")
		x.refused("check.output", "read-only file system")
		x.is(time.Minute, backend.Ready)
		remount(0, "")
		must(t, x.e.Download(x.x.ID))
		x.is(time.Second, backend.Done)
		x.ends(pictures)
	})
	data, _ := small(t, "size=1m")
	pictures = t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		x := newTight(t, filepath.Join(data, "data"), pictures)
		// A file that is open for writing keeps a disk from becoming read-only:
		// the kernel does it all the same when a disk fails.
		x.reopen(os.O_RDONLY)
		x.refused("task.unwritten", "bad file descriptor")
		x.is(time.Minute, backend.Done)
		x.reopen(os.O_RDWR)
		time.Sleep(10 * time.Second)
		x.ends(pictures)
	})
}

// Where locks do nothing and the disk is full, a start that fails keeps nobody out
// once there is room.
func TestFullWithoutLocks(t *testing.T) {
	dir, _ := small(t, "size=256k")
	s := reader(t, filepath.Join(dir, "data"))
	s.lockable = func(string) (bool, error) { return false, nil }
	must(t, os.MkdirAll(s.path(enginesName), 0o700))
	empty := fill(t, dir)
	if _, err := s.Join("studio"); err == nil {
		t.Fatal("it joined on a full disk")
	}
	empty()
	leave, err := s.Join("studio")
	must(t, err)
	must(t, leave())
}
