//go:build unix

package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "golang.org/x/image/webp"

	"easel/assets"
	"easel/backend"
	"easel/backend/task"
)

// home is a person's home directory: every run of the program in it sees the
// same config, history and pictures, and nothing of this machine's.
type home struct {
	t    testing.TB
	dir  string
	exe  string
	vars []string
}

// newHome makes an empty home. vars are further variables ("LANG=zh_CN.UTF-8");
// the demo runs 25 times as fast as for people unless they say otherwise.
func newHome(t testing.TB, vars ...string) *home {
	t.Helper()
	h := &home{t: t, dir: t.TempDir(), exe: program(t), vars: vars}
	for _, dir := range []string{"tmp", "config/easel"} {
		if err := os.MkdirAll(filepath.Join(h.dir, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if raceDetector {
		t.Cleanup(h.raced)
	}
	return h
}

// raced fails the test for every race that a run of the program saw. One is
// known: Bubble Tea closes its input at the end while its reader may still ask
// for the descriptor.
func (h *home) raced() {
	found, _ := filepath.Glob(filepath.Join(h.dir, "race.*"))
	for _, name := range found {
		b, _ := os.ReadFile(name)
		for report := range strings.SplitSeq(string(b), "==================") {
			if strings.Contains(report, "DATA RACE") && !strings.Contains(report, "cancelreader.(*epollCancelReader).Close()") {
				h.t.Errorf("the program has a race:\n%s", report)
			}
		}
	}
}

func (h *home) env(vars ...string) []string {
	return append(append([]string{
		"HOME=" + h.dir, "TMPDIR=" + filepath.Join(h.dir, "tmp"), "PATH=/usr/local/bin:/usr/bin:/bin",
		"XDG_CONFIG_HOME=" + filepath.Join(h.dir, "config"), "XDG_DATA_HOME=" + filepath.Join(h.dir, "data"),
		"TERM=xterm-256color", "COLORTERM=truecolor", "LANG=en_US.UTF-8",
		"EASEL_DEMO_SPEED=25", "GORACE=log_path=" + filepath.Join(h.dir, "race"),
	}, h.vars...), vars...)
}

// config writes the config.
func (h *home) config(text string) {
	h.t.Helper()
	if err := os.WriteFile(filepath.Join(h.dir, "config", "easel", "config.toml"), []byte(text), 0o600); err != nil {
		h.t.Fatal(err)
	}
}

// recipe puts a built-in recipe, with further keys, in its own place.
func (h *home) recipe(name, keys string) {
	h.t.Helper()
	file := filepath.Join("recipes", name+".toml")
	data, err := assets.Recipes.ReadFile(file)
	if err != nil {
		h.t.Fatal(err)
	}
	path := filepath.Join(h.dir, "config", "easel", file)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		h.t.Fatal(err)
	}
	if err := os.WriteFile(path, append([]byte(keys), data...), 0o600); err != nil {
		h.t.Fatal(err)
	}
}

// studio starts the studio in a terminal of width x height cells.
func (h *home) studio(width, height int, vars ...string) *Terminal {
	h.t.Helper()
	cmd := exec.Command(h.exe)
	cmd.Env, cmd.Dir = h.env(vars...), h.dir
	return Open(h.t, cmd, width, height)
}

// result is how a command without a terminal ended.
type result struct {
	out, err string
	code     int
}

// command runs a command to its end, without a terminal.
func (h *home) command(args ...string) result {
	h.t.Helper()
	var out, err bytes.Buffer
	cmd := exec.Command(h.exe, args...)
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = h.env(), h.dir, &out, &err
	var exit *exec.ExitError
	if e := cmd.Run(); e != nil && !errors.As(e, &exit) {
		h.t.Fatal(e)
	}
	return result{out.String(), err.String(), cmd.ProcessState.ExitCode()}
}

// history gives what `easel history --json` prints, the last finished first.
func (h *home) history() []task.Record { return h.records("history", "--json", "--limit", "5000") }

// tasks gives what `easel tasks --json` prints.
func (h *home) tasks() []task.Record { return h.records("tasks", "--json") }

func (h *home) records(args ...string) []task.Record {
	h.t.Helper()
	r := h.command(args...)
	if r.code != 0 || r.err != "" {
		h.t.Fatalf("easel %s ended with %d: %s", strings.Join(args, " "), r.code, r.err)
	}
	var out []task.Record
	for d := json.NewDecoder(strings.NewReader(r.out)); d.More(); {
		var record task.Record
		if err := d.Decode(&record); err != nil {
			h.t.Fatalf("%v in %s", err, r.out)
		}
		out = append(out, record)
	}
	return out
}

// one gives the only record of the history with the prompt, which must be done
// with its pictures whole.
func (h *home) one(prompt string) task.Record {
	h.t.Helper()
	list := slices.DeleteFunc(h.history(), func(r task.Record) bool { return r.Prompt != prompt })
	if len(list) != 1 {
		h.t.Fatalf("%d tasks in the history with the prompt %q", len(list), prompt)
	}
	r := list[0]
	if r.State != backend.Done || r.Error != nil {
		h.t.Fatalf("the task is %s: %+v", r.State, r.Error)
	}
	if len(r.Files) != max(r.Count, 1) {
		h.t.Errorf("%d files for a count of %d", len(r.Files), r.Count)
	}
	for _, f := range r.Files {
		h.whole(f)
	}
	return r
}

// whole checks a file that the history names: it is where pictures belong, and
// its bytes are what the history says of them.
func (h *home) whole(f task.File) {
	h.t.Helper()
	day := filepath.Dir(f.Path)
	if filepath.Dir(day) != filepath.Join(h.dir, "Pictures", "easel") {
		h.t.Errorf("the picture is at %s", f.Path)
	}
	data, err := os.ReadFile(f.Path)
	if err != nil {
		h.t.Fatal(err)
	}
	picture, format, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		h.t.Fatalf("%s: %v", f.Path, err)
	}
	at := picture.Bounds()
	if format != f.Format || at.Dx() != f.Width || at.Dy() != f.Height || int64(len(data)) != f.Bytes {
		h.t.Errorf("%s is %s %dx%d of %d bytes; the history says %s %dx%d of %d",
			f.Path, format, at.Dx(), at.Dy(), len(data), f.Format, f.Width, f.Height, f.Bytes)
	}
	if ext := filepath.Ext(f.Path); ext != "."+format && ext != ".jpg" {
		h.t.Errorf("%s is %s", f.Path, format)
	}
}
