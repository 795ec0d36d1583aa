//go:build unix

package history

import (
	"errors"
	"syscall"
)

// living says whether there is a process of that number.
func living(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
