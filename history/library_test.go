package history

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"easel/backend"
	"easel/backend/task"
)

func asTask(prompt string) task.Task {
	e := created("0123456789a-k3f9x2")
	e.Request.Prompt = prompt
	e.At = time.Date(2026, 11, 20, 17, 45, 12, 0, time.FixedZone("", 8*3600))
	return task.Task{}.Apply(e)
}

func pngOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))))
	return b.Bytes()
}

func from(data []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(data))
		return err
	}
}

func save(t testing.TB, s *Store, of task.Task, index int, data []byte) (task.File, error) {
	t.Helper()
	return s.Save(context.Background(), of, index, from(data))
}

// library gives a store and the folder of its pictures.
func library(t testing.TB) (*Store, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	return reader(t, dir), filepath.Join(filepath.Dir(dir), "pictures")
}

func TestSave(t *testing.T) {
	s, pictures := library(t)
	data := pngOf(t, 30, 20)
	f, err := save(t, s, asTask("A Border Collie, selling"), 0, data)
	must(t, err)
	want := filepath.Join(pictures, "2026-11-20", "174512-a-border-collie-selling-k3f9x2-1.png")
	if f.Path != want || f.Width != 30 || f.Height != 20 || f.Format != "png" || f.Bytes != int64(len(data)) || len(f.SHA256) != 64 {
		t.Errorf("%+v", f)
	}
	if got, _ := os.ReadFile(want); !bytes.Equal(got, data) {
		t.Error("other bytes")
	}
	if st, _ := os.Stat(want); st.Mode().Perm() != 0o644 {
		t.Errorf("%v", st.Mode())
	}
	if got := names(t, filepath.Dir(want)); len(got) != 1 {
		t.Errorf("%v", got)
	}
	again, err := s.Save(context.Background(), asTask("A Border Collie, selling"), 0, func(io.Writer) error {
		t.Error("fetched what is there")
		return nil
	})
	if err != nil || again != f {
		t.Errorf("%+v, %v", again, err)
	}
}

// The bytes decide the type, also whether the file is there already.
func TestSaveByBytes(t *testing.T) {
	s, _ := library(t)
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)), nil))
	f, err := save(t, s, asTask("x"), 1, b.Bytes())
	must(t, err)
	if !strings.HasSuffix(f.Path, "-2.jpg") || f.Format != "jpeg" {
		t.Errorf("%+v", f)
	}
	if again, err := save(t, s, asTask("x"), 1, pngOf(t, 3, 3)); err != nil || again != f {
		t.Errorf("%+v, %v", again, err)
	}
}

func TestSaveIntoOut(t *testing.T) {
	s, _ := library(t)
	of := asTask("x")
	of.Out = filepath.Join(t.TempDir(), "deep", "out")
	must(t, s.Check(of))
	f, err := save(t, s, of, 0, pngOf(t, 3, 3))
	must(t, err)
	if filepath.Dir(f.Path) != of.Out || len(names(t, of.Out)) != 1 {
		t.Errorf("%s among %v", f.Path, names(t, of.Out))
	}
}

// chunk makes a part of a PNG.
func chunk(kind string, data []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	out = append(append(out, kind...), data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

func TestSaveOfStrangeBytes(t *testing.T) {
	s, pictures := library(t)
	whole := pngOf(t, 200, 200)
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, 60000), 60000)
	bomb := append(append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(head, 8, 2, 0, 0, 0))...), chunk("IEND", nil)...)
	webp := append([]byte("RIFF\xff\x00\x00\x00WEBPVP8 "), make([]byte, 100)...)
	for name, c := range map[string]struct {
		data []byte
		ok   bool
	}{
		"whole": {whole, true}, "with something behind it": {append(bytes.Clone(whole), "more"...), true},
		"60000 x 60000": {bomb, true}, "empty": {nil, false}, "html": {[]byte("<html>no</html>"), false},
		"cut": {whole[:len(whole)-20], false}, "cut in the head": {whole[:20], false}, "cut webp": {webp, false},
	} {
		of := asTask(name)
		f, err := save(t, s, of, 0, c.data)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
		if name == "60000 x 60000" && (f.Width != 60000 || f.Height != 60000) {
			t.Errorf("%+v", f)
		}
		if e := backend.AsError(err); err != nil && (e.Kind != backend.Garbled || e.Final || e.Op != backend.OpFetch) {
			t.Errorf("%s: %+v", name, e)
		}
	}
	if got := names(t, filepath.Join(pictures, "2026-11-20")); len(got) != 3 {
		t.Errorf("%v", got)
	}
}

func TestSaveThatIsInterrupted(t *testing.T) {
	s, pictures := library(t)
	ctx, cancel := context.WithCancel(context.Background())
	_, err := s.Save(ctx, asTask("x"), 0, func(w io.Writer) error {
		w.Write(pngOf(t, 3, 3)[:20])
		cancel()
		_, err := w.Write([]byte("more"))
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	source := &backend.Error{Kind: backend.Unavailable, HTTP: 503}
	if _, err := s.Save(context.Background(), asTask("x"), 0, func(io.Writer) error { return source }); err != error(source) {
		t.Error(err)
	}
	if got := names(t, filepath.Join(pictures, "2026-11-20")); len(got) != 0 {
		t.Errorf("left %v", got)
	}
}

// A disk that fails is told from a source that fails, whatever the source makes
// of it.
func TestSaveOnADiskThatFails(t *testing.T) {
	s, _ := library(t)
	_, err := s.Save(context.Background(), asTask("x"), 0, func(w io.Writer) error {
		w.(*diskWriter).f.Close()
		w.Write([]byte("more"))
		return &backend.Error{Op: backend.OpFetch, Kind: backend.Garbled, Message: "cut"}
	})
	if e := backend.AsError(err); err == nil || e.Op != backend.OpSave || e.Kind != backend.Unavailable {
		t.Errorf("%v", err)
	}
}

// What a crash left does not stand in the way, and does not stay.
func TestSaveAfterACrash(t *testing.T) {
	s, pictures := library(t)
	dir := filepath.Join(pictures, "2026-11-20")
	of := asTask("x")
	name := stem(of, 0)
	write(t, dir, ".easel-"+of.ID+"-1.part", "half a pic")
	write(t, dir, name+".png", "") // a claim, where the file system has no links
	f, err := save(t, s, of, 0, pngOf(t, 4, 4))
	must(t, err)
	if f.Width != 4 || len(names(t, dir)) != 1 {
		t.Errorf("%+v, %v", f, names(t, dir))
	}
	// The name was there already, and the crash came before the rest went.
	write(t, dir, ".easel-"+of.ID+"-1.part", "the whole picture")
	_, err = save(t, s, of, 0, nil)
	must(t, err)
	if len(names(t, dir)) != 1 {
		t.Errorf("left behind: %v", names(t, dir))
	}
}

// An easel that was stopped in the middle of a download goes on with it when another
// one has taken the task and is at the same: the picture is whole, and there once.
func TestSaveByTwo(t *testing.T) {
	a, dir := fresh(t)
	b := again(t, dir)
	of, data := asTask("x"), pngOf(t, 30, 20)
	taken := of.Apply(task.Event{ID: of.ID, Kind: task.Taken, Engine: b.Engine()})
	begun, goOn, over := make(chan struct{}), make(chan struct{}), make(chan error)
	first, err := a.Save(context.Background(), of, 0, func(w io.Writer) error {
		w.Write(data)
		go func() {
			_, err := b.Save(context.Background(), taken, 0, func(w io.Writer) error {
				close(begun)
				<-goOn
				return from(data)(w)
			})
			over <- err
		}()
		<-begun
		return nil
	})
	if err == nil { // it came first after all: then what it says is so
		if got := read(t, filepath.Dir(first.Path), filepath.Base(first.Path)); got != string(data) {
			t.Errorf("%d bytes under the name of the picture", len(got))
		}
	}
	close(goOn)
	must(t, <-over)
	folder := filepath.Join(filepath.Dir(dir), "pictures", "2026-11-20")
	if list := names(t, folder); len(list) != 1 || read(t, folder, list[0]) != string(data) {
		t.Errorf("%v", list)
	}
}

// What an engine left that had the task before does not stay; what is of another
// result does.
func TestSaveClearsWhatWasLeft(t *testing.T) {
	s, dir := fresh(t)
	pictures := filepath.Join(filepath.Dir(dir), "pictures", "2026-11-20")
	of := asTask("x")
	of.Taken = true
	start := ".easel-" + of.ID
	for _, name := range []string{"-1-0123.part", "-1.part", "-10-0123.part", "-2.part"} {
		write(t, pictures, start+name, "half")
	}
	_, err := save(t, s, of, 0, pngOf(t, 4, 4))
	must(t, err)
	if got, want := fmt.Sprint(names(t, pictures)), fmt.Sprint([]string{start + "-10-0123.part", start + "-2.part", stem(of, 0) + ".png"}); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// A file that is in the way is never written over.
func TestSaveNeverWritesOver(t *testing.T) {
	s, pictures := library(t)
	dir := filepath.Join(pictures, "2026-11-20")
	of := asTask("x")
	write(t, dir, stem(of, 0)+".png", "a person's notes")
	_, err := save(t, s, of, 0, pngOf(t, 4, 4))
	if e := backend.AsError(err); err == nil || e.Op != backend.OpSave || e.Final {
		t.Errorf("%v", err)
	}
	if got := read(t, dir, stem(of, 0)+".png"); got != "a person's notes" {
		t.Errorf("%q", got)
	}
}

func TestPublish(t *testing.T) {
	for name, publish := range map[string]func(part, path string) error{"with links": publish, "without": claim} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "part", "bytes")
			write(t, dir, "there", "old")
			part := filepath.Join(dir, "part")
			if err := publish(part, filepath.Join(dir, "there")); !errors.Is(err, os.ErrExist) || read(t, dir, "there") != "old" {
				t.Errorf("%v, %q", err, read(t, dir, "there"))
			}
			if err := publish(part, filepath.Join(dir, "none", "x")); err == nil {
				t.Error("published into nowhere")
			}
			must(t, publish(part, filepath.Join(dir, "new")))
			if read(t, dir, "new") != "bytes" {
				t.Errorf("%q", read(t, dir, "new"))
			}
			if err := claim(filepath.Join(dir, "no part"), filepath.Join(dir, "x")); err == nil || len(names(t, dir)) > 3 {
				t.Errorf("%v, %v", err, names(t, dir))
			}
		})
	}
}

func TestCheck(t *testing.T) {
	s, pictures := library(t)
	must(t, s.Check(asTask("x")))
	if got := names(t, filepath.Join(pictures, "2026-11-20")); len(got) != 0 {
		t.Errorf("left %v", got)
	}
	of := asTask("x")
	blocked := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(blocked, nil, 0o600))
	of.Out = filepath.Join(blocked, "out")
	err := s.Check(of)
	if e := backend.AsError(err); err == nil || e.Kind != backend.Invalid || !strings.Contains(e.Message, of.Out) {
		t.Errorf("%v", err)
	}
	if os.Getuid() != 0 {
		of.Out = filepath.Join(t.TempDir(), "locked")
		must(t, os.Mkdir(of.Out, 0o500))
		if s.Check(of) == nil {
			t.Error("a folder that cannot be written passes")
		}
	}
}

func TestStem(t *testing.T) {
	long := strings.Repeat("长", 60)
	for prompt, want := range map[string]string{
		"a cat":                    "174512-a-cat-k3f9x2-1",
		"  --A  Cat!? ":            "174512-a-cat-k3f9x2-1",
		"":                         "174512-k3f9x2-1",
		"🎉 ...":                    "174512-k3f9x2-1",
		"../../etc/passwd":         "174512-etc-passwd-k3f9x2-1",
		`c:\con\aux.txt. `:         "174512-c-con-aux-txt-k3f9x2-1",
		"Äpfel & Öl":               "174512-äpfel-öl-k3f9x2-1",
		"一只 边境牧羊犬。":                "174512-一只-边境牧羊犬-k3f9x2-1",
		"नमस्ते दुनिया":            "174512-नमस्ते-दुनिया-k3f9x2-1",
		"a\x1b[2Jb\u202ec\xffd":    "174512-a-2jb-c-d-k3f9x2-1",
		long:                       "174512-" + strings.Repeat("长", 19) + "-k3f9x2-1",
		strings.Repeat("ab ", 100): "174512-" + strings.Repeat("ab-", 20) + "k3f9x2-1",
	} {
		if got := stem(asTask(prompt), 0); got != want {
			t.Errorf("%q: %s, want %s", prompt, got, want)
		}
	}
	if a, b := stem(asTask("x"), 0), stem(asTask("x"), 11); a == b || !strings.HasSuffix(b, "-12") {
		t.Errorf("%s, %s", a, b)
	}
}

func FuzzStem(f *testing.F) {
	f.Add("a cat", 0)
	f.Add("\u0301\u0301 x \xc3", 7)
	f.Fuzz(func(t *testing.T, prompt string, index int) {
		if index < 0 || index > 999 {
			return
		}
		name := stem(asTask(prompt), index) + ".webp"
		if len(name) > nameMax || !utf8.ValidString(name) || backend.Clean(name) != name {
			t.Fatalf("%q", name)
		}
		if strings.ContainsAny(name, `/\:*?"<>| `) || strings.Contains(name, "--") || !strings.HasSuffix(name, fmt.Sprintf("-k3f9x2-%d.webp", index+1)) {
			t.Fatalf("%q", name)
		}
	})
}

// zeros is a source without end; only so much of it is read.
type zeros int64

func (z *zeros) Read(p []byte) (int, error) {
	if *z <= 0 {
		return 0, io.EOF
	}
	n := min(len(p), int(*z))
	*z -= zeros(n)
	return n, nil
}

// A transfer takes no more memory than a small buffer, however large it is.
func TestSaveInLittleMemory(t *testing.T) {
	s, _ := library(t)
	gif := []byte("GIF89a")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := s.Save(context.Background(), asTask("large"), 0, func(w io.Writer) error {
		z := zeros(20 << 20)
		w.Write(gif)
		_, err := io.Copy(w, &z)
		return err
	})
	must(t, err)
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 2<<20 {
		t.Errorf("%d bytes for a picture of 20 MB", n)
	}
}

// Where a file can do without a name, none comes into being when a folder is
// looked at: a crash at any moment leaves nothing.
func TestCheckLeavesNoName(t *testing.T) {
	dir := t.TempDir()
	f, err := nameless(dir)
	if err != nil {
		t.Skip("not here: ", err)
	}
	defer f.Close()
	_, err = f.Write([]byte("x"))
	must(t, err)
	if got := names(t, dir); len(got) != 0 {
		t.Errorf("%v", got)
	}
}
