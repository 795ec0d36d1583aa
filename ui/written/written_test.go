package written

import (
	"io"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

func pipe(t *testing.T) (*Terminal, *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	return To(w), r
}

// A text is waited for until it was written, among others or alone, and not
// when something else was.
func TestAwait(t *testing.T) {
	x, r := pipe(t)
	for _, c := range []struct{ writes, after string }{
		{"a picture", "a picture"},
		{"words, a picture, words", "words, a picture, words"},
	} {
		wait := x.Await("a picture")
		for _, s := range []string{"", "words", "a pic", "ture", c.writes} {
			select {
			case <-x.awaits[0].there:
				t.Fatalf("there before %q", s)
			default:
			}
			if n, err := io.WriteString(x, s); n != len(s) || err != nil {
				t.Fatal(n, err)
			}
		}
		wait(time.Hour) // or the test does not end
		if len(x.awaits) != 0 {
			t.Error("still waited for")
		}
		want := "wordsa picture" + c.after
		got := make([]byte, len(want))
		if _, err := io.ReadFull(r, got); err != nil || string(got) != want {
			t.Errorf("the terminal has %q, %v", got, err)
		}
	}
}

// It is not there before the terminal took it.
func TestAwaitOfATerminalThatDoesNotTakeIt(t *testing.T) {
	x, r := pipe(t)
	text := string(make([]byte, 1<<20)) // more than a pipe holds
	wait := x.Await(text)
	ended := make(chan error, 1)
	go func() {
		_, err := io.WriteString(x, text)
		ended <- err
	}()
	if _, err := io.ReadFull(r, make([]byte, 1<<19)); err != nil {
		t.Fatal(err)
	}
	x.mu.Lock()
	if len(x.awaits) != 1 {
		t.Error("there, but the terminal took half of it")
	}
	x.mu.Unlock()
	if _, err := io.ReadFull(r, make([]byte, 1<<19)); err != nil {
		t.Fatal(err)
	}
	wait(time.Hour)
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// Nobody waits for what cannot be written, nor longer than the time given.
func TestAwaitInVain(t *testing.T) {
	x, _ := pipe(t)
	wait := x.Await("a picture")
	x.Close()
	if _, err := io.WriteString(x, "a picture"); err == nil {
		t.Error("no error")
	}
	wait(time.Hour)
	synctest.Test(t, func(t *testing.T) {
		x := To(nil)
		start := time.Now()
		x.Await("what nobody writes")(2 * time.Second)
		if d := time.Since(start); d != 2*time.Second {
			t.Errorf("waited %v", d)
		}
	})
}
