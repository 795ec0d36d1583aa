package history

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
)

// logMax is how long the log may get, in bytes, before it becomes log.1 and a
// new one begins.
const logMax = 5 << 20

// Log writes to the log of a data directory. Its file is made at the first
// line, so that what only reads leaves no trace. A log that cannot be written
// stops nobody: its lines are dropped.
func Log(dataDir string) (*slog.Logger, io.Closer) {
	f := &logFile{path: filepath.Join(dataDir, "log")}
	return slog.New(slog.NewTextHandler(f, nil)), f
}

type logFile struct {
	path string

	mu   sync.Mutex
	file *os.File
	size int64
}

// Write appends a line, whole.
func (l *logFile) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file != nil && l.size+int64(len(line)) > logMax {
		l.file.Close()
		l.file = nil
		os.Rename(l.path, l.path+".1")
	}
	if l.file == nil && !l.open() {
		return len(line), nil
	}
	n, err := l.file.Write(line)
	l.size += int64(n)
	return n, err
}

func (l *logFile) open() bool {
	if os.MkdirAll(filepath.Dir(l.path), 0o700) != nil {
		return false
	}
	f, err := os.OpenFile(l.path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return false
	}
	st, err := f.Stat()
	if err != nil {
		f.Close()
		return false
	}
	l.file, l.size = f, st.Size()
	return true
}

// Close closes the file; a later line opens it again.
func (l *logFile) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		return nil
	}
	err := l.file.Close()
	l.file = nil
	return err
}
