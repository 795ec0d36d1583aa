//go:build !unix

package cli

// stopped does nothing where processes are not suspended.
func stopped(before, after func()) (end func()) { return func() {} }
