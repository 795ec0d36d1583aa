package history

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
)

// halted says whether the process that holds a file open does not run: it was stopped
// (SIGSTOP, or SIGTTIN of one in the background), and cannot let its locks go. The
// number alone does not tell which process it is: where others share the directory
// from another container, it may be that of any.
func halted(pid int, path string) bool {
	proc := fmt.Sprintf("/proc/%d", pid)
	stat, err := os.ReadFile(proc + "/stat")
	if err != nil {
		return false
	}
	rest := stat[bytes.LastIndexByte(stat, ')')+1:] // the name before it may hold anything
	if !bytes.HasPrefix(rest, []byte(" T ")) {
		return false
	}
	want, err := os.Stat(path)
	if err != nil {
		return false
	}
	files, _ := filepath.Glob(proc + "/fd/*")
	for _, name := range files {
		if is, err := os.Stat(name); err == nil && os.SameFile(is, want) {
			return true
		}
	}
	return false
}
