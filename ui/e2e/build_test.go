//go:build unix

package e2e

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

var update = flag.Bool("update", false, "write the golden screens anew")

// scratch is a folder for the time of the test run, for what all tests share.
var scratch string

func TestMain(m *testing.M) {
	if what := os.Getenv(tinyVar); what != "" {
		tiny(what)
		return
	}
	// Most of the tests' time is waiting for paces that are the program's own.
	flag.Set("test.parallel", "8")
	if signal.Ignored(syscall.SIGHUP) { // as under nohup, which easel obeys
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	}
	flag.Parse()
	var err error
	if scratch, err = os.MkdirTemp("", "easel-e2e-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(scratch)
	os.Exit(code)
}

// program builds easel once per run, with the race detector if the tests have
// it, and gives its path.
func program(t testing.TB) string {
	t.Helper()
	return built(t, tested)
}

var (
	tested = sync.OnceValues(func() (string, error) {
		if raceDetector {
			return build("easel", "CGO_ENABLED=1", "-race")
		}
		return build("easel", "CGO_ENABLED=0")
	})
	// shipped is built as it would be given to people.
	shipped = sync.OnceValues(func() (string, error) {
		return build("easel-shipped", "CGO_ENABLED=0", "-trimpath", "-ldflags=-s -w")
	})
)

func built(t testing.TB, build func() (string, error)) string {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func build(name, env string, flags ...string) (string, error) {
	path := filepath.Join(scratch, name)
	args := append([]string{"build", "-o", path}, flags...)
	cmd := exec.Command("go", append(args, "easel")...)
	cmd.Env = append(os.Environ(), env)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", errors.New(cmd.String() + ": " + err.Error() + "\n" + string(out))
	}
	return path, nil
}
