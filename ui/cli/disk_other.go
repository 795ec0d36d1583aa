//go:build !linux && !darwin && !freebsd

package cli

import "os"

// writable looks at the permissions of a folder.
func writable(dir string) error {
	st, err := os.Stat(dir)
	if err == nil && st.Mode().Perm()&0o200 == 0 {
		err = os.ErrPermission
	}
	return err
}

// freeSpace is not known here.
func freeSpace(string) (uint64, bool) { return 0, false }
