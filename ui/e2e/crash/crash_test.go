//go:build unix

package crash

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	if text := os.Getenv(orderVar); text != "" {
		work(text)
	}
	var err error
	if scratch, err = os.MkdirTemp("", "easel-crash-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(scratch)
	os.Exit(code)
}

// scratch is a folder for the time of the test run.
var scratch string

// program builds easel once, as it is given to people, and gives its path.
var program = sync.OnceValues(func() (string, error) {
	path := filepath.Join(scratch, "easel")
	cmd := exec.Command("go", "build", "-o", path, "easel")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s", cmd, err, out)
	}
	return path, nil
})

// TestCrash kills the built program, and the studio's engine, at random moments
// while they work off tasks at two providers; EASEL_CRASH=200 makes it so many
// kills, and half as many tasks again.
func TestCrash(t *testing.T) {
	t.Parallel()
	kills, seed := killsAndSeed(t)
	w := newWorld(t, seed, "")
	w.run(1, kills, kills*3/2)
	w.judge("crash", seed)
}

// killsAndSeed is how often is killed in this run, and when.
func killsAndSeed(t *testing.T) (kills int, seed uint64) {
	t.Helper()
	kills, seed = 6, uint64(time.Now().UnixNano())
	if n, err := strconv.Atoi(os.Getenv("EASEL_CRASH")); err == nil {
		kills = n
	} else if testing.Short() {
		kills = 3
	}
	if n, err := strconv.ParseUint(os.Getenv("EASEL_CRASH_SEED"), 10, 64); err == nil {
		seed = n
	}
	return kills, seed
}

// judge says what came of a run.
func (w *world) judge(what string, seed uint64) {
	w.t.Helper()
	a := w.account()
	w.t.Logf("seed %d: %s", seed, a)
	fmt.Printf("%s: %s\n", what, a)
	for _, wrong := range a.wrong {
		w.t.Error(wrong)
	}
	if w.t.Failed() {
		w.keep()
	}
}

// TestCrashTwo is TestCrash with two easels at a time, of which one or both are
// killed, suspended or stopped.
func TestCrashTwo(t *testing.T) {
	t.Parallel()
	kills, seed := killsAndSeed(t)
	w := newWorld(t, seed, "")
	w.run(2, kills, kills*3/2)
	w.judge("two", seed)
}

// lanesOf is how many easels must be at work for a mistake to show.
func lanesOf(variant string) int {
	if variant == robs {
		return 2
	}
	return 1
}

// TestCrashFinds: an easel with a mistake does not pass.
func TestCrashFinds(t *testing.T) {
	for variant, says := range map[string]string{
		sendsAgain: "sent", allUnsure: "unsure", forgets: "nobody knows of", halves: "not whole|differs", twice: "nobody knows", robs: "sent|made",
	} {
		t.Run(variant, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(6) {
				w := newWorld(t, seed, variant)
				w.run(lanesOf(variant), 4, 8)
				a := w.account()
				if regexp.MustCompile(says).MatchString(strings.Join(a.wrong, "\n")) {
					t.Logf("%s\n%s", a, strings.Join(a.wrong, "\n"))
					return
				}
			}
			t.Error("it passed")
		})
	}
}

// world is a home directory, two providers, and what happened there.
type world struct {
	t         *testing.T
	dir, exe  string
	providers map[string]*provider
	random    *rand.Rand
	variant   string

	mu     sync.Mutex // guards what follows
	kills  []kill
	shown  map[string]string // tasks that a person saw: prompt by id
	prompt int
	worst  atomic.Int64 // what a line on disk took, in nanoseconds
}

// kill is one process that was killed.
type kill struct{ began, at time.Time }

func newWorld(t *testing.T, seed uint64, variant string) *world {
	t.Helper()
	exe, err := program()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, dir: t.TempDir(), exe: exe, variant: variant, random: rand.New(rand.NewPCG(seed, 1)),
		shown: map[string]string{}, providers: map[string]*provider{}}
	for _, dir := range []string{"tmp", "config/easel/recipes"} {
		if err := os.MkdirAll(filepath.Join(w.dir, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	var config strings.Builder
	for i, name := range []string{"acedata", "grsai"} {
		p := newProvider(t, name, seed+uint64(i))
		w.providers[name] = p
		fmt.Fprintf(&config, "[providers.%s]\nbase_url = %q\nkey = %q\n", name, p.api, p.Key())
		recipe := quick(t, name)
		if variant == robs {
			recipe = append([]byte("per_second = 4\n"), recipe...) // much waits to be sent
		}
		w.write("config/easel/recipes/"+name+".toml", recipe)
	}
	w.write("config/easel/config.toml", []byte(config.String()))
	return w
}

func (w *world) write(name string, data []byte) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, name), data, 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// quick is a built-in recipe with a pace that a test can wait for.
func quick(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("../../../assets/recipes/" + name + ".toml")
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`(?m)^(first|every|max)( *= *)"[0-9]+s"`).ReplaceAll(data, []byte(`$1$2"1s"`))
}

// run starts easel in one of its forms again and again, and kills it, until
// there were so many kills and so many tasks; then all of it is quiet, and one
// that is not killed ends what is open. In each lane one is at work at a time.
func (w *world) run(lanes, kills, tasks int) {
	w.t.Helper()
	done := make(chan struct{})
	defer close(done)
	go w.feel(done)
	var all sync.WaitGroup
	for range lanes {
		random := rand.New(rand.NewPCG(w.random.Uint64(), 2))
		all.Go(func() {
			for !w.enough(kills, tasks) {
				w.live(random, lanes > 1)
			}
		})
	}
	all.Wait()
	w.finish()
}

func (w *world) enough(kills, tasks int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.kills) >= kills && w.prompt >= tasks
}

// live is one life of an easel; rests says whether it may be suspended, or stopped.
func (w *world) live(random *rand.Rand, rests bool) {
	life := time.Duration(random.IntN(2000)) * time.Millisecond
	if random.IntN(5) == 0 {
		life /= 8
	}
	nap := rest{}
	if rests && random.IntN(3) == 0 {
		nap = rest{time.Duration(random.IntN(3000)) * time.Millisecond, syscall.SIGTSTP}
		if random.IntN(2) == 0 {
			nap.signal = syscall.SIGSTOP // which it cannot hear
		}
	}
	prompts := random.IntN(8)
	if w.variant == robs {
		prompts = 8
	}
	switch form := random.IntN(10); {
	case w.variant != "", form < 5:
		w.kill(w.worker(w.prompts(prompts), false), life, nap)
	case form < 8:
		w.kill(w.easel("collect", "--watch"), life, nap)
	default:
		provider := []string{"acedata", "grsai"}[random.IntN(2)]
		w.kill(w.easel("generate", "--no-wait", "--provider", provider, w.prompts(1)[0]), life, nap)
	}
}

// finish lets one that is not killed end what is open.
func (w *world) finish() {
	w.t.Helper()
	for _, p := range w.providers {
		p.settle()
	}
	cmd := w.easel("collect", "--json")
	if w.variant != "" {
		cmd = w.worker(nil, true)
	}
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	bound := time.AfterFunc(2*time.Minute, func() { cmd.Process.Kill() })
	cmd.Wait()
	if !bound.Stop() {
		w.t.Errorf("what is open does not end:\n%s", &said)
	}
}

// prompts gives n prompts that nobody had.
func (w *world) prompts(n int) (list []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for range n {
		w.prompt++
		list = append(list, fmt.Sprintf("a picture of number %d", w.prompt))
	}
	return list
}

func (w *world) easel(args ...string) *exec.Cmd {
	cmd := exec.Command(w.exe, args...)
	cmd.Dir, cmd.Env = w.dir, []string{
		"HOME=" + w.dir, "TMPDIR=" + filepath.Join(w.dir, "tmp"), "PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8",
		"XDG_CONFIG_HOME=" + filepath.Join(w.dir, "config"), "XDG_DATA_HOME=" + filepath.Join(w.dir, "data"),
	}
	return cmd
}

// worker is this test binary as the studio's engine.
func (w *world) worker(prompts []string, finish bool) *exec.Cmd {
	o := order{
		Data: filepath.Join(w.dir, "data", "easel"), Pictures: w.pictures(), Recipes: filepath.Join(w.dir, "config", "easel", "recipes"),
		Prompts: prompts, Finish: finish, Variant: w.variant, Addresses: map[string]string{},
	}
	for name, p := range w.providers {
		o.Addresses[name], o.Key = p.api, p.Key()
	}
	text, err := json.Marshal(o)
	if err != nil {
		w.t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Dir, cmd.Env = w.dir, []string{orderVar + "=" + string(text), "TMPDIR=" + filepath.Join(w.dir, "tmp")}
	return cmd
}

func (w *world) pictures() string { return filepath.Join(w.dir, "Pictures", "easel") }

// rest is how long a process rests, and the signal that makes it.
type rest struct {
	time.Duration
	signal syscall.Signal
}

// kill lets a process live for a while, lets it rest for a while in the middle of
// that, if nap is not 0, and kills it. What it said until then a person saw.
func (w *world) kill(cmd *exec.Cmd, life time.Duration, nap rest) {
	w.t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	began := time.Now()
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if id, prompt, ok := strings.Cut(lines.Text(), " "); ok && len(id) == 17 {
				w.mu.Lock()
				w.shown[id] = prompt
				w.mu.Unlock()
			}
		}
	}()
	if nap.Duration > 0 {
		select {
		case <-over:
		case <-time.After(life / 2):
			cmd.Process.Signal(nap.signal)
			w.killed(began)
			time.Sleep(nap.Duration)
			cmd.Process.Signal(syscall.SIGCONT)
		}
		life /= 2
	}
	select {
	case <-over: // generate ends by itself
		cmd.Wait()
	case <-time.After(life):
		cmd.Process.Kill()
		w.killed(began)
		<-over
		cmd.Wait()
	}
	if text := errs.String(); strings.Contains(text, "panic") || strings.HasPrefix(text, "worker:") {
		w.t.Errorf("%s: %s", cmd, text)
	}
}

// killed notes that a process came to an end now, for a while or for ever.
func (w *world) killed(began time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.kills = append(w.kills, kill{began, time.Now()})
}

// keep leaves the files of a test that failed.
func (w *world) keep() {
	to, err := os.MkdirTemp("", "easel-crash-failed-")
	if err == nil {
		err = os.CopyFS(filepath.Join(to, "home"), os.DirFS(w.dir))
	}
	w.t.Logf("the files are in %s (%v)", to, err)
}
