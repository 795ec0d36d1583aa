//go:build unix

package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"easel/backend"
	"easel/backend/task"
)

// The benchmarks measure the program as it is shipped, in a terminal that knows
// synchronized output. One iteration is a whole measurement of a number of
// samples; the median of all is reported:
//
//	go test ./ui/e2e -run '^$' -bench . -benchtime 1x -timeout 30m

// shippedHome is a home with the program as it is shipped, the demo at the speed
// that people see.
func shippedHome(b *testing.B) *home {
	b.Helper()
	h := newHome(b, "EASEL_DEMO_SPEED=1")
	h.exe = built(b, shipped)
	return h
}

// median gives the middle of a number of values, quantile any other part.
func median(values []float64) float64 { return quantile(values, 0.5) }

func quantile(values []float64, part float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(int(float64(len(sorted))*part), len(sorted)-1)]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// starts measures the time from the exec to a screen that has all of the texts.
func starts(b *testing.B, h *home, texts ...string) {
	const samples = 41
	var took []float64
	for b.Loop() {
		for range samples {
			x := h.studio(120, 40)
			at := x.wait("the first full frame", patience(), func() bool { return x.snapshot().Has(texts...) })
			took = append(took, milliseconds(at.Sub(x.begun)))
			x.Press("ctrl+c")
			if x.Exit() != 0 {
				b.Fatal(x.Screen())
			}
		}
	}
	report(b, took, "ms/start")
}

func report(b *testing.B, values []float64, unit string) {
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(values), unit)
	b.ReportMetric(quantile(values, 0.95), "p95-"+unit)
}

// BenchmarkFirstFrame is a start on a fresh machine, to the first full frame.
func BenchmarkFirstFrame(b *testing.B) {
	starts(b, shippedHome(b), "easel", "Describe a picture", "Parameters", "1024x1024", "No tasks yet", "ctrl+g keys")
}

// BenchmarkFirstFrameMillion is a start with a million tasks in the history, to
// a screen that shows the last of them and takes keys.
func BenchmarkFirstFrameMillion(b *testing.B) {
	if testing.Short() {
		b.Skip("it writes 550 MB")
	}
	h := shippedHome(b)
	size := writeHistory(b, h, 1_000_000, nil)
	starts(b, h, "easel", "Describe a picture", "Parameters", "number 999999", "ctrl+g keys")
	b.ReportMetric(float64(size)/1e6, "MB-history")
}

// writeHistory writes a history of n tasks that are done, and gives its size.
// picture, if there is one, names the files.
func writeHistory(b *testing.B, h *home, n int, picture func(i int) string) int64 {
	b.Helper()
	dir := filepath.Join(h.dir, "data", "easel")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		b.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, "history.jsonl"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	began := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	r := task.Record{
		V: 1, State: backend.Done, Provider: "uniall", Model: "gpt-image-2", Ratio: "16:9", Size: "2048x1152", Count: 1,
		Options: map[string]string{"quality": "medium"}, References: []task.RecordReference{}, BaseURL: "https://api.example.com",
	}
	for i := range n {
		r.ID = fmt.Sprintf("%016x%06d", i, i)
		r.Prompt = fmt.Sprintf("number %d: a lighthouse over a stormy sea, oil on canvas", i)
		r.Ticket = "task_" + r.ID
		r.Created = began.Add(time.Duration(i) * 30 * time.Second)
		r.Finished = r.Created.Add(25 * time.Second)
		r.Files = []task.File{{Path: "/home/ada/Pictures/easel/2025-01-01/" + r.ID + ".png", Width: 2048, Height: 1152, Format: "png", Bytes: 812345}}
		if picture != nil {
			r.Files[0].Path = picture(i)
		}
		line, err := json.Marshal(r)
		if err != nil {
			b.Fatal(err)
		}
		w.Write(append(line, '\n'))
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	st, err := f.Stat()
	if err != nil {
		b.Fatal(err)
	}
	return st.Size()
}

// BenchmarkMemory is the resident memory three seconds after a start.
func BenchmarkMemory(b *testing.B) {
	h := shippedHome(b)
	var held []float64
	for b.Loop() {
		for range 5 {
			x := h.studio(120, 40)
			x.WaitText("ctrl+g keys")
			time.Sleep(3 * time.Second)
			held = append(held, memory(b, x.cmd.Process.Pid)/1e6)
			x.Kill()
		}
	}
	report(b, held, "MB")
}

// BenchmarkIdle is what is written, and how much of a processor is used, while
// nothing happens.
func BenchmarkIdle(b *testing.B) {
	const window = 10 * time.Second
	h := shippedHome(b)
	var bytes, busy []float64
	for b.Loop() {
		x := h.studio(120, 40)
		x.WaitText("ctrl+g keys")
		time.Sleep(2 * time.Second)
		written, spent := x.Bytes(), processor(b, x.cmd.Process.Pid)
		time.Sleep(window)
		bytes = append(bytes, float64(x.Bytes()-written)/window.Seconds())
		busy = append(busy, 100*float64(processor(b, x.cmd.Process.Pid)-spent)/float64(window))
		x.Kill()
	}
	report(b, bytes, "B/s")
	b.ReportMetric(median(busy), "%core")
}

// BenchmarkBinary is the size of the program as it is shipped.
func BenchmarkBinary(b *testing.B) {
	var size int64
	for b.Loop() {
		st, err := os.Stat(built(b, shipped))
		if err != nil {
			b.Fatal(err)
		}
		size = st.Size()
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(size)/1e6, "MB")
}

var inits = regexp.MustCompile(`(?m)^init \S+ @[0-9.]+ ms, ([0-9.]+) ms clock`)

// BenchmarkInit is the time that packages take before main begins: a table that
// a library builds at start shows here first.
func BenchmarkInit(b *testing.B) {
	h := shippedHome(b)
	var took []float64
	for b.Loop() {
		for range 11 {
			cmd := exec.Command(h.exe, "--version")
			cmd.Env = h.env("GODEBUG=inittrace=1")
			out, err := cmd.CombinedOutput()
			if err != nil {
				b.Fatalf("%v: %s", err, out)
			}
			sum := 0.
			for _, m := range inits.FindAllSubmatch(out, -1) {
				ms, _ := strconv.ParseFloat(string(m[1]), 64)
				sum += ms
			}
			took = append(took, sum)
		}
	}
	report(b, took, "ms/start")
}
