//go:build !linux

package history

import (
	"errors"
	"os"
)

// nameless makes a file without a name, where that can be done.
func nameless(string) (*os.File, error) { return nil, errors.ErrUnsupported }
