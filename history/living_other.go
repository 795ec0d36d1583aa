//go:build !unix

package history

import "os"

// living says whether there is a process of that number.
func living(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	p.Release()
	return true
}
