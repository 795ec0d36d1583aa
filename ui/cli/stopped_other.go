//go:build !unix

package cli

// Stopped does nothing where processes are not suspended.
func Stopped(before, after func()) (end func()) { return func() {} }
