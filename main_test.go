package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/tidwall/gjson"

	"easel/backend/account"
	"easel/backend/backendtest"
	"easel/backend/recipe"
	"easel/backend/strict"
)

// built is where binary put the program, once it did.
var built string

// binary is the folder of the program, built once as a person builds it: with the race
// detector in it the demo would paint for minutes.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "easel-test")
	if err != nil {
		return "", err
	}
	built = dir
	out, err := exec.Command("go", "build", "-o", filepath.Join(dir, "easel"), ".").CombinedOutput()
	if err != nil {
		return dir, fmt.Errorf("go build: %w\n%s", err, out)
	}
	return dir, nil
})

func TestMain(m *testing.M) {
	// The scripts wait for the providers' paces, not for the processor.
	flag.Lookup("test.parallel").Value.Set("16")
	hearHangUp()
	status := m.Run()
	if built != "" {
		os.RemoveAll(built)
	}
	os.Exit(status)
}

// TestScripts runs the program by testdata/scripts: every command, flag, exit
// status and bad input, against the demo and the five on loopback.
func TestScripts(t *testing.T) {
	dir, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/scripts",
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", dir+string(filepath.ListSeparator)+e.Getenv("PATH"))
			e.Setenv("HOME", e.WorkDir+"/home")
			e.Setenv("XDG_CONFIG_HOME", e.WorkDir+"/config")
			e.Setenv("XDG_DATA_HOME", e.WorkDir+"/data")
			e.Setenv("LANG", "C.UTF-8")
			e.Setenv("EASEL_DEMO_SPEED", "100")
			for _, dir := range []string{"home", "config/easel"} {
				if err := os.MkdirAll(filepath.Join(e.WorkDir, dir), 0o700); err != nil {
					return err
				}
			}
			return os.WriteFile(filepath.Join(e.WorkDir, "collie.png"), pixel, 0o600)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve": serve, "mkconfig": makeConfig, "appendconfig": appendConfig,
			"status": status, "json": jsonLine, "lines": lines, "names": names, "id": lastSix, "mode": mode,
			"inflight": inFlight, "signaled": signaled,
		},
		UpdateScripts: os.Getenv("UPDATE") != "",
	})
}

// pixel is a PNG of 1x1.
var pixel = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\b\x06\x00\x00\x00\x1f\x15\xc4\x89" +
	"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82")

// serve starts one of the five on loopback, and sets URL and KEY:
//
//	serve uniall [takes=2s] [failure=words] [refused] [submit=401] [poll=503]
func serve(ts *testscript.TestScript, neg bool, args []string) {
	plan := backendtest.Plan{}
	var faults []func(*backendtest.Server)
	for _, a := range args[1:] {
		key, value, _ := strings.Cut(a, "=")
		switch key {
		case "takes":
			d, err := time.ParseDuration(value)
			ts.Check(err)
			plan.Takes = d
		case "failure":
			plan.Failure = value
		case "refused":
			plan.Refused = true
		case "submit", "poll", "fetch":
			f := backendtest.HTML(200)
			if code, err := strconv.Atoi(value); err == nil {
				f = backendtest.Answer(code, `{"error":{"message":"no","code":"no"}}`)
			}
			f.Times = -1
			step := backendtest.Step(key)
			faults = append(faults, func(s *backendtest.Server) { s.Fault(step, f) })
		default:
			ts.Fatalf("serve: %s?", a)
		}
	}
	s, err := backendtest.Start(args[0], backendtest.WithPlan(plan))
	ts.Check(err)
	ts.Defer(func() {
		s.Close()
		for _, what := range s.Illegal() {
			ts.Logf("%s: %s", args[0], what)
		}
	})
	for _, f := range faults {
		f(s)
	}
	ts.Setenv("URL", s.URL)
	ts.Setenv("KEY", s.Key())
}

// makeConfig writes a config with one provider at URL, or at another address:
// mkconfig grsai [URL]
func makeConfig(ts *testscript.TestScript, neg bool, args []string) {
	url := ts.Getenv("URL")
	if len(args) > 1 {
		url = args[1]
	}
	text := fmt.Sprintf("[providers.%s]\nbase_url = %q\n", args[0], url)
	ts.Check(os.WriteFile(ts.MkAbs("config/easel/config.toml"), []byte(text), 0o600))
}

// appendConfig adds a line to it.
func appendConfig(ts *testscript.TestScript, neg bool, args []string) {
	f, err := os.OpenFile(ts.MkAbs("config/easel/config.toml"), os.O_APPEND|os.O_WRONLY, 0)
	ts.Check(err)
	_, err = f.WriteString(strings.Join(args, " ") + "\n")
	ts.Check(err)
	ts.Check(f.Close())
}

// lastSix sets a variable to what a person types of an id: id one.json ONE
func lastSix(ts *testscript.TestScript, neg bool, args []string) {
	id := gjson.Get(ts.ReadFile(args[0]), "id").String()
	if len(id) < 6 {
		ts.Fatalf("no id in %s", args[0])
	}
	ts.Setenv(args[1], id[len(id)-6:])
}

// mode holds a file's permissions: mode FILE 600
func mode(ts *testscript.TestScript, neg bool, args []string) {
	st, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := strconv.FormatUint(uint64(st.Mode().Perm()), 8); got != args[1] {
		ts.Fatalf("%s has mode %s, want %s", args[0], got, args[1])
	}
}

// hearHangUp makes the programs that are started hear SIGHUP where it is ignored,
// as under nohup: easel obeys that, and there are tests of what it does else.
func hearHangUp() {
	if signal.Ignored(syscall.SIGHUP) {
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	}
}

// signaled starts a command, sends it a signal when the journal says that it
// sent a task (or, for "works", when it is at work), and holds the exit
// status; what it printed is in the files out and err:
//
//	signaled INT 3 sent easel generate x
func signaled(ts *testscript.TestScript, neg bool, args []string) {
	signals := map[string]os.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "HUP": syscall.SIGHUP}
	before, _ := os.ReadFile(ts.MkAbs("data/easel/journal.jsonl"))
	cmd := exec.Command(filepath.Join(filepath.SplitList(ts.Getenv("PATH"))[0], args[3]), args[4:]...)
	cmd.Dir = ts.MkAbs(".")
	for _, name := range []string{"HOME", "PATH", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "LANG", "EASEL_DEMO_SPEED", "UNIALL_API_KEY", "GOCOVERDIR"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	ts.Check(cmd.Start())
	there := map[string]func() bool{
		"works": func() bool {
			list, _ := filepath.Glob(ts.MkAbs("data/easel/engines/*.lock"))
			return slices.ContainsFunc(list, func(path string) bool {
				text, _ := os.ReadFile(path)
				return bytes.Contains(text, []byte(strconv.Itoa(cmd.Process.Pid)))
			})
		},
		"sent":   func() bool { return journal(ts, before, "told") },
		"unsent": func() bool { return journal(ts, before, "unsent") },
	}[args[2]]
	for end := time.Now().Add(patience); !there(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			cmd.Process.Kill()
			ts.Fatalf("%s: nothing was %s: %s", args[3:], args[2], errs.String())
		}
	}
	ts.Check(cmd.Process.Signal(signals[args[0]]))
	cmd.Wait()
	ts.Logf("[stdout]\n%s[stderr]\n%s", out.String(), errs.String())
	if got := strconv.Itoa(cmd.ProcessState.ExitCode()); got != args[1] {
		ts.Fatalf("exit status %s, want %s", got, args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs("out"), out.Bytes(), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("err"), errs.Bytes(), 0o600))
}

// journal says whether there is an event of the kind, of a task that was not there
// before: a start may have rewritten the rest.
func journal(ts *testscript.TestScript, before []byte, kind string) bool {
	text, _ := os.ReadFile(ts.MkAbs("data/easel/journal.jsonl"))
	for line := range bytes.Lines(text) {
		e := gjson.ParseBytes(line)
		if e.Get("kind").String() == kind && !bytes.Contains(before, []byte(e.Get("id").String())) {
			return true
		}
	}
	return false
}

// patience is what something that never comes costs, not a timing.
const patience = time.Minute

// inFlight waits until a task in the journal has its id.
func inFlight(ts *testscript.TestScript, neg bool, args []string) {
	for end := time.Now().Add(patience); !journal(ts, nil, "told"); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			ts.Fatalf("nothing is in flight")
		}
	}
}

// status runs a command that must end with the status: status 3 easel collect
func status(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if exit, ok := err.(*exec.ExitError); ok {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// jsonLine looks into the only line of a file: json stdout state done. A value
// of * is anything but nothing, a|b one of two; of a list the length counts.
func jsonLine(ts *testscript.TestScript, neg bool, args []string) {
	text := strings.TrimSpace(ts.ReadFile(args[0]))
	if strings.Contains(text, "\n") || !gjson.Valid(text) {
		ts.Fatalf("%s is not one line of JSON: %s", args[0], text)
	}
	if len(args) != 3 {
		ts.Fatalf("json FILE PLACE VALUE")
	}
	got := gjson.Get(text, args[1]).String()
	if gjson.Get(text, args[1]).IsArray() {
		got = gjson.Get(text, args[1]+".#").String()
	}
	if want := args[2]; want == "*" && got == "" || want != "*" && !slices.Contains(strings.Split(want, "|"), got) {
		ts.Fatalf("%s is %q, want %q", args[1], got, want)
	}
}

// names holds the names in an object, in their order: names stdout . v id
func names(ts *testscript.TestScript, neg bool, args []string) {
	var got []string
	object := gjson.Parse(ts.ReadFile(args[0]))
	if args[1] != "." {
		object = object.Get(args[1])
	}
	object.ForEach(func(k, _ gjson.Result) bool {
		got = append(got, k.String())
		return true
	})
	if !slices.Equal(got, args[2:]) {
		ts.Fatalf("%s has %v, want %v", args[1], got, args[2:])
	}
}

// lines counts: lines stdout 3
func lines(ts *testscript.TestScript, neg bool, args []string) {
	if n := strings.Count(ts.ReadFile(args[0]), "\n"); strconv.Itoa(n) != args[1] {
		ts.Fatalf("%s has %d lines, want %s", args[0], n, args[1])
	}
}

// source is a Go file of the project.
type source struct {
	path, dir string // relative to the top, with slashes
	test      bool
	text      []byte
	file      *ast.File
	set       *token.FileSet
}

func sources(t *testing.T) []source {
	t.Helper()
	var list []source
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (strings.HasPrefix(d.Name(), ".") && p != "." || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if err != nil || d.IsDir() || filepath.Ext(p) != ".go" {
			return err
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		s := source{path: filepath.ToSlash(p), dir: path.Dir(filepath.ToSlash(p)), text: text, set: token.NewFileSet()}
		s.test = strings.HasSuffix(p, "_test.go")
		s.file, err = parser.ParseFile(s.set, p, text, parser.ParseComments)
		list = append(list, s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 20 {
		t.Fatalf("only %d files were found", len(list))
	}
	return list
}

// mayImport says which packages of the project a package may import. The first
// prefix that fits counts; a name stands for what is below it, too.
var mayImport = []struct {
	of      string
	imports []string
}{
	{"backend/backendtest", []string{"backend"}},
	{"backend/wire", []string{"backend"}},
	{"backend/recipe", []string{"backend", "backend/wire"}},
	{"backend/demo", []string{"backend", "backend/recipe", "backend/demo"}},
	{"backend/account", []string{"backend", "backend/recipe"}},
	{"backend/task", []string{"backend"}},
	{"backend/strict", []string{"backend"}},
	{"backend", nil},
	{"assets", nil},
	{"history", []string{"backend", "backend/task", "history"}},
	{"ui", []string{"backend", "backend/task", "history", "ui"}},
	{".", []string{"backend", "backend/account", "backend/demo", "backend/recipe", "backend/task", "history", "ui", "ui/cli", "ui/words"}},
}

// anybody may import what is data, or reads it.
var anybody = []string{"assets", "backend/strict"}

func below(name, dir string) bool { return name == dir || strings.HasPrefix(name, dir+"/") }

func TestImportsGoOneWay(t *testing.T) {
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		i := slices.IndexFunc(mayImport, func(r struct {
			of      string
			imports []string
		}) bool {
			return below(s.dir, r.of) || r.of == s.dir
		})
		if i < 0 {
			t.Errorf("%s: no rule says what %s may import", s.path, s.dir)
			continue
		}
		for _, imported := range s.file.Imports {
			name, _ := strconv.Unquote(imported.Path.Value)
			own, ok := strings.CutPrefix(name, "easel/")
			if ok && !allowed(s.dir, own, mayImport[i].imports) {
				t.Errorf("%s: %s may not import %s", s.path, s.dir, own)
			}
			if !ok {
				outside(t, s, name)
			}
		}
	}
}

func allowed(dir, own string, may []string) bool {
	if slices.Contains(anybody, own) || slices.Contains(may, own) {
		return true
	}
	// A family of packages: ui imports ui/parts, history imports history/search.
	return slices.ContainsFunc(may, func(m string) bool {
		return (m == "ui" || m == "history" || m == "backend/demo" || m == "backend" && below(dir, "backend/backendtest")) && below(own, m)
	})
}

// outside holds the rules for packages that are not the project's.
func outside(t *testing.T, s source, name string) {
	if name == "net/http" && !below(s.dir, "backend") {
		t.Errorf("%s: only backend speaks HTTP", s.path)
	}
	for _, dir := range []string{"ui/pages", "ui/parts", "ui/theme", "ui/keys"} {
		if below(s.dir, dir) && slices.Contains([]string{"os", "os/exec", "net", "net/http"}, name) {
			t.Errorf("%s: %s does no I/O, so it does not import %s", s.path, s.dir, name)
		}
	}
	if strings.Contains(name, "charmbracelet/bubbletea") || name == "flag" && !below(s.dir, "backend/backendtest") {
		t.Errorf("%s imports %s", s.path, name)
	}
}

func TestSizes(t *testing.T) {
	comments := map[string]int{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		limit := 450
		if s.path == "main.go" {
			limit = 400
		}
		if n := bytes.Count(s.text, []byte("\n")); n > limit {
			t.Errorf("%s has %d lines; at most %d", s.path, n, limit)
		}
		if s.dir == "." && s.path != "main.go" {
			t.Errorf("%s: the top holds main.go and main_test.go only", s.path)
		}
		if slices.Contains([]string{"utils", "util", "common", "helpers", "types", "config"}, s.file.Name.Name) {
			t.Errorf("%s: %s says nothing about what belongs there", s.path, s.file.Name.Name)
		}
		comments[s.dir] += strings.Count(s.file.Doc.Text(), "\n")
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if below(s.dir, "backend/backendtest") {
				continue // its tables are long
			}
			if n := s.set.Position(f.End()).Line - s.set.Position(f.Pos()).Line + 1; n > 50 {
				t.Errorf("%s: %s has %d lines; at most 50", s.path, f.Name.Name, n)
			}
			if f.Name.Name == "init" && f.Recv == nil {
				t.Errorf("%s: init registers nothing here", s.path)
			}
		}
	}
	for dir, n := range comments {
		if n == 0 || n > 10 {
			t.Errorf("%s: the package's comment has %d lines; 1 to 10", dir, n)
		}
	}
}

// TestNoProviderInCode holds that what differs between providers is data.
func TestNoProviderInCode(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || below(s.dir, "backend/backendtest") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, _ := strconv.Unquote(lit.Value)
			for _, name := range backendtest.Names() {
				if strings.Contains(strings.ToLower(text), name) {
					t.Errorf("%s: %s knows a provider by name", s.set.Position(lit.Pos()), lit.Value)
				}
			}
			return true
		})
	}
}

// TestInitIsQuick guards the start: a library that spends milliseconds before
// main does it for every command (go-runewidth before v0.0.28 took 21 to 37).
func TestInitIsQuick(t *testing.T) {
	dir, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	const most = 10 * time.Millisecond
	best, report := time.Hour, ""
	for n := 0; n < 5 || n < 50 && best > most; n++ { // the machine may be busy: the quickest says what the program needs
		cmd := exec.Command(filepath.Join(dir, "easel"), "--version")
		cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
		var trace bytes.Buffer
		cmd.Stderr = &trace
		if err := cmd.Run(); err != nil {
			t.Fatal(err)
		}
		if total := initTime(t, trace.String()); total < best {
			best, report = total, trace.String()
		}
	}
	if best > most {
		t.Errorf("init takes %v:\n%s", best, report)
	}
	t.Logf("init takes %v", best)
}

func initTime(t *testing.T, trace string) time.Duration {
	t.Helper()
	total, n := time.Duration(0), 0
	clock := regexp.MustCompile(`^init \S+ @\S+ ms, ([0-9.]+) ms clock`)
	lines := bufio.NewScanner(strings.NewReader(trace))
	for lines.Scan() {
		if m := clock.FindStringSubmatch(lines.Text()); m != nil {
			ms, err := strconv.ParseFloat(m[1], 64)
			if err != nil {
				t.Fatal(err)
			}
			total, n = total+time.Duration(ms*float64(time.Millisecond)), n+1
		}
	}
	if n < 10 {
		t.Fatalf("only %d packages were traced:\n%s", n, trace)
	}
	return total
}

func TestRunewidthIsQuick(t *testing.T) {
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`mattn/go-runewidth v0\.0\.(\d+)`).FindSubmatch(mod)
	if m == nil {
		t.Fatal("go.mod does not name go-runewidth")
	}
	if n, _ := strconv.Atoi(string(m[1])); n < 31 {
		t.Errorf("go-runewidth is v0.0.%d; before v0.0.28 its init took 21 to 37 ms", n)
	}
}

// everyKey is the example with all that is switched off switched on.
func everyKey() []byte {
	return regexp.MustCompile(`(?m)^#([a-z\[])`).ReplaceAll(example, []byte("$1"))
}

func TestExampleHasEveryKey(t *testing.T) {
	var off, on config
	if err := strict.Decode("config.example.toml", example, &off); err != nil {
		t.Fatal(err)
	}
	if len(off.Providers) > 0 {
		t.Errorf("the example sets up %d providers, and has no key for them", len(off.Providers))
	}
	if err := strict.Decode("config.example.toml", everyKey(), &on); err != nil {
		t.Fatal(err)
	}
	for _, of := range []reflect.Type{reflect.TypeFor[config](), reflect.TypeFor[account.Section]()} {
		for i := range of.NumField() {
			key := of.Field(i).Tag.Get("toml")
			if key == "" {
				t.Errorf("%s has no key", of.Field(i).Name)
			}
			if key != "providers" && !regexp.MustCompile(`(?m)^#?`+key+` *= `).Match(example) {
				t.Errorf("config.example.toml does not have %s", key)
			}
		}
	}
	order := account.Order(everyKey())
	if want := append(backendtest.Names(), "night"); !slices.Equal(order, want) {
		t.Errorf("sections %v, want %v", order, want)
	}
}

func TestExampleNamesTheFive(t *testing.T) {
	list, err := recipe.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 5 {
		t.Fatalf("%d recipes", len(list))
	}
	for _, r := range list {
		for _, what := range []string{"#[providers." + r.Name + "]\n", r.Docs, fmt.Sprintf("%q", r.BaseURL), fmt.Sprintf("%q", r.KeyEnv)} {
			if what != `""` && !strings.Contains(string(example), what) {
				t.Errorf("config.example.toml does not have %s", what)
			}
		}
	}
}

// TestConfigFlag holds that --config is found wherever cobra would find it.
func TestConfigFlag(t *testing.T) {
	for _, c := range []struct {
		args  string
		path  string
		given bool
	}{
		{"generate x", "", false},
		{"--config a generate x", "a", true},
		{"generate x --config=b", "b", true},
		{"generate x --config=", "", true},
		{"generate -- --config c", "", false},
		{"--config a --config b", "b", true},
	} {
		path, given := configFlag(strings.Fields(c.args))
		if path != c.path || given != c.given {
			t.Errorf("%s: %q %v, want %q %v", c.args, path, given, c.path, c.given)
		}
	}
}
