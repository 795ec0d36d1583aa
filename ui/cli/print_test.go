package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"easel/backend"
	"easel/backend/task"
	"easel/ui/words"
)

// TestVastPictureIsWarnedOf: on stderr, whatever became of the task.
func TestVastPictureIsWarnedOf(t *testing.T) {
	w, err := words.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "stderr")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p := &Program{Words: w, Err: f}
	p.tell(task.Task{State: backend.Done, Files: []task.File{
		{Path: "/a/1.png", Width: 3840, Height: 2160}, {Path: "/a/2.png", Width: 60_000, Height: 60_000}}})
	got, err := os.ReadFile(path)
	if want := "easel: /a/2.png claims 60000x60000 pixels: open it with care"; err != nil || strings.TrimSpace(string(got)) != want {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
}
