package written

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"
)

// big is more than a pipe or a terminal takes before somebody reads it.
const big = 1 << 20

func pipe(t *testing.T) (*Terminal, *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	return To(w), r
}

// Frames and what goes past them are written at once by several goroutines, and
// none comes in the middle of another.
func TestNothingComesInTheMiddle(t *testing.T) {
	const n = 20
	x, r := pipe(t)
	ended := make(chan error)
	for range n {
		go func() { _, err := io.WriteString(x, strings.Repeat("f", big)); ended <- err }()
		go func() { ended <- x.Past(strings.Repeat("p", big)) }()
	}
	for range 2 * n {
		piece := make([]byte, big)
		if _, err := io.ReadFull(r, piece); err != nil {
			t.Fatal(err)
		}
		if k := strings.Count(string(piece), string(piece[:1])); k != big {
			t.Fatalf("%d bytes of %d are of one", k, big)
		}
	}
	for range 2 * n {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// Past returns when the terminal has all of it, and End when nobody writes any
// more: a terminal that takes its time is waited for.
func TestTheTerminalTakesItsTime(t *testing.T) {
	x, r := pipe(t)
	past, end := make(chan error), make(chan bool)
	go func() { past <- x.Past(strings.Repeat("p", big)) }()
	if _, err := io.ReadFull(r, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	go func() { x.End(); end <- true }()
	select {
	case <-past:
		t.Error("it is there before it was taken")
	case <-end:
		t.Error("it ends before that")
	default:
	}
	if _, err := io.ReadFull(r, make([]byte, big-1)); err != nil {
		t.Fatal(err)
	}
	if err := <-past; err != nil {
		t.Error(err)
	}
	<-end
	if err := x.Past("late"); !errors.Is(err, ErrEnded) {
		t.Errorf("it says %v", err)
	}
	if _, err := io.WriteString(x, "last"); err != nil {
		t.Error(err)
	}
	x.Close()
	if rest, err := io.ReadAll(r); string(rest) != "last" || err != nil {
		t.Errorf("after the end it is sent %q, %v", rest, err)
	}
}
