package history

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLogIsKeptTwice(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	log, file := Log(dir)
	defer file.Close()
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Fatalf("a log that nobody wrote to made its folder: %v", err)
	}
	line := strings.Repeat("x", 1<<20)
	for range 12 {
		log.Info(line)
	}
	for _, name := range []string{"log", "log.1"} {
		st, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if st.Size() > logMax || st.Size() < 1<<20 {
			t.Errorf("%s has %d bytes", name, st.Size())
		}
		if st.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", name, st.Mode())
		}
	}
	if list, _ := os.ReadDir(dir); len(list) != 2 {
		t.Errorf("%d files, want log and log.1", len(list))
	}
}

func TestLogThatCannotBeWrittenStopsNobody(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	log, closer := Log(filepath.Join(file, "below"))
	log.Info("dropped")
	if err := closer.Close(); err != nil {
		t.Error(err)
	}
}
