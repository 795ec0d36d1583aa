//go:build unix && !aix

package answers

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// Pieces says whether keys are a stream of bytes here.
const Pieces = true

// readable waits until there is something to read, no longer than d. It uses
// select: poll does not know terminals everywhere.
func readable(f *os.File, d time.Duration) bool {
	fd := int(f.Fd())
	end := time.Now().Add(d)
	for {
		var set unix.FdSet
		set.Zero()
		set.Set(fd)
		left := unix.NsecToTimeval(max(0, time.Until(end)).Nanoseconds())
		n, err := unix.Select(fd+1, &set, nil, nil, &left)
		if err == unix.EINTR {
			continue
		}
		return err != nil || n > 0 // an error is for who reads
	}
}
