package history

import (
	"os"

	"golang.org/x/sys/unix"
)

// nameless makes a file in a folder that has no name, and is gone with its last
// handle. Not every file system can do that.
func nameless(dir string) (*os.File, error) {
	return os.OpenFile(dir, os.O_WRONLY|unix.O_TMPFILE, 0o600)
}
