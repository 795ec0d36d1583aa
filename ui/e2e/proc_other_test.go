//go:build unix && !linux

package e2e

import (
	"testing"
	"time"
)

func memory(t testing.TB, _ int) float64 {
	t.Skip("memory is read from /proc, which only Linux has")
	return 0
}

func processor(t testing.TB, _ int) time.Duration {
	t.Skip("processor time is read from /proc, which only Linux has")
	return 0
}
