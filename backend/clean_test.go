package backend

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                                 "plain",
		"白色暹罗猫 👩‍👩‍👧 é":                         "白色暹罗猫 👩‍👩‍👧 é",
		"a\nb\r\nc\td":                          "a b c d",
		"\x1b[31mred\x1b[0m":                    "red",
		"\x1b]0;title\x07after":                 "after",
		"\x1b]52;c;ZXZpbA==\x1b\\after":         "after",
		"\x1bPq#0;2;0;0;0\x1b\\x":               "x",
		"\x1b_Ga=T;AAAA\x1b\\x":                 "x",
		"\u009b2Jx":                             "x",
		"\u009d0;t\u009cx":                      "x",
		"a\x00b\x7fc\x08d":                      "abcd",
		"user\u202egnp.exe":                     "usergnp.exe",
		"bad\xffbyte":                           "bad\uFFFDbyte",
		"\x1b":                                  "",
		"\x1b[":                                 "",
		"\x1b]never ends\nbut the line goes on": " but the line goes on",
		"\x1b[12\x1b[31mx":                      "x",
	} {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
	if got := CleanLines("a\r\nb\x1b[2J\nc"); got != "a\nb\nc" {
		t.Errorf("CleanLines: %q", got)
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "a", "\x1b[31m", "\u009d0;\u009c", "\xff\x1b]", "\u2028\u202e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Clean(s)
		if !utf8.ValidString(got) || Clean(got) != got {
			t.Fatalf("Clean(%q) = %q is not clean", s, got)
		}
		for _, r := range got {
			if unicode.IsControl(r) {
				t.Fatalf("Clean(%q) = %q holds %U", s, got, r)
			}
		}
		for _, r := range CleanLines(s) {
			if r != '\n' && unicode.IsControl(r) {
				t.Fatalf("CleanLines(%q) holds %U", s, r)
			}
		}
	})
}

func TestErrorSaysWhoWhatAndWhere(t *testing.T) {
	e := &Error{Provider: "acedata", Op: OpSubmit, Kind: Unpaid, Message: "no balance", HTTP: 403, TraceID: "tr-1"}
	if got, want := e.Error(), "acedata (submit): no balance (HTTP 403) [trace tr-1]"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if AsError(nil) != nil || KindOf(nil) != "" || KindOf(errors.New("x")) != Unavailable {
		t.Error("kinds of nil and of foreign errors")
	}
	if (&Error{}).Fate != Unknown {
		t.Error("an error that says nothing must not allow a second submit")
	}
}

func TestSniff(t *testing.T) {
	for head, want := range map[string]string{
		"\x89PNG\r\n\x1a\n":              "png",
		"\xff\xd8\xff\xe0":               "jpeg",
		"RIFF\x00\x00\x00\x00WEBPVP8 ":   "webp",
		"GIF89a":                         "gif",
		"\x00\x00\x00\x1cftypavif":       "avif",
		"<!doctype html>":                "",
		"{\"code\":1}":                   "",
		"":                               "",
		"BMW is a car, not a picture of": "",
	} {
		if got := TypeOf([]byte(head)); got != want {
			t.Errorf("TypeOf(%q) = %q, want %q", head, got, want)
		}
	}
	if _, err := Sniff([]byte("<html>")); !errors.Is(err, ErrNoPicture) {
		t.Errorf("HTML: %v", err)
	}
}

func TestLookAt(t *testing.T) {
	dir := t.TempDir()
	write := func(name, data string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := write("gif.png", "GIF89a\x03\x00\x02\x00\x00\x00\x00;") // named otherwise
	ref, err := LookAt(Reference{Path: good})
	if err != nil || ref.Type != "gif" || ref.Bytes != 14 || len(ref.SHA256) != 64 || ref.Width != 3 || ref.Height != 2 {
		t.Errorf("%+v, %v", ref, err)
	}
	for path, word := range map[string]string{
		filepath.Join(dir, "none.png"): "check.references.absent",
		dir:                            "check.references.missing",
		write("text.png", "hello"):     "check.references.picture",
		write("empty.png", ""):         "check.references.picture",
	} {
		_, err := LookAt(Reference{Path: path})
		if e := AsError(err); e == nil || e.Word != word || !strings.Contains(e.Message, filepath.Base(path)) {
			t.Errorf("%s: %v, want %s", path, err, word)
		}
	}
	if ref, err := LookAt(Reference{URL: "https://a/b"}); err != nil || ref.URL == "" {
		t.Errorf("an address is not looked at: %v", err)
	}
}
