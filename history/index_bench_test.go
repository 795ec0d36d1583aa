package history

import (
	"context"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkIndexBehindTheScreen opens the index of a long history: how long until
// there is a first screen, and until the whole is there, and what a key costs
// meanwhile: how much later than it should a goroutine runs that wants to.
func BenchmarkIndexBehindTheScreen(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(map[int]string{100_000: "100000", 1_000_000: "1000000"}[n], func(b *testing.B) {
			if n > 100_000 && testing.Short() {
				b.Skip("a million takes a gigabyte")
			}
			dir := million(b, n)
			var first, whole time.Duration
			var late, alone []time.Duration
			var heap uint64
			for range 200 { // what the machine makes of it anyway
				alone = append(alone, lateness())
			}
			for b.Loop() {
				s := reader(b, dir)
				begin := time.Now()
				x, err := s.Index()
				must(b, err)
				if shown(b, x, "") == "" {
					b.Fatal("nothing")
				}
				first = time.Since(begin)
				done := make(chan struct{})
				go func() {
					defer close(done)
					x, err := s.wholeIndex(context.Background())
					if err != nil || x.Len() != n {
						b.Error(x.Len(), err)
					}
					whole = time.Since(begin)
				}()
				for running := true; running; {
					late = append(late, lateness())
					select {
					case <-done:
						running = false
					default:
					}
				}
				runtime.GC()
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				heap = m.HeapAlloc
				must(b, s.Close())
			}
			slices.Sort(late)
			slices.Sort(alone)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(first.Microseconds())/1000, "ms/first")
			b.ReportMetric(float64(whole.Milliseconds()), "ms/whole")
			b.ReportMetric(float64(alone[len(alone)*99/100].Microseconds())/1000, "ms/late-p99-alone")
			b.ReportMetric(float64(late[len(late)*99/100].Microseconds())/1000, "ms/late-p99")
			b.ReportMetric(float64(late[len(late)-1].Microseconds())/1000, "ms/late-max")
			b.ReportMetric(float64(heap)/(1<<20), "MB/heap")
			if peak := resident(); peak > 0 {
				b.ReportMetric(peak, "MB/rss-peak")
			}
		})
	}
}

// lateness says how much later than it should a goroutine goes on.
func lateness() time.Duration {
	at := time.Now()
	time.Sleep(time.Millisecond)
	return time.Since(at) - time.Millisecond
}

// resident gives how much memory the process had at most, in MB; 0 where the
// system does not say.
func resident() float64 {
	data, _ := os.ReadFile("/proc/self/status")
	_, after, ok := strings.Cut(string(data), "VmHWM:")
	if fields := strings.Fields(after); ok && len(fields) > 0 {
		kB, _ := strconv.ParseFloat(fields[0], 64)
		return kB / 1024
	}
	return 0
}
