//go:build unix && !aix

package answers

import (
	"os"

	"golang.org/x/sys/unix"
)

// Pixels is the size in pixels of a terminal of so many cells; zero where
// the system does not know it, or knows it for another size.
func Pixels(f *os.File, width, height int) (w, h int) {
	s, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ)
	if err != nil || int(s.Col) != width || int(s.Row) != height {
		return 0, 0
	}
	return int(s.Xpixel), int(s.Ypixel)
}
