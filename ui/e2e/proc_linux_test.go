package e2e

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"
)

// memory is the program's resident memory in bytes.
func memory(t testing.TB, pid int) float64 {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.ParseFloat(string(bytes.Fields(b)[1]), 64)
	if err != nil {
		t.Fatal(err)
	}
	return pages * float64(os.Getpagesize())
}

// processor is the time that the program has spent on processors.
func processor(t testing.TB, pid int) time.Duration {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	// The name, in parentheses, may hold spaces; user and system time are the
	// 12th and 13th field behind it, in hundredths of a second.
	fields := bytes.Fields(b[bytes.LastIndexByte(b, ')')+1:])
	user, err1 := strconv.Atoi(string(fields[11]))
	system, err2 := strconv.Atoi(string(fields[12]))
	if err1 != nil || err2 != nil {
		t.Fatalf("%s", b)
	}
	return time.Duration(user+system) * (time.Second / 100)
}
