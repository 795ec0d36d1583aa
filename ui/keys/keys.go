// Package keys holds every key binding of the screen.
package keys

// Map is all bindings.
type Map struct{}
