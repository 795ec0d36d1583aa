package files_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"easel/ui/ask"
	"easel/ui/parts/files"
	"easel/ui/parts/partstest"
)

// disk is the folders that a test has, by absolute path.
var disk = map[string][]files.Entry{
	"/home/ann": {
		{Name: "zoo", Folder: true}, {Name: "Pictures", Folder: true}, {Name: ".cache", Folder: true},
		{Name: "notes.txt", Bytes: 10}, {Name: "old.png", Bytes: 812_345, Time: partstest.Now.Add(-400 * 24 * time.Hour)},
		{Name: "new.JPG", Bytes: 1_200_000, Time: partstest.Now.Add(-time.Hour)},
	},
	"/home/ann/Pictures":      {{Name: "白猫 窗边.webp", Bytes: 99}, {Name: "a.png", Bytes: 5}, {Name: "deep", Folder: true}},
	"/home/ann/Pictures/deep": {},
	"/home":                   {{Name: "ann", Folder: true}},
}

// answer does what the studio does with a List.
func answer(d *partstest.Drive) {
	for d.Last() != nil {
		l, ok := d.Last().(files.List)
		if !ok {
			return
		}
		d.Msgs = d.Msgs[:len(d.Msgs)-1]
		path := l.Dir
		if strings.HasPrefix(path, "~") {
			path = "/home/ann" + path[1:]
		} else if !filepath.IsAbs(path) {
			path = filepath.Join(l.Base, path)
		}
		path = filepath.Clean(path)
		got := files.Listed{Asked: l, Path: path, Entries: disk[path]}
		if _, ok := disk[path]; !ok {
			got.Err = errors.New("there is no such folder")
		}
		d.Send(got)
	}
}

func open(t *testing.T, w, h int) *partstest.Drive {
	p := files.New(ask.File{Tag: "ref", Title: "Add a reference"}, "/home/ann")
	d := partstest.Open(t, partstest.Env(t, "en", w, h), p)
	d.Msgs = append(d.Msgs, p.Init()())
	answer(d)
	return d
}

func do(d *partstest.Drive, keys ...string) {
	for _, k := range keys {
		if strings.HasPrefix(k, "=") {
			for _, r := range k[1:] {
				d.Type(string(r))
				answer(d)
			}
			continue
		}
		d.Press(k)
		answer(d)
	}
}

func TestFiles(t *testing.T) {
	for _, c := range []struct {
		name string
		keys []string
		want string
	}{
		{"the newest picture", []string{"enter"}, "/home/ann/new.JPG"},
		{"the next one", []string{"down", "enter"}, "/home/ann/old.png"},
		{"into a folder", []string{"=pict", "enter", "enter"}, "/home/ann/Pictures/a.png"},
		{"completed", []string{"=pic", "tab", "=白", "enter"}, "/home/ann/Pictures/白猫 窗边.webp"},
		{"completed twice", []string{"=pic", "tab", "=白", "tab", "enter"}, "/home/ann/Pictures/白猫 窗边.webp"},
		{"typed", []string{"=/home/ann/Pictures/a.png", "enter"}, "/home/ann/Pictures/a.png"},
		{"from home", []string{"=~/Pictures/", "enter"}, "/home/ann/Pictures/a.png"},
		{"home alone", []string{"=~", "enter"}, "/home/ann/new.JPG"},
		{"one up", []string{"=..", "enter", "=new", "enter"}, "/home/ann/new.JPG"},
		{"backspace goes up", []string{"backspace", "enter", "enter"}, "/home/ann/new.JPG"},
		{"up and down again", []string{"=pic", "tab", "ctrl+u", "enter"}, "/home/ann/new.JPG"},
		{"another kind of file", []string{"=notes.txt", "enter"}, "/home/ann/notes.txt"},
		{"an address", []string{"=https://example.com/a.png?b=c", "enter"}, "https://example.com/a.png?b=c"},
		{"an address in capitals", []string{"=HTTP://e.com/a", "enter"}, "HTTP://e.com/a"},
		{"a folder that is not there", []string{"=/none/x.png", "enter"}, ""},
		{"an empty folder", []string{"=Pictures/deep/", "enter"}, ""},
		{"closed", []string{"esc"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := open(t, 80, 24)
			do(d, c.keys...)
			if c.want == "" {
				if d.Last() != nil {
					t.Errorf("got %+v", d.Last())
				}
				return
			}
			if got := d.Last(); !d.Done || got != (ask.Picked{Tag: "ref", Value: c.want}) {
				t.Errorf("got %+v, want %s\n%s", got, c.want, d.Text())
			}
		})
	}
}

func TestFilesShowsWhatMatters(t *testing.T) {
	d := open(t, 80, 24)
	text := d.Text()
	order := []string{"/home/ann", "new.JPG", "1.2 MB  16:45", "old.png", "812 KB  2025", "Pictures/", "zoo/"}
	for _, s := range order {
		i := strings.Index(text, s)
		if i < 0 {
			t.Fatalf("%q is not there, or not in its place\n%s", s, d.Text())
		}
		text = text[i:]
	}
	if d.Has("notes.txt") || d.Has(".cache") {
		t.Errorf("what is no picture, or hidden:\n%s", d.Text())
	}
	do(d, "=.c")
	if !d.Has(".cache/") {
		t.Errorf("hidden folders show when a dot is typed:\n%s", d.Text())
	}
	do(d, "ctrl+u", "=/none/")
	if !d.Has("there is no such folder") {
		t.Error(d.Text())
	}
	do(d, "ctrl+u", "=https://e.com/1.png")
	if !d.Has("Enter adds this address.") || d.Has("new.JPG") {
		t.Error(d.Text())
	}
}

// A folder that comes late is not shown when another one is wanted by then.
func TestLateFolders(t *testing.T) {
	d := open(t, 80, 24)
	d.Type("zoo/")
	late := d.Last().(files.List)
	d.Press("ctrl+u")
	d.Send(files.Listed{Asked: late, Path: "/home/ann/zoo", Entries: []files.Entry{{Name: "tiger.png"}}})
	if d.Has("tiger") {
		t.Errorf("%s", d.Text())
	}
	d.Press("ctrl+u")
	d.Type("/home/n")
	d.Press("enter", "tab")
	if d.Done || d.Before() != "/home/n" {
		t.Errorf("the folder before was taken: %+v", d.Last())
	}
}

func TestFilesPaste(t *testing.T) {
	for _, text := range []string{
		"/home/ann/Pictures/白猫 窗边.webp\n", "'/home/ann/Pictures/白猫 窗边.webp'", `"/home/ann/Pictures/白猫 窗边.webp" `,
		`/home/ann/Pictures/白猫\ 窗边.webp`, "file:///home/ann/Pictures/%E7%99%BD%E7%8C%AB%20窗边.webp",
	} {
		d := open(t, 80, 24)
		d.Send(tea.PasteMsg{Content: text})
		answer(d)
		d.Press("enter")
		if got := d.Last(); got != (ask.Picked{Tag: "ref", Value: "/home/ann/Pictures/白猫 窗边.webp"}) {
			t.Errorf("%q: got %+v", text, got)
		}
	}
}

func TestDropped(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "'": "'", "''": "", "'a": "'a", "a'": "a'", "file://": "", "file:///a%2": "/a%2", "https://e.com/a%20b": "https://e.com/a%20b",
	} {
		if got := files.Dropped(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestFilesCursor(t *testing.T) {
	d := open(t, 40, 10)
	do(d, "=~/Pictures/白猫")
	if got := d.Before(); got != "~/Pictures/白猫" {
		t.Errorf("the cursor is behind %q", got)
	}
	do(d, "=一二三四五六七八九十")
	if got := d.Before(); !strings.HasSuffix(got, "八九十") {
		t.Errorf("the cursor is behind %q", got)
	}
}

func TestForeignNamesAreClean(t *testing.T) {
	d := open(t, 80, 24)
	d.Send(files.Listed{Asked: files.List{Base: "/home/ann"}, Path: "/h\x1b[2J", Entries: []files.Entry{{Name: "a\x1b]0;x\x07\n.png"}}})
	d.Press("enter")
	if got := d.Last(); got != (ask.Picked{Tag: "ref", Value: "/h\x1b[2J/a\x1b]0;x\x07\n.png"}) {
		t.Errorf("the answer must be the file's own name: %q", fmt.Sprint(got))
	}
}
