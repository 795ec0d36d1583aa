//go:build unix

package e2e

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"easel/backend"
	"easel/backend/backendtest"
)

// loaded starts a studio whose provider on loopback takes so long and allows as
// many requests as there are, and submits n tasks by pressing Enter.
func loaded(b *testing.B, n int, takes time.Duration) (*home, *Terminal) {
	b.Helper()
	server, err := backendtest.Start("uniall", backendtest.WithPlan(backendtest.Plan{Takes: takes}))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(server.Close)
	h := shippedHome(b)
	h.config(at("uniall", server.URL, server.Key()))
	h.recipe("uniall", "parallel = 64\nper_second = 1000\n")
	x := h.studio(120, 40)
	x.keep = false
	x.WaitText("Describe a picture", "ctrl+g keys")
	x.Type("a lighthouse")
	x.WaitText("▌ a lighthouse")
	x.Type(strings.Repeat("x\r\x7f\r", n/2))
	return h, x
}

// keystrokes types and deletes letters at random moments, as long as more says
// so, and gives the times in ms from the key to the bytes that show it.
func keystrokes(x *Terminal, more func(n int) bool) []float64 {
	var took []float64
	for n := 0; more(n); n++ {
		key := "x"
		if n%40 >= 20 {
			key = "\x7f"
		}
		time.Sleep(time.Duration(20+rand.IntN(60)) * time.Millisecond)
		x.mu.Lock()
		before := x.emu.CursorPosition()
		x.mu.Unlock()
		pressed := time.Now()
		x.Type(key)
		seen := x.wait("a key to be seen", patience(), func() bool { return x.emu.CursorPosition() != before })
		took = append(took, milliseconds(seen.Sub(pressed)))
	}
	return took
}

// BenchmarkKey200 is the time from a keystroke to the bytes that show it, while
// 200 tasks run.
func BenchmarkKey200(b *testing.B) {
	var took []float64
	for b.Loop() {
		_, x := loaded(b, 200, time.Hour)
		x.WaitText("200 running")
		took = append(took, keystrokes(x, func(n int) bool { return n < 1000 })...)
		x.Kill()
	}
	report(b, took, "ms/key")
	b.ReportMetric(quantile(took, 0.99), "p99-ms/key")
}

// prose is what bytes per keystroke are measured with: it wraps a few times.
const prose = "a lighthouse on a cliff over a stormy sea in the evening, seen from a small boat, " +
	"oil on canvas with thick strokes, warm light from its windows, gulls, and far away a sailing ship " +
	"that has lost its mast; the sky is torn, and behind the clouds is a thin and very bright line"

// BenchmarkKeyBytes is the number of bytes that a keystroke in the prompt costs.
func BenchmarkKeyBytes(b *testing.B) {
	h := shippedHome(b)
	var each []float64
	for b.Loop() {
		x := h.studio(120, 40)
		x.WaitText("ctrl+g keys")
		time.Sleep(time.Second)
		x.Type(prose[:1]) // the placeholder goes
		x.WaitGone("Describe a picture")
		before := x.Bytes()
		for _, r := range prose[1:] {
			x.Type(string(r))
			time.Sleep(40 * time.Millisecond)
		}
		x.WaitText("bright line")
		each = append(each, float64(x.Bytes()-before)/float64(len(prose)-1))
		x.Kill()
	}
	report(b, each, "B/key")
}

// BenchmarkEight is what eight tasks of the demo cost that run, with progress.
func BenchmarkEight(b *testing.B) {
	const window = 20 * time.Second
	h := shippedHome(b)
	var each []float64
	for b.Loop() {
		x := h.studio(120, 40)
		x.WaitText("ctrl+g keys")
		x.Type("a lighthouse [slow]")
		x.WaitText("▌ a lighthouse [slow]")
		x.Type(strings.Repeat("x\r\x7f\r", 4))
		x.WaitText("8 running")
		x.WaitFor("all to tell their progress", func(s Screen) bool { return strings.Count(s.Text(), "%") >= 8 || strings.Count(s.Text(), "━") >= 8 })
		before := x.Bytes()
		time.Sleep(window)
		each = append(each, float64(x.Bytes()-before)/window.Seconds())
		x.Kill()
	}
	report(b, each, "B/s")
}

// BenchmarkThousand has 1,000 tasks in flight at once: how long keys take
// meanwhile, how much of the processors is used, and whether all is saved.
func BenchmarkThousand(b *testing.B) {
	const tasks = 1000
	var keys, cores, seconds []float64
	for b.Loop() {
		began := time.Now()
		h, x := loaded(b, tasks, 30*time.Second)
		spent := processor(b, x.cmd.Process.Pid)
		over := make(chan struct{})
		go func() {
			defer close(over)
			for n := 0; n < tasks; {
				time.Sleep(time.Second)
				lines, _ := os.ReadFile(filepath.Join(h.dir, "data", "easel", "history.jsonl"))
				n = bytes.Count(lines, []byte("\n"))
			}
		}()
		keys = append(keys, keystrokes(x, func(int) bool {
			select {
			case <-over:
				return false
			default:
				return time.Since(began) < 10*time.Minute
			}
		})...)
		wall := time.Since(began)
		cores = append(cores, float64(processor(b, x.cmd.Process.Pid)-spent)/float64(wall))
		seconds = append(seconds, wall.Seconds())
		select {
		case <-over:
		default:
			b.Fatalf("not all are saved\n%s", x.Screen())
		}
		x.Kill()
		for _, r := range h.history() {
			if r.State != backend.Done || len(r.Files) != 1 {
				b.Fatalf("%s is %s, with %d files", r.ID, r.State, len(r.Files))
			}
			h.whole(r.Files[0])
		}
	}
	report(b, keys, "ms/key")
	b.ReportMetric(quantile(keys, 0.99), "p99-ms/key")
	b.ReportMetric(median(cores), "cores")
	b.ReportMetric(median(seconds), "s/all")
}
