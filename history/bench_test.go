package history

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// million writes a history of so many entries of about 600 bytes.
func million(b *testing.B, n int) string {
	b.Helper()
	dir := filepath.Join(b.TempDir(), "data")
	must(b, os.MkdirAll(dir, 0o700))
	f, err := os.Create(filepath.Join(dir, historyName))
	must(b, err)
	w := bufio.NewWriterSize(f, 1<<20)
	r := record("", 30)
	r.Files = []task.File{{Path: "/home/a/Pictures/easel/2026-11-20/174512-a-border-collie-k3f9x2-1.png", URL: "https://cdn.example/abc.png",
		Width: 2048, Height: 1152, Format: "png", Bytes: 812345, SHA256: strings.Repeat("0", 64)}}
	for i := range n {
		r.ID = task.NewID(day.Add(time.Duration(i) * time.Minute))
		r.Prompt = fmt.Sprintf("a border collie selling leashes on a live stream, ring light, number %d", i)
		data, err := line(r)
		must(b, err)
		w.Write(data)
	}
	must(b, w.Flush())
	must(b, f.Close())
	return dir
}

// What a start does with a history of a million entries: lock, journal, the
// last 200, the usual time.
func BenchmarkStartWithAMillion(b *testing.B) {
	dir := million(b, 1_000_000)
	for b.Loop() {
		s, err := Open(dir, "/pictures", nil)
		must(b, err)
		_, err = s.Join("bench")
		must(b, err)
		must(b, s.Replay(func(task.Event) {}))
		if recent, err := s.Recent(200); err != nil || len(recent) != 200 {
			b.Fatal(err, len(recent))
		}
		if s.Usual("p", "m") == 0 {
			b.Fatal("nothing is usual")
		}
		must(b, s.Close())
	}
}

func BenchmarkRecent200OfAMillion(b *testing.B) {
	s := reader(b, million(b, 1_000_000))
	for b.Loop() {
		if recent, err := s.Recent(200); err != nil || len(recent) != 200 {
			b.Fatal(err, len(recent))
		}
	}
}

func BenchmarkSearchAMillionInVain(b *testing.B) {
	s := reader(b, million(b, 1_000_000))
	for b.Loop() {
		if found, err := s.Search(context.Background(), "siamese", 50); err != nil || len(found) != 0 {
			b.Fatal(err, len(found))
		}
	}
}

func BenchmarkFindInAMillion(b *testing.B) {
	s := reader(b, million(b, 1_000_000))
	for b.Loop() {
		if _, err := s.Find("zzzzz9"); err == nil {
			b.Fatal("found")
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	for _, sync := range []bool{false, true} {
		b.Run(fmt.Sprintf("sync=%v", sync), func(b *testing.B) {
			s, _ := fresh(b)
			e := told("0123456789a-k3f9x2", "ticket")
			for b.Loop() {
				must(b, s.Append(sync, e))
			}
		})
	}
}

// Appends of many at once share the fsync.
func BenchmarkAppendTogether(b *testing.B) {
	s, _ := fresh(b)
	e := told("0123456789a-k3f9x2", "ticket")
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			must(b, s.Append(true, e))
		}
	})
}

// A start that replays 20,000 events of 5,000 tasks.
func BenchmarkReplay20000(b *testing.B) {
	s, dir := fresh(b)
	var events []task.Event
	for i := range 5000 {
		id := fmt.Sprintf("%012d-k3f9x2", i)
		ready := event(id, task.Told)
		ready.Snapshot = &backend.Snapshot{State: backend.Ready, Images: []backend.Image{{URL: "https://cdn.example/" + id}}, Answer: strings.Repeat("x", 200)}
		events = append(events, created(id), event(id, task.Sending), told(id, "ticket-"+id), ready)
	}
	must(b, s.Append(true, events...))
	must(b, s.Close())
	s = reader(b, dir)
	b.ResetTimer()
	for b.Loop() {
		n := 0
		must(b, s.Replay(func(task.Event) { n++ }))
		if n != 20000 {
			b.Fatal(n)
		}
	}
}
