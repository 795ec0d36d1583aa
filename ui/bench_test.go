package ui

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"easel/backend"
	"easel/backend/task"
	"easel/ui/words"
)

// busy is n tasks that are running, with progress.
func busy(n int) []task.Task {
	out := make([]task.Task, n)
	for i := range out {
		out[i] = task.Task{
			ID: fmt.Sprintf("b%05dqw7e3", i), State: backend.Running, Progress: float64(i%100) / 100,
			Created: time.Now().Add(-time.Duration(i) * time.Second), Sent: time.Now().Add(-time.Duration(i) * time.Second), Accepted: time.Now(),
			Request: backend.Request{Provider: "uniall", Model: "gpt-image-2", Prompt: fmt.Sprintf("a border collie selling leashes on a live stream, take %d", i), Ratio: "16:9", Size: "2048x1152", Count: 1},
		}
	}
	return out
}

func benchModel(b *testing.B, lang string, n int, prompt string) *model {
	b.Helper()
	w, err := words.Load(lang)
	if err != nil {
		b.Fatal(err)
	}
	e := &fakeEngine{tasks: busy(n)}
	h := &fakeHistory{records: past_(), draft: backend.Request{Prompt: prompt}, usual: 31 * time.Second}
	c := Config{Engine: e, Changes: make(fakeChanges), History: h, Providers: providers(), Start: "uniall", Words: w, Mouse: true, Getenv: func(string) string { return "" }}
	m := newModel(c, time.Now, remember(c))
	m.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
	m.View()
	return m
}

// BenchmarkKey is a key in the prompt, with everything that is drawn anew for
// it, while tasks run.
func BenchmarkKey(b *testing.B) {
	for _, c := range []struct {
		name   string
		tasks  int
		prompt string
	}{
		{"0tasks", 0, "a red cube"},
		{"200tasks", 200, "a red cube"},
		{"1000tasks", 1000, "a red cube"},
		{"100KBoneLine", 200, strings.Repeat("a border collie sells leashes ", 3400)},
		{"100KBlines", 200, strings.Repeat("a border collie sells leashes\n", 3400)},
		{"100KBchinese", 200, strings.Repeat("直播间里卖牵引绳的边牧，", 2800)},
	} {
		b.Run(c.name, func(b *testing.B) {
			m := benchModel(b, "en", c.tasks, c.prompt)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if i%100 == 99 {
					m.Update(tea.KeyPressMsg{Code: tea.KeyBackspace})
				}
				m.Update(tea.KeyPressMsg{Code: 'a', Text: "a"})
				_ = m.View()
			}
		})
	}
}

// BenchmarkChange is a change of 200 tasks at once, as the engine tells it.
func BenchmarkChange(b *testing.B) {
	m := benchModel(b, "en", 200, "a red cube")
	tasks := busy(200)
	for i := 0; b.Loop(); i++ {
		for j := range tasks {
			tasks[j].Progress = float64((i+j)%100) / 100
		}
		m.Update(changesMsg{tasks: slices.Clone(tasks)})
		_ = m.View()
	}
}

// counter counts what is written to the terminal, and when first.
type counter struct {
	mu    sync.Mutex
	bytes int
	wrote chan struct{}
}

func (c *counter) Write(p []byte) (int, error) {
	c.mu.Lock()
	c.bytes += len(p)
	c.mu.Unlock()
	select {
	case c.wrote <- struct{}{}:
	default:
	}
	return len(p), nil
}

func (c *counter) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes
}

// play runs a program with the renderer that people get, for as long as a
// benchmark needs.
func play(b *testing.B, m *model, further ...tea.ProgramOption) (*tea.Program, *counter, func()) {
	b.Helper()
	out := &counter{wrote: make(chan struct{}, 1)}
	in, hold := io.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	options := append([]tea.ProgramOption{
		tea.WithContext(ctx), tea.WithFPS(120), tea.WithInput(in), tea.WithOutput(out),
		tea.WithWindowSize(120, 40), tea.WithEnvironment([]string{"TERM=xterm-256color", "COLORTERM=truecolor"}), tea.WithoutSignals(),
	}, further...)
	p := tea.NewProgram(m, options...)
	done := make(chan struct{})
	go func() { defer close(done); _, _ = p.Run() }()
	<-out.wrote // the first frame
	for n := -1; n != out.count(); time.Sleep(200 * time.Millisecond) {
		n = out.count()
		if len(m.facts.Order()) > 6 {
			time.Sleep(time.Second) // tasks that run are never still
			break
		}
	}
	return p, out, func() { cancel(); hold.Close(); <-done }
}

// BenchmarkBytesPerKey types a prompt at 20 keys a second: at most 60 bytes a
// key. It also tells how long a key takes to the terminal, with 200 tasks
// running.
func BenchmarkBytesPerKey(b *testing.B) {
	for _, c := range []struct {
		lang  string
		tasks int
	}{{"en", 0}, {"en", 200}, {"zh-CN", 200}} {
		b.Run(fmt.Sprintf("%s/%dtasks", c.lang, c.tasks), func(b *testing.B) {
			p, out, stop := play(b, benchModel(b, c.lang, c.tasks, ""))
			defer stop()
			text := "a border collie selling leashes on a live stream, ring light, phone frame "
			var took []time.Duration
			keys, bytes := 0, 0
			for b.Loop() {
				k := rune(text[keys%len(text)])
				select { // what is left of a frame before
				case <-out.wrote:
				default:
				}
				before, at := out.count(), time.Now()
				p.Send(tea.KeyPressMsg{Code: k, Text: string(k)})
				<-out.wrote
				took = append(took, time.Since(at))
				time.Sleep(50*time.Millisecond - time.Since(at))
				keys, bytes = keys+1, bytes+out.count()-before
			}
			slices.Sort(took)
			b.ReportMetric(float64(bytes)/float64(keys), "B/key")
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms-p99")
		})
	}
}

// BenchmarkBytesPerSecond watches an idle studio (0), and one in which eight
// tasks run (at most 2,000).
func BenchmarkBytesPerSecond(b *testing.B) {
	for _, n := range []int{0, 8} {
		b.Run(fmt.Sprintf("%dtasks", n), func(b *testing.B) {
			m := benchModel(b, "en", n, "a red cube")
			changes := m.cfg.Changes.(fakeChanges)
			_, out, stop := play(b, m)
			defer stop()
			time.Sleep(time.Second)
			bytes, seconds := 0, 0
			for b.Loop() {
				before := out.count()
				for i := range 4 {
					time.Sleep(250 * time.Millisecond)
					if n > 0 && i%2 == 0 {
						list := busy(n)
						for j := range list {
							list[j].Progress = float64((seconds*2+i/2)%40) / 40
						}
						changes <- list
					}
				}
				bytes, seconds = bytes+out.count()-before, seconds+1
			}
			b.ReportMetric(float64(bytes)/float64(seconds), "B/s")
		})
	}
}
